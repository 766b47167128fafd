"""Lessons and strings, loaded from their folders: all of them well, or every fault named.

A lesson's folder holds its English edition. The edition in another language is a folder inside
it, named by its locale, with the same files.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import BaseModel
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from content import editions, reading
from content.digest import version
from content.faults import ContentError, Fault
from content.lesson import Lesson
from content.lesson.data import SERVICE_MINIMUM
from content.lesson.sources import Source
from content.limits import over_limits
from content.nearest import did_you_mean
from content.rules import complaints, surroundings, templates
from content.session import Session, skeleton
from content.session import complaints as session_complaints
from content.simulation import SimulationContent
from content.simulations import SIMULATIONS
from content.sources import FILE as SOURCES
from content.sources import idle_strings, unsourced, unsourced_edition, unsourced_strings
from content.strings import Strings
from content.validation import Model, mention, validate
from content.yaml_nodes import Loc, entry, fault, find, join, merged, read, repeats

SHIPPED = Path(__file__).parent / "lessons"
STRINGS = Path(__file__).parent / "strings"
SESSIONS = Path(__file__).parent / "sessions"
ORIGINAL = "en"  # the locale of the edition in a lesson's own folder
LOCALE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")  # names the folder of another edition
FOLLOW_UP = "follow_up.yaml"  # what is asked some days after a lesson
ROLES = ("system", "user", "assistant")  # of the messages in a practice file


@dataclass(frozen=True)
class Library:
    """All that is taught in one language, by lesson id.

    A lesson without a simulation isn't among `simulations`. `practice` is the text of each
    lesson's practice file, empty where there is none; `media` the file of each of its pictures,
    by the source that the lesson names. `translations` are the other languages' libraries by
    locale; each holds the lessons that have an edition in it. `sessions` are the talks' run
    sheets, each in every language.
    """

    lessons: Mapping[str, Lesson]
    simulations: Mapping[str, SimulationContent]
    strings: Strings
    practice: Mapping[str, str]
    media: Mapping[str, Mapping[str, Path]]
    locale: str = ORIGINAL
    translations: Mapping[str, "Library"] = field(default_factory=dict)
    sessions: Mapping[str, Session] = field(default_factory=dict)

    @property
    def languages(self) -> Mapping[str, "Library"]:
        """The library of each language by locale, this one first."""
        return {self.locale: self, **self.translations}

    def pictures(self, lesson: str) -> Mapping[str, Path]:
        """The pictures of all editions of a lesson, by the source that they name."""
        found: dict[str, Path] = {}
        for one in reversed(tuple(self.languages.values())):
            found |= one.media.get(lesson, {})
        return found

    def edition(self, lesson: str, locale: str) -> "Library":
        """The library that holds a lesson's edition for this locale, else the original's."""
        found = self.translations.get(locale, self)
        return found if lesson in found.lessons else self


@dataclass(frozen=True)
class _Shelf:
    """One edition of a lesson with what lies beside it, and where in the files it all stands."""

    lesson: Lesson
    simulation: SimulationContent | None
    practice: str
    media: Mapping[str, Path]
    nodes: Mapping[str, Node]


@dataclass(frozen=True)
class _Vocabulary:
    """The tutor's words in one language, and where in the files they stand."""

    strings: Strings
    root: Node


def load(folder: Path = SHIPPED, words: Path = STRINGS) -> Library:
    """Load every edition of every lesson in `folder`, and the tutor's words in `words`.

    `folder` may be a lesson itself. Raises ContentError with every fault in them.
    """
    faults: list[Fault] = reading.faults()
    vocabularies = _vocabularies(words, faults)
    shelves: dict[str, dict[str, _Shelf]] = {locale: {} for locale in vocabularies}
    original = shelves.setdefault(ORIGINAL, {})
    for home in homes(folder):
        shelf = _shelf(home, home, ORIGINAL, faults)
        if shelf is None:
            continue
        name = shelf.lesson.id
        if name in original:
            faults.append(Fault(home / "lesson.yaml", 1, f'two lessons have the id "{name}"'))
        original[name] = shelf
        for place in _editions(home):
            if place.name not in vocabularies:
                missing = f"the tutor has no words in {place.name}: {words}/*.{place.name}.yaml"
                faults.append(Fault(place / "lesson.yaml", 1, missing))
                continue
            other = _shelf(place, home, place.name, faults)
            if other is not None:
                shelves[place.name][name] = other
                faults += _apart(shelf, other)
    sessions = _sessions(SESSIONS, tuple(vocabularies), faults)
    if not original and not faults:
        faults.append(Fault(folder, 1, "no lesson here; a lesson is a folder with a lesson.yaml"))
    if faults:
        raise ContentError(faults)
    libraries = {
        locale: _library(locale, shelves[locale], vocabulary.strings, sessions[locale])
        for locale, vocabulary in vocabularies.items()
    }
    return replace(libraries.pop(ORIGINAL), translations=libraries)


