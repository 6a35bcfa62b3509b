"""Spans for OpenTelemetry: one a request, and one a stage of its reply, sent to a collector where one is named.

In: the setting `traces`, the address of a collector (OTLP over HTTP). Out: `Tracing`, which does nothing without an
address. A span says route, status and stage, never a word of a question, a path or an address of a reader. A caller's
`traceparent` (https://www.w3.org/TR/trace-context/) is gone on with. Left out: figures, which are Prometheus' (`counting`).
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import Scope

from assistant.errors import BadSetting

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_UNTOLD: dict[str, Any] = {  # an error's message may repeat what a reader typed
    "record_exception": False,
    "set_status_on_exception": False,
}


class Request:
    """What is known of a request at its end."""

    route = "other"
    status = 0


class Tracing:
    """Where spans go; without a provider nowhere."""

    def __init__(self, provider: "TracerProvider | None" = None) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("assistant") if provider else None

    @classmethod
    def open(cls, address: str) -> "Tracing":
        """To the collector at this address, as http://127.0.0.1:4318/v1/traces; raises BadSetting without the extra."""
        if not address:
            return cls()
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as error:
            remedy = "Install it: pip install 'label-assistant[traces]'"
            raise BadSetting("needs OpenTelemetry", place="traces", remedy=remedy) from error
        provider = TracerProvider(resource=Resource.create({"service.name": "label-assistant"}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address, timeout=5)))
        return cls(provider)

    @contextmanager
    def request(self, scope: Scope) -> Iterator[Request]:
        """A span around a request; its route and status are told at its end."""
        told = Request()
        if self._tracer is None:
            yield told
            return
        from opentelemetry.trace import SpanKind, StatusCode
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        began = TraceContextTextMapPropagator().extract(dict(Headers(scope=scope)))
        method = scope["method"]
        with self._tracer.start_as_current_span(method, began, SpanKind.SERVER, **_UNTOLD) as span:
            yield told
            span.update_name(f"{method} {told.route}")
            span.set_attribute("http.request.method", method)
            span.set_attribute("http.route", told.route)
            span.set_attribute("http.response.status_code", told.status)
            if told.status >= 500:
                span.set_status(StatusCode.ERROR)

    def stage(self, name: str) -> AbstractContextManager[object]:
        """A span around a stage, under the request's."""
        if self._tracer is None:
            return nullcontext()
        return self._tracer.start_as_current_span(name, **_UNTOLD)

    @asynccontextmanager
    async def lasting(self, app: object) -> AsyncIterator[None]:
        """As long as the service lasts; at its end, what is left is sent."""
        del app
        yield
        if self._provider:
            await run_in_threadpool(self._provider.shutdown)
