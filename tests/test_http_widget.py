"""The portal widget's server side: keys, tokens, origins, frames and the script's name; over a stand-in engine."""

import base64
import gzip
import hashlib
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from standin import Standin

from assistant.errors import BadSetting
from assistant.http.app import create_app
from assistant.http.keys import LIFETIME, Keys, Token, sign
from assistant.settings import Settings

SECRET = "s" * 32
PORTAL = "https://notes.example"
FRAME = "https://frames.example"
KEYS = f'[portal.ward-notes]\nsecret = "{SECRET}"\norigins = ["{PORTAL}"]\nframes = ["{FRAME}"]\n'
PREFLIGHT = {"Origin": PORTAL, "Access-Control-Request-Method": "POST"}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "keys.toml"
    path.write_text(KEYS, encoding="utf-8")
    return path


@pytest.fixture
def client(keys: Path) -> TestClient:
    return TestClient(create_app(Standin(), Settings(widget_keys=keys)))


def request_for(origin: str = PORTAL, at: int | None = None, secret: str = SECRET, **more: Any) -> dict[str, Any]:
    at = int(time.time()) if at is None else at
    return {
        "portal": "ward-notes",
        "origin": origin,
        "at": at,
        "signature": sign(secret, "ward-notes", origin, at),
    } | more


def bearer(client: TestClient, origin: str = PORTAL) -> dict[str, str]:
    token = client.post("/api/tokens", json=request_for()).json()["token"]
    return {"Origin": origin, "Authorization": f"Bearer {token}"}


def test_a_token_opens_the_api_to_its_origin_and_to_no_other(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": "x"}, headers=bearer(client))
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, PORTAL)
    assert response.headers["vary"] == "Origin"
    other = client.post("/api/ask", json={"question": "x"}, headers=bearer(client, "https://evil.example"))
    assert (other.status_code, "access-control-allow-origin" in other.headers) == (403, False)
    framing = client.post("/api/ask", json={"question": "x"}, headers=bearer(client, FRAME))
    assert framing.status_code == 403


def test_without_a_token_an_allowed_origin_is_told_so_and_nothing_is_asked(keys: Path) -> None:
    engine = Standin()
    client = TestClient(create_app(engine, Settings(widget_keys=keys)))
    for value in ({}, {"Authorization": "Bearer x.y"}, {"Authorization": "Basic x"}, {"Authorization": "Bearer é"}):
        headers = {b"Origin": PORTAL.encode()} | {name.encode(): text.encode() for name, text in value.items()}
        response = client.post("/api/ask", json={"question": "x"}, headers=headers)
        assert (response.status_code, response.headers["access-control-allow-origin"]) == (401, PORTAL)
    assert engine.asked == []


def test_a_preflight_is_answered_for_an_allowed_origin_alone(client: TestClient) -> None:
    allowed = client.options("/api/ask", headers=PREFLIGHT)
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-headers"] == "authorization, content-type"
    refused = client.options("/api/ask", headers=PREFLIGHT | {"Origin": "https://evil.example"})
    assert refused.status_code == 403
    assert not [name for name in refused.headers if name.startswith("access-control")]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
@pytest.mark.parametrize("path", ["/ask", "/feedback", "/api/ask", "/api/feedback", "/professionals"])
def test_another_site_posts_nothing(client: TestClient, origin: str, path: str) -> None:
    assert client.post(path, data={"question": "x"}, headers={"Origin": origin}).status_code == 403


def test_our_own_pages_need_no_token(client: TestClient) -> None:
    own = {"Origin": "http://testserver"}
    assert client.post("/api/ask", json={"question": "x"}, headers=own).status_code == 200
    proxied = TestClient(create_app(Standin(), Settings(base_url="https://assistant.example/")))
    own = {"Origin": "https://assistant.example"}
    assert proxied.post("/api/ask", json={"question": "x"}, headers=own).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (lambda: {"signature": "0" * 64}, "signature"),
        (lambda: {"portal": "nobody"}, "signature"),
        (lambda: request_for(origin="https://evil.example"), "origin"),  # subtle: signed when the test runs, not before
        (lambda: request_for(secret="t" * 32), "signature"),
        (lambda: request_for(at=1_000_000_000), "at"),
    ],
    ids=["signature", "portal", "origin", "secret", "old"],
)
def test_a_wrong_key_gets_no_token(client: TestClient, wrong: Callable[[], dict[str, Any]], place: str) -> None:
    response = client.post("/api/tokens", json=request_for() | wrong())
    assert (response.status_code, response.json()["error"]["place"]) == (403, place)
    assert SECRET not in response.text


