"""Conversations kept, on a real SQLite and on a real PostgreSQL: what was shown is there, for its owner alone."""

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from databases import POSTGRES, fresh
from sqlalchemy import select, text, update
from standin import Standin

from assistant.conversing import Turn
from assistant.errors import BadRequest, StorageDamaged, StorageTrouble, UnknownConversation
from assistant.evaluating.questions import load
from assistant.query import Concept, Query
from assistant.reply import Reply
from assistant.storing import reviewing, tables
from assistant.storing.keeping import Store
from assistant.storing.keyring import Keyring
from assistant.storing.opening import Database
from assistant.storing.purging import Purged, purge

needs_postgres = pytest.mark.skipif(POSTGRES is None, reason="no PostgreSQL: on Debian apt-get install postgresql")
KINDS = ["sqlite", pytest.param("postgresql", marks=needs_postgres)]


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return fresh(request.param, tmp_path)


@pytest.fixture
def database(place: str) -> Iterator[Database]:
    opened = Database(place)
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


def turn(question: str = "How often did adults have nausea?", number: int = 1, conversation: str = "c") -> Turn:
    """A turn with a real reply; "notices" in the question makes one that reads like a report."""
    reply = Standin().ask(question)
    concept = Concept(text="nausea", name="nausea", kind="symptom", forms=(("nausea",),))
    return Turn(
        query=Query(question=question, standalone=question, concepts=(concept,), history=("before?",)),
        reply=replace(reply, conversation_id=conversation, turn_id=f"{conversation}-{number}"),
        labels=("examplor",),
        limit=3,
        origin={"index_id": "index-1", "model_sha256": "m"},
    )


def kept(database: Database, table: Any) -> list[dict[str, Any]]:
    with database.reading() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def test_a_turn_comes_back_as_it_was(store: Store) -> None:
    turns = [turn(), turn("How severe?", 2)]
    for one in turns:
        store.add("c", one)
    assert store.turns("c") == tuple(turns)


def test_what_was_kept_is_there_for_another_process(place: str, store: Store) -> None:
    store.add("c", turn())
    other = Database(place)
    assert Store(other).turns("c") == (turn(),)
    other.close()


def test_every_citation_is_kept_with_its_exact_place(database: Database, store: Store) -> None:
    one = turn("What dose?")  # an answer that offers only the closest passages
    store.add("c", one)
    assert [(row["number"], row["first"], row["end"], row["quote"]) for row in kept(database, tables.citations)] == [
        (cited.number, cited.start, cited.end, cited.quote) for cited in one.reply.nearest
    ]
    assert {row["sha256"] for row in kept(database, tables.citations)} == {one.reply.nearest[0].label.sha256}


def test_a_conversation_is_there_for_its_owner_alone(store: Store) -> None:
    store.add("c", turn(), "key:1")
    assert len(store.turns("c", "key:1")) == 1
    for stranger in ("", "key:2"):
        with pytest.raises(UnknownConversation):
            store.turns("c", stranger)
        with pytest.raises(UnknownConversation):
            store.add("c", turn(number=2), stranger)
        with pytest.raises(BadRequest, match="no turn"):
            store.rate("c-1", "helpful", "", stranger)
    with pytest.raises(UnknownConversation):
        store.turns("gone")


def test_a_report_is_flagged_in_the_same_breath(database: Database, store: Store) -> None:
    store.add("c", turn())
    store.add("c", turn("every notices", 2))
    assert [(row["turn"], row["kind"], row["status"]) for row in kept(database, tables.flags)] == [
        ("c-2", "adverse_event", "open")
    ]


def test_ratings_are_kept_with_their_comments(database: Database, store: Store) -> None:
    store.add("c", turn())
    store.rate("c-1", "not_helpful", "wrong arm, call 212-555-0188")
    assert [(row["turn"], row["rating"], row["comment"]) for row in kept(database, tables.feedback)] == [
        ("c-1", "not_helpful", "wrong arm, call [number]")
    ]
    with pytest.raises(BadRequest, match="'bad'"):
        store.rate("c-1", "bad", "")


def test_many_at_once_in_one_conversation_lose_nothing(store: Store) -> None:
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(lambda number: store.add("c", turn(number=number)), range(1, 25)))
    assert sorted(one.reply.turn_id for one in store.turns("c")) == sorted(f"c-{number}" for number in range(1, 25))


