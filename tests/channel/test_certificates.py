"""Certificates over HTTP: asked for in the chat, had as a file, checked by anybody."""

import asyncio
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import jwt
import pypdfium2
import pytest
import zxingcpp
from aiohttp import ClientResponse
from sqlalchemy import Engine, NullPool, create_engine, select, update
from sqlalchemy.engine import make_url

from app import issuer_for
from bot import admin
from bot.errors import SettingsError
from bot.records.signing import SigningKey
from bot.settings import Settings
from bot.store import facts, tables
from bot.store.facts import StoredFact
from dialogs.values import versions
from dialogs.values.certificate import Certificate
from dialogs.values.facts import Fact, LessonCompleted, StepAnswered
from tests.channel.conftest import Client, Connector, Start, Talk, card_of, texts
from tests.channel.journey import LESSON, Journey
from tests.conversation.test_forms import read
from tests.lessons import library, tutor

QUIZ = "assessment"
DONE = datetime(2026, 7, 4, 2, 30, tzinfo=UTC)
ADDRESS = "https://tutor.example.org"
LAST = "multi-turn"  # the one that is gone through
SERIES = "Fine-Tuning AI Models: the whole series"
PAGE = re.compile(r"/certificates/([\w-]+)")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tutor.db"
    return str(request.getfixturevalue("database"))


on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def engine(url: str) -> Engine:
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(address, poolclass=NullPool)


def complete(url: str, *, score: float = 0.9, at: datetime = DONE) -> None:
    """Let the one learner have completed a lesson."""
    of = {"lesson": LESSON, "run": 1, "at": at}
    happen(
        url,
        StepAnswered(**of, step=QUIZ, attempt=1, score=score, passed=True),
        LessonCompleted(**of, version="v", score=0.95, first_attempts=0.8),
    )


def happen(url: str, *happened: Fact) -> None:
    """Let these facts be the one learner's."""
    with engine(url).begin() as db:
        who = db.execute(select(tables.learner.c.id)).scalar_one()
        told = {"channel": "emulator", "event": None, "locale": "en", "lesson_version": "v"}
        stored = [
            StoredFact(fact=one, learner=who, version=9000, place=n, **told)
            for n, one in enumerate(happened)
        ]
        facts.append(db, stored)


async def begun(client: Client, connector: Connector, user: str = "ann") -> Talk:
    """A learner who has begun."""
    talk = Talk(client, connector, user)
    for text in ("hi", "begin"):
        await talk.say(text)
    return talk


async def certified(talk: Talk, name: str, **parts: Any) -> str:
    """Ask for a certificate for a name; the path of its page."""
    for text in ("certificate", name):
        await talk.say(text)
    return path_in(await talk.say("yes", **parts))


def path_in(said: object) -> str:
    found = PAGE.search(json.dumps(said))
    assert found, said
    return found[0]


async def text_of(client: Client, path: str, status: int = 200) -> str:
    async with client.get(path) as answer:
        assert answer.status == status, await answer.text()
        return await answer.text()


def kept(url: str) -> list[tuple[Certificate, str | None]]:
    """All certificates, the oldest first."""
    with engine(url).connect() as db:
        rows = db.execute(select(tables.certificate).order_by(tables.certificate.c.at)).all()
        return [(versions.CERTIFICATE.read(row.doc, row.form), row.why) for row in rows]


def almost_done(journey: Journey) -> None:
    """Put the learner in front of the final check, with everything else passed."""
    done = read(4, "finished").progress[LESSON]
    records = {name: record for name, record in done.records.items() if name != QUIZ}
    lesson = library().lessons[LESSON]
    before = replace(
        done,
        version=lesson.version,
        cursor=QUIZ,
        frontier=lesson.phases[-1].id,
        records=records,
        completed_at=None,
        completed_version=None,
        ticket=50,
    )
    with journey.engine.begin() as db:
        doc = {"doc": versions.PROGRESS.write(before), "form": versions.PROGRESS.form}
        db.execute(update(tables.progress).values(doc))