def _library(
    locale: str,
    shelves: Mapping[str, _Shelf],
    strings: Strings,
    sessions: Mapping[str, Session],
) -> Library:
    return Library(
        lessons={key: shelf.lesson for key, shelf in shelves.items()},
        simulations={key: shelf.simulation for key, shelf in shelves.items() if shelf.simulation},
        strings=strings,
        practice={key: shelf.practice for key, shelf in shelves.items()},
        media={key: shelf.media for key, shelf in shelves.items()},
        locale=locale,
        sessions=sessions,
    )


def _sessions(
    folder: Path, locales: Iterable[str], faults: list[Fault]
) -> dict[str, dict[str, Session]]:
    """The run sheets by locale and id; each session is there in every language, and the same."""
    found: dict[str, dict[str, Session]] = {locale: {} for locale in locales}
    for file in sorted(folder.glob(f"*.{ORIGINAL}.yaml")):
        original: Session | None = None
        name = file.name.split(".")[0]
        for locale, sessions in found.items():
            path = folder / f"{name}.{locale}.yaml"
            node = _node(path, faults)
            session = None if node is None else _valid(Session, node, faults)
            if node is None or session is None:
                continue
            if (session.id, session.locale) != (name, locale):
                faults.append(fault(node, f'this file is for "{name}" in "{locale}"'))
            faults += [
                fault(find(node, at).place, told) for at, told in session_complaints(session)
            ]
            original = original or session
            if skeleton(session) != skeleton(original):
                differs = f"ids, minutes or what is right differ from {file.name}"
                faults.append(fault(node, differs))
            sessions[name] = session
    return found


def homes(folder: Path) -> list[Path]:
    """The folders of the lessons in `folder`, which may be a lesson itself."""
    if (folder / "lesson.yaml").exists():
        return [folder]
    return sorted(file.parent for file in folder.glob("*/lesson.yaml"))


def _editions(home: Path) -> list[Path]:
    """The folders of a lesson's other editions, named by their locale."""
    return sorted(p for p in home.iterdir() if p.is_dir() and LOCALE.fullmatch(p.name))


def _shelf(home: Path, lesson_home: Path, locale: str, faults: list[Fault]) -> _Shelf | None:
    """One edition with its neighbours; None when a fault was found in any of them.

    Pictures that an edition has none of its own for are the lesson's.
    """
    before = len(faults)
    media = {
        file.relative_to(place / "media").as_posix(): file
        for place in (lesson_home, home)
        for file in sorted((place / "media").rglob("*"))
        if file.is_file()
    }
    nodes: dict[str, Node] = {}
    root = _joined(
        assembled(home / "lesson.yaml", faults), "sources", lesson_home / SOURCES, faults
    )
    root = _joined(root, "follow_up", home / FOLLOW_UP, faults)
    whole = len(faults) == before
    simulation = None if root is None else _simulation(home, root, nodes, faults)
    practice = _practice(home / "practice.jsonl", faults, needed=_practises(root))
    lesson = None if root is None else _valid(Lesson, root, faults)
    # What holds between the parts can't be told while a part is missing.
    if root is not None and lesson is not None and whole:
        nodes["lesson"] = root
        if lesson.locale != locale:
            wrong = f'this is the edition for "{locale}", not "{lesson.locale}"'
            faults.append(fault(find(root, ("locale",)).place, wrong))
        around = surroundings(lesson, simulation)
        found = [*complaints(lesson, around, media), *over_limits(lesson)]
        found += (unsourced if locale == ORIGINAL else unsourced_edition)(lesson)
        faults += [fault(find(root, loc).place, message) for loc, message in found]
    if len(faults) > before or lesson is None:
        return None
    stamped = lesson.model_copy(update={"version": version(lesson)})
    return _Shelf(stamped, simulation, practice, media, nodes)


