"""Signing in with a key, for people: a page that takes it and a cookie that lasts a working day.

In: the keyring, the sessions, the templates. Out: an `APIRouter`. The key itself is never kept in the browser. Left out:
who may do what (`calling`).
"""

import logging
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from assistant.http.calling import COOKIE, LIFETIME, Keyring, Sessions
from assistant.http.rendering import Pages

log = logging.getLogger(__name__)


def router(keyring: Keyring | None, sessions: Sessions, pages: Pages) -> APIRouter:
    """The page to sign in, and the way out."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/sign-in")
    def page(request: Request) -> Response:
        """Ask for a key."""
        return pages.show("sign_in.html", request, wrong=False)

    @routes.post("/sign-in")
    def sign_in(request: Request, key: Annotated[str, Form(max_length=200)] = "") -> Response:
        """Take a key, lead to where it opens; a wrong one is asked for again."""
        holder = keyring.holder(key.strip()) if keyring else None
        log.info("signing in: %s", "done" if holder else "refused")
        if holder is None:
            return pages.show("sign_in.html", request, status=403, wrong=True)
        response = RedirectResponse("/reports" if "review" in holder.scopes else "/", 303)
        secure = request.url.scheme == "https"
        response.set_cookie(
            COOKIE, sessions.issue(holder.id), max_age=LIFETIME, httponly=True, samesite="strict", secure=secure
        )
        return response

    @routes.post("/sign-out")
    def sign_out() -> Response:
        """Forget who signed in."""
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return response

    return routes
