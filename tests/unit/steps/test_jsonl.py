"""The JSONL step, where learners err. What the checker finds is tried in tests/unit/data."""

import json

import pytest

from bot.channels import parse
from content.lesson import JsonlStep
from dialogs.steps.jsonl import live, solution
from dialogs.values.events import Typed
from tests.unit.conftest import At
from tests.unit.steps.practice import practice_lesson

STEP = practice_lesson().step("write")
assert isinstance(STEP, JsonlStep)
LINE = solution(STEP)


def line(system: str = "", user: str = "", assistant: str = "") -> str:
    """The line with other texts in it."""
    assert isinstance(STEP, JsonlStep)
    texts = (system or STEP.system, user or STEP.customer, assistant or STEP.response)
    turns = zip(("system", "user", "assistant"), texts, strict=True)
    return json.dumps({"messages": [{"role": r, "content": c} for r, c in turns]})


MISSES = [
    pytest.param(LINE[:-1], "One thing to mend", id="a brace is missing"),
    pytest.param(LINE.replace('"', "'"), "These are single quotes", id="single quotes"),
    pytest.param(line(system="Be rude."), "isn't the system message", id="another system message"),
    pytest.param(line(user="Where is the cat?"), "isn't what our customer wrote", id="another one"),
    pytest.param(line(assistant="ok"), "very short for a reply", id="no reply"),
    pytest.param(f"{LINE}\n{line(assistant='Yes, and it is free.')}", "second example", id="two"),
    pytest.param("{}", 'no list called "messages"', id="an empty object"),
    pytest.param("[]", "", id="an empty list"),
]
SLIPS = [
    pytest.param("", id="nothing"),
    pytest.param("  \n", id="spaces"),
]


@pytest.mark.parametrize("way", ["pressed", "typed"])
@pytest.mark.parametrize(("text", "said"), MISSES)
def test_a_faulty_line_is_a_miss_and_is_kept_to_be_mended(
    at: At, text: str, said: str, way: str
) -> None:
    learner = at("write")
    seen = learner.press(line=text) if way == "pressed" else learner.type(text)
    assert (seen.outcome, seen.score, seen.hint, seen.counts) == ("missed", 0.0, 1, (1, 1))
    assert said in seen.said
    assert seen.kept["text"] == text
    assert (seen.kept["message"], seen.kept["reply"]) == ("", "")
    assert learner.inputs == {"line": text}


@pytest.mark.parametrize("text", SLIPS)
def test_an_empty_line_costs_nothing(at: At, text: str) -> None:
    seen = at("write").press(line=text)
    assert (seen.outcome, seen.counts, seen.kept) == ("unclear", (0, 0), {})


@pytest.mark.parametrize("way", ["pressed", "typed"])
@pytest.mark.parametrize("text", ["how does this work?", "messages: user", "done", "👍"])
def test_small_talk_is_no_line(at: At, text: str, way: str) -> None:
    learner = at("write")
    seen = learner.press(line=text) if way == "pressed" else learner.type(text)
    assert (seen.score, seen.counts, seen.kept) == (None, (0, 0), {})


@pytest.mark.parametrize(
    "text",
    [
        LINE,
        *(case.values[0] for case in MISSES),
        LINE[1:],
        LINE.replace("reset", "&quot;reset&quot; <at>you</at> &amp;"),
        f"\u200b{LINE}",
        f"```json\n{LINE}\n```",
        f"{LINE}\n" * 30,
    ],
)
def test_the_same_text_is_judged_alike_typed_and_in_the_field(at: At, text: str) -> None:
    body = {"channelId": "emulator", "text": text}
    typed = parse.said(body, "bot")
    assert isinstance(typed, Typed)
    one, other = at("write").type(typed.text), at("write").press(line=text)
    assert (one.score, one.counts, one.hint) == (other.score, other.counts, other.hint)
    assert str(one.kept.get("text", "")).strip() == str(other.kept.get("text", "")).strip()


def test_help_grows_to_a_finished_line_of_another_conversation(at: At) -> None:
    learner = at("write")
    told = [learner.press(line="{") for _ in range(3)]
    assert [seen.hint for seen in told] == [1, 2, 3]
    assert "One object on one line." in told[0].said
    assert "Three messages." in told[1].said
    assert "Three messages." in told[2].said
    assert ["show" in seen.said.lower() for seen in told] == [False, False, True]
    shown = learner.press("show")
    assert (shown.outcome, shown.counts, shown.kept["shown"]) == ("noted", (3, 3), True)
    assert "show" not in learner.buttons
    assert learner.inputs == {"line": "{"}


