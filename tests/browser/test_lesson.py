"""The whole lesson, done in a browser."""

import sys

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from content.lesson import ComparisonStep
from tests.browser.conftest import Server
from tests.browser.learner import KeyboardLearner, PageLearner
from tests.lessons import tutor

MOST_TURNS = 220
# All but the main lesson, which is walked in several ways.
EXERCISES = [one.id for one in tutor().lessons if one.id != "polite-chatbot"]
SIZE: ViewportSize = {"width": 1000, "height": 900}


TRIPS = 5
STILL_MS = 700.0  # until what was drawn late of the trip before has come
UNNOTICED_MS = 100.0  # a shorter round trip is at once
SLOWER = 1.3  # the most that a round trip takes at the end, by the one at the beginning
SAYS = """() => new Promise((done) => {
  const room = document.querySelector("#chat");
  const count = () => room.querySelectorAll(".webchat__basic-transcript__activity").length;
  const [before, began] = [count(), performance.now()];
  const look = new MutationObserver(() => {
    if (count() < before + 2) return;
    look.disconnect();
    done(performance.now() - began);
  });
  look.observe(room, { childList: true, subtree: true });
  room.querySelector("[data-id='webchat-sendbox-input']").form.requestSubmit();
})"""


def round_trip(learner: PageLearner) -> float:
    """The shortest time from a question to its answer on the screen, in milliseconds."""
    trips = []
    for _ in range(TRIPS):
        learner.page.locator('[data-id="webchat-sendbox-input"]').fill("what is a token?")
        learner.page.wait_for_timeout(STILL_MS)
        trips.append(float(learner.page.evaluate(SAYS)))
        learner.synced()
    return min(trips)


def finish(learner: PageLearner) -> None:
    """Answer right to the end of the lesson, and see that it is one."""
    for _ in range(MOST_TURNS):
        if not learner.do_right():
            break
    expect(learner.page.get_by_text("Exercise Complete!").last).to_be_visible()
    assert learner.learner.progress["polite-chatbot"].completed_at is not None


def test_a_learner_does_the_whole_lesson(browser: Browser, server: Server) -> None:
    page = browser.new_page(viewport=SIZE, reduced_motion="reduce")
    learner = PageLearner(page, server, tutor())
    learner.open()
    learner.sees_where_it_begins()
    learner.do_right()
    first = round_trip(learner)
    while learner.do_right():
        # What goes on by itself moves nothing, and beside a model's reply stands what comes next.
        if not (learner.step.live or isinstance(learner.step, ComparisonStep)):
            learner.sees_where_it_begins()
    finish(learner)
    last, nodes = round_trip(learner), page.evaluate("document.querySelectorAll('*').length")
    said = learner.last_place
    sys.stdout.write(
        f"{said} activities, {nodes} nodes: {first:.0f} ms at first, {last:.0f} ms at last\n"
    )
    assert last <= SLOWER * max(first, UNNOTICED_MS)
    lines = page.locator(".left-step")
    assert lines.count() >= len(learner.scene.lesson.steps) - 1
    learner.reload()
    page.locator(".webchat__basic-transcript__scrollable").hover()
    while not lines.filter(has_text=learner.scene.lesson.start.title).count():
        page.mouse.wheel(0, -2000)  # what was said earlier comes
        page.wait_for_timeout(100)
    page.close()


def test_a_stumbling_learner_comes_back_and_finishes(browser: Browser, server: Server) -> None:
    page = browser.new_page(viewport=SIZE)
    learner = PageLearner(page, server, tutor())
    learner.open()
    stumbled: set[str] = set()
    for turn in range(MOST_TURNS):
        step = learner.step
        if step.kind not in stumbled:
            stumbled.add(step.kind)
            learner.type("zzz zzz")
            assert learner.step.id == step.id, "a slip moved the learner on"
        if turn in (5, 60):
            learner.reload()
        if turn in (20, 70):
            server.stop()
            server.start()
        if not learner.do_right():
            break
    finish(learner)
    page.close()


def test_a_learner_without_a_mouse_finishes(browser: Browser, server: Server) -> None:
    page = browser.new_page(viewport=SIZE)
    learner = KeyboardLearner(page, server, tutor())
    learner.open()
    finish(learner)
    page.close()


@pytest.mark.parametrize("lesson", EXERCISES)
def test_a_learner_finds_an_exercise_in_the_catalogue_and_finishes_it(
    browser: Browser, server: Server, lesson: str
) -> None:
    page = browser.new_page(viewport=SIZE, reduced_motion="reduce")
    learner = PageLearner(page, server, tutor())
    learner.open()
    learner.type("menu")
    title = tutor().library.lessons[lesson].title
    learner.press(title)
    assert learner.learner.lesson == lesson
    for _ in range(MOST_TURNS):
        if not learner.do_right():
            break
    expect(learner.card).to_contain_text(learner.scene.lesson.complete.title)
    assert learner.learner.progress[lesson].completed_at is not None
    page.close()
