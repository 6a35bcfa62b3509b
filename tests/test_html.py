"""HTML: a page as DailyMed shows it, a company page with tabs, and hostile bytes."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import UnreadableLabel
from assistant.label import Cell, Label, Row
from assistant.reading import read_bytes
from assistant.reading.html import is_html, read_html
from assistant.reading.html_names import facts
from assistant.reading.source import Source

SAMPLES = Path(__file__).parent / "samples" / "html"


def sample(name: str) -> Label:
    return read_html((SAMPLES / name).read_bytes(), Source(file=name))


def page(body: str) -> Label:
    return read_html(f"<!doctype html><body>{body}</body>".encode(), Source(file="made.html"))


def outline(label: Label) -> list[tuple[int, str, str, str]]:
    return [(section.level, section.number, section.title, section.code) for section in label.sections]


def shown(label: Label, section: str) -> list[tuple[str, str]]:
    place = next(place for place, found in enumerate(label.sections) if found.title == section)
    return [(block.kind, label.text[block.start : block.end]) for block in label.blocks if block.section == place]


def values(row: Row) -> tuple[tuple[str, ...], str, tuple[str, ...], tuple[str, ...]]:
    return row.group, row.label, row.marks, tuple(cell.text for cell in row.cells)


def refused(content: bytes) -> str:
    with pytest.raises(UnreadableLabel) as caught:
        read_html(content, Source(file="bad.html"))
    return str(caught.value)


# --- a page as DailyMed shows it


def test_a_page_names_its_product_set_version_date_and_labeler() -> None:
    label = sample("dailymed.html")
    assert (label.id, label.name, label.generic, label.format) == ("dailymed", "TESTOVIR", "testovir mesylate", "html")
    assert (label.set_id, label.version, label.effective, label.labeler) == (
        "22222222-2222-2222-2222-222222222222",
        "7",
        "2024-02-29",
        "Sample Labs, Inc.",
    )


def test_headings_become_sections_by_number_and_rank_with_their_codes() -> None:
    assert outline(sample("dailymed.html")) == [
        (1, "", "TESTOVIR- testovir mesylate tablet, film coated", ""),
        (1, "", "HIGHLIGHTS OF PRESCRIBING INFORMATION", ""),
        (2, "", "INDICATIONS AND USAGE", ""),
        (1, "", "WARNING: TEST FAILURE", "34066-1"),
        (1, "1", "INDICATIONS AND USAGE", "34067-9"),
        (1, "6", "ADVERSE REACTIONS", "34084-4"),
        (2, "6.1", "Clinical Trials Experience", "42229-5"),
        (3, "", "Gut", ""),
        (2, "6.2", "Postmarketing", "42229-5"),
        (1, "", "MEDICATION GUIDE", "42231-1"),
        (2, "", "What is TESTOVIR?", ""),
    ]


def test_highlights_and_patient_documents_are_marked_and_contents_left_out() -> None:
    label = sample("dailymed.html")
    assert [section.highlights for section in label.sections] == [False, True, True] + [False] * 8
    assert [section.patient for section in label.sections] == [False] * 9 + [True, True]
    assert label.text.count("6 ADVERSE REACTIONS") == 1
    assert all(block.highlights == label.sections[block.section].highlights for block in label.blocks)


def test_powers_references_and_nested_lists_are_kept() -> None:
    label = sample("dailymed.html")
    place = next(place for place, section in enumerate(label.sections) if section.number == "1")
    assert [
        (block.kind, block.level, block.list, label.text[block.start : block.end])
        for block in label.blocks
        if block.section == place
    ] == [
        ("heading", 0, None, "1 INDICATIONS AND USAGE"),
        ("paragraph", 0, None, "TESTOVIR is indicated for adults with counts of >10^9/L:"),
        ("list_item", 1, 0, "who test"),
        ("list_item", 2, 1, "daily"),
        ("list_item", 2, 1, "weekly"),
        ("list_item", 1, 0, "who don’t"),
    ]


def test_a_table_keeps_spanning_heads_groups_and_footnotes_under_it() -> None:
    table = sample("dailymed.html").tables[0]
    assert (table.caption, table.row_head, table.resolved) == (
        "Table 1: Reactions in ≥5% of Patients",
        "Reaction",
        True,
    )
    assert [(column.header, column.unit, column.n, column.marks) for column in table.columns] == [
        (("TESTOVIR", "10 mg (N=100) %"), "%", "100", ("*",)),
        (("TESTOVIR", "20 mg (N=90) %"), "%", "90", ("*",)),
        (("Placebo", "(N=50) %"), "%", "50", ()),
    ]
    assert [values(row) for row in table.rows] == [
        (("Gastrointestinal disorders",), "Nausea", (), ("12", "<1", "-")),
        (("Gastrointestinal disorders",), "Vomiting", ("a",), ("5", "NA", "")),
    ]
    assert [(note.mark, note.text, note.rows, note.certain) for note in table.footnotes] == [
        ("*", "With food.", (), True),
        ("a", "Of any kind.", (1,), True),
    ]


def test_every_cell_and_heading_points_at_its_text() -> None:
    for name in ("dailymed.html", "company.html"):
        label = sample(name)
        for section in label.sections:
            assert section.title in label.text[section.heading.start : section.heading.end]
        for cell in (cell for table in label.tables for row in table.rows for cell in row.cells):
            assert label.text[cell.start : cell.end].startswith(cell.text)


def test_menus_forms_scripts_and_document_ids_are_left_out() -> None:
    text = sample("dailymed.html").text
    for word in ("Home", "Search", "tracking", "Document Id", "Privacy"):
        assert word not in text


# --- a company page


def test_tabs_accordions_and_safety_information_are_sections() -> None:
    assert outline(sample("company.html")) == [
        (1, "", "Safety Data", ""),
        (2, "", "Common reactions", ""),
        (2, "", "Lab abnormalities", ""),
        (3, "", "Grades 3 and 4", ""),
        (2, "", "More detail", ""),
        (3, "", "Hepatotoxicity", ""),
        (3, "", "Infusion reactions", ""),
        (2, "", "IMPORTANT SAFETY INFORMATION", ""),
        (3, "", "Myelosuppression", ""),
    ]


def test_a_hidden_tab_is_read_and_chrome_is_not() -> None:
    label = sample("company.html")
    assert shown(label, "Grades 3 and 4") == [
        ("heading", "Grades 3 and 4"),
        ("paragraph", "Platelets fell below 50 × 10^9/L in 3 patients."),
    ]
    assert [kind for kind, _ in shown(label, "Common reactions")] == ["heading", "paragraph", "table", "paragraph"]
    for word in ("cookies", "Accept", "Dosing", "Scroll left", "Order samples", "Privacy", "All rights"):
        assert word not in label.text


def test_a_company_table_has_arms_with_n_and_a_lettered_note() -> None:
    table = sample("company.html").tables[0]
    assert [(column.header, column.n, column.marks) for column in table.columns] == [
        (("TESTOVIR (n=53)",), "53", ("a",)),
        (("Placebo (n=50)",), "50", ()),
    ]
    assert [values(row) for row in table.rows] == [
        (("Blood",), "Anemia, n (%)", (), ("12 (23)", "5 (10)")),
        (("Blood",), "Neutropenia, n (%)", (), ("21 (40)", "4 (8)")),
    ]
    assert [(note.mark, note.text) for note in table.footnotes] == [("a", "Given weekly.")]


def test_abbreviations_under_a_table_become_definitions() -> None:
    content = (SAMPLES / "company.html").read_bytes()
    found = read_bytes(content, Source(file="company.html")).definitions
    assert [(definition.short, definition.long) for definition in found] == [
        ("AR", "adverse reaction"),
        ("NRM", "non-relapse mortality"),
    ]


# --- single rules


def test_safety_information_in_a_footer_is_kept_without_the_rest_of_it() -> None:
    label = page(
        "<h1>X</h1><p>Text.</p><footer><a href='/'>Home</a><div><h2>Important Safety Information</h2>"
        "<p>Serious.</p></div><p>© 2024</p></footer>"
    )
    assert label.text == "X\n\nText.\n\nImportant Safety Information\n\nSerious."


def test_a_table_made_of_divisions_is_a_table() -> None:
    cells = [("columnheader", "Reaction"), ("columnheader", "Drug %"), ("columnheader", "Placebo %")]
    rows = [
        cells,
        [("rowheader", "Nausea"), ("cell", "5"), ("cell", "1")],
        [("rowheader", "Rash"), ("cell", "4"), ("cell", "2")],
    ]
    body = "".join(
        "<div role=row>" + "".join(f"<div role={role}>{said}</div>" for role, said in row) + "</div>" for row in rows
    )
    table = page(f"<h1>X</h1><div role=table><div role=rowgroup>{body}</div></div>").tables[0]
    assert [values(row) for row in table.rows] == [((), "Nausea", (), ("5", "1")), ((), "Rash", (), ("4", "2"))]
    assert [column.header for column in table.columns] == [("Drug %",), ("Placebo %",)]


def test_a_layout_table_is_text_and_a_heading_above_a_table_its_caption() -> None:
    label = page(
        "<h1>X</h1><table role=presentation><tr><td><p>Left.</p></td><td><h2>Right</h2><p>Side.</p></td></tr></table>"
        "<h3>Table 2. Counts</h3><table><tr><th>A<th>B</tr><tr><td>One<td>1</tr><tr><td>Two<td>2</tr></table>"
    )
    assert label.text == "X\n\nLeft.\n\nRight\n\nSide.\n\nTable 2. Counts\nA | B\nOne | 1\nTwo | 2"
    assert [(table.caption, [values(row) for row in table.rows]) for table in label.tables] == [
        ("Table 2. Counts", [((), "One", (), ("1",)), ((), "Two", (), ("2",))])
    ]


def test_bold_lines_are_headings_only_with_text_under_them() -> None:
    label = page(
        "<h1>X</h1><p><b>Renal</b></p><p>None.</p><p><b>Cardiac:</b></p><ul><li>a</li></ul><p><b>Hepatic</b></p>"
    )
    assert outline(label) == [(1, "", "X", ""), (2, "", "Renal", "")]
    assert shown(label, "Renal") == [
        ("heading", "Renal"), ("paragraph", "None."), ("paragraph", "Cardiac:"), ("list_item", "a"),
        ("paragraph", "Hepatic"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("titles", "name", "generic"),
    [
        (["Safety | TESTOVIR® (testovir mesylate)"], "TESTOVIR", "testovir mesylate"),
        (["DailyMed - HUMIRA- adalimumab kit"], "HUMIRA", "adalimumab"),
        (["LIPITOR (atorvastatin calcium) tablets"], "LIPITOR", "atorvastatin calcium"),
        (["About Xeljanz® XR | Pfizer"], "Xeljanz", ""),
        (["Dosing | Something"], "Dosing", ""),
    ],
)
def test_names_come_from_titles(titles: list[str], name: str, generic: str) -> None:
    found = facts(titles, "")
    assert (found.name, found.generic) == (name, generic)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<meta charset=windows-1252><p>≤ no, µ yes – é".replace("≤ no, ", "").encode("cp1252"), "µ yes – é"),
        ("<p>µ ≥ é".encode(), "µ ≥ é"),
        ("\ufeff<p>µ ≥".encode("utf-16-le"), "µ ≥"),
        (b"<meta charset=hex><p>plain \xe9", "plain é"),
        (b"<p>&#1;a&#xFFFE;b</p>", "a b"),
    ],
)
def test_encodings_and_forbidden_characters_are_read(content: bytes, text: str) -> None:
    assert read_html(b"<html>" + content if content[:1] == b"<" else content, Source(file="x.html")).text == text


# --- hostile


def test_pages_are_recognised_by_their_opening() -> None:
    pages = (b"<html>", b"\xef\xbb\xbf <!-- a --><!DOCTYPE HTML>", b"<div class=x>")
    others = (b"<document xmlns='urn:hl7-org:v3'>", b"n < 5", b"", b"<?xml version='1.0'?>")
    assert [is_html(content) for content in (*pages, *others)] == [True] * 3 + [False] * 4


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"<html>" + b"<div>" * 10_000,
            "bad.html: is nested more than 150 levels deep. Save only the label's part of the page.",
        ),
        (b"<html><p>" + b"a " * 6_000_000, "bad.html: has a text or attribute of more than 10 MB. Split the file."),
        (b"<html>" + b"<b>" * 400_001, "bad.html: has about 400002 tags, more than 400000. Split the file."),
        (b"<html><nav>x</nav>", "bad.html: holds no text of a label. Give the label itself, not a page about it."),
        (b" ", "bad.html: is no HTML: Document is empty. Save the page again."),
    ],
)
def test_hostile_pages_are_refused_by_name_in_bounded_time(content: bytes, message: str) -> None:
    started = time.process_time()
    assert refused(content) == message
    assert time.process_time() - started < 5


def test_an_entity_bomb_is_plain_text() -> None:
    bomb = b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><html><p>x &b; y</p></html>'
    assert len(read_html(bomb, Source(file="x.html")).text) < 100


_MARKUP = (
    "<p> </p> <table> <tr> <td> <th\ncolspan=3> </table> <ul> <li> <b> <sup>a</sup> <h2> 1\nTitle text. <br> </div> "
    "<details><summary>s <button\naria-controls=x>t</button> <div\nid=x> <dl><dt> <nav> \x00 é"
).split(" ")


@given(st.lists(st.sampled_from(_MARKUP), max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_markup_is_read_or_refused_and_its_spans_hold(parts: list[str]) -> None:
    try:
        label = read_bytes(b"<html>" + "".join(parts).encode(), Source(file="x.html"))
    except UnreadableLabel:
        return
    places = [(block.start, block.end) for block in label.blocks]
    assert places == sorted(places)
    assert all(0 <= start <= end <= len(label.text) for start, end in places)
    assert all(
        isinstance(cell, Cell) and cell.text in label.text
        for table in label.tables
        for row in table.rows
        for cell in row.cells
    )


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_arbitrary_bytes_are_read_or_refused(content: bytes) -> None:
    for start in (b"", b"<html>", b"<!doctype html>", b"%PDF-1.4\n", b"{", b'[{"', b"PK\x03\x04"):
        try:
            read_bytes(start + content, Source(file="x"))
        except UnreadableLabel:
            continue
