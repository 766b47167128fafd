"""What each step puts to the learner, block by block, where some of its answers are given.

The tables beside this file say what an answer is worth. Here is what a learner sees of it, kept as
golden files: what stands out, what can be pressed and typed, what is kept, what comes later.
REWRITE_CHATS=1 renews them; read the difference.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from pathlib import Path

import pytest

from dialogs.values.actions import Command
from dialogs.values.replies import Button, Message, ProgressBar, Terms
from dialogs.values.turn import At, Compute
from tests.unit.conftest import At as Place
from tests.unit.conftest import AtBench, ModelKind, WithModel
from tests.unit.steps.practice import Given, Practice, Seen

DIVERGED = 5.0  # a loss that no sound run has
GOLDEN = Path(__file__).parent / "blocks"
SHORT = 40  # characters of a line that was read before


@dataclass(frozen=True)
class Press:
    """A button is pressed with these values in the card's inputs."""

    do: str
    values: dict[str, Given]


@dataclass(frozen=True)
class Wait:
    """Time passes."""

    seconds: float


@dataclass(frozen=True)
class Go:
    """The learner is put before another step."""

    step: str


def pass_everything(learner: Practice) -> None:
    learner.pass_all(*(s.id for p in learner.lesson.phases for s in p.steps))
    learner.keep("exam", replace(learner.record("exam"), score=0.8, attempts=2, state={"best": 2}))


def open_the_pick(learner: Practice) -> None:
    learner.keep("pick", replace(learner.record("pick"), status="tried", misses=1, attempts=1))


def wait_for_workers(learner: Practice) -> None:
    learner.is_computed_at_once = False


def the_worker_brings_it(learner: Practice) -> Seen:
    return learner.worker_brings()


def the_worker_fails(learner: Practice) -> Seen:
    return learner.worker_fails()


def lose_the_evaluation(learner: Practice) -> None:
    model = learner.progress.model
    assert model
    assert model.evaluation
    del learner.results[model.evaluation]


Move = str | Press | Wait | Go | Callable[[Practice], Seen | None]


def press(do: str = "answer", /, **values: Given) -> Press:
    return Press(do, values)


def line(customer: str, reply: str) -> str:
    turns = (("system", "You answer in plain language."), ("user", customer), ("assistant", reply))
    inside = ", ".join(f'{{"role": "{role}", "content": "{text}"}}' for role, text in turns)
    return f'{{"messages": [{inside}]}}'


CUSTOMER = "Do I need a card to borrow?"
REPLY = "Yes, you need a card to borrow. Bring your ID to the desk and you get one at once."
TUNING = {"learning_rate_multiplier": "0.5", "batch_size": "1", "n_epochs": "5"}
GENTLE = {"learning_rate_multiplier": "0.1", "batch_size": "16", "n_epochs": "1"}
WILD = {"learning_rate_multiplier": "10", "batch_size": "1", "n_epochs": "9"}
GOOD = ("renew", "fine", "room", "card")
PLAIN = "The answers are plainer: plain language rose, and accuracy stayed the same."
WRONG_FIGURE = "Plain language is at 4.2 and accuracy is better."

