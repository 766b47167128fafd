"""Frames a step: the progress bar, the title, terms and navigation."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from content.cached import cached_by_identity
from content.digest import digest as content_digest
from content.lesson import (
    CompleteStep,
    Lesson,
    Phase,
    Requirement,
    StartStep,
    Step,
)
from content.strings import TutorStrings
from dialogs.journey import COMPLETE
from dialogs.reading.typed import chosen, number
from dialogs.steps import complete, registry
from dialogs.values.actions import Answer, Command, Goto
from dialogs.values.events import Pressed, Typed
from dialogs.values.replies import (
    Arrange,
    BarPhase,
    Block,
    Bullets,
    Button,
    Chart,
    Code,
    Details,
    Input,
    Message,
    Notice,
    Number,
    PickInto,
    ProgressBar,
    Screen,
    Select,
    Stamp,
    StepLine,
    Terms,
    Text,
    Utterance,
    Write,
    WriteJsonl,
)
from dialogs.values.replies import Dialogue as Lines
from dialogs.values.scene import Ask, Scene, StepEvent
from dialogs.work import requirements

MOST_TALKS = 4  # buttons to models, in a look back
LONGEST_RECALLED = 80  # characters of an answer above the next question


def stamp(scene: Scene, step: Step) -> Stamp:
    """The stamp of this moment's buttons: a later press of them is stale."""
    progress = scene.progress
    return Stamp(progress.lesson, step.id, progress.ticket, content_digest(step), scene.learner)


def line(scene: Scene, step: Step) -> StepLine:
    """The step in one line: its title, whether it is done, at which try it was answered right."""
    words, record = scene.strings.tutor, scene.record
    done = requirements.may_leave(step, scene.progress)
    result = ""
    if record.status == "passed" and requirements.is_assessed(step):
        tries = words.line_at_once if record.attempts <= 1 else words.line_tries
        result = tries.format(tries=record.attempts)
    elif not done:
        result = words.line_open
    return StepLine(step.title, done, result)


def slot(step: Step) -> str | None:
    """What a step's newest message replaces where that can be: of those to which more comes."""
    return step.id if step.live or step.converses else None


def bar(scene: Scene, step: Step) -> tuple[Block, ...]:
    """The progress bar; nothing on the start screen."""
    if isinstance(step, StartStep):
        return ()
    return (_bar(scene.lesson, scene.strings.tutor, step, scene.progress.frontier),)


@cached_by_identity(1000)
def _bar(lesson: Lesson, words: TutorStrings, step: Step, frontier: str) -> ProgressBar:
    here = lesson.phase_of(step.id)
    ids = [p.id for p in lesson.phases]
    reached = len(ids) if frontier == COMPLETE else ids.index(frontier)
    parts = tuple(_part(p, step, is_done=n < reached) for n, p in enumerate(lesson.phases))
    steps = lesson.steps
    value = [s.id for s in steps].index(step.id)
    if here is None:
        label = lesson.title
    else:
        label = words.phase_label.format(
            phase=ids.index(here.id) + 1,
            phases=len(ids),
            title=here.title,
            step=[s.id for s in here.steps].index(step.id) + 1,
            steps=len(here.steps),
        )
    return ProgressBar(label, value, len(steps) - 1, parts)


def _part(phase: Phase, step: Step, *, is_done: bool) -> BarPhase:
    names = [s.id for s in phase.steps]
    if step.id in names:
        return BarPhase(phase.title, "here", round(names.index(step.id) / len(names), 2))
    return BarPhase(phase.title, "done", 1.0) if is_done else BarPhase(phase.title, "ahead")


def terms(scene: Scene, step: Step) -> tuple[Block, ...]:
    """The step's technical terms, each in one sentence."""
    pairs = _pairs(scene.lesson, step)
    return (Terms(scene.strings.tutor.terms, pairs),) if pairs else ()


