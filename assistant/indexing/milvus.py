"""An index published into Milvus: passages, vectors, words and labels there, only the encoder and the word lists here.

In: the address of a Milvus (`http://user:password@host:19530`, or a file ending in `.db` for milvus-lite) and a folder to
keep the fetched files in. Out: `open_published`, which follows the alias once and opens that collection, so that no reply
mixes two versions; `Published`, a `Store`. Cosines come from Milvus, words from the sparse vectors of `sparse`. Left out:
the calls (`milvus_calls`), the files (`milvus_files`), publishing (`milvus_publishing`).
"""

import json
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged, IndexStale
from assistant.indexing import sparse
from assistant.indexing.manifest import Manifest
from assistant.indexing.milvus_calls import PUBLISH, Milvus
from assistant.indexing.milvus_files import Files, fetched, label_file
from assistant.indexing.milvus_rows import ALIAS, files_of, line_of, probes
from assistant.indexing.opened import Candidates, LabelsById, Store
from assistant.indexing.saving import load_label, load_passages
from assistant.label import Label
from assistant.passage import Passage

_PASSAGES_KEPT: Final = 50_000
_STEP: Final = 1000  # passages a call


def open_published(address: str, folder: Path, *, threads: int = 2, model: str | None = None) -> "Published":
    """The index that the alias names.

    Raises IndexUnreachable where Milvus doesn't answer, IndexMissing where nothing is published, IndexStale where it is of
    another schema or model, IndexDamaged where it isn't whole.
    """
    milvus = Milvus(address)
    collection = milvus.served(ALIAS)
    for one in (collection, files_of(collection)):
        milvus.load(one)
    place, manifest = fetched(Files(milvus, collection), folder)
    return Published(milvus, collection, place, manifest, threads).checked(model)


class Published(Store):
    """One published index, open; safe to share between threads."""

    passages: "PublishedPassages"

    def __init__(self, milvus: Milvus, collection: str, folder: Path, manifest: Manifest, threads: int) -> None:
        super().__init__(folder, manifest, threads)
        files = Files(milvus, collection)
        self.labels = LabelsById(manifest.labels, lambda entry: _label(files, label_file(entry.id)))
        self.passages = PublishedPassages(milvus, collection, manifest.passages)
        self._milvus = milvus
        self._collection = collection

    def candidates(
        self, vector: NDArray[np.float32], weighted: Mapping[str, float], k: int, labels: Collection[str]
    ) -> Candidates:
        asked, within = sparse.asked(weighted, self._places), self._within(labels)
        if within is None or k <= 0:
            return _joined({}, {})
        lists = probes(self.manifest.passages, within)
        hits = self._milvus.search(self._collection, "vector", vector, k, within, ["passage"], lists)
        cosines = {hit["number"]: hit["distance"] for hit in hits}
        found = self._milvus.search(self._collection, "words", asked, k, within, ["passage", "vector"]) if asked else []
        scores = {hit["number"]: hit["distance"] for hit in found}
        if others := [hit for hit in found if hit["number"] not in cosines]:
            rows = np.array([hit["entity"]["vector"] for hit in others], dtype=np.float32)
            met = np.einsum("nd,d->n", rows, vector)
            cosines |= {hit["number"]: cosine for hit, cosine in zip(others, met.tolist(), strict=True)}
        self.passages.keep({hit["number"]: hit["entity"]["passage"] for hit in (*hits, *found)})
        return _joined(cosines, scores)

    def warm(self) -> "Published":
        stems = dict.fromkeys(list(self.vocabulary)[:1], 1.0)
        self.candidates(self.encoder.encode(["warm"])[0], stems, 1, list(self.labels)[:1])
        return self

    def checked(self, model: str | None) -> "Published":
        """Itself, where the collection is what the manifest says."""
        place = f"{self._milvus.place}/{self._collection}"
        wanted = self.manifest.model.dimension
        if (found := self._milvus.dimension(self._collection)) != wanted:
            message = f"has vectors of {found} dimensions, the index {self.id} has {wanted}"
            raise IndexStale(message, place=place, remedy=PUBLISH)
        if (held := self._milvus.count(self._collection)) != self.manifest.passages:
            message = f"has {held:,} passages instead of {self.manifest.passages:,}"
            raise IndexDamaged(message, place=place, remedy=PUBLISH)
        self._check_model(model)
        return self

    @cached_property
    def _places(self) -> dict[str, int]:
        return sparse.places(self.vocabulary)

    def _within(self, labels: Collection[str]) -> str | None:
        """A filter that lets these labels through, empty for all of them; None where they have no passages."""
        wanted = sorted({label for label in labels if self.entry(label).count})
        if not wanted:
            return None
        # JSON's own escapes for letters are unknown to milvus-lite, so they stay as they are.
        return "" if len(wanted) == len(self._owners) else f"label in {json.dumps(wanted, ensure_ascii=False)}"


