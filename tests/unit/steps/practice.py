"""A learner at one step of a small lesson: answers are given, and what came of them is looked at.

How a card's values travel, what events are called and where a step keeps what it knows is known
here alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from cards import press
from cards.words import transcript
from content.lesson import Lesson, Step
from content.strings import Strings
from dialogs.advance import advance, begin
from dialogs.simulations import registry
from dialogs.simulations.computation import Result, Simulation
from dialogs.simulations.experiment import Bench
from dialogs.simulations.persona import Company
from dialogs.values import actions
from dialogs.values.events import Arrived, Computed, Edited, Event, Typed
from dialogs.values.facts import Fact, HintShown, StepAnswered
from dialogs.values.progress import Progress, Record
from dialogs.values.replies import (
    Arrange,
    Block,
    Button,
    Item,
    Message,
    Notice,
    Number,
    Picking,
    PickInto,
    Reply,
    Select,
    Text,
    Write,
    WriteJsonl,
)
from dialogs.values.scene import Scene
from dialogs.values.turn import At, Compute, Discard, Later, Turn

HERE = Path(__file__).parent
LESSON = HERE / "lesson.yaml"
BENCHES = {
    "talks": "multi-turn",
    "prices": "cost-benefit",
}  # a small lesson, and whose bench it has
Given = str | float | tuple[str, ...]
Outcome = Literal["passed", "missed", "unclear", "noted", "shown", "silent"]


@cache
def practice_lesson() -> Lesson:
    """The small lesson, with a step of every kind that needs a company or nothing."""
    return _read(LESSON)


@cache
def bench_lesson(name: str) -> Lesson:
    """A small lesson of the steps that are tried on a bench."""
    return _read(HERE / f"{name}.yaml")


def _read(path: Path) -> Lesson:
    return Lesson.model_validate(yaml.safe_load(path.read_text("utf-8")))


@dataclass(frozen=True)
class Seen:
    """What came of one event.

    `outcome`: an attempt that "passed" or "missed"; "unclear": a slip, which counts for nothing;
    "noted": something was kept and nothing judged; "shown": nothing was kept; "silent": no reply.
    `score` is the attempt's, `hint` its level (0: none). `record` and `kept` are the step's as
    they are now, `said` is all that the learner reads.
    """

    outcome: Outcome
    score: float | None
    hint: int
    record: Record
    said: str
    replies: tuple[Reply, ...]
    reissued: bool
    facts: tuple[Fact, ...]
    later: tuple[Later, ...]

    @property
    def kept(self) -> dict[str, Any]:
        """What the step keeps of the learner's answers."""
        return dict(self.record.state) if isinstance(self.record.state, dict) else {}

    @property
    def counts(self) -> tuple[int, int]:
        """Attempts and misses so far."""
        return self.record.attempts, self.record.misses

    @property
    def buttons(self) -> list[str]:
        """What can be pressed now."""
        return [b.text for m in self.messages for b in m.buttons]

    @property
    def messages(self) -> list[Message]:
        return [r for r in self.replies if isinstance(r, Message)]


