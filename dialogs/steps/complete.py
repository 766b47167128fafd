"""The end: what was achieved, the learner's files, and where to go from here."""

from collections.abc import Sequence
from itertools import groupby

from content.lesson import CompleteStep, DashboardStep, LabStep, Phase, QuizStep, Requirement
from dialogs.simulations.persona import dashboard
from dialogs.steps import lab, quiz
from dialogs.values.actions import Command, Goto
from dialogs.values.replies import Block, Bullets, Button, Download, Notice, Text, Weblink
from dialogs.values.scene import Ask, Scene
from dialogs.work import metrics
from dialogs.work.figures import ABSENT, figures
from dialogs.work.models import current
from dialogs.work.requirements import open_requirements

MOST_WAYS = 3  # buttons to unfinished steps


def present(step: CompleteStep, scene: Scene) -> Ask:
    """The summary against each requirement; what is open, with the way there."""
    words, lesson = scene.strings.assess, scene.lesson
    missing = _missing(scene)
    if missing:
        blocks: list[Block] = [Notice("warning", step.unfinished)]
    else:
        blocks = [Text(t) for t in step.body]
    blocks.append(Text(words.complete_achieved, "heading"))
    for phase in lesson.phases:
        blocks += _phase(scene, phase, missing)
    if not missing:
        lines = _figures(scene)
        if lines:
            blocks += [Text(words.complete_figures, "heading"), Bullets(lines)]
    files: list[Block] = []
    if step.download:
        files.append(Download(step.download, lesson.id, "training-set.jsonl"))
    if step.practice:
        files.append(Download(step.practice, lesson.id, "practice.jsonl"))
    if files:
        blocks += [Text(words.complete_files, "heading"), *files]
    if not missing:
        blocks.append(Text(words.complete_links, "heading"))
        for group, links in groupby(step.links, key=lambda link: link.group):
            blocks += [Text(group, "strong"), *(Weblink(k.text, k.url) for k in links)]
    return Ask(tuple(blocks), buttons(step, scene) if missing else _onward(scene))


def _onward(scene: Scene) -> tuple[Button, ...]:
    """Where to go from a finished lesson."""
    words, own = scene.strings.tutor, scene.strings.files.file_check
    return (
        Button(words.lessons_title, Command("lessons"), words.commands["lessons"][0], primary=True),
        Button(own, Command("file"), own),
        Button(words.progress, Command("progress"), words.progress),
        Button(words.restart, Command("restart"), words.commands["restart"][0]),
    )


def _missing(scene: Scene) -> list[Requirement]:
    return [r for p in scene.lesson.phases for r in open_requirements(p, scene.progress)]


def _phase(scene: Scene, phase: Phase, missing: Sequence[Requirement]) -> tuple[Block, ...]:
    words = scene.strings.assess
    lines = tuple(
        (words.complete_open if r in missing else words.complete_done).format(text=r.text)
        for r in phase.requirements
    )
    return (Text(phase.title, "strong"), Bullets(lines))


def _figures(scene: Scene) -> tuple[str, ...]:
    """The learner's own figures in some lines."""
    words, lesson, progress = scene.strings.assess, scene.lesson, scene.progress
    known = figures(scene)
    lines = []
    if known["lines"] != ABSENT:
        lines.append(words.complete_lines.format(lines=known["lines"], topics=known["topics"]))
    runs = sum(
        len(lab.State.of(progress.record(s.id).state).runs) for s in lesson.steps_of(LabStep)
    )
    if runs:
        lines.append(words.complete_runs.format(runs=runs))
    now = current(scene)
    shown = {m.id: m.label for s in lesson.steps_of(DashboardStep) for m in s.metrics}
    if now and now.evaluation:
        lines += [
            words.complete_model.format(
                metric=shown[r.metric],
                base=metrics.figure(scene, r.metric, r.comparison.a),
                tuned=metrics.figure(scene, r.metric, r.comparison.b),
            )
            for r in dashboard(now.evaluation)
            if r.metric in shown
        ]
    return (*lines, *_scores(scene))


def _scores(scene: Scene) -> tuple[str, ...]:
    """The score of each quiz, and at which attempt it was reached."""
    words, records = scene.strings.assess, scene.progress.records
    answers = sum(r.attempts for r in records.values())
    taken = [records[s.id] for s in scene.lesson.steps_of(QuizStep) if s.id in records]
    return tuple(
        words.complete_score.format(
            score=f"{record.score * 100:.0f}",
            attempt=quiz.State.of(record.state).best or record.attempts,
            attempts=answers,
        )
        for record in taken
    )


def buttons(_: CompleteStep, scene: Scene) -> tuple[Button, ...]:
    """Buttons to the first steps that are still open."""
    words, lesson = scene.strings.assess, scene.lesson
    names = [
        s for r in _missing(scene) for s in r.steps if scene.progress.record(s).status != "passed"
    ]
    steps = [lesson.step(s) for s in dict.fromkeys(names)]
    found = [s for s in steps if s is not None][:MOST_WAYS]
    return tuple(
        Button(
            words.complete_goto.format(title=s.title),
            Goto(s.id),
            s.title,
            primary=s is found[0],
        )
        for s in found
    )
