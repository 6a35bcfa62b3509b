"""The page reader on two hand-made pages in other arrangements, on upright tables, and its single rules."""

import pytest
from seed import blocks, matches_gold, notes, page, read_text, titles, values

from assistant import reading
from assistant.errors import UnreadableLabel
from assistant.reading.page import read_page
from assistant.reading.source import Source

# A page in another arrangement: tabs, two arms, other marks, several menus, a cookie banner


def test_another_page_reads_as_its_golden_outline():
    assert matches_gold(page("keldriva.txt"), "keldriva_outline.txt")


def test_another_page_has_its_sections_at_their_levels():
    assert titles(page("keldriva.txt")) == [
        (1, "Safety profile of KELDRIVA in ulcerative colitis", ""),
        (2, "Serious infections", ""),
        (1, "Long-term safety", ""),
        (2, "Opportunistic infections", ""),
        (1, "IMPORTANT SAFETY INFORMATION AND INDICATION", "warnings"),
        (2, "INDICATION", "indications"),
        (2, "BOXED WARNING: SERIOUS INFECTIONS AND LIVER INJURY", "boxed_warning"),
        (2, "CONTRAINDICATIONS", "contraindications"),
        (2, "WARNINGS AND PRECAUTIONS", "warnings"),
        (3, "Hepatotoxicity", "warnings"),
        (3, "Herpes zoster", "warnings"),
        (2, "Use in specific populations", "specific_populations"),
        (3, "Pregnancy", "pregnancy"),
        (3, "Lactation", "lactation"),
    ]


def test_cookie_banner_menus_and_footer_are_no_evidence():
    label = page("keldriva.txt")
    assert [piece.split("\n")[0] for piece in blocks(label, "boilerplate")] == [
        "We use cookies to improve your experience. By continuing to use this site you agree to our Cookie Policy.",
        "Skip to main content",
        "This website is intended for residents of the United States who are health care professionals",
        "Prescribing Information",
        "KELDRIVA",
        "Home",
        "Please see full Prescribing Information, including BOXED WARNING, and Medication Guide.",
        "Contact us",
        "KELDRIVA is a registered trademark of Veyland Biologics, Inc. © 2025 Veyland Biologics, Inc. All rights "
        "reserved. KDR-US-240117 06/25",
    ]
    assert (label.name, label.generic, label.approval_code) == ("KELDRIVA", "tesmorafusp alfa-kdrv", "KDR-US-240117")


def test_two_arms_head_their_columns_between_tabs():
    found = page("keldriva.txt").tables[0]
    assert (found.caption, found.row_head, [(one.header, one.unit, one.n) for one in found.columns]) == (
        "Table 1. Adverse reactions reported in ≥4% of patients with UC receiving KELDRIVA in Study KD-301",
        "Adverse reaction",
        [
            (("KELDRIVA 300 mg (N=275)", "Any grade, n (%)"), "n (%)", "275"),
            (("KELDRIVA 300 mg (N=275)", "Grade ≥3, n (%)"), "n (%)", "275"),
            (("Placebo (N=137)", "Any grade, n (%)"), "n (%)", "137"),
            (("Placebo (N=137)", "Grade ≥3, n (%)"), "n (%)", "137"),
        ],
    )


def test_counts_and_percentages_of_two_arms_are_four_columns():
    found = page("keldriva.txt").tables[1]
    assert (found.caption, [one.header for one in found.columns]) == (
        "Selected laboratory changes through Week 52",
        [("KELDRIVA 300 mg", "n"), ("KELDRIVA 300 mg", "%"), ("Placebo", "n"), ("Placebo", "%")],
    )
    assert [(one.label, values(one)) for one in found.rows] == [
        ("Lymphocyte count decreased", ["272", "9", "136", "4"]),
        ("Total cholesterol increased", ["270", "22", "135", "7"]),
        ("Creatine phosphokinase increased", ["268", "3.5", "135", "1.5"]),
        ("Hemoglobin decreased", ["300", "<1", "136", "2"]),
    ]


def test_other_marks_lead_to_their_notes_for_certain():
    first, second = page("keldriva.txt").tables
    assert notes(first) == [
        ("‡", "Includes related terms.", True, (0, 3)),
        ("**", "Includes herpes zoster and ophthalmic herpes zoster.", True, (2,)),
        ("§", "ALT >3 x ULN.", True, (4,)),
    ]
    assert notes(second) == [
        ("", "Laboratory changes were graded by CTCAE version 5.0.", False, ()),
        ("†", "Lymphocyte count below 500 cells/mm3.", True, (0,)),
        ("||", "Creatine phosphokinase above 5 x ULN.", True, (2,)),
    ]


