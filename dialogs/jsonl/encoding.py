"""Reads a file as bytes: how its text is saved, or what kind of file it is instead."""

import codecs
import re
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32", "latin-1"]
Kind = Literal["empty", "spreadsheet", "document", "archive", "parquet", "pdf", "picture", "binary"]

# How files that are no text begin.
_SIGNATURES: tuple[tuple[bytes, Kind], ...] = (
    (b"PK\x03\x04", "archive"),
    (b"PK\x05\x06", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document"),  # Office before 2007
    (b"{\\rtf", "document"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "parquet"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
)
# What lies in a zip file tells what it is.
_ZIPPED: tuple[tuple[bytes, Kind], ...] = (
    (b"xl/", "spreadsheet"),
    (b"opendocument.spreadsheet", "spreadsheet"),
    (b"word/", "document"),
    (b"ppt/", "document"),
    (b"opendocument", "document"),
)
_MARKS: tuple[tuple[bytes, Encoding, str], ...] = (  # the longer one first
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_BEGINNING = 4_096  # bytes that are looked at for zeros
_ZEROS = 0.3  # of every other byte: in UTF-16 most characters that JSON is made of have one
# Signs that no text has, whatever language it is in; Latin-1 knows tab, line breaks, form feed.
_UNWRITTEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True)
class TextFile:
    """A file's text, and how it was saved; `line` is the first one, from 1, that isn't UTF-8."""

    text: str
    encoding: Encoding
    line: int = 1


@dataclass(frozen=True)
class OtherFile:
    """A file that holds no text."""

    kind: Kind


def read(data: bytes) -> TextFile | OtherFile:
    """The text of a file. What isn't UTF-8 is read as what it is, so that it can be named."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        return OtherFile("empty")
    if kind := _signed(data):
        return OtherFile(kind)
    try:
        if b"\x00" not in data:
            return TextFile(data.decode(), "utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(data, error.start)
    for name, codec in _marked_or_guessed(data):
        try:
            text = data.decode(codec).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if not _UNWRITTEN.search(text):
            return TextFile(text, name)
    return OtherFile("binary")


def _signed(data: bytes) -> Kind | None:
    kind = next((kind for start, kind in _SIGNATURES if data.startswith(start)), None)
    if kind == "archive" and data.startswith(b"PK"):
        return next((inside for name, inside in _ZIPPED if name in data), kind)
    return kind


def _not_utf8(data: bytes, start: int) -> TextFile | OtherFile:
    """The text of a file in a legacy code page; or none, where no text has such bytes."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            # No character below U+0100, or the zeros would have told: still UTF-16.
            return TextFile(data.decode("utf-16"), "utf-16")
        except UnicodeDecodeError:
            return OtherFile("binary")
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if _UNWRITTEN.search(text):
        return OtherFile("binary")
    return TextFile(text, "latin-1", data.count(b"\n", 0, start) + 1)


def _marked_or_guessed(data: bytes) -> list[tuple[Encoding, str]]:
    """In which encodings zeros would make sense: the marked one, or the one that they hint at."""
    marked = [(name, codec) for mark, name, codec in _MARKS if data.startswith(mark)]
    if marked:
        return marked[:1]
    beginning = data[:_BEGINNING]
    pairs = max(1, len(beginning) // 2)
    found: list[tuple[Encoding, str]] = []
    if beginning[1::2].count(0) / pairs > _ZEROS:
        found.append(("utf-16", "utf-16-le"))
    if beginning[0::2].count(0) / pairs > _ZEROS:
        found.append(("utf-16", "utf-16-be"))
    return found
