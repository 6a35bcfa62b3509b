"""Printed lines as headings, paragraphs, lists and tables.

In: the items of all pages in reading order. Out: `Piece`s for `html_outline`, each element with its page. A heading is
a short run of lines in bold, in a larger size, or numbered and in capitals; a paragraph ends at a wider gap, an
indented or a short line. Left out: sections (`html_outline`), the notes under tables (`html_pieces.with_legends`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from lxml import etree

from assistant.reading.html_outline import BOLD_LINE, PAGE, Heading, Part, Piece, made
from assistant.reading.html_pieces import told
from assistant.reading.pdf_lines import Line, joined, vocabulary
from assistant.reading.pdf_pages import Ruled
from assistant.reading.pdf_tables import TITLE, aligned, ruled, segments
from assistant.reading.spl_style import is_heading

_BULLET = re.compile(r"[•●▪■◦○‣▶➢✓]\s*|[–—-]\s+(?=\S)")
_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+[A-Z“\"(]")
_LEADER = re.compile(r"^[\s_–—-]{3,}|[\s_–—-]{3,}$")
_LABEL = re.compile(
    r"(?:highlights of prescribing|full prescribing|warning:|boxed warning|medication guide|patient information|"
    r"instructions for use|recent major changes|indications and usage|package label|principal display)",
    re.IGNORECASE,
)
_LONG_CAPITALS = 14  # characters
_MOST_ROWS = 400  # lines of a table
_COLUMN = 100.0  # points: bullets further apart stand in different columns
_LARGER = 1.15  # of the usual size
_WIDER = 1.3  # of the usual distance between lines
_INDENT = 6.0  # points
_SHORT = 0.85  # of the column's width
_MOST_TITLE = 4  # lines of a heading


class Pieces:
    """Gathers the pieces of a document."""

    def __init__(self, items: Sequence[Line | Ruled]) -> None:
        every = [item for item in items if isinstance(item, Line)]
        self._items = items
        self._known = vocabulary(every)
        self._size = _usual((round(line.size, 1), len(line.text)) for line in every)
        self._pitch = _usual((pitch, 1) for pitch in _pitches(every)) or 1.2 * self._size
        self._run: list[Line] = []
        self._list: list[tuple[float, etree._Element]] = []  # open lists by the place of their bullets
        self.pieces: list[Piece] = []

    def read(self) -> list[Piece]:
        """Everything, in order."""
        place = 0
        while place < len(self._items):
            place += self._taken(place)
        self._flush()
        return self.pieces

    def _taken(self, place: int) -> int:
        """Reads what begins at a place; returns how many items it takes."""
        item = self._items[place]
        if isinstance(item, Ruled):
            self._flush()
            self._end_list()
            self.pieces.append(Part(element=ruled(item, self._known)))
            return 1
        if many := self._table(place) or self._heading(place):
            return many
        self._line(item)
        return 1

    def _lines_from(self, place: int, most: int) -> list[Line]:
        """The lines from a place on, up to a table or another page."""
        found: list[Line] = []
        for item in self._items[place : place + most]:
            if not isinstance(item, Line) or (found and item.page != found[0].page):
                break
            found.append(item)
        return found

    def _table(self, place: int) -> int:
        """A table's title and, where no rules part it, the table under it."""
        run = self._lines_from(place, _MOST_ROWS)
        if not TITLE.match(run[0].text):
            return 0
        many = 1
        while (
            many < min(len(run), _MOST_TITLE) and len(segments(run[many])) == 1 and _goes_on(run[many - 1], run[many])
        ):
            many += 1
        found = aligned(run[many:], self._known)
        follows = self._items[place + many] if place + many < len(self._items) else None
        if found is None and not isinstance(follows, Ruled):
            return 0
        self._flush()
        self._end_list()
        self.pieces.append(Part(element=self._joined(run[:many])))
        if found is None:
            return many
        self.pieces.append(Part(element=found[0]))
        return many + found[1]

    def _heading(self, place: int) -> int:
        """A heading of one or several lines."""
        run = self._lines_from(place, _MOST_TITLE + 1)
        if not self._stands_out(run[0]):
            return 0
        many = 1
        while many < len(run) and self._stands_out(run[many]) and self._is_one_heading(run[many - 1], run[many]):
            many += 1
        if many < len(run) and _wraps(run[many - 1], run[many]):
            return 0
        said = _LEADER.sub("", " ".join(line.text for line in run[:many])).strip()
        if many > _MOST_TITLE or TITLE.match(said) or not is_heading(said.rstrip("*").strip()):
            return 0
        self._flush()
        self._end_list()
        element = self._joined(run[:many])
        _trim(element)
        self.pieces.append(Heading(element=element, rank=self._rank(run[0], said)))
        return many

    def _stands_out(self, line: Line) -> bool:
        numbered = _NUMBERED.match(line.text)
        capitals = line.text.isupper() and (numbered or _LEADER.search(line.text) or _LABEL.match(line.text))
        return not _BULLET.match(line.text) and (line.bold or line.size >= _LARGER * self._size or bool(capitals))

    def _is_one_heading(self, above: Line, line: Line) -> bool:
        alike = (
            abs(above.size - line.size) < 0.6
            and above.bold == line.bold
            and above.text.isupper() == line.text.isupper()
        )
        near = line.top - above.top < _WIDER * max(self._pitch, 1.2 * line.size)
        return alike and near and not _NUMBERED.match(line.text) and not _LABEL.match(line.text)

    def _rank(self, line: Line, said: str) -> int:
        if numbered := _NUMBERED.match(said):
            return 1 + numbered["number"].count(".")
        if line.size >= _LARGER * self._size:
            return 1
        return 1 if _LABEL.match(said) or (said.isupper() and len(said) > _LONG_CAPITALS) else BOLD_LINE

    def _line(self, line: Line) -> None:
        """Adds a line to the paragraph that gathers, or begins another."""
        if self._run and not self._begins(line):
            self._run.append(line)
            return
        self._flush()
        self._run = [line]

    def _begins(self, line: Line) -> bool:
        """Whether a line begins another paragraph or item."""
        last = self._run[-1]
        if _BULLET.match(line.text):
            return True
        if line.page != last.page or line.top < last.top:
            return not (line.text[:1].islower() or last.text.endswith(("-", ",")))
        if abs(line.size - last.size) > 1 or line.top - last.top > _WIDER * max(self._pitch, 1.15 * last.size):
            return True
        if _BULLET.match(self._run[0].text):
            return line.x0 < self._run[0].x0 + 1
        indented = line.x0 - last.x0 > _INDENT and last.x0 - line.left < _INDENT
        short = last.x1 < last.left + _SHORT * (last.right - last.left) and last.text.endswith((".", ":", ";"))
        return indented or short

    def _flush(self) -> None:
        run, self._run = self._run, []
        if not run:
            return
        if bullet := _BULLET.match(run[0].text):
            self._item(run, bullet.end())
            return
        self._end_list()
        self.pieces.extend(told(self._joined(run)))

    def _item(self, run: list[Line], bullet: int) -> None:
        """An item, one list further in where its bullet stands further in."""
        element = self._joined(run, "item")
        _cut(element, bullet)
        x0 = run[0].x0
        while self._list and (x0 < self._list[-1][0] - _INDENT or abs(self._list[-1][0] - x0) > 1.5 * _COLUMN):
            self._list.pop()
        if not self._list or x0 > self._list[-1][0] + _INDENT:
            self._open_list(x0)
        self._list[-1][1].append(element)

    def _open_list(self, x0: float) -> None:
        element = made("list")
        if self._list and len(self._list[-1][1]):
            self._list[-1][1][-1].append(element)
        else:
            self.pieces.append(Part(element=element))
        self._list.append((x0, element))

    def _end_list(self) -> None:
        self._list = []

    def _joined(self, run: Sequence[Line], tag: str = "paragraph") -> etree._Element:
        element = joined(run, self._known, tag=tag)
        element.set(PAGE, str(run[0].page))
        return element


