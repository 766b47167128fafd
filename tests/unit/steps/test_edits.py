"""An author's edit locks nobody out: whatever is taken away or renamed, every way goes on."""

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from content import digest, rules
from content.lesson import Lesson
from dialogs.values.actions import Answer, Own
from tests.unit.conftest import At as Place
from tests.unit.conftest import AtBench, WithModel
from tests.unit.steps.practice import LESSON, Practice
from tests.unit.steps.test_blocks import ALL_CASES, Case, Go, Press, Wait, learner_of

WAYS = ("hi", "1", "next", "back", "help", "progress", "review 1", "try again", "skip tutorial")
PLACE = tuple[str | int, ...]


@cache
def raw(name: str) -> Any:
    """What is written of the small lesson, or of one that has a bench."""
    path = LESSON.with_name(f"{name}.yaml") if name else LESSON
    return yaml.safe_load(path.read_text("utf-8"))


def places(value: Any, place: PLACE = ()) -> Iterator[PLACE]:
    """Where something stands that an author can take away or call otherwise."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in members:
        if key == "id" or isinstance(member, dict | list) or isinstance(value, list):
            yield (*place, key)
        if isinstance(member, dict | list):
            yield from places(member, (*place, key))


def edited(name: str, place: PLACE) -> Iterator[Lesson]:
    """The lesson without what stands there, and with another id there; as far as they load."""
    for edit in (_without, _renamed):
        changed = copy.deepcopy(raw(name))
        holder = changed
        for key in place[:-1]:
            holder = holder[key]
        if edit(holder, place[-1]):
            try:
                lesson = Lesson.model_validate(changed)
            except ValidationError:
                continue
            if set(complaints(lesson)) <= set(complaints(Lesson.model_validate(raw(name)))):
                yield lesson.model_copy(update={"version": digest.version(lesson)})


def _without(holder: Any, key: Any) -> bool:
    del holder[key]
    return True


def _renamed(holder: Any, key: Any) -> bool:
    if key == "id":
        holder[key] += "-new"
    return bool(key == "id")


def complaints(lesson: Lesson) -> Iterator[str]:
    around = rules.surroundings(lesson, None)
    return (message for _, message in rules.complaints(lesson, around, {"none.png"}))


@cache
def edits(name: str) -> dict[str, tuple[Lesson, ...]]:
    """Edited lessons, by the step in which something changed."""
    found: dict[str, list[Lesson]] = {}
    for place in places(raw(name)):
        step = _step_of(name, place)
        found.setdefault(step, []).extend(edited(name, place))
    return {step: tuple(lessons) for step, lessons in found.items()}


def _step_of(name: str, place: PLACE) -> str:
    if len(place) > 4 and place[0] == "phases" and place[2] == "steps":
        return str(raw(name)["phases"][place[1]]["steps"][place[3]]["id"])
    return str(place[0]) if place[0] in ("start", "complete") else ""


def states(learner: Practice, case: Case) -> Iterator[Practice]:
    """The learner before the first move of a case and after each."""
    learner.look()
    yield learner.copy()
    for move in case[3]:
        match move:
            case str(text):
                learner.type(text)
            case Press(do, values):
                if do not in learner.buttons:
                    learner.press("again") if "again" in learner.buttons else learner.look()
                learner.press(do, **values)
            case Go(step):
                learner.go(step)
            case Wait(seconds):
                learner.wait(seconds)
            case _:
                move(learner)
        yield learner.copy()


def goes_on(before: Practice, lesson: Lesson, *ways: str) -> None:
    """See that in the edited lesson each of these is answered, and so is the card from before."""
    for way in ways:
        learner = before.copy()
        learner.lesson, learner.is_computed_at_once = lesson, True
        said = learner.type(way).said
        assert said, way
        if lesson.version != before.lesson.version:
            assert learner.strings.tutor.moved in said
        assert learner.type(way).said, f"{way} again"
    learner = before.copy()
    learner.lesson, learner.is_computed_at_once = lesson, True
    if before.card and before.card.buttons:
        answer = next((b for b in before.card.buttons if isinstance(b.do, Answer | Own)), None)
        button = answer or before.card.buttons[0]
        assert learner.press_on(before.card, str(button.do), **before.inputs).said
    learner.wait(600)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "case"), ALL_CASES)
def test_every_way_goes_on_after_an_edit(
    at: Place, with_model: WithModel, at_bench: AtBench, name: str, case: Case
) -> None:
    learner = learner_of(at, with_model, at_bench, name, case)
    known: list[object] = []
    for before in states(learner, case):
        state = (before.progress.cursor, before.record(case[1]))
        if state in known:
            continue
        known.append(state)
        for lesson in edits(name).get(before.progress.cursor, ()):
            goes_on(before, lesson, *WAYS)
    for changed, lessons in edits(name).items():
        for lesson in lessons if changed != learner.progress.cursor else ():
            goes_on(learner, lesson, "hi")
