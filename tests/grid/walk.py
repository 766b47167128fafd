"""A learner with one training of the grid, before each step that speaks of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from pydantic import JsonValue

from content.lesson import AnalysisStep, DashboardStep, Lesson
from dialogs.advance import begin
from dialogs.simulations.persona import Company, Evaluation, Training
from dialogs.steps.lab import State as LabState
from dialogs.values.progress import Record
from dialogs.values.replies import (
    Block,
    Bullets,
    Chart,
    Details,
    JobBoard,
    Message,
    Notice,
    Reply,
    Screen,
    Select,
    Table,
    Text,
)
from dialogs.work.persona_company import as_company
from dialogs.work.targets import Targets
from dialogs.work.training_set import Selected, Written
from tests.grid.claims import CLAIMS, FIXED, METRICS, drawn_as_told
from tests.grid.figures import Known
from tests.grid.points import DATA, PROMPTS, TARGETS, Aim, Point, Prompt
from tests.grid.reasoning import OPTIONS, untrue
from tests.grid.sentences import Sentences, written
from tests.lessons import library, tutor
from tests.unit.steps.practice import Practice, Seen

LESSON = "polite-chatbot"
SAYINGS = {**CLAIMS, **OPTIONS}
JSONL = ("format-login", "format-delivery", "format-stock")
ANALYSES = ("where-better", "where-adequate")
DECISIONS = ("deploy", "more-data", "parameters", "base")


@dataclass(frozen=True)
class Finding:
    """A sentence that its figures don't bear out, or that no table lists."""

    point: str
    id: str
    text: str


class Walker(Practice):
    """A learner of the main lesson, put before any of its steps."""

    def __init__(self, point: Point) -> None:
        found = library()
        self.lesson: Lesson = found.lessons[LESSON]
        self.company: Company = as_company(tutor().simulation(LESSON, "en"))
        self.strings = found.strings
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
        self.progress = begin(self.lesson, point.seed)
        self.results, self.due, self.waiting = {}, [], []
        self.is_computed_at_once, self.card = True, None
        picked, own = DATA[point.data]
        self._hold("select", Selected(picked=picked).as_json())
        for step, (message, reply) in zip(JSONL, own, strict=False):
            self._hold(step, Written(message=message, reply=reply).as_json())

    def _hold(self, step: str, state: JsonValue) -> None:
        self.keep(step, replace(self.record(step), state=state))

    def aim(self, politeness: float, accuracy: float) -> None:
        """Set the targets."""
        (step,) = (s.id for s in self.lesson.steps if s.kind == "targets")
        numbers = {"politeness": politeness, "accuracy": accuracy}
        self._hold(step, Targets(numbers=numbers).as_json())


