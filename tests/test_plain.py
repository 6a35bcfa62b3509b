"""The plain-text reader: sections, lists and fixed-width tables at their exact places."""

import json
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import UnreadableLabel
from assistant.label import Block, Label, Row, Table
from assistant.reading.plain import is_plain_label, read_plain
from assistant.reading.source import Source

SAMPLE = Path(__file__).parent / "samples" / "plain" / "exampla.txt"
GOLD = Path(__file__).parent / "gold" / "cells_text.jsonl"
REAL = Path(__file__).parents[2] / "shared" / "labels" / "text"
needs_labels = pytest.mark.skipif(not REAL.is_dir(), reason="the real text labels (../shared/labels/text) are not here")


@cache
def sample() -> Label:
    return read_plain(SAMPLE.read_bytes(), Source(file=SAMPLE.name))


@cache
def real(stem: str) -> Label:
    return read_plain((REAL / f"{stem}.txt").read_bytes(), Source(file=f"{stem}.txt"))


def text_of(label: Label, block: Block) -> str:
    return label.text[block.start : block.end]


def values(row: Row) -> list[tuple[int, str]]:
    return [(cell.column, cell.text) for cell in row.cells]


def test_sections_come_from_markers_and_headings() -> None:
    label = sample()
    assert [
        (s.number, s.title, s.level, s.parent, label.text[s.heading.start : s.heading.end]) for s in label.sections
    ] == [
        ("6", "ADVERSE REACTIONS", 1, None, "6 ADVERSE REACTIONS"),
        ("6.1", "Clinical Trials Experience", 2, 0, "6.1 Clinical Trials Experience"),
        ("", "Study in Adults", 3, 1, "Study in Adults"),
        ("", "Study in Children", 3, 1, "Study in Children"),
        ("6.2", "Immunogenicity", 2, 0, "6.2 Immunogenicity"),
        ("", "Boxed warnings", 1, None, "##### SECTION: boxed warnings"),
        ("", "WARNING: LIVER FAILURE", 2, 5, "BOXED WARNING: WARNING: LIVER FAILURE"),
    ]


def test_list_items_know_the_sentence_that_leads_them() -> None:
    label = sample()
    items = [block for block in label.blocks if block.kind == "list_item"]
    leads = [text_of(label, label.blocks[item.lead]) for item in items if item.lead is not None]
    assert [(item.list, item.level, item.highlights) for item in items] == [(1, 1, False), (1, 1, False), (2, 1, True)]
    assert leads == [
        "The following serious adverse reactions are discussed elsewhere in the labeling:",
        "The following serious adverse reactions are discussed elsewhere in the labeling:",
        "The most common adverse reactions (>=20%) were:",
    ]


def test_an_excerpt_belongs_to_highlights_until_the_next_heading() -> None:
    label = sample()
    assert [(block.kind, text_of(label, block)) for block in label.blocks if block.highlights] == [
        ("boilerplate", "EXCERPT:"),
        ("paragraph", "The most common adverse reactions (>=20%) were:"),
        ("list_item", "*  nausea and headache (  6.1  )."),
        (
            "paragraph",
            "To report SUSPECTED ADVERSE REACTIONS, contact Example Pharma at 1-800-555-0100 or FDA at 1-800-FDA-1088.",
        ),
    ]


def test_a_paragraph_broken_over_lines_is_one_block() -> None:
    label = sample()
    assert "Antibodies were not\nfound in any patient (0/150)." in [text_of(label, block) for block in label.blocks]


def test_a_numbered_heading_at_the_end_of_a_line_is_one() -> None:
    text = "6 ADVERSE REACTIONS\n\n  6.1 Trials\n\n Text.\n\n  Table 1  Table 2   6.2 Immunogenicity\n\n  More text.\n"
    label = read_plain(text.encode(), Source(file="x.txt"))
    assert [(s.number, s.title, label.text[s.heading.start : s.heading.end]) for s in label.sections] == [
        ("6", "ADVERSE REACTIONS", "6 ADVERSE REACTIONS"),
        ("6.1", "Trials", "6.1 Trials"),
        ("6.2", "Immunogenicity", "6.2 Immunogenicity"),
    ]


def test_the_title_of_a_boxed_warning_may_be_broken_over_lines() -> None:
    text = "##### SECTION: boxed warnings\n\n    WARNING: LIVER FAILURE\n\nAND DEATH\n\n  It can happen.\n"
    label = read_plain(text.encode(), Source(file="x.txt"))
    section = label.sections[1]
    assert (section.title, label.text[section.heading.start : section.heading.end]) == (
        "WARNING: LIVER FAILURE AND DEATH",
        "WARNING: LIVER FAILURE\n\nAND DEATH",
    )


