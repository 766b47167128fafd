"""A file is read as bytes: how it is saved is named, and what is no text is named, too."""

import gzip
import zipfile
from io import BytesIO

import pytest

from dialogs.jsonl.encoding import OtherFile, TextFile, read

LINE = '{"messages": [{"role": "user", "content": "Grüße – „schön“"}]}\n'
NO_CP1252 = "".join(map(chr, range(0x80, 0xA0)))  # five of them no code page of Windows knows


def zipped(*names: str) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return held.getvalue()


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("utf-32", "utf-32"),
        ("cp1252", "latin-1"),
    ],
)
def test_how_a_text_is_saved_is_named_and_it_is_read_all_the_same(
    codec: str, encoding: str
) -> None:
    assert read(LINE.encode(codec)) == TextFile(LINE, encoding)  # type: ignore[arg-type]


def test_a_byte_order_mark_of_utf_8_stays_for_the_checker_to_note() -> None:
    assert read(LINE.encode("utf-8-sig")) == TextFile("\ufeff" + LINE, "utf-8")


def test_the_first_line_that_is_not_utf_8_is_named() -> None:
    assert read(b'{"a": 1}\n{"b": "caf\xe9"}\n') == TextFile(
        '{"a": 1}\n{"b": "café"}\n', "latin-1", 2
    )


def test_marked_utf_16_without_a_latin_letter_is_still_utf_16() -> None:
    assert read("客户".encode("utf-16")) == TextFile("客户", "utf-16")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\x00\x00\x00", "empty"),
        (zipped("xl/workbook.xml"), "spreadsheet"),
        (zipped("word/document.xml"), "document"),
        (zipped("train.jsonl"), "archive"),
        (gzip.compress(LINE.encode(), mtime=0), "archive"),
        (b"PAR1\x15\x04", "parquet"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (bytes(range(256)), "binary"),
        (b"abc\x00def", "binary"),
        (b"\xff\xfe\x00", "binary"),
        (NO_CP1252.encode("latin-1") + b"\x01", "binary"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, kind: str) -> None:
    assert read(data) == OtherFile(kind)  # type: ignore[arg-type]
