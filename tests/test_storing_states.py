"""Conversations and index swaps in any order: a state machine asks, goes on, rates, purges, restarts and swaps."""

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from standin import Standin
from test_swapping import QUESTION, publish

from assistant.assembly import Assistant
from assistant.conversing import Turn
from assistant.errors import UnknownConversation
from assistant.indexing.store import Index
from assistant.query import Query
from assistant.reply import Reply
from assistant.settings import Settings
from assistant.storing import reviewing
from assistant.storing.keeping import Store
from assistant.storing.opening import Database
from assistant.storing.purging import purge
from assistant.swapping import Swapping

OWNERS = st.sampled_from(["", "key:1", "key:2"])
RATES = st.sampled_from([12, 15, 16])
DAY = 24 * 3600


class Service(RuleBasedStateMachine):
    """A service, beside a plain list of what it has to remember."""

    conversations = Bundle("conversations")

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.rate = self.published = 12
        publish(self.path, 12)
        self.kept: dict[str, tuple[str, list[Reply]]] = {}
        self.open()

    def open(self) -> None:
        self.database = Database(self.path / "kept.db")
        settings = Settings(index=self.path / "index")
        self.served = Swapping(lambda: Assistant(Index.open(settings.index), settings, Store(self.database)))
        self.rate = self.published

    @rule(target=conversations, owner=OWNERS)
    def begin(self, owner: str) -> str:
        reply = self.served.ask(QUESTION, owner=owner)
        assert reply.headline is not None
        assert reply.headline.text == f"{self.rate}% ({self.rate * 2}/200)"
        self.kept[reply.conversation_id] = (owner, [reply])
        return reply.conversation_id

    @rule(conversation=conversations, owner=OWNERS)
    def go_on(self, conversation: str, owner: str) -> None:
        mine = self.kept.get(conversation)
        try:
            reply = self.served.ask("and in children?", conversation_id=conversation, owner=owner)
        except UnknownConversation:
            assert mine is None or mine[0] != owner
        else:
            assert mine is not None
            assert mine[0] == owner
            assert reply.headline is not None
            assert reply.headline.text == "9% (9/100)"
            mine[1].append(reply)

    @rule(conversation=conversations)
    def rate_it(self, conversation: str) -> None:
        if conversation in self.kept:
            owner, replies = self.kept[conversation]
            self.served.feedback(replies[-1].turn_id, "helpful", "", owner)

    @rule(rate=RATES)
    def build(self, rate: int) -> None:
        publish(self.path, rate)
        self.published = rate

    @rule()
    def swap(self) -> None:
        self.served.swap()
        self.rate = self.published

    @rule()
    def restart(self) -> None:
        self.database.close()
        self.open()

    @rule(days=st.sampled_from([0.5, 2.0]))
    def purge_as_if_a_day_later(self, days: float) -> None:
        purge(self.database, days, time.time() + DAY)
        if days < 1:
            self.kept.clear()

    @invariant()
    def all_is_remembered(self) -> None:
        if not hasattr(self, "served"):
            return
        for conversation, (owner, replies) in self.kept.items():
            assert list(self.served.conversation(conversation, owner)) == replies
        assert reviewing.count(self.database) == sum(len(replies) for _, replies in self.kept.values())

    def teardown(self) -> None:
        if hasattr(self, "served"):
            self.database.close()
            self.folder.cleanup()


TestService: Any = Service.TestCase
TestService.settings = settings(max_examples=5, stateful_step_count=10, deadline=None)


def test_clocks_may_jump_and_the_order_stays(tmp_path: Path, monkeypatch: Any) -> None:
    database = Database(tmp_path / "kept.db")
    store, now = Store(database), time.time()
    for number, jump in enumerate((0.0, -1e6, 1e6), 1):
        monkeypatch.setattr(time, "time", lambda jump=jump: now + jump)
        reply = replace(Standin().ask("nausea?"), conversation_id="c", turn_id=f"c-{number}")
        store.add("c", Turn(query=Query(question="nausea?", standalone="nausea?"), reply=reply))
    assert [one.reply.turn_id for one in store.turns("c")] == ["c-1", "c-2", "c-3"]
    assert [one.turn_id for one in reviewing.export(database)] == ["c-1", "c-2", "c-3"]
    database.close()
