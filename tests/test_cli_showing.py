"""What a reply looks like, on a terminal and elsewhere."""

from dataclasses import replace

import pytest
from rich.console import Console
from standin import Standin, cite
from standin_label import ATTACK

from assistant.cli.screen import clean
from assistant.cli.showing import quoted, show
from assistant.reply import Highlight


def shown(question: str, *, terminal: bool = False) -> str:
    console = Console(
        force_terminal=terminal,
        color_system="standard" if terminal else None,
        width=110,
        highlight=False,
        markup=False,
        emoji=False,
        record=True,
    )
    with console.capture() as captured:
        show(Standin().ask(question), console)
    return captured.get()


def test_a_row_is_a_small_table_with_its_answering_column_marked() -> None:
    assert [line.rstrip() for line in shown("severe nausea").splitlines()[1:16]] == [
        "2% [1]",
        "nausea · pediatric · Study B",
        "",
        "[1]",
        "  Table 2. Adverse reactions (≥5%) in pediatric patients (N=40), Study B",
        "  +----------------------------+-----------------+-------------------+----------------+----------------+",
        "  |                            | EXAMPLOR (n=40) | > EXAMPLOR (n=40) | Placebo (n=38) | Placebo (n=38) |",
        "  | Adverse reaction           |   All grades, % |       Grade ≥3, % |  All grades, % |    Grade ≥3, % |",
        "  +----------------------------+-----------------+-------------------+----------------+----------------+",
        "  | Gastrointestinal disorders |                 |                   |                |                |",
        "  |   Nausea                   |              15 |                 2 |              8 |              0 |",
        "  +----------------------------+-----------------+-------------------+----------------+----------------+",
        "    * Includes retching.",
        "    † Includes chills. (the label doesn't print which row this belongs to)",
        "    n=40",
    ]


def test_a_refusal_says_what_was_searched_and_shows_the_closest_passages_as_such() -> None:
    assert shown("dose?").splitlines()[1:6] == [
        "This label does not contain the starting dose. Ask medical information: 1-800-555-0199.",
        "Searched: examplor",
        "",
        "Closest passages, not an answer:",
        "",
    ]


def test_a_clarification_lists_its_choices() -> None:
    assert shown("what is LI").splitlines()[1:4] == [
        "“LI” can mean two things in this label.",
        "  1. Liver injury  What is the rate of nausea in adults?",
        "  2. Low immunity  What is low immunity?",
    ]


def test_what_is_urgent_stands_before_the_answer() -> None:
    text = shown("notices")
    places = [text.index(part) for part in ("Emergency:", "Report an adverse event:", "19% (31/164)", "Boxed warning:")]
    assert places == sorted(places)


def test_a_terminal_gets_colour_and_panels_and_a_pipe_gets_neither() -> None:
    on_terminal, in_pipe = shown("notices", terminal=True), shown("notices")
    assert "╭─" in on_terminal
    assert "\x1b[1;7m19%\x1b[0m" in on_terminal
    assert "\x1b" not in in_pipe
    assert "╭" not in in_pipe


def test_a_quote_is_folded_to_one_line_and_keeps_its_highlight() -> None:
    citation = replace(cite(1, "Liver injury"), quote="  Pyrexia\n\n 49\t4 ", start=0, end=16)
    text = quoted(replace(citation, highlights=(Highlight(start=12, end=14),)))
    assert text.plain == "“Pyrexia 49 4”"
    assert [text.plain[span.start : span.end] for span in text.spans if span.style] == ["49"]


def test_nothing_that_a_terminal_obeys_comes_through() -> None:
    assert clean("a\x1b[2Jb\u202ec\td\ne") == "a�[2Jb�c\td\ne"


@pytest.mark.parametrize("terminal", [True, False])
def test_markup_in_a_label_is_shown_as_it_is(terminal: bool) -> None:
    assert ATTACK.split()[0] in shown("attack", terminal=terminal)
