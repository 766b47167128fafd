"""The chat step: a talk with a persona, whose faults are pointed out as they show."""

from dataclasses import dataclass, replace

from content.lesson import ChatStep
from content.strings import ModelStrings
from content.world import Pair
from dialogs.simulations.persona import Model
from dialogs.values.events import Pressed, Typed
from dialogs.values.kept import Kept
from dialogs.values.replies import Block, Bullets, Dialogue, Notice, Text, Utterance
from dialogs.values.scene import Ask, Judged, Noted, Outcome, Scene, StepEvent, Unclear
from dialogs.work import matter
from dialogs.work.matter import Asked, Matter
from dialogs.work.needs import Missing, needs_model
from dialogs.work.persona_company import company_of
from dialogs.work.scores import points

LONGEST = 600  # characters of a message that a persona reads
OFFERED = 4  # suggestions at a time


@dataclass(frozen=True)
class State(Kept):
    """The queries asked (the last ones), how many in all, and the faults that were met.

    `open` is a message of which the learner may say what it is about.
    """

    asked: tuple[str, ...] = ()
    count: int = 0
    seen: tuple[str, ...] = ()
    open: Asked | None = None


def _persona(step: ChatStep, scene: Scene) -> Model | Missing:
    if step.persona == "base":
        return company_of(scene).base
    now = needs_model(scene)
    return now if isinstance(now, Missing) else now.persona


def present(step: ChatStep, scene: Scene) -> Ask:
    """What to do, the faults met so far, and queries to try."""
    words = scene.strings.model
    state = State.of(scene.record.state)
    persona = _persona(step, scene)
    if isinstance(persona, Missing):
        return persona.ask
    blocks: list[Block] = [] if state.count else [Text(step.prompt)]
    if step.faults:
        lines = (
            (words.chat_seen if name in state.seen else words.chat_open).format(text=text)
            for name, text in step.faults.items()
        )
        blocks += [Text(words.chat_faults, "strong"), Bullets(tuple(lines))]
    return Ask(tuple(blocks), suggestions=_suggestions(step, scene, state), typed=words.chat_how)


def _pairs(step: ChatStep, scene: Scene) -> tuple[Pair, ...]:
    return company_of(scene).world.pairs if step.tone_fault else ()


def _suggestions(step: ChatStep, scene: Scene, state: State) -> tuple[str, ...]:
    """What a message may be about, the half of a pair whose other half was asked, then others."""
    open_ = matter.offered(company_of(scene), state.open)
    pairs = _pairs(step, scene)
    halves = [_partner(p, q) for q in reversed(state.asked) for p in pairs if _partner(p, q)]
    fresh = [s.query for s in step.samples]
    fresh += [q for p in pairs for q in (p.first, p.second)]
    offered = dict.fromkeys(q for q in (*open_, *halves, *fresh) if q and q not in state.asked)
    return tuple(offered)[:OFFERED]


def _partner(pair: Pair, query: str) -> str | None:
    return {pair.first: pair.second, pair.second: pair.first}.get(query)


def answer(step: ChatStep, scene: Scene, given: StepEvent) -> Outcome:
    """Let the persona reply, and say what its reply shows. Passed once all faults were met."""
    words = scene.strings.model
    persona = _persona(step, scene)
    match given:
        case Typed(text=text):
            query = text
        case Pressed(texts=texts):
            query = texts.get("text", "")
        case _:
            query = ""
    query = query.strip()
    if isinstance(persona, Missing):
        return Unclear(persona.text)
    if not query:
        return Unclear(words.chat_empty)
    before = State.of(scene.record.state)
    company = company_of(scene)
    if unclear := matter.missing(company, before.open, query, scene.strings):
        return unclear
    said = matter.answered(company, before.open, query, scene.strings.tutor.typing)
    if said is None:
        offered = _as_offered(step, scene, query)
        said = matter.known(company, offered) if offered else matter.read(company, query, persona)
    if said.choices:
        told = _dialogue(step, words, said.message)
        spoken = matter.language(said, scene.lesson.locale, words)
        asks = matter.question(company, said, words)
        after = replace(before, open=said.rest)
        return Noted((told, *spoken, *asks), after, unplaced=True)
    after, blocks = _answered(step, scene, before, persona, said)
    done = after.count >= step.minimum and len(after.seen) == len(step.faults)
    if done and scene.record.status != "passed":
        blocks.append(Notice("good", step.praise, scene.strings.tutor.right))
        return Judged(passed=True, score=1.0, blocks=tuple(blocks), state=after)
    return Noted(tuple(blocks), after, unplaced=said.intent is None)


