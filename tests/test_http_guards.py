"""Who gets in, how often, how much and how long, and what is said of it: keys, rates, caps, proxies, logs, reports."""

import io
import json
import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi.testclient import TestClient
from small_labels import small
from standin import Standin

from assistant import logs
from assistant.assembly import Assistant
from assistant.errors import BadSetting, StorageTrouble
from assistant.http.app import create_app
from assistant.http.calling import COOKIE, LIFETIME, Sessions
from assistant.http.guarding import BodyCap
from assistant.http.rendering import Pages
from assistant.paths import web
from assistant.reply import Reply
from assistant.settings import Settings
from assistant.storing.keeping import Store
from assistant.storing.keyring import Keyring
from assistant.storing.opening import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "kept.db")
    yield opened
    opened.close()


@pytest.fixture
def assistant(database: Database) -> Assistant:
    """A real assistant on a small index that keeps what it answers."""
    return Assistant(small().index, small().settings, Store(database))


def client_of(engine: Any, database: Database | None = None, client: str = "testclient", **settings: Any) -> TestClient:
    app = create_app(engine, Settings(**settings), database)
    return TestClient(app, raise_server_exceptions=False, client=(client, 50_000))


def ask(client: TestClient, question: str = "headache rate?", **more: Any) -> Any:
    headers = more.pop("headers", {})
    return client.post("/api/ask", json={"question": question, **more}, headers=headers)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


# --- keys


def test_a_conversation_is_bound_to_the_key_that_began_it(assistant: Assistant, database: Database) -> None:
    client = client_of(assistant, database)
    mine, other = (bearer(Keyring(database).add(name, ["ask"])) for name in ("mine", "other"))
    reply = ask(client, "headache rate of Zolvent in adults?", headers=mine).json()
    conversation, turn = reply["conversation_id"], reply["turn_id"]
    said = {"turn_id": turn, "rating": "helpful"}
    assert client.get(f"/api/conversations/{conversation}", headers=mine).json() == [reply]
    assert ask(client, "and in children?", conversation_id=conversation, headers=mine).status_code == 200
    assert client.post("/api/feedback", json=said, headers=mine).status_code == 204
    for stranger in (other, {}):
        assert client.get(f"/api/conversations/{conversation}", headers=stranger).status_code == 404
        assert ask(client, "and?", conversation_id=conversation, headers=stranger).status_code == 404
        assert client.post("/api/feedback", json=said, headers=stranger).status_code == 422
        assert client.get(f"/c/{conversation}", headers=stranger).status_code == 404
        assert client.get(f"/c/{conversation}/conversation.json", headers=stranger).status_code == 404


