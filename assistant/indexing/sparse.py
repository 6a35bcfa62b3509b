"""The words of passages as sparse vectors whose inner product with a question's is the score of `keywords`.

In: passages and the vocabulary. Out: `Counts`, what BM25 counts over all passages, `Counts.vector`, a passage's words, and
`asked`, a question's. A dimension is a stem's place in the vocabulary, from 1; dimension 0 says that a passage has no
words, since Milvus takes no empty vector. Left out: searching them. Milvus' own BM25 is not used: its tokens are not
ours, and the weights of ranking are fitted to these scores.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from assistant import words
from assistant.passage import Passage

_K1: Final = 1.2
_B: Final = 0.75
_CONTEXT_WEIGHT: Final = 0.4  # as `keywords.Keywords.search` has it

Sparse = dict[int, float]


@dataclass(slots=True)
class _Field:
    """One field of all passages: its own words, or the words around."""

    holding: Counter[str] = field(default_factory=Counter)  # passages that hold a stem
    length: int = 0  # stems
    passages: int = 0

    def add(self, stems: Sequence[str]) -> None:
        self.holding.update(set(stems))
        self.length += len(stems)
        self.passages += 1

    def scores(self, stems: Sequence[str]) -> dict[str, float]:
        """BM25 of each stem in one passage."""
        norm = _K1 * (1 - _B + _B * kept_length(len(stems)) * self.passages / max(self.length, 1))
        return {stem: idf(self.passages, self.holding[stem]) * tf(f, norm) for stem, f in Counter(stems).items()}


class Counts:
    """What BM25 counts over all passages."""

    def __init__(self, passages: Iterable[Passage], vocabulary: Iterable[str]) -> None:
        self._places = places(vocabulary)
        self._inner, self._outer = _Field(), _Field()
        for passage in passages:
            self._inner.add(words.terms(passage.search))
            self._outer.add(words.terms(passage.context))

    def vector(self, passage: Passage) -> Sparse:
        """A passage's words: for each stem its BM25 in the passage and, weighted, in the words around it."""
        found = self._inner.scores(words.terms(passage.search))
        for stem, score in self._outer.scores(words.terms(passage.context)).items():
            found[stem] = found.get(stem, 0.0) + _CONTEXT_WEIGHT * score
        return {self._places[stem]: score for stem, score in found.items()} or {0: 1.0}


def places(vocabulary: Iterable[str]) -> dict[str, int]:
    """The dimension of each stem."""
    return {stem: place for place, stem in enumerate(vocabulary, 1)}


def asked(weighted: Mapping[str, float], places: Mapping[str, int]) -> Sparse:
    """A question's words: the weights of the stems that some passage holds."""
    return {places[stem]: weight for stem, weight in weighted.items() if weight > 0 and stem in places}


def idf(N: int, n: int) -> float:
    """The inverse document frequency of a stem that n of N passages hold, as Lucene and tantivy count it."""
    # subtle: tantivy rounds the sum to 32 bits, which a stem that nearly every passage holds shows
    return math.log(float(np.float32(1 + (N - n + 0.5) / (n + 0.5))))


def tf(f: int, norm: float) -> float:
    """What a stem counts that stands f times, https://en.wikipedia.org/wiki/Okapi_BM25."""
    return f * (_K1 + 1) / (f + norm)


def kept_length(length: int) -> int:
    """A length as tantivy keeps it, in a byte: exact to 40, then four binary digits of what is over 24.

    The format is Lucene's: https://github.com/apache/lucene/blob/main/lucene/core/src/java/org/apache/lucene/util/SmallFloat.java

    >>> [kept_length(length) for length in (40, 41, 59, 103)]
    [40, 40, 56, 96]
    """
    if length <= 24:
        return length
    over = length - 24
    shift = max(0, over.bit_length() - 4)
    return 24 + (over >> shift << shift)
