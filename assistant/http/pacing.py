"""How much at once, how often, how long: what is over a cap is told to wait, and nothing piles up.

In: the settings. Out: `Rates`, which answers 429 to an address or a key that writes or asks too often, and `Pace`, which
answers 503 where all hands are full or a reply takes too long. Both say when to try again. A reply that took too long is
still finished and kept, and holds its place until then, so that memory stays bounded. Left out: the body's size
(`guarding`), counts across processes.
"""

import asyncio
import contextvars
import ipaddress
import math
import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ClassVar, TypeVar

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.errors import AssistantError
from assistant.http import failing
from assistant.http.calling import SIGNED, caller_of
from assistant.http.counting import Counts
from assistant.http.rendering import Pages
from assistant.settings import Settings

_READING = ("GET", "HEAD", "OPTIONS")
_SIGN_IN = parse("10/minute")  # tries of one address, whatever the settings allow
_MOST_WORKERS = 8
_SET = 5  # seconds by which a clock is off only where somebody has set it
Made = TypeVar("Made")


class TooMany(AssistantError):
    """Too many requests of one address or key."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__("That is too many requests", place="rate", remedy=f"Try again in {seconds} seconds")
        self.headers = {"Retry-After": str(seconds)}


class Busy(AssistantError):
    """More questions are in hand than can be answered in time, or this one took too long."""

    status = 503
    sent: ClassVar[Mapping[str, str]] = {"Retry-After": "2"}


class Rates:
    """Counts what each address and each key writes and asks."""

    def __init__(self, app: ASGIApp, pages: Pages, settings: Settings) -> None:
        self._app = app
        self._pages = pages
        self._address, self._key = parse(settings.address_rate), parse(settings.key_rate)
        self._clock = _clock()
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http" and scope["method"] not in _READING and not scope["path"].startswith(SIGNED):
            request = Request(scope)
            try:
                self._count(request)
            except TooMany as error:
                await failing.answer(request, error, self._pages)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _count(self, request: Request) -> None:
        owner = caller_of(request).owner
        address = network(request.client.host if request.client else "")
        if request.url.path == "/sign-in":
            self._hit(_SIGN_IN, f"sign-in {address}")
        elif owner:
            self._hit(self._key, owner)
        else:
            self._hit(self._address, address)

    def _hit(self, rate: RateLimitItem, who: str) -> None:
        if abs(_clock() - self._clock) > _SET:  # what was counted by another time would count for as long as it is off
            self._clock, self._limiter = _clock(), SlidingWindowCounterRateLimiter(MemoryStorage())
        if not self._limiter.hit(rate, who):
            reset = self._limiter.get_window_stats(rate, who).reset_time
            raise TooMany(max(1, min(rate.get_expiry(), math.ceil(reset - time.time()))))


def _clock() -> float:
    """How far the clock is from one that nobody sets, in seconds."""
    return time.time() - time.monotonic()


def network(address: str) -> str:
    """Who an address belongs to: for IPv6 the network of 64 bits, of which one subscriber has all.

    >>> network("203.0.113.9"), network("2001:db8:1:2:3:4:5:6")
    ('203.0.113.9', '2001:db8:1:2::')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)).network_address)


class Pace:
    """The hands that answer: at most `concurrency` questions are in hand, each for at most `time_limit` seconds."""

    def __init__(self, settings: Settings, counts: Counts) -> None:
        self._most = settings.concurrency
        self._seconds = settings.time_limit
        self._counts = counts
        self._lock = threading.Lock()
        self._in_hand = 0
        workers = min(_MOST_WORKERS, max(2, os.cpu_count() or 1))
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="answering")

    def begin(self, work: Callable[[], Made]) -> "Future[Made]":
        """Take work in hand; raises Busy where there is no hand free."""
        with self._lock:
            if self._in_hand >= self._most:
                raise Busy("All hands are full", place="concurrency", remedy="Try again in 2 seconds")
            self._in_hand += 1
        begun, around = time.perf_counter(), contextvars.copy_context()

        def working() -> Made:
            self._counts.stage("waiting", time.perf_counter() - begun)
            return around.run(work)

        future = self._workers.submit(working)
        future.add_done_callback(self._done)
        return future

    async def finish(self, future: "Future[Made]") -> Made:
        """What the work made; raises Busy where it takes too long."""
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._seconds)
        except TimeoutError as error:
            remedy = "Try again in 2 seconds, or ask more briefly"
            raise Busy(f"The reply took over {self._seconds:g} seconds", place="time_limit", remedy=remedy) from error

    async def run(self, work: Callable[[], Made]) -> Made:
        """Take work in hand and wait for what it makes."""
        return await self.finish(self.begin(work))

    def _done(self, future: "Future[Made]") -> None:
        with self._lock:
            self._in_hand -= 1
