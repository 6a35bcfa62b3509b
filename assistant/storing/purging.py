"""What is too old, removed: turns past the retention with all that hangs on them, and events that Slack won't repeat.

In: days to keep, now. Out: how much went. A turn whose adverse-event flag is still open stays, since a report may be
owed for it. Left out: backups, which their owner has to remove.
"""

import time
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, delete, exists, func, select

from assistant.storing.keeping import OPEN
from assistant.storing.opening import Database
from assistant.storing.tables import citations, conversations, feedback, flags, turns

DAY = 24 * 3600  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What went, and what stays although it is old."""

    turns: int
    conversations: int
    open_flags: int


def purge(database: Database, days: float, now: float | None = None) -> Purged:
    """Remove every turn older than `days` without an open flag; what it leaves is compacted."""
    before = (time.time() if now is None else now) - days * DAY
    with database.writing() as connection:
        old = turns.c.asked < before
        held = exists().where(flags.c.turn == turns.c.id, flags.c.status == OPEN)
        kept = connection.execute(select(func.count()).select_from(turns).where(old, held)).scalar_one()
        gone = _remove(connection, old & ~held)
        empty = ~exists().where(turns.c.conversation == conversations.c.id)
        rid = connection.execute(delete(conversations).where(empty, conversations.c.last < before)).rowcount
    if gone and database.is_sqlite:
        database.compact()
    return Purged(turns=gone, conversations=rid, open_flags=kept)


def _remove(connection: Connection, which: ColumnElement[bool]) -> int:
    ids: Select[tuple[str]] = select(turns.c.id).where(which)
    for table in (citations, feedback, flags):
        connection.execute(delete(table).where(table.c.turn.in_(ids)))
    return connection.execute(delete(turns).where(which)).rowcount
