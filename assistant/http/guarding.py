"""The two gates around the application: no body over the cap gets in, no answer gets out without its security headers.

Pure ASGI, so that event streams pass through unbuffered. The policy needs no nonce, since no page has an inline script
or style. The referrer policy is same-origin: under no-referrer a browser sends our own forms with a null origin, which
could not be told from another site's. Left out: portals (`admitting`) and rate limits.
"""

import logging
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.http.counting import Counts
from assistant.http.failing import new_id, too_large, unforeseen
from assistant.http.rendering import Pages

log = logging.getLogger(__name__)

BODY_CAP = 64 * 1024  # bytes
_LARGER = {"/slack/events": 512 * 1024}  # a press carries the whole answer back, every letter escaped
FRAMED_BY = "label_assistant.framed_by"  # key of the scope: the one origin that may show this answer in a frame
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

    def __init__(self, app: ASGIApp, pages: Pages, counts: Counts) -> None:
        self._app = app
        self._pages = pages
        self._counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, scope)
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception:
            id = new_id()
            log.exception("fault %s at %s %s", id, scope["method"], scope["path"])
            response = unforeseen(Request(scope), self._pages, id)
            if not status:  # subtle: a stream that broke halfway can only be cut
                await response(scope, receive, guarded)
        self._counts.request(_route(scope), status)


class BodyCap:
    """Reads a request body before the application does, and refuses one over the cap."""

    def __init__(self, app: ASGIApp, pages: Pages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        messages: list[Message] = []
        size = 0
        more, most = True, _LARGER.get(scope["path"], BODY_CAP)
        while more:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            more = message["type"] == "http.request" and message.get("more_body", False)
            if size > most:
                await too_large(Request(scope), self._pages)(scope, receive, send)
                return

        async def replay() -> Message:
            return messages.pop(0) if messages else await receive()

        await self._app(scope, replay, send)


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
