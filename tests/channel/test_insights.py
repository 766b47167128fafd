"""The page with figures: for those alone who may see it, and true to what happened."""

import asyncio
import csv
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from sqlalchemy import select

from bot.records.rollup import Rollup
from bot.store import facts, own_data
from bot.store.database import Store, open_store
from bot.store.facts import StoredFact
from bot.store.tables import journey
from bot.turns.workers import Workers
from content.lesson import ChoiceStep
from dialogs.values.facts import (
    Fact,
    FollowUpAnswered,
    LessonCompleted,
    LessonStarted,
    PhaseCompleted,
    Picked,
    QuestionAsked,
    StepAnswered,
)
from tests.channel.conftest import Client, Clock, Start, serve
from tests.lessons import library

TOKEN = "a-token-for-figures"
LESSON = library().lessons["polite-chatbot"]
# Some of its steps: what is summed up is the same.
STEPS = [s for n, s in enumerate(LESSON.steps[1:-1]) if n % 5 == 0 or s.kind in ("quiz", "choice")]
QUIZ = next(s.id for s in LESSON.steps if s.kind == "quiz")
CHOICE = next(s for s in LESSON.steps if isinstance(s, ChoiceStep))
TOGETHER, CHANGE = 100, 15  # facts in one transaction; of a learner, at the first instance
START = datetime(2026, 11, 1, 9, tzinfo=UTC)


class Cohort:
    """Learners who go as far as chance takes them, with what is true of them counted apart."""

    def __init__(self, seed: int = 1) -> None:
        self.dice = random.Random(seed)
        self.completed: list[bool] = []
        self.quiz: list[bool] = []
        self.minutes: list[float] = []
        self.scores: list[float] = []
        self.retained: list[bool] = []
        self.applied: list[bool] = []

    def learner(self, number: int) -> Iterator[Fact]:
        """What one of them does."""
        at = START + timedelta(minutes=7 * number)
        when = {"lesson": LESSON.id, "run": 1}
        yield LessonStarted(at=at, version="v", **when)
        last = self.dice.choice([2, 5, *[len(STEPS)] * 6])
        active = 0.0
        for step in STEPS[:last]:
            misses = self.dice.choice([0, 0, 1, 2])
            for attempt in range(1, misses + 2):
                seconds = self.dice.choice([20.0, 60.0, 2000.0])
                at += timedelta(seconds=seconds)
                active += min(seconds, 900.0)
                passed = attempt == misses + 1
                picks: tuple[Picked, ...] = ()
                if step.id == CHOICE.id:
                    shown = tuple(option.id for option in CHOICE.options)
                    picks = (Picked(input="picked", shown=shown, chosen=shown[:1]),)
                yield StepAnswered(
                    at=at,
                    step=step.id,
                    attempt=attempt,
                    score=float(passed),
                    passed=passed,
                    seconds=seconds,
                    hints=attempt - 1,
                    picks=picks,
                    **when,
                )
                if step.id == QUIZ and attempt == 1:
                    self.quiz.append(passed)
        is_done = last == len(STEPS)
        self.completed.append(is_done)
        if is_done:
            self.minutes.append(active / 60)
            self.scores.append(self.dice.choice([0.85, 0.95]))
            yield PhaseCompleted(at=at, phase=LESSON.phases[0].id, **when)
            yield LessonCompleted(at=at, version="v", score=self.scores[-1], **when)
            yield from self.later(at, when)

    def later(self, at: datetime, when: Mapping[str, Any]) -> Iterator[Fact]:
        """What some of them answer some days later."""
        right: list[bool] = []
        case: bool | None = None
        for days in (1, 7, 30)[: self.dice.choice([0, 1, 3])]:
            for n in range(4):
                hit = self.dice.random() < 0.85
                case = hit if n == 3 else case
                right += [hit] if n < 3 else []
                yield FollowUpAnswered(
                    at=at + timedelta(days=days, minutes=n),
                    question=f"q{n}",
                    days=days,
                    case=n == 3,
                    shown=("a", "b"),
                    chosen="a" if hit else "b",
                    right=hit,
                    **when,
                )
        if right and case is not None:
            self.retained.append(sum(right) >= 0.8 * len(right))
            self.applied.append(case)

    def stored(self, learners: int) -> list[StoredFact]:
        """All that they do."""
        return [
            StoredFact(
                fact=fact,
                learner=f"learner{number}",
                version=1,
                place=place,
                channel="msteams" if number % 2 else "directline",
                event="build" if number % 10 == 0 else None,
                locale="en",
                lesson_version="v",
            )
            for number in range(learners)
            for place, fact in enumerate(self.learner(number))
        ]


