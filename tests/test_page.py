"""The page reader: the owner's page with every trap it holds, and two hand-made pages in other arrangements."""

from itertools import pairwise

import pytest
from seed import blocks, matches_gold, page, read_text, row, section, seed, table, values

from assistant import reading
from assistant.errors import UnreadableLabel
from assistant.label import Label, Table
from assistant.reading.page import read_page
from assistant.reading.source import Source


def headed(title: str) -> str:
    """The text of the first section of a title on the owner's page."""
    found = section(seed(), title)
    return seed().text[found.start : found.end]


def titles(label: Label) -> list[tuple[int, str, str]]:
    return [(one.level, one.title, one.kind) for one in label.sections if one.title]


def notes(found: Table) -> list[tuple[str, str, bool, tuple[int, ...]]]:
    return [(note.mark, note.text, note.certain, note.rows) for note in found.footnotes]


def messages(label: Label, kind: str) -> list[str]:
    return [finding.message for finding in label.findings if finding.kind == kind]


# The owner's page


def test_the_page_reads_as_its_golden_outline():
    assert matches_gold(seed(), "besponsa_outline.txt")


def test_every_section_stands_at_its_level():
    assert titles(seed()) == [
        (1, "BESPONSA has a BOXED WARNING for VOD and post-HSCT NRM", ""),
        (1, "Common (≥5%) adverse reactions (ARs)", ""),
        (1, "Laboratory abnormalities", ""),
        (1, "Incidence of VOD in pediatric patients", ""),
        (1, "VOD Post HSCT in pediatric patients", ""),
        (1, "Safety", ""),
        (1, "INDICATION", "indications"),
        (1, "Important Safety Information", "warnings"),
        (
            2,
            "WARNING: HEPATOTOXICITY, INCLUDING HEPATIC VENO-OCCLUSIVE DISEASE (VOD) (ALSO KNOWN AS SINUSOIDAL "
            "OBSTRUCTION SYNDROME) and INCREASED RISK OF POST–HEMATOPOIETIC STEM CELL TRANSPLANT (HSCT) NON-RELAPSE "
            "MORTALITY (NRM)",
            "boxed_warning",
        ),
        (2, "Hepatotoxicity, Including Hepatic VOD", "warnings"),
        (2, "Increased Risk of Post-HSCT Non-Relapse Mortality (NRM)", "warnings"),
        (2, "Myelosuppression", "warnings"),
        (2, "Infusion-Related Reactions", "warnings"),
        (2, "QT Interval Prolongation", "warnings"),
        (2, "Embryo-Fetal Toxicity", "warnings"),
        (2, "Adverse Reactions", "adverse_reactions"),
        (2, "Nursing Mothers", "lactation"),
        (1, "INDICATION", "indications"),
    ]


def test_blocks_cover_all_that_is_printed_but_what_joins_them():
    label = seed()
    spans = [(block.start, block.end) for block in label.blocks]
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    between = [
        label.text[end:start].strip() for (_, end), (start, _) in zip(spans, [*spans[1:], (None, None)], strict=True)
    ]
    # bullets, colons of run-in headings, fused reference numbers and the word that opens a legend
    assert {word for piece in between for word in piece.split()} == {"•", ":", "References", "Reference", "1"}


def test_the_indications_contradict_each_other():  # S1
    found = next(finding for finding in seed().findings if finding.kind == "contradiction")
    assert found.message == "one indication names adult, another adult and pediatric"
    assert [seed().text[span.start : span.end].strip() for span in found.spans] == [
        "BESPONSA® (inotuzumab ozogamicin) is indicated for the treatment of adults with relapsed or refractory B-cell "
        "precursor acute lymphoblastic leukemia (ALL).",
        "BESPONSA® (inotuzumab ozogamicin) is indicated for the treatment of relapsed or refractory CD22-positive "
        "B-cell precursor acute lymphoblastic leukemia (ALL) in adult and pediatric patients 1 year of age and older.",
    ]


def test_thrombocytopenia_stands_as_a_reaction_and_as_a_laboratory_finding():  # S2
    assert "Grade 3 or 4 thrombocytopenia occurred in 24/53 (45%) patients" in headed("Myelosuppression")
    assert values(row(seed(), "Platelet count decreased")) == ["53", "100", "85"]
    assert not [one.label for one in seed().tables[0].rows if "hrombocytopenia" in one.label]


def test_neutropenia_is_no_row_of_its_own():  # S3
    assert [one.label for one in seed().tables[0].rows if "eutro" in one.label] == ["Febrile neutropenia"]
    assert values(row(seed(), "Neutrophil count decreased")) == ["53", "98", "96"]
    assert "grade 3 or 4 neutropenia in 21/53 (40%) patients" in headed("Myelosuppression")


