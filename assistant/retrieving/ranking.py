"""Vectors, words and coverage joined into one score.

In: a `Query` and an open index, in whichever store. Out: `Ranker.rank`, the candidates best first. Candidates are the
nearest passages by vector and the best by words; each is then looked at on its own: how far it covers what was asked,
whether a figure of the right kind stands in it, whether its section is where labels put such things. Left out: whether to
answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from assistant import figures, ranges
from assistant.indexing.opened import Store
from assistant.label import Label
from assistant.passage import Passage
from assistant.patterns import expression
from assistant.query import Query
from assistant.retrieving import asked_figures
from assistant.retrieving.matching import Match, PassageWords, match, passage_words
from assistant.retrieving.quotes import put, said
from assistant.stages import timed
from assistant.understanding.lexicon import Lexicon
from assistant.words import terms

_CANDIDATES = 80  # from vectors and from words each


WEIGHTS: Final[Mapping[str, float]] = {  # tuned on development questions, see eval/README.md
    "vector": 3.98,
    "words": 0.36,
    "coverage": 1.21,
    "inner": -0.13,
    "precision": 0.61,
    "section": 0.22,
    "section_only": 0.64,
    "opening": 0.25,
    "fit": 0.68,
    "population": -1.13,
    "grade": -0.40,
    "trial": -0.63,
    "unstated": -0.45,
    "highlights": -0.24,
    "patient": -0.22,
    "footnote": 0.23,
    "definition": -0.66,
    "defined": 0.89,
    "directs": 0.49,
    "number": 0.83,
    "arm": 0.51,
    "pointer": -0.65,
    "reporting": -3.00,
    "reason": 0.52,
    "package": -0.74,
    "animal": -0.39,
    "recommends": 0.15,
    "short": -0.14,
    "restricted": -0.20,
    "includes": 0.67,
    "astray": -0.35,
    "going_on": 0.60,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A candidate with what speaks for and against it."""

    number: int  # of the passage in the index
    passage: Passage
    match: Match
    score: float
    vector: float  # cosine, -1 to 1
    words: float  # BM25 as a share of the best candidate's, 0 to 1
    section: float = 0.0  # how far it stands where labels put what is asked, 0 to 1
    fit: float = 0.0  # whether a figure of the kind asked for stands in it, 0 to 1
    values: Mapping[str, float] = field(default_factory=dict)  # its features, by the names of WEIGHTS


class Ranker:
    """Ranks the passages of one index."""

    def __init__(self, index: Store, lexicon: Lexicon, weights: Mapping[str, float] = WEIGHTS) -> None:
        self.index = index
        self.lexicon = lexicon
        self.weights = weights
        self._words = lru_cache(maxsize=50_000)(self._words_of)
        self._passage = lru_cache(maxsize=50_000)(index.passages.__getitem__)
        self._settings = lru_cache(maxsize=256)(lambda label: settings_of(index.labels[label]))

    @timed("ranking")
    def rank(self, query: Query) -> list[Hit]:
        """The candidates, best first; the same question on the same index ranks the same."""
        numbers, cosines, bm25 = self._candidates(query)
        hits = [
            self._hit(query, number, cosine, share)
            for number, cosine, share in zip(numbers, cosines, bm25, strict=True)
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.number))

    @timed("retrieving")
    def _candidates(self, query: Query) -> tuple[list[int], list[float], list[float]]:
        labels = query.labels or tuple(self.index.labels)
        vector = self.index.encoder.encode([query.standalone])[0]
        found = self.index.candidates(vector, weighted_terms(query), _CANDIDATES, labels)
        words = [float(score) for score in found.words]
        best = max(words, default=0.0) or 1.0
        return found.numbers.tolist(), [float(cosine) for cosine in found.cosines], [score / best for score in words]

    def _words_of(self, number: int) -> PassageWords:
        passage = self._passage(number)
        return passage_words(passage, self.index.labels[passage.label], self.lexicon)

    def _hit(self, query: Query, number: int, cosine: float, share: float) -> Hit:
        passage = self._passage(number)
        found = match(query, passage, self._words(number))
        label = self.index.labels[passage.label]
        values = features(query, passage, found, label, cosine, share)
        values["astray"] = astray(query, found, self._settings(passage.label))
        score = sum(self.weights[name] * value for name, value in values.items())
        return Hit(
            number=number, passage=passage, match=found, score=score, vector=cosine, words=share,
            section=values["section"], fit=values["fit"], values=values,
        )  # fmt: skip


