"""Comparisons: each side by itself, side by side, and never a winner."""

import pytest
from small_labels import small

from assistant.reply import Reply
from assistant.understanding.sides import Side, sides

FIXED = "Rates from different trials or populations can't be compared directly."


def asked(question: str) -> list[tuple[str, str]]:
    found: tuple[Side, ...] = sides(question, small().products.mentions(question), small().products.stands)
    return [(side.name, side.question) for side in found]


def is_cited(reply: Reply) -> bool:
    """Whether every statement stands in the quote that it names, numbered as the citations are."""
    quotes = {citation.number: citation.quote for citation in reply.citations}
    assert [citation.number for citation in reply.citations] == list(range(1, len(quotes) + 1))
    return all(statement.text in quotes[number] for statement in reply.statements for number in statement.citations)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Rate with Zolvent vs Pramolex?", [("Zolvent", "Rate with Zolvent?"), ("Pramolex", "Rate with Pramolex?")]),
        (
            "Compare Zolvent with Pramolex for headache.",
            [("Zolvent", "Compare Zolvent for headache."), ("Pramolex", "Compare Pramolex for headache.")],
        ),
        ("in adults compared with children", [("adult", "in adults"), ("pediatric", "in children")]),
        ("Do kids ache more than adults?", [("pediatric", "Do kids ache more?"), ("adult", "Do adults ache more?")]),
        ("Is Zolvent or Pramolex safer?", [("Zolvent", "Is Zolvent safer?"), ("Pramolex", "Is Pramolex safer?")]),
    ],
)  # fmt: skip
def test_each_side_is_asked_alone(question: str, expected: list[tuple[str, str]]) -> None:
    assert asked(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Headache rate with Zolvent vs placebo?",
        "Is Zolvent safe with Pramolex?",
        "Zolvent with ketoconazole or itraconazole",
        "headache in adults and children",
        "headache rate in adults with Zolvent",
    ],
)
def test_what_compares_no_two_products_or_populations_is_no_comparison(question: str) -> None:
    assert asked(question) == []


def test_two_products_stand_side_by_side() -> None:
    reply = small().ask("Headache rate in adults with Zolvent vs Pramolex?")
    assert (reply.kind, reply.message, reply.searched) == ("answer", "", ("zolvent", "pramolex"))
    assert (reply.notices[0].kind, reply.notices[0].text) == ("comparison", FIXED)
    assert reply.headline is not None
    assert reply.headline.text == "ZOLVENT: 12% (24/200) · PRAMOLEX: 5% (10/200)"
    assert [citation.quote for citation in reply.citations[:2]] == [
        "Headache occurred in 12% (24/200) of adult patients.",
        "Headache occurred in 5% (10/200) of patients.",
    ]
    assert is_cited(reply)


def test_two_populations_stand_side_by_side() -> None:
    reply = small().ask("Headache rate pediatric vs adult?", labels=["zolvent"])
    assert reply.headline is not None
    assert reply.headline.text == "pediatric: 9% (9/100) · adult: 12% (24/200)"
    assert (reply.understood.label, reply.understood.population) == ("zolvent", "pediatric, adult")
    assert is_cited(reply)


def test_a_follow_up_is_compared_with_the_question_before() -> None:
    reply = small().ask("vs adults?", history=["Headache rate in children with Zolvent?"])
    assert reply.headline is not None
    assert reply.headline.text == "pediatric: 9% (9/100) · adult: 12% (24/200)"


def test_a_product_that_is_not_indexed_is_named_and_the_other_answered() -> None:
    reply = small().ask("Headache rate in adults: Zolvent vs Crestor?")
    missing = "Crestor is not among the labels indexed here. Indexed: GLUMETRA, PRAMOLEX, ZOLVENT."
    assert (reply.kind, reply.message, reply.searched) == ("answer", missing, ("zolvent",))
    assert reply.headline is not None
    assert reply.headline.text == "ZOLVENT: 12% (24/200)"
    assert [notice.text for notice in reply.notices if notice.kind == "comparison"] == [FIXED, missing]


def test_a_side_without_an_answer_is_named() -> None:
    reply = small().ask("Dizziness rate with Glumetra-one vs Pramolex?", labels=["glumetra-one", "pramolex"])
    assert (reply.kind, reply.message) == ("answer", "No answer was found for: PRAMOLEX.")


def test_two_products_that_are_not_indexed_are_refused() -> None:
    reply = small().ask("Headache with Crestor vs Celexa?")
    assert (reply.kind, reply.reason, reply.notices[0].kind) == ("no_answer", "unknown_product", "comparison")
    assert reply.message.startswith("Crestor and Celexa is not among")


def test_a_comparator_of_the_label_s_own_is_left_to_the_label_with_the_notice() -> None:
    reply = small().ask("Exposure of Zolvent versus ketoconazole?")
    assert (reply.notices[0].kind, reply.searched, reply.message.startswith("ketoconazole is not")) == (
        "comparison",
        ("zolvent",),
        False,
    )