class Practice:
    """A learner in the small lesson. Whatever is computed for them is there at once."""

    bench: Bench | None = None  # of a lesson that is tried on one
    other: "Practice | None" = None  # the same learner in another lesson

    def __init__(self, company: Company, strings: Strings, step: str = "start") -> None:
        self.lesson = practice_lesson()
        self.company, self.strings = company, strings
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
        self.progress: Progress = begin(self.lesson, 7)
        self.results: dict[str, Result] = {}
        self.due: list[At] = []
        self.waiting: list[Compute] = []
        self.is_computed_at_once = True
        self.card: Message | None = None
        self.go(step)

    def go(self, step: str) -> "Practice":
        """Put the learner before a step, whatever lies on the way to it."""
        self.progress = replace(self.progress, cursor=step, reopened=False)
        self.look()
        return self

    def into(self, lesson: Lesson, bench: Bench) -> "Practice":
        """The same learner in a lesson that has a bench; what they did here stands elsewhere."""
        there = self.copy()
        there.lesson, there.bench, there.other = lesson, bench, self
        there.progress = begin(lesson, 7)
        return there

    def in_run(self, run: int) -> "Practice":
        """Let this be another run, with other dice."""
        self.progress = replace(self.progress, run=run)
        return self

    def copy(self) -> "Practice":
        """The same learner, from here on on their own."""
        other = object.__new__(Practice)
        other.__dict__ |= self.__dict__
        other.results, other.due, other.waiting = dict(self.results), [*self.due], []
        return other

    def pass_all(self, *steps: str) -> "Practice":
        """Let the steps be passed, with nothing kept of how."""
        for step in steps:
            self.keep(step, replace(self.progress.record(step), status="passed"))
        return self

    def keep(self, step: str, record: Record) -> None:
        """Let a step's record be this one."""
        self.progress = self.progress.with_record(step, record)

    # --- what the learner does ---------------------------------------------------------

    def look(self) -> Seen:
        """Have the step shown."""
        return self.send(Arrived())

    def type(self, text: str) -> Seen:
        """Write a message."""
        return self.send(Typed(text=text))

    def press(self, do: str = "answer", /, **values: Given) -> Seen:
        """Press the newest card's button that does `do`, with these values in its inputs."""
        assert self.card
        button = next((b for b in self.card.buttons if str(b.do) == do), None)
        assert button, f"no button does {do!r}: {self.buttons}"
        return self.press_on(self.card, do, **values)

    def press_on(self, card: Message, do: str = "answer", /, **values: Given) -> Seen:
        """Press a button that a card has, had, or never had."""
        assert card.stamp
        picks = [b.id for b in card.blocks if isinstance(b, Picking)]
        button = Button("", actions.read(do), "")
        pressed = press.parse({**_sent(values), **press.data(card.stamp, button, picks)})
        assert pressed
        return self.send(pressed)

    def change_message(self) -> Seen:
        """Change a message that was sent before."""
        return self.send(Edited())

    def numbers(self, *ids: str) -> str:
        """What to type for these items: their numbers as the newest card shows them."""
        shown = [item.id for item in self.items]
        return ", ".join(str(shown.index(name) + 1) for name in ids)

    @property
    def items(self) -> tuple[Item, ...]:
        """What there is to choose from on the newest card."""
        (items,) = (
            b.options if isinstance(b, Select) else b.items
            for b in self.blocks
            if isinstance(b, Select | PickInto | Arrange)
        )
        return items

    @property
    def blocks(self) -> tuple[Block, ...]:
        assert self.card
        return self.card.blocks

    @property
    def inputs(self) -> dict[str, Given]:
        """What the inputs of the newest card hold."""
        return dict(_held(self.blocks))

    @property
    def buttons(self) -> list[str]:
        """What the buttons of the newest card do."""
        assert self.card
        return [str(b.do) for b in self.card.buttons]

    def wait(self, seconds: float) -> list[Seen]:
        """Let time pass, and what is due by then happen."""
        until, seen = self.now + timedelta(seconds=seconds), []
        while due := [at for at in self.due if at.time <= until]:
            first = min(due, key=lambda at: at.time)
            self.due.remove(first)
            self.now = max(self.now, first.time)
            seen.append(self.send(first.event))
        self.now = until
        return seen

    def worker_brings(self) -> Seen:
        """Let a worker finish what is waiting for it."""
        return self._compute(self.waiting.pop())

    def worker_fails(self, fault: str = "out of memory") -> Seen:
        """Let what is waiting come back with a fault."""
        return self._came(self.waiting.pop(), fault)

    # --- what follows ------------------------------------------------------------------

    @property
    def scene(self) -> Scene:
        """What the tutor sees of the learner."""
        return Scene(
            lesson=self.lesson,
            simulation=self.bench or self.company,
            strings=self.strings,
            learner="learner-1",
            progress=self.progress,
            step_id=self.progress.cursor,
            results=self.results,
            now=self.now,
            elsewhere=self._elsewhere,
        )

    def _elsewhere(self, lesson: str) -> Scene | None:
        there = self.other
        return there.scene if there and there.lesson.id == lesson else None

    @property
    def step(self) -> Step:
        """The step that the learner looks at."""
        step = self.lesson.step(self.progress.cursor)
        assert step
        return step

    def record(self, step: str) -> Record:
        return self.progress.record(step)

    def send(self, event: Event) -> Seen:
        """Let one event happen, and what follows from it at once."""
        self.now += timedelta(seconds=1)
        before, about = self.progress, getattr(event, "step", None) or self.progress.cursor
        turn = advance(self.scene, event)
        self.progress = turn.progress
        self._show(turn.replies)
        seen = _seen(before, turn, about)
        for later in turn.later:
            if isinstance(later, At):
                self.due = [at for at in self.due if at.key != later.key] + [later]
            elif isinstance(later, Discard):
                self.results.pop(later.key, None)
            elif self.is_computed_at_once:
                followed = self._compute(later)
                if followed.outcome != "silent":
                    seen = replace(followed, later=(*turn.later, *followed.later))
            else:
                self.waiting.append(later)
        return seen

    def _show(self, replies: tuple[Reply, ...]) -> None:
        for reply in replies:
            if isinstance(reply, Message):
                card = reply.instead or reply
                self.card = card if card.stamp else self.card

    def _compute(self, order: Compute) -> Seen:
        self.results[order.key] = _result(self.scene.simulation, order, self.results)
        return self._came(order, None)

    def _came(self, order: Compute, fault: str | None) -> Seen:
        return self.send(
            Computed(
                lesson=order.lesson, run=order.run, step=order.step, key=order.key, fault=fault
            )
        )


