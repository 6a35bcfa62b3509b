"""Figures told of two arms, groups, grades or doses in one sentence, and the column that answered the question before."""

from dataclasses import replace
from functools import cache

import pytest
from seed import figure_of, passage_of, read_text, understander

from assistant.answering.picking import pick
from assistant.label import Label
from assistant.retrieving.matching import match, passage_words
from assistant.understanding.followups import resolve

TEXT = """WARNEXA (warnexib) tablets

Clinical Trials Experience

Pancreatitis was more frequent in patients receiving WARNEXA (6 of 2,365 [0.3%]) than in patients receiving placebo (0 of 468 [0%]).
The median reduction in seizures was 28.4% with placebo and 63.2% with WARNEXA (p=0.002).
Low sodium was seen in 4/415 patients (1.0%) treated with 800 mg and 6/410 (1.5%) patients treated with 1200 mg of WARNEXA, compared to none on placebo.
Dizziness was more frequent with WARNEXA and carbamazepine than with WARNEXA without carbamazepine (up to 37% vs. 19%, respectively).
Reflux disease (1.9% versus 3.5% for placebo versus WARNEXA) and vomiting (2.6% versus 4.2% for placebo versus WARNEXA) were seen.
Patients with a history of thrush had it more often (10.0%, 23.1%, and 25.0% on placebo, WARNEXA 5 mg, and WARNEXA 10 mg, respectively).
ALT elevations of any grade occurred in 10% of patients on WARNEXA (0.2% Grade 3-4) and 16% of patients on placebo (0.3% Grade 3-4).
Leukopenia was higher in patients 65 years and older than in younger ones; neutropenia (87% vs. 74%), and febrile neutropenia (8% vs. 6%).
Antibodies developed in 6.2% of patients on monotherapy and 2.4% of those taking methotrexate.
The recommended starting dose of WARNEXA is 10 mg/day; the maximum recommended dose is 20 mg/day.
Visual loss was seen within the first 8 weeks of treatment (as early as after 3 days).
With amlodipine 5 mg, the mean additional reduction of blood pressure was 8 mmHg systolic and 7 mmHg diastolic.
About one third of those examined after approximately 4 years of treatment had changes of the retina.
Discontinuations were 1.1% with the 6-dose regimen overall: 0.2% (1/647) in adults and 1.6% (21/1,332) in children.

Adverse reactions in the trial of WARNEXA

Adverse reaction\tWARNEXA 120 Units (N=77)\tWARNEXA 240 Units (N=82)\tPlacebo (N=74)
Neck pain\t7%\t15%\t4%
Dysphagia\t13%\t18%\t3%
Muscle weakness\t7%\t11%\t1%
Headache\t6%\t9%\t2%

Adverse reactions in children

Adverse reaction\t2 to less than 6 years (N=24)\t6 to less than 12 years (N=31)\t12 to less than 18 years (N=29)
Vomiting\t38%\t26%\t17%
Nausea\t21%\t16%\t14%
Rash\t8%\t6%\t7%
Cough\t4%\t3%\t3%

Drug interactions

Finding\tWARNEXA (N=77)\tPlacebo (N=74)
Apixaban, rivaroxaban\t7%\t4%
Lopinavir/ritonavir\t6%\t3%
Back pain\t5%\t2%
Candida glabrata\t4%\t1%
"""


@cache
def warnexa() -> Label:
    return read_text(TEXT, "warnexa.txt")


@pytest.mark.parametrize(
    ("question", "words", "answer"),
    [
        ("pancreatitis rate?", "Pancreatitis was", "0.3%"),
        ("pancreatitis rate on placebo?", "Pancreatitis was", "0%"),
        ("median drop in seizures?", "The median reduction", "63.2%"),
        ("low sodium on 800 mg?", "Low sodium", "1.0% (4/415)"),
        ("low sodium on 1200 mg?", "Low sodium", "1.5% (6/410)"),
        ("dizziness with carbamazepine, %?", "Dizziness was", "37%"),
        ("reflux disease rate?", "Reflux disease", "3.5%"),
        ("vomiting rate on placebo?", "Reflux disease", "2.6%"),
        ("thrush on 10 mg, %?", "Patients with a history", "25.0%"),
        ("ALT elevation rate", "ALT elevations", "10%"),
        ("ALT elevation rate, grade 3-4", "ALT elevations", "0.2%"),
        ("ALT elevation % on WARNEXA and % on placebo", "ALT elevations", "10% vs 16% (placebo)"),
        ("neutropenia in over-65s versus under-65s", "Leukopenia was", "87% vs 74%"),
        ("febrile neutropenia in over-65s versus under-65s", "Leukopenia was", "8% vs 6%"),
        ("antibody rate without methotrexate", "Antibodies developed", "6.2%"),
        ("max dose?", "The recommended starting dose", "20 mg/day"),
        ("starting dose?", "The recommended starting dose", "10 mg/day"),
        ("earliest visual loss seen", "Visual loss", "3 days"),
        ("extra drop in systolic pressure?", "With amlodipine", "8 mmHg"),
        ("how often are retina exams needed?", "About one third", None),
        ("discontinuation rate in children", "Discontinuations were", "1.6% (21/1,332)"),
        ("what % of preschoolers vomited?", "Vomiting\t38%", "38%"),
        ("vomiting rate in adolescents", "Vomiting\t38%", "17%"),
    ],
)
def test_the_figure_of_the_arm_or_group_asked_about(question: str, words: str, answer: str | None) -> None:
    assert figure_of(question, words, warnexa()) == answer


@pytest.mark.parametrize(
    ("question", "text", "column"),
    [
        ("neck pain at that dose?", "15%", 1),
        ("and neck pain with the other dose?", "7%", 0),
        ("neck pain on placebo?", "4%", 2),
    ],
)
def test_a_follow_up_knows_the_column_that_answered_before(question: str, text: str, column: int) -> None:
    reader, label = understander(warnexa()), warnexa()
    asked = reader.read("dysphagia on 240 units?", ("warnexa",))
    before = replace(asked, told=label.tables[0].columns[1].header)
    reading = resolve(reader.read(question, ("warnexa",)), before, lambda one: reader.read(one, ("warnexa",)))[0]
    found = pick(reading, passage_of("Neck pain", warnexa()), label)
    assert found is not None
    assert (found.text, found.column) == (text, column)


def test_a_row_that_names_two_medicines_is_about_each() -> None:
    assert covered("how many took apixaban?", "Apixaban, rivaroxaban") == 1.0
    assert covered("how many took ritonavir?", "Lopinavir/ritonavir") < 0.2
    assert covered("how common is pain?", "Back pain") < 0.2
    assert covered("how common is C. glabrata?", "Candida glabrata") == 1.0


def covered(question: str, words: str) -> float:
    """How far the row covers what the question is about first of all."""
    reader, label = understander(warnexa()), warnexa()
    query = reader.read(question, ("warnexa",))
    passage = passage_of(words, warnexa())
    found = match(query, passage, passage_words(passage, label, reader.lexicon))
    return max(share for concept, share in zip(query.subject, found.covered, strict=True) if concept.essential)