async def put(url: str, found: Sequence[StoredFact]) -> None:
    """Store facts, and sum them up."""
    store = open_store(url)
    for first in range(0, len(found), 1000):
        await store.run(partial(facts.append, facts=found[first : first + 1000]))
    await summed(store)
    store.close()


async def put_by_two(url: str, found: Sequence[StoredFact]) -> None:
    """The same by two instances at once; each learner changes to the other one midway."""
    stores = [open_store(url), open_store(url)]
    rollups = [Rollup(store, library()) for store in stores]

    async def instance(n: int, mine: Sequence[StoredFact]) -> None:
        for first in range(0, len(mine), TOGETHER):
            await stores[n].run(partial(facts.append, facts=mine[first : first + TOGETHER]))
            await rollups[n].read_on()

    for is_late in (False, True):
        halves: tuple[list[StoredFact], list[StoredFact]] = ([], [])
        for one in found:
            if (one.place >= CHANGE) == is_late:
                halves[(one.channel == "msteams") != is_late].append(one)
        await asyncio.gather(*(instance(n, half) for n, half in enumerate(halves)))
    # One that finds the other at it has nothing to do: only when neither has, all is read.
    while any([await rollup.read_on() for rollup in rollups]):
        pass
    for store in stores:
        store.close()


async def summed(store: Store) -> None:
    """Sum all facts up."""
    rollup = Rollup(store, library())
    while await rollup.read_on():
        pass


