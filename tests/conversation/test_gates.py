"""Nobody passes a step by saying nothing: each way around a gate, tried."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from content.lesson import QuizStep, TargetsStep, TextStep
from dialogs.simulations.persona import dashboard
from dialogs.steps import quiz
from dialogs.tutor import Tutor
from dialogs.values.actions import Goto
from dialogs.values.replies import Bullets, Button, Details, Dialogue, Message, Notice, Select, Text
from dialogs.work.models import current
from dialogs.work.requirements import is_assessed
from tests import oracle
from tests.conversation.classroom import Classroom, pressed
from tests.conversation.test_lessons import play_until
from tests.lessons import library

MAIN = "polite-chatbot"


@pytest.fixture(scope="module")
def rooms(tutor: Tutor) -> dict[str, Classroom]:
    """A learner at each step where one writes."""
    found = {}
    for step in ("improvements", "what-improve", "decision"):
        found[step] = Classroom(tutor, MAIN, seed=3)
        play_until(found[step], step)
    return found


@pytest.fixture
def at(rooms: dict[str, Classroom]) -> Iterator[dict[str, Classroom]]:
    """The same, each put back afterwards."""
    before = {name: (room.learner, room.stamped) for name, room in rooms.items()}
    yield rooms
    for name, room in rooms.items():
        room.learner, room.stamped = before[name]


def notices(room: Classroom, text: str) -> list[str]:
    """What the tutor says first to a typed text."""
    told = room.type(text)
    return [
        b.text
        for m in told
        if isinstance(m, Message)
        for b in m.blocks
        if isinstance(b, Notice) or (isinstance(b, Text) and m.stamp is None)
    ]


def own_text(tutor: Tutor, step_id: str) -> TextStep:
    step = tutor.library.lessons[MAIN].step(step_id)
    assert isinstance(step, TextStep)
    return step


@pytest.mark.parametrize("step_id", ["improvements", "what-improve"])
def test_what_the_tutor_said_is_nobodys_answer(
    at: dict[str, Classroom], tutor: Tutor, step_id: str
) -> None:
    step, words = own_text(tutor, step_id), tutor.library.strings.tutor
    pasted = [step.prompt, step.help, " ".join(c.missing for c in step.criteria)]
    pasted += [step.situation] if step.situation else []
    pasted += [" ".join(c.covered for c in step.criteria), step.misconceptions[0].feedback]
    for text in pasted:
        assert notices(at[step_id], text)[0] == words.text_echo, text
        assert at[step_id].progress.record(step_id).attempts == 0


@pytest.mark.parametrize("step_id", ["improvements", "what-improve", "decision"])
@pytest.mark.parametrize(
    "text",
    [
        "I don't know",
        "1 I don't know, politeness?",
        "I do not understand the question, please help",
        "no idea what you want from me, could you explain the question please",
        "I’m not sure what this data means",
    ],
)
def test_who_does_not_know_is_helped_and_not_praised(
    at: dict[str, Classroom], tutor: Tutor, step_id: str, text: str
) -> None:
    words, talk = tutor.library.strings.tutor, tutor.library.strings.talk
    if step_id == "decision" and not text.startswith("1 "):
        text = f"1 {text}"
    step = tutor.library.lessons[MAIN].step(step_id)
    assert step
    pointer = talk.says["lost"].format(title=step.title, help=step.help)
    hint = talk.hint_help.format(help=step.help)
    assert notices(at[step_id], text)[0] in (words.text_lost, pointer, hint)
    assert at[step_id].progress.record(step_id).attempts == 0


STUFFED = "blah polite help blah data 7 better"


@pytest.mark.parametrize("step_id", ["improvements", "what-improve", "decision"])
@pytest.mark.parametrize("text", ["asdf", "asdf asdf asdf asdf", STUFFED, f"{STUFFED} and more"])
def test_noise_and_stuffing_are_no_try(at: dict[str, Classroom], step_id: str, text: str) -> None:
    room = at[step_id]
    if step_id == "decision":
        room.press("answer", {"picked": "deploy", "why": text})
    else:
        assert notices(room, text)
    assert room.progress.record(step_id).attempts == 0


@pytest.mark.parametrize(
    ("step_id", "text"),
    [
        ("improvements", "They should not be polite and should not help anybody."),
        ("improvements", "Don't apologise, don't ask, just ignore the customer."),
        ("improvements", "My topic today is the train to Berlin with a friend."),
        ("what-improve", "Delete all the training data and never test again."),
        ("what-improve", "I like testing new recipes with my human friends."),
        ("what-improve", "I was able to talk about the weather on my way to the table."),
    ],
)
def test_denials_and_other_subjects_do_not_pass(
    at: dict[str, Classroom], step_id: str, text: str
) -> None:
    notices(at[step_id], text)
    assert at[step_id].progress.record(step_id).status != "passed"


@pytest.mark.parametrize(
    ("step_id", "text"),
    [
        ("improvements", "Don't be so curt"),
        ("improvements", "Reply with compassion and invite them to describe the fault."),
        ("improvements", "Mehr Verständnis zeigen und nachfragen."),
        ("what-improve", "make answers shorter"),
        ("what-improve", "Have people read a sample of the answers each week."),
        ("what-improve", "Añadir más ejemplos y volver a entrenar."),
    ],
)
def test_good_answers_pass_in_any_words(at: dict[str, Classroom], step_id: str, text: str) -> None:
    notices(at[step_id], text)
    assert at[step_id].progress.record(step_id).status == "passed"


@pytest.mark.parametrize(
    "text",
    [
        "Say sorry first and then ask what exactly is broken.",
        "I don't know much, but the reply should show empathy and ask what is wrong.",
        (
            "They are frustrated, so instead of “Please check the troubleshooting guide in the "
            "documentation.” tell them that you feel for them and offer the first step."
        ),
    ],
)
def test_a_long_answer_passes_whatever_stands_around_it(
    at: dict[str, Classroom], text: str
) -> None:
    notices(at["improvements"], text)
    assert at["improvements"].progress.record("improvements").status == "passed"


@pytest.mark.parametrize(
    "why",
    [
        "it is a nice polite bot and I like it",
        "because the politeness is good",
        "I think we should just do it because of the data",
    ],
)
def test_a_justification_without_evidence_does_not_pass(at: dict[str, Classroom], why: str) -> None:
    told = at["decision"].press("answer", {"picked": "deploy", "why": why})
    assert at["decision"].progress.record("decision").status == "tried"
    assert at["decision"].progress.record("decision").score == 0.5
    assert any(isinstance(b, Bullets) for m in told if isinstance(m, Message) for b in m.blocks)


@pytest.mark.parametrize(
    ("why", "about"),
    [
        ("Politeness got worse, so it must go out", "Response politeness"),
        ("Politeness did not improve by more than luck", "Response politeness"),
        ("Politeness rose, but accuracy collapsed to 12 %", "Accuracy"),
        ("Accuracy is 40 % and all is better", "Accuracy"),
        ("Helpfulness fell to 1.1, still better than nothing", "Helpfulness"),
        ("Politeness went from 4.76 to 2.25.", "Response politeness"),
        ("Half of the answers are wrong now but the tone improved.", "Accuracy"),
        ("I missed my politeness target.", "Response politeness"),
        ("Satisfaction fell sharply.", "Customer satisfaction"),
        ("Response time got faster", "Response time"),
        ("The bot promises more than before.", "No unbacked promises"),
    ],
)
def test_a_justification_that_contradicts_the_figures_does_not_pass(
    at: dict[str, Classroom], tutor: Tutor, why: str, about: str
) -> None:
    words = tutor.library.strings.model
    (message,) = (
        m
        for m in at["decision"].press("answer", {"picked": "deploy", "why": why})
        if isinstance(m, Message)
    )
    assert at["decision"].progress.record("decision").status == "tried"
    place = next(
        n
        for n, b in enumerate(message.blocks)
        if isinstance(b, Notice) and b.text == words.decide_contradicts
    )
    shown = message.blocks[place + 1]
    assert isinstance(shown, Bullets)
    assert [item.partition(":")[0] for item in shown.items] == [about]


CONTRADICTIONS = """\
Politeness has been cut in half.
The average politeness is now just 2.1 points.
The base model is more polite.
Accuracy went from 96% down to 81%.
Satisfaction remained at 3.5.
Every metric went up, even speed.
None of the metrics improved.
Neither target was reached.
Only one in two answers is accurate, accuracy is 50 percent.
It has unbacked promises in 20 % of its replies.
There was no improvement in politeness.
Politeness increased only marginally, from 2.2 to 2.5.
Politeness wasn't affected.
It lies to customers.
The model is bad, accuracy collapsed and honesty collapsed, so we deploy.
Satisfaction fell sharply and customers hate the tone now.
Die Antworten sind unhöflicher.
Höflichkeit: von 4,8 auf 2,2"""


def test_no_justification_that_contradicts_the_figures_passes(at: dict[str, Classroom]) -> None:
    for why in CONTRADICTIONS.splitlines():
        at["decision"].press("answer", {"picked": "deploy", "why": why})
        assert at["decision"].progress.record("decision").status == "tried", why


@pytest.mark.parametrize(
    "why",
    [
        "Accuracy did not fall, politeness is significantly better",
        "Politeness rose from 2.1 to 4.8 and accuracy stayed at 88 %",
        "My targets of 4 and 85 are reached.",
        "Die Höflichkeit ist von 2,1 auf 4,8 gestiegen.",
        "Replies are slower, but much friendlier.",
        "Politeness more than doubled.",
        "There was no drop in accuracy.",
        "The base model is ruder.",
        "The politeness score (4.76) exceeds my target (4).",
        "It promises nothing and politeness is clearly better",
        "Politeness went up by 2.7 points with no loss of helpfulness",
        "My target of 4.0 for politeness is reached, accuracy is above 85 %",
        "Response time got worse, but politeness rose and nothing else fell",
        "The interval of the A/B test lies above zero, so politeness is not luck",
    ],
)
def test_a_justification_that_the_figures_bear_passes(at: dict[str, Classroom], why: str) -> None:
    at["decision"].press("answer", {"picked": "deploy", "why": why})
    assert at["decision"].progress.record("decision").status == "passed"


@pytest.mark.parametrize("picked", ["more-data", "parameters"])
def test_a_decision_that_the_figures_do_not_support_does_not_pass(
    at: dict[str, Classroom], picked: str
) -> None:
    why = "Politeness rose from 2.1 to 4.8 and accuracy stayed at 88 %"
    at["decision"].press("answer", {"picked": picked, "why": why})
    assert at["decision"].progress.record("decision").status == "tried"


def test_the_base_stays_where_its_prompt_reaches_the_targets(at: dict[str, Classroom]) -> None:
    why = "Response politeness: 2.10 → 4.76. Accuracy: 89% → 88%."
    at["decision"].press("answer", {"picked": "base", "why": why})
    assert at["decision"].progress.record("decision").status == "passed"


def test_the_last_analysis_question_is_answered_with_the_learners_figures(
    at: dict[str, Classroom], tutor: Tutor
) -> None:
    room = at["what-improve"]
    heading = tutor.library.strings.model.text_figures
    (message,) = (
        m
        for m in room.type("Collect more varied examples, and let people review some replies.")
        if isinstance(m, Message)
    )
    (folded,) = (b for b in message.blocks if isinstance(b, Details) and b.title == heading)
    (shown,) = (b for b in folded.blocks if isinstance(b, Bullets))
    assert any(item.startswith("Response politeness: ") for item in shown.items)


def test_the_baseline_that_a_learner_is_told_is_the_dashboards(
    at: dict[str, Classroom], tutor: Tutor
) -> None:
    lesson, room = tutor.library.lessons[MAIN], at["decision"]
    (step,) = lesson.steps_of(TargetsStep)
    now = current(tutor.scene(room.learner, lesson, room.now, room.results))
    assert now
    assert now.evaluation
    base = {r.metric: r.comparison.a for r in dashboard(now.evaluation)}
    polite, accurate = re.findall(r"\*\*([\d.]+) of (?:5|100)\*\*", step.prompt)
    assert float(polite) == pytest.approx(base["politeness"], abs=0.06)
    assert float(accurate) == pytest.approx(100 * base["accuracy"], abs=0.6)


@pytest.mark.parametrize("text", ["What are your opening hours?", "What's the status of my order?"])
def test_a_customers_question_is_put_to_the_model(tutor: Tutor, text: str) -> None:
    room = Classroom(tutor, MAIN)
    play_until(room, "meet-base")
    lines = [
        b.lines
        for m in room.type(text)
        if isinstance(m, Message)
        for b in m.blocks
        if isinstance(b, Dialogue)
    ]
    assert [line[0].side for line in lines] == ["model"]
    assert notices(room, "What is an epoch?")[0].startswith("**epoch**")
    assert room.progress.record("meet-base").attempts == 0
    asked = room.progress.record("meet-base").state
    assert isinstance(asked, dict)
    assert asked["asked"] == [text]


@pytest.mark.parametrize("lesson", sorted(library().lessons))
def test_a_learner_can_ask_for_every_term_of_the_glossary(tutor: Tutor, lesson: str) -> None:
    room = Classroom(tutor, lesson)
    for entry in tutor.library.lessons[lesson].glossary:
        for name in (entry.term, *entry.also):
            (message,) = room.type(f"What is {name}?")
            assert isinstance(message, Message)
            (text,) = message.blocks
            assert isinstance(text, Text)
            assert text.text.startswith(f"**{entry.term}**"), name


@pytest.mark.parametrize(("right", "status"), [(7, "tried"), (8, "passed")])
def test_the_assessment_is_passed_with_four_of_five_right(
    at: dict[str, Classroom], tutor: Tutor, right: int, status: str
) -> None:
    room, lesson = at["decision"], tutor.library.lessons[MAIN]
    (step,) = lesson.steps_of(QuizStep)
    progress = replace(room.progress, cursor=step.id)
    room.learner = replace(room.learner, progress={MAIN: progress})
    room.type("start the assessment")
    for n in range(step.draw):
        scene = tutor.scene(room.learner, lesson, room.now, room.results)
        answer = oracle.right(step, scene)
        assert isinstance(answer, tuple)
        (select,) = (b for b in quiz.present(step, scene).blocks if isinstance(b, Select))
        places = [o.id for o in select.options]
        place = places.index(answer[1]["picked"])
        room.type(str((place if n < right else (place + 1) % len(places)) + 1))
    assert room.progress.record(step.id).status == status


@pytest.mark.parametrize("lesson", sorted(library().lessons))
def test_no_assessed_step_is_passed_over(tutor: Tutor, lesson: str) -> None:
    room = Classroom(tutor, lesson, seed=4)
    plan = tutor.library.lessons[lesson]
    met: list[str] = []
    for step, after in pairwise(plan.steps):
        play_until(room, step.id)
        if not is_assessed(step):
            continue
        met.append(step.id)
        assert room.stamped
        assert room.stamped.stamp
        stamp = room.stamped.stamp
        room.send(pressed(stamp, Button("", Goto(after.id), ""), {}))
        for text in ("next", "skip tutorial", "skip", f"review {len(plan.steps)}", "hello"):
            room.type(text)
        assert room.progress.cursor == step.id
        assert room.progress.record(step.id).status != "passed"
    # Most of what stands between a lesson's title and its end is to be passed, and some of each
    # phase: a walk that met little of it would show nothing.
    assert len(met) > len(plan.steps[1:-1]) / 2
    assert all(any(step.id in met for step in phase.steps) for phase in plan.phases)
