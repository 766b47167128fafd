"""A file of the learner's own, over HTTP: who may bring one, what is taken, what is kept."""

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from dialogs.simulations.own_file import LARGEST
from tests.channel.conftest import Client, Clock, Connector, Start, Talk, data, texts
from tests.channel.test_page import activities, say, session
from tests.signed import links
from tests.waiting import LONGEST_S, until

ELEMENTS = {"elements": ["Tutor.File", "Tutor.Jsonl"]}
BYTES = {"Content-Type": "application/octet-stream"}
LESSON = "polite-chatbot"


def line(n: int) -> str:
    said = [("system", "Be kind."), ("user", f"Do you sell number {n}?")]
    said.append(("assistant", f"Thank you, we do sell number {n}."))
    return json.dumps({"messages": [{"role": r, "content": c} for r, c in said]})


FILE = "\n".join(map(line, range(12)))


async def bring(
    client: Client, url: str, body: bytes, convert: str = "ask", **headers: str
) -> tuple[int, dict[str, Any]]:
    """Send a file as the page does: the status, and the answer."""
    query = {"name": "mine.jsonl", "convert": convert}
    async with client.post(
        url, params=query, data=BytesIO(body), headers={**BYTES, **headers}
    ) as answer:
        return answer.status, json.loads(await answer.text())


async def address(client: Client, held: dict[str, Any]) -> str:
    """Where the page is told to send a file."""
    await say(client, held, text="check a file", channelData=ELEMENTS)
    told, _ = await activities(client, held, "0")
    card = told[-1]["attachments"][0]["content"]
    (element,) = [part for part in card["body"] if part["type"] == "Tutor.File"]
    return str(element["url"])


async def test_a_file_is_brought_checked_converted_trained_on_and_forgotten(
    start: Start, tmp_path: Path, clock: Clock
) -> None:
    client = await start()
    held = await session(client)
    url = await address(client, held)
    _, mark = await activities(client, held, "0")

    async def news() -> list[Any]:
        nonlocal mark
        told, mark = await activities(client, held, mark)
        return told

    # A sound file: the report stands in the chat when the answer comes.
    assert await bring(client, url, FILE.encode()) == (200, {"told": True})
    report = (await news())[-1]
    assert "check of the form would pass this file" in texts(report)

    # Trained on, by the report's own button.
    pressed = data(report["attachments"][0]["content"], "Train on this file")
    await say(client, held, value=pressed, channelData=ELEMENTS)
    told: list[Any] = []
    async with asyncio.timeout(LONGEST_S):
        while "sentences of yours" not in texts(told):
            told += await news()
            await asyncio.sleep(0.05)

    # A table: asked before it is converted, and the converted file is there to take home.
    table = "question;answer\nGrün?;Ja, grün.\n".encode("cp1252")
    status, asked = await bring(client, url, table)
    assert (status, asked["asks"]["points"][1:]) == (
        200,
        ["question becomes user", "answer becomes assistant"],
    )
    assert await news() == []
    assert (await bring(client, url, table, "yes"))[0] == 200
    report = (await news())[-1]
    assert "here are 1" in texts(report)
    (taken,) = [w for w in texts(report).split() if "own-file.jsonl" in w]
    async with client.get(taken[taken.index("/files/") :].rstrip(")")) as answer:
        assert json.loads(await answer.text())["messages"][0]["content"] == "Grün?"

    # With a no it is judged as it is: what its encoding is stands beside what it holds.
    assert (await bring(client, url, table, "no"))[0] == 200
    report = (await news())[-1]
    assert "From line 2 on" in texts(report)
    assert "isn't one JSON object" in texts(report)

    # What is no text is named, and nothing is said in the chat.
    status, refused = await bring(client, url, b"%PDF-1.7 ...")
    assert (status, "is a PDF" in refused["error"]["message"]) == (422, True)
    assert await news() == []

    # What was replaced is gone, and the rest goes by itself after a month.
    def rows() -> str:
        with closing(sqlite3.connect(tmp_path / "tutor.db")) as db:
            return str(db.execute("SELECT recipe, doc FROM result").fetchall())

    assert "number 11" not in rows()
    assert "Ja, grün." in rows()
    clock.ahead += timedelta(days=31)
    await until(lambda: "Ja, grün." not in rows())


async def test_who_may_bring_what(start: Start, tmp_path: Path) -> None:
    client = await start()
    held = await session(client)
    url = await address(client, held)
    who = held["userId"].removeprefix("dl_")
    stolen = links(tmp_path / "tutor.db", who).check_url(LESSON, "step").split("/")[3]
    nobody = links(tmp_path / "tutor.db", "f" * 24).bring_url(LESSON)
    body = FILE.encode()
    for other in (f"/api/file/{stolen}/{LESSON}", f"/api/file/x/{LESSON}", nobody, f"{url}s"):
        assert (await bring(client, other, body))[0] == 404
    assert (await bring(client, url, body, "perhaps"))[0] == 404
    status, refused = await bring(client, url, b"x" * (LARGEST + 1))
    assert (status, "1 MB" in refused["error"]["message"]) == (413, True)
    for kind in ("text/plain", "multipart/form-data"):
        status, _ = await bring(client, url, body, **{"Content-Type": kind})
        assert status == 415
    assert (await bring(client, url, body, **{"Content-Encoding": "gzip"}))[0] == 415

    # One at a time.
    answers = await asyncio.gather(*(bring(client, url, body) for _ in range(3)))
    assert sorted(status for status, _ in answers) == [200, 409, 409]
    assert "One file at a time" in next(a for s, a in answers if s == 409)["error"]["message"]
    statuses = [(await bring(client, url, b"%PDF-"))[0] for _ in range(12)]
    assert statuses[-1] == 429


async def test_on_another_channel_it_is_said_where_a_file_can_be_brought(
    start: Start, connector: Connector
) -> None:
    talk = Talk(await start(), connector)
    await talk.say("hi")
    assert "where this tutor runs as a web page" in texts(await talk.say("check a file"))
