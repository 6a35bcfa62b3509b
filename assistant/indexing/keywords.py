"""The words of an index: BM25 by tantivy over two fields, the passage's own words and the words around it.

In: a tantivy folder. Out: `Keywords`; `KeywordsWriter` makes the folder and counts the vocabulary. Texts are stems
joined by blanks (`words.terms`); tantivy only splits at blanks. Left out: synonyms and spelling (`understanding`).
"""

import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant import words
from assistant.errors import IndexDamaged
from assistant.indexing.saving import REMEDY

_HEAP = 512_000_000  # bytes, an upper bound: up to a million passages stay one segment
_SPLITTER = "blanks"

Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]


class Keywords:
    """The words of all passages, open; safe to share between threads."""

    def __init__(self, index: Any, labels: int | None = None) -> None:
        self._labels = labels
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def open(cls, folder: Path, labels: int | None = None) -> "Keywords":
        """The words of a folder with so many labels, mapped; IndexDamaged where tantivy can't read it."""
        import tantivy

        try:
            with _lockable(folder) as place:
                index = tantivy.Index.open(str(place))
                index.register_tokenizer(_SPLITTER, _splitter())
                return cls(index, labels)
        except (OSError, ValueError) as error:
            message = f"can't be read by tantivy: {error}"
            raise IndexDamaged(message, place=str(folder), remedy=REMEDY) from error

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self,
        weighted: Mapping[str, float],
        k: int,
        labels: Collection[str] | None = None,
        context_weight: float = 0.4,
    ) -> tuple[Numbers, Scores]:
        """Numbers and scores of the `k` best passages that hold any of the stems, best first, ties by number.

        A score is the sum over stems of weight * (BM25 in the passage + context_weight * BM25 in its context),
        https://en.wikipedia.org/wiki/Okapi_BM25 with k1 = 1.2, b = 0.75. Inverse document frequencies and lengths count
        every label, whatever `labels` lets through. A stem whose weight isn't above zero counts for nothing.
        """
        query = self._query(weighted, context_weight)
        if labels is not None and len(set(labels)) != self._labels:  # all of them let everything through
            query = self._within(query, labels)
        hits = self._searcher.search(query, max(k, 1), count=False).hits[: max(k, 0)]
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        ranked = sorted((-score, number) for (score, _), number in zip(hits, numbers, strict=True))
        return (
            np.array([number for _, number in ranked], dtype=np.int64),
            np.array([-score for score, _ in ranked], dtype=np.float32),
        )

    def document_frequency(self, stem: str) -> int:
        """How many passages hold a stem, in their own words or around."""
        return int(self._searcher.search(self._query({stem: 1.0}, 1.0), 1, count=True).count)

    def _query(self, weighted: Mapping[str, float], context_weight: float) -> Any:
        from tantivy import Occur, Query

        fields = {"search": 1.0, "context": context_weight}
        return Query.boolean_query(
            [
                (Occur.Should, Query.boost_query(Query.term_query(self._schema, field, stem, "freq"), weight * share))
                for stem, weight in weighted.items()
                for field, share in fields.items()
                if weight > 0 and share > 0
            ]
        )

    def _within(self, query: Any, labels: Collection[str]) -> Any:
        from tantivy import Occur, Query

        allowed = Query.const_score_query(Query.term_set_query(self._schema, "label", sorted(labels)), 0.0)
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, allowed)])


class KeywordsWriter:
    """Adds passages in the order of their numbers, then writes one segment."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        folder.mkdir()
        self._folder = folder
        index = tantivy.Index(_schema(), path=str(folder))
        index.register_tokenizer(_SPLITTER, _splitter())
        # One thread and one commit: one segment in the order of the numbers, so ties fall the same way each time.
        self._writer = index.writer(heap_size=_HEAP, num_threads=1)
        self.vocabulary: Counter[str] = Counter()  # passages that hold a stem

    def add(self, number: int, label: str, search: str, context: str) -> None:
        """A passage by its number, its label's id, its text to search and the text around it."""
        import tantivy

        document = tantivy.Document()
        inner, outer = words.terms(search), words.terms(context)
        document.add_text("search", " ".join(inner))
        document.add_text("context", " ".join(outer))
        document.add_text("label", label)
        document.add_unsigned("number", number)
        self._writer.add_document(document)
        self.vocabulary.update({*inner, *outer})

    def write(self) -> None:
        """All to disk."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        del self._writer
        for lock in self._folder.glob(".*.lock"):
            lock.unlink()

    def write_vocabulary(self, path: Path) -> None:
        """Every stem and how many passages hold it, a line each, in order of the stem."""
        lines = [f"{stem}\t{count}\n" for stem, count in sorted(self.vocabulary.items())]
        path.write_text("".join(lines), encoding="utf-8")


def read_vocabulary(path: Path) -> dict[str, int]:
    """Every stem and how many passages hold it."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")[:-1]
        return {stem: int(count) for stem, count in (line.split("\t") for line in lines)}
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"is no vocabulary: {error}", place=str(path), remedy=REMEDY) from error


@contextmanager
def _lockable(folder: Path) -> Iterator[Path]:
    """The folder, or links to its files where we may not write: tantivy takes a lock even to read.

    The links may go once it is open, since every file is mapped by then.
    """
    if os.access(folder, os.W_OK):
        yield folder
        return
    with TemporaryDirectory(prefix="label-assistant-", ignore_cleanup_errors=True) as links:
        for path in folder.iterdir():
            (Path(links) / path.name).symlink_to(path.resolve())
        yield Path(links)


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("search", tokenizer_name=_SPLITTER, index_option="freq")
    builder.add_text_field("context", tokenizer_name=_SPLITTER, index_option="freq")
    builder.add_text_field("label", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("number", fast=True)
    return builder.build()


def _splitter() -> Any:
    import tantivy

    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
