"""Publishing an index into Milvus: written beside what serves, verified, then switched to at once.

In: an open index of a folder. Out: `publish` and a `PublishReport`. What is there already is not written again, so a
publishing that was killed goes on where it was, and several machines may each write a shard (`only`) before one switches.
Nothing that serves sees a row before the alias names its collection. Left out: the rows (`milvus_rows`), the words
(`sparse`), building the index.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from assistant.errors import IndexDamaged, IndexTrouble
from assistant.indexing import sparse
from assistant.indexing.manifest import CURRENT, NAME, LabelEntry, read_pointer
from assistant.indexing.milvus_calls import PUBLISH, Milvus
from assistant.indexing.milvus_files import Files, at_hand, label_file
from assistant.indexing.milvus_rows import (
    ALIAS,
    collection_of,
    files_of,
    id_of,
    passage_fields,
    passage_indexes,
    passages_of,
    row,
)
from assistant.indexing.sharding import Shard
from assistant.indexing.store import Index

_STEP: Final = 500  # passages a call, about 2 MB
_PIECES: Final = 50  # of files, a call, about 2 MB as well
_SAMPLE: Final = 64  # vectors compared before the switch
_log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What a publishing did."""

    index: str  # id
    place: str  # address and collection
    passages: int
    written: int  # passages that were not there yet
    switched: bool  # the alias names it; not so for a shard
    dropped: tuple[str, ...] = ()  # collections of older versions
    seconds: float


def publish(
    index: Index,
    address: str,
    *,
    keep: int = 2,
    replicas: int = 1,
    only: Shard | None = None,
    progress: Progress = _silent,
) -> PublishReport:
    """Bring an index into Milvus and have it served; with `only`, write that shard of its labels and switch nothing.

    Of the versions published, the `keep` newest stay, and always the one that served until now. A new one is held
    `replicas` times in memory.
    """
    started = time.perf_counter()
    publisher = _Publisher(index, Milvus(address), replicas, progress)
    written = publisher.write(only)
    dropped = () if only else publisher.switch(keep)
    return PublishReport(
        index=index.id,
        place=publisher.place,
        passages=len(index.passages),
        written=written,
        switched=only is None,
        dropped=dropped,
        seconds=time.perf_counter() - started,
    )


