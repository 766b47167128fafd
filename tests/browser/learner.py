"""A learner at the page: looks up what is right, and does it with mouse, keyboard or touch."""

import json
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Frame, FrameLocator, Locator, Page, WebSocket, expect

from bot.channels.parse import ELEMENTS
from content.lesson import CompleteStep, Lesson, Step
from dialogs.simulations.experiment import Trial
from dialogs.simulations.persona import Evaluation, Training
from dialogs.steps import registry
from dialogs.tutor import Tutor
from dialogs.values import versions
from dialogs.values.progress import Learner
from dialogs.values.replies import (
    Arrange,
    Button,
    Input,
    Number,
    PickInto,
    Select,
    Write,
    WriteJsonl,
)
from dialogs.values.scene import Scene
from tests import oracle
from tests.browser.conftest import Server

PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS / 2)  # a busy machine draws a card late
RESULTS: dict[str, type[Training | Evaluation | Trial]] = {
    "training": Training,
    "evaluation": Evaluation,
    "trial": Trial,
}
# The newest card, or what it says of an answer, begins on the screen, and ends there if it fits.
BEGINS = """(anew = false) => {
  const room = document.querySelector('.webchat__basic-transcript__scrollable');
  const last = [...document.querySelectorAll('.ac-adaptiveCard')].at(-1);
  // Who comes back sees the whole card, and others what it has to say.
  const card = ((!anew && last.querySelector('#news')) || last).getBoundingClientRect();
  const seen = room.getBoundingClientRect();
  const fits = card.height < seen.height - 40;
  // Of a card that just fits the edge may be cut, but nothing in it.
  const ends = fits ? card.bottom <= seen.bottom + 24 : card.top < seen.top + 200;
  return card.top >= seen.top && ends;
}"""


def begins(number: int, text: str) -> re.Pattern[str]:
    """How an option's label begins. A card may have several lists, each numbered from 1.

    Only the letters of its first words count: the page sets apostrophes and quotes in its own way.
    """
    words = [word.replace("'", "’") for word in re.findall(r"\w+(?:['’]\w+)*", text)[:6]]
    first = r"\W+".join(words).replace("’", "['’]")
    return re.compile(rf"^{number} · \W*{first}(?!\w|['’]\w)")


def in_menu(page: Page | FrameLocator | Frame, name: str) -> Locator:
    """What the page's menu offers under a name."""
    page.locator("#menu-open").press("Enter")
    return page.locator("#menu").get_by_role("button", name=name)


