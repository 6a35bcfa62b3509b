"""openFDA label JSON: fields as sections, tables in their places, and what is no label."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import UnreadableLabel
from assistant.label import Label
from assistant.reading import read_bytes
from assistant.reading.openfda import is_openfda, read_openfda, results
from assistant.reading.source import Source

SAMPLES = Path(__file__).parent / "samples" / "openfda"


def sample() -> Label:
    return read_openfda((SAMPLES / "plr.json").read_bytes(), Source(file="plr.json"))


def made(**fields: object) -> Label:
    return read_openfda(json.dumps(fields).encode(), Source(file="made.json"))


def refused(content: bytes) -> str:
    with pytest.raises(UnreadableLabel) as caught:
        read_openfda(content, Source(file="bad.json"))
    return str(caught.value)


def test_names_ids_and_date_come_from_the_result() -> None:
    label = sample()
    assert (label.id, label.name, label.generic, label.names) == ("plr", "TESTOVIR", "TESTOVIR MESYLATE", ())
    assert (label.set_id, label.version, label.effective, label.labeler, label.format) == (
        "22222222-2222-2222-2222-222222222222",
        "7",
        "2024-02-29",
        "Sample Labs, Inc.",
        "openfda",
    )


def test_fields_are_sections_in_a_labels_order_and_numbers_begin_subsections() -> None:
    assert [(s.level, s.number, s.title, s.code, s.patient) for s in sample().sections] == [
        (1, "", "WARNING: TEST FAILURE", "34066-1", False),
        (1, "1", "INDICATIONS AND USAGE", "34067-9", False),
        (1, "6", "ADVERSE REACTIONS", "34084-4", False),
        (2, "6.1", "Clinical Trials Experience", "", False),
        (2, "6.2", "Postmarketing Experience", "", False),
        (1, "8", "USE IN SPECIFIC POPULATIONS", "43684-0", False),
        (2, "8.1", "Pregnancy", "", False),
        (2, "8.4", "Pediatric Use", "", False),
        (1, "", "Product data elements", "48780-1", False),
        (1, "", "Medication guide", "42231-1", True),
    ]


def test_a_table_replaces_the_words_that_repeat_it() -> None:
    label = sample()
    place = next(place for place, section in enumerate(label.sections) if section.number == "6.1")
    assert [(b.kind, label.text[b.start : b.end]) for b in label.blocks if b.section == place] == [
        ("heading", "6.1 Clinical Trials Experience"),
        ("paragraph", "Because trials vary, rates vary."),
        (
            "table",
            "Table 1: Reactions\nReaction | TESTOVIR (N=100) % | Placebo (N=50) %\nNausea | 12 | 4\n"
            "Vomiting * | 5 | <1\n* With food.",
        ),
        ("paragraph", "Rates at 5.5 Mg were alike."),
    ]
    table = label.tables[0]
    assert [(column.header, column.unit, column.n) for column in table.columns] == [
        (("TESTOVIR (N=100) %",), "%", "100"),
        (("Placebo (N=50) %",), "%", "50"),
    ]
    assert [(row.label, row.marks, [cell.text for cell in row.cells]) for row in table.rows] == [
        ("Nausea", (), ["12", "4"]),
        ("Vomiting", ("*",), ["5", "<1"]),
    ]
    assert [(note.mark, note.text, note.rows) for note in table.footnotes] == [("*", "With food.", (1,))]


def test_bullets_are_items() -> None:
    label = sample()
    items = [(b.kind, label.text[b.start : b.end]) for b in label.blocks if b.kind == "list_item"]
    assert items == [("list_item", "Failure [see Warnings (5.1)]"), ("list_item", "Confusion")]


def test_a_table_that_the_text_does_not_repeat_stands_last() -> None:
    html = "<table><tr><th>A<th>B %</tr><tr><td>One<td>1</tr><tr><td>Two<td>2</tr></table>"
    label = made(warnings=["Old text."], warnings_table=[html], set_id="x")
    assert label.text == "Warnings\n\nOld text.\n\nA | B %\nOne | 1\nTwo | 2"


def test_a_heading_ends_before_the_sentence() -> None:
    label = made(
        adverse_reactions=["6 ADVERSE REACTIONS HUMIRA was studied. 6.1 Serious Infections Patients were ill."]
    )
    assert label.text == "6 ADVERSE REACTIONS\n\nHUMIRA was studied.\n\n6.1 Serious Infections\n\nPatients were ill."


def test_a_file_of_several_labels_is_refused_but_can_be_cut() -> None:
    content = (SAMPLES / "many.json").read_bytes()
    assert [result["version"] for result in results(content, "many.json")] == ["1", "2"]
    assert refused(content) == (
        "bad.json: holds 2 labels. Index the file as a corpus, or save each of its results as a file of its own."
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"a": ', "bad.json: is no JSON: Expecting value: line 1 column 7 (char 6). Download it again."),
        (b'{"results": []}', 'bad.json: holds no label. Give openFDA label JSON: {"results": [...]}.'),
        (b'{"error": {"code": 1}}', "bad.json: holds no label as result 0. Give openFDA label JSON with its sections."),
        (b'[{"a":' + b"[" * 100_000, "bad.json: is no JSON: nested too deep. Download it again."),
    ],
)
def test_what_is_no_label_is_refused(content: bytes, message: str) -> None:
    assert refused(content) == message


def test_json_is_recognised_by_its_opening() -> None:
    assert [is_openfda(text) for text in (b'{"a":1}', b"\xef\xbb\xbf [ {}", b"{}", b"[]")] == [True] * 4
    assert [is_openfda(text) for text in (b"{\\rtf1", b"[see Warnings]", b"", b"text")] == [False] * 4


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=40)
    | st.just("6 ADVERSE REACTIONS Some text. 6.1 Title It is."),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_NAMES = st.sampled_from(
    ["adverse_reactions", "adverse_reactions_table", "openfda", "set_id", "version", "results", "other"]
)


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    label = made(adverse_reactions=["6 ADVERSE\x01 REACTIONS\x02 Rash\ufffe was seen in 5% of patients on the drug."])
    assert "\x01" not in label.text
    assert "5% of patients" in label.text


@given(st.dictionaries(_NAMES, _VALUES, max_size=5))
@settings(max_examples=150, deadline=None)
def test_any_json_object_is_read_or_refused(found: dict[str, object]) -> None:
    try:
        label = read_bytes(json.dumps(found).encode(), Source(file="x.json"))
    except UnreadableLabel:
        return
    assert all(0 <= block.start <= block.end <= len(label.text) for block in label.blocks)
