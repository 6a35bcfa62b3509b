"""The portal widget: its script under a name that holds its content's hash, tokens, and the page for a frame.

In: a `Desk`, the `Keys` and the templates. Out: an `APIRouter`. The script is the same for all and cached for good;
/widget/integrity.json says its name and its SRI hash (https://www.w3.org/TR/sri/). Left out: the widget (`web/widget`).
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from assistant.http import examples
from assistant.http.asking import TokenRequest
from assistant.http.desk import Desk
from assistant.http.guarding import FRAMED_BY
from assistant.http.keys import Keys, Refused
from assistant.http.rendering import Pages

_FOR_ALL = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}


class Script:
    """The widget's script as it is served: helpers, style and element in one function, read once."""

    def __init__(self, folder: Path) -> None:
        names = ("parts.js", "chips.js", "source.js", "widget.css", "widget.js")
        *parts, style, element = ((folder / name).read_text("utf-8") for name in names)
        whole = f'(() => {{\n"use strict";\n{"".join(parts)}\nconst STYLE = {json.dumps(style)};\n{element}}})();\n'
        self.content = whole.encode()
        digest = hashlib.sha384(self.content).digest()
        self.version = digest.hex()[:12]
        self.integrity = f"sha384-{base64.b64encode(digest).decode()}"
        self.url = f"/widget/{self.version}/widget.js"

    def tag(self, base_url: str) -> str:
        """The element that a portal pastes."""
        return (
            f'<script src="{base_url}{self.url}" integrity="{self.integrity}" crossorigin="anonymous" defer></script>'
        )


def router(desk: Desk, keys: Keys, pages: Pages) -> APIRouter:
    """Every route of the widget."""
    routes = APIRouter()
    script = Script(pages.widget)
    _add_script(routes, script, desk)
    _add_tokens(routes, keys)
    _add_frame(routes, script, keys, pages, desk)
    return routes


def _add_script(routes: APIRouter, script: Script, desk: Desk) -> None:
    @routes.get("/widget/integrity.json", include_in_schema=False)
    def integrity(request: Request) -> Response:
        """What to paste into a page."""
        base_url = (desk.settings.base_url or str(request.base_url)).rstrip("/")
        said = {
            "version": script.version,
            "url": script.url,
            "integrity": script.integrity,
            "tag": script.tag(base_url),
        }
        return JSONResponse(said, headers=_FOR_ALL | {"Cache-Control": "no-cache"})

    @routes.get("/widget/{version}/widget.js", include_in_schema=False)
    def file(version: str) -> Response:
        """The script of this version; another one is gone."""
        if version != script.version:
            raise HTTPException(404)
        return Response(script.content, media_type="text/javascript", headers=_FOR_ALL | _FOR_GOOD)


def _add_tokens(routes: APIRouter, keys: Keys) -> None:
    @routes.post(
        "/api/tokens",
        summary="A token for a portal's pages",
        responses={
            200: {"description": "The token", "content": {"application/json": {"example": examples.TOKEN}}},
            403: examples.FAILURES[403],
            422: examples.FAILURES[422],
        },
    )
    def token(request: Annotated[TokenRequest, Body(openapi_examples=examples.TOKEN_REQUESTS)]) -> dict[str, str | int]:
        """For a portal's server, which signs with its key; the token goes into its page, the key never does."""
        made, seconds = keys.issue(request.portal, request.origin, request.at, request.signature)
        return {"token": made, "expires_in": seconds}


def _add_frame(routes: APIRouter, script: Script, keys: Keys, pages: Pages, desk: Desk) -> None:
    @routes.get("/embed", include_in_schema=False)
    def frame(request: Request, portal: str = "", origin: str = "", product: str = "") -> Response:
        """The inline widget as a page, for a frame on an origin that the portal's key names."""
        if not keys.may_frame(portal, origin):
            raise Refused(
                "This page may not be shown in a frame there", place="origin", remedy="Ask for a portal's key"
            )
        label = desk.engine.label(product) if product else None
        request.scope[FRAMED_BY] = origin
        return pages.show("embed.html", request, script=script, origin=origin, label=label)
