"""Conversations: the questions so far, and the replies shown.

In: replies as they are given. Out: `Keeper`, what keeps them; `Conversations`, which keeps them in memory, the oldest
going first; `Turn`, one question with its reply and the query that it was understood as. A conversation belongs to its
owner: to anyone else there is none of that id. Left out: keeping them on disk (`storing`).
"""

import threading
import uuid
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant.errors import BadRequest, UnknownConversation
from assistant.query import Query
from assistant.reply import Reply

RATINGS = ("helpful", "not_helpful")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question and its reply."""

    query: Query
    reply: Reply
    history: tuple[str, ...] = ()  # earlier questions that the request itself gave
    labels: tuple[str, ...] | None = None  # the labels that the request was restricted to
    limit: int = 5
    origin: Mapping[str, str] = field(default_factory=dict)  # of the model, sentences and version that made the reply

    @property
    def is_flagged(self) -> bool:
        """Whether the message reads like the report of an adverse event."""
        return any(notice.kind == "report_adverse_event" for notice in self.reply.notices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a reader thought of a turn."""

    turn_id: str
    rating: str
    comment: str


class Keeper(Protocol):
    """Where conversations are kept; safe to use from several threads. An empty owner is nobody in particular."""

    def start(self) -> str:
        """The id of a new conversation, unguessable."""
        ...

    def turns(self, conversation: str, owner: str = "") -> tuple[Turn, ...]:
        """The turns so far; raises UnknownConversation, also for another owner's."""
        ...

    def add(self, conversation: str, turn: Turn, owner: str = "") -> None:
        """Keep a turn; once this returns, it is kept."""
        ...

    def rate(self, turn_id: str, rating: str, comment: str, owner: str = "") -> None:
        """Keep what a reader thought of a turn; raises BadRequest where there is no such turn or rating."""
        ...


class Conversations:
    """Conversations in memory, by id."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._turns: OrderedDict[str, tuple[Turn, ...]] = OrderedDict()
        self._owners: dict[str, str] = {}
        self._feedback: list[Feedback] = []
        self._lock = threading.Lock()

    def start(self) -> str:
        """The id of a new conversation, unguessable."""
        return uuid.uuid4().hex

    def turns(self, conversation: str, owner: str = "") -> tuple[Turn, ...]:
        """The turns so far; raises UnknownConversation, also for another owner's."""
        with self._lock:
            if self._owners.get(conversation) != owner:
                raise unknown(conversation)
            self._turns.move_to_end(conversation)
            return self._turns[conversation]

    def add(self, conversation: str, turn: Turn, owner: str = "") -> None:
        """Keep a turn; the conversation that was used longest ago makes room."""
        with self._lock:
            if self._owners.setdefault(conversation, owner) != owner:
                raise unknown(conversation)
            self._turns[conversation] = (*self._turns.get(conversation, ()), turn)
            self._turns.move_to_end(conversation)
            while len(self._turns) > self._most:
                gone, _ = self._turns.popitem(last=False)
                del self._owners[gone]

    def rate(self, turn_id: str, rating: str, comment: str, owner: str = "") -> None:
        """Keep what a reader thought of a turn; raises BadRequest where there is no such turn or rating."""
        check_rating(rating)
        with self._lock:
            own = (turns for id, turns in self._turns.items() if self._owners[id] == owner)
            if not any(turn.reply.turn_id == turn_id for turns in own for turn in turns):
                raise no_turn(turn_id)
            self._feedback.append(Feedback(turn_id=turn_id, rating=rating, comment=comment))


def last(turns: Sequence[Turn]) -> Query | None:
    """The query of the last turn, None where there is none."""
    return turns[-1].query if turns else None


def check_rating(rating: str) -> None:
    """Raise BadRequest for what is no rating."""
    if rating not in RATINGS:
        raise BadRequest(f"is {rating!r}", place="rating", remedy=f"Allowed are {', '.join(RATINGS)}")


def unknown(conversation: str) -> UnknownConversation:
    """The error for an id that no conversation of this owner has."""
    remedy = "Leave it out to begin a new one"
    return UnknownConversation(f"no conversation {conversation!r}", place="conversation_id", remedy=remedy)


def no_turn(turn_id: str) -> BadRequest:
    """The error for an id that no turn of this owner has."""
    return BadRequest(f"no turn {turn_id!r}", place="turn_id", remedy="Use the turn_id of a reply")
