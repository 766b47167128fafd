"""One message as activities: cards, or text where a channel has no cards."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from microsoft_teams.cards import (
    Action,
    ActionSet,
    AdaptiveCard,
    CardElement,
    ExecuteAction,
    ShowCardAction,
    SubmitAction,
)

from cards import press, words
from cards.blocks import shown, text
from cards.elements import OwnElement
from cards.inputs import asked
from cards.markup import plain
from cards.surface import MOST_ACTIONS, Links, Surface
from dialogs.events import SAY
from dialogs.replies import Block, Button, Details, Input, Message, Text

Activity = dict[str, object]

CARD = "application/vnd.microsoft.card.adaptive"
VERSION = "1.3"  # the newest that every client of the Bot Framework shows
UPDATED = "1.5"  # where cards are replaced: Action.Execute needs it
LARGEST = 30_000  # bytes of an activity in UTF-16; Teams refuses more than 40 kB or so
VERB = "tutor"
_KEPT_BUTTONS = 3  # stand on the card even where details would take their place
_SUMMARY = 80


@dataclass(frozen=True)
class _Group:
    """Blocks that stay together, and the elements that show them."""

    blocks: tuple[Block, ...]
    elements: tuple[CardElement, ...]

    def bare(self) -> "_Group":
        """Leave out what our own page shows only when its elements fail."""
        kept = (
            element.model_copy(update={"fallback": None})
            if isinstance(element, OwnElement)
            else element
            for element in self.elements
        )
        return _Group(self.blocks, tuple(kept))


def activities(message: Message, surface: Surface, links: Links) -> list[Activity]:
    """Make what is sent for a message: several activities where one would be too large."""
    if not surface.cards or _is_said(message):
        made = [_text(message, links)]
    else:
        made = _Dealer(message, surface, links).activities()
    if message.slot is not None and surface.updates and len(made) == 1:
        made[-1]["channelData"] = {"tutor": {"slot": message.slot}}
    return made


def _is_said(message: Message) -> bool:
    """Whether a bubble of text does: a remark, nothing to press."""
    plain_text = all(isinstance(b, Text) and b.style == "body" for b in message.blocks)
    return plain_text and not message.buttons


def _text(message: Message, links: Links) -> Activity:
    paragraphs = words.paragraphs(message.blocks, words.Markdown(links))
    return _message(
        message.blocks,
        {"text": "\n\n".join(paragraphs), "textFormat": "markdown"},
        _suggested(message.suggestions, words.ordered(message.buttons)),
        waits=_waits(message),
    )


@dataclass(frozen=True)
class _Dealer:
    """Deals one message onto cards."""

    message: Message
    surface: Surface
    links: Links

    def activities(self) -> list[Activity]:
        """Make the activities, the last one with all there is to press."""
        buttons = words.ordered(self.message.buttons) if self.message.stamp else []
        details = sum(isinstance(block, Details) for block in self.message.blocks)
        folded = min(details, MOST_ACTIONS - min(_KEPT_BUTTONS, len(buttons)))
        on_card = buttons[: MOST_ACTIONS - folded]
        spare = [b for b in words.ordered(self.message.buttons) if b not in on_card]
        groups = self._groups(folded)
        parts = self._parts(groups, on_card, spare)
        return [self._part(p, [], [], last=False) for p in parts[:-1]] + [
            self._part(parts[-1], on_card, spare, last=True)
        ]

    @property
    def version(self) -> str:
        """The schema's version that the client's actions need."""
        return UPDATED if self.surface.updates else VERSION

    def _groups(self, folded: int) -> list[_Group]:
        """Show every block; the first details fold away behind buttons, side by side."""
        groups: list[_Group] = []
        for fold, run in groupby(self.message.blocks, lambda b: isinstance(b, Details)):
            blocks = list(run)
            if not fold:
                groups += [_Group((block,), tuple(self._open(block))) for block in blocks]
                continue
            behind, folded = blocks[:folded], max(0, folded - len(blocks))
            if behind:
                folds = [self._fold(b) for b in behind if isinstance(b, Details)]
                groups.append(_Group(tuple(behind), (ActionSet(actions=folds),)))
            groups += [_Group((b,), tuple(self._open(b))) for b in blocks[len(behind) :]]
        return groups

    def _open(self, block: Block) -> Iterator[CardElement]:
        if isinstance(block, Details):
            yield text(Text(block.title, "strong"))
            for inner in block.blocks:
                yield from self._open(inner)
        elif isinstance(block, Input):
            yield asked(block, self.surface, self.links)
        else:
            yield from shown(block, self.surface, self.links)

    def _fold(self, details: Details) -> Action:
        body = [element for block in details.blocks for element in self._open(block)]
        return ShowCardAction(
            title=plain(details.title), card=AdaptiveCard(version=self.version, body=body)
        )

    def _action(self, button: Button) -> Action:
        """Make a button of a card.

        Action.Submit is what every client understands, Action.Execute does nothing in Web
        Chat; but a card that shall be replaced by the answer needs it.
        """
        assert self.message.stamp is not None  # noqa: S101 (cards with buttons have one)
        title, style = plain(button.text), "positive" if button.primary else None
        told = dict(press.data(self.message.stamp, button))
        submit = SubmitAction(title=title, style=style, data=told)
        if not self.surface.updates:
            return submit
        return ExecuteAction(title=title, style=style, data=told, verb=VERB, fallback=submit)

    def _parts(
        self, groups: list[_Group], on_card: list[Button], spare: list[Button]
    ) -> list[list[_Group]]:
        """Deal the groups onto as few cards as hold them; inputs and buttons stay together."""
        if _fits(self._part(groups, on_card, spare, last=True)):
            return [groups]
        groups = [group.bare() for group in groups]
        if _fits(self._part(groups, on_card, spare, last=True)):
            return [groups]
        first = next(
            (n for n, g in enumerate(groups) if isinstance(g.blocks[0], Input)), len(groups)
        )
        parts: list[list[_Group]] = []
        for group in groups[:first]:
            if parts and _fits(self._part([*parts[-1], group], [], [], last=False)):
                parts[-1].append(group)
            else:
                parts.append([group])
        tail = groups[first:]
        if parts and _fits(self._part([*parts[-1], *tail], on_card, spare, last=True)):
            parts[-1] += tail
        else:
            parts.append(tail)
        return parts

    def _part(
        self, groups: Sequence[_Group], on_card: list[Button], spare: list[Button], *, last: bool
    ) -> Activity:
        blocks = [block for group in groups for block in group.blocks]
        said = words.spoken(blocks or self.message.blocks)
        body = [element for group in groups for element in group.elements]
        suggested = _suggested(self.message.suggestions, spare) if last else None
        if suggested and not self.surface.suggests:
            said_for = [_says(s) for s in self.message.suggestions]
            body.append(ActionSet(actions=[self._action(b) for b in (*said_for, *spare)]))
            suggested = None
        card = AdaptiveCard(
            version=self.version,
            lang=self.surface.locale,
            speak=said,
            fallback_text=said,
            body=body,
            actions=[self._action(b) for b in on_card] or None,
        )
        content = card.model_dump(by_alias=True, exclude_none=True)
        return _message(
            blocks,
            {"attachments": [{"contentType": CARD, "content": content}]},
            suggested,
            waits=last and _waits(self.message),
        )


def _waits(message: Message) -> bool:
    """Whether the learner is asked to do something."""
    inputs = any(isinstance(block, Input) for block in message.blocks)
    return inputs or bool(message.buttons or message.suggestions)


def _says(suggestion: str) -> Button:
    """Make a button that says a suggestion for the learner."""
    return Button(suggestion, SAY, suggestion, values={"text": suggestion})


def _suggested(suggestions: Iterable[str], spare: Iterable[Button]) -> Activity | None:
    """Make texts that one tap sends: the suggestions, and buttons that found no place."""
    actions = [{"type": "imBack", "title": s, "value": s} for s in suggestions]
    actions += [{"type": "imBack", "title": plain(b.text), "value": b.typed} for b in spare]
    return {"actions": actions} if actions else None


def _message(
    blocks: Sequence[Block], content: Activity, suggested: Activity | None, *, waits: bool
) -> Activity:
    titles = [plain(b.text) for b in blocks if isinstance(b, Text) and b.style == "title"]
    said = words.spoken(blocks)
    made: Activity = {
        "type": "message",
        **content,
        "summary": (titles or [said])[0][:_SUMMARY],
        "speak": said,
        "inputHint": "expectingInput" if waits else "acceptingInput",
    }
    if suggested is not None:
        made["suggestedActions"] = suggested
    return made


def _fits(activity: Activity) -> bool:
    return 2 * len(json.dumps(activity)) <= LARGEST
