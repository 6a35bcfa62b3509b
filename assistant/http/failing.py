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

from assistant.errors import AssistantError, BadRequest, UnknownLabel
from assistant.http.asking import ALLOWED, FIELDS, FieldError, short
from assistant.http.rendering import Pages

log = logging.getLogger(__name__)

_PROGRAM_PATHS = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")
_WORDS = {
    403: ("This is not allowed", "Open the page again and ask from there"),
    404: ("There is nothing at this address", "Go back to the questions, or open the label"),
    405: ("This address takes another method", "See /openapi.json for what each address takes"),
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


def handlers(pages: Pages) -> dict[Any, Any]:
    """Exception handlers for FastAPI, showing pages with these templates."""

    def answer(request: Request, error: AssistantError, status: int) -> Response:
        if is_program(request.url.path):
            return JSONResponse(body(error), status)
        return pages.show("error.html", request, status=status, error=error, status_code=status, id="")

    async def on_assistant(request: Request, error: AssistantError) -> Response:
        status = 404 if isinstance(error, UnknownLabel) and request.method == "GET" else error.status
        if status >= 500:
            log.error("%s %s: %s", request.method, request.url.path, error)
        return answer(request, error, status)

    async def on_validation(request: Request, error: RequestValidationError) -> Response:
        return answer(request, _field_error(error, request.url.path), 422)

    async def on_http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 400:  # the body could not be decoded: as wrong as any other value
            return answer(request, _malformed(), 422)
        message, remedy = _WORDS.get(error.status_code, (str(error.detail), ""))
        missing = AssistantError(message, place=request.url.path, remedy=remedy)
        response = answer(request, missing, error.status_code)
        response.headers.update(error.headers or {})
        return response

    return {
        AssistantError: on_assistant,
        RequestValidationError: on_validation,
        HTTPException: on_http,
    }


def too_large(request: Request, pages: Pages) -> Response:
    """The answer to a body over the cap."""
    message, remedy = _WORDS[413]
    error = AssistantError(message, place="body", remedy=remedy)
    if is_program(request.url.path):
        return JSONResponse(body(error), 413)
    return pages.show("error.html", request, status=413, error=error, status_code=413, id="")


def unforeseen(request: Request, pages: Pages, id: str) -> Response:
    """The answer to a fault of ours, logged under this id."""
    error = fault(id)
    if is_program(request.url.path):
        return JSONResponse(body(error), 500)
    return pages.show("error.html", request, status=500, error=error, status_code=500, id=id)


def fault(id: str) -> AssistantError:
    """What a reader is told of a fault of ours: the id under which the log has its cause."""
    return AssistantError("Something went wrong on our side", place=id, remedy="Try again; if it stays, quote this id")


def new_id() -> str:
    """An id for a fault."""
    return secrets.token_hex(4)


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
