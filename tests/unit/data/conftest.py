"""Phase 2 of the main lesson, and scenes in it."""

from datetime import UTC, datetime

import pytest

from content.lesson import Conversation, JsonlStep, Lesson, SelectionStep, Step
from dialogs.advance import begin
from dialogs.tutor import Tutor
from dialogs.values.kept import Kept
from dialogs.values.progress import Progress, Record, StepStatus
from dialogs.values.scene import Scene
from dialogs.work.persona_company import as_company
from dialogs.work.training_set import Selected, Written

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class Desk:
    """A learner's desk in a lesson: what was chosen and written, and the scene of any step."""

    def __init__(self, tutor: Tutor, lesson: Lesson, seed: int = 7) -> None:
        self.tutor, self.lesson = tutor, lesson
        self.company = as_company(tutor.simulation(lesson.id, lesson.locale))
        self.progress: Progress = begin(lesson, seed)

    @property
    def selecting(self) -> SelectionStep:
        return self.lesson.steps_of(SelectionStep)[0]

    @property
    def good(self) -> tuple[Conversation, ...]:
        return tuple(c for c in self.selecting.conversations if c.good)

    @property
    def writing(self) -> tuple[JsonlStep, ...]:
        return self.lesson.steps_of(JsonlStep)

    @property
    def topics(self) -> set[str]:
        """What a careful learner's set is about: the good conversations and the own lines."""
        return {c.intent for c in self.good} | {s.intent for s in self.writing}

    def keep(
        self,
        step: Step,
        state: Kept | None,
        status: StepStatus = "new",
        *,
        misses: int = 0,
        waived: bool = False,
    ) -> None:
        held = state.as_json() if state else None
        record = Record(status, misses=misses, waived=waived, state=held)
        self.progress = self.progress.with_record(step.id, record)

    def choose(self, *conversations: Conversation) -> "Desk":
        state = Selected(picked=tuple(c.id for c in conversations))
        self.keep(self.selecting, state)
        return self

    def write(self) -> "Desk":
        for step in self.writing:
            state = Written(message=step.customer, reply=step.response)
            self.keep(step, state, status="passed")
        return self

    def scene(self, step: Step) -> Scene:
        return Scene(
            lesson=self.lesson,
            simulation=self.company,
            strings=self.tutor.library.strings,
            learner="learner-1",
            progress=self.progress,
            step_id=step.id,
            results={},
            now=NOW,
        )


@pytest.fixture
def desk(tutor: Tutor) -> Desk:
    return Desk(tutor, tutor.library.lessons["polite-chatbot"])
