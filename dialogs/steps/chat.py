"""The chat step: a talk with a persona, whose faults are pointed out as they show."""

from dataclasses import dataclass

from content.lesson import ChatStep
from content.world import Pair
from dialogs.simulations.persona import Model
from dialogs.values.events import Pressed, Typed
from dialogs.values.kept import Kept
from dialogs.values.replies import Block, Bullets, Dialogue, Notice, Text, Utterance
from dialogs.values.scene import Ask, Judged, Noted, Outcome, Scene, StepEvent, Unclear
from dialogs.work.needs import Missing, needs_model
from dialogs.work.persona_company import company_of
from dialogs.work.scores import points

LONGEST = 600  # characters of a message that a persona reads
OFFERED = 4  # suggestions at a time


@dataclass(frozen=True)
class State(Kept):
    """The queries asked (the last ones), how many in all, and the faults that were met."""

    asked: tuple[str, ...] = ()
    count: int = 0
    seen: tuple[str, ...] = ()


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
    """First the half of a pair whose other half was asked, then samples, then pairs."""
    pairs = _pairs(step, scene)
    halves = [_partner(p, q) for q in reversed(state.asked) for p in pairs if _partner(p, q)]
    fresh = [s.query for s in step.samples]
    fresh += [q for p in pairs for q in (p.first, p.second)]
    offered = dict.fromkeys(q for q in (*halves, *fresh) if q and q not in state.asked)
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
    query = _as_offered(step, scene, query)
    spoken = persona.reply(query)
    name = words.chat_base if step.persona == "base" else words.chat_tuned
    said = Dialogue((Utterance(words.chat_you, query, "customer"), Utterance(name, spoken.text)))
    blocks: list[Block] = [said]
    met = set(before.seen)
    if spoken.placed:
        told, found = _pointed_out(step, scene, query, spoken.text)
        alike, tone = _tone(step, scene, before, query)
        # The pair side by side holds this reply already.
        blocks = list(alike) if tone else [said, *told, *alike]
        met |= found | tone
    after = State(
        asked=(*[q for q in before.asked if q != query], query)[-24:],
        count=before.count + 1,
        seen=tuple(f for f in step.faults if f in met),
    )
    done = after.count >= step.minimum and len(after.seen) == len(step.faults)
    if done and scene.record.status != "passed":
        blocks.append(Notice("good", step.praise, scene.strings.tutor.right))
        return Judged(passed=True, score=1.0, blocks=tuple(blocks), state=after)
    return Noted(tuple(blocks), after)


def _as_offered(step: ChatStep, scene: Scene, query: str) -> str:
    """An offered query as it was offered: quotes may come back curly, marks be left out."""
    offered = [s.query for s in step.samples]
    offered += [q for p in _pairs(step, scene) for q in (p.first, p.second)]
    bare = _bare(query)
    return next((q for q in offered if _bare(q) == bare), query)


def _bare(query: str) -> str:
    return "".join(c for c in query.lower() if c.isalnum())


def _pointed_out(
    step: ChatStep, scene: Scene, query: str, reply: str
) -> tuple[list[Block], set[str]]:
    """The reply's points, and the faults that it shows, one at a time in words."""
    words, company = scene.strings.model, company_of(scene)
    score = company.score(reply, query)
    blocks: list[Block] = [Text(" · ".join(points(company, score, words)), "small")]
    if not step.faults:
        return blocks, set()
    observed = [name.replace("_", "-") for name in company.observe(reply, query)]
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
    base = company_of(scene).base
    lines = [
        line
        for q in (other, query)
        for line in (
            Utterance(words.chat_you, q, "customer"),
            Utterance(words.chat_base, base.reply(q).text),
        )
    ]
    fault = step.faults[step.tone_fault]
    return [
        Dialogue(tuple(lines)),
        Notice("info", words.chat_tone.format(text=fault, why=pair.why)),
    ], {step.tone_fault}
