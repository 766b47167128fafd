"""Numbers for messages and phrases: what the log-linear model looks at."""

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from content.world import END, Rubric, Sign, World
from dialogs.simulations.persona.phrase import Phrase, Phrases, sentences

Floats = npt.NDArray[np.floating]
Indices = npt.NDArray[np.intp]

IDENTITY = 0.8  # how much of a phrase is only itself; the more, the more is memorised
STYLE = 0.5  # weight of the goal's signs in a phrase's features
FAMILY, INTENT, SAID, LAST = 0.7, 1.0, 0.7, 1.0  # weights of a context's parts
MARKED = 2.0  # weight of an intent together with a mark, where a manual tells them apart


class Features:
    """Turns contexts and phrases into rows of numbers.

    A context is: bias, start, position, marks, family, intent, marked intents, the last act
    and the acts said so far. A phrase is: its act, its intent, the goal's signs in its text,
    its length, and (in `rows`) itself.
    """

    def __init__(self, world: World, rubric: Rubric, does: Callable[[str, Sign], bool]) -> None:
        families = sorted({i.family for i in world.intents.values()})
        self._family = {n: families.index(i.family) for n, i in world.intents.items()}
        self._intent = {n: i for i, n in enumerate(world.intents)}
        self._act = {a: i for i, a in enumerate((*world.acts, END))}
        self._marks = {n: m.weight for n, m in world.marks.items()}
        told_apart = dict.fromkeys(
            (n, m.mark) for n, i in world.intents.items() for m in i.manuals if m.mark
        )
        self._told_apart = {pair: i for i, pair in enumerate(told_apart)}
        signs = rubric.scales[rubric.goal].signs
        self.styles = {
            n: partial(_shows, does, sign)
            for n, sign in signs.items()
            if sign.is_style and (sign.acts or sign.words)
        }
        self._at_marks = 3
        self._at_family = self._at_marks + len(self._marks)
        self._at_intent = self._at_family + len(families)
        self._at_told = self._at_intent + len(self._intent)
        self._at_last = self._at_told + len(self._told_apart)
        self._at_said = self._at_last + len(self._act)
        self.contexts = self._at_said + len(self._act)

    def message(self, intent: str | None, marks: frozenset[str]) -> Floats:
        """What stays the same for the whole reply."""
        row = np.zeros(self.contexts, np.float32)
        row[0] = 1.0
        for place, (mark, weight) in enumerate(self._marks.items()):
            row[self._at_marks + place] = weight * (mark in marks)
        if intent is not None:
            row[self._at_family + self._family[intent]] = FAMILY
            row[self._at_intent + self._intent[intent]] = INTENT
            for (name, mark), place in self._told_apart.items():
                row[self._at_told + place] = MARKED * (name == intent and mark in marks)
        return row

    def said(self, start: Floats, reply: Phrases) -> Floats:
        """The message's row, with the acts said so far."""
        row = start.copy()
        row[1], row[2] = not reply, len(reply) / 4
        for phrase in reply:
            row[self._at_said + self._act[phrase.act]] = SAID
        if reply:
            row[self._at_last + self._act[reply[-1].act]] = LAST
        return row

    def shared(self, phrase: Phrase) -> Floats:
        """What a phrase has in common with others: act, intent, signs, length."""
        act = np.zeros(len(self._act))
        intent = np.zeros(len(self._intent) + 1)
        act[self._act[phrase.act]] = 1.0
        intent[-1 if phrase.intent is None else self._intent[phrase.intent]] = 1.0
        style = [STYLE * shows(phrase.text) for shows in self.styles.values()]
        parts = [act, intent, np.array(style), np.array([len(phrase.text) / 100])]
        row: Floats = np.concatenate(parts).astype(np.float32)
        return row

    def rows(self, phrases: tuple[Phrase, ...]) -> Floats:
        """All phrases, each with what it shares and with its own identity."""
        shared = np.stack([self.shared(p) for p in phrases])
        rows: Floats = np.hstack([shared, IDENTITY * np.eye(len(phrases), dtype=np.float32)])
        return rows


def _shows(does: Callable[[str, Sign], bool], sign: Sign, text: str) -> bool:
    return any(does(sentence, sign) for sentence in sentences(text))


def softmax(logits: Floats) -> Floats:
    """Probabilities along each row."""
    shifted: Floats = logits - logits.max(1, keepdims=True)
    np.exp(shifted, out=shifted)
    shifted /= shifted.sum(1, keepdims=True)
    return shifted
