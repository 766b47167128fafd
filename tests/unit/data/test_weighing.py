"""What is weighed for the decision: in its order, with the figures, what fell first."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from content.lesson import TargetsStep
from dialogs.reading.causes import Cause
from dialogs.simulations.persona import Evaluation, Training
from dialogs.simulations.persona.diagnosis import Rival
from dialogs.tutor import Tutor
from dialogs.values.progress import Record
from dialogs.values.scene import Scene
from dialogs.work.targets import Targets
from dialogs.work.weighing import diagnosis, ground, on_cause, usual_settings, weighed
from tests.unit.data.test_data_effects import trained
from tests.unit.data.test_data_problems import laid_out


@pytest.fixture(scope="module")
def sound(tutor: Tutor) -> Scene:
    """A good run on sound data."""
    return trained(laid_out(tutor, 7))


def test_all_that_was_weighed_stands_in_its_order(sound: Scene) -> None:
    found = diagnosis(sound)
    assert found
    run, data, prompted, few_shot, guardrails, price = weighed(sound, found)
    assert re.fullmatch(
        r"☑ The run: training loss \d\.\d\d → \d\.\d\d, validation loss \d\.\d\d → \d\.\d\d\. .+",
        run,
    )
    assert re.fullmatch(r"☑ Your data: \d+ lines about \d+ topics, and no fault found\.", data)
    for line, name in ((prompted, "With prompt"), (few_shot, "With examples")):
        assert re.match(rf"[☑☐] {name}: Response politeness \d\.\d\d, your model \d\.\d\d\. ", line)
    parts = guardrails.removeprefix("☑ Guardrails: ").split("; ")
    assert [part.partition(":")[0] for part in parts] == [
        "Accuracy",
        "Helpfulness",
        "No unbacked promises",
    ]
    assert re.fullmatch(
        r"The price: Response time: \d\.\d\d s → \d\.\d\d s, [^;]+\); "
        r"Prompt tokens: your model \d+, With prompt \d+, With examples \d+\. .+",
        price,
    )


def test_what_fell_comes_first_of_the_guardrails(sound: Scene) -> None:
    (shown,) = (one for one in sound.results.values() if isinstance(one, Evaluation))
    base, tuned = shown.sides["base"], shown.sides["tuned"]
    scales = {**tuned.scales, "helpfulness": "1" * len(shown.customers)}
    worse = tuned.model_copy(update={"scales": scales, "accurate": base.accurate})
    fallen = shown.model_copy(update={"sides": {**shown.sides, "tuned": worse}})
    scene = replace(sound, results={**sound.results, shown.recipe_key: fallen})
    found = diagnosis(scene)
    assert found
    (line,) = (one for one in weighed(scene, found) if "guardrail fell:" in one)
    fell, _, others = line.partition(" No other fall is proven: ")
    named = [re.findall(r"(Accuracy|Helpfulness|No unbacked promises):", s) for s in (fell, others)]
    assert named == [["Helpfulness"], ["Accuracy", "No unbacked promises"]]
    assert ", no proven difference; No unbacked promises: " in others


def test_a_small_fall_of_accuracy_is_told_with_its_limit(sound: Scene) -> None:
    scene = remade(sound, accurate=lambda right: right.replace("1", "0", 6))
    found = diagnosis(scene)
    assert found
    assert not found.harms
    (line,) = (one for one in weighed(scene, found) if one.startswith("☑ Guardrails: "))
    assert line.startswith("☑ Guardrails: Accuracy: ")
    assert "); Helpfulness: " in line
    assert "Accuracy fell, by less than 5 points: " in line


def test_promises_beyond_their_limit_are_named_though_the_base_made_as_many(sound: Scene) -> None:
    (shown,) = (one for one in sound.results.values() if isinstance(one, Evaluation))
    (flag,) = shown.flag_metrics
    sides = {
        side: answers.model_copy(
            update={
                "replies": tuple(
                    said.model_copy(update={"flags": (flag,)}) for said in answers.replies
                )
            }
        )
        for side, answers in shown.sides.items()
    }
    promising = shown.model_copy(update={"sides": sides})
    scene = replace(sound, results={**sound.results, shown.recipe_key: promising})
    found = diagnosis(scene)
    assert found
    (line,) = (one for one in weighed(scene, found) if one.startswith("☐ A guardrail fell: "))
    fell, _, others = line.partition(" No other fall is proven: ")
    assert "No unbacked promises: 0% → 0%" in fell
    assert "Helpfulness: " in others


def remade(scene: Scene, accurate: Callable[[str], str] = str, least: str = "") -> Scene:
    """The same, where the tuned model's answers are other ones; `least` is what each scale is."""
    (shown,) = (one for one in scene.results.values() if isinstance(one, Evaluation))
    tuned = shown.sides["tuned"]
    scales = {name: least * len(shown.customers) or told for name, told in tuned.scales.items()}
    base = shown.sides["base"].accurate
    made = tuned.model_copy(update={"accurate": accurate(base), "scales": scales})
    other = shown.model_copy(update={"sides": {**shown.sides, "tuned": made}})
    return replace(scene, results={**scene.results, shown.recipe_key: other})


