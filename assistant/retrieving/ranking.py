"""Vectors, words and coverage joined into one score.

In: a `Query` and an open `Index`. Out: `Ranker.rank`, the candidates best first. Candidates are the nearest passages by
vector and the best by words; each is then looked at on its own: how far it covers what was asked, whether a figure of
the right kind stands in it, whether its section is where labels put such things. Left out: whether to answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant import figures
from assistant.indexing.store import Index
from assistant.label import Label
from assistant.passage import Passage
from assistant.query import Query
from assistant.understanding.lexicon import Lexicon
from assistant.retrieving.matching import Match, PassageWords, match, passage_words

_CANDIDATES = 80  # from vectors and from words each


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of the score counts; tuned on development labels, see eval/README.md."""

    vector: float = 1.0
    words: float = 0.6
    coverage: float = 1.2
    inner: float = 0.5
    precision: float = 0.35
    section: float = 0.2
    fit: float = 0.25
    population: float = 0.5
    grade: float = 0.3
    trial: float = 0.3
    unstated: float = 0.25
    highlights: float = 0.25
    patient: float = 0.25
    footnote: float = 0.15
    definition: float = 0.3
    defined: float = 0.6
    direction: float = 0.1


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A candidate with what speaks for and against it."""

    number: int  # of the passage in the index
    passage: Passage
    match: Match
    score: float
    vector: float  # cosine, -1 to 1
    words: float  # BM25 as a share of the best candidate's, 0 to 1


class Ranker:
    """Ranks the passages of one index."""

    def __init__(self, index: Index, lexicon: Lexicon, weights: Weights = WEIGHTS) -> None:
        self.index = index
        self.lexicon = lexicon
        self.weights = weights
        self._words = lru_cache(maxsize=50_000)(self._words_of)
        self._passage = lru_cache(maxsize=50_000)(index.passages.__getitem__)

    def rank(self, query: Query) -> list[Hit]:
        """The candidates, best first; the same question on the same index ranks the same."""
        numbers, cosines, bm25 = self._candidates(query)
        hits = [
            self._hit(query, number, cosine, share) for number, cosine, share in zip(numbers, cosines, bm25, strict=True)
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.number))

    def passage(self, number: int) -> Passage:
        """A passage by its number, kept in memory."""
        return self._passage(number)

    def _candidates(self, query: Query) -> tuple[list[int], list[float], list[float]]:
        labels = query.labels or tuple(self.index.labels)
        vector = self.index.encoder.encode([query.standalone])[0]
        near, _ = self.index.vectors.search(vector, _CANDIDATES, self.index.allowed(labels))
        found, scores = self.index.keywords.search(weighted_terms(query), _CANDIDATES, labels)
        best = float(scores[0]) if len(scores) else 1.0
        share = {int(number): float(score) / best for number, score in zip(found, scores, strict=True)}
        numbers = sorted({*(int(number) for number in near), *share})
        cosines = self.index.vectors.scores(vector, np.array(numbers, dtype=np.int64))
        return numbers, [float(cosine) for cosine in cosines], [share.get(number, 0.0) for number in numbers]

    def _words_of(self, number: int) -> PassageWords:
        passage = self._passage(number)
        return passage_words(passage, self.index.labels[passage.label], self.lexicon)

    def _hit(self, query: Query, number: int, cosine: float, share: float) -> Hit:
        passage = self._passage(number)
        found = match(query, passage, self._words(number))
        label = self.index.labels[passage.label]
        score = self._score(query, passage, found, label, cosine, share)
        return Hit(number=number, passage=passage, match=found, score=score, vector=cosine, words=share)

    def _score(self, query: Query, passage: Passage, found: Match, label: Label, cosine: float, share: float) -> float:
        w = self.weights
        score = w.vector * cosine + w.words * share + w.coverage * found.coverage + w.inner * found.inner
        score += w.precision * found.precision
        only = not any(concept.essential for concept in query.subject)
        score += w.section * (3 if only else 1) * section_fit(query, passage, label)
        score += w.fit * figure_fit(query, passage, label)
        score -= w.population * ("population" in found.conflicts) + w.grade * ("grade" in found.conflicts)
        score -= w.trial * ("trial" in found.conflicts) + w.unstated * bool(found.missing)
        score -= w.highlights * passage.highlights + w.patient * passage.patient
        score -= w.footnote * (passage.kind == "footnote")
        if passage.kind == "definition":
            score += w.defined if query.answer_type == "definition" else -w.definition
        if query.answer_type == "action":
            score += w.direction * bool(_DIRECTS.search(label.text[passage.start : passage.end]))
        return score


_DIRECTS = re.compile(
    r"(?i)\b(?:should|must|recommended|advise|monitor|discontinue|interrupt|withhold|reduce|administer|avoid|consider|obtain|"
    r"instruct|initiate|evaluate|assess|treat|do not|use|perform|premedicate|counsel|inform)\b"
)


def weighted_terms(query: Query) -> dict[str, float]:
    """Stems to look for with their weights: the wording asked 1, another 0.5, words of asking 0.15."""
    weighted: dict[str, float] = {}
    for concept in query.concepts:
        for place, form in enumerate(concept.forms):
            weight = 0.15 if concept.soft else (1.0 if place == 0 else 0.5)
            for part in form:
                weighted[part] = max(weighted.get(part, 0.0), weight)
    return weighted


def section_fit(query: Query, passage: Passage, label: Label) -> float:
    """1 where the passage stands in the section that the question means, less for a second guess, 0 elsewhere."""
    kinds = {label.sections[place].kind for place in label.lineage(passage.section)}
    return next((1.0 / (1 + nth) for nth, slug in enumerate(query.sections[:3]) if slug in kinds), 0.0)


_WANTED = {
    "rate": {"rate", "percent", "count"},
    "count": {"rate", "count", "number"},
    "time": {"time"},
    "duration": {"time"},
    "dose": {"dose", "time", "quantity"},
    "value": {"dose", "quantity", "number", "time", "percent", "temperature", "rate"},
    "phone": {"phone"},
    "frequency": {"rate", "percent", "time"},
    "grade": set(),
}


def figure_fit(query: Query, passage: Passage, label: Label) -> float:
    """1 where a figure of the kind asked for stands in the passage, 0.3 for another figure, 0 for none."""
    if query.measure is None:
        return 0.0
    if passage.kind == "table_row":
        return 1.0 if query.measure in ("rate", "value", "count") else 0.5
    kinds = _figure_kinds(label.text[passage.start : passage.end])
    if kinds & _WANTED[query.measure]:
        return 1.0
    return 0.3 if kinds else 0.0


@lru_cache(maxsize=50_000)
def _figure_kinds(quote: str) -> frozenset[str]:
    return frozenset(figure.kind for figure in figures.find(quote))


def fused(first: Sequence[Hit], second: Sequence[Hit]) -> list[Hit]:
    """Two rankings of one index joined: each passage once, with its better score."""
    best: dict[int, Hit] = {}
    for hit in (*first, *second):
        if hit.number not in best or hit.score > best[hit.number].score:
            best[hit.number] = hit
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.number))
