"""The bot over a stand-in engine between a Slack on loopback and a real server, for the tests.

Out: `Bench`, `bench`. Left out: the engine (`standin`), Slack (`slack_server`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from slack_events import SECRET, Speaker
from slack_server import APP_TOKEN, BOT_TOKEN, CLIENT_ID, CLIENT_SECRET, SlackServer
from standin import Standin
from standin_served import serve

from assistant.settings import Settings
from assistant.slack.app import build
from assistant.slack.credentials import Credentials
from assistant.slack.keeping import Stores
from assistant.slack.routing import router

BASE = "https://labels.example"


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
    folder: Path, engine: Any = None, *, several: bool = False, slack: SlackServer | None = None
) -> Iterator[Bench]:
    """The bot on a real server, speaking to a Slack on loopback."""
    engine = engine or Standin()
    settings = Settings(base_url=BASE, slack_store=folder / "slack.sqlite3")
    with (slack or SlackServer()).running() as server:
        keys = credentials(server, several=several)
        bot = build(engine, settings, keys, Stores.open(settings.slack_store, keys.client_id))
        with serve(engine, settings, router(bot)) as served:
            yield Bench(slack=server, engine=engine, speaker=Speaker(f"{served.url}/slack/events"), url=served.url)
