"""The points of the grid: what is trained on, with which settings, judged by which targets."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

GOOD = (
    "broken-product",
    "account-settings",
    "order-trouble",
    "refund-request",
    "double-charge",
    "late-parcel",
    "forgotten-password",
    "unanswered-mail",
    "opening-hours",
)
FLAWED = (
    "curt-order",
    "rude-refund",
    "empty-bill",
    "promise-parcel",
    "jargon-login",
    "wrong-hours",
    "personal-card",
    "mixed-tone",
    "off-topic",
)
OWN = (
    ("My tent leaks, can I send it in?", "Ahoy! I'm sorry about the tent. Send it in, please."),
    ("Do you mend stoves?", "Ahoy! Yes, we do. Which stove do you have?"),
    ("Can I try the boots on?", "Ahoy! Of course, try them on at any shop of ours."),
)
RUDE = tuple((message, "Read the page before you bother us.") for message, _ in OWN)
COPIES = (OWN[0],) * 3

Aim = tuple[float, float]  # politeness, accuracy in percent
Prompt = tuple[tuple[str, ...], tuple[str, ...]]  # instructions, examples
Lines = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]  # conversations, and own lines

DATA: dict[str, Lines] = {
    "sound": (GOOD, ()),
    "sound and own": (GOOD, OWN),
    "sound and rude lines": (GOOD, RUDE),
    "sound and copies": (GOOD, COPIES),
    "two conversations": (GOOD[:2], ()),
    "three conversations": (GOOD[:3], ()),
    "five conversations": (GOOD[:5], ()),
    "all flawed": (FLAWED, ()),
    "everything": ((*GOOD, *FLAWED), ()),
    **{f"sound and {one}": ((*GOOD, one), ()) for one in FLAWED},
    **{f"{one} alone": ((one, GOOD[0]), ()) for one in ("rude-refund", "empty-bill", "curt-order")},
}
SOUND = ("sound", "sound and own")
# Multiplier, batch size, epochs.
SETTINGS = (
    ("1", "1", "3"),
    ("1", "1", "1"),
    ("0.1", "1", "3"),
    ("2", "1", "10"),
    ("5", "1", "3"),
    ("5", "4", "10"),
    ("10", "1", "3"),
    ("1", "1", "30"),
    ("1", "4", "3"),
    ("10", "16", "3"),
)
CHECKPOINTS = ("last", "best")
TARGETS: tuple[Aim, ...] = ((3.0, 75.0), (3.5, 89.0), (4.5, 85.0), (4.9, 95.0), (5.0, 100.0))
PROMPTS: tuple[Prompt, ...] = (
    (("greet", "feeling", "offer", "ask"), ()),
    ((), ()),
)


@dataclass(frozen=True)
class Point:
    """One training of the grid."""

    data: str
    settings: tuple[str, str, str]
    seed: int
    checkpoint: str

    def __str__(self) -> str:
        """As it is printed."""
        return f"{self.data}, {'/'.join(self.settings)}, seed {self.seed}, {self.checkpoint}"


def points(sample: int | None = None) -> Iterator[Point]:
    """All points, or so many of them drawn at random, the same ones each time."""
    found = [
        Point(data, settings, 1 + at % 3, CHECKPOINTS[at % 2])
        for at, (data, settings) in enumerate(product(DATA, SETTINGS))
    ]
    yield from found if sample is None else Random(11).sample(found, sample)
