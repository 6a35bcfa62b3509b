"""Tables from raw grids: heads, groups, lines, notes and what can't be told, on small grids written here."""

import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.label import Footnote, Table
from assistant.reading.tables import Grid, GridCell, Line, continued, resolve
from assistant.reading.tables_words import is_figure, unit_of, unit_of_caption

Spec = str | tuple[str, dict[str, Any]]


def grid(*rows: Sequence[Spec], **more: Any) -> Grid:
    """A grid from its rows; a cell is its text, or its text and other fields; "\\n" parts the lines of a cell."""
    cells: list[GridCell] = []
    taken: set[tuple[int, int]] = set()
    place = 0
    for row, specs in enumerate(rows):
        column = 0
        for spec in specs:
            text, fields = spec if isinstance(spec, tuple) else (spec, {})
            while (row, column) in taken:
                column += 1
            cell = cell_of(text, row, column, place, fields)
            taken |= {(row + down, column + right) for down in range(cell.rowspan) for right in range(cell.colspan)}
            cells.append(cell)
            column, place = column + cell.colspan, place + len(text) + 1
    return Grid(cells=tuple(cells), start=0, end=place, section=0, **more)


def cell_of(text: str, row: int, column: int, place: int, fields: dict[str, Any]) -> GridCell:
    lines, start = [], place
    for part in text.split("\n") if "\n" in text else []:
        lines.append(Line(text=part, start=start, end=start + len(part)))
        start += len(part) + 1
    return GridCell(
        row=row,
        column=column,
        text=" ".join(text.split()),
        start=place,
        end=place + len(text),
        lines=tuple(lines),
        **fields,
    )


def wide(text: str, columns: int, **fields: Any) -> Spec:
    return text, {"colspan": columns, **fields}


def high(text: str, rows: int, **fields: Any) -> Spec:
    return text, {"rowspan": rows, **fields}


def heads(table: Table | None) -> list[tuple[tuple[str, ...], str, str]]:
    assert table is not None
    return [(column.header, column.unit, column.n) for column in table.columns]


def rows(table: Table | None) -> list[tuple[tuple[str, ...], str, list[str]]]:
    assert table is not None
    return [(row.group, row.label, [cell.text for cell in row.cells]) for row in table.rows]


def notes(table: Table | None) -> list[tuple[str, str, bool, tuple[int, ...]]]:
    assert table is not None
    return [(note.mark, note.text, note.certain, note.rows) for note in table.footnotes]


# --- heads


def test_heads_may_stand_among_the_body_rows_with_a_row_of_ns() -> None:
    table = resolve(
        grid(
            ["", "DRUG\n40 mg", "Placebo"],
            ["", "(N=705)", "(N=690)"],
            ["Adverse Reaction", "", ""],
            [("Respiratory", {"strong": True}), "", ""],
            ["Sinusitis", "11%", "9%"],
        )
    )
    assert heads(table) == [(("DRUG 40 mg", "(N=705)"), "", "705"), (("Placebo", "(N=690)"), "", "690")]
    assert rows(table) == [(("Respiratory",), "Sinusitis", ["11%", "9%"])]
    assert (table.row_head, table.resolved) == ("Adverse Reaction", True)


def test_a_stack_of_five_head_rows_is_read_from_the_top() -> None:
    table = resolve(
        grid(
            ["", wide("Study 1", 2), "Study 2"],
            ["Response", "Placebo", "DRUG", "DRUG"],
            ["", "", "40 mg every", "80 mg every"],
            ["", "", "other week", "other week"],
            ["", "N=110", "N=113", "N=103"],
            ["Month 6", "19%", "46%", "53%"],
        )
    )
    assert heads(table) == [
        (("Study 1", "Placebo", "N=110"), "", "110"),
        (("Study 1", "DRUG", "40 mg every other week", "N=113"), "", "113"),
        (("Study 2", "DRUG", "80 mg every other week", "N=103"), "", "103"),
    ]
    assert rows(table) == [((), "Month 6", ["19%", "46%", "53%"])]


def test_spans_carry_a_head_over_its_columns_and_rows() -> None:
    table = resolve(
        grid(
            [high("Term", 2, head=True), wide("DRUG (n=53)", 2, head=True), high("Risk", 2, head=True)],
            [("All grades, %", {"head": True}), ("Grade ≥3, %", {"head": True})],
            ["Nausea", "31", "2", "1.2"],
        )
    )
    assert heads(table) == [
        (("DRUG (n=53)", "All grades, %"), "%", "53"),
        (("DRUG (n=53)", "Grade ≥3, %"), "%", "53"),
        (("Risk",), "", ""),
    ]
    assert (table.row_head, rows(table)) == ("Term", [((), "Nausea", ["31", "2", "1.2"])])


