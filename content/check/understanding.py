"""What the heads make of a lesson's examples, and of sentences that they have never seen."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from content.faults import ContentError, Fault
from content.held_out import FILE, HeldOut, HeldOutAnswers
from content.lesson import TextStep, Wordings
from content.loader import LOCALE, Library, homes
from content.nearest import did_you_mean
from content.reading import FOLDER
from content.strings import Strings
from content.validation import validate
from content.yaml_nodes import entry, fault, read, repeats
from dialogs.reading import talk
from dialogs.reading.fitting import COST, unseen
from dialogs.reading.harm import examples
from dialogs.reading.heads import Examples
from dialogs.reading.placing import Placed, Placing
from dialogs.reading.review import ALIKE, Example, Review, repeated, review
from dialogs.simulations.computation import Simulation
from dialogs.simulations.persona import Company
from dialogs.simulations.registry import build
from dialogs.steps.text import taken

# Of a held-out list, from which its author must mend the examples.
MOST_WRONG, MOST_ANSWERED = 0.08, 0.10
MOST_REFUSED, MOST_PASSED = 0.10, 0.20  # of answers: few are listed, so chance has room


@dataclass(frozen=True)
class Report:
    """What is to be said of a lesson's edition: for its author to read, and to mend."""

    lines: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Taught:
    """Examples that a head learns from, what it is for, and what more can be said of it.

    `examples` are as the head gets them, `written` as the author wrote them.
    """

    name: str
    examples: Examples
    written: Examples
    cost: float = 5.0
    more: tuple[str, ...] = ()


def reports(library: Library, folder: Path) -> list[Report]:
    """A report for each edition of each lesson in a folder, and for what any is read by.

    Raises ContentError.
    """
    found = [_examples("harm", FOLDER, [_harm()]), _examples("talk", FOLDER, [_talk()])]
    for home in homes(folder):
        for place in (home, *sorted(p for p in home.iterdir() if LOCALE.fullmatch(p.name))):
            locale = library.locale if place == home else place.name
            found.append(_report(place, _lesson_id(place), library.languages[locale]))
    return found


def _lesson_id(home: Path) -> str:
    root = read(home / "lesson.yaml")
    name = None if isinstance(root, Fault) else entry(root, "id")
    return str(name.value) if name is not None else ""


def _report(home: Path, lesson: str, library: Library) -> Report:
    content = library.simulations.get(lesson)
    company = build(content) if content else None
    answers = _of_answers(library.lessons[lesson].wordings)
    heads = (*_of_messages(company), *_of_replies(company), *answers)
    found = _examples(f"{lesson} ({library.locale})", home, heads)
    if not (home / FILE).exists():
        return found
    asked = {step.id: step for step in library.lessons[lesson].steps_of(TextStep)}
    lines, faults = _held_out(home / FILE, company, asked, library.strings)
    return Report((*found.lines, *lines), (*found.faults, *faults))


def _examples(title: str, home: Path, heads: Iterable[Taught]) -> Report:
    """What heads make of their examples, which stand in the files of a folder."""
    lines: list[str] = []
    faults: list[Fault] = []
    for taught in heads:
        lines += _lines(f"{title}, {taught.name}", taught)
        for example, earlier in repeated(taught.written):
            words = f'"{example.text}" is an example of "{example.label}" and of "{earlier}"'
            faults.append(_where(home, example, words))
    return Report(tuple(lines), tuple(faults))


def _harm() -> Taught:
    told = examples()
    return Taught("all lessons", told, told)


def _talk() -> Taught:
    told = talk.examples()
    return Taught("all lessons", told, told, talk.COST)


def _of_answers(asked: Mapping[str, Wordings]) -> Iterator[Taught]:
    for name, wordings in asked.items():
        told = wordings.examples
        found = unseen(wordings)
        more = (
            f"  of unseen good ones {found.good_refused:.0%} are refused and "
            f"{found.good_asked:.0%} asked about; of bad ones {found.bad_accepted:.0%} pass and "
            f"{found.bad_asked:.0%} are asked about"
        )
        yield Taught(f'answers to "{name}"', told, told, COST, (more,))


def _of_replies(simulation: Simulation | None) -> Iterator[Taught]:
    """The heads of moods, and of what sentences of a reply do: these may do several things."""
    if isinstance(simulation, Company):
        for name, mark in simulation.world.marks.items():
            told = {"shows": mark.shows, "others": mark.others}
            if mark.shows:
                yield Taught(f'mark "{name}"', told, told)
        yield Taught("acts", {n: act.shows for n, act in simulation.rubric.acts.items()}, {})


def _of_messages(simulation: Simulation | None) -> Iterator[Taught]:
    if isinstance(simulation, Company) and simulation.placing is not None:
        placing = simulation.placing
        more = (_limits(placing),)
        yield Taught("messages", placing.taught, placing.matters.taught, more=more)


def _limits(placing: Placing) -> str:
    """How sentences that no head has seen fare by the limits."""
    limits = placing.limits
    told = ", ".join(f"{count} {name}" for name, count in placing.outcomes().items())
    return f"  limits: ours {limits.ours:.2f}, lead {limits.lead:.2f}; of unseen sentences {told}"


def _lines(title: str, taught: Taught) -> Iterator[str]:
    found = review(taught.examples, taught.cost)
    share = found.right / found.total
    yield f"{title}: {found.right} of {found.total} examples told by the others ({share:.0%})"
    yield from taught.more
    yield from _details(found)


