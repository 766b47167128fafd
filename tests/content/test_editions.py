"""The editions of a lesson are the same lesson in other words; each difference is named."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from content.digest import digest
from content.faults import ContentError
from content.loader import SHIPPED, STRINGS, Library, load

LESSON = "plain-words"


class Slip(NamedTuple):
    """In the German edition `old` became `new`; the fault stands there and names the original."""

    file: str
    old: str
    new: str
    says: str


SLIPS = [
    Slip("listen.yaml", "id: secret", "id: geheim", "geheim here, secret in the original"),
    Slip("listen.yaml", "suggested: 4,", "suggested: 3.5,", "3.5 here, 4.0 in the original"),
    Slip("teach.yaml", "good: false, variants: 7", "good: true, variants: 7", "true here, false"),
    Slip("teach.yaml", "intent: renew", "intent: fine", "fine here, renew in the original"),
    Slip("judge.yaml", "sizes: [20, 40, 90]", "sizes: [20, 40]", "2 entries here, 3 entries"),
    Slip("judge.yaml", "draw: 6", "draw: 7", "7 here, 6 in the original"),
    Slip("rubric.yaml", "preamble: {acts", "vorspann: {acts", "office, preamble in the"),
    Slip("world.yaml", ', "Siehe Aushang."', "", "2 entries here, 3 entries in the original"),
    Slip("lesson.yaml", "locale: de", "locale: fr", 'this is the edition for "de", not "fr"'),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of one lesson with both of its editions."""
    return Path(shutil.copytree(SHIPPED / LESSON, tmp_path / LESSON))


def faults(*arguments: Path) -> list[str]:
    try:
        load(*arguments)
    except ContentError as error:
        return str(error).splitlines()
    return []


@pytest.mark.parametrize("slip", SLIPS, ids=lambda s: s.new or s.old)
def test_a_difference_is_a_fault_where_it_stands_in_both_files(folder: Path, slip: Slip) -> None:
    file = folder / "de" / slip.file
    text = file.read_text()
    assert slip.old in text
    file.write_text(text.replace(slip.old, slip.new, 1))
    line = text[: text.index(slip.old)].count("\n") + 1
    told = faults(folder)
    (mine,) = (fault for fault in told if slip.says in fault)
    assert mine.startswith(f"{file}:{line}: ") or slip.file in ("rubric.yaml", "world.yaml")
    if slip.file != "lesson.yaml":
        assert f"({folder / slip.file}:" in mine


def test_a_missing_file_of_an_edition_is_a_fault(folder: Path) -> None:
    (folder / "de" / "world.yaml").unlink()
    assert f"{folder / 'de' / 'world.yaml'}:1: this file is missing" in faults(folder)


def test_a_broken_file_of_an_edition_is_a_fault(folder: Path) -> None:
    file = folder / "de" / "listen.yaml"
    file.write_text(file.read_text().replace("id: listen\n", "id: [listen\n", 1))
    assert any(fault.startswith(f"{file}:1: not readable") for fault in faults(folder))


def test_an_edition_needs_the_tutors_words(folder: Path) -> None:
    (folder / "de").rename(folder / "pt-BR")
    (told,) = faults(folder)
    assert "the tutor has no words in pt-BR" in told


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{right} von {of} stehen", "{right} stehen", "has {right} to be filled in, the original"),
        ("\nnext: Weiter\n", "\n", 'has no "next"'),
        ("  skip: [", "  skip_it: [", 'unknown key "skip_it"; did you mean "skip"?'),
    ],
)
def test_the_tutors_words_are_compared_too(tmp_path: Path, old: str, new: str, says: str) -> None:
    words = Path(shutil.copytree(STRINGS, tmp_path / "strings"))
    file = words / "tutor.de.yaml"
    file.write_text(file.read_text().replace(old, new, 1))
    told = faults(SHIPPED, words)
    assert any(says in fault and fault.startswith(f"{file}:") for fault in told), told


def test_a_missing_file_of_the_tutors_words_is_a_fault(tmp_path: Path) -> None:
    words = Path(shutil.copytree(STRINGS, tmp_path / "strings"))
    (words / "model.de.yaml").unlink()
    assert f"{words / 'model.de.yaml'}:1: this file is missing" in faults(SHIPPED, words)


def test_steps_and_versions_are_equal_in_all_editions(library: Library) -> None:
    for translation in library.translations.values():
        for name, edition in translation.lessons.items():
            original = library.lessons[name]
            assert edition.version == original.version
            assert [*map(digest, edition.steps)] == [*map(digest, original.steps)]
