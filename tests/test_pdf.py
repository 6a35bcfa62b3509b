"""PDF: a label in two columns with tables, and what can't be read; samples by `samples/pdf/make.py`."""

import importlib.util
import time
import zlib
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import UnreadableLabel
from assistant.label import Label
from assistant.reading.pdf import is_pdf, read_pdf
from assistant.reading.pdf_words import readable
from assistant.reading.source import Source

SAMPLES = Path(__file__).parent / "samples" / "pdf"
LABEL = (SAMPLES / "label.pdf").read_bytes()


def _maker() -> ModuleType:
    found = importlib.util.spec_from_file_location("make", SAMPLES / "make.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


make = _maker()


@pytest.fixture(scope="module")
def label() -> Label:
    return read_pdf(LABEL, Source(file="label.pdf"))


def shown(label: Label, number: str) -> list[tuple[str, str]]:
    place = next(place for place, section in enumerate(label.sections) if section.number == number)
    return [(block.kind, label.text[block.start : block.end]) for block in label.blocks if block.section == place]


def refused(content: bytes) -> str:
    with pytest.raises(UnreadableLabel) as caught:
        read_pdf(content, Source(file="bad.pdf"))
    return str(caught.value)


def drawn(content: bytes, filters: str = "/FlateDecode", forms: tuple[bytes, ...] = ()) -> bytes:
    """A page with this content; forms are its XObjects F0, F1, ..."""
    names = " ".join(f"/F{number} {5 + number} 0 R" for number in range(len(forms)))
    font = "/Font << /R << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    resources = f"/Resources << {font} /XObject << {names} >> >>"
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] {resources} /Contents 4 0 R >>"
    stream = f"<< /Length {len(content)} /Filter {filters} >>\nstream\n".encode() + content + b"\nendstream"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return bytes(make.assembled([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page.encode(), stream, *forms]))


def form(following: int) -> bytes:
    content = b"/N Do " * 10
    head = f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /N {following} 0 R >> >>"
    return f"{head} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def test_the_committed_samples_are_what_the_script_makes() -> None:
    assert make.label() == LABEL
    assert make.picture() == (SAMPLES / "picture.pdf").read_bytes()


def test_names_and_date_come_from_the_text(label: Label) -> None:
    assert (label.id, label.name, label.generic, label.effective, label.format) == (
        "label",
        "TESTOVIR",
        "testovir mesylate",
        "2024-02",
        "pdf",
    )


def test_two_columns_are_read_one_after_the_other_with_numbered_sections(label: Label) -> None:
    assert [(s.level, s.number, s.title, s.highlights) for s in label.sections] == [
        (1, "", "HIGHLIGHTS OF PRESCRIBING INFORMATION", True),
        (2, "", "INDICATIONS AND USAGE", True),
        (2, "", "ADVERSE REACTIONS", True),
        (1, "1", "INDICATIONS AND USAGE", False),
        (1, "2", "DOSAGE AND ADMINISTRATION", False),
        (1, "5", "WARNINGS AND PRECAUTIONS", False),
        (2, "5.1", "Hepatotoxicity, Including Veno-occlusive Disease", False),
        (2, "5.2", "Inflammation", False),
        (1, "6", "ADVERSE REACTIONS", False),
        (2, "6.1", "Clinical Trials Experience", False),
        (1, "17", "PATIENT COUNSELING INFORMATION", False),
    ]


def test_hyphens_at_line_ends_ligatures_and_raised_figures_are_put_right(label: Label) -> None:
    assert shown(label, "1") == [
        ("heading", "1 INDICATIONS AND USAGE"),
        (
            "paragraph",
            "TESTOVIR is indicated for the treatment of failing tests in adults with counts of at least 10^9/L. "
            "Its efficacy in children is unknown.",
        ),
    ]
    assert shown(label, "5.1")[1:] == [
        (
            "paragraph",
            "Severe hepatotoxicity occurred [see Adverse Reactions (6.1)]. Monitor liver testsa weekly; hepatotoxicity "
            "may come late. Rates were low-dose dependent and",
        )
    ]
    assert shown(label, "5.2") == [("heading", "5.2 Inflammation"), ("paragraph", "Inflammation was rare.")]


def test_bullets_are_lists_within_lists(label: Label) -> None:
    place = next(place for place, section in enumerate(label.sections) if section.number == "2")
    assert [(b.kind, b.level, label.text[b.start : b.end]) for b in label.blocks if b.section == place] == [
        ("heading", 0, "2 DOSAGE AND ADMINISTRATION"),
        ("paragraph", 0, "Give 10 mg once daily, as follows:"),
        ("list_item", 1, "with food, at about the same time of each day"),
        ("list_item", 1, "with water"),
        ("list_item", 2, "cold water"),
        ("list_item", 2, "warm water"),
        ("list_item", 1, "not at night"),
        ("paragraph", 0, "A missed dose is left out. The post-HSCT dose is lower; so is the low-dose schedule."),
    ]


def test_each_block_knows_its_page(label: Label) -> None:
    pages = {section.title: set[int | None]() for section in label.sections}
    for block in label.blocks:
        pages[label.sections[block.section].title].add(block.page)
    assert pages["HIGHLIGHTS OF PRESCRIBING INFORMATION"] == {1}
    assert pages["Inflammation"] == {2}
    assert pages["Clinical Trials Experience"] == {3, 4}
    assert pages["PATIENT COUNSELING INFORMATION"] == {4}


