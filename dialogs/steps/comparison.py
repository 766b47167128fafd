"""The comparison step: the same queries to the base, its rivals and the tuned model."""

from dataclasses import dataclass, replace
from typing import assert_never

from content.lesson import ComparisonStep
from dialogs.reading.typed import is_one_of
from dialogs.simulations.persona import Model
from dialogs.simulations.persona.evaluation import prompts_of
from dialogs.values.actions import Own
from dialogs.values.events import Pressed, Typed
from dialogs.values.kept import Kept
from dialogs.values.replies import (
    Block,
    Bullets,
    Button,
    Details,
    Notice,
    Side,
    Sides,
    Text,
)
from dialogs.values.scene import Ask, Ignored, Judged, Noted, Outcome, Scene, StepEvent, Unclear
from dialogs.work import matter
from dialogs.work.matter import Asked, Matter
from dialogs.work.models import examples, is_older_than_data
from dialogs.work.needs import Missing, needs_model
from dialogs.work.persona_company import company_of
from dialogs.work.prompting import kept
from dialogs.work.scores import points, warnings, why

SHOW = Own("show")
LONGEST = 600  # characters of a query that the models read


@dataclass(frozen=True)
class State(Kept):
    """How many of the queries were looked at, and a message whose matter may be named."""

    seen: int = 0
    open: Asked | None = None


def present(step: ComparisonStep, scene: Scene) -> Ask:
    """What to look for, and the next query; after the last one the learner's own."""
    words = scene.strings.model
    now = needs_model(scene)
    if isinstance(now, Missing):
        return now.ask
    state = State.of(scene.record.state)
    seen, asked = state.seen, matter.offered(company_of(scene), state.open)
    blocks: list[Block] = [Text(step.prompt), Bullets(step.notes)]
    if is_older_than_data(scene):
        blocks.append(Notice("info", words.stale))
    if seen < len(step.queries):
        if seen:
            blocks.append(Text(words.compare_left.format(count=len(step.queries) - seen), "small"))
        asks = buttons(step, scene)
        return Ask(tuple(blocks), asks, asked, typed=words.compare_empty, stays=True)
    blocks.append(Text(words.compare_own))
    return Ask(tuple(blocks), suggestions=asked)


def todo(step: ComparisonStep, scene: Scene) -> str:
    """How many of the lesson's queries are left."""
    left = len(step.queries) - State.of(scene.record.state).seen
    return scene.strings.model.compare_left.format(count=left)


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
    """Put a query to all models, with scores and reasons. Passed when all were seen."""
    words = scene.strings.model
    now = needs_model(scene)
    if isinstance(now, Missing):
        return Unclear(now.text)
    before, company = State.of(scene.record.state), company_of(scene)
    asked, seen = _asked(scene, given), before.seen
    match asked:
        case None:
            return Ignored()
        case NextQuery():
            if seen >= len(step.queries):
                return Unclear(words.compare_own)
            said, seen = matter.known(company, step.queries[seen]), seen + 1
        case OwnQuery(text=""):
            return Unclear(words.compare_empty)
        case OwnQuery(text=query):
            if unclear := matter.missing(company, before.open, query, scene.strings):
                return unclear
            named = matter.answered(company, before.open, query, scene.strings.tutor.typing)
            said = named or matter.read(company, query, now.persona)
        case _:
            assert_never(asked)
    spoken = matter.language(said, scene.lesson.locale, words)
    speaker = words.dash_customer if isinstance(asked, NextQuery) else words.chat_you
    trace = matter.trace(given, said.message, speaker)
    if said.choices:
        asks = matter.question(company, said, words)
        state = State(seen, said.rest)
        return Noted((*trace, *spoken, *asks), state, unplaced=True, asks=True)
    blocks = (*trace, *_compared(step, scene, now.persona, said), *spoken)
    state = State(seen, said.rest)
    if seen == len(step.queries) and scene.record.status != "passed":
        praise = Notice("good", step.praise, scene.strings.tutor.noted)
        tail = (*blocks, praise, Text(words.compare_own))
        return Judged(passed=True, score=1.0, blocks=tail, state=state, depends=True)
    return Noted(blocks, state, unplaced=said.intent is None)


def _compared(step: ComparisonStep, scene: Scene, tuned: Model, said: Matter) -> tuple[Block, ...]:
    words, company, query = scene.strings.model, company_of(scene), said.message
    names = {
        "prompted": step.prompted_label,
        "few-shot": step.few_shot_label or words.dash_table_few_shot,
    }
    prompts = prompts_of(kept(scene.lesson, scene.progress, company)).items()
    sides = (
        (step.base_label, company.base.reply(query, said.intent)),
        *((names[side], company.prompted(p).reply(query, said.intent)) for side, p in prompts),
        (step.tuned_label, tuned.reply(query, said.intent)),
    )
    if said.intent is None:
        return (Text(sides[0][1].text), *matter.unknown(company, said, words))
    marks = company.marks(query)
    scored = tuple((name, company.score_for(s.text, said.intent, marks)) for name, s in sides)
    told = [
        Side(name, spoken.text, points(company, score, words))
        for (name, spoken), (_, score) in zip(sides, scored, strict=True)
    ]
    # The best of the rivals stands beside the learner's own; the others are there to be opened.
    base, *others, best, own = told
    blocks: list[Block] = [Sides((base, best, own))]
    if others:
        blocks.append(Details(words.compare_others, (Sides(tuple(others)),)))
    remarks = warnings(company, scored, words)
    blocks += (remark for remark in remarks if remark.tone == "warning")
    if query in {example.message for example in examples(scene)}:
        blocks.append(Notice("info", words.compare_learned))
    reasons = why(scored, words)
    mild = tuple(remark for remark in remarks if remark.tone == "info")
    opened = replace(reasons, blocks=(*mild, *reasons.blocks))
    return (*blocks, opened, *matter.more(company, said, words))