async def test_from_the_last_answer_to_the_paper_on_another_device_and_after_a_new_start(
    start: Start, connector: Connector, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/tutor.db"
    client = await start(PUBLIC_URL=ADDRESS, PROXIES="1")
    talk = await begun(client, connector)
    journey = Journey(talk, url)
    almost_done(journey)
    client = await start(PUBLIC_URL=ADDRESS, PROXIES="1")  # which remembers nobody
    talk.client = client
    await journey.until("complete")

    name = "Zoë <b>Ćwiek</b> **李**"
    asked = await talk.press(journey.card, "Get your certificate")
    assert "Fine-Tuning AI Models" in texts(asked)
    shown = await talk.press(card_of(asked), "Show me first", **{"certificate-name": f" {name}\n"})
    assert name in texts(shown)
    assert not kept(url), "nothing is issued before it is confirmed"
    done = card_of(await talk.press(card_of(shown), "Yes, issue it"))
    path = path_in(done)
    (picture,) = [part for part in done["body"] if part["type"] == "Image"]
    assert picture["url"] == f"{ADDRESS}{path}/picture.png"
    assert name in picture["altText"]
    assert "100 %" in picture["altText"]
    assert "linkedin.com/profile/add?startTask=CERTIFICATION_NAME" in json.dumps(done)

    async with client.get(f"{path}/certificate.pdf") as answer:
        assert answer.headers["Content-Disposition"] == 'inline; filename="certificate.pdf"'
        paper = await answer.read()
    with pypdfium2.PdfDocument(paper) as pdf:
        assert len(pdf) == 1
        told = pdf[0].get_textpage().get_text_bounded()
        drawn = pdf[0].render(scale=2).to_numpy()
    assert name in told
    assert "Final check: 100 %, at attempt 1" in told
    assert [found.text for found in zxingcpp.read_barcodes(drawn)] == [f"{ADDRESS}{path}"]
    async with client.get(f"{path}/picture.png") as answer:
        assert (await answer.read()).startswith(b"\x89PNG")

    # The same one again: pressed twice, after the lesson was begun anew, after a start, elsewhere.
    again = await talk.press(card_of(shown), "Yes, issue it")
    assert path_in(again) == path
    for text in ("restart", "yes, start over"):
        await talk.say(text)
    client = await start(PUBLIC_URL=ADDRESS, PROXIES="1")
    talk.client = client
    assert path_in(await talk.say("certificate")) == path
    code = re.search(r"link ([2-9B-Z]{4}-[2-9B-Z]{4})", json.dumps(await talk.say("link")))
    assert code
    elsewhere = await begun(client, connector, "ann-at-home")
    for text in (code[0], "yes"):
        await elsewhere.say(text)
    assert path_in(await elsewhere.say("certificate")) == path
    async with client.get(f"{path}/certificate.pdf") as answer:
        assert await answer.read() == paper, "to the byte"


async def test_a_certificate_is_issued_once_corrected_exported_and_deleted(
    start: Start, connector: Connector, url: str
) -> None:
    client = await start(DATABASE_URL=url)
    talk = await begun(client, connector)
    assert "every phase" in texts(await talk.say("certificate"))
    complete(url)
    for text in ("certificate", "My name is Ada Lovelaec"):
        asked = await talk.say(text)
    assert "Ada Lovelaec" in texts(asked)
    assert "My name is" not in texts(asked)
    # Confirmed twice at once.
    both = await asyncio.gather(*(talk.press(card_of(asked), "Yes, issue it") for _ in range(2)))
    wrong = path_in(both[0])
    assert path_in(both[1]) == wrong
    assert len(kept(url)) == 1
    told = await text_of(client, wrong)
    for word in ("is valid", "Ada Lovelaec", "Fine-Tuning AI Models", "4 July 2026 (UTC)", "90 %"):
        assert word in told

    await talk.say("correct my name")
    await talk.say("Ada Lovelace")
    right = path_in(await talk.say("yes"))
    assert right != wrong
    told = await text_of(client, wrong)
    assert "was revoked" in told
    assert "Ada" not in told
    await text_of(client, f"{wrong}/certificate.pdf", 404)
    assert "Ada Lovelace" in await text_of(client, right)
    assert path_in(await talk.say("certificate")) == right
    (before, why), (after, _) = kept(url)
    assert why == "corrected"
    assert after.claim == before.claim, "nothing but the name is another"

    link = re.search(r"/my-data/[\w-]+", json.dumps(await talk.say("export my data")))
    assert link
    rows = json.loads(await text_of(client, f"{link[0]}/my-data.json"))["certificate"]
    page = await text_of(client, link[0])
    assert "for Ada Lovelace, issued" in page
    assert "for Ada Lovelaec" in page
    assert [row["doc"]["name"] for row in rows] == ["Ada Lovelaec", "Ada Lovelace"]

    for text in ("delete my data", "yes"):
        await talk.say(text)
    assert not kept(url)
    told = await text_of(client, right, 404)
    assert "is unknown" in told
    assert "Ada" not in told
    status = json.loads(await text_of(client, f"{right}/status"))
    assert [one["id"].endswith(right) for one in status["revokedCredential"]] == [True]


async def test_who_finishes_the_last_lesson_gets_the_certificate_of_the_whole_series(
    start: Start, connector: Connector, url: str
) -> None:
    client = await start(DATABASE_URL=url, PUBLIC_URL=ADDRESS, PROXIES="1")
    talk = await begun(client, connector)
    last, *others = sorted(library().lessons, key=lambda name: name != LAST)
    journey = Journey(talk, url, LAST)
    assert "These are left" in texts(await talk.say("certificate of the series"))
    happen(
        url,
        *(LessonCompleted(lesson=name, run=1, at=DONE, version="v", score=0.9) for name in others),
    )
    open_ones = texts(await talk.say("series certificate"))
    assert library().lessons[last].title in open_ones
    assert library().lessons[others[0]].title not in open_ones
    assert not kept(url)

    # The last one is really gone through.
    menu = card_of(await talk.say("lessons"))
    there = card_of(await talk.press(menu, library().lessons[last].title))
    await talk.press(there, "Begin Exercise")
    await journey.until("complete")
    asked = await talk.say("series certificate")
    assert SERIES in texts(asked)
    shown = await talk.press(card_of(asked), "Show me first", **{"certificate-name": "Ann Lee"})
    done = await talk.press(card_of(shown), "Yes, issue it")
    path = path_in(done)
    ((certificate, why),) = kept(url)
    assert (certificate.claim.lesson, certificate.claim.title, why) == ("series", SERIES, None)
    assert len(certificate.claim.demonstrated) == len(library().lessons)

    # It is there again after a start, checked by anybody, and the lesson's own is another.
    client = await start(DATABASE_URL=url, PUBLIC_URL=ADDRESS, PROXIES="1")
    talk.client = client
    assert path_in(await talk.say("certificate for all exercises")) == path
    told = await text_of(client, path)
    for word in ("is valid", "Ann Lee", SERIES, *(one.title for one in library().lessons.values())):
        assert escape(word, quote=False) in told.replace("&#34;", '"').replace("&#39;", "'")
    async with client.get(f"{path}/certificate.pdf") as answer:
        paper = await answer.read()
    with pypdfium2.PdfDocument(paper) as pdf:
        assert len(pdf) == 1
        words = " ".join(pdf[0].get_textpage().get_text_bounded().split())
        drawn = pdf[0].render(scale=2).to_numpy()
    assert SERIES in words
    assert "Ann Lee" in words
    assert [found.text for found in zxingcpp.read_barcodes(drawn)] == [f"{ADDRESS}{path}"]
    own = await certified(talk, "Ann Lee")
    assert own != path
    assert library().lessons[last].title in await text_of(client, own)

    status = json.loads(await text_of(client, f"{path}/status"))
    assert status.get("revokedCredential", []) == []
    for text in ("delete my data", "yes"):
        await talk.say(text)
    assert "is unknown" in await text_of(client, path, 404)


@on_sqlite
async def test_what_is_no_name_or_cant_be_printed_is_told_before_anything_is_issued(
    start: Start, connector: Connector, url: str
) -> None:
    client = await start()
    talk = await begun(client, connector)
    complete(url)
    card = card_of(await talk.say("certificate", **{"from": {"id": "ann", "name": "Ann Lee"}}))
    (field,) = [part for part in card["body"] if part["type"] == "Input.Text"]
    assert field["value"] == "Ann Lee", "as the channel calls them"
    for given, told in (
        (" \u200b ", "empty"),
        ("A" * 300, "100 characters"),
        ("12345", "at least one letter"),
        ("Ann \U000103a0\U000103a1", "\U000103a0 can't be printed"),
    ):
        card = card_of(await talk.press(card, "Show me first", **{"certificate-name": given}))
        assert told in texts(card), given
    shown = texts(await talk.press(card, "Show me first", **{"certificate-name": "安 😀"}))
    assert "Is this right?" in shown
    assert "Nothing was changed" in texts(await talk.say("no"))
    assert not kept(url)
    # Who goes on with the lesson isn't taken at their word.
    for text in ("certificate", "next", "Ann Lee"):
        said = await talk.say(text)
    assert "Is this right?" not in texts(said)


@on_sqlite
async def test_the_day_is_the_learners_where_their_client_tells_it(
    start: Start, connector: Connector, url: str
) -> None:
    client = await start(PUBLIC_URL=ADDRESS, PROXIES="1")
    talk = await begun(client, connector)
    complete(url)
    path = await certified(talk, "Ann Lee", localTimezone="America/Los_Angeles")
    told = await text_of(client, path)
    assert "3 July 2026" in told
    assert "UTC" not in told
    badge = jwt.decode(
        await text_of(client, f"{path}/badge.jwt"), options={"verify_signature": False}
    )
    assert badge["validFrom"] == "2026-07-04T02:30:00Z"


@on_sqlite
async def test_an_operator_withdraws_one_and_renews_the_key(
    start: Start,
    connector: Connector,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    client = await start(CONTACT="help@ada.example")
    talk = await begun(client, connector)
    complete(url)
    path = await certified(talk, "Ann Lee")
    assert admin.main(["rotate"]) == 0
    assert "is valid" in await text_of(client, path), "signed by the key before"
    keys = json.loads(await text_of(client, "/.well-known/jwks.json"))["keys"]
    assert len(keys) == 2
    for text in ("wrong name", "Ann Li"):
        await talk.say(text)
    renewed = path_in(await talk.say("yes"))
    assert "is valid" in await text_of(client, renewed), "signed by the new one"
    token = await text_of(client, f"{renewed}/badge.jwt")
    assert jwt.get_unverified_header(token)["kid"] == keys[1]["kid"]

    # Of the settings' key nothing private is stored, and it is the one that signs.
    seed = "A" * 43
    client = await start(BADGE_KEY=seed, CONTACT="help@ada.example")
    talk.client = client
    for text in ("wrong name", "Ann"):
        await talk.say(text)
    own = path_in(await talk.say("yes"))
    token = await text_of(client, f"{own}/badge.jwt")
    assert jwt.get_unverified_header(token)["kid"].endswith(SigningKey(bytes(32)).thumbprint)
    with engine(url).connect() as db:
        private = db.execute(select(tables.signing_key.c.private)).scalars().all()
    assert private.count(None) == 1

    assert admin.main(["revoke", f"{ADDRESS}{own}"]) == 0
    assert "was revoked" in await text_of(client, own)
    said = texts(await talk.say("certificate"))
    assert "has withdrawn your certificate" in said
    assert "help@ada.example" in said
    capsys.readouterr()
    assert admin.main(["revoke", f"{ADDRESS}{own}"]) == 2
    assert "no valid certificate" in capsys.readouterr().err


@on_sqlite
async def test_a_certificate_that_was_tampered_with_isnt_confirmed(
    start: Start, connector: Connector, url: str
) -> None:
    client = await start()
    talk = await begun(client, connector)
    complete(url)
    path = await certified(talk, "Ann Lee")
    ((certificate, _),) = kept(url)
    with engine(url).begin() as db:
        other = versions.CERTIFICATE.write(replace(certificate, name="Bob Lee"))
        db.execute(update(tables.certificate).values(doc=other))
    told = await text_of(client, path)
    assert "t be confirmed" in told
    assert "Lee" not in told


@pytest.mark.parametrize("key", ["not base64!", "AAAA"])
def test_a_key_that_is_none_is_told_in_a_sentence(key: str) -> None:
    with pytest.raises(SettingsError, match="Change BADGE_KEY: it is 32 random bytes in base64"):
        issuer_for(Settings.model_validate({"BADGE_KEY": key}), tutor())


async def test_who_guesses_addresses_has_to_wait_and_owners_do_not(start: Start) -> None:
    client = await start()

    async def ask() -> ClientResponse:
        return await client.get("/certificates/AAAAAAAAAAAAAAAAAAAAAA")

    found = [(await ask()).status for _ in range(12)]
    assert found[:10] == [404] * 10
    assert 429 in found


@on_sqlite
async def test_in_a_group_nothing_of_it_is_shown(
    start: Start, connector: Connector, url: str
) -> None:
    client = await start()
    talk = await begun(client, connector)
    complete(url)
    path = await certified(talk, "Ann Lee")
    group = {"conversation": {"id": "talk-all", "isGroup": True}}
    said = await talk.say("certificate", **group)
    assert "personal chat" in texts(said)
    assert path not in json.dumps(said)
