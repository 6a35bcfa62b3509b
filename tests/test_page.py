"""The page reader on the owner’s page: its golden outline and every trap that it holds."""

from itertools import pairwise

import pytest
from seed import blocks, matches_gold, messages, page, read_text, row, section, seed, table, titles, values


def headed(title: str) -> str:
    """The text of the first section of a title on the owner's page."""
    found = section(seed(), title)
    return seed().text[found.start : found.end]


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
