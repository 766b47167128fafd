"""The kinds that are tried, talked with and swapped, in Teams: by their cards alone, and typed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.store import learners
from cards.surface import MOST_ACTIONS
from content.lesson import ConversationStep, DialogueStep, ExperimentStep, SwapStep
from dialogs.steps import dialogue, experiment
from dialogs.values.progress import Record
from tests.channel.conftest import Clock, Connector, Start
from tests.channel.screen import Json, inputs, pressable
from tests.channel.test_teams import TeamsTalk
from tests.channel.test_teams_transcript import TeamsLearner
from tests.lessons import library

# What Teams draws of version 1.5, with its own charts and progress bar.
ELEMENTS = {
    *("AdaptiveCard", "TextBlock", "RichTextBlock", "TextRun", "Image", "Container"),
    *("ColumnSet", "Column", "ActionSet", "Input.ChoiceSet", "Input.Number", "Input.Text"),
    *("Action.Execute", "Action.Submit", "Action.OpenUrl", "Action.ShowCard"),
    *("Action.ToggleVisibility", "Chart.Line", "Chart.VerticalBar.Grouped", "ProgressBar"),
}
LARGEST = 28_000  # bytes of a message that Teams takes
CARD = "application/vnd.microsoft.card.adaptive"


class Learner(TeamsLearner):
    """Somebody in a lesson, each of whose cards is looked at as Teams looks at it."""

    def in_lesson(self, lesson: str) -> "Learner":
        self.journey.lesson = lesson
        return self

    @property
    def record(self) -> Record:
        """What is kept of the step that stands there."""
        return self.journey.scene().record

    def take(self) -> None:
        """Show what came, and see that Teams takes it."""
        sent, updated = self.seen
        activities = [
            *self.connector.sent[sent:],
            *(a for _, a in self.connector.updates[updated:]),
        ]
        for activity in activities:
            for attachment in activity.get("attachments", ()):
                assert attachment["contentType"] == CARD
                assert refusals(attachment["content"]) == []
            assert len(json.dumps(activity).encode()) <= LARGEST
        super().take()

    async def until(self, step: str) -> None:
        """Do the next right thing, until a step is put."""
        while self.journey.step.id != step:
            assert await self.go_on()

    async def tap(self, title: str) -> None:
        """Press the newest card's button of this title; a suggestion says its own words."""
        message, card = self.screen.newest
        button = next(b for b in pressable(card) if b["title"] == title)
        status, answer = await self.talk.send(self.talk.execute(button["data"], message))
        assert (status, answer["statusCode"]) == (200, 200)
        if answer["type"] == CARD:
            assert refusals(answer["value"]) == []
            shown = {"contentType": CARD, "content": answer["value"]}
            self.screen.replaced(message, {"type": "message", "attachments": [shown]})
        await self.settle()

    @property
    def last(self) -> str:
        """The words of what came last, or was renewed last."""
        return self.screen.text().rpartition("learner  ")[2]


def refusals(card: Json) -> list[str]:
    """Why Teams would not show a card, or show it otherwise."""
    found = [] if card["version"] == "1.5" else [f"version {card['version']}"]
    kinds = {one["type"] for one in parts(card)}
    found += [f"{kind} isn't known" for kind in sorted(kinds - ELEMENTS)]
    fields = list(inputs(card))
    names = [field["id"] for field in fields]
    found += [f"{name} stands there twice" for name in names if names.count(name) > 1]
    found += [f"{field['id']} has no label" for field in fields if not field.get("label")]
    found += [f"{field['id']} can't be chosen" for field in fields if field.get("choices") == []]
    if len(card.get("actions", ())) > MOST_ACTIONS:
        found.append("too many actions")
    return found


def parts(value: Any) -> Iterator[Json]:
    """Everything in a card that has a type; what stands in its data is the tutor's own."""
    if isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield value
        for name, inner in value.items():
            if name not in ("data", "fallback"):
                yield from parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from parts(inner)


