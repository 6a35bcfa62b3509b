"""The examples of the OpenAPI description: real questions about one real page, with its real offsets.

Out: plain values. A test checks that each fits the shape that it stands for. Left out: the shapes (`asking`, `reply`).
"""

from typing import Any

_SHA256 = "462ed718d9b3dfcdb4e3cdcad263a8a600f1b0c7ba9497fbab26428adeec8b32"
_ID = "besponsa-pediatric-safety"
_INDEX = "3f1c9a52"

CITATION: dict[str, Any] = {
    "number": 1,
    "kind": "passage",
    "label": {"id": _ID, "name": "BESPONSA", "version": "PP-INO-USA-0658", "effective": "2025", "sha256": _SHA256},
    "section": ["Incidence of VOD in pediatric patients"],
    "quote": "Among the 26 pediatric patients who underwent HSCT, VOD occurred in 19% (n=5) patients",
    "start": 6594,
    "end": 6680,
    "highlights": [{"start": 6662, "end": 6671}],
    "table": None,
    "about": ["pediatric", "after HSCT"],
    "page": None,
    "url": f"/labels/{_ID}#c-6594-6680",
    "score": 0.93,
}

_UNDERSTOOD: dict[str, Any] = {
    "label": _ID,
    "topic": "veno-occlusive disease",
    "population": "pediatric",
    "condition": "after hematopoietic stem cell transplant",
    "trial": None,
    "arm": None,
    "dose": None,
    "grade": None,
    "measure": "rate",
    "section": None,
    "answer_type": None,
    "also_searched": ["sinusoidal obstruction syndrome"],
}

ANSWER: dict[str, Any] = {
    "kind": "answer",
    "question": "VOD rate after HSCT in children?",
    "standalone_question": "VOD rate after HSCT in children?",
    "understood": _UNDERSTOOD,
    "headline": {"text": "19% (n=5)", "citation": 1},
    "statements": [{"text": CITATION["quote"], "citations": [1]}],
    "citations": [CITATION],
    "close": [],
    "notices": [
        {
            "kind": "label_currency",
            "text": "This text may differ from the latest FDA-approved labeling.",
            "citation": None,
        }
    ],
    "reason": None,
    "message": "",
    "choices": [],
    "nearest": [],
    "searched": [_ID],
    "conversation_id": "c-5b1f0e",
    "turn_id": "t-91c2",
    "index_id": _INDEX,
    "elapsed_ms": 8.1,
}

NO_ANSWER: dict[str, Any] = ANSWER | {
    "kind": "no_answer",
    "question": "What is the recommended starting dose?",
    "standalone_question": "What is the recommended starting dose?",
    "understood": _UNDERSTOOD | {"topic": "starting dose", "population": None, "condition": None, "measure": "dose"},
    "headline": None,
    "statements": [],
    "citations": [],
    "notices": [],
    "reason": "not_in_label",
    "message": "This label does not contain the recommended starting dose.",
    "nearest": [CITATION],
}

REQUESTS: dict[str, Any] = {
    "question": {"summary": "A question", "value": {"question": "VOD rate after HSCT in children?"}},
    "conversation": {
        "summary": "A follow-up in a stored conversation",
        "value": {"question": "and in adults?", "conversation_id": "c-5b1f0e"},
    },
    "history": {
        "summary": "A follow-up that keeps nothing on the server",
        "value": {"question": "and in adults?", "history": ["VOD rate in children?"], "labels": [_ID], "limit": 3},
    },
}

REPLIES: dict[str, Any] = {
    "answer": {"summary": "An answer", "value": ANSWER},
    "no_answer": {"summary": "Not in the label", "value": NO_ANSWER},
}

FEEDBACK: dict[str, Any] = {
    "helpful": {"summary": "It helped", "value": {"turn_id": "t-91c2", "rating": "helpful", "comment": ""}},
}

CHIPS: list[dict[str, Any]] = [
    {
        "slot": "population",
        "name": "population",
        "text": "pediatric",
        "options": [{"value": "adult", "text": "adult"}],
        "removable": True,
        "typed": False,
    }
]
CHANGES: dict[str, Any] = {
    "adults": {"summary": "The same about adults", "value": {"slot": "population", "value": "adult"}},
}
CHANGED = {"question": "VOD rate after HSCT in adult patients?"}

