"""Stored documents of older forms: what was written once is read for ever."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from content.stored import NewerFormError, Stored, upgraded
from dialogs.tutor import Tutor
from dialogs.values import versions
from dialogs.values.events import Typed
from dialogs.values.progress import Earlier, Learner, OwnFile, Progress, Record, TunedModel
from dialogs.values.replies import Message

# Learners as tutors of each form stored them: one who finished, one halfway. They are never
# written anew: who raises the form adds a file.
STORED = Path(__file__).parent / "stored"
MAIN = "polite-chatbot"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PARTS = (Progress, Record, TunedModel, Earlier, OwnFile)
FORM_OF_LEARNERS = 1  # in those files; later ones have files of their own
FORMS = range(1, versions.PROGRESS.form + 1)


def documents(form: int, who: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A learner's two documents."""
    told = json.loads((STORED / f"form-{form}.json").read_text("utf-8"))[who]
    return told["learner"], told["progress"][MAIN]


def read(form: int, who: str) -> Learner:
    """A learner as the store reads them."""
    learner, progress = documents(form, who)
    found = versions.PROGRESS.read(json.dumps(progress), form)
    known = versions.LEARNER.read(json.dumps(learner), FORM_OF_LEARNERS)
    return replace(known, progress={MAIN: found})


def test_whoever_changes_a_stored_field_raises_the_form() -> None:
    # An older tutor beside a newer one would take a field that it doesn't know for a fault.
    kinds: dict[str, tuple[Stored[Any], tuple[Any, ...]]] = {
        "learner": (versions.LEARNER, (Learner,)),
        "progress": (versions.PROGRESS, PARTS),
    }
    found = {
        name: [stored.form, sorted(f"{k.__name__}.{f.name}" for k in parts for f in fields(k))]
        for name, (stored, parts) in kinds.items()
    }
    assert found == json.loads((STORED / "fields.json").read_text("utf-8"))


@pytest.mark.parametrize("form", FORMS)
def test_who_finished_under_an_older_form_has_finished(form: int) -> None:
    progress = read(form, "finished").progress[MAIN]
    assert progress.frontier == "complete"
    assert progress.completed_at is not None
    assert progress.completed_version == progress.version
    assert all(record.status == "passed" for record in progress.records.values())


@pytest.mark.parametrize("form", FORMS)
def test_who_was_halfway_under_an_older_form_goes_on_there(tutor: Tutor, form: int) -> None:
    learner = read(form, "halfway")
    before = learner.progress[MAIN]
    assert before.completed_version is None
    exchange = tutor.converse(learner, Typed(text="hello"), NOW, {})
    assert exchange.learner.progress[MAIN].cursor == before.cursor == "job"
    assert exchange.learner.progress[MAIN].records == before.records


@pytest.mark.parametrize("form", FORMS)
def test_what_each_step_kept_is_still_read(tutor: Tutor, form: int) -> None:
    learner = read(form, "finished")
    progress = replace(learner.progress[MAIN], version=tutor.library.lessons[MAIN].version)
    for step in tutor.library.lessons[MAIN].steps:
        there = replace(progress, cursor=step.id)
        known = replace(learner, progress={MAIN: there})
        exchange = tutor.converse(known, Typed(text="hello"), NOW, {})
        assert isinstance(exchange.replies[-1], Message), step.id


@pytest.mark.parametrize("who", ["finished", "halfway"])
def test_todays_form_is_the_one_that_is_written(who: str) -> None:
    learner, progress = documents(versions.PROGRESS.form, who)
    known = read(versions.PROGRESS.form, who)
    told = versions.PROGRESS.write(known.progress[MAIN])
    assert json.loads(told) == progress, "raise the form, or give the new field a default"
    new: dict[str, object] = {"confirming": None, "codes_tried": [], "formerly": []}
    new |= {"shown_in": None, "naming": None, "follow_ups": {}, "quizzed": None}
    new |= {"attending": None}
    known_in_form_1 = {**learner, **new}
    assert json.loads(versions.LEARNER.write(known)) == known_in_form_1


@pytest.mark.parametrize("who", ["finished", "halfway"])
def test_todays_form_of_a_learner_is_the_one_that_is_written(who: str) -> None:
    form = versions.LEARNER.form
    learner = json.loads((STORED / f"learner-{form}.json").read_text("utf-8"))[who]
    known = versions.LEARNER.read(json.dumps(learner), form)
    assert json.loads(versions.LEARNER.write(known)) == learner, "raise the form, or give a default"


def test_steps_are_taken_in_order_from_the_form_on() -> None:
    steps = (
        lambda doc: {**doc, "path": [*doc["path"], 2]},
        lambda doc: {**doc, "path": [*doc["path"], 3]},
        lambda doc: {**doc, "path": [*doc["path"], 4]},
    )
    for form, path in ((1, [2, 3, 4]), (2, [3, 4]), (3, [4]), (4, [])):
        assert json.loads(upgraded("path", '{"path": []}', form, steps)) == {"path": path}


def test_a_document_of_a_newer_tutor_is_refused_in_a_sentence() -> None:
    with pytest.raises(NewerFormError, match="newer version of the tutor") as told:
        versions.PROGRESS.read("{}", versions.PROGRESS.form + 1)
    assert "\n" not in str(told.value)
