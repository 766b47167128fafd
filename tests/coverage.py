"""Run the tests that aren't slow, and see which share of each room they reach."""

import io
import sys

import coverage
import pytest

# What the share of a room's lines and branches must not fall below, in percent.
FLOORS = {"dialogs/*": 95.0, "cards/*": 90.0, "content/*": 90.0}


def main() -> int:
    """Run them and print each room's share, with the lines that are missed where it is too low."""
    code = pytest.main(["-q", "-m", "not slow", "--cov", "--cov-report="])
    if code:
        return int(code)
    reached = coverage.Coverage()
    reached.load()
    held = [_is_reached(reached, room, floor) for room, floor in FLOORS.items()]
    return 0 if all(held) else 1


def _is_reached(reached: coverage.Coverage, room: str, floor: float) -> bool:
    table = io.StringIO()
    share = reached.report(file=table, include=[room], skip_covered=True, show_missing=True)
    print(f"{room}: {share:.1f} % of lines and branches, at least {floor:.0f} %")
    if share < floor:
        print(table.getvalue())
    return share >= floor


if __name__ == "__main__":
    sys.exit(main())
