"""Approximate search for large indexes: FAISS IVF-SQ8, made beside the vectors and checked against exact search.

In: the rows of an index. Out: `make`, which writes the file and says how good it is (`NearEntry`), or that it isn't
good enough, and `Near`, which finds candidates. Everything it finds is compared anew with the exact vectors, so only a
passage that it doesn't find can be missed. Left out: search within some labels, which is always exact (`vectors`).
"""

from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged
from assistant.indexing.manifest import NearEntry
from assistant.indexing.saving import REMEDY

LEAST: Final = 50_000  # passages; exact search takes less than the encoder below
WANTED: Final = 0.97  # recall@10 on the sample
_PROBES: Final = (8, 16, 32, 64, 128)
_SAMPLE: Final = 200  # passages that stand for questions
_TRAINED: Final = 64  # rows a list to find its centre from
_ROUND: Final = 65_536  # rows added at once
_K: Final = 10
_CANDIDATES: Final = 100


class Near:
    """Candidates for the nearest passages of all; safe to share between threads."""

    def __init__(self, index: Any, probes: int, threads: int) -> None:
        self._index = index
        self._probes = probes
        self._threads = threads

    @classmethod
    def open(cls, path: Path, entry: NearEntry, threads: int = 2) -> "Near":
        """The lists of a file, mapped; IndexDamaged where FAISS can't read them."""
        faiss = _faiss()
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        except RuntimeError as error:
            raise IndexDamaged("can't be read by FAISS", place=str(path), remedy=REMEDY) from error
        return cls(index, entry.probes, threads)

    def search(self, vector: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """The numbers of about `k` passages near a vector, in order of their numbers."""
        faiss = _faiss()
        faiss.omp_set_num_threads(self._threads)
        parameters = faiss.SearchParametersIVF(nprobe=self._probes)
        _, found = self._index.search(vector[None, :], k, params=parameters)
        return np.sort(found[0][found[0] >= 0])


def make(rows: NDArray[np.float32], path: Path, threads: int = 2) -> NearEntry:
    """Write the lists of (passages, dimension) rows with the fewest probes that find enough.

    Where even the most probes miss more than `WANTED` allows, nothing is written and `probes` is 0.
    """
    faiss = _faiss()
    faiss.omp_set_num_threads(threads)
    lists = max(1, min(int(4 * len(rows) ** 0.5), len(rows) // 4))
    index = faiss.index_factory(rows.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    dice = np.random.default_rng(0)
    index.train(rows[np.sort(dice.choice(len(rows), min(len(rows), lists * _TRAINED), replace=False))])
    for start in range(0, len(rows), _ROUND):
        index.add(rows[start : start + _ROUND])
    entry = _probed(index, rows, lists, dice)
    if entry.probes:
        faiss.write_index(index, str(path))
    return entry


# subtle: `np.random` is imported when it is looked at, here for a question that needs none; hence the quotes.
def _probed(index: Any, rows: NDArray[np.float32], lists: int, dice: "np.random.Generator") -> NearEntry:
    """How many probes it takes, by questions that lie about as far from passages as real ones do."""
    faiss = _faiss()
    picked = rows[dice.choice(len(rows), _SAMPLE, replace=False)]
    noise = dice.normal(size=picked.shape).astype(np.float32)
    questions = picked + noise / np.linalg.norm(noise, axis=1, keepdims=True)  # a cosine of about 0.7
    questions /= np.linalg.norm(questions, axis=1, keepdims=True)
    _, exact = faiss.knn(questions, rows, _K, metric=faiss.METRIC_INNER_PRODUCT)
    recall = 0.0
    for probes in _PROBES:
        _, found = index.search(questions, _CANDIDATES, params=faiss.SearchParametersIVF(nprobe=probes))
        # Candidates are compared exactly afterwards, so being among them is being found.
        recall = float(np.mean([np.isin(one, other).mean() for one, other in zip(exact, found, strict=True)]))
        if recall >= WANTED:
            return NearEntry(lists=lists, probes=probes, recall=round(recall, 4))
    return NearEntry(lists=lists, probes=0, recall=round(recall, 4))


def _faiss() -> ModuleType:
    import faiss

    module: ModuleType = faiss
    return module
