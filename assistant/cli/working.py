"""`serve --workers N`: several processes on one address, since one Python process uses little more than one core.

In: settings and a bound socket. Out: requests until Ctrl-C or SIGTERM, each taken by a process that is free; one that died is
started anew, and none outlives the first. They share the index's files, the database and what signs sessions; an index that
one takes in, by SIGHUP or over HTTP, all take in. What is in hand at once is capped for all together. Each counts by itself:
rates, figures at /metrics, replies at hand. Left out: serving (`serving`).
"""

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from multiprocessing import connection, get_context, parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NoReturn

from msgspec.structs import replace

from assistant import logs
from assistant.cli import screen, serving, slacking
from assistant.errors import AssistantError, BadSetting

if TYPE_CHECKING:
    from assistant.settings import Settings

log = logging.getLogger(__name__)
_PLACE = "--workers"
_PAUSE = 5.0  # seconds before one that died is started anew, so that one that can't start doesn't keep a core busy
_LAST = serving.LAST + 5  # seconds that processes have to end
_BYTES = 32  # of what signs sessions, where the settings name no secret


def run(settings: "Settings", taken: socket.socket, count: int) -> None:
    """Serve with so many processes until a signal ends it."""
    _check(settings)
    serving.prepare(settings)
    with _secret(settings) as secret:
        share = replace(
            settings,
            secret=secret,
            threads=max(1, settings.threads // count),
            concurrency=ceil(settings.concurrency / count),
        )
        _Workers(share, taken, count).run()


def _check(settings: "Settings") -> None:
    """Raise BadSetting where several processes would get in each other's way."""
    if not hasattr(signal, "SIGHUP"):
        raise BadSetting("this system can't share a port among processes", place=_PLACE, remedy="Leave it out")
    if settings.questions == "none":
        message = "a process can't go on with a conversation that another one answered and nobody keeps"
        raise BadSetting(message, place=_PLACE, remedy="Leave it out, or keep questions: questions = redacted")
    if slacking.answers_over_http():
        message = "Slack's events would be answered by several processes"
        raise BadSetting(message, place=_PLACE, remedy="Leave it out, or answer Slack by: label-assistant slack")


@contextmanager
def _secret(settings: "Settings") -> Iterator[Path]:
    """The file of what signs sessions, made for this run where the settings name none: else each process had its own."""
    if settings.secret is not None:
        yield settings.secret
        return
    with TemporaryDirectory(prefix="label-assistant-") as folder:
        path = Path(folder) / "secret"
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_hex(_BYTES).encode())
        yield path


class _Workers:
    """The processes, and the first one that looks after them."""

    def __init__(self, settings: "Settings", taken: socket.socket, count: int) -> None:
        self._settings = settings
        self._taken = taken
        self._context: SpawnContext = get_context("spawn")
        self._working: dict[SpawnProcess, Event] = {}  # with whether each serves
        self._count = count

    def run(self) -> None:
        """Start them and look after them until a signal ends it."""
        before = {number: signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGTERM)}
        signal.signal(signal.SIGHUP, self._pass_on)
        signal.signal(signal.SIGTERM, _end)
        try:
            for _ in range(self._count):
                self._start()
            self._await_first()
            screen.note(f"label-assistant: {serving.address(self._taken)}, {self._count} processes  (Ctrl-C ends them)")
            while True:
                self._replace_dead(connection.wait([one.sentinel for one in self._working]))
        finally:
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _start(self) -> None:
        serves = self._context.Event()
        process = self._context.Process(target=_work, args=(self._settings, self._taken, serves), daemon=True)
        # subtle: one that begins ignores a hangup until it can take it; it opens the newest index anyway.
        handler = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            process.start()
        finally:
            signal.signal(signal.SIGHUP, handler)
        self._working[process] = serves

    def _await_first(self) -> None:
        """Wait until all serve; raises AssistantError where one ends before."""
        for process, serves in self._working.items():
            while not serves.wait(0.1):
                if not process.is_alive():
                    message = f"a process ended before it served, with the code {process.exitcode}"
                    raise AssistantError(message, place=_PLACE, remedy="The lines above say why")

    def _replace_dead(self, sentinels: list[Any]) -> None:
        for process in [one for one in self._working if one.sentinel in sentinels]:
            log.error("process %s ended with the code %s, another one starts", process.pid, process.exitcode)
            del self._working[process]
            time.sleep(_PAUSE)
            self._start()

    def _pass_on(self, number: int, _: object) -> None:
        for process in self._working:
            if process.pid is not None and process.is_alive():
                os.kill(process.pid, number)

    def _end(self) -> None:
        """Let each bring what is in hand to its end, then go."""
        for process in self._working:
            process.terminate()
        ends = time.monotonic() + _LAST
        for process in self._working:
            process.join(max(0.0, ends - time.monotonic()))
            process.kill()


def _end(number: int, _: object) -> NoReturn:
    raise KeyboardInterrupt


def _work(settings: "Settings", taken: socket.socket, serves: Event) -> None:
    """One process: serves until it is told to end, or the first one is gone."""
    logs.configure(settings.log)
    threading.Thread(target=_end_with_first, name="first", daemon=True).start()
    try:
        serving.answer(settings, taken, serves.set, _have_all_swap)
    except KeyboardInterrupt:
        return
    except AssistantError as error:
        screen.note(f"label-assistant: {error}")
        raise SystemExit(1) from error


def _end_with_first() -> None:
    first = parent_process()
    assert first is not None
    first.join()
    os.kill(os.getpid(), signal.SIGTERM)


def _have_all_swap() -> None:
    """Have the first process pass a hangup on to all."""
    first = parent_process()
    if first is not None and first.is_alive() and first.pid is not None:
        os.kill(first.pid, signal.SIGHUP)
