"""The Slack bot as it runs: Socket Mode, installing, many workspaces, slow answers, a rush; its keys, files and commands."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import yaml
from slack_events import SECRET, Speaker, command, direct, event, mention, signed
from slack_rules import words
from slack_server import APP_TOKEN, BOT_TOKEN, CLIENT_ID, CODE, Planned, SlackServer, Team
from standin import Standin
from standin_slack import BASE, bench, credentials

from assistant.cli import main
from assistant.errors import AssistantError, BadSetting
from assistant.reply import Reply
from assistant.settings import Settings
from assistant.slack import app, keeping, saying, sockets
from assistant.slack.credentials import Credentials, from_environment, need
from assistant.slack.keeping import LEASE, Earlier, SQLiteKeeping, Stores
from assistant.slack.listening import COMMAND, SHORTCUT
from assistant.slack.manifest import manifest
from assistant.slack.texts import asked, escaped

ASKED = "How often did adults have nausea?"
ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "eval" / "questions" / "besponsa-dev.jsonl"


class Slow(Standin):
    """An engine that takes its time."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.most, self._now, self._lock = 0, 0, threading.Lock()

    def ask(self, question: str, **more: Any) -> Reply:
        """As the stand-in, later."""
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(self.seconds)
        with self._lock:
            self._now -= 1
            return super().ask(question, **more)


# --- slow answers and a rush


def test_a_slow_answer_is_acknowledged_at_once_and_shows_a_status(tmp_path: Path) -> None:
    with bench(tmp_path, Slow(1.5)) as at:
        began = time.monotonic()
        assert at.speaker.tell(event(direct(ASKED))).status_code == 200
        assert time.monotonic() - began < 1
        at.slack.wait_said()
        (status,) = at.slack.of("assistant.threads.setStatus")
        assert status.arguments["status"] == saying.STATUS
        assert status.arguments["loading_messages"] == list(saying.LOADING)
        assert (status.arguments["channel_id"], status.arguments["thread_ts"]) == ("D1", "1700000002.000100")
        assert at.slack.refused == []


def test_a_status_goes_before_an_answer_that_only_the_asker_sees(tmp_path: Path) -> None:
    with bench(tmp_path, Slow(0.8)) as at:
        at.speaker.tell(event(mention("What is the dose?")))
        assert at.slack.wait_said()[0].method == "chat.postEphemeral"
        assert [call.arguments["status"] for call in at.slack.of("assistant.threads.setStatus")] == [saying.STATUS, ""]


def test_where_no_status_can_be_shown_the_answer_comes_all_the_same(tmp_path: Path) -> None:
    with bench(tmp_path, Slow(0.8)) as at:
        at.slack.plan("assistant.threads.setStatus", Planned(200, {"ok": False, "error": "missing_scope"}))
        at.speaker.tell(event(direct(ASKED)))
        assert words(at.slack.wait_said()[0].arguments["blocks"]).startswith("19%")


def test_questions_of_one_thread_are_answered_one_after_the_other(tmp_path: Path) -> None:
    with bench(tmp_path, Slow(0.1)) as at:
        for number in range(4):
            at.speaker.tell(event(direct(f"{number}?", ts=f"170000000{number}.000100", thread="1700000000.000100")))
        at.slack.wait_said(4)
        assert at.engine.most == 1
        assert [one["conversation_id"] for one in at.engine.asked] == [None, "talk-1", "talk-1", "talk-1"]


@pytest.mark.slow
def test_two_hundred_mentions_at_once_are_acknowledged_in_time_and_answered_once(
    real_index: Path, tmp_path: Path
) -> None:
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()[:200]]
    bodies = [
        event(mention(text, ts=f"1700{number:06}.000100", channel=f"C{number % 20}"))
        for number, text in enumerate(questions)
    ]

    async def rush(url: str) -> list[tuple[int, float]]:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(timeout=60, limits=limits, verify=False) as client:

            async def tell(content: str) -> tuple[int, float]:
                headers = {"Content-Type": "application/json"} | signed(content)
                began = time.monotonic()
                answered = await client.post(url, content=content, headers=headers)
                return answered.status_code, time.monotonic() - began

            return await asyncio.gather(*(tell(json.dumps(body)) for body in bodies))

    with SlackServer().running() as slack:
        with _command(["serve", "--port", "0", "--index", str(real_index)], slack, tmp_path) as running:
            told = asyncio.run(rush(_served_at(running)))
            slack.wait_said(200, 120)
        assert {status for status, _ in told} == {200}
        assert max(seconds for _, seconds in told) < 3
        public = [call.arguments["thread_ts"] for call in slack.of("chat.postMessage")]
        assert len(public) == len(set(public))
        assert len(slack.said) == 200  # those beyond the label are for the asker only, and name no thread
        assert slack.refused == []


