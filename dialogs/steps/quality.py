"""The quality step: a checklist, each point of it answered about the learner's own set."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal, assert_never, get_args

from content.lesson import Conversation, QualityCheck, QualityStep, SelectionStep
from dialogs.simulations.persona import Company, Example
from dialogs.steps.choice import read
from dialogs.values.actions import Answer
from dialogs.values.facts import Picked
from dialogs.values.kept import Kept
from dialogs.values.replies import (
    Block,
    Bullets,
    Button,
    Code,
    Download,
    Item,
    Notice,
    Select,
    Text,
)
from dialogs.values.scene import (
    Ask,
    Ignored,
    Judged,
    Noted,
    Outcome,
    Scene,
    StepEvent,
    Unclear,
    pick_of,
)
from dialogs.work import training_set
from dialogs.work.data_problems import data_faults, data_problems
from dialogs.work.models import examples, own_set, set_figures
from dialogs.work.persona_company import company_of

SHOWN = 2  # of the learner's own lines, beside the one that is off
SHORT = 8  # of all lines, the shortest one in so many is short enough to be shown
BEGINNING = 4  # words of a text where its JSON is what is looked at
LONGEST_SHOWN = 80  # characters of a line that is advised against
LEAST, ADVISED = 10, 50  # lines: the service's minimum, and what its documentation advises
FAR = 3  # of all replies to other matters, one in so many is far enough from a message
FIXED = "off"  # the id of the line that the question is about

Fault = Literal["brace", "unquoted", "single", "comma"]
FAULTS: tuple[Fault, ...] = get_args(Fault)


@dataclass(frozen=True)
class State(Kept):
    """The checks that were answered rightly."""

    ticked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Puzzle:
    """A check put as a question: what to look at, the options, the right one.

    `told` comes with the right answer: what it was.
    """

    options: tuple[Item, ...]
    right: str
    blocks: tuple[Block, ...] = ()
    told: str = ""


def _open(step: QualityStep, state: State) -> QualityCheck | None:
    return next((c for c in step.checks if c.id not in state.ticked), None)


def present(step: QualityStep, scene: Scene) -> Ask:
    """The checklist with its ticks, and the next point as a question."""
    words = scene.strings.data
    state = State.of(scene.record.state)
    ticks = tuple(
        (words.quality_done if c.id in state.ticked else words.quality_open).format(text=c.text)
        for c in step.checks
    )
    whole = (Text(words.quality_progress, "strong"), Bullets(ticks))
    check = _open(step, state)
    if check is None:
        return Ask((*whole, *_own_advised(scene), _download(scene)))
    done, of = len(state.ticked), len(step.checks)
    so_far = Text(words.quality_so_far.format(done=done, of=of), "small")
    lead = (so_far,) if done else (Text(step.prompt), *whole)
    head: tuple[Block, ...] = (*lead, *_own_advised(scene))
    if not examples(scene):
        return Ask((*head, Notice("info", words.quality_no_set)))
    posed = puzzle(check, scene)
    select = Select("picked", check.question.format(**_figures(scene)), posed.options)
    button = Button(words.quality_check, Answer(), words.quality_check, primary=True)
    blocks = (*head, Text(check.text, "heading"), *posed.blocks, select)
    return Ask(blocks, (button,), typed=scene.strings.tutor.type_number)


def answer(step: QualityStep, scene: Scene, given: StepEvent) -> Outcome:
    """Tick the point when its question is answered rightly; passed with all ticks and a sound set.

    The score is the share of points ticked so far. About an unsound set they are asked anew.
    """
    words, tutor = scene.strings.data, scene.strings.tutor
    state = State.of(scene.record.state)
    check = _open(step, state)
    if check is None:
        return Ignored()
    if not examples(scene):
        return Unclear(words.quality_no_set)
    posed = puzzle(check, scene)
    picked = read(given, posed.options, tutor.typing)
    if len(picked) != 1:
        return Unclear(tutor.choose_just_one)
    answered = pick_of(check.id, posed.options, picked)
    figures = _figures(scene)
    if picked[0] != posed.right:
        wrong = Notice("warning", check.wrong.format(**figures), tutor.not_yet)
        score = len(state.ticked) / len(step.checks)
        return Judged(passed=False, score=score, blocks=(wrong,), state=state, answered=answered)
    after = State(ticked=(*state.ticked, check.id))
    told = f"{posed.told} {check.right.format(**figures)}".strip()
    right = Notice("good", told, tutor.right)
    if _open(step, after) is not None:
        return Noted((right,), after)
    return _end(step, scene, after, right, answered)


def left_over(step: QualityStep, scene: Scene) -> Outcome | None:
    """How the step ends where an edit took away every point that was still open."""
    state = State.of(scene.record.state)
    if not state.ticked or _open(step, state) is not None or not examples(scene):
        return None
    return _end(step, scene, state, Notice("info", scene.strings.tutor.changed_done))


def _end(
    step: QualityStep, scene: Scene, state: State, told: Notice, answered: tuple[Picked, ...] = ()
) -> Outcome:
    """All points are ticked: passed if the set is sound."""
    problems = data_faults(scene)
    if problems:
        return Noted((told, *_unsound(scene, problems)), State(), waive=True)
    blocks = (told, Text(step.praise), _download(scene))
    return Judged(passed=True, score=1.0, blocks=blocks, state=state, answered=answered)


def _unsound(scene: Scene, problems: Sequence[str]) -> tuple[Block, ...]:
    """What keeps the set from being ready, and where it is mended."""
    words = scene.strings.data
    source = next((s.title for s in scene.lesson.steps_of(SelectionStep)), "")
    return (
        Notice("warning", words.quality_unsound, scene.strings.tutor.not_yet),
        Bullets(tuple(problems)),
        Text(words.quality_mend.format(title=source)),
    )


def _own_advised(scene: Scene) -> tuple[Notice, ...]:
    """What the learner's own lines would teach that they may not mean."""
    words, company = scene.strings.data, company_of(scene)
    return tuple(
        Notice("warning", words.quality_own.format(reply=_shortened(reply), advice=advice))
        for message, reply in own_set(scene).own
        for advice in company.advice(reply, message)
    )


