"""Where the sentences of a text end, in any of the encoder's languages."""

import re

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
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        part = text[start : end.end()]
        if not _ends(part, text[end.end() : end.end() + 1]):
            continue
        found, start = _with(found, part), end.end()
        if len(found) == MOST:
            break
    return _with(found, text[start:])


def _with(found: list[str], part: str) -> list[str]:
    part = part.strip()
    if not part:
        return found
    if found and (len(found) == MOST or not any(map(str.isalnum, part))):
        return [*found[:-1], f"{found[-1]} {part}"]
    return [*found, part]


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
