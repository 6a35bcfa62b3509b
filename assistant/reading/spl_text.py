"""The running text of SPL elements: styles dropped, superscripts told apart, line breaks and footnotes kept in place.

In: an element with text in it. Out: `Line`s, each with what is shown, the same without footnote marks, and the marks.
A superscript is a power ("10^9", "m^2"), a part of the word ("30th", "HUMIRA®") or a mark; marks stay in what is
shown. A `footnote` leaves its mark in the text and its words with the `Notes` of the table or text it stands in. Left
out: paragraphs, lists and tables (`spl_body`).
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from assistant.reading.spl_xml import NAMESPACE
from assistant.reading.tables_words import split_marks

# subtle: XML can't contain these characters, so they never collide with the label's own text
_OPEN, _CLOSE, _BREAK = "\x01", "\x02", "\x03"
_MARKED = re.compile(f"{_OPEN}[^{_CLOSE}]*{_CLOSE}")
_INVISIBLE = {ord(char): None for char in "\u00ad\u200b\u200c\u200d\u2060\ufeff"}
_GLYPHS = "*†‡§¶#"
_SUP, _BR, _NOTE, _REF, _IMAGE, _BOUND, _ITEM = range(7)
_KINDS = {
    f"{NAMESPACE}{name}": kind
    for name, kind in {
        "sup": _SUP,
        "br": _BR,
        "footnote": _NOTE,
        "footnoteRef": _REF,
        "renderMultiMedia": _IMAGE,
        "paragraph": _BOUND,
        "caption": _BOUND,
        "list": _BOUND,
        "table": _BOUND,
        "tr": _BOUND,
        "item": _ITEM,
    }.items()
}
_WORD_PART = re.compile(r"[®™©℠º°]+|TM|SM|st|nd|rd|th|[+\-–−]|\d[+\-–−]", re.IGNORECASE)
_MARK = re.compile(r"(?:[a-z](?![a-z])|[a-h]{2,3}(?![a-z])|\d{1,2}(?!\d)|[^\w\s().+]|\s)+")
_LONGEST_MARK = 16  # characters
_EXPONENT = re.compile(r"[-–−+]?\d{1,3}")
_BASE = re.compile(r"\b(?:10|m|cm|mm|dm|km|µm|μm|nm|kg)\s*$")
_INVERTED = re.compile(r"\b(?:10|[a-zµμ]{1,3}|L|mL|dL|µL)\s*$")  # before a negative power: "min^-1"
_ISOTOPE = re.compile(r"(?:^|[\s\[(/-])$")


class Line(NamedTuple):
    """One line of running text, white space folded."""

    shown: str
    text: str  # without footnote marks
    marks: tuple[str, ...]
    lead: int = 0  # characters of `shown` that are a mark in front of the text


class Notes:
    """The footnotes of one table or text: a mark for each, in the order in which they are met."""

    def __init__(self, scope: etree._Element, known: dict[str, etree._Element]) -> None:
        self._scope = scope
        self._known = known  # footnotes of the document by their ID
        self._marks: dict[etree._Element, str] = {}
        self.met: list[tuple[str, etree._Element]] = []  # marks and footnotes in order
        self._free: Iterator[str] | None = None

    def mark(self, footnote: etree._Element) -> str:
        """The footnote's mark; a new one the first time."""
        if self._free is None:
            printed = "".join(str(text) for text in self._scope.itertext())
            self._free = (glyph * times for times in range(1, 99) for glyph in _GLYPHS if glyph not in printed)
        if footnote not in self._marks:
            self._marks[footnote] = next(self._free, "") or str(len(self._marks) + 1)
            self.met.append((self._marks[footnote], footnote))
        return self._marks[footnote]

    def referred(self, reference: etree._Element) -> str:
        """The mark of the footnote that a `footnoteRef` names; empty where there is none."""
        footnote = self._known.get(reference.get("IDREF", ""))
        return self.mark(footnote) if footnote is not None else ""