def features(
    query: Query, passage: Passage, found: Match, label: Label, cosine: float, share: float
) -> dict[str, float]:
    """What speaks for and against a passage, each about 0 to 1; `WEIGHTS` says what each counts."""
    quote = label.text[passage.start : passage.end]
    says = said(quote)
    asks = put(query.question)
    fits = section_fit(query, passage, label)
    return {
        "vector": cosine,
        "words": share,
        "coverage": found.coverage,
        "inner": found.inner,
        "precision": found.precision,
        "section": fits,
        "section_only": 0.0 if any(concept.essential for concept in query.subject) else fits,
        "opening": 0.0 if query.subject and coverage_of_own(query) else fits * _opening(passage, label),
        "fit": figure_fit(query, passage, label),
        "population": float("population" in found.conflicts),
        "grade": float("grade" in found.conflicts),
        "trial": float("trial" in found.conflicts),
        "unstated": float(bool(found.missing)),
        "highlights": float(passage.highlights),
        "patient": float(passage.patient),
        "footnote": float(passage.kind == "footnote"),
        "definition": float(passage.kind == "definition"),
        "defined": float(
            passage.kind == "definition"
            and query.answer_type == "definition"
            and not _is_spelled_out(query, passage.search)
        ),
        "directs": float(query.answer_type == "action" and says.directs),
        "number": _numbers_held(query, passage, quote),
        "arm": float(bool(query.arms) and _ARMS.search(f"{quote} {passage.context}") is not None),
        "pointer": float(says.points),
        "reporting": float(says.reports and not asks.reporting),
        "reason": float(asks.why and says.explains),
        "package": float(label.sections[passage.section].kind == "package_label"),
        "animal": float(says.animal and not asks.animal),
        "recommends": float(query.measure == "dose" and says.recommends),
        "restricted": _restriction(query, quote),
        "includes": float(asks.includes and (passage.kind == "footnote" or says.includes)),
        "going_on": _goes_on(query, passage),
        "short": float(says.short and passage.kind == "passage"),
    }


_NEARBY = 600  # characters behind what was quoted before, within which the next question is likely answered


def _goes_on(query: Query, passage: Passage) -> float:
    """1 for what follows on the quote that answered the question before, falling to 0 within `_NEARBY` characters; 0.25 for it."""
    if query.after is None or query.after[0] != passage.label:
        return 0.0
    _, start, end = query.after
    if passage.start < end:
        return 0.25 * (passage.end > start)
    return max(0.0, 1.0 - (passage.start - end) / _NEARBY)


def coverage_of_own(query: Query) -> bool:
    """Whether a question is about anything but a section as such."""
    return any(concept.essential or concept.kind not in ("ordinary", "section") for concept in query.subject)


def _is_spelled_out(query: Query, said: str) -> bool:
    """Whether the question itself has the long form that a definition explains: what is asked is how the thing is defined."""
    long = re.sub(r"(?is)^.*?\b(?:means|=|:)\s+", "", said).strip(" .;")
    return len(long.split()) > 1 and long.lower() in query.question.lower()


def _opening(passage: Passage, label: Label) -> float:
    """1 for what opens a section, halved every 300 characters on."""
    return float(0.5 ** ((passage.start - label.sections[passage.section].start) / 300))


def settings_of(label: Label) -> frozenset[str]:
    """The stems that a label's headings and captions tell its trials, diseases and groups apart by."""
    titles = [section.title for section in label.sections]
    return frozenset(stem for text in (*titles, *(table.caption for table in label.tables)) for stem in terms(text))