# --- Socket Mode


def test_by_socket_mode_the_same_is_answered(tmp_path: Path) -> None:
    with SlackServer().running() as slack, _connected(slack, tmp_path) as engine:
        slack.push({"type": "events_api", "envelope_id": "e1", "payload": event(mention(ASKED)), "retry_attempt": 0})
        slack.wait_said()
        slack.push({"type": "slash_commands", "envelope_id": "e2", "payload": command(ASKED, slack.response_url())})
        slack.wait_said(2)
        assert [call.method for call in slack.said] == ["chat.postMessage", "response"]
        slack.wait(lambda: {"e1", "e2"} <= set(slack.acknowledged))
        assert len(engine.asked) == 2
        assert slack.refused == []


def test_by_socket_mode_a_retry_is_answered_once(tmp_path: Path) -> None:
    with SlackServer().running() as slack, _connected(slack, tmp_path) as engine:
        for retry in range(4):
            payload = event(mention(ASKED), id="Ev7")
            slack.push({"type": "events_api", "envelope_id": f"e{retry}", "payload": payload, "retry_attempt": retry})
        slack.wait(lambda: len(slack.acknowledged) == 4)
        slack.wait_said()
        assert len(engine.asked) == 1


class _connected:
    """The bot by Socket Mode, in a thread of its own."""

    def __init__(self, slack: SlackServer, folder: Path) -> None:
        self.slack, self.engine = slack, Standin()
        settings, keys = Settings(base_url=BASE), credentials(slack)
        self.ready, self.loop = threading.Event(), asyncio.new_event_loop()

        async def run() -> None:
            bot = app.build(self.engine, settings, keys, Stores.open(folder / "slack.sqlite3", ""))
            self.task = asyncio.ensure_future(sockets.run(bot, keys, self.ready.set))
            await asyncio.wait([self.task])

        self.thread = threading.Thread(target=lambda: self.loop.run_until_complete(run()))

    def __enter__(self) -> Standin:
        self.thread.start()
        assert self.ready.wait(20)
        self.slack.wait(lambda: self.slack.is_connected)
        return self.engine

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.task.cancel)
        self.thread.join(20)
        self.loop.close()


@pytest.mark.parametrize(
    ("change", "place"),
    [({"bot_token": "xoxb-revoked"}, "SLACK_BOT_TOKEN"), ({"app_token": "xapp-no"}, "SLACK_APP_TOKEN")],
)
def test_a_token_that_slack_refuses_is_told_at_once(tmp_path: Path, change: dict[str, str], place: str) -> None:
    from dataclasses import replace

    with SlackServer().running() as slack:
        keys = replace(credentials(slack), **change)

        async def run() -> None:
            bot = app.build(Standin(), Settings(), keys, Stores.open(tmp_path / "slack.sqlite3", ""))
            await sockets.run(bot, keys)

        with pytest.raises(AssistantError) as caught:
            asyncio.run(run())
    assert (caught.value.place, caught.value.message) == (place, "Slack refuses it: invalid_auth")


# --- several workspaces

OAUTH = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack_sdk still uses it


def install(at: Any) -> httpx.Response:
    """Install as an administrator's browser does, from the first click to the last page."""
    with httpx.Client(base_url=at.url) as browser:
        start = browser.get("/slack/install")
        assert start.status_code == 302
        where = urlsplit(start.headers["location"])
        query = parse_qs(where.query)
        assert f"{where.scheme}://{where.netloc}{where.path}" == f"{at.slack.url}oauth/v2/authorize"
        assert query["client_id"] == [CLIENT_ID]
        assert query["scope"] == [",".join(app.SCOPES)]
        assert query["redirect_uri"] == [f"{BASE}/slack/oauth_redirect"]
        cookie = start.headers["set-cookie"].partition(";")[0]  # sent back by hand: a browser would only over https
        return browser.get(f"/slack/oauth_redirect?code={CODE}&state={query['state'][0]}", headers={"Cookie": cookie})


