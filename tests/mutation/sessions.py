"""Two ways to run tests against a fault: in a session that is set up already, and in a new one.

Most faults stand in a function. A session that has loaded the lessons and run every test once is
copied (`fork`), the copy gets the faulty code in place of the function's, and runs the tests that
reach it. What such a copy can't see (a constant of a module, something that was worked out and
kept before the fault came) is tried in a new session, whose import finds the faulty file.
"""

import gc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Literal, TypeVar

import coverage
import hypothesis
import pytest

from tests.mutation.mutants import Mutant

Verdict = Literal["killed", "timeout", "survived"]
OPTIONS = ["-n0", "-q", "-p", "no:cacheprovider", "-m", "not slow"]
# Hypothesis is here before pytest could look at its asserts.
OPTIONS += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
KILLED, SURVIVED = 1, 0
Thing = TypeVar("Thing")
# A test has this many CPU seconds, and so many times what it needs without a fault.
LEAST_S, TIMES = 5, 4
# What a new session may spend on tests, CPU seconds: it runs the fastest ones.
NEW_SESSION_S = 30
MEMORY = 4 << 30
PATIENCE_S = 600  # for a copy that sleeps for ever


@dataclass
class Measured:
    """What is known of the tests without any fault."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)  # of files, by line
    failed: list[str] = field(default_factory=list)

    def tests(self, mutant: Mutant) -> list[str]:
        """The tests that reach the fault, fastest first."""
        lines = self.lines.get(mutant.file, {})
        first, last = mutant.lines
        near = range(first, last + 1) if mutant.function else lines
        found = {test for line in near for test in lines.get(line, ())} - set(self.failed)
        return sorted(found, key=lambda test: self.seconds[test])


class Quiet:
    """Hypothesis tries the same examples each time, and keeps none."""

    def pytest_configure(self, config: pytest.Config) -> None:
        del config
        hypothesis.settings.register_profile(
            "mutation",
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        hypothesis.settings.load_profile("mutation")


class Ready(Quiet):
    """A session that measures its tests, then tries faults in copies of itself."""

    def __init__(
        self,
        root: Path,
        files: Iterable[str],
        mutants: Sequence[Mutant],
        jobs: int,
        told: Callable[[Mutant, Verdict], None],
    ) -> None:
        self.root, self.files, self.mutants, self.jobs = root, tuple(files), mutants, jobs
        self.told = told
        self.measured = Measured()
        self.verdicts: dict[str, Verdict] = {}
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        # Between tests of two folders nothing stays but what all tests share.
        first, last = session.items[0], session.items[-1]
        assert first.path.parent != last.path.parent
        self._measure(session.items, first)
        gc.collect()
        functions = _functions({str(self.root / file) for file in self.files})
        gc.freeze()  # copies need not look through what they share
        tries = []
        for mutant in self.mutants:
            live = functions.get((str(self.root / mutant.file), mutant.first_line), [])
            if live and self.measured.tests(mutant):
                tries.append((mutant, live))
        # What goes on in a copy is nobody's to read.
        session.config.pluginmanager.unregister(name="terminalreporter")

        def attempt(pair: tuple[Mutant, list[FunctionType]]) -> int:
            mutant, live = pair
            if not _replaced(self.root, mutant, live):
                return SURVIVED
            return self._run([items[test] for test in self.measured.tests(mutant)], first, last)

        for (mutant, _), verdict in in_copies(tries, attempt, self.jobs):
            self.verdicts[mutant.name] = verdict
            self.told(mutant, verdict)
        return True

    def _measure(self, items: Sequence[pytest.Item], other: pytest.Item) -> None:
        measure = coverage.Coverage(
            data_file=None,
            include=[str(self.root / file) for file in self.files],
            config_file=False,
        )
        measure.start()
        for item, following in zip(items, [*items[1:], other], strict=True):
            measure.switch_context(item.nodeid)
            self.failed = False
            began = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self.measured.seconds[item.nodeid] = time.process_time() - began
            if self.failed:
                self.measured.failed.append(item.nodeid)
        measure.stop()
        data = measure.get_data()
        for file in self.files:
            lines = data.contexts_by_lineno(str(self.root / file))
            self.measured.lines[file] = {n: [t for t in tests if t] for n, tests in lines.items()}

    def _run(self, items: Sequence[pytest.Item], first: pytest.Item, last: pytest.Item) -> int:
        self.failed = False
        for item, following in zip(items, [*items[1:], None], strict=True):
            limit_cpu(LEAST_S + TIMES * self.measured.seconds[item.nodeid])
            item.config.hook.pytest_runtest_protocol(
                item=item, nextitem=following or (last if item is first else first)
            )
            if self.failed:
                return KILLED
        return SURVIVED


class New(Quiet):
    """A session that runs some tests, fastest first, until one fails."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.place = {test: place for place, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self.place),
            key=lambda item: self.place[item.nodeid],
        )


