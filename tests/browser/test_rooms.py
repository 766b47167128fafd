"""A live session in browsers: one host, one big screen and three learners, through all acts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from content.loader import load
from content.session import Cloud, Poll
from tests.browser.conftest import Server
from tests.browser.test_access import LOOKS, SMALL, TAGS

TOKEN = "0123456789abcdef"
LIVE_MS = 60_000  # a busy machine
HALL: ViewportSize = {"width": 1280, "height": 720}
SESSION = load().sessions["fine-tuning"]


@pytest.fixture
def hosted(tmp_path: Path) -> Iterator[Server]:
    """A running tutor at which somebody can host."""
    made = Server(tmp_path)
    made.start(HOST_TOKEN=TOKEN)
    yield made
    made.stop()


def faults(page: Page) -> list[str]:
    """What axe finds on a page of a session."""
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


def sign_in(page: Page, server: Server, path: str = "/host") -> None:
    """Come to a host's page as a person does."""
    page.goto(f"{server.url}{path}")
    page.get_by_label("Token").fill(TOKEN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in")


def join(browser: Browser, server: Server, code: str) -> Page:
    """Come by the code that was scanned, in a browser of one's own."""
    page = browser.new_context(viewport=SMALL).new_page()
    page.goto(f"{server.url}/join/{code}")
    page.get_by_role("link", name="Join here").click()
    expect(on_card(page, "You are in the session")).to_be_visible(timeout=LIVE_MS)
    return page


def on_card(page: Page, text: str) -> Locator:
    """A text on the newest card that has it."""
    return page.locator(".ac-adaptiveCard").get_by_text(text).last


class TeamsLearner:
    """A learner in Teams: their messages by HTTP, and what they are sent."""

    def __init__(self, server: Server, service: str, name: str = "tess") -> None:
        self.server, self.service, self.name, self.count = server, service, name, 0

    def say(self, text: str) -> str:
        """Write a message; what is answered."""
        self.count += 1
        body = {
            "type": "message",
            "id": str(self.count),
            "text": text,
            "channelId": "msteams",
            "serviceUrl": self.service,
            "deliveryMode": "expectReplies",
            "from": {"id": f"29:{self.name}", "aadObjectId": self.name},
            "recipient": {"id": "28:bot"},
            "conversation": {
                "id": f"a:{self.name}",
                "conversationType": "personal",
                "tenantId": "t",
            },
            "channelData": {"tenant": {"id": "t"}},
        }
        request = Request(
            f"{self.server.url}/api/messages",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urlopen(request) as answer:
            return str(answer.read().decode())


@contextmanager
def teams_service() -> Iterator[tuple[str, list[str]]]:
    """Teams' side: takes what the tutor sends by itself."""
    sent: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"id": f"m{len(sent)}"}).encode())

        do_PUT = do_POST  # noqa: N815 (http.server's names)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    service = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=service.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{service.server_port}", sent
    service.shutdown()
    service.server_close()


def test_a_talk_through_all_acts(browser: Browser, hosted: Server) -> None:
    server = hosted
    host = browser.new_context(viewport=HALL).new_page()
    sign_in(host, server)
    assert faults(host) == []
    host.get_by_role("button", name="Open", exact=True).click()
    expect(host.get_by_role("heading", level=1)).to_contain_text("Room ")
    code = host.url.rpartition("/")[2]
    assert faults(host) == []
    screen = browser.new_context(viewport=HALL).new_page()
    screen.goto(f"{server.url}/screen/{code}")
    expect(screen.get_by_text(f"join {code}")).to_be_visible()
    assert faults(screen) == []
    with teams_service() as (service, sent):
        tess = TeamsLearner(server, service)
        tess.say("begin")
        assert "You are in the session" in tess.say(code.lower())
        learners = [join(browser, server, code), join(browser, server, code)]
        expect(screen.get_by_text("3 here")).to_be_visible(timeout=LIVE_MS)
        host.get_by_role("button", name="Begin the talk").click()
        expect(host.get_by_text("On time")).to_be_visible(timeout=LIVE_MS)
        for place, part in enumerate(SESSION.parts):
            for name in part.activities:
                activity = SESSION.activity(name)
                assert activity is not None
                host.locator(f"#do-{name}").click()
                heading = screen.get_by_role("heading", level=1)
                expect(heading).to_have_text(activity.prompt, timeout=LIVE_MS)
                if isinstance(activity, Poll | Cloud):
                    answer(learners, tess, activity)
                    told = screen.get_by_text("3 of 3 answered")
                    expect(told).to_be_visible(timeout=LIVE_MS)
                    assert faults(screen) == []
                host.locator(f"#do-{name}", has_text="Close").click()
                expect(host.locator(f"#do-{name}")).to_have_text("Open again", timeout=LIVE_MS)
            if place + 1 < len(SESSION.parts):
                following = SESSION.parts[place + 1].title
                host.get_by_role("button", name=f"Go to: {following}").click()
                here = host.locator("#now h3")
                expect(here).to_contain_text(following, timeout=LIVE_MS)
        host.locator("#show-recap").click()
        recap = screen.get_by_role("img", name="The recap of the session")
        expect(recap).to_be_visible(timeout=LIVE_MS)
        assert faults(screen) == []
        expect(on_card(learners[0], "To take home")).to_be_visible(timeout=LIVE_MS)
        assert any("To take home" in one for one in sent)
    assert faults(host) == []
    end(host, code)


def end(host: Page, code: str) -> None:
    """End the session, and read its report."""
    host.get_by_text("End the session").first.click()
    host.locator("#end").click()
    expect(host.get_by_text("This session is over.")).to_be_visible(timeout=LIVE_MS)
    host.get_by_role("link", name="Report").first.click()
    expect(host.get_by_role("heading", level=1)).to_have_text(f"Report of {code}")
    expect(host.locator("dd").first).to_have_text("3")
    assert faults(host) == []


def answer(learners: list[Page], tess: TeamsLearner, activity: Poll | Cloud) -> None:
    """All three answer: one presses, one types, one writes in Teams."""
    first, second = learners
    if isinstance(activity, Poll):
        button = first.get_by_role("button", name=activity.options[0].text, exact=True)
        button.last.click(timeout=LIVE_MS)
        send(second, "2")
        tess.say("1")
    else:
        card = first.locator(".ac-adaptiveCard")
        card.get_by_role("textbox").last.fill("lower cost", timeout=LIVE_MS)
        card.get_by_role("button", name="Send", exact=True).last.click()
        send(second, "less expensive")
        tess.say("be polite")


def send(page: Page, text: str) -> None:
    """Write into the message box, once what is open has come."""
    expect(on_card(page, "From the host")).to_be_visible(timeout=LIVE_MS)
    box = page.get_by_role("textbox", name="message")
    box.fill(text)
    box.press("Enter")


def test_everybody_can_use_the_pages_on_a_phone(browser: Browser, hosted: Server) -> None:
    server = hosted
    found = []
    for look in LOOKS:
        page = browser.new_page(viewport=SMALL, **look)
        sign_in(page, server)
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Room ")
        code = page.url.rpartition("/")[2]
        paths = (f"/host/{code}", "/host", f"/screen/{code}", "/join", f"/join/{code}")
        for path in (*paths, "/join/XXX-222", f"/host/{code}/report", "/host/resources"):
            page.goto(f"{server.url}{path}")
            found += [(path, look["color_scheme"], one) for one in faults(page)]
            width = page.evaluate("document.documentElement.scrollWidth")
            found += [(path, "width", str(width))] if width > SMALL["width"] else []
        page.close()
    assert found == []
