"""Wrong answers and side questions: what is said of them, where, and that nothing else is lost."""

import re
from itertools import islice

from playwright.sync_api import Browser, ViewportSize, expect

from dialogs.steps import registry
from dialogs.values.replies import Arrange, Button, Input, Number, PickInto, Select, WriteJsonl
from tests import oracle
from tests.browser.conftest import Server
from tests.browser.learner import PageLearner
from tests.conversation.test_talk import SAID
from tests.lessons import tutor

PHONE: ViewportSize = {"width": 390, "height": 844}
STEPS = ("requirements", "issues", "improvements", "select", "format-login", "run-order", "lab")
# At each of them the card holds a draft while some of this is said, two sentences of each kind.
# Who asks for the question again gets the card, and who asks for a new start is asked back.
ANSWERED = [texts for name, texts in SAID.items() if name not in ("repeat", "again")]
BESIDE = [text for texts in ANSWERED for text in texts[:2]]
AT_EACH = 6
LONGEST = 3  # sentences of an answer
# What an answer holds that wasn't sent.
HELD = """(card) => [
  ...[...card.querySelectorAll('input, textarea, select')].map((one) =>
    ['radio', 'checkbox'].includes(one.type) ? one.checked : one.value),
  ...[...card.querySelectorAll('.tutor-list.target .tutor-item')].map((one) => {
    const item = one.cloneNode(true);
    item.querySelector('.mark')?.remove();
    return item.textContent;
  }),
]"""


class StumblingLearner(PageLearner):
    """Chooses wrong, asks beside the point, and presses twice."""

    def wrong(self) -> tuple[Button, list[tuple[Input, str]]]:
        """A wrong answer to the step, and the button that hands it in."""
        step, scene = self.step, self.scene
        right = oracle.right(step, scene)
        assert isinstance(right, tuple)
        do, values = right
        ask = registry.present(step, scene)
        button = next(b for b in ask.buttons if str(b.do) == do)
        inputs = [b for b in ask.blocks if isinstance(b, Input)]
        return button, [(b, amiss(b, values.get(b.id, "").split(","))) for b in inputs]

    def drafts(self) -> Button:
        """Fill a wrong answer in; the button isn't pressed yet."""
        button, chosen = self.wrong()
        for block, value in chosen:
            self.fill(block, {block.id: value})
        return button

    def asks(self, text: str) -> str:
        """Ask something, and what is answered in a bubble."""
        place = self.last_place
        bubbles = self.page.locator(".webchat__bubble__content")
        box = self.page.locator('[data-id="webchat-sendbox-input"]')
        box.fill(text)
        box.press("Enter")
        expect(bubbles.nth(-2)).to_contain_text(text)
        self.synced()
        assert self.last_place == place + 2, f"{text}: more than one message"
        return bubbles.last.inner_text()


def amiss(block: Input, right: list[str]) -> str:
    """What isn't right in an input."""
    match block:
        case Arrange(items=items):
            return ",".join(i.id for i in reversed(items))
        case PickInto(items=items):
            return ",".join(islice((i.id for i in items if i.id not in right), 2))
        case Select(options=options):
            return next(o.id for o in options if o.id not in right)
        case Number(highest=highest):
            return f"{highest + 15:g}"
        case WriteJsonl():
            return '{"messages": [}'
        case _:
            return "Make the logo bigger and paint the page blue."


def test_who_slips_and_asks_loses_nothing(browser: Browser, server: Server) -> None:
    page = browser.new_page(viewport=PHONE, reduced_motion="reduce", color_scheme="dark")
    learner = StumblingLearner(page, server, tutor())
    learner.open()
    questions = iter(BESIDE)
    for step_id in STEPS:
        learner.hurry(step_id)
        button = learner.drafts()
        held = learner.card.evaluate(HELD)
        before = learner.scene.progress
        for text in islice(questions, AT_EACH):
            said = learner.asks(text)
            assert 1 <= len(re.findall(r"[.!?](?=\s|$)", said)) <= LONGEST, (step_id, text, said)
            assert learner.card.evaluate(HELD) == held, (step_id, text)
        now = learner.scene.progress
        assert (now.cursor, now.ticket) == (before.cursor, before.ticket)
        assert now.record(step_id).attempts == before.record(step_id).attempts

        # Twice pressed is once answered, in the same card.
        cards = page.locator("article .ac-adaptiveCard").count()
        learner.synced()
        version = learner.version
        learner.button(button.text).dblclick()
        learner.settle(version)
        news = learner.card.locator("#news")
        expect(news).to_be_in_viewport()
        page.wait_for_timeout(500)
        assert page.locator("article .ac-adaptiveCard").count() == cards
        is_judged = step_id != "lab"
        attempts = learner.scene.progress.record(step_id).attempts
        assert attempts == before.record(step_id).attempts + is_judged, step_id
        assert learner.card.evaluate(HELD) == held, step_id
        assert page.evaluate("document.activeElement !== document.body"), step_id
        assert learner.step.id == step_id
    page.close()
