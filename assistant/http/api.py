"""The JSON and event-stream routes of the reply contract.

In: a `Desk`. Out: an `APIRouter`. Questions go to the workers of `pacing`, plain functions run in a thread, so that the
engine never holds up the loop.
Left out: how an error looks (`failing`).
"""

import json
import logging
from collections.abc import AsyncIterator
from concurrent.futures import Future
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Body, Request, Response
from sse_starlette.sse import EventSourceResponse
from starlette.responses import JSONResponse, PlainTextResponse

from assistant.asked import check_text
from assistant.errors import AssistantError, NotSwappable
from assistant.http import examples, failing
from assistant.http.asking import AskRequest, ChangeRequest, FeedbackRequest, check_request
from assistant.http.calling import caller_of
from assistant.http.chips import Chip, chips_of, reworded
from assistant.http.desk import Desk, turn_in
from assistant.http.outline import LabelLine, Outline, line_of, outline_of
from assistant.reply import Reply, as_json
from assistant.swapping import Swapping

log = logging.getLogger(__name__)

_PING = 15  # seconds between the comments that keep an idle stream open
_STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_TEXT = {"content": {"text/plain": {"schema": {"type": "string"}, "example": examples.TEXT}}}


def _ok(example: Any, what: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": what, "content": {"application/json": {"example": example}}}}


def router(desk: Desk) -> APIRouter:
    """Every route for programs."""
    routes = APIRouter()
    _add_asking(routes, desk)
    _add_chips(routes, desk)
    _add_labels(routes, desk)
    _add_operations(routes, desk)
    return routes


def _add_asking(routes: APIRouter, desk: Desk) -> None:
    @routes.post(
        "/api/ask",
        summary="Ask a question",
        response_model=Reply,
        responses={
            200: {"description": "The reply", "content": {"application/json": {"examples": examples.REPLIES}}},
            **examples.FAILURES,
        },
    )
    async def ask(http: Request, request: Annotated[AskRequest, Body(openapi_examples=examples.REQUESTS)]) -> Response:
        """Answers by quoting the labels; every figure stands in a quote with its exact character offsets."""
        return JSONResponse(as_json(await desk.answer(request, caller_of(http).owner)))

    @routes.post(
        "/api/ask/stream",
        summary="Ask a question, as server-sent events",
        response_class=EventSourceResponse,
        responses={
            200: {
                "description": "Events: status, citation (one each), then reply; or error",
                "content": {"text/event-stream": {"schema": examples.EVENT, "example": examples.STREAM}},
            },
            **examples.FAILURES,
        },
    )
    async def stream(
        http: Request, request: Annotated[AskRequest, Body(openapi_examples=examples.REQUESTS)]
    ) -> Response:
        """The same reply as /api/ask, in events; a request that is wrong is a 422 before the stream begins."""
        check_request(request, desk.settings.question_length)
        begun = desk.begin(request, caller_of(http).owner)
        return EventSourceResponse(_events(desk, begun), ping=_PING, headers=_STREAM_HEADERS)

    @routes.get(
        "/api/conversations/{conversation_id}",
        summary="A conversation so far",
        response_model=list[Reply],
        responses={**_ok([examples.ANSWER], "Its replies, oldest first"), 404: examples.FAILURES[404]},
    )
    def conversation(http: Request, conversation_id: str) -> Response:
        """Every turn of a conversation; it is there only for the key that began it."""
        return JSONResponse(as_json(tuple(desk.engine.conversation(conversation_id, caller_of(http).owner))))

    @routes.post("/api/feedback", summary="Rate a turn", status_code=204, responses={422: examples.FAILURES[422]})
    def feedback(
        http: Request, request: Annotated[FeedbackRequest, Body(openapi_examples=examples.FEEDBACK)]
    ) -> Response:
        """Keeps whether a reader found a turn helpful."""
        check_text(request.comment, "comment")
        desk.engine.feedback(request.turn_id, request.rating, request.comment, caller_of(http).owner)
        return Response(status_code=204)


def _add_chips(routes: APIRouter, desk: Desk) -> None:
    @routes.get(
        "/api/conversations/{conversation_id}/{turn_id}/chips",
        summary="How a question was understood, and what can be changed",
        response_model=list[Chip],
        responses={**_ok(examples.CHIPS, "The slots that were filled, in a fixed order"), 404: examples.FAILURES[404]},
    )
    def chips(http: Request, conversation_id: str, turn_id: str) -> Response:
        """A slot offers `options`, any value where it is `typed`, and can be left out where it is `removable`."""
        turn = turn_in(desk.engine.conversation(conversation_id, caller_of(http).owner), turn_id)
        return JSONResponse(as_json(chips_of(turn, {label.id: label for label in desk.engine.labels()})))

    @routes.post(
        "/api/conversations/{conversation_id}/{turn_id}/question",
        summary="A turn's question with one slot changed",
        responses={
            **_ok(examples.CHANGED, "The question, which is not asked yet"),
            404: examples.FAILURES[404],
            422: examples.FAILURES[422],
        },
    )
    def changed(
        http: Request,
        conversation_id: str,
        turn_id: str,
        request: Annotated[ChangeRequest, Body(openapi_examples=examples.CHANGES)],
    ) -> dict[str, str]:
        """For another product the words stay: ask them with that product in `labels`."""
        check_text(request.value, "value")
        turn = turn_in(desk.engine.conversation(conversation_id, caller_of(http).owner), turn_id)
        return {"question": reworded(turn, request.slot, request.value.strip())}


def _add_labels(routes: APIRouter, desk: Desk) -> None:
    @routes.get(
        "/api/labels",
        summary="What is indexed",
        response_model=list[LabelLine],
        responses=_ok([examples.LABEL_LINE], "Every label"),
    )
    def labels() -> Response:
        """One line a label."""
        return JSONResponse(as_json([line_of(label) for label in desk.engine.labels()]))

    @routes.get(
        "/api/labels/{label_id}",
        summary="A label's outline",
        response_model=Outline,
        responses={**_ok(examples.OUTLINE, "Sections, tables, findings"), 404: examples.FAILURES[404]},
    )
    def outline(label_id: str) -> Response:
        """By id, set id or an unambiguous product name; spans are half-open and count Unicode code points."""
        return JSONResponse(as_json(outline_of(desk.engine.label(label_id))))

    @routes.get(
        "/api/labels/{label_id}/text",
        summary="A label's exact text",
        response_class=PlainTextResponse,
        responses={
            200: {"description": "The text that every quote is a slice of", **_TEXT},
            404: examples.FAILURES[404],
        },
    )
    def text(label_id: str, request: Request) -> Response:
        """The canonical source text: `text[start:end]` of any citation is its quote."""
        label = desk.engine.label(label_id)
        headers = {"ETag": f'"{quote(label.sha256, safe="")}-{len(label.text)}"', "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return PlainTextResponse(label.text.encode(), headers=headers)  # subtle: bytes keep a lone "\r" as it is


def _add_operations(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/healthz", summary="The process is up", responses=_ok({"status": "up"}, "Up"))
    async def health() -> dict[str, str]:
        """Answers as long as the process does."""
        return {"status": "up"}

    @routes.get(
        "/readyz",
        summary="The index is loaded and verified",
        responses={**_ok(examples.READY, "Ready"), 503: examples.FAILURES[503]},
    )
    def ready() -> dict[str, Any]:
        """503 with what is wrong where the index can't serve; "degraded" where a newer one is damaged."""
        said = {"status": "ready", "index_id": desk.engine.index_id, "labels": len(desk.engine.labels())}
        trouble: AssistantError | None = getattr(desk.engine, "trouble", None)
        return said | {"status": "degraded", "trouble": failing.body(trouble)["error"]} if trouble else said

    @routes.post(
        "/api/index/swap",
        summary="Serve from the newest index",
        responses={
            **_ok(examples.SWAPPED, "The index that serves now, and the one that served before"),
            401: examples.FAILURES[401],
            403: examples.FAILURES[403],
            404: examples.FAILURES[404],
            409: examples.FAILURES[409],
            429: examples.FAILURES[429],
            503: examples.FAILURES[503],
        },
    )
    def swap(http: Request) -> Response:
        """For a key with the scope admin; what is damaged never comes in, the last good index stays."""
        caller_of(http).require("admin")
        if not isinstance(desk.engine, Swapping):
            raise NotSwappable("This index can't be swapped", place="index", remedy="Start label-assistant serve")
        return JSONResponse(as_json(desk.engine.swap()))

    @routes.get(
        "/metrics",
        summary="Figures for Prometheus",
        response_class=PlainTextResponse,
        responses={200: {"description": "Text format", "content": {"text/plain": {"example": examples.METRICS}}}},
    )
    async def metrics() -> Response:
        """Requests, replies by kind, seconds to a reply, and the index that serves."""
        return PlainTextResponse(
            desk.counts.exposition(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )


async def _events(desk: Desk, begun: "Future[Reply]") -> AsyncIterator[dict[str, str]]:
    yield _event("status", {"stage": "searching"})
    try:
        reply = await desk.pace.finish(begun)
    except AssistantError as error:
        yield _event("error", failing.body(error))
        return
    except Exception:
        id = failing.new_id()
        log.exception("fault %s at POST /api/ask/stream", id)
        yield _event("error", failing.body(failing.fault(id)))
        return
    for citation in reply.citations:
        yield _event("citation", as_json(citation))
    yield _event("reply", as_json(reply))


def _event(name: str, value: Any) -> dict[str, str]:
    return {"event": name, "data": json.dumps(value, ensure_ascii=False)}
