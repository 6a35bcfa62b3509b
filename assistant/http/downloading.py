"""A conversation to keep: as JSON, and as one page of HTML that needs nothing else and prints well.

In: a `Desk`, the templates. Out: an `APIRouter`. PDF is the browser's own print of either page.
"""

import json
from datetime import UTC, datetime

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup

from assistant.http.calling import caller_of
from assistant.http.desk import Desk
from assistant.http.gating import Gate
from assistant.http.outline import about_label
from assistant.http.rendering import Pages
from assistant.http.turns import turn_of
from assistant.reply import as_json


def router(desk: Desk, pages: Pages, gate: Gate) -> APIRouter:
    """Both downloads."""
    routes = APIRouter(include_in_schema=False, dependencies=[Depends(gate.require)])

    @routes.get("/c/{conversation_id}/conversation.json")
    def as_file(request: Request, conversation_id: str) -> Response:
        """The replies, oldest first, as the API gives them."""
        replies = as_json(tuple(desk.engine.conversation(conversation_id, caller_of(request).owner)))
        text = json.dumps(replies, ensure_ascii=False, indent=1)
        return Response(text, media_type="application/json", headers=_attached("json"))

    @routes.get("/c/{conversation_id}/conversation.html")
    def as_page(request: Request, conversation_id: str) -> Response:
        """The conversation with its style, every part unfolded and every link whole."""
        replies = desk.engine.conversation(conversation_id, caller_of(request).owner)
        labels = {label.id: label for label in desk.engine.labels()}
        base_url = (desk.settings.base_url or str(request.base_url)).rstrip("/")
        last = next((labels[one.understood.label] for one in reversed(replies) if one.understood.label in labels), None)
        response = pages.show(
            "download.html",
            request,
            turns=[turn_of(reply, labels, base_url) for reply in replies],
            base_url=base_url,
            made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            index_id=desk.engine.index_id,
            style=Markup((pages.static / "style.css").read_text(encoding="utf-8")),  # nosec B704: our own file, not a label's
            **about_label(last),
        )
        response.headers.update(_attached("html"))
        return response

    return routes


def _attached(ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="conversation.{ending}"'}
