"""The dashboard step, where learners err: what it can't show, and each way to look closer."""

import re

import pytest

from dialogs.values.replies import Dialogue
from tests.unit.conftest import At, WithModel
from tests.unit.steps.practice import Practice, Seen


def customers(seen: Seen) -> list[str]:
    """Whose replies are shown."""
    blocks = [b for m in seen.messages for b in m.blocks]
    return [line.text for b in blocks if isinstance(b, Dialogue) for line in b.lines]


def sizes(seen: Seen) -> list[int]:
    """How many customers the A/B tests asked."""
    return [int(n) for n in re.findall(r"A/B test with (\d+) customers", seen.said)]


@pytest.fixture
def board(with_model: WithModel) -> Practice:
    return with_model("figures", "sound")


@pytest.mark.parametrize("text", ["filter 2", "open 1", "ab 40", "banana"])
def test_without_a_model_there_are_no_figures(at: At, text: str) -> None:
    learner = at("figures")
    assert learner.inputs == {}
    seen = learner.type(text)
    assert (seen.outcome, seen.counts) == ("unclear", (0, 0))
    assert "no tuned model yet" in seen.said


@pytest.mark.parametrize(
    ("do", "values"),
    [
        pytest.param("filter", {"segment": "dogs"}, id="an unknown kind of customer"),
        pytest.param("filter", {"segment": ""}, id="no kind of customer"),
        pytest.param("open", {"metric": "beauty"}, id="an unknown figure"),
        pytest.param("open", {"metric": ""}, id="no figure"),
        pytest.param("ab", {"size": "1"}, id="a test with one customer"),
        pytest.param("ab", {"size": "0"}, id="a test with nobody"),
        pytest.param("ab", {"size": "-40"}, id="a test with less than nobody"),
        pytest.param("ab", {"size": "481"}, id="a test with one more than there are"),
        pytest.param("ab", {"size": "many"}, id="a test with a number in words"),
    ],
)
def test_what_it_cannot_show_costs_nothing(
    board: Practice, do: str, values: dict[str, str]
) -> None:
    seen = board.press(do, **values)
    assert (seen.outcome, seen.counts, seen.kept) == ("unclear", (0, 0), {})
    assert "I can filter" in seen.said


@pytest.mark.parametrize(
    "text",
    ["filter", "filter 0", "filter 4", "filter dogs", "open", "open 0", "open 5", "open beauty",
     "ab", "ab 1", "ab 481", "banana", "", "2"],
)  # fmt: skip
def test_what_names_nothing_to_look_at_costs_nothing(board: Practice, text: str) -> None:
    seen = board.type(text)
    assert (seen.outcome, seen.counts, seen.kept) == ("unclear", (0, 0), {})


def test_a_filter_shows_the_figures_of_that_kind_of_customer(board: Practice) -> None:
    seen = board.press("filter", segment="money")
    assert (seen.outcome, seen.score) == ("passed", 1.0)
    assert seen.kept["segment"] == "money"
    assert "For: Fines, 20 customers" in seen.said
    assert board.inputs["segment"] == ("money",)
    assert "For: All customers, 90 customers" in board.press("filter", segment="all").said


def test_a_figure_opens_the_replies_behind_it_a_page_at_a_time(board: Practice) -> None:
    first = board.press("open", metric="plainness")
    assert (first.outcome, first.kept["metric"], first.kept["page"]) == ("passed", "plainness", 0)
    assert "Replies behind “Plain language” (1 of" in first.said
    again = board.press("open", metric="plainness")
    assert (again.outcome, again.kept["page"]) == ("noted", 1)
    assert "(2 of" in again.said
    assert customers(first) != customers(again)
    other = board.press("open", metric="accuracy")
    assert (other.kept["metric"], other.kept["page"]) == ("accuracy", 0)


def test_replies_are_those_of_the_filtered_customers(board: Practice) -> None:
    board.press("filter", segment="money")
    seen = board.press("open", metric="plainness")
    assert seen.kept["segment"] == "money"
    assert "of 20)" in seen.said
    assert len(customers(seen)) == 1


def test_the_pages_begin_again_after_the_last(board: Practice) -> None:
    board.press("filter", segment="money")
    for _ in range(20):
        board.press("open", metric="plainness")
    seen = board.press("open", metric="plainness")
    assert "(1 of 20)" in seen.said


@pytest.mark.parametrize("size", [2, 20, 40, 90], ids="with {} customers".format)
def test_the_ab_test_answers_with_its_interval(board: Practice, size: int) -> None:
    seen = board.press("ab", size=str(size))
    assert (seen.outcome, seen.kept["used"], sizes(seen)) == ("passed", True, [size])
    assert "95% interval" in seen.said


def test_an_ab_test_keeps_the_filter(board: Practice) -> None:
    board.press("filter", segment="money")
    assert board.press("ab", size="40").kept["segment"] == "money"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("filter 2", {"segment": "loans"}),
        ("filter fines", {"segment": "money"}),
        ("filter all", {"segment": "all"}),
        ("open 4", {"metric": "accuracy"}),
        ("show plain language", {"metric": "plainness"}),
        ("ab 40", {"metric": "", "used": True}),
        ("A/B test with 40", {"metric": "", "used": True}),
    ],
)
def test_typed_looks_are_read(board: Practice, text: str, kept: dict[str, object]) -> None:
    seen = board.type(text)
    assert (seen.outcome, {k: seen.kept[k] for k in kept}) == ("passed", kept)


def test_more_opens_the_next_page_of_what_is_open(board: Practice) -> None:
    assert board.type("more").outcome == "unclear", "nothing is open"
    board.type("open 2")
    assert board.type("more").kept["page"] == 1


def test_looking_on_is_no_further_attempt(board: Practice) -> None:
    board.press("filter", segment="money")
    seen = board.press("filter", segment="loans")
    assert (seen.outcome, seen.counts, seen.record.status) == ("noted", (1, 0), "passed")


def test_a_slip_after_the_pass_takes_nothing_away(board: Practice) -> None:
    board.press("filter", segment="money")
    seen = board.press("ab", size="1")
    assert (seen.outcome, seen.record.status, seen.kept["segment"]) == (
        "unclear",
        "passed",
        "money",
    )


def test_targets_are_told_reached_or_not(board: Practice) -> None:
    board.go("goals").press(plainness="5", accuracy="100")
    seen = board.go("figures").look()
    assert "☑ Your target: Plain language 5.00" in seen.said
    weak = board.go("goals")
    assert weak.record("goals").status == "passed"


def test_a_missed_target_is_told_so(with_model: WithModel) -> None:
    learner = with_model("goals", "wild")
    learner.press(plainness="4", accuracy="95")
    seen = learner.go("figures").look()
    told = re.search(r"☐ Your target: Accuracy 95% – not reached \((\d+)%\)", seen.said)
    assert told is not None
    assert int(told[1]) < 95


def test_figures_of_a_model_older_than_the_data_are_marked_so(with_model: WithModel) -> None:
    learner = with_model("choose", "sound")
    learner.press(picked=("renew", "fine", "room"))
    for step in ("side", "figures"):
        assert "older than the data" in learner.go(step).look().said
