"""A question to a vector, as the index's passages were encoded; onnxruntime and tokenizers only.

In: the folder of an exported encoder (`model.onnx`, its weights, `tokenizer.json`). Out: `Encoder`. Pooling and unit length are part
of the exported model. Left out: making that folder and encoding passages (`exporting`).
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from pathlib import Path
from threading import local
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged
from assistant.indexing.saving import REMEDY

MODEL = "model.onnx"
WEIGHTS = "model.weights"  # mapped by onnxruntime rather than read
TOKENIZER = "tokenizer.json"
_TOKENS = 256  # longest text that the default model was trained for, where the tokenizer file names no bound
_BATCH = 32  # texts at once


class Encoder:
    """The exported encoder, open; safe to share between threads."""

    def __init__(self, session: Any, tokenizer: Any, threads: int = 1) -> None:
        self._session = session
        self._threads = threads
        self._ahead = local()
        self.tokenizer = tokenizer
        self._inputs = [entry.name for entry in session.get_inputs()]
        self.dimension = int(session.get_outputs()[0].shape[-1])

    @classmethod
    def open(cls, folder: Path, threads: int = 2) -> "Encoder":
        """The encoder of a folder, on so many threads; IndexDamaged names a file that can't be loaded."""
        tokenizer = opened_tokenizer(folder / TOKENIZER)
        return cls(opened_session(folder / MODEL, threads), tokenizer, threads)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, dimension) float32, unit length, in the order given."""
        text, begun = getattr(self._ahead, "begun", ("", None))
        if begun is not None and [*texts] == [text]:
            found: NDArray[np.float32] = begun.result()
            return found
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            vectors[start : start + _BATCH] = self._batch(texts[start : start + _BATCH])
        return vectors

    @contextmanager
    def ahead(self, text: str) -> Iterator[None]:
        """Encodes a text on another core meanwhile; whoever encodes it in this thread and block waits for that."""
        if self._threads == 1:  # the session has no thread of its own
            yield
            return
        begun = Future[NDArray[np.float32]]()

        def done(found: list[NDArray[np.float32]], _: object, trouble: str) -> None:
            if trouble:
                begun.set_exception(RuntimeError(trouble))
            else:
                begun.set_result(found[0])

        self._session.run_async(None, self._rows([text]), done, None)
        self._ahead.begun = (text, begun)
        try:
            yield
        finally:
            del self._ahead.begun
            wait([begun])  # subtle: what runs when Python ends would abort the process

    def _batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors: NDArray[np.float32] = self._session.run(None, self._rows(texts))[0]
        return vectors

    def _rows(self, texts: Sequence[str]) -> dict[str, NDArray[np.int64]]:
        # One by one: a batch would wake the tokenizer's own thread pool, which fights onnxruntime's.
        encodings = [self.tokenizer.encode(text) for text in texts]
        rows = {
            "input_ids": [encoding.ids for encoding in encodings],
            "attention_mask": [encoding.attention_mask for encoding in encodings],
            "token_type_ids": [encoding.type_ids for encoding in encodings],
        }
        return {name: _padded(rows[name]) for name in self._inputs}


def _padded(rows: list[list[int]]) -> NDArray[np.int64]:
    """(rows, longest row) with zeros at the end; the attention mask hides them."""
    padded = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for place, row in enumerate(rows):
        padded[place, : len(row)] = row
    return padded


def opened_tokenizer(path: Path) -> Any:
    """The tokenizer of a file, which pads nothing and cuts where the model does; IndexDamaged where it can't be loaded."""
    from tokenizers import Tokenizer

    with _reading(path):
        tokenizer = Tokenizer.from_file(str(path))
    # subtle: the model's own file pads and truncates at 128, sentence-transformers doesn't.
    tokenizer.no_padding()
    tokenizer.enable_truncation(tokenizer.truncation["max_length"] if tokenizer.truncation else _TOKENS)
    return tokenizer


def opened_session(path: Path, threads: int) -> Any:
    """The model of a file, on so many threads; IndexDamaged where it can't be loaded."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # subtle: a thread that has done its part would go on asking for more, and take the core from whoever answers next to it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors only
    # The export was optimised when it was made (`exporting`).
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    with _reading(path):
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    if not path.is_file():
        raise IndexDamaged("is missing", place=str(path), remedy=REMEDY)
    try:
        yield
    except Exception as error:  # tokenizers raises bare Exception, onnxruntime a dozen of its own
        raise IndexDamaged(f"can't be loaded: {error}", place=str(path), remedy=REMEDY) from error
