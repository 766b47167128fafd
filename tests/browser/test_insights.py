"""The page with figures in a browser: usable by everybody, and live."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from bot.store.facts import StoredFact
from tests.browser.conftest import Server
from tests.browser.test_access import LOOKS, SMALL, TAGS
from tests.channel.test_insights import TOKEN, Cohort, put

RENEWED_MS = 60_000  # the page asks every fifteen seconds


def store(server: Server, found: Sequence[StoredFact]) -> None:
    """Store facts beside the server; Playwright has this thread's event loop."""
    thread = Thread(target=asyncio.run, args=(put(f"sqlite:///{server.database}", found),))
    thread.start()
    thread.join()


def test_everybody_can_use_it_and_it_is_live(browser: Browser, tmp_path: Path) -> None:
    cohort = Cohort().stored(60)
    server = Server(tmp_path)
    store(server, cohort[: len(cohort) // 2])
    server.start(INSIGHTS_TOKEN=TOKEN)
    for look in LOOKS:
        page = browser.new_page(viewport=SMALL, **look)
        page.goto(f"{server.url}/insights")
        page.get_by_label("Token").fill(TOKEN)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("How learners get on")
        options = {"runOnly": {"type": "tag", "values": TAGS}}
        found = Axe().run(page, options=options).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:160]) for one in found] == [], look
        assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    began = page.locator("dl dd").first
    before = began.inner_text()
    store(server, cohort[len(cohort) // 2 :])
    expect(began).not_to_have_text(before, timeout=RENEWED_MS)
    server.stop()
