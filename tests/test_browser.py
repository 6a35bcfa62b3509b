"""The chat page and the source view in a real chromium, served by a real uvicorn on a free port."""

from collections.abc import Iterator
from typing import Any

import pytest
from standin import Standin
from standin_label import ADULT, LABEL, OTHER, ROW_ONE, hostile, span
from standin_served import CHROMIUM, OpenPage, Served, ask, launched, pages, serve

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(Standin()) as running:
        yield running


@pytest.fixture(scope="module")
def several() -> Iterator[Served]:
    with serve(Standin(OTHER, LABEL)) as running:
        yield running


@pytest.fixture(scope="module")
def harmful() -> Iterator[Served]:
    with serve(Standin(hostile())) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture
def open_page(chromium: Any) -> Iterator[OpenPage]:
    """Opens pages, and fails the test where a page logged an error or asked another host."""
    with pages(chromium, here_only=True) as opened:
        yield opened


def test_ask_see_the_figure_and_open_the_source_at_the_highlighted_place(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    turn = ask(page, "How often did adults have nausea?")
    assert turn.locator(".headline strong").inner_text() == "19% (31/164)"
    assert turn.locator("blockquote mark").first.inner_text() == "19%"
    turn.locator(".proof a.number").first.click()
    marked = page.locator("#source-text mark.cited")
    marked.first.wait_for()
    assert "".join(marked.all_inner_texts()) == ADULT
    assert page.locator("#source-text mark.figure").inner_text() == "19%"
    assert marked.first.is_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.proof a.number')")


def test_a_follow_up_stays_on_the_page_focus_in_the_box_and_reload_keeps_it(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(served.url)
    page.evaluate("window.here = true")
    ask(page, "How often did adults have nausea?")
    address = page.url
    ask(page, "and how severe?")
    assert page.evaluate("window.here") is True
    assert page.evaluate("document.activeElement.id") == "question"
    assert page.input_value("#question") == ""
    assert (page.url, "/c/talk-" in page.url) == (address, True)
    assert page.locator("[role=log] .turn").count() == 2
    page.reload()
    asked = [words.split("\n")[-1] for words in page.locator(".asked:visible").all_inner_texts()]
    assert asked == ["How often did adults have nausea?", "and how severe?"]
    page.go_back()
    page.locator(".welcome").wait_for()
    page.go_forward()
    page.locator(".turn").first.wait_for()
    assert page.locator(".turn").count() == 2


def test_without_javascript_the_form_the_source_and_the_rating_work(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url, java_script_enabled=False)
    page.fill("#question", "How often did adults have nausea?")
    page.click("#ask button")
    assert page.locator(".headline strong").inner_text() == "19% (31/164)"
    page.fill("#question", "and how severe?")
    page.click("#ask button")
    assert page.locator(".turn").count() == 2
    page.locator(".turn >> nth=1").locator("button[value=helpful]").click()
    assert page.locator(".thanks").inner_text() == "Thank you, noted."
    page.locator(".turn >> nth=0").locator(".proof a.number").first.click()
    assert "".join(page.locator("mark.cited").all_inner_texts()) == ADULT
    page.goto(served.url)
    page.locator(".examples button").first.click()
    assert page.locator(".turn").count() == 1


def test_a_choice_asks_and_a_refused_question_comes_back(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    ask(page, "what LI")
    page.get_by_role("button", name="Liver injury").click()
    page.locator(".turn >> nth=1").wait_for()
    page.fill("#question", "x" * 2001)
    page.keyboard.press("Enter")
    problem = page.get_by_role("alert")
    problem.wait_for()
    assert problem.inner_text() == "The question has 2,001 characters. Give 1 to 2,000 characters."
    assert len(page.input_value("#question")) == 2001
    assert page.locator(".turn").count() == 2


def test_without_a_connection_the_question_is_kept(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    page.context.set_offline(True)
    page.fill("#question", "nausea rate?")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.input_value("#question") == "nausea rate?"
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    page.locator(".turn").wait_for()


def test_a_conversation_that_is_no_longer_kept_gives_way_to_a_new_one(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    ask(page, "nausea rate?")
    served.engine.forget()
    page.fill("#question", "and how severe?")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.input_value("#question") == "and how severe?"
    page.keyboard.press("Enter")
    page.locator(".turn >> nth=1").wait_for()


@pytest.mark.parametrize("question", ["nausea rate?", "how severe?", "starting dose?", "what LI", "notices", "compare"])
def test_at_320_pixels_nothing_scrolls_sideways(served: Served, open_page: OpenPage, question: str) -> None:
    page = open_page(served.url, width=320, height=640)
    ask(page, question)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_source_view_fits_320_pixels_and_follows_a_bare_place(served: Served, open_page: OpenPage) -> None:
    at = span(ROW_ONE)
    page = open_page(f"{served.url}/labels/examplor#c-{at.start}-{at.end}", width=320, height=640)
    page.locator("tr.cited").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator("tr.cited").inner_text().split() == ["Nausea*", "15", "2", "8", "0"]
    other = span(ADULT)
    page.evaluate(f"location.hash = 'c-{other.start}-{other.end}'")
    page.locator("mark.cited").wait_for()
    assert page.locator("mark.cited").inner_text() == ADULT
    assert page.locator("tr.cited").count() == 0


def test_the_script_marks_what_the_server_marks(harmful: Served, open_page: OpenPage) -> None:
    block = hostile().blocks[1]
    cite = f"{block.start + 4}-{block.end - 3}"
    page = open_page(f"{harmful.url}/labels/hostile?cite={cite}")
    by_server = page.locator("#label-text").inner_html()
    page.goto(f"{harmful.url}/labels/hostile#c-{cite}")
    page.locator("mark").first.wait_for()
    assert page.locator("#label-text").inner_html() == by_server


@pytest.mark.parametrize("path", ["/", "/labels/hostile", "/labels/hostile?cite=0-90"])
def test_a_hostile_label_does_nothing(harmful: Served, open_page: OpenPage, path: str) -> None:
    page = open_page(f"{harmful.url}{path}")
    if path == "/":
        ask(page, "attack <img src=x onerror='window.hurt=1'>")
        page.locator("#source-text mark").first.wait_for()
    assert page.evaluate("window.hurt === undefined")
    assert page.locator("main img, main svg, main iframe, main script").count() == 0


def test_dark_and_light_both_meet_the_contrast_of_wcag_aa(served: Served, open_page: OpenPage) -> None:
    for scheme in ("light", "dark"):
        page = open_page(served.url, color_scheme=scheme)
        ask(page, "notices")
        ask(page, "how severe?")
        assert page.evaluate(POOR_CONTRAST) == [], scheme


def test_another_product_brings_its_own_masthead(several: Served, open_page: OpenPage) -> None:
    page = open_page(several.url)
    assert page.locator("#masthead .product a").inner_text() == "Label assistant"
    ask(page, "nausea rate?")
    assert page.locator("#masthead .product a").inner_text() == "EXAMPLOR"
    assert page.locator(".boxed").is_visible()
    assert page.locator(".foot .reporting").inner_text() == "To report an adverse event: 1-800-555-0100"


def test_the_whole_job_is_done_with_the_keyboard(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.url)
    page.keyboard.type("nausea rate?")
    page.keyboard.press("Enter")
    page.locator(".turn").wait_for()
    page.locator(".headline a.number").focus()
    page.keyboard.press("Enter")
    page.locator("#source-text mark.cited").first.wait_for()
    page.wait_for_function("() => document.activeElement.closest('.source-bar') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.headline a.number')")


# Every text whose contrast with what is painted behind it is under 4.5 (3 for large text), as
# https://www.w3.org/TR/WCAG22/#contrast-minimum has it.
POOR_CONTRAST = """() => {
  const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const [one, two] = [light(parse(style.color)), light(behind(element))].sort((a, b) => b - a);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    const ratio = (one + 0.05) / (two + 0.05);
    if (ratio < (large ? 3 : 4.5)) poor.push(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
  }
  return poor;
}"""
