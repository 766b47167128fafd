"""The benches of costs and of techniques: choices make a difference, and what is said is so."""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest

from content.lesson import ExperimentStep
from content.lesson.experimenting import named
from dialogs.simulations.experiment import Bench, Tried
from dialogs.simulations.registry import build
from dialogs.simulations.techniques import TechniquesBench
from dialogs.steps import experiment
from dialogs.steps.experiment import Made
from dialogs.values.scene import Scene
from tests.conversation.classroom import Classroom
from tests.lessons import library, tutor

COSTS, TECHNIQUES = "cost-benefit", "choosing-a-technique"
Set = Mapping[str, tuple[str, ...]]


def bench(lesson: str) -> Bench:
    made = build(library().simulations[lesson])
    assert isinstance(made, Bench)
    return made


def step(lesson: str, name: str) -> ExperimentStep:
    found = library().lessons[lesson].step(name)
    assert isinstance(found, ExperimentStep)
    return found


def usual(of: ExperimentStep, **changed: str) -> Set:
    held = {s.id: s.usual or (f"{s.value:g}" if s.value is not None else "",) for s in of.settings}
    return {**held, **{name: tuple(value.split(",")) for name, value in changed.items()}}


def month(**changed: str) -> Tried:
    return bench(COSTS).run("month", usual(step(COSTS, "month"), **changed), 1)


def year(**changed: str) -> Tried:
    return bench(COSTS).run("year", usual(step(COSTS, "year"), **changed), 1)


def test_the_documentations_month_comes_out() -> None:
    figures = month(volume="10000").figures
    assert figures["now-cost"] == pytest.approx(360)
    assert figures["tuned-cost"] == pytest.approx(18 + 1224)
    assert figures["even"] == pytest.approx(35_789, abs=1)


def test_at_the_break_even_nothing_is_left_and_above_it_something() -> None:
    even = month().figures["even"]
    assert month(volume=f"{even:.6f}").figures["result"] == pytest.approx(0, abs=0.01)
    assert month(volume=f"{even + 1000:.0f}").figures["result"] > 0
    now, tuned = month().lines
    crossed = [a[1] > b[1] for a, b in zip(now.points, tuned.points, strict=True)]
    assert crossed[0] is False
    assert crossed[-1] is True


def test_the_same_model_on_both_sides_never_pays() -> None:
    figures = month(now="gpt-4-1", tuned="gpt-4-1", volume="10000000").figures
    assert (figures["never"], figures["even"]) == (1.0, 0.0)
    assert figures["result"] == pytest.approx(-1224)


def test_a_year_is_even_at_its_break_even_gain() -> None:
    gain = year(gain="8", worth="3").figures["even-gain"]
    assert year(gain=f"{gain:.9f}", worth="3").figures["result"] == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(
    ("changed", "top"),
    [
        ({"gain": "1", "worth": "1"}, "hosting"),
        ({"gain": "15", "worth": "4"}, "gain"),
        ({"gain": "1", "examples": "8000", "minutes": "30"}, "work"),
    ],
)
def test_what_moves_the_result_most_is_what_is_large(changed: dict[str, str], top: str) -> None:
    figures = year(**changed).figures
    assert figures[f"top-{top}"] == 1.0
    swings = {n: v for n, v in figures.items() if n.startswith("swing-")}
    assert figures[f"swing-{top}"] == max(swings.values())


def test_a_swing_is_what_the_result_moves_by() -> None:
    low, high = (year(gain=f"{10 * f:g}", worth="3").figures["result"] for f in (0.8, 1.2))
    assert year(gain="10", worth="3").figures["swing-gain"] == pytest.approx(high - low)


def fit(scenario: str, technique: str, because: str) -> Mapping[str, float]:
    values = {
        "scenario": (scenario,),
        "technique": tuple(technique.split(",")),
        "because": (because,),
    }
    return bench(TECHNIQUES).run("fit", values, 1).figures


def test_each_technique_is_the_one_for_some_scenario() -> None:
    weighing = bench(TECHNIQUES)
    assert isinstance(weighing, TechniquesBench)
    solved: set[str] = set()
    for of in ("everyday", "further"):
        for trial in step(TECHNIQUES, of).way:
            (scenario,), (because,) = trial["scenario"], trial["because"]
            assert fit(scenario, ",".join(trial["technique"]), because)["solved"] == 1.0
            solved.update(trial["technique"])
            singles = [n for n in weighing.bench.techniques if (n,) != trial["technique"]]
            assert not any(fit(scenario, one, because)["solved"] for one in singles)
    assert solved == set(weighing.bench.techniques)


@pytest.mark.parametrize(
    ("scenario", "technique", "wrong"),
    [
        ("stock", "sft", "too-old"),
        ("shop", "prompt", "short"),
        ("labels", "sft", "too-dear"),
        ("festive", "sft", "lacks-data"),
        ("bill", "prompt", "too-dear"),
        ("damage", "vision,prompt", "needless"),
    ],
)
def test_a_poor_choice_fails_for_its_own_reason(scenario: str, technique: str, wrong: str) -> None:
    figures = fit(scenario, technique, "acts")
    assert figures[wrong] == 1.0
    assert figures["solved"] == 0.0


