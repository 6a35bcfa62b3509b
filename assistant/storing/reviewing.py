"""What was kept, for review: the export, the queue of adverse-event flags, and what the owner's reports tell.

In: a `Database`. Out: plain values. Nothing is changed but the status of a flag. A row whose seal doesn't fit stops the
reading and is named. Left out: how it is shown (`http.reporting`, `cli.reviewing`).
"""

import json
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, case, exists, func, select, update

from assistant.errors import BadRequest
from assistant.storing.opening import Database
from assistant.storing.purging import DAY
from assistant.storing.rows import checked, reply_of
from assistant.storing.tables import conversations, feedback, flags, turns

STATUSES = ("open", "reviewed", "reported", "dismissed")
_MOST = 500  # lines of one part of a report
_BATCH = 200  # rows in memory at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A turn as a reviewer sees it."""

    turn_id: str
    conversation_id: str
    number: int
    asked: str  # ISO 8601, UTC
    question: str
    kind: str
    reason: str
    label: str
    topic: str
    headline: str
    citations: tuple[str, ...]  # "label start-end"
    index_id: str
    elapsed_ms: float
    flag: str  # status of its adverse-event flag, empty without one
    ratings: tuple[str, ...]
    comments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What was asked about and not answered."""

    label: str
    topic: str
    times: int
    turns: tuple[Kept, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The traffic of one day, UTC."""

    day: str
    turns: int
    answered: int
    median_ms: float
    slowest_ms: float  # of 95%


def export(database: Database) -> Iterator[Kept]:
    """Every turn, flagged conversations first, then the newest; a conversation's turns stand together, in order."""
    every = turns.alias()
    flagged = conversations.c.id.in_(select(every.c.conversation).join(flags, flags.c.turn == every.c.id))
    order = (case((flagged, 0), else_=1), conversations.c.last.desc(), conversations.c.id, turns.c.number)
    yield from _kept(database, select(turns).join(conversations).order_by(*order))


def queue(database: Database) -> list[tuple[Kept, str]]:
    """The flagged turns with the note of each, open ones first."""
    order = (case((flags.c.status == "open", 0), else_=1), flags.c.raised.desc())
    wanted = select(turns).join(flags).order_by(*order).limit(_MOST)
    with database.reading() as connection:
        notes = {row.turn: row.note for row in connection.execute(select(flags.c.turn, flags.c.note))}
    return [(one, notes[one.turn_id]) for one in _kept(database, wanted)]


def settle(database: Database, turn_id: str, status: str, note: str) -> None:
    """Give a flag another status; raises BadRequest for a turn without one."""
    if status not in STATUSES:
        raise BadRequest(f"is {status!r}", place="status", remedy=f"Allowed are {', '.join(STATUSES)}")
    change = update(flags).where(flags.c.turn == turn_id).values(status=status, note=note, changed=time.time())
    with database.writing() as connection:
        if connection.execute(change).rowcount == 0:
            raise BadRequest(f"turn {turn_id!r} has no flag", place="turn", remedy="See label-assistant review queue")


def unanswered(database: Database, days: float) -> list[Topic]:
    """Turns without an answer, by label and topic, the most frequent first."""
    wanted = select(turns).where(turns.c.kind == "no_answer", turns.c.asked > time.time() - days * DAY)
    groups: dict[tuple[str, str], list[Kept]] = {}
    for one in _kept(database, wanted.order_by(turns.c.place.desc()).limit(_MOST)):
        groups.setdefault((one.label, one.topic), []).append(one)
    found = [Topic(label=key[0], topic=key[1], times=len(group), turns=tuple(group)) for key, group in groups.items()]
    return sorted(found, key=lambda topic: -topic.times)


def not_helpful(database: Database, days: float) -> list[Kept]:
    """Turns that a reader found not helpful, the newest first."""
    said = exists().where(feedback.c.turn == turns.c.id, feedback.c.rating == "not_helpful")
    wanted = select(turns).where(said, turns.c.asked > time.time() - days * DAY)
    return list(_kept(database, wanted.order_by(turns.c.place.desc()).limit(_MOST)))


