"""SPL XML: sections, text and names of own samples; five real labels where `../shared` has them; and hostile bytes."""

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import UnreadableLabel
from assistant.label import Block, Cell, Label, Row, Table
from assistant.reading.source import Source
from assistant.reading.spl import is_spl, read_spl

SAMPLES = Path(__file__).parent / "samples" / "spl"
REAL = Path(__file__).parents[2] / "shared" / "labels" / "spl"
GOLD = Path(__file__).parent / "gold" / "cells_spl.jsonl"
STEMS = [
    "haloperidol_notitle_2010",
    "humira_v1560_2013",
    "lipitor_pfizer_v11_2014",
    "lipitor_repack_v8_2012",
    "viagra_v20_2017",
]


def sample(name: str) -> Label:
    return read_spl((SAMPLES / name).read_bytes(), Source(file=name))


def real(stem: str) -> Label:
    path = REAL / f"{stem}.xml"
    if not path.exists():
        pytest.skip(f"needs {path}, which is no part of the checkout")
    return read_spl(path.read_bytes(), Source(file=path.name))


def document(body: str) -> bytes:
    """One section of text as a whole document."""
    return (
        '<document xmlns="urn:hl7-org:v3"><component><structuredBody><component><section><code code="34084-4"/>'
        f"<title>6 ADVERSE REACTIONS</title><text>{body}</text>"
        "</section></component></structuredBody></component></document>"
    ).encode()


def read(body: str) -> Label:
    return read_spl(document(body), Source(file="made.xml"))


def shown(label: Label, blocks: list[Block] | tuple[Block, ...]) -> list[tuple[str, str]]:
    return [(block.kind, label.text[block.start : block.end]) for block in blocks]


def outline(label: Label) -> list[tuple[int, str, str, str, bool, bool]]:
    return [(s.level, s.number, s.title, s.code, s.patient, s.highlights) for s in label.sections]


# --- what the document says about itself


def test_ids_date_names_and_labeler_come_from_the_document() -> None:
    label = sample("plr.xml")
    assert (label.id, label.name, label.generic, label.names) == (
        "plr",
        "Testovir",
        "testovir mesylate",
        ("Testovir XR", "PROBENECID"),
    )
    assert (label.set_id, label.version, label.effective, label.labeler, label.kind, label.format) == (
        "22222222-2222-2222-2222-222222222222",
        "7",
        "2024-02-29",
        "Sample Labs, Inc.",
        "prescription label",
        "spl",
    )


def test_what_the_source_says_wins_over_the_document() -> None:
    source = Source(file="plr.xml", id="x", name="Other", generic="other", kind="leaflet", effective="2020")
    label = read_spl((SAMPLES / "plr.xml").read_bytes(), source)
    assert (label.id, label.name, label.generic, label.kind, label.effective) == (
        "x",
        "Other",
        "other",
        "leaflet",
        "2020",
    )
    assert label.names == ("Testovir", "Testovir XR", "testovir mesylate", "PROBENECID")


def test_product_data_become_a_last_section_of_one_line_a_product() -> None:
    label = sample("plr.xml")
    last = [block for block in label.blocks if block.section == len(label.sections) - 1]
    assert shown(label, last) == [
        (
            "paragraph",
            "Testovir (testovir mesylate), tablet, active ingredient TESTOVIR MESYLATE 50 mg, NDC 0001-0001",
        ),
        ("paragraph", "Testovir XR, active ingredient PROBENECID 5 mg in 2 mL"),
    ]


# --- sections


def test_sections_keep_number_title_code_nesting_and_what_they_are_for() -> None:
    assert outline(sample("plr.xml")) == [
        (1, "", "Highlights of Prescribing Information", "", False, True),
        (2, "", "WARNING: TESTS", "34066-1", False, True),
        (2, "", "RECENT MAJOR CHANGES", "43683-2", False, True),
        (2, "", "INDICATIONS AND USAGE", "34067-9", False, True),
        (1, "", "WARNING: TESTS", "34066-1", False, False),
        (1, "1", "INDICATIONS AND USAGE", "34067-9", False, False),
        (1, "8", "USE IN SPECIFIC POPULATIONS", "43684-0", False, False),
        (2, "8.6", "Renal Impairment", "42229-5", False, False),
        (3, "", "Dosage", "", False, False),
        (1, "", "MEDICATION GUIDE", "42231-1", True, False),
        (2, "", "What is TESTOVIR?", "42229-5", True, False),
        (1, "", "PACKAGE LABEL.PRINCIPAL DISPLAY PANEL", "51945-4", False, False),
        (1, "", "Product data elements", "48780-1", False, False),
    ]


