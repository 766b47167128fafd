"""The markup of replies, **bold** and `code`, and how clients' markdown is kept at bay."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

_SPAN = re.compile(r"\*\*(?P<bold>[^*\n]+?)\*\*|`(?P<code>[^`\n]+)`")
# What markdown or raw HTML would act on. An underscore within a word acts nowhere.
_ACTIVE = re.compile(r"[\\`*\[\]<~|]|&(?=#?\w+;)|(?<!\w)_|_(?!\w)")
_LEADING = re.compile(r"^([^\S\n]*)([#>+-]|\d+(?=[.)]))", re.MULTILINE)

# Everything that an address may hold, except what would end a markdown link.
_ADDRESS = ":/?#@!$&'*+,;=%~"


@dataclass(frozen=True)
class Span:
    """A stretch of text in one look."""

    text: str
    look: Literal["plain", "bold", "code"] = "plain"


def runs(text: str) -> Iterator[Span]:
    """Split a text at its markup."""
    at = 0
    for span in _SPAN.finditer(text):
        if span.start() > at:
            yield Span(text[at : span.start()])
        bold = span["bold"]
        yield Span(span["code"], "code") if bold is None else Span(bold, "bold")
        at = span.end()
    if at < len(text):
        yield Span(text[at:])


def plain(text: str) -> str:
    """Drop the markup, keep the words."""
    if "*" not in text and "`" not in text:
        return text
    return "".join(run.text for run in runs(text))


def escaped(text: str) -> str:
    """Escape text so that markdown shows it as it is."""
    inert = _ACTIVE.sub(lambda found: f"\\{found[0]}", text)
    return _LEADING.sub(_inert_start, inert)


def _inert_start(found: re.Match[str]) -> str:
    space, mark = found.groups()
    # A number begins a list by the point after it; it is that point which is escaped.
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def markdown(text: str) -> str:
    """Write a text's markup, and nothing else in it, as markdown."""
    return "".join(_written(run) for run in runs(text))


def _written(run: Span) -> str:
    match run.look:
        case "bold":
            return f"**{escaped(run.text)}**"
        case "code":
            return f"`{run.text}`"
        case "plain":
            return escaped(run.text)


def fenced(text: str) -> str:
    """Write text as a markdown code block that its own backticks can't end."""
    longest = max((len(ticks) for ticks in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def link(text: str, url: str) -> str:
    """Write a markdown link."""
    return f"[{escaped(plain(text))}]({address(url)})"


def address(url: str) -> str:
    """Escape the brackets, spaces and quotes that would end a link's address."""
    return quote(url, safe=_ADDRESS)
