"""A question that was asked before has the same reply at once, kept as a turn of its own, and only where nothing differs;
questions that come at once have the replies of those that come one by one.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from small_labels import anew, small
from sqlalchemy import select

from assistant import assembly
from assistant.assembly import Assistant
from assistant.errors import UnknownLabel
from assistant.reply import Reply
from assistant.settings import Settings
from assistant.storing.keeping import Store
from assistant.storing.opening import Database
from assistant.storing.tables import flags
from assistant.words import stem

QUESTION = "headache rate of Zolvent in adults?"


def content(reply: Reply) -> Reply:
    """A reply without what differs each time."""
    return replace(reply, conversation_id="", turn_id="", elapsed_ms=0.0)


def test_a_repeated_question_has_the_same_reply_and_is_a_turn_of_its_own() -> None:
    assistant = anew()
    first = assistant.ask(QUESTION)
    again = assistant.ask(QUESTION, conversation_id=first.conversation_id)
    third = assistant.ask(QUESTION)
    assert (first.headline and first.headline.text) == "12% (24/200)"
    assert content(third) == content(first)
    assert len({first.turn_id, again.turn_id, third.turn_id}) == 3
    assert third.conversation_id != first.conversation_id
    assert assistant.conversation(first.conversation_id) == (first, again)
    assert assistant.conversation(third.conversation_id) == (third,)
    assert assistant.repeats == (1, 2)  # in a conversation the question before it counts


def test_what_is_remembered_is_what_an_assistant_that_was_never_asked_says() -> None:
    assistant = anew()
    asked: list[dict[str, object]] = [
        {"question": QUESTION},
        {"question": "and in children?", "history": [QUESTION]},
        {"question": "and in children?", "history": [QUESTION, "what about an overdose of Zolvent?"]},
        {"question": QUESTION, "labels": ["zolvent"]},
        {"question": QUESTION, "labels": ["pramolex"]},
        {"question": QUESTION, "limit": 1},
        {"question": "what is the weather?"},
    ]
    said = [content(anew().ask(**one)) for one in asked]  # type: ignore[arg-type]
    for _ in range(2):
        assert [content(assistant.ask(**one)) for one in asked] == said  # type: ignore[arg-type]
    assert assistant.repeats == (len(asked), len(asked))


def test_so_many_are_remembered_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "_REMEMBERED", 2)
    assistant = anew()
    for question in ("a Zolvent headache?", "a Zolvent overdose?", "a Pramolex headache?", "a Zolvent headache?"):
        assistant.ask(question)
    assert assistant.repeats == (0, 4)
    assistant.ask("a Pramolex headache?")
    assert assistant.repeats == (1, 4)


def test_what_is_wrong_is_wrong_again() -> None:
    assistant = anew()
    for _ in range(2):
        with pytest.raises(UnknownLabel):
            assistant.ask(QUESTION, labels=["nobody"])
    assert assistant.repeats == (0, 2)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "kept.db")
    yield opened
    opened.close()


def test_a_report_told_twice_is_flagged_twice(database: Database) -> None:
    assistant = Assistant(small().index, Settings(), Store(database))
    told = [assistant.ask("My patient had a seizure after Zolvent.").turn_id for _ in range(2)]
    with database.reading() as connection:
        assert sorted(connection.execute(select(flags.c.turn)).scalars()) == sorted(told)
    assert assistant.repeats == (1, 1)


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns thousands of times as often as they do, and no stem is known."""
    usual = sys.getswitchinterval()
    stem.cache_clear()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_questions_asked_at_once_are_answered_as_one_by_one(restless: None) -> None:
    words = "headache dizziness overdose antidote hypertension migraine ketoconazole exposure indications".split()
    questions = [f"{word} of {drug} in adults?" for word in words for drug in ("Zolvent", "Pramolex")]
    assistant = anew()
    with ThreadPoolExecutor(6) as workers:
        found = list(workers.map(assistant.ask, questions))
    stem.cache_clear()
    alone = anew()
    assert [content(one) for one in found] == [content(alone.ask(question)) for question in questions]
