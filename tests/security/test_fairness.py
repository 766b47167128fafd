"""No learner takes what the others need."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import orjson
import pytest
from limits import RateLimitItemPerMinute
from sqlalchemy import Connection, Engine, create_engine, func, insert, select

from bot.http import rate_limits
from bot.page import own_page
from bot.store import computations, learners, tables
from bot.store.computations import StoredResult
from bot.store.conversations import HISTORY_BYTES
from bot.store.database import open_store
from bot.turns.workers import PROCESSES, Workers
from dialogs.simulations.computation import recipe_key
from dialogs.simulations.persona import Example, TrainingRecipe
from dialogs.steps import lab
from dialogs.values import versions
from dialogs.values.turn import Compute
from tests.channel.conftest import Start, Talk, texts
from tests.channel.test_page import activities, bearer, say, session, stranger
from tests.conversation.test_forms import read
from tests.security.test_busy import LESSON, standing

PRESSES = 45  # a quarter of a minute's, as fast as the own page may

LINES = tuple(Example(message=f"Where is order {n}?", reply="On its way.") for n in range(3))


def settle_at_the_lab(db: Connection, name: str) -> None:
    """Let a learner of this name stand at the lab, with a training set."""
    learner = replace(read(versions.PROGRESS.form, "finished"), id=name, progress={})
    row = {"version": 0, "doc": versions.LEARNER.write(learner), "form": versions.LEARNER.form}
    db.execute(insert(tables.learner).values(id=name, **row))
    made = read(versions.PROGRESS.form, "finished").progress[LESSON].at("lab")
    here = learner.with_progress(replace(made, model=None, running_training=None))
    learners.save(db, learners.LockedLearner(learner, 0), here)
    who = {"channel": Talk.channel, "tenant": "", "external": name}
    db.execute(insert(tables.identity).values(**who, learner=name))


def runs(engine: Engine, name: str) -> int:
    """How many of a learner's runs came back."""
    with engine.begin() as db:
        learner = learners.find(db, name)
    assert learner
    return len(lab.State.of(learner.progress[LESSON].record("lab").state).runs)


def count(engine: Engine, table: str) -> int:
    """The rows of a table."""
    with engine.begin() as db:
        rows = select(func.count()).select_from(tables.metadata.tables[table])
        return int(db.execute(rows).scalar_one())


async def test_who_runs_the_lab_again_and_again_delays_nobody_elses_run(
    tmp_path: Path, workers: Workers
) -> None:
    url = f"sqlite:///{tmp_path}/tutor.db"
    await workers.warm()
    async with standing(tmp_path, workers, ["start"]) as (client, talks):
        engine = create_engine(url)

        def settle_both() -> None:
            with engine.begin() as db:
                for name in ("greedy", "neighbour"):
                    settle_at_the_lab(db, name)

        await asyncio.to_thread(settle_both)
        connector = talks["start"].connector
        greedy, neighbour = (Talk(client, connector, n) for n in ("greedy", "neighbour"))
        for learner in (greedy, neighbour):
            await learner.say("hi")  # what is typed counts where its step was shown
        for press in range(PRESSES):
            run = greedy.activity(text=f"{0.1 + press / 10:.1f} 1 30 1")
            assert (await greedy.send(run))[0] == 202
        assert count(engine, "compute") == 1  # the last of them waits
        came_back = runs(engine, "greedy")
        assert "loss went from" in texts(await neighbour.say("1 1 3 1"))
        assert runs(engine, "greedy") - came_back <= PROCESSES
        # Of what nobody waits for any more nothing is kept.
        assert count(engine, "computed_for") <= runs(engine, "greedy") + 2
        assert count(engine, "result") <= count(engine, "computed_for")
        engine.dispose()


def training(multiplier: float) -> Compute:
    """A run of the lab."""
    recipe = TrainingRecipe(
        lesson=LESSON, locale="en", examples=LINES, learning_rate_multiplier=multiplier
    )
    return Compute(recipe_key(recipe), recipe, LESSON, 0, "lab")