class _Publisher:
    """Writes one index into one Milvus."""

    def __init__(self, index: Index, milvus: Milvus, replicas: int, progress: Progress) -> None:
        self._index = index
        self._replicas = replicas
        self._milvus = milvus
        self._progress = progress
        self._collection = collection_of(index.id)
        self._files = Files(milvus, self._collection)
        self.place = f"{milvus.place}/{self._collection}"

    def write(self, only: Shard | None) -> int:
        """All that is missing of a shard, of everything where there is none; how many passages that were."""
        passages = len(self._index.passages)
        dimension = self._index.manifest.model.dimension
        self._milvus.create(self._collection, passage_fields(dimension), passage_indexes(passages))
        self._files.create()
        for collection in (self._collection, self._files.collection):
            self._milvus.load(collection, self._replicas)
        if (found := self._milvus.dimension(self._collection)) != dimension:
            message = f"has vectors of {found} dimensions, the index {self._index.id} has {dimension}"
            raise IndexDamaged(message, place=self.place, remedy="Drop that collection and publish anew")
        wanted = [entry for entry in self._index.entries if only is None or only.holds(entry.id)]
        written = self._write_labels(wanted)
        if only:
            self._flush()
        return written

    def switch(self, keep: int) -> tuple[str, ...]:
        """Have the alias name it, once it is whole; the collections dropped for it."""
        self._write_files()
        self._flush()
        self._verify()
        before = self._milvus.behind(ALIAS)
        self._milvus.point(ALIAS, self._collection)
        _log.info("the alias %s names %s, before %r", ALIAS, self._collection, before)
        return self._retire(keep, before)

    def _flush(self) -> None:
        for collection in (self._collection, self._files.collection):
            self._milvus.flush(collection)

    def _write_labels(self, wanted: list[LabelEntry]) -> int:
        total = sum(entry.count for entry in wanted)
        missing = [entry for entry in wanted if not self._is_there(entry)]
        written, done = 0, total - sum(entry.count for entry in missing)
        counts = sparse.Counts(self._index.passages, self._index.vocabulary) if missing else None
        for entry in missing:
            assert counts is not None
            for start in range(entry.first, entry.numbers.stop, _STEP):
                numbers = range(start, min(start + _STEP, entry.numbers.stop))
                self._milvus.write(self._collection, list(self._rows(entry.id, numbers, counts)))
                written += len(numbers)
                self._progress("publishing", done + written, total)
            # subtle: after its passages, so that a label that is there has all of them
            self._write_file(label_file(entry.id), self._index.labels.raw(entry.id))
        return written

    def _is_there(self, entry: LabelEntry) -> bool:
        return self._files.has(label_file(entry.id))

    def _rows(self, label: str, numbers: range, counts: sparse.Counts) -> Iterator[dict[str, object]]:
        lines = self._index.passages.raw(numbers).splitlines()
        passages = self._index.passages[numbers.start : numbers.stop]
        vectors = self._index.vectors.at(numbers)
        for number, line, passage, vector in zip(numbers, lines, passages, vectors, strict=True):
            yield row(number, label, line, vector, counts.vector(passage))

    def _write_files(self) -> None:
        """The files that a server needs at hand; `current` last, which says that all is there."""
        manifest, folder = self._index.manifest, self._index.folder
        for name in (*at_hand(manifest), NAME):
            self._write_file(name, (folder / name).read_bytes())
        self._write_file(CURRENT, str(read_pointer(folder.parent)).encode())

    def _write_file(self, name: str, raw: bytes) -> None:
        if not self._files.has(name):
            rows = list(self._files.rows(name, raw))[::-1]  # subtle: the first piece last, so that it stands for all
            for start in range(0, len(rows), _PIECES):
                self._milvus.write(self._files.collection, rows[start : start + _PIECES])

    def _verify(self) -> None:
        """Nothing where every passage is there and a sample of vectors is the index's own, else IndexDamaged."""
        wanted = len(self._index.passages)
        if (held := self._milvus.count(self._collection)) != wanted:
            message = f"has {held:,} passages instead of {wanted:,}, so it is not switched to"
            raise IndexDamaged(message, place=self.place, remedy=PUBLISH)
        numbers = np.unique(np.linspace(0, wanted - 1, min(_SAMPLE, wanted)).astype(np.int64))
        within = f"number in {numbers.tolist()}"
        rows = self._milvus.query(self._collection, within, ["number", "vector"], len(numbers))
        vectors = {one["number"]: np.asarray(one["vector"], dtype=np.float32) for one in rows}
        for number, vector in zip(numbers.tolist(), self._index.vectors.at(numbers), strict=True):
            if number not in vectors or not np.array_equal(vectors[number], vector):
                message = f"has another vector for passage {number}, so it is not switched to"
                raise IndexDamaged(message, place=self.place, remedy="Drop that collection and publish anew")

    def _retire(self, keep: int, before: str) -> tuple[str, ...]:
        """Drop what is older than the newest; one that is still being written has no `current` and stays."""
        names = set(self._milvus.collections())
        others = [one for one in names if id_of(one) and one not in (self._collection, before)]
        made: list[tuple[str, str]] = []
        for one in others:
            try:
                made.append((Files(self._milvus, one).made(), one))
            except IndexTrouble:
                _log.info("%s is left as it is: it is still being written", one)
        kept = 1 + (before not in ("", self._collection))
        old = [one for _, one in sorted(made, reverse=True)][max(0, keep - kept) :]
        for one in [*old, *map(files_of, old), *orphans(names)]:
            if one in names:
                self._milvus.drop(one)
        return tuple(sorted(old))


def orphans(names: Collection[str]) -> list[str]:
    """Files whose passages a killed publishing had dropped already."""
    return [one for one in names if (owner := passages_of(one)) and owner not in names]
