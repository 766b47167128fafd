"""`python -m tests.browser.screens`: pictures of each kind of step, of a session and of records.

With `lesson`, `session` or `records` behind it, only of these.
"""

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser import test_insights as figures
from tests.browser.conftest import FLAGS, ROOT, Server
from tests.browser.learner import PageLearner
from tests.browser.test_rooms import HALL, TOKEN, TeamsLearner, sign_in, teams_service
from tests.channel.test_certificates import complete
from tests.channel.test_insights import TOKEN as FIGURES
from tests.channel.test_insights import Cohort
from tests.lessons import tutor

FOLDER = ROOT / "docs" / "screens"
SIZE: ViewportSize = {"width": 860, "height": 780}
LARGEST = 60 * 1024  # bytes
# Screens that say more once something was answered.
ANSWERED = {"chat", "comparison", "lab", "jsonl"}


def main() -> int:
    """Take those that are asked for."""
    parts = {"lesson": lesson, "session": session, "records": records}
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screens", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*parts, []])
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in parser.parse_args().parts or parts:
        parts[name]()
    return 0


def lesson() -> None:
    """Do the lesson, and keep a picture of each kind of step, of its start and of its end."""
    server = Server(Path(tempfile.mkdtemp()))
    server.start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport=SIZE, reduced_motion="reduce")  # curves are whole at once
        learner = PageLearner(page, server, tutor())
        learner.open()
        seen: set[str] = set()
        while True:
            step, record = learner.step, learner.scene.record
            if step.kind not in seen and (step.kind not in ANSWERED or record.status != "new"):
                seen.add(step.kind)
                learner.page.wait_for_timeout(1000)
                picture(learner, step.kind)
            if not learner.do_right():
                break
        browser.close()
    server.stop()


def picture(learner: PageLearner, name: str) -> None:
    """Take one of the lesson."""
    taken(learner.page, name)


def taken(page: Page, name: str) -> None:
    """Take one, as good as its size allows."""
    for quality in (85, 75, 65, 55, 45, 35):
        made = page.screenshot(type="jpeg", quality=quality)
        if len(made) <= LARGEST:
            break
    (FOLDER / f"{name}.jpg").write_bytes(made)


def session() -> None:
    """Lead a session, and keep a picture of the host's page and of the big screen."""
    server = Server(Path(tempfile.mkdtemp()))
    server.start(HOST_TOKEN=TOKEN)
    with sync_playwright() as playwright, teams_service() as (service, _):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        host, screen = browser.new_page(viewport=HALL), browser.new_page(viewport=HALL)
        sign_in(host, server)
        host.get_by_role("button", name="Open", exact=True).click()
        host.locator("h1", has_text="Room ").wait_for()
        code = host.url.rpartition("/")[2]
        learners = [TeamsLearner(server, service, f"tess{n}") for n in range(7)]
        for one in learners:
            one.say("begin")
            one.say(code)
        host.get_by_role("button", name="Begin the talk").click()
        host.get_by_role("button", name="Go to: Zava").click()
        host.locator("#do-try-first").click()
        screen.goto(f"{server.url}/screen/{code}")
        screen.wait_for_timeout(2000)  # all are asked by then
        for one, option in zip(learners, "1113233", strict=True):
            one.say("room")
            one.say(option)
        learners[0].say("ask What does fine-tuning cost?")
        host.wait_for_timeout(2000)
        taken(screen, "projector")
        taken(host, "host")
        browser.close()
    server.stop()


def records() -> None:
    """Keep a picture of a certificate, of the page behind it, of one's own data and of figures."""
    server = Server(Path(tempfile.mkdtemp()))
    server.start(INSIGHTS_TOKEN=FIGURES)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, page in record_pages(browser, server):
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(1000)
            taken(page, name)
        browser.close()
    server.stop()


def record_pages(browser: Browser, server: Server, **look: Any) -> Iterator[tuple[str, Page]]:
    """The pages of somebody who has completed the lesson, and that of a host, each by its name."""
    context = browser.new_context(viewport=SIZE, reduced_motion="reduce", **look)
    learner = PageLearner(context.new_page(), server, tutor())
    page = learner.page
    learner.open()
    for _ in range(4):
        learner.do_right()
    complete(f"sqlite:///{server.database}")
    learner.type("certificate")
    page.get_by_label("Name on the certificate").last.fill("Zoë Ćwiek")
    learner.press("Show me first")
    learner.press("Yes, issue it")
    page.get_by_role("heading", name="Your certificate").last.scroll_into_view_if_needed()
    yield "certificate", page
    yield "verification", opened(page, "Its page")
    learner.type("export my data")
    yield "my-data", opened(page, "Everything that is kept")
    figures.store(server, Cohort().stored(60))
    page.goto(f"{server.url}/insights")
    page.get_by_label("Token").fill(FIGURES)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="How learners get on").wait_for()
    yield "insights", page


def opened(page: Page, link: str) -> Page:
    """The page behind the newest link whose words begin so."""
    with page.context.expect_page() as coming:
        page.get_by_role("link", name=re.compile(f"^{link}")).last.click()
    return coming.value


if __name__ == "__main__":
    sys.exit(main())
