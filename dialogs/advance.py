"""The tutor within a lesson: one event in, one turn out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import assert_never

from content.digest import FORM as VERSION_FORM
from content.digest import digest as content_digest
from content.lesson import (
    ChatStep,
    ComparisonStep,
    Completion,
    ConversationStep,
    DialogueStep,
    GlossaryEntry,
    JsonlStep,
    Lesson,
    QuizStep,
    StartStep,
    Step,
)
from content.reading import TalkName
from content.strings import CommandName, TypingForms
from dialogs import commands, digest, framing, harm, journey, own_file, talk
from dialogs.reading.talk import talk_in
from dialogs.reading.typed import after, beyond, is_emoji, is_one_of, plain
from dialogs.steps import chat, quiz, registry
from dialogs.values.actions import (
    Action,
    Agree,
    Answer,
    Ask,
    Choose,
    Command,
    Goto,
    Own,
    Say,
    Speak,
    Vote,
)
from dialogs.values.events import (
    Arrived,
    Brought,
    Called,
    Computed,
    Due,
    Edited,
    Event,
    Installed,
    Pressed,
    Reminder,
    Typed,
    Wordless,
)
from dialogs.values.facts import (
    Fact,
    HintShown,
    LessonCompleted,
    LessonStarted,
    PhaseCompleted,
    StepAnswered,
)
from dialogs.values.progress import UNTOUCHED, Progress, Record
from dialogs.values.replies import (
    Arrange,
    Block,
    Button,
    Input,
    Message,
    Notice,
    Number,
    PickInto,
    Reply,
    Select,
    Text,
    Typing,
)
from dialogs.values.scene import Ignored, Judged, Noted, Outcome, Scene, StepEvent, Unclear
from dialogs.values.turn import Turn
from dialogs.work import requirements
from dialogs.work.measured import measured
from dialogs.work.needs import LOOK
from dialogs.work.own_file import STEP as OWN_FILE

NEAREST = 3  # terms named where one isn't known
WORDS_OF_TERM = 3  # at most, without its article
LONGEST_TERM = 60  # characters that are compared with the known ones
TWICE_S = 1.0  # seconds within which who presses a button again means the same press
SLIP = 0.88  # share of equal characters from which a term is only misspelt
SHORTEST_SLIP = 7  # letters of such a term
NEAR = 0.6  # share of equal characters from which a known term is named instead
# Steps whose messages go to a model.
MODELS = (ChatStep, ComparisonStep, ConversationStep)
# What is said to a model as well.
COURTESIES: frozenset[TalkName] = frozenset(
    {"thanks", "praise", "fine", "nope", "greeting", "angry", "person"}
)


def begin(lesson: Lesson, seed: int, run: int = 1) -> Progress:
    """A learner's progress before anything happened in a run."""
    return Progress(
        lesson=lesson.id,
        version=lesson.version,
        seed=seed,
        frontier=lesson.phases[0].id,
        cursor=lesson.start.id,
        run=run,
    )


def advance(scene: Scene, event: Event) -> Turn:
    """Answer one event of a learner in a lesson. Nothing but `scene` and `event` counts."""
    turn = _answered(scene, event)
    if turn.progress.ticket == scene.progress.ticket:
        return turn
    return replace(turn, progress=replace(turn.progress, put_at=scene.now))


def _answered(scene: Scene, event: Event) -> Turn:
    if scene.progress.version != scene.lesson.version:
        if _is_known(scene.progress, scene.lesson):
            known = replace(scene.progress, version=scene.lesson.version)
            return advance(_with(scene, known), event)
        scene = move(scene)
        if not isinstance(event, Computed | Due):
            return _show(scene, Notice("info", scene.strings.tutor.moved))
    if isinstance(event, Typed | Pressed):
        ended = registry.left_over(_step(scene), scene)
        if ended is not None:
            return _settle(scene, _step(scene), ended, event)
    match event:
        case Arrived() | Called():
            return _show(scene)
        case Typed():
            return _typed(scene, event)
        case Pressed():
            return _pressed(scene, event)
        case Brought():
            return _brought(scene, event)
        case Wordless():
            return _say(scene, scene.strings.tutor.wordless)
        case Edited():
            return _say(scene, scene.strings.tutor.edited)
        case Computed() | Due():
            return _came(scene, event)
        case Reminder() | Installed():
            return Turn(scene.progress, ())
        case _:
            assert_never(event)


