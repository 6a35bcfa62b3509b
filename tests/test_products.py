"""Which product a question means."""

import pytest
from small_labels import small

from assistant.understanding.products import Settled


def settled(question: str, *given: str) -> tuple[str, tuple[str, ...], str]:
    found: Settled = small().products.settle(question, given)
    return found.trouble, found.labels, found.mention.text if found.mention else ""


ALL = ("glumetra-one", "glumetra-two", "pramolex", "zolvent")


def test_brand_generic_and_id_name_a_label() -> None:
    for name in ("Zolvent", "ZOLVENTINIB", "zolvent"):
        assert settled(f"headache rate with {name}?") == ("", ("zolvent",), name)


def test_a_question_that_names_none_asks_back_with_the_likeliest_label_first() -> None:
    reply = small().ask("How often does headache occur?")
    assert (reply.kind, reply.reason) == ("clarification", "which_product")
    assert [choice.text for choice in reply.choices][:2] in (["ZOLVENT", "PRAMOLEX"], ["PRAMOLEX", "ZOLVENT"])
    assert reply.choices[0].question == f"How often does headache occur ({reply.choices[0].text})?"


def test_a_choice_s_question_is_answered() -> None:
    choice = small().ask("How often does dizziness occur?").choices[0]
    assert small().ask(choice.question).kind == "answer"


def test_several_labelers_of_one_drug_are_told_apart() -> None:
    reply = small().ask("Dizziness rate with Glumetra?")
    assert (reply.reason, len(reply.choices)) == ("which_product", 2)
    assert {choice.text for choice in reply.choices} == {"GLUMETRA (One Pharma)", "GLUMETRA (Two Pharma)"}
    two = next(choice for choice in reply.choices if "Two" in choice.text)
    assert [citation.label.id for citation in small().ask(two.question).citations] == ["glumetra-two"]


def test_the_conversation_s_label_is_kept_and_another_replaces_it() -> None:
    first = small().ask("Headache rate in adults with Zolvent?")
    kept = small().ask("and in children?", conversation_id=first.conversation_id)
    other = small().ask("and Pramolex?", conversation_id=first.conversation_id)
    assert (kept.understood.label, kept.headline and kept.headline.text) == ("zolvent", "9% (9/100)")
    assert other.searched == ("pramolex",)


@pytest.mark.parametrize("question", ["VOD rate with Mylotarg?", "What is the dose of Celexa?", "rosuvastatin rash"])
def test_a_product_that_is_not_indexed_is_never_answered_from_another(question: str) -> None:
    reply = small().ask(question)
    assert (reply.kind, reply.reason, reply.citations, reply.nearest) == ("no_answer", "unknown_product", (), ())
    assert reply.message.endswith("is not among the labels indexed here. Indexed: GLUMETRA, PRAMOLEX, ZOLVENT.")


def test_another_product_than_the_request_s_label_is_refused() -> None:
    reply = small().ask("Headache rate with Pramolex?", labels=["zolvent"])
    assert (reply.reason, reply.message) == (
        "unknown_product",
        "Pramolex is not the label that this question was put to. Searched: ZOLVENT.",
    )


def test_an_interacting_drug_belongs_to_the_subject() -> None:
    assert settled("Zolvent exposure with ketoconazole")[:2] == ("", ("zolvent",))
    assert settled("ketoconazole interaction", "zolvent")[:2] == ("", ("zolvent",))
    assert settled("does ketoconazole raise it?", "zolvent")[:2] == ("", ("zolvent",))
    assert settled("can it be given with rifampin", "zolvent")[:2] == ("", ("zolvent",))
    assert settled("rifampin headache rate", "zolvent") == ("unknown_product", ("zolvent",), "rifampin")


def test_a_name_a_slip_away_is_asked_about_and_not_corrected() -> None:
    reply = small().ask("Headache rate with Zolvemt?")
    assert (reply.kind, reply.reason, reply.citations) == ("clarification", "which_meaning", ())
    assert reply.message == "No label here goes by the name Zolvemt. Did you mean ZOLVENT?"
    assert [(choice.text, choice.question) for choice in reply.choices] == [("ZOLVENT", "Headache rate with ZOLVENT?")]


def test_an_english_word_or_a_known_drug_is_no_slip() -> None:
    near = small().products.near
    assert (near("capsules headache"), near("Celexa headache"), near("headache rate")) == ((), (), ())


@pytest.mark.parametrize(
    ("question", "trouble"),
    [
        ("16-year-old with WBC 80k, rasburicase ordered. What rate of headache is reported?", ""),
        ("dry mouth in the rasburicase arm", ""),
        ("Rasburicase ordered. What is the highest dose?", "unknown_product"),
        ("What is the dose of rasburicase?", "unknown_product"),
        ("My patient on rasburicase has a headache. Is it listed?", "unknown_product"),
    ],
)
def test_a_drug_ordered_beside_is_not_the_one_asked_about(question: str, trouble: str) -> None:
    assert settled(question, "zolvent")[0] == trouble
