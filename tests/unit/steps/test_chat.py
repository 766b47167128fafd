"""The chat step, where learners err: nothing written, faults not met, the end too early."""

import pytest

from tests.unit.conftest import At

OFFICIAL, NOUNS = "How do I renew a book?", "What do I need for a card?"
PAIR = ("How do I pay a fee?", "When are you open?")


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_is_put_to_the_model_when_nothing_was_written(at: At, text: str) -> None:
    seen = at("talk").type(text)
    assert (seen.outcome, seen.counts, seen.kept) == ("unclear", (0, 0), {})
    assert "Write something to the model first" in seen.said


def test_it_is_passed_when_all_faults_were_met_and_enough_was_asked(at: At) -> None:
    learner = at("talk")
    queries = (OFFICIAL, NOUNS, *PAIR)
    seen = [learner.type(query) for query in queries]
    assert [s.outcome for s in seen] == ["noted", "noted", "noted", "passed"]
    assert seen[3].score == 1.0
    assert "You met them all." in seen[3].said
    assert seen[3].kept["asked"] == [*queries]


def test_faults_alone_are_not_enough_below_the_minimum(at: At) -> None:
    learner = at("talk")
    seen = [learner.type(query) for query in (OFFICIAL, *PAIR)]
    assert [s.outcome for s in seen] == ["noted"] * 3
    assert learner.type("Where can I read the newspaper?").outcome == "passed"


def test_messages_alone_are_not_enough_without_the_faults(at: At) -> None:
    learner = at("talk")
    for _ in range(6):
        seen = learner.type("My bicycle has a flat tyre.")
        assert (seen.outcome, seen.record.status) == ("noted", "tried")
    assert seen.kept["seen"] == []
    assert seen.kept["asked"] == ["My bicycle has a flat tyre."]
    assert seen.kept["count"] == 6


def test_half_of_a_pair_shows_no_fault_and_offers_the_other_half(at: At) -> None:
    learner = at("talk")
    seen = learner.type(PAIR[0])
    assert "two-voices" not in seen.kept["seen"]
    assert PAIR[1] in seen.said
    assert learner.card
    assert learner.card.suggestions[0] == PAIR[1]
    assert "two-voices" in learner.type(PAIR[1]).kept["seen"]


def test_an_offered_query_is_known_by_its_letters_alone(at: At) -> None:
    seen = at("talk").type("how do I renew a BOOK")
    assert seen.kept["asked"] == [OFFICIAL]
    assert "endless-sentence" in seen.kept["seen"]


def test_what_was_met_stays_met_and_the_talk_goes_on_after_the_pass(at: At) -> None:
    learner = at("talk")
    for query in (OFFICIAL, NOUNS, *PAIR):
        learner.type(query)
    seen = learner.type("Is a room free today?")
    assert (seen.outcome, seen.record.status, seen.counts) == ("noted", "passed", (1, 0))
    assert len(seen.kept["seen"]) == 3


def test_a_message_is_never_cut_and_the_last_ones_are_kept(at: At) -> None:
    learner = at("talk")
    seen = learner.type("book " * 400)
    assert (seen.outcome, seen.kept) == ("unclear", {})
    assert "2000 characters, and here I read 600 at most" in seen.said
    for n in range(30):
        seen = learner.type(f"Please renew book number {n}")
    assert len(seen.kept["asked"]) == 24
    assert seen.kept["count"] == 30
