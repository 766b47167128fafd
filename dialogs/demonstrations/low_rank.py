"""LoRA: a matrix that stays as it is, and two thin ones that are learned beside it."""

from content.strings import Strings
from dialogs.values.replies import Cells, Demonstration, Take

RANKS = (1, 4, 16, 64)
WIDTH = 4096  # rows and columns of one matrix, as models of some billion weights have them
DRAWN = 16  # rows and columns in the picture
SIDE, THIN = 0.42, 0.03  # of the picture


def demonstration(strings: Strings) -> Demonstration:
    """How many numbers are learned at several ranks."""
    words = strings.demonstrations
    takes = tuple(_take(strings, rank) for rank in RANKS)
    return Demonstration(words.rank_title, words.rank_setting, takes)


def learned(rank: int) -> int:
    """The numbers of both thin matrices."""
    return 2 * WIDTH * rank


def _take(strings: Strings, rank: int) -> Take:
    words, write = strings.demonstrations, strings.model.numbers.write
    numbers = {
        "all": write(WIDTH**2, ",.0f"),
        "learned": write(learned(rank), ",.0f"),
        "share": write(learned(rank) / WIDTH**2, ".2%"),
    }
    captions = (words.rank_frozen, words.rank_added, words.rank_sum)
    thin = THIN * (1 + RANKS.index(rank))
    columns = 1 + RANKS.index(rank)
    shapes = (
        Cells((0.02, 0.3), (SIDE, SIDE), DRAWN, DRAWN, words.rank_own, "frozen"),
        Cells((0.55, 0.3), (thin, SIDE), DRAWN, columns, words.rank_a, "learned", 1),
        Cells(
            (0.57 + thin, 0.3 + SIDE - thin),
            (0.4 - thin, thin),
            columns,
            DRAWN,
            words.rank_b,
            "learned",
            1,
        ),
        Cells((0.02, 0.3), (SIDE, SIDE), DRAWN, DRAWN, "", "added", 2),
    )
    told = words.rank_told.format(**numbers)
    return Take(str(rank), tuple(c.format(**numbers) for c in captions), shapes, told)
