"""`ask --jsonl`: one request a line in, one reply a line out, in order.

In: lines of bytes. Out: JSON lines on standard output; a bad line becomes {"error": {...}, "line": n} and the rest goes
on. A request is checked by the rules that the HTTP surface has, so the two can't drift apart.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from assistant.asked import FieldError, short
from assistant.cli import screen
from assistant.errors import AssistantError, BadRequest
from assistant.http.asking import ALLOWED, FIELDS, AskRequest, check_request
from assistant.reply import Reply, as_json

if TYPE_CHECKING:
    from assistant.evaluating.engine import Engine

_BAD_INPUT = 2


@contextmanager
def lines(name: str) -> Iterator[Iterable[bytes]]:
    """The lines of a file, or of standard input for "-"."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(name, "rb")
    except OSError as error:
        message = f"{name!r} can't be read: {error.strerror}"
        raise BadRequest(message, place="--jsonl", remedy="Name a file of requests, or - for standard input") from error
    with file:
        yield file


def answer(lines: Iterable[bytes], engine: "Engine", longest: int, name: str) -> int:
    """Answer every line; 2 where any was bad."""
    bad = [number for number, line in enumerate(lines, 1) if not _answered(line, number, engine, longest)]
    if not bad:
        return 0
    named = ", ".join(map(str, bad[:10])) + (", ..." if len(bad) > 10 else "")
    screen.note(f"label-assistant: {name}: bad lines: {named}. The replies say what is wrong with each.")
    return _BAD_INPUT


def _answered(line: bytes, number: int, engine: "Engine", longest: int) -> bool:
    try:
        found = reply(engine, request(_parsed(line), longest))
    except BadRequest as error:
        screen.print_json({"error": _body(error), "line": number}, indent=None)
        return False
    screen.print_json(as_json(found), indent=None)
    return True


def request(values: Any, longest: int) -> AskRequest:
    """A checked request; raises FieldError naming field, value and what is allowed."""
    try:
        found = AskRequest.model_validate(values)
    except ValidationError as error:
        raise _field_error(error) from error
    check_request(found, longest)
    return found


def reply(engine: "Engine", request: AskRequest) -> Reply:
    """The engine's reply to a request."""
    return engine.ask(
        request.question,
        conversation_id=request.conversation_id,
        history=tuple(request.history),
        labels=request.labels,
        limit=request.limit,
    )


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise FieldError("line", short(line.decode("utf-8", "replace").strip()), _ONE, message="is not JSON") from error
    if not isinstance(values, dict):
        raise FieldError("line", short(values), _ONE)
    return values


_ONE = "one JSON object with a field question"


def _field_error(error: ValidationError) -> FieldError:
    first = error.errors()[0]
    field, value = ".".join(str(part) for part in first["loc"]), first["input"]
    allowed = ALLOWED.get(field.partition(".")[0], _ONE)
    if first["type"] == "extra_forbidden":
        return FieldError(field, value, f"only {FIELDS['AskRequest']}", message=f"there is no field {field!r}")
    if first["type"] == "missing":
        return FieldError(field, None, allowed, message="is missing")
    if first["type"] == "string_too_long":
        return FieldError(field, value, allowed, message=f"has {len(value):,} characters")
    return FieldError(field, value, allowed)


def _body(error: BadRequest | AssistantError) -> dict[str, Any]:
    said: dict[str, Any] = {"message": error.message, "place": error.place, "remedy": error.remedy}
    if isinstance(error, FieldError):
        said |= {"field": error.field, "value": short(error.value), "allowed": error.allowed}
    return said
