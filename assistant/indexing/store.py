"""An index in a folder, opened: labels, passages, vectors by FAISS and words by tantivy under one manifest.

In: the index folder. Out: `Index`, a `Store`, or IndexMissing, IndexDamaged, IndexStale naming the file, what is wrong and
the remedy. Labels and passages are read when they are asked for; encoder, vectors and words when first used, or all by
`warm`. An opened index goes on serving after a newer one replaced it. Left out: building (`building`), what it has in
common with other stores (`opened`), ranking (`retrieving`).
"""

import mmap
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexTrouble
from assistant.indexing.checking import check
from assistant.indexing.keywords import Keywords
from assistant.indexing.manifest import LabelEntry, Manifest, read_manifest, read_pointer
from assistant.indexing.near import Near
from assistant.indexing.opened import Candidates, LabelsById, Store
from assistant.indexing.saving import load_label, load_passages
from assistant.indexing.vectors import Vectors
from assistant.label import Label
from assistant.passage import Passage

LABELS = "labels.jsonl"
PASSAGES = "passages.jsonl"
PLACES = "passages.places"  # int64, little-endian: where each line of PASSAGES starts, and its end
VECTORS = "vectors.f32"
NEAR = "near.faiss"  # only where there are many passages
KEYWORDS = "keywords"


class Labels(LabelsById):
    """Labels of a folder."""

    def __init__(self, path: Path, entries: Sequence[LabelEntry]) -> None:
        super().__init__(entries, self._parsed)
        self._path = path
        self._lines = _mapped(path)

    def raw(self, label: str) -> bytes:
        """The label's line."""
        entry = self._entries[label]
        return self._lines[entry.offset : entry.offset + entry.length]

    def _parsed(self, entry: LabelEntry) -> Label:
        return load_label(self.raw(entry.id), str(self._path))


class Passages(Sequence[Passage]):
    """Passages by number; each is read when asked for (3 microseconds), a slice in one go."""

    def __init__(self, path: Path, places: Path) -> None:
        self._path = path
        self._lines = _mapped(path)
        self._places: NDArray[np.int64] = np.frombuffer(_mapped(places), dtype="<i8")

    def __len__(self) -> int:
        return len(self._places) - 1

    @overload
    def __getitem__(self, number: int) -> Passage: ...
    @overload
    def __getitem__(self, number: slice) -> list[Passage]: ...
    def __getitem__(self, number: int | slice) -> Passage | list[Passage]:
        if isinstance(number, slice):
            return load_passages(self.raw(range(*number.indices(len(self)))), str(self._path))
        if not 0 <= number < len(self):
            raise IndexError(number)
        return load_passages(self.raw(range(number, number + 1)), str(self._path))[0]

    def raw(self, numbers: range) -> bytes:
        """The lines of consecutive passages."""
        assert numbers.step == 1
        return self._lines[self._places[numbers.start] : self._places[numbers.stop]] if numbers else b""


class Index(Store):
    """One immutable index in a folder, open; safe to share between threads."""

    def __init__(self, folder: Path, manifest: Manifest, threads: int) -> None:
        super().__init__(folder, manifest, threads)
        self.labels: Labels = Labels(folder / LABELS, manifest.labels)
        self.passages: Passages = Passages(folder / PASSAGES, folder / PLACES)

    @classmethod
    def open(cls, folder: Path, *, threads: int = 2, model: str | None = None) -> "Index":
        """The index in service in this folder, every file checked.

        `model` is the model that the settings name; an index of another one is IndexStale.
        """
        pointer = read_pointer(folder)
        try:
            manifest = read_manifest(folder, pointer)
            check(folder, pointer.folder, manifest.files)
            return cls(folder / pointer.folder, manifest, threads)._checked(model)
        except IndexTrouble:
            if read_pointer(folder) == pointer:
                raise
        return cls.open(folder, threads=threads, model=model)  # a build replaced it meanwhile

    @cached_property
    def vectors(self) -> Vectors:
        """Nearest passages."""
        entry = self.manifest.near
        near = Near.open(self.folder / NEAR, entry, self._threads) if entry and entry.probes else None
        vectors = Vectors.open(self.folder / VECTORS, self.manifest.model.dimension, self._threads, near)
        self._check_size(self.folder / VECTORS, len(vectors), self.manifest.passages, "passages")
        return vectors

    @cached_property
    def keywords(self) -> Keywords:
        """Passages by their words."""
        keywords = Keywords.open(self.folder / KEYWORDS, len(self.labels))
        self._check_size(self.folder / KEYWORDS, len(keywords), self.manifest.passages, "passages")
        return keywords

    def candidates(
        self, vector: NDArray[np.float32], weighted: Mapping[str, float], k: int, labels: Collection[str]
    ) -> Candidates:
        near, _ = self.vectors.search(vector, k, self.allowed(labels))
        found, scores = self.keywords.search(weighted, k, labels)
        numbers = np.array(sorted({*near.tolist(), *found.tolist()}), dtype=np.int64)  # union1d imports numpy.ma: 15 ms
        words = np.zeros(len(numbers), dtype=np.float32)
        words[np.searchsorted(numbers, found)] = scores
        return Candidates(numbers=numbers, cosines=self.vectors.scores(vector, numbers), words=words)

    def warm(self) -> "Index":
        self.vectors.search(self.encoder.encode(["warm"])[0], 1)
        assert self.keywords is not None
        assert self.vocabulary is not None
        return self

    def allowed(self, labels: Collection[str]) -> range | NDArray[np.int64]:
        """The numbers of the passages of some labels, as `vectors.search` takes them."""
        ranges = sorted((self.range_of(label) for label in set(labels)), key=lambda numbers: numbers.start)
        ends = [numbers.stop for numbers in ranges]
        if ranges and all(end == numbers.start for end, numbers in zip(ends, ranges[1:], strict=False)):
            return range(ranges[0].start, ends[-1])  # neighbours: a range is searched faster than an array
        return np.concatenate([np.empty(0, dtype=np.int64), *(np.arange(r.start, r.stop) for r in ranges)])

    def _checked(self, model: str | None) -> "Index":
        self._check_size(self.folder / PLACES, len(self.passages), self.manifest.passages, "passages")
        self._check_model(model)
        return self


def _mapped(path: Path) -> mmap.mmap | bytes:
    """A file's bytes, mapped: they stay readable after the file was removed."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            return b""  # an empty file can't be mapped
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