def _is_known(progress: Progress, lesson: Lesson) -> bool:
    """Whether progress only tells the lesson's version as it was told formerly, by its words."""
    ids = {s.id for s in lesson.steps}
    return not progress.version.startswith(VERSION_FORM) and ids.issuperset(
        (progress.cursor, *progress.records)
    )


def move(scene: Scene) -> Scene:
    """Bring progress from another version of the lesson to this one.

    The cursor stays where its step still exists; else it goes to the first unfinished
    step after the last passed one that does. What was earned stays.
    """
    lesson, progress = scene.lesson, scene.progress
    ids = [s.id for s in lesson.steps]
    cursor = progress.cursor
    if cursor not in ids:
        passed = [n for n, s in enumerate(lesson.steps) if progress.record(s.id).status == "passed"]
        cursor = ids[min(passed[-1] + 1, len(ids) - 1)] if passed else ids[0]
    phases = [p.id for p in lesson.phases]
    frontier = progress.frontier if progress.frontier in (*phases, journey.COMPLETE) else phases[0]
    moved = replace(
        progress.reissued(),
        version=lesson.version,
        cursor=cursor,
        frontier=frontier,
        reopened=False,
    )
    return replace(scene, progress=moved, step_id=cursor)


# --- showing ------------------------------------------------------------------------


def _step(scene: Scene) -> Step:
    return scene.lesson.step(scene.progress.cursor) or scene.lesson.start


def _with(scene: Scene, progress: Progress) -> Scene:
    return replace(scene, progress=progress, step_id=progress.cursor)


def shown(scene: Scene, *lead: Block) -> Message:
    """The step at the cursor: asked, or for review when it is passed."""
    step = _step(scene)
    closed = scene.record.status == "passed" and not requirements.reopens(step)
    if closed and requirements.is_assessed(step) and not scene.progress.reopened and not lead:
        return framing.reviewed(scene, step)
    return framing.asked(scene, step, lead)


def _show(scene: Scene, *lead: Block) -> Turn:
    return Turn(scene.progress, (shown(scene, *lead),))


def _say(scene: Scene, text: str) -> Turn:
    """A short word. The card stays, what was chosen or written in it, and what one tap says."""
    suggested = registry.present(_step(scene), scene).suggestions
    return Turn(scene.progress, (Message((Text(text),), suggestions=suggested),))


def _question(scene: Scene, text: str, yes: Button) -> Turn:
    """A question of ours, with its yes and the way back to the step."""
    words, step = scene.strings.tutor, _step(scene)
    go_on = Button(words.go_on, Goto(step.id), words.go_on)
    message = Message((Text(text),), (yes, go_on), stamp=framing.stamp(scene, step))
    return Turn(scene.progress, (message,))


def _enter(scene: Scene, step_id: str, *lead: Block) -> Turn:
    """Look at another step: a new ticket, and the step is put."""
    return _show(_with(scene, scene.progress.at(step_id)), *lead)


# --- pressing -----------------------------------------------------------------------


def _pressed(scene: Scene, pressed: Pressed) -> Turn:
    words, progress = scene.strings.tutor, scene.progress
    mark = digest.of_press(pressed)
    if mark == progress.accepted:
        return Turn(progress, ())
    step = scene.lesson.step(pressed.step)
    if pressed.ticket != progress.ticket or step is None or step.id != progress.cursor:
        return _show(scene, Notice("info", words.older_card))
    if pressed.digest != content_digest(step):
        return _enter(scene, step.id, Notice("info", words.changed_step))
    if isinstance(pressed.do, Answer | Own) and (told := _too_long(scene, step, pressed)):
        return _say(scene, told)
    scene = _with(scene, replace(progress, accepted=mark))
    return _act(scene, step, pressed)


def _act(scene: Scene, step: Step, pressed: Pressed) -> Turn:
    """Do what a button of the step at the cursor does."""
    if isinstance(pressed.do, Say):
        return _typed(scene, Typed(text=pressed.do.text, by_button=True))
    scene = _answering(scene, pressed.do)
    match pressed.do:
        case Answer() | Own():
            return _answer(scene, step, pressed)
        case Goto(step=step_id):
            return _goto(scene, step_id)
        case Command(name=name):
            return _command(scene, name) or _show(scene)
        case Choose() | Speak() | Agree() | Ask() | Vote():
            return _show(scene)
        case _:
            assert_never(pressed.do)


