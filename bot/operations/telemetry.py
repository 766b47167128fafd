"""Traces and metrics by OpenTelemetry; loaded only when an exporter is configured.

A trace's id is the turn's id in the log. Spans: request, turn (from taking the event to its
commit), compute, send. The SDK reads its own OTEL_* variables (headers, sampler, service name)
from the environment. Neither texts nor exceptions' messages are handed over.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import Thread
from time import monotonic
from types import SimpleNamespace

from aiohttp import (
    ClientSession,
    TraceConfig,
    TraceRequestEndParams,
    TraceRequestExceptionParams,
    TraceRequestStartParams,
    web,
)
from aiohttp.typedefs import Middleware

from bot.errors import SettingsError
from bot.http.wire import Handler, route
from bot.logs import turn_id
from bot.operations.turn_log import Entry
from bot.settings import Settings

try:
    from opentelemetry.metrics import CallbackOptions, Observation
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import MetricExporter, PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
    from opentelemetry.trace import Span, SpanKind, Status, StatusCode, get_current_span
except ImportError:
    _HOW = "An exporter of telemetry is set: install fine-tuning-tutor[telemetry], or unset it."
    raise SettingsError(_HOW) from None

NAME = "tutor"
DURATIONS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
LAST_S = 5.0  # that a stop waits for the receiver
REPLIES = "/v3/conversations/"  # in the path of what goes to a channel


class Telemetry:
    """Measures the tutor, and hands over in the background."""

    def __init__(self, settings: Settings) -> None:
        named = {} if "OTEL_SERVICE_NAME" in os.environ else {SERVICE_NAME: NAME}
        resource = Resource.create(named)
        self._traces = TracerProvider(
            resource=resource, id_generator=_TurnIds(), shutdown_on_exit=False
        )
        spans, metrics = _exporters(settings, self._traces)
        for exporter in spans:
            self._traces.add_span_processor(BatchSpanProcessor(exporter))
        readers = [PeriodicExportingMetricReader(exporter) for exporter in metrics]
        self._metrics = MeterProvider(readers, resource=resource, shutdown_on_exit=False)
        self._tracer = self._traces.get_tracer(NAME)
        self._meter = self._metrics.get_meter(NAME)
        self._turns = self._meter.create_counter("tutor.turns", "{turn}")
        self._durations = self._meter.create_histogram(
            "tutor.turn.duration", "s", explicit_bucket_boundaries_advisory=DURATIONS_S
        )
        self._sends = self._meter.create_counter("tutor.sends", "{request}")
        self._retries = self._meter.create_counter("tutor.send.retries", "{request}")
        self.middlewares: Sequence[Middleware] = (self._received(),)
        self.calls: Sequence[TraceConfig] = (self._sent(),)

    def span(self, name: str) -> AbstractContextManager[Span]:
        """A span around what happens inside; an exception shows by its kind alone."""
        return self._span(name, SpanKind.INTERNAL)

    @contextmanager
    def _span(self, name: str, kind: SpanKind) -> Iterator[Span]:
        with self._tracer.start_as_current_span(
            name, kind=kind, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except web.HTTPException:  # an answer
                raise
            except BaseException as error:
                _fail(span, type(error).__name__)
                raise

    def turned(self, entry: Entry) -> None:
        """Count a turn, and say on its span what it was."""
        span = get_current_span()
        for name, value in entry.about.items():
            if isinstance(value, str):
                span.set_attribute(f"tutor.{name}", value)
        if entry.outcome == "fault":
            _fail(span, "fault")
        about = {"channel": entry.channel, "event": entry.event, "outcome": entry.outcome}
        self._turns.add(1, about)
        self._durations.record(entry.seconds, about)

    def gauge(self, name: str, read: Callable[[], int]) -> None:
        """Read a number whenever metrics are handed over."""

        def observe(_: CallbackOptions) -> Iterable[Observation]:
            return [Observation(read())]

        self._meter.create_observable_gauge(f"tutor.{name}", [observe])

    def close(self) -> None:
        """Hand over the rest, unless the receiver is too slow for that."""
        last = [
            Thread(target=provider.shutdown, daemon=True)
            for provider in (self._traces, self._metrics)
        ]
        for thread in last:
            thread.start()
        until = monotonic() + LAST_S
        for thread in last:
            thread.join(max(0, until - monotonic()))

    def _received(self) -> Middleware:
        """A span for each request that can start a turn; not for files, checks and streams."""

        @web.middleware
        async def watched(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.method != "POST":
                return await handler(request)
            with self._span("request", SpanKind.SERVER) as span:
                span.set_attribute("http.request.method", request.method)
                span.set_attribute("http.route", route(request))
                try:
                    response = await handler(request)
                except web.HTTPException as refusal:
                    span.set_attribute("http.response.status_code", refusal.status)
                    raise
                span.set_attribute("http.response.status_code", response.status)
                return response

        return watched

    def _sent(self) -> TraceConfig:
        """A span and a count for each call of our client."""

        async def start(
            _: ClientSession, call: SimpleNamespace, request: TraceRequestStartParams
        ) -> None:
            call.is_reply = REPLIES in request.url.path
            call.span = self._tracer.start_span(
                "send" if call.is_reply else "fetch", kind=SpanKind.CLIENT
            )
            call.span.set_attribute("http.request.method", request.method)
            call.span.set_attribute("server.address", request.url.host or "")

        async def end(
            _: ClientSession, call: SimpleNamespace, answer: TraceRequestEndParams
        ) -> None:
            status = answer.response.status
            call.span.set_attribute("http.response.status_code", status)
            done(call, str(status), again=status == 429 or status > 499)  # noqa: PLR2004

        async def fail(
            _: ClientSession, call: SimpleNamespace, answer: TraceRequestExceptionParams
        ) -> None:
            done(call, type(answer.exception).__name__, again=True)

        def done(call: SimpleNamespace, outcome: str, *, again: bool) -> None:
            if again:
                _fail(call.span, outcome)
            call.span.end()
            if call.is_reply:
                self._sends.add(1, {"outcome": outcome})
                if again:
                    self._retries.add(1)

        config = TraceConfig()
        config.on_request_start.append(start)
        config.on_request_end.append(end)
        config.on_request_exception.append(fail)
        return config


class _TurnIds(RandomIdGenerator):
    """Gives a turn's trace the turn's id."""

    def generate_trace_id(self) -> int:
        turn = turn_id.get()
        return int(turn, 16) if turn else super().generate_trace_id()


def _fail(span: Span, kind: str) -> None:
    span.set_attribute("error.type", kind)
    span.set_status(Status(StatusCode.ERROR))


def _exporters(
    settings: Settings, traces: TracerProvider
) -> tuple[list[SpanExporter], list[MetricExporter]]:
    """Those that are configured; each is imported only then."""
    spans: list[SpanExporter] = []
    metrics: list[MetricExporter] = []
    if settings.otlp_endpoint:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import (  # noqa: PLC0415
            OTLPMetricExporter,
        )
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )

        base = settings.otlp_endpoint.rstrip("/")
        spans.append(OTLPSpanExporter(f"{base}/v1/traces"))
        metrics.append(OTLPMetricExporter(f"{base}/v1/metrics"))
    if settings.app_insights:
        # The exporter would also report on itself.
        os.environ.setdefault("APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL", "true")
        os.environ.setdefault("APPLICATIONINSIGHTS_SDKSTATS_DISABLED", "true")
        from azure.monitor.opentelemetry.exporter import (  # noqa: PLC0415
            AzureMonitorMetricExporter,
            AzureMonitorTraceExporter,
        )

        where = {"connection_string": settings.app_insights, "disable_offline_storage": True}
        spans.append(AzureMonitorTraceExporter(**where, tracer_provider=traces))
        metrics.append(AzureMonitorMetricExporter(**where))
    return spans, metrics
