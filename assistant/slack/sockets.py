"""Slack by Socket Mode: a connection that goes out, so that no address has to be reachable from outside.

In: a `Bot` and the app's token. Out: `run`, until it is cancelled. A token that Slack refuses is told at once. Left out:
reconnecting, which is slack_sdk's.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError

from assistant.errors import AssistantError
from assistant.slack.app import Bot
from assistant.slack.credentials import Credentials

_CLOSING = 5.0  # seconds for the connection to close


async def run(bot: Bot, credentials: Credentials, ready: Callable[[], None] = lambda: None) -> None:
    """Answer until cancelled."""
    async with bot:
        await _check(bot, credentials)
        handler = AsyncSocketModeHandler(bot.app, credentials.app_token)
        try:
            await handler.connect_async()
            ready()
            await asyncio.Event().wait()
        finally:
            with suppress(TimeoutError):  # a connection that the other end never closes
                async with asyncio.timeout(_CLOSING):
                    await handler.close_async()


async def _check(bot: Bot, credentials: Credentials) -> None:
    """Raise AssistantError for a token that Slack refuses, instead of trying for ever."""
    try:
        if bot.app.client.token:
            await bot.app.client.auth_test()
    except SlackApiError as error:
        raise _refused("SLACK_BOT_TOKEN", error) from error
    try:
        await bot.app.client.apps_connections_open(app_token=credentials.app_token)
    except SlackApiError as error:
        raise _refused("SLACK_APP_TOKEN", error) from error


def _refused(name: str, error: SlackApiError) -> AssistantError:
    remedy = "Take it anew from the app's settings at api.slack.com/apps"
    return AssistantError(f"Slack refuses it: {error.response.get('error')}", place=name, remedy=remedy)