def _apart(original: _Shelf, edition: _Shelf) -> list[Fault]:
    """Where an edition isn't the same lesson in other words."""
    here, there = original.nodes, edition.nodes
    found = editions.of_lessons(original.lesson, edition.lesson)
    faults = _pointed(found, here["lesson"], there["lesson"])
    for name, differences in editions.of_simulations(original.simulation, edition.simulation):
        faults += _pointed(differences, here[name], there[name])
    return faults


def _pointed(found: Iterable[editions.Difference], original: Node, edition: Node) -> list[Fault]:
    """Each difference where it stands in the edition, with its place in the original."""
    faults = []
    for loc, message in found:
        there = fault(find(original, loc).place, "")
        what = f'"{loc[-1]}"' if isinstance(loc[-1], str) else f"entry {loc[-1] + 1}"
        words = f"{what}: {message} ({there.path}:{there.line})"
        faults.append(fault(find(edition, loc).place, words))
    return faults


def _simulation(
    home: Path, lesson: Node, nodes: dict[str, Node], faults: list[Fault]
) -> SimulationContent | None:
    """Load what the lesson's simulation is made of; None when it has none, or a faulty one."""
    named = entry(lesson, "simulation")
    if named is None:
        # Lessons did not always have to say it.
        if (home / "world.yaml").exists():
            message = 'there is a world.yaml, but no "simulation: persona" here'
            faults.append(fault(lesson, message))
        return None
    model = SIMULATIONS.get(str(named.value))
    if model is None:
        message = f'unknown simulation "{named.value}"{did_you_mean(str(named.value), SIMULATIONS)}'
        faults.append(fault(named, message))
        return None
    return _whole(model, home, nodes, faults)


def _practises(lesson: Node | None) -> bool:
    """Whether the lesson's simulation comes with examples to take home."""
    named = None if lesson is None else entry(lesson, "simulation")
    model = None if named is None else SIMULATIONS.get(str(named.value))
    return named is not None and (model is None or model.practises)


def _whole(
    model: type[SimulationContent], home: Path, nodes: dict[str, Node], faults: list[Fault]
) -> SimulationContent | None:
    """Read each field of a simulation from the file of its name; all must fit together."""
    parts: dict[str, BaseModel] = {}
    for name, kind in model.files().items():
        node = _node(home / f"{name}.yaml", faults)
        if node is None:
            continue
        for loc in model.apart().get(name, ()):
            node = _with_apart(node, loc, home, faults)
        part = _valid(kind, node, faults)
        if part is not None:
            nodes[name], parts[name] = node, part
    if len(parts) < len(model.files()):
        return None
    simulation = model.model_validate(parts)
    for name, message in simulation.misfits():
        faults.append(mention(nodes[name], nodes[name], message))
    return simulation


def _with_apart(root: Node, loc: Loc, home: Path, faults: list[Fault]) -> Node:
    """Put a mapping that may be written apart where it belongs; it stands in one place alone."""
    if not isinstance(root, MappingNode):
        return root
    inside = find(root, loc)
    if inside.path == loc:
        for file in _files_apart(home, str(loc[-1])):
            where = file.relative_to(home)
            faults.append(fault(inside.place, f'"{loc[-1]}" stands here and in {where}'))
        return root
    name, inner = str(loc[0]), entry(root, str(loc[0]))
    if len(loc) > 1:
        empty = MappingNode(root.tag, [], root.start_mark, root.end_mark)
        below = _with_apart(inner or empty, loc[1:], home, faults)
        return root if below is empty else join(root, name, below)
    pairs: list[tuple[Node, Node]] = []
    seen: dict[str, Fault] = {}
    for file in _files_apart(home, name):
        node = _node(file, faults)
        if node is not None and not isinstance(node, MappingNode):
            faults.append(fault(node, "each entry of this file must begin with its id"))
        for key, value in node.value if isinstance(node, MappingNode) else ():
            here = fault(key, "")
            first = seen.setdefault(key.value, here)
            if first.path != here.path:
                faults.append(fault(key, f'"{key.value}" stands here and in {first.path.name}'))
            else:
                pairs.append((key, value))
    if not pairs:
        return root
    mark = pairs[0][0].start_mark
    return join(root, name, MappingNode(root.tag, pairs, mark, mark))


