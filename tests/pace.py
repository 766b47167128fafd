"""The reference pace: how fast this machine is just now, beside the one that figures hold for.

Absolute figures hold for a machine on which the benchmark's stock echo does 124 turns a second
(docs/performance.md), so that one of its turns takes 8.1 ms of CPU. Such a machine needs
`REFERENCE_S` for the work of `_work`: both were measured side by side.
"""

import json
import re
from time import thread_time

REFERENCE_S = 0.009
TRIES = 3
_TEXT = ", ".join(f'{{"role": "user", "content": "line {n}"}}' for n in range(200))


def slowness() -> float:
    """How many times the CPU that the reference machine needs is needed here just now."""
    return min(_work() for _ in range(TRIES)) / REFERENCE_S


def _work() -> float:
    """The CPU seconds of something like a turn: JSON, words, patterns."""
    began, words = thread_time(), 0
    for _ in range(20):
        for part in json.loads(f"[{_TEXT}]"):
            words += len(str(part).split())
        words += sum(1 for _ in re.finditer(r"\b\w+\b", _TEXT))
    return thread_time() - began
