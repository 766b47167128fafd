"""Every fault is named, where it stands, in words for a teacher."""

import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from content.loader import load
from tests.content.draft_lesson import Draft, draft


class Slip(NamedTuple):
    """`old` became `new`; the fault is told at a line that holds `at`."""

    file: str
    old: str
    new: str
    at: str
    says: str


DECISION = """\
  - id: decide
    kind: decision
    title: Decide
    help: Decide.
    prompt: What next?
    options:
      - {id: deploy, text: Use it, right: "Yes.", otherwise: "No."}
      - {id: more-data, text: More data, right: "Yes.", otherwise: "No."}
      - {id: parameters, text: Other settings, right: "Yes.", otherwise: "No."}
      - {id: base, text: Leave it, right: "Yes.", otherwise: "No."}
    justify: Why?
    evidence:
      - {id: figure, covered: "It rose.", missing: "Did it rise?"}
    wordings:
      good:
        rose: [Politeness rose.]
      bad:
        elsewhere: [I like it.]
    praise: Good.
"""

SHAPE = [
    Slip(
        "one.yaml",
        "prompt: What is wrong?",
        "promt: What is wrong?",
        "promt:",
        'unknown key "promt"; did you mean "prompt"?',
    ),
    Slip("one.yaml", "    items:\n", "    itmes:\n", "itmes:", 'did you mean "items"?'),
    Slip(
        "one.yaml",
        "        feedback: It has four words.\n",
        "",
        "id: long",
        'option "long" has no "feedback"',
    ),
    Slip(
        "one.yaml",
        "text: It is long",
        "text: No",
        "text: No",
        '"text" must be text; put quotes around it: "No"',
    ),
    Slip("one.yaml", "text: It is long", "text:", "text:\n", '"text" is empty'),
    Slip(
        "one.yaml",
        "text: It is long",
        "text: [It, is, long]",
        "text: [It",
        "must be text, not a list",
    ),
    Slip(
        "one.yaml",
        "text: It is long",
        "text: {It: long}",
        "text: {It",
        "text with a colon in it needs quotes",
    ),
    Slip(
        "one.yaml",
        "kind: choice",
        "kind: choise",
        "kind: choise",
        'unknown kind "choise"; did you mean "choice"?',
    ),
    Slip("one.yaml", "    kind: choice\n", "", "id: fault", 'step "fault" has no kind'),
    Slip("one.yaml", "id: fault\n", "id: The Fault\n", "id: The Fault", "can't be an id"),
    Slip(
        "one.yaml",
        "goals: [Learn a little]",
        "goals: Learn a little",
        "goals: Learn",
        '"goals" must be a list, each entry on its own line after "- "',
    ),
    Slip("one.yaml", "persona: base", "persona: bass", "persona: bass", 'did you mean "base"?'),
    Slip(
        "one.yaml", "minimum: 2", "minimum: two", "minimum: two", '"minimum" must be a whole number'
    ),
    Slip(
        "one.yaml",
        "suggested: 4",
        "suggested: four",
        "suggested: four",
        '"suggested" must be a number',
    ),
    Slip(
        "one.yaml", "relevant: false", "relevant: maybe", "relevant: maybe", "must be true or false"
    ),
    Slip("one.yaml", "share: 0.8", "share: 80", "share: 80", '"share" must be 1 or less'),
    Slip("one.yaml", "draw: 2", "draw: 0", "draw: 0", '"draw" must be 1 or more'),
    Slip(
        "one.yaml",
        "faults: {cold: It speaks to nobody., impersonal: It names no feeling.}",
        "faults: none",
        "faults: none",
        '"faults" must have keys of its own',
    ),
    Slip(
        "lesson.yaml",
        "icon: {source: cup.svg, alt: A cup of tea}",
        "icon: cup.svg",
        "icon: cup",
        '"icon" must have keys of its own: source, alt',
    ),
    Slip(
        "lesson.yaml",
        "https://example.org/costs",
        "http://example.org/costs",
        "http://",
        '"url" must begin with https://',
    ),
    Slip(
        "lesson.yaml",
        "objective: Learn something.\n  scenario",
        "scenario",
        "start:",
        '"start" has no "objective"',
    ),
    Slip(
        "bank.yaml",
        "topic: scenario",
        "topic: scenary",
        "topic: scenary",
        'did you mean "scenario"?',
    ),
]

