"""Bars as pictures for light and dark screens."""

from collections.abc import Callable, Sequence
from typing import Any

from pygal.graph.horizontalbar import HorizontalBar
from pygal.style import Style

from bot.records.report import Bar

_BARS: Callable[..., Any] = HorizontalBar  # it has no types
_STYLE: Callable[..., Style] = Style
_INK, _FILL, _INK_DARK, _FILL_DARK = "#242424", "#0f6cbd", "#ffffff", "#479ef5"
_GUIDE, _GUIDE_DARK = "#c7c7c7", "#666666"
# A picture on a page follows the browser's light or dark by itself, and at once: in a picture
# Chromium doesn't carry a change on that takes time.
_LOOK = (
    f"inline:* {{ transition: none !important }} "
    f".axis path {{ stroke: {_GUIDE} !important }} "
    "text.value { text-anchor: start !important } "
    f"@media (prefers-color-scheme: dark) {{ text {{ fill: {_INK_DARK} !important }} "
    f".reactive {{ fill: {_FILL_DARK} !important; stroke: {_FILL_DARK} !important }} "
    f".axis path {{ stroke: {_GUIDE_DARK} !important }} }}"
)


def bars(title: str, given: Sequence[Bar], unit: str) -> bytes:
    """An SVG of horizontal bars; what may not be shown has none."""
    drawing = _BARS(
        width=560,
        height=96 + 34 * len(given),
        margin_right=44,  # for the number behind the longest bar
        min_scale=2,
        max_scale=5,
        explicit_size=True,
        js=[],
        css=["file://style.css", "file://graph.css", _LOOK],
        title=title,
        show_legend=False,
        print_values=True,
        print_values_position="top",
        show_x_guides=False,
        show_y_guides=False,
        x_title=unit,
        value_formatter=lambda value: f"{value:.0f}",
        truncate_label=-1,
        style=_STYLE(
            background="transparent",
            plot_background="transparent",
            foreground=_INK,
            foreground_strong=_INK,
            foreground_subtle=_INK,
            colors=(_FILL,),
            value_colors=(_INK,),
            opacity=1,
            font_family="sans-serif",
            label_font_size=16,
            major_label_font_size=16,
            title_font_size=16,
            value_font_size=16,
        ),
    )
    # The first bar is drawn at the bottom.
    drawing.x_labels = [one.label for one in reversed(given)]
    drawing.add(title, [one.count for one in reversed(given)])
    drawn: bytes = drawing.render()
    return drawn
