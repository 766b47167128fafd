"""The blind sets: sentences by people who hadn't seen the lesson's examples.

Nobody writes examples, rules or thresholds by them. Who improves something because of a single
sentence in them takes that sentence out, or a figure means nothing any more.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

FOLDER = Path(__file__).parent / "blind"
SECOND = (
    FOLDER / "second"
)  # sets on tone and harm that were written later, when the first were known


class Message(NamedTuple):
    """A customer's message and the intents that are right for it; none where it isn't for us."""

    text: str
    intents: frozenset[str]


class Free(NamedTuple):
    """A free text to a question; `kind` says in what way it is good or bad."""

    text: str
    kind: str


class Judged(NamedTuple):
    """A reply with both readings of it, each politeness and helpfulness from 1 to 5."""

    message: str
    reply: str
    first: tuple[int, int]
    second: tuple[int, int]


class Sets:
    """What a folder of blind sets holds."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    def holds(self, name: str) -> bool:
        """Whether the folder has a set."""
        return (self._folder / f"{name}.yaml").exists()

    def read(self, name: str) -> Any:
        """A set as it is written. Raises FileNotFoundError where the folder hasn't got it."""
        return yaml.safe_load((self._folder / f"{name}.yaml").read_text("utf-8"))

    def everyday(self) -> list[Message]:
        """Messages that are for the shop."""
        return list(_messages(self.read("everyday")))

    def later(self) -> tuple[list[Message], list[str]]:
        """Messages that were written after the others, for the shop and not."""
        held = self.read("later")
        return list(_messages(held["inside"])), held["outside"]

    def foreign(self, language: str) -> tuple[list[Message], list[str]]:
        """Messages in another language: for the shop, and not."""
        held = self.read(language)
        return list(_messages(held["inside"])), held["outside"]

    def others(self) -> list[Message]:
        """A dozen messages in more languages."""
        held: dict[str, list[dict[str, str]]] = self.read("others")
        return [Message(m["text"], frozenset([n])) for n, said in held.items() for m in said]

    def outside(self) -> dict[str, list[str]]:
        """Messages that aren't for the shop: by class those that are near, and those far off."""
        held = self.read("near")
        near = {f"near: {name}": list(texts) for name, texts in held["near"].items()}
        return {**near, "far": held["far"]}

    def ordinary(self) -> list[str]:
        """All messages that nobody has to worry about."""
        told = [m.text for m in self.everyday()]
        told += [t for texts in self.outside().values() for t in texts]
        for language in ("german", "spanish"):
            inside, out = self.foreign(language)
            told += [*(m.text for m in inside), *out]
        return told

    def texts(self, question: str, name: str) -> tuple[list[Free], list[Free]]:
        """Good and bad answers to a question, of the set of this name."""
        held = self.read(name)[question]
        good, bad = (
            [Free(t, kind) for kind, texts in held[side].items() for t in texts]
            for side in ("good", "bad")
        )
        return good, bad

    def replies(self) -> list[Judged]:
        """Replies, each with the two readings of it."""
        second = {(r["message"], r["reply"]): r for r in self.read("replies_second")}
        return [
            Judged(r["message"], r["reply"], _points(r), _points(second[r["message"], r["reply"]]))
            for r in self.read("replies")
        ]


def _messages(held: dict[str, list[Any]]) -> Iterator[Message]:
    for name, said in held.items():
        for message in said:
            if isinstance(message, str):
                yield Message(message, frozenset([name]))
            else:
                yield Message(message["text"], frozenset([name, *message["also"]]))


def _points(reading: dict[str, int]) -> tuple[int, int]:
    return reading["politeness"], reading["helpfulness"]
