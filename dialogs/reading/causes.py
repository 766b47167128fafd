"""What a justification says of the data and of the run: sound, or at fault."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from content.strings import CauseForms
from dialogs.reading.phrases import Span, clauses, spans, tokens

# The whole run, or what is known of a way in which one goes wrong.
Matter = Literal["data", "run", "underfit", "overfit", "diverged"]

BEHIND, BEFORE = 3, 2  # words at most between what is named and what is said of it
NEGATED_BEFORE = 5  # words before what is denied in which the denying one stands


@dataclass(frozen=True)
class Cause:
    """One statement on the data or the run; `at_fault` where it is said to be the trouble."""

    matter: Matter
    at_fault: bool


def causes(text: str, forms: CauseForms) -> tuple[Cause, ...]:
    """The statements of a text, clause by clause; what is only wished or supposed is none."""
    found: list[Cause] = []
    for clause in clauses(tokens(text), forms.apart):
        if not spans(clause, forms.supposed):
            found += _of_clause(clause, forms)
    return tuple(dict.fromkeys(found))


def _of_clause(clause: Sequence[str], forms: CauseForms) -> Iterator[Cause]:
    ways = list(_ways(clause, forms))
    yield from ways
    if ways:
        return
    data = spans(clause, forms.data)
    # "Training data" is no training.
    run = [one for one in spans(clause, forms.run) if not any(_meet(one, two) for two in data)]
    well = spans(clause, forms.sound)
    found: tuple[tuple[Matter, Sequence[Span], Sequence[str], Sequence[Span]], ...] = (
        ("data", data, forms.flawed, well),
        ("run", run, forms.off, [*well, *spans(clause, forms.fell)]),
    )
    for matter, named, wrong, praise in found:
        faults = [s for s in spans(clause, wrong) if _is_said_of(s, named)]
        faults += [s for s in spans(clause, forms.to_blame) if named]
        praised = [s for s in praise if _is_said_of(s, named)]
        if faults:
            yield Cause(matter, at_fault=not _is_denied(clause, faults[0], forms))
        elif praised:
            yield Cause(matter, at_fault=_is_denied(clause, praised[0], forms))
        elif any(_follows(clause, one, forms.because) for one in named):
            yield Cause(matter, at_fault=not _is_denied(clause, named[0], forms))


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _is_said_of(word: Span, named: Sequence[Span]) -> bool:
    """Whether a word stands by what is named: "rude lines", "the lines I took are rude"."""
    return any(
        _meet(word, one)
        or 0 <= word.start - one.end <= BEHIND
        or 0 <= one.start - word.end <= BEFORE
        for one in named
    )


def _ways(clause: Sequence[str], forms: CauseForms) -> Iterator[Cause]:
    """The ways in which a run goes wrong, by name."""
    kinds: tuple[tuple[Matter, tuple[str, ...]], ...] = (
        ("underfit", forms.underfit),
        ("overfit", forms.overfit),
        ("diverged", forms.diverged),
    )
    for kind, words in kinds:
        for span in spans(clause, words)[:1]:
            yield Cause(kind, at_fault=not _is_denied(clause, span, forms))


def _follows(clause: Sequence[str], named: Span, because: Sequence[str]) -> bool:
    """Whether what is named stands behind a word that gives a reason."""
    return any(span.end <= named.start for span in spans(clause, because))


def _is_denied(clause: Sequence[str], span: Span, forms: CauseForms) -> bool:
    before = [
        s
        for s in spans(clause, forms.denying)
        if span.start - NEGATED_BEFORE <= s.start < span.start
    ]
    return len(before) % 2 == 1
