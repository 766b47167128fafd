"""The chat on an event's own site, in a real browser: another origin, and what sites do to it."""

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FrameLocator, Locator, Page, Route, expect

from tests.browser.conftest import Server
from tests.browser.learner import in_menu
from tests.browser.test_access import TAGS

PATIENCE_MS = 60_000
OPENER = "Learn fine-tuning"
TEXT = f"<p class='text'>{'The words of the event are to be read. ' * 12}</p>"
LATER = '<div id="later" style="height: 600px"></div>'
# What a site's own style may do to everything that it reaches.
# A router's page in place of the one before.
SWAP = """html => {
  document.body = document.createElement("body");
  document.body.innerHTML = html;
}"""
# The script once more, as a router does with a page's scripts.
AGAIN = """src => new Promise(done => {
  document.body.append(Object.assign(document.createElement("script"), { src, onload: done }));
})"""
LOOK = """one => {
  const { lineHeight, letterSpacing, color, visibility, fontFamily } = getComputedStyle(one);
  return [lineHeight, letterSpacing, color, visibility, fontFamily];
}"""
HOSTILE = """<style>
* { font-family: cursive !important; letter-spacing: 4px !important; visibility: hidden !important }
html, body, h1, p { visibility: visible !important }
div { line-height: 3; color: red !important; --colorBrandBackground: red }
body > div, html > div, [data-tutor] { display: none !important; transform: scale(2) !important }
button, iframe, dialog { display: none !important }
</style>"""


@contextmanager
def event_site(pages: Mapping[str, str], **headers: Mapping[str, str]) -> Iterator[str]:
    """An event's site, a page's body by its path, some with headers; its origin."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            self.send_response(200 if name in pages else 404)
            self.send_header("Content-Type", "text/html")
            for header, value in headers.get(name, {}).items():
                self.send_header(header, value)
            self.end_headers()
            self.wfile.write(document(pages.get(name, "")).encode())

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


def document(body: str) -> str:
    """A page of the event; what `body` begins with may be its own body tag."""
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><link rel='icon' href='data:'>"
        "<meta name='viewport' content='width=device-width'><title>Event</title></head>"
        f"{body if body.startswith('<body') else f'<body>{body}'}</body></html>"
    )


def tag(server: Server, more: str = "") -> str:
    return f'<script src="{server.url}/embed.js" data-event="Spring school" {more} defer></script>'


def main(*parts: str) -> str:
    return f"<main><h1>An event</h1>{''.join(parts)}</main>"


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A tutor, and a site that it lists: with the button, with the chat in the page, and odder."""
    made = Server(tmp_path_factory.mktemp("embedded"))
    here = '<div id="here" style="height: 600px"></div>'
    low = '<div id="low" style="width: 320px; height: 300px"></div>'
    flat = '<div id="flat" style="max-height: 280px"></div>'
    row = '<div style="display: grid; height: 240px"><div id="row"></div></div>'
    at_here, at_low = tag(made, 'data-target="#here"'), tag(made, 'data-target="#low"')
    at_flat, at_row = tag(made, 'data-target="#flat"'), tag(made, 'data-target="#row"')
    pages = {
        "button": main(here) + tag(made),
        "inline": main(here) + at_here,
        "two": main(here, TEXT, low) + at_here + at_low,
        "small": main(low, TEXT, flat, TEXT, row, TEXT, "<div id='later'></div>")
        + at_low
        + at_flat
        + at_row
        + tag(made, 'data-target="#later"'),
        "rtl": f'<body dir="rtl">{main(TEXT)}{tag(made)}',
        "hostile": HOSTILE + main(TEXT) + tag(made),
        "dark": "<style>:root { color-scheme: dark }</style>" + main(here) + at_here,
        "said": main(here) + tag(made, 'data-target="#here" data-theme="dark"'),
        "bad": main(TEXT, "<input id='field'>")
        + tag(made, 'data-target="###"')
        + tag(made, 'data-target="#later"')
        + tag(made, 'data-target="#field"')
        + tag(made) * 2,
        "late": main(TEXT) + tag(made, 'data-target="#later"'),
        "policy": main(TEXT) + tag(made),
        "isolated": main(TEXT) + tag(made),
    }
    policy = {"Content-Security-Policy": "frame-src 'none'"}
    isolated = {"Cross-Origin-Embedder-Policy": "require-corp"}
    with event_site(pages, policy=policy, isolated=isolated) as site:
        made.start(ALLOWED_ORIGINS=site)
        yield made, site
        made.stop()


