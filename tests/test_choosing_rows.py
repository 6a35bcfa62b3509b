"""Of the rows of a table, the one whose range holds the value asked about comes first."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from seed import seed

from assistant.answering.choosing import Checked, _bounded_first
from assistant.passage import Passage
from assistant.query import Query
from assistant.retrieving.matching import Match
from assistant.retrieving.ranking import Hit

ROWS = ("above 8 times ULN, or above 3 times ULN with jaundice: stop", "above 5 up to 8 times ULN: hold")


def checked(label: str, start: int, end: int, likely: float, table: int | None = 0) -> Checked:
    passage = Passage(
        label=label, kind="table_row", place=start, section=0, block=0, start=start, end=end, search="", context="",
        table=table, row=start,
    )  # fmt: skip
    found = Match(covered=(), inside=(), coverage=1.0, inner=1.0, precision=1.0, conflicts=(), missing=())
    hit = Hit(0, passage, found, 1.0, 1.0, 1.0, 0.0, 0.0, MappingProxyType({}))
    return Checked(hit=hit, picked=None, gaps=(), likely=likely)


@pytest.mark.parametrize(
    ("number", "first"),
    [("6x ULN", 1), ("9x ULN", 0), ("4x ULN", 0)],
    ids=["held", "above all", "held by none closely"],
)
def test_the_row_whose_range_holds_the_value_comes_first(number: str, first: int) -> None:
    text = "\n".join(ROWS)
    cut = len(ROWS[0])
    rows = [checked("a", 0, cut, 0.8), checked("a", cut + 1, len(text), 0.3)]
    labels = {"a": replace(seed(), text=text)}
    ordered = _bounded_first(Query(question="", standalone="", numbers=(number,)), rows, labels)
    assert ordered[0].hit.passage.start == rows[first].hit.passage.start
    assert ordered[0].likely == 0.8
