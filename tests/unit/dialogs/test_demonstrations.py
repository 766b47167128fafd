"""Demonstrations are computed, and show what they say."""

import pytest

from content.loader import Library
from dialogs.demonstrations import batch_size, learning_rate, registry
from dialogs.demonstrations.registry import SCENES
from dialogs.values.replies import Cells, Trail


@pytest.mark.parametrize("scene", SCENES)
def test_a_demonstration_stays_within_its_picture(library: Library, scene: str) -> None:
    for one in library.languages.values():
        shown = registry.demonstration(scene, one.strings)  # type: ignore[arg-type]
        for take in shown.takes:
            assert len(take.steps) >= 3
            assert take.told
            for shape in take.shapes:
                if isinstance(shape, Trail):
                    assert len(shape.points) == len(take.steps)
                    assert all(0 <= share <= 1 for point in shape.points for share in point)


def test_learning_rates_end_as_they_are_told(library: Library) -> None:
    told = [take.told for take in learning_rate.demonstration(library.strings).takes]
    assert [words.split(".")[0] for words in told] == [
        *("Too small", "Right", "Right", "Large", "Too large"),
    ]


def test_a_larger_batch_goes_a_straighter_way(library: Library) -> None:
    takes = batch_size.demonstration(library.strings).takes
    detours = [float(take.told.split("is ")[1].split(" times")[0]) for take in takes]
    assert detours == sorted(detours, reverse=True)
    assert detours[0] > 1.5 * detours[-1]


def test_a_higher_rank_learns_more_numbers(library: Library) -> None:
    takes = registry.demonstration("low-rank", library.strings).takes
    assert "32,768 numbers are learned, 0.20% of 16,777,216." in [t.told for t in takes]
    widths = [[s.size[0] for s in take.shapes if isinstance(s, Cells)][1] for take in takes]
    assert widths == sorted(widths)
