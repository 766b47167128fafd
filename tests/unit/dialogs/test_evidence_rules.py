"""The rules by which a justification is held against figures, each at its edge."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from content.lesson import DecisionStep
from content.world import Segment
from dialogs.simulations.persona import DataProblem, Diagnosis, Evaluation
from dialogs.work.evidence import Figures, Held, held
from dialogs.work.persona_company import as_company
from tests.lessons import library, tutor
from tests.understanding import given

LESSON = library().lessons["polite-chatbot"]
WORDS = library().strings.model
(DECISION,) = LESSON.steps_of(DecisionStep)
# Base and tuned, where a case says nothing else: all as it was.
STILL: Mapping[str, tuple[float, float]] = {
    "politeness": (3.0, 3.0),
    "accuracy": (0.8, 0.8),
    "helpfulness": (3.0, 3.0),
    "satisfied": (0.5, 0.5),
    "seconds": (1.0, 1.0),
    "honesty": (1.0, 1.0),
}
SHORT = {
    "P": "politeness",
    "A": "accuracy",
    "H": "helpfulness",
    "S": "satisfied",
    "T": "seconds",
}


@cache
def measured(told: str) -> Evaluation:
    """An evaluation of figures as "P 2 4.6, A .9 .88"; each metric by its first letter."""
    changed = {
        SHORT[name]: (float(base), float(tuned))
        for name, base, tuned in (one.split() for one in told.split(", ") if one)
    }
    company = as_company(tutor().simulation(LESSON.id, "en"))
    return given.evaluation(company, {**STILL, **changed})


def read(
    text: str,
    figures: str = "",
    targets: Mapping[str, float] | None = None,
    found: Diagnosis | None = None,
) -> Held:
    shown = Figures(LESSON, measured(figures), targets or {}, found)
    return held(text, DECISION.claims, shown, WORDS)


def judged(one: Held) -> str:
    """How a text is read: "+" where the figures bear it out, "-" where they deny it, else ""."""
    return "-" if one.denied else "+" if one.agreeing else ""


@pytest.mark.parametrize(
    ("text", "figures", "said"),
    [
        # Which way it went: a change by chance is no evidence, and no false claim.
        ("Accuracy fell.", "A .9 .8", "+"),
        ("Accuracy fell.", "A .9 .8925", ""),
        ("Accuracy fell.", "A .9 .8975", "-"),  # the same, as it is shown
        ("Accuracy fell.", "A .8 .9", "-"),
        ("Accuracy rose.", "A .8925 .9", ""),
        ("Accuracy rose.", "A .8975 .9", "-"),
        ("Accuracy rose.", "A .9 .8", "-"),
        ("Accuracy is worse.", "A .9 .8", "+"),
        ("Accuracy is worse.", "A .8 .9", "-"),
        ("Accuracy is better.", "A .8 .9", "+"),
        ("Accuracy didn't fall.", "A .9 .8", "-"),
        ("Accuracy didn't fall.", "A .9 .88", "+"),  # less than anybody minds
        ("Accuracy didn't fall.", "A .8 .9", "+"),
        ("Accuracy didn't rise.", "A .8 .9", "-"),
        ("Politeness didn't rise.", "P 3 3.1", "+"),
        ("Politeness didn't rise.", "P 3 3.2", "-"),
        # What is less of a good thing, and what had better be less.
        ("Mistakes rose.", "A .9 .8", "+"),
        ("Mistakes rose.", "A .8 .9", "-"),
        ("Mistakes fell.", "A .8 .9", "+"),
        ("Response time rose.", "T 1 2", "+"),
        ("Response time rose.", "T 2 1", "-"),
        ("Response time fell.", "T 2 1", "+"),
        ("Response time improved.", "T 2 1", "+"),
        ("Response time improved.", "T 1 2", "-"),
        ("Response time got worse.", "T 1 2", "+"),
        # As it was.
        ("Accuracy stayed the same.", "A .9 .88", "+"),
        ("Accuracy stayed the same.", "A .9 .8", "-"),
        ("Accuracy stayed the same.", "A .8 .9", "-"),
        ("Politeness stayed the same.", "P 3 3.1", "+"),
        ("Politeness stayed the same.", "P 3 3.2", "-"),
        ("Accuracy didn't stay the same.", "A .9 .8", "+"),
        ("Accuracy didn't stay the same.", "", "-"),
        ("Accuracy hardly changed.", "A .9 .85", "+"),
        ("Accuracy hardly changed.", "A .9 .75", "-"),
        # High and low, and between them neither.
        ("Politeness is high.", "P 2 3.5", "+"),
        ("Politeness is high.", "P 2 3.4", ""),
        ("Politeness is high.", "P 2 2.5", "-"),
        ("Politeness is low.", "P 2 2.5", "+"),
        ("Politeness is low.", "P 2 2.6", ""),
        ("Politeness is low.", "P 2 3.5", "-"),
        ("Politeness isn't high.", "P 2 2.5", "+"),
        ("Politeness isn't high.", "P 2 3.5", "-"),
        ("Politeness isn't low.", "P 2 3.5", "+"),
        ("Accuracy is high.", "A .8 .9", "+"),
        ("Accuracy is high.", "A .8 .89", ""),
        ("Accuracy is high.", "A .8 .75", "-"),
        ("Accuracy is low.", "A .8 .75", "+"),
        ("Accuracy is low.", "A .8 .76", ""),
        ("Response time is high.", "T 1 4", ""),
        # All of them.
        ("There are no mistakes.", "A .8 .985", "+"),
        ("There are no mistakes.", "A .8 .98", ""),
        # How many times as much.
        ("Politeness doubled.", "P 2 5", "+"),
        ("Politeness doubled.", "P 1.9 5", "-"),
        ("Politeness doubled.", "P 2 3.2", "+"),
        ("Politeness doubled.", "P 2 3.1", "-"),
        ("Politeness more than doubled.", "P 1 5", "+"),
        ("Politeness more than doubled.", "P 2 3.1", "-"),
        ("Politeness didn't double.", "P 2 3.1", "+"),
        ("Politeness didn't double.", "P 2 4", "-"),
        ("Politeness was halved.", "P 4 2", "+"),
        ("Mistakes doubled.", "A .9 .8", "+"),
        ("Mistakes doubled.", "A .9 .6", "-"),
        ("Mistakes halved.", "A .8 .9", "+"),
        ("Mistakes doubled.", "A 1 .8", "+"),  # of none nothing is the double, but they rose
        ("Satisfaction doubled.", "S .4 .8", "+"),
        ("Satisfaction doubled.", "S .4 .5", "-"),
        ("Dissatisfaction doubled.", "S .8 .6", "+"),
        ("Dissatisfaction doubled.", "S .8 .7", "-"),
        # By how much, in a word.
        ("Politeness rose slightly.", "P 2 2.9", "+"),
        ("Politeness rose slightly.", "P 2 3", "-"),
        ("Politeness rose a lot.", "P 2 2.35", "+"),
        ("Politeness rose a lot.", "P 2 2.25", "-"),
        ("Accuracy fell slightly.", "A .9 .82", "+"),
        ("Accuracy fell slightly.", "A .9 .79", "-"),
        ("Accuracy fell a lot.", "A .9 .85", "+"),
        ("Accuracy fell a lot.", "A .9 .87", "-"),
        ("Response time rose slightly.", "T 1 1.4", "+"),
        ("Response time rose slightly.", "T 1 1.6", "-"),
        ("Response time fell slightly.", "T 1.6 1", "-"),
        ("Response time rose a lot.", "T 1 1.2", "+"),
        ("Response time rose a lot.", "T 1 1.1", "-"),
        ("Accuracy is slightly worse.", "A .9 .6", "-"),
        ("Accuracy is slightly better.", "A .6 .9", "-"),
        # By how much, in percent of what it was, or in points.
        ("Politeness rose by 130%.", "P 2 4.6", "+"),
        ("Politeness rose by 50%.", "P 2 4.6", "-"),
        ("Response time rose by 100%.", "T 1 2", "+"),
        ("Response time fell by half.", "T 2 1", "+"),
        ("Accuracy fell by 10%.", "A .9 .8", "+"),
        ("Accuracy fell by 30%.", "A .9 .8", "-"),
        ("Mistakes rose by 10%.", "A .9 .8", "+"),
        ("Politeness rose by 1.6.", "P 3 4.6", "+"),
        ("Politeness rose by 0.6.", "P 3 4.6", "-"),
        # From what to what.
        ("Politeness went from 2.1 to 4.5.", "P 2 4.6", "+"),
        ("Politeness went from 2.1 to 4.3.", "P 2 4.6", "-"),
        ("Politeness went from 2.3 to 4.6.", "P 2 4.6", "-"),
        ("Politeness went from 2 to 5.", "P 2.4 4.6", "+"),  # without decimals
        ("Accuracy went from 90% to 80%.", "A .92 .82", "+"),
        ("Accuracy went from 90% to 80%.", "A .95 .8", "-"),
        ("Mistakes went from 10% to 20%.", "A .9 .8", "+"),
        ("Accuracy went from 0.9 to 0.8.", "A .9 .8", "+"),
        # In numbers.
        ("Politeness is 4.6.", "P 2 4.6", "+"),
        ("Politeness is 4.8.", "P 2 4.6", "-"),
        ("Politeness is 2.1.", "P 2.1 4.6", "+"),  # it was
        ("Politeness is at 2.1 now.", "P 2.1 4.6", "-"),
        ("Accuracy is 88%.", "A .8 .9", "+"),
        ("Accuracy is 86%.", "A .8 .9", "-"),
        ("Accuracy is above 0.9.", "A .8 .88", "+"),
        ("Accuracy is above 0.9.", "A .8 .86", "-"),
        ("A third of the answers is wrong.", "A .8 .72", "+"),
        ("A third of the answers is wrong.", "A .8 .77", "-"),
        ("Accuracy is 90%, with 95% confidence.", "A .8 .9", "+"),
        ("Accuracy is above 90%.", "A .8 .88", "+"),
        ("Accuracy is above 90%.", "A .8 .86", "-"),
        ("Accuracy is above 80.", "A .7 .88", "+"),
        ("Accuracy is above 95.", "A .7 .88", "-"),
        ("Politeness rose on 57.5 lines.", "P 2 4", "+"),
        ("Accuracy is below 90%.", "A .8 .92", "+"),
        ("Accuracy is below 90%.", "A .8 .94", "-"),
        ("Less than 20% of the answers are wrong.", "A .7 .85", "+"),
        ("Less than 20% of the answers are wrong.", "A .7 .75", "-"),
        ("More than 20% of the answers are wrong.", "A .9 .75", "+"),
        ("More than 20% of the answers are wrong.", "A .7 .85", "-"),
        ("Politeness is above 4.", "P 2 3.6", "+"),
        ("Politeness is above 4.", "P 2 3.4", "-"),
        ("Politeness is above 4.5.", "P 2 4.4", "+"),
        ("Politeness is above 4.5.", "P 2 4.3", "-"),
        ("Of 57 lines 3 are mine, and politeness rose.", "P 2 4", "+"),
        ("Satisfaction is 3.8 at 70% of the cost.", "S .6 .8", "+"),
        ("Replies take 1.5 seconds.", "T 1 1.5", "+"),
        ("Replies take 1.5 seconds.", "T 1 1.2", "-"),
        ("Replies take 2 seconds.", "T 1 1.6", "+"),
        ("Replies take 2 seconds.", "T 1 1.4", "-"),
        # All of them, or all others.
        ("Everything improved.", "P 2 3, A .8 .9, H 2 3, S .4 .6, T 2 1", "-"),  # not promises
        ("Nothing got worse.", "P 2 3", "+"),
        ("Nothing got worse.", "P 2 3, H 3 2", "-"),
        ("Nothing got worse.", "P 2 3, T 1 2", "-"),
        ("Nothing fell.", "P 2 3, T 2 1", "+"),  # less time is no fall
        ("Nothing rose.", "T 1 2", "+"),
        ("Everything stayed the same.", "T 1 2", "+"),
        ("Everything is high.", "P 2 4, A .8 .95, H 2 4, S .4 .95", "+"),
        ("Politeness fell, and nothing else fell.", "P 3 2", "+"),
        ("Politeness fell, and nothing else fell.", "P 3 2, A .9 .8", "-"),
        ("All else stayed the same.", "P 2 3", "+"),
        ("All else stayed the same.", "H 2 3", "+"),  # so much the better
        ("Politeness rose, all else stayed the same.", "P 2 3, H 3 2", "-"),
    ],
)
def test_a_claim_is_borne_out_denied_or_neither(text: str, figures: str, said: str) -> None:
    assert judged(read(text, figures)) == said


@pytest.mark.parametrize(
    ("text", "figures", "targets", "said"),
    [
        ("The accuracy target is reached.", "A .8 .9", {"accuracy": 0.9}, "+"),
        ("The accuracy target is reached.", "A .8 .89", {"accuracy": 0.9}, "-"),
        ("The accuracy target is missed.", "A .8 .89", {"accuracy": 0.9}, "+"),
        ("The accuracy target isn't reached.", "A .8 .89", {"accuracy": 0.9}, "+"),
        ("The accuracy target isn't missed.", "A .8 .9", {"accuracy": 0.9}, "+"),
        ("The helpfulness target is reached.", "A .8 .9", {"accuracy": 0.9}, ""),
        ("The targets are reached.", "A .8 .9", {"accuracy": 0.9, "politeness": 3}, "+"),
        ("The targets are reached.", "A .8 .9", {"accuracy": 0.9, "politeness": 3.1}, "-"),
        # Where one is missed they are, and where none is they aren't.
        ("The targets are missed.", "A .8 .9", {"accuracy": 0.9, "politeness": 3.1}, "+"),
        ("The targets are missed.", "A .8 .9", {"accuracy": 0.9, "politeness": 3}, "-"),
        ("The targets aren't reached.", "A .8 .9", {"accuracy": 0.9, "politeness": 3.1}, "+"),
        # The target itself may be named.
        ("Accuracy should be 97%.", "A .8 .9", {"accuracy": 0.97}, "+"),
        ("Accuracy should be 97%.", "A .8 .9", {"accuracy": 0.5}, "-"),
    ],
)
def test_targets_are_reached_as_they_are_shown(
    text: str, figures: str, targets: Mapping[str, float], said: str
) -> None:
    assert judged(read(text, figures, targets)) == said


def test_what_was_reached_without_training_may_be_named() -> None:
    shown, other = measured("P 2.1 4.3"), measured("P 2.1 3.2")
    sides = {**shown.sides, "prompted": other.sides["tuned"]}
    figures = Figures(LESSON, shown.model_copy(update={"sides": sides}), {})
    for text, said in (
        ("Politeness went from 2.1 to 3.2.", "+"),
        ("Politeness went from 3.2 to 4.3.", "+"),
        ("Politeness of 3.2 is what the prompt reaches.", "+"),
        ("Politeness went from 3.2 to 2.1.", "-"),
        ("Politeness is at 3.2 now.", "-"),
    ):
        assert judged(held(text, DECISION.claims, figures, WORDS)) == said, text


def test_a_pair_that_is_near_and_goes_the_wrong_way_is_denied() -> None:
    shown, other = measured("P 3 3.1"), measured("P 3 5")
    sides = {**shown.sides, "prompted": other.sides["tuned"]}
    figures = Figures(LESSON, shown.model_copy(update={"sides": sides}), {})
    for text, said in (
        ("Politeness went from 3.0 to 3.1.", "+"),
        ("Politeness went from 3.1 to 3.0.", "-"),
    ):
        assert judged(held(text, DECISION.claims, figures, WORDS)) == said, text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # What a clause begins with has figures, or none.
        ("My dog is more polite.", ""),
        ("And my dog is more polite.", ""),
        ("The weather was warmer.", ""),
        ("The weather was warmer, it is polite now.", ""),
        ("The replies are more polite.", "+"),
        ("The base is more polite.", "-"),
        ("The tone is better.", "+"),
        ("The weather was bad, politeness rose.", "+"),
        ("Now the weather is more polite.", ""),
        # A manner against its opposite.
        ("Polite is better than rude.", ""),
        ("Rude is worse than polite.", ""),
        ("It was rude, polite is better.", "+"),
    ],
)
def test_what_has_no_figures_bears_nothing_out(text: str, said: str) -> None:
    one = read(text, "P 2 4.6")
    assert judged(one) == said
    assert one.unclear == (said == "" and "polite is better" not in text)


OF_OTHERS = (
    "My neighbour's dog is politer.",
    "My cat is politer now.",
    "Our weather got more polite.",
    "The dog next door is much friendlier.",
    "My old aunt is more polite than before.",
    "Dogs are politer than cats.",
    "London is friendlier than Paris.",
    "Yesterday was warmer.",
    "This city has got friendlier.",
    "The old man from the first floor became friendlier.",
    "My brother always was politer.",
    "The people's park is friendlier now.",
    "Sometimes my uncle is politer.",
    "His horse behaves more politely.",
    "No dog is politer.",
    "Trains are faster.",
    "Der Hund meiner Nachbarin ist höflicher.",
    "Das Auto meines Bruders ist schneller.",
    "Unser Wetter ist freundlicher geworden.",
    "Katzen sind freundlicher.",
)
OF_MODELS = (
    "The tuned one is politer.",
    "Replies are politer.",
    "It is politer.",
    "Customers get politer replies.",
    "Der Ton ist höflicher.",
    "Mine is politer.",
    "My own is much politer than the base.",
    "Everything it says is politer.",
    "Clearly it is politer.",
    "Definitely got politer.",
    "Overall the tone is more polite.",
    "Fine-tuned is politer.",
    "The winner is politer.",
    "That one is more polite.",
    "The good news is that it is politer.",
    "The big win is a politer tone.",
    "The best is politeness went up.",
    "Now the second model is politer.",
    "Both are more polite, tuned most of all.",
    "Most are friendlier.",
    "Sie ist höflicher.",
    "Nach dem Training ist es höflicher.",
    "Meines ist höflicher.",
    "Das neue ist höflicher.",
    "Die Antworten meines Modells sind höflicher.",
)


@pytest.mark.parametrize("text", OF_OTHERS)
def test_a_manner_of_anybody_else_is_no_figure(text: str) -> None:
    one = read(text, "P 2 4.6, T 2 1")
    assert (one.agreeing, one.denied, one.unclear) == ((), (), True)


def test_a_clause_beside_the_figures_is_asked_about_wherever_it_stands() -> None:
    assert read("Politeness rose and my dog is politer.", "P 2 4.6").unclear
    assert not read("Politeness rose and my bot is politer.", "P 2 4.6").unclear


@pytest.mark.parametrize("text", OF_MODELS)
def test_a_subject_of_its_own_may_have_figures(text: str) -> None:
    assert judged(read(text, "P 2 4.6, T 2 1")) == "+"


def test_a_kind_of_customer_that_is_named_has_figures_of_its_own() -> None:
    shown = measured("P 2 3")
    families = shown.customers.families
    digits = {"complaint": "45", "information": "34"}
    higher = "".join(digits.get(family, "22")[n % 2] for n, family in enumerate(families))
    means = {
        kind: sum(int(d) for d, f in zip(higher, families, strict=True) if f == kind)
        / families.count(kind)
        for kind in digits
    }
    complaints, questions = means["complaint"], means["information"]
    tuned = shown.sides["tuned"]
    scales = {**tuned.scales, "politeness": higher}
    sides = {**shown.sides, "tuned": tuned.model_copy(update={"scales": scales})}
    kinds = {family: Segment(label=family, family=family) for family in digits}
    figures = Figures(LESSON, shown.model_copy(update={"sides": sides, "segments": kinds}), {})
    for text, said in (
        (f"Politeness is {complaints:.2f} for complaints now.", "+"),
        (f"Politeness went from 2.0 to {complaints:.2f} for complaints.", "+"),
        (f"Politeness is {complaints:.2f} now.", "-"),
        (f"Politeness is {complaints:.2f} for questions now.", "-"),
        (f"Politeness is {questions:.2f} for questions now.", "+"),
    ):
        assert judged(held(text, DECISION.claims, figures, WORDS)) == said, text


def test_no_share_of_what_is_said_where_it_is_only_denied() -> None:
    assert read("No answer is right.").unclear
    assert read("Politeness rose. No answer is right.").unclear
    assert not read("Politeness isn't it.").unclear
    assert not read("Accuracy didn't fall.").unclear


def weighed(**parts: object) -> Diagnosis:
    """A good run on sound data that gained, where nothing else is said."""
    told: dict[str, Any] = {
        "kind": "good", "unusual": False, "data": (), "gained": True, "missed": (), "harms": (),
        "rivals": (), **parts,
    }  # fmt: skip
    return Diagnosis(**told)


COPIES = (DataProblem(kind="copies", lines=(3,)),)


@pytest.mark.parametrize(
    ("text", "found", "said"),
    [
        ("My data is bad.", weighed(data=COPIES), "+"),
        ("My data is bad.", weighed(), "-"),
        ("My data is bad.", weighed(kind="unlike-validation"), "+"),
        ("My data is sound.", weighed(kind="unlike-validation"), ""),
        # Better examples may be called for where the ones that are there have no fault.
        ("My data is bad.", weighed(gained=False), ""),
        ("My data is sound.", weighed(gained=False), "+"),
        ("My data is sound.", weighed(data=COPIES, gained=False), "-"),
        ("The training was bad.", weighed(kind="overfit"), "+"),
        ("The training was bad.", weighed(), "-"),
        ("The training went well.", weighed(), "+"),
        ("The training went well.", weighed(kind="overfit"), "-"),
        # The settings may be to blame for what fell, or not.
        ("The settings were bad.", weighed(unusual=True, harms=("dishonest",)), "+"),
        ("The settings were good.", weighed(unusual=True, harms=("dishonest",)), ""),
        ("The settings were bad.", weighed(kind="unlike-validation"), ""),
        ("It is underfit.", weighed(kind="underfit"), "+"),
        ("It is underfit.", weighed(kind="overfit"), "-"),
        ("It is overfit.", weighed(kind="diverged"), ""),  # either is too much
        ("It diverged.", weighed(kind="overfit"), ""),
        ("It diverged.", weighed(kind="good"), "-"),
        ("It didn't diverge.", weighed(kind="good"), "+"),
        ("It didn't diverge.", weighed(kind="diverged"), "-"),
        ("My data is bad.", None, ""),
    ],
)
def test_data_and_run_are_at_fault_by_what_was_found(
    text: str, found: Diagnosis | None, said: str
) -> None:
    one = read(text, found=found)
    assert ("-" if one.untrue else "+" if one.borne_out else "") == said
