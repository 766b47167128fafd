"""The portal's six screens as mock-ups: opened, filled in, decided in, and what comes of that."""

import json
import re

from playwright.sync_api import Browser, ViewportSize, expect

from content.lesson import ScreenStep
from dialogs.work.models import own_set
from tests.browser.conftest import Server
from tests.browser.learner import PATIENCE_MS, PageLearner
from tests.lessons import tutor

SIZE: ViewportSize = {"width": 1000, "height": 900}
EPOCHS = 4


class PortalVisitor(PageLearner):
    """A learner at a screen of the portal."""

    def choose(self, question: str, option: str) -> str:
        """Take an option of a drop-down by the beginning of its text, and see the whole of it."""
        menu = self.chooser(question)
        self.reveal(menu)
        said = menu.locator("option").all_inner_texts()
        text = next(one for one in said if f"· {option}" in one)
        menu.select_option(label=text)
        return text

    def has(self, label: str, value: str) -> None:
        """See what stands in a field."""
        part = self.card.get_by_role("group", name=label, exact=True).first
        expect(part).to_contain_text(value)

    def looks_around(self) -> None:
        """Open each numbered note by mouse, by finger and by key; Escape gives the focus back."""
        step, page = self.step, self.page
        assert isinstance(step, ScreenStep)
        marks = self.card.locator(".mark")
        expect(marks).to_have_count(len(step.annotations))
        for n, open_by in enumerate(("click", "tap", "press")):
            mark, note = marks.nth(n), page.locator(".screen-note:popover-open")
            self.reveal(mark)
            mark.scroll_into_view_if_needed()
            mark.press("Enter") if open_by == "press" else getattr(mark, open_by)()
            expect(note).to_have_count(1)
            expect(mark).to_have_attribute("aria-expanded", "true")
            page.keyboard.press("Escape")
            expect(note).to_have_count(0)
            expect(mark).to_be_focused()

    def walks_the_portal(self) -> None:
        """Open another page of the portal's navigation, and come back; see where one is."""
        step = self.step
        assert isinstance(step, ScreenStep)
        crumbs = self.card.get_by_role("list", name="Where it is found").get_by_role("listitem")
        expect(crumbs).to_have_text([part.strip() for part in step.path.split(">")])
        self.card.get_by_role("button", name="Models", exact=True).click()
        expect(self.card.get_by_text("“Models” is another page")).to_be_visible()
        self.card.get_by_role("button", name="Back to ").click()
        expect(crumbs.first).to_be_visible()

    def reads_best_practice(self) -> None:
        """Unfold what is best practice on this screen."""
        step = self.step
        assert isinstance(step, ScreenStep)
        self.card.get_by_role("button", name="Best practice").click()
        expect(self.card.get_by_text(step.tips[0][:40])).to_be_visible()

    def is_through(self, step_id: str) -> None:
        """See that the screen's step is done, and go on."""
        record = self.scene.progress.record(step_id)
        assert record.status == "passed"
        self.do_right()


def picks_a_model(learner: PortalVisitor) -> None:
    """Screen 1: one choice is refused beside its field, the other one is kept."""
    learner.walks_the_portal()
    learner.looks_around()
    learner.reads_best_practice()
    learner.choose("Which base model", "gpt-4.1-mini")
    learner.choose("Your company must keep", "Global")
    learner.press("Decide")
    refused = learner.card.get_by_role("group", name="Training type", exact=True)
    expect(refused.locator(".said.warning")).to_contain_text("copied to where the training runs")
    expect(refused.locator(".said.warning")).to_be_in_viewport()
    learner.has("Base model", "gpt-4.1-mini-2025-04-14")
    learner.choose("Your company must keep", "Standard")
    learner.press("Decide")
    assert learner.scene.progress.record("screen-model").attempts == 2
    learner.is_through("screen-model")


def uploads_their_file(learner: PortalVisitor) -> None:
    """Screen 2: the preview shows the first lines of what was chosen in phase 2."""
    learner.looks_around()
    lines = own_set(learner.scene).lines
    learner.choose("Where does your validation", "A part of my own")
    learner.upload()
    shown = learner.card.locator(".file-place").inner_text()
    assert f"training-set.jsonl, {len(lines)} lines" in shown
    first = json.loads(shown[shown.index("{") : shown.index("}]}") + 3])
    assert lines[0].message.startswith(first["messages"][1]["content"].rstrip("…"))
    learner.press("Decide")
    learner.is_through("screen-data")


def fills_the_form_in(learner: PortalVisitor) -> None:
    """Screen 3 knows what was decided; the job that is watched has what was entered here."""
    learner.looks_around()
    learner.has("Review", "Standard")
    learner.has("Review", "A part of your own lines")
    learner.card.get_by_role("spinbutton", name="Number of epochs").fill(str(EPOCHS))
    learner.choose("Where the form offers", "No: evaluate first")
    learner.press("Submit")
    learner.is_through("screen-configuration")
    expect(learner.card.get_by_role("spinbutton", name="Epochs")).to_have_value(str(EPOCHS))
    learner.card.get_by_role("button", name="Start", exact=False).last.click()
    expect(learner.page.get_by_role("progressbar", name="Training job").last).to_be_visible()
    expect(learner.card.get_by_text("The model is yours")).to_be_visible(timeout=PATIENCE_MS)
    learner.wait_for_work()


def takes_a_checkpoint(learner: PortalVisitor) -> str:
    """Screen 4 shows the learner's own job in its tabs. Its answer: the epoch that was taken."""
    learner.looks_around()
    learner.card.get_by_role("tab", name="Details").click()
    learner.has("Settings", f"epochs {EPOCHS}")
    learner.has("Model", "Standard")
    learner.card.get_by_role("tab", name="Monitor").press("Enter")
    expect(learner.card.get_by_role("img", name="Loss curves")).to_be_visible()
    option = learner.choose("Which checkpoint", "The newest of the others")
    learner.press("Decide")
    learner.wait_for_work()
    learner.is_through("screen-monitor")
    found = re.search(r"epoch (\d+)", option)
    assert found
    return found[1]


def compares(learner: PortalVisitor) -> None:
    """Screen 5: a table of both models."""
    learner.looks_around()
    table = learner.card.get_by_role("group", name="Evaluators", exact=True)
    expect(table.get_by_role("columnheader")).to_have_text(["Evaluator", "Base", "Tuned"])
    learner.choose("What do you compare", "The base model on the same customers")
    learner.press("Decide")
    learner.is_through("screen-evaluation")


def test_six_screens_are_decided_on_and_change_what_comes(browser: Browser, server: Server) -> None:
    page = browser.new_page(viewport=SIZE, reduced_motion="reduce", has_touch=True)
    learner = PortalVisitor(page, server, tutor())
    learner.open()
    learner.hurry("screen-model")
    picks_a_model(learner)
    uploads_their_file(learner)
    learner.hurry("screen-configuration")
    fills_the_form_in(learner)
    learner.hurry("screen-monitor")
    epoch = takes_a_checkpoint(learner)
    compares(learner)
    learner.hurry("screen-deployment")
    learner.looks_around()
    learner.has("Model", f"checkpoint of epoch {epoch}")
    learner.choose("Suppose the model passes", "Standard")
    learner.press("Deploy")
    learner.has("Deployment type", "Standard")
    learner.is_through("screen-deployment")
    page.close()