class PublishedPassages(Sequence[Passage]):
    """Passages by number; each is fetched when asked for, a slice in one go, and some are kept."""

    def __init__(self, milvus: Milvus, collection: str, count: int) -> None:
        self._milvus = milvus
        self._collection = collection
        self._count = count
        self._kept: OrderedDict[int, Passage] = OrderedDict()
        self._keeping = Lock()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Passage]:
        for start in range(0, self._count, _STEP):
            yield from self[start : start + _STEP]

    @overload
    def __getitem__(self, number: int) -> Passage: ...
    @overload
    def __getitem__(self, number: slice) -> list[Passage]: ...
    def __getitem__(self, number: int | slice) -> Passage | list[Passage]:
        if isinstance(number, slice):
            return self._fetched(range(*number.indices(self._count)))
        if not 0 <= number < self._count:
            raise IndexError(number)
        with self._keeping:
            if number in self._kept:
                self._kept.move_to_end(number)
                return self._kept[number]
        return self._fetched(range(number, number + 1))[0]

    def keep(self, texts: Mapping[int, str]) -> None:
        """Keep passages that came along with a search, least recently used go first."""
        with self._keeping:
            new = [number for number in texts if number not in self._kept]
        passages = self._parsed([texts[number] for number in new])
        with self._keeping:
            self._kept.update(zip(new, passages, strict=True))
            while len(self._kept) > _PASSAGES_KEPT:
                self._kept.popitem(last=False)

    def _fetched(self, numbers: range) -> list[Passage]:
        assert numbers.step == 1
        texts: dict[int, str] = {}
        for start in range(numbers.start, numbers.stop, _STEP):
            within = f"number >= {start} and number < {min(start + _STEP, numbers.stop)}"
            rows = self._milvus.query(self._collection, within, ["number", "passage"], _STEP)
            texts |= {row["number"]: row["passage"] for row in rows}
        if missing := [number for number in numbers if number not in texts]:
            place = f"{self._milvus.place}/{self._collection}"
            raise IndexDamaged(f"has no passage {missing[0]}", place=place, remedy=PUBLISH)
        return self._parsed([texts[number] for number in numbers])

    def _parsed(self, texts: Sequence[str]) -> list[Passage]:
        lines = b"\n".join(map(line_of, texts))
        return load_passages(lines, f"{self._milvus.place}/{self._collection}")


def _label(files: Files, name: str) -> Label:
    return load_label(files.read(name), files.place(name))


def _joined(cosines: Mapping[int, float], scores: Mapping[int, float]) -> Candidates:
    numbers: Any = np.array(sorted(cosines), dtype=np.int64)
    return Candidates(
        numbers=numbers,
        cosines=np.array([cosines[number] for number in numbers.tolist()], dtype=np.float32),
        words=np.array([scores.get(number, 0.0) for number in numbers.tolist()], dtype=np.float32),
    )