def test_where_a_key_is_asked_for_nobody_else_gets_in(assistant: Assistant, database: Database) -> None:
    client = client_of(assistant, database, require_key=True)
    keys = Keyring(database)
    asking, reviewing = keys.add("asking", ["ask"]), keys.add("reviewing", ["review"])
    assert ask(client, headers=bearer(asking)).status_code == 200
    assert ask(client, headers=bearer(reviewing)).status_code == 403
    for wrong in ({}, bearer(asking + "0"), {"Authorization": "Basic x"}):
        refused = ask(client, headers=wrong)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert client.get("/healthz").status_code == 200
    assert client.get("/metrics").status_code == 401
    page = client.get("/", follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in")
    keys.revoke("asking")
    assert ask(client, headers=bearer(asking)).status_code == 401


def test_signing_in_gives_a_session_that_ends_with_the_key(assistant: Assistant, database: Database) -> None:
    client = client_of(assistant, database)
    keys = Keyring(database)
    key = keys.add("owner", ["review"])
    assert client.post("/sign-in", data={"key": "la_wrong"}).status_code == 403
    assert client.get("/reports", follow_redirects=False).headers["location"] == "/sign-in"
    signed = client.post("/sign-in", data={"key": key}, follow_redirects=False)
    cookie = signed.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=strict", f"max-age={LIFETIME}"))
    assert key.lower() not in cookie
    assert client.get("/reports").status_code == 200
    keys.revoke("owner")
    assert client.get("/reports", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("wrong", ["", "x", "..", "id.9999999999.00", "é.1.é", f"id.{2**40}."])
def test_a_session_that_is_not_genuine_or_over_says_nobody(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions(b"s" * 32)
    cookie = sessions.issue("0123456789ab")
    assert (sessions.read(cookie), sessions.read(wrong), Sessions(b"t" * 32).read(cookie)) == ("0123456789ab", "", "")
    now = time.time()
    for jump in (LIFETIME + 1, -1000):  # over, or made by a clock that was ahead
        monkeypatch.setattr(time, "time", lambda jump=jump: now + jump)
        assert sessions.read(cookie) == ""


def test_a_short_secret_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short")
    for path, said in ((tmp_path / "secret", "holds 5 bytes"), (tmp_path / "none", "can't be read")):
        with pytest.raises(BadSetting, match=said):
            create_app(Standin(), Settings(secret=path))


# --- how often, how much, how long


def test_an_address_that_asks_too_often_is_told_when_to_try_again() -> None:
    client = client_of(Standin(), address_rate="3/minute")
    assert [ask(client).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = ask(client)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["error"]["message"] == "That is too many requests"
    assert client.get("/").status_code == 200  # reading is free
    page = client.post("/ask", data={"question": "x"})
    assert (page.status_code, "too many requests" in page.text) == (429, True)


def test_a_clock_that_is_set_locks_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    client, now = client_of(Standin(), address_rate="2/minute"), time.time()
    assert [ask(client).status_code for _ in range(3)] == [200, 200, 429]
    for jump in (-86_400.0, 86_400.0, 0.0):
        monkeypatch.setattr(time, "time", lambda jump=jump: now + jump)
        assert [ask(client).status_code for _ in range(3)] == [200, 200, 429]
        assert 1 <= int(ask(client).headers["retry-after"]) <= 60


def test_a_key_has_a_rate_of_its_own(assistant: Assistant, database: Database) -> None:
    client = client_of(assistant, database, address_rate="1/minute", key_rate="3/minute")
    keys = [bearer(Keyring(database).add(name, ["ask"])) for name in "ab"]
    assert [ask(client).status_code for _ in range(2)] == [200, 429]
    for key in keys:
        assert [ask(client, headers=key).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_trying_keys_out_is_slowed_whatever_the_settings_allow(database: Database) -> None:
    client = client_of(Standin(), database, address_rate="1000000/second")
    tried = [client.post("/sign-in", data={"key": f"la_{number}"}).status_code for number in range(11)]
    assert tried == [403] * 10 + [429]


def test_only_a_trusted_proxy_says_where_a_request_comes_from() -> None:
    def codes(client: TestClient) -> list[int]:
        return [ask(client, headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code for number in (1, 2, 1)]

    rate = {"address_rate": "1/minute"}
    assert codes(client_of(Standin(), client="10.0.0.9", trusted_proxies="10.0.0.0/8", **rate)) == [200, 200, 429]
    assert codes(client_of(Standin(), client="192.0.2.9", trusted_proxies="10.0.0.0/8", **rate)) == [200, 429, 429]
    assert codes(client_of(Standin(), client="127.0.0.1", **rate)) == [200, 429, 429]
    forged = client_of(Standin(), client="10.0.0.9", trusted_proxies="10.0.0.0/8", **rate)
    chains = ("203.0.113.7, 198.51.100.4", "203.0.113.8, 198.51.100.4")  # the first is what the client made up
    assert [ask(forged, headers={"X-Forwarded-For": chain}).status_code for chain in chains] == [200, 429]


class Slow(Standin):
    """Answers once it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()
        self.begun = threading.Semaphore(0)

    def ask(self, *arguments: Any, **named: Any) -> Reply:
        self.begun.release()
        assert self.let.wait(20)
        return super().ask(*arguments, **named)


def test_where_all_hands_are_full_more_questions_are_told_to_wait() -> None:
    engine = Slow()
    with client_of(engine, concurrency=2) as client:
        found: list[int] = []
        waiting = [threading.Thread(target=lambda: found.append(ask(client).status_code)) for _ in range(2)]
        for thread in waiting:
            thread.start()
            assert engine.begun.acquire(timeout=20)
        for path in ("/api/ask", "/api/ask/stream"):
            refused = client.post(path, json={"question": "x"})
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
        assert client.post("/ask", data={"question": "x"}).status_code == 503
        assert client.get("/healthz").status_code == 200
        engine.let.set()
        for thread in waiting:
            thread.join()
        assert found == [200, 200]
        assert ask(client).status_code == 200


def test_a_reply_that_takes_too_long_is_503_and_keeps_its_place_until_it_is_done() -> None:
    engine = Slow()
    with client_of(engine, concurrency=1, time_limit=0.05) as client:
        late = ask(client)
        assert (late.status_code, late.json()["error"]["place"]) == (503, "time_limit")
        assert ask(client).json()["error"]["place"] == "concurrency"
        engine.let.set()
        deadline = time.monotonic() + 20
        while ask(client).status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_a_body_that_does_not_come_is_408() -> None:
    import anyio

    sent: list[Any] = []

    async def never() -> Any:
        await anyio.sleep(20)

    async def send(message: Any) -> None:
        sent.append(message)

    async def app(*_: Any) -> None:
        raise AssertionError

    scope = {"type": "http", "method": "POST", "path": "/api/ask", "headers": [], "query_string": b""}
    anyio.run(BodyCap(app, Pages(web()), 0.05), scope, never, send)
    assert sent[0]["status"] == 408


def test_a_reply_that_cannot_be_kept_is_not_shown(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise StorageTrouble("can't be used: disk is full", place="kept.db", remedy="Make room")

    monkeypatch.setattr(assistant.conversations, "_write", full)
    response = ask(client_of(assistant), "I took Zolvent and developed a headache")
    assert (response.status_code, response.json()["error"]["message"]) == (503, "can't be used: disk is full")


# --- what is said of it


def test_every_answer_has_the_id_of_its_request() -> None:
    client = client_of(Standin())
    assert len(client.get("/healthz").headers["x-request-id"]) == 16
    assert client.get("/healthz", headers={"X-Request-ID": "proxy-0123"}).headers["x-request-id"] == "proxy-0123"
    odd = client.get("/healthz", headers={"X-Request-ID": "a b\tc"}).headers["x-request-id"]
    assert (len(odd), odd.isalnum()) == (16, True)


def test_the_log_has_one_line_a_request_and_no_word_of_a_question(
    assistant: Assistant, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, written = logging.getLogger(), io.StringIO()
    handlers, level = list(root.handlers), root.level
    monkeypatch.setattr("sys.stderr", written)
    try:
        logs.configure("json")
        client = client_of(assistant, database)
        reply = ask(client, "Zolvent headache rate, sesquipedalia?", headers={"X-Request-ID": "request-1"}).json()
        client.get(f"/c/{reply['conversation_id']}?x=sesquipedalia")
        ask(client_of(Standin()), "fail sesquipedalia")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.contextvars.clear_contextvars()
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    said = [(one["route"], one["status"], one["method"]) for one in lines if one["event"] == "answered"]
    assert said == [("/api/ask", 200, "POST"), ("/c/{conversation_id}", 200, "GET"), ("/api/ask", 500, "POST")]
    assert lines[0]["request_id"] == "request-1"
    assert "sesquipedalia" not in written.getvalue()
    assert reply["conversation_id"] not in written.getvalue()


# --- the owner's reports


@pytest.fixture
def owner(assistant: Assistant, database: Database) -> TestClient:
    client = client_of(assistant, database)
    client.post("/sign-in", data={"key": Keyring(database).add("owner", ["review"])})
    return client


def test_reports_tell_what_was_kept(owner: TestClient) -> None:
    ask(owner, "How often did nausea occur with Zolvent?")
    told = ask(owner, "My patient took Zolvent and developed <b>jaundice</b>").json()
    bad = ask(owner, "headache rate of Pramolex?").json()
    owner.post(
        "/api/feedback", json={"turn_id": bad["turn_id"], "rating": "not_helpful", "comment": "which <i>arm</i>?"}
    )
    assert "nausea occur with Zolvent" in owner.get("/reports").text
    queue = owner.get("/reports/adverse-events").text
    assert ("<strong>open</strong>" in queue, told["turn_id"] in queue) == (True, True)
    assert "developed &lt;b&gt;jaundice" in queue
    assert "which &lt;i&gt;arm&lt;/i&gt;?" in owner.get("/reports/not-helpful").text
    assert "<td>3</td>" in owner.get("/reports/traffic").text
    assert "ZOLVENT" in owner.get("/reports/labels").text
    assert owner.get("/reports?days=0").status_code == 422


def test_a_turn_is_taken_away_as_a_test(owner: TestClient) -> None:
    turn = ask(owner, "headache rate of Pramolex?").json()["turn_id"]
    line = owner.get(f"/reports/tests/{turn}")
    assert line.headers["content-disposition"] == f'attachment; filename="kept-{turn[:12]}.jsonl"'
    assert (line.json()["label"], line.json()["question"]) == ("pramolex", "headache rate of Pramolex?")
    assert owner.get("/reports/tests/none").status_code == 422


def test_reports_are_for_the_scope_review_alone(assistant: Assistant, database: Database) -> None:
    client = client_of(assistant, database)
    client.post("/sign-in", data={"key": Keyring(database).add("asking", ["ask"])})
    for path in ("/reports", "/reports/adverse-events", "/reports/tests/x"):
        assert client.get(path, follow_redirects=False).status_code == 403
    client.post("/sign-out")
    assert COOKIE not in client.cookies
    assert client.get("/reports", follow_redirects=False).status_code == 303
