"""Turns other common forms of training data into JSONL, where it is plain how.

Nothing is guessed: each form names its parts by words that are in common use, and what is made
of which part is told before anything is converted.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Literal

Form = Literal["quoted", "array", "spread", "pairs", "speakers", "table", "encoding"]
Row = Mapping[str, object]

MOST_ROWS = 20_000  # of a file; more short rows than this are more than anybody looks over
SHOWN = 300  # characters of the sample
_JSON_SPACE = " \t\r\n"

# By what the parts of a pair are called; the first of a row's names that is there counts.
_USER = ("prompt", "question", "instruction", "query", "user", "human", "customer", "input")
_ASSISTANT = ("completion", "response", "answer", "output", "assistant", "reply", "bot", "gpt")
_SYSTEM = ("system", "system_prompt", "system_message")
_CONTEXT = ("input", "context")  # goes below an instruction
_LISTS = ("messages", "conversations", "conversation", "dialogue", "chat")
_SPEAKERS = {
    "system": "system",
    "human": "user",
    "user": "user",
    "customer": "user",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "assistant": "assistant",
    "bot": "assistant",
    "model": "assistant",
}
_WRAPPERS = ("data", "examples", "train", "training", "rows", "items", "records")
# A line that is for another method: its parts are no question and answer.
_OTHER_METHOD = {"preferred_output", "non_preferred_output", "chosen", "rejected"}


@dataclass(frozen=True)
class Conversion:
    """A file in another form, and as JSONL.

    `forms` are what was found, in the order of undoing; `mapping` tells which part becomes which
    role. `before` and `after` are the first example in both forms, cut to `SHOWN` characters.
    """

    forms: tuple[Form, ...]
    mapping: tuple[tuple[str, str], ...]
    before: str
    after: str
    text: str


def resaved(text: str) -> Conversion:
    """A file that only isn't saved as UTF-8: the text stays."""
    return Conversion(("encoding",), (), "", "", text)


class _NotPlainError(Exception):
    """It isn't plain how this would be converted."""


def convert(text: str) -> Conversion | None:
    """The file as JSONL; None where it is that already, or where it isn't plain how."""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        return None
    try:
        return _converted(text)
    except (_NotPlainError, ValueError, RecursionError, csv.Error):
        return None


def _converted(text: str) -> Conversion:
    forms: list[Form] = []
    inner = _unquoted(text)
    if inner is not None:
        forms.append("quoted")
    try:
        values = _json_values(inner if inner is not None else text)
    except ValueError:
        if inner is None:
            raise
        # Unwrapped it can at least be judged: the slips are in the lines themselves.
        return Conversion(("quoted",), (), _cut(_first(text)), _cut(_first(inner)), inner)
    if values is not None:
        rows, shape = values
        forms += [shape] if shape else []
        before = _first(text)
    else:
        rows = _table(text)
        forms.append("table")
        before = "\n".join(text.split("\n", 2)[:2])
    mapping: dict[str, str] = {}
    lines = []
    for row in rows:
        lines.append(json.dumps(_example(row, mapping, forms), ensure_ascii=False))
        if len(lines) > MOST_ROWS:
            raise _NotPlainError
    if not forms or not lines:
        raise _NotPlainError
    # A half of a character, which no file can hold, becomes a question mark.
    lines = [line.encode("utf-8", "replace").decode() for line in lines]
    whole = "".join(f"{line}\n" for line in lines)
    return Conversion(tuple(forms), tuple(mapping.items()), _cut(before), _cut(lines[0]), whole)


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} …"


def _first(text: str) -> str:
    """The first line that holds something; of an array or a spread example the beginning."""
    line = next(line for line in text.split("\n") if line.strip()).rstrip("\r")
    return line if len(line.strip()) > 2 else text.strip()[:SHOWN]  # noqa: PLR2004 (a bracket)


# --- what stands around the examples ------------------------------------------------


def _unquoted(text: str) -> str | None:
    """The lines of a spreadsheet's export: each one in quotes, the quotes in it doubled."""
    if not all(line.startswith('"{') for line in text.split("\n") if line.strip()):
        return None
    rows = csv.reader(StringIO(text, newline=""), strict=True)
    cells = [row for row in rows if any(cell.strip() for cell in row)]
    if any(cell.strip() for row in cells for cell in row[1:]):
        return None
    return "\n".join(row[0] for row in cells)


