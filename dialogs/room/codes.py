"""The code of a room: three letters and three digits, which nobody takes for an answer.

No vowels, so that it is no word, and nothing that looks like something else (0 O 1 I L). Case,
blanks and hyphens don't matter.
"""

import re

LETTERS, DIGITS = "BCDFGHJKMNPQRSTVWXZ", "23456789"
_GAP = r"[\s\-\u2010-\u2015_.]*"
_CODE = re.compile(
    _GAP.join(["", *[f"([{LETTERS}])"] * 3, *[f"([{DIGITS}])"] * 3, ""]), re.IGNORECASE
)


def normal(text: str) -> str | None:
    """The code that a text is, as it is written; None when it is none."""
    found = _CODE.fullmatch(text) if len(text) <= 30 else None  # noqa: PLR2004 (six, with gaps)
    if found is None:
        return None
    signs = "".join(found.groups()).upper()
    return f"{signs[:3]}-{signs[3:]}"
