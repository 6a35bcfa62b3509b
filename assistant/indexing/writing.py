"""The parts of an index while they are written: labels, passages, words, then vectors.

In: labels with their passages, or the last index's entry of an unchanged one. Out: the files in a folder, and
`Parts.entries`. Left out: which labels changed (`building`) and bringing the folder into service (`publishing`).
"""

from array import array
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.encoder import Encoder
from assistant.indexing.keywords import KeywordsWriter
from assistant.indexing.manifest import LabelEntry
from assistant.indexing.saving import dump, load_passages
from assistant.indexing.store import ENCODER, EXTRAS, KEYWORDS, LABELS, PASSAGES, PLACES, VECTORS, VOCABULARY, Index
from assistant.indexing.vectors import VectorsWriter
from assistant.label import Label
from assistant.passage import Passage

Progress = Callable[[str, int, int], None]
Extras = Callable[[Mapping[str, int]], Mapping[str, bytes]]
_ROUND = 16_384  # passages encoded before their vectors are handed on, which bounds memory
_CONTEXT_WORDS = 90  # so that of the encoder's 256 tokens more than half are left for the passage itself


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

    def export(self, folder: Path) -> None:
        """Write `model.onnx` and `tokenizer.json`."""


def text_to_encode(passage: Passage) -> str:
    """What the encoder sees of a passage: the words around it, cut short, then its own."""
    around = " ".join(passage.context.split()[:_CONTEXT_WORDS]).rstrip(" .")
    return f"{around}. {passage.search}" if around else passage.search


class Parts:
    """Labels and passages written so far; `finish` writes the rest."""

    def __init__(self, folder: Path, last: Index | None, *, same_model: bool) -> None:
        self.entries: list[LabelEntry] = []
        self.read: list[str] = []  # ids of labels that weren't taken over
        self._folder = folder
        self._last = last
        self._same_model = same_model
        self._places = array("q", [0])
        self._vectors: list[int | str] = []  # for each passage its number in the last index, or the text to encode
        self._keywords = KeywordsWriter(folder / KEYWORDS)
        for name in (LABELS, PASSAGES):
            (folder / name).touch()

    def __len__(self) -> int:
        return len(self._vectors)

    @property
    def encoded(self) -> int:
        """How many passages have to be encoded."""
        return sum(isinstance(source, str) for source in self._vectors)

    def take_over(self, old: LabelEntry) -> None:
        """An unchanged label from the last index, byte for byte."""
        assert self._last is not None
        lines = self._last.passages.raw(old.numbers)
        passages = load_passages(lines, str(self._last.folder / PASSAGES))
        self._write_label(old.id, old.file, old.sha256, old.content, self._last.labels.raw(old.id), len(passages))
        self._write_passages(passages, lines.splitlines(keepends=True))
        self._vectors += old.numbers if self._same_model else map(text_to_encode, passages)

    def add(self, label: Label, content: str, passages: Sequence[Passage]) -> None:
        """A new or changed label."""
        _check(label, passages)
        self.read.append(label.id)
        self._write_label(label.id, label.file, label.sha256, content, dump(label) + b"\n", len(passages))
        self._write_passages(passages, [dump(passage) + b"\n" for passage in passages])
        self._vectors += map(text_to_encode, passages)

    def finish(self, model: BuildModel, extras: Extras, progress: Progress) -> int:
        """Words, extras, places and vectors to disk; the dimension of the exported encoder."""
        self._keywords.write()
        self._keywords.write_vocabulary(self._folder / VOCABULARY)
        for name, raw in extras(self._keywords.vocabulary).items():
            (self._folder / EXTRAS).mkdir(exist_ok=True)
            (self._folder / EXTRAS / name).write_bytes(raw)
        (self._folder / PLACES).write_bytes(np.asarray(self._places, dtype="<i8").tobytes())
        dimension = Encoder.open(self._folder / ENCODER).dimension
        writer = VectorsWriter(dimension)
        progress("encoding", 0, self.encoded)
        done = 0
        for start in range(0, len(self), _ROUND):
            done += self._encode_round(self._vectors[start : start + _ROUND], model, writer, done, progress)
        writer.write(self._folder / VECTORS)
        return dimension

    def _encode_round(
        self, sources: Sequence[int | str], model: BuildModel, writer: VectorsWriter, done: int, progress: Progress
    ) -> int:
        vectors = np.empty((len(sources), writer.dimension), dtype=np.float32)
        old = [(place, source) for place, source in enumerate(sources) if isinstance(source, int)]
        new = [(place, source) for place, source in enumerate(sources) if isinstance(source, str)]
        if old and self._last:
            vectors[[place for place, _ in old]] = self._last.vectors.at(np.array([number for _, number in old]))
        if new:
            total = self.encoded
            vectors[[place for place, _ in new]] = model.encode(
                [text for _, text in new], lambda count: progress("encoding", done + count, total)
            )
        writer.add(vectors)
        return len(new)

    def _write_label(self, label: str, file: str, sha256: str, content: str, line: bytes, count: int) -> None:
        offset = self.entries[-1].offset + self.entries[-1].length if self.entries else 0
        with (self._folder / LABELS).open("ab") as target:
            target.write(line)
        entry = LabelEntry(
            id=label,
            file=file,
            sha256=sha256,
            content=content,
            first=len(self),
            count=count,
            offset=offset,
            length=len(line),
        )
        self.entries.append(entry)

    def _write_passages(self, passages: Sequence[Passage], lines: Sequence[bytes]) -> None:
        with (self._folder / PASSAGES).open("ab") as target:
            target.writelines(lines)
        for line in lines:
            self._places.append(self._places[-1] + len(line))
        for number, passage in enumerate(passages, len(self)):
            self._keywords.add(number, passage.label, passage.search, passage.context)


def _check(label: Label, passages: Sequence[Passage]) -> None:
    """Our own invariants of splitting: order, owner, spans within the text."""
    for place, passage in enumerate(passages):
        assert passage.label == label.id, f"passage {place} of {label.id!r} says it belongs to {passage.label!r}"
        assert passage.place == place, f"passage {place} of {label.id!r} says it stands at {passage.place}"
        assert 0 <= passage.start < passage.end <= len(label.text), f"passage {place} of {label.id!r} leaves the text"
