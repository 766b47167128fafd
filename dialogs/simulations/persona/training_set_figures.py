"""The figures of a training set that a quality check needs."""

from collections import Counter
from collections.abc import Sequence
from statistics import mean, median

from content.frozen import Frozen
from dialogs.simulations.persona.company import Company
from dialogs.simulations.persona.training import Example

BREAK = 1.5  # points of raw goal score from the set's median at which a line breaks from the tone


class SetFigures(Frozen):
    """What is measured of a learner's set. Lines are counted from 0.

    `topics`: how many lines are about each intent that is covered.
    `off_tone` lines break from the tone of the rest; `repeated` are copies of earlier ones;
    `flagged` carry a flag that has a limit (an unbacked promise); `low` lines score 1 on
    the scale; `means` are the scales' mean raw scores.
    """

    lines: int
    topics: dict[str, int]
    off_tone: tuple[int, ...]
    repeated: tuple[int, ...]
    flagged: tuple[int, ...]
    low: dict[str, tuple[int, ...]]
    means: dict[str, float]

    @property
    def dominant(self) -> float:
        """The share of lines that the commonest topic has."""
        return max(self.topics.values(), default=0) / max(1, self.lines)

    def share(self, lines: Sequence[int]) -> float:
        """How much of the set some lines are."""
        return len(lines) / max(1, self.lines)


def set_figures(company: Company, examples: Sequence[Example]) -> SetFigures:
    """Look at a training set with the lesson's own rubric."""
    rubric = company.rubric
    scores = [company.score(e.reply, e.message) for e in examples]
    intents = [company.intent_of(e.message) for e in examples]
    goals = [s.raw[rubric.goal] for s in scores]
    middle = median(goals) if goals else 0.0
    limited = {n for n, f in rubric.flags.items() if f.metric}
    seen: set[Example] = set()
    repeated = []
    for line, example in enumerate(examples):
        if example in seen:
            repeated.append(line)
        seen.add(example)
    return SetFigures(
        lines=len(examples),
        topics=dict(Counter(i for i in intents if i is not None)),
        off_tone=tuple(line for line, g in enumerate(goals) if abs(g - middle) >= BREAK),
        repeated=tuple(repeated),
        flagged=tuple(line for line, s in enumerate(scores) if s.flags & limited),
        low={
            scale: tuple(line for line, s in enumerate(scores) if s.values.get(scale) == 1)
            for scale in rubric.scales
        },
        means={
            n: round(mean(judged), 3)
            for n in rubric.scales
            if (judged := [s.raw[n] for s in scores if n in s.raw])
        },
    )
