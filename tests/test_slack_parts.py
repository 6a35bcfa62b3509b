"""What the Slack bot is made of: what it keeps, its keys, manifest and texts, and its command's errors."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from slack_events import SECRET
from slack_server import APP_TOKEN, BOT_TOKEN
from standin_slack import BASE

from assistant.cli import main
from assistant.errors import BadSetting
from assistant.slack import app, keeping
from assistant.slack.credentials import Credentials, from_environment, need
from assistant.slack.keeping import LEASE, Earlier, SQLiteKeeping
from assistant.slack.listening import COMMAND, SHORTCUT
from assistant.slack.manifest import manifest
from assistant.slack.texts import asked, escaped

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
