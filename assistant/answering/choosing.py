"""Which of the candidates answer.

In: a `Query` and its ranked hits. Out: `choose`, a `Choice`: the hit that answers with its figure, others that say the
same or complete it, those that come close but are about something else, or, where none answers, why the best doesn't.
Left out: how the reply looks (`answering.composing`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.abstaining import WEIGHED, Gap, gaps
from assistant.answering.confidence import probability, threshold
from assistant.answering.picking import Pick, pick
from assistant.label import Label
from assistant.query import Query
from assistant.retrieving.ranking import Hit

LOOKED_AT = 12  # hits checked from the top
BEHIND = 1.5  # how far behind the first hit an answer may stand, in score


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
    first = leading(checked)
    likely = probability(query, first, checked[0].hit.score) if first else 0.0
    if first is None or likely < threshold():
        return Choice(answers=(), close=(), others=tuple(checked), confidence=likely)
    rest = [item for item in checked if item is not first]
    also = [item for item in rest if may_answer(item) and _completes(first, item)][:2]
    close = [item for item in rest if item not in also and _is_close(item)][:3]
    others = [item for item in rest if item not in also]
    return Choice(answers=(first, *also), close=tuple(close), others=tuple(others), confidence=likely)


def leading(checked: Sequence[Checked]) -> Checked | None:
    """The best hit that may answer, None where none may or where it stands too far behind the best."""
    allowed = [item for item in checked if may_answer(item)]
    return allowed[0] if allowed and allowed[0].hit.score >= checked[0].hit.score - BEHIND else None


def may_answer(item: Checked) -> bool:
    """Whether nothing asked for is contradicted or missing that an answer can't do without."""
    return all(gap.kind in WEIGHED for gap in item.gaps)


def _checked(query: Query, hit: Hit, label: Label) -> Checked:
    picked = pick(query, hit.passage, label)
    return Checked(hit=hit, picked=picked, gaps=gaps(query, hit, picked, label))


def _completes(first: Checked, item: Checked) -> bool:
    """Whether another hit says the same or adds to the first: nearly as good, and covering as much."""
    return (
        item.hit.score >= first.hit.score - 0.5
        and item.hit.match.coverage >= first.hit.match.coverage - 0.05
        and item.hit.passage.kind != "definition"
        and not item.hit.passage.highlights
    )


def _is_close(item: Checked) -> bool:
    """Whether a hit states a figure on the subject, but for another population, grade or circumstance."""
    return (
        item.picked is not None
        and bool(item.gaps)
        and {gap.kind for gap in item.gaps} <= {"population", "grade", "trial", "subject", "missing", "absent"}
        and item.hit.match.coverage > 0.4
    )
