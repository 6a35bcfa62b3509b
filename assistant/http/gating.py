"""The first-use gate: a reader confirms once a browser to be a U.S. health-care professional.

In: the settings and the templates. Out: `Gate.require`, for the routes behind it, and `router`. What a browser keeps is
one cookie that says yes. It is a statement by the reader, not an authentication; programs don't pass through it.
"""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from assistant.http.rendering import Pages
from assistant.settings import Settings

COOKIE = "label_assistant_professional"
_KEPT = 180 * 24 * 3600  # seconds until a reader is asked again


class NotConfirmed(Exception):
    """The reader has not said yet who they are."""


class Gate:
    """Open for all where the settings have none."""

    def __init__(self, settings: Settings) -> None:
        self._closed = settings.gate

    def require(self, request: Request) -> None:
        """Raise NotConfirmed where the gate is closed to this browser."""
        if self._closed and request.cookies.get(COOKIE) != "yes":
            raise NotConfirmed


def to_gate(request: Request, error: Exception) -> Response:
    """On to the gate, and from there back to the page that was asked for."""
    del error
    query = f"?{request.url.query}" if request.url.query else ""
    wanted = f"{request.url.path}{query}" if request.method == "GET" else "/"
    return RedirectResponse(f"/professionals?to={quote(wanted, safe='')}", 303)


def router(pages: Pages) -> APIRouter:
    """The page that asks, and the answer to it."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/professionals")
    def gate(request: Request, to: str = "/") -> Response:
        """Ask whether a health-care professional reads."""
        return pages.show("gate.html", request, to=local(to))

    @routes.post("/professionals")
    def confirm(request: Request, to: Annotated[str, Form()] = "/") -> Response:
        """Keep the yes and go on."""
        response = RedirectResponse(local(to), 303)
        response.set_cookie(
            COOKIE, "yes", max_age=_KEPT, httponly=True, samesite="lax", secure=request.url.scheme == "https"
        )
        return response

    return routes


def local(address: str) -> str:
    """The address where it stays on this server, else the home page.

    >>> local("/labels/x?cite=1-2"), local("//elsewhere"), local("https://elsewhere")
    ('/labels/x?cite=1-2', '/', '/')
    """
    stays = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if stays and "\\" not in address else "/"
