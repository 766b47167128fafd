"""The whole lesson, done in a browser."""

import pytest
from playwright.sync_api import Browser, expect

from content.loader import load
from dialogs.lobby import Tutor
from tests.browser.conftest import Server
from tests.browser.learner import PageLearner

MOST_TURNS = 200


@pytest.fixture(scope="module")
def tutor() -> Tutor:
    return Tutor(load())


def test_a_learner_does_the_whole_lesson(browser: Browser, server: Server, tutor: Tutor) -> None:
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    learner = PageLearner(page, server, tutor)
    learner.open()
    for _ in range(MOST_TURNS):
        if not learner.do_right():
            break
    expect(page.get_by_text("Exercise Complete!").last).to_be_visible()
    assert learner.learner.progress["polite-chatbot"].completed_at is not None
    page.close()
