"""The whole lesson, done in a browser."""

from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.conftest import Server
from tests.browser.learner import KeyboardLearner, PageLearner
from tests.lessons import tutor

MOST_TURNS = 220
SIZE: ViewportSize = {"width": 1000, "height": 900}


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
    while learner.do_right():
        learner.sees_where_it_begins()
    finish(learner)
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
