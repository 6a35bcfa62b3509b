"""A service of its own and readers who ask it, for `load.py` and `soak.py`.

In: an index, questions, how many readers ask how often. Out: `Service`, its memory, open files and log watched; `asked`,
the status and time of every answer. Readers are locust's (https://docs.locust.io). They come at random moments, as a Poisson
process, whether or not the service keeps up; every quote of every answer is held against its label's text.
Left out: what is good enough (the scripts).
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import gevent
from locust import FastHttpUser, task  # subtle: it patches sockets and sleeping, so it is imported before they are used
from locust.env import Environment
from locust.exception import StopUser

# isort: split
import psutil

from assistant.cli.serving import listening
from assistant.settings import PREFIX

CORES = 2
HONEST = ("200", "429", "503")  # what a service may answer, however much is asked
_PATIENCE = 120  # seconds until it answers
_EVERY = 2.0  # seconds between two looks at the service
_EACH = 0.5  # questions a second of one reader who comes at random
_BLANKS = 100


@dataclass
class Watched:
    """A running service and what was seen of it."""

    port: int
    process: psutil.Process
    log: Path
    memory: list[float] = field(default_factory=list)  # MB resident
    files: list[int] = field(default_factory=list)  # open files and sockets

    @property
    def is_up(self) -> bool:
        return bool(self.process.is_running() and self.process.status() != psutil.STATUS_ZOMBIE)

    @property
    def tracebacks(self) -> int:
        return self.log.read_text(encoding="utf-8", errors="replace").count("Traceback")

    def look(self) -> None:
        """Look at memory and files."""
        if self.is_up:
            self.memory.append(self.process.memory_info().rss / 1e6)
            self.files.append(self.process.num_fds())

    def swap(self) -> None:
        """Have the index opened anew."""
        self.process.send_signal(signal.SIGHUP)


@contextmanager
def service(index: Path) -> Iterator[Watched]:
    """The service on a free port and two cores, keeping what it is asked in a folder that goes with it."""
    with listening("127.0.0.1", 0) as taken:
        port = int(taken.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="load-") as name:
        log = Path(name) / "log"
        command = [sys.executable, "-m", "assistant.cli", "serve", "--index", str(index), "--port", str(port)]
        with log.open("wb") as said, subprocess.Popen(command, env=_environment(Path(name)), stderr=said) as process:
            watched = Watched(port=port, process=psutil.Process(process.pid), log=log)
            watched.process.cpu_affinity(watched.process.cpu_affinity()[:CORES])
            try:
                _wait(watched)
                yield watched
            finally:
                process.terminate()


def _environment(folder: Path) -> dict[str, str]:
    own = {"DATABASE": str(folder / "kept.db"), "ADDRESS_RATE": "1000000/second", "LOG": "json"}
    return os.environ | {PREFIX + name: value for name, value in own.items()}


def _wait(watched: Watched) -> None:
    import urllib.request

    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends and watched.is_up:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{watched.port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"the service did not come up:\n{watched.log.read_text()}")


def questions(files: Sequence[Path]) -> list[dict[str, Any]]:
    """The requests of question sets, earlier questions and all."""
    lines = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line]
    return [{"question": line["question"], "history": line["history"][-20:]} for line in lines]


@dataclass
class Told:
    """What readers were told."""

    seconds: float
    statuses: Counter[str] = field(default_factory=Counter)  # "0" where no answer came
    times: list[float] = field(default_factory=list)  # milliseconds, of each 200
    wrong: list[str] = field(default_factory=list)  # quotes that aren't their label's text

    @property
    def rate(self) -> float:
        return self.statuses["200"] / self.seconds

    @property
    def p50(self) -> float:
        return median(self.times)

    @property
    def p99(self) -> float:
        return quantiles(self.times, n=100)[98]

    def __str__(self) -> str:
        shares = ", ".join(f"{count} x {status}" for status, count in sorted(self.statuses.items()))
        return f"{self.rate:.1f} answers/s, p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms; {shares}; {len(self.wrong)} wrong"


def asked(
    watched: Watched, requests: Sequence[dict[str, Any]], seconds: float, *, readers: int = 0, rate: float = 0.0
) -> Told:
    """What the service tells this many readers who never pause, or readers who come at random so often a second."""
    told = Told(seconds=seconds)
    reader = type("Reader", (_Reader,), {"told": told, "requests": requests, "each": _EACH if rate else 0.0})
    reader.host = f"http://127.0.0.1:{watched.port}"
    environment = Environment(user_classes=[reader])
    runner = environment.create_local_runner()
    count = readers or max(1, round(rate / _EACH))
    runner.start(count, spawn_rate=count)
    looking = gevent.spawn(_look, watched)
    gevent.sleep(seconds)
    runner.quit()
    looking.kill()
    return told


def _look(watched: Watched) -> None:
    while True:
        watched.look()
        gevent.sleep(_EVERY)


def _worded_anew(request: dict[str, Any]) -> dict[str, Any]:
    """The same request, with blanks behind its questions so that no reply to it is remembered."""
    blanks = " " * random.randrange(_BLANKS)
    return {"question": request["question"] + blanks, "history": [one + blanks for one in request["history"]]}


class _Reader(FastHttpUser):
    """A reader who asks one question after the other."""

    abstract = True
    told: Told
    requests: Sequence[dict[str, Any]]
    each: float
    texts: dict[str, str] = {}  # noqa: RUF012  labels, shared by all readers

    def on_start(self) -> None:
        """Come at a moment of one's own."""
        self.due = time.monotonic()
        gevent.sleep(self.wait_time())

    def wait_time(self) -> float:
        """Seconds until the next question is due."""
        if not self.each:
            return 0.0
        self.due += random.expovariate(self.each)
        return max(0.0, self.due - time.monotonic())

    @task
    def ask(self) -> None:
        """Ask, and hold every quote against its label."""
        request = _worded_anew(random.choice(self.requests))
        begun = time.perf_counter()
        with self.client.post("/api/ask", json=request, catch_response=True) as answered:
            took = (time.perf_counter() - begun) * 1000
            self.told.statuses[str(answered.status_code)] += 1
            if answered.status_code == 200:
                self.told.times.append(took)
                self._check(answered.json())
            answered.success()
        if answered.status_code in (429, 503) and not self.each:
            gevent.sleep(1)

    def _check(self, reply: dict[str, Any]) -> None:
        for one in (*reply["citations"], *reply["nearest"]):
            text = self._text(one["label"]["id"])
            if text[one["start"] : one["end"]] != one["quote"]:
                self.told.wrong.append(reply["turn_id"])

    def _text(self, label: str) -> str:
        if label not in self.texts:
            answered = self.client.get(f"/api/labels/{label}/text", name="text")
            if answered.status_code != 200:
                raise StopUser
            self.texts[label] = answered.content.decode()
        return self.texts[label]