def traffic(database: Database, days: float) -> list[Day]:
    """Turns, answers and times by day, the newest first."""
    wanted = select(turns.c.asked, turns.c.kind, turns.c.elapsed_ms).where(turns.c.asked > time.time() - days * DAY)
    found: dict[str, list[tuple[str, float]]] = {}
    with database.reading() as connection:
        for asked, kind, elapsed in connection.execute(wanted):
            found.setdefault(_iso(asked)[:10], []).append((kind, elapsed))
    return [_day(day, rows) for day, rows in sorted(found.items(), reverse=True)]


def question_line(database: Database, turn_id: str) -> dict[str, Any]:
    """A turn as a line of a question set, for a reviewer to complete; raises BadRequest where its words aren't kept."""
    row = row_of(database, turn_id)
    earlier = select(turns.c.question).where(
        turns.c.conversation == row["conversation"], turns.c.number < row["number"]
    )
    with database.reading() as connection:
        history = list(connection.execute(earlier.order_by(turns.c.number)).scalars())
    reply = reply_of(row, database.place)
    if not reply["question"]:
        raise BadRequest("the words of this question are not kept", place="turn", remedy="See the setting questions")
    cited = {one["number"]: one for one in reply["citations"]}
    first = [cited[number] for one in reply["statements"] for number in one["citations"][:1]]
    labels = [*(one["label"]["id"] for one in first), reply["understood"]["label"], *reply["searched"], ""]
    return {
        "id": f"kept-{turn_id[:12]}",
        "label": next(label for label in labels if label is not None),
        "question": reply["question"],
        "history": [*json.loads(row["request"])["history"], *history][-20:],
        "answerable": reply["kind"] == "answer",
        "evidence": [" ".join(one["quote"].split()) for one in first],
        "row": None,
        "headline": [],
        "wrong": [],
        "section": first[0]["section"][-1] if first and first[0]["section"] else "",
        "tags": ["kept"],
        "standalone": reply["standalone_question"] if history else "",
    }


def row_of(database: Database, turn_id: str) -> Mapping[str, Any]:
    """The row of a turn; raises BadRequest where there is none, StorageDamaged where it was altered."""
    with database.reading() as connection:
        row = connection.execute(select(turns).where(turns.c.id == turn_id)).mappings().first()
    if row is None:
        raise BadRequest(f"no turn {turn_id!r} is kept", place="turn", remedy="Use the turn_id of a reply")
    return checked(dict(row), database.place)


def _kept(database: Database, wanted: Select[Any]) -> Iterator[Kept]:
    with database.reading() as connection:
        stated = {row.turn: row.status for row in connection.execute(select(flags.c.turn, flags.c.status))}
        said: dict[str, list[tuple[str, str]]] = {}
        for turn, rating, comment in connection.execute(select(feedback.c.turn, feedback.c.rating, feedback.c.comment)):
            said.setdefault(turn, []).append((rating, comment))
        with connection.execution_options(yield_per=_BATCH).execute(wanted) as rows:
            for row in rows.mappings():
                yield _one(dict(row), stated.get(row["id"], ""), said.get(row["id"], []), database.place)


def _one(row: Mapping[str, Any], flag: str, said: list[tuple[str, str]], place: str) -> Kept:
    reply = reply_of(row, place)
    return Kept(
        turn_id=row["id"],
        conversation_id=row["conversation"],
        number=row["number"],
        asked=_iso(row["asked"]),
        question=row["question"],
        kind=row["kind"],
        reason=row["reason"],
        label=row["label"],
        topic=row["topic"],
        headline=reply["headline"]["text"] if reply["headline"] else "",
        citations=tuple(f"{one['label']['id']} {one['start']}-{one['end']}" for one in reply["citations"]),
        index_id=row["index_id"],
        elapsed_ms=row["elapsed_ms"],
        flag=flag,
        ratings=tuple(rating for rating, _ in said),
        comments=tuple(comment for _, comment in said if comment),
    )


def _day(day: str, rows: list[tuple[str, float]]) -> Day:
    times = sorted(elapsed for _, elapsed in rows)
    return Day(
        day=day,
        turns=len(rows),
        answered=sum(kind == "answer" for kind, _ in rows),
        median_ms=round(statistics.median(times), 1),
        slowest_ms=times[min(len(times) - 1, int(len(times) * 0.95))],
    )


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def count(database: Database) -> int:
    """How many turns are kept."""
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(turns)).scalar_one())
