"""Prepared runs: trained a day ahead, kept, played back in the talk, and asked afterwards.

The basic run is a training of the session's lesson on all its fit examples, the others are trials
of the exercises on distillation and on RAFT. What one gave is stored, so that a restart or another
instance shows the very same run. Its models are the simulated ones; those of the basic run may be
a real service's, where the settings name one.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal, Protocol

from sqlalchemy import Connection

from bot.rooms.endpoint import Answer, Answered, Endpoint, Failed
from bot.store import rooms, staged
from bot.store.computations import Job, StoredResult
from bot.store.database import Store
from content.lesson import SelectionStep
from content.session import Demo, Session
from content.stored import UnreadableError
from dialogs.room.state import Exchange, Reply, Room
from dialogs.simulations.computation import Recipe, Result, recipe_key
from dialogs.simulations.experiment import Values
from dialogs.simulations.persona import Company, Training, TrainingRecipe
from dialogs.simulations.persona import Model as PersonaModel
from dialogs.simulations.recorded_run import (
    Losses,
    Model,
    RecordableBench,
    RecordedRun,
    RunRecipe,
)
from dialogs.tutor import Tutor
from dialogs.work.training_set import TrainingSet, system_message

EPOCHS = 4  # of the basic run: enough for a curve that falls and flattens
SEED = 105
LONGEST_QUESTION = 600  # characters, as in the lesson's chats
TRIAL = "Where is my order?"  # what shows that a staged model answers

State = Literal["missing", "preparing", "ready", "failed", "unknown"]


class Computes(Protocol):
    """What computes recipes in processes of its own."""

    async def compute(self, job: Job) -> StoredResult:
        """The result of a recipe."""
        ...


def _basic(tutor: Tutor, session: Session, locale: str) -> TrainingRecipe | None:
    """Supervised fine-tuning on all examples of the lesson that are fit for it."""
    edition = tutor.library.edition(session.lesson, locale)
    lesson = edition.lessons.get(session.lesson)
    company = _company(tutor, session, locale)
    if lesson is None or company is None:
        return None
    steps = lesson.steps_of(SelectionStep)
    chosen = tuple(one.id for step in steps for one in step.conversations if one.good)
    lines = TrainingSet(lesson, company, chosen, (), SEED).lines
    return TrainingRecipe(
        lesson=lesson.id, locale=lesson.locale, examples=lines, n_epochs=EPOCHS, seed=SEED
    )


def _trial(lesson: str, experiment: str, values: Values, before: Values | None = None) -> "Plan":
    """A trial of an exercise; `before` are the settings that are changed for what it is held to."""

    def plan(tutor: Tutor, _: Session, locale: str) -> RunRecipe | None:
        bench = tutor.simulation(lesson, locale)
        if not isinstance(bench, RecordableBench):
            return None
        return RunRecipe(
            lesson=lesson,
            locale=tutor.library.edition(lesson, locale).locale,
            experiment=experiment,
            values=dict(values),
            before={**values, **before} if before else None,
            made_of=bench.digest,
        )

    return plan


Plan = Callable[[Tutor, Session, str], Recipe | None]
BASIC = "basic"
# How each run is trained, by the name that a session's demo gives it. A new kind of exercise adds
# its own; a demo whose run isn't here is told as such on the host's page.
PLANS: dict[str, Plan] = {
    BASIC: _basic,
    # The labels that the teacher gives twice, the least sure ones read by a person.
    "distillation": _trial(
        "distillation",
        "distil",
        {
            "lines": ("232",),
            "filter": ("agree", "read"),
            "student": ("large",),
            "volume": ("3000000",),
        },
    ),
    # The mix of the paper: four in five examples hold the page with the answer.
    "raft": _trial(
        "raft",
        "raft",
        {
            "oracle": ("80",),
            "distractors": ("4",),
            "answers": ("quote",),
            "without": ("decline",),
        },
        before={"oracle": ("untrained",)},
    ),
}


@dataclass(frozen=True)
class Run:
    """A session's run as it stands; `prepared` is when, in Unix seconds."""

    name: str
    title: str
    state: State
    prepared: float | None = None
    outcome: Training | RecordedRun | None = None
    answers: bool = False

    @property
    def losses(self) -> Losses:
        """The losses at the start and at each checkpoint, of training and held-out lines."""
        if isinstance(self.outcome, Training):
            start = (self.outcome.start_train_loss, self.outcome.start_valid_loss)
            return start, *((one.train_loss, one.valid_loss) for one in self.outcome.checkpoints)
        return self.outcome.losses if self.outcome else ()

    @property
    def every(self) -> int:
        """The epochs between two of them."""
        return self.outcome.every if isinstance(self.outcome, RecordedRun) else 1


