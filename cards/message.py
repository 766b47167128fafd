"""One message as activities: cards, or text where a channel has no cards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import orjson

from cards import drawn, press, words
from cards.drawn import Json
from cards.markup import plain
from cards.surface import MOST_ACTIONS, Links, Surface
from dialogs.values.actions import Command, Say
from dialogs.values.replies import Block, Button, Details, Input, Message, Picking, Text

Activity = Json

CARD = "application/vnd.microsoft.card.adaptive"
LARGEST = 30_000  # bytes of an activity in UTF-16; Teams refuses more than 40 kB or so
OWN = "Tutor."  # begins the type of our own page's elements
_KEPT_BUTTONS = 3  # stand on the card even where details would take their place
_SUMMARY = 80


@dataclass(frozen=True)
class _Group:
    """Blocks that stay together, and the elements that show them.

    `passing` ones go when the card is pressed, where others stay.
    """

    blocks: tuple[Block, ...]
    elements: tuple[Json, ...]
    passing: bool = False

    def bare(self) -> "_Group":
        """Leave out what our own page shows only when its elements fail."""
        kept = (
            {name: part for name, part in element.items() if name != "fallback"}
            if str(element["type"]).startswith(OWN)
            else element
            for element in self.elements
        )
        return _Group(self.blocks, tuple(kept), self.passing)


def activities(message: Message, surface: Surface, links: Links) -> list[Activity]:
    """Make what is sent for a message: several activities where one would be too large."""
    if not surface.cards or _is_said(message):
        return [_text(message, links)]
    return _Dealer(message, surface, links).activities()


def _is_said(message: Message) -> bool:
    """Whether a bubble of text does: a remark, nothing to press."""
    plain_text = all(isinstance(b, Text) and b.style == "body" for b in message.blocks)
    return plain_text and not message.buttons


def _text(message: Message, links: Links) -> Activity:
    paragraphs = words.paragraphs(message.blocks, words.Markdown(links))
    return _message(
        message.blocks,
        words.spoken(message.blocks),
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
        # A button that finds no place is a suggestion; where there are none, details stay open.
        kept = min(_KEPT_BUTTONS, len(buttons)) if self.surface.suggests else len(buttons)
        folded = min(details, max(0, MOST_ACTIONS - kept - self._offered(buttons)))
        on_card = _kept(buttons, MOST_ACTIONS - folded)
        spare = [b for b in words.ordered(self.message.buttons) if b not in on_card]
        groups = self._groups(folded)
        whole = self._part(groups, on_card, spare, last=True)
        if _fits(whole):
            return [whole]
        groups = [group.bare() for group in groups]
        whole = self._part(groups, on_card, spare, last=True)
        if _fits(whole):
            return [whole]
        parts = self._parts(groups, on_card, spare)
        return [self._part(p, [], [], last=False) for p in parts[:-1]] + [
            self._part(parts[-1], on_card, spare, last=True)
        ]

    def _offered(self, buttons: Sequence[Button]) -> int:
        """How many suggestions are buttons on the card, beside those that it has."""
        if self.surface.suggests:
            return 0
        return min(len(self.message.suggestions), max(0, MOST_ACTIONS - len(buttons)))

    def _groups(self, folded: int) -> list[_Group]:
        """Show every block; the first details fold away behind buttons, side by side."""
        groups: list[_Group] = []
        stays = self.message.stays if self.surface.updates else 0
        places = enumerate(self.message.blocks)
        for (fold, passing), run in groupby(
            places, lambda at: (isinstance(at[1], Details), 0 < stays <= at[0])
        ):
            blocks = [block for _, block in run]
            if not fold:
                groups += [self._group(block, passing=passing) for block in blocks]
                continue
            behind, folded = blocks[:folded], max(0, folded - len(blocks))
            if behind:
                buttons = (
                    drawn.fold(b, self.surface, self.links)
                    for b in behind
                    if isinstance(b, Details)
                )
                groups.append(_Group(tuple(behind), (drawn.folds(buttons),), passing))
            groups += [self._group(block, passing=passing) for block in blocks[len(behind) :]]
        return groups

    def _group(self, block: Block, *, passing: bool) -> _Group:
        return _Group((block,), drawn.elements(block, self.surface, self.links), passing)

    def _action(self, button: Button) -> Json:
        """Make a button of a card."""
        assert self.message.stamp is not None  # noqa: S101 (cards with buttons have one)
        picks = [b.id for b in self.message.blocks if isinstance(b, Picking)]
        stays = self.surface.updates and self.message.stays > 0
        data = press.data(self.message.stamp, button, picks, stays=stays)
        return drawn.button(button.text, primary=button.primary, data=data, surface=self.surface)

    def _parts(
        self, groups: list[_Group], on_card: list[Button], spare: list[Button]
    ) -> list[list[_Group]]:
        """Deal the groups onto as few cards as hold them; inputs and buttons stay together."""
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
        body = [element for group in groups if not group.passing for element in group.elements]
        passing = [element for group in groups if group.passing for element in group.elements]
        if passing:
            body.append(drawn.passing(passing))
        suggested = _suggested(self.message.suggestions, spare) if last else None
        if suggested and not self.surface.suggests:
            offered = self.message.suggestions[: self._offered(on_card)]
            if offered:
                body.append(drawn.folds(self._action(_says(s)) for s in offered))
            suggested = None
        spoken = words.spoken(blocks or self.message.blocks)
        content = drawn.card(self.surface, spoken, body, map(self._action, on_card))
        return _message(
            blocks,
            spoken,
            {"attachments": [{"contentType": CARD, "content": content}]},
            suggested,
            waits=last and _waits(self.message),
        )


def _kept(buttons: Sequence[Button], most: int) -> list[Button]:
    """The buttons that find a place on a card: the last ones make room, Help never does."""
    if len(buttons) <= most:
        return list(buttons)
    helps = [b for b in buttons if b.do == Command("help")]
    return [*[b for b in buttons if b not in helps][: most - len(helps)], *helps]


def _waits(message: Message) -> bool:
    """Whether the learner is asked to do something."""
    inputs = any(isinstance(block, Input) for block in message.blocks)
    return inputs or bool(message.buttons or message.suggestions)


def _says(suggestion: str) -> Button:
    """Make a button that says a suggestion for the learner."""
    return Button(suggestion, Say(suggestion), suggestion)


def _suggested(suggestions: Iterable[str], spare: Iterable[Button]) -> Activity | None:
    """Make texts that one tap sends: the suggestions, and buttons that found no place."""
    actions = [{"type": "imBack", "title": s, "value": s} for s in suggestions]
    actions += [{"type": "imBack", "title": plain(b.text), "value": b.typed} for b in spare]
    return {"actions": actions} if actions else None


def _message(
    blocks: Sequence[Block],
    spoken: str,
    content: Activity,
    suggested: Activity | None,
    *,
    waits: bool,
) -> Activity:
    titles = [plain(b.text) for b in blocks if isinstance(b, Text) and b.style == "title"]
    activity: Activity = {
        "type": "message",
        **content,
        "summary": (titles or [spoken])[0][:_SUMMARY],
        "speak": spoken,
        "inputHint": "expectingInput" if waits else "acceptingInput",
    }
    if suggested is not None:
        activity["suggestedActions"] = suggested
    return activity


def _fits(activity: Activity) -> bool:
    return 2 * len(orjson.dumps(activity)) <= LARGEST