def _shortened(reply: str) -> str:
    """The beginning of a reply, as long as a line of it needs to be known by."""
    return reply if len(reply) <= LONGEST_SHOWN else f"{reply[:LONGEST_SHOWN].rstrip()}…"


def _download(scene: Scene) -> Download:
    name = scene.strings.data.quality_download
    return Download(name, scene.lesson.id, "training-set.jsonl")


def _figures(scene: Scene) -> dict[str, object]:
    found = set_figures(scene)
    return {"lines": found.lines, "topics": len(found.topics)}


def puzzle(check: QualityCheck, scene: Scene) -> Puzzle:
    """The question of a check, made of the learner's own lines."""
    match check.about:
        case "tone":
            return _tone(scene)
        case "topics":
            return _topics(scene)
        case "pairs":
            return _pairs(scene)
        case "format":
            return _format(scene)
        case "quantity":
            return _quantity(scene)
        case _:
            assert_never(check.about)


def _dice(scene: Scene, about: str) -> Random:
    return Random(f"{scene.seed}/{about}")


def _some(dice: Random, lines: Sequence[Example], most: int) -> list[Example]:
    """Some of the lines, of the shorter ones."""
    short = sorted(lines, key=lambda e: len(e.message) + len(e.reply))
    return dice.sample(short[: max(most, len(short) // SHORT)], min(most, len(short)))


def _sound(scene: Scene) -> list[Example]:
    """The learner's lines without those that are off; all of them where none is left."""
    lines = examples(scene)
    off = {line for problem in data_problems(scene) for line in problem.lines}
    return [e for n, e in enumerate(lines) if n not in off] or list(lines)


def _mixed(dice: Random, own: Sequence[str], stray: str) -> tuple[Item, ...]:
    items = [Item(f"own-{n}", text) for n, text in enumerate(own)]
    items.insert(dice.randrange(len(items) + 1), Item(FIXED, stray))
    return tuple(items)


def _line(scene: Scene, example: Example) -> str:
    words = scene.strings.data
    reply = example.reply or words.quality_empty
    return words.quality_line.format(message=example.message, reply=reply)


def _tone(scene: Scene) -> Puzzle:
    """A line from the archive among the learner's own: the one that sounds least like them."""
    dice = _dice(scene, "tone")
    company, held = company_of(scene), set(examples(scene))
    goal = company.rubric.goal
    usual = set_figures(scene).means[goal]
    told = [Example(message=c.customer, reply=c.response) for c in _archived(scene)]
    strays = [e for e in told if e not in held] or told
    stray = max(strays, key=lambda e: abs(company.score(e.reply, e.message).raw[goal] - usual))
    own = [_line(scene, e) for e in _some(dice, _sound(scene), SHOWN)]
    blocks = (Text(scene.strings.data.quality_stray, "small"),)
    return Puzzle(_mixed(dice, own, _line(scene, stray)), FIXED, blocks)


def _topics(scene: Scene) -> Puzzle:
    found = max(1, len(set_figures(scene).topics))
    low = max(1, found - _dice(scene, "topics").randrange(3))
    words, own = scene.strings.data, own_set(scene)
    counts = sorted({*range(low, low + 3), found, found + 3})
    options = tuple(Item(str(n), words.quality_topics.format(number=n)) for n in counts)
    titles = "; ".join(c.title for c in _archived(scene) if c.id in own.chosen)
    wrote = (words.quality_written.format(message=message) for message, _ in own.own)
    return Puzzle(options, str(found), (Bullets((*filter(None, [titles]), *wrote)),))


def _pairs(scene: Scene) -> Puzzle:
    """A line whose reply answers another customer; those beside it answer their own."""
    dice, company = _dice(scene, "pairs"), company_of(scene)
    shown = [Example(message=c.customer, reply=c.response) for c in _archived(scene) if c.good]
    short = map(_unasked, _sound(scene))
    own = [e for e in short if _fits(company, e)] or [*map(_unasked, shown)]
    first, *rest = _some(dice, own, SHOWN + 1)
    replies = _astray(company, first.message, own) or _astray(company, first.message, shown)
    others = [r for r in replies if r not in {e.reply for e in rest}] or replies
    wrong = Example(message=first.message, reply=min(others, key=len) if others else "")
    told = [_line(scene, e) for e in (_unasked(wrong), *(rest or [first]))]
    blocks = (Text(scene.strings.data.quality_stray, "small"),)
    return Puzzle(_mixed(dice, told[1:], told[0]), FIXED, blocks)


def _unasked(example: Example) -> Example:
    """An example without the question that its reply ends with, where it says more than that."""
    said, end, asked = example.reply.rpartition(". ")
    if not end or not asked.endswith("?"):
        return example
    return Example(message=example.message, reply=f"{said}.")


def _archived(scene: Scene) -> list[Conversation]:
    return [c for step in scene.lesson.steps_of(SelectionStep) for c in step.conversations]


def _fits(company: Company, example: Example) -> bool:
    """Whether the reply surely answers its message: it holds one of its matter's own phrases."""
    return company.intent_of(example.message) in _matters(company, example.reply)


def _matters(company: Company, reply: str) -> frozenset[str]:
    """The intents whose phrases a reply holds."""
    return frozenset(p.intent for p in company.phrasebook.read(reply, None) if p.intent)


def _astray(company: Company, message: str, lines: Sequence[Example]) -> list[str]:
    """Replies that surely don't answer a message: they say something of what it is least about.

    A matter of the message's own group may share its answer, and one that it is a little about
    may do as well: "I have a problem with my order" gets what a late parcel could get. A reply that
    only feels with the customer and asks what is wrong suits most.
    """
    groups = {name: intent.group for name, intent in company.world.intents.items()}
    shares = dict(zip(groups, company.read(message).shares, strict=False))
    asked = company.intent_of(message)
    group = groups[asked] if asked else None
    far: dict[str, float] = {}
    for line in lines:
        phrases = company.phrasebook.read(line.reply, None)
        matters = {p.intent for p in phrases if p.intent}
        telling = any(p.intent and p.act == company.rubric.places.only for p in phrases)
        if telling and group not in {groups[m] for m in matters}:
            far[line.reply] = max(shares.get(m, 0.0) for m in matters)
    ordered = sorted(far, key=far.__getitem__)
    return ordered[: max(1, len(ordered) // FAR)]


def _format(scene: Scene) -> Puzzle:
    """One of the learner's own lines, broken in one place; their texts are cut short."""
    dice, words = _dice(scene, "format"), scene.strings.data
    system = _beginning(training_set.system_message(scene.lesson))
    told = _some(dice, _sound(scene), SHOWN + 1)
    cut = [Example(message=_beginning(e.message), reply=_beginning(e.reply)) for e in told]
    first, *rest = [training_set.line(e, system) for e in cut]
    fault = dice.choice(FAULTS)
    order = _mixed(dice, rest or [first], _broken(first, fault))
    blocks: list[Block] = [Text(words.quality_broken, "small")]
    items = []
    for n, item in enumerate(order, 1):
        number = words.quality_lines.format(number=n)
        blocks += [Text(number, "strong"), Code(item.text)]
        items.append(Item(item.id, number))
    return Puzzle(tuple(items), FIXED, tuple(blocks), words.quality_faults[fault].format())


def _beginning(text: str) -> str:
    words = text.split()
    return text if len(words) <= BEGINNING else f"{' '.join(words[:BEGINNING])} …"


def _broken(line: str, fault: Fault) -> str:
    """A line with one fault that a person makes."""
    match fault:
        case "brace":
            return line[:-3] + line[-2:]
        case "unquoted":
            return line.replace('"role": "assistant"', '"role": assistant', 1)
        case "single":
            return line.replace('"messages"', "'messages'", 1)
        case "comma":
            return f"{line[:-2]},{line[-2:]}"
        case _:
            assert_never(fault)


def _quantity(scene: Scene) -> Puzzle:
    words, lines = scene.strings.data, set_figures(scene).lines
    options = (
        Item("few", words.quality_few),
        Item("some", words.quality_some),
        Item("enough", words.quality_enough),
    )
    right = "few" if lines < LEAST else "some" if lines < ADVISED else "enough"
    return Puzzle(options, right)
