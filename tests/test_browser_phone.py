"""The pages on a phone, 360 and 320 pixels wide, in a real chromium: the source over the conversation, chips, search."""

from collections.abc import Iterator
from typing import Any

import pytest
from standin import Standin
from standin_label import ADULT, CHILD, LABEL, OTHER, ROW_ONE, span
from standin_served import CHROMIUM, OpenPage, Served, ask, findings, launched, pages, serve

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]
COVERED = "document.querySelector('#source').classList.contains('over')"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(Standin(LABEL, OTHER)) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture
def open_page(chromium: Any) -> Iterator[OpenPage]:
    """Opens pages of a phone, and fails the test where one logged an error."""
    with pages(chromium, 360, 740) as opened:
        yield opened


def open_source(page: Any, number: str = ".proof a.number") -> None:
    """Ask, scroll to the answer's source and open it over the conversation."""
    turn = ask(page, "nausea rate?")
    turn.locator(number).first.click()
    page.locator("#source.over mark.cited").first.wait_for()


@pytest.mark.parametrize("way", ["button", "escape", "back"])
def test_the_source_lies_over_the_conversation_until_it_is_closed(
    served: Served, open_page: OpenPage, way: str
) -> None:
    page = open_page(served.url)
    open_source(page)
    address = page.url
    marked = page.locator("#source-text mark.cited")
    assert "".join(marked.all_inner_texts()) == ADULT
    box = marked.first.bounding_box()
    bar = page.locator(".source-bar").bounding_box()
    assert bar["y"] + bar["height"] < box["y"] < 740 / 2
    assert (bar["x"], bar["width"]) == (16, 328)
    assert page.evaluate("document.querySelector('.talk').inert")
    assert page.evaluate("document.activeElement.closest('.source-bar') !== null")
    page.evaluate("window.here = true; window.stood = scrollY")
    if way == "button":
        page.get_by_role("button", name="Close").click()
    elif way == "escape":
        page.keyboard.press("Escape")
    else:
        page.go_back()
    page.wait_for_function(f"() => !{COVERED}")
    assert page.evaluate("[window.here, scrollY === window.stood, document.querySelector('.talk').inert]") == [
        True,
        True,
        False,
    ]
    assert page.url == address
    assert page.evaluate("document.activeElement.matches('.proof a.number')")
    assert page.locator("#source").get_attribute("role") is None


def test_the_source_is_opened_again_goes_to_the_other_places_and_is_searched(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(served.url)
    open_source(page)
    page.locator(".cited-by a").nth(1).click()
    page.wait_for_function(
        "() => document.querySelector('#source-text mark.cited')?.textContent.startsWith('In Study B')"
    )
    assert "".join(page.locator("#source-text mark.cited").all_inner_texts()) == CHILD
    page.fill("#find", "vomiting")
    assert page.locator(".find output").inner_text() == "1 of 1"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.go_back()  # once: steps inside the source are no steps of the browser
    page.wait_for_function(f"() => !{COVERED}")
    page.locator(".turn .headline a.number").click()
    page.wait_for_function(f"() => {COVERED}")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_function(f"() => !{COVERED}")
    assert page.locator("#source-text").is_visible()
    assert not page.evaluate("document.querySelector('.talk').inert")


def test_a_label_that_cannot_be_had_is_a_page_of_its_own(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    turn = ask(page, "nausea rate?")
    failed: list[str] = []

    def once(route: Any) -> None:
        failed.append(route.request.url)
        route.abort()

    page.route("**/labels/examplor", once)
    turn.locator(".proof a.number").first.click()
    page.wait_for_url("**/labels/examplor?cite=*")
    assert failed == [f"{served.url}/labels/examplor"]
    at = span(ADULT)
    assert page.locator(f"mark#c-{at.start}-{at.end}").is_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_the_source_view_leads_back_to_the_answer(served: Served, open_page: OpenPage, script: bool) -> None:
    page = open_page(served.url, java_script_enabled=script)
    page.fill("#question", "nausea rate?")
    page.click("#ask button:not([type])")
    page.locator(".turn").wait_for()
    conversation = page.url.partition("#")[0]
    if script:
        page.locator(".proof a.number").first.click()
        page.get_by_role("link", name="Open as a page").click()
    else:
        page.locator(".proof a.number").first.click()
    page.wait_for_url("**/labels/examplor?cite=*")
    assert "".join(page.locator("mark.cited").all_inner_texts()) == ADULT
    assert page.get_by_role("link", name="Back to the answer").is_visible()
    if script:
        page.keyboard.press("Escape")
    else:
        page.get_by_role("link", name="Back to the answer").click()
    page.wait_for_url(conversation)
    assert page.locator(".turn").count() == 1
    page.goto(f"{served.url}/labels/examplor")
    assert page.get_by_role("link", name="Back to the answer").count() == 0


def test_the_search_in_the_source_view_stays_below_the_boxed_warning(served: Served, open_page: OpenPage) -> None:
    page = open_page(f"{served.url}/labels/examplor", height=400)
    page.mouse.wheel(0, 500)
    page.wait_for_function("() => scrollY > 200")
    boxed, find = page.locator(".boxed").bounding_box(), page.locator("#find").bounding_box()
    assert boxed["y"] == 0
    assert boxed["height"] <= find["y"] < boxed["height"] + 20
    page.fill("#find", "nausea")
    assert page.locator(".find output").inner_text() == "1 of 5"
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_row_of_a_table_is_opened_at_its_place(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    ask(page, "how severe?").locator("figcaption a").first.click()
    row = page.locator("#source.over tr.cited")
    row.wait_for()
    assert row.inner_text().split() == [*ROW_ONE.split()]
    assert row.locator("td.answering").inner_text() == "2"
    assert 0 < row.bounding_box()["y"] < 740


@pytest.mark.parametrize("question", ["nausea rate?", "how severe?"])
def test_the_choices_of_a_chip_stay_inside_320_pixels(served: Served, open_page: OpenPage, question: str) -> None:
    page = open_page(served.url, width=320, height=640)
    menus = ask(page, question).locator(".chip details")
    for place in range(menus.count()):
        menus.nth(place).locator("summary").click()
        box = menus.nth(place).locator(".menu").bounding_box()
        assert (box["x"] >= 0, box["x"] + box["width"] <= 320) == (True, True), place
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        page.keyboard.press("Escape")


def test_axe_finds_nothing_serious_on_a_phone(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    open_source(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert findings(page) == [], scheme
    page.keyboard.press("Escape")
    page.wait_for_function(f"() => !{COVERED}")
    page.locator(".chip summary").first.click()
    page.context.set_offline(True)
    page.fill("#question", "how severe?")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert findings(page) == [], scheme
