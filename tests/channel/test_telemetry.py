"""Traces and metrics, as a receiver of OpenTelemetry gets them."""

import asyncio
import gzip
import json
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from bot.errors import SettingsError
from tests.channel.conftest import Connector, Start, Talk, card_of
from tests.channel.test_logs import SECRET, lines, turns

__all__ = ["lines"]
ROOT = Path(__file__).parents[2]


@dataclass
class Receiver:
    """An OTLP/HTTP collector, and Application Insights: keeps what it was sent."""

    url: str = ""
    spans: list[Span] = field(default_factory=list)
    metrics: dict[str, Metric] = field(default_factory=dict)
    tracked: list[dict[str, object]] = field(default_factory=list)
    raw: bytes = b""

    async def traces(self, request: web.Request) -> web.Response:
        """Take spans."""
        told = ExportTraceServiceRequest.FromString(await self._body(request))
        for resource in told.resource_spans:
            for scope in resource.scope_spans:
                self.spans += scope.spans
        return web.Response(content_type="application/x-protobuf")

    async def measures(self, request: web.Request) -> web.Response:
        """Take metrics."""
        told = ExportMetricsServiceRequest.FromString(await self._body(request))
        for resource in told.resource_metrics:
            for scope in resource.scope_metrics:
                self.metrics.update({metric.name: metric for metric in scope.metrics})
        return web.Response(content_type="application/x-protobuf")

    async def track(self, request: web.Request) -> web.Response:
        """Take what Application Insights takes."""
        got = json.loads(await self._body(request))
        self.tracked += got
        count = len(got)
        return web.json_response({"itemsReceived": count, "itemsAccepted": count, "errors": []})

    async def _body(self, request: web.Request) -> bytes:
        body = await request.read()
        plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        self.raw += plain
        return plain

    def named(self, name: str) -> list[Span]:
        return [span for span in self.spans if span.name == name]

    def total(self, name: str) -> int:
        return sum(point.as_int for point in self.metrics[name].sum.data_points)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = web.Application(client_max_size=2**26)
    app.router.add_post("/v1/traces", made.traces)
    app.router.add_post("/v1/metrics", made.measures)
    app.router.add_post("/v2.1/track", made.track)
    server = TestServer(app)
    await server.start_server()
    made.url = str(server.make_url("/")).rstrip("/")
    yield made
    await server.close()


def about(span: Span) -> dict[str, str]:
    return {
        pair.key: pair.value.string_value or str(pair.value.int_value) for pair in span.attributes
    }


async def test_a_turn_is_a_trace_from_its_request_to_what_is_sent(
    start: Start, connector: Connector, receiver: Receiver, lines: list[str]
) -> None:
    client = await start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    talk = Talk(client, connector)
    connector.statuses = [503]
    status, _ = await talk.send(talk.activity(text=SECRET))
    assert status == 202
    await connector.until(1)
    await asyncio.sleep(0.1)
    await client.close()
    (request,) = receiver.named("request")
    (turn,) = receiver.named("turn")
    sends = receiver.named("send")
    assert turn.parent_span_id == request.span_id
    assert about(request)["http.route"] == "/api/messages"
    assert about(request)["http.response.status_code"] == "202"
    assert about(turn)["tutor.channel"] == "emulator"
    assert about(turn)["tutor.outcome"] == "answered"
    assert {send.parent_span_id for send in sends} == {turn.span_id}
    assert [about(send)["http.response.status_code"] for send in sends][:2] == ["503", "200"]
    assert sends[0].status.code == 2
    assert {span.trace_id.hex() for span in receiver.spans} == {turns(lines)[0]["turn"]}
    assert SECRET.encode() not in receiver.raw
    assert b"user1" not in receiver.raw


async def test_what_operators_watch_is_measured(
    start: Start, connector: Connector, receiver: Receiver
) -> None:
    client = await start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    talk = Talk(client, connector)
    await talk.press(card_of(await talk.say("hi")), "Begin Exercise")
    connector.statuses = [503]
    await talk.send(talk.activity(text="next"))
    await connector.until(1)
    await asyncio.sleep(0.1)
    await client.close()
    assert receiver.total("tutor.turns") == 3
    points = receiver.metrics["tutor.turns"].sum.data_points
    kinds = {pair.value.string_value for point in points for pair in point.attributes}
    assert {"emulator", "typed", "pressed", "answered"} <= kinds
    durations = receiver.metrics["tutor.turn.duration"].histogram.data_points
    assert sum(point.count for point in durations) == 3
    assert receiver.total("tutor.send.retries") == 1
    assert receiver.total("tutor.sends") >= 2
    for name in ("tutor.store.queue", "tutor.sockets"):
        assert receiver.metrics[name].gauge.data_points[0].as_int == 0


async def test_application_insights_gets_the_same(
    start: Start, connector: Connector, receiver: Receiver
) -> None:
    key = "00000000-0000-0000-0000-000000000000"
    told = f"InstrumentationKey={key};IngestionEndpoint={receiver.url}"
    client = await start(APPLICATIONINSIGHTS_CONNECTION_STRING=told)
    await Talk(client, connector).say(SECRET)
    await client.close()
    kinds = {str(item["name"]) for item in receiver.tracked}
    parts = ("Metric", "RemoteDependency", "Request")
    assert kinds == {f"Microsoft.ApplicationInsights.{part}" for part in parts}
    assert SECRET.encode() not in receiver.raw


async def test_a_receiver_that_is_away_costs_no_turn(start: Start, connector: Connector) -> None:
    client = await start(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1")
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    assert await Talk(client, connector).say("hi")


def test_without_an_exporter_nothing_of_it_is_loaded() -> None:
    told = "import sys, app; print([m for m in sys.modules if 'opentelemetry' in m])"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OTEL")}
    done = subprocess.run(
        [sys.executable, "-c", told],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


async def test_missing_packages_are_told_in_one_sentence(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "bot.operations.telemetry", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.metrics", None)
    with pytest.raises(SettingsError, match=r"\[telemetry\]"):
        await start(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1")