class PageLearner:
    """One learner in one browser tab."""

    def __init__(self, page: Page, server: Server, tutor: Tutor) -> None:
        self.page, self.server, self.tutor = page, server, tutor
        self.mark = 0  # up to where the page has received what was said
        self.pressable: dict[str, Any] = {}  # the newest card's buttons, by what they do
        self.token: dict[str, str] = {}  # of the line, once something is said over it
        page.set_default_timeout(PATIENCE_MS)
        page.on("websocket", self.hear)

    def open(self) -> None:
        """Open the page and wait for the tutor's card."""
        self.page.goto(self.server.url)
        expect(self.card).to_be_visible(timeout=PATIENCE_MS)

    def hear(self, socket: WebSocket) -> None:
        """Hear the stream of what is said."""
        if "/directline/" in socket.url:
            socket.on("framereceived", self.receive)

    def receive(self, frame: str | bytes) -> None:
        """Note how far the page is, and what can be pressed."""
        if not frame:
            return
        told = json.loads(frame)
        self.mark = int(told.get("watermark", self.mark))
        for activity in told.get("activities", ()):
            self.pressable = dict(_presses(activity.get("attachments"))) or self.pressable

    def reload(self) -> None:
        """Load the page anew; it shows the newest part of what was said."""
        self.mark = 0
        self.page.reload()
        self.synced()

    # --- what is stored ---------------------------------------------------------------

    @property
    def learner(self) -> Learner:
        """The one learner of the database."""
        with closing(sqlite3.connect(self.server.database)) as db:
            doc = str(db.execute("SELECT doc FROM learner").fetchone()[0])
            rows = db.execute("SELECT lesson, doc FROM progress").fetchall()
        progress = {
            lesson: versions.PROGRESS.read(text, versions.PROGRESS.form) for lesson, text in rows
        }
        return replace(versions.LEARNER.read(doc, versions.LEARNER.form), progress=progress)

    @property
    def scene(self) -> Scene:
        """What the learner sees, as the tutor knows it."""
        learner = self.learner
        lesson = self.lesson(learner)
        with closing(sqlite3.connect(self.server.database)) as db:
            rows = db.execute("SELECT key, kind, doc FROM result").fetchall()
        results = {key: RESULTS[kind].model_validate_json(doc) for key, kind, doc in rows}
        return self.tutor.scene(learner, lesson, datetime.now(UTC), results)

    def lesson(self, learner: Learner) -> Lesson:
        """The learner's lesson."""
        lesson = self.tutor.edition(learner, learner.lesson or "polite-chatbot")
        assert lesson
        return lesson

    @property
    def version(self) -> int:
        """How often the learner was saved."""
        with closing(sqlite3.connect(self.server.database)) as db:
            return int(db.execute("SELECT max(version) FROM learner").fetchone()[0])

    @property
    def last_place(self) -> int:
        """The place of the newest stored activity."""
        with closing(sqlite3.connect(self.server.database)) as db:
            return int(db.execute("SELECT max(seq) FROM activity").fetchone()[0])

    @property
    def step(self) -> Step:
        """The step at the cursor."""
        scene = self.scene
        found = scene.lesson.step(scene.progress.cursor)
        assert found
        return found

    # --- what is shown ----------------------------------------------------------------

    @property
    def card(self) -> Locator:
        """The newest card, not one that unfolds in it."""
        return self.page.locator(".ac-adaptiveCard:not(.ac-adaptiveCard *)").last

    def button(self, text: str) -> Locator:
        """The newest card's button of this text."""
        return self.card.get_by_role("button", name=text, exact=True).last

    def type(self, text: str) -> None:
        """Write a message and send it."""
        before = self.version
        box = self.page.locator('[data-id="webchat-sendbox-input"]')
        box.fill(text)
        box.press("Enter")
        self.settle(before)

    def press(self, text: str) -> None:
        """Press a button of the newest card."""
        before = self.version
        self.button(text).click()
        self.settle(before)

    def settle(self, before: int) -> None:
        """Wait until the turn is stored and its card is on the screen."""
        until = time.monotonic() + PATIENCE_MS / 1000
        while self.version == before:
            assert time.monotonic() < until, f"no turn at {self.step.id}"
            self.page.wait_for_timeout(20)
        self.synced()

    def synced(self) -> None:
        """Wait until the newest stored activity is shown."""
        until = time.monotonic() + PATIENCE_MS / 1000
        while self.mark < self.last_place:
            assert time.monotonic() < until, "what was said never came"
            self.page.wait_for_timeout(20)
        self.page.wait_for_timeout(150)

    def sees_where_it_begins(self, *, anew: bool = False) -> None:
        """Wait until the newest card, or what it answers, is on the screen from its beginning."""
        self.page.wait_for_function(BEGINS, arg=anew)

    # --- what is right ----------------------------------------------------------------

    def fill(self, block: Input, values: dict[str, str]) -> None:
        """Fill one input of the newest card in."""
        value = values.get(block.id)
        if value is None:
            return
        match block:
            case Select(label=label, look="menu"):
                self.card.get_by_role("combobox", name=label).select_option(value=value)
            case Select(label=label) if self.chooser(label).count():
                self.reveal(self.chooser(label))
                self.chooser(label).select_option(value=value)
            case Select(id=name, options=options, many=many):
                wanted = value.split(",")
                for n, option in enumerate(options, 1):
                    box = self.card.get_by_label(begins(n, option.text))
                    # Two questions of a card may offer the same.
                    own = self.card.locator(f"input[name='{name}'][value='{option.id}']")
                    box = own if own.count() else box
                    if option.id in wanted:
                        box.check()
                    elif many and box.is_checked():
                        box.uncheck()
            case PickInto(items=items, target=target) | Arrange(items=items, target=target):
                names = {i.id: i.text for i in items}
                inside = self.card.locator(".tutor-list.target .move")
                while inside.count():
                    inside.first.click()
                language = self.tutor.language(self.learner.locale or "en")
                add = self.tutor.library.languages[language].strings.page["pick_add"]
                for one in value.split(","):
                    label = add.format(item=names[one], list=target)
                    self.card.get_by_label(label, exact=True).click()
            case Number(label=label):
                self.card.get_by_role("spinbutton", name=label).fill(value)
            case Write(label=label) | WriteJsonl(label=label):
                self.card.get_by_role("textbox", name=label).fill(value)

    def chooser(self, label: str) -> Locator:
        """The drop-down with this label, also in a tab that isn't open."""
        return self.card.get_by_role("combobox", name=label, include_hidden=True)

    def reveal(self, part: Locator) -> None:
        """Open the tab in which something stands."""
        panel = part.locator("xpath=ancestor::*[@role='tabpanel']")
        if panel.count() and not panel.is_visible():
            tab = panel.get_attribute("aria-labelledby")
            self.card.locator(f"[id='{tab}']").click()

    def upload(self) -> None:
        """Upload the file that a screen of the portal asks for, if it does."""
        place = self.card.locator(".file-place button")
        if place.count():
            place.click()
            expect(
                self.card.locator(".file-place pre, .file-place .ac-richTextBlock")
            ).to_be_visible()

    def do_right(self) -> bool:
        """Do the next right thing; False at the end of the lesson."""
        scene = self.scene
        step = scene.lesson.step(scene.progress.cursor)
        assert step
        if isinstance(step, CompleteStep):
            return False
        match oracle.right(step, scene):
            case None:
                self.press(scene.strings.tutor.next)
            case str(text):
                self.say(text)
            case (do, values):
                ask = registry.present(step, scene)
                button = next(b for b in ask.buttons if str(b.do) == do)
                for block in ask.blocks:
                    if isinstance(block, Input):
                        self.fill(block, values)
                self.upload()
                self.submit(button)
        return True

    # --- what is done beside the page -------------------------------------------------

    def hurry(self, step_id: str) -> None:
        """Answer right up to a step, over the page's line: it shows all, and nothing is touched."""
        self.synced()
        while self.step.id != step_id:
            self.hurry_on()
        expect(self.card).to_contain_text(self.step.title)

    def hurry_on(self) -> None:
        """Give the next right answer over the page's line."""
        match oracle.right(self.step, self.scene):
            case None:
                self.send(text=self.scene.strings.tutor.next)
            case str(text):
                self.send(text=text)
            case (do, values):
                self.send(value={**self.pressable[do], **values})
        self.wait_for_work()

    def send(self, **parts: Any) -> None:
        """Send a message over the page's line, and wait until the page has its answer."""
        if not self.token:
            answer = self.page.request.post(
                f"{self.server.url}/api/session", data={"elements": list(ELEMENTS), "again": True}
            )
            self.token = answer.json()
        place = f"{self.server.url}/directline/conversations/{self.token['conversationId']}"
        data = {"type": "message", "channelData": {"elements": list(ELEMENTS)}, **parts}
        headers = {"Authorization": f"Bearer {self.token['token']}"}
        before = self.version
        answer = self.page.request.post(
            f"{place}/activities", data=data, headers=headers, timeout=PATIENCE_MS
        )
        assert answer.ok, answer.text()
        self.settle(before)

    def say(self, text: str) -> None:
        """Say something to a model."""
        self.type(text)

    def submit(self, button: Button) -> None:
        """Press a step's button, and wait for what it starts."""
        self.press(button.text)
        self.wait_for_work()

    def wait_for_work(self) -> None:
        """Wait until no training and no job is under way."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with closing(sqlite3.connect(self.server.database)) as db:
                open_ones = db.execute(
                    "SELECT (SELECT count(*) FROM compute) + (SELECT count(*) FROM later)"
                ).fetchone()[0]
            if not open_ones:
                self.synced()
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("the work never ended")


class KeyboardLearner(PageLearner):
    """The same without a mouse: types answers, and walks into cards by Tab and Enter."""

    def type(self, text: str) -> None:
        """Write a message by keys alone."""
        before = self.version
        if self.page.evaluate("!!document.activeElement.closest('.ac-adaptiveCard')"):
            self.page.keyboard.press("Escape")
        self.into(
            "the message box",
            "document.activeElement.matches('[data-id=\"webchat-sendbox-input\"]')",
        )
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")
        self.settle(before)

    def press(self, text: str) -> None:
        """Every navigation button can be typed."""
        self.type(text)

    def submit(self, _: Button) -> None:
        """Answer by typing what the card's inputs would say."""
        self.wait_for_work()

    def fill(self, block: Input, values: dict[str, str]) -> None:
        """Nothing is filled in: the answer is typed as a whole."""

    def do_right(self) -> bool:
        """Do the next right thing by typing it."""
        scene = self.scene
        step = scene.lesson.step(scene.progress.cursor)
        assert step
        wanted = oracle.right(step, scene)
        match wanted:
            case (_, values):
                ask = registry.present(step, scene)
                button = next(b for b in ask.buttons if str(b.do) == wanted[0])
                inputs = [b for b in ask.blocks if isinstance(b, Input)]
                moved = [b for b in inputs if isinstance(b, PickInto | Arrange)]
                if moved:
                    self.move(moved[0], values[moved[0].id].split(","), button)
                else:
                    self.type(typed(inputs, values) or button.typed)
                self.wait_for_work()
                return True
            case _:
                return super().do_right()

    def move(self, block: PickInto | Arrange, wanted: list[str], button: Button) -> None:
        """Go into the newest card and press its buttons by Enter."""
        before = self.version
        names = {i.id: i.text for i in block.items}
        self.into(
            "the transcript",
            "!!document.activeElement.closest('.webchat__basic-transcript')",
            "Shift+Tab",
        )
        self.page.keyboard.press("End")
        self.page.keyboard.press("Enter")
        for one in wanted:
            label = json.dumps(f"Add “{names[one]}” to {block.target}")
            self.into(names[one], f"document.activeElement.ariaLabel === {label}")
            self.page.keyboard.press("Enter")
        self.into(
            button.text, f"document.activeElement.textContent.trim() === {json.dumps(button.text)}"
        )
        self.page.keyboard.press("Enter")
        self.settle(before)

    def into(self, name: str, there: str, key: str = "Tab") -> None:
        """Press a key until the focus is where it should be."""
        for _ in range(120):
            if self.page.evaluate(there):
                return
            self.page.keyboard.press(key)
        where = self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        raise AssertionError(f"no way to {name} by {key}; the focus is on {where}")