def _goto(scene: Scene, step_id: str) -> Turn:
    """Go to a step. The end stays open to who has finished, whatever was added since."""
    has_finished = scene.progress.frontier == journey.COMPLETE
    is_open = has_finished and step_id == scene.lesson.complete.id
    if not is_open and not requirements.is_reachable(scene.lesson, scene.progress, step_id):
        return _say(scene, scene.strings.tutor.not_reachable)
    if step_id == scene.progress.cursor:
        return _show(scene)  # the same card: what was chosen or written in it stays
    return _enter(scene, step_id)


def _typed(scene: Scene, typed: Typed) -> Turn:
    words, text = scene.strings.tutor, typed.text
    told = commands.read(text, words, *scene.others)
    scene = _answering(scene, told)
    step = _step(scene)
    match told:
        case Command(name=name):
            turn = _command(scene, name)
            if turn is not None:
                return turn
        case commands.Review(number=place):
            return _review(scene, place)
        # "What are your opening hours?" is a message to the model, and no question to us.
        case commands.WhatIs(term=term) if _term(scene, term):
            return _explain(scene, term)
        case commands.WhatIs(term=term) if not isinstance(step, MODELS):
            short = is_short(term, words.typing)
            turn = _talked(scene, step, text, talk_in(text, "unsure" if short else "slip"))
            entry = mentioned(scene.lesson, term, words.typing)
            if turn is None and (short or step.written or entry):
                turn = _explain(scene, term)
            if turn is not None:
                return turn
    if text.rstrip().endswith("?") and (entry := _nearly(scene, plain(text))):
        return _say(scene, _meaning(scene, entry))
    if is_emoji(text):
        return _say(scene, words.wordless)
    closed = scene.record.status == "passed" and not requirements.reopens(step)
    closed = closed and requirements.is_assessed(step) and not scene.progress.reopened
    if typed.elsewhere and not closed:
        return _show(scene, Notice("info", words.shown_elsewhere))
    button = _button(scene, step, text)
    if button:
        there, held = vars(framing.stamp(scene, step)), framing.held(scene, step)
        return _act(scene, step, Pressed(**there, do=button.do, picks=held))
    if closed:
        return _talked(scene, step, text, talk_in(text)) or _show(scene)
    return _answer(scene, step, typed)


def _answering(scene: Scene, told: Action | commands.TypedCommand | None) -> Scene:
    """The scene without a question of ours that the learner passes over: a later yes means more."""
    if told in (Command("yes"), Command("no")):
        return scene
    return _with(scene, replace(scene.progress, confirming=None))


def _button(scene: Scene, step: Step, text: str) -> Button | None:
    """The step's button that this text names, unless it needs a card's inputs."""
    said = plain(text)
    return next(
        (
            b
            for b in (*registry.buttons(step, scene), *framing.return_ways(scene, step))
            if said and said in (plain(b.typed), plain(b.text))
        ),
        None,
    )


def _command(scene: Scene, name: CommandName) -> Turn | None:
    """Do what moves about; None for what is an answer to the step."""
    words, progress, step = scene.strings.tutor, scene.progress, _step(scene)
    match name:
        case "begin" if isinstance(step, StartStep):
            return _begin(scene, step)
        case "hello":
            return _show(scene)
        case "next":
            return _next(scene, step)
        case "back":
            return _neighbour(scene, step, -1)
        case "help":
            return Turn(progress, (framing.help_for(scene, step),))
        case "lookback":
            return Turn(progress, (framing.look_back(scene),))
        case "progress":
            return Turn(progress, (framing.overview(scene),))
        case "skip":
            return _skip(scene, step)
        case "again":
            return _again(scene, step)
        case "restart":
            asking = _with(scene, replace(progress, confirming="restart"))
            sure = Button(words.restart_yes, Command("yes"), words.restart_yes, primary=True)
            return _question(asking, words.restart_question, sure)
        case "yes" | "no" if progress.confirming == "restart":
            return _restart(scene) if name == "yes" else _enter(scene, step.id)
        case "file":
            return own_file.invite(scene, step)
        case "train":
            return own_file.train(scene, step)
        case "begin" | "yes" | "no":
            return None
        # What belongs to no lesson was answered before.
        case (
            "lessons"
            | "profile"
            | "questions"
            | "language"
            | "link"
            | "privacy"
            | "contact"
            | "export"
            | "delete"
        ):
            return None
        case "forget" | "signout" | "certificate" | "series" | "rename" | "feedback" | "pause":
            return None
        case "reminders" | "remind" | "silence":
            return None
        case _:
            assert_never(name)


