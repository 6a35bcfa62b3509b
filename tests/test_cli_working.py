"""`serve --workers N`: several processes on one address."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import serving, working
from assistant.errors import BadSetting
from assistant.settings import Settings

PATIENCE = 60.0  # seconds
QUESTION = "VOD rate after HSCT in adults?"


@pytest.mark.parametrize(
    ("settings", "environment", "says"),
    [
        (Settings(questions="none"), {}, "--workers: a process can't go on with a conversation"),
        (Settings(), {"SLACK_SIGNING_SECRET": "s"}, "--workers: Slack's events would be answered by several processes"),
    ],
)
def test_what_several_processes_would_spoil_is_refused(
    settings: Settings, environment: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with socket.socket() as taken, pytest.raises(BadSetting) as caught:
        working.run(settings, taken, 2)
    assert str(caught.value).startswith(says)


@contextmanager
def served(index: Path, kept: Path) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """A service of two processes, and its port."""
    with serving.listening("127.0.0.1", 0) as taken:
        port = int(taken.getsockname()[1])
    command = [sys.executable, "-m", "assistant.cli", "serve", "--workers", "2", "--index", str(index)]
    own = {"LABEL_ASSISTANT_DATABASE": str(kept / "kept.db"), "LABEL_ASSISTANT_SLACK_STORE": str(kept / "slack.db")}
    with subprocess.Popen(
        [*command, "--port", str(port)], env=os.environ | own, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            assert f"http://127.0.0.1:{port}, 2 processes" in process.stderr.readline()
            yield port, process
        finally:
            process.terminate()
            process.wait(PATIENCE)


def asked(connection: http.client.HTTPConnection, method: str, path: str, body: Any = None) -> Any:
    """The answer to a request on a connection, which one process has."""
    connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
    answered = connection.getresponse()
    raw = answered.read()
    assert answered.status == 200, raw
    return json.loads(raw) if body else raw.decode()


def replies_of(connection: http.client.HTTPConnection) -> float:
    """How many replies the process behind a connection has given."""
    lines = asked(connection, "GET", "/metrics").splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("label_assistant_replies_total"))


def of_two_processes(port: int, held: ExitStack) -> list[http.client.HTTPConnection]:
    """A connection to each of two processes, told apart by what they have counted: one has answered, the other has not."""
    first = held.enter_context(closing(http.client.HTTPConnection("127.0.0.1", port)))
    asked(first, "POST", "/api/ask", {"question": QUESTION})
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        other = held.enter_context(closing(http.client.HTTPConnection("127.0.0.1", port)))
        if replies_of(other) == 0:
            return [first, other]
    raise AssertionError("every connection came to one process")


def children(process: "subprocess.Popen[str]") -> list[int]:
    """The processes that a service started to serve."""
    ids = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(id) for id in ids if b"spawn_main" in Path(f"/proc/{id}/cmdline").read_bytes()]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="this system has no /proc")
def test_two_processes_answer_share_a_conversation_and_end_together(real_index: Path, tmp_path: Path) -> None:
    with served(real_index, tmp_path) as (port, process), ExitStack() as held:
        one, other = of_two_processes(port, held)
        before = asked(one, "POST", "/api/ask", {"question": QUESTION})
        follow_up = {"question": "and in children?", "conversation_id": before["conversation_id"]}
        after = asked(other, "POST", "/api/ask", follow_up)
        assert (replies_of(one), replies_of(other)) == (2, 1)
        assert after["conversation_id"] == before["conversation_id"]
        assert after["standalone_question"] != follow_up["question"]
        ids = children(process)
        process.send_signal(signal.SIGHUP)  # passed on; both go on serving
        assert len(ids) == 2
        assert asked(one, "POST", "/api/ask", {"question": f" {QUESTION}"})["headline"] == before["headline"]
    assert not any(Path(f"/proc/{id}").exists() for id in ids)
