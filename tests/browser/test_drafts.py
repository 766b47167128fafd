"""What was typed and not sent is there again after a reload, at its step and nowhere else."""

import json
from collections.abc import Iterator

import pytest
from microsoft_teams.cards import (
    AdaptiveCard,
    Choice,
    ChoiceSetInput,
    NumberInput,
    SubmitAction,
    TextInput,
)
from playwright.sync_api import Browser, expect

from cards import elements
from content.loader import Library
from tests.browser.conftest import Server
from tests.browser.learner import PATIENCE_MS, PageLearner
from tests.lessons import tutor

NOTHING_KEPT = "() => localStorage.getItem('tutor drafts') === null"


AGES_AGO = """const kept = JSON.parse(localStorage.getItem("tutor drafts"));
kept.message.at -= 25 * 60 * 60 * 1000;
localStorage.setItem("tutor drafts", JSON.stringify(kept));"""
# A card as it is shown at the tickets that it has one after the other.
BENCH = """<!doctype html><html lang="en"><meta charset="utf-8"><main id="here"></main>
<script type="application/json" id="strings">WORDS</script>
<script type="application/json" id="origins">[]</script>
<script src="/static/vendor/adaptivecards.js"></script>
<script src="/static/vendor/sortable.js"></script>
<script type="module">
import { register } from "/static/elements/all.js";
import * as drafts from "/static/drafts.js";
register();
AdaptiveCards.AdaptiveCard.onInputValueChanged = drafts.change;
drafts.belongTo("dl_1");
window.show = (ticket) => {
  const content = CARD;
  content.actions[0].data.tutor.ticket = ticket;
  const card = new AdaptiveCards.AdaptiveCard();
  card.parse(drafts.filled({ attachments: [{ content }] }).attachments[0].content);
  document.getElementById("here").replaceChildren(card.render());
  const named = ({ id, value }) => [id, Number.isNaN(value) ? "" : value];
  window.values = () => Object.fromEntries(card.getAllInputs().map(named));
};
window.show(1);
</script></html>"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running tutor."""
    made = Server(tmp_path_factory.mktemp("drafts"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def learner(browser: Browser, server: Server) -> Iterator[PageLearner]:
    page = browser.new_page()
    yield PageLearner(page, server, tutor())
    page.close()


def bench(library: Library) -> str:
    """A page with an input of each kind on one card."""
    items = [
        elements.PickItem(id=name, number=n, text=name) for n, name in enumerate(("tea", "ink"), 1)
    ]
    lists = {"label": "l", "source": "s", "target": "t", "items": items}
    card = AdaptiveCard(
        body=[
            elements.TutorPick(id="pick", **lists),
            elements.TutorOrder(id="order", value="tea", **lists),
            elements.TutorJsonl(id="line", label="Line", check="/nowhere"),
            TextInput(id="text", label="Text", value="as it was"),
            NumberInput(id="number", label="Number", value=3),
            NumberInput(id="none", label="None", value=3),
            ChoiceSetInput(
                id="choice",
                label="Choice",
                style="expanded",
                choices=[Choice(title="Tea", value="tea"), Choice(title="Ink", value="ink")],
            ),
        ],
        actions=[SubmitAction(title="Send", data={"tutor": {"lesson": "l", "step": "s"}})],
    )
    words = json.dumps({"en": dict(library.strings.page)}).replace("<", "\\u003c")
    dumped = json.dumps(card.model_dump(by_alias=True, exclude_none=True))
    return BENCH.replace("WORDS", words).replace("CARD", dumped)


def test_each_kind_of_input_comes_back_as_it_was_left(
    browser: Browser, server: Server, library: Library
) -> None:
    page = browser.new_page()
    page.route("**/bench", lambda r: r.fulfill(body=bench(library), content_type="text/html"))
    page.goto(f"{server.url}/bench")
    untouched = page.evaluate("values()")
    page.get_by_role("button", name="Add “ink” to t").first.click()
    page.get_by_role("button", name="Add “ink” to t").last.click()
    page.get_by_role("button", name="Move “ink” up").click()
    page.get_by_role("textbox", name="Line").fill('{"messages":')
    page.get_by_role("textbox", name="Text").fill("half a")
    page.get_by_role("spinbutton", name="Number").fill("4.5")
    page.get_by_role("spinbutton", name="None").fill("")
    page.get_by_role("radio", name="Ink").check()
    left = page.evaluate("values()")
    assert left == {
        "pick": "ink",
        "order": "ink,tea",
        "line": '{"messages":',
        "text": "half a",
        "number": 4.5,
        "none": "",
        "choice": "ink",
    }
    page.reload()
    assert page.evaluate("values()") == left
    page.evaluate("show(2)")  # the step was judged, or put again
    assert page.evaluate("values()") == untouched
    page.evaluate("show(1)")
    assert page.evaluate("values()") == untouched
    page.close()


def test_a_draft_survives_a_reload_until_it_is_sent(learner: PageLearner) -> None:
    page = learner.page
    box = page.get_by_role("textbox", name="Message input box")
    learner.open()
    while learner.step.kind != "checklist":
        learner.do_right()
    checks = learner.card.get_by_role("checkbox")
    checks.nth(1).check()
    box.fill("half a sen")
    learner.reload()
    expect(checks.nth(1)).to_be_checked()
    expect(checks.first).not_to_be_checked()
    expect(box).to_have_value("half a sen")

    learner.press("Check")  # with the one that came back
    assert "tutor drafts" in str(page.evaluate("Object.keys(localStorage)"))
    box.press("Enter")
    expect(box).to_have_value("")
    page.wait_for_function(NOTHING_KEPT)

    # What can't be sent isn't lost with the page.
    page.route("**/activities", lambda route: route.abort())
    box.fill("on the train")
    box.press("Enter")
    expect(box).to_have_value("")
    learner.reload()
    page.unroute("**/activities")
    expect(box).to_have_value("on the train")

    # Another learner in this browser, and a draft of the day before: neither is anybody's.
    box.fill("not yours")
    page.context.clear_cookies()
    page.reload()
    expect(learner.card).to_contain_text("Begin Exercise", timeout=PATIENCE_MS)
    page.wait_for_function(NOTHING_KEPT)
    box.fill("old")
    page.evaluate(AGES_AGO)
    page.reload()
    expect(learner.card).to_contain_text("Begin Exercise", timeout=PATIENCE_MS)
    page.wait_for_function(NOTHING_KEPT)
