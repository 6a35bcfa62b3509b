"""Which figure of a quote answers.

In: a `Query`, a `Passage` and its `Label`. Out: `pick`, the figure that answers with the exact places to highlight, or
None where the quote holds none of the kind asked for. Left out: how it is told in a sentence (`answering.picking_prose`)
and in a row (`answering.picking_rows`), and whether the passage may answer at all (`answering.abstaining`).
"""

from assistant.answering.picking_prose import pick_in_prose
from assistant.answering.picking_rows import pick_cell, shown_value
from assistant.answering.picks import Pick
from assistant.label import Label
from assistant.passage import Passage
from assistant.query import Query

__all__ = ["Pick", "pick", "shown_value"]


def pick(query: Query, passage: Passage, label: Label) -> Pick | None:
    """The figure of a passage that answers a question."""
    if passage.table is not None and passage.row is not None:
        table = label.tables[passage.table]
        return pick_cell(query, label, table, table.rows[passage.row])
    return pick_in_prose(query, label, passage.start, passage.end)
