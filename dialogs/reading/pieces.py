"""Text into pieces of words: the unigram segmentation of SentencePiece (Kudo 2018), on arrays.

The vocabulary's pieces and all that they begin with are a tree. Its nodes are numbered by depth,
then by their parent, then by their character, so that the sorted list of edges needs no targets:
edge n leads to node n + 1.
"""

import struct
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

UNKNOWN, BEGIN, END = 0, 1, 2  # ids that every vocabulary of this kind has
CHARACTER = 21  # bits of a code point
NONE = -1  # the piece of a node that only leads to others
UNLIKELY = 10.0  # how much less likely an unknown character is than the rarest piece
BLANK = "\u2581"  # stands for the blank before a word
# Seen as a blank by the encoder's own normalisation (nmt_nfkc), besides what Python splits at.
INVISIBLE = {ord(c): " " for c in "\u200b\u200e\u200f\ufeff\ufffd"}


def vocabulary(model: bytes) -> dict[str, NDArray[Any]]:
    """The arrays that a `Pieces` needs, of a SentencePiece model file."""
    scored = list(_pieces(model))
    ids = {text: number for number, (text, _) in enumerate(scored)}
    nodes = {text[:n] for text in ids for n in range(1, len(text) + 1)}
    ordered = sorted(nodes, key=lambda text: (len(text), text))
    numbers = {"": 0} | {text: n for n, text in enumerate(ordered, 1)}
    return {
        "edges": np.array([numbers[t[:-1]] << CHARACTER | ord(t[-1]) for t in ordered], np.uint64),
        "pieces": np.array([ids.get(text, NONE) for text in ordered], np.int32),
        "scores": np.array([score for _, score in scored], np.float32),
    }


class Pieces:
    """The most likely segmentation of a text."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        # A view of memory gives a number several times faster than an array does.
        self._edges, self._pieces = arrays["edges"].data, arrays["pieces"].data
        self._scores = arrays["scores"].data
        self._unknown = float(arrays["scores"].min()) - UNLIKELY

    def ids(self, text: str, most: int) -> list[int]:
        """The pieces' ids, between those of beginning and end; `most` of them in all."""
        words = normalize("NFKC", text).translate(INVISIBLE).split()
        found = self._segmented("".join(BLANK + word for word in words)) if words else [UNKNOWN]
        return [BEGIN, *found[: most - 2], END]

    def _segmented(self, text: str) -> list[int]:
        """Viterbi over the text's positions; of equally likely ways the one found first."""
        best = [0.0] + [-np.inf] * len(text)
        ways = [(0, UNKNOWN)] * (len(text) + 1)  # the last piece's start and id
        for start in range(len(text)):
            known = False
            for end, piece in self._from(text, start):
                score = best[start] + self._scores[piece]
                known = known or end == start + 1
                if score > best[end]:
                    best[end], ways[end] = score, (start, piece)
            if not known and best[start] + self._unknown > best[start + 1]:
                best[start + 1], ways[start + 1] = best[start] + self._unknown, (start, UNKNOWN)
        found, at = [], len(text)
        while at:
            at, piece = ways[at]
            found.append(piece)
        return found[::-1]

    def _from(self, text: str, start: int) -> Iterator[tuple[int, int]]:
        """The pieces that begin here: where each ends, and its id."""
        node = 0
        for at in range(start, len(text)):
            edge = node << CHARACTER | ord(text[at])
            place = bisect_left(self._edges, edge, lo=node)
            if place == len(self._edges) or self._edges[place] != edge:
                return
            node = place + 1
            if self._pieces[place] != NONE:
                yield at + 1, self._pieces[place]


def _pieces(model: bytes) -> Iterator[tuple[str, float]]:
    """Each piece with its score: field 1 of the model, and in it 1 and 2 (protobuf)."""
    for number, value in _fields(model):
        if number == 1:
            entry = dict(_fields(value))
            yield entry[1].decode("utf-8"), struct.unpack("<f", entry.get(2, bytes(4)))[0]


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """A protobuf message's fields: number and bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        match key & 7:
            case 0:
                start, (_, at) = at, _varint(message, at)
            case 1:
                start, at = at, at + 8
            case 2:
                size, start = _varint(message, at)
                at = start + size
            case _:
                start, at = at, at + 4
        yield key >> 3, message[start:at]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number, and where it ends."""
    number = shift = 0
    while True:
        byte = message[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 (the last of its bytes)
            return number, at
        shift += 7
