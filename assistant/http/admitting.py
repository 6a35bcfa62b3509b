"""Who may call the API from a page of another origin: a portal that is named, with a token.

In: requests. Out: the same, with CORS headers (https://fetch.spec.whatwg.org/#http-cors-protocol) where the origin is
allowed; else 403, so that neither a simple request nor a preflight gets through. A request without an Origin header, or
from our own pages, is no cross-origin request and passes. Left out: tokens themselves (`keys`).
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import AssistantError
from assistant.http.calling import CALLER, Caller
from assistant.http.failing import body
from assistant.http.keys import Keys, Refused

_OPEN = "/widget/"  # script files, the same for all
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
}


class Doorway:
    """Refuses cross-origin requests that no portal's key allows."""

    def __init__(self, app: ASGIApp, keys: Keys, base_url: str) -> None:
        self._app = app
        self._keys = keys
        self._own = base_url.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        origin = headers.get("origin", "")
        if not origin or self._is_own(origin, headers.get("host", "")) or scope["path"].startswith(_OPEN):
            await self._app(scope, receive, send)
            return
        try:
            preflight = self._admit(Request(scope), origin)
        except AssistantError as error:
            await self._refused(scope, error, origin)(scope, receive, send)
            return
        if preflight:
            await Response(status_code=204, headers=_allowing(origin) | _PREFLIGHT)(scope, receive, send)
            return

        async def allowed(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(raw=message["headers"])
                message["headers"] = answered.raw
                answered.update(_allowing(origin))
            await send(message)

        await self._app(scope, receive, allowed)

    def _is_own(self, origin: str, host: str) -> bool:
        return origin == self._own or urlsplit(origin).netloc.casefold() == host.casefold() != ""

    def _admit(self, request: Request, origin: str) -> bool:
        """Whether it is a preflight; raises Refused where the request may not be made."""
        if not request.url.path.startswith("/api/") or not self._keys.may_call(origin):
            raise Refused(
                f"Pages of {origin[:200]!r} may not call this", place="origin", remedy="Ask for a portal's key"
            )
        if request.method == "OPTIONS" and "access-control-request-method" in request.headers:
            return True
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        said = self._keys.check(token if kind.casefold() == "bearer" else "", origin)
        request.scope[CALLER] = Caller(owner=f"portal:{said.portal}", scopes=("ask",))
        return False

    def _refused(self, scope: Scope, error: AssistantError, origin: str) -> Response:
        """A refused origin gets no header that would let its page read why; one whose token is out does."""
        headers = _allowing(origin) if error.status == 401 else {"Vary": "Origin"}
        return JSONResponse(body(error), error.status, headers)


def _allowing(origin: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After, X-Request-ID",
        "Vary": "Origin",
    }
