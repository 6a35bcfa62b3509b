"""Every state of the pages for every reader: axe-core in both schemes, zoom, print, chips, search, streaming."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from standin import Standin
from standin_label import ADULT, CHILD, LABEL, OTHER, ROW_ONE, span
from standin_served import CHROMIUM, OpenPage, Served, ask, findings, launched, pages, serve

from assistant.settings import Settings

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(Standin(LABEL, OTHER)) as running:
        yield running


@pytest.fixture(scope="module")
def gated() -> Iterator[Served]:
    with serve(Standin(), Settings(gate=True)) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture
def open_page(chromium: Any) -> Iterator[OpenPage]:
    """Opens pages, and fails the test where one logged an error."""
    with pages(chromium) as opened:
        yield opened


def both_schemes(page: Any) -> list[str]:
    """What axe finds in the light and in the dark scheme."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme} {one}" for one in findings(page)]
    return found


def test_axe_finds_nothing_serious_in_any_state_of_the_chat(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    assert both_schemes(page) == []
    for question in ("nausea rate?", "how severe?", "starting dose?", "what LI", "notices", "compare"):
        ask(page, question)
    page.fill("#question", "x" * 2001)
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    page.evaluate("for (const folded of document.querySelectorAll('.turn details')) folded.open = true")
    assert both_schemes(page) == []


@pytest.mark.parametrize("path", ["/labels/examplor?cite=90-150", "/labels", "/nope", "/professionals"])
def test_axe_finds_nothing_serious_on_the_other_pages(served: Served, open_page: OpenPage, path: str) -> None:
    assert both_schemes(open_page(served.url + path, width=360, height=740)) == []


def test_a_chip_is_changed_and_removed(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    turn = ask(page, "nausea rate?")
    turn.get_by_label("adult, change the population").click()
    turn.get_by_role("button", name="pediatric", exact=True).click()
    page.locator(".turn >> nth=1").wait_for()
    assert served.engine.conversation(conversation_of(page))[-1].question == (
        "How often did pediatric patients have nausea?"
    )
    page.locator(".turn >> nth=1").get_by_label("Ask without adult").click()
    page.locator(".turn >> nth=2").wait_for()
    assert served.engine.conversation(conversation_of(page))[-1].question == "How often did have nausea?"
    last = page.locator(".turn >> nth=2")
    last.get_by_label("nausea, change the topic").click()
    page.keyboard.press("Tab")
    page.keyboard.type("vomiting")
    page.keyboard.press("Enter")
    page.locator(".turn >> nth=3").wait_for()
    assert served.engine.conversation(conversation_of(page))[-1].question == "vomiting rate in adult patients?"
    assert page.evaluate("document.activeElement.id") == "question"


def conversation_of(page: Any) -> str:
    return str(page.url.rsplit("/", 1)[1].partition("#")[0])


def test_a_chip_is_changed_without_javascript(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url, java_script_enabled=False)
    page.fill("#question", "nausea rate?")
    page.click("#ask button")
    page.get_by_label("EXAMPLOR, change the product").click()
    page.get_by_role("button", name="OTHEREX", exact=True).click()
    assert page.locator(".turn").count() == 2
    assert served.engine.asked[-1]["labels"] == ["otherex"]


def test_the_product_is_switched(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    page.get_by_label("Product").select_option("otherex")
    page.wait_for_url("**/?label=otherex")
    assert page.locator("h1").inner_text() == "Ask the OTHEREX label"
    ask(page, "nausea rate?")
    assert served.engine.asked[-1]["labels"] == ["otherex"]


def test_what_to_ask_next_asks(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    turn = ask(page, "nausea rate?")
    turn.locator(".next button").first.click()
    page.locator(".turn >> nth=1").wait_for()
    assert page.locator(".turn >> nth=1").locator(".asked").inner_text().endswith("and in pediatric patients?")


def test_a_comment_goes_with_the_rating(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    turn = ask(page, "nausea rate?")
    turn.get_by_text("with a comment").click()
    turn.get_by_label("Comment").fill("wrong arm")
    turn.get_by_role("button", name="Not helpful").click()
    turn.get_by_text("Thank you, noted.").wait_for()
    assert served.engine.rated[-1][1:] == ("not_helpful", "wrong arm")


def test_a_quote_is_copied_with_its_full_citation(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url, permissions=["clipboard-read", "clipboard-write"])
    turn = ask(page, "nausea rate?")
    turn.get_by_role("button", name="Copy with citation").first.click()
    turn.get_by_role("button", name="Copied").wait_for()
    at = span(ADULT)
    cited = "EXAMPLOR, Adverse reactions, version 3, effective 2025-06-01"
    figure = at.start + ADULT.index("19%")
    place = f"cite={at.start}-{at.end}&figure={figure}-{figure + 3}#c-{at.start}-{at.end}"
    assert page.evaluate("navigator.clipboard.readText()") == (
        f"“{ADULT}”\n— {cited}, characters {at.start}–{at.end} of source sha256 {'ab' * 6}. "
        f"{served.url}/labels/examplor?{place}"
    )


def test_the_source_says_which_places_the_answer_cites_and_is_searched(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    ask(page, "nausea rate?")
    line = page.locator(".cited-by")
    line.wait_for()
    assert line.inner_text().split() == ["Cited", "by", "this", "answer:", "1", "2"]
    line.locator("a").nth(1).click()
    page.wait_for_function(
        "() => document.querySelector('#source-text mark.cited')?.textContent.startsWith('In Study B')"
    )
    assert "".join(page.locator("#source-text mark.cited").all_inner_texts()) == CHILD
    page.fill("#find", "NAUSEA")
    assert page.locator(".find output").inner_text() == "1 of 5"
    page.keyboard.press("Enter")
    assert page.locator(".find output").inner_text() == "2 of 5"
    page.fill("#find", "zebra")
    assert page.locator(".find output").inner_text() == "none"


def test_the_outline_follows_the_scrolling(served: Served, open_page: OpenPage) -> None:
    page = open_page(f"{served.url}/labels/examplor", height=300)
    current = page.locator(".contents [aria-current=location]")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    current.get_by_text("Indication").wait_for()
    page.evaluate("scrollTo(0, document.querySelector('#s-1').offsetTop)")
    current.get_by_text("Adverse reactions").wait_for()
    assert current.count() == 1


def test_what_is_printed_is_unfolded_and_has_the_heads_of_tables_on_each_page(
    served: Served, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(served.url)
    ask(page, "notices")
    ask(page, "how severe?")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".turn details:not(.chip details, .comment):not([open])").count() == 0
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    assert page.locator("#ask, .tools, #source, .next, .keep, .remove, .find").locator("visible=true").count() == 0
    assert page.evaluate(
        "document.querySelector('.turns').scrollHeight <= document.querySelector('.turns').clientHeight"
    )
    pdf = tmp_path / "conversation.pdf"
    page.pdf(path=str(pdf))
    text = printed(pdf)
    for words in ("19%", "Includes retching.", ROW_ONE.split("*")[0], "Fatal liver injury occurred", "1-800-555-0100"):
        assert words in text


def printed(pdf: Path) -> str:
    import pdfplumber

    with pdfplumber.open(pdf) as pages:
        return " ".join(re.sub(r"\s+", " ", page.extract_text() or "") for page in pages.pages)


def test_at_200_percent_everything_stays_in_reach(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url, width=640, height=430, device_scale_factor=2)
    ask(page, "how severe?")
    assert page.evaluate("document.documentElement.scrollWidth") == 640
    page.locator("#question").fill("x")
    assert page.locator("#ask button").is_visible()
    page.goto(f"{served.url}/labels/examplor")
    assert page.evaluate("document.documentElement.scrollWidth") == 640


def test_a_finished_answer_is_announced_once(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    page.evaluate(
        "window.added = []; new MutationObserver((all) => { for (const one of all) "
        "for (const node of one.addedNodes) added.push(node.className) })"
        ".observe(document.querySelector('[role=log]'), {childList: true, subtree: true})"
    )
    ask(page, "nausea rate?")
    page.wait_for_timeout(200)
    assert page.evaluate("added") == ["turn"]
    assert page.evaluate("document.activeElement.id") == "question"


def test_an_answer_is_painted_within_150_ms_of_the_reply(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    ask(page, "warm up")
    page.evaluate(
        "new PerformanceObserver((list) => { for (const one of list.getEntries()) "
        "if (one.name.includes('/api/ask/stream')) window.replied = one.responseEnd })"
        ".observe({type: 'resource'}); new MutationObserver(() => requestAnimationFrame(() => "
        "setTimeout(() => window.painted ??= performance.now())))"
        ".observe(document.querySelector('#log'), {childList: true})"
    )
    ask(page, "nausea rate?")
    page.wait_for_function("() => window.painted && window.replied")
    assert page.evaluate("painted - replied") < 150


def test_the_stream_that_fails_says_why_and_keeps_the_question(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    page.fill("#question", "fail now")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.get_by_role("alert").inner_text().startswith("Something went wrong on our side. Try again")
    assert page.input_value("#question") == "fail now"


def test_the_gate_stands_before_the_first_use(gated: Served, open_page: OpenPage) -> None:
    page = open_page(f"{gated.url}/labels/examplor", java_script_enabled=False)
    page.get_by_role("button", name="Yes, I am").click()
    assert page.url == f"{gated.url}/labels/examplor"
    page.goto(gated.url)
    assert page.locator("#question").is_visible()
