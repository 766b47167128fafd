"""`python -m tests.browser.screens`: takes a picture of each kind of step for the documentation."""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from tests.browser.conftest import FLAGS, ROOT, Server
from tests.browser.learner import PageLearner
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
        learner = PageLearner(browser.new_page(viewport=SIZE), server, tutor())
        learner.open()
        seen: set[str] = set()
        while True:
            step, record = learner.step, learner.scene.record
            if step.kind not in seen and (step.kind not in ANSWERED or record.status != "new"):
                seen.add(step.kind)
                learner.page.wait_for_timeout(2600)  # curves are drawn by then
                picture(learner, step.kind)
            if not learner.do_right():
                break
        browser.close()
    server.stop()
    return 0


def picture(learner: PageLearner, name: str) -> None:
    """Take one, as good as its size allows."""
    for quality in (85, 75, 65, 55, 45, 35):
        taken = learner.page.screenshot(type="jpeg", quality=quality)
        if len(taken) <= LARGEST:
            break
    (FOLDER / f"{name}.jpg").write_bytes(taken)


if __name__ == "__main__":
    sys.exit(main())
