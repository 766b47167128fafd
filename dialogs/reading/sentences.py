"""Where the sentences of a text end, in any of the encoder's languages."""

import re
from itertools import islice

ENDS = 400  # places where a sentence may end that are looked at
NEAR = 200  # characters before an end mark that say whether it is one
MOST = 40  # sentences of a text that are told apart; what comes after stays with the last
# An end mark with what closes behind it, a blank or line, or none where a capital shows the slip;
# those of Chinese and Japanese need none.
_END = re.compile(
    r"""(?:(?<![.!?…])[.!?…]++["'”’»)\]]*+(?=\s)|(?<=[a-z]{2})[.!?]++(?=[A-Z][a-z ])"""
    r"""|[。！？]++["'”’」』)）]*+|\n)\s*+"""
)
_LETTERS = re.compile(r"[^\W\d_]")
_VOWELS = "aeiouyäöüáéíóúàèìòùâêîôûãõå"


def sentences(text: str) -> list[str]:
    """The sentences of a text, in their order, without blanks around them.

    Points of abbreviations, initials and ordinals end none. What has neither a letter nor a digit
    ("!!", an emoji) stays with the sentence before it.
    """
    found: list[list[str]] = []
    start = 0
    for end in islice(_END.finditer(text), ENDS):
        stop = end.end()
        if not _ends(text[max(start, stop - NEAR) : stop], text[stop : stop + 1]):
            continue
        _take(found, text[start:stop])
        start = stop
        if len(found) == MOST:
            break
    _take(found, text[start:])
    return [" ".join(parts) for parts in found]


def _take(found: list[list[str]], part: str) -> None:
    """Put a part behind the last sentence's where it is none of its own."""
    part = part.strip()
    if not part:
        return
    if found and (len(found) == MOST or not any(map(str.isalnum, part))):
        found[-1].append(part)
    else:
        found.append([part])


def _ends(part: str, following: str) -> bool:
    """Whether a part that ends in an end mark is a sentence."""
    words = part.split()
    if not words or "\n" in part[len(part.rstrip()) :]:
        return True
    last = words[-1].strip("(\"'“‘«")
    if not last.endswith(".") or last.endswith(".."):
        return True
    word = last[:-1]
    if "." in word and all(len(letters) == 1 for letters in word.split(".")):
        return False  # e.g., z.B., U.S.
    if len(word) == 1 and (word.isupper() or len(words) == 1):
        return False  # an initial, a numbered list
    if word.isdigit() and len(word) <= 2:  # noqa: PLR2004
        before = words[-2] if len(words) > 1 else ""
        return before.endswith(".") or len(before) > 3  # noqa: PLR2004 (not 1., am 3. Mai)
    if len(word) <= 3 and _LETTERS.match(word):  # noqa: PLR2004
        if following.isdigit():
            return False  # No. 5
        return any(letter in _VOWELS for letter in word.lower())  # not Mr., Dr., St.
    return True
