"""Elements that a card shows and hides behind a line of its own: no action of the card is spent."""

from collections.abc import Iterable

from microsoft_teams.cards import (
    Column,
    ColumnSet,
    Container,
    RichTextBlock,
    SerializableObject,
    TargetElement,
    TextRun,
    ToggleVisibilityAction,
)

Json = dict[str, object]

_SHUT, _OPEN = "▸", "▾"


def folded(name: str, label: str, headline: Json, inside: Iterable[Json]) -> tuple[Json, Json]:
    """The line, and what it shows when it is pressed.

    `name` is the only one of its card; `label` says the headline where it is read aloud.
    """
    shut, opened = f"{name}-shut", f"{name}-open"
    action = ToggleVisibilityAction(
        title=label,
        target_elements=[TargetElement(element_id=one) for one in (name, shut, opened)],
    )
    signs = Column(
        width="auto",
        items=[
            RichTextBlock(id=shut, inlines=[TextRun(text=_SHUT)]),
            RichTextBlock(id=opened, inlines=[TextRun(text=_OPEN)], is_visible=False),
        ],
    )
    columns = [_json(signs), {**_json(Column(width="stretch")), "items": [headline]}]
    line = {**_json(ColumnSet(select_action=action)), "columns": columns}
    return line, {**_json(Container(id=name, is_visible=False, items=[])), "items": list(inside)}


def _json(model: SerializableObject) -> Json:
    return model.model_dump(by_alias=True, exclude_none=True)
