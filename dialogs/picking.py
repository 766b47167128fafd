"""What was shown and picked in an attempt, for those who read facts."""

from collections.abc import Iterable, Iterator

from dialogs.values.events import Pressed
from dialogs.values.facts import Picked
from dialogs.values.replies import Arrange, Block, PickInto, Select
from dialogs.values.scene import StepEvent


def picked(given: StepEvent, before: Iterable[Block], after: Iterable[Block]) -> tuple[Picked, ...]:
    """The ids that were shown by the blocks before an answer, and those that were picked.

    A card says what was picked. What was typed is read from the inputs after it, which show what
    was understood; where another question stands there by then, nobody knows.
    """
    picks = given.picks if isinstance(given, Pressed) else {}
    understood = {name: (shown, value) for name, shown, value in _inputs(after)}
    found = []
    for name, shown, _ in _inputs(before):
        if name in picks:
            chosen = tuple(i for i in picks[name] if i in shown)
        else:
            other, value = understood.get(name, ((), ()))
            chosen = value if other == shown else ()
        found.append(Picked(input=name, shown=shown, chosen=chosen))
    return tuple(found)


def _inputs(blocks: Iterable[Block]) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    for block in blocks:
        match block:
            case Select(id=name, options=items, value=value):
                yield name, tuple(i.id for i in items), value
            case PickInto(id=name, items=items, value=value):
                yield name, tuple(i.id for i in items), value
            case Arrange(id=name, items=items, value=value):
                yield name, tuple(i.id for i in items), value
            case _:
                pass
