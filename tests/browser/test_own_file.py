"""A file of the learner's own: dropped, chosen by keyboard, asked about, trained on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Server
from tests.browser.learner import PATIENCE_MS, PageLearner
from tests.browser.test_access import STICKS_OUT, TAGS
from tests.lessons import tutor

OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}}
# A drop as a browser makes it.
DROP = """(node, [name, text, size]) => {
  const held = new DataTransfer();
  held.items.add(new File([text + " ".repeat(size)], name));
  for (const type of ["dragover", "drop"])
    node.dispatchEvent(new DragEvent(type, {dataTransfer: held, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def learner(browser: Browser, server: Server) -> Iterator[PageLearner]:
    page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
    yield PageLearner(page, server, tutor())
    page.close()


def test_a_file_is_chosen_by_keyboard_or_dropped_asked_about_and_trained_on(
    learner: PageLearner, tmp_path: Path
) -> None:
    page = learner.page
    learner.open()
    learner.type("check a file")
    field = page.locator(".file").last
    status = field.get_by_role("status")

    # By keyboard: the field is reached by its label, and Enter opens the choice of files.
    table = tmp_path / "shop.csv"
    rows = "".join(f"Do you sell {n}?,Thank you. We do sell {n}.\n" for n in range(12))
    table.write_text(f"question,answer\n{rows}", "utf-8")
    chooser = field.get_by_label("A file of your own")
    with page.expect_file_chooser() as opened:
        chooser.press("Enter")
    opened.value.set_files(table)
    yes = field.get_by_role("button", name="Yes, convert it")
    expect(yes).to_be_focused()
    expect(status).to_contain_text("Shall I convert it?")
    expect(field.get_by_role("listitem")).to_have_count(3)
    assert page.evaluate(STICKS_OUT) == []
    looked = Axe().run(page, context={"include": [[".file"]]}, options=OPTIONS)
    assert looked.violations_count == 0, looked.generate_report()
    yes.press("Enter")
    report = page.locator(".ac-adaptiveCard").last
    # The first worker takes its time to start.
    expect(report).to_contain_text("check of the form would pass this file", timeout=PATIENCE_MS)
    expect(report.get_by_role("link", name="Download the converted file")).to_be_visible()
    expect(status).to_contain_text("“shop.csv” is checked")
    report.get_by_role("button", name="Train on this file").click()
    trained = page.locator(".ac-adaptiveCard").last
    expect(trained).to_contain_text("sentences of yours", timeout=PATIENCE_MS)
    expect(trained.locator(".curves svg").first).to_be_visible()

    # Dropped: what is too large isn't sent; what is broken gets its report.
    zone = field.locator(".zone")
    zone.evaluate(DROP, ["big.jsonl", "", 1_100_000])
    expect(status).to_contain_text("“big.jsonl” has 1.0 MB, and the limit is 1 MB")
    zone.evaluate(DROP, ["mine.jsonl", json.dumps({"messages": []}), 0])
    report = page.locator(".ac-adaptiveCard").last
    expect(report).to_contain_text("The service would refuse this file")
    expect(report).to_contain_text("Line 1, column")
