"""Each element of our own, on a page that holds nothing else: by mouse, keyboard and touch."""

import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from microsoft_teams.cards import (
    AdaptiveCard,
    Choice,
    ChoiceSetInput,
    Container,
    NumberInput,
    RichTextBlock,
    SubmitAction,
    TextRun,
)
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from cards import elements
from content.lesson import JsonlStep
from content.loader import Library
from tests.browser.conftest import Server
from tests.browser.test_access import LOOKS, STICKS_OUT, TAGS
from tests.signed import links

WIDE: ViewportSize = {"width": 900, "height": 1400}
SMALL: ViewportSize = {"width": 320, "height": 720}
TALES = ("delivery", "refund", "login")
STEPS = ("collect", "format", "train", "compare")

# Only what the elements need of the page: its styles, its words and the renderer.
GALLERY = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Elements</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/vendor/tokens.css">
<link rel="stylesheet" href="/static/page.css"><link rel="stylesheet" href="/static/elements.css">
</head><body><main id="here" class="webchat__bubble" style="overflow: auto; padding: 12px"></main>
<script type="application/json" id="strings">WORDS</script>
<script src="/static/vendor/adaptivecards.js"></script>
<script src="/static/vendor/sortable.js"></script>
<script type="module">
import { register } from "/static/elements/all.js";
register();
const card = new AdaptiveCards.AdaptiveCard();
window.sent = [];
const ink = { default: "var(--colorNeutralForeground1)", subtle: "var(--colorNeutralForeground3)" };
const inks = { default: { foregroundColors: { default: ink } } };
card.hostConfig = new AdaptiveCards.HostConfig({ containerStyles: inks });
card.onExecuteAction = (action) => window.sent.push(action.data);
card.parse(CARD);
document.getElementById("here").append(card.render());
</script></body></html>"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running tutor, for its files and its live check."""
    made = Server(tmp_path_factory.mktemp("gallery"))
    made.start()
    yield made
    made.stop()


