"""What is said of the data and the run, clause by clause, with words of this test's own."""

import pytest

from content.strings import CauseForms
from dialogs.reading.causes import Cause, causes

FORMS = CauseForms(
    apart=("and", "but", "because"),
    denying=("not", "no", "never"),
    supposed=("would", "if", "more of"),
    because=("because of", "due to"),
    data=("data", "training data", "lines"),
    run=("run", "training", "losses", "both losses"),
    flawed=("bad", "rude", "wrong"),
    off=("bad", "too high", "wrong"),
    to_blame=("to blame", "the problem"),
    sound=("fine", "sound", "no worry"),
    fell=("both losses fell", "losses fell"),
    underfit=("underfit*",),
    overfit=("overfit*", "by heart"),
    diverged=("diverg*", "blew up"),
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The weather is nice.", ""),
        # The data and the run, at fault or sound.
        ("The data is bad.", "data-"),
        ("The lines are rude.", "data-"),
        ("The data is fine.", "data+"),
        ("The run was bad.", "run-"),
        ("The run was fine.", "run+"),
        ("The losses fell.", "run+"),
        ("The data fell.", ""),
        ("The run is rude.", ""),
        ("The data is too high.", ""),
        ("The training data is bad.", "data-"),
        ("The training data, and the training is bad.", "run-"),
        ("The training is bad for training data.", "data- run-"),
        ("The data run was bad.", "data- run-"),
        ("The run data is bad.", "data- run-"),
        # Denied, and denied twice.
        ("The data is not bad.", "data+"),
        ("The data is not fine.", "data-"),
        ("The data is never not bad.", "data-"),
        ("Data no not never bad.", "data+"),
        ("The data is no worry.", "data+"),
        ("The run was not bad.", "run+"),
        ("The run was not fine.", "run-"),
        ("The data is bad, not the run.", "data-"),
        ("The data is bad not.", "data-"),
        ("Not one two the data bad.", "data+"),
        ("Not one two three the data bad.", "data-"),  # too far before
        ("Bad and not bad data.", "data+"),
        # Two faults: the first is denied, or isn't.
        ("The data is bad not wrong.", "data-"),
        ("The data is not bad wrong.", "data+"),
        ("Bad data is not to blame.", "data-"),
        ("Data is not to blame.", "data+"),
        ("The data is the problem.", "data-"),
        ("The run is to blame.", "run-"),
        ("You are to blame.", ""),
        # A fault counts before praise, and the first praise.
        ("The data is fine not bad.", "data+"),
        ("The data is fine not sound.", "data+"),
        ("The run is fine not bad.", "run+"),
        # How far what is said stands from what is named.
        ("Bad data.", "data-"),
        ("Bad one two data.", "data-"),
        ("Bad one two three data.", ""),
        ("Data one two three bad.", "data-"),
        ("Data one two three four bad.", ""),
        ("Data one two three fine.", "data+"),
        ("Data one two three four fine.", ""),
        ("Fine one two run.", "run+"),
        ("Fine one two three run.", ""),
        ("Data one two three four five lines bad.", "data-"),
        # Both in one clause.
        ("The data is bad the run fine.", "data- run-"),
        ("Data and run are bad.", "run-"),
        # For a reason.
        ("It fell because of the data.", "data-"),
        ("It fell due to the run.", "run-"),
        ("It fell due to data.", "data-"),
        ("It fell not due to the run.", "run+"),
        ("It fell due to the data not the run.", "data- run+"),
        ("The data fell due to it.", ""),
        ("It fell due to it.", ""),
        ("The data did it due to the lines.", "data-"),
        # The ways of a run, before all else in a clause.
        ("It is underfit.", "underfit-"),
        ("It is not underfit.", "underfit+"),
        ("It learned by heart.", "overfit-"),
        ("It blew up.", "diverged-"),
        ("It diverged not overfitted.", "overfit+ diverged-"),
        ("It overfits not overfits.", "overfit-"),
        ("It not overfits overfits.", "overfit+"),
        ("The data is bad the run overfit.", "overfit-"),
        # Clauses: what is supposed is nothing, the same twice is one.
        ("The data would be bad.", ""),
        ("More of the data is bad.", ""),
        ("The data would be bad, the run was bad.", "run-"),
        ("The data is bad, if the run was bad.", "data-"),
        ("The data is bad. The lines are rude.", "data-"),
        ("The run is bad but the data is fine.", "run- data+"),
        ("The data is bad and the data is fine.", "data- data+"),
    ],
)
def test_the_data_and_the_run_are_said_to_be_sound_or_at_fault(text: str, told: str) -> None:
    found = causes(text, FORMS)
    assert [f"{one.matter}{'-' if one.at_fault else '+'}" for one in found] == told.split()


def test_a_statement_is_known_by_its_matter_and_its_side() -> None:
    (one,) = causes("The data is bad.", FORMS)
    assert one == Cause("data", at_fault=True)
    assert one != Cause("data", at_fault=False)