def test_the_doubtful_heads_and_counts_of_the_laboratory_table_are_kept_and_flagged():  # S4
    found = table(seed(), "Laboratory")
    assert [column.header for column in found.columns] == [
        ("BESPONSA", "n"),
        ("BESPONSA", "All grades, %"),
        ("BESPONSA", "Grades ≥3/4, %"),
    ]
    assert [column.header for column in seed().tables[0].columns] == [
        ("BESPONSA monotherapy (n=53)", "All grades, %"),
        ("BESPONSA monotherapy (n=53)", "Grades ≥3, %"),
    ]
    assert (row(seed(), "ALP increased").n, values(row(seed(), "ALP increased"))) == ("58", ["58", "23", "0"])
    assert messages(seed(), "header_mismatch") == [
        "the column is headed 'Grades ≥3/4, %': '≥3/4' joins a sign for a range with a list of grades"
    ]
    assert messages(seed(), "n_above_total") == ["n=58 for 'ALP increased' is above the stated N of 53"]


def test_a_percentage_that_does_not_recompute_is_kept_and_flagged():  # S5
    assert messages(seed(), "figure_mismatch") == ["4/162 is 2.47%, printed as 3%"]
    (finding,) = (finding for finding in seed().findings if finding.kind == "figure_mismatch")
    (span,) = finding.spans
    assert seed().text[span.start : span.end] == "4/162 adult patients (3%)"


def test_males_and_females_stand_in_one_sentence_with_their_months():  # S6
    assert (
        "Advise males and females of reproductive potential to use effective contraception during BESPONSA treatment "
        "and for at least 5 and 8 months after the last dose, respectively."
    ) in headed("Embryo-Fetal Toxicity")


@pytest.mark.parametrize(
    ("title", "adult", "pediatric"),
    [
        (
            "Hepatotoxicity, Including Hepatic VOD",
            "23/164 patients (14%)",
            "VOD occurred in 8/53 (15%) of pediatric patients",
        ),
        ("Infusion-Related Reactions", "4/164 adult patients (2%)", "4/53 (8%) patients"),
        ("QT Interval Prolongation", "4/162 adult patients (3%)", "7/49 (14%) patients"),
    ],
)
def test_twins_stand_in_one_section(title, adult, pediatric):  # S7
    assert adult in headed(title)
    assert pediatric in headed(title)


def test_a_lost_mark_leaves_the_note_uncertain():  # S8
    found = seed().tables[0]
    hemorrhage = next(place for place, one in enumerate(found.rows) if one.label == "Hemorrhage")
    assert found.rows[hemorrhage].marks == ()
    (note,) = (note for note in found.footnotes if note.text.startswith("Hemorrhage includes"))
    assert (note.mark, note.certain, note.rows) == ("‡", False, (hemorrhage,))
    assert messages(seed(), "lost_mark") == ["no mark leads from 'Hemorrhage' to its note"]


def test_headings_are_found_at_the_end_of_a_paragraph_and_at_its_beginning():  # S9
    label = seed()
    glued = section(label, "VOD Post HSCT in pediatric patients")
    assert label.text[glued.heading.start : glued.heading.end] == "VOD Post HSCT in pediatric patients1"
    assert label.text[: glued.heading.start].endswith("MRD negativity after 2 cycles.")
    run_in = section(label, "Myelosuppression")
    assert label.text[run_in.heading.end :].split()[:2] == [":", "Myelosuppression,"]
    titled = section(label, "INDICATION")
    assert label.text[titled.heading.end : titled.heading.end + 9] == "BESPONSA®"


def test_menus_and_a_pages_words_about_itself_are_no_evidence():  # S10
    said = blocks(seed(), "boilerplate")
    assert len(said) == 19
    for words in ("Scroll left to view table", "Tab Number 5", "Menu", "PP-MCL-USA-0367"):
        assert words in said
    assert any("HomeAboutDosingEfficacy" in piece for piece in said)
    assert any("You are now leaving Pfizer" in piece for piece in said)
    shown = " ".join(piece for kind in ("paragraph", "list_item", "heading") for piece in blocks(seed(), kind))
    assert "Dosing" not in shown
    assert "Scroll" not in shown


def test_only_one_number_is_for_adverse_events():  # S11
    assert blocks(seed(), "paragraph")[3:6] == [
        "To report an adverse event, please call 1-800-438-1985",
        "Pfizer for Professionals 1-800-505-4426",
        "PP-INO-USA-0658",
    ]


def test_body_systems_are_groups_and_no_rows():  # S12
    found = seed().tables[0]
    assert list(dict.fromkeys(one.group for one in found.rows)) == [
        ("General disorders and administration site conditions",),
        ("Blood and lymphatic system disorders",),
        ("Gastrointestinal disorders",),
        ("Infections and infestations",),
        ("Vascular disorders",),
        ("Nervous system disorders",),
        ("Skin and subcutaneous tissue disorders",),
        ("Musculoskeletal and connective tissue disorders",),
        ("Respiratory, thoracic, and mediastinal disorders",),
        ("Hepatobiliary disorders",),
        ("Metabolism and nutrition disorders",),
        ("Investigations",),
        ("Injury, poisoning, and procedural complications",),
        ("Cardiac disorders",),
        ("Psychiatric disorders",),
    ]
    assert not {one.label for one in found.rows} & {group for one in found.rows for group in one.group}
    assert {len(one.cells) for one in found.rows} == {2}


