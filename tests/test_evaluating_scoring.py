"""What counts as right: figures as whole numbers, quotes, rows, and whole outcomes."""

from dataclasses import replace

import pytest
from standin import Standin, cite, cite_row
from standin_label import ADULT, CHILD, TEXT

from assistant.evaluating.matching import supports
from assistant.evaluating.questions import GoldRow, Question
from assistant.evaluating.scoring import Outcome, score
from assistant.evaluating.tokens import carries, states_wrongly
from assistant.reply import Headline, Highlight, Reply

NAUSEA = Question(
    id="q1",
    label="examplor",
    question="How often did adults have nausea?",
    answerable=True,
    evidence=("nausea occurred in 31/164\nadult patients",),
    headline=("19%",),
    wrong=("15%",),
    tags=("figure",),
)
SILENT = Question(id="q2", label="examplor", question="What is the dose?", answerable=False, wrong=("15",))
ROW = Question(
    id="q3",
    label="examplor",
    question="severe nausea in children",
    answerable=True,
    evidence=("Nausea",),
    row=GoldRow(label="nausea", column="EXAMPLOR Grade ≥3", cells=("2",)),
    headline=("2",),
    wrong=("15",),
)
TEXTS = {"examplor": TEXT}


def ask(question: str) -> Reply:
    return Standin().ask(question)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("14% (23/164)", "14%"),
        ("14% (23/164)", "23/164"),
        ("23 of 164 patients (14%)", "23/164"),
        ("2,387 patients", "2387"),
        (".05", "0.05"),
        ("10-80 mg", "80"),
        ("20–25°C", "25"),
        ("5 and 8 months", "8 months"),
        ("15", "15 days"),
        ("-51.8 (-82.8, 41.3)", "-51.8"),
        ("−39.6", "-39.6"),
        ("≥3", "3"),
        ("<1%", "<1"),
        ("1-800-438-1985", "1-800-438-1985"),
        ("PP-INO-USA-0658", "PP-INO-USA-0658"),
        ("Not applicable (NA)", "NA"),
    ],
)
def test_a_headline_carries_a_figure_that_stands_in_it_as_a_whole_number(text: str, figure: str) -> None:
    assert carries(text, figure)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("49%", "4"),
        ("4.5", "4"),
        ("<1%", "1"),
        ("1%", "<1"),
        ("2 months", "2 cycles"),
        ("CD22", "22"),
        ("12 mg/m2", "2"),
        ("39.6", "-39.6"),
        ("23 patients", "23/164"),
        ("1-800-505-4426", "1-800-438-1985"),
    ],
)
def test_a_headline_does_not_carry_a_part_of_another_figure(text: str, figure: str) -> None:
    assert not carries(text, figure)


def test_totals_and_what_stands_in_brackets_beside_the_right_figure_are_no_wrong_figure() -> None:
    assert not states_wrongly("45% (24/53)", "53", False)
    assert not states_wrongly("45% (n=53)", "53", False)
    assert not states_wrongly("19% (n=5)", "5", True)
    assert states_wrongly("15% and 13%", "15", True)
    assert states_wrongly("45% (24/53)", "24/53", False)


def test_evidence_is_found_whatever_white_space_or_bars_stand_between() -> None:
    question = replace(NAUSEA, evidence=("Pyrexia* 49 4",))
    assert supports(question, "Pyrexia*\n49\t|\n4")
    assert not supports(question, "Pyrexia* 49 5")


def test_a_row_supports_by_label_value_and_column() -> None:
    row = cite_row(1)
    assert supports(ROW, row.quote, row.table)
    for column, cells in (("Placebo Grade 4", ("2",)), ("Grade ≥3", ("49",))):
        other = replace(ROW, row=GoldRow(label="Nausea", column=column, cells=cells))
        assert not supports(other, row.quote, row.table)
    vomiting = replace(ROW, evidence=(), row=GoldRow(label="Vomiting", column="", cells=("2",)))
    assert not supports(vomiting, row.quote, row.table)


def test_evidence_that_only_names_the_row_is_no_support() -> None:
    assert not supports(ROW, "Interrupt EXAMPLOR for nausea")
    assert supports(ROW, "Nausea of grade 3 occurred in 2% of children")


def test_a_right_answer_is_a_whole_outcome_without_fault() -> None:
    reply = ask(NAUSEA.question)
    outcome = score(NAUSEA, reply, TEXTS, candidates=(cite(1, CHILD), cite(2, ADULT)), elapsed_ms=3.0)
    assert outcome == Outcome(
        question=NAUSEA,
        reply=reply,
        shown=1,
        ranked=2,
        candidates=(cite(1, CHILD), cite(2, ADULT)),
        figure="right",
        has_wrong_figure=False,
        is_verbatim=True,
        quotes=3,
        confidence=0.9,
        elapsed_ms=3.0,
        standalone=None,
    )
    assert outcome.faults == ()


def test_another_figure_in_the_headline_is_a_wrong_figure() -> None:
    reply = replace(ask(NAUSEA.question), headline=Headline(text="15% (6/40)", citation=2))
    outcome = score(NAUSEA, reply, TEXTS)
    assert (outcome.figure, outcome.has_wrong_figure, outcome.faults) == ("wrong", True, ("wrong figure",))


def test_no_headline_is_a_missing_figure_but_no_wrong_one() -> None:
    outcome = score(NAUSEA, replace(ask(NAUSEA.question), headline=None), TEXTS)
    assert (outcome.figure, outcome.has_wrong_figure, outcome.faults) == ("missing", False, ("no figure",))


def test_an_answer_where_the_label_is_silent_is_a_false_one_and_any_figure_in_it_is_wrong() -> None:
    outcome = score(SILENT, ask(NAUSEA.question), TEXTS)
    assert outcome.faults == ("answered, though the label is silent", "wrong figure")
    assert (outcome.shown, outcome.is_false_answer, outcome.is_wrong_answer) == (None, True, True)


def test_a_refusal_shows_nothing_but_is_still_ranked_by_its_candidates() -> None:
    outcome = score(NAUSEA, ask("dose?"), TEXTS, candidates=(cite(1, ADULT),))
    assert (outcome.shown, outcome.ranked, outcome.faults) == (None, 1, ("refused",))
    assert score(SILENT, ask("dose?"), TEXTS).faults == ()


def test_a_citation_of_another_label_is_no_support() -> None:
    assert score(replace(NAUSEA, label="otherex"), ask(NAUSEA.question), TEXTS).shown is None


def test_a_quote_that_differs_from_the_source_or_a_highlight_outside_it_is_reported() -> None:
    reply = ask(NAUSEA.question)
    altered = replace(reply.citations[0], quote=ADULT.replace("19%", "91%"))
    outside = replace(reply.citations[0], highlights=(Highlight(start=0, end=3),))
    for citation in (altered, outside):
        outcome = score(NAUSEA, replace(reply, citations=(citation,)), TEXTS)
        assert not outcome.is_verbatim
        assert "a quote is not verbatim" in outcome.faults
