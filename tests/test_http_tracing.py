"""Where the time of a reply goes: stages in /metrics and in spans, each second counted once, and no word of a question."""

import time
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from small_labels import anew
from standin import Standin

from assistant.errors import BadSetting
from assistant.http.app import create_app
from assistant.http.counting import STAGES
from assistant.http.tracing import Tracing
from assistant.settings import Settings
from assistant.stages import measured, stage, timed

QUESTION = "headache rate of Zolvent in adults?"
OUTER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def traced(engine: Any) -> tuple[TestClient, InMemorySpanExporter]:
    """A client of a service whose spans stay in memory."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    app = create_app(engine, Settings(), tracing=Tracing(provider))
    return TestClient(app, raise_server_exceptions=False), exporter


def test_metrics_tell_every_stage_of_a_reply() -> None:
    client = TestClient(create_app(anew(), Settings()))
    assert client.post("/api/ask", json={"question": QUESTION}).status_code == 200
    lines = client.get("/metrics").text.splitlines()
    counts = [f'label_assistant_stage_seconds_count{{stage="{one}"}} 1.0' in lines for one in STAGES]
    assert dict(zip(STAGES, counts, strict=True)) == dict.fromkeys(STAGES, True) | {
        "second_stage": False
    }  # built without one


def test_a_second_is_counted_for_the_innermost_stage_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 3.0, 6.0, 10.0, 15.0])
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    inner = timed("inner")(lambda: "done")
    with measured() as spent, stage("outer"):
        assert (inner(), inner()) == ("done", "done")
    assert spent.seconds == {"outer": 1.0 + 3.0 + 5.0, "inner": 2.0 + 4.0}


def test_where_nobody_measures_nothing_is_kept() -> None:
    with measured() as spent:
        pass
    with stage("outer"):
        pass
    assert spent.seconds == {}


def test_a_request_is_a_span_with_its_stages_under_it() -> None:
    client, exporter = traced(anew())
    assert client.post("/api/ask", json={"question": QUESTION}, headers={"traceparent": OUTER}).status_code == 200
    *stages, request = exporter.get_finished_spans()
    assert request.name == "POST /api/ask"
    assert dict(request.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/api/ask",
        "http.response.status_code": 200,
    }
    assert request.parent is not None
    assert format(request.parent.span_id, "016x") == "00f067aa0ba902b7"
    assert {span.name for span in stages} == set(STAGES) - {"waiting", "second_stage"}  # built without one
    assert {span.context.trace_id for span in stages if span.context} == {request.parent.trace_id}
    top = [
        span.name
        for span in stages
        if span.parent and request.context and span.parent.span_id == request.context.span_id
    ]
    assert sorted(top) == ["storing", "storing", "understanding"]


def test_no_span_holds_a_word_of_a_question_even_where_it_fails() -> None:
    class Broken(Standin):
        def ask(self, question: str, **_: Any) -> Any:
            with stage("understanding"):
                raise RuntimeError(f"can't answer {question}")

    client, exporter = traced(Broken())
    assert client.post("/api/ask", json={"question": "secretive?"}).status_code == 500
    assert client.get("/c/secretive").status_code == 404
    spans = [span.to_json() for span in exporter.get_finished_spans()]
    assert len(spans) == 3
    assert [text for text in spans if "secretive" in text] == []


def test_traces_need_their_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(BadSetting, match="label-assistant\\[traces\\]"):
        Tracing.open("http://127.0.0.1:4318/v1/traces")


def test_spans_go_to_the_collector_that_is_named() -> None:
    received: list[tuple[str, bytes]] = []
    with _collector(received) as address, TestClient(create_app(Standin(), Settings(traces=address))) as client:
        client.post("/api/ask", json={"question": "x"})
    ((path, body),) = received
    assert path == "/v1/traces"
    assert b"POST /api/ask" in body
    assert b"label-assistant" in body


def _collector(received: list[tuple[str, bytes]]) -> Any:
    """A collector's address, while it listens."""
    import gzip
    from contextlib import contextmanager
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    @contextmanager
    def listening() -> Any:
        with HTTPServer(("127.0.0.1", 0), Collector) as server:
            thread = Thread(target=server.serve_forever)
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}/v1/traces"
            server.shutdown()
            thread.join()

    return listening()
