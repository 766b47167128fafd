"""The faults that are put into the code, and the nine that are planted always."""

import re
from pathlib import Path

import pytest

from tests.mutation.mutants import mutants
from tests.mutation.planted import PLANTED, planted

ROOT = Path(__file__).parents[2]


def test_the_planted_faults_have_their_place_in_the_code_of_today() -> None:
    assert len(planted(ROOT)) == len(PLANTED) == 9


@pytest.mark.parametrize(
    ("code", "faults"),
    [
        ("return a < b", {"(a <= b)", "return None"}),
        ("return a and not b", {"(a or not b)", "(b)", "return None"}),
        ("return a + 1", {"(a - 1)", "(2)", "return None"}),
        ("return f(a, b, c=True)", {"(f(b, a, c=True))", "(f(a, b))", "False", "return None"}),
        ("a.b()", {"pass"}),
        ("raise a", {"pass"}),
        ("a += 1", {"a -= 1", "(2)"}),
        ("return [b for b in a if b]", {"(not b)", "return None"}),
        ("return 'a' if a else b", {"'XXa'", "(not a)", "return None"}),
        ("return min(a, strict=True)", {"max", "return None"}),
        ("assert_never(a)", set()),
        ("return isinstance(a, int)", {"return None"}),
    ],
)
def test_each_part_of_a_line_has_its_faults(tmp_path: Path, code: str, faults: set[str]) -> None:
    (tmp_path / "one.py").write_text(f'def one(a, b):\n    """Say."""\n    {code}\n')
    found = mutants(tmp_path, "one.py")
    assert {m.after for m in found} == faults
    source = (tmp_path / "one.py").read_bytes()
    for mutant in found:
        compile(mutant.applied(source), "one.py", "exec")
        assert mutant.name.startswith("one.py one: ")


def test_the_same_fault_at_two_places_of_a_function_is_numbered(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("def one(a):\n    a.b()\n    a.b()\n")
    assert [m.name for m in mutants(tmp_path, "one.py")] == [
        "one.py one: a.b() → pass",
        "one.py one: a.b() → pass (2)",
    ]


def test_every_fault_named_as_equivalent_is_one_of_the_code_of_today() -> None:
    text = (ROOT / "docs" / "testing.md").read_text("utf-8")
    named = re.findall(r"^\| `(dialogs/.+?\.py .+)` \|", text, re.MULTILINE)
    files = {name.partition(" ")[0] for name in named}
    known = {m.name for file in files for m in mutants(ROOT, file)}
    assert named
    assert {name.replace("\\|", "|") for name in named} <= known