def _review(scene: Scene, place: int) -> Turn:
    finished = framing.finished_steps(scene)
    if not 1 <= place <= len(finished):
        return _say(scene, scene.strings.tutor.unknown_review)
    return _enter(scene, finished[place - 1].id)


def _begin(scene: Scene, step: StartStep) -> Turn:
    started = replace(scene.progress, started=True)
    turn = _neighbour(_with(scene, started), step, 1)
    facts: tuple[Fact, ...] = ()
    if not scene.progress.started:
        facts = (LessonStarted(**_when(scene), version=scene.lesson.version),)
    return Turn(turn.progress, (Typing(), *turn.replies), facts)


def _when(scene: Scene) -> dict[str, object]:
    return {"lesson": scene.lesson.id, "run": scene.progress.run, "at": scene.now}


def _neighbour(scene: Scene, step: Step, by: int) -> Turn:
    """Enter the step that stands `by` places from here; stay where there is none."""
    there = scene.lesson.neighbour(step.id, by)
    return _enter(scene, there.id) if there else _show(scene)


def _next(scene: Scene, step: Step) -> Turn:
    words = scene.strings.tutor
    if isinstance(step, StartStep):
        return _begin(scene, step)
    if not requirements.may_leave(step, scene.progress):
        todo = registry.todo(step, scene)
        return _show(scene, Notice("info", words.not_passed_yet.format(todo=todo)))
    return _neighbour(scene, step, 1)


def _skip(scene: Scene, step: Step) -> Turn:
    """Pass over tutorials, from here to the first step that isn't one."""
    if not step.tutorial:
        return _say(scene, scene.strings.tutor.nothing_to_skip)
    steps = scene.lesson.steps
    place = steps.index(step)
    after = next(s for s in steps[place + 1 :] if not s.tutorial)
    return _enter(scene, after.id)


def _again(scene: Scene, step: Step) -> Turn:
    opened = _with(scene, scene.progress.reopen())
    return Turn(opened.progress, (framing.asked(opened, step),))


def _restart(scene: Scene) -> Turn:
    """A new run: other dice, nothing answered. Facts of the former run stay."""
    before = scene.progress
    anew = begin(scene.lesson, before.seed, before.run + 1)
    fresh = replace(anew, ticket=before.ticket + 1, own_file=before.own_file)
    return _show(_with(scene, fresh), Notice("info", scene.strings.tutor.restarted))


def _explain(scene: Scene, term: str) -> Turn:
    words = scene.strings.tutor
    entry = _term(scene, term) or mentioned(scene.lesson, term, words.typing)
    said = _bare(plain(term), words.typing)
    if entry:
        return _say(scene, _meaning(scene, entry))
    near = sorted(((_alike(said, g), g.term) for g in scene.lesson.glossary), reverse=True)
    known = ", ".join(name for share, name in near[:NEAREST] if share >= NEAR)
    if known:
        return _say(scene, words.term_unknown.format(term=said, known=known))
    return _say(scene, words.term_strange.format(term=said))


def _meaning(scene: Scene, entry: GlossaryEntry) -> str:
    return scene.strings.tutor.term_meaning.format(term=entry.term, meaning=entry.meaning)


def mentioned(lesson: Lesson, text: str, forms: TypingForms) -> GlossaryEntry | None:
    """The glossary's entry that a text names among other words: the one with the longest name."""
    said, endings = f" {plain(text)} ", ("", *forms.plurals)
    named = [
        (len(name), entry.id, entry)
        for entry in lesson.glossary
        for name in map(plain, (entry.term, *entry.also))
        if any(f" {name}{ending} " in said for ending in endings)
    ]
    return max(named)[2] if named else None


