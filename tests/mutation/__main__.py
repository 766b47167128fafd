"""Put small faults into the code, one at a time, and see whether a test notices.

`python -m tests.mutation` draws three lots of faults by the commit's hash and adds the nine of
`planted.py`; docs/testing.md says how survivors are treated.
"""

import argparse
import difflib
import os
import pickle
import random
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np  # noqa: F401 (copies of this process have it already, and what else is heavy)
import pydantic  # noqa: F401
import pytest

from tests.mutation.mutants import Mutant, mutants
from tests.mutation.planted import planted
from tests.mutation.sessions import OPTIONS, Measured, Ready, Verdict, in_copies, in_new_session

ROOT = Path(__file__).parents[2]
FILES = ("dialogs/advance.py", "dialogs/work/requirements.py", "dialogs/steps")
TESTS = ("tests/content", "tests/conversation", "tests/unit")
LOTS = 3
LOT = 300
LEAST = 0.9
DOCUMENT = ROOT / "docs" / "testing.md"


def main() -> int:
    """Draw, try, and report; 0 when enough were noticed."""
    told = _arguments()
    files = _files(told.files or FILES)
    everything = [mutant for file in files for mutant in mutants(ROOT, file)]
    equivalent = _equivalent(everything)
    nine = [m for m in planted(ROOT) if m.file in files]
    commit = told.commit or _commit()
    lots = [
        random.Random(f"{commit} {n}").sample(everything, min(told.count, len(everything)))
        for n in range(1, LOTS + 1)
    ]
    drawn = list({m.name: m for lot in [nine, *lots] for m in lot}.values())
    tried = [m for m in drawn if m.name not in equivalent]
    print(f"{len(everything)} faults in {len(files)} files; commit {commit}, {len(tried)} to try")
    verdicts = _try(tried, files, told.jobs, told.tests or TESTS)
    return _report(nine, lots, verdicts, equivalent)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("files", nargs="*", help="Python files or folders (see docs/testing.md)")
    parser.add_argument("--count", type=int, default=LOT, help="faults in each of the three lots")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="tried at once")
    parser.add_argument("--commit", help="draw as for this commit")
    parser.add_argument("--tests", nargs="*", help="fast tests, of two folders or more")
    return parser.parse_args()


def _files(named: Sequence[str]) -> list[str]:
    found: list[str] = []
    for name in named:
        path = ROOT / name
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        found += [str(file.relative_to(ROOT)) for file in files]
    return found


def _commit() -> str:
    command = ["git", "rev-parse", "HEAD"]
    return subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def _equivalent(everything: Sequence[Mutant]) -> set[str]:
    """Those that change nothing anybody could see, by the table of the document."""
    text = DOCUMENT.read_text("utf-8").replace("\\|", "|") if DOCUMENT.exists() else ""
    return {m.name for m in everything if f"`{m.name}`" in text}


def _try(
    tried: Sequence[Mutant], files: Sequence[str], jobs: int, tests: Sequence[str]
) -> Mapping[str, Verdict]:
    os.chdir(ROOT)
    with tempfile.NamedTemporaryFile() as kept:
        # In a process of its own: this one must not import what the faults are in.
        process = os.fork()
        if not process:
            try:
                ready = Ready(ROOT, files, tried, jobs, _tell)
                ended = pytest.main([*OPTIONS, *tests], plugins=[ready])
                Path(kept.name).write_bytes(pickle.dumps((ready.measured, ready.verdicts)))
                os._exit(int(ended == pytest.ExitCode.INTERNAL_ERROR))
            finally:
                traceback.print_exc()
                os._exit(1)
        _, status = os.waitpid(process, 0)
        if status:
            sys.exit("the tests could not be run")
        measured, verdicts = pickle.loads(Path(kept.name).read_bytes())
    assert isinstance(measured, Measured)
    for test in measured.failed:
        print(f"\nfails without any fault, and is left out: {test}")
    again = [m for m in tried if verdicts.get(m.name, "survived") == "survived"]
    print(f"\nin new sessions: {len(again)}")
    reached = [m for m in again if measured.tests(m)]
    verdicts.update({m.name: "survived" for m in again})
    for mutant, verdict in in_copies(reached, lambda m: in_new_session(ROOT, m, measured), jobs):
        verdicts[mutant.name] = verdict
        _tell(mutant, verdict)
    print()
    return dict(verdicts)


def _tell(mutant: Mutant, verdict: Verdict) -> None:
    del mutant
    os.write(2, {"killed": b".", "timeout": b"t", "survived": b"S"}[verdict])


def _report(
    nine: Sequence[Mutant],
    lots: Sequence[Sequence[Mutant]],
    verdicts: Mapping[str, Verdict],
    equivalent: set[str],
) -> int:
    by_name = {m.name: m for lot in [nine, *lots] for m in lot}
    survivors = [by_name[name] for name, verdict in verdicts.items() if verdict == "survived"]
    for mutant in sorted(survivors, key=lambda m: m.name):
        print(f"\nSURVIVED `{mutant.name}`\n{_difference(mutant)}", end="")
    rows = Counter((by_name[name].file, verdict) for name, verdict in verdicts.items())
    print(f"\n{'file':40} killed timeout survived")
    for file in sorted({file for file, _ in rows}):
        counts = [rows[file, v] for v in ("killed", "timeout", "survived")]
        print(f"{file:40} {counts[0]:6} {counts[1]:7} {counts[2]:8}")
    alive = {m.name for m in survivors}
    well = not any(m.name in alive for m in nine)
    print(f"\nplanted: {sum(m.name not in alive for m in nine)} of {len(nine)} killed")
    for number, lot in enumerate(lots, 1):
        counted = [m for m in lot if m.name not in equivalent]
        share = sum(m.name not in alive for m in counted) / max(1, len(counted))
        said = f"{share:.1%} of {len(counted)} killed, {len(lot) - len(counted)} equivalent"
        print(f"lot {number}: {said}")
        well = well and share >= LEAST
    return 0 if well else 1


def _difference(mutant: Mutant) -> str:
    source = (ROOT / mutant.file).read_bytes()
    old, new = (
        text.decode().splitlines(keepends=True) for text in (source, mutant.applied(source))
    )
    return "".join(difflib.unified_diff(old, new, mutant.file, mutant.file, n=1))


if __name__ == "__main__":
    sys.exit(main())
