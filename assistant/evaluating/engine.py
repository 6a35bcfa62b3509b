"""What evaluating asks of an assistant; any object with these methods serves.

`Engine` must be there. `Ranking` and `Encoding` are looked for: an assistant that has them gets the ranked measures and
the baselines as well.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from assistant.label import Label
from assistant.reply import Citation, Reply

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Engine(Protocol):
    """A loaded assistant."""

    @property
    def index_id(self) -> str:
        """Which index answers."""
        ...

    def ask(
        self,
        question: str,
        *,
        conversation_id: str | None = None,
        history: Sequence[str] = (),
        labels: Sequence[str] | None = None,
        limit: int = 5,
    ) -> Reply:
        """One question to one reply; raises the errors of `assistant.errors`."""
        ...

    def labels(self) -> Sequence[Label]:
        """Every indexed label."""
        ...

    def label(self, name: str, /) -> Label:
        """The label of that id, set id or product name; raises UnknownLabel."""
        ...


@runtime_checkable
class Ranking(Protocol):
    """An assistant that shows what it would cite, whether or not it would answer."""

    def candidates(
        self, question: str, history: Sequence[str], labels: Sequence[str] | None, limit: int = 5
    ) -> Sequence[Citation]:
        """The best passages, best first."""
        ...


@runtime_checkable
class Encoding(Protocol):
    """An assistant that lends its encoder."""

    def encode(self, texts: Sequence[str], /) -> "NDArray[np.float32]":
        """(texts, dimension) float32, unit length."""
        ...