def test_an_old_label_gets_sections_from_emphasised_paragraphs_and_run_in_headings() -> None:
    label = sample("old.xml")
    assert outline(label) == [
        (1, "", "Oldazole Tablets USP", "", False, False),
        (1, "", "BOXED WARNING", "34066-1", False, False),
        (1, "", "WARNINGS", "34071-1", False, False),
        (2, "", "Tardive Dyskinesia", "", False, False),
        (2, "", "Use in Pregnancy", "", False, False),
        (2, "", "Heart", "42229-5", False, False),
        (2, "", "PEDIATRIC USE", "34081-0", False, False),
        (1, "", "Instructions for Use", "42229-5", True, False),
    ]
    assert [(b.section, kind, text) for b, (kind, text) in zip(label.blocks, shown(label, label.blocks), strict=True)][
        2:
    ] == [
        (2, "heading", "WARNINGS"),
        (2, "paragraph", "General words."),
        (3, "heading", "Tardive Dyskinesia"),
        (3, "paragraph", "It may be irreversible."),
        (3, "paragraph", "Stop it if it occurs."),
        (4, "heading", "Use in Pregnancy"),
        (4, "paragraph", "Not studied."),
        (5, "heading", "Heart:"),
        (5, "paragraph", "Arrhythmia occurs."),
        (5, "paragraph", "It is rare."),
        (2, "paragraph", "No words of its own in front."),
        (2, "paragraph", "A box around a line."),
        (6, "paragraph", "Not for children."),
        (7, "heading", "Instructions for Use"),
        (7, "paragraph", "Shake well."),
        (7, "paragraph", "Then open."),
    ]


def test_a_section_without_a_title_prints_no_heading() -> None:
    section = sample("old.xml").sections[1]
    assert section.heading.start == section.heading.end == section.start


# --- text


def test_the_text_reads_as_it_is_printed() -> None:
    text = sample("plr.xml").text
    assert text[text.index("WARNING: TESTS\n\nReported") : text.index("8 USE")] == (
        "WARNING: TESTS\n\nReported problems include:\n\n• Failing tests (see 5)\n• Slow tests\n\n"
        "1 INDICATIONS AND USAGE\n\nTESTOVIR is indicated for tests:\n\n1. first use\n2. second use\n  • in adults\n\n"
    )


def test_powers_are_no_figures_and_marks_stay_in_the_text() -> None:
    label = sample("plr.xml")
    assert [text for _, text in shown(label, label.blocks) if text.startswith(("Counts", "Seen", "* At"))] == [
        "Counts of 0.5 × 10^9/L, 60 mL/min/1.73 m^2, Cmax and kon of 3 s^-1.",
        "Seen in most patients1 by the 30th day, in 705^2 others.*",
        "* At a clinic.",
    ]


def test_a_picture_leaves_its_caption_and_its_words() -> None:
    label = sample("plr.xml")
    assert [pair for pair in shown(label, label.blocks) if "urviv" in pair[1]] == [
        ("paragraph", "Figure 1: Survival"),
        ("boilerplate", "[Picture: Curves of survival]"),
    ]


def test_items_know_their_list_level_and_the_sentence_before_them() -> None:
    label = sample("plr.xml")
    items = [block for block in label.blocks if block.kind == "list_item"]
    leads = [label.blocks[item.lead] for item in items if item.lead is not None]
    assert [(item.list, item.level) for item in items] == [(0, 1), (0, 1), (1, 1), (1, 1), (2, 2)]
    assert [text for _, text in shown(label, leads)] == [
        "Reported problems include:",
        "Reported problems include:",
        "TESTOVIR is indicated for tests:",
        "TESTOVIR is indicated for tests:",
        "second use",
    ]