def test_findings_of_another_page():
    assert [(finding.kind, finding.message) for finding in page("keldriva.txt").findings] == [
        ("n_above_total", "n=300 for 'Hemoglobin decreased' is above the stated N of 275"),
        ("figure_mismatch", "2/275 is 0.73%, printed as 2%"),
    ]


def test_a_boxed_warning_may_stand_after_the_safety_information_began():
    label = page("keldriva.txt")
    place = next(place for place, one in enumerate(label.sections) if one.kind == "boxed_warning")
    assert label.path(place) == (
        "IMPORTANT SAFETY INFORMATION AND INDICATION",
        "BOXED WARNING: SERIOUS INFECTIONS AND LIVER INJURY",
    )
    assert [
        label.text[block.start : block.end]
        for block in label.blocks
        if block.section == place and block.kind == "list_item"
    ] == [
        "Increased risk of serious infections leading to hospitalization or death, including tuberculosis (TB) and "
        "bacterial sepsis",
        "Discontinue KELDRIVA if a patient develops a serious infection. Test for latent TB before starting KELDRIVA",
    ]


# A page for patients: questions as headings, letters as marks, each head on a line of its own


def test_a_page_for_patients_reads_as_its_golden_outline():
    assert matches_gold(page("zelvantiq.txt"), "zelvantiq_outline.txt")


def test_questions_are_headings():
    assert titles(page("zelvantiq.txt")) == [
        (1, "What is ZELVANTIQ?", ""),
        (1, "What should I know about low white blood cell counts?", ""),
        (1, "What are the most common side effects?", ""),
        (1, "How should I take ZELVANTIQ?", ""),
        (1, "Pregnancy & breastfeeding", "pregnancy"),
    ]


def test_heads_may_stand_on_lines_of_their_own():
    (found,) = page("zelvantiq.txt").tables
    assert (found.caption, found.row_head, found.resolved, [(one.header, one.n) for one in found.columns]) == (
        "Percentage of women with side effects in the LUMEN-2 trial of ZELVANTIQ",
        "Side effect",
        True,
        [(("ZELVANTIQ + letrozole (n=148)",), "148"), (("Placebo + letrozole (n=147)",), "147")],
    )


def test_glued_letters_are_marks_only_where_the_legend_and_the_page_bear_them_out():
    (found,) = page("zelvantiq.txt").tables
    assert [
        (one.label, one.marks, [(cell.text, cell.marks) for cell in one.cells if cell.marks]) for one in found.rows
    ] == [
        ("Diarrhea", ("a",), []),
        ("Nausea", (), []),
        ("Fatigue", ("b",), []),
        ("Vomiting", (), [("13%", ("*",))]),
        ("Hair loss", (), []),
    ]
    assert notes(found) == [
        ("a", "Includes loose stools.", True, (0,)),
        ("b", "Includes weakness.", True, (2,)),
        ("*", "One woman had vomiting before treatment.", True, (3,)),
        ("", "n = number of women in each group.", False, ()),
    ]


def test_a_star_before_words_begins_an_item_where_no_table_carries_it():
    items = [block for block in page("zelvantiq.txt").blocks if block.kind == "list_item"]
    assert [(page("zelvantiq.txt").text[block.start : block.end], block.list) for block in items] == [
        ("Your doctor will check your blood counts before each of the first 6 cycles", 1),
        ("Your doctor may lower your dose from 150 mg to 100 mg or 50 mg twice daily", 1),
        ("Take one tablet 2 times a day, about 12 hours apart", 2),
        ("If you vomit or miss a dose, do not take an extra tablet", 2),
    ]


# A table whose cells each stand on a line of their own

UPRIGHT = """Safety of DRUGEX

Adverse reactions in patients who were treated with DRUGEX in Study 1
Adverse reaction

DRUGEX (n=100)

Placebo (n=50)

Infections

Sinusitis*

17%

3%

Cough

9 (9)

<1

Skin disorders

Rash

4

-

*Includes chronic sinusitis.

Sinusitis was mild in most of the patients.

Side effect
DRUGEX, %
Nausea
12
Fatigue
9%
Headache
4%

Page
1
2
3
"""