def _term(scene: Scene, term: str) -> GlossaryEntry | None:
    """The glossary's entry for a term, by any of its names, also in the plural."""
    said, forms = plain(term), scene.strings.tutor.typing
    # "An epoch" means the epoch; the A of "A/B test" is part of its name.
    bare = _bare(said, forms)
    asked = {said, bare, *_singulars(said, forms), *_singulars(bare, forms)}
    for entry in scene.lesson.glossary:
        names = (entry.term, entry.id.replace("-", " "), *entry.also)
        if asked & {plain(n) for n in names}:
            return entry
    return _nearly(scene, bare)


def _nearly(scene: Scene, term: str) -> GlossaryEntry | None:
    """The glossary's entry of which a name was written with a slip, if it is one word."""
    if len(term) < SHORTEST_SLIP or " " in term:
        return None
    entries = scene.lesson.glossary
    found = max(((_alike(term, entry), n) for n, entry in enumerate(entries)), default=(0.0, 0))
    return entries[found[1]] if found[0] >= SLIP else None


def _bare(term: str, forms: TypingForms) -> str:
    """A term without its article."""
    return after(term, forms.articles) or term


def is_short(term: str, forms: TypingForms) -> bool:
    """Whether it may be a term's name that is asked for: "What's the point of …?" asks for none."""
    return len(_bare(plain(term), forms).split()) <= WORDS_OF_TERM


def _singulars(term: str, forms: TypingForms) -> Iterator[str]:
    return (term.removesuffix(ending) for ending in forms.plurals)


def _alike(said: str, entry: GlossaryEntry) -> float:
    """How near a term's names come to what was asked for, 0.0 to 1.0."""
    names = (plain(n) for n in (entry.term, *entry.also))
    return max(SequenceMatcher(None, said[:LONGEST_TERM], name).ratio() for name in names)


# --- answering ----------------------------------------------------------------------


def _too_long(scene: Scene, step: Step, given: Pressed | Typed) -> str:
    """What is said of a text that is longer than the step reads; empty for one that isn't."""
    length = max(
        map(len, [given.text] if isinstance(given, Typed) else given.texts.values()), default=0
    )
    longest = registry.longest(step)
    if length <= longest:
        return ""
    return scene.strings.tutor.too_long.format(length=length, longest=longest)


def _answer(scene: Scene, step: Step, given: Pressed | Typed) -> Turn:
    if isinstance(given, Pressed) and given.do == LOOK and not _waits(scene, step):
        return _show(scene)  # what was waited for is there
    if isinstance(given, Pressed) and _is_sent_again(scene, step, given):
        turn = _tried(_with(scene, _untried(scene)), step, given)
        return replace(turn, facts=())  # they were told at the first time
    return _tried(scene, step, given)


def _is_sent_again(scene: Scene, step: Step, pressed: Pressed) -> bool:
    """Whether a card comes at once just as it was answered wrongly: a button pressed twice."""
    since = _since_put(scene, step)
    if since is None or since >= TWICE_S:
        return False
    blocks = registry.present(step, scene).blocks
    inputs = [b for b in blocks if isinstance(b, Input) and getattr(b, "value", None)]
    record, is_check = scene.record, pressed.do == Answer()
    missed = is_check and record.status == "tried" and record.misses > 0 and bool(inputs)
    return missed and all(framing.refilled(b, pressed) == b for b in blocks if isinstance(b, Input))


def _untried(scene: Scene) -> Progress:
    """The progress before the last miss at the step."""
    record = scene.record
    before = replace(record, attempts=record.attempts - 1, misses=record.misses - 1)
    return scene.progress.with_record(scene.step_id, before)