_RESULTS: dict[str, Result] = {}  # what workers brought before: the same recipe gives the same


def _result(simulation: Simulation | None, order: Compute, known: Mapping[str, Result]) -> Result:
    if order.key not in _RESULTS:
        _RESULTS[order.key] = registry.compute(simulation, order.recipe, known)
    return _RESULTS[order.key]


def _sent(values: Mapping[str, Given]) -> dict[str, str]:
    """A card's values as a client sends them."""
    return {k: ",".join(v) if isinstance(v, tuple) else str(v) for k, v in values.items()}


def _held(blocks: tuple[Block, ...]) -> Iterator[tuple[str, Given]]:
    for block in blocks:
        match block:
            case (
                Select(id=name, value=value)
                | PickInto(id=name, value=value)
                | Arrange(id=name, value=value)
                | Number(id=name, value=value)
                | Write(id=name, value=value)
                | WriteJsonl(id=name, value=value)
            ):
                yield name, value
            case _:
                pass


def _seen(before: Progress, turn: Turn, step: str) -> Seen:
    after, replies, facts, later = turn.progress, turn.replies, turn.facts, turn.later
    answered = next((f for f in facts if isinstance(f, StepAnswered)), None)
    hint = next((f.level for f in facts if isinstance(f, HintShown)), 0)
    if answered:
        outcome: Outcome = "passed" if answered.passed else "missed"
    elif before.record(step) != after.record(step):
        outcome = "noted"
    elif not replies and not later:
        outcome = "silent"
    else:
        outcome = "unclear" if _is_plea(replies) else "shown"
    return Seen(
        outcome=outcome,
        score=answered.score if answered else None,
        hint=hint,
        record=after.record(step),
        said=transcript(replies),
        replies=replies,
        reissued=before.ticket != after.ticket,
        facts=facts,
        later=later,
    )


def _is_plea(replies: tuple[Reply, ...]) -> bool:
    """Whether what is said first is a word of advice, and no feedback with a title."""
    match replies:
        case (Message(blocks=(Text(),), stamp=None),):
            return True  # a word alone: the card stays
    notices = (b for r in replies if isinstance(r, Message) for b in r.blocks)
    first = next((b for b in notices if isinstance(b, Notice)), None)
    return first is not None and first.tone == "info" and not first.title


def offered(card: Message, text: str) -> Button:
    """The button of this text."""
    return next(b for b in card.buttons if b.text == text)