def test_a_title_stands_right_over_its_text_after_a_table() -> None:
    text = SAMPLE.read_text(encoding="utf-8").replace(
        "Study in Children  \n \n", f"Study in Children  \n   {'Long text. ' * 20}\n"
    )
    label = read_plain(text.encode(), Source(file="x.txt"))
    assert label.sections[3].title == "Study in Children"


def test_a_patient_document_is_marked_to_the_end_of_its_section() -> None:
    text = "##### SECTION: a\n\n    Medication Guide\n\n    What is EXAMPLA?\n\n  A drug.\n\n##### SECTION: b\n\n  B.\n"
    label = read_plain(text.encode(), Source(file="x.txt"))
    assert [(s.title, s.patient) for s in label.sections] == [
        ("A", False),
        ("Medication Guide", True),
        ("What is EXAMPLA?", True),
        ("B", False),
    ]


def test_every_printed_character_stands_in_one_block() -> None:
    assert uncovered(sample()) == ""


def test_heads_share_the_columns_under_them() -> None:
    table = sample().tables[0]
    assert (table.caption, table.row_head, table.resolved) == (
        "Table 1: Adverse Reactions in Study 1",
        "Adverse Reaction",
        True,
    )
    assert [(column.header, column.unit, column.n) for column in table.columns] == [
        (("EXAMPLA", "Total N = 100 % of patients", "Any Grade"), "%", "100"),
        (("EXAMPLA", "Total N = 100 % of patients", "Grade 3"), "%", "100"),
        (("Placebo", "Total N = 50 % of patients", "Any Grade"), "%", "50"),
        (("Placebo", "Total N = 50 % of patients", "Grade 3"), "%", "50"),
    ]


def test_a_blank_stays_blank_and_a_long_label_shifts_no_value() -> None:
    table = sample().tables[0]
    assert [(row.group, row.label, row.marks, values(row)) for row in table.rows] == [
        (("Gastrointestinal disorders",), "Nausea", ("a",), [(0, "54"), (1, "<1"), (2, "55"), (3, "-")]),
        (("Gastrointestinal disorders",), "Vomiting", (), [(0, "10"), (1, "2"), (2, ""), (3, "NA")]),
        (
            ("Nervous system disorders",),
            "Headache with a long name that pushes values",
            (),
            [(0, "19"), (1, "3"), (2, "12"), (3, "1")],
        ),
    ]


def test_a_blank_cell_has_no_length() -> None:
    cell = sample().tables[0].rows[1].cells[2]
    assert (cell.text, cell.end - cell.start) == ("", 0)


def test_a_row_is_its_whole_line() -> None:
    label = sample()
    row = label.tables[0].rows[1]
    assert label.text[row.start : row.end] == "Vomiting                   10         2                     NA"


def test_a_legend_before_the_heads_is_cut_at_its_marks() -> None:
    label = sample()
    notes = label.tables[0].footnotes
    assert [(note.mark, note.text, note.certain, note.rows, label.text[note.start : note.end]) for note in notes] == [
        ("*", "All treated patients.", True, (), "All treated patients."),
        ("a", "Includes nausea and retching.", True, (0,), "Includes nausea and retching."),
    ]


def test_a_head_of_one_column_stands_beside_one_of_several() -> None:
    table = sample().tables[1]
    assert [(column.header, column.n) for column in table.columns] == [
        (("Placebo", "(N = 40)"), "40"),
        (("EXAMPLA", "10 mg (N = 41)"), "41"),
        (("EXAMPLA", "20 mg (N = 42)"), "42"),
    ]


def test_line_breaks_of_windows_keep_their_places() -> None:
    text = SAMPLE.read_text(encoding="utf-8").replace("\n", "\r\n")
    label = read_plain(text.encode(), Source(file="exampla.txt"))
    assert label.text == text
    assert [s.title for s in label.sections] == [s.title for s in sample().sections]
    assert [[values(row) for row in table.rows] for table in label.tables] == [
        [values(row) for row in table.rows] for table in sample().tables
    ]


def test_a_byte_order_mark_is_no_text() -> None:
    label = read_plain(b"\xef\xbb\xbf" + SAMPLE.read_bytes(), Source(file="exampla.txt"))
    assert label.text == sample().text


def test_the_name_is_the_given_one_or_the_files() -> None:
    assert read_plain(b"6 ADVERSE REACTIONS", Source(file="train__EXAMPLA.txt")).name == "EXAMPLA"
    assert read_plain(b"6 ADVERSE REACTIONS", Source(file="train__EXAMPLA.txt", name="Exampla XR")).name == "Exampla XR"


