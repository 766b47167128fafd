"""`python -m content.check [FOLDER]`: every fault in the lessons, or what each one asks for.

The estimate is for a careful beginner: words at 200 a minute and, for each kind of step,
a stated time to do what it asks.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import assert_never

from content.faults import ContentError, Fault
from content.lesson import (
    AnalysisStep,
    ChatStep,
    ChecklistStep,
    ChoiceStep,
    ComparisonStep,
    CompleteStep,
    DashboardStep,
    DecisionStep,
    ExplanationStep,
    InformationStep,
    JobStep,
    JsonlStep,
    LabStep,
    Lesson,
    OrderingStep,
    QualityStep,
    QuizStep,
    ScreenStep,
    SelectionStep,
    StartStep,
    Step,
    SurveyStep,
    TargetsStep,
    TextStep,
)
from content.loader import SHIPPED, load
from content.rules import walk

# Adults read prose at about 240 words a minute; a beginner meets new terms.
WORDS_A_MINUTE = 200
# Meanings stand behind a button; a beginner knows some of the words, and the exercise says others.
TERMS_OPENED = 0.5
# So do explanations of conversations that were treated rightly, and a screen's tips.
REASONS_OPENED = 0.5

# Texts that this learner doesn't meet: read on request, after a mistake of another kind,
# by a screen reader, or by nobody.
UNREAD = {
    "about",
    "alt",
    "character",
    "help",
    "hints",
    "id",
    "intent",
    "kind",
    "metric",
    "missing",
    "otherwise",
    "patterns",
    "persona",
    "phase",
    "rule",
    "sets",
    "source",
    "terms",
    "too_high",
    "too_low",
    "topic",
    "unit",
    "url",
    "wrong",
}

# Seconds to do what the step asks, beyond reading.
PRESS_S = 4  # find the button, press it, see the answer come
LOOK_S = 5  # compare a frame of a demonstration with the one before, or a mark with its field
WEIGH_S = 5  # decide on one item of a list
MOVE_S = 7  # find the place of one thing among others
SET_S = 15  # choose a number and think why
CHOOSE_S = 10  # choose among options that were read, now and then a second time
TALK_S = 20  # write or tap a message, wait for the reply and read it
JUDGE_S = 20  # answer a question that needs a look at one's own data or figures
RUN_S = 30  # predict, set parameters that are filled in, look at two curves
WRITE_S = 75  # two or three sentences of one's own
FORMAT_S = 75  # paste the pattern or the line before, change two texts, mend it once
EXPLORE_S = 80  # filter, open a figure, change the sample size

LAB_RUNS = 3  # a good one, one of too little and one of too much


def doing(step: Step) -> float:
    """Seconds that a careful beginner needs for what the step asks, beyond reading."""
    match step:
        case StartStep() | InformationStep() | SurveyStep() | CompleteStep():
            return PRESS_S
        case ExplanationStep():
            return LOOK_S * len(step.frames)
        case ChecklistStep():
            return WEIGH_S * len(step.items)
        case TargetsStep():
            return SET_S * len(step.targets)
        case ChatStep():
            return TALK_S * step.minimum
        case ChoiceStep():
            return CHOOSE_S
        case TextStep():
            return WRITE_S
        case SelectionStep():
            return WEIGH_S * len(step.conversations)
        case JsonlStep():
            return FORMAT_S
        case QualityStep():
            return JUDGE_S * len(step.checks)
        case OrderingStep():
            return MOVE_S * len(step.items)
        case ScreenStep():
            return LOOK_S * len(step.annotations) + CHOOSE_S * len(step.decisions)
        case LabStep():
            return RUN_S * LAB_RUNS
        case JobStep():
            return step.seconds + CHOOSE_S  # the settings of the lab are filled in
        case ComparisonStep():
            return JUDGE_S * len(step.queries)
        case DashboardStep():
            return EXPLORE_S
        case DecisionStep():
            return CHOOSE_S + WRITE_S
        case AnalysisStep():
            return JUDGE_S
        case QuizStep():
            return CHOOSE_S * step.draw
        case _:
            assert_never(step)


def words(step: Step) -> float:
    """Words of the step that a careful beginner reads.

    Of a question's options all texts are read, and one feedback; of a bank, what is drawn;
    of a demonstration's frames, what is new in each.
    """
    share = step.draw / len(step.bank) if isinstance(step, QuizStep) else 1.0
    seen: set[str] = set()
    total = 0.0
    for loc, text in _texts(step):
        one_of = _options(step, loc[:-2]) if loc[-1] == "feedback" else 1
        count = float(len(text.split()))
        if loc[0] == "frames" and loc[-1] == "text":
            count = len(set(text.split()) - seen)
            seen |= set(text.split())
        if _is_behind_a_button(step, loc):
            count *= REASONS_OPENED
        count *= _shown(step, loc)
        total += count / one_of * (share if "bank" in loc else 1)
    return total


def _shown(step: Step, loc: tuple[int | str, ...]) -> float:
    """How much of a text is shown at all: one decision's words, one opened figure's, and so on."""
    match step:
        case DecisionStep() if loc[-1] == "right":
            return 1 / len(step.options)
        case DashboardStep() if loc[-1] == "explain":
            return 1 / len(step.metrics)
        case ChecklistStep() if loc[-1] == "feedback" and isinstance(loc[1], int):
            return float(step.items[loc[1]].relevant)
        case _:
            return 1.0


def _is_behind_a_button(step: Step, loc: tuple[int | str, ...]) -> bool:
    tips = isinstance(step, ScreenStep) and loc[0] == "tips"
    return tips or (loc[0] == "conversations" and loc[-1] == "why")


def _texts(step: Step) -> Iterator[tuple[tuple[int | str, ...], str]]:
    for loc, value in walk(step):
        if isinstance(value, str) and not UNREAD & set(loc):
            yield loc, value


def _options(step: Step, loc: tuple[int | str, ...]) -> int:
    """How many options share the place of a feedback; a checklist shows every item's."""
    if loc[-1:] != ("options",):
        return 1
    value: object = step
    for part in loc:
        value = (
            value[part]
            if isinstance(value, tuple) and isinstance(part, int)
            else (getattr(value, str(part)))
        )
    return len(value) if isinstance(value, tuple) else 1