@cached_by_identity(1000)
def _pairs(lesson: Lesson, step: Step) -> tuple[tuple[str, str], ...]:
    known = {g.id: g for g in lesson.glossary}
    return tuple((known[t].term, known[t].meaning) for t in step.terms if t in known)


def navigation(scene: Scene, step: Step, ask: Ask) -> tuple[Button, ...]:
    """Next where it may be pressed, Back, skip where there is a tutorial, Help."""
    words = scene.strings.tutor
    buttons: list[Button] = []
    ends = isinstance(step, StartStep | CompleteStep)
    if not ends and requirements.may_leave(step, scene.progress):
        buttons.append(Button(words.next, Command("next"), words.next, primary=_reads(ask, scene)))
    if not isinstance(step, StartStep):
        buttons.append(Button(words.back, Command("back"), words.back))
    buttons += return_ways(scene, step)
    if step.tutorial:
        buttons.append(Button(words.skip_tutorial, Command("skip"), words.skip_tutorial))
    buttons.append(Button(words.help, Command("help"), words.help))
    return tuple(buttons)


def return_ways(scene: Scene, step: Step) -> tuple[Button, ...]:
    """The button back to the step that was tried and left to look something up again.

    Who has finished gets back to the end by it.
    """
    steps, there = scene.lesson.steps, requirements.barrier(scene.lesson, scene.progress)
    if scene.progress.frontier == COMPLETE and steps.index(step) in range(1, len(steps) - 2):
        end = scene.strings.tutor.look_end
        return (Button(end, Goto(scene.lesson.complete.id), end),)
    if there is None or scene.progress.record(there.id).status != "tried":
        return ()
    if steps.index(there) <= steps.index(step) + 1:
        return ()  # Next does the same
    title = scene.strings.assess.complete_goto.format(title=there.title)
    return (Button(title, Goto(there.id), there.title),)


def _reads(ask: Ask, scene: Scene) -> bool:
    """Whether Next is the one thing to do: nothing is asked, or it was passed."""
    asks = any(b.primary for b in ask.buttons)
    return not asks or scene.record.status == "passed"


def asked(
    scene: Scene, step: Step, lead: Sequence[Block] = (), left: Pressed | None = None
) -> Message:
    """The step as it is put to the learner, after `lead` (feedback on what came before).

    `left` is what the learner left in the card's inputs: a slip costs nobody what was written.
    """
    ask = registry.present(step, scene)
    asks = tuple(refilled(b, left) for b in ask.blocks) if left else ask.blocks
    how = _how(ask)
    # Who is answered has seen the terms already.
    known = () if lead else terms(scene, step)
    head = _head(scene, step)
    read = (*head, *lead, *asks, *known)
    stays = 0
    if ask.stays or not ask.buttons:
        stays = next((n for n, b in enumerate(read) if _is_answer(b)), len(read))
    news = len(head) if lead else 0
    return replace(_message(scene, step, (*read, *how), ask), stays=stays, news=news)


def _how(ask: Ask) -> tuple[Text, ...]:
    """What can be typed: in place of pressing, or as the one thing to do."""
    if not ask.typed:
        return ()
    presses = ask.buttons or any(isinstance(block, Input) for block in ask.blocks)
    return (Text(ask.typed, "how" if presses else "small"),)


def asked_again(
    scene: Scene,
    step: Step,
    lead: Sequence[Block],
    left: Pressed | None,
    between: Sequence[Block] = (),
) -> Message:
    """The step put again after a slip, of which `lead` tells; `between` leads on to the question.

    In place of the question it says so below: what was asked and chosen stays where it was.
    """
    plain = asked(scene, step, (*lead, *between), left)
    head, said = len(_head(scene, step)), len(lead) + len(between)
    asks = plain.blocks[head + said :]
    whole = (*plain.blocks[:head], *asks, *lead)
    in_place = replace(plain, blocks=whole, stays=0, news=head + len(asks))
    return replace(plain, instead=in_place)


