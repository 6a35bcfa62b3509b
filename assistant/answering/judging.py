"""How likely a passage is to answer a question: boosted trees over what speaks for and against it.

In: a `Query` and its checked hits. Out: `signs`, each hit's features by name; `probabilities`, 0 to 1; `threshold`, from where
on a hit may answer. The trees lie in `judging.json`, fitted by `scripts/tune_judging.py` on development questions, answerable
and not; a hit counts as right where it supports the question and its figure is the one asked for. Left out: gaps that forbid
an answer whatever the probability (`answering.abstaining`).
"""

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.answering.gap import FORBIDS
from assistant.boosting import Model
from assistant.query import Concept, Query
from assistant.retrieving.ranking import Hit
from assistant.words import terms

if TYPE_CHECKING:
    from assistant.answering.choosing import Checked

_FILE: Final = Path(__file__).with_name("judging.json")
_COVERED: Final = 0.75  # a concept is covered from here on
_LONG: Final = 30  # words of a long question
_MEASURES: Final = ("rate", "count", "time", "duration", "dose", "value", "phone", "frequency", "grade", None)
_TYPES: Final = ("figure", "list", "action", "yes_no", "definition", "text")


def signs(query: Query, checked: Sequence["Checked"]) -> list[dict[str, float]]:
    """The features of each hit of one question, in rank order; many are taken beside the best of them."""
    hits = [item.hit for item in checked]
    asked = _of_question(query)
    best = {
        "score": max((hit.score for hit in hits), default=0.0),
        "vector": max((hit.vector for hit in hits), default=0.0),
        "words": max((hit.words for hit in hits), default=0.0),
        "coverage": max((hit.match.coverage for hit in hits), default=0.0),
    }
    allowed = [item for item in checked if may_answer(item)]
    said = query.stems.union(terms(query.question))
    return [
        {
            **asked,
            **_of_hit(query, item.hit),
            **_of_check(item),
            **_of_words(item.hit, said),
            **_beside(item.hit, place, best),
            **_among(item, allowed),
        }
        for place, item in enumerate(checked)
    ]


def may_answer(item: "Checked") -> bool:
    """Whether nothing asked for is contradicted or missing that an answer can't do without."""
    return all(gap.kind not in FORBIDS for gap in item.gaps)


def _of_question(query: Query) -> dict[str, float]:
    """What is asked: the same for every hit."""
    subject = query.subject
    found = {f"measure {measure}": float(query.measure == measure) for measure in _MEASURES}
    found |= {f"asks {kind}": float(query.answer_type == kind) for kind in _TYPES}
    return found | {
        "populations asked": float(len(query.populations)),
        "grades asked": float(len(query.grades)),
        "arms asked": float(len(query.arms)),
        "numbers asked": float(len(query.numbers)),
        "trials asked": float(len(query.trials)),
        "follows": float(bool(query.history) and not query.typed),  # in the words of the one before it stands by itself
        "concepts": float(len(subject)),
        "essential concepts": float(sum(concept.essential for concept in subject)),
        "question words": min(1.0, len(query.question.split()) / _LONG),
    }


def _of_hit(query: Query, hit: Hit) -> dict[str, float]:
    """How the passage covers what is asked."""
    pairs = list(zip(query.subject, hit.match.covered, strict=True))
    essential = [concept for concept, _ in pairs if concept.essential]
    open_ = [concept for concept, covered in pairs if covered < _COVERED]
    lacking = [concept for concept in open_ if concept.essential]
    return {
        **hit.values,
        "open share": len(lacking) / max(1, len(essential)),
        "open weight": max((concept.weight for concept in lacking if concept.known), default=0.0),
        "unknown": float(any(not concept.known for concept in lacking)),
        "unknown clinical": float(any(_is_clinical(concept) and not concept.known for concept in lacking)),
        "everyday open": sum(concept.weight for concept in open_ if concept.kind == "ordinary"),
        "covers any": float(any(covered >= _COVERED for concept, covered in pairs if concept.essential)),
        "section as such": 0.0 if essential else hit.section,
        "row": float(hit.passage.kind == "table_row"),
        "length": float(hit.passage.end - hit.passage.start),
    }


def _is_clinical(concept: Concept) -> bool:
    return concept.kind not in ("word", "ordinary")


def _of_check(item: "Checked") -> dict[str, float]:
    """What the passage leaves open, and how sure its figure is."""
    kinds = [gap.kind for gap in item.gaps]
    picked = item.picked
    return {f"gap {kind}": float(kinds.count(kind)) for kind in kinds} | {
        "gaps": float(len(kinds)),
        "figure": float(picked is not None),
        "sure figure": float(picked is not None and picked.certain),
        "column": float(picked is not None and picked.column is not None),
    }


def _beside(hit: Hit, place: int, best: Mapping[str, float]) -> dict[str, float]:
    """How far the hit stands behind the best."""
    return {
        "score": hit.score,
        "place": float(place),
        "behind": best["score"] - hit.score,
        "vector behind": best["vector"] - hit.vector,
        "words behind": best["words"] - hit.words,
        "coverage behind": best["coverage"] - hit.match.coverage,
    }


def _of_words(hit: Hit, said: Collection[str]) -> dict[str, float]:
    """How much else the passage says, in words and in figures."""
    words, figures = _words_and_figures(hit.passage.search)
    others = sum(stem not in said for stem in words)
    return {
        "other words": others / max(1, len(words)),
        "other count": math.log1p(others),
        "figures": math.log1p(figures),
    }


@lru_cache(maxsize=8192)
def _words_and_figures(text: str) -> tuple[tuple[str, ...], int]:
    """The stems of a text that are words, and how many are figures."""
    stems = terms(text)
    words = tuple(stem for stem in stems if not any(char.isdigit() for char in stem))
    return words, len(stems) - len(words)


_NEAR: Final = 1.2  # score behind the best from where on another figure speaks neither for nor against one
_NAMED: Final = 0.1  # share of the subject that a rival's own words may name less
_LEVEL: Final = 0.3  # score from where on another stands as high


def _among(item: "Checked", allowed: Sequence["Checked"]) -> dict[str, float]:
    """How the hit stands among those that may answer: behind the best, and beside figures that agree or differ."""
    best = max((one.hit.score for one in allowed), default=0.0)
    found = {"behind allowed": best - item.hit.score}
    if item.picked is None:
        return found
    near = [one for one in allowed if one is not item and one.picked and best - one.hit.score < _NEAR]
    alike = [one for one in near if one.picked and one.picked.text == item.picked.text]
    said = item.hit.match.inner - _NAMED  # one that only stands under a heading on the subject is no rival
    rivals = [
        one
        for one in near
        if one not in alike and one.hit.score >= item.hit.score - _LEVEL and one.hit.match.inner >= said
    ]
    return found | {"alike": float(len(alike)), "rivals": float(len(rivals))}


@cache
def _fitted() -> Model:
    return Model.of(_FILE.read_text(encoding="utf-8"))


def probabilities(found: Sequence[Mapping[str, float]]) -> list[float]:
    """How likely each hit answers, 0 to 1, by its signs."""
    return _fitted().probabilities(found)


def threshold() -> float:
    """From where on a hit may answer."""
    return _fitted().threshold
