"""The page behind a certificate's QR code: everybody can use it, whatever it says."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from threading import Thread

from playwright.sync_api import Browser, ViewportSize, expect
from sqlalchemy import Connection, update

from bot.records.issuing import Issuer
from bot.store import certificates, tables
from bot.store.database import open_store
from dialogs.records.claims import claim
from dialogs.values import versions
from dialogs.values.facts import LessonCompleted
from tests.browser.conftest import Server
from tests.browser.test_access import LOOKS, SMALL
from tests.browser.test_rooms import faults
from tests.lessons import library

WIDE: ViewportSize = {"width": 1280, "height": 900}
LANGUAGES = ("en", "de", "en")  # of each look
DONE = datetime(2026, 7, 4, 2, 30, tzinfo=UTC)
NAME = "Zoë Ćwiek"
LONGEST = "Ö" * 100  # nothing in it tells where a line may end
LESSON = library().lessons["polite-chatbot"]
SAYS = {
    "valid": ("This certificate is valid", "Dieses Zertifikat ist gültig"),
    "revoked": ("This certificate was revoked", "Dieses Zertifikat wurde widerrufen"),
    "unknown": ("This certificate is unknown", "Dieses Zertifikat ist unbekannt"),
    "broken": ("This certificate can't be confirmed", "Dieses Zertifikat lässt sich nicht"),
}


def issue(db: Connection, address: str) -> dict[str, str]:
    """Issue certificates, and let something become of some; the paths of their pages."""
    done = LessonCompleted(lesson=LESSON.id, run=1, at=DONE, version="v", score=0.9)
    what = claim(LESSON, [done])
    assert what
    issuer, found = Issuer(address, "Ada & Co"), {"unknown": f"/certificates/{'A' * 22}"}
    for kind in ("valid", "longest", "revoked", "broken"):
        name = LONGEST if kind == "longest" else NAME
        issued = issuer.issue(db, kind, what, name, zone="Europe/Berlin", now=DONE)
        found[kind] = issued.path
        if kind == "revoked":
            certificates.revoke(db, issued.id, "withdrawn", DONE)
        if kind == "broken":  # kept is another name than was signed
            other = versions.CERTIFICATE.write(replace(issued, name="Bob"))
            here = tables.certificate.c.id == issued.id
            db.execute(update(tables.certificate).where(here).values(doc=other))
    return found


def issued(server: Server) -> dict[str, str]:
    """Do so beside a server; Playwright has this thread's event loop."""
    found: dict[str, str] = {}

    async def kept() -> None:
        store = open_store(f"sqlite:///{server.database}")
        found.update(await store.run(partial(issue, address=server.url)))
        store.close()

    thread = Thread(target=lambda: asyncio.run(kept()))
    thread.start()
    thread.join()
    return found


def test_everybody_can_check_a_certificate_whatever_becomes_of_it(
    browser: Browser, server: Server
) -> None:
    paths = issued(server)
    assert paths.keys() == {*SAYS, "longest"}
    for look, language in zip(LOOKS, LANGUAGES, strict=True):
        page = browser.new_page(locale=language, **look)
        for kind, path in paths.items():
            page.set_viewport_size(SMALL)
            page.goto(f"{server.url}{path}")
            state = "valid" if kind == "longest" else kind
            told = SAYS[state][language == "de"]
            expect(page.locator(f".state.{state} strong")).to_contain_text(told)
            name = page.locator("dd.name")
            assert name.all_inner_texts() == {"valid": [NAME], "longest": [LONGEST]}.get(kind, [])
            for size in (SMALL, WIDE):
                page.set_viewport_size(size)
                width = page.evaluate("document.documentElement.scrollWidth")
                assert width <= size["width"], (kind, look)
                assert kind == "longest" or faults(page) == [], (kind, look, size)
        page.close()