def test_the_first_row_across_the_table_is_its_caption() -> None:
    made = grid([wide("Table 4. Results*", 2)], ["Term", "DRUG"], ["Nausea", "5%"], [wide("* All grades", 2)])
    table = resolve(made)
    assert table is not None
    assert (table.caption, table.caption_span.start, table.caption_span.end) == ("Table 4. Results", 0, 17)
    assert notes(table) == [("*", "All grades", True, ())]


def test_heads_with_times_below_a_spanning_head_are_no_values() -> None:
    table = resolve(
        grid(
            ["", wide("Placebo", 2), wide("DRUG", 2)],
            ["Parameter", "Baseline", "24 weeks", "Baseline", "24 weeks"],
            ["Pain", "49.0", "49.0", "54.0", "20.0"],
        )
    )
    assert [header for header, _, _ in heads(table)] == [
        ("Placebo", "Baseline"),
        ("Placebo", "24 weeks"),
        ("DRUG", "Baseline"),
        ("DRUG", "24 weeks"),
    ]


def test_doses_head_their_columns_where_the_values_have_another_unit() -> None:
    table = resolve(grid(["Reaction", "25 mg", "50 mg"], ["Headache", "16%", "21%"]))
    assert heads(table) == [(("25 mg",), "", ""), (("50 mg",), "", "")]
    assert rows(table) == [((), "Headache", ["16%", "21%"])]


def test_two_heads_of_the_labels_and_an_n_glued_to_the_unit_are_told() -> None:
    table = resolve(
        grid(
            ["System Organ Class", wide("KRd Arm(N = 392)", 2), wide("Total N = 102% of patients", 2)],
            ["Preferred Term", "Any Grade", ">= Grade 3", "Any Grade", ">= Grade 3"],
            ["Blood disorders", "", "", "", ""],
            [("Anemia", {"indent": 3}), "138 (35%)", "53 (14%)", "33", "8"],
        )
    )
    assert heads(table) == [
        (("KRd Arm(N = 392)", "Any Grade"), "", "392"),
        (("KRd Arm(N = 392)", ">= Grade 3"), "", "392"),
        (("Total N = 102% of patients", "Any Grade"), "%", "102"),
        (("Total N = 102% of patients", ">= Grade 3"), "%", "102"),
    ]
    assert table.row_head == "System Organ Class Preferred Term"
    assert rows(table) == [(("Blood disorders",), "Anemia", ["138 (35%)", "53 (14%)", "33", "8"])]


def test_n_and_percent_are_columns_of_their_own_beside_the_first_group() -> None:
    table = resolve(
        grid(
            [("Endpoint", {"head": True}), wide("DRUG (N=50)", 2, head=True)],
            ["PRIMARY ENDPOINT", "n", "(%)"],
            ["Death", "5", "(10)"],
            ["Components of the first", "", ""],
            ["Stroke", "2", "(4)"],
        )
    )
    assert heads(table) == [(("DRUG (N=50)", "n"), "n", "50"), (("DRUG (N=50)", "(%)"), "%", "50")]
    assert table.row_head == "Endpoint"
    assert rows(table) == [
        (("PRIMARY ENDPOINT",), "Death", ["5", "(10)"]),
        (("PRIMARY ENDPOINT", "Components of the first"), "Stroke", ["2", "(4)"]),
    ]


def test_a_column_headed_n_states_the_n_of_its_row() -> None:
    table = resolve(grid(["Dose", "N", "LDL-C"], ["10 mg", "22", "-39"], ["Diff", "", "-9.2, -6.5"]))
    assert table is not None
    assert [(row.label, row.n) for row in table.rows] == [("10 mg", "22"), ("Diff", "")]


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("%", "%"),
        ("(%)", "%"),
        ("n", "n"),
        ("n (%)", "n (%)"),
        ("n/N (%)", "n (%)"),
        ("Number (%) of Patients", "n (%)"),
        ("% of Patients", "%"),
        ("Any Grade (%)", "%"),
        ("All grades, %", "%"),
        ("(%)N =324", "%"),
        ("Total N = 102% of patients", "%"),
        ("Placebo (N=50) n (%)", "n (%)"),
        ("Dose (mg)", "mg"),
        ("Baseline (mg/dL)", "mg/dL"),
        ("AUC (ng·hr/mL)", "ng·hr/mL"),
        ("Median % Change (min, max)", "%"),
        ("Study (26 weeks)", ""),
        ("HR (95% CI)", ""),
        ("Grade 3-4", ""),
        ("DRUG 160/80 mg", ""),
        ("LDL-C", ""),
    ],
)
def test_a_unit_is_what_the_head_prints(header: tuple[str, ...], unit: str) -> None:
    assert unit_of(header) == unit


