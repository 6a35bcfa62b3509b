"""The reply contract's promises, over every development question about the owner's page, with the real encoder."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import grades, populations, sentences
from assistant.assembly import Assistant, open_assistant
from assistant.evaluating.questions import Question, load
from assistant.label import Label
from assistant.reply import Citation, Reply, as_json
from assistant.settings import Settings

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus" / "labels"
QUESTIONS = ROOT / "eval" / "questions" / "besponsa-dev.jsonl"
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")


@pytest.fixture(scope="module")
def engine(real_index: Path) -> Assistant:
    return open_assistant(Settings(corpus=CORPUS, index=real_index))


@pytest.fixture(scope="module")
def asked(engine: Assistant) -> list[tuple[Question, Reply]]:
    return [(one, engine.ask(one.question, history=one.history)) for one in load([QUESTIONS])]


@pytest.fixture(scope="module")
def label(engine: Assistant) -> Label:
    return engine.label("besponsa-pediatric-safety")


def named(question: Question, *said: object) -> str:
    """A violation, told with the question that it stands at."""
    return f"{question.id} {question.question!r}: {said}"


def without_ids(reply: Reply) -> Reply:
    return replace(reply, conversation_id="", turn_id="", elapsed_ms=0.0)


def numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def said(citation: Citation) -> str:
    """The quote, and for a row the heads that its values stand under."""
    heads = [head for path in citation.table.columns for head in path] if citation.table else []
    return " ".join((citation.quote, *heads))


def test_every_quote_is_the_labels_text_with_its_highlights_inside(asked, label):
    wrong = [
        named(question, citation.number)
        for question, reply in asked
        for citation in (*reply.citations, *reply.nearest)
        if label.text[citation.start : citation.end] != citation.quote
        or not all(citation.start <= one.start < one.end <= citation.end for one in citation.highlights)
    ]
    assert wrong == []
    assert sum(len(reply.citations) + len(reply.nearest) for _, reply in asked) > 1000


def test_a_quote_is_what_a_reader_would_quote(asked):
    wrong = [
        named(question, citation.quote)
        for question, reply in asked
        for citation in (*reply.citations, *reply.nearest)
        if len(citation.quote) > 600 and len(sentences.split(citation.quote)) > 3
    ]
    assert wrong == []


def test_every_figure_of_a_headline_stands_in_the_quote_that_it_cites(asked):
    wrong = [
        named(question, reply.headline.text, citation.quote)
        for question, reply in asked
        if reply.headline
        for citation in (reply.citations[reply.headline.citation - 1],)
        if not numbers(reply.headline.text) <= numbers(said(citation)) or not citation.highlights
    ]
    assert wrong == []
    assert sum(reply.headline is not None for _, reply in asked) > 80


def test_every_statement_is_a_quote_and_every_number_leads_to_a_citation(asked):
    for question, reply in asked:
        quotes = {citation.number: citation.quote for citation in reply.citations}
        numbers = [citation.number for citation in (*reply.nearest, *reply.citations)]
        assert numbers == list(range(1, len(numbers) + 1)), named(question)
        for statement in reply.statements:
            assert all(quotes[number] == statement.text for number in statement.citations), named(question)
        cited = [*(one.citation for one in reply.close), *(one.citation for one in reply.notices if one.citation)]
        assert set(cited) <= set(quotes), named(question)


def test_no_other_population_or_trial_answers_where_one_is_asked_for(asked):
    wrong = [
        named(question, reply.understood.population, citation.about)
        for question, reply in asked
        for statement in reply.statements
        for citation in (reply.citations[statement.citations[0] - 1],)
        if populations.conflict((reply.understood.population or "").split(", "), citation.about)
    ]
    assert wrong == []


def stated_grades(citation: Citation) -> Iterator[str]:
    """The grades of a quote, of a row those of the column that answers."""
    if citation.table is None:
        yield from grades.named(citation.quote)
    elif citation.table.answering_column is not None:
        for head in citation.table.columns[citation.table.answering_column]:
            yield from grades.named(head)


def test_no_other_grade_answers_where_one_is_asked_for(asked):
    wrong = [
        named(question, reply.understood.grade, reply.headline.text)
        for question, reply in asked
        if reply.headline and reply.understood.grade
        for stated in (list(stated_grades(reply.citations[reply.headline.citation - 1])),)
        if stated
        and not any(grades.covers(one, wanted) for one in stated for wanted in reply.understood.grade.split(", "))
    ]
    assert wrong == []


def test_a_row_is_cited_with_caption_heads_values_and_notes(asked, label):
    rows = [one for _, reply in asked for one in (*reply.citations, *reply.nearest) if one.kind == "table_row"]
    assert len(rows) > 50
    for citation in rows:
        table = citation.table
        assert table is not None
        (own,) = (
            row for each in label.tables for row in each.rows if (row.start, row.end) == (citation.start, citation.end)
        )
        assert (table.row_label, table.row_group) == (own.label, " / ".join(own.group))
        assert table.values == tuple(cell.text for cell in own.cells)
        assert len(table.columns) == len(table.values)
        assert all(path and table.caption for path in table.columns)
        assert not any(note.certain for note in table.footnotes)  # this page lost every mark of its legends


def test_a_reply_that_does_not_answer_offers_nothing_as_an_answer(asked):
    for question, reply in asked:
        if reply.kind == "answer":
            assert reply.statements, named(question)
            assert (reply.reason, reply.message, reply.nearest) == (None, "", ()), named(question)
        else:
            noted = [notice.citation for notice in reply.notices if notice.citation]
            assert (reply.headline, reply.statements, reply.close) == (None, (), ()), named(question)
            assert [citation.number for citation in reply.citations] == noted, named(question)
            assert reply.reason, named(question)
            assert reply.message, named(question)


def test_a_product_with_a_boxed_warning_shows_its_title_with_every_answer(asked):
    for question, reply in asked:
        boxed = [one for one in reply.notices if one.kind == "boxed_warning"]
        if reply.kind == "answer":
            (notice,) = boxed
            quote = reply.citations[notice.citation - 1].quote
            assert quote.startswith("WARNING: HEPATOTOXICITY, INCLUDING HEPATIC VENO-OCCLUSIVE DISEASE"), named(
                question
            )
            assert notice.text == " ".join(quote.split()), named(question)


def test_the_same_question_gets_the_same_reply(asked, engine):
    for question, reply in asked[::5]:
        again = engine.ask(question.question, history=question.history)
        assert without_ids(again) == without_ids(reply), named(question)


def test_a_reply_is_plain_json(asked):
    for _, reply in asked[::20]:
        plain = as_json(reply)
        assert plain["kind"] == reply.kind
        assert [one["quote"] for one in plain["citations"]] == [one.quote for one in reply.citations]


def test_no_question_takes_long(asked):
    times = sorted(reply.elapsed_ms for _, reply in asked)
    assert times[len(times) // 2] < 1000  # a loaded machine; idle it is some 20 ms
