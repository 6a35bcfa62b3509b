"""Opens an index as if its encoder had seen no question on any of its labels.

In: an index folder and, where there is one, the `held_out.npz` that `train_on_questions.py` wrote for that very index. Out: an
`Assistant` whose cosines come from those vectors; a question worded otherwise than there is encoded by the index's own
encoder. Ranking and judging that are fitted on questions which the encoder was trained on would trust it too much.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import settings as settings_room
from assistant.assembly import Assistant, open_assistant
from assistant.indexing.encoder import Encoder
from assistant.indexing.opened import Store
from assistant.indexing.vectors import Vectors
from assistant.passage import text_to_encode

_LONGEST = 1500  # characters


class _Held:
    """An encoder that knows the vectors of some questions."""

    def __init__(self, encoder: Encoder, vectors: dict[str, NDArray[np.float32]]) -> None:
        self.dimension = encoder.dimension
        self._encoder = encoder
        self._vectors = vectors
        self.unknown = 0  # questions that weren't among them

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, dimension), unit length."""
        self.unknown += sum(text not in self._vectors for text in texts)
        return np.stack(
            [self._vectors[text] if text in self._vectors else self._encoder.encode([text])[0] for text in texts]
        )


def opened(index: Path, held: Path | None) -> Assistant:
    """The assistant over an index; raises SystemExit where the vectors are another index's."""
    assistant = open_assistant(settings_room.load(index=index))
    if held is None:
        return assistant
    store = assistant.answerer.ranker.index
    found = np.load(held)
    if fingerprint(encoded(store)) != str(found["fingerprint"]):
        raise SystemExit(f"{held} was made for other passages than those of {index}: make it anew")
    vars(store)["vectors"] = Vectors(unit(found["passages"]), threads=2)
    vars(store)["encoder"] = _Held(
        store.encoder, dict(zip(found["texts"].tolist(), unit(found["questions"]), strict=True))
    )
    return assistant


def encoded(store: Store) -> list[str]:
    """What the encoder sees of each passage, cut where it surely reads no further."""
    return [text_to_encode(passage)[:_LONGEST] for passage in store.passages]


def fingerprint(texts: Sequence[str]) -> str:
    """Tells whether two lists of texts are the same."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def unit(vectors: NDArray[np.float16]) -> NDArray[np.float32]:
    """Of length 1 again after float16."""
    wide = vectors.astype(np.float32)
    return wide / np.linalg.norm(wide, axis=1, keepdims=True)