@pytest.mark.parametrize(
    ("caption", "unit"),
    [
        ("Table 2. Reactions in ≥2% (% of patients).", "%"),
        ("Table 14. Results, Number of Patients (%)", "n (%)"),
        ("Table 7. Mean Percentage Change From Baseline", "%"),
        ("Table 1. Reactions in ≥5% of Patients", ""),
    ],
)
def test_a_caption_may_print_the_unit_of_all_values(caption: str, unit: str) -> None:
    assert unit_of_caption(caption) == unit


def test_the_captions_unit_goes_to_bare_figures_only() -> None:
    table = resolve(
        grid(["Term", "DRUG", "N", "P-value"], ["Pain", "8.3", "21", "0.01"], caption="Table 2 (% of patients)")
    )
    assert [unit for _, unit, _ in heads(table)] == ["%", "n", ""]


# --- groups and labels


def test_groups_nest_by_indent_and_end_where_the_rows_step_out() -> None:
    table = resolve(
        grid(
            ["Term", "DRUG"],
            ["Infections", ""],
            [("Viral", {"indent": 2}), ""],
            [("Herpes", {"indent": 4}), "3"],
            [("Fungal", {"indent": 2}), ""],
            [("Thrush", {"indent": 4}), "2"],
            ["Any event", "50"],
        )
    )
    assert rows(table) == [
        (("Infections", "Viral"), "Herpes", ["3"]),
        (("Infections", "Fungal"), "Thrush", ["2"]),
        ((), "Any event", ["50"]),
    ]


def test_a_group_may_be_one_cell_across_the_table_or_a_lone_label() -> None:
    table = resolve(
        grid(
            ["Term", "DRUG", "Placebo"],
            [wide("Adults", 3)],
            ["Gut", "", ""],
            ["Nausea", "5%", "4%"],
            [wide("Children", 3)],
            ["Skin", "", ""],
            ["Rash", "1%", "-"],
        )
    )
    assert rows(table) == [
        (("Adults", "Gut"), "Nausea", ["5%", "4%"]),
        (("Children", "Skin"), "Rash", ["1%", "-"]),
    ]


def test_a_group_row_with_marks_keeps_them_out_of_the_name() -> None:
    table = resolve(grid(["Term", "DRUG"], ["Tests*", ""], ["Hematuria", "5%"], [wide("* In Europe", 2)]))
    assert rows(table) == [(("Tests",), "Hematuria", ["5%"])]
    assert notes(table) == [("*", "In Europe", True, ())]


def test_a_first_column_that_names_several_rows_is_their_group() -> None:
    table = resolve(
        grid(
            ["", "", "MTX N=257", "DRUG N=274"],
            ["52 Weeks", "Total score", "5.7 (4.2, 7.3)", "3.0 (1.7, 4.3)"],
            ["", "Erosion score", "3.7 (2.7, 4.8)", "1.7 (1.0, 2.4)"],
            ["104 Weeks", "Total score", "10.4 (7.7, 13.2)", "5.5 (3.6, 7.4)"],
        )
    )
    assert rows(table) == [
        (("52 Weeks",), "Total score", ["5.7 (4.2, 7.3)", "3.0 (1.7, 4.3)"]),
        (("52 Weeks",), "Erosion score", ["3.7 (2.7, 4.8)", "1.7 (1.0, 2.4)"]),
        (("104 Weeks",), "Total score", ["10.4 (7.7, 13.2)", "5.5 (3.6, 7.4)"]),
    ]


def test_a_label_cell_over_several_rows_names_them_all() -> None:
    table = resolve(
        grid(
            ["Body system", "Term", "DRUG"],
            [high("Gut", 2), "Nausea", "5"],
            ["Vomiting", "4"],
            ["Skin", "Rash", "1"],
        )
    )
    assert rows(table) == [
        (("Gut",), "Nausea", ["5"]),
        (("Gut",), "Vomiting", ["4"]),
        (("Skin",), "Rash", ["1"]),
    ]
    assert heads(table) == [(("DRUG",), "", "")]


def test_a_row_without_a_label_goes_on_with_the_label_above() -> None:
    table = resolve(grid(["Dose", "AUC"], ["10 mg", "5.1"], ["", "5.3"], ["20 mg", "9.9"]))
    assert rows(table) == [((), "10 mg", ["5.1"]), ((), "10 mg", ["5.3"]), ((), "20 mg", ["9.9"])]


