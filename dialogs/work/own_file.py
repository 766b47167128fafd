"""A training file of the learner's own: what is said of its report, and how it is trained on."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from content.lesson import LabStep
from content.strings import FilesStrings
from dialogs.simulations.computation import recipe_key
from dialogs.simulations.own_file import (
    LONGEST_EXAMPLE,
    NAMED,
    SHORT,
    FileRecipe,
    FileReport,
    Remarks,
    mark,
)
from dialogs.simulations.persona import Company, Hyperparameters, Training, TrainingRecipe
from dialogs.values.events import Brought
from dialogs.values.replies import (
    Block,
    BringFile,
    Bullets,
    Download,
    Notice,
    Side,
    Sides,
    Text,
)
from dialogs.values.scene import Scene
from dialogs.values.turn import Compute
from dialogs.work import curves, training_set
from dialogs.work.models import SEED
from dialogs.work.persona_company import is_company

STEP = "own:file"  # for whom a file is computed: no step has such an id
LEAST = 10  # examples that the service asks for
MANY = 0.5  # share of the examples that makes a file one-sided
FEW_PLACED = 5  # messages whose topic is known, below which nothing is said of topics
SETTINGS: Final = Hyperparameters()


def asked_for(scene: Scene) -> BringFile:
    """Where a file is brought that was asked for; or the words that say where one can be."""
    return replace(offered(scene), elsewhere=scene.strings.files.elsewhere)


def offered(scene: Scene) -> BringFile:
    """Where a file may be brought instead, on the page alone."""
    words = scene.strings.files
    return BringFile(words.label, words.about, "", scene.lesson.id)


def check_order(scene: Scene, brought: Brought) -> Compute:
    """Order the check of a file."""
    recipe = FileRecipe(
        lesson=scene.lesson.id,
        locale=scene.lesson.locale,
        words=scene.strings.data,
        **brought.model_dump(exclude={"kind", "lesson"}),
    )
    return Compute(recipe_key(recipe), recipe, scene.lesson.id, scene.progress.run, STEP)


def training_order(scene: Scene, report: FileReport) -> Compute:
    """Order a training on what the small model can read of a file, a fifth of it held out."""
    recipe = TrainingRecipe(
        lesson=scene.lesson.id,
        locale=scene.lesson.locale,
        examples=report.pairs,
        seed=SEED,
        validation="split",
        **SETTINGS.model_dump(),
    )
    return Compute(recipe_key(recipe), recipe, scene.lesson.id, scene.progress.run, STEP)


def found(scene: Scene, key: str | None) -> FileReport | None:
    """The report of this key."""
    report = scene.results.get(key or "")
    return report if isinstance(report, FileReport) else None


def can_train(scene: Scene, report: FileReport) -> bool:
    """Whether the small model can be trained on a file, as the service would take it."""
    return is_company(scene.simulation) and report.is_sound and len(report.pairs) >= LEAST


# --- the report ---------------------------------------------------------------------


def told(scene: Scene, report: FileReport, before: FileReport | None) -> tuple[Block, ...]:
    """The report: the verdict first, then what to mend, what is worth a look, and figures."""
    words = scene.strings.files
    blocks: list[Block] = [Text(words.report.format(name=_plain(report.name)), "title")]
    blocks.append(_verdict(report, words))
    if report.forms:
        how = " ".join(words.found_forms[form] for form in report.forms)
        blocks.append(Text(words.converted.format(name=_plain(report.name), how=how)))
    if report.broken:
        blocks += [Text(words.to_mend, "heading"), Bullets(tuple(_faults(report, words)))]
    looks = [*_remarks(report.warnings, words), *_one_sided(report, words)]
    looks += _overlaps(scene, report, before)
    if looks:
        blocks += [Text(words.file_look, "heading"), Bullets(tuple(looks))]
    blocks += [Text(note, "small") for note in report.notes]
    if report.examples:
        blocks += [Text(words.figures, "heading"), Text(_size(scene, report))]
    if report.forms:
        blocks.append(Download(words.download, scene.lesson.id, "own-file.jsonl"))
    blocks.append(Text(words.kept, "small"))
    return tuple(blocks)


def _verdict(report: FileReport, words: FilesStrings) -> Notice:
    if report.broken:
        return Notice("bad", words.faulty.format(count=report.broken))
    if not report.examples:
        return Notice("bad", words.nothing)
    if report.examples < LEAST:
        return Notice("warning", words.few.format(examples=report.examples, least=LEAST))
    return Notice("good", words.sound.format(examples=report.examples))


def _faults(report: FileReport, words: FilesStrings) -> Iterable[str]:
    if report.encoding != "utf-8":
        yield words.saved_as[report.encoding].format(line=report.not_utf8)
    yield from _remarks(report.faults, words)


def _remarks(remarks: Remarks, words: FilesStrings) -> Iterable[str]:
    """What is said by line; then how much more there is of which kind."""
    for one in remarks.first:
        said = {"column": one.column, "message": one.message, "mend": one.mend}
        if len(one.lines) == 1:
            yield words.file_place.format(line=one.line, **said)
        else:
            lines = _numbers(one.lines, one.count)
            yield words.file_places.format(lines=lines, count=one.count, **said)
    for message, count in remarks.more:
        yield words.more.format(count=count, message=message)


def _one_sided(report: FileReport, words: FilesStrings) -> Iterable[str]:
    """What makes a file teach less than it seems to."""
    of = report.examples
    if report.cut:
        limits = {"limit": LONGEST_EXAMPLE, "line": report.cut[0]}
        yield words.cut.format(count=len(report.cut), **limits)
    if of > 1 and report.copied_reply > MANY * of:
        yield words.copied_reply.format(count=report.copied_reply, of=of)
    if of > 1 and report.copied_message > MANY * of:
        yield words.copied_message.format(count=report.copied_message, of=of)
    if report.short > MANY * of:
        yield words.short.format(count=report.short, of=of, least=SHORT)
    if report.systems > 1:
        yield words.systems.format(count=report.systems)
    if report.placed >= FEW_PLACED and report.topic > (1 - MANY / 2) * of:
        yield words.topic.format(count=report.topic, of=of)


def _overlaps(scene: Scene, report: FileReport, before: FileReport | None) -> Iterable[str]:
    """Which examples also stand in the file before, or in the lesson's training set."""
    words = scene.strings.files
    if before is not None:
        lines = _shared(report, (name for name, _ in before.marks))
        if lines:
            said = {"name": _plain(before.name), "lines": _numbers(lines, len(lines))}
            yield words.overlap_file.format(count=len(lines), of=report.examples, **said)
    if is_company(scene.simulation):
        own = training_set.examples(scene.lesson, scene.progress, scene.simulation)
        lines = _shared(report, (mark(e.message, e.reply) for e in own))
        if lines:
            said = {"lines": _numbers(lines, len(lines))}
            yield words.overlap_set.format(count=len(lines), of=report.examples, **said)


