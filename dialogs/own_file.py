"""A training file of the learner's own, on its way: brought, checked, trained on."""

from dataclasses import replace
from datetime import timedelta

from content.lesson import Step
from dialogs import framing
from dialogs.simulations.persona import Training
from dialogs.values.actions import Command, Goto
from dialogs.values.events import Brought, Computed, Due
from dialogs.values.progress import OwnFile
from dialogs.values.replies import Block, Button, Message, Notice, Text
from dialogs.values.scene import Scene
from dialogs.values.turn import At, Discard, Later, Turn
from dialogs.work import own_file
from dialogs.work.own_file import LEAST, SETTINGS, STEP
from dialogs.work.persona_company import is_company

KEPT = timedelta(days=30)


def invite(scene: Scene, step: Step) -> Turn:
    """Say where a file can be brought."""
    blocks = (Text(scene.strings.files.title, "title"), own_file.asked_for(scene))
    way = (_go_on(scene, step, primary=True),)
    return Turn(scene.progress, (Message(blocks, way, stamp=framing.stamp(scene, step)),))


def brought(scene: Scene, file: Brought) -> Turn:
    """Have a file checked. It and the one before are kept; an older one goes."""
    order = own_file.check_order(scene, file)
    old = scene.progress.own_file
    keys = (old.report, old.before) if old else ()
    # A file that comes again was mended: it is compared with the other one, and not with itself.
    before = (old.before if old.name == file.name else old.report) if old else None
    gone = tuple(Discard(key) for key in keys if key and key not in (order.key, before))
    own = OwnFile(file.name, order.key, before)
    # The same button under another file's report is another press.
    progress = replace(scene.progress, own_file=own, accepted=None)
    ends = Due(lesson=scene.lesson.id, run=progress.run, step=STEP, name=STEP)
    forget = At(f"{STEP} {scene.lesson.id}", scene.now + KEPT, ends)
    text = Text(scene.strings.files.reading.format(name=file.name))
    return Turn(progress, (Message((text,)),), later=(*gone, order, forget))


def train(scene: Scene, step: Step) -> Turn:
    """Train the small model on the file, if that can be."""
    words, own = scene.strings.files, scene.progress.own_file
    report = own_file.found(scene, own.report if own else None)
    if own is None or report is None or not is_company(scene.simulation):
        said = (Text(words.none_yet), own_file.asked_for(scene))
        return Turn(scene.progress, (_message(scene, step, said),))
    if not report.is_sound:
        return Turn(scene.progress, (_message(scene, step, (Text(words.train_faulty),)),))
    if len(report.pairs) < LEAST:
        few = words.train_few.format(least=LEAST, count=len(report.pairs))
        return Turn(scene.progress, (_message(scene, step, (Text(few),)),))
    order = own_file.training_order(scene, report)
    progress = replace(scene.progress, own_file=replace(own, training=order.key))
    begun = words.train_begun.format(lines=len(report.pairs), epochs=SETTINGS.n_epochs)
    return Turn(progress, (Message((Text(begun),)),), later=(order,))


def came(scene: Scene, step: Step, event: Computed | Due) -> Turn:
    """Say what the check or the training gave; forget the file when its time is over."""
    own = scene.progress.own_file
    if own is None:
        return Turn(scene.progress, ())
    if isinstance(event, Due):
        gone = tuple(Discard(key) for key in (own.report, own.before) if key)
        return Turn(replace(scene.progress, own_file=None), (), later=gone)
    if event.key == own.report:
        return _checked(scene, step, own)
    if event.key == own.training:
        return _trained(scene, step, own, event)
    return Turn(scene.progress, ())


def _checked(scene: Scene, step: Step, own: OwnFile) -> Turn:
    words, report = scene.strings.files, own_file.found(scene, own.report)
    if report is None:
        blocks: tuple[Block, ...] = (Notice("warning", words.failed),)
        return Turn(scene.progress, (_message(scene, step, blocks),))
    blocks = own_file.told(scene, report, own_file.found(scene, own.before))
    train = Button(words.train, Command("train"), words.train, primary=True)
    ways = (train,) if own_file.can_train(scene, report) else ()
    return Turn(scene.progress, (_message(scene, step, blocks, *ways),))


def _trained(scene: Scene, step: Step, own: OwnFile, event: Computed) -> Turn:
    report, training = own_file.found(scene, own.report), scene.results.get(event.key)
    done: tuple[Later, ...] = (Discard(event.key),)
    progress = replace(scene.progress, own_file=replace(own, training=None))
    company = scene.simulation
    if report is None or not isinstance(training, Training) or not is_company(company):
        failed = (Notice("warning", scene.strings.files.train_failed),)
        return Turn(progress, (_message(scene, step, failed),), later=done)
    blocks = own_file.trained(scene, company, report, training)
    return Turn(progress, (_message(scene, step, blocks),), later=done)


def _message(scene: Scene, step: Step, blocks: tuple[Block, ...], *ways: Button) -> Message:
    """What is said beside the step at the cursor, with the way back to it."""
    again = scene.strings.files.another
    another = Button(again, Command("file"), again)
    go_on = _go_on(scene, step, primary=not ways)
    return Message(blocks, (*ways, go_on, another), stamp=framing.stamp(scene, step))


def _go_on(scene: Scene, step: Step, *, primary: bool) -> Button:
    words = scene.strings.tutor
    return Button(words.go_on, Goto(step.id), words.go_on, primary=primary)
