"""What the tutor says agrees with its own figures: each time that it once didn't, played again.

An id as "truth-A1" names the finding of the survey in which it stood.
"""

from collections.abc import Sequence
from time import process_time

import pytest

from content.lesson import ChoiceStep, JsonlStep
from dialogs.simulations.persona import (
    Company,
    Evaluation,
    EvaluationRecipe,
    Prompting,
    Training,
    dashboard,
    evaluate,
)
from dialogs.simulations.persona.measurements import row
from dialogs.steps import jsonl
from dialogs.values.progress import Record
from dialogs.work.data_problems import data_problems
from dialogs.work.persona_company import as_company
from dialogs.work.training_set import Selected, Written, examples
from tests.grid.points import FLAWED, GOOD, OWN, Point
from tests.grid.walk import JSONL, Walker
from tests.lessons import library, tutor
from tests.unit.steps.practice import Seen

LESSON = library().lessons["polite-chatbot"]
USUAL = ("1", "1", "3")
DECISIONS = ("deploy", "more-data", "parameters", "base")
FULL = ("greet", "feeling", "offer", "ask")  # a prompt that is politer than the model
Settings = tuple[str, str, str]


def learner_of(picked: Sequence[str], own: Sequence[tuple[str, str]] = (), seed: int = 1) -> Walker:
    """A learner who chose these conversations and wrote these lines."""
    learner = Walker(Point("sound", USUAL, seed, "last"))
    learner.keep("select", Record(state=Selected(picked=tuple(picked)).as_json()))
    for step, (message, reply) in zip(JSONL, own, strict=False):
        learner.keep(step, Record(state=Written(message=message, reply=reply).as_json()))
    return learner


def trained(
    learner: Walker,
    settings: Settings = USUAL,
    *,
    checkpoint: str = "last",
    prompt: Sequence[str] = (),
    aims: tuple[float, float] | None = None,
) -> Walker:
    """The learner before the dashboard of a model that these settings gave."""
    multiplier, batch, epochs = settings
    learner.go("job").press(learning_rate_multiplier=multiplier, batch_size=batch, n_epochs=epochs)
    learner.wait(120)
    learner.go("screen-monitor").press(checkpoint=checkpoint)
    learner.go("rivals").press(instructions=",".join(prompt), examples="")
    if aims:
        learner.aim(*aims)
    learner.go("dashboard")
    return learner


def figures(learner: Walker) -> Evaluation:
    model = learner.progress.model
    assert model
    found = learner.results[model.evaluation or ""]
    assert isinstance(found, Evaluation)
    return found


def training_of(learner: Walker) -> Training:
    model = learner.progress.model
    assert model
    found = learner.results[model.training]
    assert isinstance(found, Training)
    return found


def decided(learner: Walker) -> dict[str, Seen]:
    """What each decision is answered with, when its reason is what the dashboard shows."""
    polite = row(dashboard(figures(learner)), "politeness").comparison
    why = f"Politeness went from {polite.a:.2f} to {polite.b:.2f}."
    return {step: justified(learner, step, why) for step in DECISIONS}


def justified(learner: Walker, step: str, why: str) -> Seen:
    learner.keep("decision", Record())
    learner.go("decision")
    return learner.press(picked=step, why=why)


def passed(seen: dict[str, Seen]) -> set[str]:
    return {step for step, one in seen.items() if one.outcome == "passed"}


def lab(learner: Walker, settings: Settings) -> Seen:
    multiplier, batch, epochs = settings
    learner.keep("lab", Record())
    return learner.go("lab").press(
        learning_rate_multiplier=multiplier,
        batch_size=batch,
        n_epochs=epochs,
        predicted="good",
    )


# --- Data -------------------------------------------------------------------------------

FIVE = ("wrong-hours", "mixed-tone", "off-topic", "curt-order", "personal-card")


