"""The bench of the exercise on distillation: labels, filters, a student, and what it all costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from content.distillation import SIZES, Distillation, DistillationContent, Rate
from dialogs.simulations.distillation.student import TEXT_MS, Student, features
from dialogs.simulations.distillation.teacher import (
    Labelled,
    asked_again,
    asked_first,
    labels,
    mean_ms,
)
from dialogs.simulations.experiment import Case, Passage, Tried, Values, amount, one
from dialogs.simulations.recorded_run import Course, Model, RecordableBench

SURE = 0.5  # the probability from which the teacher is sure
READ_SHARE, READ_S = 0.3, 15  # the share of lines, least sure first, that a person reads; seconds
LETTERS = 4  # of a token, about
HOURS = 720  # of a month
MILLION = 1_000_000
CASES, LIKE_IT = 6, 2
NOISE = None  # the topic of a line that is about none
EVERY = 15  # epochs of the student, between two points of its course


@dataclass(frozen=True)
class Kept:
    """A training line: its label, and what a careful person would say."""

    text: str
    topic: int
    truth: int | None


class DistillationBench(RecordableBench):
    """Messages, a teacher and a student."""

    def __init__(self, content: DistillationContent) -> None:
        super().__init__(content)
        self._content: Distillation = content.bench
        topics = self._content.topics
        pool = [(line, at) for at, topic in enumerate(topics) for line in topic.pool]
        self._pool: list[tuple[str, int | None]] = [
            *pool,
            *((line, NOISE) for line in self._content.noise),
        ]
        self._held_out = [(line, at) for at, topic in enumerate(topics) for line in topic.held_out]

    def warm(self) -> None:
        """Let the teacher read all messages, so that trials needn't."""
        for told in (asked_first(self._content.topics), asked_again(self._content.topics)):
            labels(told, [text for text, _ in (*self._pool, *self._held_out)])

    def run(self, experiment: str, values: Values, seed: int) -> Tried:
        """Label lines, leave some out, train a student, and judge both by the held-out messages."""
        del experiment  # there is one
        filters = values["filter"]
        lines, kept, read = self._labelled(values, seed)
        student = self._student(values)
        if kept:
            student.train(*_lessons(kept))
        asked = [text for text, _ in self._held_out]
        said = student.chances(asked).argmax(axis=1)
        taught = labels(asked_first(self._content.topics), asked)
        truth = [topic for _, topic in self._held_out]
        times = 2 if "agree" in filters else 1
        prices, volume = self._content.prices, amount(values, "volume")
        wrong = [line for line in kept if line.topic != line.truth]
        figures = {
            "teacher-right": _share([a.topic == b for a, b in zip(taught, truth, strict=True)]),
            "student-right": _share([a == b for a, b in zip(said, truth, strict=True)]),
            "agrees": _share([a == b.topic for a, b in zip(said, taught, strict=True)]),
            "kept": float(len(kept)),
            "wrong-labels": len(wrong) / len(kept) if kept else 0.0,
            "minutes": read * READ_S / 60,
            "teacher-month": volume * self._call(prices.teacher, asked),
            "student-month": volume * self._call(prices.student, asked) + HOURS * prices.hosting,
            "labelling": times
            * len(lines)
            * self._call(prices.teacher, [text for text, _ in lines]),
            "teacher-ms": mean_ms(asked),
            "student-ms": TEXT_MS,
        }
        return Tried(figures, self._cases(student, said.tolist(), taught, kept))

    def course(self, values: Values, seed: int) -> Course:
        """The student's losses, as it learns the teacher's labels."""
        _, kept, _ = self._labelled(values, seed)
        student = self._student(values)
        asked = [text for text, _ in self._held_out]
        truth = [topic for _, topic in self._held_out]

        def losses() -> tuple[float, float]:
            return student.loss(*_lessons(kept)), student.loss(asked, truth)

        start, epochs = losses(), student.epochs(*_lessons(kept))
        return Course((start, *(losses() for epoch in epochs if epoch % EVERY == 0)), EVERY)

    def models(self, values: Values, seed: int) -> tuple[Model, Model]:
        """The teacher and the student; each says a message's topic, and how sure it is."""
        _, kept, _ = self._labelled(values, seed)
        student = self._student(values)
        student.train(*_lessons(kept))

        def teacher_says(text: str) -> str:
            label = labels(asked_first(self._content.topics), [text])[0]
            return self._says(label.topic, label.sure)

        def student_says(text: str) -> str:
            chances = student.chances([text])[0]
            return self._says(int(chances.argmax()), float(chances.max()))

        return teacher_says, student_says

    def _says(self, topic: int, sure: float) -> str:
        label = self._content.topics[topic].label
        return self._content.words.label.format(label=label, sure=f"{sure:.0%}")

    def _student(self, values: Values) -> Student:
        return Student(SIZES[one(values, "student")], len(self._content.topics))

    def _labelled(
        self, values: Values, seed: int
    ) -> tuple[list[tuple[str, int | None]], list[Kept], int]:
        """The lines that were labelled, those that are trained on, and how many were read."""
        order = np.random.default_rng(seed).permutation(len(self._pool))
        lines = [self._pool[at] for at in order[: int(amount(values, "lines"))]]
        return lines, *self._training(lines, values["filter"])

    def _training(
        self, lines: Sequence[tuple[str, int | None]], filters: Sequence[str]
    ) -> tuple[list[Kept], int]:
        """The lines that are trained on, and how many a person read for that."""
        texts = [text for text, _ in lines]
        first = labels(asked_first(self._content.topics), texts)
        again = labels(asked_again(self._content.topics), texts)
        by_doubt = sorted(range(len(lines)), key=lambda at: first[at].sure)
        read = set(by_doubt[: round(READ_SHARE * len(lines))]) if "read" in filters else set()
        kept = []
        for at, (text, truth) in enumerate(lines):
            if at in read:
                # A person puts the label right, and throws out what is about nothing.
                if truth is not NOISE:
                    kept.append(Kept(text, truth, truth))
                continue
            if "agree" in filters and first[at].topic != again[at].topic:
                continue
            if "sure" in filters and first[at].sure < SURE:
                continue
            kept.append(Kept(text, first[at].topic, truth))
        return kept, len(read)

    def _call(self, rate: Rate, texts: Sequence[str]) -> float:
        """Dollars for a call with a message like these."""
        calls = self._content.calls
        message = sum(map(len, texts)) / LETTERS / max(len(texts), 1)
        spent = (calls.instructions + message) * rate.reads + calls.answer * rate.writes
        return spent / MILLION

    def _cases(
        self,
        student: Student,
        said: Sequence[int],
        taught: Sequence[Labelled],
        kept: Sequence[Kept],
    ) -> tuple[Case, ...]:
        """Held-out messages, those that the student got wrong first."""
        right = [answer == truth for answer, (_, truth) in zip(said, self._held_out, strict=True)]
        wrong_first = sorted(range(len(right)), key=lambda at: (right[at], at % 7, at))
        chosen = wrong_first[: CASES // 2] + wrong_first[-(CASES // 2) :]
        known = features([line.text for line in kept], student.size)
        words, topics = self._content.words, self._content.topics
        cases = []
        for at in chosen:
            text, truth = self._held_out[at]
            teacher = taught[at]
            near = np.argsort(-(known @ features([text], student.size)[0]), kind="stable")
            lines = [kept[place] for place in near[:LIKE_IT]]
            behind = [
                Passage(
                    title=words.teacher,
                    text=self._says(teacher.topic, teacher.sure),
                    mark="good" if teacher.topic == truth else "bad",
                ),
                *(
                    Passage(
                        title=words.training,
                        text=words.labelled.format(text=line.text, label=topics[line.topic].label),
                        mark="" if line.topic == line.truth else "bad",
                    )
                    for line in lines
                ),
                Passage(title=words.truth, text=topics[truth].label),
            ]
            label = topics[said[at]].label
            cases.append(Case(title=text, said=label, right=right[at], behind=tuple(behind)))
        return tuple(cases)


def _lessons(kept: Sequence[Kept]) -> tuple[list[str], list[int]]:
    """What the student is shown: texts, and the teacher's labels."""
    return [line.text for line in kept], [line.topic for line in kept]


def _share(which: Sequence[bool]) -> float:
    return float(np.mean(np.array(which, float)))
