"""The text step: a free answer, read for whether it fits the question, whatever its wording."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from random import Random

from content.lesson import Criterion, TextStep
from content.strings import Strings
from dialogs.reading.fitting import Band, Fit, fit, is_heap
from dialogs.reading.talk import beside
from dialogs.reading.typed import chosen, honest, plain, unquoted, without
from dialogs.values.actions import Answer
from dialogs.values.events import Pressed, Typed
from dialogs.values.kept import Kept
from dialogs.values.replies import (
    Block,
    Bullets,
    Button,
    Details,
    Item,
    Notice,
    Select,
    Text,
    Utterance,
    Write,
)
from dialogs.values.replies import Dialogue as Lines
from dialogs.values.scene import Ask, Judged, Noted, Outcome, Scene, StepEvent, Unclear
from dialogs.work.data_problems import data_faults
from dialogs.work.figures import changes
from dialogs.work.needs import Missing, looks, needs_evaluation

LONGEST = 2000  # characters of an answer that are read and kept
LEAST = 2  # different words of an answer
AFTER_LOST = 4  # the same where it says, too, that somebody doesn't know
MOST_ASKED = 2  # wrong meanings that a learner may pick; from then on a text has to fit by itself
ALIKE = 0.9  # share of equal characters from which a text is the one that was asked about
ASIDE = 0.7  # how surely a text that doesn't fit is said to the tutor, and no attempt
ASIDE_MISTAKEN = 0.9  # the same where it may say something that is wrong
OTHER = "other"  # the choice of nothing that is offered


@dataclass(frozen=True)
class State(Kept):
    """The answer given last; `asking` while it isn't sure what it means.

    `misread` are texts of which the learner picked another meaning than one that fits.
    """

    text: str = ""
    asking: bool = False
    misread: tuple[str, ...] = ()


def own_words(
    text: str, question: str, told: Sequence[str], strings: Strings, least: int = LEAST
) -> tuple[str, str | None]:
    """What of a text is the learner's own, and kind words where that is no honest try.

    What the tutor said (`question`, `told`) and what says "I don't know" is left out.
    """
    words = strings.tutor
    own = unquoted(text, (question, *told))
    tried = without(own, words.lost)
    is_lost = tried != without(own, ())
    lacks = honest(tried, question, words.typing, AFTER_LOST if is_lost else least)
    if lacks is None:
        heap = is_heap(tried, words.typing.small, words.typing.empty)
        return tried, words.text_noise if heap else None
    if is_lost:
        return tried, words.text_lost
    if own != text:
        return tried, words.text_echo
    match lacks:
        case "empty":
            return tried, words.text_short
        case "noise":
            return tried, words.text_noise
        case _:
            return tried, words.text_echo


def _told(step: TextStep) -> tuple[str, ...]:
    """What the step itself says, which is nobody's answer."""
    criteria = (t for c in step.criteria for t in (c.choice, c.covered, c.missing))
    wrong = (t for m in step.misconceptions for t in (m.choice, m.feedback))
    return (step.situation, step.help, step.example, *criteria, *wrong)


def taken(step: TextStep, text: str, strings: Strings) -> Band:
    """How a text is taken at the step; one that is no honest try is sent back."""
    own, plea = own_words(text.strip(), step.prompt, _told(step), strings)
    return "not-yet" if plea else fit(own, step.wordings).band


def present(step: TextStep, scene: Scene) -> Ask:
    """The question and room to write, or what the text that was written may mean."""
    words = scene.strings.tutor
    waits = _waits(step, scene)
    if waits:
        return waits.ask
    held = State.of(scene.record.state)
    if held.asking:
        own, _ = own_words(held.text, step.prompt, _told(step), scene.strings)
        items = meanings(step, scene, own)
        return Ask(
            (_quoted(held.text, words.you), Select("meant", words.text_ask, items)),
            (Button(words.check, Answer(), words.check, primary=True),),
            typed=words.text_ask_how,
        )
    blocks: list[Block] = [Text(step.situation)] if step.situation else []
    blocks.append(Write("text", step.prompt, words.your_words, held.text))
    return Ask(
        tuple(blocks),
        (Button(words.send, Answer(), words.send, primary=True),),
        typed=words.type_text,
    )


def _quoted(text: str, speaker: str) -> Lines:
    return Lines((Utterance(speaker, text, "customer"),))


def meanings(step: TextStep, scene: Scene, own: str) -> tuple[Item, ...]:
    """What a text may mean: the likeliest criterion, among all that is plausible and wrong.

    One alone, so that who picks without knowing hardly ever passes.
    """
    likeliest = fit(own, step.wordings).criteria[0]
    items = [Item(c.id, c.choice) for c in step.criteria if c.id == likeliest]
    items += [Item(m.id, m.choice) for m in step.misconceptions]
    Random(f"{scene.seed}/{plain(own)}").shuffle(items)
    return (*items, Item(OTHER, scene.strings.tutor.text_other))


def _waits(step: TextStep, scene: Scene) -> Missing | None:
    """What is missing for a question on the learner's figures."""
    found = needs_evaluation(scene) if step.figures else None
    return found if isinstance(found, Missing) else None


def buttons(step: TextStep, scene: Scene) -> tuple[Button, ...]:
    """The one that looks whether the figures are there."""
    return looks(scene) if step.figures else ()


