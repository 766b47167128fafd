"""The chat on an event's own site, in a real browser: another origin, a reload, the keyboard."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.conftest import Server
from tests.browser.test_access import TAGS

PATIENCE_MS = 30_000


@contextmanager
def event_site(tag: str) -> Iterator[str]:
    """An event's page with the tag, on an origin of its own; the origin."""
    page = (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'><title>Event</title></head>"
        f"<body><main><h1>An event</h1><div id='here' style='height: 600px'></div></main>{tag}"
        "</body></html>"
    ).encode()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        # Another host than the tutor's 127.0.0.1: another site, whose frames get no cookies.
        yield f"http://localhost:{site.server_port}"
    finally:
        site.shutdown()
        site.server_close()


def tag(server: Server, more: str = "") -> str:
    return f'<script src="{server.url}/embed.js" data-event="Spring school" {more} defer></script>'


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[tuple[Server, str, str]]:
    """A tutor, and two sites that it lists: with the button, and with the chat in the page."""
    made = Server(tmp_path)
    with event_site(tag(made)) as button, event_site(tag(made, 'data-target="#here"')) as inline:
        made.start(ALLOWED_ORIGINS=f"{button},{inline}")
        yield made, button, inline
        made.stop()


def chat(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def begin(page: Page) -> None:
    chat(page).get_by_role("button", name="Begin Exercise").click(timeout=PATIENCE_MS)
    expect(chat(page).get_by_text("Learning goals").last).to_be_visible(timeout=PATIENCE_MS)


def test_the_chat_in_an_events_page_keeps_its_place_over_a_reload(
    browser: Browser, embedded: tuple[Server, str, str]
) -> None:
    _, button, _ = embedded
    page = browser.new_page()
    page.goto(button)
    page.get_by_role("button", name="Learn fine-tuning").click()
    begin(page)
    page.reload()
    page.get_by_role("button", name="Learn fine-tuning").click()
    expect(chat(page).get_by_text("Learning goals").last).to_be_visible(timeout=PATIENCE_MS)
    page.close()


def test_the_chat_stands_in_the_page_where_the_tag_says(
    browser: Browser, embedded: tuple[Server, str, str]
) -> None:
    _, _, inline = embedded
    page = browser.new_page()
    page.goto(inline)
    begin(page)
    assert page.locator("#here iframe").count() == 1
    page.close()


def test_another_site_is_refused_and_offers_the_tutors_own_page(
    browser: Browser, embedded: tuple[Server, str, str]
) -> None:
    server, _, _ = embedded
    with event_site(tag(server)) as stranger:
        page = browser.new_page()
        page.goto(stranger)
        page.get_by_role("button", name="Learn fine-tuning").click()
        expect(page.get_by_role("alert")).to_be_visible(timeout=PATIENCE_MS)
        link = page.get_by_role("alert").get_by_role("link")
        assert str(link.get_attribute("href")).startswith(server.url)
        page.close()


def test_button_and_panel_work_by_keyboard_and_axe_finds_nothing(
    browser: Browser, embedded: tuple[Server, str, str]
) -> None:
    _, button, _ = embedded
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(button)
    opener = page.get_by_role("button", name="Learn fine-tuning")
    page.keyboard.press("Tab")
    expect(opener).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("Enter")
    expect(chat(page).get_by_role("button", name="Begin Exercise")).to_be_visible(
        timeout=PATIENCE_MS
    )
    assert faults(page) == []
    expect(page.get_by_role("dialog")).to_be_visible()
    chat(page).get_by_role("textbox", name="Message input box").focus()
    page.keyboard.insert_text("begin")
    page.keyboard.press("Enter")
    expect(chat(page).get_by_text("Learning goals").last).to_be_visible(timeout=PATIENCE_MS)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()
    page.close()


def faults(page: Page) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    found = Axe().run(page, context={"exclude": [["iframe"]]}, options=options)
    return [
        f"{v['id']}: {n['html'][:160]}" for v in found.response["violations"] for n in v["nodes"]
    ]


def test_a_learners_hostile_words_are_shown_as_words(browser: Browser, server: Server) -> None:
    page = browser.new_page()
    page.goto(server.url)
    page.get_by_role("button", name="Begin Exercise").wait_for(timeout=PATIENCE_MS)
    box = page.get_by_role("textbox", name="Message input box")
    words = "<img src=x onerror=alert(1)> [link](https://evil.example) ![i](https://evil.example/i)"
    page.on("dialog", lambda _: pytest.fail("a script ran"))
    box.fill(words)
    box.press("Enter")
    expect(page.get_by_text("onerror=alert(1)").first).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_timeout(500)
    assert page.locator("a[href*='evil.example'], img[src*='evil.example']").count() == 0
    assert page.locator("img[onerror]").count() == 0
    page.close()
