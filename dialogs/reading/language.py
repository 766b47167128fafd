"""Which language a text is in, of those that the encoder reads.

The tables of py3langid (naive Bayes over pieces of bytes) for these languages alone, mapped from
files that all processes share: read as they are shipped they would take 80 MB of each.
"""

import re
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

from dialogs.reading import encoder, shelf

LANGUAGES = (
    *("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr"),
    "zh",
)
# Shares of the likeliest language from which it is named: where words are known, or none are.
# Of 160 texts of random letters 3 are taken for a language so; with the first limit alone, 18.
SURE, SURE_OF_STRANGE = 0.6, 0.9
KNOWN = 1 / 3  # share of a text's words that the encoder has as a whole
LONGEST = 400  # characters that are looked at
FORM = 1  # of the files; counted up when they change
_WORDS = re.compile(r"[^\W\d_]{2,}")


def language_of(text: str) -> str | None:
    """The language's ISO 639-1 code, None where it can't surely be told.

    A short text seldom tells it.
    """
    name, share = _identifier().classify(text[:LONGEST])
    if share < SURE or (share < SURE_OF_STRANGE and _known(text[:LONGEST]) < KNOWN):
        return None
    return str(name)


def _known(text: str) -> float:
    """The share of a text's words that stand in the encoder's vocabulary."""
    words = _WORDS.findall(text)
    return sum(map(encoder.is_word, words)) / len(words) if words else 0.0


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