# A step, with the model of a learner who trained one, and what is done there.
Case = tuple[str, str, ModelKind | None, Sequence[Move]]
CASES: tuple[Case, ...] = (
    ("start", "start", None, ["1", "begin"]),
    ("intro", "intro", None, ["1"]),
    ("tour", "tour", None, ["1", press("skip")]),
    ("needs", "needs", None, ["9", "4", press(picked=("facts", "jokes")), "1, 2, 3"]),
    (
        "talk",
        "talk",
        None,
        [
            " ",
            "How do I renew a book?",
            "how do i renew a book",
            "What do I need for a card",
            "Do you like cats?",
            "Can I keep the films longer?",
            "How do I pay a fee?",
            "when are you open",
            "How do I pay a fee?",
        ],
    ),
    ("pick", "pick", None, ["9", press(picked=()), press(picked=("facts",)), "2", "3", "1"]),
    ("picks", "picks", None, [press(picked=("tone", "speed")), press(picked=("tone", "length"))]),
    ("goals", "goals", None, ["1", "2 120", press(plainness=4, accuracy=79), "4 90"]),
    (
        "say",
        "say",
        None,
        [
            "I don't know",
            "?!",
            "A visitor cannot read the answer of the office.",
            press(text="It should be friendlier to them all."),
            press(text="Let us ask the other people in town."),
            "It could be plain, short and kind, with a button to press.",
            "It could be plain and kind in all that it says.",
        ],
    ),
    ("mood", "mood", None, ["0", "1, 2", press(picked=("2",)), press(picked=("3",))]),
    (
        "choose",
        "choose",
        None,
        [
            press(picked=()),
            press(picked=("renew", "fine")),
            press("experiment", picked=("renew", "fine")),
            press(picked=("official", "short", "renew")),
            press(picked=GOOD),
            press(picked=("room", "card", "fine")),
        ],
    ),
    (
        "write",
        "write",
        None,
        [
            "What is to be done?",
            press(line=" "),
            press(line=line(CUSTOMER, REPLY)[:-1]),
            press(line=line("Where is the cat?", "ok").replace("plain", "rude")),
            press(line=line(REPLY, CUSTOMER)),
            press(line='{"messages": [{"role": "sistem"}, {"role": 5}, 7, {"rule": 1}, 8]}'),
            press("show"),
            press(line=line(CUSTOMER, f"{REPLY} We guarantee it. Write to ann@example.com.")),
        ],
    ),
    ("check-set-none", "check-set", None, ["1"]),
    ("check-set", "check-set", "sound", ["0", "1", "2", "3", "4", "1", "2", "3", "4", "1", "2"]),
    (
        "order",
        "order",
        None,
        [
            "1 2",
            press(order=("deploy", "run", "check", "upload", "model")),
            press(order=("model", "upload")),
            press(order=("model", "upload", "check", "deploy", "run")),
            press(order=("model", "upload", "check", "run", "deploy")),
        ],
    ),
    (
        "form",
        "form",
        None,
        [
            "look",
            "note",
            "9",
            press(base=("numbers",)),
            press(base=("large",), data=("same",), n_epochs="7", suffix="plain-2"),
            "Rounds: 99",
            "rounds 9",
            press(data=("split",), suffix="a b"),
            "2",
            "1",
        ],
    ),
    ("runs-none", "runs", None, [press(**TUNING, predicted=("good",))]),
    (
        "runs",
        "runs",
        "sound",
        [
            "1 2",
            "0.5 1 5 9",
            "99 1 5 1",
            press(**TUNING, predicted=("good",)),
            press(**GENTLE, predicted=("overfit",)),
            "10 1 9 4",
            press(**WILD, predicted=("overfit",)),
        ],
    ),
    (
        "runs-repeated",
        "runs",
        "sound",
        [press(**TUNING, predicted=("underfit",)) for _ in range(6)],
    ),
    (
        "read",
        "read",
        None,
        ["9", "1, 2", *(press(picked=name) for name in ("good", "overfit", "diverged", "good"))],
    ),
    ("tour-played", "tour-played", None, ["next"]),
    (
        "train",
        "train",
        "narrow",
        ["status", "now", press(**TUNING), Wait(3), press("status"), "cancel", "again", Wait(60)],
    ),
    ("finish-none", "finish", None, ["1"]),
    ("finish", "finish", "sound", ["look", press(checkpoint=("last",))]),
    (
        "rival",
        "rival",
        "sound",
        [
            press("try", instructions=("brief",), examples=("renew",)),
            "examples 2",
            press("try", examples=("renew", "notice", "a", "b")),
            "banana",
            "keep",
            press(instructions=("formal",)),
        ],
    ),
    (
        "side",
        "side",
        "sound",
        [" ", press("show"), "Can I bring my dog?", "xyzzy plugh", "show", "show"],
    ),
    (
        "figures",
        "figures",
        "sound",
        [
            "banana",
            "filter 2",
            "open accuracy",
            "more",
            press("open", metric="plainness"),
            press("ab", size="40"),
            "a/b test with 400",
            press("filter", segment="all"),
        ],
    ),
    ("figures-weak", "figures", "weak", ["ab 40"]),
    ("where", "where", "sound", ["9", "5", press(picked=("loans", "none")), "1, 2, 3, 4"]),
    ("enough", "enough", "sound", ["1", "4"]),
    (
        "opinion",
        "opinion",
        "sound",
        ["More examples would do it good.", "We are finished, no change needed."],
    ),
    ("opinion-none", "opinion", None, ["More examples would do it good."]),
    (
        "decide",
        "decide",
        "sound",
        [
            "1",
            press(picked=("more-data",), why=PLAIN),
            press(picked=("deploy",), why="My colleagues would surely like it very much."),
            press(picked=("deploy",), why=WRONG_FIGURE),
            press(picked=("deploy",), why=PLAIN),
        ],
    ),
    ("decide-narrow", "decide", "narrow", [f"1 {PLAIN}", f"2. {PLAIN}"]),
    ("decide-weak", "decide", "weak", [f"Change the settings, since {PLAIN}"]),
    ("exam", "exam", None, ["go", "9", "1, 2", *"111111", Wait(300), "go", *"22222"]),
    ("complete", "complete", None, ["1"]),
    ("complete-passed", "complete", None, [pass_everything, Go("complete")]),
    (
        "complete-model",
        "complete",
        "sound",
        [Go("runs"), press(**GENTLE, predicted=("good",)), pass_everything, Go("complete")],
    ),
    (
        "check-set-unsound",
        "choose",
        None,
        [
            press(picked=("official", "short")),
            press("experiment"),
            Go("check-set"),
            *"1234123412341234",
        ],
    ),
    (
        "train-fails",
        "train",
        "sound",
        [
            wait_for_workers,
            press(**TUNING),
            press("status"),
            the_worker_fails,
            "start 0.1 2 3",
            the_worker_brings_it,
            Wait(1),
            "status",
            Wait(8.5),
            "status",
            Wait(60),
        ],
    ),
    (
        "runs-fail",
        "runs",
        "sound",
        [wait_for_workers, press(**TUNING, predicted=("good",)), Go("runs"), the_worker_fails],
    ),
    (
        "older-than-data",
        "choose",
        "sound",
        [press(picked=GOOD[:3]), Go("train"), Go("side"), Go("figures"), Go("decide"), Go("where")],
    ),
    (
        "no-evaluation",
        "side",
        "sound",
        [
            lose_the_evaluation,
            *(Go("figures"), "1", Go("where"), "1", Go("opinion"), "1", Go("decide"), "1"),
            Go("complete"),
        ],
    ),
    ("no-model", "side", None, ["1", Go("figures"), "1", Go("where"), "1", Go("decide"), "1"]),
    (
        "way",
        "start",
        None,
        [
            "next",
            *("begin", "begin", "hello", "back", "back", "begin", "next", "skip", "next", "help"),
            *("progress", "review 1", "1, 2, 3", "back", "again", "1, 2", "yes", "review 1"),
            *("review 2", "restart", "no", "restart", "yes", "no", "lessons"),
        ],
    ),
    (
        "way-words",
        "pick",
        None,
        [
            *("what is an epoch?", "what is losses", "what does passes mean", "what is A/B test"),
            *("what is the los", "what is", "what is epochen"),
        ],
    ),
    (
        "way-phases",
        "pick",
        None,
        [pass_everything, open_the_pick, "2", "next", Go("complete"), "next", Go("exam"), "again"],
    ),
    (
        "trained-again",
        "where",
        "sound",
        ["1, 2, 3, 4", Go("train"), press(**GENTLE), Wait(60), Go("where")],
    ),
)

