"""SPL tables put into the draft: as data where they are tables, taken back where they only arrange text.

In: a `table` element and its caption; paragraphs that stand right under a table. Out: lines of text, a block and a
`Table`; the pages of one table are joined, a paragraph that is a note of the table above is its legend. Left out: the
grid (`spl_grids`), what its cells mean (`tables`), the text of a layout table (`spl_blocks`).
"""

import re
from dataclasses import replace

from lxml import etree

from assistant.label import Footnote, Span, Table
from assistant.reading.spl_draft import Draft
from assistant.reading.spl_grids import drafted, write
from assistant.reading.spl_text import Line, Notes, one_line
from assistant.reading.tables import Grid, continued, resolve

_MOST_PAGES = 40  # of one table
_MOST_NOTES = 60  # of one table
_MARK_FIRST = re.compile(r"[*†‡§¶#]+")


class Tables:
    """Writes the tables of one label."""

    def __init__(self, draft: Draft, file: str) -> None:
        self._draft = draft
        self._file = file
        self._last: tuple[Grid, int] | None = None  # the grid of the last table and its place
        self._joined = 0  # pages of the last table

    def add(self, element: etree._Element, notes: Notes, caption: Line, section: int) -> bool:
        """Whether the element is a table of data, which then stands in the draft; else the draft is as before."""
        draft, before = self._draft, self._draft.mark()
        start = draft.part()
        draft.write(caption.shown)
        span = Span(start=start, end=draft.length) if caption.shown else None
        cells = write(drafted(element, notes, self._file), draft)
        footnotes = tuple(self._footnotes(notes))
        grid = Grid(
            cells=cells,
            footnotes=footnotes,
            start=start,
            end=draft.length,
            section=section,
            caption=caption.text,
            caption_span=span,
            caption_marks=caption.marks,
        )
        if self._joins(grid, before.length) or self._resolves(grid):
            return True
        draft.rewind(before)
        return False

    def _footnotes(self, notes: Notes) -> list[Footnote]:
        """Writes the notes below the table."""
        found = []
        for mark, footnote in notes.met:
            line = one_line(footnote, notes)
            self._draft.part(1)
            self._draft.write(f"{mark} ")
            start = self._draft.write(line.shown)
            found.append(Footnote(mark=mark, text=line.shown, start=start, end=self._draft.length))
        return found

    def _resolves(self, grid: Grid) -> bool:
        table = resolve(grid)
        if table is None:
            return False
        self._draft.tables.append(table)
        self._last, self._joined = (grid, len(self._draft.tables) - 1), 0
        self._draft.add("table", grid.start, grid.section, table=self._last[1])
        self._draft.last = ""
        return True

    def _joins(self, grid: Grid, before: int) -> bool:
        """Whether the grid goes on with the table right above, which then holds both."""
        block = self._draft.blocks[-1] if self._draft.blocks else None
        if (
            self._last is None
            or self._joined >= _MOST_PAGES
            or block is None
            or block.kind != "table"
            or block.end != before
        ):
            return False
        whole = continued(self._last[0], grid)
        table = resolve(whole) if whole else None
        if whole is None or table is None:
            return False
        place = self._last[1]
        self._draft.tables[place] = table
        self._draft.blocks[-1] = replace(block, end=self._draft.length)
        self._last, self._joined = (whole, place), self._joined + 1
        return True

    def adopt(self, text: str, section: int) -> bool:
        """Whether a paragraph right under a table is a note of it, which then is its legend.

        It is where it begins with a mark that the table carries.
        """
        last = self._draft.blocks[-1] if self._draft.blocks else None
        opening = _MARK_FIRST.match(text)
        if last is None or last.table is None or opening is None:
            return False
        table = self._draft.tables[last.table]
        if len(table.footnotes) >= _MOST_NOTES:
            return False
        rows = tuple(place for place in range(len(table.rows)) if opening[0] in _marks(table, place))
        if not rows and not any(opening[0] in column.marks for column in table.columns):
            return False
        shown = text[opening.end() :].lstrip()
        if not shown:
            return False  # a mark that nothing follows is no note
        self._draft.block("legend", text, section, table=last.table)
        end = self._draft.length
        note = Footnote(mark=opening[0], text=shown, start=end - len(shown), end=end, rows=rows)
        self._draft.tables[last.table] = replace(table, footnotes=(*table.footnotes, note))
        return True


def _marks(table: Table, row: int) -> tuple[str, ...]:
    found = table.rows[row]
    return (*found.marks, *(mark for cell in found.cells for mark in cell.marks))
