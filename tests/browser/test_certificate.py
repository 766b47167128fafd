"""From the last answer of the lesson to the paper in hand, in a browser."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
import pypdfium2
import zxingcpp
from playwright.sync_api import Browser, ViewportSize, expect

from dialogs.values import versions
from tests.badge_judge import judged, prepared
from tests.browser.conftest import Server
from tests.browser.learner import PATIENCE_MS, PageLearner
from tests.browser.test_lesson import finish
from tests.conversation.test_forms import read
from tests.lessons import library, tutor

SIZE: ViewportSize = {"width": 1000, "height": 900}
LESSON = library().lessons["polite-chatbot"]
QUIZ = next(step.id for step in LESSON.steps if step.kind == "quiz")
NAME = "Zoë Ćwiek"
LOOK_MS = 250
VERBS = "http://adlnet.gov/expapi/verbs/"


@contextmanager
def record_store() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A learning record store that takes everything: its address, and what it was told."""
    kept: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kept.extend(given)
            body = json.dumps([one["id"] for one in given]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    store = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=store.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{store.server_port}/xapi", kept
    store.shutdown()
    store.server_close()


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


def is_on_paper(learner: PageLearner) -> str:
    """The file behind the link has name and score; the address in its QR code."""
    page = learner.page
    link = page.get_by_role("link", name=re.compile(r"^Download it \(PDF\)")).last
    with page.context.expect_page() as coming:
        link.click()
    path = coming.value.url
    coming.value.close()
    answer = page.request.get(path)
    assert answer.headers["content-type"] == "application/pdf"
    paper = answer.body()
    with pypdfium2.PdfDocument(paper) as pdf:
        told = pdf[0].get_textpage().get_text_bounded()
        drawn = pdf[0].render(scale=2).to_numpy()
    assert NAME in told
    assert "Final check: 100 %, at attempt 1" in told
    (code,) = [found.text for found in zxingcpp.read_barcodes(drawn)]
    assert path.startswith(code)
    return str(code)


def is_sound(learner: PageLearner, code: str, link: str, folder: Path) -> None:
    """Others' libraries accept the badge, by the keys that the tutor shows to everybody."""
    token = learner.page.request.get(link)
    assert token.ok
    claims = jwt.decode(token.text(), options={"verify_signature": False})
    keys = learner.page.request.get(f"{learner.server.url}/.well-known/jwks.json").json()["keys"]
    given = {
        "badge": {"claims": claims, "token": token.text()},
        "forged": {"claims": claims, "token": token.text()[:-8] + "AAAAAAAA"},
    }
    said = judged(prepared(folder), keys, given)
    assert said["badge"] == {"shape": "", "signed": ""}
    assert said["forged"]["signed"] == "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"
    subject = claims["credentialSubject"]
    assert claims["id"] == code
    assert subject["identifier"][0]["identityHash"] == NAME
    assert subject["achievement"]["name"] == LESSON.title


def is_told(learner: PageLearner, kept: list[dict[str, Any]]) -> None:
    """The learning record store hears of the quiz and the end, and not of whom."""
    course = f"{learner.server.url}/lessons/{LESSON.id}"
    wanted = {
        (f"{VERBS}passed", f"{course}/steps/{QUIZ}"),
        (f"{VERBS}completed", f"{course}/phases/{LESSON.phases[-1].id}"),
        (f"{VERBS}completed", course),
    }
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for _ in range(PATIENCE_MS // LOOK_MS):
        told = {(one["verb"]["id"], one["object"]["id"]): one for one in kept}
        if told.keys() >= wanted:
            break
        learner.page.wait_for_timeout(LOOK_MS)
    assert told.keys() >= wanted
    passed = told[f"{VERBS}passed", f"{course}/steps/{QUIZ}"]
    assert passed["result"]["success"] is True
    assert passed["result"]["score"] == {"scaled": 1.0}
    assert len({one["actor"]["account"]["name"] for one in kept}) == 1
    assert NAME not in json.dumps(kept, ensure_ascii=False)


def test_from_the_last_answer_to_the_paper_in_hand(browser: Browser, tmp_path: Path) -> None:
    server = Server(tmp_path)
    with record_store() as (address, kept):
        settings = {"LRS_ENDPOINT": address, "LRS_USERNAME": "tutor", "LRS_PASSWORD": "secret"}
        server.start(**settings)
        try:
            learner = PageLearner(browser.new_page(viewport=SIZE), server, tutor())
            learner.open()
            learner.do_right()
            server.stop()
            almost_done(server)
            server.start(**settings)
            learner.reload()
            learner.type("hi")
            finish(learner)
            learner.press("Get your certificate")
            learner.page.get_by_label("Name on the certificate").last.fill(NAME)
            learner.press("Show me first")
            learner.press("Yes, issue it")
            code = is_on_paper(learner)
            badge = learner.page.get_by_role("link", name=re.compile("^As an Open Badge")).last
            is_sound(learner, code, str(badge.get_attribute("href")), tmp_path)
            is_told(learner, kept)
            learner.page.goto(code)
            expect(learner.page.get_by_text("This certificate is valid")).to_be_visible()
            expect(learner.page.get_by_text(NAME)).to_be_visible()
        finally:
            server.stop()
