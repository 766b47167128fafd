"""The swap step: the same messages under other names and in dialect, put to the learner's model."""

from statistics import fmean

from content.lesson import SwapStep
from dialogs.simulations.persona import Company, Model
from dialogs.values.replies import Block, Details, Dialogue, Notice, Table, Text, Utterance
from dialogs.values.scene import Ask, Scene
from dialogs.work.models import current


def present(step: SwapStep, scene: Scene) -> Ask:
    """How the model from the other lesson scores with each group; or that there is none."""
    there, signs = scene.elsewhere(step.lesson), scene.strings.model.numbers
    words = scene.strings.experiment
    now = current(there) if there else None
    if there is None or now is None:
        return Ask((Text(step.prompt), Notice("info", step.absent)))
    replies = tuple(
        tuple(_put(step.metric, text, now.company, now.persona) for text in (one.first, one.second))
        for one in step.pairs
    )
    groups = [fmean(score for _, score in group) for group in zip(*replies, strict=True)]
    gap = abs(groups[0] - groups[1])
    told = step.equal if gap < step.within else step.unequal
    first, second, apart = (signs.write(value, ".1f") for value in (*groups, gap))
    means = words.swap_means.format(
        lesson=there.lesson.title, first=first, second=second, gap=apart
    )
    rows = tuple(
        (one.second, *(signs.write(score, ".1f") for _, score in pair))
        for one, pair in zip(step.pairs, replies, strict=True)
    )
    behind = tuple(
        Dialogue((Utterance("", text, "customer"), Utterance(words.talk_it, reply)))
        for one, pair in zip(step.pairs, replies, strict=True)
        for text, (reply, _) in zip((one.first, one.second), pair, strict=True)
    )
    blocks: list[Block] = [
        Text(step.prompt),
        Table(step.columns, rows),
        Text(means, "strong"),
        Text(told),
        Details(words.cases, behind),
    ]
    return Ask(tuple(blocks))


def _put(metric: str, text: str, company: Company, model: Model) -> tuple[str, float]:
    """The reply to a message as the model hears it, and its score."""
    spoken = model.reply(text)
    score = company.score_for(spoken.text, company.likeliest(text), company.marks(text))
    return spoken.text, float(score.values[metric])
