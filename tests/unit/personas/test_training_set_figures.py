"""What a set's figures show: each flaw, in however few lines."""

from collections.abc import Sequence

import pytest

from dialogs.simulations.persona import Company, Example, data_problems, set_figures
from tests.unit.personas.conftest import ACCOUNT, training_set


def kinds(company: Company, lines: Sequence[Example]) -> dict[str, tuple[int, ...]]:
    """The problems by their kind, those of a flag or a scale by its name."""
    figures = set_figures(company, lines)
    return {p.about or p.kind: p.lines for p in data_problems(figures, company.rubric)}


@pytest.mark.parametrize("seed", range(4))
def test_a_sound_set_has_no_problems(company: Company, seed: int) -> None:
    lines = training_set(company, "good", 50, seed)
    figures = set_figures(company, lines)
    assert figures.lines == 50
    assert sum(figures.topics.values()) == len(figures.topics) == 50
    assert kinds(company, lines) == {}


def test_a_set_that_is_small_or_one_sided_is_told_so(company: Company) -> None:
    good = training_set(company, "good", 40, 2)
    assert set(kinds(company, good[:12])) == {"few-lines"}
    assert set(kinds(company, good[:8])) == {"few-lines"}
    sided = training_set(company, "good", 40, 2, ["refund-request"])
    assert {"few-topics", "one-sided"} <= set(kinds(company, sided))


@pytest.mark.parametrize(
    ("character", "problem"),
    [
        ("rude", "hostile"),
        ("promise", "claimed"),
        ("empty", "helpfulness"),
        ("jargon", "jargon"),
        ("wrong", "astray"),
        ("curt", "mixed-tone"),
        ("chummy", "mixed-tone"),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_one_flawed_line_among_fifty_is_named(
    company: Company, character: str, problem: str, seed: int
) -> None:
    good = training_set(company, "good", 49, seed)
    (flawed,) = training_set(company, character, 1, seed + 50)
    at = 7 * seed
    found = kinds(company, (*good[:at], flawed, *good[at:]))
    assert (at,) in found.values(), found
    assert found.get(problem) == (at,) or character == "chummy", found


OWN = {
    "Kill the questions and read the rules before you bother us.": "hostile",
    "I have just refunded the whole amount to your card.": "claimed",
    "Revoke the OAuth bearer token and flush the SSO session cache.": "jargon",
    "It's there.": "mixed-tone",
    "Thank you so much for writing to us. We really value you.": "helpfulness",
}


@pytest.mark.parametrize(("reply", "problem"), OWN.items())
def test_what_a_learner_writes_is_looked_at_too(company: Company, reply: str, problem: str) -> None:
    lines = (
        *training_set(company, "good", 40, 3),
        Example(message="How do I get my parcel sent to another address?", reply=reply),
    )
    assert 40 in {n for lines in kinds(company, lines).values() for n in lines}, reply
    assert problem in kinds(company, lines), kinds(company, lines)


def test_copies_are_found_whatever_their_case_and_whoever_wrote_them(company: Company) -> None:
    good = training_set(company, "good", 40, 2)
    again = Example(message=good[5].message.upper(), reply=f" {good[5].reply.lower()} ")
    assert kinds(company, (*good, good[3])) == {"copies": (40,)}
    assert kinds(company, (*good, again)) == {"copies": (40,)}
    same = "I'd be happy to help you with that. Could you tell me a little more?"
    written = [Example(message=e.message, reply=same) for e in good[:3]]
    assert kinds(company, (*good, *written)).get("copies") == (41, 42)


def test_lines_that_break_the_tone_are_named(company: Company) -> None:
    lines = [
        *training_set(company, "good", 20, 2),
        Example(message=ACCOUNT, reply="Figure it out."),
    ]
    assert set_figures(company, lines).off_tone == (20,)


def test_an_empty_set_has_figures_too(company: Company) -> None:
    figures = set_figures(company, ())
    assert (figures.lines, figures.dominant) == (0, 0.0)
    assert "few-lines" in kinds(company, ())