class Walk:
    """One training, and all that is said of it."""

    def __init__(self, point: Point) -> None:
        self.point, self.learner = point, Walker(point)
        self.sentences = 0
        self.findings: list[Finding] = []
        self.refused: list[int] = []

    @cached_property
    def training(self) -> Training:
        """The learner's training."""
        return next(r for r in self.learner.results.values() if isinstance(r, Training))

    @property
    def evaluation(self) -> Evaluation | None:
        """The newest evaluation."""
        model = self.learner.progress.model
        found = self.learner.results.get((model and model.evaluation) or "")
        return found if isinstance(found, Evaluation) else None

    def run(self, prompts: Sequence[Prompt] = PROMPTS, targets: Sequence[Aim] = TARGETS) -> None:
        """Go through the steps, and hold what is said against the figures."""
        multiplier, batch, epochs = self.point.settings
        values = {
            "learning_rate_multiplier": multiplier,
            "batch_size": batch,
            "n_epochs": epochs,
        }
        learner = self.learner
        seen = learner.go("lab").press(**values, predicted="good")
        self._hear("lab", seen, Known(self.training))
        assert LabState.of(learner.record("lab").state).runs
        learner.go("job").press(**values)
        for shown in learner.wait(120):
            self._hear("job", shown, Known(self.training))
        if learner.progress.model is None:
            return  # the service takes no file of under ten lines
        self._hear("screen-monitor", learner.go("screen-monitor").look(), Known(self.training))
        learner.press(checkpoint=self.point.checkpoint)
        learner.go("side-by-side")
        for _ in range(3):
            self._hear("side-by-side", learner.press("show"), Known(self.training))
        for instructions, examples in prompts:
            self._before("rivals")
            learner.press(instructions=",".join(instructions), examples=",".join(examples))
            known = Known(self.training, self.evaluation, data=self.point.data)
            for politeness, accuracy in targets:
                learner.aim(politeness, accuracy)
                known = replace(
                    known, targets={"politeness": politeness, "accuracy": accuracy / 100}
                )
                self._judge(known)
                assert self.evaluation is known.evaluation
                if (politeness, accuracy) == targets[0]:
                    self._look_closer(known)

    def _judge(self, known: Known) -> None:
        learner = self.learner
        assert known.evaluation
        self._hear("dashboard", self._before("dashboard"), known)
        for step in ANALYSES:
            self._hear(step, self._before(step), known)
            for wrong in (tuple(self._segments(step)), ("none",)):
                self._before(step)
                self._hear(step, learner.press(picked=wrong), known)
        self._hear("decision", self._before("decision"), known)
        goal, right = known.difference("politeness"), known.difference("accuracy")
        why = f"Politeness went from {goal.base:.2f} to {goal.tuned:.2f}, accuracy from "
        why += f"{right.base:.0%} to {right.tuned:.0%}."
        outcomes = []
        for decision in DECISIONS:
            self._before("decision")
            seen = learner.press(picked=decision, why=why)
            outcomes.append(seen.outcome)
            self._hear("decision", seen, known)
        self.refused.append(len(DECISIONS) - outcomes.count("passed"))
        if outcomes.count("passed") == len(DECISIONS):
            self._find("decision", "every decision is accepted")
        learner.pass_all(*(s.id for s in learner.lesson.steps))
        self._hear("complete", learner.go("complete").look(), known)

    def _before(self, step: str) -> Seen:
        """Put the learner before a step that they haven't answered yet."""
        self.learner.keep(step, Record())
        return self.learner.go(step).look()

    def _segments(self, step: str) -> list[str]:
        found = self.learner.lesson.step(step)
        assert isinstance(found, AnalysisStep)
        return list(found.segments)

    def _look_closer(self, known: Known) -> None:
        (step,) = self.learner.lesson.steps_of(DashboardStep)
        segment = ""
        for segment in step.segments:
            seen = self.learner.go("dashboard").press("filter", segment=segment)
            self._hear("dashboard", seen, replace(known, segment=segment))
        for size in step.sizes:
            seen = self.learner.go("dashboard").press("ab", size=str(size))
            self._hear("dashboard", seen, replace(known, segment=segment))

    # --- what is said -------------------------------------------------------------------

    def _hear(self, step: str, seen: Seen, known: Known) -> None:
        known_strings = _strings(step)
        for text in _texts(seen.replies):
            self.sentences += 1
            fault = untrue(text, known, self.learner.strings.model)
            if fault is not None:
                if fault:
                    self._find(f"model.weighing.{fault}", text)
                continue
            found = known_strings.of(text)
            if found is None:
                self._find(step, text)
                continue
            for said in found:
                if said.id in SAYINGS:
                    claim = SAYINGS[said.id]
                    if claim is not None and not claim(known, said.filled):
                        self._find(said.id, text)
                elif not FIXED.search(said.id):
                    self._find(f"unlisted: {said.id}", text)
        for chart in _charts(seen.replies):
            if not drawn_as_told(known, chart):
                self._find("the curve", chart.alt)
        for table in _tables(seen.replies):
            for label, base, *_, tuned, word in table.rows:
                self.sentences += 1
                self._row(known, label, base, tuned, word)

    def _row(self, known: Known, label: str, base: str, tuned: str, word: str) -> None:
        metric = next(m for m, text in METRICS.items() if text == label)
        verdicts = self.learner.strings.model.verdicts
        said = {"label": label, "base": base, "tuned": tuned}
        pair = CLAIMS["assess.complete_model"]
        assert pair
        if word != verdicts[known.word(metric, known.segment)]:
            self._find("model.verdicts", f"{label}: {base} {tuned} {word}")
        if not pair(known, {**said, "metric": label}):
            self._find("table", f"{label}: {base} {tuned}")

    def _find(self, name: str, text: str) -> None:
        self.findings.append(Finding(str(self.point), name, text))


_KNOWN: dict[str, Sentences] = {}


def _strings(step: str) -> Sentences:
    if step not in _KNOWN:
        found = library()
        lesson = found.lessons[LESSON]
        own = lesson.complete if step == "complete" else lesson.step(step)
        parts = (
            *written(own, step),
            *written(found.strings.model, "model"),
            *written(found.strings.assess, "assess"),
            *written(found.strings.tutor, "tutor"),
            *(w for phase in lesson.phases for w in written(phase.title, "phase.title")),
            *(w for phase in lesson.phases for w in written(phase.requirements, "phase.title")),
            *(w for phase in lesson.phases for w in written(phase.complete, "phase.complete")),
        )
        _KNOWN[step] = Sentences(iter(parts))
    return _KNOWN[step]


def _messages(replies: tuple[Reply, ...]) -> Iterator[Message]:
    for reply in replies:
        if isinstance(reply, Message):
            yield reply.instead or reply


LOGGED = re.compile(r"^\d+:\d\d ")  # the time before a line of a job's log


def _texts(replies: tuple[Reply, ...]) -> Iterator[str]:
    for message in _messages(replies):
        for block in message.blocks:
            yield from _of(block)


def _of(block: Block) -> Iterator[str]:
    match block:
        case Text(text=text) | Notice(text=text):
            yield text
        case Bullets(items=items):
            yield from (LOGGED.sub("", item) for item in items)
        case JobBoard(status=status):
            yield from (status, *(event.text for event in block.events_now))
        case Details(blocks=blocks):
            for one in blocks:
                yield from _of(one)
        case Chart(alt=alt):
            yield alt
        case Screen(parts=parts):
            yield from (part.value for part in parts)
            yield from (one.alt for part in parts for one in part.shows if isinstance(one, Chart))
        case Select(options=options, id="picked" | "checkpoint"):
            yield from (o.text for o in options)
        case _:
            pass


def _tables(replies: tuple[Reply, ...]) -> Iterator[Table]:
    for message in _messages(replies):
        yield from (b for b in message.blocks if isinstance(b, Table))


def _charts(replies: tuple[Reply, ...]) -> Iterator[Chart]:
    for message in _messages(replies):
        yield from (b for b in message.blocks if isinstance(b, Chart))
