"""From the last answer of the lesson to the paper in hand, in a browser."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pypdfium2
import zxingcpp
from playwright.sync_api import Browser, ViewportSize, expect

from dialogs.values import versions
from tests.browser.conftest import Server
from tests.browser.learner import PageLearner
from tests.browser.test_lesson import finish
from tests.conversation.test_forms import read
from tests.lessons import library, tutor

SIZE: ViewportSize = {"width": 1000, "height": 900}
LESSON = library().lessons["polite-chatbot"]
QUIZ = next(step.id for step in LESSON.steps if step.kind == "quiz")
NAME = "Zoë Ćwiek"


def almost_done(server: Server) -> None:
    """Put the one learner in front of the final check, with everything else passed."""
    done = read(4, "finished").progress[LESSON.id]
    before = replace(
        done,
        version=LESSON.version,
        cursor=QUIZ,
        frontier=LESSON.phases[-1].id,
        records={name: record for name, record in done.records.items() if name != QUIZ},
        model=None,
        running_training=None,
        completed_at=None,
        completed_version=None,
        ticket=50,
    )
    told = (versions.PROGRESS.write(before), versions.PROGRESS.form)
    with closing(sqlite3.connect(server.database)) as db, db:
        assert db.execute("UPDATE progress SET doc = ?, form = ?", told).rowcount == 1


def test_from_the_last_answer_to_the_paper_in_hand(browser: Browser, tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.start()
    try:
        learner = PageLearner(browser.new_page(viewport=SIZE), server, tutor())
        learner.open()
        learner.do_right()
        server.stop()
        almost_done(server)
        server.start()
        learner.reload()
        learner.type("hi")
        finish(learner)
        learner.press("Get your certificate")
        learner.page.get_by_label("Name on the certificate").last.fill(NAME)
        learner.press("Show me first")
        learner.press("Yes, issue it")
        link = learner.page.get_by_role("link", name=re.compile(r"^Download it \(PDF\)")).last
        path = str(link.get_attribute("href"))
        answer = learner.page.request.get(path)
        assert answer.ok
        assert answer.headers["content-type"] == "application/pdf"
        with pypdfium2.PdfDocument(answer.body()) as pdf:
            told = pdf[0].get_textpage().get_text_bounded()
            drawn = pdf[0].render(scale=2).to_numpy()
        assert NAME in told
        assert "Final check: 100 %, at attempt 1" in told
        (code,) = [found.text for found in zxingcpp.read_barcodes(drawn)]
        assert path.startswith(code)
        learner.page.goto(code)
        expect(learner.page.get_by_text("This certificate is valid")).to_be_visible()
        expect(learner.page.get_by_text(NAME)).to_be_visible()
    finally:
        server.stop()
