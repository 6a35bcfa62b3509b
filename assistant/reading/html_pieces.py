"""A page's tree as headings, paragraphs, lists and tables in reading order.

In: the root of a pruned page. Out: `Piece`s for `html_outline`. Headings are h1 to h6, the titles of tabs and
accordions, lines in bold and bold words that begin a paragraph; notes under a table become its foot. Left out: the
words within a paragraph (`html_elements`), sections (`html_outline`).
"""

import re
from collections.abc import Iterable

from lxml import etree

from assistant.reading.html_elements import (
    BLOCKS,
    add_child,
    add_text,
    definitions,
    is_block,
    is_presentation,
    listed,
    paragraph,
    table,
    tag_of,
)
from assistant.reading.html_outline import BOLD_LINE, RUN_IN, Close, Heading, Part, Piece, made, words
from assistant.reading.spl_style import is_emphasised, is_heading, run_in
from assistant.reading.spl_xml import NAMESPACE

_RANKS = {f"h{rank}": rank for rank in range(1, 7)}
_PANEL = 7
_TABLE_TITLE = re.compile(r"table\s*\d", re.IGNORECASE)
_NO_RUN_IN = re.compile(r"(?:note|nb|tip|important|caution|table|figure)\b", re.IGNORECASE)
_MARKED = re.compile(r"[*†‡§¶#]+\s*\S")
_EXPLAINED = re.compile(r"(?:abbreviations?|notes?|key)\b\s*:|[\w/-]{1,12}\s?=\s?\w", re.IGNORECASE)
_TABLE = f"{NAMESPACE}table"
_INSIDE = ("h1", "h2", "h3", "h4", "h5", "h6", "table", "details")


class Walk:
    """Goes through a page once and gathers its pieces."""

    def __init__(self, panels: dict[etree._Element, etree._Element]) -> None:
        self.pieces: list[Piece] = []
        self._panels = panels
        self._run: etree._Element | None = None  # the paragraph that gathers running text
        self._code = ""  # LOINC code of the section that begins

    def container(self, element: etree._Element) -> None:
        """Blocks and the running text between them."""
        self._add_text(element.text)
        for child in element:
            self._child(child)
            self._add_text(child.tail)
        self._flush()

    def _add_text(self, text: str | None) -> None:
        if text and (text.strip() or self._run is not None):
            add_text(text, self._gathering())

    def _gathering(self) -> etree._Element:
        if self._run is None:
            self._run = made("paragraph")
        return self._run

    def _flush(self) -> None:
        run, self._run = self._run, None
        if run is not None and words(run):
            self.pieces.extend(told(run))

    def _child(self, child: etree._Element) -> None:
        tag = tag_of(child)
        if not tag:
            return
        if child in self._panels:
            self._scope(child, self._panels[child])
        elif tag in _RANKS or child.get("role") == "heading":
            self._heading(child, _rank(child, tag))
        elif tag in BLOCKS or is_block(child):
            self._flush()
            self._block(child, tag)
        else:
            add_child(child, self._gathering())

    def _block(self, child: etree._Element, tag: str) -> None:
        whole = not any(inner.tag in _INSIDE or inner in self._panels for inner in child.iterdescendants())
        if tag == "table" and not is_presentation(child):
            self.pieces.append(Part(element=table(child)))
        elif tag in ("ul", "ol", "menu") and whole:
            self.pieces.append(Part(element=listed(child)))
        elif tag == "dl" and whole:
            for line in definitions(child):
                self.pieces.extend(told(line))
        elif tag == "p" and not any(is_block(inner) for inner in child):
            if words(child):
                self.pieces.extend(told(paragraph(child)))
        elif tag == "pre":
            self.pieces.append(Part(element=_lines(child)))
        elif tag == "details":
            self._details(child)
        else:
            code = child.get("data-sectioncode", "")
            self._code = code or self._code
            self.container(child)
            self._code = "" if code else self._code

    def _heading(self, element: etree._Element, rank: int) -> None:
        self._flush()
        if words(element):
            self.pieces.append(Heading(element=_titled(element), rank=rank, code=self._code))
            self._code = ""

    def _scope(self, panel: etree._Element, title: etree._Element) -> None:
        self._flush()
        del self._panels[panel]
        self.pieces.append(Heading(element=title, rank=_PANEL, scope=True))
        self._block(panel, tag_of(panel)) if is_block(panel) else self.container(panel)
        self.pieces.append(Close())

    def _details(self, element: etree._Element) -> None:
        summary = next((child for child in element if child.tag == "summary"), None)
        if summary is None or not words(summary):
            self.container(element)
            return
        self.pieces.append(Heading(element=_titled(summary), rank=_PANEL, scope=True))
        tail = summary.tail
        element.remove(summary)
        element.text = (element.text or "") + (tail or "")
        self.container(element)
        self.pieces.append(Close())


