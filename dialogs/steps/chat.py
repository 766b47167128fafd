"""The chat step: a talk with a persona, whose faults are pointed out as they show."""

from dataclasses import dataclass, replace

from content.lesson import ChatStep
from content.world import Pair
from dialogs.simulations.persona import Model
from dialogs.simulations.persona.evaluation import is_astray
from dialogs.simulations.persona.model import Spoken
from dialogs.values.events import Pressed, Typed
from dialogs.values.kept import Kept
from dialogs.values.replies import Block, Bullets, Dialogue, Notice, Scores, Text, Utterance
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
    blocks: list[Block] = [Text(step.prompt)]
    if step.faults:
        lines = (
            (words.chat_seen if name in state.seen else words.chat_open).format(text=text)
            for name, text in step.faults.items()
        )
        blocks += [Text(words.chat_faults, "strong"), Bullets(tuple(lines))]
    return Ask(tuple(blocks), suggestions=_suggestions(step, scene, state), typed=words.chat_how)


def todo(step: ChatStep, scene: Scene) -> str:
    """How many faults were met, and how one meets more."""
    words, seen = scene.strings.model, State.of(scene.record.state).seen
    far = words.chat_far.format(seen=len(seen), of=len(step.faults)) if step.faults else ""
    return f"{far} {words.chat_how}".strip()


def _pairs(step: ChatStep, scene: Scene) -> tuple[Pair, ...]:
    return company_of(scene).world.pairs if step.tone_fault else ()


def queries(step: ChatStep, scene: Scene) -> tuple[str, ...]:
    """The messages that the step has for its model."""
    pairs = (q for p in _pairs(step, scene) for q in (p.first, p.second))
    return (*(sample.query for sample in step.samples), *pairs)


def _suggestions(step: ChatStep, scene: Scene, state: State) -> tuple[str, ...]:
    """What a message may be about, the half of a pair whose other half was asked, then others."""
    open_ = matter.offered(company_of(scene), state.open)
    pairs = _pairs(step, scene)
    halves = [_partner(p, q) for q in reversed(state.asked) for p in pairs if _partner(p, q)]
    fresh = queries(step, scene)
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
    trace = matter.trace(given, said.message, words.chat_you)
    if said.choices:
        spoken = matter.language(said, scene.lesson.locale, words)
        asks = matter.question(company, said, words)
        after = replace(before, open=said.rest)
        return Noted((*trace, *spoken, *asks), after, unplaced=True, asks=True)
    after, blocks = _answered(step, scene, before, persona, said)
    passed = scene.record.status == "passed"
    if after.count >= step.minimum and len(after.seen) == len(step.faults) and not passed:
        praise = Notice("good", step.praise, scene.strings.tutor.right)
        return Judged(passed=True, score=1.0, blocks=(*trace, *blocks, praise), state=after)
    if step.faults and not passed:
        far = words.chat_far.format(seen=len(after.seen), of=len(step.faults))
        blocks.append(Text(far, "small"))
    return Noted((*trace, *blocks), after, unplaced=said.intent is None)


def _answered(
    step: ChatStep, scene: Scene, before: State, persona: Model, said: Matter
) -> tuple[State, list[Block]]:
    """The persona's reply, what it shows, and what is kept of it."""
    words, company, query = scene.strings.model, company_of(scene), said.message
    spoken = persona.reply(query, said.intent)
    name = words.chat_base if step.persona == "base" else words.chat_tuned
    blocks: list[Block] = [Dialogue((Utterance(name, spoken.text),))]
    met = set(before.seen)
    if said.intent is None:
        blocks += matter.unknown(company, said, words)
    else:
        score = company.score_for(spoken.text, said.intent, company.marks(query))
        told, found = _pointed_out(step, scene, said, spoken)
        alike, tone = _tone(step, scene, before, query)
        blocks += [Scores(points(company, score, words)), *(alike if tone else (*told, *alike))]
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


def _as_offered(step: ChatStep, scene: Scene, query: str) -> str | None:
    """An offered query as it was offered: quotes may come back curly, marks be left out."""
    bare = _bare(query)
    return next((q for q in queries(step, scene) if _bare(q) == bare), None)


def _bare(query: str) -> str:
    return "".join(c for c in query.lower() if c.isalnum())


def _pointed_out(
    step: ChatStep, scene: Scene, said: Matter, spoken: Spoken
) -> tuple[list[Block], set[str]]:
    """What is to be noticed about the reply, in a note, and which of the step's faults that is."""
    words, company, query = scene.strings.model, company_of(scene), said.message
    observed = company.observe(spoken.text, query, said.intent)
    found = {name for o in observed if (name := o.replace("_", "-")) in step.faults}
    sample = next((s for s in step.samples if s.query == query), None)
    if sample and sample.fault:
        found.add(sample.fault)
    if step.faults:
        shows = [text for name, text in step.faults.items() if name in found]
    else:
        shows = [company.rubric.faults[name].label for name in observed]
    if said.intent and is_astray(spoken.phrases, said.intent):
        shows.append(words.chat_astray)
    if not shows:
        return [], found
    named = [words.chat_point.format(text=text) for text in shows]
    note = " ".join(filter(None, (*named, sample.note if sample else "")))
    return [Notice("info", note, words.chat_shows)], found


def _tone(step: ChatStep, scene: Scene, before: State, query: str) -> tuple[list[Block], set[str]]:
    """What two alike queries show together, once both were asked; else the other is offered."""
    words = scene.strings.model
    pair = next((p for p in _pairs(step, scene) if _partner(p, query)), None)
    if pair is None or step.tone_fault is None:
        return [], set()
    other = _partner(pair, query) or ""
    if other not in before.asked:
        return [Text(words.chat_alike.format(query=other))], set()
    company = company_of(scene)
    reply = company.base.reply(other, company.likeliest(other)).text
    told = words.chat_tone.format(query=other, reply=reply, why=pair.why)
    named = words.chat_point.format(text=step.faults[step.tone_fault])
    return [Notice("info", f"{named} {told}", words.chat_shows)], {step.tone_fault}
