"""infra/ is Bicep, its settings are ours, and its properties are those that Azure knows.

The schemas come from Microsoft's Azure MCP server (`npm install -g @azure/mcp`), which holds
them offline; without it that one test is skipped.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tree_sitter_bicep
from sqlalchemy import make_url
from tree_sitter import Language, Node, Parser

from bot.settings import Settings

INFRA = Path(__file__).parents[2] / "infra"
FILES = sorted(INFRA.glob("*.bicep"))
PARSER = Parser(Language(tree_sitter_bicep.language()))
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"  # where Debian's images have them
AZMCP = shutil.which("azmcp")


def tree(file: Path) -> Node:
    return PARSER.parse(file.read_bytes()).root_node


def all_nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from all_nodes(child)


def text(node: Node) -> str:
    assert node.text is not None
    return node.text.decode()


def members(node: Node) -> dict[str, Node]:
    """An object's properties."""
    pairs = [child for child in node.children if child.type == "object_property"]
    return {text(pair.named_children[0]): pair.named_children[-1] for pair in pairs}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_it_parses(file: Path) -> None:
    wrong = [n for n in all_nodes(tree(file)) if n.type == "ERROR" or n.is_missing]
    assert [(n.start_point.row + 1, text(n)) for n in wrong] == []


def test_the_parameters_file_gives_what_the_template_takes() -> None:
    takes = re.findall(
        r"^param (\w+) \w+( =)?", (INFRA / "main.bicep").read_text("utf-8"), re.MULTILINE
    )
    gives = set(
        re.findall(r"^param (\w+) =", (INFRA / "main.bicepparam").read_text("utf-8"), re.MULTILINE)
    )
    assert gives <= {name for name, _ in takes}
    assert {name for name, default in takes if not default} <= gives


def test_the_template_sets_only_settings_that_there_are() -> None:
    names = {str(field.validation_alias) for field in Settings.model_fields.values()}
    told = (INFRA / "main.bicep").read_text("utf-8")
    given = set(re.findall(r"name: '([A-Z]\w+)',?\s*(?:value|secretRef):", told))
    assert {"MicrosoftAppId", "DATABASE_URL", "PUBLIC_URL"} <= given
    assert given <= names


def test_the_tutor_checks_its_databases_certificate_and_cant_speak_as_the_administrator() -> None:
    told = (INFRA / "main.bicep").read_text("utf-8")
    address = re.search(r"^var database = '(.*)'$", told, re.MULTILINE)
    assert address is not None
    sample = re.sub(r"\$\{.*?\}", "server.example", address[1])
    options = make_url(f"postgresql://role@{sample}").query
    assert options == {"sslmode": "verify-full", "sslrootcert": CERTIFICATES}
    assert set(re.findall(r"identity: (\w+)\.id, lifecycle: '(\w+)'", told)) == {
        ("identity", "Main"),
        ("keeper", "Init"),
    }


# --- schemas --------------------------------------------------------------------------


@cache
def schema(kind: str) -> dict[str, Any]:
    """The types of a resource by their names, the resource's own under ""; empty if unknown."""
    assert AZMCP is not None
    quiet = {**os.environ, "AZURE_MCP_COLLECT_TELEMETRY": "false"}
    command = [AZMCP, "bicepschema", "get", "--resource-type", kind]
    done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stdout)["results"]["BicepSchemaResult"]
    except (ValueError, KeyError):
        return {}
    types = {part["name"]: part for part in found}
    types[""] = next(part["bodyType"] for part in found if part["$type"] == "Resource")
    return types


def known(types: dict[str, Any], name: str, node: Node) -> dict[str, Any] | None:
    """The properties of a type; None when anything may stand there."""
    kind = types.get(name)
    if kind is None or "additionalPropertiesType" in kind:
        return None
    properties = list(kind.get("properties", kind.get("baseProperties", [])))
    if "discriminator" in kind:
        chosen = text(members(node)[kind["discriminator"]]).strip("'")
        part = next(part for part in kind["elements"] if part["name"] == chosen)
        properties += part["properties"]
    return {one["name"]: one for one in properties}


def faults(types: dict[str, Any], name: str, node: Node, path: str) -> Iterator[str]:
    if node.type == "array":
        for child in node.named_children:
            yield from faults(types, name.removesuffix("[]"), child, path + "[]")
        return
    if node.type != "object":
        return
    properties = known(types, name, node)
    if properties is None:
        return
    given = members(node)
    for key, one in properties.items():
        if "Required" in (one.get("flags") or "") and key not in given:
            yield f"{path}.{key} is missing"
    for key, value in given.items():
        if key in ("parent", "scope", "dependsOn") and path.count(".") == 0:
            continue
        if key not in properties:
            yield f"{path}.{key} is not known"
        elif "ReadOnly" in (properties[key].get("flags") or ""):
            yield f"{path}.{key} can only be read"
        else:
            yield from faults(types, properties[key]["type"], value, f"{path}.{key}")


@pytest.mark.skipif(AZMCP is None, reason="azmcp is not installed")
def test_azure_knows_each_property() -> None:
    checked, unknown = 0, set()
    wrong: list[str] = []
    for file in FILES:
        for node in all_nodes(tree(file)):
            if node.type != "resource_declaration":
                continue
            kind, version = text(node.named_children[1]).strip("'").split("@")
            types = schema(kind)
            if not types:
                unknown.add(kind.split("/")[0])
                continue
            versions = [p["type"] for p in types[""]["properties"] if p["name"] == "apiVersion"]
            assert versions == [version], kind
            if not any(text(child) == "existing" for child in node.children):
                body = next(child for child in node.children if child.type == "object")
                wrong += faults(types, "", body, kind.replace(".", " "))
            checked += 1
    assert wrong == []
    assert checked > 8
    assert unknown <= {"Microsoft.DBforPostgreSQL"}  # the server holds none of these
