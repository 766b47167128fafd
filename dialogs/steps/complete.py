"""The end: what was achieved, the learner's files, and where to go from here."""

from collections.abc import Sequence
from itertools import groupby

from content.lesson import CompleteStep, DashboardStep, LabStep, Phase, QuizStep, Requirement
from dialogs.simulations.persona import dashboard
from dialogs.steps import lab, quiz
from dialogs.values.actions import Command, Goto
from dialogs.values.replies import (
    Block,
    Bullets,
    Button,
    Details,
    Dialogue,
    Download,
    Notice,
    Panels,
    Plain,
    Side,
    Sides,
    Text,
    Utterance,
    Weblink,
)
from dialogs.values.scene import Ask, Scene
from dialogs.work import keepsakes, metrics
from dialogs.work.data_problems import data_faults
from dialogs.work.figures import ABSENT, figures
from dialogs.work.models import current
from dialogs.work.persona_company import company_of
from dialogs.work.requirements import open_requirements
from dialogs.work.scores import points

MOST_WAYS = 3  # buttons to unfinished steps


def present(step: CompleteStep, scene: Scene) -> Ask:
    """What was done, in pictures of the learner's own run; or what is open, with the way there."""
    words = scene.strings.assess
    missing = _missing(scene)
    achieved = [block for phase in scene.lesson.phases for block in _phase(scene, phase, missing)]
    files = _files(step, scene)
    if missing:
        heading = Text(words.complete_achieved, "heading")
        mine = (Text(words.complete_files, "heading"), *files) if files else ()
        left = (Notice("warning", step.unfinished), heading, *achieved, *mine)
        return Ask(left, buttons(step, scene))
    scores = Notice("good", " ".join(_scores(scene)), words.complete_well)
    shown = keepsakes.panels(scene)
    folded = [Details(words.complete_achieved, tuple(achieved))]
    if lines := figures_of_run(scene):
        folded.insert(0, Details(words.complete_figures, (Bullets(lines),)))
    links: list[Plain] = []
    for group, found in groupby(step.links, key=lambda link: link.group):
        links += [Text(group, "strong"), *(Weblink(k.text, k.url) for k in found)]
    if files:
        folded.append(Details(words.complete_files, files))
    if links:
        folded.append(Details(words.complete_links, tuple(links)))
    blocks: tuple[Block, ...] = (
        scores,
        *((Panels(shown),) if shown else ()),
        *_best(scene),
        *map(Text, step.body),
        *folded,
    )
    return Ask(blocks, _onward(scene))


def _files(step: CompleteStep, scene: Scene) -> tuple[Plain, ...]:
    """The learner's training set and the lesson's practice file."""
    lesson, files = scene.lesson.id, list[Plain]()
    if step.download:
        files.append(Download(step.download, lesson, "training-set.jsonl"))
    if step.practice:
        files.append(Download(step.practice, lesson, "practice.jsonl"))
    return tuple(files)


def _best(scene: Scene) -> tuple[Block, ...]:
    """The reply that tuning made best, beside what the base model said."""
    words, found = scene.strings.model, keepsakes.best(scene)
    if found is None:
        return ()
    company = company_of(scene)
    marks = company.marks(found.message)

    def side(title: str, reply: str) -> Side:
        score = company.score_for(reply, found.intent, marks)
        return Side(title, reply, points(company, score, words))

    return (
        Details(
            scene.strings.assess.complete_best,
            (
                Dialogue((Utterance(words.dash_customer, found.message, "customer"),)),
                Sides(
                    (
                        side(words.dash_table_base, found.base),
                        side(words.dash_table_tuned, found.tuned),
                    )
                ),
            ),
        ),
    )


def _onward(scene: Scene) -> tuple[Button, ...]:
    """Where to go from a finished lesson."""
    words, own = scene.strings.tutor, scene.strings.files.file_check
    get, certificate = scene.strings.certificate.get, Command("certificate")
    later = scene.strings.follow_up.offer
    remind = (Button(later, Command("remind"), later),) if scene.lesson.follow_up else ()
    return (
        Button(get, certificate, words.commands["certificate"][0], primary=True),
        *remind,
        Button(words.look_button, Command("lookback"), words.look_button),
        Button(words.lessons_title, Command("lessons"), words.commands["lessons"][0]),
        Button(own, Command("file"), own),
        Button(words.restart, Command("restart"), words.commands["restart"][0]),
    )


def _missing(scene: Scene) -> list[Requirement]:
    return [r for p in scene.lesson.phases for r in open_requirements(p, scene.progress)]


def _phase(scene: Scene, phase: Phase, missing: Sequence[Requirement]) -> tuple[Plain, ...]:
    words = scene.strings.assess
    lines = tuple(
        words.complete_open.format(text=r.text)
        if r in missing
        else words.complete_done.format(text=r.done or r.text)
        for r in phase.requirements
    )
    return (Text(phase.title, "strong"), Bullets(lines))


def figures_of_run(scene: Scene) -> tuple[str, ...]:
    """The learner's own figures in some lines."""
    words, lesson, progress = scene.strings.assess, scene.lesson, scene.progress
    known = figures(scene)
    lines = []
    if known["lines"] != ABSENT:
        lines.append(words.complete_lines.format(lines=known["lines"], topics=known["topics"]))
        if faults := "; ".join(data_faults(scene)):
            lines.append(scene.strings.model.weighing.data_flawed.format(faults=faults))
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
    return tuple(lines)


def _scores(scene: Scene) -> tuple[str, ...]:
    """The score of each quiz, and at which attempt it was reached."""
    words, records = scene.strings.assess, scene.progress.records
    answers = sum(r.attempts for r in records.values())
    taken = [records[s.id] for s in scene.lesson.steps_of(QuizStep) if s.id in records]
    return tuple(
        words.complete_score.format(
            score=f"{record.score * 100:.0f}",
            attempt=quiz.scored_at(record),
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