@dataclass(frozen=True)
class _Models:
    """What a run's model is held against, and that model; whether it has answered."""

    base: Model
    tuned: Model
    answers: bool


class Staging:
    """Prepares runs, says how they stand, and asks their models."""

    def __init__(  # noqa: PLR0913 (each is needed)
        self,
        store: Store,
        tutor: Tutor,
        workers: Computes,
        *,
        endpoint: Endpoint | None,
        deployments: tuple[str, str],
        calls: int,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._tutor, self._workers = store, tutor, workers
        self._endpoint, self._deployments, self._calls = endpoint, deployments, calls
        self._now = now
        self._preparing: dict[tuple[str, str, str], asyncio.Task[None]] = {}
        self._failed: set[tuple[str, str, str]] = set()
        self._models: dict[str, _Models] = {}
        self._making = asyncio.Lock()

    @property
    def is_real(self) -> bool:
        """Whether what is typed goes to a real service."""
        return self._endpoint is not None

    async def runs(self, session: Session, locale: str) -> tuple[Run, ...]:
        """How each run of a session stands."""
        demos = [one for one in session.activities if isinstance(one, Demo)]
        return tuple([await self.run(session, locale, one) for one in demos])

    async def run(self, session: Session, locale: str, demo: Demo) -> Run:
        """How one run stands."""
        key = (demo.run, session.id, locale)
        plan = PLANS.get(demo.run)
        if plan is None:
            return Run(demo.run, demo.prompt, "unknown")
        if key in self._preparing:
            return Run(demo.run, demo.prompt, "preparing")
        found = await self._store.look(partial(_get, key=key))
        outcome = _read(found) if found else None
        models = await self._ready(plan, session, locale, outcome) if outcome else None
        if found is None or outcome is None or models is None:
            state: State = "failed" if key in self._failed else "missing"
            return Run(demo.run, demo.prompt, state)
        return Run(demo.run, demo.prompt, "ready", found.at, outcome, models.answers)

    def prepare(self, session: Session, locale: str, name: str) -> bool:
        """Train a run anew; False where it is unknown or under way."""
        key = (name, session.id, locale)
        plan = PLANS.get(name)
        if plan is None or key in self._preparing:
            return False
        self._failed.discard(key)
        task = asyncio.get_running_loop().create_task(self._prepare(plan, session, key))
        self._preparing[key] = task
        task.add_done_callback(partial(self._prepared, key))
        return True

    async def _prepare(self, plan: Plan, session: Session, key: tuple[str, str, str]) -> None:
        recipe = await asyncio.to_thread(plan, self._tutor, session, key[2])
        if recipe is None:
            msg = f"there is nothing to train {key[0]} in"
            raise LookupError(msg)
        result = await self._workers.compute(Job(recipe_key(recipe), recipe))
        keep = partial(
            staged.put,
            run=key[0],
            session=key[1],
            locale=key[2],
            result=result,
            now=self._now(),
        )
        await self._store.run(keep)

    def _prepared(self, key: tuple[str, str, str], task: "asyncio.Task[None]") -> None:
        del self._preparing[key]
        if not task.cancelled() and task.exception() is not None:
            self._failed.add(key)

    async def start(self) -> None:
        """Nothing to begin: what is stored is there."""

    async def stop(self) -> None:
        """Drop what is being trained; it is prepared again by pressing once more."""
        tasks = list(self._preparing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ready(
        self, plan: Plan, session: Session, locale: str, outcome: Training | RecordedRun
    ) -> _Models | None:
        """A run's models, made once; None for a run of another version, to be prepared anew."""
        async with self._making:
            if outcome.recipe_key not in self._models:
                made = await asyncio.to_thread(_made, self._tutor, plan, session, locale, outcome)
                if made is None:
                    return None
                self._models[outcome.recipe_key] = made
            return self._models[outcome.recipe_key]

    def choices(self, session: Session) -> dict[str, str]:
        """The runs whose models can be asked, by what they are called."""
        demos = (one for one in session.activities if isinstance(one, Demo))
        return {one.run: one.prompt for one in demos if one.run in PLANS}

    def asked_run(self, room: Room, session: Session) -> str:
        """Whose models are asked where nobody says: those of the run that was opened last."""
        runs = {one.id: one.run for one in session.activities if isinstance(one, Demo)}
        opened = [runs[name] for name in (*room.opened_once, room.last) if name in runs]
        return opened[-1] if opened else BASIC

    async def ask(self, room: Room, session: Session, question: str, name: str = "") -> Exchange:
        """Put a question to both models of a run, side by side; it never raises."""
        name = name if name in PLANS else self.asked_run(room, session)
        if name != BASIC:
            said = await self._simulated(session, room.locale, name, question)
            base, tuned = (_reply(one) for one in said)
            return Exchange(question, base, tuned, name)
        if self._endpoint is not None:
            spend = partial(rooms.spend_calls, name=room.id, calls=2, most=self._calls)
            if not await self._store.run(spend):
                spent = Reply("", "budget")
                return Exchange(question, spent, spent)
            answers = await self._real(self._endpoint, session, room.locale, question)
        else:
            answers = await self._simulated(session, room.locale, name, question)
        base, tuned = [await self._scored(session, room.locale, question, one) for one in answers]
        return Exchange(question, base, tuned)

    async def _real(
        self, endpoint: Endpoint, session: Session, locale: str, question: str
    ) -> tuple[Answer, Answer]:
        lesson = self._tutor.library.edition(session.lesson, locale).lessons.get(session.lesson)
        system = system_message(lesson) if lesson else ""
        base, tuned = self._deployments
        said = await asyncio.gather(
            endpoint.ask(base, question, system), endpoint.ask(tuned, question, system)
        )
        return said[0], said[1]

    async def _simulated(
        self, session: Session, locale: str, name: str, question: str
    ) -> tuple[Answer, Answer]:
        found = await self._store.look(partial(_get, key=(name, session.id, locale)))
        outcome = _read(found) if found else None
        models = await self._ready(PLANS[name], session, locale, outcome) if outcome else None
        if models is None:
            return Failed("unstaged"), Failed("unstaged")

        def say() -> tuple[Answer, Answer]:
            return Answered(models.base(question)), Answered(models.tuned(question))

        return await asyncio.to_thread(say)

    async def _scored(self, session: Session, locale: str, question: str, answer: Answer) -> Reply:
        """A reply with its scores, where it is sure what the question was about."""
        company = _company(self._tutor, session, locale)
        if isinstance(answer, Failed) or company is None:
            return _reply(answer)
        scores = await asyncio.to_thread(_scores, company, answer.text, question)
        return Reply(answer.text, scores=scores)


def _reply(answer: Answer) -> Reply:
    return Reply("", answer.why) if isinstance(answer, Failed) else Reply(answer.text)


def _made(
    tutor: Tutor, plan: Plan, session: Session, locale: str, outcome: Result
) -> _Models | None:
    """Make a run's models, and ask one. Takes a bench some seconds, which trains again."""
    company, recipe = _company(tutor, session, locale), plan(tutor, session, locale)
    if isinstance(outcome, Training) and company is not None:
        tuned = company.tuned(outcome)
        base, model = _speaks(company.base), _speaks(tuned)
    elif isinstance(recipe, RunRecipe) and recipe_key(recipe) == outcome.recipe_key:
        bench = tutor.simulation(recipe.lesson, recipe.locale)
        if not isinstance(bench, RecordableBench):
            return None
        base, model = bench.models(recipe.values, recipe.seed)
    else:
        return None
    return _Models(base, model, bool(model(TRIAL).strip()))


def _speaks(persona: PersonaModel) -> Model:
    return lambda question: persona.reply(question).text


def _scores(company: Company, text: str, question: str) -> Mapping[str, int]:
    if company.place(question) is None:
        return {}
    scales = company.rubric.scales
    values = company.score(text, question).values
    return {scale.label: values[name] for name, scale in scales.items() if name in values}


def _company(tutor: Tutor, session: Session, locale: str) -> Company | None:
    found = tutor.simulation(session.lesson, locale)
    return found if isinstance(found, Company) else None


def _get(db: Connection, key: tuple[str, str, str]) -> staged.StagedRun | None:
    run, session, locale = key
    return staged.get(db, run, session, locale)


def _read(found: staged.StagedRun) -> Training | RecordedRun | None:
    """What came of the run; None for one that can't be read any more, to be prepared anew."""
    try:
        result = found.result.read()
    except UnreadableError:
        return None
    return result if isinstance(result, Training | RecordedRun) else None
