"""`.env.example` and docs/settings.md tell of each setting, and tell the truth."""

import re
from pathlib import Path

import pytest
import yaml
from dotenv import dotenv_values

from bot.settings import Settings, read

ROOT = Path(__file__).parents[2]
NAMES = {str(field.validation_alias) for field in Settings.model_fields.values()}


def filled(folder: Path) -> Path:
    """`.env.example` with all its lines in force."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    made = folder / ".env"
    made.write_text("\n".join(re.sub(r"^#(?=\w+=)", "", line) for line in lines), "utf-8")
    return made


def test_the_example_names_every_setting_and_no_other(tmp_path: Path) -> None:
    assert set(dotenv_values(filled(tmp_path))) == NAMES


def test_the_example_shows_what_holds_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    assert read(filled(tmp_path)) == read(None)


def test_the_documentation_names_every_setting_and_no_other() -> None:
    table = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == NAMES


def test_compose_sets_only_settings_that_there_are() -> None:
    told = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    tutor = told["services"]["tutor"]
    assert set(tutor["environment"]) <= NAMES
    assert set(tutor["depends_on"]) < set(told["services"])