def test_the_finished_line_is_not_had_before_its_time(at: At) -> None:
    learner = at("write")
    assert learner.card
    seen = learner.press_on(learner.card, "show")
    assert (seen.outcome, seen.kept) == ("unclear", {})


def test_wrong_then_right_passes_and_a_later_miss_takes_nothing_away(at: At) -> None:
    learner = at("write")
    learner.press(line="{")
    passed = learner.press(line=LINE)
    assert (passed.outcome, passed.score, passed.counts) == ("passed", 1.0, (2, 1))
    assert "Valid it is." in passed.said
    learner.press("again")
    later = learner.press(line="{")
    assert (later.outcome, later.record.status, later.record.score) == ("missed", "passed", 1.0)
    assert later.kept["message"] == "Do I need a card to borrow?", "what passed is trained on"


def test_personal_data_is_pointed_out_and_passes(at: At) -> None:
    text = line(assistant="Yes, you need one. Please write to anna.berg@example.com for a card.")
    seen = at("write").press(line=text)
    assert seen.outcome == "passed"
    assert "looks like personal data" in seen.said


def test_what_is_longer_than_any_line_costs_no_attempt(at: At) -> None:
    seen = at("write").press(line=line(assistant="a word " * 4000))
    assert (seen.score, seen.counts) == (None, (0, 0))
    assert "here I read 4000 at most" in seen.said


def test_halves_of_characters_are_kept_as_what_a_file_can_hold(at: At) -> None:
    seen = at("write").press(line='{"messages": "\ud83d"}')
    assert seen.kept["text"] == '{"messages": "?"}'


def test_who_writes_is_told_at_once_what_is_right_and_what_is_not(at: At) -> None:
    assert isinstance(STEP, JsonlStep)
    strings = at("write").strings
    words = strings.data
    assert live(STEP, LINE, strings) == {"ok": True, "summary": words.live_ok, "faults": []}
    assert live(STEP, " ", strings) == {"ok": False, "summary": words.live_empty, "faults": []}
    long = live(STEP, "x" * 4001, strings)
    assert long == {"ok": False, "summary": words.jsonl_too_long, "faults": []}
    # The face in front counts as two to a browser.
    text = line(system="Be rude. X", user="Where is the cat?").replace("X", "😀")
    told = json.loads(json.dumps(live(STEP, text, strings)))
    assert (told["ok"], told["summary"]) == (False, words.live_faults.format(count=2))
    keys = {"line", "column", "length", "start", "end", "rule", "message", "mend"}
    assert [set(fault) for fault in told["faults"]] == [keys, keys]
    system, customer = told["faults"]
    assert (system["rule"], customer["rule"]) == ("other_system", "other_customer")
    assert customer["line"] == 1
    assert customer["column"] == customer["start"] + 1
    assert customer["end"] == customer["start"] + customer["length"]
    in_units = text.encode("utf-16-le")[2 * customer["start"] : 2 * customer["end"]]
    assert "Where is the cat?" in in_units.decode("utf-16-le")


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("Kill yourself, nobody likes your questions anyway.", "a threat"),
        ("We don't sell to immigrants, they are parasites.", "hate"),
    ],
)
def test_a_harmful_reply_is_refused_and_costs_nothing(at: At, reply: str, kind: str) -> None:
    seen = at("write").press(line=line(assistant=reply))
    assert (seen.outcome, seen.counts, seen.kept) == ("unclear", (0, 0), {})
    assert f"reads as {kind}" in seen.said
    assert "screens training files" in seen.said


@pytest.mark.parametrize(
    ("reply", "advice"),
    [
        ("Shut up you idiot, go away and never come back.", "teach the model to be rude"),
        ("The capital of France is Paris and the moon is round.", "nothing that helps"),
        ("qwer tyui opas dfgh jkla", "nothing that helps"),
        ("I have already refunded the whole amount.", "No tool of the bot does that"),
    ],
)
def test_a_line_that_teaches_harm_passes_with_a_word_that_stays(
    at: At, reply: str, advice: str
) -> None:
    seen = at("write").press(line=line(assistant=reply))
    assert seen.outcome == "passed"
    assert advice in seen.said
