"""What Slack sends, as its reference shows it: events, commands, shortcuts and presses, signed.

Out: bodies, `signed`, `Speaker`, which posts them to an address as Slack does. Left out: what comes back (`slack_server`).
"""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

import httpx

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
_ids = count(1)


def event(
    inner: dict[str, Any], *, team: str | None = "T1", enterprise: str | None = None, id: str = ""
) -> dict[str, Any]:
    """An event in its envelope."""
    return {
        "token": "verification",
        "team_id": team,
        "enterprise_id": enterprise,
        "api_app_id": "A1",
        "event": inner,
        "type": "event_callback",
        "event_id": id or f"Ev{next(_ids):08d}",
        "event_time": 1_700_000_000,
        "authorizations": [
            {
                "enterprise_id": enterprise,
                "team_id": team,
                "user_id": "UBOT",
                "is_bot": True,
                "is_enterprise_install": team is None,
            }
        ],
    }


def mention(
    text: str, *, ts: str = "1700000001.000100", thread: str = "", channel: str = "C1", **more: Any
) -> dict[str, Any]:
    """Someone mentions the assistant in a channel."""
    inner = {
        "type": "app_mention",
        "user": "U1",
        "text": f"<@UBOT> {text}",
        "ts": ts,
        "channel": channel,
        "event_ts": ts,
    }
    return inner | ({"thread_ts": thread} if thread else {}) | more


def direct(text: str, *, ts: str = "1700000002.000100", thread: str = "", **more: Any) -> dict[str, Any]:
    """Someone writes to the assistant."""
    inner = {
        "type": "message",
        "user": "U1",
        "text": text,
        "ts": ts,
        "channel": "D1",
        "channel_type": "im",
        "event_ts": ts,
    }
    return inner | ({"thread_ts": thread} if thread else {}) | more


def command(text: str, response_url: str) -> dict[str, Any]:
    """Someone enters /label."""
    return {
        "token": "verification",
        "team_id": "T1",
        "team_domain": "x",
        "channel_id": "C1",
        "channel_name": "general",
        "user_id": "U1",
        "user_name": "u",
        "command": "/label",
        "text": text,
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": "1.2.3",
    }


def shortcut(text: str, response_url: str) -> dict[str, Any]:
    """Someone takes "Ask the label" from a message's menu."""
    return {
        "type": "message_action",
        "callback_id": "ask_the_label",
        "trigger_id": "1.2.3",
        "response_url": response_url,
        "team": {"id": "T1", "domain": "x"},
        "channel": {"id": "C1", "name": "general"},
        "user": {"id": "U1", "name": "u"},
        "message_ts": "1700000009.000100",
        "message": {"type": "message", "user": "U2", "ts": "1700000009.000100", "text": text},
        "is_enterprise_install": False,
    }


def press(
    action: dict[str, Any], response_url: str, *, channel: str = "C1", thread: str = "", private: bool = False
) -> dict[str, Any]:
    """Someone presses a button under an answer."""
    container = {
        "type": "message",
        "message_ts": "1700000010.000100",
        "channel_id": channel,
        "is_ephemeral": private,
    } | ({"thread_ts": thread} if thread else {})
    return {
        "type": "block_actions",
        "user": {"id": "U1", "team_id": "T1"},
        "api_app_id": "A1",
        "container": container,
        "trigger_id": "1.2.3",
        "team": {"id": "T1", "domain": "x"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel, "name": "general"},
        "response_url": response_url,
        "actions": [{"block_id": "b", "action_ts": "1700000011.000100", **action}],
    }


def signed(body: str, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers by which Slack proves that a request is its own."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


@dataclass
class Speaker:
    """Posts to an address as Slack does."""

    url: str

    def tell(self, body: dict[str, Any], **more: str) -> httpx.Response:
        """Deliver an event."""
        content = json.dumps(body)
        headers = {"Content-Type": "application/json"} | signed(content) | more
        return httpx.post(self.url, content=content, headers=headers, timeout=30)

    def enter(self, body: dict[str, Any]) -> httpx.Response:
        """Deliver a command."""
        return self._form(urlencode(body))

    def act(self, body: dict[str, Any]) -> httpx.Response:
        """Deliver a shortcut or a press."""
        return self._form(urlencode({"payload": json.dumps(body)}))

    def _form(self, content: str) -> httpx.Response:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | signed(content)
        return httpx.post(self.url, content=content, headers=headers, timeout=30)
