"""The guide for authors tells what the models hold."""

import re
from pathlib import Path

from content.faults import Fault
from content.lesson import KINDS, BaseStep, Phase
from content.loader import SHIPPED
from content.yaml_nodes import data, read

GUIDE = SHIPPED.parent.parent / "docs" / "lessons.md"
ROW = re.compile(r"^\| `([a-z]+)` \|.*\| ([^|]+) \|$", re.MULTILINE)


def test_every_kind_of_step_is_told_with_its_own_keys() -> None:
    shared = {*BaseStep.model_fields, "kind"}
    own = {kind: model.model_fields.keys() - shared for kind, model in KINDS.items()}
    told = {
        kind: set(re.findall(r"`(\w+)`", keys)) for kind, keys in ROW.findall(GUIDE.read_text())
    }
    assert told == {kind: keys for kind, keys in own.items() if kind not in {"start", "complete"}}


def test_the_guides_example_is_a_phase(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    file = tmp_path / "explore.yaml"
    file.write_text(example)
    node = read(file)
    assert not isinstance(node, Fault)
    Phase.model_validate(data(node))


def test_the_guide_tells_which_kinds_need_which_simulation() -> None:
    told = re.search(r"`simulation: persona` alone stand (.*?)\.", GUIDE.read_text(), re.DOTALL)
    assert told
    needing = {name for name, kind in KINDS.items() if kind.simulation == "persona"}
    assert set(re.findall(r"`(\w+)`", told[1])) == needing