def answer(step: TextStep, scene: Scene, given: StepEvent) -> Outcome:
    """Pass a text that fits the question, whatever its wording.

    Where that isn't sure, the learner is asked what it means: a meaning that fits passes, another
    one asks for other words; neither is an attempt. The score is the share of criteria met. What
    a text covers and what it misses is said either way.
    """
    words = scene.strings.tutor
    waits = _waits(step, scene)
    if waits:
        return Unclear(waits.text)
    held = State.of(scene.record.state)
    match given:
        case Pressed(picks=picks) if held.asking and "text" not in given.texts:
            return _meant(step, scene, held, picks.get("meant", ()))
        case Pressed(texts=texts):
            text = texts.get("text", "")
        case Typed(text=text) if held.asking:
            own, _ = own_words(held.text, step.prompt, _told(step), scene.strings)
            picked = chosen(text, meanings(step, scene, own), words.typing)
            if picked is not None:
                return _meant(step, scene, held, picked)
        case Typed(text=text):
            pass
        case _:
            text = ""
    text = text.strip()
    own, plea = own_words(text, step.prompt, _told(step), scene.strings)
    if plea:
        return Unclear(plea)
    if any(_alike(text, other) for other in held.misread):
        return Unclear(words.text_again)
    found = fit(own, step.wordings)
    asking = found.band == "ask" and len(held.misread) < MOST_ASKED
    state = replace(held, text=text, asking=asking)
    if asking:
        return Noted((), state=state, unplaced=True)
    if found.band == "fits":
        return _passed(step, scene, state, found.criteria)
    known = any(m.id == found.misconception for m in step.misconceptions)
    if found.band != "ask" and beside(text) >= (ASIDE_MISTAKEN if known else ASIDE):
        return Unclear(words.text_aside)
    return _missed(step, scene, state, found)


def _alike(text: str, other: str) -> bool:
    return SequenceMatcher(None, plain(text), plain(other), autojunk=False).ratio() >= ALIKE


def _meant(step: TextStep, scene: Scene, held: State, picked: Sequence[str]) -> Outcome:
    """What follows from the meaning that the learner picked: right or wrong, not to be tried on."""
    words = scene.strings.tutor
    own, _ = own_words(held.text, step.prompt, _told(step), scene.strings)
    offered = {item.id for item in meanings(step, scene, own)}
    if len(picked) != 1 or picked[0] not in offered:
        return Unclear(words.choose_first if not picked else words.choose_just_one)
    criteria = [c.id for c in step.criteria if c.id == picked[0]]
    if criteria:
        return _passed(step, scene, replace(held, asking=False), criteria)
    feedback = next((m.feedback for m in step.misconceptions if m.id == picked[0]), None)
    told = Notice("warning", feedback or words.text_anew, words.not_yet)
    misread = (*held.misread, held.text)
    return Noted((told,), state=replace(held, asking=False, misread=misread))


def _passed(step: TextStep, scene: Scene, state: State, ids: Iterable[str]) -> Judged:
    words = scene.strings.tutor
    named = set(ids)
    met = [c for c in step.criteria if c.id in named]
    missed = [c for c in step.criteria if c.id not in named]
    blocks: list[Block] = [
        Notice("good", step.praise, words.noted),
        _quoted(state.text, words.you),
        Text(words.you_cover, "strong"),
        Bullets(tuple(c.covered for c in met)),
    ]
    if step.example:
        blocks.append(Notice("info", step.example, words.example))
    if missed:
        blocks.append(Details(words.think_of, (_pointers(missed),)))
    blocks += _figures(step, scene)
    return _judged(step, state, blocks, score=len(met) / len(step.criteria), passed=True)


def _missed(step: TextStep, scene: Scene, state: State, found: Fit) -> Judged:
    """What it says instead is answered, where it is known; then a pointer more with each miss."""
    words = scene.strings.tutor
    instead = {m.id: m.feedback for m in step.misconceptions}.get(found.misconception)
    blocks: list[Block] = [
        Notice("warning", instead or words.text_off, words.not_yet),
        _quoted(state.text, words.you),
        Text(words.think_of, "strong"),
        _pointers(step.criteria[: 1 + scene.record.misses]),
        *_figures(step, scene),
    ]
    return _judged(step, state, blocks, score=0.0, passed=False)


def _pointers(criteria: Sequence[Criterion]) -> Bullets:
    return Bullets(tuple(c.missing for c in criteria))


def _figures(step: TextStep, scene: Scene) -> tuple[Block, ...]:
    if not step.figures:
        return ()
    words = scene.strings.model
    faults = "; ".join(data_faults(scene))
    flawed = (words.weighing.data_flawed.format(faults=faults),) if faults else ()
    lines = Bullets((*changes(scene).values(), *flawed))
    return (Details(words.text_figures, (lines,)),)


def _judged(
    step: TextStep, state: State, blocks: Sequence[Block], *, score: float, passed: bool
) -> Judged:
    return Judged(
        passed=passed,
        score=score,
        blocks=tuple(blocks),
        state=state,
        depends=step.figures,
        text=state.text if step.recorded else None,
    )


def solution(step: TextStep, scene: Scene) -> str:
    """An answer among many that would do; it can't be copied."""
    return scene.strings.talk.solution_text.format(
        example=step.example or "; ".join(c.covered for c in step.criteria)
    )
