"""Which figure of a sentence or row answers: by item, arm, grade, dose, population and kind."""

from functools import cache

import pytest
from seed import page, read_text, seed, understander

from assistant.answering.picking import Pick, pick, shown_value
from assistant.label import Label
from assistant.splitting import split

PROSE = """Safety of DRUGEX

Grade 3/4 increases in AST, ALT, and total bilirubin occurred in 7/160 (4%), 9/161 (6%), and 8/162 (5%) adult patients, respectively.
Advise males and females to use effective contraception for at least 5 and 8 months after the last dose, respectively.
Nausea and vomiting were reported in 51% and 49% of patients, respectively.
Infections occurred in 23/53 (43%) patients, and hemorrhage occurred in 22/53 (42%) patients.
The rate of mortality was 31/79 (39%) with DRUGEX and 8/35 (23%) with placebo.
Rash occurred in 23/164 (14%) adult patients and in 8/53 (15%) pediatric patients.
Fatal reactions occurred in 8% of patients, including sepsis and encephalopathy.
The median time to onset of colitis was 15 days (range, 3 to 57) in 26 patients.
Store DRUGEX at 20°C to 25°C in its carton.
QTcF rose by >60 msec in 7/49 (14%) patients, and 3/52 (6%) had QTcF values >500 msec.
To report an adverse event, please call 1-800-555-0100.
Pyrexia was seen in more patients than headache was.

Reactions by dose in patients of the trial of DRUGEX with psoriasis

Adverse reaction\tDRUGEX 10 mg (N=41)\tDRUGEX 20 mg (N=42)\tPlacebo (N=40)
Dizziness\t5 (12)\t9 (21)\t2 (5)
Cough\t3 (7)\t4 (10)\t-
Fatigue\t1 (2)\t<1\t0

Reactions by age in patients of the trial of DRUGEX with psoriasis

Adverse reaction\tAdults, %\tChildren, %
Alopecia\t15\t13
Anemia\t9\t8
Asthenia\t4\t2

Reactions by severity in patients of the trial of DRUGEX with psoriasis

Adverse reaction\tOverall, %\tGrade ≥3, %
Sinusitis\t17\t3
Tinnitus\t9\t1
Vertigo\t4\t2
"""


@cache
def drugex() -> Label:
    return read_text(PROSE, "drugex.txt")


def picked(question: str, words: str, label: Label | None = None) -> Pick | None:
    """The pick from the first passage that quotes some words."""
    label = label or drugex()
    passages = (passage for passage in split(label) if passage.kind != "definition")
    passage = next(one for one in passages if words in label.text[one.start : one.end])
    found = pick(understander(label).read(question, (label.id,)), passage, label)
    if found is not None:
        assert all(passage.start <= start < end <= passage.end for start, end in found.spans)
    return found


def text(found: Pick | None) -> str | None:
    return found.text if found else None


def marked(found: Pick | None, label: Label | None = None) -> list[str]:
    """What is highlighted."""
    return [(label or drugex()).text[start:end] for start, end in found.spans] if found else []


@pytest.mark.parametrize(
    ("question", "words", "answer", "highlights"),
    [
        ("AST rate", "Grade 3/4", "4% (7/160)", ["7/160 (4%)"]),
        ("what share had raised bilirubin?", "Grade 3/4", "5% (8/162)", ["8/162 (5%)"]),
        ("How long should men use contraception?", "Advise", "5 months", ["5"]),
        ("contraception in women, how long", "Advise", "8 months", ["8 months"]),
        ("vomiting rate", "Nausea and", "49%", ["49%"]),
        ("how common is nausea", "Nausea and", "51%", ["51%"]),
    ],
)
def test_respectively_gives_each_item_its_own_figure(question, words, answer, highlights):
    found = picked(question, words)
    assert (text(found), marked(found)) == (answer, highlights)


@pytest.mark.parametrize(
    ("question", "words", "answer"),
    [
        ("infection rate", "Infections", "43% (23/53)"),
        ("hemorrhage incidence", "Infections", "42% (22/53)"),
        ("rash rate in adults", "Rash", "14% (23/164)"),
        ("rash rate in kids", "Rash", "15% (8/53)"),
        ("How many had QTcF >500 msec?", "QTcF rose", "6% (3/52)"),
        ("QTcF >60 msec rate", "QTcF rose", "14% (7/49)"),
    ],
)
def test_of_twins_the_one_asked_about_answers(question, words, answer):
    assert text(picked(question, words)) == answer


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("mortality rate", "39% (31/79)"),
        ("mortality rate with placebo", "23% (8/35)"),
        ("mortality vs placebo", "39% (31/79) vs 23% (8/35) (placebo)"),
    ],
)
def test_each_arm_has_its_figure_in_prose(question, answer):
    assert text(picked(question, "The rate of mortality")) == answer