def _rank(element: etree._Element, tag: str) -> int:
    level = element.get("aria-level", "")
    return _RANKS.get(tag) or (int(level) if level in list("123456") else 2)


def _titled(element: etree._Element) -> etree._Element:
    """A heading's words as running text."""
    done = made("title")
    for part in [element] if not any(is_block(child) for child in element) else list(element):
        done.append(paragraph(part))
        done[-1].tail = part.tail if part is not element else None
    if len(done) == 1:
        return done[0]
    return done


def told(run: etree._Element) -> list[Piece]:
    """A paragraph as it is, as a heading in bold, or as a run-in heading and what follows it."""
    said = words(run)
    if is_heading(said) and is_emphasised(run) and not _MARKED.match(said):
        return [Heading(element=run, rank=BOLD_LINE)]
    part = run_in(run)
    if part is None or _NO_RUN_IN.match(words(part)):
        return [Part(element=run)]
    rest, run.text = run, None
    tail = (part.tail or "").lstrip(": ")
    part.tail = None
    rest.remove(part)
    rest.text = tail
    return [Heading(element=part, rank=RUN_IN), Part(element=rest)]


def _lines(element: etree._Element) -> etree._Element:
    """Preformatted text as a paragraph of lines."""
    done = made("paragraph")
    for line in "".join(map(str, element.itertext())).strip("\n").split("\n"):
        add_text(line, done)
        done.append(made("br"))
    return done


def with_legends(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces, a title above a table as its caption and the marked notes under it as its foot."""
    done: list[Piece] = []
    table: etree._Element | None = None  # whose notes may follow
    for piece in pieces:
        if isinstance(piece, Part) and table is not None and _is_note(piece.element):
            _put_under(table, piece.element)
            continue
        if isinstance(piece, Part) and piece.element.tag == _TABLE:
            table = piece.element
            done[-1:] = _caption(done[-1:], table)
        elif not (isinstance(piece, Part) and _EXPLAINED.match(words(piece.element))):
            table = None
        done.append(piece)
    return done


def _caption(above: list[Piece], table: etree._Element) -> list[Piece]:
    """The piece above a table: as a paragraph where it is a heading that names the table, which has no caption."""
    if not above or not isinstance(above[0], Heading) or table.find(f"{NAMESPACE}caption") is not None:
        return above
    title = above[0].element
    return [Part(element=_retagged(title))] if _TABLE_TITLE.match(words(title)) else above


def _retagged(title: etree._Element) -> etree._Element:
    title.tag = f"{NAMESPACE}paragraph"
    return title


def _is_note(element: etree._Element) -> bool:
    """Whether a paragraph, or each item of a list, begins with a mark."""
    if element.tag == f"{NAMESPACE}list":
        return len(element) > 0 and all(_is_note(_as_paragraph(item)) for item in element)
    first = element[0] if len(element) else None
    raised = first is not None and first.tag == f"{NAMESPACE}sup" and not (element.text or "").strip()
    return element.tag != _TABLE and (raised or bool(_MARKED.match(words(element))))


def _as_paragraph(item: etree._Element) -> etree._Element:
    copied = made("paragraph", item.text or "")
    copied.extend(_copy(child) for child in item)
    return copied


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element))


def _put_under(table: etree._Element, note: etree._Element) -> None:
    """Adds a foot of one row across the table."""
    foot = table.find(f"{NAMESPACE}tfoot")
    if foot is None:
        foot = made("tfoot")
        table.append(foot)
    notes = [note] if note.tag == f"{NAMESPACE}paragraph" else list(note)
    for each in notes:
        row, cell = made("tr"), made("td", colspan=str(_width(table)))
        each.tag = f"{NAMESPACE}paragraph"
        cell.append(each)
        row.append(cell)
        foot.append(row)


def _width(table: etree._Element) -> int:
    """How many columns the widest row takes."""
    widths = [
        sum(int(span) if (span := cell.get("colspan", "1")).isdigit() else 1 for cell in row)
        for row in table.iter(f"{NAMESPACE}tr")
    ]
    return min(max(widths, default=1), 100)