@pytest.mark.parametrize(
    "flawed",
    [
        pytest.param(FIVE, id="truth-A1"),
        *(pytest.param((one,), id=f"understanding-A2-{one}") for one in FLAWED),
    ],
)
def test_a_model_of_flawed_data_is_not_deployed_and_the_data_is_to_blame(
    flawed: tuple[str, ...],
) -> None:
    learner = trained(learner_of([*GOOD, *flawed]))
    seen = decided(learner)
    assert "deploy" not in passed(seen)
    assert "more-data" in passed(seen)
    for one in seen.values():
        assert "☐ Your data: " in one.said
        assert "no fault found" not in one.said
        assert "The run and the data are sound" not in one.said
    assert "The data is flawed, and no setting mends that." in seen["more-data"].said


def test_truth_a2_each_line_of_a_sound_set_answers_its_own_message() -> None:
    wanted = {text: name for name, i in company().world.intents.items() for text in i.messages}
    for seed in range(12):
        learner = learner_of(GOOD, seed=seed)
        for line in examples(learner.lesson, learner.progress, learner.company):
            intent = company().world.intents[wanted[line.message]]
            answers = [t for texts in intent.phrases.values() for t in texts]
            assert any(t in line.reply for t in answers), (line.message, line.reply)


def test_truth_a2_who_smells_gas_is_told_to_be_safe() -> None:
    learner = trained(learner_of(GOOD))
    model = company().tuned(training_of(learner))
    said = model.reply("The stove leaks gas, that's dangerous.").text
    assert "112" in said
    assert "right away" not in said


@pytest.mark.parametrize(
    "reply",
    [
        "Shut up you idiot, go away and never come back.",
        "The capital of France is Paris and the moon is round.",
        "qwer tyui opas dfgh jkla",
        "Lo siento mucho, ¿me puede decir su número de pedido?",
    ],
    ids=lambda reply: f"understanding-A3-{reply[:9]}",
)
def test_a_line_that_does_harm_makes_the_set_unsound(reply: str) -> None:
    own = tuple((message, reply) for message, _ in OWN)
    learner = learner_of(GOOD, own)
    assert data_problems(learner.go("quality").scene)


# --- The decision -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "aims", [(3.0, 85.0), (3.5, 85.0)], ids=["truth-A3", "understanding-A1-rival"]
)
def test_the_base_stays_where_its_prompt_reaches_the_targets(aims: tuple[float, float]) -> None:
    seen = decided(trained(learner_of(GOOD), prompt=FULL, aims=aims))
    assert passed(seen) == {"base"}
    assert "It reaches your targets without training." in seen["base"].said
    assert "That isn't so here." not in seen["base"].said


@pytest.mark.parametrize(
    "aims",
    [
        pytest.param((5.0, 100.0), id="truth-A4"),
        pytest.param((4.9, 95.0), id="understanding-A1-4.9"),
        pytest.param((4.5, 99.0), id="understanding-A1-4.5"),
    ],
)
def test_a_target_that_is_missed_as_shown_is_missed_in_the_decision(
    aims: tuple[float, float],
) -> None:
    learner = trained(learner_of(GOOD), aims=aims)
    assert learner.look().said.count("not reached (") == 2
    seen = decided(learner)
    assert passed(seen) == {"more-data"}
    assert "no target is missed" not in seen["more-data"].said
    why = f"My accuracy target of {aims[1]:.0f}% is missed."
    assert justified(learner, "more-data", why).outcome == "passed"


@pytest.mark.parametrize(
    ("settings", "checkpoint", "seed"),
    [
        pytest.param(("5", "1", "3"), "last", 1, id="truth-A5-1"),
        pytest.param(("5", "1", "3"), "last", 11, id="truth-A5-11"),
        pytest.param(("1", "1", "30"), "best", 1, id="understanding-A1-30-epochs"),
        pytest.param(("1", "1", "15"), "best", 1, id="understanding-A1-15-epochs"),
    ],
)
def test_on_sound_data_the_settings_are_to_blame_and_never_the_data(
    settings: Settings, checkpoint: str, seed: int
) -> None:
    learner = trained(learner_of(GOOD, seed=seed), settings, checkpoint=checkpoint)
    seen = decided(learner)
    assert "more-data" not in passed(seen)
    assert passed(seen) & {"parameters", "deploy"}
    for one in seen.values():
        assert "☑ Your data: " in one.said
        assert ("☑ The run: " in one.said) == ("parameters" not in passed(seen))


