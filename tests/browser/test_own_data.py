"""A learner's own data as a page: everybody can read it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Thread

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from sqlalchemy import Connection, insert

from bot.store import codes, facts, tables
from bot.store.database import open_store
from bot.store.facts import StoredFact
from dialogs.values import versions
from tests.browser.conftest import Server
from tests.browser.test_access import LOOKS, SMALL, TAGS
from tests.channel.test_insights import Cohort
from tests.conversation.test_forms import read

CODE = "a-code-that-is-given-once"
WHO = "learner0"


def keep(db: Connection, happened: Sequence[StoredFact]) -> None:
    """Keep somebody who has finished, what they did, and a code for all of it."""
    one = read(4, "finished")
    doc, form = versions.LEARNER.write(one), versions.LEARNER.form
    db.execute(insert(tables.learner).values(id=WHO, version=1, doc=doc, form=form))
    for lesson, progress in one.progress.items():
        kept = {"doc": versions.PROGRESS.write(progress), "form": versions.PROGRESS.form}
        db.execute(insert(tables.progress).values(learner=WHO, lesson=lesson, **kept))
    facts.append(db, happened)
    codes.put(db, WHO, "export", CODE, datetime.now(UTC) + timedelta(hours=1))


async def put(server: Server) -> None:
    """Do so beside the server."""
    store = open_store(f"sqlite:///{server.database}")
    await store.run(partial(keep, happened=Cohort().stored(1)))
    store.close()


def test_everybody_can_read_what_is_kept_of_them(browser: Browser, tmp_path: Path) -> None:
    server = Server(tmp_path)
    # Playwright has this thread's event loop.
    thread = Thread(target=lambda: asyncio.run(put(server)))
    thread.start()
    thread.join()
    server.start()
    try:
        for look in LOOKS:
            for address, title in ((CODE, "Your data"), ("gone", "This link has ended")):
                page = browser.new_page(viewport=SMALL, **look)
                page.goto(f"{server.url}/my-data/{address}")
                expect(page.get_by_role("heading", level=1)).to_contain_text(title)
                options = {"runOnly": {"type": "tag", "values": TAGS}}
                found = Axe().run(page, options=options).response["violations"]
                assert [(one["id"], one["nodes"][0]["html"][:160]) for one in found] == [], look
                assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
                page.close()
    finally:
        server.stop()
