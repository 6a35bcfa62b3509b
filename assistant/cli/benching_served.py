"""`bench` over HTTP: the service in a process of its own, asked by one, four and sixteen readers at once.

In: settings and questions. Out: times of one reader, and answers a second of several. What it is asked is kept in a
database that goes with it, and no rate slows it. Left out: pages and streams.
"""

import http.client
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.cli.benching_floors import as_installed, timed
from assistant.cli.serving import listening
from assistant.errors import AssistantError
from assistant.settings import PREFIX

READERS = (1, 4, 16)
_SECONDS = 4.0  # of each number of readers
_PATIENCE = 60.0  # seconds until it answers
_BLANKS = 100

Asked = Sequence[tuple[str, Sequence[str] | None]]


@contextmanager
def service(settings: Any, workers: int = 1) -> Iterator[int]:
    """The service on a free port, of so many processes, until the end."""
    with listening("127.0.0.1", 0) as taken:
        port = int(taken.getsockname()[1])
    options = ["--index", str(settings.index), "--corpus", str(settings.corpus), "--port", str(port)]
    command = [sys.executable, "-m", "assistant.cli", "serve", *options, "--workers", str(workers)]
    with (
        tempfile.TemporaryDirectory(prefix="label-assistant-") as folder,
        subprocess.Popen(
            command, env=_environment(Path(folder)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process,
    ):
        try:
            _wait(port, process)
            yield port
        finally:
            process.terminate()


def _environment(folder: Path) -> dict[str, str]:
    own = {
        "DATABASE": str(folder / "conversations.db"),
        "SLACK_STORE": str(folder / "slack.sqlite3"),
        "ADDRESS_RATE": "1000000/second",
        "REQUIRE_KEY": "false",
    }
    return as_installed() | {PREFIX + name: value for name, value in own.items()}


def served(port: int, asked: Asked) -> dict[str, Any]:
    """Every question once by one reader, in milliseconds; then answers a second."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    _ask(connection, f" {asked[0][0]}", asked[0][1])
    times = [timed(lambda one=one: _ask(connection, *one)) for one in asked]  # type: ignore[misc]
    return {"times": times, "per_second": rates(port, asked)}


def rates(port: int, asked: Asked) -> dict[int, float]:
    """Answers a second of so many readers at once."""
    return {readers: round(_rate(port, asked, readers), 1) for readers in READERS}


def _rate(port: int, asked: Asked, readers: int) -> float:
    ends = time.perf_counter() + _SECONDS

    def read(reader: int) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        count = 0
        while time.perf_counter() < ends:
            question, labels = asked[(reader * 7 + count) % len(asked)]
            _ask(connection, question + " " * random.randrange(_BLANKS), labels)  # nosec B311: blanks, so that no reply is remembered
            count += 1
        return count

    with ThreadPoolExecutor(readers) as pool:
        return sum(pool.map(read, range(readers))) / _SECONDS


def _ask(connection: http.client.HTTPConnection, question: str, labels: Sequence[str] | None) -> None:
    body = json.dumps({"question": question, "labels": list(labels) if labels else None})
    connection.request("POST", "/api/ask", body, {"Content-Type": "application/json"})
    answered = connection.getresponse()
    raw = answered.read()
    if answered.status != 200:
        raise AssistantError(f"the service answered {answered.status}: {raw[:200]!r}", place="bench")


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise AssistantError("the service did not come up", place="bench", remedy="Try it: label-assistant serve")
