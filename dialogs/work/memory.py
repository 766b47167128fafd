"""How well a learner still knows what a lesson taught, and what to ask of it.

By FSRS 6, the Free Spaced Repetition Scheduler (the package `fsrs`): from how something was known
each time it estimates how likely it is known now. When to ask is the lesson's plan, since few
questions with long pauses leave little for a scheduler to gain.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from fsrs import Card, Rating, Scheduler

from content.lesson.follow_up import FollowUp as Plan
from content.lesson.follow_up import FollowUpQuestion
from dialogs.values.follow_up import FollowUp, Reviewed

_SCHEDULER = Scheduler(enable_fuzzing=False)  # no dice: the same reviews give the same again


def recall(reviewed: Sequence[Reviewed], now: datetime) -> Mapping[str, float]:
    """How likely what each step teaches is still known, 0.0 to 1.0, of the steps reviewed."""
    cards: dict[str, Card] = {}
    for one in reviewed:
        card = cards.get(one.step) or Card(card_id=1, due=one.at)
        cards[one.step], _ = _SCHEDULER.review_card(card, Rating(one.rating), one.at)
    return {
        step: _SCHEDULER.get_card_retrievability(card, current_datetime=now)
        for step, card in cards.items()
    }


def pick(plan: Plan, follow_up: FollowUp, now: datetime) -> tuple[str, ...]:
    """The questions for now: of what is known least, one of a step, new ones first; then a case."""
    known = recall(follow_up.reviewed, now)
    asked = _weakest(plan.questions, known, follow_up.used)[: plan.each]
    case = _weakest(plan.cases, known, follow_up.used)[:1]
    return tuple(one.id for one in (*asked, *case))


def _weakest(
    questions: Sequence[FollowUpQuestion], known: Mapping[str, float], used: Sequence[str]
) -> list[FollowUpQuestion]:
    """Questions in the order in which they are worth asking; one of each step comes first."""
    fresh = [one for one in questions if one.id not in used]
    again = sorted((one for one in questions if one.id in used), key=lambda one: used.index(one.id))
    turns: dict[str, int] = {}
    order = []
    for one in (*fresh, *again):
        turns[one.step] = turns.get(one.step, 0) + 1
        order.append((one.id in used, turns[one.step], known.get(one.step, 0.0), one))
    return [one for *_, one in sorted(order, key=lambda row: row[:3])]
