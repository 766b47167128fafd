"""A learner's own data as a page: everybody can read it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
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
from dialogs.values.facts import StepAnswered
from tests.browser.conftest import Server
from tests.browser.test_access import LOOKS, SMALL, TAGS
from tests.channel.test_insights import Cohort
from tests.conversation.test_forms import read

LONGEST = "x" * 400  # nothing in it tells where a line may end
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
    happened = Cohort().stored(1)
    when = {"lesson": happened[0].fact.lesson, "run": 1, "at": happened[0].fact.at}
    wrote = StepAnswered(**when, step="gone", attempt=1, score=1.0, passed=True, text=LONGEST)
    happened.append(replace(happened[0], fact=wrote, place=len(happened)))
    await store.run(partial(keep, happened=happened))
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
                assert page.get_by_text(LONGEST).count() == (address == CODE)
                options = {"runOnly": {"type": "tag", "values": TAGS}}
                found = Axe().run(page, options=options).response["violations"]
                assert [(one["id"], one["nodes"][0]["html"][:160]) for one in found] == [], look
                assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
                page.close()
    finally:
        server.stop()
