"""Conversations kept in a database: the `Keeper` that a service uses.

In: turns as they are answered. Out: `Store`. A turn, its citations and its flag are written in one transaction, on disk
before `add` returns, so nobody sees a reply that isn't kept. Where no question is kept, a conversation goes on only as
long as the process remembers it. Left out: reading for review (`reviewing`), removing (`purging`).
"""

import time
import uuid
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.conversing import Conversations, Turn, check_rating, no_turn, unknown
from assistant.errors import StorageTrouble
from assistant.reply import Reply
from assistant.storing.opening import Database
from assistant.storing.redacting import redacted
from assistant.storing.rows import sealed, turn_of, values_of
from assistant.storing.tables import citations, conversations, feedback, flags, turns

_TRIES = 20  # to get a number in a conversation that several write to at once
OPEN = "open"  # a flag that nobody has looked at


class Store:
    """Conversations in a database; `questions` is "redacted", "verbatim" or "none"."""

    def __init__(self, database: Database, *, questions: str = "redacted", remembered: int = 10_000) -> None:
        self.database = database
        self._questions = questions
        self._live = Conversations(remembered) if questions == "none" else None

    def start(self) -> str:
        """The id of a new conversation, unguessable."""
        return uuid.uuid4().hex

    def turns(self, conversation: str, owner: str = "") -> tuple[Turn, ...]:
        """The turns so far; raises UnknownConversation, also for another owner's."""
        if self._live is not None:
            return self._live.turns(conversation, owner)
        wanted = select(turns).join(conversations).where(conversations.c.id == conversation)
        with self.database.reading() as connection:
            own = wanted.where(conversations.c.owner == owner).order_by(turns.c.number)
            rows = connection.execute(own).mappings().all()
        if not rows:
            raise unknown(conversation)
        return tuple(turn_of(dict(row), self.database.place) for row in rows)

    def add(self, conversation: str, turn: Turn, owner: str = "") -> None:
        """Keep a turn with its citations and, where it reads like a report, its flag; returns once all is on disk."""
        values = values_of(turn, self._questions) | {"conversation": conversation}
        for _ in range(_TRIES):
            try:
                with self.database.writing() as connection:
                    self._write(connection, conversation, owner, turn, values)
                break
            except IntegrityError:
                continue  # another process took that number
        else:
            message = f"conversation {conversation!r} is written to by too many at once"
            raise StorageTrouble(message, place=self.database.place, remedy="Ask again")
        if self._live is not None:
            self._live.add(conversation, turn, owner)

    def rate(self, turn_id: str, rating: str, comment: str, owner: str = "") -> None:
        """Keep what a reader thought of a turn; raises BadRequest where there is no such turn or rating."""
        check_rating(rating)
        own = select(turns.c.id).join(conversations).where(turns.c.id == turn_id, conversations.c.owner == owner)
        with self.database.writing() as connection:
            if connection.execute(own).first() is None:
                raise no_turn(turn_id)
            said = {"turn": turn_id, "rating": rating, "comment": self._comment(comment), "said": time.time()}
            connection.execute(insert(feedback).values(**said))

    def _comment(self, comment: str) -> str:
        return {"redacted": redacted(comment), "verbatim": comment}.get(self._questions, "")

    def _write(self, connection: Connection, conversation: str, owner: str, turn: Turn, values: dict[str, Any]) -> None:
        now = time.time()
        self._own(connection, conversation, owner, now)
        last = select(func.coalesce(func.max(turns.c.number), 0)).where(turns.c.conversation == conversation)
        row = values | {"number": connection.execute(last).scalar_one() + 1, "asked": now}
        connection.execute(insert(turns).values(**row, seal=sealed(row)))
        if cited := _cited(turn.reply):
            connection.execute(insert(citations), cited)
        if turn.is_flagged:
            flag = {"turn": turn.reply.turn_id, "kind": "adverse_event", "status": OPEN, "note": ""}
            connection.execute(insert(flags).values(**flag, raised=now, changed=now))

    def _own(self, connection: Connection, conversation: str, owner: str, now: float) -> None:
        """Note that the conversation goes on, begin it where it is new; raises UnknownConversation for another's."""
        found = connection.execute(select(conversations.c.owner).where(conversations.c.id == conversation)).first()
        if found is None:
            begun = {"id": conversation, "owner": owner, "started": now, "last": now}
            connection.execute(insert(conversations).values(**begun))
        elif found.owner != owner:
            raise unknown(conversation)
        else:
            connection.execute(update(conversations).where(conversations.c.id == conversation).values(last=now))


def _cited(reply: Reply) -> list[dict[str, Any]]:
    """The exact places that were shown, those offered as closest passages too."""
    return [
        {
            "turn": reply.turn_id,
            "number": one.number,
            "label": one.label.id[:200],
            "sha256": one.label.sha256,
            "first": one.start,
            "end": one.end,
            "quote": one.quote,
        }
        for one in (*reply.citations, *reply.nearest)
    ]
