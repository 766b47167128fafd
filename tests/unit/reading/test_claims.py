"""What a justification claims of figures, clause by clause, before it is held against any."""

import pytest

from content.lesson import DecisionStep
from dialogs.reading.claims import Number, Said, said
from tests.lessons import library

LESSON = library().lessons["polite-chatbot"]
WORDS = library().strings.model
(DECISION,) = LESSON.steps_of(DecisionStep)


def number(one: Number) -> str:
    """A number as it is told: "+>90%" is by more than 90 %, "~50%" about half."""
    limit = {"above": ">", "below": "<", "": ""}[one.limit]
    signs = f"{'+' if one.change else ''}{'~' if one.rough else ''}{limit}"
    return f"{signs}{one.value:g}{'%' if one.percent else ''}"


def told(one: Said) -> str:
    """A claim in a line: "-" stands for what is opposite, "not" for what is denied."""
    pair = f"{number(one.pair[0])}→{number(one.pair[1])}" if one.pair else ""
    parts = (
        ("others" if one.others else "all")
        if not one.metric
        else f"{'-' * one.opposite}{one.metric}",
        "not" * one.denied,
        one.way or "",
        one.size or "",
        f"x{number(one.times)}" if one.times else "",
        pair,
        *map(number, one.numbers),
        "now" * one.now,
    )
    return " ".join(part for part in parts if part)


