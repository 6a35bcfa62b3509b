"""The figure that answers, as it is picked from a quote.

In: nothing. Out: `Pick`. Left out: which figure it is (`answering.picking`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """The figure that answers."""

    text: str  # as the headline shows it
    spans: tuple[tuple[int, int], ...]  # half-open, into the label's source text
    column: int | None = None  # place in Table.columns, where one column answers
    certain: bool = True  # false where several columns answer alike
    grade_missing: bool = False  # a grade was asked for and neither sentence nor column states it
    about: tuple[str, ...] = ()  # what the column is about
