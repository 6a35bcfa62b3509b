"""What a question asks for: the measure, the kind of answer, sections, trials and arms."""

import pytest

from assistant.understanding.asking import asking


@pytest.mark.parametrize(
    ("question", "measure", "answer_type"),
    [
        ("VOD rate after HSCT in children?", "rate", "figure"),
        ("What percentage of kids had fever?", "rate", "figure"),
        ("How many patients had QTcF >500 msec?", "rate", "figure"),
        ("How many patients were tested for ALP?", "count", "figure"),
        ("n for GGT", "count", "figure"),
        ("How often did fever occur?", "frequency", "figure"),
        ("How soon does VOD start?", "time", "figure"),
        ("How long after HSCT does VOD start?", "time", "figure"),
        ("time to onset of VOD", "time", "figure"),
        ("How long should women use contraception?", "duration", "figure"),
        ("half-life", "duration", "figure"),
        ("What is the recommended starting dose?", "dose", "figure"),
        ("What is the median age?", "value", "figure"),
        ("storage temperature", "value", "figure"),
        ("What grade were infusion reactions?", "grade", "figure"),
        ("What number do I call?", "phone", "figure"),
        ("Who should I notify?", "phone", "figure"),
        ("How often should liver tests be checked?", "frequency", "action"),
        ("When should CBC be checked?", "time", "action"),
        ("Should I stop BESPONSA?", None, "action"),
        ("How is VOD managed?", None, "action"),
        ("Is it safe in pregnancy?", None, "yes_no"),
        ("Can women breastfeed?", None, "yes_no"),
        ("List the risk factors for VOD", None, "list"),
        ("What are the signs of VOD?", None, "list"),
        ("What does VOD stand for?", None, "definition"),
        ("Define NRM", None, "definition"),
        ("BESPONSA and the liver", None, "text"),
        ("withdrawals due to AEs, drug vs placebo", "rate", "figure"),
        ("Which share of children had anemia?", "rate", "figure"),
        ("Did any men faint, and how many?", "rate", "figure"),
        ("any-grade CRS rate", "rate", "figure"),
        ("What was non-relapse mortality in adults?", "rate", "figure"),
        ("What's the risk of penile fracture?", "rate", "figure"),
        ("What n is printed for ALP?", "count", "figure"),
        ("Over what window after the final dose?", "time", "figure"),
        ("How far ahead of treatment do we begin?", "time", "figure"),
        ("When should lipids be rechecked?", "time", "action"),
        ("At what interval is it given?", "frequency", "figure"),
        ("post-infusion observation period?", "duration", "figure"),
        ("contraception in men: months?", "duration", "figure"),
        ("CTCAE version?", "value", "figure"),
        ("QTc cutoff for stopping", "value", "figure"),
        ("At what pulse should he ring?", "value", "figure"),
        ("HR for death", "value", "figure"),
        ("dose ceiling?", "dose", "figure"),
        ("Which grade 3/4 reactions were there?", None, "list"),
        ("what counts as a reaction?", None, "text"),
        ("Which ARs need a dosing interruption?", None, "list"),
        ("raised liver enzymes, options?", None, "action"),
        ("Platelets are low, what now?", None, "action"),
        ("rash: hold or carry on?", None, "action"),
        ("dose adjustment in CKD", None, "action"),
        ("Who is most at risk of it?", None, "list"),
        ("Expand VOD please", None, "definition"),
        ("another name for SOS", None, "definition"),
    ],
)
def test_measure_and_kind_of_answer_are_told_from_the_wording(question, measure, answer_type):
    found = asking(question)
    assert (found.measure, found.answer_type) == (measure, answer_type)


@pytest.mark.parametrize(
    "question",
    [
        "rash on the 1200 mg dose",
        "how long after the last dose",
        "a dose-response trial",
        "what about the high dose?",
        "patients with a dose interruption",
    ],
)
def test_a_dose_that_names_something_is_not_asked_for(question):
    assert asking(question).measure != "dose"


@pytest.mark.parametrize(
    ("question", "arms"),
    [
        ("VOD rate vs placebo", ("drug", "placebo")),
        ("VOD rate with placebo", ("placebo",)),
        ("NRM with investigator's choice of chemotherapy", ("comparator",)),
        ("VOD in the control arm", ("comparator",)),
        ("in placebo-controlled trials", ()),
        ("and with the dummy injection?", ("placebo",)),
        ("control?", ("comparator",)),
        ("and in the other arm?", ("comparator",)),
        ("VOD rate", ()),
    ],
)
def test_arms_are_named(question, arms):
    assert asking(question).arms == arms


def test_the_words_of_an_arm_are_taken():
    found = asking("VOD rate with placebo")
    assert ["VOD rate with placebo"[start:end] for start, end in found.taken] == ["placebo"]


@pytest.mark.parametrize(
    ("question", "sections"),
    [
        ("What is in the boxed warning?", ("boxed_warning", "description", "warnings")),
        ("contraindications?", ("contraindications",)),
        ("How is it stored?", ("storage",)),
        ("What is it indicated for?", ("indications",)),
        ("Can I breastfeed?", ("lactation",)),
        ("How does it work?", ("mechanism", "mechanism", "clinical_studies")),
        ("VOD and NRM", ()),
    ],
)
def test_sections_are_meant_by_their_cues(question, sections):
    assert asking(question).sections == sections


def test_words_of_asking_are_soft():
    question = "How often did fever occur in patients?"
    soft = {question[start:end] for start, end in asking(question).soft}
    assert {"How", "often", "occur", "patients"} <= soft
    assert "fever" not in soft


def test_contractions_prefixes_and_reasons_are_soft():
    question = "Besides VOD, what can't be given pre-HSCT, and the reasons?"
    found = [question[start:end] for start, end in asking(question).soft]
    assert found == ["Besides", "can't", "given", "pre", "reasons"]