def _tried(scene: Scene, step: Step, given: Pressed | Typed) -> Turn:
    told = _too_long(scene, step, given) or _refused(scene, given)
    outcome = Unclear(told) if told else registry.answer(step, scene, given)
    is_offered = isinstance(given, Typed) and _is_offered(step, scene, given)
    if not told and isinstance(given, Typed) and not is_offered:
        name = _beside(step, outcome, given.text)
        if outcome == Unclear(scene.strings.tutor.text_echo):
            name = None  # the question itself, given back
        # Of who doesn't know, or only asks "???", a step for own words knows what to say.
        is_known = step.written and (
            not plain(given.text) or outcome == Unclear(scene.strings.tutor.text_lost)
        )
        turn = None if name == "lost" and is_known else _talked(scene, step, given.text, name)
        if turn is not None:
            return turn
        if _is_no_answer(step, outcome) and (entry := _term(scene, given.text)):
            return _say(scene, _meaning(scene, entry))
        if isinstance(outcome, Unclear):
            outcome = Unclear(_no_such_number(scene, step, given.text) or outcome.text)
    if isinstance(outcome, Unclear) and isinstance(given, Pressed):
        # The same on the card that comes now is another press, and no double click.
        progress = scene.progress.reissued()
        lead, there = (Notice("info", outcome.text),), _with(scene, progress)
        return Turn(progress, (framing.asked_again(there, step, lead, given),))
    return _settle(scene, step, outcome, given)


def _is_offered(step: Step, scene: Scene, typed: Typed) -> bool:
    """Whether a text is one that the step offers to be said to its model."""
    match step:
        case ChatStep():
            queries = chat.queries(step, scene)
        case ConversationStep():
            queries = step.samples  # also before there is a model that they could go to
        case _:
            queries = ()
    offered = (*queries, *registry.present(step, scene).suggestions)
    return typed.by_button or is_one_of(typed.text, offered)


def _is_no_answer(step: Step, outcome: Outcome) -> bool:
    """Whether what was typed, in whatever words, says nothing that the step asks for."""
    match outcome:
        case Unclear():
            return True
        case Noted(unplaced=True):
            return step.written or isinstance(step, MODELS)
        case Judged(passed=False):
            return step.written
        case _:
            return False


def _beside(step: Step, outcome: Outcome, text: str) -> TalkName | None:
    """What a text asks of the tutor, if anything, where the step makes `outcome` of it."""
    goes_to_model = isinstance(step, MODELS)
    match outcome:
        case Unclear() if not step.written:
            return talk_in(text)
        case Noted(unplaced=True, asks=False) if goes_to_model:
            return talk_in(text)  # the model has no answer to it
        case Noted(asks=True) if goes_to_model:
            return talk_in(text, "answer")  # it may have one
        case Noted(unplaced=False) | Judged() if goes_to_model:
            name = talk_in(text, "placed")
            return None if name in COURTESIES else name
        case Unclear() | Noted(unplaced=True) | Judged(passed=False):
            return talk_in(text, "unsure")
        case Judged() if step.written:
            name = talk_in(text, "answer")
            return None if name in COURTESIES else name
        case _:
            return None


def _talked(scene: Scene, step: Step, text: str, name: TalkName | None) -> Turn | None:
    """The answer to what was said beside an answer. It is no attempt, and changes no card."""
    match name:
        case None:
            return None
        case "term":
            entry = mentioned(scene.lesson, text, scene.strings.tutor.typing)
            return _say(scene, _meaning(scene, entry)) if entry else None
        case "repeat":
            return _show(scene)
        # A guess takes nobody further: who only seems to say yes is told what to press.
        case "fine" if requirements.may_leave(step, scene.progress) and talk_in(text, "answer"):
            return _next(scene, step)
        case _:
            said = talk.answered(scene, step, name)
            return replace(_say(scene, said.text), facts=said.facts)


def _refused(scene: Scene, given: Pressed | Typed) -> str:
    """What is said of a text that nobody has to take up; empty for others."""
    return scene.strings.tutor.harm_refused if harm.shown_in(given) else ""


def _no_such_number(scene: Scene, step: Step, text: str) -> str | None:
    """Which number of a typed answer none of the options has; None where numbers mean more."""
    words, blocks = scene.strings.tutor, registry.present(step, scene).blocks
    inputs = sum(isinstance(b, Select | PickInto | Arrange) for b in blocks)
    if inputs > 1 or any(isinstance(block, Number) for block in blocks):
        return None
    for block in blocks:
        match block:
            case Select(look="list", options=items) | PickInto(items=items) | Arrange(items=items):
                missing = beyond(text, items, words.typing)
                if missing is not None:
                    return words.no_such_number.format(number=missing, last=len(items))
            case _:
                pass
    return None