def missed(scene: Scene, step: Step, lead: Sequence[Block], left: Pressed | None) -> Message:
    """The step put once more after a wrong answer, of which `lead` says what was wrong."""
    return asked_again(scene, step, lead, left, (Text(scene.strings.tutor.once_more, "heading"),))


def resulted(
    scene: Scene, step: Step, result: Sequence[Block], recalled: Sequence[Block] = ()
) -> Message:
    """What came of an answer that isn't judged, and the step as it goes on.

    Of what is `recalled`, the question with its chart and the answers are said again where the
    result takes the place of what was answered, but for what is put once more.
    """
    ask = registry.present(step, scene)
    head, asks = _head(scene, step), (*ask.blocks, *_how(ask))
    plain = _message(scene, step, (*head, *result, *asks), ask)
    gone = [
        b for b in recalled if b not in ask.blocks and isinstance(b, Input | Chart | Text | Code)
    ]
    if not any(isinstance(b, Input) for b in gone):
        gone = []  # what was answered stands there still
    recall = tuple(_brief(shown) for b in gone for shown in read_only(b))
    told = (*head, *recall, *result)
    stays = len(told)
    if ask.stays and scene.record.status == "passed":  # what was looked at can be looked up
        stays += next((n for n, b in enumerate(ask.blocks) if _is_answer(b)), len(ask.blocks))
    news = len(head) + len(recall)
    whole = replace(plain, blocks=(*told, *asks), stays=stays, news=news)
    plain = replace(plain, stays=stays - len(recall), news=len(head))
    return replace(plain, instead=whole if recall else None)


def replied(scene: Scene, step: Step, said: Sequence[Block]) -> tuple[Message, ...]:
    """What is said in a conversation, with what may be said next; the step's card goes along."""
    words, card = scene.strings.tutor, asked(scene, step)
    passed = scene.record.status == "passed"
    buttons = tuple(registry.present(step, scene).buttons)
    if requirements.may_leave(step, scene.progress):
        buttons = (*buttons, Button(words.next, Command("next"), words.next, primary=passed))
    message = Message(
        tuple(said), buttons, card.suggestions, card.stamp, stays=len(said), puts=True
    )
    # What is left to press stands below then.
    renewed = replace(card, buttons=(), suggestions=()) if passed else card
    return (Message((), slot=card.slot, instead=renewed), message)


def _head(scene: Scene, step: Step) -> tuple[Block, ...]:
    own = () if isinstance(step, StartStep) else (Text(step.title, "title"),)
    return (*bar(scene, step), *own)


def refilled(block: Block, left: Pressed) -> Block:
    """A block; an input as the learner left it."""
    match block:
        case (
            Select(id=name, options=items)
            | PickInto(id=name, items=items)
            | Arrange(id=name, items=items)
        ) if name in left.picks:
            known = {item.id for item in items}
            return replace(block, value=tuple(i for i in left.picks[name] if i in known))
        case Number(id=name) if name in left.texts:
            told = number(left.texts[name])
            return block if told is None else replace(block, value=told)
        case Write(id=name) | WriteJsonl(id=name) if name in left.texts:
            return replace(block, value=left.texts[name])
        case _:
            return block


def held(scene: Scene, step: Step) -> dict[str, tuple[str, ...]]:
    """What is ticked on the card as it is shown: it goes along when a button's words are typed."""
    blocks = registry.present(step, scene).blocks
    return {b.id: b.value for b in blocks if isinstance(b, Select) and b.many and b.value}


def given(scene: Scene, step: Step, event: StepEvent) -> Pressed | None:
    """What a learner gave, as the step's inputs would hold it; None where nobody gave anything."""
    match event:
        case Pressed():
            return event
        case Typed(text=text):
            forms, blocks = scene.strings.tutor.typing, registry.present(step, scene).blocks
            picks: dict[str, tuple[str, ...]] = {}
            texts: dict[str, str] = {}
            for block in blocks:
                match block:
                    case (
                        Select(id=name, options=items)
                        | PickInto(id=name, items=items)
                        | Arrange(id=name, items=items)
                    ):
                        picks[name] = chosen(text, items, forms) or ()
                    case Write(id=name, long=True) | WriteJsonl(id=name):
                        texts[name] = text
                    case _:
                        pass
            there = vars(stamp(scene, step))
            return Pressed(**there, do=Answer(), picks=picks, texts=texts)
        case _:
            return None


