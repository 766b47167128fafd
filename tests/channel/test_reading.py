"""Long texts are read beside the loop, and each conversation stays in its order."""

import asyncio

from bot.turns.reading import Reading
from bot.turns.workers import Workers
from dialogs.reading import encoder
from dialogs.reading.sentences import sentences
from dialogs.values.events import Typed

LONG = (
    "I read the curve from left to right. At first both losses fell, but then the one on the "
    "held-out lines rose again! So number {n} was trained for too many epochs."
)


async def test_a_long_text_is_at_hand_when_its_turn_begins(workers: Workers) -> None:
    text = LONG.format(n=1)
    await Reading(workers).ahead("c", Typed(text=text))
    assert all(encoder.is_remembered(part) for part in (text, *sentences(text)))
    read = encoder.vectors([text])
    fresh = encoder.network().vector(encoder.pieces().ids(text, encoder.TOKENS))
    assert (read[0] == fresh).all(), "another process gives the same vector, to the last bit"


async def test_what_is_said_later_in_a_conversation_stays_later(workers: Workers) -> None:
    reading, done = Reading(workers), list[str]()

    async def say(conversation: str, text: str, name: str) -> None:
        await reading.ahead(conversation, Typed(text=text))
        done.append(name)

    async with asyncio.TaskGroup() as group:
        group.create_task(say("c", LONG.format(n=2), "long"))
        await asyncio.sleep(0)
        group.create_task(say("c", "next", "short"))
        group.create_task(say("other", "next", "other"))
    assert done == ["other", "long", "short"]


async def test_closing_a_pool_leaves_another_one_at_work(workers: Workers) -> None:
    await workers.warm()
    other = Workers()
    await other.warm()
    other.close()
    await workers.warm()


async def test_without_workers_a_text_is_read_in_its_turn() -> None:
    gone = Workers()
    gone.close()
    await Reading(gone).ahead("c", Typed(text=LONG.format(n=3)))
    assert not encoder.is_remembered(LONG.format(n=3))
