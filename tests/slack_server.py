"""A Slack on loopback for the tests: Web API, Socket Mode, OAuth and response addresses, each strict.

Out: `SlackServer`. It refuses what Slack refuses: wrong tokens, unknown or missing arguments, blocks over a limit. It keeps
every call with the time at which it came. A test can plan answers (`plan`), as a rate limit. Left out: any Slack client.
"""

import asyncio
import base64
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web
from slack_rules import problems

BOT_TOKEN = "xoxb-1"
APP_TOKEN = "xapp-1"
CLIENT_ID, CLIENT_SECRET, CODE = "111.222", "client-secret", "code-1"
_ARGUMENTS: dict[str, tuple[set[str], set[str]]] = {  # required and optional, beside the token
    "auth.test": (set(), set()),
    "apps.connections.open": (set(), set()),
    "oauth.v2.access": ({"code"}, {"redirect_uri"}),  # its keys by Basic
    "chat.postMessage": ({"channel", "text"}, {"blocks", "thread_ts", "unfurl_links", "unfurl_media"}),
    "chat.postEphemeral": ({"channel", "text", "user"}, {"blocks", "thread_ts"}),
    "assistant.threads.setStatus": ({"channel_id", "thread_ts", "status"}, {"loading_messages"}),
    "assistant.threads.setSuggestedPrompts": ({"channel_id", "prompts"}, {"thread_ts", "title"}),
}


@dataclass(frozen=True)
class Team:
    """A workspace, or an enterprise that has installed for all of its workspaces."""

    team: str | None
    enterprise: str | None = None
    bot_user: str = "UBOT"
    bot_id: str = "BBOT"


@dataclass(frozen=True)
class Call:
    """One call of the Web API or of a response address."""

    method: str
    arguments: dict[str, Any]
    token: str = ""
    at: float = 0.0


