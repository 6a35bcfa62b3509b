"""Which figure of a quote answers.

In: a `Query`, a `Passage` and its `Label`. Out: `pick`, the figure that answers with the exact places to highlight, or
None where the quote holds none of the kind asked for; where two things are asked in one sentence, the figure of each. Left
out: how it is told in a sentence (`answering.picking_prose`) and in a row (`answering.picking_rows`), and whether the
passage may answer at all (`answering.abstaining`).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from assistant.answering.picking_prose import pick_in_prose
from assistant.answering.picking_rows import pick_cell, shown_value
from assistant.answering.picks import Pick
from assistant.label import Label
from assistant.passage import Passage
from assistant.patterns import expression
from assistant.query import Measure, Query
from assistant.understanding.asking import asking

__all__ = ["Pick", "pick", "shown_value"]


def pick(query: Query, passage: Passage, label: Label) -> Pick | None:
    """The figure of a passage that answers a question."""
    if passage.table is not None and passage.row is not None:
        table = label.tables[passage.table]
        return pick_cell(query, label, table, table.rows[passage.row])
    each = [pick_in_prose(_only(query, part), label, passage.start, passage.end) for part in _asks(query.question)]
    joined = _joined([one for one in each if one is not None])
    return joined or pick_in_prose(query, label, passage.start, passage.end)


_AND: Final = expression(
    r"(?i)\s*(?:[,;&]|\band\b)\s+(?:(?:and|then)\s+)*(?=(?:(?:for|over|by|in|to|at|after|on) )?(?:how|what|which|when)\b)"
)
_MEASURED: Final = expression(
    r"(?i)\bhow (?:many|much) (?:m?c?g|m?L|units|tablets|capsules|vials|water|fluid|flush|diluent|volume)\b|\bhow much$"
)
_ASKS: Final = expression(r"(?i)\b(?:how|what|which|when)\b")


@lru_cache(maxsize=1024)
def _asks(question: str) -> tuple[tuple[str, Measure], ...]:
    """The parts of a question that each ask for a figure, with its measure; empty where only one does.

    >>> _asks("How many mL of it and how far apart")
    (('How many mL of it', 'dose'), ('how far apart', 'time'))
    """
    parts = _AND.split(question)
    found: list[tuple[str, Measure]] = []
    for part in parts if len(parts) > 1 else ():
        measure: Measure | None = "dose" if _MEASURED.search(part) else asking(part).measure
        if measure is None and found and re.fullmatch(r"(?i)\W*(?:to|by|at) (?:what|which)\W*", part):
            measure = found[0][1]  # "how many mg, for how many days, and to what?"
        if measure is not None and _ASKS.search(part):
            found.append((part, measure))
    return tuple(found) if len(found) > 1 else ()


def _only(query: Query, part: tuple[str, Measure]) -> Query:
    """The question with one of the things that it asks for."""
    asked, measure = part
    named = tuple(concept for concept in query.concepts if concept.text.lower() in asked.lower())
    return replace(query, question=asked, measure=measure, answer_type="figure", concepts=named or query.concepts)


def _joined(picks: Sequence[Pick]) -> Pick | None:
    """Figures of a sentence side by side; None where there are not several, or two are one."""
    spans = [span for one in picks for span in one.spans]
    if len(picks) < 2 or any(
        first < end and start < last for place, (start, end) in enumerate(spans) for first, last in spans[:place]
    ):
        return None
    return Pick(
        text="; ".join(one.text for one in picks), spans=tuple(spans), certain=all(one.certain for one in picks)
    )