def lines(parts: Iterable[str]) -> list[Line]:
    """The pieces that `flat` yields as lines; leading and trailing blank ones are dropped, inner ones kept."""
    found = [_line(raw) for raw in "".join(parts).split(_BREAK)]
    while found and not found[-1].shown:
        found.pop()
    return found


def _line(raw: str) -> Line:
    folded = " ".join(raw.split())
    if not folded.isascii():
        folded = " ".join(folded.translate(_INVISIBLE).split())
    if _OPEN not in folded:
        return Line(folded, folded, ())
    marks = split_marks(",".join(run[1:-1] for run in _MARKED.findall(folded)))
    shown = " ".join(folded.replace(_OPEN, "").replace(_CLOSE, "").split())
    text = " ".join(_MARKED.sub("", folded).split())
    lead = len(shown) - len(text) if folded.startswith(_OPEN) and shown.endswith(text) else 0
    return Line(shown, text, tuple(dict.fromkeys(marks)), lead)


def one_line(element: etree._Element, notes: Notes) -> Line:
    """All of an element as one line, line breaks as blanks."""
    return _line("".join(flat(element, notes)).replace(_BREAK, " "))


def flat(element: etree._Element, notes: Notes) -> list[str]:
    """The pieces of an element's text, to be joined by `lines`."""
    out: list[str] = []
    _flatten(element, notes, out)
    return out


def _flatten(element: etree._Element, notes: Notes, out: list[str]) -> None:
    if element.text:
        out.append(element.text)
    for child in element:
        add_inline(child, notes, out)
        if child.tail:
            out.append(child.tail)


def add_inline(child: etree._Element, notes: Notes, out: list[str]) -> None:
    """Adds one child element's pieces, its tail left out."""
    kind = _KINDS.get(child.tag) if isinstance(child.tag, str) else _IMAGE
    if kind is None:
        _flatten(child, notes, out)
    elif kind == _SUP:
        out.append(_superscript(child, notes, out))
    elif kind == _BR:
        out.append(_BREAK)
    elif kind == _NOTE:
        out.append(_OPEN + notes.mark(child) + _CLOSE)
    elif kind == _REF:
        out.append(_OPEN + notes.referred(child) + _CLOSE)
    elif kind != _IMAGE:
        _add_bounded(child, notes, out, "• " if kind == _ITEM else "")


def _add_bounded(child: etree._Element, notes: Notes, out: list[str], bullet: str) -> None:
    """A paragraph or the like within running text: on lines of its own."""
    if any(piece.strip() for piece in out) and not out[-1].endswith(_BREAK):
        out.append(_BREAK)
    out.append(bullet)
    _flatten(child, notes, out)
    out.append(_BREAK)


def _superscript(element: etree._Element, notes: Notes, out: list[str]) -> str:
    inner = "".join(flat(element, notes)).replace(_BREAK, " ")
    text = inner.strip()
    if not text or _OPEN in inner:
        return inner
    blank = " " if inner[-1].isspace() else ""
    before = _last_word(out)
    if _EXPONENT.fullmatch(text) and (_BASE if text[0].isdigit() else _INVERTED).search(before):
        return f"^{text}{blank}"
    if text.isdigit() and len(text) > 1 and _ISOTOPE.search(before) and re.match(r"[A-Z]", element.tail or ""):
        return inner
    if set(text) <= set(",; "):
        return f"{_OPEN}{text}{_CLOSE}{blank}"
    if len(text) > _LONGEST_MARK or _WORD_PART.fullmatch(text) or not _MARK.fullmatch(text):
        return inner
    # subtle: a mark that is a digit after a digit would read as one figure
    return f"{_OPEN}{'^' if before[-1:].isdigit() and text[0].isdigit() else ''}{text}{_CLOSE}{blank}"


def _last_word(out: list[str]) -> str:
    """The last few characters so far."""
    tail = ""
    for piece in reversed(out):
        tail = piece[-12:] + tail
        if len(tail) >= 12:
            break
    return tail