@OAUTH
def test_a_workspace_installs_and_is_answered_with_its_own_token(tmp_path: Path) -> None:
    with bench(tmp_path, several=True) as at:
        assert at.speaker.tell(event(mention(ASKED), team="T2")).status_code == 200
        assert install(at).status_code == 200
        at.speaker.tell(event(mention(ASKED), team="T2"))
        (said,) = at.slack.wait_said()
        assert said.token == "xoxb-new"
        assert len(at.engine.asked) == 1
        assert at.slack.refused == []


@OAUTH
def test_an_installation_outlasts_a_restart_and_two_teams_keep_apart(tmp_path: Path) -> None:
    slack = SlackServer()
    with bench(tmp_path, several=True, slack=slack) as at:
        install(at)
        slack.installing = ("xoxb-third", Team("T3", bot_user="UBOT3", bot_id="BBOT3"))
        install(at)
    again = SlackServer()
    again.teams = slack.teams
    with bench(tmp_path, several=True, slack=again) as at:
        at.speaker.tell(event(mention(ASKED), team="T3"))
        at.speaker.tell(event(mention(ASKED), team="T2"))
        at.slack.wait_said(2)
        assert sorted(call.token for call in at.slack.said) == ["xoxb-new", "xoxb-third"]
        assert [one["conversation_id"] for one in at.engine.asked] == [None, None]


@OAUTH
def test_an_enterprise_installs_for_all_of_its_workspaces(tmp_path: Path) -> None:
    slack = SlackServer()
    slack.installing = ("xoxb-org", Team(None, enterprise="E1", bot_user="UORG", bot_id="BORG"))
    with bench(tmp_path, several=True, slack=slack) as at:
        assert install(at).status_code == 200
        body = event(mention(ASKED), team="T77", enterprise="E1")
        body["authorizations"] = [
            {"enterprise_id": "E1", "team_id": None, "user_id": "UORG", "is_bot": True, "is_enterprise_install": True}
        ]
        at.speaker.tell(body)
        (said,) = at.slack.wait_said()
        assert said.token == "xoxb-org"


@OAUTH
def test_a_workspace_that_removes_the_app_is_forgotten(tmp_path: Path) -> None:
    with bench(tmp_path, several=True) as at:
        install(at)
        at.speaker.tell(event(mention(ASKED), team="T2"))
        at.slack.wait_said()
        at.speaker.tell(event({"type": "tokens_revoked", "tokens": {"bot": ["UBOT2"], "oauth": []}}, team="T2"))
        at.speaker.tell(event({"type": "app_uninstalled"}, team="T2"))
        store = Stores.open(tmp_path / "slack.sqlite3", CLIENT_ID).installations
        at.slack.wait(lambda: store.find_installation(enterprise_id=None, team_id="T2") is None)  # type: ignore[attr-defined]
        at.speaker.tell(event(mention(ASKED), team="T2"))
        assert len(at.engine.asked) == 1


@OAUTH
@pytest.mark.parametrize("query", ["code=code-1&state=made-up", "error=access_denied", "code=no&state="])
def test_an_installation_that_nobody_began_is_refused(tmp_path: Path, query: str) -> None:
    with bench(tmp_path, several=True) as at:
        page = httpx.get(f"{at.url}/slack/oauth_redirect?{query}")
        assert "xoxb-new" not in at.slack.teams
        assert page.headers["content-security-policy"].startswith("default-src 'none'")


# --- what is kept