def recalled(before: Scene, after: Scene, step: Step, left: Pressed | None) -> tuple[Block, ...]:
    """What was asked, with what the learner gave; nothing of what was looked at or tried out.

    Lists tell how far one is, or hold figures; those stand elsewhere.
    """
    if left is None or step.live:
        return ()
    was = registry.present(step, before).blocks
    if not any(map(_is_answer, was)):
        return ()
    now = registry.present(step, after).blocks
    held = {b.id: b for b in now if isinstance(b, Input)}
    # A screen tells by itself what was filled in.
    screen = next((b for b in now if isinstance(b, Screen)), None)
    inside = {part.input for part in screen.parts} if screen else set()
    asked = (b for b in was if not (isinstance(b, Input) and b.id in inside))
    return tuple(
        screen if screen and isinstance(b, Screen) else _as_kept(refilled(b, left), held)
        for b in asked
        if not isinstance(b, Details | Bullets)
    )


def _is_answer(block: Block) -> bool:
    return isinstance(block, Input) and not (isinstance(block, Select) and block.look == "menu")


def _as_kept(block: Block, held: Mapping[str, Input]) -> Block:
    """An input as the step keeps its answer, where it does; what was given may be read anew."""
    if not isinstance(block, Input):
        return block
    kept = held.get(block.id)
    is_same = type(kept) is type(block) and kept is not None and kept.label == block.label
    return kept if kept is not None and is_same and kept.value not in ((), "") else block


def reviewed(scene: Scene, step: Step) -> Message:
    """A passed step, to be read: its inputs as they were answered, and "Try again"."""
    words = scene.strings.tutor
    ask = registry.present(step, scene)
    read = tuple(shown for b in ask.blocks for shown in read_only(b))
    blocks = (
        *bar(scene, step),
        Text(step.title, "title"),
        Notice("good", words.passed_already, words.right),
        *read,
        *terms(scene, step),
    )
    again = Button(words.try_again, Command("again"), words.try_again)
    ways = (*navigation(scene, step, ask), again)
    marked = stamp(scene, step)
    return Message(blocks, ways, stamp=marked, stays=len(blocks), puts=True, line=line(scene, step))


def answered(
    scene: Scene,
    step: Step,
    blocks: Sequence[Block],
    more: Sequence[Button] = (),
    recalled: Sequence[Block] = (),
) -> Message:
    """Feedback on a passed answer, with Next as the one thing to do; `more` are other ways on.

    `recalled` is said again, under the title, where the feedback takes the place of the question.
    """
    words = scene.strings.tutor
    buttons = (
        Button(words.next, Command("next"), words.next, primary=True),
        *more,
        Button(words.back, Command("back"), words.back),
        Button(words.try_again, Command("again"), words.try_again),
    )
    told = (*bar(scene, step), *blocks)
    marked, place, stays = stamp(scene, step), slot(step), len(told)
    named = line(scene, step)
    plain = Message(told, buttons, stamp=marked, slot=place, stays=stays, puts=True, line=named)
    recall = tuple(shown for b in recalled for shown in _told_again(b, blocks))
    told_already = {b.value for b in recalled if isinstance(b, Write)}
    told_already |= {b.text for b in recall if isinstance(b, Text)}
    new = (b for b in blocks if b not in recall and not _repeats(b, told_already))
    before = (*_head(scene, step), *recall)
    whole = (*before, *new)
    in_place = replace(plain, blocks=whole, stays=len(whole), news=len(before))
    return replace(plain, instead=in_place)


