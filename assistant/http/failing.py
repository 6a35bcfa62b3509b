"""Errors to answers: one JSON body for programs, one friendly page for readers.

    {"error": {"message": ..., "place": ..., "remedy": ..., "field": ..., "value": ..., "allowed": ...}}

The last three stand only in a 422 about a request field. Third-party errors are mapped here, once. Left out: the
catch of everything unforeseen (`guarding`).
"""

import logging
import secrets
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.asked import FieldError, short
from assistant.errors import AssistantError, BadRequest, UnknownLabel
from assistant.http.asking import ALLOWED, FIELDS
from assistant.http.rendering import Pages

log = logging.getLogger(__name__)

_PROGRAM_PATHS = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")
_WORDS = {
    403: ("This is not allowed", "Open the page again and ask from there"),
    404: ("There is nothing at this address", "Go back to the questions, or open the label"),
    405: ("This address takes another method", "See /openapi.json for what each address takes"),
    408: ("The request did not come in time", "Send it again"),
    413: ("The request is over 64 KiB", "Send a shorter one"),
}


def body(error: AssistantError) -> dict[str, Any]:
    """The JSON body of an error."""
    said: dict[str, Any] = {"message": error.message, "place": error.place, "remedy": error.remedy}
    if isinstance(error, FieldError):
        said |= {"field": error.field, "value": short(error.value), "allowed": error.allowed}
    elif isinstance(error, BadRequest):
        said |= {"field": error.place}
    return {"error": said}


def answer(
    request: Request, error: AssistantError, pages: Pages, *, status: int | None = None, id: str = ""
) -> Response:
    """An error as a program or a reader takes it, with the headers that it brings."""
    status = status or error.status
    if is_program(request.url.path):
        response: Response = JSONResponse(body(error), status)
    else:
        response = pages.show("error.html", request, status=status, error=error, status_code=status, id=id)
    response.headers.update(error.headers)
    return response


def handlers(pages: Pages) -> dict[Any, Any]:
    """Exception handlers for FastAPI, showing pages with these templates."""

    async def on_assistant(request: Request, error: AssistantError) -> Response:
        status = 404 if isinstance(error, UnknownLabel) and request.method == "GET" else error.status
        if status >= 500:
            log.error("%s %s: %s", request.method, _route(request), error)
        return answer(request, error, pages, status=status)

    async def on_validation(request: Request, error: RequestValidationError) -> Response:
        return answer(request, _field_error(error, request.url.path), pages, status=422)

    async def on_http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 400:  # the body could not be decoded: as wrong as any other value
            return answer(request, _malformed(), pages, status=422)
        message, remedy = _WORDS.get(error.status_code, (str(error.detail), ""))
        missing = AssistantError(message, place=request.url.path, remedy=remedy)
        response = answer(request, missing, pages, status=error.status_code)
        response.headers.update(error.headers or {})
        return response

    return {
        AssistantError: on_assistant,
        RequestValidationError: on_validation,
        HTTPException: on_http,
    }


def refused(request: Request, pages: Pages, status: int) -> Response:
    """The answer to a body over the cap, or one that does not come."""
    message, remedy = _WORDS[status]
    return answer(request, AssistantError(message, place="body", remedy=remedy), pages, status=status)


def unforeseen(request: Request, pages: Pages, id: str) -> Response:
    """The answer to a fault of ours, logged under this id."""
    return answer(request, fault(id), pages, status=500, id=id)


def fault(id: str) -> AssistantError:
    """What a reader is told of a fault of ours: the id under which the log has its cause."""
    return AssistantError("Something went wrong on our side", place=id, remedy="Try again; if it stays, quote this id")


def new_id() -> str:
    """An id for a fault."""
    return secrets.token_hex(4)


def _route(request: Request) -> str:
    return str(getattr(request.scope.get("route"), "path", "other"))


def is_program(path: str) -> bool:
    """Whether programs rather than readers ask for this path."""
    return path.startswith(_PROGRAM_PATHS)


def _field_error(error: RequestValidationError, path_asked: str) -> FieldError:
    first = error.errors()[0]
    path = [str(part) for part in first["loc"] if part != "body"]
    if first["type"] in ("json_invalid", "model_attributes_type") or not path:
        return _malformed(str(first.get("ctx", {}).get("error", "")))
    field = ".".join(path)
    if first["type"] == "extra_forbidden":
        model = {"/api/feedback": "FeedbackRequest", "/api/tokens": "TokenRequest"}.get(path_asked, "AskRequest")
        return FieldError(field, first["input"], f"only {FIELDS[model]}", message=f"There is no field {field!r}")
    allowed = ALLOWED.get(path[0], "what /openapi.json describes")
    if first["type"] == "missing":
        return FieldError(field, None, allowed, message=f"The field {field!r} is missing")
    return FieldError(field, first["input"], allowed, message=f"{field} is {short(first['input'])!r}: {first['msg']}")


def _malformed(why: str = "") -> FieldError:
    message = f"The body is not a JSON object{f': {why}' if why else ''}"
    return FieldError("body", None, "one JSON object in UTF-8, as Content-Type: application/json", message=message)
