"""Signed addresses: each for one purpose, files for a day, until a revocation, never in a group."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from limits import RateLimitItemPerMinute

from cards import charts
from dialogs.values.replies import Bars
from tests.channel.conftest import Client, Connector, Start, Talk, texts
from tests.channel.test_page import session
from tests.signed import links, signer

LESSON = "polite-chatbot"
PRACTICE = (LESSON, "practice.jsonl")

pytestmark = pytest.mark.usefixtures("no_fault")


async def status(client: Client, path: str) -> int:
    async with client.get(path) as answer:
        await answer.read()
        return answer.status


async def test_a_file_link_ends_and_says_how_to_get_a_new_one(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await start()
    held = await session(client)
    me = held["userId"].removeprefix("dl_")
    theirs = links(tmp_path / "tutor.db", me)
    path = theirs.file(*PRACTICE)
    assert await status(client, path) == 200
    with monkeypatch.context() as later:
        later.setattr("bot.activity.links.FILE_S", 0)
        async with client.get(path, headers={"Accept-Language": "de"}) as answer:
            assert (answer.status, answer.content_type) == (410, "text/html")
            assert "Auf seiner Karte steht ein neuer" in await answer.text()
    former = signer(tmp_path / "tutor.db").sign_for("file", me)  # as it was without an end
    assert await status(client, f"/files/{former}/{'/'.join(PRACTICE)}") == 410
    made = path.split(".")[1]
    for forged in (path.replace(made, str(int(made) + 1)), path.replace(me, me[::-1])):
        assert await status(client, forged) == 404
    sending = f"/api/file/{signer(tmp_path / 'tutor.db').sign_pass('bring', me)}/{LESSON}"
    octets: dict[str, Any] = {
        "data": b"{}",
        "headers": {"Content-Type": "application/octet-stream"},
    }
    async with client.post(sending, **octets) as answer:
        assert answer.status != 404
    await client.post("/api/session/revoke", json={})
    assert await status(client, path) == 410
    async with client.post(sending, **octets) as answer:
        assert answer.status == 404
    assert await status(client, theirs.file(*PRACTICE)) == 200  # a newer one
    monkeypatch.setattr("bot.page.pages.OPENING", (RateLimitItemPerMinute(2),) * 2)
    found = [await status(client, theirs.file(*PRACTICE)) for _ in range(3)]
    assert found == [200, 200, 429]


async def test_a_deleted_learners_link_opens_nothing(start: Start, tmp_path: Path) -> None:
    client = await start()
    await session(client)
    assert await status(client, links(tmp_path / "tutor.db", "gone").file(*PRACTICE)) == 410


async def test_what_was_signed_for_one_purpose_is_good_for_no_other(
    start: Start, tmp_path: Path
) -> None:
    client = await start()
    held = await session(client)
    me = held["userId"].removeprefix("dl_")
    sign = signer(tmp_path / "tutor.db")
    made = sign.sign_pass("file", me).split(".")[1]
    description = charts.encode(Bars("Score", ("before", "after"), (("all", (1.0, 2.0)),), ""))
    good, former = sign.sign_chart(description), sign.sign(description)
    for signature in (good, former):
        assert await status(client, f"/charts/{signature}.{description}.png") == 200
    signed: dict[str, str] = {
        f"file {me}": sign.sign(f"file {me}"),
        f"check {me}": sign.sign(f"check {me}"),
        f"file {me} {made}": sign.sign(f"file {me} {made}"),
    }
    for what, signature in signed.items():
        told = what.replace(" ", "%20")
        assert await status(client, f"/charts/{signature}.{told}.png") == 404
    check, chart = signed[f"check {me}"], good
    for code in (f"{me}.{check}", f"{me}.{made}.{check}", f"{me}.{made}.{chart}"):
        assert await status(client, f"/files/{code}/{'/'.join(PRACTICE)}") == 404
    for code in (f"{me}.{signed[f'file {me}']}", sign.sign_pass("file", me)):
        path = f"/api/check/{code}/{LESSON}/format-login"
        async with client.post(path, json={"text": "{}"}) as answer:
            assert answer.status == 404


def to_the_end(folder: Path) -> None:
    """Put every learner to the last step of their lesson."""
    with closing(sqlite3.connect(folder / "tutor.db")) as db:
        for learner, doc in db.execute("SELECT learner, doc FROM progress").fetchall():
            moved = {**json.loads(doc), "cursor": "complete", "frontier": "complete"}
            db.execute("UPDATE progress SET doc=? WHERE learner=?", (json.dumps(moved), learner))
        db.commit()


@pytest.mark.parametrize("kind", ["personal", "groupChat", "channel"])
async def test_no_groups_card_has_a_link_to_a_file(
    start: Start, connector: Connector, tmp_path: Path, kind: str
) -> None:
    place: dict[str, Any] = {"id": f"19:{kind}", "conversationType": kind}
    told: dict[str, Any] = {"conversation": place, "channelId": "msteams"}
    talk = Talk(await start(), connector)
    await talk.say("hi", **told)
    await talk.say("begin", **told)
    to_the_end(tmp_path)
    talk.client = await start()
    replies = await talk.say("hi", **told)
    assert "Your training set" in texts(replies)
    assert ("/files/" in json.dumps(replies)) is (kind == "personal")
    assert ("in your personal chat" in texts(replies)) is (kind != "personal")