def _files_apart(home: Path, name: str) -> list[Path]:
    """The files of a mapping that is written apart: that of its name, or a folder of it."""
    file = home / f"{name}.yaml"
    return [*([file] if file.exists() else []), *sorted((home / name).glob("*.yaml"))]


def _node(path: Path, faults: list[Fault]) -> Node | None:
    """One file's nodes; None, and a fault, when it can't be read."""
    node = read(path)
    if isinstance(node, Fault):
        faults.append(node)
        return None
    faults += repeats(node)
    return node


def _valid(model: type[Model], root: Node, faults: list[Fault]) -> Model | None:
    result = validate(model, root)
    if isinstance(result, BaseModel):
        return result
    faults += result
    return None


def assembled(path: Path, faults: list[Fault]) -> Node | None:
    """The lesson with its phases' files, and their quiz banks, joined into it."""
    root = _node(path, faults)
    if root is None:
        return None
    names = entry(root, "phases")
    if not isinstance(root, MappingNode) or not isinstance(names, SequenceNode):
        return root
    phases: list[Node] = []
    answers: dict[Path, Node | None] = {}
    for name in names.value:
        if not isinstance(name, ScalarNode):
            faults.append(fault(name, 'name the phase\'s file, without ".yaml"'))
            continue
        phase = _neighbour(path.parent / f"{name.value}.yaml", name, faults)
        if phase is not None:
            phases.append(_with_neighbours(path.parent, phase, answers, faults))
    faults += _astray(answers.values(), phases)
    if not phases:
        return None
    return join(root, "phases", SequenceNode(names.tag, phases, names.start_mark, names.end_mark))


def _joined(root: Node | None, name: str, file: Path, faults: list[Fault]) -> Node | None:
    """The lesson with what stands in a file that needn't be there."""
    node = _node(file, faults) if root is not None and file.exists() else None
    return root if root is None or node is None else join(root, name, node)


def _neighbour(path: Path, name: ScalarNode, faults: list[Fault]) -> Node | None:
    """A file that the lesson names; a missing one is a fault where it is named."""
    if path.exists():
        return _node(path, faults)
    faults.append(fault(name, f"there is no file {path.name}"))
    return None


def _with_neighbours(
    home: Path, phase: Node, answers: dict[Path, Node | None], faults: list[Fault]
) -> Node:
    """The phase with its quiz's bank and its questions' example answers, from their files."""
    steps = entry(phase, "steps")
    if not isinstance(steps, SequenceNode):
        return phase
    joined = []
    for step in steps.value:
        whole = step
        bank, examples = entry(step, "bank"), entry(step, "wordings")
        if isinstance(bank, ScalarNode):
            node = _neighbour(home / bank.value, bank, faults)
            whole = whole if node is None else join(whole, "bank", node)
        if isinstance(examples, ScalarNode):
            node = _answers(home, step, examples, answers, faults)
            whole = whole if node is None else join(whole, "wordings", node)
        joined.append(whole)
    return join(phase, "steps", SequenceNode(steps.tag, joined, steps.start_mark, steps.end_mark))


def _answers(
    home: Path, step: Node, name: ScalarNode, known: dict[Path, Node | None], faults: list[Fault]
) -> Node | None:
    """A step's example answers from the file that it names; `known` are the files read already.

    An edition has the original's, whose languages the encoder reads as well, and may add its own.
    """
    places = [home / name.value]
    if LOCALE.fullmatch(home.name) and (home.parent / "lesson.yaml").exists():
        places = [home.parent / name.value, *(place for place in places if place.exists())]
    own = entry(step, "id")
    found: Node | None = None
    for place in places:
        if place not in known:
            known[place] = _neighbour(place, name, faults)
        node = known[place]
        given = None if node is None or own is None else entry(node, str(own.value))
        if given is not None:
            found = given if found is None else merged(found, given)
        elif node is not None and place == places[0]:
            faults.append(fault(name, f"{place.name} has no answers to this step"))
    return found


