"""The bot over a stand-in engine between a Slack on loopback and a real server, for the tests.

Out: `bench`, over HTTP; `connected`, by Socket Mode; `command_of`, a command of ours as a process. Left out: the engine (`standin`), Slack (`slack_server`).
"""

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from slack_events import SECRET, Speaker
from slack_server import APP_TOKEN, BOT_TOKEN, CLIENT_ID, CLIENT_SECRET, SlackServer
from standin import Standin
from standin_served import serve

from assistant.settings import Settings
from assistant.slack import sockets
from assistant.slack.app import build
from assistant.slack.credentials import Credentials
from assistant.slack.keeping import Stores
from assistant.slack.routing import router

BASE = "https://labels.example"
ROOT = Path(__file__).parents[1]


@dataclass
class Bench:
    """Everything that a test needs at hand."""

    slack: SlackServer
    engine: Any
    speaker: Speaker
    url: str


def credentials(slack: SlackServer, *, several: bool = False) -> Credentials:
    """Keys that the server knows: of one workspace, or of an app that many install."""
    one = Credentials(bot_token=BOT_TOKEN, signing_secret=SECRET, app_token=APP_TOKEN, api_url=f"{slack.url}api/")
    return replace(one, bot_token="", client_id=CLIENT_ID, client_secret=CLIENT_SECRET) if several else one


@contextmanager
def bench(
    folder: Path, engine: Any = None, *, several: bool = False, slack: SlackServer | None = None, **settings: Any
) -> Iterator[Bench]:
    """The bot on a real server, speaking to a Slack on loopback."""
    engine = engine or Standin()
    chosen = Settings(base_url=BASE, slack_store=folder / "slack.sqlite3", **settings)
    with (slack or SlackServer()).running() as server:
        keys = credentials(server, several=several)
        bot = build(engine, chosen, keys, Stores.open(chosen.slack_store, keys.client_id))
        with serve(engine, chosen, router(bot)) as served:
            yield Bench(slack=server, engine=engine, speaker=Speaker(f"{served.url}/slack/events"), url=served.url)


class connected:
    """The bot by Socket Mode, in a thread of its own."""

    def __init__(self, slack: SlackServer, folder: Path) -> None:
        self.slack, self.engine = slack, Standin()
        settings, keys = Settings(base_url=BASE), credentials(slack)
        self.ready, self.loop = threading.Event(), asyncio.new_event_loop()

        async def run() -> None:
            bot = build(self.engine, settings, keys, Stores.open(folder / "slack.sqlite3", ""))
            self.task = asyncio.ensure_future(sockets.run(bot, keys, self.ready.set))
            await asyncio.wait([self.task])

        self.thread = threading.Thread(target=lambda: self.loop.run_until_complete(run()))

    def __enter__(self) -> Standin:
        self.thread.start()
        assert self.ready.wait(20)
        self.slack.wait(lambda: self.slack.is_connected)
        return self.engine

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.task.cancel)
        self.thread.join(20)
        self.loop.close()


def served_at(running: "subprocess.Popen[str]") -> str:
    """Where `serve` takes Slack's events, once it does."""
    assert running.stderr is not None
    found = None
    while found is None:
        line = running.stderr.readline()
        assert line, "serve has ended"
        found = re.search(r"http://[\d.:]+", line)
    until = time.monotonic() + 30
    while True:
        try:
            httpx.get(f"{found[0]}/healthz")
            return f"{found[0]}/slack/events"
        except httpx.ConnectError:
            assert time.monotonic() < until


class command_of:
    """A command of ours as a process of its own."""

    def __init__(self, arguments: list[str], slack: SlackServer, folder: Path) -> None:
        keys = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{slack.url}api/",
            "LABEL_ASSISTANT_DATABASE": str(folder / "kept.db"),
            "LABEL_ASSISTANT_SLACK_STORE": str(folder / "slack.sqlite3"),
            "PYTHONPATH": str(ROOT),
        }
        self._arguments = [sys.executable, "-m", "assistant.cli", *arguments]
        self._environment = dict(os.environ) | keys

    def __enter__(self) -> "subprocess.Popen[str]":
        self.process = subprocess.Popen(self._arguments, env=self._environment, stderr=subprocess.PIPE, text=True)
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()
