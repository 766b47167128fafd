"""An estimate of how many tokens a text has.

The service counts by the vocabularies of its models, which aren't part of this product. Held
against o200k_base on the shipped lessons, pages and files (English and German), the estimate was
0.92 to 1.14 times the true count; in other languages it can be a third away.
"""

import re
from math import ceil

from dialogs.jsonl.example import ChatExample

PER_MESSAGE, PER_EXAMPLE = 3, 3  # as OpenAI's example counts what frames a message, and a reply
LONGEST_EXAMPLE = 65_536  # tokens; the service cuts a longer one at its end
_PIECES = re.compile(r"[^\W\d_]+|\d+|[^\w\s]+|_+|\n+")
_SCALE = 0.92  # what the pieces below count too much on the whole
_LATIN, _EXTENDED, _IDEOGRAPHS, _HANGUL = 0x100, 0x590, 0x2E80, 0xAC00
_WHOLE = 7  # letters that a word has of one token


def estimate(text: str) -> int:
    """About how many tokens a text has."""
    return round(_SCALE * sum(map(_piece, _PIECES.findall(text))))


def of_example(example: ChatExample) -> int:
    """About how many tokens an example has, with what the service puts around its messages."""
    said = (estimate(m.content) + estimate(m.role) + PER_MESSAGE for m in example.messages)
    return sum(said) + PER_EXAMPLE


def _piece(piece: str) -> float:
    """A word, a number or signs by the number of letters that a token has in their script."""
    size, script = len(piece), ord(max(piece))
    if piece[0].isdigit():
        return ceil(size / 3)
    if not piece[0].isalpha():
        return 1 if size == 1 else 0.8 * size
    if script < _LATIN:
        return 1 if size <= _WHOLE else size / 5.2
    if script < _EXTENDED:
        return max(1, size / 3)
    if _IDEOGRAPHS <= script < _HANGUL or script > 0xFFFF:  # noqa: PLR2004 (beyond the basic plane)
        return 0.75 * size
    return max(1, size / 2.6)