def test_highlights_are_marked_and_stand_first() -> None:
    label = sample("plr.xml")
    marked = [block.highlights for block in label.blocks]
    assert marked == sorted(marked, reverse=True)
    assert [text for _, text in shown(label, [block for block in label.blocks if block.highlights])] == [
        "HIGHLIGHTS OF PRESCRIBING INFORMATION",
        "These highlights do not include all the information needed to use TESTOVIR safely.",
        "TESTOVIR® (testovir mesylate) tablets, for oral use",
        "Initial U.S. Approval: 1999",
        "WARNING: TESTS",
        "Tests may fail (5).",
        "Warnings (5.1) 02/2024",
        "INDICATIONS AND USAGE",
        "An inhibitor indicated for tests (1)",
    ]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a<br/>b", "a b"),
        ("10<sup>6</sup> cells", "10^6 cells"),
        ("1-2 X 10<sup>-10</sup> M", "1-2 X 10^-10 M"),
        ("mg/m<sup>2 </sup>daily", "mg/m^2 daily"),
        ("5<sup>1</sup> of 9", "5^1 of 9"),
        ("text<sup>1,2</sup>.", "text1,2."),
        ("[<sup>14</sup>C]-drug, Ca<sup>2+</sup>", "[14C]-drug, Ca2+"),
        ("NAME<sup>TM</sup> on the 2<sup>nd</sup>", "NAMETM on the 2nd"),
        ("IC<sub>50</sub>", "IC50"),
        ("non\u00adbreak\u200bing\u00a0 blanks", "nonbreaking blanks"),
        ('<content styleCode="xmChange">changed</content> words', "changed words"),
    ],
)
def test_inline_markup_becomes_plain_words(markup: str, text: str) -> None:
    label = read(f"<paragraph>{markup}</paragraph>")
    assert shown(label, label.blocks[1:]) == [("paragraph", text)]


# --- tables


def test_a_table_is_a_line_a_row_with_notes_below_and_its_pages_joined() -> None:
    label = sample("tables.xml")
    table = label.tables[0]
    assert label.text[table.start : table.end] == (
        "Table 1. Reactions*\nReaction | TESTOVIRa (N=100) | Placebo (N=50)\nAny, n (%) | Grade 3, % | Any, n (%)\n"
        "Gut\nNausea† | 12 (12) | <1 | -\nPain† | 5 (5) | NA\na With food.\n* In all studies.\n† Of any kind.\n\n"
        "Table 1. Reactions (continued)\nReaction | TESTOVIRa (N=100) | Placebo (N=50)\n"
        "Any, n (%) | Grade 3, % | Any, n (%)\nSkin\nRash | 3 (3) | 1 | 2 (4)"
    )
    assert [(column.header, column.unit, column.n, column.marks) for column in table.columns] == [
        (("TESTOVIR (N=100)", "Any, n (%)"), "n (%)", "100", ("a",)),
        (("TESTOVIR (N=100)", "Grade 3, %"), "%", "100", ("a",)),
        (("Placebo (N=50)", "Any, n (%)"), "n (%)", "50", ()),
    ]
    assert [(row.group, row.label, row.marks, [cell.text for cell in row.cells]) for row in table.rows] == [
        (("Gut",), "Nausea", ("†",), ["12 (12)", "<1", "-"]),
        (("Gut",), "Pain", ("†",), ["5 (5)", "NA", ""]),
        (("Skin",), "Rash", (), ["3 (3)", "1", "2 (4)"]),
    ]
    assert [(note.mark, note.text, note.certain, note.rows) for note in table.footnotes] == [
        ("*", "In all studies.", True, ()),
        ("†", "Of any kind.", True, (0, 1)),
        ("a", "With food.", True, ()),
    ]


def test_stacked_lines_are_rows_and_a_note_below_the_table_is_its_own() -> None:
    label = sample("tables.xml")
    table = label.tables[1]
    assert (table.caption, table.row_head) == ("Table 2: Response", "")
    assert [(row.group, row.label, label.text[row.start : row.end], row.cells[0].marks) for row in table.rows] == [
        (("ACR20",), "Week 12", "Week 12 | 58%*", ("*",)),
        (("ACR20",), "Week 24", "Week 24 | 57%", ()),
        ((), "Overall", "Overall | 60%", ()),
    ]
    assert [(note.mark, note.text, note.rows, label.text[note.start : note.end]) for note in table.footnotes] == [
        ("*", "p<0.01", (0,), "p<0.01")
    ]
    assert [(block.kind, block.table) for block in label.blocks if block.table is not None] == [
        ("table", 0),
        ("table", 1),
        ("legend", 1),
    ]


def test_a_note_that_spans_more_columns_than_there_are_makes_none() -> None:
    (table,) = read(
        "<table><thead><tr><th>Reaction</th><th>TESTOVIR</th></tr></thead>"
        '<tbody><tr><td colspan="2">Gut</td></tr><tr><td>Nausea</td><td>12%</td></tr></tbody>'
        '<tfoot><tr><td colspan="9">* With food.</td></tr></tfoot></table>'
    ).tables
    assert [column.header for column in table.columns] == [("TESTOVIR",)]
    assert [(row.group, row.label, [cell.text for cell in row.cells]) for row in table.rows] == [
        (("Gut",), "Nausea", ["12%"])
    ]


def test_a_layout_table_is_a_list() -> None:
    label = sample("tables.xml")
    assert shown(label, label.blocks[-3:]) == [("list_item", "fever"), ("list_item", "cough"), ("list_item", "chills")]
    assert len(label.tables) == 2


