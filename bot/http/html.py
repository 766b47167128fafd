"""HTML pages out of the templates beside this file; what is filled in is escaped."""

from collections.abc import Mapping
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

LANGUAGE = "en"  # of the words on the pages

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def rendered(template: str, **values: object) -> str:
    """A template with these values; one that it names and isn't given is our fault."""
    return _environment.get_template(template).render(lang=LANGUAGE, **values)


def answer(text: str, headers: Mapping[str, str], status: int = 200) -> web.Response:
    """A page as a response."""
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)