def in_new_session(root: Path, mutant: Mutant, measured: Measured) -> int:
    """Run the tests in this process, which has imported nothing of ours yet."""
    tests: list[str] = []
    spent = 0.0
    for test in measured.tests(mutant):
        spent += measured.seconds[test]
        if tests and spent > NEW_SESSION_S:
            break
        tests.append(test)
    sys.meta_path.insert(0, _Faulty(root, mutant))
    limit_cpu(30 + LEAST_S + TIMES * min(spent, NEW_SESSION_S))
    files = sorted({test.split("::", 1)[0] for test in tests})
    return int(pytest.main([*OPTIONS, "-x", *files], plugins=[New(tests)]))


class _Faulty(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module with a fault in it."""

    def __init__(self, root: Path, mutant: Mutant) -> None:
        self.path, self.mutant = root / mutant.file, mutant
        self.name = ".".join(Path(mutant.file).with_suffix("").parts).removesuffix(".__init__")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        faulty = self.mutant.applied(self.path.read_bytes())
        exec(compile(faulty, str(self.path), "exec"), module.__dict__)


def _functions(files: set[str]) -> Mapping[tuple[str, int], list[FunctionType]]:
    """All functions of some files that are alive, by file and first line."""
    found: dict[tuple[str, int], list[FunctionType]] = {}
    for thing in gc.get_objects():
        if type(thing) is FunctionType and thing.__code__.co_filename in files:
            code = thing.__code__
            found.setdefault((code.co_filename, code.co_firstlineno), []).append(thing)
    return found


def _replaced(root: Path, mutant: Mutant, live: Iterable[FunctionType]) -> bool:
    """Give the functions their faulty code; False where they can't have it."""
    path = root / mutant.file
    faulty = compile(mutant.applied(path.read_bytes()), str(path), "exec")
    name = mutant.function
    codes = [c for c in _codes(faulty) if c.co_firstlineno == mutant.first_line]
    code = next((c for c in codes if c.co_qualname == name), None)
    for function in live:
        if function.__qualname__ == name:
            if code is None or code.co_freevars != function.__code__.co_freevars:
                return False
            function.__code__ = code
    return True


def _codes(code: CodeType) -> Iterator[CodeType]:
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield part
            yield from _codes(part)


def limit_cpu(seconds: float) -> None:
    """End this process after so many CPU seconds more."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, hard))


def in_copies(
    things: Iterable[Thing], attempt: Callable[[Thing], int], jobs: int
) -> Iterator[tuple[Thing, Verdict]]:
    """Try each thing in a copy of this process, some at once."""
    running: dict[int, Thing] = {}
    waiting = iter(things)
    while True:
        for thing in waiting:
            running[_copy(thing, attempt)] = thing
            if len(running) == jobs:
                break
        if not running:
            return
        process, status = os.wait()
        yield running.pop(process), _verdict(status)


def _copy(thing: Thing, attempt: Callable[[Thing], int]) -> int:
    sys.stdout.flush()
    process = os.fork()
    if process:
        return process
    code = KILLED
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        signal.alarm(PATIENCE_S)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        code = attempt(thing)
    finally:
        os._exit(code)


def _verdict(status: int) -> Verdict:
    if os.WIFSIGNALED(status):
        return "timeout"
    return "survived" if os.WEXITSTATUS(status) == SURVIVED else "killed"