@pytest.mark.parametrize(
    ("question", "words", "answer"),
    [
        ("median time to onset of colitis", "The median", "15 days"),
        ("how many had colitis", "The median", "26"),
        ("storage temperature", "Store", "20°C to 25°C"),
        ("phone number for adverse events", "To report", "1-800-555-0100"),
        ("rate of fatal reactions", "Fatal", "8%"),
    ],
)
def test_the_kind_asked_for_is_picked(question, words, answer):
    assert text(picked(question, words)) == answer


@pytest.mark.parametrize(("question", "words"), [("sepsis rate", "Fatal"), ("pyrexia rate", "Pyrexia was")])
def test_no_figure_is_picked_where_none_is_about_the_subject(question, words):
    assert picked(question, words) is None


@pytest.mark.parametrize(
    ("question", "words", "answer", "column", "certain"),
    [
        ("dizziness with 20 mg", "Dizziness", "9 (21)", 1, True),
        ("dizziness rate on placebo", "Dizziness", "2 (5)", 2, True),
        ("dizziness rate", "Dizziness", "DRUGEX 10 mg (N=41): 5 (12); DRUGEX 20 mg (N=42): 9 (21)", None, False),
        ("dizziness vs placebo at 20 mg", "Dizziness", "9 (21) vs 2 (5) (placebo (n=40))", 1, True),
        ("cough rate on placebo", "Cough", "-", 2, True),
        ("fatigue rate at 20 mg", "Fatigue", "<1", 1, True),
        ("grade 3/4 sinusitis rate", "Sinusitis", "3%", 1, True),
        ("sinusitis rate", "Sinusitis", "17%", 0, True),
        ("alopecia rate in adults", "Alopecia", "15%", 0, True),
        ("alopecia rate in children", "Alopecia", "13%", 1, True),
        ("alopecia rate", "Alopecia", "Adults: 15%; Children: 13%", None, False),
    ],
)
def test_a_column_is_told_by_dose_arm_and_population(question, words, answer, column, certain):
    found = picked(question, words)
    assert found is not None
    assert (found.text, found.column, found.certain) == (answer, column, certain)


def test_a_row_without_a_column_for_the_population_answers_nothing():
    assert picked("alopecia in the elderly", "Alopecia") is None


@pytest.mark.parametrize(
    ("question", "words", "answer", "column"),
    [
        ("headache rate", "Headache", "33 (12)", 0),
        ("headache rate with placebo", "Headache", "12 (9)", 2),
        ("grade 3 or higher herpes zoster rate", "Herpes zoster**", "2 (1)", 1),
        ("herpes zoster grade ≥3 on placebo", "Herpes zoster**", "0", 3),
        ("lymphocyte decreased on placebo", "Lymphocyte", "4% (n=136)", 3),
    ],
)
def test_arm_and_grade_lead_to_one_of_four_columns(question, words, answer, column):
    found = picked(question, words, page("keldriva.txt"))
    assert found is not None
    assert (found.text, found.column) == (answer, column)


@pytest.mark.parametrize(
    ("question", "words", "answer", "highlight"),
    [
        ("pyrexia rate", "Pyrexia 49", "49%", ["49"]),
        ("grade 3 or higher pyrexia", "Pyrexia 49", "4%", ["4"]),
        ("all grade anemia", "Anemia*", "45%", ["45"]),
        ("platelet count decreased rate", "Platelet count decreased 53", "100%", ["100"]),
        ("grade 3/4 platelet decrease", "Platelet count decreased 53", "85%", ["85"]),
        ("how many were tested for ALP", "ALP increased 58", "58", ["58"]),
    ],
)
def test_grades_and_counts_of_the_owners_page(question, words, answer, highlight):
    found = picked(question, words, seed())
    assert (text(found), marked(found, seed())) == (answer, highlight)


def test_a_grade_that_no_column_states_is_missing():
    found = picked("grade 4 pyrexia rate", "Pyrexia 49", seed())
    assert found is not None
    assert (found.grade_missing, found.column) == (True, None)


def test_a_value_takes_the_unit_of_its_column():
    table = seed().tables[1]
    assert [shown_value(table, 1, value) for value in ("100", "<1", "-", "12%")] == ["100%", "<1%", "-", "12%"]
    assert shown_value(page("keldriva.txt").tables[0], 0, "41 (15)") == "41 (15)"
