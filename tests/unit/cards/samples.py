"""One of every kind of block, and what a card needs around it."""

from dataclasses import dataclass

from bot.channels.parse import ELEMENTS
from cards import Surface
from dialogs.values.actions import Answer, Choose, Command
from dialogs.values.replies import (
    Arrange,
    BarPhase,
    Bars,
    Block,
    BringFile,
    Bullets,
    Button,
    Chart,
    Code,
    Details,
    Dialogue,
    Download,
    Frames,
    Item,
    JobBoard,
    JobEvent,
    JobStage,
    Message,
    Notice,
    Number,
    Offer,
    OwnLink,
    OwnPicture,
    PickInto,
    Picture,
    ProgressBar,
    Score,
    Scores,
    Screen,
    ScreenPart,
    Select,
    Series,
    Side,
    Sides,
    Stamp,
    Still,
    Table,
    Terms,
    Text,
    Utterance,
    Weblink,
    Write,
    WriteJsonl,
)


@dataclass(frozen=True)
class Here:
    """Addresses on one host."""

    host: str = "https://tutor.example"

    def chart(self, chart: Chart | Bars | Screen) -> str:
        drawn = len(chart.parts if isinstance(chart, Screen) else chart.series)
        return f"{self.host}/charts/{drawn}.png"

    def media(self, lesson: str, source: str) -> str:
        return f"{self.host}/media/{lesson}/{source}"

    def file(self, lesson: str, name: str) -> str:
        return f"{self.host}/files/{lesson}/{name}"

    def page(self, path: str) -> str:
        return f"{self.host}{path}"

    def bring_url(self, lesson: str) -> str:
        return f"/api/file/{lesson}"

    def check_url(self, lesson: str, step: str) -> str:
        return f"/api/check/{lesson}/{step}"


LINKS = Here()
STAMP = Stamp("polite-chatbot", "run-order", 7, "a1b2c3d4", "learner-1")
ITEMS = (Item("model", "Select base model"), Item("upload", "Upload training dataset"))

EVERYWHERE = Surface()
OWN_PAGE = Surface(elements=ELEMENTS)
TEXT_ONLY = Surface(cards=False)
TEAMS = Surface(updates=True, figures=True, suggests=False)
EMULATOR = Surface(suggests=False)
SURFACES = (EVERYWHERE, EMULATOR, OWN_PAGE, TEXT_ONLY, TEAMS)

CHART = Chart(
    "Loss by step",
    "step",
    "loss",
    (Series("training", ((0, 2.5), (60, 0.9))), Series("validation", ((0, 2.2), (60, 1.1)))),
    "Both losses fall.",
    (40, "lowest"),
)
BARS = Bars(
    "Politeness", ("upset", "calm"), (("base", (2, 2.4)), ("tuned", (4.6, 4.7))), "It rose."
)
JOB = JobBoard(
    "Training job",
    "**running**: epoch 1 of 2",
    (JobStage("Queue", "done"), JobStage("Training", "here"), JobStage("Check", "ahead")),
    (JobEvent("0:00", "Job created."), JobEvent("0:09", "Epoch 1 is done.", 3.5)),
    "40%",
    share=0.4,
    share_next=0.6,
    next_s=4.0,
    chart=CHART,
    upto=30.0,
)

SCREEN = Screen(
    "Simulated screen",
    ("Portal", "Build", "Fine-tune"),
    ("Models", "Fine-tune"),
    (
        ScreenPart("Base model", "gpt-4.1-mini", note=1, input="issues"),
        ScreenPart(
            "Figures", tab="Monitor", shows=(Table(("Figure", "Base"), (("A", "1"),)), CHART)
        ),
        ScreenPart("File", "a.jsonl", shows=(Code("{}"),), file=True),
        ScreenPart("Type", input="needs"),
    ),
    ("**Base model**: Only some can be tuned.",),
)

READ: tuple[Block, ...] = (
    Text("Order the run", "title"),
    Text("A part", "heading"),
    Text("Put **all** steps into `order`."),
    Bullets(("First things first", "Second things later")),
    Bullets(("One", "Two"), numbered=True),
    Notice("warning", "The model is older than your data.", "Older model"),
    Dialogue(
        (
            Utterance("Customer", "Where is my order?", "customer"),
            Utterance("Base model", "See FAQ."),
        )
    ),
    Code('{"messages": []}'),
    SCREEN,
    Scores((Score("Politeness 2/5", 2, 5), Score("Helpfulness: not judged", None, 5))),
    Sides(
        (
            Side("Base", "See the FAQ.", (Score("Politeness 2/5", 2, 5),)),
            Side("Tuned", "Let me look."),
        )
    ),
    Table(("Setting", "Value"), (("Epochs", "3"),)),
    Table(("Metric", "Base", "Tuned"), (("Politeness", "2.1", "4.6"),)),
    Table(("Query", "Base", "Tuned"), (("Where?", "See the FAQ, please.", "Let me look."),)),
    CHART,
    BARS,
    JOB,
    Picture("polite-chatbot", "icon.svg", "A speech bubble"),
    OwnPicture("/certificates/1/picture.png", "The certificate of **Ann**"),
    Offer(
        "1. Words",
        "Learn some.",
        "about 5 min · new",
        Picture("polite-chatbot", "icon.svg", "A speech bubble", small=True),
        Button("Words", Choose("plain-words"), "1"),
    ),
    Frames("One line", (Still("Before", "A talk"), Still("After", "{}", mono=True))),
    Terms("Words", (("epoch", "One pass over the examples."),)),
    ProgressBar("Phase 3 of 4", 12, 40, (BarPhase("One", "done"), BarPhase("Three", "here"))),
    Weblink("Overview", "https://learn.microsoft.com/azure/foundry"),
    OwnLink("Privacy", "/privacy"),
    BringFile("A file of yours", "Up to 1 MB.", "Bring it on the page.", "polite-chatbot"),
    Download("Your training set", "polite-chatbot", "training-set.jsonl"),
    Details("Why?", (Text("Because."),)),
)
ASK: tuple[Block, ...] = (
    Select("issues", "What do you notice?", ITEMS),
    Select("needs", "What matters?", ITEMS, many=True, value=("model",)),
    PickInto("set", "Choose", "The archive", "Training Set", ITEMS, ("upload",)),
    Arrange(
        "order",
        "Order",
        "Available Steps",
        "Correct Order",
        "Place {number}",
        ITEMS,
        ("upload", "model"),
    ),
    Number("n_epochs", "Epochs", 1, 10, 3),
    Write("idea", "Your idea", "Write here"),
    WriteJsonl("line", "One line", "polite-chatbot", "write"),
)
BUTTONS = (
    Button("Back", Command("back"), "back"),
    Button("Check order", Answer(), "check", primary=True),
    Button("Help", Command("help"), "help"),
)


def message(*blocks: Block) -> Message:
    return Message(blocks, BUTTONS, stamp=STAMP)
