"""Of the rows of a table, the one whose range holds the value asked about comes first."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from seed import seed

from assistant.answering.choosing import Checked, _beside_first, _bounded_first, _holds_value
from assistant.answering.picks import Pick
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


def test_a_row_of_the_table_that_answered_before_comes_first_where_another_reaction_is_named() -> None:
    tables = (replace(seed().tables[0], start=0, end=50), replace(seed().tables[0], start=100, end=200))
    label = replace(seed(), tables=tables)
    elsewhere = checked("a", 10, 20, 0.8)
    there = replace(checked("a", 120, 130, 0.2, table=1), picked=Pick(text="3%", spans=((125, 127),)))
    for near, first in [(("a", 150, 160), 120), (("a", 300, 310), 10), (None, 10)]:
        query = Query(question="and fatal bleeding?", standalone="", near=near)
        assert _beside_first(query, [elsewhere, there], {"a": label})[0].hit.passage.start == first


def test_a_dose_by_weight_is_that_of_the_row_which_holds_the_weight() -> None:
    text = "dosed by weight\n25 kg to less than 35 kg: 200 mg"
    advice = checked("a", 0, 15, 0.9)
    passage = advice.hit.passage
    advice = replace(advice, hit=advice.hit._replace(passage=replace(passage, kind="passage", table=None, row=None)))
    row = replace(checked("a", 16, len(text), 0.4), picked=Pick(text="200 mg", spans=()))
    query = Query(question="", standalone="", numbers=("28 kg",), measure="dose", answer_type="figure")
    for likely, first in [(0.4, 16), (0.2, 0)]:
        rows = [advice, replace(row, likely=likely)]
        assert _bounded_first(query, rows, {"a": replace(seed(), text=text)})[0].hit.passage.start == first


@pytest.mark.parametrize(
    ("number", "held"),
    [("week 7", True), ("9 weeks", False), ("7 mg", False), ("1200", False), ("1,200", False)],
)
def test_a_passage_holds_the_value_that_a_patient_is_told_by(number: str, held: bool) -> None:
    text = "More than 6 weeks and up to 8 weeks: 7 days"
    item = checked("a", 0, len(text), 0.2)
    assert _holds_value(Query(question="", standalone="", numbers=(number,)), item, replace(seed(), text=text)) is held
