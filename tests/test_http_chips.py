"""Chips, the question that changing one asks, what to ask next, and links that leave; over a stand-in engine."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from standin import Standin, _answer, _no_answer, _row_answer
from standin_label import ADULT, LABEL, OTHER

from assistant.http.app import create_app
from assistant.http.chips import Chip, Option, _shown, chips_of, composed, reworded
from assistant.http.leaving import official_url, text_fragment
from assistant.http.suggesting import next_questions
from assistant.reply import Reply, Understood
from assistant.settings import Settings

ONE = {LABEL.id: LABEL}
BOTH = {LABEL.id: LABEL, OTHER.id: OTHER}


def understood(question: str, **slots: str) -> Reply:
    return replace(
        _answer(question),
        standalone_question=question,
        understood=Understood(label=LABEL.id, **slots),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("question", "slot", "value", "expected"),
    [
        ("VOD rate after HSCT in children?", "population", "adult", "VOD rate after HSCT in adult patients?"),
        ("VOD rate after HSCT in children?", "population", "", "VOD rate after HSCT?"),
        ("fever in the pediatric patients", "population", "elderly", "fever in elderly patients?"),
        ("dose in kids with renal impairment", "population", "", "dose?"),
        ("dose for adults", "population", "renal impairment", "dose in patients with renal impairment?"),
        ("grade 3 ALT", "grade", "4", "grade 4 ALT?"),
        ("grade ≥3 ALT in adults", "grade", "", "ALT in adults?"),
        ("nausea, grade 3 or higher?", "grade", "3", "nausea, grade 3?"),
        ("severe nausea", "grade", "", "nausea?"),
        ("nausea with placebo", "arm", "", "nausea?"),
        ("nausea in the control arm in adults?", "arm", "placebo", "nausea with placebo in adults?"),
        ("nausea rate?", "product", "otherex", "nausea rate?"),
    ],
)
def test_a_change_keeps_the_words_of_the_question(question: str, slot: str, value: str, expected: str) -> None:
    assert reworded(understood(question), slot, value) == expected


def test_a_new_topic_is_worded_from_what_was_understood() -> None:
    reply = understood("how often did kids throw up?", topic="vomiting", population="pediatric", measure="rate")
    assert reworded(reply, "topic", "nausea") == "nausea rate in pediatric patients?"
    assert composed(Understood(topic="VOD", condition="HSCT", grade="3", arm="placebo", trial="X-1"), {}) == (
        "VOD with HSCT grade 3 with placebo in study X-1"
    )


def test_a_slot_that_the_words_do_not_show_is_changed_by_wording_the_question_anew() -> None:
    reply = understood("and in them?", topic="nausea", population="adult", measure="rate")
    assert reworded(reply, "population", "pediatric") == "nausea rate in pediatric patients?"


def test_chips_offer_only_what_the_label_speaks_of() -> None:
    reply = understood("x", topic="nausea", population="adult", grade="3", measure="rate", section="adverse_reactions")
    assert chips_of(reply, ONE) == (
        Chip(slot="topic", name="topic", text="nausea", typed=True),
        Chip(
            slot="population",
            name="population",
            text="adult",
            options=(Option(value="pediatric", text="pediatric"),),
            removable=True,
        ),
        Chip(
            slot="grade",
            name="grade",
            text="grade 3",
            options=(Option(value="3 or higher", text="grade 3 or higher"), Option(value="4", text="grade 4")),
            removable=True,
        ),
        Chip(slot="measure", name="asked for", text="rate"),
    )
    assert chips_of(reply, BOTH)[0] == Chip(
        slot="product",
        name="product",
        text="EXAMPLOR",
        options=(Option(value="otherex", text="OTHEREX"),),
        removable=True,
    )


def test_a_chip_asks_again_in_the_same_conversation_with_and_without_script() -> None:
    engine = Standin(LABEL, OTHER)
    client = TestClient(create_app(engine, Settings()))
    client.post("/ask", data={"question": "nausea rate?"})
    form = {"conversation_id": "talk-1", "turn": "talk-1-1", "slot": "population", "value": "pediatric"}
    assert client.post("/ask", data=form, follow_redirects=False).headers["location"] == "/c/talk-1#t-talk-1-2"
    form |= {"slot": "product", "value": "otherex"}
    assert client.post("/ask", data=form, headers={"x-part": "turn"}).status_code == 200
    assert [(one["conversation_id"], one["labels"]) for one in engine.asked] == [
        (None, None),
        ("talk-1", None),
        ("talk-1", ["otherex"]),
    ]
    assert [reply.question for reply in engine.conversation("talk-1")][1:] == [
        "How often did pediatric patients have nausea?",
        "How often did adults have nausea?",
    ]


@pytest.mark.parametrize(
    "wrong", [{"slot": "zap"}, {"slot": "grade", "value": "4" * 201}, {"slot": "grade", "turn": "nope"}]
)
def test_a_chip_that_is_wrong_is_refused(wrong: dict[str, str]) -> None:
    client = TestClient(create_app(Standin(), Settings()))
    client.post("/ask", data={"question": "nausea rate?"})
    form = {"conversation_id": "talk-1", "turn": "talk-1-1"} | wrong
    assert client.post("/ask", data=form).status_code in (404, 422)


def test_a_row_leads_to_its_severe_cases_and_to_the_rows_after_it() -> None:
    reply = replace(_row_answer("nausea?"), understood=Understood(label=LABEL.id, topic="nausea"))
    assert next_questions(reply, LABEL) == (
        "and grade 3 or higher?",
        "How common was vomiting in pediatric patients?",
        "What does the label say about liver injury?",
    )


def test_others_whom_the_answer_cites_are_asked_about_and_nothing_is_asked_twice() -> None:
    reply = replace(_answer("nausea?"), understood=Understood(label=LABEL.id, topic="nausea", population="adult"))
    assert next_questions(reply, LABEL) == ("and in pediatric patients?", "What does the label say about liver injury?")
    again = replace(_no_answer("x"), standalone_question="What does the label say about liver injury?")
    assert next_questions(again, LABEL) == ()
    assert next_questions(reply, None) == ()


def test_a_link_that_leaves_names_the_words_by_its_ends() -> None:
    assert text_fragment("one two-three, four") == "#:~:text=one%20two%2Dthree%2C%20four"
    assert text_fragment(" ".join("abcdefghijkl")) == "#:~:text=a%20b%20c%20d%20e,h%20i%20j%20k%20l"
    citation = _answer("x").citations[0]
    assert official_url(LABEL, citation) == (
        "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=11111111-2222-3333-4444-555555555555"
        + text_fragment(ADULT)
    )
    assert official_url(OTHER, citation) == ""


def test_a_section_that_shares_a_word_with_the_question_comes_first() -> None:
    reply = replace(
        _no_answer("what of the indication?"), standalone_question="what of the indication?", understood=Understood()
    )
    assert next_questions(reply, LABEL) == ("What does the label say about indication?",)


@pytest.mark.parametrize(
    ("slot", "value", "shown"),
    [
        ("trial", "2", "study 2"),
        ("trial", "1, II", "study 1, II"),
        ("trial", "KEEL", "KEEL"),
        ("grade", "≥3", "grade ≥3"),
        ("dose", "2", "2"),
    ],
)
def test_a_chip_says_what_its_number_is(slot: str, value: str, shown: str) -> None:
    assert _shown(slot, value) == shown
