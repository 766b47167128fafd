"""Characters that take no ink: nobody sees them, and programs trip over them."""

import re

# Blanks other than the plain one, joiners, marks of direction, byte order marks, controls.
CLASS = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5"
    r"\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff"
    r"\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{CLASS}]")
# In texts many do their work: they join emoji, or part what must not break. These do none.
_IDLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2028\u2029\u2060-\u2064\ufeff\ufff9-\ufffb]"
)
_TURNING = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FROM_THE_RIGHT = re.compile(r"[\u0590-\u05ff\u0620-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def is_invisible(char: str) -> bool:
    """Whether a character takes no ink and is no plain blank, tab or line break."""
    return bool(_INVISIBLE.match(char))


def visible(text: str) -> str:
    """The text without them; a blank of another kind becomes a plain one."""
    return _INVISIBLE.sub(lambda m: " " if m[0].isspace() else "", text)


def without_invisible(text: str) -> str:
    """The text without them, blanks of other kinds left out too."""
    return _INVISIBLE.sub("", text)


def idle(text: str) -> re.Match[str] | None:
    """The first one in a text that does nothing there; marks of direction serve some scripts."""
    found = _IDLE.search(text)
    if found or _FROM_THE_RIGHT.search(text):
        return found
    return _TURNING.search(text)
