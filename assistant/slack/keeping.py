"""What must outlast a request: which events were answered, what was asked in a thread, who has installed the app.

Out: the protocols `SeenEvents` and `Threads`, which any shared storage can serve, and `Stores`, all of it in one SQLite
file: events and threads by tables of our own, installations and OAuth states by slack_sdk's. Left out: conversations,
which are the engine's.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.sqlite3 import SQLite3InstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.state_store.sqlite3 import SQLite3OAuthStateStore

LEASE = 240  # seconds that a claim stands unsettled; Slack delivers again at once, after 1 and after 5 minutes
_EVENTS_KEPT = 24 * 3600  # seconds
_QUESTIONS_KEPT = 30 * 24 * 3600  # seconds
_HISTORY = 20  # earlier questions, as the reply contract caps them
_STATE = 600  # seconds within which an installation has to be finished
_TABLES = """
create table if not exists slack_events (event text primary key, claimed real not null, settled integer not null);
create index if not exists slack_events_claimed on slack_events (claimed);
create table if not exists slack_questions (
    thread text not null, ts text not null, question text not null, conversation text not null, asked real not null,
    primary key (thread, ts)
);
create index if not exists slack_questions_asked on slack_questions (asked);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What was asked in a thread before a message."""

    questions: tuple[str, ...] = ()  # oldest first
    conversation: str | None = None  # the one to go on with; None where a later question was answered already


class SeenEvents(Protocol):
    """Which deliveries were taken; shared by all processes that answer for one app."""

    def claim(self, event: str) -> bool:
        """Whether this is the first to take the event, or the last one that took it has died."""
        ...

    def settle(self, event: str) -> None:
        """The event is answered for good."""
        ...


class Threads(Protocol):
    """The questions of each thread, in the order of their messages."""

    def earlier(self, thread: str, ts: str) -> Earlier:
        """What was asked before the message `ts`."""
        ...

    def add(self, thread: str, ts: str, question: str, conversation: str) -> None:
        """Keep a question with the conversation that its answer belongs to."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Everything that the bot keeps."""

    seen: SeenEvents
    threads: Threads
    installations: AsyncInstallationStore
    states: AsyncOAuthStateStore
    close: Callable[[], None] = lambda: None

    @classmethod
    def open(cls, file: Path, client_id: str) -> "Stores":
        """All in one SQLite file, made where it is missing."""
        file.parent.mkdir(parents=True, exist_ok=True)
        kept = SQLiteKeeping(file)
        return cls(
            seen=kept,
            threads=kept,
            installations=SQLite3InstallationStore(database=str(file), client_id=client_id),
            states=SQLite3OAuthStateStore(database=str(file), expiration_seconds=_STATE),
            close=kept.close,
        )


class SQLiteKeeping:
    """Seen events and threads in a SQLite file; safe to use from several threads and processes."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None, timeout=10)
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("pragma synchronous = normal")
        self._database.executescript(_TABLES)

    def claim(self, event: str) -> bool:
        """Whether this is the first to take the event, or the last one that took it has died."""
        now = time.time()
        with self._lock:
            self._database.execute("delete from slack_events where claimed < ?", [now - _EVENTS_KEPT])
            taken = self._database.execute(
                "insert into slack_events values (?, ?, 0) on conflict (event) do update set claimed = excluded.claimed "
                "where settled = 0 and claimed < ?",
                [event, now, now - LEASE],
            )
            return taken.rowcount == 1

    def settle(self, event: str) -> None:
        """The event is answered for good."""
        with self._lock:
            self._database.execute("update slack_events set settled = 1 where event = ?", [event])

    def earlier(self, thread: str, ts: str) -> Earlier:
        """What was asked before the message `ts`."""
        with self._lock:
            rows = self._database.execute(
                "select ts, question, conversation from slack_questions where thread = ? order by ts", [thread]
            ).fetchall()
        before = [row for row in rows if row[0] < ts]
        is_last = len(before) == len(rows)
        return Earlier(
            questions=tuple(question for _, question, _ in before[-_HISTORY:]),
            conversation=before[-1][2] if before and is_last else None,
        )

    def add(self, thread: str, ts: str, question: str, conversation: str) -> None:
        """Keep a question with the conversation that its answer belongs to."""
        now = time.time()
        with self._lock:
            self._database.execute("delete from slack_questions where asked < ?", [now - _QUESTIONS_KEPT])
            self._database.execute(
                "insert or replace into slack_questions values (?, ?, ?, ?, ?)",
                [thread, ts, question, conversation, now],
            )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()