def test_a_rival_is_told_with_targets_and_guardrails(sound: Scene) -> None:
    found = diagnosis(sound)
    assert found
    without = weighed(sound, found)
    assert not any("your targets" in line for line in without)
    aimed = with_targets(sound, 3)
    harmed = found.model_copy(update={"rivals": tuple(map(unsafe, found.rivals))})
    for known, reaches, falls in (
        (found.model_copy(update={"rivals": tuple(map(sufficient, found.rivals))}), True, False),
        (harmed, False, True),
    ):
        lines = [line for line in weighed(aimed, known) if re.match("[☑☐] With ", line)]
        assert len(lines) == 2
        for line in lines:
            assert ("It reaches your targets without training." in line) is reaches
            assert ("It doesn't reach your targets." in line) is not reaches
            assert ("But a guardrail falls with it." in line) is falls


def with_targets(scene: Scene, politeness: float) -> Scene:
    """The same learner, who set a target before."""
    (step,) = scene.lesson.steps_of(TargetsStep)
    (target,) = (t for t in step.targets if t.metric == "politeness")
    state = Targets({target.id: politeness / target.scale}).as_json()
    progress = scene.progress.with_record(step.id, Record("passed", state=state))
    return replace(scene, progress=progress)


def unsafe(rival: Rival) -> Rival:
    """The same one, where it misses a target and harms."""
    return rival.model_copy(update={"missed": ("politeness",), "harms": ("dishonest",)})


def test_scales_on_which_a_rival_is_ahead_are_listed(sound: Scene) -> None:
    scene = remade(sound, least="1")
    found = diagnosis(scene)
    assert found
    (line, *_) = (one for one in weighed(scene, found) if re.match("[☑☐] With ", one))
    assert "Your model is clearly behind in: Response politeness, Helpfulness. " in f"{line} "


def test_each_fault_of_the_data_is_named(tutor: Tutor) -> None:
    scene = trained(laid_out(tutor, 7, "personal-card", "promise-parcel"))
    found = diagnosis(scene)
    assert found
    (line,) = (one for one in weighed(scene, found) if one.startswith("☐ Your data: "))
    faults = line.removeprefix("☐ Your data: ").removesuffix(".").split("; ")
    assert len(faults) >= 3
    assert all(re.search(r"line \d+$", fault) for fault in faults)


def test_a_run_is_told_up_to_the_checkpoint_that_was_measured(sound: Scene) -> None:
    (shown,) = (one for one in sound.results.values() if isinstance(one, Evaluation))
    (training,) = (one for one in sound.results.values() if isinstance(one, Training))
    for epoch in (1, 2):
        measured = shown.model_copy(update={"epoch": epoch})
        scene = replace(sound, results={**sound.results, shown.recipe_key: measured})
        found = diagnosis(scene)
        assert found
        run, *_ = weighed(scene, found)
        at = training.checkpoints[epoch - 1]
        assert f"→ {at.train_loss:.2f}" in run


def test_an_overfit_run_names_the_epoch_that_was_best(sound: Scene) -> None:
    (training,) = (one for one in sound.results.values() if isinstance(one, Training))
    first, second, third = training.checkpoints[:3]
    worse = replace(third, valid_loss=second.valid_loss + 0.8, train_loss=second.train_loss / 2)
    longer = training.settings.model_copy(update={"n_epochs": 9})
    turned = training.model_copy(update={"checkpoints": (first, second, worse), "settings": longer})
    scene = replace(sound, results={**sound.results, training.recipe_key: turned})
    found = diagnosis(scene)
    assert found
    assert found.kind == "overfit"
    run, settings, *_ = weighed(scene, found)
    assert f"best after epoch 2 ({second.valid_loss:.2f})" in run
    assert settings.startswith("☐ The settings: multiplier 1, batch size 1, epochs 9, ")
    assert on_cause(scene, found, Cause("run", at_fault=True)) == f"{run} {settings}"


def test_a_ground_names_the_models_that_it_is_about(sound: Scene) -> None:
    found = diagnosis(sound)
    assert found
    both = tuple(sufficient(rival) for rival in found.rivals)
    enough = found.model_copy(update={"rivals": both})
    assert ground(sound, enough, "base").startswith("With prompt / With examples: good enough")
    # Where the tuned model is ahead, a rival that suffices isn't level with it.
    ahead = both[0].model_copy(update={"ahead": ("helpfulness",), "behind": ()})
    level = both[1].model_copy(update={"ahead": (), "behind": ()})
    either = found.model_copy(update={"rivals": (ahead, level)})
    assert " limit. With examples: as good" in ground(sound, either, "deploy")
    one = found.model_copy(update={"rivals": both[1:]})
    assert ground(sound, one, "base").startswith("With examples: good enough")


def sufficient(rival: Rival) -> Rival:
    """The same one, where it does all that is asked."""
    return rival.model_copy(update={"missed": (), "harms": ()})


def test_a_statement_on_data_or_run_is_answered_with_its_line(sound: Scene) -> None:
    found = diagnosis(sound)
    assert found
    run, data, *_ = weighed(sound, found)
    assert on_cause(sound, found, Cause("data", at_fault=True)) == data
    assert on_cause(sound, found, Cause("run", at_fault=True)) == run
    nothing = replace(sound, progress=replace(sound.progress, model=None))
    assert on_cause(nothing, found, Cause("run", at_fault=True)) == ""
    assert weighed(nothing, found) == ()
    assert diagnosis(nothing) is None


def test_the_usual_settings_are_those_that_the_job_names(sound: Scene) -> None:
    usual = usual_settings(sound)
    assert usual
    assert (usual.learning_rate_multiplier, usual.batch_size, usual.n_epochs) == (1, 1, 3)
