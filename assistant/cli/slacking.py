"""`slack`: answers in Slack by Socket Mode; and Slack's routes for `serve`, where its keys are given.

In: the command's options, and Slack's keys from the environment. Out: one line on standard error once connected, then
answers until Ctrl-C. Left out: the bot (`assistant.slack`).
"""

from argparse import Namespace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from assistant.cli import screen, serving
from assistant.errors import AssistantError, BadSetting

if TYPE_CHECKING:
    from fastapi import APIRouter

    from assistant.settings import Settings
    from assistant.slack.app import Bot
    from assistant.slack.credentials import Credentials


def slack(arguments: Namespace) -> int:
    """Carry out `slack`; Ctrl-C is its usual end."""
    settings = screen.settings(arguments)
    if arguments.manifest:
        from assistant.slack.manifest import manifest

        print(manifest(settings.base_url), end="")
        return 0
    need_extra("slack_bolt", "slack")
    import asyncio

    from assistant.slack import sockets
    from assistant.slack.credentials import from_environment, need

    credentials = from_environment()
    need(credentials, "app_token")
    if not credentials.has_workspace:
        need(credentials, "bot_token")
    try:
        asyncio.run(_socket_mode(sockets, settings, credentials))
    except (KeyboardInterrupt, asyncio.CancelledError):
        screen.note("stopped")
    return 0


async def _socket_mode(sockets: Any, settings: "Settings", credentials: "Credentials") -> None:
    bot = _bot(serving.engine(settings), settings, credentials)
    _end_on_signals()
    await sockets.run(bot, credentials, lambda: screen.note("label-assistant: answering in Slack  (Ctrl-C ends it)"))


def _end_on_signals() -> None:
    """Cancel the running task on Ctrl-C and on a service manager's SIGTERM, so that answers under way are ended."""
    import asyncio
    import contextlib
    import signal

    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        # subtle: the loop's own handler wakes it whichever thread the signal comes to; Python's waits for the main one.
        with contextlib.suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)


def answers_over_http() -> bool:
    """Whether the environment has `serve` answer in Slack, too."""
    from assistant.slack.credentials import from_environment

    return bool(from_environment().signing_secret)


def routes(engine: Any, settings: "Settings") -> "list[APIRouter]":
    """Slack's routes, none where no keys are given; raises BadSetting where one is missing or wrong."""
    from assistant.slack.credentials import from_environment

    credentials = from_environment()
    if not credentials.signing_secret:
        return []
    if not credentials.serves_http:
        remedy = "Give SLACK_BOT_TOKEN, or SLACK_CLIENT_ID with SLACK_CLIENT_SECRET"
        raise BadSetting("is given without a workspace to answer in", place="SLACK_SIGNING_SECRET", remedy=remedy)
    need_extra("slack_bolt", "slack")
    from assistant.slack.routing import router

    screen.note("label-assistant: Slack's events are taken at /slack/events")
    return [router(_bot(engine, settings, credentials))]


def _bot(engine: Any, settings: "Settings", credentials: "Credentials") -> "Bot":
    from assistant.slack.app import build
    from assistant.slack.keeping import Stores

    return build(engine, settings, credentials, Stores.open(settings.slack_store, credentials.client_id))


def need_extra(module: str, extra: str) -> None:
    """Raise AssistantError where an optional part of the product isn't installed."""
    if find_spec(module) is None:
        remedy = f"Install it: pip install 'label-assistant[{extra}]'"
        raise AssistantError("isn't installed", place=module, remedy=remedy)
