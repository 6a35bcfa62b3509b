"""Fixed-width tables whose heads, groups and rows are printed in uncommon ways."""

from assistant.label import Row, Table
from assistant.reading.fixed_width import read_tables
from assistant.reading.plain_lines import split_lines
from assistant.reading.plain_regions import find_regions


def tables(text: str) -> list[Table]:
    lines = split_lines(text)
    return [table for region in find_regions(lines) for table in read_tables(region, lines, 0, lambda *_: False)]


def values(row: Row) -> list[tuple[int, str]]:
    return [(cell.column, cell.text) for cell in row.cells]


def test_a_group_beside_its_first_row_names_the_rows_after_it() -> None:
    (table,) = tables(
        "Table 1: Reactions\n"
        " System Organ Class   Preferred Term     All Grades (%)   Grade 3 (%)   \n"
        " Gastrointestinal disorders  Diarrhea           51               5             \n"
        " Nausea               31                 0             \n"
        " Skin and subcutaneous tissue disorders  Rash               8                1             \n"
    )
    assert [(row.group, row.label, values(row)) for row in table.rows] == [
        (("Gastrointestinal disorders",), "Diarrhea", [(0, "51"), (1, "5")]),
        (("Gastrointestinal disorders",), "Nausea", [(0, "31"), (1, "0")]),
        (("Skin and subcutaneous tissue disorders",), "Rash", [(0, "8"), (1, "1")]),
    ]


def test_a_label_over_its_values_is_one_row() -> None:
    text = (
        "Table 1: Reactions\n"
        " Reaction                 Drug (N = 10) %    Placebo (N = 12) %    \n"
        "                         Nausea            \n"
        "                                           5            6         \n"
        "                         Rash              \n"
        "                                           <1           2         \n"
    )
    (table,) = tables(text)
    assert [(row.label, values(row)) for row in table.rows] == [
        ("Nausea", [(0, "5"), (1, "6")]),
        ("Rash", [(0, "<1"), (1, "2")]),
    ]
    assert text[table.rows[0].start : table.rows[0].end].split() == ["Nausea", "5", "6"]


def test_fused_values_of_several_labels_are_never_offered() -> None:
    (table,) = tables(
        "Table 1: Reactions\n"
        " Reaction                        Drug (N=10)      Placebo (N=12)      \n"
        "  \n"
        " Eye disorders     Diplopia     Blurred vision     Dry eye  211         962            \n"
        " Vascular disorders     Hypertension  1           2              \n"
    )
    assert [(row.group, row.label, values(row)) for row in table.rows] == [
        (("Eye disorders",), "Diplopia Blurred vision Dry eye", []),
        (("Vascular disorders",), "Hypertension", [(0, "1"), (1, "2")]),
    ]


def test_new_heads_half_way_begin_a_table_of_their_own() -> None:
    first, second = tables(
        "Table 1: Hypoglycemia\n"
        " Alone (26 weeks)              Placebo (N=19)     Drug (N=20)     \n"
        " Overall                       5 (26.3)           7 (35.0)        \n"
        " Severe                        0                  1 (5.0)         \n"
        " With insulin (18 weeks)       Placebo (N=56)     Drug (N=57)     \n"
        " Overall                       20 (35.7)          27 (47.4)       \n"
    )
    assert (first.caption, second.caption) == ("Table 1: Hypoglycemia", "Table 1: Hypoglycemia")
    assert [column.header for column in second.columns] == [("Placebo (N=56)",), ("Drug (N=57)",)]
    assert [values(row) for row in second.rows] == [[(0, "20 (35.7)"), (1, "27 (47.4)")]]


def test_heads_that_fit_no_columns_leave_the_table_unresolved() -> None:
    (table,) = tables(
        "Table 1: Changes\n"
        "                    Study 2        Study 1        \n"
        "                    Part I         Part II        \n"
        "                    A N=17    A N=50    B N=50    A N=43    B N=41    \n"
        " Infections         97        27        19        13        5         \n"
        " Pain               25        8         6         3         1         \n"
    )
    assert (table.resolved, table.columns, [row.cells for row in table.rows]) == (False, (), [()] * 5)
    assert table.rows[3].label == "Infections 97 27 19 13 5"


def test_prose_between_tables_is_never_a_row() -> None:
    text = "Table 1 lists reactions of 10 patients.\n\n Nausea was seen in 5 (  5.1  ) of  12.\n\n\n 4  years\n"
    assert tables(text) == []
