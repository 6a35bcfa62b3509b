"""The widget in a portal of another origin, under a strict policy and COEP, in a real chromium; and its frame."""

import importlib.util
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from standin import Standin
from standin_label import ADULT, LABEL, hostile
from standin_served import CHROMIUM, OpenPage, findings, launched, pages, serve

from assistant import paths
from assistant.settings import Settings

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]
SECRET = "w" * 32


@dataclass
class Hosted:
    """An assistant, a portal that its keys name, and one that they don't."""

    assistant: str
    portal: str
    stranger: str
    engine: Standin


def _portal_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("portal", paths.web() / "demo" / "portal.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _hosted(folder: Path, engine: Standin) -> Iterator[Hosted]:
    ports = [_free_port(), _free_port()]
    portal, stranger = (f"http://127.0.0.1:{port}" for port in ports)
    keys = folder / "keys.toml"
    keys.write_text(f'[portal.ward]\nsecret = "{SECRET}"\norigins = ["{portal}"]\nframes = ["{portal}"]\n', "utf-8")
    with serve(engine, Settings(widget_keys=keys)) as served:
        module = _portal_module()
        servers = [module.server(served.url, "ward", SECRET, port) for port in ports]
        threads = [threading.Thread(target=server.serve_forever, args=(0.05,)) for server in servers]
        for thread in threads:
            thread.start()
        yield Hosted(assistant=served.url, portal=portal, stranger=stranger, engine=engine)
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    yield from _hosted(tmp_path_factory.mktemp("hosted"), Standin(LABEL))


@pytest.fixture(scope="module")
def harmful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    yield from _hosted(tmp_path_factory.mktemp("harmful"), Standin(hostile()))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture
def open_page(chromium: Any) -> Iterator[OpenPage]:
    """Opens pages, and fails the test where a policy was broken or a script failed."""
    with pages(chromium, height=900) as opened:
        yield opened


def ask(page: Any, question: str, element: str = "#inline") -> Any:
    """Ask in the widget with the keyboard and wait for its answer."""
    turns = page.locator(f"{element} article")
    before = turns.count()
    page.locator(f"{element} textarea").fill(question)
    page.keyboard.press("Enter")
    turns.nth(before).wait_for()
    return turns.nth(before)


def test_the_widget_answers_in_a_page_of_another_origin_and_tells_it(hosted: Hosted, open_page: OpenPage) -> None:
    page = open_page(hosted.portal)
    page.evaluate(
        "window.heard = []; for (const name of ['ask', 'answer', 'source']) addEventListener("
        "`label-assistant:${name}`, (event) => heard.push([name, event.detail.kind ?? event.detail.question ?? '']))"
    )
    turn = ask(page, "nausea rate?")
    assert turn.locator(".headline").inner_text().split("\n")[0] == "19% (31/164) 1"
    assert turn.locator("blockquote").first.inner_text() == f"{ADULT} 1"
    assert turn.locator("mark").first.inner_text() == "19%"
    assert page.locator("#heard").inner_text() == "Answered: answer"
    turn.get_by_label("Source 1").first.click()
    dialog = page.locator("#inline dialog")
    dialog.locator("mark").first.wait_for()
    assert "".join(dialog.locator("mark").all_inner_texts()) == ADULT
    assert dialog.locator("mark.figure").inner_text() == "19%"
    page.keyboard.press("Escape")
    assert dialog.is_hidden()
    assert page.evaluate("document.querySelector('#inline').shadowRoot.activeElement.className") == "number"
    turn.get_by_role("button", name="Not helpful").click()
    turn.get_by_text("Thank you, noted.").wait_for()
    assert hosted.engine.rated[-1][1:] == ("not_helpful", "")
    assert page.evaluate("heard") == [["ask", "nausea rate?"], ["answer", "answer"], ["source", ""]]
    assert "EXAMPLOR" in page.locator("#inline h2").first.inner_text()
    assert page.locator("#inline footer").inner_text().startswith("To report an adverse event: 1-800-555-0100.")


def test_the_widget_goes_on_with_its_conversation_and_shows_every_kind(hosted: Hosted, open_page: OpenPage) -> None:
    page = open_page(hosted.portal)
    ask(page, "nausea rate?")
    row = ask(page, "how severe?")
    assert row.locator("tr.cited td.here").inner_text() == "2"
    assert "Closest passages, not an answer" in ask(page, "starting dose?").inner_text()
    ask(page, "what LI").get_by_role("button", name="Liver injury").click()
    page.locator("#inline article >> nth=4").wait_for()
    notices = ask(page, "notices").inner_text()
    assert notices.index("Emergency") < notices.index("Check this figure")
    talks = {one["conversation_id"] for one in hosted.engine.asked[-5:]}
    assert len(talks) == 1


def test_a_chip_of_the_widget_is_changed_removed_and_typed_into(hosted: Hosted, open_page: OpenPage) -> None:
    page = open_page(hosted.portal)
    turn = ask(page, "nausea rate?")
    assert [words.split("\n")[0] for words in turn.locator(".chips li").all_inner_texts()] == [
        "nausea",
        "adult",
        "rate",
    ]
    turn.get_by_label("adult, change the population").click()
    turn.get_by_role("button", name="pediatric", exact=True).click()
    turns = page.locator("#inline article")
    turns.nth(1).wait_for()
    assert turns.nth(1).locator(".asked").inner_text() == "How often did pediatric patients have nausea?"
    assert page.evaluate("document.querySelector('#inline').shadowRoot.activeElement.id") == "box"
    turns.nth(1).get_by_label("Ask without adult").click()
    turns.nth(2).wait_for()
    assert turns.nth(2).locator(".asked").inner_text() == "How often did have nausea?"
    turns.nth(2).get_by_label("nausea, change the topic").click()
    page.keyboard.press("Tab")
    page.keyboard.type("vomiting")
    page.keyboard.press("Enter")
    turns.nth(3).wait_for()
    assert turns.nth(3).locator(".asked").inner_text() == "vomiting rate in adult patients?"
    assert len({one["conversation_id"] for one in hosted.engine.asked[-3:]}) == 1
    turns.nth(3).get_by_label("adult, change the population").click()
    assert findings(page) == []
    page.keyboard.press("Escape")
    assert page.locator("#inline .chips details[open]").count() == 0


def test_the_widget_still_answers_where_its_chips_cannot_be_had(hosted: Hosted, open_page: OpenPage) -> None:
    page = open_page(hosted.portal)
    page.route("**/chips", lambda route: route.abort())
    turn = ask(page, "how severe?")
    assert turn.locator(".chips li").all_inner_texts() == ["nausea", "pediatric", "grade ≥3", "rate"]
    assert turn.locator(".chips button, .chips summary").count() == 0
    assert turn.locator(".headline").inner_text().split("\n")[0] == "2% 1"


def test_a_row_is_opened_as_its_table_in_the_dialog(hosted: Hosted, open_page: OpenPage) -> None:
    page = open_page(hosted.portal, width=360, height=740)
    turn = ask(page, "how severe?")
    turn.get_by_label("Source 1").first.click()
    dialog = page.locator("#inline dialog")
    row = dialog.locator("tr.cited")
    row.wait_for()
    assert row.inner_text().split() == ["Nausea", "15", "2", "8", "0"]
    assert row.locator("td.here").inner_text() == "2"
    assert [words.split() for words in dialog.locator("tbody tr").all_inner_texts()] == [
        ["Gastrointestinal", "disorders"],
        ["Nausea", "15", "2", "8", "0"],
        ["Vomiting", "12", "<1", "5", "0"],
        ["General", "disorders"],
        ["Pyrexia", "49", "4", "20", "1"],
    ]
    box, there = dialog.bounding_box(), row.bounding_box()
    assert box["x"] >= 0 < there["y"] - box["y"] < box["height"]
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    dialog.get_by_role("button", name="Close").click()
    assert dialog.is_hidden()


def test_the_widget_announces_a_finished_answer_once_and_keeps_the_focus(hosted: Hosted, open_page: OpenPage) -> None:
    page = open_page(hosted.portal)
    page.evaluate(
        "window.added = []; new MutationObserver((all) => { for (const one of all) "
        "for (const node of one.addedNodes) added.push(node.tagName) })"
        ".observe(document.querySelector('#inline').shadowRoot.querySelector('[role=log]'), {childList: true, subtree: true})"
    )
    ask(page, "nausea rate?")
    page.wait_for_timeout(200)
    assert page.evaluate("added") == ["ARTICLE"]
    assert page.evaluate("document.querySelector('#inline').shadowRoot.activeElement.id") == "box"


def test_the_launcher_opens_closes_and_works_with_the_keyboard(hosted: Hosted, open_page: OpenPage) -> None:
    page = open_page(f"{hosted.portal}/launcher.html", width=360, height=700)
    launcher = page.locator("#launcher .launcher")
    assert page.locator("#launcher .panel").is_hidden()
    launcher.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("nausea rate?")
    page.keyboard.press("Enter")
    page.locator("#launcher article").wait_for()
    assert page.locator("#launcher .panel").bounding_box() == {"x": 20, "y": 20, "width": 320, "height": 600}
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.keyboard.press("Escape")
    assert page.locator("#launcher .panel").is_hidden()
    assert page.evaluate("document.querySelector('#launcher').shadowRoot.activeElement.className") == "launcher"


def test_the_host_themes_the_widget(hosted: Hosted, open_page: OpenPage) -> None:
    page = open_page(hosted.portal, color_scheme="light")
    turn = ask(page, "nausea rate?")
    assert turn.locator(".headline").evaluate("(one) => getComputedStyle(one).fontStyle") == "italic"
    button = page.locator("#inline .line button")
    assert button.evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgb(90, 42, 130)"


def test_a_token_that_has_run_out_is_renewed_once(hosted: Hosted, open_page: OpenPage) -> None:
    page = open_page(hosted.portal)
    page.evaluate(
        "() => { const one = document.querySelector('#inline'), real = one.tokenProvider; window.asked = 0;"
        "one.tokenProvider = () => (asked += 1) === 1 ? 'old.token' : real() }"
    )
    page.reload()
    page.evaluate(
        "() => { const one = document.querySelector('#inline'), real = one.tokenProvider; window.asked = 0;"
        "one.tokenProvider = () => (asked += 1) === 1 ? 'old.token' : real() }"
    )
    ask(page, "nausea rate?")
    assert page.evaluate("asked") == 2


def test_an_origin_that_no_key_names_is_refused(hosted: Hosted, open_page: OpenPage) -> None:
    page = open_page(hosted.stranger)
    asked = len(hosted.engine.asked)
    page.locator("#inline textarea").fill("nausea rate?")
    page.keyboard.press("Enter")
    page.locator("#inline .problem").wait_for()
    assert page.locator("#inline article").count() == 0
    assert page.locator("#inline textarea").input_value() == "nausea rate?"
    assert len(hosted.engine.asked) == asked


def test_the_frame_grows_with_its_content_and_only_its_host_may_show_it(hosted: Hosted, open_page: OpenPage) -> None:
    page = open_page(f"{hosted.portal}/frame.html")
    frame = page.frame_locator("#frame")
    frame.locator("textarea").fill("how severe?")
    page.keyboard.press("Enter")
    frame.locator("article").wait_for()
    page.wait_for_function("() => Number(document.querySelector('#frame').height) > 350")
    inside = next(one for one in page.frames if "/embed" in one.url)
    assert inside.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
    page.evaluate(
        "(there) => document.querySelector('#frame').contentWindow.postMessage("
        "{type: 'label-assistant:ask', question: 'nausea rate?'}, there)",
        hosted.assistant,
    )
    frame.locator("article").nth(1).wait_for()
    other = open_page(f"{hosted.stranger}/frame.html")
    assert other.frame_locator("#frame").locator("label-assistant").count() == 0


def test_axe_finds_nothing_serious_in_the_widget(hosted: Hosted, open_page: OpenPage) -> None:
    page = open_page(hosted.portal)
    for question in ("nausea rate?", "how severe?", "starting dose?", "what LI", "notices"):
        ask(page, question)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert findings(page) == [], scheme
    page.get_by_label("Source 1").first.click()
    page.locator("#inline dialog mark").first.wait_for()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert findings(page) == [], scheme


def test_a_hostile_label_does_nothing_in_the_widget(harmful: Hosted, open_page: OpenPage) -> None:
    page = open_page(harmful.portal)
    turn = ask(page, "attack <img src=x onerror='window.hurt=1'>")
    turn.get_by_label("Source 1").first.click()
    page.locator("#inline dialog mark").first.wait_for()
    assert page.evaluate("window.hurt === undefined")
    text = page.evaluate("document.querySelector('#inline').shadowRoot.textContent")
    assert not set("\u200b\u202c\u202e\ufeff") & set(text)
    assert "U+202E" in text
    inside = page.evaluate(
        "document.querySelector('#inline').shadowRoot.querySelectorAll('img, svg, iframe, script').length"
    )
    assert inside == 0
    links = page.evaluate(
        "[...document.querySelector('#inline').shadowRoot.querySelectorAll('a')].map((one) => one.protocol)"
    )
    assert set(links) <= {"http:", "tel:"}