YAML = [
    Slip(
        "one.yaml",
        "title: The fault",
        "title: The fault: found",
        "title: The fault:",
        "text with a colon in it needs quotes around it",
    ),
    Slip(
        "one.yaml", "    title: The fault", "\ttitle: The fault", "\ttitle", "spaces, not with tabs"
    ),
    Slip(
        "one.yaml",
        "title: The fault",
        "title: *The fault",
        "title: *The",
        "begins with * needs quotes",
    ),
    Slip(
        "one.yaml",
        "title: The fault",
        "title: The fault\n    title: Again",
        "title: Again",
        '"title" stands here and on line',
    ),
    Slip(
        "one.yaml",
        "goals: [Learn a little]",
        "goals: [Learn a little",
        "goals:",
        "a bracket is opened",
    ),
]

SENSE = [
    Slip(
        "one.yaml",
        "id: needs\n",
        "id: fault\n",
        "  - id: fault",
        "two steps of this lesson have the id",
    ),
    Slip(
        "one.yaml", "{id: truth,", "{id: kind,", "text: Truth", 'two entries of "items" have the id'
    ),
    Slip(
        "one.yaml",
        "steps: [fault, needs]",
        "steps: [falt, needs]",
        "id: found",
        'this phase has no step "falt"; did you mean "fault"?',
    ),
    Slip("one.yaml", "steps: [fault, needs]", "steps: [welcome]", "id: found", "marked tutorial"),
    Slip(
        "one.yaml",
        "terms: [epoch]",
        "terms: [epochs]",
        "terms: [epochs]",
        'the glossary has no term "epochs"; did you mean "epoch"?',
    ),
    Slip(
        "lesson.yaml",
        "also: [training loss]",
        "also: [Epoch]",
        "id: loss",
        'explains "Epoch" twice',
    ),
    Slip(
        "lesson.yaml", "example.org/costs", "example.org/overview", "text: Costs", "is linked twice"
    ),
    Slip(
        "lesson.yaml",
        "source: cup.svg",
        "source: pot.svg",
        "pot.svg",
        'media has no file "pot.svg"',
    ),
    Slip(
        "one.yaml",
        "praise: Kindly said.",
        'praise: "{examplse}"',
        "{examplse}",
        "no figure has the name",
    ),
    Slip("one.yaml", "right: true, feedback: So", "feedback: So", "options:", "no option is right"),
    Slip(
        "one.yaml",
        "text: It is long",
        "text: It is long\n        right: true",
        "options:",
        "every option is right",
    ),
    Slip("one.yaml", "relevant: false", "relevant: true", "items:", "every item is relevant"),
    Slip("one.yaml", "choice: Thank them, ", "", "id: thanks", 'has no "choice"'),
    Slip("one.yaml", "id: longer", "id: elsewhere", "id: elsewhere", '"elsewhere" is taken'),
    Slip("answers.yaml", "colder:", "coldr:", "coldr:", 'did you mean "colder"?'),
    Slip("answers.yaml", "elsewhere: [I like tea., The weather is nice.]", "", "bad:", "no exa"),
    Slip("answers.yaml", "Be rude.", "Say thank you.", "[Say thank you., Be", 'of "thanks" as'),
    Slip("answers.yaml", "better:", "beter:", "beter:", 'no step "beter"; did you mean "better"?'),
    Slip("one.yaml", "wordings: answers.yaml", "wordings: answer.yaml", "answer.yaml", "no file"),
    Slip("one.yaml", "fault: cold}", "fault: cole}", "fault: cole}", 'did you mean "cold"?'),
    Slip("one.yaml", "tone_fault: impersonal", "tone_fault: tone", "tone_fault", "names no fault"),
    Slip("one.yaml", "{cold: It", "{hasty: Fast., cold: It", "hasty:", 'shows the fault "hasty"'),
    Slip(
        "one.yaml",
        "suggested: 4",
        "suggested: 7",
        "id: politeness",
        "7 doesn't lie between 1 and 5",
    ),
    Slip(
        "one.yaml",
        "highest: 8, usual: 1",
        "highest: 8, usual: 0",
        "id: batch_size",
        "0 doesn't lie",
    ),
    Slip("one.yaml", "minimum: 2", "minimum: 3", "minimum: 3", "only 2 conversations are good"),
    Slip(
        "one.yaml", "minimum: 2", "minimum: 1", "minimum: 1", "brings 7 lines; the service needs 10"
    ),
    Slip(
        "one.yaml",
        "character: curt",
        "character: curtt",
        "curtt",
        'the world has no character "curtt"',
    ),
    Slip(
        "one.yaml",
        "    response: Hello!\n    intent: order-problem",
        "    response: Hello!\n    intent: ordr-problem",
        "intent: ordr-problem",
        'the world has no intent "ordr-problem"',
    ),
    Slip("one.yaml", "draw: 2", "draw: 3", "draw: 3", "draws 3 questions, but the bank has 2"),
    Slip("one.yaml", "each: 1", "each: 3", "each: 3", "3 of each phase are 3, but 2 are drawn"),
    Slip(
        "bank.yaml",
        "- id: q2\n  phase: one",
        "- id: q2\n  phase: two",
        "phase: two",
        'this lesson has no phase "two"',
    ),
    Slip(
        "bank.yaml",
        "objective: deciding",
        "objective: decidin",
        "objective: decidin",
        'this lesson has no objective "decidin"; did you mean "deciding"?',
    ),
    Slip(
        "bank.yaml",
        "step: fault\n  objective: deciding",
        "step: faults\n  objective: deciding",
        "step: faults",
        'this lesson has no step "faults"; did you mean "fault"?',
    ),
    Slip(
        "one.yaml",
        "{knowing: 1, deciding: 1}",
        "{knowing: 0, deciding: 2}",
        "bank: bank.yaml",
        'objective "deciding" has 1 questions, needs 2',
    ),
    Slip(
        "one.yaml",
        "{knowing: 1, deciding: 1}",
        "{knowing: 2, deciding: 1}",
        "objectives:",
        "they ask for 3, but 2 are drawn",
    ),
    Slip(
        "bank.yaml",
        "text: Go on,",
        "text: Go on, right: true,",
        "options:",
        "every option is right",
    ),
    Slip("bank.yaml", "id: q2", "id: q1", "- id: q1", 'two entries of "bank" have the id "q1"'),
    Slip("one.yaml", "persona: base", "persona: tuned", "id: talk", "needs a model"),
    Slip(
        "one.yaml",
        "    praise: Kindly said.",
        "    praise: Kindly said.\n    figures: true",
        "id: better",
        "needs a model",
    ),
    Slip("one.yaml", "  - id: talk\n", f"{DECISION}  - id: talk\n", "rose:", 'about "rose" here'),
    Slip("world.yaml", "ideal: good", "ideal: goood", "ideal: goood", "unknown character 'goood'"),
]