def astray(query: Query, found: Match, settings: frozenset[str]) -> float:
    """How much of what is asked stands over other passages of the label but not in or over this one, at most 1.

    "Nausea in SEGA" asks for the table whose caption names SEGA; a row of another table is about other patients.
    """
    elsewhere = [
        concept.weight
        for concept, covered in zip(query.subject, found.covered, strict=True)
        if covered < _HELD and any(settings.issuperset(form) for form in concept.forms)
    ]
    return min(1.0, sum(elsewhere))


_HELD = 0.75  # a concept is covered from here on
_WHO = expression(
    r"(?i)\b(?:patients|subjects|adults|children|women|men|those|individuals)\s+(?:\([^)]*\)\s+)?(?:who|with|receiving|undergoing|aged?)\s+(?P<what>(?:[\w-]+\s?){1,4})"
)


def _restriction(query: Query, quote: str) -> float:
    """1 where a statement is restricted to patients whom the question doesn't ask about: "among the 26 who underwent HSCT"."""
    if query.measure != "rate":
        return 0.0
    return float(any(words.isdisjoint(query.stems) for words in _restricted_to(quote)))


@lru_cache(maxsize=50_000)
def _restricted_to(quote: str) -> tuple[frozenset[str], ...]:
    """The stems that tell whom a quote is restricted to, for each place where it is."""
    found = (frozenset(terms(match["what"])) - _RECEIVING for match in _WHO.finditer(quote))
    return tuple(words for words in found if words)


_RECEIVING = frozenset(
    "receiv underw undergo treat treatment had have drug given develop experienc report took take".split()
)
_ARMS = expression(r"(?i)\b(?:placebo|control|comparator|vehicle|sham|investigator\S* choice|chemotherapy)\b")


def _numbers_held(query: Query, passage: Passage, quote: str) -> float:
    """The share of the figures named in the question that the quote states or has in a range, half for those around it."""
    if not query.numbers:
        return 0.0
    return sum(_number_held(number, passage, quote) for number in query.numbers) / len(query.numbers)


def _number_held(number: str, passage: Passage, quote: str) -> float:
    if asked_figures.is_point(number) or asked_figures.is_span(number):
        return 1.0 if asked_figures.stands(number, quote) else 0.5 * asked_figures.stands(number, passage.context)
    pattern = _digits_of(number)
    if pattern.search(quote):
        return 1.0
    if ranges.holds(quote, number):
        return 0.9 if ranges.holds_closely(quote, number) else 0.7
    return 0.5 * bool(pattern.search(passage.context))


@lru_cache(maxsize=1024)
def _digits_of(number: str) -> re.Pattern[str]:
    digits = re.sub(r"[^\d.]", "", number).strip(".")
    return re.compile(rf"(?<![\d.]){re.escape(digits)}(?![\d])")


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
    if not query.sections:
        return 0.0
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
    if query.answer_type == "action":
        return float(_SCHEDULE.search(label.text[passage.start : passage.end]) is not None) if query.measure else 0.0
    if query.measure is None:
        return 0.5 * _states_rate(query, passage, label)
    if passage.kind == "table_row":
        return 1.0 if query.measure in ("rate", "value", "count") else 0.5
    kinds = _figure_kinds(label.text[passage.start : passage.end])
    if kinds & _WANTED[query.measure]:
        return 1.0
    return 0.3 if kinds else 0.0


_SCHEDULE = expression(
    r"(?i)\b(?:every|each|daily|weekly|monthly|prior to|before|after|during|until|once|twice|within|periodic\w*|first|then|baseline|at least|regular\w*)\b"
)


def _states_rate(query: Query, passage: Passage, label: Label) -> float:
    """For a bare topic ("discontinuation due to ADRs"): 1 where a rate stands in the passage."""
    if query.answer_type != "text" or query.sections or len(query.question.split()) > 7:
        return 0.0
    if passage.kind == "table_row":
        return 1.0
    return float(bool(_figure_kinds(label.text[passage.start : passage.end]) & {"rate", "percent"}))


@lru_cache(maxsize=50_000)
def _figure_kinds(quote: str) -> frozenset[str]:
    return frozenset(figure.kind for figure in figures.find(quote))
