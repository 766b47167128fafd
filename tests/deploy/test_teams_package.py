"""The Teams app package: accepted by Microsoft's schema, with true commands and proper icons."""

import json
import re
import struct
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from jsonschema import Draft4Validator

from bot.channels.teams_package import icons
from bot.channels.teams_package.__main__ import main
from dialogs import commands
from tests import npm
from tests.channel.conftest import Start
from tests.lessons import library

APP = "11111111-2222-3333-4444-555555555555"
URL = "https://tutor.example.org"
SCHEMAS = "@microsoft/app-manifest@1.1.2"
INTEGRITY = (
    "sha512-uXdmYzhIcchi3Tc9Sh3pTDMe55zy7ge19bnYCGB1gzuyha85Ii7wfdTruwEhqsea"
    "X9pwsWDRB5Ot/ltv0rCONw=="
)


@pytest.fixture
def package(tmp_path: Path) -> ZipFile:
    out = tmp_path / "app.zip"
    assert main(["--app-id", APP, "--url", URL, "--out", str(out)]) == 0
    return ZipFile(out)


def manifest(package: ZipFile) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(package.read("manifest.json"))
    return told


def test_microsofts_schema_accepts_the_manifest(package: ZipFile, tmp_path: Path) -> None:
    folder = tmp_path / "npm"
    folder.mkdir()
    told = manifest(package)
    place = f"build/json-schemas/teams/v{told['manifestVersion']}/MicrosoftTeams.schema.json"
    schema = json.loads((npm.unpacked(SCHEMAS, INTEGRITY, folder) / place).read_text("utf-8"))
    assert [e.message for e in Draft4Validator(schema).iter_errors(told)] == []
    told["bots"][0]["scopes"] = ["everywhere"]
    assert list(Draft4Validator(schema).iter_errors(told)), "the schema refuses something"


def test_every_command_that_is_offered_is_understood(package: ZipFile) -> None:
    words = library().strings.tutor
    (bot,) = manifest(package)["bots"]
    for offered in bot["commandLists"]:
        titles = [c["title"] for c in offered["commands"]]
        assert {"help", "progress", "next", "back"} <= set(titles)
        assert all(commands.read(title, words) for title in titles)


def test_the_icons_have_the_sizes_and_colours_that_teams_wants(package: ZipFile) -> None:
    assert sorted(package.namelist()) == ["color.png", "manifest.json", "outline.png"]
    assert size(package.read("color.png")) == (192, 192)
    assert size(package.read("outline.png")) == (32, 32)
    with_alpha = 6  # a PNG's kind of colour
    assert package.read("outline.png")[25] == with_alpha
    drawing = (icons.HERE / "outline.svg").read_text("utf-8")
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawing)) == {"#fff", "none"}


def size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize(
    ("arguments", "change"),
    [
        ([], "MicrosoftAppId"),
        (["--app-id", "my-bot", "--url", URL], "--app-id"),
        (["--app-id", APP], "PUBLIC_URL"),
        (["--app-id", APP, "--url", "http://tutor.example.org"], "https"),
        (["--app-id", APP, "--url", URL, "--app-version", "1"], "--app-version"),
        (["--app-id", APP, "--url", URL, "--developer", "x" * 33], "--developer"),
        (["--app-id", APP, "--url", URL, "--out", "/nowhere/app.zip"], "--out"),
    ],
)
def test_what_is_missing_is_told_in_one_sentence(
    arguments: list[str], change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert change in told
    assert told.count("\n") == 1


async def test_the_pages_that_the_manifest_names_are_there(start: Start, package: ZipFile) -> None:
    client = await start()
    developer = manifest(package)["developer"]
    for name in ("privacyUrl", "termsOfUseUrl"):
        path = developer[name].removeprefix(URL)
        async with client.get(path) as answer:
            assert answer.status == 200
            text = await answer.text()
        assert "<h1>" in text
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