class Gallery:
    """A page with a card of elements and one button that sends it."""

    def __init__(self, page: Page, files: Server, library: Library) -> None:
        self.page, self._files, self._library = page, files, library
        self.failures: list[str] = []
        page.on("pageerror", lambda error: self.failures.append(str(error)))

    def show(self, *shown: elements.OwnElement) -> None:
        """Open the page with these elements."""
        card = AdaptiveCard(body=list(shown), actions=[SubmitAction(title="Send")])
        dumped = json.dumps(card.model_dump(by_alias=True, exclude_none=True))
        words = json.dumps({"en": dict(self._library.strings.page)})
        body = GALLERY.replace("WORDS", words.replace("<", "\\u003c")).replace("CARD", dumped)
        self.page.route(
            "**/gallery", lambda route: route.fulfill(body=body, content_type="text/html")
        )
        self.page.goto(f"{self._files.url}/gallery")
        outer = self.page.locator(".tutor-element:not(.tutor-element .tutor-element)")
        expect(outer).to_have_count(len(shown))

    def value(self, name: str) -> str:
        """Send the card: what arrives under this name."""
        self.page.get_by_role("button", name="Send").click()
        sent = self.page.evaluate("window.sent")
        assert len(sent) == 1, "an element's own button sent the card"
        assert self.failures == []
        return str(sent[0][name])

    def row(self, text: str) -> Locator:
        """The item that says this."""
        return self.page.locator(".tutor-item").filter(has_text=text)

    @property
    def target(self) -> Locator:
        """The list that is filled."""
        return self.page.locator(".tutor-list.target")

    @property
    def said(self) -> Locator:
        """What a screen reader is told."""
        return self.page.locator(".tutor-live")

    def focus(self, name: str) -> None:
        """Press Tab until the button of this name has the focus."""
        there = "(name) => document.activeElement.getAttribute('aria-label') === name"
        for _ in range(60):
            if self.page.evaluate(there, name):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way to {name} by Tab")

    def drag(self, grabbed: Locator, onto: Locator) -> None:
        """Drag by mouse, as slowly as a person."""
        start, end = _middle(grabbed), _middle(onto)
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(start[0] + 8, start[1] + 8, steps=4)
        mouse.move(*end, steps=12)
        self.page.wait_for_timeout(100)
        mouse.up()

    def touch(self, grabbed: Locator, onto: Locator) -> None:
        """Drag by a finger: hold, move, let go."""
        start, end = _middle(grabbed), _middle(onto)
        finger = self.page.context.new_cdp_session(self.page)

        def put(kind: str, *points: tuple[float, float]) -> None:
            finger.send(
                "Input.dispatchTouchEvent",
                {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
            )
            self.page.wait_for_timeout(30)

        put("touchStart", start)
        self.page.wait_for_timeout(300)
        for n in range(1, 11):
            share = n / 10
            put(
                "touchMove",
                (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share),
            )
        self.page.wait_for_timeout(100)
        put("touchEnd")


def _middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture
def gallery(browser: Browser, files: Server, library: Library) -> Iterator[Gallery]:
    """On a screen with room, without animation."""
    page = browser.new_page(viewport=WIDE, reduced_motion="reduce")
    yield Gallery(page, files, library)
    page.close()


@pytest.fixture
def phone(browser: Browser, files: Server, library: Library) -> Iterator[Gallery]:
    """On a small screen that is touched."""
    page = browser.new_page(viewport=SMALL, reduced_motion="reduce", has_touch=True, is_mobile=True)
    yield Gallery(page, files, library)
    page.close()


def pick(value: str = "") -> elements.TutorPick:
    items = [
        elements.PickItem(id=tale, number=n, text=tale.title(), more=f"About {tale}")
        for n, tale in enumerate(TALES, 1)
    ]
    return elements.TutorPick(
        id="set", label="Choose", source="Archive", target="Training set", items=items, value=value
    )


def order(value: str = "") -> elements.TutorOrder:
    items = [
        elements.PickItem(id=step, number=n, text=step.title()) for n, step in enumerate(STEPS, 1)
    ]
    return elements.TutorOrder(
        id="steps", label="Arrange", source="Steps", target="Your order", items=items, value=value
    )


def judged() -> elements.TutorOrder:
    shown = order(",".join(STEPS))
    shown.items[0].mark, shown.items[1].mark = "right", "wrong"
    return shown


def line(library: Library, files: Server, value: str = "") -> tuple[elements.TutorJsonl, JsonlStep]:
    lesson = library.lessons["polite-chatbot"]
    step = next(s for p in lesson.phases for s in p.steps if isinstance(s, JsonlStep))
    check = links(files.database, "somebody").check_url(lesson.id, step.id)
    return elements.TutorJsonl(id="line", label="Your line", check=check, value=value), step


def demonstration() -> elements.TutorFrames:
    frames = [
        elements.TutorFrame(caption="A conversation", text="Customer: Hello"),
        elements.TutorFrame(caption="Its roles", text='"user": Hello', mono=True),
        elements.TutorFrame(
            caption="A line", text='{"role": "user", "content": "Hello"}', mono=True
        ),
    ]
    return elements.TutorFrames(label="From talk to a line", frames=frames)


def demonstration_played() -> elements.TutorDemonstration:
    shapes = [
        elements.DemonstrationShape(kind="trail", points=[(0, 1), (0.5, 0.5), (1, 0)], text="loss"),
        elements.DemonstrationShape(
            kind="box", at=(0, 0), size=(0.3, 0.2), text="Model\nprice", since=1
        ),
    ]
    takes = [
        elements.DemonstrationTake(
            name=f"×{n}", steps=["Step 0", "Step 1", "Step 2"], shapes=shapes, told=f"Told {n}."
        )
        for n in range(3)
    ]
    return elements.TutorDemonstration(
        title="A walk", setting="Rate", takes=takes, x_label="weight", y_label="loss"
    )


def curves() -> elements.TutorCurves:
    points = [(float(n), 2 / (n + 1)) for n in range(10)]
    plot = elements.Plot(
        title="Loss",
        x=elements.PlotAxis(label="Step", low=0, high=9, ticks=[0, 2, 4, 6, 8]),
        y=elements.PlotAxis(label="Loss", low=0, high=2.5, ticks=[0, 0.5, 1, 1.5, 2, 2.5]),
        series=[
            elements.CurveSeries(name="Training", points=points),
            elements.CurveSeries(name="Validation", points=[(x, y + 0.2) for x, y in points]),
        ],
        alt="Both losses fall from 2 to 0.2.",
        marker=elements.CurveMarker(x=4, label="checkpoint"),
    )
    return elements.TutorCurves(plot=plot)


def job() -> elements.TutorJob:
    return elements.TutorJob(
        title="Training job",
        status="running",
        stages=[
            elements.JobPart(title="Queue", state="done"),
            elements.JobPart(title="Training", state="here"),
        ],
        events=[
            elements.JobLine(time="0:00", text="Job created.", after=0),
            elements.JobLine(time="0:01", text="Epoch 1.", after=0.5),
        ],
        share=0.4,
        next=0.6,
        seconds=1,
        upto=3,
        chart=curves().plot,
    )


def bars() -> elements.TutorBars:
    rows = [
        elements.BarRow(name="Base", values=[2.1, 3]),
        elements.BarRow(name="Tuned", values=[4.8, 4]),
    ]
    return elements.TutorBars(
        title="Scores",
        labels=["Politeness", "Help"],
        series=rows,
        highest=5,
        alt="Politeness rose.",
    )


def terms() -> elements.TutorTerms:
    told = [
        elements.Term(term="epoch", meaning="One pass through the whole training set."),
        elements.Term(term="loss", meaning="How far off the model is."),
    ]
    return elements.TutorTerms(label="Words explained", terms=told)


def figures() -> elements.TutorTable:
    rows = [["Politeness", "2.25", "4.76"], ["Accuracy", "96%", "95%"]]
    return elements.TutorTable(header=["Figure", "Base", "Tuned"], rows=rows)


def sides() -> elements.TutorSides:
    return elements.TutorSides(
        sides=[
            elements.TutorSide(
                title="Base model",
                text="See the FAQ.",
                scores=[elements.Points(text="Politeness 2/5", value=2, of=5)],
            ),
            elements.TutorSide(title="Your model", text="Let me look that up.", scores=[]),
        ]
    )


def screen() -> elements.TutorScreen:
    """Every kind of part; the screens of the lesson are walked through in test_lesson.py."""
    choices = [
        Choice(title=f"{n} · {name}", value=name) for n, name in ((1, "small"), (2, "large"))
    ]
    model = ChoiceSetInput(id="base", label="Which model?", choices=choices, style="compact")
    warning = elements.ScreenSaid(mark="⚠", tone="warning", title="Choose again", text="Too large.")
    code = Container(items=[RichTextBlock(inlines=[TextRun(text='{"messages": []}')])])
    note = elements.ScreenNote(number=1, text="Only some can be tuned.")
    parts = [
        elements.ScreenPart(label="Model", note=note, input=model, said=[warning]),
        elements.ScreenPart(label="File", value="a.jsonl, 3 lines", shows=[code], file=True),
        elements.ScreenPart(
            label="Rounds", input=NumberInput(id="n_epochs", label="Rounds", value=3)
        ),
        elements.ScreenPart(label="Status", value="Succeeded", tab="Details"),
        elements.ScreenPart(label="Figures", tab="Results", shows=[figures()]),
    ]
    return elements.TutorScreen(
        says="Simulated screen",
        path=["Portal", "Build", "Fine-tune"],
        places=["Models", "Fine-tune"],
        parts=parts,
        action=SubmitAction(title="Submit", style="positive"),
    )


# --- pick and order ---------------------------------------------------------------------


def test_a_mouse_drags_what_is_picked_in_and_out(gallery: Gallery) -> None:
    gallery.show(pick("login"))
    gallery.drag(gallery.row("About refund").locator(".text > span").first, gallery.target)
    expect(gallery.said).to_contain_text("Refund")
    gallery.drag(
        gallery.row("About login").locator(".text > span").first,
        gallery.page.locator(".tutor-list").first,
    )
    expect(gallery.target.locator(".tutor-item")).to_have_count(1)
    assert gallery.value("set") == "refund"


def test_buttons_pick_and_put_back(gallery: Gallery) -> None:
    gallery.show(pick())
    more = gallery.page.get_by_text("About login")
    expect(more).to_be_hidden()
    gallery.page.get_by_role("button", name="Read what belongs to “Login”").click()
    expect(more).to_be_visible()
    for tale in ("Delivery", "Login"):
        gallery.page.get_by_role("button", name=f"Add “{tale}” to Training set").click()
    gallery.page.get_by_role("button", name="Take “Delivery” out of Training set").click()
    assert gallery.value("set") == "login"
    expect(more).to_be_visible()


def test_a_finger_picks(phone: Gallery) -> None:
    phone.show(pick())
    phone.touch(phone.row("About refund").locator(".text > span").first, phone.target)
    expect(phone.target.locator(".tutor-item")).to_have_count(1)
    phone.row("About login").locator(".move").tap()
    assert set(phone.value("set").split(",")) == {"login", "refund"}


def test_keys_alone_pick_and_each_move_is_announced(gallery: Gallery) -> None:
    gallery.show(pick())
    gallery.focus("Add “Refund” to Training set")
    gallery.page.keyboard.press("Enter")
    expect(gallery.said).to_have_text("“Refund” is now in Training set. 1 there.")
    gallery.focus("Add “Login” to Training set")
    gallery.page.keyboard.press(" ")
    expect(gallery.said).to_have_text("“Login” is now in Training set. 2 there.")
    assert gallery.value("set") == "refund,login"


def test_a_mouse_orders(gallery: Gallery) -> None:
    gallery.show(order("train,collect"))
    gallery.drag(gallery.row("Train").locator(".handle"), gallery.row("Collect").locator(".tools"))
    expect(gallery.target.locator(".tutor-item").first).to_contain_text("Collect")
    gallery.page.get_by_role("button", name="Add “Format” to Your order").click()
    gallery.page.get_by_role("button", name="Move “Format” up").click()
    assert gallery.value("steps") == "collect,format,train"


def test_a_finger_orders(phone: Gallery) -> None:
    phone.show(order("train,collect"))
    phone.touch(phone.row("Train").locator(".text"), phone.row("Collect").locator(".text"))
    assert phone.value("steps") == "collect,train"


def test_a_key_lifts_a_step_and_arrows_carry_it(gallery: Gallery) -> None:
    gallery.show(order("train,collect,format"))
    keys = gallery.page.keyboard
    gallery.focus("1: move “Train”")
    keys.press("Enter")
    expect(gallery.said).to_contain_text("“Train” is lifted")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(gallery.said).to_have_text("“Train” is now number 3 of 3.")
    keys.press("Enter")
    assert gallery.value("steps") == "collect,format,train"


def test_escape_puts_a_lifted_step_back(gallery: Gallery) -> None:
    gallery.show(order("train,collect,format"))
    keys = gallery.page.keyboard
    gallery.focus("1: move “Train”")
    keys.press(" ")
    keys.press("ArrowDown")
    keys.press("Escape")
    expect(gallery.said).to_have_text("“Train” is now number 1 of 3.")
    gallery.focus("1: move “Train”")
    keys.press("ArrowDown")
    assert gallery.value("steps") == "train,collect,format"


def test_who_leaves_a_lifted_step_has_put_it_down(gallery: Gallery) -> None:
    gallery.show(order("train,collect"))
    gallery.focus("1: move “Train”")
    gallery.page.keyboard.press("Enter")
    gallery.page.keyboard.press("ArrowDown")
    gallery.page.keyboard.press("Tab")
    expect(gallery.page.locator("[aria-pressed=true]")).to_have_count(0)
    assert gallery.value("steps") == "collect,train"


def test_marks_are_signs_with_words(gallery: Gallery) -> None:
    gallery.show(judged())
    expect(gallery.row("Collect").locator(".mark")).to_have_text("✓ in its place")
    expect(gallery.row("Format").locator(".mark")).to_have_text("✗ not in its place yet")


def test_an_unknown_id_in_the_value_is_dropped(gallery: Gallery) -> None:
    gallery.show(pick("login,nobody"))
    assert gallery.value("set") == "login"


# --- the others -------------------------------------------------------------------------


def test_a_line_is_checked_while_it_is_written(
    gallery: Gallery, files: Server, library: Library
) -> None:
    shown, step = line(library, files)
    gallery.show(shown)
    field = gallery.page.get_by_role("textbox", name="Your line")
    field.fill('{"messages": [}')
    told = gallery.page.locator(".told")
    expect(told.locator(".fault mark").first).to_have_text("}")
    expect(told.locator(".fault").first).to_contain_text("Line 1, column 15")
    roles = ("system", "user", "assistant")
    texts = (step.system, step.customer, step.response)
    messages = [{"role": r, "content": t} for r, t in zip(roles, texts, strict=True)]
    whole = json.dumps({"messages": messages}, ensure_ascii=False)
    field.fill(whole)
    expect(told.locator(".ok")).to_be_visible()
    expect(told.locator(".fault")).to_have_count(0)
    assert gallery.value("line") == whole


def test_a_check_that_fails_says_so_and_keeps_the_line(
    gallery: Gallery, files: Server, library: Library
) -> None:
    shown, _ = line(library, files)
    gallery.page.route("**/api/check/**", lambda route: route.abort())
    gallery.show(shown)
    gallery.page.get_by_role("textbox").fill("{}")
    expect(gallery.page.locator(".told")).to_contain_text("can't be reached")
    assert gallery.value("line") == "{}"


def test_a_demonstration_goes_on_and_back_and_points_at_what_is_new(gallery: Gallery) -> None:
    gallery.show(demonstration())
    page = gallery.page
    expect(page.get_by_role("button", name="Go back one change")).to_be_disabled()
    page.get_by_role("button", name="Show the next change").click()
    expect(page.locator(".where")).to_have_text("2 of 3")
    expect(page.locator(".frame ins").first).to_be_visible()
    assert "Hello" not in page.locator(".frame ins").all_inner_texts()
    page.get_by_role("button", name="Go back one change").click()
    expect(page.locator(".frame")).to_have_text("Customer: Hello")
    assert page.evaluate("window.sent") == []


def test_curves_are_drawn_as_time_goes_on(
    browser: Browser, files: Server, library: Library
) -> None:
    page = browser.new_page(viewport=WIDE, reduced_motion="no-preference")
    gallery = Gallery(page, files, library)
    gallery.show(curves())
    clip = "Number(document.querySelector('clipPath rect').getAttribute('width'))"
    page.wait_for_function(f"{clip} >= 480")
    page.get_by_role("button", name="Replay").click()
    page.wait_for_function(f"{clip} < 400")
    page.wait_for_function(f"{clip} >= 480")
    page.close()


def test_curves_stand_still_for_who_wants_that(gallery: Gallery) -> None:
    gallery.show(curves())
    expect(gallery.page.get_by_role("img", name="Both losses fall")).to_be_visible()
    expect(gallery.page.get_by_role("button", name="Replay")).to_have_count(0)
    assert gallery.page.locator("clipPath rect").get_attribute("width") == "480"


def test_a_job_goes_on_by_itself_until_more_is_told(
    browser: Browser, files: Server, library: Library
) -> None:
    page = browser.new_page(viewport=WIDE, reduced_motion="no-preference")
    Gallery(page, files, library).show(job())
    bar = page.get_by_role("progressbar", name="Training job")
    expect(page.get_by_role("log")).to_have_text("0:00Job created.0:01Epoch 1.")
    expect(bar).to_have_attribute("aria-valuenow", "60")
    page.close()


def test_a_moving_picture_is_played_stepped_and_set_by_keys(
    browser: Browser, files: Server, library: Library
) -> None:
    page = browser.new_page(viewport=WIDE, reduced_motion="no-preference")
    Gallery(page, files, library).show(demonstration_played())
    page.get_by_role("button", name="Play").press("Enter")
    expect(page.locator(".verdict")).to_have_text("Told 0.")
    page.get_by_role("button", name="Reset").press("Enter")
    page.get_by_role("button", name="Step", exact=True).press("Enter")
    expect(page.get_by_role("img", name="Step 1")).to_be_visible()
    page.get_by_role("slider", name="Rate").press("End")
    expect(page.locator(".verdict")).to_have_text("Told 2.")
    page.close()


def test_a_curve_is_read_off_by_keys_and_in_a_table(gallery: Gallery) -> None:
    gallery.show(curves())
    page = gallery.page
    slider = page.get_by_role("slider", name="Step: read the values")
    slider.press("Home")
    expect(page.get_by_role("status")).to_have_text("Step 0: Training 2, Validation 2.2")
    page.get_by_text("Values as a table").click()
    expect(page.get_by_role("row").nth(4).get_by_role("cell")).to_have_text(["0.5", "0.7"])


def test_a_term_is_explained_and_folded_away(gallery: Gallery) -> None:
    gallery.show(terms())
    chip = gallery.page.get_by_role("button", name="What does “loss” mean?")
    chip.press("Enter")
    expect(gallery.page.get_by_role("status")).to_have_text("How far off the model is.")
    expect(chip).to_have_attribute("aria-expanded", "true")
    chip.click()
    expect(gallery.page.get_by_role("status")).to_be_empty()


def test_figures_are_a_table_with_named_rows_and_columns(gallery: Gallery) -> None:
    gallery.show(figures())
    row = gallery.page.get_by_role("row").filter(has=gallery.page.get_by_role("rowheader"))
    expect(row.first.get_by_role("rowheader")).to_have_text("Politeness")
    expect(row.first.get_by_role("cell")).to_have_text(["2.25", "4.76"])
    expect(gallery.page.get_by_role("columnheader")).to_have_text(["Figure", "Base", "Tuned"])


def test_bars_are_as_long_as_their_figures(gallery: Gallery) -> None:
    drawn = bars()
    drawn.series[0].values = [0, 3]
    gallery.show(drawn)
    shares = gallery.page.evaluate(
        """() => [...document.querySelectorAll('.bars .bar')].map((bar) =>
          bar.getBoundingClientRect().width / bar.parentElement.clientWidth)"""
    )
    assert shares == pytest.approx([0, 4.8 / 5, 3 / 5, 4 / 5], abs=0.01)


def test_answers_stand_side_by_side_where_there_is_room(gallery: Gallery) -> None:
    gallery.show(sides())
    base, tuned = (
        gallery.page.get_by_role("region", name=name).bounding_box()
        for name in ("Base model", "Your model")
    )
    assert base
    assert tuned
    assert base["y"] == tuned["y"]
    assert base["x"] + base["width"] < tuned["x"]


def test_a_screen_is_looked_over_by_keys(gallery: Gallery) -> None:
    gallery.show(screen())
    page, keys = gallery.page, gallery.page.keyboard
    gallery.focus("Note 1: Model")
    keys.press("Enter")
    note = page.get_by_role("note")
    expect(note).to_contain_text("Only some can be tuned.")
    keys.press("Escape")
    expect(note).to_be_hidden()
    gallery.focus("Note 1: Model")
    page.get_by_role("combobox", name="Which model?").select_option("small")
    expect(page.get_by_text('{"messages": []}')).to_be_hidden()
    gallery.focus("Upload file: File")
    keys.press(" ")
    expect(page.get_by_text('{"messages": []}')).to_be_visible()
    gallery.focus("Details")
    keys.press("ArrowRight")
    expect(page.get_by_role("tab", name="Results")).to_be_focused()
    expect(page.get_by_role("rowheader", name="Politeness")).to_be_visible()
    page.get_by_role("spinbutton", name="Rounds").fill("4")
    page.get_by_role("button", name="Submit").press("Enter")
    (sent,) = page.evaluate("window.sent")
    assert (sent["base"], sent["n_epochs"], sent["notes"]) == ("small", "4", "1")
    assert gallery.failures == []


def test_another_page_of_the_portal_says_where_it_goes_on(gallery: Gallery) -> None:
    gallery.show(screen())
    page = gallery.page
    here = page.get_by_role("button", name="Fine-tune", exact=True)
    page.get_by_role("combobox", name="Which model?").select_option("small")
    gallery.focus("Models")
    gallery.page.keyboard.press("Enter")
    expect(page.get_by_text("“Models” is another page")).to_be_visible()
    expect(page.get_by_role("combobox", name="Which model?")).to_be_hidden()
    page.get_by_role("button", name="Back to Fine-tune").click()
    expect(here).to_be_focused()
    expect(here).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("combobox", name="Which model?")).to_have_value("small")


