"""`python -m bot.channels.teams_package`: writes the app package, ready to upload to Teams."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from bot import settings
from bot.channels.teams_package import icons
from bot.channels.teams_package.manifest import App, Manifest, manifest
from bot.errors import SettingsError
from content.faults import ContentError
from content.loader import load
from content.strings import Strings


def write(made: Manifest, out: Path) -> None:
    """Write the zip: the manifest and the icons, at its root."""
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        package.writestr("manifest.json", json.dumps(made, indent=2, ensure_ascii=False))
        for name, picture in icons.drawn().items():
            package.writestr(name, picture)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the package; a fault that an operator can mend is told in one sentence."""
    given = _parser().parse_args(arguments)
    out: Path = given.out
    try:
        strings = load().strings
        app = _app(given, strings)
        app.check()
        write(manifest(app, strings), out)
    except (SettingsError, ContentError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"Change --out: {out} can't be written ({error.strerror}).\n")
        return 2
    sys.stdout.write(f"{out} is ready: upload it in Teams under Apps, Manage your apps.\n")
    return 0


def _app(given: argparse.Namespace, strings: Strings) -> App:
    """Join what was given here with the settings; what was given here wins."""
    known = settings.parse()
    url = (given.url or known.public_url).rstrip("/")
    return App(
        bot_id=given.app_id or known.app_id,
        url=url,
        version=given.app_version,
        developer=given.developer or strings.teams.developer,
        privacy=given.privacy or f"{url}/privacy",
        terms=given.terms or f"{url}/terms",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot.channels.teams_package",
        description="Write the app package that brings the tutor into Teams.",
    )
    parser.add_argument("--out", type=Path, default=Path("appPackage.zip"), help="the zip to write")
    parser.add_argument("--app-id", help="instead of MicrosoftAppId")
    parser.add_argument("--url", help="the tutor's https address, instead of PUBLIC_URL")
    parser.add_argument("--app-version", default="1.0.0", help="raise it with every update")
    parser.add_argument("--developer", help="who offers the tutor, as Teams shows it")
    parser.add_argument("--privacy", help="your own privacy page, instead of the tutor's /privacy")
    parser.add_argument("--terms", help="your own terms of use, instead of the tutor's /terms")
    return parser


if __name__ == "__main__":
    sys.exit(main())
