"""The swap step: the same messages under other names and in dialect, put to the learner's model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from content.lesson import SwapStep
from dialogs.simulations.persona import Company, Model
from dialogs.values.replies import Block, Details, Dialogue, Notice, Table, Text, Utterance
from dialogs.values.scene import Ask, Scene
from dialogs.work.models import current


def present(step: SwapStep, scene: Scene) -> Ask:
    """How the model from the other lesson scores with each group; or that there is none."""
    there, words = scene.elsewhere(step.lesson), scene.strings.experiment
    now = current(there) if there else None
    if there is None or now is None:
        return Ask((Text(step.prompt), Notice("info", step.absent)))
    replies = tuple(
        tuple(_put(step.metric, text, now.company, now.persona) for text in (one.first, one.second))
        for one in step.pairs
    )
    rows = tuple(
        (one.second, *(_scored(spoken, scene) for spoken in pair))
        for one, pair in zip(step.pairs, replies, strict=True)
    )
    behind = tuple(
        Dialogue(
            (Utterance(words.swap_sent, text, "customer"), Utterance(words.talk_it, said.text))
        )
        for one, pair in zip(step.pairs, replies, strict=True)
        for text, said in zip((one.first, one.second), pair, strict=True)
    )
    blocks: list[Block] = [
        Text(step.prompt),
        Table(step.columns, rows),
        *_means(step, replies, there.lesson.title, scene),
        Details(words.cases, behind),
    ]
    return Ask(tuple(blocks))


@dataclass(frozen=True)
class _Said:
    """A reply and its score; None where the message wasn't understood, and no model spoke."""

    text: str
    score: float | None


def _put(metric: str, text: str, company: Company, model: Model) -> _Said:
    """The reply to a message as the model hears it."""
    # Nobody can be asked which of several matters is meant: the likeliest is.
    spoken = model.reply(text, None if company.place(text) else company.meant(text))
    if not spoken.placed:
        return _Said(spoken.text, None)
    score = company.score_for(spoken.text, company.likeliest(text), company.marks(text))
    return _Said(spoken.text, float(score.values[metric]))


def _scored(said: _Said, scene: Scene) -> str:
    if said.score is None:
        return "–"
    return scene.strings.model.numbers.write(said.score, ".1f")


def _means(
    step: SwapStep, replies: Sequence[tuple[_Said, ...]], lesson: str, scene: Scene
) -> Iterator[Text]:
    """Both groups' means over the pairs that were understood whole, and what wasn't."""
    words, signs = scene.strings.experiment, scene.strings.model.numbers
    scores = [[one.score for one in pair if one.score is not None] for pair in replies]
    whole = [pair for pair in scores if len(pair) == 2]  # noqa: PLR2004, one of each group
    if whole:
        groups = [fmean(group) for group in zip(*whole, strict=True)]
        gap = abs(groups[0] - groups[1])
        first, second, apart = (signs.write(value, ".1f") for value in (*groups, gap))
        means = words.swap_means.format(lesson=lesson, first=first, second=second, gap=apart)
        yield Text(means, "strong")
        yield Text(step.equal if gap < step.within else step.unequal)
    lost = sum(one.score is None for pair in replies for one in pair)
    if lost:
        yield Text(words.swap_lost.format(count=lost, all=2 * len(replies)))
