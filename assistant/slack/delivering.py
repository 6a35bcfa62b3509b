"""Messages to where they belong: a thread, one person's eyes, or the address that a command or button came with.

In: `Place` and `Message`s. Out: nothing; what Slack refuses is sent again without blocks, a rate limit is waited for by
slack_sdk's own handler, one message a channel at a time so that they stay in order. A workspace that has removed the
app, or a channel without it, is logged and left. Left out: what the messages say.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from assistant.slack import limits, saying
from assistant.slack.packing import Message

log = logging.getLogger(__name__)
_REFUSED = frozenset(
    ("invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_blocks_too_long", "msg_too_long")
)
_NOT_THERE = frozenset(("not_in_channel", "channel_not_found", "is_archived", "user_not_in_channel"))
_WAITS = 20  # times that a rate limit is waited for before a message is given up


def patient() -> list[AsyncRetryHandler]:
    """slack_sdk's handlers: wait as long as Retry-After says, and try again where a connection or Slack fails."""
    return [
        AsyncRateLimitErrorRetryHandler(max_retry_count=_WAITS),
        AsyncConnectionErrorRetryHandler(max_retry_count=2),
        AsyncServerErrorRetryHandler(max_retry_count=2),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an answer goes."""

    client: AsyncWebClient
    channel: str
    user: str
    thread: str | None = None
    is_private: bool = False  # for the asker's eyes only
    response_url: str = ""  # of a command, shortcut or button, instead of the channel


class Delivery:
    """Sends messages, each channel's in order."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def send(self, place: Place, messages: Sequence[Message]) -> None:
        """Send all messages, one after the other; never raises for what Slack answers."""
        lock = self._locks.setdefault(place.channel, asyncio.Lock())
        async with lock:
            try:
                for number, message in enumerate(messages):
                    await self._send(place, message, respond=bool(place.response_url) and number < limits.RESPONSES)
            except SlackApiError as error:
                log.warning("an answer could not be given in Slack: %s", error.response.get("error"))

    async def status(self, place: Place, text: str) -> None:
        """Show what the assistant is doing, or nothing more; where Slack can't show it, no harm is done."""
        try:
            await place.client.assistant_threads_setStatus(
                channel_id=place.channel,
                thread_ts=place.thread or "",
                status=text,
                loading_messages=list(saying.LOADING) if text else None,
            )
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.debug("no status in Slack: %s", error)

    async def _send(self, place: Place, message: Message, *, respond: bool) -> None:
        send = _respond if respond else _whisper if place.is_private or place.response_url else _post
        try:
            await send(place, message)
        except SlackApiError as error:
            if error.response.get("error") not in _REFUSED or not message.blocks:
                raise
            log.warning("Slack refused the blocks of an answer: %s; sent as text", error.response.get("error"))
            for part in message.without_blocks():
                await send(place, part)


async def _post(place: Place, message: Message) -> None:
    await place.client.chat_postMessage(**_content(place, message), unfurl_links=False, unfurl_media=False)


async def _whisper(place: Place, message: Message) -> None:
    """Post for one person's eyes; in person where the channel doesn't take it."""
    try:
        await place.client.chat_postEphemeral(user=place.user, **_content(place, message))
    except SlackApiError as error:
        if error.response.get("error") not in _NOT_THERE:
            raise
        said = _content(place, message) | {"channel": place.user}
        said.pop("thread_ts", None)
        await place.client.chat_postMessage(**said, unfurl_links=False, unfurl_media=False)


async def _respond(place: Place, message: Message) -> None:
    """Answer at the address that came with a command or button, for the asker's eyes only."""
    hook = AsyncWebhookClient(place.response_url, retry_handlers=patient())
    said: dict[str, Any] = {"text": message.text, "response_type": "ephemeral", "replace_original": False}
    said |= {"blocks": list(message.blocks)} if message.blocks else {}
    answered = await hook.send_dict(said | ({"thread_ts": place.thread} if place.thread else {}))
    if answered.status_code != 200:
        raise SlackApiError("response_url", {"error": answered.body.strip() or str(answered.status_code)})


def _content(place: Place, message: Message) -> dict[str, Any]:
    said: dict[str, Any] = {"channel": place.channel, "text": message.text}
    said |= {"blocks": list(message.blocks)} if message.blocks else {}
    return said | ({"thread_ts": place.thread} if place.thread else {})
