"""What on a page is no part of a label: menus, banners, forms, notices about cookies, a page's words about itself.

In: the root of a page. Out: the same tree without them. Important safety information is kept wherever it stands, as
companies print it in footers and side bars; so are tabs that are folded away. Left out: what the rest means.
"""

import re

from lxml import etree

from assistant.reading.html_outline import words
from assistant.reading.page_lines import Line

_NEVER = frozenset(
    "script style noscript template svg canvas iframe object embed audio video map head link meta base select textarea "
    "input datalist progress meter".split()
)
_FURNITURE = frozenset("nav header footer aside form dialog menu".split())
_ROLES = frozenset("navigation banner contentinfo search menu menubar toolbar alertdialog dialog complementary".split())
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|onetrust|gdpr|breadcrumbs?|navbar|nav|navigation|menu|skip(?:-?(?:link|to|nav).*)?|"
    r"share|social|site-?(?:header|footer)|page-?(?:header|footer)|toolbar|pagination|modal-backdrop|sr-only|"
    r"visually-hidden|screen-reader-text|back-to-top|tooltip|interstitial)(?=$|[\s_-])",
    re.IGNORECASE,
)
_SAFETY = re.compile(
    r"(?:^|[\s_-])(?:isi|safety-?info(?:rmation)?|important-?safety(?:-?info(?:rmation)?)?)(?=$|[\s_-])", re.IGNORECASE
)
_SAFETY_TITLE = re.compile(r"(?:important safety information|boxed warning|warning:|indications?\b)", re.IGNORECASE)
_BODY = frozenset("html body table thead tbody tfoot tr td th".split())
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_DOCUMENT_IDS = re.compile(r"document id.*set id", re.IGNORECASE)
_LONGEST_NAME = 500  # characters of a class or id
_LONGEST_LINK = 12  # words of a menu's entry
_FEWEST_LINKS = 3
_LONGEST_CHROME = 150  # characters


def prune(root: etree._Element) -> None:
    """Takes out everything that is no part of a label; the title of the page must have been read before."""
    _remove([element for element in root.iter() if _tag(element) in _NEVER or not isinstance(element.tag, str)])
    _remove_furniture(root)
    _remove([element for element in root.iter("ul", "ol") if _is_menu(element)])
    _remove([element for element in root.iter() if _is_chrome(element)])


def _tag(element: etree._Element) -> str:
    return element.tag if isinstance(element.tag, str) else ""


def _remove(elements: list[etree._Element]) -> None:
    for element in elements:
        drop(element)


def drop(element: etree._Element) -> None:
    """Takes an element out, what stands behind it stays; the root stays too."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _remove_furniture(root: etree._Element) -> None:
    for element in list(root.iter()):
        if element.getparent() is None or not _is_furniture(element) or _tag(element) in ("html", "body", "main"):
            continue
        kept = [] if _is_safety(element) else _safety_in(element)
        if _is_safety(element):
            continue
        for block in kept:
            drop(block)
            block.tail = None
            element.addprevious(block)
        drop(element)


def _is_furniture(element: etree._Element) -> bool:
    tag = _tag(element)
    if tag == "header" and _stands_in_text(element):
        return False
    if tag == "dialog" or tag in _FURNITURE or element.get("role", "") in _ROLES:
        return True
    if tag == "table" or tag in _HEADINGS:
        return False
    return any(_NAMED.search(element.get(name, "")[:_LONGEST_NAME]) for name in ("class", "id"))


def _stands_in_text(element: etree._Element) -> bool:
    """Whether a header heads a part of the page, not the page."""
    inside = any(above.tag in ("main", "article", "section") for above in element.iterancestors())
    return inside and any(True for _ in element.iter(*_HEADINGS))


def _is_safety(element: etree._Element) -> bool:
    return any(_SAFETY.search(element.get(name, "")[:_LONGEST_NAME]) for name in ("class", "id"))


def _safety_in(element: etree._Element) -> list[etree._Element]:
    """The outermost parts of furniture that hold safety information: named so, or around a heading that says so."""
    found: list[etree._Element] = []
    taken: set[etree._Element] = set()
    for inner in element.iterdescendants():
        if inner in taken or not taken.isdisjoint(inner.iterancestors()):
            continue
        kept = _kept(inner, element)
        found.extend(kept)
        taken.update(kept)
    return found


def _kept(inner: etree._Element, element: etree._Element) -> list[etree._Element]:
    """What is to be kept where safety information begins within a piece of furniture."""
    if _is_safety(inner):
        return [inner] if len(words(inner)) > _LONGEST_CHROME else []
    if inner.tag not in _HEADINGS or not _SAFETY_TITLE.match(words(inner)):
        return []
    around = inner.getparent()
    if around is not None and around is not element:
        return [around]
    return [inner, *inner.itersiblings("p", "ul", "ol", "div", "table", *_HEADINGS)]


def _is_menu(element: etree._Element) -> bool:
    """Whether a list is nothing but short links to elsewhere."""
    items = [item for item in element if item.tag == "li"]
    linked = [item for item in items if words(item) and words(item) == " ".join(words(a) for a in item.iter("a"))]
    return len(linked) == len(items) >= _FEWEST_LINKS and all(
        len(words(item).split()) <= _LONGEST_LINK for item in items
    )


def _is_chrome(element: etree._Element) -> bool:
    """Whether an element is a page's word about itself: "Scroll left to view table", the ids of the document."""
    if element.tag in _BODY or element.tag in _HEADINGS or len(element) > 5:
        return False
    said = words(element)
    if len(said) < 2 * _LONGEST_CHROME and _DOCUMENT_IDS.search(said):
        return True
    return 0 < len(said) < _LONGEST_CHROME and Line(said, 0, len(said)).is_chrome
