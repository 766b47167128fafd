"""The learner's own training set: what they selected, with its archive, and what they wrote."""

import json
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from content.lesson import Conversation, JsonlStep, Lesson, SelectionStep
from dialogs.personas import Company, Example
from dialogs.progress import Progress
from dialogs.steps import jsonl, selection


def examples(lesson: Lesson, progress: Progress, company: Company) -> tuple[Example, ...]:
    """The lines of the set in order: each selected conversation with its variants, then own lines.

    The archive's share depends on the selection and the learner's seed alone.
    """
    chosen: list[Conversation] = []
    own: list[Example] = []
    for step in lesson.steps:
        state = progress.record(step.id).state
        match step:
            case SelectionStep():
                picked = selection.State.of(state).picked
                chosen += [c for c in step.conversations if c.id in picked]
            case JsonlStep():
                written = jsonl.State.of(state)
                if written.message and written.reply:
                    own.append(Example(message=written.message, reply=written.reply))
            case _:
                pass
    lines = _archive(company, tuple(chosen), progress.seed)
    return (*lines, *(e for e in own if e not in lines))


@lru_cache(maxsize=256)
def _archive(company: Company, chosen: tuple[Conversation, ...], seed: int) -> tuple[Example, ...]:
    return tuple(e for group in company.archive(chosen, seed) for e in group)


def system_message(lesson: Lesson) -> str:
    """The system message of every line; the one that the lesson's JSONL steps teach."""
    return next((s.system for s in lesson.steps if isinstance(s, JsonlStep)), "")


def line(example: Example, system: str) -> str:
    """An example as one line of the file."""
    messages = [
        {"role": "user", "content": example.message},
        {"role": "assistant", "content": example.reply},
    ]
    if system:
        messages.insert(0, {"role": "system", "content": system})
    return json.dumps({"messages": messages}, ensure_ascii=False)


def jsonl_file(lesson: Lesson, progress: Progress, company: Company) -> str:
    """The whole set as the service takes it: one JSON object on each line, UTF-8."""
    system = system_message(lesson)
    return "".join(f"{line(e, system)}\n" for e in examples(lesson, progress, company))


def mark(lines: Sequence[Example]) -> str:
    """A digest of a set: another set has another mark."""
    told = json.dumps([(e.message, e.reply) for e in lines])
    return sha256(told.encode()).hexdigest()[:16]
