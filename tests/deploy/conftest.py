"""The tutor over HTTP, as in the channels' tests."""

from pathlib import Path

from tests.channel.conftest import clock, connector, start, workers

__all__ = ["clock", "connector", "start", "workers"]

ROOT = Path(__file__).parents[2]
