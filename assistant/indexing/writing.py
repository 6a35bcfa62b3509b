"""The parts of an index while they are written: labels, passages, words, then vectors.

In: labels with their passages, or another index's entry of an unchanged one. Out: the files in a folder, and
`Parts.entries`. Memory holds a label and a round of passages at a time, however many there are, and for each passage
eight bytes. Left out: which labels changed (`building`) and bringing the folder into service (`publishing`).
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.indexing import near
from assistant.indexing.encoder import Encoder
from assistant.indexing.keywords import KeywordsWriter
from assistant.indexing.manifest import LabelEntry, NearEntry
from assistant.indexing.opened import ENCODER, EXTRAS, VOCABULARY
from assistant.indexing.resuming import Kept
from assistant.indexing.saving import dump, load_label, load_passages
from assistant.indexing.store import KEYWORDS, LABELS, NEAR, PASSAGES, PLACES, VECTORS, Index, Passages
from assistant.indexing.vectors import VectorsWriter, mapped_rows
from assistant.label import Definition, Label
from assistant.passage import Passage, text_to_encode

Progress = Callable[[str, int, int], None]
Extras = Callable[[Mapping[str, int], Iterable[Definition]], Mapping[str, bytes]]
_ROUND = 16_384  # passages sorted by length and encoded before their vectors are handed on, which bounds memory
_STEP = 512  # passages encoded before they are kept for a build that goes on
_NEW = -1  # in place of a number in a source


class BuildModel(Protocol):
    """What a build needs of the model: `exporting.BuildEncoder`, or a stand-in in tests."""

    @property
    def name(self) -> str:
        """What the settings call it."""

    @property
    def sha256(self) -> str:
        """A hash over all that decides a vector."""

    def encode(self, texts: Sequence[str], progress: Callable[[int], None]) -> NDArray[np.float32]:
        """(texts, dimension) float32, unit length, of at least one text."""

    @property
    def precision(self) -> str:
        """What passages are encoded in: "float32", "bfloat16"."""

    def export(self, folder: Path) -> None:
        """Write the files of the exported encoder (`encoder`)."""


class Parts:
    """Labels and passages written so far; `finish` writes the rest."""

    def __init__(self, folder: Path, sources: Sequence[Index], model: str) -> None:
        """`sources` are indexes to take labels over from, with their vectors where the model's sha256 is the same."""
        self.entries: list[LabelEntry] = []
        self.read: list[str] = []  # ids of labels that weren't taken over
        self.encoded = 0  # passages that have to be encoded
        self._folder = folder
        self._sources = sources
        self._model = model
        self._places = array("q", [0])
        self._vectors = array("q")  # for each passage its number among those of the sources, or that it is new
        self._definitions: list[Definition] = []
        self._keywords = KeywordsWriter(folder / KEYWORDS)
        for name in (LABELS, PASSAGES):
            (folder / name).touch()

    def __len__(self) -> int:
        return len(self._vectors)

    def take_over(self, source: int, old: LabelEntry) -> None:
        """An unchanged label from one of the sources, byte for byte."""
        index = self._sources[source]
        lines = index.passages.raw(old.numbers)
        passages = load_passages(lines, str(index.folder / PASSAGES))
        line = index.labels.raw(old.id)
        self._write_label(replace(old, newer=""), line, len(passages))
        self._definitions += load_label(line, str(index.folder / LABELS)).definitions
        self._write_passages(passages, lines.splitlines(keepends=True))
        same_model, first = index.manifest.model.sha256 == self._model, self._firsts[source] + old.first
        self._vectors.extend(range(first, first + len(passages)) if same_model else [_NEW] * len(passages))
        self.encoded += 0 if same_model else len(passages)

    def add(self, label: Label, content: str, passages: Sequence[Passage]) -> None:
        """A new or changed label; a passage that a source has of it, too, keeps its vector."""
        _check(label, passages)
        self.read.append(label.id)
        self._write_label(_entry(label, content), dump(label) + b"\n", len(passages))
        self._definitions += label.definitions
        self._write_passages(passages, [dump(passage) + b"\n" for passage in passages])
        known = self._numbers(label.id)
        numbers = [known.get(text_to_encode(passage), _NEW) for passage in passages]
        self._vectors.extend(numbers)
        self.encoded += numbers.count(_NEW)

    def _numbers(self, label: str) -> dict[str, int]:
        """What the encoder saw of a label's passages in the first source of the same model that has it, with their
        numbers among those of the sources."""
        for index, first in zip(self._sources, self._firsts, strict=True):
            if index.manifest.model.sha256 == self._model and label in index.labels:
                numbers = index.range_of(label)
                passages = load_passages(index.passages.raw(numbers), str(index.folder / PASSAGES))
                return {text_to_encode(one): first + place for place, one in zip(numbers, passages, strict=True)}
        return {}

    def finish(self, extras: Extras) -> None:
        """Words, extras and places to disk."""
        self._keywords.write()
        self._keywords.write_vocabulary(self._folder / VOCABULARY)
        for name, raw in extras(self._keywords.vocabulary, self._definitions).items():
            (self._folder / EXTRAS).mkdir(exist_ok=True)
            (self._folder / EXTRAS / name).write_bytes(raw)
        (self._folder / PLACES).write_bytes(np.asarray(self._places, dtype="<i8").tobytes())

    def encode(self, model: BuildModel, kept: Path, progress: Progress) -> int:
        """Vectors to disk, those in the file `kept` from there; the dimension of the exported encoder."""
        writer = VectorsWriter(self._folder / VECTORS, Encoder.open(self._folder / ENCODER).dimension)
        rounds = _Rounds(self, model, Kept(kept, writer.dimension), progress)
        progress("encoding", 0, self.encoded)
        for start in range(0, len(self), _ROUND):
            writer.add(rounds.encoded(range(start, min(start + _ROUND, len(self)))))
        return writer.dimension

    def look_near(self, dimension: int, threads: int) -> NearEntry | None:
        """Approximate search where there are many passages; what it found of exact search's."""
        if len(self) < near.LEAST:
            return None
        return near.make(mapped_rows(self._folder / VECTORS, dimension), self._folder / NEAR, threads)

    def texts(self, numbers: range) -> list[str]:
        """What the encoder sees of consecutive passages."""
        raw = Passages(self._folder / PASSAGES, self._folder / PLACES).raw(numbers)
        return [text_to_encode(passage) for passage in load_passages(raw, PASSAGES)]

    def old(self, numbers: range) -> NDArray[np.int64]:
        """Their numbers among those of the sources, -1 where they are new."""
        return np.array(self._vectors[numbers.start : numbers.stop], dtype=np.int64)

    def old_vectors(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Vectors of the sources."""
        owners = np.searchsorted(self._firsts, numbers, side="right") - 1
        dimension = self._sources[owners[0]].manifest.model.dimension
        vectors = np.empty((len(numbers), dimension), dtype=np.float32)
        for owner in np.unique(owners):
            rows = owners == owner
            vectors[rows] = self._sources[owner].vectors.at(numbers[rows] - self._firsts[owner])
        return vectors

    @property
    def _firsts(self) -> list[int]:
        """The number of each source's first passage among those of all."""
        return [0, *accumulate(len(index.passages) for index in self._sources)][:-1]

    def _write_label(self, entry: LabelEntry, line: bytes, count: int) -> None:
        offset = self.entries[-1].offset + self.entries[-1].length if self.entries else 0
        with (self._folder / LABELS).open("ab") as target:
            target.write(line)
        self.entries.append(replace(entry, first=len(self), count=count, offset=offset, length=len(line)))

    def _write_passages(self, passages: Sequence[Passage], lines: Sequence[bytes]) -> None:
        with (self._folder / PASSAGES).open("ab") as target:
            target.writelines(lines)
        for line in lines:
            self._places.append(self._places[-1] + len(line))
        for number, passage in enumerate(passages, len(self)):
            self._keywords.add(number, passage.label, passage.search, passage.context)


class _Rounds:
    """Encodes a round at a time: its new passages longest first, so that a batch holds texts of like length."""

    def __init__(self, parts: Parts, model: BuildModel, kept: Kept, progress: Progress) -> None:
        self._parts = parts
        self._model = model
        self._kept = kept
        self._progress = progress
        self._dimension = kept.dimension
        self._done = 0

    def encoded(self, numbers: range) -> NDArray[np.float32]:
        """(passages, dimension): the vectors of consecutive passages."""
        vectors = np.empty((len(numbers), self._dimension), dtype=np.float32)
        old = self._parts.old(numbers)
        if (taken := np.flatnonzero(old != _NEW)).size:
            vectors[taken] = self._parts.old_vectors(old[taken])
        if (new := np.flatnonzero(old == _NEW)).size:
            texts = self._parts.texts(numbers)
            vectors[new] = self._fresh([texts[place] for place in new])
        return vectors

    def _fresh(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self._dimension), dtype=np.float32)
        missing = sorted(self._kept.take(texts, vectors), key=lambda place: (-len(texts[place]), place))
        self._tell(len(texts) - len(missing))
        for start in range(0, len(missing), _STEP):
            places = missing[start : start + _STEP]
            step = [texts[place] for place in places]
            before = self._done
            vectors[places] = self._model.encode(step, lambda count, before=before: self._tell_at(before + count))  # type: ignore[misc]
            self._kept.add(step, vectors[places])
            self._done = before + len(step)
        return vectors

    def _tell(self, count: int) -> None:
        self._done += count
        if count:
            self._tell_at(self._done)

    def _tell_at(self, done: int) -> None:
        self._progress("encoding", done, self._parts.encoded)


def _entry(label: Label, content: str) -> LabelEntry:
    return LabelEntry(
        id=label.id,
        name=label.name,
        generic=label.generic,
        names=label.names,
        set_id=label.set_id,
        version=label.version,
        effective=label.effective,
        file=label.file,
        sha256=label.sha256,
        content=content,
        first=0,
        count=0,
        offset=0,
        length=0,
    )


def _check(label: Label, passages: Sequence[Passage]) -> None:
    """Our own invariants of splitting: order, owner, spans within the text."""
    for place, passage in enumerate(passages):
        assert passage.label == label.id, f"passage {place} of {label.id!r} says it belongs to {passage.label!r}"
        assert passage.place == place, f"passage {place} of {label.id!r} says it stands at {passage.place}"
        assert 0 <= passage.start < passage.end <= len(label.text), f"passage {place} of {label.id!r} leaves the text"