def _answered(
    step: ChatStep, scene: Scene, before: State, persona: Model, said: Matter
) -> tuple[State, list[Block]]:
    """The persona's reply, what it shows, and what is kept of it."""
    words, company, query = scene.strings.model, company_of(scene), said.message
    spoken = persona.reply(query, said.intent)
    talk = _dialogue(step, words, query, spoken.text)
    blocks: list[Block] = [talk]
    met = set(before.seen)
    if said.intent is None:
        blocks += matter.unknown(company, said, words)
    else:
        told, found = _pointed_out(step, scene, said, spoken.text)
        alike, tone = _tone(step, scene, before, query)
        # The pair side by side holds this reply already.
        blocks = list(alike) if tone else [talk, *told, *alike]
        blocks += matter.more(company, said, words)
        met |= found | tone
    blocks += matter.language(said, scene.lesson.locale, words)
    after = State(
        asked=(*[q for q in before.asked if q != query], query)[-24:],
        count=before.count + 1,
        seen=tuple(f for f in step.faults if f in met),
        open=said.rest,
    )
    return after, blocks


def _dialogue(step: ChatStep, words: ModelStrings, query: str, reply: str = "") -> Dialogue:
    lines = [Utterance(words.chat_you, query, "customer")]
    if reply:
        name = words.chat_base if step.persona == "base" else words.chat_tuned
        lines.append(Utterance(name, reply))
    return Dialogue(tuple(lines))


def _as_offered(step: ChatStep, scene: Scene, query: str) -> str | None:
    """An offered query as it was offered: quotes may come back curly, marks be left out."""
    offered = [s.query for s in step.samples]
    offered += [q for p in _pairs(step, scene) for q in (p.first, p.second)]
    bare = _bare(query)
    return next((q for q in offered if _bare(q) == bare), None)


def _bare(query: str) -> str:
    return "".join(c for c in query.lower() if c.isalnum())


def _pointed_out(
    step: ChatStep, scene: Scene, said: Matter, reply: str
) -> tuple[list[Block], set[str]]:
    """The reply's points, and the faults that it shows, one at a time in words."""
    words, company, query = scene.strings.model, company_of(scene), said.message
    score = company.score_for(reply, said.intent, company.marks(query))
    blocks: list[Block] = [Text(" · ".join(points(company, score, words)), "small")]
    if not step.faults:
        return blocks, set()
    observed = [name.replace("_", "-") for name in company.observe(reply, query, said.intent)]
    found = {name for name in observed if name in step.faults}
    sample = next((s for s in step.samples if s.query == query), None)
    if sample and sample.fault:
        found.add(sample.fault)
        blocks.append(
            Notice("info", sample.note, words.chat_shows.format(text=step.faults[sample.fault]))
        )
    elif found:
        name = next(n for n in observed if n in found)
        blocks.append(Notice("info", words.chat_shows.format(text=step.faults[name])))
    return blocks, found


def _tone(step: ChatStep, scene: Scene, before: State, query: str) -> tuple[list[Block], set[str]]:
    """Two alike queries side by side, once both were asked; else the other one is offered."""
    words = scene.strings.model
    pair = next((p for p in _pairs(step, scene) if _partner(p, query)), None)
    if pair is None or step.tone_fault is None:
        return [], set()
    other = _partner(pair, query) or ""
    if other not in before.asked:
        return [Text(words.chat_alike.format(query=other))], set()
    company = company_of(scene)
    base = company.base
    lines = [
        line
        for q in (other, query)
        for line in (
            Utterance(words.chat_you, q, "customer"),
            Utterance(words.chat_base, base.reply(q, company.likeliest(q)).text),
        )
    ]
    fault = step.faults[step.tone_fault]
    return [
        Dialogue(tuple(lines)),
        Notice("info", words.chat_tone.format(text=fault, why=pair.why)),
    ], {step.tone_fault}
