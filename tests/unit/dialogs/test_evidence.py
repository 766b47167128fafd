"""What a justification says about the figures, the data and the run, held against them."""

import pytest

from content.lesson import DecisionStep
from dialogs.simulations.persona import Diagnosis
from dialogs.work.evidence import Figures, held
from dialogs.work.persona_company import as_company
from tests.lessons import library, tutor
from tests.understanding import given

LESSON = library().lessons["polite-chatbot"]
WORDS = library().strings.model
# Base and tuned.
GAINED = {
    "politeness": (2.0, 4.6),
    "accuracy": (0.9, 0.88),
    "helpfulness": (3.0, 4.4),
    "satisfied": (0.5, 0.9),
    "seconds": (0.5, 1.0),
    "honesty": (1.0, 1.0),
}
LOST = {
    "politeness": (2.0, 2.1),
    "accuracy": (0.9, 0.6),
    "helpfulness": (4.4, 3.0),
    "satisfied": (0.9, 0.5),
    "seconds": (1.0, 0.5),
    "honesty": (1.0, 1.0),
}
TARGETS = {"politeness": 4.0, "accuracy": 0.85}


def figures(told: given.Figures, found: Diagnosis | None = None) -> Figures:
    company = as_company(tutor().simulation("polite-chatbot", "en"))
    return Figures(LESSON, given.evaluation(company, told), TARGETS, found)


@pytest.mark.parametrize(
    ("text", "agreeing", "denied"),
    [
        ("Politeness doubled.", "politeness", ""),
        ("Politeness more than doubled.", "politeness", ""),
        ("Politeness tripled.", "", "politeness"),
        ("Politeness didn't double.", "", "politeness"),
        ("Politeness was halved.", "", "politeness"),
        ("Replies take twice as long.", "seconds", ""),
        ("Replies are twice as fast.", "", "seconds"),
        ("Replies take half the time.", "", "seconds"),
        ("The base answers in half the time.", "seconds", ""),
        ("The base is just as right and twice as fast.", "seconds", ""),
        ("The base takes twice as long.", "", "seconds"),
        ("Satisfaction nearly doubled.", "satisfaction", ""),
        ("90% are happy, and 50% were happy before.", "satisfaction", ""),
        ("97% are happy.", "", "satisfaction"),
        ("Response time rose slightly.", "", "seconds"),
        ("Politeness rose slightly.", "", "politeness"),
        ("Politeness hardly rose.", "", "politeness"),
        ("Politeness rose a lot.", "politeness", ""),
        ("Accuracy hardly changed.", "accuracy", ""),
        ("Accuracy fell slightly.", "", ""),
        ("Accuracy fell dramatically.", "", "accuracy"),
        ("Helpfulness didn't change a lot.", "", "helpfulness"),
        ("Politeness is high.", "politeness", ""),
        ("Politeness is low.", "", "politeness"),
        ("Both targets are reached.", "politeness accuracy", ""),
        ("The accuracy target is missed.", "", "accuracy"),
        ("No target is missed.", "politeness accuracy", ""),
        ("Politeness went from 2.0 to 4.6.", "politeness", ""),
        ("Politeness went from 2.0 to 3.9.", "", "politeness"),
        ("Politeness went from 4.6 to 2.0.", "", "politeness"),
        ("Accuracy is above 80%.", "accuracy", ""),
        ("Accuracy is above 95%.", "", "accuracy"),
        ("Accuracy is below 95%.", "accuracy", ""),
        ("12% of the answers are wrong.", "accuracy", ""),
        ("A third of the answers is wrong.", "", "accuracy"),
        ("Politeness is at 4.6 now.", "politeness", ""),
        ("Politeness is at 2.3 now.", "", "politeness"),
        ("Everything fell.", "", "politeness helpfulness satisfaction"),
    ],
)
def test_sizes_times_numbers_and_targets_have_to_be_so(
    text: str, agreeing: str, denied: str
) -> None:
    (step,) = LESSON.steps_of(DecisionStep)
    found = held(text, step.claims, figures(GAINED), WORDS)
    assert set(found.denied) >= set(denied.split())
    assert bool(found.denied) == bool(denied)
    assert found.agreeing == tuple(agreeing.split())


@pytest.mark.parametrize(
    ("text", "agreeing", "denied"),
    [
        ("Helpfulness dropped by a lot.", "helpfulness", ""),
        ("Helpfulness dropped slightly.", "", "helpfulness"),
        ("Accuracy fell by a third.", "accuracy", ""),
        ("Accuracy fell slightly.", "", "accuracy"),
        ("Replies take half the time.", "seconds", ""),
        ("Replies are twice as fast.", "seconds", ""),
        ("It takes longer.", "", "seconds"),
        ("Accuracy is poor.", "accuracy", ""),
        ("The targets are missed.", "politeness accuracy", ""),
        ("Politeness hardly moved.", "politeness", ""),
        ("Politeness improved a lot.", "", "politeness"),
        ("Nothing got worse.", "", "helpfulness"),
    ],
)
def test_so_do_losses(text: str, agreeing: str, denied: str) -> None:
    (step,) = LESSON.steps_of(DecisionStep)
    found = held(text, step.claims, figures(LOST), WORDS)
    assert set(found.denied) >= set(denied.split())
    assert bool(found.denied) == bool(denied)
    assert found.agreeing == tuple(agreeing.split())


@pytest.mark.parametrize(
    ("text", "fault", "is_so"),
    [
        ("My data is sound.", "", True),
        ("My data is sound.", "data", False),
        ("The lines are rude.", "data", True),
        ("The lines are rude.", "", False),
        ("Nothing is wrong with my examples.", "data", False),
        ("It fell because of the data.", "data", True),
        ("It fell because of the data.", "", False),
        ("The learning rate was too high.", "run", True),
        ("The learning rate was too high.", "", False),
        ("The settings aren't to blame.", "", True),
        ("The settings aren't to blame.", "run", False),
        ("The training data is bad.", "run", False),
        ("Both losses fell.", "", True),
        ("Both losses fell.", "run", False),
        ("It diverged.", "run", True),
        ("It diverged.", "", False),
        ("It is underfit.", "run", False),
        ("It didn't overfit.", "", True),
        ("More varied lines would help.", "", None),
        ("I'd lower the learning rate, it may be too high.", "", None),
        ("It learned by heart.", "run", None),
    ],
)
def test_what_is_blamed_has_to_be_at_fault(text: str, fault: str, *, is_so: bool | None) -> None:
    (step,) = LESSON.steps_of(DecisionStep)
    found = held(text, step.claims, figures(GAINED, given.diagnosis(fault.split())), WORDS)
    assert bool(found.borne_out) == (is_so is True)
    assert bool(found.untrue) == (is_so is False)
