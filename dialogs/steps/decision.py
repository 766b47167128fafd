"""The decision step: the next step is decided by the learner's own figures, and justified."""

from dataclasses import dataclass

from pydantic import JsonValue

from content.lesson import DecisionStep, JobStep, SelectionStep
from content.strings import Strings, TypingForms
from dialogs.reading.causes import Cause
from dialogs.reading.fitting import fit
from dialogs.reading.typed import chosen, numbers
from dialogs.simulations.persona import Diagnosis
from dialogs.steps.text import LEAST, own_words
from dialogs.values.actions import Answer, Goto
from dialogs.values.events import Pressed, Typed
from dialogs.values.facts import Picked
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
    Write,
)
from dialogs.values.scene import Ask, Ignored, Judged, Outcome, Scene, StepEvent, Unclear, pick_of
from dialogs.work.evidence import Figures, held
from dialogs.work.figures import changes, rivals, target_lines
from dialogs.work.metrics import label
from dialogs.work.models import current, is_older_than_data
from dialogs.work.needs import Missing, looks, needs_evaluation
from dialogs.work.targets import targets
from dialogs.work.weighing import diagnosis, ground, on_cause, weighed

MORE_DATA = "more-data"
MOST_TYPED = 60  # characters in which a typed decision is looked for
CLEAR = 0.6  # share from which a reason counts
UNSURE = 0.3  # share from which it is asked which figure is meant


@dataclass(frozen=True)
class State(Kept):
    """The decision made last, and why."""

    picked: str = ""
    why: str = ""


def collects(state: JsonValue) -> bool:
    """Whether the decision made last is to collect more data."""
    return State.of(state).picked == MORE_DATA


def present(step: DecisionStep, scene: Scene) -> Ask:
    """The learner's figures, the four options, and room to justify."""
    words = scene.strings.model
    missing = needs_evaluation(scene)
    if isinstance(missing, Missing):
        return missing.ask
    held = State.of(scene.record.state)
    value = (held.picked,) if held.picked else ()
    blocks: tuple[Block, ...] = (
        Text(words.decide_figures, "strong"),
        Bullets((*changes(scene).values(), *rivals(scene), *target_lines(scene))),
        Text(words.decide_order, "small"),
        Select("picked", step.prompt, _items(step), value=value),
        Write("why", step.justify, scene.strings.tutor.your_words, held.why),
    )
    send = Button(words.decide, Answer(), words.decide, primary=True)
    return Ask(blocks, (send,), typed=words.decide_how)


def buttons(_: DecisionStep, scene: Scene) -> tuple[Button, ...]:
    """The one that looks whether the figures are there."""
    return looks(scene)


def _items(step: DecisionStep) -> tuple[Item, ...]:
    return tuple(Item(o.id, o.text) for o in step.options)


def answer(step: DecisionStep, scene: Scene, given: StepEvent) -> Outcome:
    """Pass the decision that the figures call for, justified with evidence that agrees with them.

    The score is 1.0 for both, 0.5 for a right decision without such evidence, else 0.0.
    """
    words, tutor = scene.strings.model, scene.strings.tutor
    figures, found = needs_evaluation(scene), diagnosis(scene)
    if isinstance(figures, Missing) or found is None:
        return Unclear(figures.text if isinstance(figures, Missing) else words.no_evaluation)
    match given:
        case Pressed(texts=texts):
            picked, why = given.picked("picked"), texts.get("why", "")
        case Typed(text=text):
            picked, why = _typed(step, text, tutor.typing)
        case _:
            return Ignored()
    why = why.strip()
    choice = next((o for o in step.options if o.id == picked), None)
    if choice is None:
        return Unclear(words.decide_both)
    found_reasons = reasons(step, why, _figures(scene, found), scene.strings)
    if found_reasons.plea:
        return Unclear(found_reasons.plea)
    state = State(picked=picked, why=why)
    answered = pick_of("picked", _items(step), (picked,))
    if choice.id not in found.grounds:
        blocks: tuple[Block, ...] = (
            Notice("warning", choice.otherwise, tutor.not_yet),
            *_stale(scene),
            _weighed(scene, found, words.decide_weighed),
        )
        return _judged(state, answered, blocks)
    if found_reasons.asks:
        return Unclear(_which(step, scene))
    if not found_reasons.justifies:
        return _judged(state, answered, _unjustified(step, scene, found, found_reasons), 0.5)
    lines = changes(scene)
    blocks = (
        Notice("good", f"{step.praise} {choice.right}", tutor.right),
        Text(ground(scene, found, choice.id)),
        Text(words.decide_found, "strong"),
        Bullets(
            (
                *(lines[m] for m in found_reasons.agreeing if m in lines),
                *(on_cause(scene, found, cause) for cause in found_reasons.borne_out),
                *(c.covered for c in step.evidence if c.id in found_reasons.met),
            )
        ),
        *_also(step, scene, found, choice.id),
        *_stale(scene),
        _weighed(scene, found, words.decide_speaks),
    )
    if choice.id in (MORE_DATA, "parameters"):
        blocks = (*blocks, Text(words.decide_retrain_how))
    return _judged(state, answered, blocks, 1.0, _ways_back(scene, choice.id))