def _details(found: Review) -> Iterator[str]:
    for one, other, count in found.confused:
        yield f"  {count} × {one} and {other} are taken for each other"
    for example, other, share in found.misread:
        yield f'  "{example.text}" is taken for {other}, not {example.label} ({share:.2f})'
    for first, second, cosine in found.alike:
        what = f"{first.label} and {second.label} (cosine {cosine:.2f} > {ALIKE})"
        yield f'  "{first.text}" and "{second.text}" are nearly the same: {what}'
    for label, count in found.few:
        yield f"  {label} has {count} examples alone"


def _held_out(
    path: Path, simulation: Simulation | None, asked: Mapping[str, TextStep], strings: Strings
) -> tuple[list[str], list[Fault]]:
    root = read(path)
    if isinstance(root, Fault):
        raise ContentError([root])
    held = validate(HeldOut, root)
    if isinstance(held, list):
        raise ContentError([*repeats(root), *held])
    lines: list[str] = []
    faults: list[Fault] = []
    if isinstance(simulation, Company) and simulation.placing is not None:
        told, wrong = _messages(held, root, simulation.placing)
        lines += told
        faults += wrong
    answers = entry(root, "answers") or root
    for key, _ in _entries(root, "answers"):
        if key.value not in asked:
            near = did_you_mean(key.value, asked)
            faults.append(fault(key, f'no step "{key.value}" reads answers{near}'))
            continue
        told, words = _answers(asked[key.value], held.answers[key.value], strings)
        lines += told
        faults += [_at(answers, key.value, one) for one in words]
    return lines, faults


def _answers(
    step: TextStep, held: HeldOutAnswers, strings: Strings
) -> tuple[list[str], Sequence[str]]:
    """How held-out answers to a question fare: lines to read, and words of what is at fault."""
    good = {text: taken(step, text, strings) for text in held.good}
    bad = {text: taken(step, text, strings) for text in held.bad}
    refused = [text for text, band in good.items() if band == "not-yet"]
    passed = [text for text, band in bad.items() if band == "fits"]
    bands = Counter(good.values()), Counter(bad.values())
    told = [f"{n['fits']} pass, {n['ask']} are asked, {n['not-yet']} are refused" for n in bands]
    lines = [f'held-out answers to "{step.id}": of the good ones {told[0]}; of the bad {told[1]}']
    lines += [f'  "{text}" is refused' for text in refused]
    lines += [f'  "{text}" passes' for text in passed]
    wrong = []
    if len(refused) > MOST_REFUSED * len(good):
        wrong.append(
            f"{len(refused)} of {len(good)} good ones are refused: {MOST_REFUSED:.0%} at most"
        )
    if len(passed) > MOST_PASSED * len(bad):
        wrong.append(f"{len(passed)} of {len(bad)} bad ones pass: {MOST_PASSED:.0%} at most")
    return lines, wrong


def _messages(held: HeldOut, root: Node, placing: Placing) -> tuple[list[str], list[Fault]]:
    faults = [
        fault(key, f'there is no intent "{key.value}"{did_you_mean(key.value, placing.intents)}')
        for key, _ in _entries(root, "messages")
        if key.value not in placing.intents
    ]
    counts = Counter[str]()
    lines: list[str] = []
    for intent, texts in held.messages.items():
        for text in texts:
            placed = placing.place(text)
            outcome = _outcome(placed, intent)
            counts[outcome] += 1
            if outcome == "wrong":
                lines.append(f'  "{text}" is taken for {placed.intent}, not {intent}')
    answered = [text for text in held.elsewhere if placing.place(text).band == "sure"]
    lines += [
        f'  "{t}" is taken for {placing.place(t).intent}, and is not for us' for t in answered
    ]
    total, others = counts.total(), len(held.elsewhere)
    told = ", ".join(f"{counts[name]} {name}" for name in ("right", "asked", "refused", "wrong"))
    lines.insert(0, f"held-out messages: {told} of {total}; answered {len(answered)} of {others}")
    if total and counts["wrong"] > MOST_WRONG * total:
        words = (
            f"{counts['wrong']} of {total} are taken for another intent: {MOST_WRONG:.0%} at most"
        )
        faults.append(_at(root, "messages", words))
    if others and len(answered) > MOST_ANSWERED * others:
        words = f"{len(answered)} of {others} are taken for an intent: {MOST_ANSWERED:.0%} at most"
        faults.append(_at(root, "elsewhere", words))
    return lines, faults


def _outcome(placed: Placed, intent: str) -> str:
    if placed.band == "sure":
        return "right" if intent in (placed.intent, placed.second) else "wrong"
    return "asked" if intent in placed.choices else "refused"


def _entries(root: Node, key: str) -> Sequence[tuple[Node, Node]]:
    node = entry(root, key)
    return node.value if isinstance(node, MappingNode) else ()


def _at(root: Node, key: str, words: str) -> Fault:
    found = next((at for at, _ in root.value if at.value == key), root)
    return fault(found, words)


def _where(home: Path, example: Example, words: str) -> Fault:
    """A fault where an example stands under its label in the files of an edition."""
    files = sorted((*home.glob("*.yaml"), *home.glob("*/*.yaml")))
    nodes = (node for path in files if not isinstance(node := read(path), Fault))
    label = example.label.rpartition(":")[2]
    for node in nodes:
        for spot in _below(node, label):
            if spot.value == example.text:
                return fault(spot, words)
    return Fault(home / "lesson.yaml", 1, words)


def _below(node: Node, label: str, *, is_there: bool = False) -> Iterator[ScalarNode]:
    """The texts somewhere under a key."""
    if isinstance(node, ScalarNode) and is_there:
        yield node
    elif isinstance(node, SequenceNode):
        for inner in node.value:
            yield from _below(inner, label, is_there=is_there)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _below(value, label, is_there=is_there or key.value == label)
