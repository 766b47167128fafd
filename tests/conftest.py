"""What tests of every kind share: which are slow, and which may run beside each other."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from bot.channels.authentication import PUBLIC, Cloud
from content.loader import Library
from dialogs.tutor import Tutor
from tests import lessons, postgresql

HERE = Path(__file__).parent
# All others start servers, browsers or processes, or wait for something.
FAST = ("content", "conversation", "unit")
# Of each of these one browser at a time: a third on two cores would wait longer than its tests do.
ONE_BROWSER = ("browser", "playground")


def folder(path: str) -> str:
    """The folder below `tests/` in which a test stands."""
    return Path(path).parts[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow."""
    for item in items:
        if item.path.relative_to(HERE).parts[0] not in FAST:
            item.add_marker(pytest.mark.slow)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A worker for each core; none for single files, which are done before a worker starts."""
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    if named and all(".py" in path for path in config.args):
        return 0
    return os.cpu_count() or 1


class ByFile(LoadScopeScheduling):
    """A file's tests share a worker, and so do all of a folder whose tests need a browser."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return folder(file) if folder(file) in ONE_BROWSER else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Hand files to workers, those with the most tests first."""
    return ByFile(config, log)


@pytest.fixture
def cloud() -> Cloud:
    """Where Microsoft's keys and tokens come from: its own places, which no test reaches."""
    return PUBLIC


@pytest.fixture(scope="session")
def library() -> Library:
    """All shipped lessons, loaded once."""
    return lessons.library()


@pytest.fixture(scope="session")
def tutor() -> Tutor:
    """The tutor with all shipped lessons, loaded once."""
    return lessons.tutor()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Postgresql]:
    """A PostgreSQL server of our own, started once."""
    with postgresql.serving() as server:
        yield server


@pytest.fixture
def database(postgresql_server: postgresql.Postgresql) -> str:
    """The address of a PostgreSQL database that no other test uses."""
    return postgresql_server.new_database()