def read(text: str) -> str:
    return "; ".join(told(one) for one in said(text, DECISION.claims, WORDS.claims))


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Politeness rose.", "politeness up"),
        ("Politeness and helpfulness rose.", "politeness up; helpfulness up"),
        (
            "Politeness, helpfulness and accuracy rose.",
            "politeness up; helpfulness up; accuracy up",
        ),
        ("Politeness rose, accuracy fell.", "politeness up; accuracy down"),
        ("Politeness, it rose.", "politeness up; politeness up"),
        ("Politeness of replies now, accuracy rose.", "accuracy up"),
        (
            "Politeness rose from 2.1 to 4.6, accuracy from 96% to 95%.",
            "politeness up 2.1→4.6; accuracy 96%→95%",
        ),
        ("Politeness rose, from 2.1 to 4.6.", "politeness up; politeness 2.1→4.6"),
        ("Politeness 2.1 -> 4.6", "politeness 2.1→4.6"),
        ("Politeness: 2.1 → 4.6", "politeness 2.1→4.6; politeness 2.1→4.6"),
        ("Accuracy went from 96 % to 95 %.", "accuracy 96%→95%"),
        ("Response time went from 0.6 s to 1.2 s.", "seconds 0.6→1.2"),
        ("Accuracy is up to 90%.", "accuracy 90%"),
        ("Accuracy is no more than 90%.", "accuracy 90%"),
        ("Politeness is better, no matter what accuracy does.", "politeness better"),
        ("Politeness rose. It is 4.6 now.", "politeness up; politeness 4.6"),
        ("Politeness rose, now 4.6.", "politeness up; politeness 4.6"),
        ("Politeness rose, up by 2.5.", "politeness up; politeness up +2.5"),
        ("Politeness rose. The weather was bad. It is 4.6.", "politeness up"),
        ("Politeness rose, which is good, 4.6.", "politeness up"),
        ("Accuracy is 96 out of 100.", "accuracy 96%"),
        ("Accuracy is 96/100.", "accuracy 96%"),
        ("Politeness is 4.6 of 5.", "politeness 4.6"),
        ("Politeness is 4.6/5.", "politeness 4.6"),
        ("Politeness is at 4.6 now.", "politeness 4.6 now"),
        ("Politeness is above 4.", "politeness >4"),
        ("Accuracy is above 90%.", "accuracy >90%"),
        ("Accuracy is below 90%.", "accuracy <90%"),
        ("Accuracy fell by 3%.", "accuracy down +3%"),
        ("Politeness rose by more than 2.", "politeness up >2"),
        ("Half of the answers are wrong.", "-accuracy ~50%"),
        ("Replies take half the time.", "seconds down x0.5"),
        ("Replies take more than twice as long.", "seconds up x>2"),
        ("The base is faster.", "seconds up"),
        ("The base is faster and politer.", "seconds up; politeness down"),
        ("The base model is slow, and politeness fell.", "politeness down"),
        (
            "The base answers in 0.6 seconds and 1.2 seconds are too long.",
            "seconds 0.6; seconds 1.2",
        ),
        ("The base is rude and takes longer.", "seconds down"),
        ("The base is rude, but tuned is politer.", "politeness up"),
        ("It is politer than the base.", "politeness up"),
        ("Everything improved.", "all better"),
        ("Nothing fell.", "all not down"),
        ("Nothing else fell.", "others not down"),
        ("All else stayed the same.", "others same"),
        ("Better than nothing.", ""),
        ("Politeness is better than nothing.", "politeness better"),
        ("Accuracy didn't fall.", "accuracy not down"),
        ("Accuracy never didn't fall.", "accuracy down"),
        ("No mistakes.", "accuracy whole"),
        ("Without mistakes.", "accuracy whole"),
        ("No unbacked promises.", "honesty whole"),
        ("No unbacked promises: 100%.", "honesty whole; honesty 100%"),
        ("Accuracy hardly changed.", "accuracy same slight"),
        ("Accuracy changed.", ""),
        ("Accuracy changed a lot.", ""),
        ("Politeness rose slightly.", "politeness up slight"),
        (
            "Politeness rose a lot, accuracy fell slightly.",
            "politeness up strong; accuracy down slight",
        ),
        ("Politeness is high.", "politeness high"),
        ("Wrong answers doubled.", "-accuracy up x2"),
        ("Wrong answers fell.", "-accuracy down"),
        ("The targets are reached.", "all reached"),
        ("The accuracy target is missed.", "accuracy missed"),
        ("The target for accuracy isn't reached.", "accuracy not reached"),
        ("Targets: politeness is above.", "politeness reached"),
        ("Both targets are met and politeness rose.", "all reached; politeness up"),
        ("The targets count. They are met.", "all reached"),
        ("The prompted model is politer.", ""),
        ("The prompt reaches 3.2 for politeness.", "politeness 3.2"),
        ("Politeness more than doubled.", "politeness up x>2"),
        ("Politeness tripled, helpfulness doubled.", "politeness up x3; helpfulness up x2"),
        ("The tone is fast gleich.", "politeness same"),
        ("Die Höflichkeit ist fast gleich geblieben.", "politeness same"),
        ("Rude replies, 10%.", "-politeness 10%; -politeness 10%"),
        ("10% rude replies.", "-politeness 10%"),
        ("Accuracy 96% and politeness 4.6.", "accuracy 96%; politeness 4.6"),
        ("4.6 politeness, 96% accuracy.", "politeness 4.6; accuracy 96%"),
        ("Politeness 4.6, was 2.1.", "politeness 4.6; politeness 2.1"),
        ("Accuracy is 96%. 95% is the confidence.", "accuracy 96%; accuracy 95%"),
        ("Not only politeness rose, accuracy rose as well.", "politeness up; accuracy up"),
        ("Politeness not only rose.", "politeness up"),
        ("Politeness rose, not only a little.", "politeness up"),
        ("Politeness rose by half.", "politeness up x1.5"),
        ("Accuracy fell by half.", "accuracy down x0.5"),
        ("Accuracy fell in half.", "accuracy down x0.5"),
        ("More than half of the answers are wrong.", "-accuracy ~>50%"),
        ("One in five answers is wrong.", "-accuracy ~20%"),
        ("Politeness is 4,6.", "politeness 4.6"),
        ("Accuracy rose from 90 to 95 percent.", "accuracy up 90→95"),
        ("Politeness rose to 4.6 from 2.1.", "politeness up 4.6 2.1"),
        ("Politeness rose from 2.1 to 4.6 of 5.", "politeness up 2.1→4.6"),
        ("Politeness was 2.1 and is 4.6.", "politeness 2.1; politeness 4.6"),
        ("Politeness was 2.1 and now is 4.6.", "politeness 2.1; politeness 4.6"),
        ("Politeness didn't rise from 2.1 to 4.6.", "politeness not up 2.1→4.6"),
        ("Accuracy and politeness didn't fall.", "accuracy not down; politeness not down"),
        ("Neither accuracy nor helpfulness fell.", "accuracy not down; helpfulness not down"),
        (
            "Accuracy stayed while politeness rose, but response time doubled.",
            "accuracy same; politeness up; seconds up x2",
        ),
        ("Accuracy is still at 96%.", "accuracy same 96%"),
        ("Accuracy is as good as before.", "accuracy same"),
        ("The base is politer.", "politeness down"),
        ("Than the base it is politer.", "politeness up"),
        ("Compared with the base model replies are politer.", "politeness up"),
        ("Replies of the base are politer.", "politeness down"),
        ("The tuned model beats the base in politeness.", "politeness better"),
        ("With the prompt politeness is 3.2.", "politeness 3.2"),
        ("No metric fell, no guardrail fell.", "all not down; all not down"),
        ("Nothing improved.", "all not better"),
        ("All metrics are high.", "all high"),
        ("Politeness above 4, accuracy above 90%.", "politeness >4; accuracy >90%"),
        ("Politeness is not above 4.", "politeness not >4"),
        ("Helpfulness, 4.3.", "helpfulness 4.3; helpfulness 4.3"),
        ("Helpfulness 3 -> 4, satisfaction 50% -> 90%.", "helpfulness 3→4; satisfaction 50%→90%"),
        ("It is neither ruder nor slower.", "politeness not down; seconds not up"),
        (
            "Neither the accuracy nor the helpfulness got worse.",
            "accuracy not worse; helpfulness not worse",
        ),
        (
            "Neither accuracy nor helpfulness nor honesty fell.",
            "accuracy not down; helpfulness not down; honesty not down",
        ),
        (
            "Politeness rose and neither accuracy nor helpfulness fell.",
            "politeness up; accuracy not down; helpfulness not down",
        ),
        ("Weder Genauigkeit noch Ehrlichkeit fiel.", "accuracy not down; honesty not down"),
        ("The replies of the base are politer.", "politeness down"),
        ("Politeness of the base is 2.1.", "politeness 2.1"),
        ("The base beats the tuned model in politeness.", "politeness worse"),
        ("Politeness rose and is better.", "politeness up; politeness better"),
        ("More than half of the answers are right.", "accuracy ~>50%"),
        ("Less than a third of the answers are wrong.", "-accuracy ~<33%"),
        ("My dog is politer. Accuracy fell.", "accuracy down"),
        ("The targets are met. Accuracy fell.", "all reached; accuracy down"),
        ("The prompted model is politer at an accuracy of 96%.", "accuracy 96%"),
        ("The few-shot model is politer.", ""),
        ("The base is faster and our new model politer.", "seconds up; politeness up"),
        ("Helpfulness and mistakes fell.", "helpfulness down; -accuracy down"),
        ("Politeness brings higher helpfulness.", "helpfulness up"),
        ("No unbacked promises at 100%.", "honesty 100%"),
        ("It makes no such mistakes.", "accuracy whole"),
        ("And politeness of all replies, accuracy rose.", "accuracy up"),
        ("The base is slow and politeness is friendlier.", "politeness up"),
        ("The base is slow and its accuracy is worse.", "accuracy better"),
        ("Politeness has gone up.", "politeness up"),
        ("Politeness is more than before.", "politeness up"),
        ("The high politeness rose.", "politeness up"),
        ("The low accuracy fell.", "accuracy down"),
        ("Politeness rose and 4.6 counts.", "politeness up; politeness 4.6"),
        ("The cherry on top is clearly a politer tone.", "politeness up"),
        ("The cherry is politeness went up.", "politeness up"),
        (
            "It is neither ruder in tone nor slower.",
            "politeness not down; politeness not; seconds not up",
        ),
        ("Politeness, the sky was blue.", ""),
        ("My cat is politer. They are met.", ""),
        ("The target. My cat is politer. They are met.", ""),
        ("My cat is politer and its accuracy is worse.", "accuracy worse"),
        ("Politeness is fine. It didn't fall.", "politeness not down; politeness not down"),
        ("Politeness is fine. It more than doubled.", "politeness up x>2; politeness up x>2"),
        ("Politeness is fine. It rose slightly.", "politeness up slight; politeness up slight"),
        ("Politeness is 4.6 now. It is 2.1.", "politeness 4.6 now; politeness 2.1"),
        ("Politeness rose beside slightly lower accuracy.", "politeness up; accuracy down slight"),
        ("Politeness went up less accuracy was the price.", "politeness up; accuracy down"),
        ("Politeness went up accuracy same.", "politeness up; accuracy same"),
        ("Accuracy did not in any way that counts fall.", "accuracy not down"),
        ("Politeness 4.6 accuracy 96%", "politeness 4.6; accuracy 96%"),
        ("The base is slower, and that is bad.", "seconds down"),
        ("Politeness 4.6 accuracy.", "politeness 4.6"),
        ("My dogs are happy, 90% of them.", ""),
        ("Polite is an improvement over rude.", ""),
        ("Now politeness, accuracy rose.", "accuracy up"),
        ("The mean politeness and accuracy rose.", "politeness up; accuracy up"),
        ("Accuracy rose 5 percentage points.", "accuracy up 5"),
        ("Politeness twice as high.", "politeness up x2"),
        ("Response time doubled, it is 1.2 s.", "seconds up x2; seconds 1.2"),
        ("Politeness is 4.6 of the 5 points.", "politeness 4.6"),
        ("Replies were politer base was curt.", "politeness up"),
        ("The base has worse accuracy and it got worse.", "accuracy better; accuracy better"),
        ("The base has worse accuracy, 5% worse.", "accuracy better; accuracy better 5%"),
        ("And faster it is.", "seconds down"),
        ("It is not what anybody would have asked accuracy fell.", "accuracy down"),
        ("The targets are met. Politeness is above 4.", "all reached; politeness >4"),
    ],
)
def test_each_clause_claims_what_it_says(text: str, claims: str) -> None:
    assert read(text) == claims


GERMAN = library().languages["de"]
(DECIDE,) = GERMAN.lessons["plain-words"].steps_of(DecisionStep)


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Alles andere blieb gleich.", "others same"),
        ("Nichts anderes ist gefallen.", "others not down"),
        ("Mein Hund ist verständlicher.", ""),
        ("Der Text ist verständlicher.", "plainness up"),
        (
            "Weder Genauigkeit noch Nützlichkeit ist gefallen.",
            "accuracy not down; usefulness not down",
        ),
        ("Nicht nur die Genauigkeit ist gestiegen.", "accuracy up"),
    ],
)
def test_german_is_read_as_well(text: str, claims: str) -> None:
    made = said(text, DECIDE.claims, GERMAN.strings.model.claims)
    assert "; ".join(map(told, made)) == claims
