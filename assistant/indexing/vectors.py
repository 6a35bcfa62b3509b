"""The vectors of an index: nearest passages by inner product, exact, over all labels or some.

In: a FAISS file, mapped into memory rather than read. Out: `Vectors`; `VectorsWriter` makes the file. Vectors are unit
length, so an inner product is a cosine. Left out: approximate search (a later index type behind the same calls).
"""

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged
from assistant.indexing.saving import REMEDY

Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]


class Vectors:
    """The vectors of all passages, open; row `n` belongs to passage number `n`."""

    def __init__(self, index: Any, threads: int) -> None:
        self._index = index
        self._threads = threads
        self.dimension = int(index.d)

    @classmethod
    def open(cls, path: Path, threads: int = 2) -> "Vectors":
        """The vectors of a file, mapped; IndexDamaged where FAISS can't read it."""
        faiss = _faiss()
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise IndexDamaged("can't be read by FAISS", place=str(path), remedy=REMEDY) from error
        return cls(index, threads)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Scores, k: int, allowed: range | Numbers | None = None) -> tuple[Numbers, Scores]:
        """Numbers and cosines of the `k` nearest passages among those allowed, best first, ties by number.

        `vector` is (dimension,) float32, unit length. Fewer than `k` are returned where fewer are allowed.
        """
        k = min(k, len(self) if allowed is None else len(allowed))
        if k <= 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        faiss = _faiss()
        faiss.omp_set_num_threads(self._threads)  # subtle: OpenMP keeps this a thread, and a server has many
        scores, numbers = self._index.search(vector[None, :], k, params=_parameters(faiss, allowed))
        order = np.lexsort((numbers[0], -scores[0]))
        order = order[numbers[0][order] >= 0]
        return numbers[0][order], scores[0][order]

    def scores(self, vector: Scores, numbers: Numbers) -> Scores:
        """The cosines of a vector with the passages of these numbers, in their order."""
        # einsum rather than @: BLAS would wake a thread pool that fights the encoder's.
        scores: Scores = np.einsum("nd,d->n", self.at(numbers), vector)
        return scores

    def at(self, numbers: range | Numbers) -> NDArray[np.float32]:
        """(numbers, dimension): the vectors of these passages."""
        if isinstance(numbers, range):
            rows: NDArray[np.float32] = self._index.reconstruct_n(numbers.start, len(numbers))
        else:
            rows = self._index.reconstruct_batch(numbers)
        return rows


class VectorsWriter:
    """Collects vectors in the order of their passages' numbers and writes them as one file."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._index = _faiss().IndexFlatIP(dimension)

    def add(self, vectors: NDArray[np.float32]) -> None:
        """Append (passages, dimension) float32, unit length."""
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def write(self, path: Path) -> None:
        """The file."""
        _faiss().write_index(self._index, str(path))


def _parameters(faiss: ModuleType, allowed: range | Numbers | None) -> Any:
    if allowed is None:
        return None
    if isinstance(allowed, range):
        assert allowed.step == 1
        return faiss.SearchParameters(sel=faiss.IDSelectorRange(allowed.start, allowed.stop))
    return faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.ascontiguousarray(allowed, dtype=np.int64)))


def _faiss() -> ModuleType:
    import faiss

    module: ModuleType = faiss
    return module
