"""The decision step: the next step is decided by the learner's own figures, and justified."""

from dataclasses import dataclass

from content.lesson import DecisionStep, JobStep
from content.strings import Strings, TypingForms
from dialogs.reading.fitting import fit
from dialogs.reading.typed import chosen, numbers
from dialogs.simulations.persona import Diagnosis
from dialogs.steps.text import LEAST, own_words
from dialogs.values.actions import Answer, Goto
from dialogs.values.events import Pressed, Typed
from dialogs.values.facts import Picked
from dialogs.values.kept import Kept
from dialogs.values.replies import Block, Bullets, Button, Item, Notice, Select, Text, Write
from dialogs.values.scene import Ask, Ignored, Judged, Outcome, Scene, StepEvent, Unclear, pick_of
from dialogs.work.evidence import Figures, held
from dialogs.work.figures import changes, rivals, target_lines
from dialogs.work.models import current, is_older_than_data
from dialogs.work.needs import Missing, looks, needs_evaluation
from dialogs.work.targets import targets
from dialogs.work.weighing import diagnosis, ground, weighed

MOST_TYPED = 60  # characters in which a typed decision is looked for
CLEAR = 0.6  # share from which a reason counts: what it means is never asked here


@dataclass(frozen=True)
class State(Kept):
    """The decision made last, and why."""

    picked: str = ""
    why: str = ""


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
    found_reasons = reasons(step, why, _figures(scene), scene.strings)
    if found_reasons.plea:
        return Unclear(found_reasons.plea)
    state = State(picked=picked, why=why)
    answered = pick_of("picked", _items(step), (picked,))
    if choice.id not in found.grounds:
        blocks: tuple[Block, ...] = (
            Notice("warning", choice.otherwise, tutor.not_yet),
            *_weighed(scene, found, words.decide_weighed),
        )
        return _judged(state, answered, blocks)
    if not found_reasons.justifies:
        return _judged(state, answered, _unjustified(step, scene, found_reasons), 0.5)
    lines = changes(scene)
    blocks = (
        Notice("good", f"{step.praise} {choice.right}", tutor.right),
        Text(ground(scene, found, choice.id)),
        Text(words.decide_found, "strong"),
        Bullets(
            (
                *(lines[m] for m in found_reasons.agreeing if m in lines),
                *(c.covered for c in step.evidence if c.id in found_reasons.met),
            )
        ),
        *_weighed(scene, found, words.decide_speaks),
        *_also(step, scene, found, choice.id),
    )
    if choice.id in ("more-data", "parameters"):
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


def _unjustified(step: DecisionStep, scene: Scene, found: "Reasons") -> tuple[Block, ...]:
    """What a justification denies of the figures, or what it could name."""
    words, lines = scene.strings.model, changes(scene)
    if found.denied:
        text, told = words.decide_contradicts, [lines[m] for m in found.denied if m in lines]
    else:
        text, told = words.decide_evidence, [c.missing for c in step.evidence]
    return (Notice("warning", text, scene.strings.tutor.not_yet), Bullets(tuple(told)))


def _weighed(scene: Scene, found: Diagnosis, heading: str) -> tuple[Block, ...]:
    """All that was weighed, in order, with the learner's own figures."""
    stale = (Notice("info", scene.strings.model.stale),) if is_older_than_data(scene) else ()
    return (Text(heading, "strong"), Bullets(weighed(scene, found)), *stale)


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
    says what the figures bear out, or deny; `met` what else of the evidence it names.
    """

    plea: str | None = None
    agreeing: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    met: tuple[str, ...] = ()

    @property
    def justifies(self) -> bool:
        """Whether it is evidence, and none of it false."""
        return not self.plea and not self.denied and bool(self.agreeing or self.met)


def reasons(step: DecisionStep, why: str, figures: Figures | None, strings: Strings) -> Reasons:
    """Read a justification: claims are held against the figures, the rest is read for its sense."""
    # "Politeness: 2.25 → 4.76" is a whole reason.
    least = 1 if numbers(why) else LEAST
    own, plea = own_words(why, step.justify, _told(step), strings, least)
    if plea or figures is None:
        return Reasons(plea=plea)
    claims = held(own, step.claims, figures, strings.model)
    if claims.denied or claims.agreeing:
        return Reasons(agreeing=claims.agreeing, denied=claims.denied)
    found = fit(own, step.wordings)
    is_clear = found.band == "fits" and found.share >= CLEAR
    return Reasons(met=found.criteria if is_clear and not claims.unclear else ())


def _figures(scene: Scene) -> Figures | None:
    now = current(scene)
    if now is None or now.evaluation is None:
        return None
    return Figures(scene.lesson, now.evaluation, targets(scene.lesson, scene.progress))


def _ways_back(scene: Scene, picked: str) -> tuple[Button, ...]:
    """The way back to the training job, where the decision calls for it."""
    jobs = scene.lesson.steps_of(JobStep)
    if picked not in ("more-data", "parameters") or not jobs:
        return ()
    text = scene.strings.model.decide_retrain
    return (Button(text, Goto(jobs[0].id), text),)


def _typed(step: DecisionStep, text: str, forms: TypingForms) -> tuple[str, str]:
    """A decision by number or by its words, then the justification."""
    head, _, rest = text.strip().partition(" ")
    picked = chosen(head.rstrip(".,:;)"), _items(step), forms)
    if picked and rest:
        return picked[0], rest
    low = text.lower()
    named = next((o.id for o in step.options if o.text.lower() in low[:MOST_TYPED]), "")
    return named, text
