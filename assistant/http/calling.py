"""Who calls: a program with a key, a person who signed in with one, a portal's page, or nobody in particular.

In: requests. Out: `Callers`, which lays a `Caller` into each, and `caller_of`, which reads it there. A key stands in
`Authorization: Bearer la_...`; a session is a cookie that names the key's id and when it ends, sealed with HMAC-SHA256,
and is good only while the key is. Left out: making keys (`storing.keyring`), the page to sign in at (`signing_in`).
"""

import hashlib
import hmac
import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.errors import AssistantError, BadSetting
from assistant.http import failing
from assistant.http.rendering import Pages

log = logging.getLogger(__name__)

CALLER = "label_assistant.caller"  # key of the scope
SIGNED = "/slack/"  # under it Slack signs each request, for all who ask in it
COOKIE = "label_assistant_session"
LIFETIME = 8 * 3600  # seconds of a session: a working day
_PREFIX = "la_"
_SHORTEST = 32  # bytes of a secret
# What anyone may see even where a key is asked for: whether it runs, what a page needs, where to sign in.
_OPEN = (
    "/healthz",
    "/readyz",
    "/static/",
    "/widget/",
    "/api/tokens",
    "/sign-in",
    "/sign-out",
    "/openapi.json",
    SIGNED,
)


class NoKey(AssistantError):
    """No key, or one that opens nothing."""

    status = 401
    sent: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": "Bearer"}


class NotAllowed(AssistantError):
    """A key without the scope that this takes."""

    status = 403


class Holder(Protocol):
    """What is known of a key."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def scopes(self) -> tuple[str, ...]: ...


class Keyring(Protocol):
    """Where keys are looked up."""

    def holder(self, key: str) -> Holder | None:
        """Who holds a key, None where it opens nothing."""
        ...

    def current(self, id: str) -> Holder | None:
        """The holder of that id while the key is good."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls; `owner` owns the conversations, empty for nobody in particular."""

    owner: str = ""
    scopes: tuple[str, ...] = ()

    def require(self, scope: str) -> None:
        """Raise NoKey or NotAllowed where the caller has not that scope."""
        if not self.owner:
            raise NoKey("This takes a key", place="key", remedy="Send Authorization: Bearer KEY, or sign in")
        if scope not in self.scopes:
            remedy = f"Make one: label-assistant keys add NAME --scope {scope}"
            raise NotAllowed(f"This key has not the scope {scope!r}", place="key", remedy=remedy)


def caller_of(request: HTTPConnection) -> Caller:
    """Who makes this request."""
    found = request.scope.get(CALLER)
    return found if isinstance(found, Caller) else Caller()


class Sessions:
    """Cookies that say who signed in."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def open(cls, path: Path | None) -> "Sessions":
        """With the secret of a file; without one, sessions end with the process."""
        return cls(secrets.token_bytes(_SHORTEST) if path is None else read_secret(path))

    def issue(self, id: str) -> str:
        """The cookie of a key's holder."""
        said = f"{id}.{int(time.time()) + LIFETIME}"
        return f"{said}.{self._seal(said)}"

    def read(self, cookie: str) -> str:
        """The id that a cookie names, empty where it is not genuine or over."""
        said, _, seal = cookie.rpartition(".")
        if not hmac.compare_digest(self._seal(said).encode(), seal.encode("utf-8", "replace")):
            return ""
        id, _, ends = said.partition(".")
        now = time.time()
        # A clock that was set back must not make a session last longer than a working day.
        return id if now < int(ends) <= now + LIFETIME else ""

    def _seal(self, said: str) -> str:
        return hmac.new(self._secret, f"session\n{said}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def read_secret(path: Path) -> bytes:
    """The secret of a file; raises BadSetting."""
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise BadSetting(f"can't be read: {error.strerror}", place=str(path), remedy="Name an existing file") from error
    if len(secret) < _SHORTEST:
        remedy = f"Make one of {_SHORTEST} bytes or more, as: openssl rand -hex 32 > FILE"
        raise BadSetting(f"holds {len(secret)} bytes", place=str(path), remedy=remedy)
    return secret


class Callers:
    """Says who calls; where a key is asked for, nobody else gets in."""

    def __init__(
        self, app: ASGIApp, pages: Pages, keyring: Keyring | None, sessions: Sessions, *, required: bool
    ) -> None:
        self._app = app
        self._pages = pages
        self._keyring = keyring
        self._sessions = sessions
        self._required = required

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            if CALLER not in scope:  # else a portal's page, which showed its token
                scope[CALLER] = await self._caller(request)
            if self._required and not scope["path"].startswith(_OPEN):
                caller_of(request).require("ask")
        except AssistantError as error:
            log.info("refused: %s", error.message)
            answered = failing.answer(request, error, self._pages)
            if isinstance(error, NoKey) and scope["method"] == "GET" and not failing.is_program(scope["path"]):
                answered = RedirectResponse("/sign-in", 303)
            await answered(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _caller(self, request: Request) -> Caller:
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        if kind.casefold() == "bearer" and key.startswith(_PREFIX):
            found = await run_in_threadpool(self._keyring.holder, key) if self._keyring else None
            if found is None:
                raise NoKey("The key opens nothing", place="key", remedy="Ask for a new one")
            return _as_caller(found)
        id = self._sessions.read(request.cookies.get(COOKIE, ""))
        current = await run_in_threadpool(self._keyring.current, id) if id and self._keyring else None
        return _as_caller(current) if current else Caller()


def _as_caller(holder: Holder) -> Caller:
    return Caller(owner=f"key:{holder.id}", scopes=holder.scopes)