SPEAKS = (
    '{"role": "system", "content": "You are kind."}',
    '{"role": "user", "content": "Where is the saw?"}',
    '{"role": "assistant", "content": "Find it.", "weight": 0}',
    '{"role": "user", "content": "Where, please?"}',
    '{"role": "assistant", "content": "In aisle six."}',
)
WHOLE = f'{{"messages": [{", ".join(SPEAKS)}]}}'
DEAF = {"lines": ("single",), "weights": ("marked",), "history": ("last",), "messages": ()}
CURT = {"lines": ("rough",), "weights": ("all",), "history": ("all",), "messages": ("where",)}
KEEPS = {"lines": ("multi",), "weights": ("marked",), "history": ("all",), "messages": ("power",)}
LOOK_FOR, LONG, RUNS_ON = "I look for a jigsaw", "How long is the warranty?", "What does it run on?"
MONTH: dict[str, Given] = {
    "now": ("gpt-4-1",),
    "tuned": ("gpt-4-1-nano",),
    "volume": "10000",
    "reads": "2000",
}
MONTH |= {"writes": "4000", "dropped": "0", "hosting-price": "1.7"}


def forget_the_trial(learner: Practice) -> None:
    learner.pass_all("tune")


def tune(kind: Mapping[str, Given]) -> tuple[Move, ...]:
    """Tune a model, and come before the talk with it."""
    return (Go("tune"), press(**kind, predicted=("keeps",)), Go("chat"))


