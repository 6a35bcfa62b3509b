"""Elements of a page as elements of SPL text, so that one set of readers serves both.

In: a paragraph, list, table or cell of a page's tree. Out: `paragraph`, `item`, `list`, `table` and what stands in them
(`content` for emphasis, `sup`, `br`) in SPL's namespace. Left out: which elements of a page are text at all
(`html_prune`), headings and the order of parts (`html_pieces`).
"""

import re
from collections.abc import Iterator

from lxml import etree

from assistant.reading.html_outline import made, words
from assistant.reading.spl_xml import NAMESPACE

BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table ul".split()
)
_STYLES = {
    "b": "bold", "strong": "bold", "i": "italics", "em": "italics", "cite": "italics", "u": "underline",
    "ins": "underline",
}  # fmt: skip
_STYLE_CLASSES = {"bold": "bold", "italics": "italics", "underline": "underline", "emphasis": "emphasis"}
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_ITALIC = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*(?:super|text-top)", re.IGNORECASE)
_ROLES = {
    "table": "table",
    "grid": "table",
    "row": "tr",
    "cell": "td",
    "gridcell": "td",
    "columnheader": "th",
    "rowheader": "td",
}
_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_ITEM_CLASS = re.compile(r"\bfootnote\b", re.IGNORECASE)


def tag_of(element: etree._Element) -> str:
    """The element's tag in lower case, that of a table's part where its role says so; empty for what is no element."""
    if not isinstance(element.tag, str):
        return ""
    return (
        _ROLES.get(element.get("role", ""), element.tag.lower())
        if element.tag in ("div", "span")
        else element.tag.lower()
    )


def is_block(element: etree._Element) -> bool:
    """Whether an element stands on lines of its own, or something in it does."""
    return any(tag_of(inner) in BLOCKS for inner in element.iter())


def is_presentation(element: etree._Element) -> bool:
    """Whether a table says that it only arranges text."""
    return element.get("role", "") in ("presentation", "none")


def paragraph(element: etree._Element) -> etree._Element:
    """The whole element as one paragraph."""
    done = made("paragraph")
    add_content(element, done)
    return done


def add_text(text: str | None, into: etree._Element) -> None:
    """Adds text at the end of an element."""
    if not text:
        return
    if len(into):
        into[-1].tail = (into[-1].tail or "") + text
    else:
        into.text = (into.text or "") + text


def add_content(element: etree._Element, into: etree._Element) -> None:
    """Adds what stands in an element of a page."""
    add_text(element.text, into)
    for child in element:
        add_child(child, into)
        add_text(child.tail, into)


def add_child(child: etree._Element, into: etree._Element) -> None:
    """Adds one child; blocks within running text become paragraphs, lists and rows of their own."""
    tag = tag_of(child)
    if tag == "br":
        into.append(made("br"))
    elif tag in ("ul", "ol", "menu"):
        into.append(listed(child))
    elif tag == "table":
        into.append(table(child))
    elif tag == "dl":
        for line in definitions(child):
            into.append(line)
    elif tag in BLOCKS and not any(is_block(inner) for inner in child):
        into.append(paragraph(child))
    elif tag and tag not in ("img", "hr", "wbr", "col", "colgroup"):
        _add_inline(child, tag, into)


def _add_inline(child: etree._Element, tag: str, into: etree._Element) -> None:
    if _is_raised(child, tag):
        into.append(_filled("sup", child))
    elif tag in ("sub", "wbr"):
        into.append(_filled("sub", child))
    elif style := _style(child, tag):
        into.append(_filled("content", child, styleCode=style))
    else:
        add_content(child, into)


def _filled(tag: str, element: etree._Element, **attributes: str) -> etree._Element:
    done = made(tag, **attributes)
    add_content(element, done)
    return done


def _is_raised(element: etree._Element, tag: str) -> bool:
    return (
        tag == "sup"
        or "sup" in element.get("class", "").lower().split()
        or bool(_RAISED.search(element.get("style", "")))
    )


def _style(element: etree._Element, tag: str) -> str:
    if tag in _STYLES:
        return _STYLES[tag]
    classes = element.get("class", "").lower().split()
    named = next((_STYLE_CLASSES[name] for name in classes if name in _STYLE_CLASSES), "")
    style = element.get("style", "")
    return named or ("bold" if _BOLD.search(style) else "italics" if _ITALIC.search(style) else "")


def listed(element: etree._Element) -> etree._Element:
    """A list of a page; what stands in it outside of items is an item, too."""
    done = made("list")
    if tag_of(element) == "ol":
        done.set("listType", "ordered")
        if element.get("type", "") in ("a", "A"):
            done.set("styleCode", "BigAlpha" if element.get("type") == "A" else "LittleAlpha")
    for child in element:
        tag = tag_of(child)
        if tag in ("ul", "ol") and len(done):
            done[-1].append(listed(child))
        elif tag:
            done.append(_filled("item", child))
    return done


def definitions(element: etree._Element) -> Iterator[etree._Element]:
    """A list of terms: each with what is said of it as one paragraph; a footnote's term is its mark."""
    noted = bool(_ITEM_CLASS.search(element.get("class", "")))
    line: etree._Element | None = None
    for child in element.iter("dt", "dd"):
        if line is None or child.tag == "dt":
            if line is not None and words(line):
                yield line
            line = made("paragraph")
        if child.tag == "dt":
            line.append(_filled("sup", child) if noted else _filled("content", child, styleCode="bold"))
        else:
            add_content(child, line)
        add_text(" ", line)
    if line is not None and words(line):
        yield line


def table(element: etree._Element) -> etree._Element:
    """A table of a page with its caption, parts, spans and the text of its cells."""
    done = made("table")
    has_head = False
    for child in element:
        tag = tag_of(child)
        if tag == "caption" and done.find(f"{NAMESPACE}caption") is None:
            done.insert(0, _filled("caption", child))
        elif tag == "tr":
            done.append(_row(child, has_head))
        elif tag in _GROUPS or child.get("role") == "rowgroup":
            part = made(tag if tag in _GROUPS else "tbody")
            part.extend(_row(row, has_head and tag != "thead") for row in child if tag_of(row) == "tr")
            has_head = has_head or (tag == "thead" and any(words(row) for row in part))
            done.append(part)
    return done


def _row(element: etree._Element, has_head: bool) -> etree._Element:
    """A row; a head of a row is its label, and only what stands in the table's head, or in none, heads columns."""
    done = made("tr")
    cells = [cell for cell in element if tag_of(cell) in ("td", "th")]
    filled = [cell for cell in cells if words(cell)]
    heads = not has_head and bool(filled) and all(tag_of(cell) == "th" for cell in filled)
    # subtle: a lone head below the first row names a group of rows
    heads = heads and (len(filled) > 1 or element.getprevious() is None)
    for cell in cells:
        made_cell = made("th" if heads else "td")
        for name in ("rowspan", "colspan"):
            span = cell.get(name, cell.get(f"aria-{name}", "")).strip()
            if span.isascii() and span.isdigit():
                made_cell.set(name, span)
        add_content(cell, made_cell)
        done.append(made_cell)
    return done
