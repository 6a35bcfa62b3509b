"""Printed lines as headings, paragraphs, lists and tables.

In: the items of all pages in reading order. Out: `Piece`s for `html_outline`, each element with its page. A heading is a
short run of lines in bold, in a larger size, or numbered and in capitals; a paragraph ends at a wider gap, an indented
or a short line. Left out: sections (`html_outline`), the notes under tables (`html_pieces.with_legends`).
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
from assistant.reading.pdf_tables import TITLE, aligned, ruled
from assistant.reading.spl_style import is_heading

_BULLET = re.compile(r"[•●▪■◦○‣▶➢✓]\s*|[–—-]\s+(?=\S)")
_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+[A-Z“\"(]")
_LEADER = re.compile(r"^[\s_–—-]{3,}|[\s_–—-]{3,}$")
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
        self._items_of_list: etree._Element | None = None
        self.pieces: list[Piece] = []

    def read(self) -> list[Piece]:
        """Everything, in order."""
        place = 0
        while place < len(self._items):
            item = self._items[place]
            if isinstance(item, Ruled):
                self._flush()
                self._add(Part(element=ruled(item, self._page(place), self._known)))
                place += 1
            elif TITLE.match(item.text) and (many := self._titled_table(place)):
                place += many
            elif many := self._heading(place):
                place += many
            else:
                self._line(item)
                place += 1
        self._flush()
        return self.pieces

    def _page(self, place: int) -> int:
        """The page of a table: that of the line next to it."""
        return self._pages[place]

    @property
    def _pages(self) -> list[int]:
        return []