TOKEN_REQUESTS: dict[str, Any] = {
    "portal": {
        "summary": "A portal's server, for its pages",
        "value": {
            "portal": "ward-notes",
            "origin": "https://notes.example",
            "at": 1_790_000_000,
            "signature": "5d" * 32,
        },
    },
}
TOKEN = {"token": "eyJwb3J0YWwiOiJ3YXJkLW5vdGVzIn0.c2VhbA", "expires_in": 900}  # nosec B105: an example

LABEL_LINE: dict[str, Any] = {
    "id": _ID,
    "name": "BESPONSA",
    "generic": "inotuzumab ozogamicin",
    "kind": "health-care professional page",
    "set_id": "",
    "version": "",
    "effective": "2025",
    "labeler": "",
    "approval_code": "PP-INO-USA-0658",
    "sha256": _SHA256,
    "characters": 15916,
    "sections": 1,
    "tables": 0,
    "url": f"/labels/{_ID}",
}

OUTLINE: dict[str, Any] = {
    "label": LABEL_LINE,
    "names": [],
    "format": "page",
    "file": "besponsa-pediatric-safety.txt",
    "copyright": "© 2025 Pfizer Inc.",
    "boxed_warning": None,
    "reporting_number": "1-800-438-1985",
    "sections": [
        {
            "title": "Incidence of VOD in pediatric patients",
            "number": "",
            "code": "",
            "kind": "",
            "level": 1,
            "parent": None,
            "heading": {"start": 6462, "end": 6500},
            "start": 6462,
            "end": 7124,
            "patient": False,
            "highlights": False,
        }
    ],
    "tables": [],
    "findings": [],
}

TEXT = "This site is intended for U.S. healthcare professionals.\n\n…"
SWAPPED: dict[str, Any] = {"before": "9d2e41c07a11", "after": _INDEX}
READY: dict[str, Any] = {"status": "ready", "index_id": _INDEX, "labels": 1}
METRICS = '# TYPE label_assistant_replies_total counter\nlabel_assistant_replies_total{kind="answer"} 41\n'
EVENT: dict[str, Any] = {  # each event of the stream
    "type": "object",
    "properties": {
        "event": {"enum": ["status", "citation", "reply", "error"]},
        "data": {"type": "string", "description": "JSON"},
    },
    "required": ["event", "data"],
}
STREAM = 'event: status\ndata: {"stage": "searching"}\n\nevent: reply\ndata: {"kind": "answer", …}\n\n'


def _failure(what: str, **error: Any) -> dict[str, Any]:
    return {"description": what, "content": {"application/json": {"example": {"error": error}}}}


FAILURES: dict[int | str, dict[str, Any]] = {
    401: _failure(
        "No key, or one that opens nothing",
        message="This takes a key",
        place="key",
        remedy="Send Authorization: Bearer KEY, or sign in",
    ),
    403: _failure(
        "The key, its signature or the origin is refused",
        message="The key or its signature is wrong",
        place="signature",
        remedy="See web/demo/portal.py",
    ),
    404: _failure(
        "Nothing goes by that id",
        message="no label goes by 'bespona'",
        place="label",
        remedy="Take one of besponsa-pediatric-safety",
        field="label",
    ),
    409: _failure(
        "What serves takes no newer index",
        message="This index can't be swapped",
        place="index",
        remedy="Start label-assistant serve",
    ),
    413: _failure(
        "The body is over 64 KiB", message="The request is over 64 KiB", place="body", remedy="Send a shorter one"
    ),
    422: _failure(
        "A field is wrong",
        message="limit is 50: Input should be less than or equal to 20",
        place="limit",
        remedy="Give an integer from 1 to 20",
        field="limit",
        value=50,
        allowed="an integer from 1 to 20",
    ),
    408: _failure(
        "The body did not come in time",
        message="The request did not come in time",
        place="body",
        remedy="Send it again",
    ),
    429: _failure(
        "Too many requests; Retry-After says when to try again",
        message="That is too many requests",
        place="rate",
        remedy="Try again in 20 seconds",
    ),
    503: _failure(
        "The index or the database can't serve, or all hands are full",
        message="vectors.f32 is truncated",
        place="index/built-3f1c9a52",
        remedy="Run label-assistant index",
    ),
}
