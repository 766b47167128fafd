"""Conversations: what is learned of them, what a weight of 0 keeps out, what use has to send."""

import pytest

from dialogs.simulations.small_model.bench import SmallModel
from tests.lessons import tutor
from tests.unit.simulations.trials import LOCALES, Figures, Values, grid, met, said, tried

LESSON, STEP = "multi-turn", "tune"
THREE = "warranty+power+where"
GRID = tuple(
    grid(
        lines=("", "single", "multi", "rough", "multi+rough", "single+multi+rough"),
        weights=("marked", "all"),
        history=("last", "all"),
        messages=("", THREE),
    )
)


def so(v: Values, f: Figures) -> list[bool]:
    """Of each remark, whether it is so."""
    return [
        not v["messages"],
        f["first"] >= 0.9 and f["follow"] < 0.5,
        "multi" in v["lines"] and v["history"] == ("last",) and f["follow"] < 0.5,
        (
            v["history"] == ("all",)
            and f["follow"] < 0.5
            and not {"multi", "rough"} & set(v["lines"])
        ),
        f["rude"] > 0,
        "rough" in v["lines"] and v["weights"] == ("marked",) and f["rude"] == 0,
        min(f["follow"], f["third"]) >= 0.9,
        len(v["messages"]) >= 1 and f["own"] == 1,
    ]


def values(lines: str, weights: str, history: str, messages: str = THREE) -> Values:
    (found,) = grid(lines=[lines], weights=[weights], history=[history], messages=[messages])
    return found


def figures(locale: str, lines: str, weights: str, history: str) -> Figures:
    return tried(LESSON, STEP, values(lines, weights, history), locale).figures


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("settings", GRID, ids=str)
def test_a_remark_is_said_just_where_it_is_so(locale: str, settings: Values) -> None:
    found = tried(LESSON, STEP, settings, locale).figures
    assert said(LESSON, STEP, settings, locale) == so(settings, found)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_thread_is_kept_by_lines_of_several_turns_and_by_what_is_sent(locale: str) -> None:
    assert figures(locale, "single", "marked", "all")["follow"] < 0.5
    assert figures(locale, "multi", "marked", "last")["follow"] < 0.5
    kept = figures(locale, "multi", "marked", "all")
    assert kept["follow"] >= 0.9
    assert kept["third"] >= 0.9
    assert kept["own"] == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_a_reply_of_weight_0_is_not_learned(locale: str) -> None:
    marked = figures(locale, "multi+rough", "marked", "all")
    everything = figures(locale, "multi+rough", "all", "all")
    assert marked["rude"] == 0
    assert everything["rude"] > 0.1
    assert marked["first"] > everything["first"]


@pytest.mark.parametrize("locale", LOCALES)
def test_only_whole_conversations_without_curt_replies_keep_all(locale: str) -> None:
    found = [v for v in GRID if "kept" in met(LESSON, STEP, v, locale)]
    assert found
    assert all({"multi", "rough"} <= set(v["lines"]) for v in found)
    assert {(v["weights"], v["history"]) for v in found} == {(("marked",), ("all",))}


def test_the_own_conversation_is_held_message_by_message() -> None:
    cases = tried(LESSON, STEP, values("multi", "marked", "all")).cases
    assert [case.title for case in cases[:3]] == [
        "How long is the warranty?",
        "And what does it run on?",
        "Where is it again?",
    ]
    assert all("lawn mower" in case.said for case in cases[:3])
    assert cases[1].said in cases[2].behind[0].text
    assert "lawn mower" in cases[0].behind[1].text


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("lines", ["single", "multi", "multi,rough", "single,multi,rough"])
@pytest.mark.parametrize("history", ["last", "all"])
def test_what_keeps_the_thread_tells_the_fact_that_was_asked_for(
    lines: str, history: str, locale: str
) -> None:
    bench = tutor().simulations[LESSON, locale]
    assert isinstance(bench, SmallModel)
    assert bench.bench.own
    asks = bench.bench.own.messages
    given = {"lines": tuple(lines.split(",")), "weights": ("marked",), "history": (history,)}
    for entry in bench.bench.entries:
        facts = {
            asks["warranty"].ask: entry.words["years"],
            asks["power"].ask: entry.words["power"],
            asks["where"].ask: entry.words["aisle"],
        }
        talk = bench.talk("converse", given, 0, [entry.words["thing"], *facts]).cases[1:]
        for case in talk:
            told = facts[case.title] in case.said
            assert case.right is not True or told, (entry.id, case)
            assert not case.unasked or not told, (entry.id, case)
        if "multi" in lines and history == "all":
            assert all(case.right for case in talk), entry.id