def _json_values(text: str) -> tuple[Iterable[object], Form | None] | None:
    """The JSON values of a text, and how they stand there where it isn't one on each line.

    None for a text that isn't JSON.
    """
    if text.lstrip()[:1] not in ("{", "["):
        return None
    found = list(_stream(text))
    values = [value for _, value in found]
    if len(values) == 1:
        only = values[0]
        if isinstance(only, list):
            return only, "array"
        wrapped = _wrapped(only)
        if wrapped is not None:
            return wrapped, "array"
    spread = any("\n" in part.strip() for part, _ in found)
    return values, "spread" if spread else None


def _stream(text: str) -> Iterator[tuple[str, object]]:
    """One JSON value after the other. Raises ValueError where one isn't right."""
    decoder = json.JSONDecoder(parse_constant=_refused)
    at, end = 0, len(text)
    while True:
        while at < end and text[at] in _JSON_SPACE:
            at += 1
        if at >= end:
            return
        value, after = decoder.raw_decode(text, at)
        yield text[at:after], value
        at = after


def _refused(word: str) -> object:
    raise ValueError(word)  # NaN and the infinities are no JSON


def _wrapped(value: object) -> list[object] | None:
    """The list in an object that holds nothing else."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((name, held),) = value.items()
    return held if name in _WRAPPERS and isinstance(held, list) else None


def _table(text: str) -> Iterator[Row]:
    """The rows of a CSV file with a header, by the columns' names."""
    header = text.split("\n", 1)[0]
    between = max(",;\t", key=header.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=between, strict=True)
    names = [name.strip().lower() for name in next(rows)]
    known = {*_USER, *_ASSISTANT, *_SYSTEM, *_CONTEXT, *_LISTS}
    if not set(names) & known or len(set(names)) < len(names):
        raise _NotPlainError
    for cells in rows:
        if any(cell.strip() for cell in cells):
            if len(cells) > len(names):
                raise _NotPlainError
            yield dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True))


# --- one example --------------------------------------------------------------------


def _example(row: object, mapping: dict[str, str], forms: list[Form]) -> Row:
    """A row as an example. Raises _NotPlainError where it isn't plain how."""
    if not isinstance(row, dict):
        raise _NotPlainError
    names = {str(name).lower(): name for name in row}
    if names.keys() & _OTHER_METHOD:
        raise _NotPlainError
    listed = next((names[name] for name in _LISTS if name in names), None)
    if listed is not None:
        return _from_list(row, str(listed), mapping, forms)
    user, assistant = _named(names, _USER), _named(names, _ASSISTANT)
    if user is None or assistant is None:
        raise _NotPlainError
    said = _text(row[user])
    context = next((names[c] for c in _CONTEXT if c in names and names[c] != user), None)
    messages = []
    system = _named(names, _SYSTEM)
    if system is not None and _text(row[system]).strip():
        messages.append({"role": "system", "content": _text(row[system])})
        mapping[system] = "system"
    mapping[user] = "user"
    if context is not None and _text(row[context]).strip():
        said = f"{said}\n\n{_text(row[context])}"
        mapping[context] = "user"
    mapping[assistant] = "assistant"
    messages.append({"role": "user", "content": said})
    messages.append({"role": "assistant", "content": _text(row[assistant])})
    _note(forms, "pairs")
    return {"messages": messages}


def _from_list(row: Row, name: str, mapping: dict[str, str], forms: list[Form]) -> Row:
    """An example whose messages stand in a list, by whatever names."""
    listed = row[name]
    if isinstance(listed, str):  # a cell of a table
        listed = json.loads(listed)
    if not isinstance(listed, list) or not listed:
        raise _NotPlainError
    if name == "messages" and not any(isinstance(m, dict) and "from" in m for m in listed):
        return {name: listed} if "table" in forms else row
    messages: list[Row] = []
    system = row.get("system")
    if isinstance(system, str) and system.strip():
        messages.append({"role": "system", "content": system})
        mapping["system"] = "system"
    messages += [_message(said, mapping) for said in listed]
    _note(forms, "speakers")
    return {"messages": messages}


def _message(said: object, mapping: dict[str, str]) -> Row:
    if not isinstance(said, dict):
        raise _NotPlainError
    if "role" in said:
        return said
    speaker = str(said.get("from", "")).lower()
    role = _SPEAKERS.get(speaker)
    if role is None or "value" not in said:
        raise _NotPlainError
    mapping[speaker] = role
    return {"role": role, "content": _text(said["value"])}


def _named(names: Mapping[str, str], known: Sequence[str]) -> str | None:
    return next((names[name] for name in known if name in names), None)


def _text(value: object) -> str:
    """A cell's text; what is no text isn't plainly one side of a conversation."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _NotPlainError
    return str(value)


def _note(forms: list[Form], form: Form) -> None:
    if form not in forms and "table" not in forms:
        forms.append(form)