# The same in a small lesson with a bench, by the lesson's id.
BENCH_CASES: dict[str, tuple[Case, ...]] = {
    "talks": (
        (
            "line",
            "line",
            None,
            [
                "How do I do it?",
                press(line=" "),
                press(line=WHOLE.replace(', "weight": 0', "")),
                press(line=WHOLE.replace("Where, please?", "Where else?")),
                press(line=WHOLE[:-2]),
                press(line=f"{WHOLE}\n{WHOLE}"),
                WHOLE,
                "next",
            ],
        ),
        (
            "tune",
            "tune",
            None,
            [
                "What is to be done?",
                "9",
                press(**DEAF, predicted=()),
                press(**{**DEAF, "history": ()}, predicted=("keeps",)),
                press(**DEAF, predicted=("keeps",)),
                press(**DEAF),
                "Boxes: Curt ones",
                press(**CURT),
                "Sent: 7",
                "next",
                "Several turns; As weighted; All messages; none",
                press(**CURT),
                press(**KEEPS),
            ],
        ),
        (
            "tune-foreseen",
            "tune",
            None,
            [press(**DEAF, predicted=("loses",)), press(**KEEPS), press(**CURT)],
        ),
        (
            "tune-fails",
            "tune",
            None,
            [
                wait_for_workers,
                press(**DEAF, predicted=("loses",)),
                "Boxes: Curt ones",
                the_worker_fails,
                press(**DEAF),
                the_worker_brings_it,
            ],
        ),
        ("chat-none", "chat", None, [LONG, forget_the_trial, Go("chat"), LONG]),
        (
            "chat",
            "chat",
            None,
            [
                *tune(KEEPS),
                " ",
                "jigsaw " * 50,
                LONG,
                LOOK_FOR,
                LONG,
                RUNS_ON,
                "And the lawn mower, where is that?",
                press(),
                LOOK_FOR,
                *tune(DEAF),
            ],
        ),
        ("chat-deaf", "chat", None, [*tune(DEAF), LOOK_FOR, LONG, RUNS_ON, "a new conversation"]),
        ("chat-end", "chat", None, [*tune(DEAF), *[LONG] * 13]),
        (
            "chat-fails",
            "chat",
            None,
            [
                *tune(KEEPS),
                wait_for_workers,
                LOOK_FOR,
                LONG,
                the_worker_brings_it,
                RUNS_ON,
                the_worker_fails,
            ],
        ),
        ("swapped-none", "swapped", None, ["1"]),
        ("swapped", "swapped", "sound", ["1"]),
        ("swapped-narrow", "swapped", "narrow", ["next"]),
    ),
    "prices": (
        (
            "bill",
            "bill",
            None,
            [
                "volume",
                press(**{**MONTH, "volume": "99"}),
                press(**{**MONTH, "volume": "many"}),
                press(**{**MONTH, "now": ()}),
                press(**MONTH),
                "Conversations: 9,000",
                press(**{**MONTH, "now": ("gpt-4-1-mini",), "volume": "1000000"}),
                "An hour, $: 0; Conversations: 200",
                *(f"Conversations: {volume},000" for volume in (11, 12, 13)),
                "1; 3; 100,000; 2000; 4000; 0; 1.7",
            ],
        ),
    ),
}
ALL_CASES = [
    *(pytest.param("", case, id=case[0]) for case in CASES),
    *(
        pytest.param(name, case, id=case[0])
        for name, found in BENCH_CASES.items()
        for case in found
    ),
]


def learner_of(
    at: Place, with_model: WithModel, at_bench: AtBench, lesson: str, case: Case
) -> Practice:
    """The learner with whom a case begins."""
    _, step, kind, _ = case
    if lesson:
        return at_bench(lesson, step, kind)
    return with_model(step, kind) if kind else at(step)


