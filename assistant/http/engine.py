"""What the HTTP surface asks of an assistant; any object with these methods serves."""

from collections.abc import Sequence
from typing import Protocol

from assistant.label import Label
from assistant.reply import Reply


class Engine(Protocol):
    """A loaded assistant. Its methods are synchronous and safe to call from several threads."""

    index_id: str

    @property
    def repeats(self) -> tuple[int, int]:
        """How many replies were at hand since the same was asked before, and how many were not."""
        ...

    def ask(
        self,
        question: str,
        *,
        conversation_id: str | None = None,
        history: Sequence[str] = (),
        labels: Sequence[str] | None = None,
        limit: int = 5,
        owner: str = "",
    ) -> Reply:
        """One question to one reply; raises the errors of `assistant.errors`."""
        ...

    def labels(self) -> Sequence[Label]:
        """Every indexed label."""
        ...

    def label(self, label: str) -> Label:
        """The label of that id, set id or product name; raises UnknownLabel."""
        ...

    def conversation(self, conversation_id: str, owner: str = "") -> Sequence[Reply]:
        """The turns so far, oldest first; raises UnknownConversation, also for another owner's."""
        ...

    def feedback(self, turn_id: str, rating: str, comment: str, owner: str = "") -> None:
        """Keep what a reader said about a turn."""
        ...