def _brought(scene: Scene, file: Brought) -> Turn:
    """Check a file; where one line is asked for, a file with just one is the answer."""
    step, text = _step(scene), file.text.strip()
    is_open = scene.record.status != "passed" or scene.progress.reopened
    if (
        isinstance(step, JsonlStep | DialogueStep)
        and is_open
        and "\n" not in text
        and not file.forms
    ):
        return _answer(scene, step, Typed(text=text))
    return own_file.brought(scene, file)


def _came(scene: Scene, event: Computed | Due) -> Turn:
    """What time or a worker brought for a step, whether or not the learner looks at it."""
    if event.step == OWN_FILE:
        return own_file.came(scene, _step(scene), event)
    step = scene.lesson.step(event.step)
    if event.run != scene.progress.run or step is None:
        return Turn(scene.progress, ())
    there = replace(scene, step_id=step.id)
    turn = _settle(there, step, registry.answer(step, there, event), event)
    found = measured(there, event.key) if isinstance(event, Computed) else None
    turn = turn if found is None else replace(turn, facts=(*turn.facts, found))
    if turn.replies or not _is_waited_for(scene, event):
        return turn
    # Who looks at a card that waits for this needn't look again.
    return replace(turn, replies=(shown(_with(scene, turn.progress)),))


def _is_waited_for(scene: Scene, event: Computed | Due) -> bool:
    """Whether the step at the cursor could do nothing before this result was there."""
    step = _step(scene)
    if not isinstance(event, Computed) or step.id == event.step:
        return False
    before = {key: result for key, result in scene.results.items() if key != event.key}
    return _waits(replace(scene, results=before), step) and not _waits(scene, step)


def _waits(scene: Scene, step: Step) -> bool:
    """Whether a step can only be looked at again, until a result is there."""
    return any(button.do == LOOK for button in registry.buttons(step, scene))


def _settle(scene: Scene, step: Step, outcome: Outcome, given: StepEvent) -> Turn:
    match outcome:
        case Unclear(text=text):
            return _say(scene, text)
        case Ignored():
            return Turn(scene.progress, ())
        case Noted():
            return _note(scene, step, outcome, given)
        case Judged():
            return _judge(scene, step, outcome, given)
        case _:
            assert_never(outcome)


def _note(scene: Scene, step: Step, noted: Noted, given: StepEvent) -> Turn:
    progress = noted.progress or scene.progress
    record = progress.record(step.id)
    state = noted.state.as_json() if noted.state else record.state
    progress = progress.with_record(step.id, record.noted(state, waive=noted.waive))
    here = progress.cursor == step.id
    replies: tuple[Reply, ...] = ()
    if not here or noted.quiet:
        now = framing.asked(_with(scene, progress), step) if here else None
        if noted.blocks or (now and now.slot):
            replies = (Message(noted.blocks, slot=now.slot if now else None, instead=now),)
    elif step.converses and noted.blocks:
        # What was only written leaves the step's card as it is, and its buttons.
        progress = progress.reissued() if isinstance(given, Pressed) else progress
        replies = framing.replied(_with(scene, progress), step, noted.blocks)
    else:
        progress = progress.reissued()
        there = _with(scene, progress)
        recalled = framing.recalled(scene, there, step, framing.given(scene, step, given))
        if noted.waive:
            replies = (framing.answered(there, step, noted.blocks, recalled=recalled),)
        elif noted.blocks:
            replies = (framing.resulted(there, step, noted.blocks, recalled),)
        else:
            replies = (framing.asked(there, step),)
    return Turn(progress, replies, noted.facts, noted.later)


def _judge(scene: Scene, step: Step, judged: Judged, given: StepEvent) -> Turn:
    """Keep an attempt, move the frontier as far as it goes, and say what came of both."""
    record = _judged_record(scene, judged)
    attempt = _attempt(scene, step, judged, record)
    hint = _hint(scene, step, judged, record)
    progress = (judged.progress or scene.progress).with_record(step.id, record).reissued()
    completed = _complete(replace(scene, progress=progress))
    after = completed.progress
    if after.cursor == step.id:
        after = replace(after, reopened=record.status == "passed" and not judged.passed)
    lead = (*judged.blocks, *hint.blocks, *completed.blocks)
    replies = _judgement(_Answered(scene, _with(scene, after), given), step, judged, lead)
    facts = (attempt, *judged.facts, *hint.facts, *completed.facts)
    return Turn(after, replies, facts, judged.later)


