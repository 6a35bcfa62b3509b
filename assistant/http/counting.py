"""What Prometheus reads at /metrics: requests, replies by kind, seconds to a reply, and which index serves.

In: `Counts.request`, `Counts.reply`. Out: `Counts.exposition`, in the text format of
https://prometheus.io/docs/instrumenting/exposition_formats/. Left out: counts across processes.
"""

from collections import Counter
from collections.abc import Iterator
from threading import Lock

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds, inclusive upper bounds


class Counts:
    """Counters of one process, safe to raise from any thread."""

    def __init__(self, index_id: str) -> None:
        self._index_id = index_id
        self._lock = Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._replies: Counter[str] = Counter()
        self._buckets = [0] * (len(BOUNDS) + 1)
        self._seconds = 0.0

    def request(self, route: str, status: int) -> None:
        """Count one answered request by the pattern of its route, never by its path."""
        with self._lock:
            self._requests[route, status] += 1

    def reply(self, kind: str, seconds: float) -> None:
        """Count one reply and how long it took."""
        place = next((at for at, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))
        with self._lock:
            self._replies[kind] += 1
            self._buckets[place] += 1
            self._seconds += seconds

    def exposition(self) -> str:
        """Every figure in the text format."""
        with self._lock:
            return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield "# HELP label_assistant_index_info The index that serves."
        yield "# TYPE label_assistant_index_info gauge"
        yield f'label_assistant_index_info{{index_id="{_escaped(self._index_id)}"}} 1'
        yield "# HELP label_assistant_requests_total Answered HTTP requests."
        yield "# TYPE label_assistant_requests_total counter"
        for (route, status), count in sorted(self._requests.items()):
            yield f'label_assistant_requests_total{{route="{_escaped(route)}",status="{status}"}} {count}'
        yield "# HELP label_assistant_replies_total Replies by kind."
        yield "# TYPE label_assistant_replies_total counter"
        for kind, count in sorted(self._replies.items()):
            yield f'label_assistant_replies_total{{kind="{_escaped(kind)}"}} {count}'
        yield "# HELP label_assistant_reply_seconds Seconds from question to reply."
        yield "# TYPE label_assistant_reply_seconds histogram"
        total = 0
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), self._buckets, strict=True):
            total += count
            yield f'label_assistant_reply_seconds_bucket{{le="{bound}"}} {total}'
        yield f"label_assistant_reply_seconds_sum {self._seconds:.6f}"
        yield f"label_assistant_reply_seconds_count {total}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
