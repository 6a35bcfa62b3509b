"""What plain retrieval finds on the same questions: words only, vectors only, both fused, 500-character pieces.

In: questions, labels, an encoder. Out: the rank of the first support of each question, by baseline. All know which
label is meant and none refuses; the last of the earlier questions goes in front of a follow-up. Words and vectors
search the passages that the assistant searches, with the words around them; pieces are cut from the source text alone.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.evaluating.matching import supports
from assistant.evaluating.questions import Question
from assistant.label import Label
from assistant.passage import Passage
from assistant.reply import CitedRow
from assistant.splitting import split
from assistant.words import terms

PIECE = 500  # characters
_DEEPEST = 20  # ranks looked at; a support below counts as none
_BATCH = 64  # texts encoded between two reports of progress

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Something that a baseline can find."""

    search: str
    quote: str
    table: CitedRow | None = None


class Ranker(Protocol):
    """Scores pieces."""

    def scores(self, question: str) -> NDArray[np.float64]:
        """(pieces,), the higher the better."""
        ...


def ranks(
    questions: Sequence[Question], labels: Mapping[str, Label], encode: Encode | None, progress: Progress
) -> dict[str, list[int | None]]:
    """The rank of the first support of each answerable question, by baseline; without an encoder only words.

    `labels` holds the label of every question under the name that the question gives it.
    """
    asked = [question for question in questions if question.answerable]
    known = ("500-character pieces", "words only", "vectors only", "words and vectors") if encode else ("words only",)
    found: dict[str, list[int | None]] = {baseline: [] for baseline in known}
    done = 0
    for name in dict.fromkeys(question.label for question in asked):
        group = [question for question in asked if question.label == name]
        for baseline, pieces, ranker in _rankers(labels[name], encode):
            found[baseline] += [rank(question, pieces, ranker) for question in group]
        done += len(group)
        progress("baselines", done, len(asked))
    return found


def rank(question: Question, pieces: Sequence[Piece], ranker: Ranker) -> int | None:
    """The place, from 1, of the first piece that supports, among the best 20."""
    scores = ranker.scores(" ".join((*question.history[-1:], question.question)))
    best = np.argsort(-scores, kind="stable")[:_DEEPEST]
    held = (
        place for place, piece in enumerate(best, 1) if supports(question, pieces[piece].quote, pieces[piece].table)
    )
    return next(held, None)


def _rankers(label: Label, encode: Encode | None) -> Iterator[tuple[str, list[Piece], Ranker]]:
    passages = [_piece(label, passage) for passage in split(label)]
    texts = [piece.search for piece in passages]
    words = Bm25(texts)
    yield "words only", passages, words
    if encode:
        vectors = Cosine(texts, encode)
        yield "vectors only", passages, vectors
        yield "words and vectors", passages, Fused(words, vectors)
        cut = [Piece(search=text, quote=text) for text in pieces(label.text)]
        yield "500-character pieces", cut, Cosine([piece.search for piece in cut], encode)


def pieces(text: str, size: int = PIECE) -> list[str]:
    """Stretches of at most `size` characters, cut at white space where there is any.

    >>> pieces("one two three", 8)
    ['one two ', 'three']
    """
    return list(_pieces(text, size))


def _pieces(text: str, size: int) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = min(start + size, len(text))
        gap = max(text.rfind(" ", start, end), text.rfind("\n", start, end)) if end < len(text) else -1
        end = gap + 1 if gap > start else end
        yield text[start:end]
        start = end


def _piece(label: Label, passage: Passage) -> Piece:
    quote = label.text[passage.start : passage.end]
    search = f"{passage.context} {passage.search}"
    if passage.kind != "table_row" or passage.table is None or passage.row is None:
        return Piece(search=search, quote=quote)
    return Piece(search=search, quote=quote, table=_row(label, passage.table, passage.row))


def _row(label: Label, table_place: int, row_place: int) -> CitedRow:
    table = label.tables[table_place]
    row = table.rows[row_place]
    return CitedRow(
        caption=table.caption,
        columns=tuple(table.columns[cell.column].header for cell in row.cells),
        row_head=table.row_head,
        row_group=" / ".join(row.group),
        row_label=row.label,
        values=tuple(cell.text for cell in row.cells),
        answering_column=None,
        footnotes=(),
        n=row.n,
        unit="",
    )


def idf(n: int, df: int) -> float:
    """ln(1 + (N - df + ½) / (df + ½)), as Lucene has it: https://arxiv.org/abs/2407.03618."""
    return math.log(1 + (n - df + 0.5) / (df + 0.5))


def saturation(tf: int, length: int, average: float, k1: float = 1.2, b: float = 0.75) -> float:
    """tf / (tf + k1 (1 - b + b |d| / avgdl)), the other factor of BM25, from the same source."""
    return tf / (tf + k1 * (1 - b + b * length / average))


class Bm25:
    """Exact BM25 over stems, the scores made when it is built."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(terms(text)) for text in texts]
        average = sum(count.total() for count in counts) / max(1, len(counts)) or 1.0
        df = Counter(term for count in counts for term in count)
        self._size = len(texts)
        self._weights: dict[str, list[tuple[int, float]]] = {}
        for place, count in enumerate(counts):
            for term, tf in count.items():
                weight = idf(len(texts), df[term]) * saturation(tf, count.total(), average)
                self._weights.setdefault(term, []).append((place, weight))

    def scores(self, question: str) -> NDArray[np.float64]:
        """(texts,), the higher the better."""
        found = np.zeros(self._size)
        for term in terms(question):
            for place, weight in self._weights.get(term, ()):
                found[place] += weight
        return found


class Cosine:
    """Cosine of unit vectors."""

    def __init__(self, texts: Sequence[str], encode: Encode) -> None:
        self._encode = encode
        self._vectors = encoded(texts, encode)

    def scores(self, question: str) -> NDArray[np.float64]:
        """(texts,), the higher the better."""
        found: NDArray[np.float64] = (self._vectors @ self._encode([question])[0]).astype(np.float64)
        return found


_EVENLY = 60.0  # k of reciprocal rank fusion, as its authors set it


class Fused:
    """Reciprocal rank fusion, the sum of 1 / (k + rank): Cormack et al., https://doi.org/10.1145/1571941.1572114."""

    def __init__(self, *rankers: Ranker) -> None:
        self._rankers = rankers

    def scores(self, question: str) -> NDArray[np.float64]:
        """(texts,), the higher the better."""
        found = [ranker.scores(question) for ranker in self._rankers]
        orders = [np.argsort(np.argsort(-scores, kind="stable"), kind="stable") for scores in found]
        fused: NDArray[np.float64] = np.sum([1.0 / (_EVENLY + 1 + order) for order in orders], axis=0)
        return fused


def encoded(texts: Iterable[str], encode: Encode) -> NDArray[np.float32]:
    """(texts, dimension), those of like length together, so that little is padded."""
    given = list(texts)
    order = sorted(range(len(given)), key=lambda place: len(given[place]))
    parts = [
        encode([given[place] for place in order[start : start + _BATCH]]) for start in range(0, len(order), _BATCH)
    ]
    back = np.argsort(np.array(order, dtype=np.int64), kind="stable")
    found: NDArray[np.float32] = np.concatenate(parts)[back] if parts else np.zeros((0, 1), np.float32)
    return found
