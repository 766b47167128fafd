"""The comparison step: the same queries to the base, the prompted and the tuned model."""

from dataclasses import dataclass
from typing import assert_never

from content.lesson import ComparisonStep
from dialogs.reading.typed import is_one_of
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
from dialogs.work.models import is_older_than_data
from dialogs.work.needs import Missing, needs_model
from dialogs.work.persona_company import company_of
from dialogs.work.scores import points, warnings, why

SHOW = Own("show")
LONGEST = 600  # characters of a query that the models read


@dataclass(frozen=True)
class State(Kept):
    """How many of the queries were looked at."""

    seen: int = 0


def present(step: ComparisonStep, scene: Scene) -> Ask:
    """What to look for, and the next query; after the last one the learner's own."""
    words = scene.strings.model
    now = needs_model(scene)
    if isinstance(now, Missing):
        return now.ask
    seen = State.of(scene.record.state).seen
    blocks: list[Block] = [] if seen else [Text(step.prompt), Bullets(step.notes)]
    if is_older_than_data(scene):
        blocks.append(Notice("info", words.stale))
    if seen < len(step.queries):
        if seen:
            blocks.append(Text(words.compare_left.format(count=len(step.queries) - seen), "small"))
        asks = buttons(step, scene)
        return Ask(tuple(blocks), asks, typed=words.compare_empty, stays=not seen)
    blocks.append(Text(words.compare_own))
    return Ask(tuple(blocks))


def buttons(step: ComparisonStep, scene: Scene) -> tuple[Button, ...]:
    """The one that shows the next query."""
    words, seen = scene.strings.model, State.of(scene.record.state).seen
    if isinstance(needs_model(scene), Missing) or seen >= len(step.queries):
        return ()
    text = words.compare_show if seen else words.compare_first
    return (Button(text, SHOW, words.compare_show, primary=True),)


@dataclass(frozen=True)
class NextQuery:
    """The next of the lesson's queries is asked for."""


@dataclass(frozen=True)
class OwnQuery:
    """The learner puts a query of their own."""

    text: str


def _asked(scene: Scene, given: StepEvent) -> NextQuery | OwnQuery | None:
    """What the learner asks for."""
    words = scene.strings.model
    match given:
        case Pressed():
            return NextQuery()
        case Typed(text=text) if is_one_of(text, (words.compare_show, *words.compare_forms)):
            return NextQuery()
        case Typed(text=text):
            return OwnQuery(text.strip())
        case _:
            return None


def answer(step: ComparisonStep, scene: Scene, given: StepEvent) -> Outcome:
    """Put a query to all three models, with scores and reasons. Passed when all were seen."""
    words = scene.strings.model
    now = needs_model(scene)
    if isinstance(now, Missing):
        return Unclear(now.text)
    seen = State.of(scene.record.state).seen
    asked = _asked(scene, given)
    match asked:
        case None:
            return Ignored()
        case NextQuery():
            if seen >= len(step.queries):
                return Unclear(words.compare_own)
            query, now_seen = step.queries[seen], seen + 1
        case OwnQuery(text=query):
            now_seen = seen
        case _:
            assert_never(asked)
    if not query:
        return Unclear(words.compare_empty)
    blocks = _compared(step, scene, now.persona, query)
    state = State(seen=now_seen)
    if now_seen == len(step.queries) and scene.record.status != "passed":
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