def _shared(report: FileReport, others: Iterable[str]) -> list[int]:
    known = set(others)
    return [line for name, line in report.marks if name in known]


def _numbers(lines: Sequence[int], count: int) -> str:
    """Line numbers in a row, as far as they are named."""
    named = ", ".join(map(str, lines[:NAMED]))
    return named if count <= NAMED else f"{named}, …"


def _size(scene: Scene, report: FileReport) -> str:
    numbers = scene.strings.model.numbers
    return scene.strings.files.tokens.format(
        examples=numbers.write(report.examples, ",d"),
        tokens=numbers.write(report.tokens, ",d"),
        longest=numbers.write(report.longest, ",d"),
        line=report.longest_line,
    )


def _plain(name: str) -> str:
    """A file's name without what would be markup in our sentences."""
    return name.replace("*", "").replace("`", "")


# --- the training -------------------------------------------------------------------


def trained(
    scene: Scene, company: Company, report: FileReport, training: Training
) -> tuple[Block, ...]:
    """What the training gave: curves, what is to be read in them, and what is said now."""
    words, model = scene.strings.files, scene.strings.model
    title = words.train_title.format(name=_plain(report.name))
    blocks: list[Block] = [Text(title, "title")]
    settings = model.lab_chart.format(
        multiplier=model.numbers.write(SETTINGS.learning_rate_multiplier, "g"),
        batch=SETTINGS.batch_size,
        epochs=SETTINGS.n_epochs,
    )
    blocks += [curves.chart(training, settings, model), Text(curves.told(training, model))]
    labs = scene.lesson.steps_of(LabStep)
    outcome = next((o for lab in labs for o in lab.outcomes if o.id == training.kind), None)
    if outcome is not None:
        blocks.append(Notice("info", outcome.explain, outcome.text))
    messages = [pair.message for pair in report.pairs]
    message = min(messages, key=lambda m: (company.place(m) is None, company.meant(m) is None))
    unsure = None if company.place(message) else company.meant(message)
    tuned = company.tuned(training)
    blocks.append(Text(words.train_customer.format(message=_plain(message))))
    said = (
        Side(words.train_base, company.base.reply(message, unsure).text),
        Side(words.train_tuned, tuned.reply(message, unsure).text),
    )
    blocks.append(Sides(said))
    placed = sum(company.place(m) is not None for m in messages)
    figures = {"new": len(training.phrases), "placed": placed, "of": len(report.pairs)}
    blocks += [Text(words.train_learned.format(**figures)), Text(words.train_apart, "small")]
    return tuple(blocks)