def test_an_event_is_claimed_once_until_its_taker_has_died(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = SQLiteKeeping(tmp_path / "s.sqlite3"), SQLiteKeeping(tmp_path / "s.sqlite3")
    assert (one.claim("Ev1"), two.claim("Ev1"), one.claim("Ev2")) == (True, False, True)
    one.settle("Ev1")
    now = time.time()
    monkeypatch.setattr(keeping.time, "time", lambda: now + LEASE + 1)
    assert (two.claim("Ev1"), two.claim("Ev2")) == (False, True)
    monkeypatch.setattr(keeping.time, "time", lambda: now + 2 * 24 * 3600)
    assert one.claim("Ev1")
    one.close()
    two.close()


def test_a_claim_is_given_to_one_of_many(tmp_path: Path) -> None:
    stores = [SQLiteKeeping(tmp_path / "s.sqlite3") for _ in range(4)]
    with ThreadPoolExecutor(16) as callers:
        given = list(callers.map(lambda number: stores[number % 4].claim(f"Ev{number // 16}"), range(320)))
    assert sum(given) == 20
    for store in stores:
        store.close()


def test_a_thread_keeps_its_questions_in_the_order_of_their_messages(tmp_path: Path) -> None:
    threads = SQLiteKeeping(tmp_path / "s.sqlite3")
    assert threads.earlier("t", "5.0") == Earlier()
    threads.add("t", "3.0", "three", "talk-3")
    threads.add("t", "1.0", "one", "talk-1")
    threads.add("other", "2.0", "two", "talk-2")
    assert threads.earlier("t", "2.0") == Earlier(questions=("one",), conversation=None)
    assert threads.earlier("t", "4.0") == Earlier(questions=("one", "three"), conversation="talk-3")
    for number in range(30):
        threads.add("long", f"{number:02}.0", str(number), "talk")
    assert threads.earlier("long", "99.0").questions == tuple(str(number) for number in range(10, 30))
    threads.close()


# --- keys, manifest, texts, commands


def test_keys_come_from_the_environment_and_are_never_shown() -> None:
    found = from_environment(
        {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": "http://x/api"}
    )
    assert found == Credentials(bot_token=BOT_TOKEN, signing_secret=SECRET, api_url="http://x/api/")
    assert (found.serves_http, found.authorize_url) == (True, "http://x/oauth/v2/authorize")
    assert (BOT_TOKEN in repr(found), SECRET in repr(found)) == (False, False)
    assert not Credentials(signing_secret=SECRET).serves_http
    assert Credentials().authorize_url == "https://slack.com/oauth/v2/authorize"


def test_a_key_of_another_kind_is_refused_without_being_shown() -> None:
    with pytest.raises(BadSetting) as caught:
        from_environment({"SLACK_BOT_TOKEN": "xoxp-user-secret"})
    assert (
        str(caught.value) == "SLACK_BOT_TOKEN: is no token of that kind. It begins with xoxb-; see Slack in the README."
    )
    with pytest.raises(BadSetting, match="SLACK_APP_TOKEN: is missing"):
        need(Credentials(), "app_token")


@pytest.mark.parametrize("base", ["", BASE])
def test_the_manifest_asks_for_what_the_bot_uses(base: str) -> None:
    said = yaml.safe_load(manifest(base))
    features, settings = said["features"], said["settings"]
    assert said["oauth_config"]["scopes"]["bot"] == list(app.SCOPES)
    assert features["slash_commands"][0]["command"] == COMMAND
    assert features["shortcuts"][0]["callback_id"] == SHORTCUT
    assert "agent_view" in features
    assert features["app_home"]["messages_tab_enabled"] is True
    assert settings["event_subscriptions"]["bot_events"] == [
        "app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked",
    ]  # fmt: skip
    assert settings["interactivity"]["is_enabled"] is True
    assert settings["socket_mode_enabled"] is (not base)
    assert len(said["display_information"]["long_description"]) >= 174
    assert len(said["display_information"]["description"]) <= 140
    address = f"{BASE}/slack/events" if base else None
    assert {settings["event_subscriptions"].get("request_url"), settings["interactivity"].get("request_url"),
            features["slash_commands"][0].get("url")} == {address}  # fmt: skip
    assert said["oauth_config"].get("redirect_urls") == ([f"{BASE}/slack/oauth_redirect"] if base else None)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("<@UBOT> VOD rate?", "VOD rate?"),
        ("<@UBOT|bot>: *VOD* rate", ": *VOD* rate"),
        ("_VOD rate?_", "VOD rate?"),
        ("<!here> <!subteam^S1|team> rate &lt;1% &amp; 5", "rate <1% & 5"),
        ("see <https://x.example/y|the label> or <https://z.example>", "see the label or https://z.example"),
        ("in <#C1|general> ask <mailto:a@b.example|a@b.example>", "in general ask a@b.example"),
        ("call <tel:+1800|1-800>", "call 1-800"),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
        ("a\u202eb\x00c\nd", "a b c d"),
        ("<@UBOT>", ""),
    ],
)
def test_slacks_markup_is_no_part_of_a_question(text: str, question: str) -> None:
    assert asked(text) == question


