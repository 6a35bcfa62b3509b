"""What a reader keeps and says: downloads, ratings with a comment, the first-use gate; over a stand-in engine."""

import json

import pytest
from fastapi.testclient import TestClient
from standin import Standin
from standin_label import ADULT, hostile

from assistant.http.app import create_app
from assistant.http.gating import local
from assistant.reply import as_json
from assistant.settings import Settings


@pytest.fixture
def engine() -> Standin:
    return Standin()


@pytest.fixture
def client(engine: Standin) -> TestClient:
    return TestClient(create_app(engine, Settings(base_url="https://assistant.example")))


def test_a_conversation_is_kept_as_json_as_the_api_gives_it(client: TestClient, engine: Standin) -> None:
    client.post("/ask", data={"question": "nausea rate?"})
    client.post("/ask", data={"question": "severe?", "conversation_id": "talk-1"})
    response = client.get("/c/talk-1/conversation.json")
    assert response.json() == as_json(list(engine.conversation("talk-1")))
    assert response.headers["content-disposition"] == 'attachment; filename="conversation.json"'
    assert response.headers["cache-control"] == "no-store"


def test_a_conversation_is_kept_as_one_page_that_needs_nothing_else(client: TestClient) -> None:
    client.post("/ask", data={"question": "nausea rate?"})
    response = client.get("/c/talk-1/conversation.html")
    html = response.text
    assert response.headers["content-disposition"] == 'attachment; filename="conversation.html"'
    assert ADULT.replace("19%", '<mark class="figure">19%</mark>') in html
    assert '<base href="https://assistant.example/">' in html
    assert "<script" not in html
    assert "<link" not in html
    assert "--paper: #f8f8f5" in html
    assert "To report an adverse event" in html


def test_a_hostile_label_stays_text_in_what_is_kept() -> None:
    client = TestClient(create_app(Standin(hostile()), Settings()))
    client.post("/ask", data={"question": "attack </style><script>window.hurt=1</script>"})
    html = client.get("/c/talk-1/conversation.html").text
    assert "<script" not in html
    assert html.count("</style>") == 1
    assert json.loads(client.get("/c/talk-1/conversation.json").text)[0]["kind"] == "answer"


@pytest.mark.parametrize("ending", ["json", "html"])
def test_a_conversation_that_is_gone_is_404(client: TestClient, ending: str) -> None:
    assert client.get(f"/c/gone/conversation.{ending}").status_code == 404


def test_one_turn_is_shown_alone_and_an_unknown_one_is_404(client: TestClient) -> None:
    client.post("/ask", data={"question": "nausea rate?"})
    assert 'id="t-talk-1-1"' in client.get("/c/talk-1/talk-1-1").text
    assert client.get("/c/talk-1/talk-1-9").status_code == 404


def test_a_rating_keeps_its_comment(client: TestClient, engine: Standin) -> None:
    client.post("/ask", data={"question": "x"})
    form = {"turn_id": "talk-1-1", "conversation_id": "talk-1", "rating": "not_helpful", "comment": "wrong arm"}
    assert client.post("/feedback", data=form, follow_redirects=False).status_code == 303
    assert client.post("/feedback", data=form | {"comment": "a\x07"}).status_code == 422
    assert engine.rated == [("talk-1-1", "not_helpful", "wrong arm")]


def test_the_gate_asks_once_a_browser_and_leads_back() -> None:
    client = TestClient(create_app(Standin(), Settings(gate=True)))
    asked = client.get("/labels/examplor?cite=1-5", follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (
        303,
        "/professionals?to=%2Flabels%2Fexamplor%3Fcite%3D1-5",
    )
    page = client.get(asked.headers["location"])
    assert "Are you a U.S. health-care professional?" in page.text
    assert 'name="to" value="/labels/examplor?cite=1-5"' in page.text
    confirmed = client.post("/professionals", data={"to": "/labels/examplor?cite=1-5"}, follow_redirects=False)
    assert (confirmed.status_code, confirmed.headers["location"]) == (303, "/labels/examplor?cite=1-5")
    cookie = confirmed.headers["set-cookie"].lower()
    assert "label_assistant_professional=yes" in cookie
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    for path in ("/", "/labels", "/labels/examplor"):
        assert client.get(path, follow_redirects=False).status_code == 200


def test_behind_the_gate_nothing_is_asked_or_shown_before_the_yes() -> None:
    engine = Standin()
    client = TestClient(create_app(engine, Settings(gate=True)))
    for path in ("/", "/labels", "/c/talk-1", "/c/talk-1/conversation.json"):
        assert client.get(path, follow_redirects=False).status_code == 303
    assert client.post("/ask", data={"question": "x"}, follow_redirects=False).headers["location"] == (
        "/professionals?to=%2F"
    )
    assert engine.asked == []
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", ""])
def test_the_gate_leads_nowhere_else(address: str) -> None:
    assert local(address) == "/"