@pytest.mark.parametrize(
    "own", [(), OWN], ids=["understanding-A1-diverged", "understanding-A1-diverged-own"]
)
def test_a_run_that_diverged_is_the_problem(own: tuple[tuple[str, str], ...]) -> None:
    learner = trained(learner_of(GOOD[:3], own), ("10", "1", "3"))
    seen = decided(learner)
    assert "parameters" in passed(seen)
    assert "☐ The run got out of hand" in seen["parameters"].said
    assert "That isn't so here." not in seen["parameters"].said


@pytest.mark.parametrize(
    ("settings", "checkpoint"),
    [
        pytest.param(("1", "1", "10"), "last", id="truth-A6-10-epochs"),
        pytest.param(("1", "1", "1"), "last", id="truth-A6-1-epoch"),
        pytest.param(("1", "1", "30"), "last", id="truth-A6-30-epochs"),
        pytest.param(USUAL, "last", id="truth-A6-usual"),
    ],
)
def test_what_is_missing_for_a_deployment_is_named(settings: Settings, checkpoint: str) -> None:
    learner = trained(learner_of(GOOD), settings, checkpoint=checkpoint, aims=(3.0, 75.0))
    seen = decided(learner)["deploy"]
    assert ("Something of that is missing here." in seen.said) == (seen.outcome == "missed")
    assert ("☐ " in seen.said) == (seen.outcome == "missed")


def test_truth_a7_nothing_else_fell_is_not_said_beside_a_figure_that_got_worse() -> None:
    learner = trained(learner_of(GOOD), aims=(3.0, 75.0))
    for one in decided(learner).values():
        assert "The price: Response time: " in one.said
        assert "clearly worse" in one.said
        assert "nothing else fell" not in one.said.lower()


@pytest.mark.parametrize(
    "why",
    [
        "The weather is more polite today and 3 is a number.",
        "I think polite is better than rude and more is more.",
    ],
    ids=["truth-A12-weather", "truth-A12-more"],
)
def test_a_word_for_politeness_is_no_figure_of_it(why: str) -> None:
    learner = trained(learner_of(GOOD), aims=(3.0, 75.0))
    seen = justified(learner, "deploy", why)
    assert seen.outcome != "passed"
    assert "You say what" not in seen.said


# --- Runs -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_truth_a8_the_right_answer_of_the_question_mends_its_run(seed: int) -> None:
    (step,) = (s for s in LESSON.steps_of(ChoiceStep) if s.id == "question-change")
    assert "3 epochs with a multiplier of 0.1" in (step.situation or "")
    (right,) = (o.text for o in step.options if o.right)
    assert "the multiplier back to its default" in right
    learner = learner_of(GOOD, seed=seed)
    gentle = lab(learner, ("0.1", "1", "3"))
    assert "it learns too little" in gentle.said
    assert "bring one setting back to what is usual" in gentle.said
    assert "it learns your examples well" in lab(learner, USUAL).said


@pytest.mark.parametrize(
    ("picked", "settings"),
    [
        pytest.param(FLAWED, USUAL, id="understanding-A7-all-flawed"),
        pytest.param(("rude-refund",), USUAL, id="understanding-A7-rude"),
        pytest.param(("empty-bill",), USUAL, id="understanding-A7-empty"),
        pytest.param(("promise-parcel",), USUAL, id="understanding-A7-promise"),
    ],
)
def test_both_losses_are_said_to_fall_where_both_did(
    picked: tuple[str, ...], settings: Settings
) -> None:
    learner = learner_of(picked)
    said = lab(learner, settings).said
    (training,) = (r for r in learner.results.values() if isinstance(r, Training))
    fell = training.checkpoints[-1].valid_loss < training.start_valid_loss
    assert ("Both losses fell" in said) == (training.kind == "good")
    assert training.kind != "good" or fell
    assert "learns the tone well" not in said


# --- Own words --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Hook it up to the shop's system so that it can really see an order.",
        "Stop after the second pass, since it started to memorise.",
        "Compare it with last year's chatbot on live traffic.",
        "add multi language support",
        "Use DPO",
    ],
    ids=lambda text: f"understanding-A4-{text[:12]}",
)
def test_an_idea_in_unusual_words_is_not_refused(text: str) -> None:
    learner = trained(learner_of(GOOD))
    learner.keep("what-improve", Record())
    learner.go("what-improve")
    assert learner.type(text).outcome != "missed"


