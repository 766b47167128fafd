"""The app's two icons, drawn from the SVG files beside this module."""

from pathlib import Path

import resvg_py

HERE = Path(__file__).parent
COLOR = "color.png"
OUTLINE = "outline.png"


def drawn() -> dict[str, bytes]:
    """Each icon as PNG by its file name: 192 pixels in colour, 32 white on nothing."""
    return {name: _png(HERE / name.replace(".png", ".svg")) for name in (COLOR, OUTLINE)}


def _png(svg: Path) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=svg.read_text("utf-8")))
