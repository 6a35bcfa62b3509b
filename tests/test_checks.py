"""Checks of a label against itself: what is found, where, and what is left alone."""

import pytest
from seed import page, read_text, seed

from assistant.label import Label

TABLE = "Reactions\n\nTable 1. Reactions in patients (N=50) who were treated with Drugex\n{heads}\n{rows}\n{legend}\n"


def findings(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.message) for one in read_text(text).findings]


def tabled(heads: str, rows: str, legend: str = "") -> str:
    return TABLE.format(heads=heads, rows=rows, legend=legend)


def places(label: Label) -> list[tuple[str, list[str]]]:
    return [(one.kind, [label.text[span.start : span.end] for span in one.spans]) for one in label.findings]


def test_every_finding_of_the_owners_page():
    assert [(one.kind, one.message) for one in seed().findings] == [
        ("lost_mark", "no mark leads from 'Hemorrhage' to its note"),
        (
            "header_mismatch",
            "the column is headed 'Grades ≥3/4, %': '≥3/4' joins a sign for a range with a list of grades",
        ),
        ("n_above_total", "n=58 for 'ALP increased' is above the stated N of 53"),
        ("contradiction", "one indication names adult, another adult and pediatric"),
        ("figure_mismatch", "4/162 is 2.47%, printed as 3%"),
    ]


def test_a_finding_stands_at_what_it_is_about():
    assert places(page("keldriva.txt")) == [
        ("n_above_total", ["Hemoglobin decreased 300 <1 136 2"]),
        ("figure_mismatch", ["2 of 275 patients (2%)"]),
    ]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Rash occurred in 5/50 (11%) patients.", ["5/50 is 10.00%, printed as 11%"]),
        ("Rash occurred in 11% (5/50) of patients.", ["5/50 is 10.00%, printed as 11%"]),
        ("Rash occurred in 5/50 (10%) and cough in 1/200 (<1%) patients.", []),
        ("Rash occurred in 5 (11%) patients.", []),
    ],
)
def test_only_a_rate_with_both_counts_is_recomputed(sentence, said):
    assert findings(f"Reactions\n\n{sentence}\n") == [("figure_mismatch", message) for message in said]


def test_a_count_is_held_against_the_n_of_its_table():
    text = tabled("Test Drugex\nn Any, %", "ALT increased 51 3\nAST increased 50 1\nGGT increased 9 0")
    assert findings(text) == [("n_above_total", "n=51 for 'ALT increased' is above the stated N of 50")]


def test_a_mark_without_a_note_is_lost_only_beside_a_legend():
    rows = "Rash* 3 1\nCough† 1 0\nPain 9 0"
    heads = "Reaction Drugex\nAny, % Severe, %"
    assert findings(tabled(heads, rows)) == []
    assert findings(tabled(heads, rows, "*Includes other terms.")) == [
        ("lost_mark", "'Cough' carries the mark '†', which no note explains")
    ]
    assert findings(tabled(heads, rows, "*Includes other terms.†Includes croup.")) == []


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (
            "Drugex is indicated for the treatment of severe plaque psoriasis in adults.",
            "Drugex is indicated for the treatment of severe plaque psoriasis in adults and children.",
            ["one indication names adult, another adult and pediatric"],
        ),
        (
            "Drugex is indicated for the treatment of severe plaque psoriasis in adults.",
            "Drugex is indicated for the treatment of severe plaque psoriasis in adults.",
            [],
        ),
        (
            "Drugex is indicated for the treatment of severe plaque psoriasis in adults.",
            "Drugex is indicated for prevention of asthma attacks in children.",
            [],
        ),
        (
            "Drugex is indicated for the treatment of severe plaque psoriasis in adults.",
            "Drugex is indicated for the treatment of severe plaque psoriasis.",
            [],
        ),
    ],
)
def test_indications_contradict_where_one_use_has_two_populations(first, second, said):
    text = f"Use\n\n{first} It helps.\n\nOther use\n\n{second}\n"
    assert findings(text) == [("contradiction", message) for message in said]


def test_heads_that_mix_a_sign_and_a_list_are_named_once():
    text = tabled("Reaction Drugex\nAny, % Grades ≥3/4, %", "Rash 3 1\nCough 1 0\nPain 9 0")
    assert findings(text) == [
        (
            "header_mismatch",
            "the column is headed 'Grades ≥3/4, %': '≥3/4' joins a sign for a range with a list of grades",
        )
    ]
