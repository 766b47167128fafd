"""The recap of a session as a picture to keep: eight tiles, the takeaways, and codes to scan."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import typst

from bot.records.typesetting import fonts, qr
from content.session import Session

TEMPLATE = Path(__file__).with_name("recap.typ")
PPI = 144  # some 1,800 pixels wide, for a hall's projector


def recap(session: Session, codes: Mapping[str, str]) -> bytes:
    """A PNG, the same each time; `codes` are the addresses to scan, by what they are called."""
    given = {
        "lang": session.locale.partition("-")[0],
        "title": session.title,
        "tiles": [{"question": one.question, "answer": one.answer} for one in session.recap],
        "takeaways": list(session.takeaways),
        "codes": [
            {"label": label, "address": address, "qr": qr(address)}
            for label, address in codes.items()
            if address
        ],
    }
    return _set(json.dumps(given))


@lru_cache(16)
def _set(given: str) -> bytes:
    made = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="png",
        ppi=PPI,
        sys_inputs={"given": given},
    )
    return made if isinstance(made, bytes) else b"".join(made or ())
