"""What a learner sees of a reply: the card's words, its inputs, and what can be pressed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

CHOICES, NUMBER = "Input.ChoiceSet", "Input.Number"
WORDS = ("TextBlock", "TextRun")
SAY = "say"  # does what a suggestion does


@dataclass(frozen=True)
class Button:
    """A button: what pressing it sends, and what it does in the tutor's own words."""

    do: str
    data: Mapping[str, Any]
    is_primary: bool


@dataclass(frozen=True)
class Field:
    """An input, its value as it stands there, and the values that can be chosen."""

    id: str
    kind: str
    value: str
    choices: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True)
class Card:
    """The newest card that something can be done with. `suggestions` are texts for one tap."""

    lesson: str
    step: str
    ticket: int
    words: str
    buttons: tuple[Button, ...]
    fields: tuple[Field, ...]
    suggestions: tuple[str, ...]

    @property
    def primary(self) -> Button | None:
        """The button that stands out."""
        return next((b for b in self.buttons if b.is_primary), None)

    def button(self, do: str) -> Button | None:
        """The button that does this."""
        return next((b for b in self.buttons if b.do == do), None)

    def field(self, name: str) -> Field | None:
        """The input of this id."""
        return next((f for f in self.fields if f.id == name), None)

    def places(self, name: str) -> tuple[Field, ...]:
        """The inputs `<name>.1`, `<name>.2` … of an order."""
        return tuple(f for f in self.fields if f.id.startswith(f"{name}."))


def read(activity: Mapping[str, Any], before: Card | None = None) -> Card | None:
    """Read a reply; None for one with nothing to press.

    One that only suggests what to say next goes on with the card `before`.
    """
    buttons: list[Button] = []
    fields: list[Field] = []
    words: list[str] = []
    for attachment in activity.get("attachments", ()):
        for part in _parts(attachment["content"]):
            kind = part["type"]
            if kind in WORDS:
                words.append(part["text"])
            elif kind == "Action.Submit":
                data = part["data"]
                primary = part.get("style") == "positive"
                buttons.append(Button(data["tutor"]["do"], data, primary))
            elif kind.startswith("Input."):
                fields.append(_field(part))
                words.append(part.get("label", ""))
                words += [choice["title"] for choice in part.get("choices", ())]
    offered = [a["value"] for a in activity.get("suggestedActions", {}).get("actions", ())]
    if not buttons:
        return replace(before, suggestions=tuple(offered)) if before and offered else None
    stamp = buttons[0].data["tutor"]
    # Where a client shows them under no card they are buttons of it.
    offered += [button.data["tutor"]["values"]["text"] for button in buttons if button.do == SAY]
    return Card(
        lesson=stamp["lesson"],
        step=stamp["step"],
        ticket=stamp["ticket"],
        words="\n".join(words),
        buttons=tuple(buttons),
        fields=tuple(fields),
        suggestions=tuple(offered),
    )


def _field(part: Mapping[str, Any]) -> Field:
    choices = tuple(choice["value"] for choice in part.get("choices", ()))
    value = part.get("value")
    many = bool(part.get("isMultiSelect"))
    return Field(part["id"], part["type"], "" if value is None else str(value), choices, many)


def _parts(part: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 (JSON that came over the wire)
    """Everything with a type, wherever it stands in a card."""
    if isinstance(part, dict):
        if "type" in part:
            yield part
        for value in part.values():
            if isinstance(value, dict | list):
                yield from _parts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _parts(value)
