"""Pages come of templates, and nothing that is filled in becomes markup."""

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from bot.http import html
from content.strings import NoticePage, NoticePart
from dialogs.values.operator import Operator

ROOT = Path(__file__).parents[2]
HOSTILE = "<script>alert('x')</script> \" onload=\"x"
TAG = re.compile(r"</?(a|body|div|form|h[1-6]|head|html|input|li|p|script|style|ul)\b[^\"']*>")


def test_what_is_filled_in_is_escaped() -> None:
    part = NoticePart(title=HOSTILE, lines=(HOSTILE,))
    notice = NoticePage(title=HOSTILE, lead=HOSTILE, parts=(part,))
    page = html.rendered(
        "notice.html",
        notice=notice,
        other=notice,
        other_path="/terms",
        words={
            "other_page": "<b>see</b> {title}",
            "operator_title": HOSTILE,
            "operator_named": "<b>by</b> {operator}",
            "contact_line": "<b>to</b> {contact}",
        },
        operator=Operator(HOSTILE, HOSTILE),
        days=90,
        more=(HOSTILE,),
    )
    assert "<script" not in page
    assert "<b>" not in page
    assert page.count("&lt;script&gt;alert(") == 11
    assert 'see&lt;/b&gt; <a href="/terms">&lt;script&gt;' in page


def test_words_in_a_script_can_not_end_it() -> None:
    page = html.rendered(
        "chat.html",
        nonce="n",
        words={"en": {"title": "T", "a": "</script><script>"}},
        origins=[HOSTILE],
    )
    assert page.count("<script") == 6
    assert r"\u003c/script\u003e" in page


def test_a_value_that_is_missing_is_no_empty_place() -> None:
    with pytest.raises(UndefinedError):
        html.rendered("notice.html")


def test_no_markup_stands_in_the_code() -> None:
    for file in (ROOT / "bot").rglob("*.py"):
        assert not TAG.findall(file.read_text("utf-8")), file
