"""Which of the candidates answer.

In: a `Query` and its ranked hits. Out: `choose`, a `Choice`: the hit that answers with its figure, others that say the
same or complete it, those that come close but are about something else, or, where none answers, why the best doesn't.
Left out: how the reply looks (`answering.composing`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.abstaining import Gap, gaps
from assistant.answering.picking import Pick, pick
from assistant.label import Label
from assistant.query import Query
from assistant.retrieving.ranking import Hit

LOOKED_AT = 12  # hits checked from the top
BEHIND = 0.75  # how far behind the first hit an answer may stand, in score


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A hit with its figure and what it leaves open."""

    hit: Hit
    picked: Pick | None
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was chosen: `answers` is empty where nothing may answer."""

    answers: tuple[Checked, ...]  # the first carries the headline; others complete it
    close: tuple[Checked, ...]  # about another population, grade or circumstance
    others: tuple[Checked, ...]  # the rest of what was looked at, in rank order
    confidence: float  # 0 to 1


def choose(query: Query, hits: Sequence[Hit], labels: Mapping[str, Label]) -> Choice:
    """The hits that answer, those that come close, and the rest."""
    checked = [_checked(query, hit, labels[hit.passage.label]) for hit in hits[:LOOKED_AT]]
    full = [item for item in checked if not item.gaps]
    first = full[0] if full and full[0].hit.score >= checked[0].hit.score - BEHIND else None
    if first is None:
        return Choice(answers=(), close=(), others=tuple(checked), confidence=_confidence(checked))
    rest = [item for item in checked if item is not first]
    also = [item for item in rest if _completes(query, first, item)][:2]
    close = [item for item in rest if item not in also and _is_close(item)][:3]
    others = [item for item in rest if item not in also]
    return Choice(answers=(first, *also), close=tuple(close), others=tuple(others), confidence=_confidence(checked))


def _checked(query: Query, hit: Hit, label: Label) -> Checked:
    picked = pick(query, hit.passage, label)
    return Checked(hit=hit, picked=picked, gaps=gaps(query, hit, picked, label))


def _completes(query: Query, first: Checked, item: Checked) -> bool:
    """Whether another hit says the same or adds to the first: no gap, and nearly as good."""
    return (
        not item.gaps
        and item.hit.score >= first.hit.score - 0.35
        and item.hit.match.coverage >= first.hit.match.coverage - 0.05
        and item.hit.passage.kind != "definition"
        and not item.hit.passage.highlights
    )


def _is_close(item: Checked) -> bool:
    """Whether a hit states a figure on the subject, but for another population, grade or circumstance."""
    return item.picked is not None and bool(item.gaps) and {gap.kind for gap in item.gaps} <= {"population", "grade", "trial", "subject"} and item.hit.match.coverage > 0.4


def _confidence(checked: Sequence[Checked]) -> float:
    """Between 0 and 1: how well the best hit covers the question and how far vectors and words agree on it."""
    if not checked:
        return 0.0
    best = checked[0]
    return max(0.0, min(1.0, 0.6 * best.hit.match.coverage + 0.25 * best.hit.vector + 0.15 * best.hit.words - 0.3 * bool(best.gaps)))