@pytest.mark.parametrize("key", ["click", "Enter"])
def test_nothing_is_handed_in_before_the_file_is_there(gallery: Gallery, key: str) -> None:
    gallery.show(screen())
    page = gallery.page
    submit = page.get_by_role("button", name="Submit")
    if key == "click":
        submit.click()
    else:
        submit.press(key)
    expect(page.get_by_role("alert")).to_have_text("Upload your file first.")
    expect(page.get_by_role("button", name="Upload file: File")).to_be_focused()
    assert page.evaluate("window.sent") == []
    page.keyboard.press("Enter")
    expect(page.get_by_text('{"messages": []}')).to_be_visible()
    submit.click()
    assert len(page.evaluate("window.sent")) == 1


def test_a_finger_opens_a_note_and_closes_it(phone: Gallery) -> None:
    phone.show(screen())
    phone.page.get_by_role("button", name="Note 1: Model").tap()
    note = phone.page.get_by_role("note")
    expect(note).to_be_visible()
    box = note.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= SMALL["width"]
    phone.page.get_by_role("button", name="Close the note").tap()
    expect(note).to_be_hidden()
    assert phone.page.evaluate("window.sent") == []


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark", "forced-colors"])
@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
def test_everybody_can_use_them(
    browser: Browser,
    files: Server,
    library: Library,
    look: dict[str, str],
    size: ViewportSize,
) -> None:
    page = browser.new_page(viewport=size, reduced_motion="reduce", **look)  # type: ignore[arg-type]
    gallery = Gallery(page, files, library)
    shown, _ = line(library, files, '{"messages": [}')
    gallery.show(
        pick("login"),
        judged(),
        shown,
        demonstration(),
        demonstration_played(),
        curves(),
        job(),
        bars(),
        terms(),
        figures(),
        sides(),
        screen(),
    )
    expect(page.locator(".fault").first).to_be_visible()
    page.get_by_role("button", name="Show the next change").click()
    page.get_by_role("button", name="What does “epoch” mean?").click()
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    told = [
        f"{v['id']}: {n['html'][:160]}" for v in found.response["violations"] for n in v["nodes"]
    ]
    assert told == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate(STICKS_OUT) == []
    assert gallery.failures == []
    page.close()
