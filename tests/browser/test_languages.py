"""The German edition on the page, to its end, with a look at the English one in the middle."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Server
from tests.browser.learner import PageLearner
from tests.lessons import tutor


@pytest.fixture
def learner(browser: Browser, server: Server) -> Iterator[PageLearner]:
    page = browser.new_page(locale="de-DE")
    yield PageLearner(page, server, tutor())
    page.close()


def test_the_german_lesson_is_done_to_its_end(learner: PageLearner) -> None:
    learner.open()
    html = learner.page.locator("html")
    expect(html).to_have_attribute("lang", "en")  # the first lesson's words, which say why
    learner.type("Lektionen")
    expect(html).to_have_attribute("lang", "de")
    expect(learner.page.get_by_role("heading", level=1)).to_have_text("Der Fine-Tuning-Tutor")
    learner.type("2")
    while learner.step.id != "write":
        assert learner.do_right()
    learner.type("language english")
    expect(html).to_have_attribute("lang", "en")
    expect(learner.card).to_contain_text("Write one as JSONL")
    learner.type("Sprache Deutsch")
    expect(html).to_have_attribute("lang", "de")
    expect(learner.card).to_contain_text("Eines als JSONL schreiben")
    while learner.do_right():
        pass
    expect(learner.card).to_contain_text("Übung abgeschlossen!")
    progress = learner.learner.progress["plain-words"]
    assert progress.completed_at is not None
