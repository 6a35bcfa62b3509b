"""Conversations: the questions so far, and the replies shown.

In: replies as they are given. Out: `Conversations`, kept in memory, the oldest going first; `Turn`, one question with
its reply and the query that it was understood as. Left out: keeping them on disk.
"""

import threading
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import BadRequest, UnknownConversation
from assistant.query import Query
from assistant.reply import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question and its reply."""

    query: Query
    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a reader thought of a turn."""

    turn_id: str
    rating: str
    comment: str


class Conversations:
    """Conversations by id, safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._turns: OrderedDict[str, tuple[Turn, ...]] = OrderedDict()
        self._feedback: list[Feedback] = []
        self._lock = threading.Lock()

    def start(self) -> str:
        """The id of a new conversation, unguessable."""
        return uuid.uuid4().hex

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        """The turns so far; raises UnknownConversation."""
        with self._lock:
            if conversation not in self._turns:
                raise UnknownConversation(
                    f"no conversation {conversation!r}",
                    place="conversation_id",
                    remedy="Leave it out to begin a new one",
                )
            self._turns.move_to_end(conversation)
            return self._turns[conversation]

    def add(self, conversation: str, turn: Turn) -> None:
        """Keep a turn; the conversation that was used longest ago makes room."""
        with self._lock:
            self._turns[conversation] = (*self._turns.get(conversation, ()), turn)
            self._turns.move_to_end(conversation)
            while len(self._turns) > self._most:
                self._turns.popitem(last=False)

    def rate(self, turn_id: str, rating: str, comment: str) -> None:
        """Keep what a reader thought of a turn; raises BadRequest where there is no such turn or rating."""
        if rating not in ("helpful", "not_helpful"):
            raise BadRequest(f"is {rating!r}", place="rating", remedy="Allowed are helpful, not_helpful")
        with self._lock:
            if not any(turn.reply.turn_id == turn_id for turns in self._turns.values() for turn in turns):
                raise BadRequest(f"no turn {turn_id!r}", place="turn_id", remedy="Use the turn_id of a reply")
            self._feedback.append(Feedback(turn_id=turn_id, rating=rating, comment=comment))


def last(turns: Sequence[Turn]) -> Query | None:
    """The query of the last turn, None where there is none."""
    return turns[-1].query if turns else None