FILES = [
    Slip(
        "lesson.yaml",
        "simulation: persona",
        "simulation: personal",
        "simulation: personal",
        'unknown simulation "personal"; did you mean "persona"?',
    ),
    Slip(
        "lesson.yaml",
        "simulation: persona\n",
        "",
        "id: tea-shop",
        'there is a world.yaml, but no "simulation: persona" here',
    ),
    Slip(
        "one.yaml",
        "bank: bank.yaml",
        "bank: banks.yaml",
        "banks.yaml",
        "there is no file banks.yaml",
    ),
    Slip(
        "lesson.yaml",
        "phases: [one]",
        "phases: [one, two]",
        "[one, two]",
        "there is no file two.yaml",
    ),
]


@pytest.mark.parametrize("slip", [*SHAPE, *YAML, *SENSE, *FILES], ids=lambda slip: slip.says)
def test_a_fault_is_told_where_it_stands(tmp_path: Path, slip: Slip) -> None:
    lesson = draft(tmp_path)
    lesson.change(slip.file, slip.old, slip.new)
    told = lesson.faults()
    lines = (tmp_path / slip.file).read_text().splitlines()
    at = [n for n, line in enumerate(lines, start=1) if slip.at.strip() in line]
    places = tuple(f"{slip.file}:{n}: " for n in at)
    assert [fault for fault in told if slip.says in fault and fault.startswith(places)], told


def test_intents_may_stand_in_world_yaml_or_in_files_of_their_own(tmp_path: Path) -> None:
    draft(tmp_path / "apart")
    draft(tmp_path / "whole")
    files = sorted((tmp_path / "whole" / "intents").glob("*.yaml"))
    assert len(files) > 1
    intents = "".join(file.read_text() for file in files)
    for file in files:
        file.unlink()
    with (tmp_path / "whole" / "world.yaml").open("a") as world:
        world.write("\nintents:\n" + textwrap.indent(intents, "  "))
    whole, parts = (load(tmp_path / name).simulations for name in ("whole", "apart"))
    assert whole == parts


def test_what_stands_in_the_world_and_in_a_file_of_its_own_is_told(tmp_path: Path) -> None:
    lesson = draft(tmp_path)
    with (tmp_path / "world.yaml").open("a") as world:
        world.write("\nmarks: {}\n")
    last = len((tmp_path / "world.yaml").read_text().splitlines())
    told = f'world.yaml:{last}: "marks" stands here and in marks.yaml'
    assert told in lesson.faults()