# Tables


def test_a_value_resolves_to_all_that_tells_what_it_is():  # T1
    found = seed().tables[0]
    one = row(seed(), "Veno-occlusive disease")
    assert (found.caption, one.group, one.label, found.row_head) == (
        "Adverse reactions (≥5%) in pediatric patients (N=53) with CD22-positive relapsed or refractory ALL in Study "
        "WI203581 (ITCC-059)",
        ("Hepatobiliary disorders",),
        "Veno-occlusive disease",
        "Adverse reaction",
    )
    assert [(cell.text, found.columns[cell.column].header[-1]) for cell in one.cells] == [
        ("15", "All grades, %"),
        ("13", "Grades ≥3, %"),
    ]
    assert [(column.unit, column.n) for column in found.columns] == [("%", "53"), ("%", "53")]
    assert all(seed().text[cell.start : cell.end] == cell.text for cell in one.cells)


def test_lines_of_a_head_are_put_together_where_the_counts_match():  # T2
    label = read_text(
        "Safety\n\nTable 1. Reactions in 100 patients with a disease and treated\nReaction Drugex 10 mg\n(n=50)\n"
        "Any, % Severe, %\nNausea 12 3\nRash 8 1\nCough 5 0\n"
    )
    assert [column.header for column in label.tables[0].columns] == [
        ("Drugex 10 mg (n=50)", "Any, %"),
        ("Drugex 10 mg (n=50)", "Severe, %"),
    ]


def test_marks_and_fused_references_enter_no_label_title_or_value():  # T3
    label = seed()
    assert [(one.label, one.marks) for one in label.tables[0].rows if one.marks] == [
        ("Edema", ("*",)),
        ("Fatigue", ("*",)),
        ("Anemia", ("*",)),
        ("Abdominal pain", ("*",)),
        ("Stomatitis", ("*",)),
        ("Infection", ("†",)),
        ("Headache", ("*",)),
        ("Rash", ("*",)),
        ("Veno-occlusive disease", ("*",)),
        ("Hyperbilirubinemia", ("*",)),
        ("Infusion-related reaction", ("§",)),
    ]
    assert not [one.title for one in label.sections if one.title[-1:].isdigit()]
    assert not [piece for kind in ("paragraph", "list_item") for piece in blocks(label, kind) if piece.endswith("1")]


def test_values_stay_as_printed():  # T4
    rows = page("keldriva.txt").tables[0].rows
    assert {one.label: values(one) for one in rows} == {
        "Upper respiratory tract infection": ["41 (15)", "1 (<1)", "14 (10)", "0"],
        "Urinary tract infection": ["17 (6)", "-", "5 (4)", "-"],
        "Herpes zoster": ["12 (4)", "2 (1)", "1 (1)", "0"],
        "Headache": ["33 (12)", "0", "12 (9)", "0"],
        "ALT increased": ["11 (4)", "3 (1)", "", "NA"],
        "Injection site reaction": ["28 (10)", "0", "4 (3)", "0"],
    }
    blank = row(page("keldriva.txt"), "ALT increased").cells[2]
    assert blank.start == blank.end


def test_heads_that_do_not_fit_leave_the_table_unresolved():  # T5
    label = read_text(
        "Safety\n\nWhat happened\nNausea 12 3 4\nRash 8 1 2\nCough 5 0 0\n\nNausea was seen in some of the patients.\n"
    )
    assert [(found.resolved, [values(one) for one in found.rows]) for found in label.tables] == [
        (False, [["12", "3", "4"], ["8", "1", "2"], ["5", "0", "0"]])
    ]
    assert messages(label, "unresolved_table") == ["the headers of this table could not be told"]


def test_lines_that_end_in_numbers_by_chance_are_no_table():  # T6
    label = read_text(
        "Visits\n\nThe clinic opened in 2019\nIt moved in 2021\n\nThe trial took place in 3 countries in Europe.\n"
    )
    assert label.tables == ()


def test_rates_are_recomputed_in_prose_and_in_cells():  # T7
    label = read_text(
        "Safety\n\nNausea occurred in 5/50 (10%) patients, rash in 5/50 (11%) patients and cough in 1/8 (12%).\n\n"
        "Reaction\tDrugex\tPlacebo\nNausea\t5/50 (10%)\t1/50 (2%)\nRash\t5/50 (11%)\t2/50 (4%)\nCough\t0\t3/50 (6%)\n"
    )
    assert messages(label, "figure_mismatch") == ["5/50 is 10.00%, printed as 11%", "5/50 is 10.00%, printed as 11%"]
    assert label.text.count("11%") == 2


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
