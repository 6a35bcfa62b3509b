"""How well a passage answers a question, read side by side; onnxruntime and tokenizers only.

In: the folder of an exported encoder that holds a `cross_encoder.onnx`, too. Out: `CrossEncoder`, a score for each passage, above
0 where it rather answers than not. Left out: making that file (`exporting_pairs`) and what the score is worth
(`answering.second_stage`).
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.encoder import TOKENIZER, opened_session, opened_tokenizer

PAIRS = "cross_encoder.onnx"
_QUESTION = 64  # tokens of a question at most, as it was trained
_PASSAGE = 192  # tokens of a passage at most
_LONGEST = 1500  # characters of a passage, more than its tokens have


class CrossEncoder:
    """The exported cross-encoder, open; safe to share between threads."""

    def __init__(self, session: Any, tokenizer: Any) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._aside = ThreadPoolExecutor(1)  # its thread begins with the first passage that is read beside another

    @classmethod
    def open(cls, folder: Path, threads: int = 2, tokenizer: Any = None) -> "CrossEncoder":
        """That of a folder, on so many threads, with a tokenizer that is at hand; IndexDamaged names a file that can't be loaded."""
        session = opened_session(folder / PAIRS, threads)
        return cls(session, tokenizer or opened_tokenizer(folder / TOKENIZER))

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """(passages,) float32, in the order given; each by itself, whatever stands beside it."""
        asked = self._ids(question, _QUESTION)
        # One by one: the scales of int8 sums are those of a whole batch, and a passage's score would hang on the others.
        rows = [self._row(asked, passage) for passage in passages]
        aside = [self._aside.submit(self._score, row) for row in rows[1:]]  # on another core, unless that is busy
        found = [self._score(row) for row in rows[:1]]
        for row, begun in zip(rows[1:], aside, strict=True):
            found.append(self._score(row) if begun.cancel() else begun.result())
        return np.array(found, dtype=np.float32)

    def _score(self, row: dict[str, NDArray[np.int64]]) -> float:
        return float(self._session.run(None, row)[0][0])

    def row(self, question: str, passage: str) -> dict[str, NDArray[np.int64]]:
        """The inputs of the model, (1, tokens) each: the question, then the passage, told apart by their types."""
        return self._row(self._ids(question, _QUESTION), passage)

    def _row(self, asked: list[int], passage: str) -> dict[str, NDArray[np.int64]]:
        read = self._ids(passage[:_LONGEST], _PASSAGE)[1:]
        return {
            "input_ids": np.array([[*asked, *read]], dtype=np.int64),
            "attention_mask": np.ones((1, len(asked) + len(read)), dtype=np.int64),
            "token_type_ids": np.array([[0] * len(asked) + [1] * len(read)], dtype=np.int64),
        }

    def _ids(self, text: str, most: int) -> list[int]:
        """The tokens of a text, the last one being the separator however long it is."""
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids if len(ids) <= most else [*ids[: most - 1], ids[-1]]
