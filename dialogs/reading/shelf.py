"""Arrays that are computed once and kept in files, which processes map and share.

What is kept can always be made again: a folder that is lost, broken or can't be written costs
time and nothing else.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

Arrays = Mapping[str, NDArray[Any]]

BESIDE = Path(__file__).parent / "kept"  # where the tutor's own files may be written, or were
USERS = user_cache_path("fine-tuning-tutor", appauthor=False)
MOST = 1_000  # entries of one name; those go that nobody asked for for longest
MAPPED = 65_536  # bytes from which an array is mapped; a smaller one is read


def kept(name: str, digest: str, make: Callable[[], Arrays]) -> Arrays:
    """The arrays of this name and digest, read-only: mapped from files, or made and written.

    `digest` stands for everything that `make` depends on; `name` and the arrays' names are fit for
    files. Several processes may make the same at once: the first whose files are in place wins.
    """
    entry = f"{name}-{digest}"
    for folder in _folders():
        found = _mapped(folder / entry)
        if found is not None:
            return found
    made = make()
    for folder in _folders():
        with suppress(OSError):
            _write(folder, entry, made)
            _thin(folder, name)
            found = _mapped(folder / entry)
            if found is not None:
                return found
    return made


def has(name: str, digest: str) -> bool:
    """Whether arrays of this name and digest were kept somewhere."""
    return any((folder / f"{name}-{digest}").exists() for folder in _folders())


def _folders() -> Iterator[Path]:
    """Where to look and to write, best first: an image has its files where nobody may write."""
    yield BESIDE
    yield USERS
    yield _own()


@cache
def _own() -> Path:
    """A folder of this process and those that it forks, where no other can be written."""
    return Path(tempfile.mkdtemp(prefix="tutor-"))


def _mapped(folder: Path) -> Arrays | None:
    """The arrays of an entry; None where it isn't there, or isn't whole."""
    try:
        files = sorted(folder.glob("*.npy"))
        found = {file.stem: _array(file) for file in files}
    except (OSError, ValueError, EOFError):
        return None
    with suppress(OSError):  # where nobody may write, nothing is dropped either
        os.utime(folder)
    return found or None


def _array(file: Path) -> NDArray[Any]:
    large = file.stat().st_size >= MAPPED
    array = np.asarray(np.load(file, mmap_mode="r" if large else None, allow_pickle=False))
    array.flags.writeable = False
    return array


def _write(home: Path, entry: str, arrays: Arrays) -> None:
    """Put an entry's files in place at once. Raises OSError where that can't be done."""
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".new-", dir=home))
    try:
        folder.chmod(0o755)  # who runs the tutor may be another than who installed it
        for name, array in arrays.items():
            # Nothing waits for the disk: of what a power cut tore, the length is wrong.
            np.save(folder / f"{name}.npy", array)
        place = home / entry
        if place.exists() and _mapped(place) is None:
            shutil.rmtree(place)
        # It fails where another process was first: its files say the same.
        with suppress(OSError):
            folder.rename(place)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _thin(home: Path, name: str) -> None:
    entries = sorted(home.glob(f"{name}-*"), key=lambda e: e.stat().st_mtime, reverse=True)
    for entry in entries[MOST:]:
        shutil.rmtree(entry, ignore_errors=True)