@pytest.mark.parametrize(("lesson", "case"), ALL_CASES)
def test_a_step_is_put_and_answered_as_before(
    at: Place, with_model: WithModel, at_bench: AtBench, lesson: str, case: Case
) -> None:
    name, _, _, moves = case
    learner = learner_of(at, with_model, at_bench, lesson, case)
    lines = map(_same_everywhere, _shortened(_story(learner, moves)))
    told = "".join(f"{text}\n" for text in lines)
    shown = re.sub(r"\b[0-9a-f]{32}\b", "(key)", told)
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("REWRITE_CHATS"):
        golden.write_text(shown, "utf-8")
    assert shown == golden.read_text("utf-8"), f"{name} is otherwise: REWRITE_CHATS=1 renews it"


def _same_everywhere(line: str) -> str:
    """A line; without its figures where a run diverged: each kind of processor makes others."""
    figures = map(float, re.findall(r"\d+\.\d+", line))
    diverged = "loss" in line and any(figure > DIVERGED for figure in figures)
    return re.sub(r"\d+(\.\d+)?", "#", line) if diverged else line


def test_every_golden_file_is_held_by_a_case() -> None:
    assert {f.stem for f in GOLDEN.glob("*.txt")} == {case.id for case in ALL_CASES}


def _story(learner: Practice, moves: Sequence[Move]) -> Iterator[str]:
    yield from _told(learner.look())
    for move in moves:
        match move:
            case str(text):
                yield f"\n> {text}"
                yield from _told(learner.type(text))
            case Press(do, values):
                if do not in learner.buttons:
                    learner.press("again") if "again" in learner.buttons else learner.look()
                yield f"\n> [{do}] {values}"
                yield from _told(learner.press(do, **values))
            case Go(step):
                learner.go(step)
                yield f"\n> to {step}"
                yield from _told(learner.look())
            case Wait(seconds):
                for seen in learner.wait(seconds):
                    yield f"\n> by and by, {learner.now:%M:%S}"
                    yield from _told(seen)
            case _:
                yield f"\n> {move.__name__.replace('_', ' ')}"
                came = move(learner)
                if came:
                    yield from _told(came)


def _shortened(lines: Iterator[str]) -> Iterator[str]:
    """The lines; one that was read before is there by its beginning."""
    known: set[str] = set()
    for line in lines:
        yield f"{line[:SHORT]} …" if line in known and len(line) > SHORT else line
        known.add(line)


def _told(seen: Seen) -> Iterator[str]:
    score = "" if seen.score is None else f" {seen.score:.2f}"
    record = seen.record
    yield f"= {seen.outcome}{score}, {_written(record)}"
    for message in seen.messages:
        yield from _card(message)
        if message.instead:
            yield "  instead:"
            yield from _card(message.instead)
    for fact in seen.facts:
        told = fact.model_dump(exclude={"at", "kind", "lesson", "run", "seconds", "picks", "key"})
        yield f"  ! {fact.kind} {_written(told)}"
    for later in seen.later:
        match later:
            case At():
                yield f"  @ {later.key} {later.time:%H:%M:%S} {later.event.name}"
            case Compute():
                yield f"  @ {later.step} {type(later.recipe).__name__}"


def _card(message: Message) -> Iterator[str]:
    for block in message.blocks:
        if not isinstance(block, ProgressBar | Terms):
            yield f"  {_written(block)}"
    for button in message.buttons:
        if not isinstance(button.do, Command):
            yield f"  {_written(button)}"
    ways = [f"[{b.text}]{'*' * b.primary}" for b in message.buttons if isinstance(b.do, Command)]
    if ways:
        yield f"  {' '.join(ways)}"
    if message.suggestions:
        yield f"  {message.suggestions}"


def _written(value: object) -> str:
    """A value with what of it isn't as usual."""
    match value:
        case float():
            return f"{value:.3g}"
        case tuple() | list():
            return f"[{', '.join(_written(v) for v in value)}]"
        case dict():
            return f"{{{', '.join(f'{k}: {_written(v)}' for k, v in value.items())}}}"
        case Button():
            primary = "*" if value.primary else ""
            return f"[{value.text}]{primary} {value.do} ({value.typed})"
        case _ if is_dataclass(value) and not isinstance(value, type):
            held = {f.name: (getattr(value, f.name), f.default) for f in fields(value)}
            parts = (
                f"{name}={_written(v)}"
                for name, (v, usual) in held.items()
                if usual is MISSING or v != usual
            )
            return f"{type(value).__name__}({', '.join(parts)})"
        case _:
            return repr(value)
