"""Each delivery and each press taken once, whichever process it comes to; and what is under way in this one.

In: `SeenEvents`. Out: `Once`: a middleware that acknowledges a repeated event and does no more, and what bolt calls when a
listener starts and ends. An event counts as answered when its listener has ended; until then another process may take
it over after a while, should this one die. Left out: where it is kept (`keeping`).
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.listener.async_listener_completion_handler import AsyncListenerCompletionHandler
from slack_bolt.listener.async_listener_start_handler import AsyncListenerStartHandler
from slack_bolt.request.async_request import AsyncBoltRequest

from assistant.slack.keeping import SeenEvents


class Once:
    """Lets each thing through once."""

    def __init__(self, seen: SeenEvents) -> None:
        self._seen = seen
        self._keeper = ThreadPoolExecutor(1, thread_name_prefix="slack-seen")
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def watch(self, app: AsyncApp) -> None:
        """Stand before every listener, and know when it has ended."""
        app.middleware(self.pass_once)
        app.listener_runner.listener_start_handler = _Started(self)
        app.listener_runner.listener_completion_handler = _Ended(self)

    async def pass_once(self, body: dict[str, Any], next: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:  # noqa: A002
        """Acknowledge a delivery that was taken before, and do nothing else."""
        event = body.get("event_id")
        if event and not await self.claim(event):
            return BoltResponse(status=200, body="")
        return await next()

    async def claim(self, what: str) -> bool:
        """Whether something is taken for the first time, or by one that has died."""
        return await self._kept(lambda: self._seen.claim(what))

    async def first(self, what: str) -> bool:
        """Whether something happens for the first time."""
        return await self._kept(lambda: self._seen.claim(what) and self._settled(what))

    async def wait(self, seconds: float) -> None:
        """Wait for the listeners under way."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            pass

    def close(self) -> None:
        """Take nothing more."""
        self._keeper.shutdown(wait=True)

    def began(self) -> None:
        """A listener has started."""
        self._under_way += 1
        self._idle.clear()

    async def ended(self, event: str | None) -> None:
        """A listener has ended."""
        self._under_way -= 1
        if not self._under_way:
            self._idle.set()
        if event:
            await self._kept(lambda: self._settled(event))

    def _settled(self, what: str) -> bool:
        self._seen.settle(what)
        return True

    async def _kept(self, work: Callable[[], bool]) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self._keeper, work)


class _Started(AsyncListenerStartHandler):
    def __init__(self, once: Once) -> None:
        self._once = once

    async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:
        self._once.began()


class _Ended(AsyncListenerCompletionHandler):
    def __init__(self, once: Once) -> None:
        self._once = once

    async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:
        await self._once.ended(request.body.get("event_id"))
