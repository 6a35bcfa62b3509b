"""Which SPL text is printed with emphasis, and which emphasised text is a heading.

In: a paragraph, cell or content element. Out: whether all of it is bold, italic or underlined, and its run-in heading.
Changed-text marks (`xmChange`) are no emphasis. Left out: what becomes of a heading (`spl_blocks`).
"""

import re

from lxml import etree

from assistant.reading.spl_xml import NAMESPACE

_STYLES = frozenset(("bold", "italics", "italic", "underline", "emphasis"))
_CONTENT = f"{NAMESPACE}content"
_TRANSPARENT = frozenset(
    NAMESPACE + name for name in ("br", "paragraph", "content", "sup", "sub", "linkHtml", "footnote", "footnoteRef")
)
_NO_HEADING = re.compile(r"(?i:figure|fig\.|table|see)\s|.*[.!?]\s+[A-Z\[]")
_LONGEST = 110  # characters of a heading
_MOST_WORDS = 15


def is_styled(element: etree._Element) -> bool:
    """Whether an element itself asks for bold, italics or underline."""
    return not _STYLES.isdisjoint(element.get("styleCode", "").lower().split())


def is_emphasised(element: etree._Element) -> bool:
    """Whether all text of an element is emphasised, and there is some."""
    return _emphasis(element) is True


def _emphasis(element: etree._Element) -> bool | None:
    """True where all text is emphasised, False where some isn't, None where there is none."""
    if _filled(element.text):
        return False
    found: bool | None = None
    for child in element:
        if _filled(child.tail) or child.tag not in _TRANSPARENT:
            return False
        own = (True if "".join(child.itertext()).strip() else None) if is_styled(child) else _emphasis(child)
        if own is False:
            return False
        found = own or found
    return found


def _filled(text: str | None) -> bool:
    return bool(text and text.strip())


def is_heading(shown: str) -> bool:
    """Whether an emphasised text of its own can be a heading: short, capitalised, no sentence.

    >>> is_heading("Tardive Dyskinesia"), is_heading("Discontinue it if sepsis develops."), is_heading("(adalimumab)")
    (True, False, False)
    """
    short = 2 < len(shown) <= _LONGEST and len(shown.split()) <= _MOST_WORDS
    opens = short and (shown[0].isupper() or (shown[0].isdigit() and any(char.isalpha() for char in shown)))
    return opens and shown[-1] not in ".;,]" and not _NO_HEADING.match(shown)


def run_in(paragraph: etree._Element) -> etree._Element | None:
    """The emphasised beginning of a paragraph that is its heading: "Absorption:" before running text."""
    if _filled(paragraph.text) or not len(paragraph):
        return None
    first = paragraph[0]
    if first.tag != _CONTENT or not is_styled(first):
        return None
    title = " ".join("".join(first.itertext()).split())
    tail = (first.tail or "").lstrip()
    closed = title.endswith((":", ".")) or tail.startswith(":")
    return first if closed and is_heading(title.rstrip(".:")) and (tail.strip(": ") or len(paragraph) > 1) else None
