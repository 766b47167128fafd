"""HTML pages out of the templates beside this file; what is filled in is escaped."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

LANGUAGE = "en"  # of the words on a page, where nothing else is wanted
LONGEST_HEADER = 1000  # characters that are read of what a browser wants

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def rendered(template: str, *, lang: str = LANGUAGE, **values: object) -> str:
    """A template with these values; one that it names and isn't given is our fault.

    `lang` is the language of the words on the page.
    """
    return _environment.get_template(template).render(lang=lang, **values)


def language(request: web.Request, known: Collection[str]) -> str:
    """Which of the languages that we know the browser prefers."""
    wanted = request.headers.get("Accept-Language", "")[:LONGEST_HEADER].split(",")
    order = sorted(wanted, key=_weight, reverse=True)
    for one in order:
        locale = one.partition(";")[0].strip()
        for name in (locale, locale.partition("-")[0].lower()):
            if name in known:
                return name
    return LANGUAGE


def _weight(wanted: str) -> float:
    """How much a language is wanted, 0.0 to 1.0 (RFC 9110, 12.5.4)."""
    found = re.search(r";\s*q=([01](?:\.\d{1,3})?)\s*$", wanted)
    return float(found[1]) if found else 1.0


def answer(text: str, headers: Mapping[str, str], status: int = 200) -> web.Response:
    """A page as a response."""
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)
