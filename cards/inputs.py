"""Each kind of input as card elements. Their values arrive under their ids."""

from collections.abc import Sequence
from typing import assert_never

from microsoft_teams.cards import (
    CardElement,
    Choice,
    ChoiceSetInput,
    Container,
    NumberInput,
    TextBlock,
    TextInput,
)

from cards import elements
from cards.markup import escaped, plain
from cards.surface import Links, Surface
from cards.words import mark
from dialogs.values.replies import Arrange, Input, Item, Number, PickInto, Select, Write, WriteJsonl


def asked(block: Input, surface: Surface, links: Links) -> CardElement:
    """Make the element that takes an answer."""
    match block:
        case Select():
            choices = _choices(block.id, block.label, block.options, block.value, many=block.many)
            return choices if block.look == "list" else choices.with_style("compact")
        case PickInto():
            return _pick(block, surface)
        case Arrange():
            return _arrange(block, surface)
        case Number():
            # Without limits: Web Chat says nothing when it refuses a number, the tutor does.
            value = int(block.value) if block.value == int(block.value) else block.value
            return NumberInput(id=block.id, label=plain(block.label), value=value)
        case Write():
            return TextInput(
                id=block.id,
                label=plain(block.label),
                placeholder=block.placeholder or None,
                value=block.value or None,
                is_multiline=block.long,
            )
        case WriteJsonl():
            return _jsonl(block, surface, links)
        case _:
            assert_never(block)


def in_one_line(item: Item) -> str:
    """Write an item's words on one line."""
    return " — ".join(plain(words) for words in (item.text, item.more) if words)


def numbered(items: Sequence[Item]) -> list[str]:
    """Write items on a line each, with the numbers that stand for them where one types."""
    # "1. " at the start of a choice would be a list to clients that read markdown there.
    return [f"{n} · {escaped(in_one_line(item))}" for n, item in enumerate(items, start=1)]


def _choices(
    name: str, label: str, options: Sequence[Item], value: Sequence[str], *, many: bool
) -> ChoiceSetInput:
    choices = [
        Choice(title=f"{title}{mark(option)}", value=option.id)
        for title, option in zip(numbered(options), options, strict=True)
    ]
    return ChoiceSetInput(
        id=name,
        label=plain(label),
        choices=choices,
        style="expanded",
        is_multi_select=many or None,
        value=",".join(value) or None,
        wrap=True,
    )


def _pick(block: PickInto, surface: Surface) -> CardElement:
    fallback = _choices(block.id, block.label, block.items, block.value, many=True)
    if "Tutor.Pick" not in surface.elements:
        return fallback
    return _moving(elements.TutorPick, block, fallback)


def _moving(
    kind: type[elements.Moving], block: PickInto | Arrange, fallback: CardElement
) -> elements.Moving:
    return kind(
        id=block.id,
        label=block.label,
        source=block.source,
        target=block.target,
        items=_items(block.items),
        value=",".join(block.value),
        fallback=fallback,
    )


def _items(items: Sequence[Item]) -> list[elements.PickItem]:
    return [
        elements.PickItem(
            id=item.id,
            number=number,
            text=plain(item.text),
            more=plain(item.more) or None,
            mark=item.mark,
        )
        for number, item in enumerate(items, start=1)
    ]


def _arrange(block: Arrange, surface: Surface) -> CardElement:
    fallback = Container(items=_places(block))
    if "Tutor.Order" not in surface.elements:
        return fallback
    return _moving(elements.TutorOrder, block, fallback)


def _places(block: Arrange) -> list[CardElement]:
    """List the items, and make a choice for each place: `<id>.1` … (`press.parse` joins them)."""
    marks = {item.id: mark(item) for item in block.items}
    titles = numbered(block.items)
    choices = [
        Choice(title=title, value=item.id) for title, item in zip(titles, block.items, strict=True)
    ]
    places: list[CardElement] = [TextBlock(text="\r".join(titles), wrap=True)]
    for n in range(1, len(block.items) + 1):
        here = block.value[n - 1] if n <= len(block.value) else None
        label = f"{block.place.format(number=n)}{marks.get(here or '', '')}"
        places.append(
            ChoiceSetInput(
                id=f"{block.id}.{n}", label=label, choices=choices, style="compact", value=here
            )
        )
    return places


def _jsonl(block: WriteJsonl, surface: Surface, links: Links) -> CardElement:
    fallback = TextInput(
        id=block.id,
        label=plain(block.label),
        value=block.value or None,
        is_multiline=True,
    )
    if "Tutor.Jsonl" not in surface.elements:
        return fallback
    return elements.TutorJsonl(
        id=block.id,
        label=block.label,
        check=links.check_url(block.lesson, block.step),
        value=block.value,
        fallback=fallback,
    )