def test_a_label_printed_on_two_rows_is_one() -> None:
    table = resolve(grid(["Term", "DRUG"], ["Upper respiratory", "5"], ["tract infection", ""], ["Rash", "1"]))
    assert rows(table) == [((), "Upper respiratory tract infection", ["5"]), ((), "Rash", ["1"])]


# --- several lines in a cell


def test_aligned_lines_become_rows_of_the_group_above_them() -> None:
    table = resolve(
        grid(
            ["", "Placebo\nN=162", "DRUG\nN=151"],
            ["ACR20\nWeek 12\nWeek 24", "\n14%\n15%", "\n58%\n57%"],
            ["Overall", "9%", "8%"],
        )
    )
    assert rows(table) == [
        (("ACR20",), "Week 12", ["14%", "58%"]),
        (("ACR20",), "Week 24", ["15%", "57%"]),
        ((), "Overall", ["9%", "8%"]),
    ]


def test_lines_of_the_second_column_share_the_label_of_the_first() -> None:
    table = resolve(
        grid(
            ["DRUG", "Other drug", "AUC"],
            ["80 mg", "Antipyrine", "↑ 3%"],
            ["40 mg", "Contraceptive\n- norethindrone\n- estradiol", "\n↑ 28%\n↑ 19%"],
        )
    )
    assert rows(table) == [
        (("80 mg",), "Antipyrine", ["↑ 3%"]),
        (("40 mg", "Contraceptive"), "- norethindrone", ["↑ 28%"]),
        (("40 mg", "Contraceptive"), "- estradiol", ["↑ 19%"]),
    ]


@pytest.mark.parametrize(
    "cells",
    [
        ["A\nB", "1\n2\n3", "4\n5"],  # counts differ
        ["Upper respiratory\ninfection", "10\n(5%)", "12\n(6%)"],  # a value over its share
        ["Drug A\nDrug B", "Avoid"],  # one value for both
        ["Weight", "20 mg weekly\n(by syringe)"],  # a text in two lines
    ],
)
def test_lines_that_are_not_aligned_stay_one_cell(cells: list[str]) -> None:
    head = ["Term", "First", "Second"][: len(cells)]
    table = resolve(grid(head, cells, ["Other", *["7"] * (len(cells) - 1)]))
    assert rows(table)[0] == ((), cells[0].replace("\n", " "), [cell.replace("\n", " ") for cell in cells[1:]])


# --- marks and notes


def test_marks_never_enter_a_value_or_label_and_values_stay_as_printed() -> None:
    table = resolve(
        grid(
            ["Term*", "DRUG†", "Placebo"],
            ["Pain **", "46%*", "<1"],
            [("HUMIRA", {"marks": ("a",)}), "-", "NA"],
            ["Score* at last", "9.3%* (0.9%, 17.6%)", ""],
            ["Odd", "*", "12#"],
        )
    )
    assert table is not None
    assert table.row_head == "Term"
    assert [(column.header, column.marks) for column in table.columns] == [(("DRUG",), ("†",)), (("Placebo",), ())]
    assert [(row.label, row.marks, [(cell.text, cell.marks) for cell in row.cells]) for row in table.rows] == [
        ("Pain", ("**",), [("46%", ("*",)), ("<1", ())]),
        ("HUMIRA", ("a",), [("-", ()), ("NA", ())]),
        ("Score at last", ("*",), [("9.3% (0.9%, 17.6%)", ("*",)), ("", ())]),
        ("Odd", (), [("*", ()), ("12", ("#",))]),
    ]


def test_a_legend_in_the_last_row_is_notes_line_by_line() -> None:
    table = resolve(
        grid(
            ["Term", "DRUG"],
            [("Pain", {"marks": ("a",)}), "5%*"],
            ["Rash", "1%"],
            [wide("All treated.\na Of any kind\nor other\n* p<0.01\n† Lost", 2)],
        )
    )
    assert notes(table) == [
        ("", "All treated.", True, ()),
        ("a", "Of any kind or other", True, (0,)),
        ("*", "p<0.01", True, (0,)),
        ("†", "Lost", False, ()),
    ]


def test_notes_after_symbols_in_one_line_are_told_apart() -> None:
    table = resolve(grid(["Term", "DRUG*"], ["Pain†", "5"], [wide("* From all trials. † Of any kind.", 2)]))
    assert [(note.mark, note.text, note.start, note.end, note.rows) for note in table.footnotes] == [
        ("*", "From all trials.", 21, 37, ()),
        ("†", "Of any kind.", 40, 52, (0,)),
    ]


