"""A turn to its row and back, exactly, under a seal.

In: a `Turn`, whether its text is kept. Out: plain values for the tables; a `Turn` again. A row whose
seal doesn't fit is StorageDamaged, so an altered row is never shown. Left out: the tables themselves.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.conversing import Turn
from assistant.errors import StorageDamaged
from assistant.query import Query
from assistant.reply import Reply, Understood, as_json
from assistant.storing.redacting import identifying, redacted_values

SEALED = (
    *("id", "conversation", "number", "asked", "kind", "reason", "label", "topic", "index_id", "elapsed_ms"),
    *("question", "request", "query", "reply", "origin", "redacted"),
)


def values_of(turn: Turn, questions: str) -> dict[str, Any]:
    """The columns that say what was asked and answered; `questions` is the setting of that name."""
    reply, query = as_json(turn.reply), as_json(turn.query)
    request = {"history": list(turn.history), "labels": turn.labels and list(turn.labels), "limit": turn.limit}
    if questions == "redacted":
        taken = identifying(" ; ".join((turn.reply.question, turn.reply.standalone_question, *turn.history)))
        reply, query, request = (redacted_values(value, taken) for value in (reply, query, request))
    elif questions == "none":
        reply, query, request = _wordless(reply), {}, request | {"history": []}
    understood = reply["understood"] or {}
    return {
        "id": turn.reply.turn_id,
        "kind": turn.reply.kind,
        "reason": turn.reply.reason or "",
        "label": (turn.reply.understood.label or "")[:200],
        "topic": understood.get("topic") or "",
        "index_id": turn.reply.index_id,
        "elapsed_ms": turn.reply.elapsed_ms,
        "question": reply["question"].encode("utf-8", "replace").decode(),
        "request": _dumped(request),
        "query": _dumped(query),
        "reply": _dumped(reply),
        "origin": _dumped(dict(turn.origin)),
        "redacted": questions != "verbatim",
    }


def _wordless(reply: dict[str, Any]) -> dict[str, Any]:
    """A reply without what would tell its question: what it quotes and its kinds stay."""
    notices = [notice | {"text": ""} for notice in reply["notices"]]
    bare = {"question": "", "standalone_question": "", "message": "", "choices": [], "notices": notices}
    return {key: bare.get(key, value) for key, value in reply.items()} | {"understood": as_json(Understood())}


def sealed(values: Mapping[str, Any]) -> str:
    """The sha256 over every column but the seal."""
    plain = [str(values[name]) if name != "redacted" else str(bool(values[name])) for name in SEALED]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


def checked(row: Mapping[str, Any], place: str) -> Mapping[str, Any]:
    """The row where its seal fits; else StorageDamaged."""
    if sealed(row) != row["seal"]:
        raise _damaged(row, place, "was altered: its seal doesn't fit")
    return row


def turn_of(row: Mapping[str, Any], place: str) -> Turn:
    """The turn of a row; StorageDamaged where it was altered."""
    checked(row, place)
    request = json.loads(row["request"])
    query = row["query"] if row["query"] != "{}" else _dumped(as_json(Query(question="", standalone="")))
    try:
        return Turn(
            query=_adapter(Query).validate_json(query),
            reply=_adapter(Reply).validate_json(row["reply"]),
            history=tuple(request["history"]),
            labels=tuple(request["labels"]) if request["labels"] else None,
            limit=request["limit"],
            origin=json.loads(row["origin"]),
        )
    except ValidationError as error:
        raise _damaged(row, place, "can't be read back by this version") from error


def reply_of(row: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The reply of a row as plain values; StorageDamaged where it was altered."""
    found: dict[str, Any] = json.loads(checked(row, place)["reply"])
    return found


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _damaged(row: Mapping[str, Any], place: str, what: str) -> StorageDamaged:
    remedy = "Put the last backup in its place"
    return StorageDamaged(f"turn {row['id']} {what}", place=place, remedy=remedy)


def _dumped(value: Any) -> str:
    # subtle: half a surrogate pair, which only a program can ask, is no UTF-8
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()
