"""The tutor over HTTP, as in the channels' tests."""

from tests.channel.conftest import clock, start, workers

__all__ = ["clock", "start", "workers"]
