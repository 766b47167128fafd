"""One message as activities: cards, or text where a channel has no cards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from zlib import crc32

import orjson

from cards import drawn, press, screens, words
from cards.drawn import Json
from cards.markup import plain
from cards.surface import MOST_ACTIONS, Links, Surface
from dialogs.values.actions import Command, Say
from dialogs.values.replies import (
    Block,
    Button,
    Details,
    Message,
    Offer,
    Picking,
    ProgressBar,
    Screen,
    Select,
    Table,
    Text,
)

Activity = Json

CARD = "application/vnd.microsoft.card.adaptive"
LARGEST = 37_000  # bytes of an activity in UTF-16; by its older pages Teams refuses more than 40 kB
NEWS = "news"  # the id of the element that the page leads to
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
    if "Tutor.Screen" in surface.elements:
        message = screens.together(message)
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
        # A button that finds no place is a suggestion; details that find none have a line to press.
        beside = [b for b in buttons if self._menu_of(b) is not None]
        buttons = [b for b in buttons if b not in beside]
        most = MOST_ACTIONS - len(beside)
        kept = min(_KEPT_BUTTONS, len(buttons)) if self.surface.suggests else len(buttons)
        folded = min(details, max(0, most - kept - self._offered(buttons)))
        folded = folded if folded == details else 0  # all of them look alike
        on_card = _kept(buttons, most - folded)
        spare = [b for b in words.ordered(self.message.buttons) if b not in (*on_card, *beside)]
        if self.surface.folds:  # a second press where the answer was given leads nowhere
            on_card.sort(key=lambda button: button.do == Command("next"))
        groups = self._groups(folded)
        whole = self._part(groups, on_card, spare, last=True)
        if _fits(whole):
            return [whole]
        groups = [group.bare() for group in groups]
        whole = self._part(groups, on_card, spare, last=True)
        # Our own page takes whatever a step needs, in one card.
        if _fits(whole) or self.surface.folds:
            return [whole]
        parts = self._parts(groups, on_card, spare)
        return [self._part(p, [], [], last=False) for p in parts[:-1]] + [
            self._part(parts[-1], on_card, spare, last=True)
        ]

    def _menu_of(self, button: Button) -> Select | None:
        """The menu beside which the button stands, if any."""
        menus = (block for block in self.message.blocks if isinstance(block, Select))
        return next((menu for menu in menus if menu.does == button.do), None)

    def _offered(self, buttons: Sequence[Button]) -> int:
        """How many suggestions are buttons on the card, beside those that it has."""
        if self.surface.suggests:
            return 0
        return min(len(self.message.suggestions), max(0, MOST_ACTIONS - len(buttons)))

    def _groups(self, folded: int) -> list[_Group]:
        """Show every block; the first details fold away behind buttons, side by side."""
        groups: list[_Group] = []
        stays = self.message.stays if self.surface.updates else 0
        places = list(enumerate(self.message.blocks))
        if self.surface.folds:
            places = [at for at in places if not _is_elsewhere(at[1])]
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
            groups += [
                self._unfolding(block, len(groups) + n, passing=passing)
                for n, block in enumerate(blocks[len(behind) :])
                if isinstance(block, Details)
            ]
        return groups

    def _unfolding(self, block: Details, place: int, *, passing: bool) -> _Group:
        drawing = drawn.unfolding(block, f"more-{place}", self.surface, self.links)
        return _Group((block,), drawing, passing)

    def _group(self, block: Block, *, passing: bool) -> _Group:
        made = drawn.elements(block, self.surface, self.links)
        if self.message.stamp is not None:
            match block:
                case Select(does=do) if do is not None:
                    beside = [b for b in self.message.buttons if b.do == do]
                    made = (drawn.beside(made, map(self._action, beside)),)
                case Table(opens=opens) if opens:
                    made = drawn.pressable(made, [self._action(b) for b in opens])
                case Offer(opens=button):
                    made = drawn.pressable(made, [self._action(button)])
                case _:
                    pass
        if self.surface.folds and self.message.news and block is self._news:
            made = ({**made[0], "id": NEWS}, *made[1:])
        return _Group((block,), made, passing)

    @property
    def _news(self) -> Block | None:
        """The first block that answers what the learner did."""
        return next(iter(self.message.blocks[self.message.news :]), None)

    def _action(self, button: Button) -> Json:
        """Make a button of a card."""
        assert self.message.stamp is not None  # noqa: S101 (cards with buttons have one)
        picks = [b.id for b in screens.inputs(self.message.blocks) if isinstance(b, Picking)]
        leaves = self.message.slot is None and button.do == Command("next")
        # What stands beside a menu, or in a row, changes what it stands by.
        stays = "" if button.picks or self._menu_of(button) else self._stays
        data = press.data(self.message.stamp, button, picks, stays=stays, folds=leaves)
        return drawn.button(button.text, primary=button.primary, data=data, surface=self.surface)

    @cached_property
    def _stays(self) -> str:
        """What tells a card that stays from others; empty for one that goes."""
        if not self.surface.updates or not self.message.stays:
            return ""
        return f"{crc32(repr(self.message.blocks).encode()):08x}"

    def _parts(
        self, groups: list[_Group], on_card: list[Button], spare: list[Button]
    ) -> list[list[_Group]]:
        """Deal the groups onto as few cards as hold them; inputs and buttons stay together."""
        last = max(0, len(groups) - 1)  # buttons stand below something
        first = next((n for n, g in enumerate(groups) if _waits_for_buttons(g.blocks)), last)
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
        actions = [self._action(button) for button in on_card]
        in_screen = any(isinstance(block, Screen) and block.inputs for block in blocks)
        if in_screen and on_card and on_card[0].primary:
            body, actions = _submitted_in(body, actions)
        content = drawn.card(self.surface, spoken, body, actions)
        return _message(
            blocks,
            spoken,
            {"attachments": [{"contentType": CARD, "content": content}]},
            suggested,
            waits=last and _waits(self.message),
        )


def _submitted_in(body: list[Json], actions: list[Json]) -> tuple[list[Json], list[Json]]:
    """Put the first action into the screen: the portal's own button."""
    at = next(n for n, element in enumerate(body) if element["type"] == f"{OWN}Screen")
    return [*body[:at], {**body[at], "action": actions[0]}, *body[at + 1 :]], actions[1:]


def _waits_for_buttons(blocks: Sequence[Block]) -> bool:
    """Whether a card's buttons send what one of the blocks holds."""
    held = screens.inputs(blocks)
    return any(not (isinstance(block, Select) and block.does) for block in held)


def _is_elsewhere(block: Block) -> bool:
    """Whether our own page shows a block apart: the bar above the chat, what to type as help."""
    return isinstance(block, ProgressBar) or (isinstance(block, Text) and block.style == "how")


def _kept(buttons: Sequence[Button], most: int) -> list[Button]:
    """The buttons that find a place on a card: the last ones make room, Help never does."""
    if len(buttons) <= most:
        return list(buttons)
    helps = [b for b in buttons if b.do == Command("help")]
    return [*[b for b in buttons if b not in helps][: most - len(helps)], *helps]


def _waits(message: Message) -> bool:
    """Whether the learner is asked to do something."""
    return any(screens.inputs(message.blocks)) or bool(message.buttons or message.suggestions)


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