# --- the five real labels


@pytest.mark.parametrize("stem", STEMS)
def test_every_span_of_a_real_label_points_to_what_it_says(stem: str) -> None:
    check_spans(real(stem))


def check_spans(label: Label) -> None:
    text = label.text
    for block, following in pairwise(label.blocks):
        assert block.start < block.end <= following.start
        if block.kind != "table":
            assert text[block.start : block.end] == " ".join(text[block.start : block.end].split())
    for place, section in enumerate(label.sections):
        assert section.parent is None or section.parent < place
        assert 0 <= section.start <= section.heading.start <= section.heading.end <= section.end <= len(text)
        if section.parent is not None:
            parent = label.sections[section.parent]
            assert parent.start <= section.start <= section.end <= parent.end
    for block in label.blocks:
        assert label.sections[block.section].start <= block.start <= block.end <= label.sections[block.section].end
    for table in label.tables:
        check_table(table, text)


def check_table(table: Table, text: str) -> None:
    for row in table.rows:
        assert table.start <= row.start <= row.end <= table.end
        assert [cell.column for cell in row.cells] == sorted(cell.column for cell in row.cells)
        for cell in row.cells:
            bare = text[cell.start : cell.end]
            assert bare.split() == cell.text.split() or (cell.marks and letters_of(cell.text, bare))
    for note in table.footnotes:
        assert letters_of(note.text, text[note.start : note.end])


def letters_of(bare: str, marked: str) -> bool:
    """Whether the first text is the second with nothing but marks left out."""
    rest = iter(marked)
    return all(letter in rest for letter in bare if not letter.isspace())


def test_humira_has_its_numbered_sections_and_tables() -> None:
    label = real("humira_v1560_2013")
    numbers = [section.number for section in label.sections if section.number and not section.patient]
    assert " ".join(numbers) == (
        "1 1.1 1.2 1.3 1.4 1.5 1.6 1.7 2 2.1 2.2 2.3 2.4 2.5 2.6 2.7 3 4 5 5.1 5.2 5.3 5.4 5.5 5.6 5.7 5.8 5.9 "
        "5.10 5.11 6 6.1 6.2 7 7.1 7.2 7.3 7.4 8 8.1 8.3 8.4 8.5 10 11 12 12.1 12.2 12.3 13 13.1 "
        "14 14.1 14.2 14.3 14.4 14.5 14.6 14.7 15 16 17 17.1 17.2"
    )
    # of the 18 table elements two only arrange the bullets of the medication guide
    assert [table.caption.split(".")[0] for table in label.tables] == ["", *(f"Table {n}" for n in range(1, 16))]
    assert all(table.resolved for table in label.tables)
    assert [(s.title, s.patient) for s in label.sections if s.level == 1][-3:] == [
        ("MEDICATION GUIDE", True),
        ("PACKAGE LABEL.PRINCIPAL DISPLAY PANEL", False),
        ("Product data elements", False),
    ]


def test_haloperidol_has_run_in_sections_and_no_table() -> None:
    label = real("haloperidol_notitle_2010")
    assert label.tables == ()
    assert [section.title for section in label.sections if section.code == "34066-1"] == ["WARNING"]
    assert (label.effective, label.labeler) == ("2010-07-28", "Contract Pharmacy Services-PA")


def test_the_same_bytes_give_the_same_label() -> None:
    content = (SAMPLES / "plr.xml").read_bytes()
    assert read_spl(content, Source(file="plr.xml")) == read_spl(content, Source(file="plr.xml"))


def test_gold_cells_match_exactly() -> None:
    entries = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    assert len(entries) >= 120
    labels = {stem: real(stem) for stem in sorted({entry["label"] for entry in entries})}
    wrong = [entry for entry in entries if entry not in candidates(labels, entry)]
    assert wrong == []


