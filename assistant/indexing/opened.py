"""What every store of an index is, wherever its passages lie: `Store`.

In: a folder with what each of them needs at hand (manifest, encoder, vocabulary, extras). Out: `Store`, which adds what
the manifest tells of labels and passages. What ranking asks of a search is one method, `candidates`; a store brings that,
`labels`, `passages` and `warm`. Left out: the stores themselves: `store` (FAISS and tantivy in a folder), `milvus`.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged, IndexStale, UnknownLabel
from assistant.indexing.cross_encoder import PAIRS, CrossEncoder
from assistant.indexing.encoder import Encoder
from assistant.indexing.keywords import read_vocabulary
from assistant.indexing.manifest import PACKAGED, FileEntry, LabelEntry, Manifest
from assistant.indexing.saving import REMEDY
from assistant.label import Label
from assistant.passage import Passage

VOCABULARY = "vocabulary.tsv"
ENCODER = "encoder"
EXTRAS = "extras"
_LABELS_KEPT = 256  # labels in memory, least recently used go first


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Passages worth a look, in order of their numbers."""

    numbers: NDArray[np.int64]
    cosines: NDArray[np.float32]  # with the question's vector
    words: NDArray[np.float32]  # BM25, 0 where it isn't among the best by words


class LabelsById(Mapping[str, Label]):
    """Labels by id, in the order of their passages; each is read when asked for."""

    def __init__(self, entries: Sequence[LabelEntry], read: Callable[[LabelEntry], Label]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._read = lru_cache(_LABELS_KEPT)(lambda label: read(self._entries[label]))

    def __getitem__(self, label: str) -> Label:
        return self._read(label)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, label: object) -> bool:
        return label in self._entries  # subtle: Mapping's own would read the label


class Several(Sequence[Label]):
    """Labels in order, each read when it is looked at: how many there are is known without."""

    def __init__(self, labels: Mapping[str, Label]) -> None:
        self._labels = labels
        self._ids = tuple(labels)

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, place: int) -> Label: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Label, ...]: ...
    def __getitem__(self, place: int | slice) -> Label | tuple[Label, ...]:
        if isinstance(place, slice):
            return tuple(self._labels[id] for id in self._ids[place])
        return self._labels[self._ids[place]]


class Store(ABC):
    """One immutable index, open; safe to share between threads."""

    labels: Mapping[str, Label]  # in the order of their passages, each read when asked for
    passages: Sequence[Passage]  # by number, each read when asked for

    def __init__(self, folder: Path, manifest: Manifest, threads: int) -> None:
        self.folder = folder
        self.manifest = manifest
        self.id = manifest.id
        self._threads = threads
        self._entries = {entry.id: entry for entry in manifest.labels}
        self._firsts = [entry.first for entry in manifest.labels if entry.count]
        self._owners = [entry.id for entry in manifest.labels if entry.count]

    @abstractmethod
    def candidates(
        self, vector: NDArray[np.float32], weighted: Mapping[str, float], k: int, labels: Collection[str]
    ) -> Candidates:
        """The `k` nearest passages of some labels by vector and their `k` best by words, joined.

        `vector` is (dimension,) float32, unit length; `weighted` are stems with their weights. The score by words is
        that of `keywords.Keywords.search`, in every store.
        """

    @abstractmethod
    def warm(self) -> Self:
        """Open every part now, so that no question waits for it and a damaged part shows at the start."""

    @cached_property
    def encoder(self) -> Encoder:
        """Questions to vectors."""
        encoder = Encoder.open(self.folder / ENCODER, self._threads)
        self._check_size(self.folder / ENCODER, encoder.dimension, self.manifest.model.dimension, "dimensions")
        return encoder

    def ahead(self, question: str) -> AbstractContextManager[None]:
        """A block in which a question is encoded on another core meanwhile, where the encoder is there by now."""
        return self.encoder.ahead(question) if "encoder" in self.__dict__ else nullcontext()

    @property
    def reads_pairs(self) -> bool:
        """Whether the index holds a cross-encoder: one that was built with another model doesn't."""
        return f"{ENCODER}/{PAIRS}" in self.manifest.files

    @cached_property
    def cross_encoder(self) -> CrossEncoder:
        """A question and passages, read side by side, to scores; only where `reads_pairs`."""
        # On one thread, which is as fast as two for so small a model and leaves the other core alone.
        return CrossEncoder.open(self.folder / ENCODER, 1, self.encoder.tokenizer)

    def pairs_scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """The scores of passages for a question, above 0 where one rather answers than not."""
        return [float(score) for score in self.cross_encoder.scores(question, passages)]

    def share_encoder(self, other: "Store") -> None:
        """Encode with the encoder of another index, where its files are the same: a second one would be 75 MB more."""
        if self._encoder_files == other._encoder_files:
            self.__dict__["encoder"] = other.encoder
            if self.reads_pairs:
                self.__dict__["cross_encoder"] = other.cross_encoder

    @property
    def _encoder_files(self) -> dict[str, FileEntry]:
        return {name: entry for name, entry in self.manifest.files.items() if name.startswith(f"{ENCODER}/")}

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Every stem and how many passages hold it, in order of the stem, for mending typing errors."""
        return read_vocabulary(self.folder / VOCABULARY)

    def extra(self, name: str) -> bytes:
        """What the builder of the index laid beside it under this name, as the lexicon; KeyError where nothing lies."""
        if f"{EXTRAS}/{name}" not in self.manifest.files:
            raise KeyError(name)
        return (self.folder / EXTRAS / name).read_bytes()

    def entry(self, label: str) -> LabelEntry:
        """What the manifest says of a label; UnknownLabel where it isn't indexed."""
        if label not in self._entries:
            known, more = ", ".join(list(self._entries)[:5]), len(self._entries) - 5
            remedy = f"Indexed are {known} and {more} more" if more > 0 else f"Indexed are {known}"
            raise UnknownLabel(f"label {label!r} isn't indexed", place="label", remedy=remedy)
        return self._entries[label]

    @property
    def entries(self) -> tuple[LabelEntry, ...]:
        """What the manifest says of every label, in the order of their passages; no label is read for it."""
        return self.manifest.labels

    def range_of(self, label: str) -> range:
        """The numbers of a label's passages."""
        return self.entry(label).numbers

    def passages_of(self, label: str) -> list[Passage]:
        """A label's passages, in order."""
        numbers = self.range_of(label)
        return list(self.passages[numbers.start : numbers.stop])

    def label_of(self, number: int) -> str:
        """The id of the label that a passage belongs to."""
        return self._owners[bisect_right(self._firsts, number) - 1]

    def _check_model(self, model: str | None) -> None:
        """`model` is the one that the settings name, None where any will do; an index of another one is IndexStale."""
        built, named = self.manifest.model.name, model or PACKAGED
        if model is not None and built != named:
            message = f"the index was built with the model {built!r}, the settings name {named!r}"
            raise IndexStale(message, place=str(self.folder), remedy=REMEDY)

    def _check_size(self, path: Path, found: int, wanted: int, what: str) -> None:
        if found != wanted:
            raise IndexDamaged(f"has {found} {what} instead of {wanted}", place=str(path), remedy=REMEDY)
