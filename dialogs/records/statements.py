"""Facts as statements of the Experience API 1.0.3, for a learning record store (LRS).

The verbs are those of cmi5 where it has one (https://aicc.github.io/CMI-5_Spec_Current/), else
ADL's; activity types are ADL's (https://adlnet.gov/expapi). A statement tells of one fact, with
that fact's own instant, and is the same whenever it is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, assert_never
from uuid import UUID, uuid5

from content.lesson import Lesson, Phase, Step
from dialogs.values.facts import (
    Fact,
    FollowUpAnswered,
    HintShown,
    LessonCompleted,
    LessonStarted,
    ModelMeasured,
    ModelTrained,
    PhaseCompleted,
    Picked,
    QuestionAsked,
    SessionJoined,
    StepAnswered,
    SurveyAnswered,
)

Statement = dict[str, Any]

VERSION = "1.0.3"
SPACE = UUID("6a9d6f8e-53a2-4c0b-9f6e-0d7f4f1f7c11")  # our own, for all ids made of names
VERBS = "http://adlnet.gov/expapi/verbs/"
TYPES = "http://adlnet.gov/expapi/activities/"
CREATED = "http://activitystrea.ms/schema/1.0/create"  # ADL has no verb for making something
TEXTS = 500  # characters of a learner's own words that a response holds


@dataclass(frozen=True)
class Told:
    """What a statement says beside its fact.

    `id` names the fact for ever; `actor` stands for the learner without telling who it is; `home`
    is the tutor's own address, without a slash at the end, under which all activities are named.
    `lesson` is None where the lesson of the fact isn't there any more.
    """

    id: str
    actor: str
    home: str
    lesson: Lesson | None
    channel: str | None = None
    event: str | None = None
    version: str | None = None


def statement(fact: Fact, told: Told) -> Statement:
    """The statement of a fact."""
    made: Statement = {
        "id": str(uuid5(SPACE, told.id)),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": told.home, "name": told.actor},
        },
        "timestamp": _instant(fact.at),
        "version": VERSION,
        "context": _context(fact, told),
        **_said(fact, _Names(fact, told)),
    }
    return made


@dataclass(frozen=True)
class _Names:
    """Activities by their ids, with what the lesson calls them."""

    fact: Fact
    told: Told

    @property
    def course(self) -> str:
        return f"{self.told.home}/lessons/{self.fact.lesson}"

    def lesson(self) -> Statement:
        lesson = self.told.lesson
        return self._activity(self.course, "course", lesson.title if lesson else "")

    def phase(self, name: str) -> Statement:
        known: Sequence[Phase] = self.told.lesson.phases if self.told.lesson else ()
        title = next((p.title for p in known if p.id == name), "")
        return self._activity(f"{self.course}/phases/{name}", "module", title)

    def step(self, name: str, more: Statement | None = None) -> Statement:
        step = self.known(name)
        is_test = step is not None and step.kind == "quiz"
        kind = "cmi.interaction" if more else "assessment" if is_test else "lesson"
        title = step.title if step else ""
        return self._activity(f"{self.course}/steps/{name}", kind, title, more)

    def follow_up(self, name: str, more: Statement) -> Statement:
        return self._activity(f"{self.course}/follow-ups/{name}", "cmi.interaction", "", more)

    def question(self, name: str) -> Statement:
        return self._activity(f"{self.course}/questions/{name}", "question", "")

    def hint(self, step: str, level: int) -> Statement:
        return self._activity(f"{self.course}/steps/{step}/hints/{level}", "media", "")

    def model(self, key: str) -> Statement:
        return self._activity(f"{self.course}/models/{key}", "simulation", "")

    def known(self, name: str) -> Step | None:
        return self.told.lesson.step(name) if self.told.lesson else None

    def _activity(
        self, name: str, kind: str, title: str, more: Statement | None = None
    ) -> Statement:
        definition: Statement = {"type": TYPES + kind}
        if title and self.told.lesson:
            definition["name"] = {self.told.lesson.locale: title}
        return {
            "objectType": "Activity",
            "id": name,
            "definition": {**definition, **(more or {})},
        }


def _said(fact: Fact, names: _Names) -> Statement:
    """Verb, object and result."""
    match fact:
        case LessonStarted():
            return _by("initialized", names.lesson())
        case StepAnswered():
            return _answered(fact, names)
        case SurveyAnswered(step=step, option=option):
            asked = {"interactionType": "likert"}
            return {
                **_by("answered", names.step(step, asked)),
                "result": {"response": str(option)},
            }
        case FollowUpAnswered():
            return _followed_up(fact, names)
        case QuestionAsked(question=question):
            return _by("asked", names.question(question))
        case HintShown(step=step, level=level):
            return _by("experienced", names.hint(step, level))
        case PhaseCompleted(phase=phase):
            return {**_by("completed", names.phase(phase)), "result": {"completion": True}}
        case ModelTrained(key=key):
            verb = {"id": CREATED, "display": {"en": "created"}}
            return {"verb": verb, "object": names.model(key)}
        case ModelMeasured(step=step, figures=figures):
            told = ", ".join(f"{name} {value:.4g}" for name, value in figures.items())
            return {**_by("scored", names.step(step)), "result": {"response": told}}
        case SessionJoined():
            return _by("attended", names.lesson())
        case LessonCompleted(score=score):
            result: Statement = {"completion": True}
            if score is not None:
                result["score"] = {"scaled": score}
            return {**_by("completed", names.lesson()), "result": result}
        case _:
            assert_never(fact)


def _followed_up(fact: FollowUpAnswered, names: _Names) -> Statement:
    """A question that was answered some days after the lesson."""
    choices = [{"id": name} for name in fact.shown]
    asked = {"interactionType": "choice", "choices": choices}
    result = {
        "success": fact.right,
        "score": {"scaled": float(fact.right)},
        "response": fact.chosen,
    }
    return {**_by("answered", names.follow_up(fact.question, asked)), "result": result}


def _answered(fact: StepAnswered, names: _Names) -> Statement:
    """An attempt at a step. A quiz is passed or failed, anything else is answered."""
    step = names.known(fact.step)
    result: Statement = {"score": {"scaled": fact.score}, "success": fact.passed}
    if fact.seconds is not None:
        result["duration"] = f"PT{max(0.0, fact.seconds):.1f}S"
    if step is not None and step.kind == "quiz":
        verb = "passed" if fact.passed else "failed"
        return {**_by(verb, names.step(fact.step)), "result": result}
    asked, response = _interaction(fact)
    if response:
        result["response"] = response
    return {**_by("answered", names.step(fact.step, asked)), "result": result}


def _interaction(fact: StepAnswered) -> tuple[Statement, str]:
    """What was asked, as one of the standard's kinds of interaction, and what was answered."""
    if fact.text is not None:
        return {"interactionType": "long-fill-in"}, fact.text[:TEXTS]
    given = [one for one in fact.picks if one.chosen]
    match given:
        case []:
            return {"interactionType": "other"}, ""
        case [Picked(shown=shown, chosen=chosen)]:
            choices = [{"id": name} for name in shown]
            return {"interactionType": "choice", "choices": choices}, "[,]".join(chosen)
        case _:
            parts = (f"{one.input}={'|'.join(one.chosen)}" for one in given)
            return {"interactionType": "other"}, "; ".join(parts)


def _by(verb: str, activity: Statement) -> Statement:
    return {"verb": {"id": VERBS + verb, "display": {"en": verb}}, "object": activity}


def _context(fact: Fact, told: Told) -> Statement:
    """The run of the lesson as the registration, and what else is known of the moment."""
    own = f"{told.home}/xapi/extensions"
    extensions: Statement = {f"{own}/run": fact.run}
    if isinstance(fact, StepAnswered):
        extensions[f"{own}/attempt"] = fact.attempt
        if fact.hints is not None:
            extensions[f"{own}/hints"] = fact.hints
    for name, value in (("event", told.event), ("lesson-version", told.version)):
        if value:
            extensions[f"{own}/{name}"] = value
    context: Statement = {
        "registration": str(uuid5(SPACE, f"{told.actor}/{fact.lesson}/{fact.run}")),
        "extensions": extensions,
    }
    if told.channel:
        context["platform"] = told.channel
    if told.lesson:
        context["language"] = told.lesson.locale
    if not isinstance(fact, LessonStarted | LessonCompleted):
        parent = {"objectType": "Activity", "id": f"{told.home}/lessons/{fact.lesson}"}
        context["contextActivities"] = {"parent": [parent]}
    return context


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
