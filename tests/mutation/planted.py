"""Nine faults that broke the lesson's rules while the tests' learner was always right."""

from pathlib import Path

from tests.mutation.mutants import Mutant, enclosing

STEPS = "dialogs/steps"
# The file, what stands there once, and what it becomes.
PLANTED = (
    # One item in its place passes the ordering.
    (f"{STEPS}/ordering.py", "if right == len(true):", "if right >= 1:"),
    # A wrong order never gives a hint.
    (f"{STEPS}/ordering.py", "next_hint(step.hints, scene.record.misses)", "None"),
    # A slip in an order is an attempt.
    (
        f"{STEPS}/ordering.py",
        "return Unclear(words.each_item_once.format(count=len(true)))",
        "return Judged(passed=False, score=0.0, blocks=())",
    ),
    # A target out of its range is accepted.
    (f"{STEPS}/targets.py", "if faults:", "if False:"),
    # A refused option of a screen is accepted.
    (f"{STEPS}/screen.py", "taken if not o.refused}", "taken}"),
    # Any kinds of customer pass the analysis.
    (f"{STEPS}/analysis.py", "if hits == right and not wrong:", "if True:"),
    # The A/B test answers nothing.
    (f"{STEPS}/dashboard.py", "*(_ab(scene, found, state.size) if state.size else ()),", "*(),"),
    # The dashboard's filter is forgotten.
    (
        f"{STEPS}/dashboard.py",
        "replace(before, segment=segment, page=0, used=True)",
        "replace(before, used=True)",
    ),
    # The learner's own query is never put to the models.
    (f"{STEPS}/comparison.py", "return OwnQuery(text.strip())", "return NextQuery()"),
)


def planted(root: Path) -> list[Mutant]:
    """The nine, as they stand in the code of today."""
    return [_mutant(root, *change) for change in PLANTED]


def _mutant(root: Path, file: str, before: str, after: str) -> Mutant:
    source = (root / file).read_bytes()
    count = source.count(before.encode())
    if count != 1:
        raise ValueError(f"{file} has {count} times {before!r}: plant the fault where it is now")
    start = source.index(before.encode())
    line = source.count(b"\n", 0, start) + 1
    function = enclosing(source, line)
    return Mutant(
        file=file,
        function=function.name if function else "",
        first_line=function.lineno if function else 0,
        lines=(line, line),
        span=(start, start + len(before.encode())),
        before=before,
        after=after,
    )