async def test_only_what_nobody_waits_for_is_dropped(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/tutor.db")
    first, second, job = training(1), training(2), replace(training(1), step="job")

    def order(learner: str, wanted: Compute) -> Callable[[Connection], None]:
        return lambda db: computations.place(db, learner, "page", wanted)

    async def is_wanted(wanted: Compute) -> bool:
        return await store.run(partial(computations.next_job, key=wanted.key)) is not None

    try:
        for learner in ("a", "b"):
            await store.run(order(learner, first))
        await store.run(order("a", job))
        await store.run(order("a", second))
        assert await is_wanted(first)  # by a at another step, and by b
        await store.run(order("b", second))
        assert await is_wanted(first)
        await store.run(order("a", replace(training(3), step="job")))
        assert not await is_wanted(first)
        # It was under way all the time, and comes too late.
        made = StoredResult(first.key, "training", "{}", 1)
        await store.run(partial(computations.keep, made=made, recipe=first.recipe))
        waiting = [key for key, _ in await store.run(computations.open_keys)]
        assert sorted(waiting) == sorted((second.key, training(3).key))
    finally:
        store.close()
    engine = create_engine(f"sqlite:///{tmp_path}/tutor.db")
    assert count(engine, "result") == 0
    engine.dispose()


async def test_what_is_kept_of_a_post_is_bounded_by_what_it_takes(
    start: Start, tmp_path: Path
) -> None:
    client = await start()
    held = await session(client)
    sent = {  # as long as is read of any text
        "short": 200,
        "x" * 8_000: 200,
        "\u6f22" * 8_000: 200,
        "\U0001f600" * 8_000: 200,
        '"' * 8_000: 200,
        "\x01" * 8_000: 413,  # each of them takes six bytes
    }
    fields = {name: {"a": "\x01" * 600} for name in ("value", "channelData")}
    for text, status in sent.items():
        for more in ({}, {**fields, "locale": "\x01" * 600}):
            assert await say(client, held, text=text, **more) in (status, 413 if more else status)
    for _ in range(6):
        assert await say(client, held, text="\U0001f600" * 8_000) == 200
    stored = create_engine(f"sqlite:///{tmp_path}/tutor.db")
    with stored.begin() as db:
        docs = db.execute(select(tables.activity.c.doc)).scalars().all()
        told = db.execute(select(tables.conversation.c.bytes)).scalar_one()
    stored.dispose()
    sizes = [len(doc.encode()) for doc in docs]
    assert max(sizes) <= own_page.LARGEST_ECHO
    assert told == sum(sizes)
    # However many bytes a character takes, a page reads parts of so many bytes.
    mark, parts = "0", 0
    while True:
        some, mark = await activities(client, held, mark)
        if not some:
            break
        parts += 1
        assert len(orjson.dumps(some)) < HISTORY_BYTES + 50 * len(some)
    assert parts > 1


async def test_a_learners_and_an_addresss_stored_bytes_are_bounded(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = (RateLimitItemPerMinute(90_000), RateLimitItemPerMinute(150_000))
    monkeypatch.setattr(rate_limits, "STORING", few)
    client = await start()
    others = [stranger(client) for _ in range(3)]
    pages = [client, *others]
    held = [await session(page) for page in pages]

    async def writes(page: int, length: int) -> int:
        return await say(pages[page], held[page], text="\U0001f600" * length)

    # A learner's own share is used up, and they are told when to go on.
    assert [await writes(0, 8_000) for _ in range(4)] == [200, 200, 200, 429]
    path = f"/directline/conversations/{held[0]['conversationId']}/activities"
    body = {"type": "message", "text": "hi"}
    async with client.post(path, json=body, headers=bearer(held[0])) as answer:
        assert answer.status == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert "wait" in (await answer.json())["error"]["message"]
    told, _ = await activities(client, held[0])
    assert sum(one.get("text", "").startswith("\U0001f600") for one in told) == 3
    # Then the address's, but whoever writes no more than honest people do goes on.
    assert [await writes(1, 8_000) for _ in range(3)] == [200, 200, 429]
    assert [await writes(2, 1) for _ in range(2)] == [200, 200]
    for page in others:
        await page.session.close()