def _judged(
    state: State,
    answered: tuple[Picked, ...],
    blocks: tuple[Block, ...],
    score: float = 0.0,
    back: tuple[Button, ...] = (),
) -> Judged:
    return Judged(
        passed=score == 1.0,
        score=score,
        blocks=blocks,
        state=state,
        answered=answered,
        depends=True,
        buttons=back,
    )


def _which(step: DecisionStep, scene: Scene) -> str:
    """The question back where it isn't sure what a justification says."""
    labels = [label(scene.lesson, claim.metric) for claim in step.claims]
    return scene.strings.model.decide_ask.format(labels=", ".join(labels))


def _unjustified(
    step: DecisionStep, scene: Scene, found: Diagnosis, told_by: "Reasons"
) -> tuple[Block, ...]:
    """What a justification denies of the figures, or what it could name."""
    words, lines = scene.strings.model, changes(scene)
    if told_by.denied or told_by.untrue:
        text = words.decide_contradicts
        told = [lines[m] for m in told_by.denied if m in lines]
        told += dict.fromkeys(on_cause(scene, found, cause) for cause in told_by.untrue)
    else:
        text, told = words.decide_evidence, [c.missing for c in step.evidence]
    return (Notice("warning", text, scene.strings.tutor.not_yet), Bullets(tuple(told)))


def _weighed(scene: Scene, found: Diagnosis, title: str) -> Details:
    """All that was weighed, in order, with the learner's own figures."""
    return Details(title, (Bullets(weighed(scene, found)),))


def _stale(scene: Scene) -> tuple[Block, ...]:
    return (Notice("info", scene.strings.model.stale),) if is_older_than_data(scene) else ()


def _also(step: DecisionStep, scene: Scene, found: Diagnosis, picked: str) -> tuple[Block, ...]:
    """What would have been defensible, too, and why."""
    others = [o for o in step.options if o.id in found.grounds and o.id != picked]
    lines = tuple(f"**{o.text}** – {ground(scene, found, o.id)}" for o in others)
    return (Text(scene.strings.model.decide_also, "strong"), Bullets(lines)) if lines else ()


def _told(step: DecisionStep) -> tuple[str, ...]:
    """What the step itself says, which justifies nothing."""
    options = (t for o in step.options for t in (o.text, o.right, o.otherwise))
    evidence = (t for c in step.evidence for t in (c.covered, c.missing))
    return (step.prompt, step.help, *options, *evidence)


@dataclass(frozen=True)
class Reasons:
    """What a justification comes to.

    `plea` are kind words where it is no honest try; `agreeing` and `denied` the metrics of which it
    says what the figures bear out, or deny; `borne_out` and `untrue` what it says of the data and
    the run; `met` what else of the evidence it names. With `asks` it isn't sure what it says.
    """

    plea: str | None = None
    agreeing: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    borne_out: tuple[Cause, ...] = ()
    untrue: tuple[Cause, ...] = ()
    met: tuple[str, ...] = ()
    asks: bool = False

    @property
    def justifies(self) -> bool:
        """Whether it is evidence, and none of it false."""
        is_false = self.denied or self.untrue
        return not self.plea and not is_false and bool(self.agreeing or self.borne_out or self.met)


def reasons(step: DecisionStep, why: str, figures: Figures | None, strings: Strings) -> Reasons:
    """Read a justification: claims are held against the figures, the rest is read for its sense."""
    # "Politeness: 2.25 → 4.76" is a whole reason.
    least = 1 if numbers(why) else LEAST
    own, plea = own_words(why, step.justify, _told(step), strings, least)
    if plea or figures is None:
        return Reasons(plea=plea)
    claims = held(own, step.claims, figures, strings.model)
    if claims.denied or claims.agreeing or claims.untrue or claims.borne_out:
        return Reasons(
            agreeing=claims.agreeing,
            denied=claims.denied,
            borne_out=claims.borne_out,
            untrue=claims.untrue,
        )
    found = fit(own, step.wordings)
    if found.share >= CLEAR and not claims.unclear:
        return Reasons(met=found.criteria)
    return Reasons(asks=found.share >= UNSURE)


def _figures(scene: Scene, found: Diagnosis) -> Figures | None:
    now = current(scene)
    if now is None or now.evaluation is None:
        return None
    aims = targets(scene.lesson, scene.progress)
    return Figures(scene.lesson, now.evaluation, aims, found)


def _ways_back(scene: Scene, picked: str) -> tuple[Button, ...]:
    """The way back to the data and to the training job, where the decision calls for it."""
    words, jobs = scene.strings.model, scene.lesson.steps_of(JobStep)
    selecting = scene.lesson.steps_of(SelectionStep) if picked == MORE_DATA else ()
    ways = [(words.decide_collect, step.id) for step in selecting[:1]]
    if picked in (MORE_DATA, "parameters"):
        ways += [(words.decide_retrain, step.id) for step in jobs[:1]]
    return tuple(Button(text, Goto(name), text) for text, name in ways)


def _typed(step: DecisionStep, text: str, forms: TypingForms) -> tuple[str, str]:
    """A decision by number or by its words, then the justification."""
    head, _, rest = text.strip().partition(" ")
    picked = chosen(head.rstrip(".,:;)"), _items(step), forms)
    if picked and rest:
        return picked[0], rest
    low = text.lower()
    named = next((o.id for o in step.options if o.text.lower() in low[:MOST_TYPED]), "")
    return named, text
