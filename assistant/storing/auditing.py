"""Where a reply came from, as one bundle that can be signed and verified later, by anyone who has the secret.

In: a turn's id, or a signed bundle. Out: `evidence`, plain values: what was asked before, the reply with every cited
place, hashes of index, model, labels and wording; `sign` and `verify`, HMAC-SHA256 over canonical JSON
(https://www.rfc-editor.org/rfc/rfc8785 in spirit: sorted keys, no spaces). Left out: asking again (`cli.explaining`).
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from assistant.errors import BadRequest
from assistant.storing.opening import Database
from assistant.storing.reviewing import row_of
from assistant.storing.rows import checked
from assistant.storing.tables import citations, turns

FORMAT = "label-assistant bundle 1"


def evidence(database: Database, turn_id: str) -> dict[str, Any]:
    """All that is kept of a turn; raises BadRequest where there is none, StorageDamaged where it was altered."""
    row = row_of(database, turn_id)
    earlier = select(turns).where(turns.c.conversation == row["conversation"], turns.c.number < row["number"])
    cited = select(citations).where(citations.c.turn == turn_id).order_by(citations.c.number)
    with database.reading() as connection:
        before = [dict(one) for one in connection.execute(earlier.order_by(turns.c.number)).mappings()]
        places = [dict(one) for one in connection.execute(cited).mappings()]
    return {
        "format": FORMAT,
        "turn_id": turn_id,
        "conversation_id": row["conversation"],
        "number": row["number"],
        "asked": row["asked"],
        "words": "redacted or left out" if row["redacted"] else "verbatim",
        "question": row["question"],
        "request": json.loads(row["request"]),
        "earlier": [_earlier(one, database.place) for one in before],
        "origin": json.loads(row["origin"]),
        "understanding": json.loads(row["query"]),
        "labels": {one["label"]: one["sha256"] for one in places},
        "citations": [{key: one[key] for key in ("number", "label", "first", "end", "quote")} for one in places],
        "reply": json.loads(row["reply"]),
        "seal": row["seal"],
    }


def sign(bundle: Mapping[str, Any], secret: bytes) -> dict[str, Any]:
    """The bundle with its signature."""
    return {"bundle": dict(bundle), "signature": {"algorithm": "HMAC-SHA256", "value": _signature(bundle, secret)}}


def verify(signed: Any, secret: bytes) -> dict[str, Any]:
    """The bundle of a signed one; raises BadRequest where it was altered or another secret signed it."""
    remedy = "Ask for the bundle again: label-assistant explain TURN --bundle FILE"
    try:
        bundle, value = dict(signed["bundle"]), str(signed["signature"]["value"])
        known = bundle["format"] == FORMAT and signed["signature"]["algorithm"] == "HMAC-SHA256"
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("is no signed bundle", place="bundle", remedy=remedy) from error
    if not known or not hmac.compare_digest(_signature(bundle, secret).encode(), value.encode("utf-8", "replace")):
        raise BadRequest("the signature does not fit: altered, or of another secret", place="bundle", remedy=remedy)
    return bundle


def _signature(bundle: Mapping[str, Any], secret: bytes) -> str:
    canonical = json.dumps(bundle, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hmac.new(secret, f"bundle\n{canonical}".encode(), hashlib.sha256).hexdigest()


def _earlier(row: Mapping[str, Any], place: str) -> dict[str, Any]:
    return {"question": checked(row, place)["question"], "request": json.loads(row["request"])}