@dataclass
class Planned:
    """An answer given instead of the usual one."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


class SlackServer:
    """Slack, as far as the assistant speaks to it."""

    def __init__(self) -> None:
        self.teams = {BOT_TOKEN: Team("T1")}
        self.installing = ("xoxb-new", Team("T2", bot_user="UBOT2", bot_id="BBOT2"))
        self.calls: list[Call] = []
        self.refused: list[str] = []  # what was wrong with calls, in words
        self.acknowledged: dict[str, Any] = {}  # envelope of Socket Mode to its payload
        self.acknowledged_at: dict[str, float] = {}
        self.url = ""
        self._planned: dict[str, deque[Planned]] = defaultdict(deque)
        self._changed = threading.Condition()
        self._sockets: list[web.WebSocketResponse] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._clock = 1_700_000_000

    # --- for the tests

    def plan(self, method: str, *answers: Planned) -> None:
        """Answer the next calls of a method like this."""
        self._planned[method].extend(answers)

    def of(self, *methods: str) -> list[Call]:
        """The calls of some methods so far."""
        with self._changed:
            return [call for call in self.calls if call.method in methods]

    @property
    def said(self) -> list[Call]:
        """Everything that was posted."""
        return self.of("chat.postMessage", "chat.postEphemeral", "response")

    def wait(self, what: Callable[[], Any], seconds: float = 30) -> Any:
        """What a condition gives as soon as it holds."""
        until = time.monotonic() + seconds
        with self._changed:
            while not (found := what()):
                left = until - time.monotonic()
                assert left > 0, f"waited {seconds} s in vain; calls: {self.calls[-5:]}, refused: {self.refused}"
                self._changed.wait(min(left, 0.2))
        return found

    def wait_said(self, number: int = 1, seconds: float = 30) -> list[Call]:
        """The posts, once there are so many."""
        self.wait(lambda: len(self.said) >= number, seconds)
        return self.said

    def push(self, envelope: dict[str, Any]) -> None:
        """Send an envelope by Socket Mode."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self._sockets[-1].send_json(envelope), self._loop).result(10)

    @property
    def is_connected(self) -> bool:
        """Whether a Socket Mode client is here."""
        return bool(self._sockets)

    def response_url(self, id: str = "1") -> str:
        """An address that a command or press comes with."""
        return f"{self.url}response/{id}"

    # --- serving

    @contextmanager
    def running(self) -> Iterator["SlackServer"]:
        """Serve on a free port of loopback until the block ends."""
        ready = threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)))
        thread.start()
        assert ready.wait(10)
        try:
            yield self
        finally:
            assert self._loop is not None
            self._loop.call_soon_threadsafe(self._stop.set)
            thread.join(10)

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.router.add_post("/api/{method}", self._api)
        app.router.add_get("/socket", self._socket)
        app.router.add_post("/response/{id}", self._response)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        ready.set()
        await self._stop.wait()
        for socket in self._sockets:
            await socket.close()
        await runner.cleanup()

    async def _api(self, request: web.Request) -> web.Response:
        method, given = request.match_info["method"], await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or given.pop("token", "")
        given.pop("team_id", None)  # bolt's clients name the team in every call
        self._keep(Call(method=method, arguments=given, token=token, at=time.monotonic()))
        if self._planned[method]:
            planned = self._planned[method].popleft()
            return web.json_response(planned.body, status=planned.status, headers=planned.headers)
        error = self._wrong(method, given, token)
        if error:
            with self._changed:
                self.refused.append(f"{method}: {error}")
            return web.json_response({"ok": False, "error": error.partition(" ")[0]})
        return web.json_response({"ok": True, **self._answer(method, given, token)})

    def _wrong(self, method: str, given: dict[str, Any], token: str) -> str:
        if method not in _ARGUMENTS:
            return f"unknown_method {method}"
        required, optional = _ARGUMENTS[method]
        if set(given) - required - optional or required - set(given):
            return f"invalid_arguments {sorted(given)}"
        if method == "apps.connections.open":
            return "" if token == APP_TOKEN else "invalid_auth"
        if method == "oauth.v2.access":
            known = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
            return "" if (token, given["code"]) == (f"Basic {known}", CODE) else "invalid_code"
        if token not in self.teams:
            return "invalid_auth"
        return _wrong_message(given) if method.startswith("chat.") else _wrong_assistant(method, given)

    def _answer(self, method: str, given: dict[str, Any], token: str) -> dict[str, Any]:
        if method == "apps.connections.open":
            return {"url": f"{self.url.replace('http', 'ws')}socket"}
        if method == "oauth.v2.access":
            new, team = self.installing
            self.teams[new] = team
            return {
                "access_token": new,
                "token_type": "bot",
                "scope": "chat:write,commands",
                "bot_user_id": team.bot_user,
                "app_id": "A1",
                "team": {"id": team.team, "name": "New"} if team.team else None,
                "enterprise": {"id": team.enterprise, "name": "Org"} if team.enterprise else None,
                "is_enterprise_install": team.team is None,
                "authed_user": {"id": "UADMIN"},
            }
        if method == "auth.test":
            team = self.teams[token]
            return {
                "url": "https://x.slack.com/",
                "team_id": team.team or "T9",
                "enterprise_id": team.enterprise,
                "user_id": team.bot_user,
                "bot_id": team.bot_id,
                "is_enterprise_install": team.team is None,
            }
        self._clock += 1
        return {"ts": f"{self._clock}.000100", "channel": given.get("channel", given.get("channel_id"))}

    async def _response(self, request: web.Request) -> web.Response:
        given, id = await request.json(), request.match_info["id"]
        before = sum(call.arguments["id"] == id for call in self.of("response"))
        unknown = set(given) - {"text", "blocks", "response_type", "replace_original", "thread_ts"}
        self._keep(Call(method="response", arguments=given | {"id": id}, at=time.monotonic()))
        wrong = "used_url" if before >= 5 else f"invalid_payload {unknown}" if unknown else _wrong_message(given)
        if wrong:
            with self._changed:
                self.refused.append(f"response: {wrong}")
            return web.Response(status=404 if before >= 5 else 400, text=wrong.partition(" ")[0])
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        with self._changed:
            self._sockets.append(socket)
            self._changed.notify_all()
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                said = json.loads(message.data)
                with self._changed:
                    self.acknowledged[said["envelope_id"]] = said.get("payload")
                    self.acknowledged_at[said["envelope_id"]] = time.monotonic()
                    self._changed.notify_all()
        return socket

    def _keep(self, call: Call) -> None:
        with self._changed:
            self.calls.append(call)
            self._changed.notify_all()


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    form = dict(await request.post())
    return {name: json.loads(value) if name in ("blocks", "prompts") else value for name, value in form.items()}


def _wrong_message(given: dict[str, Any]) -> str:
    text = given.get("text", "")
    if not text and not given.get("blocks"):
        return "no_text"
    if len(text) > 4000:
        return f"msg_too_long {len(text)}"
    if "<!" in text or "<@" in text:
        return f"calls_people {text[:80]}"
    if "blocks" in given and (found := problems(given["blocks"])):
        return f"invalid_blocks {found}"
    return ""


def _wrong_assistant(method: str, given: dict[str, Any]) -> str:
    if method.endswith("setStatus") and (not given["thread_ts"] or len(given.get("loading_messages", [])) > 10):
        return "invalid_thread_ts"
    if method.endswith("setSuggestedPrompts"):
        prompts = given["prompts"]
        if not 1 <= len(prompts) <= 4 or any(set(prompt) != {"title", "message"} for prompt in prompts):
            return "invalid_prompts"
    return ""
