"""The decision step: the next step is decided by the learner's own figures, and justified."""

from pydantic import JsonValue

from content.frozen import Frozen
from content.lesson import DecisionStep, JobStep
from dialogs import metrics
from dialogs.models import current, diagnosis
from dialogs.personas import Diagnosis, dashboard
from dialogs.plan import in_lesson
from dialogs.replies import Block, Bullets, Button, Item, Notice, Select, Text, Write
from dialogs.steps.scene import Ask, Given, Judged, Noted, Outcome, Said, Scene, Unclear, Values
from dialogs.steps.text import LONGEST, covers, second_request
from dialogs.typed import chosen

MOST_TYPED = 60  # characters in which a typed decision is looked for


class State(Frozen):
    """The decision made last, and why."""

    picked: str = ""
    why: str = ""

    @classmethod
    def of(cls, state: JsonValue) -> "State":
        """Read a record's state; a fresh one when there is none."""
        return cls.model_validate(state or {})


def present(step: DecisionStep, scene: Scene) -> Ask:
    """The learner's figures, the four options, and room to justify."""
    words = scene.strings.model
    now = current(scene)
    if now is None:
        return Ask((Notice("info", words.no_model),))
    if now.evaluation is None:
        look = Button(words.look, "look", words.look, primary=True)
        return Ask((Text(words.no_evaluation),), (look,))
    held = State.of(scene.record.state)
    value = (held.picked,) if held.picked else ()
    blocks = (
        Text(words.decide_figures, "strong"),
        Bullets(figures(scene)),
        Select("picked", step.prompt, _items(step), value=value),
        Write("why", step.justify, scene.strings.tutor.your_words, held.why),
    )
    send = Button(words.decide, "answer", words.decide, primary=True)
    return Ask(blocks, (send,), typed=words.decide_how)


def _items(step: DecisionStep) -> tuple[Item, ...]:
    return tuple(Item(o.id, o.text) for o in step.options)


def figures(scene: Scene) -> tuple[str, ...]:
    """Each metric from base to tuned, in a line."""
    words, lesson, now = scene.strings.model, scene.lesson, current(scene)
    if now is None or now.evaluation is None:
        return ()
    known = metrics.metrics(lesson)
    return tuple(
        words.decide_figure.format(
            label=known[r.metric].label,
            base=metrics.figure(lesson, r.metric, r.comparison.a),
            tuned=metrics.figure(lesson, r.metric, r.comparison.b),
            change=metrics.change(words, r.comparison),
        )
        for r in dashboard(now.evaluation)
        if r.metric in known
    )


def answer(step: DecisionStep, scene: Scene, given: Given) -> Outcome:
    """Pass the decision that the figures call for, with evidence named in its justification.

    The score is 1.0 for both, 0.5 for a right decision without evidence, else 0.0.
    """
    words, tutor = scene.strings.model, scene.strings.tutor
    found = diagnosis(scene)
    if found is None:
        return Unclear(words.no_model if current(scene) is None else words.no_evaluation)
    match given:
        case Values(values=values):
            picked, why = values.get("picked", ""), values.get("why", "")
        case Said(text=text):
            picked, why = _typed(step, text)
        case _:
            return Noted((), scene.record.state, quiet=True)
    why = why.strip()[:LONGEST]
    choice = next((o for o in step.options if o.id == picked), None)
    if choice is None:
        return Unclear(words.decide_both)
    plea = second_request(why, step.justify, scene.strings)
    if plea:
        return Unclear(plea)
    state: JsonValue = State(picked=picked, why=why).model_dump(mode="json")
    evidence = covers(why, step.evidence)
    if choice.id != found.next_step:
        blocks: tuple[Block, ...] = (
            Notice("warning", choice.otherwise, tutor.not_yet),
            Text(words.decide_problems, "strong"),
            Bullets(_problems(scene, found)),
        )
        return Judged(passed=False, score=0.0, blocks=blocks, state=state, depends=True)
    if not evidence:
        missing = Bullets(tuple(c.missing for c in step.evidence))
        blocks = (Notice("warning", words.decide_evidence, tutor.not_yet), missing)
        return Judged(passed=False, score=0.5, blocks=blocks, state=state, depends=True)
    blocks = (
        Notice("good", f"{step.praise} {choice.right}", tutor.right),
        Text(words.decide_found, "strong"),
        Bullets(tuple(c.covered for c in evidence)),
        Text(words.decide_problems, "strong"),
        Bullets(_problems(scene, found)),
    )
    if choice.id in ("more-data", "parameters"):
        blocks = (*blocks, Text(words.decide_retrain_how))
    back = _ways_back(scene, choice.id)
    return Judged(passed=True, score=1.0, blocks=blocks, state=state, depends=True, buttons=back)


def _ways_back(scene: Scene, picked: str) -> tuple[Button, ...]:
    """The way back to the training job, where the decision calls for it."""
    jobs = in_lesson(scene.lesson, JobStep)
    if picked not in ("more-data", "parameters") or not jobs:
        return ()
    text = scene.strings.model.decide_retrain
    return (Button(text, f"goto:{jobs[0].id}", text),)


def _typed(step: DecisionStep, text: str) -> tuple[str, str]:
    """A decision by number or by its words, then the justification."""
    head, _, rest = text.strip().partition(" ")
    picked = chosen(head.rstrip(".,:;)"), _items(step))
    if picked and rest:
        return picked[0], rest
    low = text.lower()
    named = next((o.id for o in step.options if o.text.lower() in low[:MOST_TYPED]), "")
    return named, text


def _problems(scene: Scene, found: Diagnosis) -> tuple[str, ...]:
    """What led to the diagnosis, with the learner's own figures."""
    words = scene.strings.model
    if not found.problems:
        return (words.sound, *figures(scene))
    known = found.figures
    told = {
        "lines": f"{known.get('lines', 0):.0f}",
        "topics": f"{known.get('topics', 0):.0f}",
        "dominant": f"{known.get('dominant', 0):.0%}",
        "off_tone": f"{known.get('off tone', 0):.0%}",
        "flagged": f"{known.get('flagged', 0):.0%}",
    }
    return (*(words.problems[p].format(**told) for p in found.problems), *figures(scene))
