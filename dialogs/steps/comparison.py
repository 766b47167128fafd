"""The comparison step: the same queries to the base, the prompted and the tuned model."""

from dataclasses import dataclass

from content.lesson import ComparisonStep
from dialogs.reading.typed import plain
from dialogs.simulations.persona import Model
from dialogs.values.actions import Own
from dialogs.values.events import Pressed, Typed
from dialogs.values.kept import Kept
from dialogs.values.replies import (
    Block,
    Bullets,
    Button,
    Dialogue,
    Notice,
    Side,
    Sides,
    Text,
    Utterance,
)
from dialogs.values.scene import Ask, Ignored, Judged, Noted, Outcome, Scene, StepEvent, Unclear
from dialogs.work.models import current, is_older_than_data
from dialogs.work.persona_company import company_of
from dialogs.work.scores import points, warnings, why

LONGEST = 600  # characters of a query that the models read


@dataclass(frozen=True)
class State(Kept):
    """How many of the queries were looked at."""

    seen: int = 0


def present(step: ComparisonStep, scene: Scene) -> Ask:
    """What to look for, and the next query; after the last one the learner's own."""
    words = scene.strings.model
    if current(scene) is None:
        return Ask((Notice("info", words.no_model),))
    seen = State.of(scene.record.state).seen
    blocks: list[Block] = [] if seen else [Text(step.prompt), Bullets(step.notes)]
    if is_older_than_data(scene):
        blocks.append(Notice("info", words.stale))
    if seen < len(step.queries):
        text = words.compare_show if seen else words.compare_first
        if seen:
            blocks.append(Text(words.compare_left.format(count=len(step.queries) - seen), "small"))
        show = Button(text, Own("show"), words.compare_show, primary=True)
        return Ask(tuple(blocks), (show,), typed=words.compare_empty)
    blocks.append(Text(words.compare_own))
    return Ask(tuple(blocks))


def answer(step: ComparisonStep, scene: Scene, given: StepEvent) -> Outcome:
    """Put a query to all three models, with scores and reasons. Passed when all were seen."""
    words = scene.strings.model
    now = current(scene)
    if now is None:
        return Unclear(words.no_model)
    seen = State.of(scene.record.state).seen
    match given:
        case Typed(text=text) if plain(text) not in (plain(words.compare_show), "show"):
            query, after = text.strip()[:LONGEST], seen
        case Typed() | Pressed():
            if seen >= len(step.queries):
                return Unclear(words.compare_own)
            query, after = step.queries[seen], seen + 1
        case _:
            return Ignored()
    if not query:
        return Unclear(words.compare_empty)
    blocks = _compared(step, scene, now.persona, query)
    state = State(seen=after)
    if after == len(step.queries) and scene.record.status != "passed":
        praise = Notice("good", step.praise, scene.strings.tutor.noted)
        return Judged(passed=True, score=1.0, blocks=(*blocks, praise), state=state, depends=True)
    return Noted(blocks, state)


def _compared(step: ComparisonStep, scene: Scene, tuned: Model, query: str) -> tuple[Block, ...]:
    words, company = scene.strings.model, company_of(scene)
    sides = (
        (step.base_label, company.base.reply(query)),
        (step.prompted_label, company.prompted.reply(query)),
        (step.tuned_label, tuned.reply(query)),
    )
    blocks: list[Block] = [Dialogue((Utterance(words.chat_you, query, "customer"),))]
    if not sides[0][1].placed:
        return (*blocks, Text(sides[0][1].text))
    scored = tuple((name, company.score(said.text, query)) for name, said in sides)
    told = (
        Side(name, said.text, points(company, score, words))
        for (name, said), (_, score) in zip(sides, scored, strict=True)
    )
    blocks.append(Sides(tuple(told)))
    return (*blocks, *warnings(company, scored, words), why(scored, words))