def _brief(block: Block) -> Block:
    """An answer of long before in as many words as it needs to be known by."""
    if not isinstance(block, Bullets):
        return block
    width = LONGEST_RECALLED
    cut = (i if len(i) <= width else f"{i[:width].rsplit(' ', 1)[0]} …" for i in block.items)
    return replace(block, items=tuple(cut))


def _told_again(block: Block, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """What a learner gave, to be read, without what is explained below: a list with its name."""
    read = read_only(block)
    left = tuple(shown for shown in read if not _is_explained(shown, blocks))
    return () if isinstance(block, PickInto | Arrange) and left != read else left


def _is_explained(block: Block, blocks: Sequence[Block]) -> bool:
    """Whether each of the options that were chosen is named where it is explained."""
    told = " ".join(item for b in blocks if isinstance(b, Bullets) for item in b.items)
    return isinstance(block, Bullets) and all(item.lstrip("☑ ") in told for item in block.items)


def _repeats(block: Block, told: AbstractSet[str]) -> bool:
    """Whether a block says nothing but what stands above it."""
    match block:
        case Lines(lines=lines):
            return {line.text for line in lines} <= told
        case Bullets(items=items):
            return set(items) <= told
        case _:
            return False


def _message(scene: Scene, step: Step, blocks: tuple[Block, ...], ask: Ask) -> Message:
    own, more = ask.buttons, navigation(scene, step, ask)
    first = [b for b in (*own, *more) if b.primary][:1]
    rest = [replace(b, primary=False) if b.primary else b for b in (*own, *more) if b not in first]
    buttons = (*first, *rest)
    stamped, place = stamp(scene, step), slot(step)
    return Message(
        blocks, buttons, ask.suggestions, stamped, place, puts=True, line=line(scene, step)
    )


def read_only(block: Block) -> tuple[Block, ...]:
    """A block with its inputs turned into what was answered."""
    match block:
        case Select(label=label, options=options, value=value):
            chosen = tuple(f"☑ {option.text}" for option in options if option.id in value)
            return (Text(label, "strong"), Bullets(chosen))
        case PickInto(target=target, items=items, value=value):
            inside = tuple(i.text for i in items if i.id in value)
            return (Text(target, "strong"), Bullets(inside))
        case Arrange(target=target, items=items, value=value):
            texts = {i.id: i.text for i in items}
            placed = tuple(texts[v] for v in value if v in texts)
            return (Text(target, "strong"), Bullets(placed, numbered=True))
        case Number(label=label, value=number):
            return (Text(f"{label}: **{number:g}**"),)
        case Write(value=""):
            return ()
        case Write(label=label, value=text):
            return (Text(label, "strong"), Lines((Utterance("", text, "customer"),)))
        case WriteJsonl(label=label, value=text):
            return (Text(label, "strong"), Code(text))
        case Details() | _:
            return (block,)


def overview(scene: Scene) -> Message:
    """The `progress` answer: requirements of each phase, finished steps, where one is."""
    words, lesson, progress = scene.strings.tutor, scene.lesson, scene.progress
    ids = [p.id for p in lesson.phases]
    reached = len(ids) if progress.frontier == COMPLETE else ids.index(progress.frontier)
    here = lesson.step(progress.cursor) or lesson.start
    blocks: list[Block] = [*bar(scene, here), Text(words.progress_title, "title")]
    for n, phase in enumerate(lesson.phases):
        line = words.phase_done if n < reached else words.phase_here
        if n > reached:
            line = words.phase_ahead
        blocks.append(Text(line.format(title=phase.title), "strong"))
        if n <= reached:
            missing = requirements.open_requirements(phase, progress)
            blocks.append(
                Bullets(tuple(_requirement(scene, r, missing) for r in phase.requirements))
            )
    blocks.append(Text(words.now_at.format(title=here.title)))
    finished = finished_steps(scene)
    if finished:
        lines = tuple(
            words.review_line.format(number=n, title=s.title) for n, s in enumerate(finished, 1)
        )
        titles = tuple(Text(line) for line in lines)
        blocks.append(Details(words.review_title, (*titles, Text(words.review_how, "small"))))
    go_on = Button(words.go_on, Goto(here.id), words.go_on, primary=True)
    return Message(tuple(blocks), (go_on,), stamp=stamp(scene, here))


def _requirement(scene: Scene, requirement: Requirement, missing: tuple[Requirement, ...]) -> str:
    words, lesson = scene.strings.tutor, scene.lesson
    if requirement not in missing:
        return words.requirement_met.format(text=requirement.text)
    steps = [lesson.step(s) for s in requirement.steps]
    open_ones = [s.title for s in steps if s and scene.progress.record(s.id).status != "passed"]
    line = words.requirement_open.format(text=requirement.text)
    return f"{line} – {words.still_open.format(steps=', '.join(open_ones))}"


def finished_steps(scene: Scene) -> tuple[Step, ...]:
    """The passed steps, in order: `review 2` means the second of them.

    Of a finished lesson these are all steps, those to be read, too.
    """
    if scene.progress.frontier == COMPLETE:
        return tuple(step for phase in scene.lesson.phases for step in phase.steps)
    return tuple(s for s in scene.lesson.steps if scene.progress.record(s.id).status == "passed")


def look_back(scene: Scene) -> Message:
    """A finished lesson to come back to: the models, best practices, every step and its result.

    Of one that isn't finished it is told how far it is.
    """
    words, lesson, progress = scene.strings.tutor, scene.lesson, scene.progress
    if progress.frontier != COMPLETE:
        return overview(scene)
    here = lesson.step(progress.cursor) or lesson.start
    tips = [tip for one in lesson.steps for tip in getattr(one, "tips", ())]
    blocks: list[Block] = [Text(words.look_title, "title"), Text(words.look_talk)]
    if figures := complete.figures_of_run(scene):
        blocks.append(Details(words.look_model, (Bullets(figures),)))
    if tips:
        blocks.append(Details(words.look_practices, (Bullets(tuple(dict.fromkeys(tips))),)))
    numbers = {step.id: n for n, step in enumerate(finished_steps(scene), 1)}
    for phase in lesson.phases:
        lines = tuple(Text(_looked(scene, step, numbers[step.id])) for step in phase.steps)
        blocks.append(Details(phase.title, lines))
    blocks.append(Text(words.review_how, "small"))
    talks = [step for step in lesson.steps if step.converses][:MOST_TALKS]
    ways = tuple(Button(step.title, Goto(step.id), step.title) for step in talks)
    get, end = scene.strings.certificate.get, words.look_end
    certificate = Button(get, Command("certificate"), words.commands["certificate"][0])
    last = Button(end, Goto(lesson.complete.id), lesson.complete.title, primary=True)
    return Message(tuple(blocks), (last, *ways, certificate), stamp=stamp(scene, here))


def _looked(scene: Scene, step: Step, number: int) -> str:
    """A step in a line of a look back: its number, and how it went."""
    words = scene.strings.tutor
    result = line(replace(scene, step_id=step.id), step).result
    if not result:
        return words.review_line.format(number=number, title=step.title)
    return words.look_line.format(number=number, title=step.title, result=result)


def help_for(scene: Scene, step: Step) -> Message:
    """The step's own help, its terms, and what can be typed."""
    words = scene.strings.tutor
    blocks = (
        Text(words.help_title, "heading"),
        Text(step.help),
        *_how(registry.present(step, scene)),
        *terms(scene, step),
        Text(words.help_commands, "small"),
        Text(words.help_also, "small"),
    )
    go_on = Button(words.go_on, Goto(step.id), words.go_on, primary=True)
    progress = Button(words.progress, Command("progress"), words.progress)
    again = Button(words.lessons_title, Command("lessons"), words.lessons_title)
    return Message(blocks, (go_on, progress, again), stamp=stamp(scene, step))
