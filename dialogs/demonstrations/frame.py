"""The picture that a demonstration is drawn in: from 0 to 1 both ways, y upwards."""

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """Which part of a plane is shown."""

    across: tuple[float, float]
    upwards: tuple[float, float]

    def place(self, point: Point) -> Point:
        """Where a point stands in the picture; one beyond it stands at its edge."""
        return _share(point[0], self.across), _share(point[1], self.upwards)


def _share(value: float, span: tuple[float, float]) -> float:
    return round(min(1.0, max(0.0, (value - span[0]) / (span[1] - span[0]))), 3)
