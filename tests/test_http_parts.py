"""The small parts that pages are made of: pieces, places, telephone numbers, table heads, examples."""

from standin_label import LABEL, OTHER, hostile

from assistant.http.heads import Head, head_rows
from assistant.http.marking import Marks, Piece, numbers, pieces, place, visible
from assistant.http.outline import MEDWATCH, example_questions, examples_of, reporting_number
from assistant.label import Span


def test_pieces_join_to_the_text_and_count_code_points() -> None:
    text = "𝔘 rate 19%\u202e"
    cut = pieces(text, 100, Marks(cited=Span(start=102, end=110), figures=(Span(start=107, end=110),)))
    assert cut == (
        Piece(text="𝔘 "),
        Piece(text="rate ", cited=True, anchor="c-102-110"),
        Piece(text="19%", cited=True, figure=True),
        Piece(text="\u202e", control=True),
    )
    assert "".join(piece.text for piece in cut) == text


def test_a_place_is_two_numbers_in_order_inside_the_text() -> None:
    assert [place(value, 10) for value in ("0-10", "3-3", "4-11", "٣-٤", "1-2\n")] == [
        Span(start=0, end=10),
        None,
        None,
        None,
        None,
    ]


def test_telephone_numbers_can_be_dialled() -> None:
    assert list(numbers("Call 911 or 1-800-222-1222 (1-800-FDA-1088)")) == [
        ("Call ", ""),
        ("911", "911"),
        (" or ", ""),
        ("1-800-222-1222", "+18002221222"),
        (" (", ""),
        ("1-800-FDA-1088", "+18003321088"),
        (")", ""),
    ]


def test_header_paths_of_unlike_depth_become_rows_that_fit() -> None:
    rows = head_rows([("Drug (n=4)", "All"), ("Drug (n=4)", "Severe"), ("p",)], answering=1)
    assert rows == (
        (Head(text="Drug (n=4)", columns=2), Head(text="p", rows=2)),
        (Head(text="All"), Head(text="Severe", answering=True)),
    )


def test_a_label_gives_its_own_examples_and_reporting_number() -> None:
    assert example_questions(LABEL) == (
        "How common was nausea?",
        "What is the boxed warning?",
        "What does the label say about liver injury?",
    )
    assert reporting_number(LABEL) == "1-800-555-0100"
    assert reporting_number(hostile()) == MEDWATCH
    assert examples_of((LABEL, hostile(), OTHER)) == (
        "How common was nausea (EXAMPLOR)?",
        f"What is the boxed warning ({hostile().name})?",
        "How common was nausea (OTHEREX)?",
    )


def test_what_cannot_be_seen_is_named_and_all_else_stays() -> None:
    assert [visible(value) for value in ("1\u202e2\u200b%", "𝔘 ≥3%\u00a0é", 7, None)] == [
        "1[U+202E]2[U+200B]%",
        "𝔘 ≥3%\u00a0é",
        7,
        None,
    ]
