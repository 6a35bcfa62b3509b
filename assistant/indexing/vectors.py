"""The vectors of an index: nearest passages by inner product, over all labels or some.

In: a file of float32 rows, mapped into memory rather than read. Out: `Vectors`; `VectorsWriter` makes the file, a round
at a time, so that a build never holds all of them. Vectors are unit length, so an inner product is a cosine. Search is
exact; only where everything is searched and a large index lies beside (`near`), candidates come from there and their
cosines from here. FAISS is imported for many rows only, since importing it takes longer than looking at few.
"""

import mmap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged
from assistant.indexing.saving import REMEDY

if TYPE_CHECKING:
    from assistant.indexing.near import Near

Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]
_FEW = 4096  # rows that numpy looks through in 2 ms
_BLOCK = 65_536  # rows looked at together, which bounds memory where labels are scattered
_REFINED = 10  # candidates a passage wanted, whose exact cosines then decide


class Vectors:
    """The vectors of all passages, open; row `n` belongs to passage number `n`."""

    def __init__(self, rows: Scores, threads: int, near: "Near | None" = None) -> None:
        self._rows = rows
        self._threads = threads
        self._near = near
        self.dimension = int(rows.shape[1])

    @classmethod
    def open(cls, path: Path, dimension: int, threads: int = 2, near: "Near | None" = None) -> "Vectors":
        """The vectors of a file, mapped; IndexDamaged where its size fits no whole number of them."""
        return cls(mapped_rows(path, dimension), threads, near)

    def __len__(self) -> int:
        return len(self._rows)

    def search(self, vector: Scores, k: int, allowed: range | Numbers | None = None) -> tuple[Numbers, Scores]:
        """Numbers and cosines of the `k` nearest passages among those allowed, best first, ties by number.

        `vector` is (dimension,) float32, unit length. Fewer than `k` are returned where fewer are allowed. Exact, but
        over all passages of a large index.
        """
        among = range(len(self)) if allowed is None else allowed
        k = min(k, len(among))
        if k <= 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        if self._near and len(among) == len(self):
            among = self._near.search(vector, k * _REFINED)
        return self._exact(vector, k, among)

    def _exact(self, vector: Scores, k: int, among: range | Numbers) -> tuple[Numbers, Scores]:
        found = [self._best(vector, k, block) for block in _blocks(among)]
        numbers = np.concatenate([numbers for numbers, _ in found])
        scores = np.concatenate([scores for _, scores in found])
        order = np.lexsort((numbers, -scores))[:k]
        return numbers[order], scores[order]

    def _best(self, vector: Scores, k: int, block: range | Numbers) -> tuple[Numbers, Scores]:
        """The best of a block, in any order."""
        rows = self.at(block)
        if len(rows) > _FEW:
            faiss = _faiss()
            faiss.omp_set_num_threads(self._threads)  # subtle: OpenMP keeps this a thread, and a server has many
            found, places = faiss.knn(vector[None, :], rows, min(k, len(rows)), metric=faiss.METRIC_INNER_PRODUCT)
            return _numbers(block, places[0]), found[0]
        # einsum rather than @: BLAS would wake a thread pool that fights the encoder's.
        scores: Scores = np.einsum("nd,d->n", rows, vector)
        return _numbers(block, np.arange(len(rows))), scores

    def scores(self, vector: Scores, numbers: Numbers) -> Scores:
        """The cosines of a vector with the passages of these numbers, in their order."""
        scores: Scores = np.einsum("nd,d->n", self.at(numbers), vector)
        return scores

    def at(self, numbers: range | Numbers) -> NDArray[np.float32]:
        """(numbers, dimension): the vectors of these passages."""
        return self._rows[numbers.start : numbers.stop] if isinstance(numbers, range) else self._rows[numbers]


class VectorsWriter:
    """Writes vectors in the order of their passages' numbers."""

    def __init__(self, path: Path, dimension: int) -> None:
        self.dimension = dimension
        self._path = path
        path.touch()

    def add(self, vectors: NDArray[np.float32]) -> None:
        """Append (passages, dimension) float32, unit length."""
        with self._path.open("ab") as file:
            file.write(np.ascontiguousarray(vectors, dtype="<f4").tobytes())


def mapped_rows(path: Path, dimension: int) -> NDArray[np.float32]:
    """(rows, dimension) of a file, mapped; they stay readable after the file was removed."""
    try:
        size = path.stat().st_size
        if size % (4 * dimension):
            message = f"has {size:,} bytes, which make no vectors of {dimension} dimensions"
            raise IndexDamaged(message, place=str(path), remedy=REMEDY)
        if not size:
            return np.empty((0, dimension), dtype=np.float32)  # an empty file can't be mapped
        with path.open("rb") as file:
            raw = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise IndexDamaged(f"can't be read: {error.strerror}", place=str(path), remedy=REMEDY) from error
    return np.frombuffer(raw, dtype="<f4").reshape(-1, dimension)


def _blocks(among: range | Numbers) -> Iterator[range | Numbers]:
    """A range whole, since it is searched where it lies; scattered rows are gathered some at a time."""
    if isinstance(among, range):
        assert among.step == 1
        yield among
        return
    for start in range(0, len(among), _BLOCK):
        yield among[start : start + _BLOCK]


def _numbers(block: range | Numbers, places: Numbers) -> Numbers:
    return places + block.start if isinstance(block, range) else block[places]


def _faiss() -> ModuleType:
    import faiss

    module: ModuleType = faiss
    return module
