"""The two gates around the application: no body over the cap or too slow gets in, no answer gets out without its
security headers and the id of its request, under which the log has it.

Pure ASGI, so that event streams pass through unbuffered. The policy needs no nonce, since no page has an inline script
or style. The referrer policy is same-origin: under no-referrer a browser sends our own forms with a null origin, which
could not be told from another site's. Left out: portals (`admitting`) and rate limits (`pacing`).
"""

import logging
import re
import secrets
import time
from collections.abc import MutableMapping
from typing import Any

import anyio
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.http.counting import Counts
from assistant.http.failing import new_id, refused, unforeseen
from assistant.http.rendering import Pages
from assistant.http.tracing import Tracing

log = logging.getLogger(__name__)

BODY_CAP = 64 * 1024  # bytes
_LARGER = {"/slack/events": 512 * 1024}  # a press carries the whole answer back, every letter escaped
FRAMED_BY = "label_assistant.framed_by"  # key of the scope: the one origin that may show this answer in a frame
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_UNSAID = ("/healthz", "/readyz", "/metrics", "other")  # asked every few seconds, or no page of ours
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


class Guard:
    """Outermost: adds the headers, counts the answer, and answers when everything below has failed."""

    def __init__(self, app: ASGIApp, pages: Pages, counts: Counts, tracing: Tracing) -> None:
        self._app = app
        self._pages = pages
        self._counts = counts
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with self._tracing.request(scope) as told:
            told.status = await self._guarded(scope, receive, send)
            told.route = _route(scope)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Answer a request, whatever happens; the status of the answer."""
        status, begun, id = 0, time.perf_counter(), _request_id(scope)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=id)

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, scope)
                MutableHeaders(raw=message["headers"])["X-Request-ID"] = id
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception:
            fault = new_id()
            log.exception("fault %s at %s %s", fault, scope["method"], _route(scope))
            response = unforeseen(Request(scope), self._pages, fault)
            if not status:  # subtle: a stream that broke halfway can only be cut
                await response(scope, receive, guarded)
        self._counts.request(_route(scope), status)
        _say(scope, status, time.perf_counter() - begun)
        return status


class BodyCap:
    """Reads a request body before the application does, and refuses one over the cap or slower than `seconds`."""

    def __init__(self, app: ASGIApp, pages: Pages, seconds: float) -> None:
        self._app = app
        self._pages = pages
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        try:
            with anyio.fail_after(self._seconds):
                messages = await _body(receive, _LARGER.get(scope["path"], BODY_CAP))
        except TimeoutError:
            await refused(Request(scope), self._pages, 408)(scope, receive, send)
            return
        if messages is None:
            await refused(Request(scope), self._pages, 413)(scope, receive, send)
            return

        async def replay() -> Message:
            return messages.pop(0) if messages else await receive()

        await self._app(scope, replay, send)


async def _body(receive: Receive, most: int) -> list[Message] | None:
    """The messages of a body, None for one over the cap."""
    messages: list[Message] = []
    size, more = 0, True
    while more:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
        if size > most:
            return None
    return messages


def _request_id(scope: Scope) -> str:
    """The id that a proxy gave the request, where it looks like one, else a new one."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _say(scope: Scope, status: int, seconds: float) -> None:
    route = _route(scope)
    if route not in _UNSAID:
        said = {"method": scope["method"], "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        log.info("answered", extra=said)


def _add_headers(message: MutableMapping[str, Any], scope: Scope) -> None:
    headers = MutableHeaders(raw=message["headers"])
    message["headers"] = headers.raw
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if FRAMED_BY in scope:
        headers["Content-Security-Policy"] = _POLICY.replace(
            "frame-ancestors 'none'", f"frame-ancestors {scope[FRAMED_BY]}"
        )
        headers["Cross-Origin-Embedder-Policy"] = "require-corp"  # so that a host under COEP may show it
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        del headers["X-Frame-Options"]
    if "cache-control" not in headers:
        headers["Cache-Control"] = _cache_control(scope, message["status"])


def _cache_control(scope: Scope, status: int) -> str:
    if not scope["path"].startswith("/static/") or status >= 400:
        return "no-store"
    named_by_content = b"v=" in scope["query_string"]
    return "public, max-age=31536000, immutable" if named_by_content else "no-cache"


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "other"))
