"""`python -m tests.browser.screens`: pictures of each kind of step, and of a session."""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.browser.conftest import FLAGS, ROOT, Server
from tests.browser.learner import PageLearner
from tests.browser.test_rooms import HALL, TOKEN, TeamsLearner, sign_in, teams_service
from tests.lessons import tutor

FOLDER = ROOT / "docs" / "screens"
SIZE: ViewportSize = {"width": 860, "height": 780}
LARGEST = 60 * 1024  # bytes
# Screens that say more once something was answered.
ANSWERED = {"chat", "comparison", "lab", "jsonl"}


def main() -> int:
    """Do the lesson, and keep a picture of each kind of step, of its start and of its end."""
    FOLDER.mkdir(parents=True, exist_ok=True)
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
    session()
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
