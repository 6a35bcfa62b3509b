"""Vectors that a killed build had already made: the next build takes them instead of encoding again.

In: a file beside the index and the texts to encode. Out: `Kept`. A record is the text's hash, its vector and a checksum
of both, so a record that was cut short or damaged is as good as none. Left out: labels that a killed build had read;
reading a label takes a hundredth of encoding it.
"""

import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class Kept:
    """The vectors of one model by the text that they were made of."""

    def __init__(self, path: Path, dimension: int) -> None:
        self.dimension = dimension
        self._path = path
        self._record = np.dtype([("key", "S16"), ("check", "<u4"), ("vector", "<f4", (dimension,))])
        self._start()

    def _start(self) -> None:
        """Drop a record that was cut short, so that the next one begins in its place."""
        whole = self._path.stat().st_size // self._record.itemsize if self._path.is_file() else 0
        with self._path.open("ab") as file:
            file.truncate(whole * self._record.itemsize)
        self._known: NDArray[np.void] | None = None
        if whole:
            records = np.memmap(self._path, dtype=self._record, mode="r", shape=(whole,))
            self._known, self._order = records, np.argsort(records["key"], kind="stable")
            self._keys = records["key"][self._order]

    def take(self, texts: Sequence[str], into: NDArray[np.float32]) -> list[int]:
        """Fill in the vectors that are known; the places of the texts that aren't."""
        if self._known is None:
            return list(range(len(texts)))
        return [place for place, text in enumerate(texts) if not self._fill(_key(text), into[place])]

    def _fill(self, key: bytes, row: NDArray[np.float32]) -> bool:
        assert self._known is not None
        wanted = np.array(key, dtype="S16")
        place = int(np.searchsorted(self._keys, wanted))
        if place >= len(self._keys) or self._keys[place] != wanted:
            return False
        record = self._known[self._order[place]]
        if record["check"] != _check(bytes(record["key"]), record["vector"]):
            return False
        row[:] = record["vector"]
        return True

    def add(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep the vectors of these texts."""
        records = np.zeros(len(texts), dtype=self._record)
        records["key"] = [_key(text) for text in texts]
        records["vector"] = vectors
        records["check"] = [_check(bytes(one["key"]), one["vector"]) for one in records]
        with self._path.open("ab") as file:
            file.write(records.tobytes())


def _key(text: str) -> bytes:
    # Letters rather than bytes: numpy drops zero bytes at the end of a key.
    return hashlib.sha256(text.encode()).hexdigest()[:16].encode()


def _check(key: bytes, vector: NDArray[np.float32]) -> int:
    return zlib.crc32(vector.tobytes(), zlib.crc32(key))
