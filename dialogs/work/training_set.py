"""The learner's own training set: what they selected, with its archive, and what they wrote."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from content.cached import cached_by_identity
from content.lesson import Conversation, JsonlStep, Lesson, SelectionStep
from dialogs.simulations.persona import Company, Example, SetFigures, Training, set_figures
from dialogs.values.kept import Kept
from dialogs.values.progress import Progress

SETS = 1000  # of which what follows from them is at hand; some KiB each
# Of English text, and what is put around it: a role and two marks for each message, and the
# beginning of a reply (openai-cookbook, "How to count tokens with tiktoken").
CHARACTERS_PER_TOKEN, TOKENS_PER_MESSAGE, TOKENS_PER_LINE = 4, 4, 3
LINES = 64  # sets whose lines are at hand; one is about 0.1 MiB


@dataclass(frozen=True)
class Selected(Kept):
    """A selection step's state: the conversations in the training set."""

    picked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written(Kept):
    """A JSONL step's state: the text sent last; once it passed, the example that it holds.

    `shown`: whether a finished line is on show. `unlearned`: the reply's weight is 0.
    """

    text: str = ""
    message: str = ""
    reply: str = ""
    shown: bool = False
    unlearned: bool = False


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """A set by what it is made of, and what follows from that, worked out when it is needed.

    `chosen` are the selected conversations' ids, `own` the written messages and replies.
    """

    lesson: Lesson
    company: Company
    chosen: tuple[str, ...]
    own: tuple[tuple[str, str], ...]
    seed: int

    @property
    def lines(self) -> tuple[Example, ...]:
        """Each selected conversation with its variants, then own lines."""
        return _lines(self.lesson, self.company, self.chosen, self.own, self.seed)

    @cached_property
    def facts(self) -> SetFigures:
        """What there is to know about the set."""
        return set_figures(self.company, self.lines)

    @cached_property
    def unfit(self) -> Mapping[str, tuple[int, ...]]:
        """The lines, from 0, that each unfit conversation brings, by its title."""
        found, start = {}, 0
        for said, brought in _brought(self.lesson, self.company, self.chosen, self.seed):
            if not said.good:
                found[said.title] = tuple(range(start, start + len(brought)))
            start += len(brought)
        return found

    @cached_property
    def digest(self) -> str:
        """The digest of what the set is made of, which is the same in every language."""
        return _digest((self.lesson.id, self.seed, self.chosen, self.own))

    @cached_property
    def former_digest(self) -> str:
        """The digest of the lines, by which models were marked formerly."""
        return _digest([(e.message, e.reply) for e in self.lines])

    @cached_property
    def tokens(self) -> int:
        """About how many tokens the file has, as the service counts and bills them."""
        system = system_message(self.lesson)
        texts = [text for e in self.lines for text in (system, e.message, e.reply) if text]
        frames = TOKENS_PER_MESSAGE * len(texts) + TOKENS_PER_LINE * len(self.lines)
        return sum(map(len, texts)) // CHARACTERS_PER_TOKEN + frames

    def billed(self, training: Training) -> int:
        """Tokens of the lines that were trained on, times the epochs."""
        settings, lines = training.settings, max(1, len(self.lines))
        trained = min(lines, training.steps // settings.n_epochs * settings.batch_size)
        return self.tokens * settings.n_epochs * trained // lines


def collected(lesson: Lesson, progress: Progress, company: Company) -> TrainingSet:
    """The set as it is now.

    The archive's share depends on the selection and the learner's seed alone.
    """
    chosen: list[str] = []
    own: list[tuple[str, str]] = []
    for selecting in lesson.steps_of(SelectionStep):
        picked = Selected.of(progress.record(selecting.id).state).picked
        chosen += [c.id for c in selecting.archive if c.id in picked]
    own += ((w.message, w.reply) for w in _written(lesson, progress) if not w.unlearned)
    return _collected(lesson, company, tuple(chosen), tuple(own), progress.seed)


def _written(lesson: Lesson, progress: Progress) -> Iterator[Written]:
    """The lines that the learner wrote and that passed."""
    for writing in lesson.steps_of(JsonlStep):
        written = Written.of(progress.record(writing.id).state)
        if written.message and written.reply:
            yield written


@cached_by_identity(SETS)
def _collected(
    lesson: Lesson,
    company: Company,
    chosen: tuple[str, ...],
    own: tuple[tuple[str, str], ...],
    seed: int,
) -> TrainingSet:
    return TrainingSet(lesson, company, chosen, own, seed)


@cached_by_identity(LINES)
def _lines(
    lesson: Lesson,
    company: Company,
    chosen: tuple[str, ...],
    own: tuple[tuple[str, str], ...],
    seed: int,
) -> tuple[Example, ...]:
    brought = _brought(lesson, company, chosen, seed)
    lines = tuple(example for _, group in brought for example in group)
    written = (Example(message=message, reply=reply) for message, reply in own)
    return (*lines, *(e for e in written if e not in lines))


@cached_by_identity(LINES)
def _brought(
    lesson: Lesson, company: Company, chosen: tuple[str, ...], seed: int
) -> tuple[tuple[Conversation, tuple[Example, ...]], ...]:
    """Each selected conversation with the lines that it brings from the archive."""
    told = [c for step in lesson.steps_of(SelectionStep) for c in step.archive]
    picked = tuple(c for c in told if c.id in chosen)
    return tuple(zip(picked, company.archive(picked, seed), strict=True))


def examples(lesson: Lesson, progress: Progress, company: Company) -> tuple[Example, ...]:
    """The lines of the set as it is now."""
    return collected(lesson, progress, company).lines


def system_message(lesson: Lesson) -> str:
    """The system message of every line; the one that the lesson's JSONL steps teach."""
    return next((s.system for s in lesson.steps_of(JsonlStep)), "")


def line(example: Example, system: str, *, unlearned: bool = False) -> str:
    """An example as one line of the file; one that isn't learned has the weight 0."""
    reply = {"role": "assistant", "content": example.reply} | ({"weight": 0} if unlearned else {})
    messages: list[dict[str, str | int]] = [{"role": "user", "content": example.message}, reply]
    if system:
        messages.insert(0, {"role": "system", "content": system})
    return json.dumps({"messages": messages}, ensure_ascii=False)


def jsonl_file(lesson: Lesson, progress: Progress, company: Company) -> str:
    """The whole set as the service takes it: one JSON object on each line, UTF-8."""
    system = system_message(lesson)
    lines = [line(e, system) for e in examples(lesson, progress, company)]
    for written in _written(lesson, progress):
        if written.unlearned:
            example = Example(message=written.message, reply=written.reply)
            lines.append(line(example, system, unlearned=True))
    return "".join(f"{one}\n" for one in lines)


def _digest(parts: Sequence[object]) -> str:
    """A digest of a set: another set has another mark."""
    told = json.dumps(parts)
    return sha256(told.encode()).hexdigest()[:16]
