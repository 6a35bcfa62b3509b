"""An assistant whose index is replaced while it serves.

In: a way to open an assistant. Out: `Swapping`, an engine; `swap` opens what is in the folder now, verifies it and puts
it in the place of the old one in a single assignment: a question that has begun ends on the index that it began with.
What is damaged never comes in: the last good one stays, and `trouble` says what is wrong. Left out: who asks for it.
"""

import gc
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.assembly import Assistant
    from assistant.indexing.opened import Store
    from assistant.label import Label
    from assistant.reply import Citation, Reply

log = logging.getLogger(__name__)
_OVER = 20.0  # seconds after a swap, when no question that began before it is in hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Swapped:
    """What a swap did."""

    before: str  # index ids
    after: str

    @property
    def is_new(self) -> bool:
        return self.before != self.after


class Swapping:
    """The assistant on the index in service; safe to share between threads."""

    def __init__(self, open_one: Callable[[], "Assistant"], spread: Callable[[], object] = lambda: None) -> None:
        """`spread` has other processes that serve the same index take in the newest, too."""
        self._open = open_one
        self._spread = spread
        self._swapping = threading.Lock()
        self._current = _warmed(open_one())
        self.trouble: AssistantError | None = None  # why the last swap failed

    @property
    def index_id(self) -> str:
        """Which index answers."""
        return self._current.index_id

    @property
    def index(self) -> "Store":
        """The index itself; after a swap another one."""
        return self._current.index

    @property
    def repeats(self) -> tuple[int, int]:
        """How many replies were at hand since the same was asked before, and how many were not; anew after a swap."""
        return self._current.repeats

    def swap(self) -> Swapped:
        """Serve from the newest index, here and wherever else; raises what is wrong with it, and goes on as before."""
        swapped = self.renew()
        self._spread()
        return swapped

    def renew(self) -> Swapped:
        """Serve from the newest index here; raises what is wrong with it, and goes on as before."""
        with self._swapping:
            before = self._current.index_id
            try:
                fresh = _warmed(self._open(), self._current.index)
            except AssistantError as error:
                self.trouble = error
                log.error("the index is not swapped, %s goes on serving: %s", before, error)
                raise
            self._current, self.trouble = fresh, None
            _collect_later()
            log.info("the index %s serves in the place of %s", fresh.index_id, before)
            return Swapped(before=before, after=fresh.index_id)

    def ask(
        self,
        question: str,
        *,
        conversation_id: str | None = None,
        history: Sequence[str] = (),
        labels: Sequence[str] | None = None,
        limit: int = 5,
        owner: str = "",
    ) -> "Reply":
        """One question to one reply, from one index all along."""
        return self._current.ask(
            question, conversation_id=conversation_id, history=history, labels=labels, limit=limit, owner=owner
        )

    def candidates(
        self, question: str, history: Sequence[str] = (), labels: Sequence[str] | None = None, limit: int = 5
    ) -> tuple["Citation", ...]:
        """The best passages for a question, whether or not they may answer it."""
        return self._current.candidates(question, history, labels, limit)

    def labels(self) -> Sequence["Label"]:
        """Every indexed label."""
        return self._current.labels()

    def label(self, label: str) -> "Label":
        """The label of that id, set id or product name; raises UnknownLabel."""
        return self._current.label(label)

    def conversation(self, conversation_id: str, owner: str = "") -> Sequence["Reply"]:
        """The turns so far, oldest first; raises UnknownConversation."""
        return self._current.conversation(conversation_id, owner)

    def feedback(self, turn_id: str, rating: str, comment: str = "", owner: str = "") -> None:
        """Keep what a reader said about a turn."""
        self._current.feedback(turn_id, rating, comment, owner)


def _warmed(assistant: "Assistant", before: "Store | None" = None) -> "Assistant":
    """The assistant with every part open, so that damage shows now and no question waits; the encoder of the index before
    goes on where it is the same."""
    if before is not None:
        assistant.index.share_encoder(before)
    assistant.index.warm()
    return assistant


def _collect_later() -> None:
    """Have the old assistant's memory freed: its parts refer to each other, so it goes only where garbage is looked for."""
    later = threading.Timer(_OVER, gc.collect)
    later.daemon = True
    later.start()