def test_a_request_for_a_token_is_read_strictly(client: TestClient) -> None:
    response = client.post("/api/tokens", json=request_for() | {"zap": 1})
    assert response.json()["error"]["allowed"] == "only portal, origin, at, signature"
    assert client.post("/api/tokens", json={"portal": "ward-notes"}).status_code == 422


def test_a_token_says_for_whom_and_how_long_and_ends(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Keys.open(keys)
    now = int(time.time())
    token, seconds = opened.issue("ward-notes", PORTAL, now, sign(SECRET, "ward-notes", PORTAL, now))
    said = opened.check(token, PORTAL)
    assert said == Token(portal="ward-notes", origin=PORTAL, expires=said.expires)
    assert (seconds, 0 <= said.expires - now - LIFETIME <= 1) == (LIFETIME, True)
    body = json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))
    assert SECRET not in json.dumps(body)
    monkeypatch.setattr(time, "time", lambda: now + LIFETIME + 2)
    with pytest.raises(Exception, match="expired"):
        opened.check(token, PORTAL)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[portal.a]\nsecret = "short"\n', "portal.a.secret"),
        (f'[portal.a]\nsecret = "{SECRET}"\norigins = ["*"]\n', "portal.a.origins.0"),
        (f'[portal.a]\nsecret = "{SECRET}"\nframes = ["https://x.example/path"]\n', "portal.a.frames.0"),
        (f'[a]\nsecret = "{SECRET}"\n', "portal: Field required"),
        ("[portal", "not TOML"),
    ],
)
def test_a_file_of_keys_that_is_wrong_is_named_without_its_secret(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "keys.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSetting, match=re.escape(said)) as caught:
        Keys.open(path)
    assert "short" not in str(caught.value)
    with pytest.raises(BadSetting, match="can't be read"):
        Keys.open(tmp_path / "none.toml")


def test_a_frame_is_for_the_origins_that_the_key_names_for_frames(client: TestClient) -> None:
    page = client.get("/embed", params={"portal": "ward-notes", "origin": FRAME, "product": "EXAMPLOR"})
    assert page.status_code == 200
    assert f"frame-ancestors {FRAME};" in page.headers["content-security-policy"]
    assert "x-frame-options" not in page.headers
    assert page.headers["cross-origin-embedder-policy"] == "require-corp"
    assert page.headers["cross-origin-resource-policy"] == "cross-origin"
    assert f'data-host="{FRAME}"' in page.text
    assert 'product="examplor"' in page.text
    for query in ({"portal": "ward-notes", "origin": PORTAL}, {"portal": "x", "origin": FRAME}, {}):
        refused = client.get("/embed", params=query)
        assert refused.status_code == 403
        assert "frame-ancestors 'none'" in refused.headers["content-security-policy"]
        assert refused.headers["x-frame-options"] == "DENY"


def test_without_keys_no_portal_may_embed() -> None:
    client = TestClient(create_app(Standin(), Settings()))
    assert client.post("/api/tokens", json=request_for()).status_code == 403
    assert client.options("/api/ask", headers=PREFLIGHT).status_code == 403
    assert client.get("/embed", params={"portal": "ward-notes", "origin": FRAME}).status_code == 403


def test_the_script_is_named_by_its_content_and_fits_its_integrity(client: TestClient) -> None:
    said = client.get("/widget/integrity.json", headers={"Origin": "https://any.example"})
    script = client.get(said.json()["url"], headers={"Origin": "https://any.example"})
    digest = base64.b64encode(hashlib.sha384(script.content).digest()).decode()
    assert said.json() == {
        "version": hashlib.sha384(script.content).hexdigest()[:12],
        "url": f"/widget/{said.json()['version']}/widget.js",
        "integrity": f"sha384-{digest}",
        "tag": f'<script src="http://testserver{said.json()["url"]}" integrity="sha384-{digest}" '
        'crossorigin="anonymous" defer></script>',
    }
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["access-control-allow-origin"] == "*"
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert client.get("/widget/000000000000/widget.js").status_code == 404


def test_the_script_is_small_and_never_parses_text_as_markup(client: TestClient) -> None:
    script = client.get(client.get("/widget/integrity.json").json()["url"]).text
    assert len(gzip.compress(script.encode())) <= 30_000
    for sink in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "localStorage",
    ):
        assert sink not in script