async def figures(client: Client, **query: str) -> dict[str, Any]:
    """The page's figures as JSON."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with client.get("/insights/figures.json", params=query, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        found: dict[str, Any] = await answer.json()
        return found


async def test_nobody_else_sees_it(start: Start) -> None:
    client = await start()
    async with client.get("/insights") as answer:
        assert answer.status == 404
    client = await start(INSIGHTS_TOKEN=TOKEN)
    for path in ("/insights", "/insights/figures.json", "/insights/charts/phases.svg"):
        async with client.get(path) as answer:
            assert answer.status == 401, path


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tutor.db"
    return str(request.getfixturevalue("database"))


async def test_figures_of_two_instances_are_those_of_the_cohort(
    start: Start, workers: Workers, clock: Clock, url: str
) -> None:
    cohort = Cohort()
    await put_by_two(url, cohort.stored(500))
    first = await start(INSIGHTS_TOKEN=TOKEN, DATABASE_URL=url)
    second = await serve(workers, clock, INSIGHTS_TOKEN=TOKEN, DATABASE_URL=url)
    found = await figures(first)
    assert await figures(second) == found
    await second.close()
    assert found["started"] == 500
    told = {one["name"]: one for one in found["figures"]}
    assert told["completed"]["value"] == pytest.approx(fmean(cohort.completed))
    assert told["quiz"]["value"] == pytest.approx(fmean(cohort.quiz))
    assert told["quiz"]["n"] == len(cohort.quiz)
    assert told["minutes"]["value"] == pytest.approx(fmean(cohort.minutes))
    assert told["score"]["value"] == pytest.approx(fmean(cohort.scores))
    assert told["follow_up"]["value"] == pytest.approx(fmean(cohort.applied))
    assert told["retention"]["value"] == pytest.approx(fmean(cohort.retained))
    assert told["retention"]["n"] == len(cohort.retained) > 100
    assert told["follow_up"]["goal"]["low"] == 0.80
    first = found["misses"][0]
    assert first["share"] == 1.0
    assert first["option"] == CHOICE.options[0].text
    (phase, *others) = found["phases"]
    assert phase["count"] == sum(cohort.completed)
    assert {one["count"] for one in others} == {0}


async def test_a_filter_rounds_and_finds_only_groups(start: Start, tmp_path: Path) -> None:
    await put(f"sqlite:///{tmp_path}/tutor.db", Cohort().stored(43))
    client = await start(INSIGHTS_TOKEN=TOKEN)
    found = await figures(client, channel="msteams")
    assert found["started"] == 20  # of 21
    assert (await figures(client, since="2026-11-02"))["started"] == 0
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for query in (
        {"event": "another"},
        {"since": "soon"},
        {"lesson": "x"},
        {"until": "2026-99-99"},
    ):
        async with client.get("/insights/figures.json", params=query, headers=headers) as answer:
            assert answer.status == 400, query
            assert "no such" in await answer.text()


async def test_the_page_its_pictures_and_its_downloads(start: Start, tmp_path: Path) -> None:
    await put(f"sqlite:///{tmp_path}/tutor.db", Cohort().stored(40))
    client = await start(INSIGHTS_TOKEN=TOKEN)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with client.get("/insights", headers=headers) as answer:
        page = await answer.text()
        assert answer.status == 200
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "no data yet" in page
    assert CHOICE.title in page
    async with client.get("/insights", headers={**headers, "Accept-Language": "de"}) as answer:
        assert "Wie die Lernenden vorankommen" in await answer.text()
    for name in ("phases", "scores"):
        async with client.get(f"/insights/charts/{name}.svg", headers=headers) as answer:
            assert answer.content_type == "image/svg+xml"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert LESSON.phases[0].title.encode() in await answer.read() or name == "scores"
    async with client.get("/insights/steps.csv", headers=headers) as answer:
        rows = list(csv.DictReader(io.StringIO(await answer.text())))
    costs = [float(row["cost"]) for row in rows if row["cost"]]
    assert costs == sorted(costs, reverse=True)
    assert len(costs) > 10


async def test_a_typed_question_shows_as_one_of_eight_that_five_or_more_asked(
    start: Start, tmp_path: Path
) -> None:
    asked = [("costs", number) for number in range(6)] + [("tone", number) for number in range(4)]
    cohort = Cohort().stored(40)
    cohort += [
        replace(
            cohort[0],
            fact=QuestionAsked(lesson=LESSON.id, run=1, at=START, question=name),
            learner=f"learner{number}",
            place=1000 + place,
        )
        for place, (name, number) in enumerate([*asked, ("costs", 0)])
    ]
    await put(f"sqlite:///{tmp_path}/tutor.db", cohort)
    client = await start(INSIGHTS_TOKEN=TOKEN)
    tiles = library().strings.questions.tiles
    found = await figures(client)
    assert found["questions"] == [{"label": tiles["costs"].question, "count": 6}]
    assert not [one for one in found["steps"] if "/" in one["step"]]
    async with client.get("/insights", headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
        page = await answer.text()
    assert tiles["costs"].question in page
    assert tiles["tone"].question not in page


async def test_an_empty_page_says_so(start: Start) -> None:
    client = await start(INSIGHTS_TOKEN=TOKEN)
    async with client.get("/insights", headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
        assert "Nobody has begun" in await answer.text()


async def test_what_is_deleted_is_gone_from_the_figures(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/tutor.db"
    await put(url, Cohort().stored(6))
    store = open_store(url)
    await store.run(lambda db: own_data.erase(db, "learner3"))
    left = await store.look(lambda db: db.execute(select(journey.c.learner)).scalars().all())
    store.close()
    assert sorted(left) == ["learner0", "learner1", "learner2", "learner4", "learner5"]
