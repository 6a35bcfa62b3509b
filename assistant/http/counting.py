"""What Prometheus reads at /metrics: requests, replies by kind and reason, seconds by stage, repeats, which index serves.

In: `Counts.request`, `Counts.reply`, `Counts.stage`. Out: `Counts.exposition`. A route is counted by its pattern, never
by its path, and nothing of a question is counted. Left out: counts across processes.
"""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from assistant import stages

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds, inclusive upper bounds
STAGES = ("waiting", *stages.STAGES)  # for a free worker, then those of the reply
SHORT = (0.0005, 0.001, 0.0025)  # seconds, bounds below those of a whole reply


class Counts:
    """Counters of one process, safe to raise from any thread."""

    def __init__(self, index_id: Callable[[], str], repeats: Callable[[], tuple[int, int]]) -> None:
        self._index_id = index_id
        self._repeats = repeats
        self._registry = CollectorRegistry()
        self._index = Gauge(
            "label_assistant_index_info", "The index that serves.", ["index_id"], registry=self._registry
        )
        self._remembered = Gauge(
            "label_assistant_remembered",
            "Replies of this index by whether the same was asked before.",
            ["before"],
            registry=self._registry,
        )
        self._requests = Counter(
            "label_assistant_requests", "Answered HTTP requests.", ["route", "status"], registry=self._registry
        )
        self._replies = Counter("label_assistant_replies", "Replies by kind.", ["kind"], registry=self._registry)
        self._refusals = Counter(
            "label_assistant_refusals", "Replies without an answer, by reason.", ["reason"], registry=self._registry
        )
        self._seconds = Histogram(
            "label_assistant_reply_seconds", "Seconds from question to reply.", registry=self._registry, buckets=BOUNDS
        )
        self._stages = Histogram(
            "label_assistant_stage_seconds",
            "Seconds of a reply by stage.",
            ["stage"],
            registry=self._registry,
            buckets=(*SHORT, *BOUNDS),
        )
        for stage in STAGES:
            self._stages.labels(stage)

    def request(self, route: str, status: int) -> None:
        """Count one answered request."""
        self._requests.labels(route, str(status)).inc()

    def reply(self, kind: str, reason: str, seconds: float) -> None:
        """Count one reply and how long it took."""
        self._replies.labels(kind).inc()
        self._seconds.observe(seconds)
        if reason:
            self._refusals.labels(reason).inc()

    def stage(self, stage: str, seconds: float) -> None:
        """Count how long a stage of a reply took."""
        self._stages.labels(stage).observe(max(0.0, seconds))

    def exposition(self) -> bytes:
        """Every figure in the text format of https://prometheus.io/docs/instrumenting/exposition_formats/."""
        self._index.clear()
        self._index.labels(self._index_id()).set(1)
        for before, count in zip(("yes", "no"), self._repeats(), strict=True):
            self._remembered.labels(before).set(count)
        return generate_latest(self._registry)