def _astray(answers: Iterable[Node | None], phases: Iterable[Node]) -> Iterator[Fault]:
    """Example answers to steps that the lesson hasn't got."""
    steps = [entry(phase, "steps") for phase in phases]
    ids = {
        str(name.value)
        for many in steps
        if isinstance(many, SequenceNode)
        for step in many.value
        if (name := entry(step, "id")) is not None
    }
    for node in answers:
        for key, _ in node.value if isinstance(node, MappingNode) else ():
            if key.value not in ids:
                near = did_you_mean(key.value, ids)
                yield fault(key, f'this lesson has no step "{key.value}"{near}')


def _vocabularies(folder: Path, faults: list[Fault]) -> dict[str, _Vocabulary]:
    """The tutor's words by locale: those of every language that has a file, the original first."""
    locales = {file.name.split(".")[-2] for file in folder.glob("*.*.yaml")} - {ORIGINAL}
    found: dict[str, _Vocabulary] = {}
    for locale in (ORIGINAL, *sorted(locales)):
        vocabulary = _vocabulary(folder, locale, faults)
        if vocabulary is not None:
            found[locale] = vocabulary
    original = found.get(ORIGINAL)
    if original is not None:
        _vouch(folder, found.values(), original, faults)
    for locale, other in found.items():
        if original is not None and locale != ORIGINAL:
            differences = editions.of_strings(original.strings, other.strings)
            faults += _pointed(differences, original.root, other.root)
    return found


def _vouch(
    folder: Path,
    vocabularies: Iterable[_Vocabulary],
    original: _Vocabulary,
    faults: list[Fault],
) -> None:
    """Every figure in the tutor's own words has a source, every source its figures."""
    root = _node(folder / SOURCES, faults) if (folder / SOURCES).exists() else None
    nodes = root.value if isinstance(root, SequenceNode) else ()
    known = [source for node in nodes if (source := _valid(Source, node, faults))]
    for one in vocabularies:
        found = unsourced_strings(one.strings, known)
        faults += [fault(find(one.root, loc).place, message) for loc, message in found]
    if root is not None:
        idle = idle_strings(original.strings, known)
        faults += [fault(find(root, loc).place, message) for loc, message in idle]


def _vocabulary(folder: Path, locale: str, faults: list[Fault]) -> _Vocabulary | None:
    """The tutor's words in one language: every section's file under the section's name."""
    pairs: dict[str, Node] = {}
    for section in Strings.model_fields:
        node = _node(folder / f"{section}.{locale}.yaml", faults)
        if node is not None:
            pairs[section] = node
    if len(pairs) < len(Strings.model_fields):
        return None
    first = next(iter(pairs.values()))
    root: Node = MappingNode("tag:yaml.org,2002:map", [], first.start_mark, first.end_mark)
    for section, node in pairs.items():
        root = join(root, section, node)
    strings = _valid(Strings, root, faults)
    if strings is None:
        return None
    faults += [fault(find(root, loc).place, words) for loc, words in templates(strings)]
    return _Vocabulary(strings, root)


def _unfit(example: object) -> Iterator[str]:
    """What keeps the service from taking a practice line."""
    messages = example.get("messages") if isinstance(example, dict) else None
    told = [m for m in messages if isinstance(m, dict)] if isinstance(messages, list) else []
    if not any(m.get("role") == "assistant" for m in told):
        yield "no messages with an assistant's reply"
    for message in told:
        role, content = message.get("role"), message.get("content")
        if role not in ROLES:
            yield f'"{role}" is no role that the service knows: {", ".join(ROLES)}'
        if not (isinstance(content, str) and content.strip()):
            yield f"a message of {role} has no text as its content"


def _practice(path: Path, faults: list[Fault], *, needed: bool) -> str:
    """The practice file's text; each line must be an example that the service accepts."""
    if not path.exists():
        if needed:
            faults.append(Fault(path, 1, "this file is missing"))
        return ""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        faults.append(Fault(path, 1, "this file isn't stored as UTF-8"))
        return ""
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            example = json.loads(line)
        except ValueError as error:
            faults.append(Fault(path, number, f"not one line of JSON: {error}"))
            continue
        faults += [Fault(path, number, words) for words in _unfit(example)]
    if len(lines) < SERVICE_MINIMUM:
        faults.append(
            Fault(path, 1, f"has {len(lines)} lines; the service needs {SERVICE_MINIMUM}")
        )
    return text
