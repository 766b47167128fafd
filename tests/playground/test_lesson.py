"""The whole lesson in the Agents Playground, in the modes of the channels that it plays."""

import json
import re
import sqlite3
import time
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from cards.inputs import in_one_line, numbered
from content.lesson import ExperimentStep
from dialogs.steps import registry
from dialogs.values.replies import Arrange, Input, PickInto, Select
from tests import oracle
from tests.browser.conftest import Server
from tests.browser.learner import PageLearner, begins, typed
from tests.lessons import tutor
from tests.playground.conftest import Play
from tests.waiting import LONGEST_S

SIZE: ViewportSize = {"width": 1200, "height": 900}
MOST_TURNS = 220
EXERCISES = [one.id for one in tutor().lessons if one.id != "polite-chatbot"]


# Whether the newest card has these words; clients break lines and draw spaces as they like.
SHOWS = """(words) => {
  const bare = (text) => text.replaceAll(/\\s/g, "");
  const card = [...document.querySelectorAll(".ac-adaptiveCard")].at(-1);
  return card && bare(card.innerText).includes(bare(words));
}"""


def longest(part: Any) -> str:
    """The longest run of plain text in a message that is shown before anything is unfolded."""
    if isinstance(part, dict):
        if part.get("isVisible") is False:
            return ""
        own = str(part["text"]) if part.get("type") == "TextRun" else ""
        shown = [value for name, value in part.items() if name not in ("fallback", "card")]
        return max([own, *map(longest, shown)], key=len)
    if isinstance(part, list):
        return max(map(longest, part), key=len, default="")
    return ""


class PlaygroundLearner(PageLearner):
    """One learner at the Playground's page; its cards have no elements of our own."""

    def come(self, url: str) -> None:
        """Open the Playground's page and wait for the greeting."""
        self.page.goto(url)
        self.card.wait_for()

    def type(self, text: str) -> None:
        """Write a message and send it."""
        before = self.version
        box = self.page.locator("[data-lexical-editor], [data-id='webchat-sendbox-input']")
        box.focus()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")
        self.settle(before)

    def say(self, text: str) -> None:
        """Say something to a model, by the suggestion that is on the card."""
        self.press(text) if self.button(text).count() else self.type(text)

    def synced(self) -> None:
        """Wait until the Playground has taken all that was said, and drawn it."""
        until = time.monotonic() + LONGEST_S
        while time.monotonic() < until:
            with closing(sqlite3.connect(self.server.database)) as db:
                query = "SELECT count(*) FROM activity WHERE waiting"
                if not db.execute(query).fetchone()[0]:
                    break
            self.page.wait_for_timeout(20)
        self.page.wait_for_function(SHOWS, arg=longest(self.newest))
        self.page.wait_for_timeout(50)

    @property
    def newest(self) -> dict[str, Any]:
        """The newest message that was said."""
        with closing(sqlite3.connect(self.server.database)) as db:
            query = (
                "SELECT doc FROM activity WHERE doc LIKE '%attachments%' ORDER BY seq DESC LIMIT 1"
            )
            found: dict[str, Any] = json.loads(db.execute(query).fetchone()[0])
            return found

    def fill(self, block: Input, values: dict[str, str]) -> None:
        """Fill one input of the newest card in, by plain inputs."""
        value = values.get(block.id)
        if value is None:
            return
        match block:
            case PickInto(items=options) | Select(options=options, look="list"):
                wanted = value.split(",")
                for n, option in enumerate(options, 1):
                    # Two questions of a card may offer the same.
                    own = self.card.locator(f"input[name='{block.id}'][value='{option.id}']")
                    if own.count() and own.get_attribute("type") == "checkbox":
                        own.set_checked(option.id in wanted, force=True)
                    elif own.count() and option.id in wanted:
                        own.check(force=True)
                    if own.count():
                        continue
                    begun = begins(n, in_one_line(option))
                    self.tick(block.label, begun, wanted=option.id in wanted)
            case Arrange(place=label, items=items):
                names = dict(zip([item.id for item in items], numbered(items), strict=True))
                for n, one in enumerate(value.split(","), 1):
                    self.choose(label.format(number=n), names[one])
            case Select(label=label, options=options):
                place = [option.id for option in options].index(value)
                self.choose(label, f"{place + 1} · {in_one_line(options[place])}")
            case _:
                super().fill(block, values)

    def tick(self, question: str, begun: re.Pattern[str], *, wanted: bool) -> None:
        """Have a checkbox or a radio button of a question as it should be."""
        asked = self.card.get_by_role("radiogroup", name=question, exact=True)
        room = asked if asked.count() == 1 else self.card
        label = room.locator("label").filter(has_text=begun)
        box = self.page.locator(f"[id='{label.get_attribute('for')}']")
        if box.is_checked() != wanted:
            label.click()

    def choose(self, label: str, option: str) -> None:
        """Choose from a menu."""
        self.card.get_by_role("combobox", name=re.compile(rf"^{re.escape(label)}\b")).click()
        self.page.get_by_role("option", name=option, exact=True).click()


class TypingLearner(PlaygroundLearner):
    """The same by typing alone."""

    def press(self, text: str) -> None:
        """Every navigation button can be typed."""
        self.type(text)

    def do_right(self) -> bool:
        """Do the next right thing by typing it."""
        scene = self.scene
        step = self.step
        match oracle.right(step, scene):
            case (do, values):
                ask = registry.present(step, scene)
                button = next(b for b in ask.buttons if str(b.do) == do)
                inputs = [b for b in ask.blocks if isinstance(b, Input)]
                each = isinstance(step, ExperimentStep)
                self.type(typed(inputs, values, each=each) or button.typed)
                self.wait_for_work()
                return True
            case _:
                return super().do_right()


def finish(learner: PageLearner) -> None:
    for _ in range(MOST_TURNS):
        if not learner.do_right():
            break
    assert learner.learner.progress["polite-chatbot"].completed_at is not None
    expect(learner.page.get_by_text("Exercise Complete!").last).to_be_visible()


@pytest.mark.parametrize("channel", ["emulator", "msteams"])
def test_the_whole_lesson_by_cards(
    browser: Browser, server: Server, play: Play, channel: str
) -> None:
    page = browser.new_page(viewport=SIZE)
    learner = PlaygroundLearner(page, server, tutor())
    learner.come(play(server, channel))
    finish(learner)
    page.close()


@pytest.mark.parametrize("delivery", ["default", "expectReplies"])
def test_the_whole_lesson_by_typing(
    browser: Browser, server: Server, play: Play, delivery: str
) -> None:
    page = browser.new_page(viewport=SIZE)
    learner = TypingLearner(page, server, tutor())
    learner.come(play(server, "webchat", "--delivery-mode", delivery))
    finish(learner)
    page.close()


@pytest.mark.parametrize("lesson", EXERCISES)
@pytest.mark.parametrize("kind", [PlaygroundLearner, TypingLearner])
def test_each_exercise_from_the_catalogue(
    browser: Browser, server: Server, play: Play, lesson: str, kind: type[PlaygroundLearner]
) -> None:
    page = browser.new_page(viewport=SIZE)
    learner = kind(page, server, tutor())
    learner.come(play(server, "emulator"))
    learner.type("menu")
    learner.type(str([one.id for one in tutor().lessons].index(lesson) + 1))
    for _ in range(MOST_TURNS):
        if not learner.do_right():
            break
    assert learner.learner.progress[lesson].completed_at is not None
    page.close()