def _wraps(line: Line, following: Line) -> bool:
    """Whether a line in bold is only the beginning of bold words that open a paragraph: it is full, and they go on."""
    full = line.x1 > line.left + _SHORT * (line.right - line.left)
    return line.bold and full and following.words[0].bold and not following.bold and not _NUMBERED.match(line.text)


def _goes_on(above: Line, line: Line) -> bool:
    """Whether a line goes on with a table's title: set alike and near, and the title isn't at its end."""
    near = line.top - above.top < _WIDER * 1.25 * line.size
    return near and above.bold == line.bold and abs(above.size - line.size) < 0.6 and not above.text.endswith(".")


def _usual(counted: Iterable[tuple[float, int]]) -> float:
    """What counts most; 0 where there is nothing."""
    total: Counter[float] = Counter()
    for value, count in counted:
        total[value] += count
    return max(total, key=lambda value: (total[value], -value), default=0.0)


def _pitches(every: Sequence[Line]) -> Iterator[float]:
    """The distances from line to line within columns, in half points."""
    for above, line in pairwise(every):
        if line.page == above.page and 0 < line.top - above.top < 3 * line.size:
            yield round(2 * (line.top - above.top)) / 2


def _trim(element: etree._Element) -> None:
    """Takes the rules of dashes around a heading of Highlights off."""
    for part in element.iter():
        part.text = re.sub(r"[_–—-]{3,}\s*", "", part.text) if part.text else part.text
        if part is not element:
            part.tail = re.sub(r"\s*[_–—-]{3,}", "", part.tail) if part.tail else part.tail


def _cut(element: etree._Element, many: int) -> None:
    """Takes the first characters off."""
    for part in element.iter():
        for name in ("text", "tail"):
            text = getattr(part, name) if not (part is element and name == "tail") else None
            if text and many:
                setattr(part, name, text[many:] or None)
                many = max(many - len(text), 0)