def _presses(part: Any) -> Iterator[tuple[str, Any]]:
    """The data of each button in a part of an activity, by what it does."""
    if isinstance(part, dict):
        held = part.get("data")
        if isinstance(held, dict) and "tutor" in held:
            yield held["tutor"]["do"], held
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _presses(one)


def typed(inputs: list[Input], values: dict[str, str], *, each: bool = False) -> str:
    """The typed equivalent of a card's inputs, in their order; empty where none stands for all.

    With `each` all of them are told, with semicolons between them, as an experiment takes them.
    """
    if sum(isinstance(b, Select) and b.many for b in inputs) > 1 and not each:
        return ""
    parts = []
    # Where several things are chosen of one of several inputs, it shows where the next begins.
    is_among = len(inputs) > 1 and any(isinstance(b, Select) and b.many for b in inputs)
    for block in inputs:
        value = values.get(block.id, "")
        match block:
            case Select(look="menu", options=options):
                if value:
                    parts.append(f"open {[o.id for o in options].index(value) + 1}")
            case PickInto(items=items) | Arrange(items=items):
                places = [str([i.id for i in items].index(v) + 1) for v in value.split(",")]
                parts.append(", ".join(places))
            case Select(options=options, many=many):
                chosen = value.split(",") if value else []
                places = [str([o.id for o in options].index(v) + 1) for v in chosen] or ["0"]
                parts.append((", " if many else " ").join(places))
            case _:
                parts.append(value)
    return ("; " if is_among or each else " ").join(p for p in parts if p)