def test_what_is_said_in_markup_calls_nobody() -> None:
    assert escaped("<!channel> <@U1> a&b @everyone @here x@here.example") == (
        "&lt;!channel&gt; &lt;@U1&gt; a&amp;b @\u200beveryone @\u200bhere x@\u200bhere.example"
    )


def test_the_command_prints_the_manifest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slack", "--manifest"]) == 0
    assert yaml.safe_load(capsys.readouterr().out)["settings"]["socket_mode_enabled"] is True


def test_the_command_names_the_key_that_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("SLACK_")]:
        monkeypatch.delenv(name)
    assert main(["slack"]) == 2
    assert capsys.readouterr().err.startswith("label-assistant: SLACK_APP_TOKEN: is missing.")
    monkeypatch.setenv("SLACK_APP_TOKEN", APP_TOKEN)
    assert main(["slack"]) == 2
    assert capsys.readouterr().err.startswith("label-assistant: SLACK_BOT_TOKEN: is missing.")


@pytest.mark.slow
def test_the_command_answers_from_the_real_index(real_index: Path, tmp_path: Path) -> None:
    with SlackServer().running() as slack:
        with _command(["slack", "--index", str(real_index)], slack, tmp_path) as running:
            slack.wait(lambda: slack.is_connected, 60)
            slack.push(
                {"type": "events_api", "envelope_id": "e1", "payload": event(mention("VOD rate after HSCT in kids?"))}
            )
            (said,) = slack.wait_said()
            assert words(said.arguments["blocks"]).startswith("19% (n=5)")
            running.send_signal(signal.SIGINT)
            assert running.wait(30) == 0
            assert running.stderr is not None
            assert "answering in Slack" in running.stderr.read()


@pytest.mark.slow
def test_serve_takes_slacks_events_where_its_keys_are_given(real_index: Path, tmp_path: Path) -> None:
    with SlackServer().running() as slack:
        with _command(["serve", "--port", "0", "--index", str(real_index)], slack, tmp_path) as running:
            Speaker(_served_at(running)).tell(event(direct("VOD rate after HSCT in kids?")))
            assert words(slack.wait_said()[0].arguments["blocks"]).startswith("19% (n=5)")
            running.send_signal(signal.SIGINT)
            running.wait(30)


def _served_at(running: "subprocess.Popen[str]") -> str:
    """Where `serve` takes Slack's events, once it does."""
    assert running.stderr is not None
    found = None
    while found is None:
        line = running.stderr.readline()
        assert line, "serve has ended"
        found = re.search(r"http://[\d.:]+", line)
    until = time.monotonic() + 30
    while True:
        try:
            httpx.get(f"{found[0]}/healthz")
            return f"{found[0]}/slack/events"
        except httpx.ConnectError:
            assert time.monotonic() < until


class _command:
    """A command of ours as a process of its own."""

    def __init__(self, arguments: list[str], slack: SlackServer, folder: Path) -> None:
        keys = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{slack.url}api/",
            "LABEL_ASSISTANT_SLACK_STORE": str(folder / "slack.sqlite3"),
            "PYTHONPATH": str(ROOT),
        }
        self._arguments = [sys.executable, "-m", "assistant.cli", *arguments]
        self._environment = dict(os.environ) | keys

    def __enter__(self) -> "subprocess.Popen[str]":
        self.process = subprocess.Popen(self._arguments, env=self._environment, stderr=subprocess.PIPE, text=True)
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


def test_the_events_of_tests_are_json() -> None:
    assert json.loads(json.dumps(event(mention("x"))))["event"]["text"] == "<@UBOT> x"