def test_cells_may_stand_on_lines_of_their_own():
    found = read_text(UPRIGHT).tables[0]
    assert (found.caption, found.row_head, [(one.header, one.n) for one in found.columns]) == (
        "Adverse reactions in patients who were treated with DRUGEX in Study 1",
        "Adverse reaction",
        [(("DRUGEX (n=100)",), "100"), (("Placebo (n=50)",), "50")],
    )
    assert [(one.group, one.label, one.marks, values(one)) for one in found.rows] == [
        (("Infections",), "Sinusitis", ("*",), ["17%", "3%"]),
        (("Infections",), "Cough", (), ["9 (9)", "<1"]),
        (("Skin disorders",), "Rash", (), ["4", "-"]),
    ]
    assert notes(found) == [("*", "Includes chronic sinusitis.", True, (0,))]


def test_an_upright_row_is_quoted_from_its_label_to_its_last_value():
    label = read_text(UPRIGHT)
    one = label.tables[0].rows[0]
    assert label.text[one.start : one.end] == "Sinusitis*\n\n17%\n\n3%"
    assert [label.text[cell.start : cell.end] for cell in one.cells] == ["17%", "3%"]


def test_numbers_below_a_word_are_no_table_unless_three_rows_have_them():
    label = read_text(UPRIGHT.replace("Nausea\n12\n", "Nausea\n12%\n"))
    assert [[(one.label, values(one)) for one in found.rows] for found in label.tables[1:]] == [
        [("Nausea", ["12%"]), ("Fatigue", ["9%"]), ("Headache", ["4%"])]
    ]
    assert [(one.row_head, one.columns[0].header, one.columns[0].unit) for one in label.tables[1:]] == [
        ("Side effect", ("DRUGEX, %",), "%")
    ]
    assert len(read_text("Safety\n\nPage\n1\n2\nStep\n1\n2\n\nNausea was seen in some of the patients.\n").tables) == 0


# Single rules


def test_a_menu_line_within_content_takes_nothing_else_with_it():
    label = read_text("Safety\n\nRash occurred in 4% of patients.\nHome PageContact UsSite Map\nNausea was rare.\n")
    assert blocks(label, "paragraph") == ["Rash occurred in 4% of patients.", "Nausea was rare."]
    assert blocks(label, "boilerplate") == ["Home PageContact UsSite Map"]


def test_a_name_keeps_its_digits_unless_the_page_knows_it_without():
    label = read_text(
        "Use of CD22\n\nCD22 is a protein.\n\nNRM after HSCT1\n\nHSCT was done. NRM1 of HSCT was rare. HSCT is a transplant.\n"
    )
    assert [one.title for one in label.sections] == ["Use of CD22", "NRM after HSCT"]


def test_a_sentence_before_a_colon_is_no_heading():
    label = read_text(
        "Safety\n\nThe most common reactions were: Nausea and rash in most of the patients.\n\n"
        "Note: This page is for nurses only and nobody else at all.\n\nLiver tests: Measure them weekly.\n"
    )
    assert [one.title for one in label.sections] == ["Safety", "Liver tests"]


def test_windows_line_ends_and_a_byte_order_mark_change_no_reading():
    plain = page("keldriva.txt")
    other = reading.read_bytes(b"\xef\xbb\xbf" + plain.text.replace("\n", "\r\n").encode(), Source(file="x.txt"))
    assert titles(other) == titles(plain)
    assert [[(one.label, values(one)) for one in found.rows] for found in other.tables] == [
        [(one.label, values(one)) for one in found.rows] for found in plain.tables
    ]


def test_what_is_known_beforehand_wins_over_what_the_page_says():
    label = read_page(
        b"Drugex\xc2\xae (drugexin) is a drug for adults.",
        Source(
            file="a.txt", id="my-label", name="DRUGEX XR", generic="drugexin hydrochloride", kind="web page of ours"
        ),
    )
    assert (label.id, label.name, label.generic, label.kind) == (
        "my-label",
        "DRUGEX XR",
        "drugexin hydrochloride",
        "web page of ours",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "x.txt: is empty. Put the label's text into it or remove the file."),
        (b" \n\t ", "x.txt: is empty. Put the label's text into it or remove the file."),
        (b"VOD\x00in 15%", "x.txt: is a binary file (a zero byte at 3). Save it as UTF-8 text."),
        (
            "QTcF in 4 % nach Ménière".encode("latin-1"),
            "x.txt: is not UTF-8: byte 0xe9 at offset 18. Save it as UTF-8 text.",
        ),
    ],
)
def test_what_is_no_text_is_refused_by_name_place_and_remedy(content, said):
    with pytest.raises(UnreadableLabel) as caught:
        read_page(content, Source(file="x.txt"))
    assert str(caught.value) == said