def _judged_record(scene: Scene, judged: Judged) -> Record:
    old, model = scene.record, scene.progress.model
    return old.judged(
        passed=judged.passed,
        score=judged.score,
        state=judged.state.as_json() if judged.state else old.state,
        model=model.training if judged.depends and model else old.model,
    )


def _attempt(scene: Scene, step: Step, judged: Judged, record: Record) -> StepAnswered:
    return StepAnswered(
        **_when(scene),
        step=step.id,
        attempt=record.attempts,
        score=judged.score,
        passed=judged.passed,
        picks=judged.answered,
        text=judged.text,
        hints=scene.record.misses if getattr(step, "hints", ()) else 0,
        seconds=_since_put(scene, step),
    )


@dataclass(frozen=True)
class _Hint:
    """The hint after a miss, where there is one."""

    blocks: tuple[Block, ...] = ()
    facts: tuple[Fact, ...] = ()


def _hint(scene: Scene, step: Step, judged: Judged, record: Record) -> _Hint:
    if judged.passed or not judged.hint:
        return _Hint()
    notice = Notice("info", judged.hint, scene.strings.tutor.hint)
    return _Hint((notice,), (HintShown(**_when(scene), step=step.id, level=record.misses),))


@dataclass(frozen=True)
class _Answered:
    """What was given, and what a learner saw before and after it."""

    before: Scene
    after: Scene
    given: StepEvent


def _judgement(
    answered: _Answered, step: Step, judged: Judged, lead: tuple[Block, ...]
) -> tuple[Message, ...]:
    """What is said of an attempt: with the way on, or with the step put again."""
    before, after = answered.before, answered.after
    if after.progress.cursor != step.id:
        return (Message(lead),)
    if step.converses:
        return framing.replied(after, step, lead)
    left = framing.given(before, step, answered.given)
    if not judged.passed:
        return (framing.missed(after, step, lead, left),)
    recalled = framing.recalled(before, after, step, left)
    if step.stays_open:
        return (framing.resulted(after, step, lead, recalled),)
    return (framing.answered(after, step, lead, judged.buttons, recalled),)


def _since_put(scene: Scene, step: Step) -> float | None:
    """The seconds since the step was put; None for one that the learner doesn't look at."""
    put_at = scene.progress.put_at
    if put_at is None or scene.progress.cursor != step.id:
        return None
    return round((scene.now - put_at).total_seconds(), 1)


@dataclass(frozen=True)
class _Completed:
    """Progress with its frontier moved; what is said, and what happened, of completed phases."""

    progress: Progress
    blocks: tuple[Block, ...] = ()
    facts: tuple[Fact, ...] = ()


def _complete(scene: Scene) -> _Completed:
    """Move the frontier as far as it goes."""
    before = scene.progress
    progress, phases = journey.proceed(scene.lesson, before)
    blocks = tuple(_praised(phase.complete) for phase in phases)
    facts = tuple(PhaseCompleted(**_when(scene), phase=phase.id) for phase in phases)
    if progress.frontier != journey.COMPLETE or before.frontier == journey.COMPLETE:
        return _Completed(progress, blocks, facts)
    version = scene.lesson.version
    progress = replace(progress, completed_at=scene.now, completed_version=version)
    taken = [scene.progress.record(step.id) for step in scene.lesson.steps_of(QuizStep)]
    done = LessonCompleted(
        **_when(scene),
        version=version,
        attempt=(quiz.scored_at(taken[-1]) or None) if taken else None,
        **_result(scene),
    )
    return _Completed(progress, blocks, (*facts, done))


def _praised(complete: Completion) -> Notice:
    """What is said at a phase's end."""
    if not complete.text:
        return Notice("good", complete.title)
    return Notice("good", complete.text, complete.title)


def _result(scene: Scene) -> dict[str, float]:
    """How a lesson was done: over its assessed steps, as far as they were answered."""
    steps = [step for step in scene.lesson.steps if requirements.is_assessed(step)]
    records = [scene.progress.record(step.id) for step in steps]
    done = [record for record in records if record.attempts] or [UNTOUCHED]
    at_once = sum(record.attempts == 1 and record.status == "passed" for record in done)
    score = sum(record.score for record in done) / len(done)
    return {"score": round(score, 4), "first_attempts": round(at_once / len(done), 4)}