def test_identifiers_are_kept_nowhere(database: Database, store: Store) -> None:
    question = "My notices patient Mrs. Jane Roe, MRN 884213, jane@roe.example: nausea?"
    understood = replace(Standin().ask(question).understood, condition="roe, nausea")
    asked = turn(question)
    reply = replace(asked.reply, understood=understood, standalone_question=question)
    query = replace(asked.query, concepts=(Concept(text="Roe", name="roe", kind="word", forms=(("roe",),)),))
    store.add("c", replace(asked, reply=reply, query=query))
    with database.reading() as connection:
        for table in tables.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                assert not re.search(r"(?i)\b(?:jane|roe)\b|884213", repr(row)), table.name
    (found,) = store.turns("c")
    assert found.reply.question == "My notices patient [name], [number], [e-mail]: nausea?"
    assert found.reply.citations == asked.reply.citations  # a label's words are never touched


def test_where_no_question_is_kept_its_words_stand_nowhere_and_it_still_goes_on(database: Database) -> None:
    store = Store(database, questions="none")
    asked = turn("How often did adults have sesquipedalia?")
    store.add("c", asked)
    assert store.turns("c") == (asked,)
    with database.reading() as connection:
        for table in tables.metadata.sorted_tables:
            assert "sesquipedalia" not in repr(connection.execute(select(table)).all())
    (row,) = kept(database, tables.turns)
    assert (row["question"], row["kind"], row["label"], row["topic"]) == ("", "answer", "examplor", "")
    assert len(kept(database, tables.citations)) == len(asked.reply.citations)


def test_verbatim_keeps_the_words(database: Database) -> None:
    store = Store(database, questions="verbatim")
    store.add("c", turn("Mr. Smith?"))
    assert store.turns("c") == (turn("Mr. Smith?"),)


@pytest.mark.parametrize("column", ["question", "reply", "query", "origin", "kind", "elapsed_ms", "number"])
def test_an_altered_row_is_never_shown(database: Database, store: Store, column: str) -> None:
    store.add("c", turn())
    (row,) = kept(database, tables.turns)
    new = row[column] + 1 if not isinstance(row[column], str) else row[column].replace("a", "b", 1) + " "
    with database.writing() as connection:
        connection.execute(update(tables.turns).values({column: new}))
    for read in (lambda: store.turns("c"), lambda: list(reviewing.export(database))):
        with pytest.raises(StorageDamaged, match="its seal doesn't fit"):
            read()


def test_what_is_too_old_goes_with_all_that_hangs_on_it_but_open_flags_stay(database: Database, store: Store) -> None:
    store.add("old", turn(conversation="old"))
    store.rate("old-1", "helpful", "thanks")
    store.add("told", turn("every notices", conversation="told"))
    month = time.time() + 30 * 24 * 3600
    assert purge(database, 31, month) == Purged(turns=0, conversations=0, open_flags=0)
    assert purge(database, 29, month) == Purged(turns=1, conversations=1, open_flags=1)
    assert [row["id"] for row in kept(database, tables.turns)] == ["told-1"]
    assert kept(database, tables.feedback) == []
    reviewing.settle(database, "told-1", "reported", "by phone")
    assert purge(database, 29, month) == Purged(turns=1, conversations=1, open_flags=0)
    assert [
        kept(database, table) for table in (tables.turns, tables.citations, tables.conversations, tables.flags)
    ] == [[] for _ in range(4)]


def test_purged_words_are_gone_from_the_files(tmp_path: Path) -> None:
    database = Database(tmp_path / "kept.db")
    store = Store(database, questions="verbatim")
    store.add("c", turn("sesquipedalia rate?"))
    store.add("d", turn("nausea rate?", conversation="d"))
    purge(database, 1, time.time() + 2 * 24 * 3600)
    assert all(b"sesquipedalia" not in file.read_bytes() for file in tmp_path.iterdir())
    database.close()


def test_the_tables_are_those_that_the_migrations_make(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_a_database_of_a_later_version_is_refused_by_name(place: str, database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageTrouble, match="later version 9999"):
        Database(place)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("mysql://x/y", "neither a file nor a URL"),
        ("postgresql://nobody:geheim@127.0.0.1:1/none?connect_timeout=2", "can't be used"),
        ("/proc/none/kept.db", "can't be used"),
    ],
)
def test_a_place_that_cannot_be_used_is_named_without_its_password(place: str, said: str) -> None:
    with pytest.raises(StorageTrouble, match=said) as caught:
        Database(place)
    assert "geheim" not in str(caught.value)