def minutes(lesson: Lesson, *steps: Step) -> float:
    """What the steps take, with the meanings of the terms that they bring up."""
    meanings = {entry.id: len(entry.meaning.split()) for entry in lesson.glossary}
    terms = {term for step in steps for term in step.terms}
    opened = TERMS_OPENED * sum(meanings.get(term, 0) for term in terms)
    read = sum(words(step) for step in steps) + opened
    return read / WORDS_A_MINUTE + sum(doing(step) for step in steps) / 60


def summary(lesson: Lesson) -> str:
    """One line: how much there is to do, and how long it takes."""
    needed = [step for step in lesson.steps if not step.optional]
    optional = [step for step in lesson.steps if step.optional]
    kinds = len({step.kind for step in lesson.steps})
    text = (
        f"{lesson.id} ({lesson.locale}): {len(lesson.steps)} steps of {kinds} kinds, "
        f"about {minutes(lesson, *needed):.0f} minutes"
    )
    if optional:
        text += f", {minutes(lesson, *optional):.0f} more for {len(optional)} optional steps"
    return text


def main(arguments: list[str]) -> int:
    """Check a folder; the exit code is 1 when anything is at fault."""
    folder = Path(arguments[0]) if arguments else SHIPPED
    try:
        library = load(folder)
    except ContentError as error:
        _tell(str(_seen_from_here(fault)) for fault in error.faults)
        return 1
    _tell(summary(lesson) for lesson in library.lessons.values())
    return 0


def _tell(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _seen_from_here(fault: Fault) -> Fault:
    here = Path.cwd()
    if not fault.path.is_relative_to(here):
        return fault
    return Fault(fault.path.relative_to(here), fault.line, fault.message)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