def test_a_wrong_encoding_is_named_with_its_place() -> None:
    with pytest.raises(UnreadableLabel) as caught:
        read_plain("##### SECTION: Ménière".encode("latin-1"), Source(file="x.txt"))
    assert str(caught.value) == "x.txt: is not UTF-8: byte 0xe9 at offset 16. Save it as UTF-8 text."


def test_plain_labels_are_known_by_their_content() -> None:
    assert is_plain_label(SAMPLE.read_text(encoding="utf-8"))
    assert is_plain_label("1 INDICATIONS AND USAGE\n\n2 DOSAGE AND ADMINISTRATION\n\n6 ADVERSE REACTIONS\n")
    assert not is_plain_label("BESPONSA\nMenu\nWhat are the most common adverse reactions?\n24/53\n45%\n")
    assert not is_plain_label('<?xml version="1.0"?><document>6 ADVERSE REACTIONS</document>')


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        label = read_plain(content, Source(file="x.txt"))
    except UnreadableLabel:
        return
    assert uncovered(label) == ""


PIECES = [
    "Table 1: X",
    "  a  Includes y",
    "      ",
    "\n",
    "\n\n\n",
    "   12   ",
    " (N=3)",
    "  %",
    "Pain",
    "6.1 Pain",
    " *  z",
    "-",
]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_mix_of_table_pieces_is_read(pieces: list[str]) -> None:
    label = read_plain(("A" + "".join(pieces)).encode(), Source(file="x.txt"))
    assert uncovered(label) == ""
    check_spans(label)


def test_reading_time_grows_with_the_length_only() -> None:
    once, many = SAMPLE.read_bytes() * 10, SAMPLE.read_bytes() * 80
    begin = time.process_time()
    read_plain(once, Source(file="x.txt"))
    middle = time.process_time()
    read_plain(many, Source(file="x.txt"))
    assert time.process_time() - middle < 40 * (middle - begin)


def test_a_long_table_takes_no_longer_by_the_row() -> None:
    begin = time.process_time()
    read_plain(("Table 1: x\n" + " x   1   2\n" * 1000).encode(), Source(file="x.txt"))
    middle = time.process_time()
    read_plain(("Table 1: x\n" + " x   1   2\n" * 8000).encode(), Source(file="x.txt"))
    assert time.process_time() - middle < 40 * (middle - begin)


def check_spans(label: Label) -> None:
    """Blocks in order and disjoint, sections and cells where they say."""
    for before, after in zip(label.blocks, label.blocks[1:], strict=False):
        assert before.end <= after.start
    for place, section in enumerate(label.sections):
        assert section.start <= section.end <= len(label.text)
        assert section.parent is None or section.parent < place
    for table in label.tables:
        for row in table.rows:
            for cell in row.cells:
                printed = " ".join(label.text[cell.start : cell.end].split())
                assert " ".join(cell.text.split()) in printed
                assert row.start <= cell.start <= cell.end <= row.end


def uncovered(label: Label) -> str:
    """The first printed characters outside every block."""
    last = 0
    for block in label.blocks:
        if label.text[last : block.start].strip():
            return label.text[last : block.start].strip()
        last = block.end
    return label.text[last:].strip()


@needs_labels
def test_all_real_labels_are_read_whole() -> None:
    stems = sorted(path.stem for path in REAL.glob("*.txt"))
    assert len(stems) == 101
    for stem in stems:
        label = real(stem)
        assert is_plain_label(label.text)
        assert uncovered(label) == "", stem
        check_spans(label)


@needs_labels
def test_nearly_all_real_tables_are_resolved() -> None:
    found = [table for path in sorted(REAL.glob("*.txt")) for table in real(path.stem).tables]
    assert len(found) >= 250
    assert sum(not table.resolved for table in found) <= 10


@needs_labels
def test_gold_cells_match_exactly() -> None:
    entries = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    assert len(entries) >= 180
    assert len({entry["label"] for entry in entries}) >= 12
    assert [entry for entry in entries if entry not in candidates(entry)] == []


def candidates(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The cells of the tables whose caption a gold entry names, as gold entries."""
    found = [table for table in real(entry["label"]).tables if table.caption.startswith(entry["caption"])]
    return [
        as_gold(entry, table, row, place) for table in found for row in table.rows for place in range(len(row.cells))
    ]


def as_gold(entry: dict[str, Any], table: Table, row: Row, place: int) -> dict[str, Any]:
    cell = row.cells[place]
    column = table.columns[cell.column]
    return {
        "label": entry["label"],
        "caption": entry["caption"],
        "row_label": row.label,
        "row_group": [*row.group],
        "header": [*column.header],
        "unit": column.unit,
        "n": column.n,
        "value": cell.text,
        "footnotes": [*dict.fromkeys((*cell.marks, *row.marks, *column.marks))],
    }
