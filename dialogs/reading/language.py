"""Which language a text is in, of those that the encoder reads.

The tables of py3langid (naive Bayes over pieces of bytes) for these languages alone, mapped from
files that all processes share: read as they are shipped they would take 80 MB of each.
"""

from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

from dialogs.reading import shelf

LANGUAGES = (
    *("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr"),
    "zh",
)
SURE = 0.6  # share of the likeliest language from which it is named
LONGEST = 400  # characters that are looked at
FORM = 1  # of the files; counted up when they change


def language_of(text: str) -> str | None:
    """The language's ISO 639-1 code, None where it can't surely be told.

    A short text seldom tells it.
    """
    name, share = _identifier().classify(text[:LONGEST])
    return str(name) if share >= SURE else None


def prepare() -> None:
    """Make the files where they are missing, and open them."""
    _identifier()


@cache
def _identifier() -> LanguageIdentifier:
    tables = shelf.kept("languages", f"{version('py3langid')}-{FORM}", _shipped)
    return LanguageIdentifier(
        tables["shares"],
        tables["prior"],
        list(LANGUAGES),
        memoryview(tables["moves"].data),
        memoryview(tables["found"].data),
        norm_probs=True,
        tk_row=memoryview(tables["rows"].data),
    )


def _shipped() -> dict[str, NDArray[Any]]:
    shares, prior, names, moves, rows, found = load_model(MODEL_DIR / MODEL_FILE)
    columns = [names.index(language) for language in LANGUAGES]
    return {
        "shares": np.ascontiguousarray(np.asarray(shares)[:, columns]),
        "prior": np.asarray(prior)[columns],
        "moves": np.asarray(moves),
        "rows": np.asarray(rows),
        "found": np.asarray(found, np.int32),
    }
