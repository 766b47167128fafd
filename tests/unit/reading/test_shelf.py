"""What was computed once is there again; what is lost or broken is made again."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dialogs.reading import shelf
from dialogs.reading.recent import Recent

LARGE = 100_000


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shelf, "BESIDE", tmp_path / "kept")
    monkeypatch.setattr(shelf, "USERS", tmp_path / "users")
    monkeypatch.setattr(shelf, "_own", lambda: tmp_path / "own")
    return tmp_path / "kept"


class Maker:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, NDArray[Any]]:
        self.times += 1
        return {"small": np.arange(3), "large": np.arange(LARGE)}


def test_arrays_are_made_once_and_read_from_then_on(home: Path) -> None:
    make = Maker()
    for _ in range(2):
        found = shelf.kept("thing", "d1", make)
        assert (found["small"] == np.arange(3)).all()
        assert (found["large"] == np.arange(LARGE)).all()
        with pytest.raises(ValueError, match="read-only"):
            found["small"][0] = 1
    assert make.times == 1
    assert (shelf.has("thing", "d1"), shelf.has("thing", "d2")) == (True, False)
    shelf.kept("thing", "d2", make)
    assert make.times == 2
    assert sorted(f.name for f in home.iterdir()) == ["thing-d1", "thing-d2"]


def cut(folder: Path) -> None:
    file = folder / "large.npy"
    file.write_bytes(file.read_bytes()[:1000])


def empty(folder: Path) -> None:
    (folder / "small.npy").write_bytes(b"")


@pytest.mark.parametrize("harm", [cut, empty])
def test_a_broken_entry_is_made_again(home: Path, harm: Callable[[Path], None]) -> None:
    make = Maker()
    shelf.kept("thing", "d", make)
    harm(home / "thing-d")
    for _ in range(2):
        assert shelf.kept("thing", "d", make)["large"].sum() == np.arange(LARGE).sum()
    assert make.times == 2


@pytest.mark.usefixtures("home")
def test_what_an_image_holds_is_read_where_nothing_can_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make = Maker()
    shelf.kept("thing", "d", make)

    def refuse(*_: Any) -> None:
        raise PermissionError

    monkeypatch.setattr(shelf, "_write", refuse)
    shelf.kept("thing", "d", make)
    assert make.times == 1
    assert (shelf.kept("thing", "other", make)["small"] == np.arange(3)).all()


def test_where_the_tutors_own_folder_cant_be_written_another_one_is(home: Path) -> None:
    home.write_text("a file where the folder would be")
    make = Maker()
    for _ in range(2):
        shelf.kept("thing", "d", make)
    assert make.times == 1
    assert (home.parent / "users" / "thing-d").exists()


def test_entries_that_nobody_asks_for_any_more_go(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "MOST", 3)
    for n in range(6):
        shelf.kept("thing", f"d{n}", Maker())
        os.utime(home / f"thing-d{n}", (n, n))
        shelf.kept("thing", "d0", Maker())  # is asked for again and again
        shelf.kept("other", "d", Maker())
    left = {entry.name for entry in home.iterdir()}
    assert left == {"thing-d0", "thing-d4", "thing-d5", "other-d"}


def test_what_lay_unused_for_longest_is_forgotten() -> None:
    recent: Recent[int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert (recent.get("a"), recent.get("b"), recent.get("c"), len(recent)) == (1, None, 3, 2)