def learners(server: Server) -> int:
    with closing(sqlite3.connect(server.database)) as db:
        return int(db.execute("SELECT count(*) FROM learner").fetchone()[0])


def chat(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def begin(page: Page) -> None:
    chat(page).get_by_role("button", name="Begin Exercise").click(timeout=PATIENCE_MS)
    expect(chat(page).get_by_text("Learning goals").last).to_be_visible(timeout=PATIENCE_MS)


def test_the_chat_in_an_events_page_keeps_its_place_over_a_reload(
    browser: Browser, embedded: tuple[Server, str]
) -> None:
    _, site = embedded
    page = browser.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(f"{site}/button")
    page.get_by_role("button", name=OPENER).click()
    begin(page)
    draft = chat(page).get_by_role("textbox", name="Message input box")
    draft.fill("half a")
    # The page around keeps it: the chat hands it over in a message.
    page.wait_for_function("Object.values(localStorage).some((one) => one.includes('half a'))")
    page.reload()
    page.get_by_role("button", name=OPENER).click()
    expect(chat(page).get_by_text("Learning goals").last).to_be_visible(timeout=PATIENCE_MS)
    expect(draft).to_have_value("half a")
    assert told == []
    page.close()


def test_two_chats_in_a_page_are_one_learners(
    browser: Browser, embedded: tuple[Server, str]
) -> None:
    server, site = embedded
    before = learners(server)
    page = browser.new_page()
    page.goto(f"{site}/two")
    chats = [page.locator(place).frame_locator("iframe") for place in ("#here", "#low")]
    for one in chats:
        start = one.get_by_role("button", name="Begin Exercise")
        expect(start).to_be_visible(timeout=PATIENCE_MS)
    assert learners(server) == before + 1
    start.click()
    for one in chats:
        expect(one.get_by_text("Learning goals").last).to_be_visible(timeout=PATIENCE_MS)
    page.reload()
    for one in chats:
        expect(one.get_by_text("Learning goals").last).to_be_visible(timeout=PATIENCE_MS)
    assert learners(server) == before + 1

    # Who leaves this browser in one leaves it in both.
    chats[0].get_by_role("textbox", name="Message input box").fill("half a")
    page.wait_for_function("() => localStorage.length === 2")  # the secret, and the draft
    in_menu(chats[0], "Sign out").click()
    chats[0].get_by_role("button", name="Forget this device").click()
    # The former start screen has the same button: it must be gone first.
    expect(chats[1].get_by_text("Learning goals")).to_have_count(0, timeout=PATIENCE_MS)
    start = chats[1].get_by_role("button", name="Begin Exercise")
    expect(start).to_be_visible(timeout=PATIENCE_MS)
    assert learners(server) == before + 2
    assert page.evaluate("localStorage.length") == 1
    page.close()


def test_a_site_that_shows_no_frame_offers_the_tutors_own_page(
    browser: Browser, embedded: tuple[Server, str]
) -> None:
    server, site = embedded
    page = browser.new_page()
    with event_site({"": main(TEXT) + tag(server)}) as stranger:
        for address in (stranger, f"{site}/policy", f"{site}/isolated"):
            page.goto(address)
            page.get_by_role("button", name=OPENER).click()
            # Until it is known, the browser's own page of the failure isn't seen.
            assert (
                page.locator("iframe").evaluate("frame => getComputedStyle(frame).opacity") == "0"
            )
            expect(page.get_by_role("alert")).to_be_visible(timeout=PATIENCE_MS)
            expect(page.locator("iframe")).to_be_hidden()
            link = page.get_by_role("alert").get_by_role("link")
            assert str(link.get_attribute("href")).startswith(server.url)
    page.close()


def test_the_chat_fits_into_a_page_that_isnt_made_for_it(
    browser: Browser, embedded: tuple[Server, str]
) -> None:
    _, site = embedded
    page = browser.new_page(viewport={"width": 900, "height": 800})
    page.route("**/?embed=1*", speaks)

    page.goto(f"{site}/rtl")
    opener, panel = page.get_by_role("button", name=OPENER), page.get_by_role("dialog")
    opener.click()
    closer = page.get_by_role("button", name="Close the chat")
    assert box(opener)[0] == box(panel)[0] == 20  # where lines end
    # The frame reads from left to right, and leaves room at its own end.
    assert box(closer)[0] > box(panel)[0] + 380

    page.goto(f"{site}/hostile")
    opener.click()
    assert box(panel)[0] == 900 - 20 - 440
    *looks, family = opener.evaluate(LOOK)
    assert looks == ["20px", "normal", "rgb(255, 255, 255)", "visible"]
    assert "Segoe UI" in family

    page.goto(f"{site}/small")
    for name, height in (("#low", 300), ("#flat", 280), ("#row", 240), ("#later", 560)):
        place = page.locator(f"{name} .inline")
        expect(place).to_have_css("height", f"{height}px")
        assert box(place)[3] <= box(page.locator(name))[3]
    page.close()


def test_the_chat_is_dark_where_the_page_is(browser: Browser, embedded: tuple[Server, str]) -> None:
    _, site = embedded
    page = browser.new_page(color_scheme="light")
    page.route("**/vendor/*.js", lambda route: route.abort())  # the chat itself isn't looked at
    dark, light = "rgb(31, 31, 31)", "rgb(250, 250, 250)"
    for path, ground in (("dark", dark), ("said", dark), ("inline", light)):
        page.goto(f"{site}/{path}", wait_until="domcontentloaded")
        assert_ground(page, ground)
    page.evaluate("document.documentElement.style.colorScheme = 'dark'")
    assert_ground(page, dark)
    page.close()


def speaks(route: Route) -> None:
    """Stand in for the chat, where only what is around it counts."""
    body = "<script>parent.postMessage({ tutor: 'here' }, '*')</script>"
    route.fulfill(body=body, content_type="text/html")


def assert_ground(page: Page, colour: str) -> None:
    """Expect this colour around the chat and in its frame."""
    expect(page.locator(".inline")).to_have_css("background-color", colour)
    ground = chat(page).locator("body")
    expect(ground).to_have_css("background-color", colour, timeout=PATIENCE_MS)


def test_a_target_that_isnt_there_gives_one_button_and_a_router_takes_no_chat_away(
    browser: Browser, embedded: tuple[Server, str]
) -> None:
    server, site = embedded
    page = browser.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.route("**/?embed=1*", speaks)
    page.goto(f"{site}/bad")
    expect(page.get_by_role("button", name=OPENER)).to_have_count(1)
    assert [line.partition(" ")[0] for line in told] == ["embed.js:"] * 3

    page.goto(f"{site}/late")
    expect(page.get_by_role("button", name=OPENER)).to_have_count(1)
    # The element comes late, another page takes its place, and it comes again.
    for body, there in ((LATER, 1), ("<p>Another page</p>", 0), (LATER, 1)):
        page.evaluate(SWAP, body)
        expect(page.locator("#later iframe")).to_have_count(there)
        expect(page.get_by_role("button", name=OPENER)).to_have_count(0)
    expect(page.locator(".loading")).to_have_count(0)

    page.goto(f"{site}/button")
    page.evaluate("document.documentElement.replaceChildren(document.createElement('body'))")
    page.get_by_role("button", name=OPENER).click()
    expect(page.locator(".loading")).to_have_count(0)
    page.evaluate(AGAIN, f"{server.url}/embed.js")
    expect(page.locator("iframe")).to_have_count(1)
    assert len(told) == 4
    page.close()


def test_button_and_panel_work_by_keyboard_and_axe_finds_nothing(
    browser: Browser, embedded: tuple[Server, str]
) -> None:
    _, site = embedded
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{site}/button")
    opener = page.get_by_role("button", name=OPENER)
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


def box(one: Locator) -> tuple[float, float, float, float]:
    """Left, top, width and height on the screen, in pixels."""
    found = one.bounding_box()
    assert found
    return found["x"], found["y"], found["width"], found["height"]


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
