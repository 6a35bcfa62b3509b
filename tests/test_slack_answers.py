"""Replies in Block Kit: what is shown, within Slack's limits, with nothing lost and nothing taken for markup."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_rules import bold, problems, words
from standin import Standin, cite, cite_row, hostile_reply
from standin_label import ADULT, ATTACK, BOXED_TEXT, LABEL, hostile

from assistant.answering.wording import Wording
from assistant.assembly import Assistant
from assistant.reply import Choice, CitedRow, Reply, Statement
from assistant.slack import saying
from assistant.slack.arranging import Arranged, Arranger
from assistant.slack.blocks import Piece, Run, buttons, cut, paragraph
from assistant.slack.packing import Message, messages
from assistant.slack.pressing import Rest, more_button, rest_of
from assistant.slack.rows import fits, row, said
from assistant.slack.showing import boxed_text

QUESTIONS = Path(__file__).parents[1] / "eval" / "questions"
BASE = "https://labels.example"


def arranged(reply: Reply, *labels: Any) -> Arranged:
    return Arranger(Standin(*labels).label, Wording.open(), BASE).arrange(reply)


def asked(question: str) -> Reply:
    return Standin().ask(question)


def all_messages(one: Arranged) -> list[Message]:
    return [*messages(one.first), *messages(one.more)]


def wrong(one: Arranged) -> list[str]:
    return [problem for message in all_messages(one) for problem in problems(list(message.blocks))]


def shown(pieces: Any) -> str:
    return words([piece.block for piece in pieces])


def test_a_table_row_is_a_table_block_under_its_heads() -> None:
    first = arranged(asked("severe nausea?")).first
    (table,) = [piece.block for piece in first if piece.block["type"] == "table"]
    assert [[words([cell]) for cell in line] for line in table["rows"]] == [
        ["Adverse reaction", "EXAMPLOR (n=40) › All grades, %", "EXAMPLOR (n=40) › Grade ≥3, %",
         "Placebo (n=38) › All grades, %", "Placebo (n=38) › Grade ≥3, %"],
        ["Gastrointestinal disorders", " ", " ", " ", " "],
        ["Nausea", "15", "2", "8", "0"],
    ]  # fmt: skip
    assert bold([table]) == ["EXAMPLOR (n=40) › Grade ≥3, %", "2"]
    assert (
        "* Includes retching.\n† Includes chills. (the label doesn't print which row this belongs to)\nn=40"
        in shown(first)
    )


def test_a_second_table_in_a_message_stands_in_words() -> None:
    two = replace(
        asked("severe nausea?"),
        statements=(Statement(text="a", citations=(1,)), Statement(text="b", citations=(2,))),
        citations=(cite_row(1), replace(cite_row(2), section=("Elsewhere",))),
    )
    first = arranged(two).first
    assert [piece.block["type"] for piece in first].count("table") == 1
    assert "Gastrointestinal disorders › Nausea\nEXAMPLOR (n=40) › All grades, %: 15\n" in shown(first)
    assert wrong(arranged(two)) == []


def wide(columns: int, value: str = "1") -> CitedRow:
    table = cite_row(1).table
    assert table is not None
    heads = tuple((f"Arm {number} (n={number})",) for number in range(columns))
    return replace(table, columns=heads, values=(value,) * columns, answering_column=0)


@pytest.mark.parametrize(("cited", "is_table"), [(wide(19), True), (wide(20), False), (wide(3, "7 " * 2000), False)])
def test_a_row_that_slack_takes_no_table_of_stands_in_words(cited: CitedRow, is_table: bool) -> None:
    pieces = list(row(cited, as_block=True))
    assert fits(cited) is is_table
    assert any(piece.block["type"] == "table" for piece in pieces) is is_table
    assert [problem for message in messages(pieces) for problem in problems(list(message.blocks))] == []
    assert "".join(said(cited).split()) in "".join(shown(pieces).split()) or is_table


def test_a_blank_value_stays_blank_and_no_zero() -> None:
    cited = replace(wide(3), values=("", "-", "<1"))
    assert said(cited).splitlines()[1:] == ["Arm 0 (n=0):  ", "Arm 1 (n=1): -", "Arm 2 (n=2): <1"]
    (table,) = [piece.block for piece in row(cited, as_block=True) if piece.block["type"] == "table"]
    assert [words([cell]) for cell in table["rows"][-1]] == ["Nausea", " ", "-", "<1"]


def test_every_notice_is_shown_in_its_order() -> None:
    first = arranged(asked("notices")).first
    names = [
        name for line in shown(first).splitlines() for name in saying.NOTICES.values() if line.startswith(f"{name}: ")
    ]
    assert names == [
        "Emergency", "Report an adverse event", "No advice on a patient", "Comparison", "The label contradicts itself",
        "Check this figure", "About whom", "Boxed warning",
    ]  # fmt: skip
    assert "This text may differ from the latest FDA-approved labeling." in shown(first)
    assert wrong(arranged(asked("notices"))) == []


def test_a_summary_to_copy_stands_apart() -> None:
    reply = asked("notices")
    notices = [replace(one, text="Report it. To copy: Suspect product: X.") if one.kind == "report_adverse_event" else one
               for one in reply.notices]  # fmt: skip
    first = arranged(replace(reply, notices=tuple(notices))).first
    kinds = [piece.block["elements"][0]["type"] for piece in first if piece.block["type"] == "rich_text"]
    assert "rich_text_preformatted" in kinds
    assert "Report an adverse event: Report it.\nSuspect product: X.\n" in shown(first)


def test_the_boxed_warning_is_open_where_fair_balance_asks_for_it() -> None:
    reply = asked("adults?")
    dosage = replace(reply, understood=replace(reply.understood, section="dosage"))
    assert BOXED_TEXT not in shown(arranged(reply).first)
    assert BOXED_TEXT in shown(arranged(dosage).first)


def test_choices_are_buttons_that_carry_their_questions() -> None:
    first = arranged(asked("What is LI, say LI?")).first
    (actions,) = [piece.block["elements"] for piece in first if piece.block["type"] == "actions"]
    assert [(one["text"]["text"], one["value"]) for one in actions] == [
        ("Liver injury", "What is the rate of nausea in adults?"),
        ("Low immunity", "What is low immunity?"),
    ]
    assert [one["action_id"] for one in actions] == ["choice:0", "choice:1"]


def test_a_choice_too_long_for_a_button_is_told_in_words() -> None:
    reply = replace(
        asked("LI? LI"), choices=(Choice(text="Long", question="x" * 2001), Choice(text="A", question="a?"))
    )
    one = arranged(replace(reply, kind="clarification", headline=None))
    assert wrong(one) == []
    assert "x" * 1000 in shown(one.first)


def test_passages_near_a_refusal_are_never_called_an_answer() -> None:
    one = arranged(asked("What is the dose?"))
    assert one.is_beyond_label
    assert shown(one.first).index(saying.NEAREST) < shown(one.first).index("“Interrupt EXAMPLOR for grade 3 nausea”")
    assert [piece.block["type"] for piece in one.first].count("header") == 0


def test_a_comparison_stands_under_the_names_of_its_products() -> None:
    other = replace(LABEL, id="otherex", name="OTHEREX")
    first = arranged(asked("compare"), LABEL, other).first
    assert [text for text in bold([piece.block for piece in first]) if text in ("EXAMPLOR", "OTHEREX")] == [
        "EXAMPLOR", "OTHEREX",
    ]  # fmt: skip


def test_without_a_public_address_nothing_links() -> None:
    one = Arranger(Standin().label, Wording.open(), "").arrange(asked("adults?"))
    assert '"link"' not in json.dumps([piece.block for piece in one.first])
    assert "EXAMPLOR, version 3, 2025-06-01 › Adverse reactions (" in shown(one.first)


def test_nothing_in_a_hostile_reply_is_taken_for_markup() -> None:
    reply = hostile_reply("x")
    one = arranged(replace(reply, turn_id="t", message=f"<!channel> {ATTACK}"), hostile())
    assert wrong(one) == []
    for message in all_messages(one):
        assert "<" not in re.sub(r"&lt;|&gt;|&amp;", "", message.words)
        assert "\u202e" not in words(list(message.blocks))
        kinds = {block["type"] for block in message.blocks}
        assert kinds <= {"header", "rich_text", "divider", "context", "actions", "context_actions"}
        assert "mrkdwn" not in json.dumps(message.blocks)


def test_an_oversize_answer_is_split_and_keeps_every_figure() -> None:
    figures = [f"{number}.{number % 10}% ({number}/{number + 100})" for number in range(1, 900)]
    quote = " ".join(f"Reaction {figure}." for figure in figures)
    reply = asked("adults?")
    long = replace(cite(1, ADULT), quote=quote, start=0, end=len(quote), highlights=())
    one = arranged(replace(reply, citations=(long, *reply.citations[1:])))
    made = messages(one.first)
    assert len(made) > 1
    assert wrong(one) == []
    assert all(len(message.text) <= 4000 for message in made)
    texts = [line for message in made for line in words(list(message.blocks)).splitlines()]
    whole = " ".join(texts)
    assert [figure for figure in figures if figure not in whole] == []
    in_text = " ".join(part.words for message in made for part in message.without_blocks())
    assert [figure for figure in figures if figure not in in_text] == []


def test_the_boxed_warning_is_verbatim() -> None:
    assert BOXED_TEXT in shown(boxed_text(LABEL))


def test_what_show_more_carries_comes_back_and_fits() -> None:
    reply = replace(asked("adults?"), standalone_question="wie häufig? " * 100)
    assert rest_of(more_button(reply).value) == Rest(
        conversation="talk-1", turn="talk-1-1", question="wie häufig? " * 100
    )
    long = replace(reply, standalone_question='"' * 2000)
    assert rest_of(more_button(long).value).question == ""
    assert len(more_button(long).value) <= 2000


@given(st.text(alphabet="ab1 .,;\n(%/≥*", max_size=400), st.integers(min_value=20, max_value=80))
def test_a_cut_text_loses_nothing_but_blanks_at_its_cuts(text: str, most: int) -> None:
    parts = list(cut(text, most))
    assert all(0 < len(part) <= most or not part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "most", "parts"),
    [
        ("rate 14 (23/164) and 5", 12, ["rate", "14 (23/164)", "and 5"]),
        ("aaaa bbbb ≥ 3 cccc", 12, ["aaaa bbbb", "≥ 3 cccc"]),
        ("aaaa bbbb 1 000 cc", 12, ["aaaa bbbb", "1 000 cc"]),
        ("aaaaaaa bbbb * Includes", 18, ["aaaaaaa", "bbbb * Includes"]),
        ("one. two. three", 10, ["one. two.", "three"]),
    ],
)
def test_a_cut_never_falls_inside_a_figure_or_before_its_mark(text: str, most: int, parts: list[str]) -> None:
    assert list(cut(text, most))[: len(parts)] == parts


@given(st.lists(st.tuples(st.text(max_size=6000), st.booleans()), max_size=8))
def test_whatever_is_said_fits_slack(texts: list[tuple[str, bool]]) -> None:
    pieces: list[Piece] = [piece for text, is_bold in texts for piece in paragraph(Run(text=text, bold=is_bold))]
    for message in messages(pieces):
        assert problems(list(message.blocks)) == []


def test_over_fifty_blocks_become_several_messages() -> None:
    made = messages([piece for number in range(120) for piece in paragraph(Run(text=f"line {number}"))])
    assert [len(message.blocks) for message in made] == [50, 50, 20]


def test_no_buttons_make_no_block() -> None:
    assert list(buttons()) == []


@pytest.mark.slow
@pytest.mark.parametrize("half", ["dev", "test"])
def test_every_reply_to_the_question_set_is_within_slacks_limits(half: str, real_assistant: Assistant) -> None:
    arranger = Arranger(real_assistant.label, Wording.open(), BASE)
    for line in (QUESTIONS / f"besponsa-{half}.jsonl").read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        reply = real_assistant.ask(question["question"], history=question["history"])
        one = arranger.arrange(reply)
        assert wrong(one) == [], question["id"]
        seen = " ".join(words([piece.block for piece in (*one.first, *one.more)]).split())
        quotes = [*(citation for citation in reply.citations if not citation.table), *reply.nearest]
        assert [one.quote for one in quotes if not one.table and " ".join(one.quote.split()) not in seen and
                not any(notice.citation == one.number for notice in reply.notices)] == [], question["id"]  # fmt: skip
        assert reply.headline is None or " ".join(reply.headline.text.split()) in seen