def candidates(labels: dict[str, Label], entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The cells in the row and under the header that a gold entry names, as gold entries."""
    found = []
    for table in labels[entry["label"]].tables:
        if table.caption.startswith(entry["caption"]) and bool(table.caption) == bool(entry["caption"]):
            found += [as_gold(entry, table, row, cell) for row in table.rows for cell in row.cells]
    return found


def as_gold(entry: dict[str, Any], table: Table, row: Row, cell: Cell) -> dict[str, Any]:
    column = table.columns[cell.column]
    return {
        "label": entry["label"],
        "caption": entry["caption"],
        "row_label": row.label,
        "row_group": [*row.group],
        "header": [*column.header],
        "unit": column.unit,
        "n": column.n or row.n,
        "value": cell.text,
        "footnotes": [*dict.fromkeys((*cell.marks, *row.marks, *column.marks))],
    }


# --- hostile bytes


def refusal(content: bytes) -> UnreadableLabel:
    started = time.process_time()
    with pytest.raises(UnreadableLabel) as caught:
        read_spl(content, Source(file="bad.xml"))
    assert time.process_time() - started < 5  # seconds
    assert caught.value.place.startswith("bad.xml")
    assert caught.value.remedy
    return caught.value


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b"\x00\xff\xfe", "no well-formed XML"),
        (document("<paragraph>x</paragraph>")[:-40], "no well-formed XML"),
        (document("<paragraph>é</paragraph>").replace("é".encode(), b"\xe9"), "no well-formed XML"),
        (b'<?xml version="1.0" encoding="klingon"?>' + document("x"), "no well-formed XML"),
        (f'<!DOCTYPE document [<!ENTITY a0 "ha">{BOMB}]>'.encode() + document("&a11;"), "document type declaration"),
        (b'<!DOCTYPE document [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + document("&x;"), "type declaration"),
        (b"<!-- a --><!DOCTYPE document>" + document("x"), "document type declaration"),
        (document("x").decode().replace("x", "&undefined;").encode(), "no well-formed XML"),
        (b"<html><body>page</body></html>", "root element 'html'"),
        (document("<content>" * 130 + "x" + "</content>" * 130), "nested more than 120 levels"),
        (document("<content>" * 100_000), "no well-formed XML"),
        (document("<br/>" * 3_000_001), "tags, more than"),
        (
            document("<table><tr>" + '<td rowspan="9999" colspan="100">a</td>' * 50 + "</tr></table>"),
            "a table of more than",
        ),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_by_name(content: bytes, says: str) -> None:
    assert says in refusal(content).message


def test_a_file_that_is_too_large_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.reading.spl_xml.LARGEST", 1000)
    assert "more than 1000" in refusal(document("x" * 1000)).message


def test_utf_16_is_read_as_it_says() -> None:
    content = '<?xml version="1.0" encoding="UTF-16"?>' + document("<paragraph>≥5%</paragraph>").decode()
    label = read_spl(content.encode("utf-16"), Source(file="wide.xml"))
    assert shown(label, label.blocks[1:]) == [("paragraph", "≥5%")]


def test_spl_is_recognised_from_its_content() -> None:
    assert is_spl((SAMPLES / "plr.xml").read_bytes())
    assert not is_spl(b"6 ADVERSE REACTIONS urn:hl7-org:v3")
    assert not is_spl(b"<html></html>")
    assert not is_spl(b"")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read_spl(content, Source(file="any.xml"))
    except UnreadableLabel:
        pass


TAGS = ["paragraph", "content", "list", "item", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "sup",
        "sub", "br", "footnote", "footnoteRef", "renderMultiMedia", "linkHtml", "section", "text", "title"]  # fmt: skip
WORDS = st.sampled_from(
    ["", " ", "a", "Week 12", "12 (5%)", "N=5", "• x", "* note", "Table 1", "10", "<1", "\u00a0", "é"]
)
ATTRIBUTES = st.sampled_from(["", ' styleCode="bold"', ' rowspan="3"', ' colspan="2"', ' ID="f"', ' IDREF="f"'])


def escaped(text: str) -> str:
    return text.replace("<", "&lt;")


ELEMENTS = st.recursive(
    WORDS.map(escaped),
    lambda inner: st.builds(
        lambda tag, attributes, children: f"<{tag}{attributes}>{''.join(children)}</{tag}>",
        st.sampled_from(TAGS),
        ATTRIBUTES,
        st.lists(inner, max_size=5),
    ),
    max_leaves=40,
)
ROWS = st.lists(
    st.lists(st.tuples(st.sampled_from(["td", "th"]), ATTRIBUTES, WORDS), max_size=5), min_size=1, max_size=7
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ELEMENTS)
def test_any_markup_gives_a_label_whose_spans_hold(body: str) -> None:
    check_spans(read(body))


def test_tables_within_tables_are_read_once() -> None:
    label = read("<table><tr><td>• a</td><td>" * 30 + "x" + "</td></tr></table>" * 30)
    assert [text for _, text in shown(label, label.blocks)] == ["6 ADVERSE REACTIONS", *["a"] * 30, "x"]


@settings(max_examples=300, deadline=None)
@given(ROWS)
def test_any_table_gives_a_label_whose_spans_hold(rows: list[list[tuple[str, str, str]]]) -> None:
    cells = ("".join(f"<{tag}{more}>{escaped(text)}</{tag}>" for tag, more, text in row) for row in rows)
    check_spans(read(f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"))
