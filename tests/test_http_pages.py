"""The pages without JavaScript, over a stand-in engine."""

import re
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from standin import NOTICES, Standin
from standin_label import ADULT, CAPTION, LABEL, OTHER, ROW_ONE, TEXT, hostile, span

from assistant import paths
from assistant.http.app import create_app
from assistant.http.marking import Marks
from assistant.http.outline import MEDWATCH, warning_title
from assistant.http.source import groups
from assistant.label import Block, Label, Section, Span
from assistant.settings import Settings


class Page(HTMLParser):
    """What a browser would build: the elements with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """Every text node, white space folded."""
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str, **having: str) -> list[dict[str, str | None]]:
        """The attributes of every such element."""
        return [
            found for name, found in self.elements if name == tag and all(found.get(k) == v for k, v in having.items())
        ]


@pytest.fixture
def engine() -> Standin:
    return Standin()


@pytest.fixture
def client(engine: Standin) -> TestClient:
    return TestClient(create_app(engine, Settings()), raise_server_exceptions=False)


def asked(client: TestClient, question: str) -> Page:
    response = client.post("/ask", data={"question": question})
    assert response.status_code == 200
    return Page(response.text)


def test_the_home_page_shows_product_version_boxed_warning_examples_and_reporting_line(client: TestClient) -> None:
    page = Page(client.get("/").text)
    for words in (
        "EXAMPLOR",
        "examplimab · prescription label · version 3 · 2025-06-01",
        "Boxed warning LIVER INJURY and LOW BLOOD COUNTS",
        "How common was nausea?",
        "To report an adverse event: 1-800-555-0100",
        "For U.S. health-care professionals.",
        "The text may differ from the latest FDA-approved labeling.",
    ):
        assert words in page.text


def test_a_form_post_leads_to_the_turn_and_the_address_carries_no_question(client: TestClient) -> None:
    response = client.post("/ask", data={"question": "nausea rate?"}, follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (303, "/c/talk-1#t-talk-1-1")
    again = client.post("/ask", data={"question": "and severe?", "conversation_id": "talk-1"}, follow_redirects=False)
    assert again.headers["location"] == "/c/talk-1#t-talk-1-2"
    page = client.get("/c/talk-1")
    assert [found["id"] for found in Page(page.text).all("article")] == ["t-talk-1-1", "t-talk-1-2"]
    assert page.headers["cache-control"] == "no-store"


def test_an_answer_shows_chips_headline_quote_with_its_figure_close_figures_and_notices(client: TestClient) -> None:
    page = asked(client, "nausea rate?")
    for words in (
        "also searched feeling sick",
        "19% (31/164) 1 adult · Study A",
        "taken as: How often did adults have nausea?",
        "Close, but another question 15% (6/40) pediatric patients, Study B",
        "Boxed warning LIVER INJURY and LOW BLOOD COUNTS",
    ):
        assert words in page.text
    start = span(ADULT).start
    figure = start + ADULT.index("19%")
    url = f"/labels/examplor?cite={start}-{span(ADULT).end}&figure={figure}-{figure + 3}#c-{start}-{span(ADULT).end}"
    assert page.all("a", href=url)
    assert '<mark class="figure">19%</mark>' in client.get("/c/talk-1").text


def test_a_row_is_drawn_as_its_table_with_caption_heads_group_and_footnotes(client: TestClient) -> None:
    html = client.post("/ask", data={"question": "severe?"}).text
    page = Page(html)
    assert CAPTION in page.text
    heads = [(found.get("colspan"), found.get("class")) for found in page.all("th") if found.get("colspan")]
    assert heads[:2] == [("2", "value"), ("2", "value")]
    assert [found["class"] for found in page.all("th") if "answering" in (found.get("class") or "")] == [
        "value answering"
    ]
    assert '<td class="value answering"><mark class="figure">2</mark></td>' in html
    assert "Gastrointestinal disorders Nausea * cited row 15 2 8 0" in page.text
    there = page.all("a", **{"aria-label": "Note *"})[0]
    back = page.all("a", **{"aria-label": "Back to the row"})[0]
    assert (there["href"], back["href"]) == (
        f"#{page.all('li', id=str(there['href'])[1:])[0]['id']}",
        f"#{there['id']}",
    )
    assert "* Includes retching. † Includes chills. The label lost this note’s mark" in page.text
    assert "said again in Adverse reactions" in page.text


def test_a_no_names_what_was_searched_and_keeps_the_closest_passages_apart(client: TestClient) -> None:
    page = asked(client, "starting dose?")
    assert "Not in this label This label does not contain the starting dose." in page.text
    assert "Searched: EXAMPLOR" in page.text
    assert "Closest passages, not an answer Interrupt EXAMPLOR for grade 3 nausea" in page.text
    assert page.all("a", href="tel:+18005550199")
    assert not page.all("p", **{"class": "headline"})


def test_a_clarification_offers_its_choices_as_buttons_that_ask(client: TestClient) -> None:
    page = asked(client, "what LI")
    buttons = [found["value"] for found in page.all("button", name="question")]
    assert buttons == ["What is the rate of nausea in adults?", "What is low immunity?"]


def test_every_kind_of_notice_has_a_look_of_its_own_and_the_urgent_come_first(client: TestClient) -> None:
    page = asked(client, "notices")
    shown = [
        str(found["class"]).split()[1] for name, found in page.elements if str(found.get("class")).startswith("notice ")
    ]
    assert sorted(shown) == sorted(notice.kind for notice in NOTICES)
    assert shown[:2] == ["emergency", "report_adverse_event"]
    for words in ("Patient", "Reporter", "Product", "Event", "I have not submitted a report."):
        assert words in page.text
    assert page.all("a", href="tel:911")
    assert page.all("a", href="tel:+18002221222")


def test_products_stand_side_by_side_and_can_be_chosen() -> None:
    engine = Standin(LABEL, OTHER)
    client = TestClient(create_app(engine, Settings()))
    page = Page(client.post("/ask", data={"question": "compare", "label": "otherex"}).text)
    assert [
        found["aria-label"] for found in page.all("section") if found.get("aria-label") in ("EXAMPLOR", "OTHEREX")
    ] == [
        "EXAMPLOR",
        "OTHEREX",
    ]
    assert engine.asked[0]["labels"] == ["otherex"]
    html = client.get("/c/talk-1?label=otherex").text
    assert '<option value="otherex" selected>OTHEREX · version 3</option>' in html
    assert "Ask the OTHEREX label" in Page(client.get("/?label=OTHEREX").text).text
    assert client.get("/?label=nope").status_code == 404
    home = Page(client.get("/").text)
    assert [found["value"] for found in home.all("option")] == ["", "examplor", "otherex"]
    assert f"To report an adverse event: {MEDWATCH}" in home.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("", "The question is empty. Give 1 to 2,000 characters."),
        ("x" * 2001, "The question has 2,001 characters. Give 1 to 2,000 characters."),
        ("a\x07", "The text has a control character, U+0007, at position 1. Give text without control characters."),
    ],
    ids=["empty", "long", "control"],
)
def test_a_wrong_question_comes_back_with_what_was_wrong(client: TestClient, question: str, said: str) -> None:
    response = client.post("/ask", data={"question": question})
    assert response.status_code == 422
    assert said in Page(response.text).text
    if question.isprintable():
        assert f">{question}</textarea>" in response.text


def test_the_script_gets_one_turn_or_one_problem(client: TestClient) -> None:
    turn = client.post("/ask", data={"question": "x"}, headers={"x-part": "turn"})
    assert [found["data-conversation"] for found in Page(turn.text).all("article")] == ["talk-1"]
    refused = client.post("/ask", data={"question": " "}, headers={"x-part": "turn"})
    assert refused.status_code == 422
    assert '<p class="problem">The question is empty. Give 1 to 2,000 characters.</p>' in refused.text


def test_a_rating_goes_back_to_its_turn_and_thanks(client: TestClient, engine: Standin) -> None:
    client.post("/ask", data={"question": "x"})
    form = {"turn_id": "talk-1-1", "conversation_id": "talk-1", "rating": "not_helpful"}
    response = client.post("/feedback", data=form, follow_redirects=False)
    assert response.headers["location"] == "/c/talk-1?thanks=talk-1-1#t-talk-1-1"
    assert engine.rated == [("talk-1-1", "not_helpful", "")]
    assert "Thank you, noted." in Page(client.get(response.headers["location"]).text).text
    assert client.post("/feedback", data=form | {"rating": "zap"}).status_code == 422


def test_the_source_view_shows_every_character_of_the_label_in_order() -> None:
    shown = [stretch for group in groups(LABEL, Marks()) for stretch in group.stretches]
    assert [stretch.start for stretch in shown] == sorted(stretch.start for stretch in shown)
    covered = "".join("".join(piece.text for piece in stretch.pieces) for stretch in shown)
    assert covered.replace("\n", "") == TEXT.replace("\n", "")
    assert groups(LABEL, Marks())[0].kind == "boilerplate"


def test_a_mark_glued_to_a_block_stays_with_it_and_a_bullet_is_not_page_furniture() -> None:
    text = "Heading1:\n• item one\n• item two"
    blocks = (
        Block(kind="heading", start=0, end=7, section=0),
        Block(kind="list_item", start=12, end=20, section=0),
        Block(kind="list_item", start=23, end=31, section=0),
    )
    section = Section(title="Heading", heading=Span(start=0, end=7), start=0, end=31)
    label = Label(id="x", name="X", format="page", sha256="", text=text, sections=(section,), blocks=blocks)
    shown = [(group.kind, [stretch.pieces[0].text for stretch in group.stretches]) for group in groups(label, Marks())]
    assert shown == [("heading", ["Heading1:"]), ("list_item", ["item one", "item two"])]


def test_a_boxed_warning_without_a_title_is_named_by_its_first_words() -> None:
    text = "WARNING\nIncreased mortality in elderly patients\nMore."
    section = Section(title="WARNING", kind="boxed_warning", heading=Span(start=0, end=7), start=0, end=len(text))
    label = Label(id="x", name="X", format="page", sha256="", text=text, sections=(section,))
    assert warning_title(label, section) == "Increased mortality in elderly patients"


def test_the_source_view_marks_a_sentence_and_its_figure(client: TestClient) -> None:
    at = span(ADULT)
    figure = at.start + ADULT.index("19%")
    html = client.get(f"/labels/examplor?cite={at.start}-{at.end}&figure={figure}-{figure + 3}").text
    assert (
        f'<mark class="cited" id="c-{at.start}-{at.end}">In Study A, nausea occurred in 31/164 adult patients (</mark>'
        '<mark class="figure cited">19%</mark><mark class="cited">).</mark>'
    ) in html
    assert "Figure does not recompute: 4/162 is 2.5%, printed as 3%" in html


def test_the_source_view_marks_a_row_and_the_cell_that_answers(client: TestClient) -> None:
    at = span(ROW_ONE)
    figure = at.start + len("Nausea* 15 ")
    html = client.get(f"/labels/examplor?cite={at.start}-{at.end}&figure={figure}-{figure + 1}").text
    assert f'<tr data-start="{at.start}" data-end="{at.end}" class="cited" id="c-{at.start}-{at.end}">' in html
    assert f'<td class="value answering" data-at="{figure}">2</td>' in html


@pytest.mark.parametrize("cite", ["9-3", "0-999999", "x", "1-2-3", "-1-5"])
def test_a_place_that_is_not_in_the_label_is_said_and_nothing_is_marked(client: TestClient, cite: str) -> None:
    response = client.get("/labels/examplor", params={"cite": cite})
    assert response.status_code == 200
    assert f"The place {cite} that this link names does not stand" in Page(response.text).text
    assert "<mark" not in response.text


def test_a_label_goes_by_its_name_too_and_keeps_the_place(client: TestClient) -> None:
    response = client.get("/labels/EXAMPLOR?cite=1-5", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (307, "/labels/examplor?cite=1-5")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nope", 404, "There is nothing at this address"),
        ("/c/gone", 404, "no conversation goes by 'gone'"),
        ("/labels/nope", 404, "no label goes by 'nope'"),
    ],
)
def test_a_missing_page_is_friendly(client: TestClient, path: str, status: int, words: str) -> None:
    response = client.get(path)
    page = Page(response.text)
    assert (response.status_code, words in page.text) == (status, True)
    assert page.all("a", href="/")


def test_a_fault_has_a_page_with_an_id_and_every_header(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    response = client.post("/ask", data={"question": "fail"})
    fault = re.search(r"Fault ([0-9a-f]{8})", Page(response.text).text)
    assert response.status_code == 500
    assert fault
    assert fault[1] in caplog.text
    assert "secret" not in response.text
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/labels/examplor", "/nope", "/api/labels", "/static/style.css"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "same-origin")


def test_no_template_has_an_inline_script_style_or_handler() -> None:
    for file in sorted((paths.web() / "templates").iterdir()):
        html = file.read_text(encoding="utf-8").replace("<style>{{ style }}</style>", "")  # of the file that is saved
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe", html), file.name
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html)), file.name


def test_a_page_and_all_it_loads_stay_under_120_kb(client: TestClient) -> None:
    client.post("/ask", data={"question": "notices"})
    loaded = sum(len(file.read_bytes()) for file in (paths.web() / "static").iterdir())
    assert loaded + len(client.get("/c/talk-1").content) < 120_000


def test_static_files_are_named_by_their_content(client: TestClient) -> None:
    href = next(str(found["href"]) for found in Page(client.get("/").text).all("link", rel="stylesheet"))
    assert re.fullmatch(r"/static/style\.css\?v=[0-9a-f]{12}", href)
    assert client.get(href).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/style.css").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/", "/labels", "/labels/hostile", "/labels/hostile?cite=0-60&figure=3-9", "/c/talk-1"]
)
def test_hostile_text_stays_text(path: str) -> None:
    client = TestClient(create_app(Standin(hostile()), Settings()))
    client.post("/ask", data={"question": "attack <script>window.hurt=1</script> <img src=x onerror=1>"})
    page = Page(client.get(path).text)
    assert [found for found in page.all("script") if "src" not in found] == []
    assert {name for name, _ in page.elements} & {"img", "svg", "iframe", "object"} == set()
    attributes = {key for _, found in page.elements for key in found}
    assert not [key for key in attributes if key.startswith("on")]
    assert not [found for found in page.all("a") if str(found.get("href")).startswith("javascript")]
    assert "49" not in page.text


def test_direction_characters_of_a_label_are_shown_by_name(client: TestClient) -> None:
    html = TestClient(create_app(Standin(hostile()), Settings())).get("/labels/hostile").text
    text = html[html.index('id="label-text"') :]
    assert '<span class="control" title="A character that cannot be seen">U+202E</span>' in text
    blocks = re.findall(r"data-start.*?</(?:p|h2|span)>", text, re.DOTALL)
    assert not [block for block in blocks if "\u202e" in block]


@pytest.mark.parametrize("path", ["/", "/labels", "/labels/hostile", "/c/talk-1", "/c/talk-1/conversation.html"])
def test_no_character_that_turns_the_direction_reaches_a_page(path: str) -> None:
    client = TestClient(create_app(Standin(hostile()), Settings()))
    client.post("/ask", data={"question": "attack"})
    html = client.get(path).text
    assert not set("\u200b\u202c\u202e\ufeff") & set(html)
    assert "U+202E" in html