def test_an_unmarked_note_is_uncertain_where_a_mark_has_no_note() -> None:
    table = resolve(grid(["Term", "DRUG"], ["Pain*", "5"], [wide("Of any kind.", 2)]))
    assert notes(table) == [("", "Of any kind.", False, ())]


def test_notes_that_the_reader_knows_get_their_rows() -> None:
    note = Footnote(mark="†", text="Mild.", start=90, end=95)
    table = resolve(grid(["Term", "DRUG"], ["Pain", ("5", {"marks": ("†",)})], footnotes=(note,)))
    assert notes(table) == [("†", "Mild.", True, (0,))]


# --- what is no table, or can't be told


@pytest.mark.parametrize(
    "made",
    [
        grid(["one"], ["column"]),
        grid(["• fever", "• cough"], ["• chills", ""]),
        grid(["Warnings (5.1)", "02/2024"], ["Dosage (2)", "01/2024"]),
        grid(["", ""], ["", ""]),
        grid(["Only", "one row"]),
        Grid(cells=(), start=0, end=0, section=0),
    ],
)
def test_a_layout_table_is_none(made: Grid) -> None:
    assert resolve(made) is None


def test_a_table_without_heads_is_not_resolved() -> None:
    table = resolve(grid(["Pain", "5", "7"], ["Rash", "1", "2"]))
    assert table is not None
    assert (table.resolved, rows(table)) == (False, [((), "Pain", ["5", "7"]), ((), "Rash", ["1", "2"])])


def test_a_column_of_values_without_a_head_leaves_the_table_unresolved() -> None:
    table = resolve(grid(["Term", "DRUG", ""], ["Pain", "5", "7"], ["Rash", "1", "2"]))
    assert table is not None
    assert not table.resolved


def test_pages_of_one_table_are_joined_without_the_repeated_heads() -> None:
    first = grid(["Term", "DRUG"], ["Gut", ""], ["Pain", "5"], caption="Table 1. Reactions")
    second = grid(["Term", "DRUG"], ["Gas", "2"], ["Skin", ""], ["Rash", "1"], caption="Table 1. Reactions (cont’d)")
    whole = continued(first, second)
    assert whole is not None
    assert rows(resolve(whole)) == [(("Gut",), "Pain", ["5"]), (("Gut",), "Gas", ["2"]), (("Skin",), "Rash", ["1"])]


@pytest.mark.parametrize("caption", ["Table 2. Reactions (continued)", "Table 1. Reactions"])
def test_another_table_is_not_joined(caption: str) -> None:
    first = grid(["Term", "DRUG"], ["Pain", "5"], caption="Table 1. Reactions")
    assert continued(first, grid(["Term", "DRUG"], ["Rash", "1"], caption=caption)) is None


@pytest.mark.parametrize(
    "text", ["1,2" * 30, "1" + " ,1" * 26 + "x", "(" * 80, "- - " * 20 + "x", "1 to " * 16 + "x", "mg/" * 25 + "1"]
)
def test_telling_a_figure_takes_no_time(text: str) -> None:
    started = time.process_time()
    is_figure(text)
    unit_of(text)
    assert time.process_time() - started < 0.2  # seconds


TEXTS = st.sampled_from(
    ["", "a", "Term", "lower case", "GROUP NAME", "5", "12 (5%)", "N=50", "n", "(%)", "• x", "* note", "x*", "1\n2",
     "A\nB", "\n3\n4", "24 weeks", "NA", "Table 1 (continued)", "CI=interval"]
)  # fmt: skip
CELLS = st.tuples(
    TEXTS,
    st.fixed_dictionaries(
        {},
        optional={
            "rowspan": st.integers(1, 4),
            "colspan": st.integers(1, 4),
            "head": st.booleans(),
            "foot": st.booleans(),
            "strong": st.booleans(),
            "indent": st.integers(0, 3),
            "marks": st.just(("a",)),
        },
    ),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=5), max_size=8), st.sampled_from(["", "Table 1 (continued)"]))
def test_any_grid_resolves_to_rows_within_it(specs: list[list[Spec]], caption: str) -> None:
    made = grid(*specs, caption=caption)
    for found in (made, continued(made, made)):
        table = resolve(found) if found else None
        if table is None:
            continue
        for row in table.rows:
            assert made.start <= row.start <= row.end <= made.end
            assert all(0 <= cell.column < len(table.columns) for cell in row.cells)
            assert all(made.start <= cell.start <= cell.end <= made.end for cell in row.cells)
        assert all(place < len(table.rows) for note in table.footnotes for place in note.rows)