def test_faults_of_an_intent_are_told_in_its_own_file(tmp_path: Path) -> None:
    lesson = draft(tmp_path)
    one, other, *_ = sorted((tmp_path / "intents").glob("*.yaml"))
    lines = one.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("  family: "))
    lines[at] = lines[at].replace("family", "famly")
    one.write_text("\n".join(lines))
    first = next(iter(yaml.safe_load(one.read_text())))
    last = 1 + len(other.read_text().splitlines())
    other.write_text(f"{other.read_text()}{first}: {{}}\n")
    (tmp_path / "intents" / "zero.yaml").write_text("")
    (tmp_path / "elsewhere.yaml").write_text("- a list\n")
    told = lesson.faults()
    says = 'unknown key "famly"; did you mean "family"?'
    assert f"intents/{one.name}:{at + 1}: {says}" in told
    assert f'intents/{other.name}:{last}: "{first}" stands here and in {one.name}' in told
    assert "intents/zero.yaml:1: this file is empty" in told
    assert "elsewhere.yaml:1: each entry of this file must begin with its id" in told


def test_the_draft_itself_is_well(tmp_path: Path) -> None:
    assert draft(tmp_path).faults() == []


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    lesson = draft(tmp_path)
    lesson.change("one.yaml", "prompt: What is wrong?", "promt: What is wrong?")
    lesson.change("one.yaml", "share: 0.8", "share: 80")
    lesson.change("lesson.yaml", "title: A Tea Shop's Voice\nsummary", "summary")
    (tmp_path / "rubric.yaml").write_text("")
    (tmp_path / "practice.jsonl").write_text('{"messages": []}\n{,}\n')
    told = "\n".join(lesson.faults())
    for part in (
        'lesson.yaml:1: this file has no "title"',
        'unknown key "promt"',
        'step "fault" has no "prompt"',
        '"share" must be 1 or less',
        "rubric.yaml:1: this file is empty",
        "practice.jsonl:1: no messages with an assistant's reply",
        "practice.jsonl:2: not one line of JSON",
        "practice.jsonl:1: has 2 lines; the service needs 10",
    ):
        assert part in told


def test_steps_that_need_a_simulation_are_named_where_there_is_none(tmp_path: Path) -> None:
    lesson = draft(tmp_path)
    lesson.change("lesson.yaml", "simulation: persona\n", "")
    for name in ("world.yaml", "rubric.yaml", "practice.jsonl"):
        (tmp_path / name).unlink()
    told = lesson.faults()
    needs = 'which needs "simulation: persona" in lesson.yaml'
    kinds = {"talk": "chat", "choose": "selection", "write": "jsonl", "train": "job"}
    assert [t.partition(": ")[2] for t in told] == [
        f'step "{step}" is of kind {kind}, {needs}' for step, kind in kinds.items()
    ]


def test_a_persona_lesson_names_the_files_that_its_learners_get(tmp_path: Path) -> None:
    lesson = draft(tmp_path)
    lesson.change("lesson.yaml", "  practice: More examples\n", "")
    (told,) = lesson.faults()
    assert 'step "end" has no "practice"' in told


def test_a_fault_costs_no_second_one_elsewhere(tmp_path: Path) -> None:
    lesson = draft(tmp_path)
    lesson.change("one.yaml", "        feedback: It has four words.\n", "")
    assert len(lesson.faults()) == 1


def test_a_folder_without_lessons_says_what_a_lesson_is(tmp_path: Path) -> None:
    assert "a lesson is a folder with a lesson.yaml" in Draft(tmp_path).faults()[0]


def test_two_lessons_of_one_id_are_a_fault(tmp_path: Path) -> None:
    draft(tmp_path / "a")
    lesson = draft(tmp_path / "b")
    assert 'two lessons have the id "tea-shop"' in Draft(tmp_path).faults()[0]
    assert lesson.faults() == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"messages": [3, {"role": "assistant", "content": ""}]}', "assistant has no text"),
        ('{"messages": [{"role": "bot", "content": "Hi."}]}', '"bot" is no role'),
    ],
)
def test_a_practice_line_that_the_service_refuses_is_told(
    tmp_path: Path, line: str, says: str
) -> None:
    lesson = draft(tmp_path)
    with (tmp_path / "practice.jsonl").open("a") as file:
        file.write(f"{line}\n")
    count = len((tmp_path / "practice.jsonl").read_text().splitlines())
    assert [f for f in lesson.faults() if f.startswith(f"practice.jsonl:{count}: ") and says in f]


def test_a_practice_file_that_is_no_utf_8_is_told(tmp_path: Path) -> None:
    lesson = draft(tmp_path)
    (tmp_path / "practice.jsonl").write_bytes("é".encode("latin-1"))
    assert "practice.jsonl:1: this file isn't stored as UTF-8" in lesson.faults()
