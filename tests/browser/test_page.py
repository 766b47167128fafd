"""The page around the chat: its policy, its looks, its link to another device."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from tests.browser.conftest import Server
from tests.browser.learner import BEGINS, PageLearner, in_menu
from tests.browser.test_access import TAGS
from tests.lessons import tutor


@pytest.fixture
def learner(browser: Browser, server: Server) -> Iterator[PageLearner]:
    page = browser.new_page()
    yield PageLearner(page, server, tutor())
    page.close()


def heard(page: Page) -> list[str]:
    """All that the browser complains about, from now on."""
    told: list[str] = []
    page.on("console", lambda m: told.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    return told


def test_the_browser_has_nothing_to_complain_about(learner: PageLearner) -> None:
    told = heard(learner.page)
    learner.open()
    for name, path in (("Privacy", "/privacy"), ("Terms of use", "/terms")):
        link = learner.page.get_by_role("contentinfo").get_by_role("link", name=name)
        expect(link).to_have_attribute("href", path)
    for _ in range(3):
        learner.do_right()
    assert told == []


def test_dark_and_light_change_without_losing_what_was_filled_in(learner: PageLearner) -> None:
    learner.page.emulate_media(color_scheme="light")
    learner.open()
    while learner.step.kind != "checklist":
        learner.do_right()
    learner.card.get_by_role("checkbox").first.check()
    bubble = learner.page.locator(".webchat__bubble__content").last
    light = bubble.evaluate("(node) => getComputedStyle(node).backgroundColor")
    learner.page.emulate_media(color_scheme="dark")
    dark = bubble.evaluate("(node) => getComputedStyle(node).backgroundColor")
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(41, 41, 41)")
    expect(learner.card.get_by_role("checkbox").first).to_be_checked()


def test_the_start_of_an_answer_is_shown_unless_the_learner_reads_elsewhere(
    learner: PageLearner,
) -> None:
    learner.page.set_viewport_size({"width": 700, "height": 560})
    learner.open()
    while learner.step.kind != "checklist":
        learner.do_right()
        learner.sees_where_it_begins()
    learner.card.get_by_role("checkbox").first.check()
    learner.press("Check")
    learner.sees_where_it_begins()
    learner.reload()
    learner.sees_where_it_begins(anew=True)
    room = learner.page.locator(".webchat__basic-transcript__scrollable")
    room.hover()
    learner.page.mouse.wheel(0, -3000)
    expect(learner.page.locator("#chat")).not_to_have_class("behind")
    learner.page.wait_for_function(f"() => !({BEGINS})()")
    learner.type("help")
    learner.sees_where_it_begins()


def test_who_presses_by_keyboard_goes_on_in_the_new_card(learner: PageLearner) -> None:
    learner.open()
    before = learner.version
    learner.button("Begin Exercise").press("Enter")
    learner.settle(before)
    learner.page.wait_for_function(
        "() => document.activeElement === [...document.querySelectorAll('.ac-adaptiveCard')].at(-1)"
    )
    learner.page.keyboard.press("Tab")
    first = learner.card.get_by_role("button").first
    expect(first).to_be_focused()


def test_a_step_that_was_left_is_a_line_that_opens_to_be_read(learner: PageLearner) -> None:
    learner.open()
    learner.do_right()
    learner.do_right()
    lines = learner.page.locator(".left-step")
    expect(lines).to_have_count(2)
    expect(learner.page.locator(".ac-pushButton.style-positive")).to_have_count(1)
    line = lines.last.locator(".line")
    expect(line).to_have_attribute("aria-expanded", "false")
    line.press("Enter")
    expect(line).to_have_attribute("aria-expanded", "true")
    expect(lines.last.locator(".ac-adaptiveCard")).to_be_visible()
    expect(lines.last.locator(".ac-pushButton")).to_have_count(0)

    # The header leads back there, too, by keyboard.
    page, steps = learner.page, learner.page.get_by_role("navigation", name="Steps")
    page.get_by_role("button", name="Steps", exact=True).press("Enter")
    expect(steps.get_by_role("button", name="you are here")).to_be_visible()
    expect(steps.get_by_role("button", name="later").first).to_be_disabled()
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    assert Axe().run(page, options=options).response["violations"] == []
    page.keyboard.press("Escape")
    expect(steps).to_be_hidden()
    before = learner.version
    page.keyboard.press("Enter")
    expect(steps.get_by_role("button", name="done").first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    learner.settle(before)
    expect(lines).to_have_count(2)
    expect(learner.card).to_contain_text("Phase 1")


def test_a_link_goes_on_at_the_same_step_on_another_device_once(
    learner: PageLearner, browser: Browser
) -> None:
    learner.open()
    learner.do_right()
    title = learner.card.get_by_role("heading").first.inner_text()
    in_menu(learner.page, "Continue on another device").click()
    link = learner.page.get_by_role("textbox", name="Continue on another device").input_value()
    other = browser.new_page()
    other.goto(link)
    expect(other.locator(".ac-adaptiveCard").last).to_contain_text(title)
    assert "resume" not in other.url
    third = browser.new_page()
    third.goto(link)
    expect(third.locator(".ac-adaptiveCard").last).not_to_contain_text(title)
    other.close()
    third.close()


def test_another_learners_link_asks_before_it_takes_this_ones_place(
    learner: PageLearner, browser: Browser
) -> None:
    learner.open()
    while not any(progress.records for progress in learner.learner.progress.values()):
        learner.do_right()
    other = browser.new_page()
    other.goto(learner.server.url)
    expect(other.locator(".ac-adaptiveCard").last).to_contain_text("Begin Exercise")
    in_menu(other, "Continue on another device").click()
    box = other.get_by_role("textbox", name="Continue on another device")
    expect(box).to_have_value(re.compile("resume="))
    link = box.input_value()
    other.close()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    card = learner.page.locator(".ac-adaptiveCard").last
    learner.page.once("dialog", stay)
    learner.page.goto(link)
    expect(card).not_to_contain_text("Begin Exercise")
    assert "resume" not in learner.page.url
    learner.page.once("dialog", lambda dialog: dialog.accept())
    learner.page.goto(link)
    expect(card).to_contain_text("Begin Exercise")
    assert len(asked) == 1
    assert "another learner" in asked[0]


def test_what_did_not_arrive_is_told_and_the_page_recovers_by_itself(learner: PageLearner) -> None:
    learner.open()
    learner.server.stop()
    learner.button("Begin Exercise").click()
    notice = learner.page.locator("#notice")
    expect(notice).to_contain_text("That didn't arrive", timeout=30_000)
    learner.server.start()
    learner.do_right()
    expect(notice).to_be_hidden()
    expect(learner.card).to_contain_text("Phase 1")


def test_what_could_not_be_stored_is_told_and_can_be_sent_again(learner: PageLearner) -> None:
    learner.open()
    with closing(sqlite3.connect(learner.server.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        learner.button("Begin Exercise").click()
        notice = learner.page.locator("#notice")
        expect(notice).to_contain_text("That didn't arrive", timeout=30_000)
        expect(notice).to_contain_text("Your progress is kept")
        other.execute("ROLLBACK")
    learner.do_right()
    expect(notice).to_be_hidden()
    expect(learner.card).to_contain_text("Phase 1")


def test_who_has_to_wait_sees_the_true_time_run_down_and_goes_on(
    browser: Browser, server: Server
) -> None:
    page = browser.new_page()
    page.clock.install()
    refused = iter(range(2))

    def turn_away(route: Route) -> None:
        if next(refused, None) is None:
            route.continue_()
        else:
            route.fulfill(status=429, headers={"Retry-After": "95"}, json={})

    page.route("**/api/session", turn_away)
    page.goto(server.url)
    notice = page.locator("#notice")
    for _ in range(2):
        expect(notice).to_contain_text("95 seconds")
        page.clock.run_for(1_000)
        expect(notice).to_contain_text("94 seconds")
        page.clock.run_for(90_000)
        expect(notice).to_contain_text("4 seconds")
        page.clock.run_for(4_500)
    page.clock.resume()
    expect(page.get_by_role("button", name="Begin Exercise")).to_be_visible()
    expect(notice).to_be_hidden()
    assert notice.get_attribute("aria-live") == "polite"
    page.close()


def test_a_new_token_takes_the_stream_along(learner: PageLearner) -> None:
    sockets: list[str] = []
    learner.page.on("websocket", lambda socket: sockets.append(socket.url))
    learner.page.clock.install()
    learner.open()
    learner.do_right()
    learner.page.clock.fast_forward("26:00")
    for _ in range(1_000):
        if len(sockets) > 1:
            break
        learner.page.wait_for_timeout(100)
    learner.do_right()
    expect(learner.page.locator("#notice")).to_be_hidden()
    first, second = sockets
    assert "watermark=" in second
    assert first.partition("t=")[2] != second.partition("t=")[2]


def test_a_browser_is_forgotten_by_the_keyboard_and_the_other_one_goes_on(
    learner: PageLearner, browser: Browser
) -> None:
    learner.open()
    learner.do_right()
    in_menu(learner.page, "Continue on another device").click()
    box = learner.page.get_by_role("textbox", name="Continue on another device")
    expect(box).to_have_value(re.compile("resume="))
    link = box.input_value()
    learner.page.keyboard.press("Escape")
    other = browser.new_context(locale="de").new_page()
    told = heard(other)
    other.goto(link)
    expect(other.locator("#told")).to_contain_text("bei Phase 1, Schritt 1", timeout=30_000)
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    assert Axe().run(other, options=options).response["violations"] == []
    other.get_by_role("button", name="Eigene beginnen").press("Enter")
    expect(other.locator(".ac-adaptiveCard").last).to_contain_text("Begin Exercise", timeout=30_000)
    expect(other.locator("#told")).to_be_hidden()
    # The lesson is in English, and the page speaks as the tutor does.
    in_menu(other, "Sign out").press("Enter")
    dialog = other.get_by_role("dialog", name="Sign out")
    expect(dialog).to_contain_text("forgets your place")
    dialog.get_by_role("button", name="Forget this device").press("Enter")
    expect(other.locator("#left-text")).to_be_focused(timeout=30_000)
    expect(other.locator("#chat")).to_be_hidden()
    other.keyboard.press("Tab")
    other.keyboard.press("Enter")
    expect(other.locator(".ac-adaptiveCard").last).to_contain_text("Begin Exercise", timeout=30_000)
    assert told == []
    other.context.close()
    learner.page.get_by_role("button", name="Next", exact=True).last.click()
    expect(learner.page.get_by_text("How the work goes").last).to_be_visible(timeout=30_000)