def test_a_good_choice_for_the_wrong_reason_is_not_solved() -> None:
    figures = fit("stock", "rag", "acts")
    assert (figures["best"], figures["reasoned"], figures["solved"]) == (1.0, 0.0, 0.0)


def test_more_data_helps_until_there_is_enough() -> None:
    weighing = bench(TECHNIQUES)
    assert isinstance(weighing, TechniquesBench)
    scenario, sft = weighing.bench.scenarios["shop"], weighing.bench.techniques["sft"]
    reached = [
        weighing.reach(sft, "tone", scenario.model_copy(update={"has": {"pairs": pairs}}))
        for pairs in (0, 9, 10, 100, 500, 5000)
    ]
    assert reached[0] == reached[1] < reached[2] < reached[3] < reached[4] == reached[5]


# --- what is said of them -----------------------------------------------------------


def scene_of(room: Classroom) -> Scene:
    lesson = room.tutor.edition(room.learner, room.progress.lesson)
    assert lesson
    return room.tutor.scene(room.learner, lesson, room.now, room.results)


def said(
    lesson: str, of: ExperimentStep, trials: list[Set]
) -> Iterator[tuple[Mapping[str, float], tuple[str, ...]]]:
    scene = scene_of(Classroom(tutor(), lesson))
    made = [
        Made(values=dict(v), figures=dict(bench(lesson).run(of.experiment, v, 1).figures))
        for v in trials
    ]
    for at in range(len(made)):
        yield made[at].figures, experiment.remarks(of, scene, made, at)


def test_what_is_said_of_a_month_is_so() -> None:
    of = step(COSTS, "month")
    grid = [
        usual(of, now=a, tuned=b, volume=v, dropped=d)
        for a, b, v, d in product(
            ("gpt-4-1", "gpt-4-1-mini"),
            ("gpt-4-1", "gpt-4-1-mini", "gpt-4-1-nano"),
            ("100", "40000", "5000000"),
            ("0", "1500"),
        )
    ]
    for figures, lines in said(COSTS, of, grid):
        text = " ".join(lines)
        assert ("no volume" in text) == (figures["never"] == 1)
        assert ("above the break-even" in text) == (figures["never"] == 0 <= figures["result"])
        assert ("to pay for itself" in text) == (figures["never"] == 0 and figures["result"] < 0)
        assert ("million conversations a month" in text) == (figures["even"] > 1_000_000)


def test_what_is_said_of_a_year_is_so() -> None:
    of = step(COSTS, "year")
    grid = [
        usual(of, volume=v, gain=g, worth=w, minutes=m, examples=e)
        for v, g, w, m, e in product(
            ("100", "5000", "200000"), ("0", "3", "15"), ("0", "2"), ("0", "30"), ("50", "9000")
        )
    ]
    for figures, lines in said(COSTS, of, grid):
        text = " ".join(lines)
        assert ("would have needed" in text) == (figures["result"] < 0)
        assert ("Even at a gain" in text) == (figures["result"] >= 0)
        assert ("is back after" in text) == (figures["payback"] < 120)
        for name, word in (("gain", "Volume, gain and worth"), ("hosting", "**Hosting**")):
            largest = max(v for n, v in figures.items() if n.startswith("swing-"))
            assert (word in text) == (figures[f"swing-{name}"] == pytest.approx(largest))


@pytest.mark.parametrize("name", ["everyday", "further"])
def test_what_is_said_of_a_proposal_is_so(name: str) -> None:
    of = step(TECHNIQUES, name)
    ids = {s.id: [o.id for o in s.options] for s in of.settings}
    ways = [(n,) for n in ids["technique"]] + [("sft", "dpo"), ("sft", "rag"), ("prompt", "tools")]
    grid: list[Set] = [
        {"scenario": (s,), "technique": t, "because": (b,)}
        for s, t, b in product(ids["scenario"], ways, ids["because"])
    ]
    for figures, lines in said(TECHNIQUES, of, grid):
        text = " ".join(lines)
        assert lines, "something is said of every proposal"
        assert ("that is the reason" in text) == (figures["solved"] == 1)
        assert ("the budget is" in text) == (figures["cost"] > figures["budget"])
        assert ("weakest need is met" in text) == (figures["met"] < 1)
        assert ("What can be left out" in text) == (figures["fits"] == 1 == figures["needless"])
        assert "{" not in text


def test_every_remark_can_be_said_and_filled_in() -> None:
    for lesson in (COSTS, TECHNIQUES):
        for of in library().lessons[lesson].steps_of(ExperimentStep):
            shown = {s.figure for s in of.shows} | {s.id for s in of.settings}
            for remark in of.remarks:
                assert {n.removeprefix("previous.") for n in named(remark.text)} <= shown