def test_a_key_is_shown_once_and_kept_as_a_hash(database: Database) -> None:
    keys = Keyring(database)
    key = keys.add("portal", ["ask", "review"])
    holder = keys.holder(key)
    assert holder is not None
    assert (holder.name, holder.scopes, holder.revoked) == ("portal", ("ask", "review"), None)
    assert key.split("_")[2] not in repr(kept(database, tables.api_keys))
    assert [keys.holder(wrong) for wrong in (key[:-1], key + "0", "la_x", "", key.split("_")[2])] == [None] * 5
    keys.revoke("portal")
    assert (keys.holder(key), keys.current(holder.id)) == (None, None)
    assert [one.name for one in keys.all()] == ["portal"]
    for wrong in (lambda: keys.add("portal", ["ask"]), lambda: keys.add("b", ["all"]), lambda: keys.revoke("portal")):
        with pytest.raises(BadRequest):
            wrong()


# --- for review


def test_the_export_gives_every_turn_flagged_conversations_first(database: Database, store: Store) -> None:
    store.add("a", turn("notices", conversation="a"))
    store.add("b", turn("dose?", conversation="b"))
    store.add("a", turn("nausea?", 2, "a"))
    store.add("b", turn("severe?", 2, "b"))
    store.rate("b-2", "not_helpful", "no")
    exported = list(reviewing.export(database))
    assert [(one.turn_id, one.number, one.kind, one.flag, one.ratings) for one in exported] == [
        ("a-1", 1, "answer", "open", ()),
        ("a-2", 2, "answer", "", ()),
        ("b-1", 1, "no_answer", "", ()),
        ("b-2", 2, "answer", "", ("not_helpful",)),
    ]
    cited = turn("severe?", 2, "b").reply
    assert exported[3].headline == "2%"
    assert exported[3].citations == tuple(f"examplor {one.start}-{one.end}" for one in cited.citations)


def test_the_queue_gives_flags_with_their_status(database: Database, store: Store) -> None:
    store.add("a", turn("notices", conversation="a"))
    store.add("b", turn("notices", conversation="b"))
    reviewing.settle(database, "b-1", "dismissed", "a test")
    assert [(one.turn_id, one.flag, note) for one, note in reviewing.queue(database)] == [
        ("a-1", "open", ""),
        ("b-1", "dismissed", "a test"),
    ]
    for wrong in (("a-1", "gone"), ("none", "open")):
        with pytest.raises(BadRequest):
            reviewing.settle(database, *wrong, "")


def test_what_was_not_answered_stands_by_topic(database: Database, store: Store) -> None:
    for number in (1, 2):
        store.add("c", turn(f"dose {number}?", number))
    store.add("c", turn("nausea?", 3))
    (topic,) = reviewing.unanswered(database, 30)
    assert (topic.label, topic.topic, topic.times) == ("examplor", "starting dose", 2)
    assert [one.question for one in topic.turns] == ["dose 2?", "dose 1?"]
    assert reviewing.unanswered(database, 1e-9) == []


def test_traffic_is_told_by_day(database: Database, store: Store) -> None:
    replies: list[Reply] = []
    for number, took in enumerate((1.0, 2.0, 30.0), 1):
        one = turn("dose?" if number == 1 else "nausea?", number)
        store.add("c", replace(one, reply=replace(one.reply, elapsed_ms=took)))
        replies.append(one.reply)
    (day,) = reviewing.traffic(database, 1)
    assert (day.turns, day.answered, day.median_ms, day.slowest_ms) == (3, 2, 2.0, 30.0)


def test_a_turn_becomes_a_line_of_a_question_set(database: Database, store: Store, tmp_path: Path) -> None:
    store.add("c", turn("dose?", 1))
    store.add("c", turn("and nausea?", 2))
    with (tmp_path / "kept.jsonl").open("w") as file:
        for turn_id in ("c-1", "c-2"):
            file.write(json.dumps(reviewing.question_line(database, turn_id)) + "\n")
    first, second = load([tmp_path / "kept.jsonl"])
    assert (first.answerable, first.evidence, first.history) == (False, (), ())
    assert (second.answerable, second.label, second.history) == (True, "examplor", ("dose?",))
    assert second.evidence == (turn("nausea").reply.statements[0].text,)