@pytest.fixture
async def learner(
    start: Start,
    connector: Connector,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Learner:
    """Somebody who has installed the app."""
    monkeypatch.setattr(learners, "randbelow", lambda _: 7)  # the learner's dice
    made = Learner(TeamsTalk(await start(), connector), connector, tmp_path, clock)
    await made.talk.send(made.talk.activity(type="installationUpdate", action="add"))
    await made.settle()
    return made


async def begin(learner: Learner, lesson: str) -> None:
    """Choose a lesson from the list."""
    await learner.write("lessons")
    await learner.press(f"lesson:{lesson}", {})
    learner.in_lesson(lesson)


async def test_a_line_a_trial_and_a_talk_are_done_by_cards_and_typed(learner: Learner) -> None:
    await begin(learner, "multi-turn")

    # A line of several turns: a slip, then right by the field.
    await learner.until("line")
    step = learner.journey.step
    assert isinstance(step, DialogueStep)
    unweighted = dialogue.solution(step).replace(', "weight": 0', "")
    await learner.press("answer", {"line": unweighted})
    assert learner.record.misses == 1
    assert 'Add "weight": 0 to it' in learner.last
    await learner.write(unweighted)  # the same, typed
    assert learner.record.misses == 2
    await learner.press("answer", {"line": dialogue.solution(step)})
    assert learner.record.status == "passed"
    assert step.praise in learner.last

    # Trials: nothing chosen where one has to be, by the card and typed; then the author's way.
    await learner.until("tune")
    step = learner.journey.step
    assert isinstance(step, ExperimentStep)
    usual = {"lines": "single", "messages": "warranty,power"}
    await learner.press("answer", {**usual, "weights": "", "history": ""})
    assert "Choose one for “What is learned”" in learner.last
    await learner.press("answer", {**usual, "weights": "marked", "history": "last"})
    await learner.write("The application sends: The moon")
    assert "Choose one for “The application sends”" in learner.last
    assert len(experiment.trials(learner.record.state)) == 1
    await learner.write("The application sends: The whole conversation")
    assert len(experiment.trials(learner.record.state)) == 2
    for settings in step.way:
        await learner.press("answer", {name: ",".join(ids) for name, ids in settings.items()})
    assert learner.record.status == "passed"
    assert step.praise in learner.last

    # A talk: what is typed is said, and so is what a suggestion says.
    await learner.until("talk")
    step = learner.journey.step
    assert isinstance(step, ConversationStep)
    await learner.write("And how long is the warranty on it?")
    assert "The thread holds" not in learner.last
    await learner.tap("A new conversation")
    for sample in step.samples[:2]:
        await learner.tap(sample)
    assert "The thread holds" in learner.last
    await learner.write(step.samples[2])
    await learner.tap(step.samples[3])
    assert learner.record.status == "passed"
    assert step.praise in learner.last
    await learner.press("next", {})
    assert learner.journey.step.id == "zero"


async def test_numbers_are_set_on_a_card(learner: Learner) -> None:
    await begin(learner, "cost-benefit")
    await learner.until("month")
    step = learner.journey.step
    assert isinstance(step, ExperimentStep)
    first = {name: ",".join(ids) for name, ids in step.way[0].items()}
    await learner.press("answer", {**first, "volume": "7", "predicted": "dearer"})
    assert "“Conversations a month” goes from 100 to 10,000,000" in learner.last
    await learner.press("answer", {**first, "predicted": ""})
    assert "Say first how you think it will go" in learner.last
    assert not experiment.trials(learner.record.state)
    await learner.press("answer", {**first, "predicted": "dearer"})
    await learner.write("Conversations a month: 20.000,5,1")
    assert len(experiment.trials(learner.record.state)) == 1
    await learner.write("Conversations a month: 100,000")
    for settings in step.way[2:]:
        await learner.press("answer", {name: ",".join(ids) for name, ids in settings.items()})
    assert learner.record.status == "passed"


async def test_who_has_no_model_reads_so_and_goes_on_by_the_card(learner: Learner) -> None:
    await begin(learner, "ethics")
    await learner.until("own")
    assert "You have trained no model there yet" in learner.last
    await learner.write("4")
    assert learner.journey.step.id == "own"
    await learner.press("next", {})
    assert learner.journey.step.id == "unasked"


async def test_who_has_a_model_sees_both_groups_on_the_card(learner: Learner) -> None:
    await learner.until("side-by-side")  # of the main lesson: a model is trained
    await begin(learner, "ethics")
    await learner.until("own")
    step = learner.journey.step
    assert isinstance(step, SwapStep)
    told = learner.last
    assert f"Your model from “{library().lessons['polite-chatbot'].title}”" in told
    assert "of five points" in told
    assert all(pair.second in told for pair in step.pairs)
    assert step.absent not in told
    await learner.press("next", {})
    assert learner.journey.step.id == "unasked"


def test_a_card_that_teams_would_not_take_is_noticed() -> None:
    field = {"type": "Input.Text", "id": "a"}
    card = {
        "type": "AdaptiveCard",
        "version": "1.6",
        "body": [field, field, {"type": "Tutor.Pick"}],
    }
    assert refusals(card) == [
        "version 1.6",
        "Tutor.Pick isn't known",
        *["a stands there twice"] * 2,
        *["a has no label"] * 2,
    ]