def test_running_heads_page_numbers_contents_and_reference_ids_are_left_out(label: Label) -> None:
    for words in ("TESTOVIR Prescribing Information", "Reference ID", "CONTENTS", "omitted from"):
        assert words not in label.text
    assert not any(label.text[block.start : block.end].isdigit() for block in label.blocks)


def test_a_ruled_table_is_data(label: Label) -> None:
    table = label.tables[0]
    assert (table.caption, table.row_head, table.resolved) == (
        "Table 1: Reactions in ≥5% of Patients",
        "Reaction",
        True,
    )
    assert [(column.header, column.unit, column.n, column.marks) for column in table.columns] == [
        (("TESTOVIR (N=100) %",), "%", "100", ("a",)),
        (("Placebo (N=50) %",), "%", "50", ()),
    ]
    assert [(row.group, row.label, [cell.text for cell in row.cells]) for row in table.rows] == [
        (("Gastrointestinal disorders",), "Nausea", ["12", "<1"]),
        (("Gastrointestinal disorders",), "Abdominal pain, upper", ["5", "-"]),
    ]
    assert [(note.mark, note.text) for note in table.footnotes] == [("a", "Given with food.")]


def test_a_table_without_rules_is_data(label: Label) -> None:
    table = label.tables[1]
    assert (table.caption, table.row_head, table.resolved) == ("Table 2: Laboratory Abnormalities", "Test", True)
    assert [(column.header, column.unit, column.n) for column in table.columns] == [
        (("TESTOVIR (n=98), %",), "%", "98"),
        (("Placebo (n=49), %",), "%", "49"),
    ]
    assert [(row.label, [cell.text for cell in row.cells]) for row in table.rows] == [
        ("ALT increased", ["21", "4"]),
        ("AST increased", ["18", "3"]),
        ("Platelet count decreased", ["7", "<1"]),
    ]


def test_every_cell_points_at_its_text(label: Label) -> None:
    for cell in (cell for table in label.tables for row in table.rows for cell in row.cells):
        assert label.text[cell.start : cell.end] == cell.text


def test_symbol_fonts_and_broken_characters_are_put_right() -> None:
    assert [readable(text) for text in ("\uf0b7", "\uf0b35", "o\ufb03ce", "(cid:3)a", "a\x00b")] == [
        "•",
        "≥5",
        "office",
        "�a",
        "ab",
    ]


# --- what can't be read


def test_a_pdf_is_recognised_by_its_opening() -> None:
    assert (is_pdf(LABEL), is_pdf(b"\r\n%PDF-1.7"), is_pdf(b"text %PDF-"), is_pdf(b"")) == (True, True, False, False)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            (SAMPLES / "picture.pdf").read_bytes(),
            "bad.pdf: holds pictures of pages: 0 characters on 1 pages. "
            "Recognise its text (OCR), or take the label's XML from DailyMed.",
        ),
        ((SAMPLES / "encrypted.pdf").read_bytes(), "bad.pdf: is encrypted. Save it without a password."),
        (
            LABEL.replace(b"/Type /Page ", b"/Type /Pagx "),
            "bad.pdf: is a damaged PDF: it has no pages. Download it again, or print it to a new PDF.",
        ),
        (
            LABEL[: len(LABEL) // 2],
            "bad.pdf: is a damaged PDF: Unexpected EOF. Download it again, or print it to a new PDF.",
        ),
    ],
    ids=["picture", "encrypted", "no pages", "truncated"],
)
def test_what_holds_no_text_is_refused_by_name(content: bytes, message: str) -> None:
    assert refused(content) == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (drawn(zlib.compress(b" " * 60_000_000, 9)), "a stream unpacks to more than 25165824 bytes"),
        (
            drawn(zlib.compress(zlib.compress(b" " * 60_000_000, 9), 9), "[/FlateDecode /FlateDecode]"),
            "a stream unpacks to more than 25165824 bytes",
        ),
        (
            drawn(zlib.compress(b"/F0 Do"), forms=tuple(form(6 + number) for number in range(12))),
            "a page draws more than 4194304 bytes",
        ),
        (
            drawn(zlib.compress(b"BT /R 9 Tf 50 700 Td " + b"(abcdefghij) Tj " * 9_000 + b"ET")),
            "a page has more than 60000 characters",
        ),
        (drawn(zlib.compress(b"0 0 m 9 9 l S " * 30_000)), "a page has more than 20000 lines and boxes"),
    ],
    ids=["bomb", "bomb in bomb", "forms in forms", "characters", "lines"],
)
def test_what_asks_for_too_much_is_refused_in_bounded_time(content: bytes, message: str) -> None:
    started = time.process_time()
    assert refused(content) == f"bad.pdf: asks for more than any label needs: {message}. Print it to a new PDF."
    assert time.process_time() - started < 20


@given(st.integers(0, len(LABEL) - 1), st.binary(min_size=1, max_size=40))
@settings(max_examples=15, deadline=None)
def test_a_damaged_file_is_read_or_refused(place: int, damage: bytes) -> None:
    try:
        found = read_pdf(LABEL[:place] + damage + LABEL[place + len(damage) :], Source(file="x.pdf"))
    except UnreadableLabel:
        return
    assert all(0 <= block.start <= block.end <= len(found.text) for block in found.blocks)