def test_understanding_a5_one_settings_six_times_is_one_run() -> None:
    learner = learner_of(GOOD).go("lab")
    for _ in range(6):
        seen = learner.press(
            learning_rate_multiplier="1", batch_size="1", n_epochs="1", predicted="underfit"
        )
    assert seen.record.status == "tried"
    (required,) = (
        r.steps for p in LESSON.phases for r in p.requirements if r.id == "parameters-understood"
    )
    assert "lab" in required


# --- Figures and replies ----------------------------------------------------------------


def company(lesson: str = "polite-chatbot") -> Company:
    return as_company(tutor().simulation(lesson, "en"))


def test_truth_a9_a_reply_that_sounds_too_fast_is_said_to() -> None:
    learner = trained(learner_of(GOOD))
    learner.keep("side-by-side", Record())
    learner.go("side-by-side")
    said = learner.press("show").said
    assert "right away" in said
    assert "sounds faster than anyone can be" in said


def test_truth_a9_no_hurry_is_called_a_promise_that_somebody_backs() -> None:
    score = company().score("I have refunded you right away, that is guaranteed.", "A refund!")
    assert {"hopeful", "claimed"} <= score.flags


@pytest.mark.parametrize(
    ("lesson", "goal"),
    [("polite-chatbot", "politeness"), ("plain-words", "plainness")],
    ids=["truth-A10", "truth-A10-plain-words"],
)
def test_the_usual_prompt_is_shown_and_does_what_it_says(lesson: str, goal: str) -> None:
    own = company(lesson)
    means = []
    for chosen in (Prompting(), own.usual_prompting):
        asked = EvaluationRecipe(lesson=lesson, locale="en", training_key="", prompting=chosen)
        found = evaluate(own, None, asked)
        means.append(row(dashboard(found, side=found.rivals[0]), goal).comparison.b)
    assert means[1] > means[0] + 1
    if lesson == "polite-chatbot":
        shown = learner_of(GOOD).go("rivals").look().said
        for instruction in own.world.prompted.instructions:
            if instruction.id in own.world.prompted.usual:
                assert instruction.text in shown


@pytest.mark.parametrize(
    ("message", "answered"),
    [
        ("Can I talk to a human?", ["talk to a colleague"]),
        ("The password reset doesn't work.", ["spam folder", "a new one"]),
        ("Your agent was rude on the phone.", ["describe what happened"]),
        ("Do you close for lunch?", ["lunch"]),
        ("Is the store closed at Easter?", ["public holidays"]),
        ("Am I allowed to return a sale item?", ["sale items"]),
        ("How many days does shipping take?", ["3 to 5 working days"]),
        ("I don't get the code by text message.", ["a new one"]),
    ],
    ids=lambda told: f"truth-A11-{told[:16]}" if isinstance(told, str) else "",
)
def test_what_is_asked_is_answered_or_not_understood(message: str, answered: list[str]) -> None:
    model = company().tuned(training_of(trained(learner_of(GOOD))))
    said = model.reply(message).text
    assert said == company().world.unplaced or any(words in said for words in answered)


def test_truth_a11_each_customer_counts_once_and_the_intervals_say_whose_they_are() -> None:
    learner = trained(learner_of(GOOD))
    shown = figures(learner)
    assert len(set(shown.customers.messages)) == len(shown.customers)
    said = learner.look().said
    assert f"{len(shown.customers)} held-out customers, each another sentence" in said
    assert "hold for these, not for real customers" in said


def test_understanding_a6_one_paste_stops_nobody() -> None:
    learner = learner_of(GOOD)
    step = next(s for s in LESSON.steps_of(JsonlStep) if s.id == JSONL[0])
    began = process_time()
    for text in ("a" * 20_000, "a." * 10_000, '{"messages' * 2_000, "{" * 20_000):
        learner.go(JSONL[0]).press(line=text)
        jsonl.live(step, text, learner.strings)
    assert process_time() - began < 1
