"""What a clinician does on the owner's own page, from the first question to the print, in a real chromium with the real
encoder; and what must hold all the while: nothing kept in the browser, no question in an address."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from standin import Standin
from standin_label import LABEL, OTHER
from standin_served import CHROMIUM, OpenPage, Served, ask, findings, launched, pages, serve

if TYPE_CHECKING:
    from assistant.assembly import Assistant

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]
REPORT = "My patient developed severe bleeding after the second dose of BESPONSA"


@pytest.fixture(scope="module")
def served(real_assistant: "Assistant") -> Iterator[Served]:
    with serve(real_assistant) as running:  # type: ignore[arg-type]
        yield running


@pytest.fixture(scope="module")
def several() -> Iterator[Served]:
    with serve(Standin(LABEL, OTHER)) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture
def open_page(chromium: Any) -> Iterator[OpenPage]:
    """Opens pages, and fails the test where one logged an error or asked another host."""
    with pages(chromium, here_only=True) as opened:
        yield opened


def test_a_question_a_follow_up_and_a_changed_chip_each_give_their_figure(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    first = ask(page, "VOD rate after HSCT in children?")
    assert first.locator(".headline strong").inner_text() == "19% (n=5)"
    assert first.locator(".proof mark.figure").first.inner_text() == "19% (n=5)"
    second = ask(page, "and in adults?")
    assert "adult" in second.locator(".chips").inner_text().split("\n")
    third = page.locator(".turn >> nth=2")
    second.get_by_label("adult, change the population").click()
    second.get_by_role("button", name="pediatric", exact=True).click()
    third.wait_for()
    # of all children: the figure before is of all adults, whether or not they were transplanted, and is worded so
    assert third.locator(".headline strong").inner_text() == "15% (8/53)"


def test_a_table_answers_with_its_row_its_heads_and_its_place_in_the_label(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    turn = ask(page, "How common was fever in children?")
    assert turn.locator(".headline strong").inner_text() == "49%"
    table = turn.locator(".proof table").first
    assert table.locator("thead th").all_inner_texts() == [
        "Adverse reaction",
        "BESPONSA monotherapy (n=53)",
        "All grades,\u00a0%",
        "Grades ≥3,\u00a0%",
    ]
    assert table.locator("thead .answering").last.inner_text() == "All grades,\u00a0%"
    assert table.locator("tr.cited th").inner_text().split()[0] == "Pyrexia"
    assert table.locator("tr.cited td").all_inner_texts() == ["49", "4"]
    beside = page.locator("#source-text tr.cited")
    beside.wait_for()
    assert beside.inner_text().split() == ["Pyrexia", "49", "4"]
    assert beside.locator("td.answering").inner_text() == "49"


def test_a_no_says_what_was_searched_and_leaves_nothing_beside_it(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    ask(page, "VOD rate after HSCT in children?")
    page.locator("#source-text mark.cited").first.wait_for()
    turn = ask(page, "How does metformin interact?")
    assert turn.locator(".no").inner_text() == "Not in this label"
    assert "Searched: BESPONSA" in turn.inner_text()
    assert turn.locator(".headline, blockquote mark.figure:visible").count() == turn.locator("mark.figure").count() == 0
    assert turn.locator(".nearest h3").inner_text() == "Closest passages, not an answer"
    page.locator("#contents").wait_for()
    assert page.locator("#source-text").is_hidden()


def test_the_report_of_an_adverse_event_comes_first_with_its_number_and_a_summary_to_copy(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(served.url, permissions=["clipboard-read", "clipboard-write"])
    turn = ask(page, REPORT)
    panel = turn.locator(".card > :first-child")
    assert panel.get_attribute("class") == "notice report_adverse_event"
    assert panel.locator("a[href='tel:+18004381985']").first.is_visible()
    assert "1-800-879-3477" not in turn.inner_text()
    assert "I have not submitted a report." in panel.inner_text()
    panel.get_by_role("button", name="Copy the summary").click()
    panel.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Suspect product: BESPONSA.")
    assert copied == panel.locator(".summary").inner_text()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert findings(page) == [], scheme


@pytest.mark.parametrize(("width", "beside"), [(1280, True), (360, False)])
def test_a_comparison_stands_side_by_side_and_one_below_the_other_on_a_phone(
    several: Served, open_page: OpenPage, width: int, beside: bool
) -> None:
    page = open_page(several.url, width=width)
    turn = ask(page, "compare")
    assert turn.locator(".card > :first-child h3").inner_text() == "Side by side, not a comparison"
    columns = turn.locator(".columns > section")
    assert [one.split("\n")[0] for one in columns.all_inner_texts()] == ["EXAMPLOR", "OTHEREX"]
    one, other = columns.nth(0).bounding_box(), columns.nth(1).bounding_box()
    assert (one["y"] == other["y"], one["x"] == other["x"]) == (beside, not beside)
    assert turn.locator(".headline").count() == 0


def test_nothing_of_a_conversation_stays_in_the_browser_or_stands_in_an_address(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(served.url)
    addresses: list[str] = []
    page.on("request", lambda sent: addresses.append(sent.url))
    ask(page, "VOD rate after HSCT in children?")
    ask(page, REPORT)
    page.reload()
    page.locator(".turn").nth(1).wait_for()
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert [url for url in (*addresses, page.url) if "HSCT" in url or "patient" in url or "bleeding" in url] == []
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_a_page_and_all_that_it_loads_stay_under_120_kilobytes(served: Served, chromium: Any) -> None:
    page = chromium.new_page()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    loaded: list[float] = []
    wire.on("Network.loadingFinished", lambda said: loaded.append(said["encodedDataLength"]))
    page.goto(served.url)
    page.wait_for_load_state("networkidle")
    ask(page, "VOD rate after HSCT in children?")
    page.locator("#source-text mark.cited").first.wait_for()
    assert 10_000 < sum(loaded) <= 120_000
    page.context.close()


def test_an_answer_can_be_had_with_the_keyboard_alone(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    page.keyboard.type("VOD rate after HSCT in children?")
    page.keyboard.press("Enter")
    page.locator(".turn").wait_for()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.headline a.number')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.closest('.source-bar') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.headline a.number')")
    for _ in range(10):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.chip summary')"):
            break
    page.keyboard.press("Enter")
    assert page.locator(".chip details[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.chip summary')")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
