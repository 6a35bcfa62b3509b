"""How much the heads of a column say of what was asked.

In: a `Query`, a `Table`, a row and the place of a column. Out: `column_score`, -9 where the heads contradict the question.
Left out: which column is taken (`answering.picking_rows`).
"""

import re

from assistant import grades, populations
from assistant.grades import members
from assistant.label import Row, Table
from assistant.query import Query
from assistant.retrieving.matching import stems_of

_COMPARATOR = re.compile(
    r"(?i)\b(?:placebo|control|comparator|vehicle|sham|investigator\S* choice|standard (?:care|therapy|of care)|active)\b"
)


def column_score(query: Query, table: Table, row: Row, column: int) -> float:
    """How much a column's heads say of what was asked; -9 where they contradict it."""
    heads = " ".join(table.columns[column].header)
    leaf = table.columns[column].header[-1] if table.columns[column].header else ""
    fixed = _fixed_score(query, heads, leaf)
    if fixed is not None:
        return fixed
    score = _arm_score(query, heads) + _grade_score(query, heads)
    score += 0.5 * len(set(populations.named(heads)) & set(query.populations))
    stems, label_stems = stems_of(heads), stems_of(f"{row.label} {' '.join(row.group)}")
    for concept in query.concepts:
        held = max(len(set(form) & stems) / len(form) for form in concept.forms)
        rowed = max(len(set(form) & label_stems) / len(form) for form in concept.forms)
        score += (0.3 if concept.soft else 1.0) * held * (rowed < 1)
    for number in query.numbers:
        digits = re.sub(r"[^\d.]", "", number)
        score += 1.5 * bool(digits and re.search(rf"(?<![\d.]){re.escape(digits)}(?![\d.])", heads))
    for trial in query.trials:
        score += 2.0 * (trial.lower() in heads.lower())
    return round(score + _leaning(query, heads, leaf), 6)


def _fixed_score(query: Query, heads: str, leaf: str) -> float | None:
    """The score of a column that is no matter of degree: a count, a p value, another population; None for any other."""
    if re.fullmatch(r"(?i)n|no\.?|number|number (?:of )?(?:patients|tested|evaluated)", leaf.strip()):
        return 9.0 if query.measure == "count" else -6.0
    if re.search(r"(?i)\bp[- ]?values?\b|95% CI|confidence", leaf):
        return -4.0
    return -9.0 if populations.conflict(query.populations, populations.named(heads)) else None


_POOLED = re.compile(r"(?i)\b(?:any|all|total|overall|pooled|combined) (?:dos\w+|patients|groups?|treat\w+)\b")


def _leaning(query: Query, heads: str, leaf: str) -> float:
    """What tips the scale between columns that the question doesn't tell apart."""
    score = 0.0
    if not query.numbers and _POOLED.search(heads):
        score += 0.4
    if re.search(r"(?i)\bbaseline\b", heads) and not re.search(r"(?i)baseline", query.question):
        score -= 0.5
    if query.measure == "rate" and re.search(r"%|percent", leaf, re.IGNORECASE):
        score += 0.2
    return score


def _arm_score(query: Query, heads: str) -> float:
    other = bool(_COMPARATOR.search(heads))
    if "drug" in query.arms:
        return 0.0
    if query.arms:
        return 2.0 if other else -2.0
    return -1.0 if other else 0.0


def _grade_score(query: Query, heads: str) -> float:
    stated = grades.named(heads)
    whole = any(members(g) >= {1, 2, 3, 4} for g in stated)
    if query.grades:
        if any(grades.covers(g, asked) for asked in query.grades for g in stated):
            return 3.0
        return -2.0 if stated else 0.0
    if not stated or whole:
        return 0.5 if stated else 0.0
    return -1.0
