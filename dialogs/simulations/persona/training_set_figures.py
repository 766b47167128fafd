"""The figures of a training set that a quality check needs."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import mean, median

from content.frozen import Frozen
from dialogs.simulations.persona.company import Company
from dialogs.simulations.persona.phrase import bare
from dialogs.simulations.persona.training import Example

BREAK = 2.5  # points of raw goal score from the set's median at which a line breaks from the tone


class SetFigures(Frozen):
    """What is measured of a learner's set. Lines are counted from 0.

    `topics`: how many lines are about each intent that is covered.
    `astray` lines answer another matter than the customer's; `off_tone` ones break from the tone
    of the rest; `repeated` ones are copies of earlier ones, or answer as an earlier one that was
    about something else; `flagged` ones carry a flag against which the rubric advises; `low` ones
    score 1 on the scale, not for being flagged or astray; `means` are the scales' mean raw scores.
    """

    lines: int
    topics: dict[str, int]
    astray: tuple[int, ...]
    off_tone: tuple[int, ...]
    repeated: tuple[int, ...]
    flagged: dict[str, tuple[int, ...]]
    low: dict[str, tuple[int, ...]]
    means: dict[str, float]

    @property
    def dominant(self) -> float:
        """The share of lines that the commonest topic has."""
        return max(self.topics.values(), default=0) / max(1, self.lines)

    @property
    def flawed(self) -> frozenset[int]:
        """All lines that something is wrong with."""
        told = (self.astray, self.off_tone, self.repeated)
        return frozenset(
            n for lines in (*told, *self.flagged.values(), *self.low.values()) for n in lines
        )


def set_figures(company: Company, examples: Sequence[Example]) -> SetFigures:
    """Look at a training set with the lesson's own rubric."""
    rubric = company.rubric
    intents = [company.intent_of(e.message) for e in examples]
    scores = [
        company.score_for(e.reply, intent, company.marks(e.message))
        for e, intent in zip(examples, intents, strict=True)
    ]
    goals = [s.raw[rubric.goal] for s in scores]
    middle = median(goals) if goals else 0.0
    astray = tuple(
        line
        for line, (e, intent) in enumerate(zip(examples, intents, strict=True))
        if company.phrasebook.relation(e.reply, intent) == "other"
    )
    flagged = {
        name: tuple(line for line, s in enumerate(scores) if name in s.flags)
        for name, flag in rubric.flags.items()
        if flag.advice
    }
    named = {*astray, *(line for lines in flagged.values() for line in lines)}
    return SetFigures(
        lines=len(examples),
        topics=dict(Counter(i for i in intents if i is not None)),
        astray=astray,
        off_tone=tuple(line for line, g in enumerate(goals) if abs(g - middle) >= BREAK),
        repeated=tuple(_repeated(examples, intents)),
        flagged=flagged,
        low={
            scale: tuple(
                line
                for line, s in enumerate(scores)
                if s.values.get(scale) == 1 and line not in named
            )
            for scale in rubric.scales
        },
        means={
            n: round(mean(judged), 3)
            for n in rubric.scales
            if (judged := [s.raw[n] for s in scores if n in s.raw])
        },
    )


def _repeated(examples: Sequence[Example], intents: Sequence[str | None]) -> Iterator[int]:
    """Lines that say an earlier one again, whatever their case and punctuation."""
    seen: set[tuple[str, str]] = set()
    asked: dict[str, str | None] = {}
    for line, (example, intent) in enumerate(zip(examples, intents, strict=True)):
        said = bare(example.message), bare(example.reply)
        if said in seen or asked.setdefault(said[1], intent) != intent:
            yield line
        seen.add(said)
