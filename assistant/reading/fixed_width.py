"""A fixed-width table of plain text as data.

In: a `Region` and the label's lines. Out: `read_tables`, a `Table` for each stretch of rows under heads of its own.
Heads and rows become a `Grid` and `tables.resolve` does the rest; where the heads can't be told, the table comes
unresolved with its lines as rows. Left out: finding tables (`plain_regions`), heads (`plain_heads`), rows
(`plain_rows`), marks (`plain_names`).
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from assistant.label import Footnote, Row, Span, Table
from assistant.reading.plain_heads import Head, join, place_heads
from assistant.reading.plain_legends import notes
from assistant.reading.plain_lines import Line, Piece
from assistant.reading.plain_names import IsGlued, Name, Names
from assistant.reading.plain_regions import Region
from assistant.reading.plain_rows import (
    PARAGRAPHS,
    TextCell,
    TextRow,
    count_columns,
    holds_paragraphs,
    read_rows,
    usual_columns,
)
from assistant.reading.plain_stretches import Stretch, stretches
from assistant.reading.tables import Grid, GridCell, resolve

_LABEL_HEAD = re.compile(r"(?:Adverse (?:Reactions?|Events?)|Preferred Terms?|System Organ Class)", re.IGNORECASE)
_WIDEST = 60  # columns of a table that can be told
_PERCENT = re.compile(r"(?:Percent(?:age)?|Incidence \(%\)|%)(?: \(%\))? of\b", re.IGNORECASE)
_SYSTEM = re.compile(
    r"disorders?|infection|investigation|procedur|neoplasm|condition|system|change|week|class|trial", re.IGNORECASE
)


def read_tables(region: Region, lines: Sequence[Line], section: int, is_glued: IsGlued) -> list[Table]:
    """The tables of a region in text order, at least one."""
    legend = notes([lines[place] for place in (*region.legends, *region.notes)])
    body = [lines[place] for place in region.body]
    found: list[Table] = []
    for stretch in stretches(body, lines[region.ruled].start if region.ruled else 0):
        start = max(found[-1].end, _first(stretch)) if found else lines[region.first].first
        reader = _Reader(lines[region.caption[0]] if region.caption else None, legend, section, is_glued)
        found.append(reader.read(stretch, start))
    return found


def _first(stretch: Stretch) -> int:
    """Where a later stretch begins: at its own last head or its first row, not at names taken over."""
    return min(stretch.heads[-1].start if stretch.heads else stretch.rows[0].start, stretch.rows[0].start)


class _Reader:
    """One table: its cells, and the notes that were glued to them."""

    def __init__(self, caption: Line | None, legend: tuple[Footnote, ...], section: int, is_glued: IsGlued) -> None:
        self.caption = caption
        self.legend = legend
        self.section = section
        self.names = Names({note.mark for note in legend if note.mark}, is_glued)
        self.cells: list[GridCell] = []
        self.glued: list[tuple[int, Footnote]] = []  # start of the cell, its note

    def read(self, stretch: Stretch, start: int) -> Table:
        end = stretch.rows[-1].last if stretch.rows else stretch.heads[-1].last
        width = count_columns(stretch.rows)
        width = width if width <= _WIDEST else 0
        rows = read_rows(stretch.rows, width) if width else []
        placed = place_heads(stretch.heads, usual_columns(rows, width)) if stretch.heads and width else None
        table = None
        if placed and rows:
            self._heads(placed)
            self._rows(rows, len(stretch.heads), width)
            table = resolve(self._grid(start, end, _unit(placed, width)))
        if table is None or not any(row.cells for row in rows):
            return self._unresolved(stretch, start, end)
        return self._finished(table, rows)

    def _grid(self, start: int, end: int, unit: str) -> Grid:
        name = self.names.caption(self.caption)
        return Grid(
            cells=tuple(sorted(self.cells, key=lambda cell: (cell.row, cell.column))),
            start=start,
            end=end,
            section=self.section,
            caption=name.text,
            caption_span=Span(start=self.caption.first, end=self.caption.last) if self.caption else None,
            caption_marks=name.marks,
            footnotes=(*self.legend, *((name.note,) if name.note else ())),
            unit=unit,
        )

    def _heads(self, heads: list[Head]) -> None:
        stubs = [head for head in heads if head.column == 0]
        if stubs:
            self._stub(stubs)
        for head in heads:
            if head.column:
                span = (head.pieces[0].start, head.pieces[-1].end)
                self._cell(head.line, head.column, self.names.head(head.pieces), span, head.columns, head=True)

    def _stub(self, stubs: list[Head]) -> None:
        """The head of the row labels, one cell however many lines it has."""
        names = [self.names.head(head.pieces) for head in stubs]
        name = Name(" ".join(name.text for name in names), tuple(mark for name in names for mark in name.marks))
        self._cell(stubs[0].line, 0, name, (stubs[0].pieces[0].start, stubs[-1].pieces[-1].end), head=True)

    def _rows(self, rows: list[TextRow], first: int, width: int) -> None:
        place = first
        fused = any(holds_paragraphs(row) for row in rows)
        deepest = max(len(_levels(row, fused)) for row in rows)
        for row in rows:
            if not row.cells and _LABEL_HEAD.fullmatch(join(row.label)):
                continue
            *groups, label = _levels(row, fused)
            outer = row.indent if fused or deepest == 1 else 0
            for depth, group in enumerate(groups, deepest - 1 - len(groups)):
                self._label(place, group, outer + depth, width + 1)
                place += 1
            inner = deepest - 1 if groups or (row.cells and not fused) else 0
            self._label(place, label, outer + inner, 1 if row.cells else width + 1, row)
            for cell in row.cells:
                self._value(place, cell)
            self._blanks(place, row, width)
            place += 1

    def _label(
        self, place: int, pieces: Sequence[Piece], indent: int, columns: int, row: TextRow | None = None
    ) -> None:
        start = pieces[0].start if pieces else row.lines[-1].start if row else 0
        span = (start, pieces[-1].end if pieces else start)
        self._cell(place, 0, self.names.label(pieces), span, columns, indent=indent)

    def _value(self, place: int, cell: TextCell) -> None:
        name = self.names.value(cell)
        printed = " ".join(piece.text for piece in cell.pieces)
        start = cell.start + max(0, printed.find(name.text)) * (len(cell.pieces) == 1)
        self._cell(place, cell.column, name, (start, cell.end), cell.columns)

    def _blanks(self, place: int, row: TextRow, width: int) -> None:
        """The columns in which a row prints nothing, as empty cells before the next value or at the line's end."""
        if not row.cells or any(cell.columns > 1 for cell in row.cells):
            return
        filled = {cell.column: cell for cell in row.cells}
        at = row.lines[-1].last
        for column in range(width, 0, -1):
            if column in filled:
                at = filled[column].start
            else:
                self._cell(place, column, Name(""), (at, at))

    def _cell(
        self,
        row: int,
        column: int,
        name: Name,
        span: tuple[int, int],
        columns: int = 1,
        *,
        indent: int = 0,
        head: bool = False,
    ) -> None:
        if name.note:
            self.glued.append((span[0], name.note))
        self.cells.append(
            GridCell(
                row=row,
                column=column,
                colspan=columns,
                text=name.text,
                marks=name.marks,
                start=span[0],
                end=span[1],
                indent=indent,
                head=head,
            )
        )

    def _finished(self, table: Table, rows: list[TextRow]) -> Table:
        """Every row's span widened to its lines; no single value where cells span columns or hold several at once."""
        sources = [row for row in rows if row.cells]
        starts = [row.lines[0].start for row in sources]
        fused = any(holds_paragraphs(row) for row in rows)
        widened = []
        for row in table.rows:
            source = sources[max(0, bisect_right(starts, row.start) - 1)]
            cells = () if _is_fused(source, fused) else row.cells
            widened.append(replace(row, start=source.lines[0].first, end=source.lines[-1].last, cells=cells))
        return replace(table, rows=tuple(widened), footnotes=(*table.footnotes, *self._glued_notes(widened)))

    def _glued_notes(self, rows: list[Row]) -> list[Footnote]:
        """Notes that the text printed inside a label, with the row that they belong to."""
        starts = [row.start for row in rows]
        found = []
        for start, note in self.glued:
            place = bisect_right(starts, start) - 1
            inside = place >= 0 and start < rows[place].end
            found.append(replace(note, rows=(place,) if inside else ()))
        return found

    def _unresolved(self, stretch: Stretch, start: int, end: int) -> Table:
        lines = [line for line in (*stretch.heads, *stretch.rows) if line.pieces and line.last > start]
        return Table(
            caption=self.names.caption(self.caption).text,
            caption_span=Span(start=self.caption.first, end=self.caption.last) if self.caption else None,
            start=start,
            end=end,
            section=self.section,
            rows=tuple(Row(label=join(line.pieces), start=line.first, end=line.last) for line in lines),
            footnotes=self.legend,
            resolved=False,
        )


def _unit(heads: list[Head], width: int) -> str:
    """The unit that one head prints for all columns, as "Percentage of patients"."""
    return "%" if any(head.columns == width and _PERCENT.match(head.text) for head in heads if head.column) else ""


def _levels(row: TextRow, fused: bool) -> list[Sequence[Piece]]:
    """Groups printed in front of the row's own label, and the label: "Cardiac disorders      Bradycardia"."""
    if holds_paragraphs(row) and row.cells and _SYSTEM.search(row.label[0].text):
        return [row.label[:1], row.label[1:]]
    names = [piece for piece in row.label if len(piece.text) > 3 and piece.text[0].isupper()]
    if not row.cells or len(names) < 2 or len(names) != len(row.label) or holds_paragraphs(row):
        return [row.label]
    near = names[1].start - names[0].end in PARAGRAPHS
    if (fused or near) and not _SYSTEM.search(names[0].text):
        return [row.label]
    return [(piece,) for piece in row.label]


def _is_fused(row: TextRow, fused: bool) -> bool:
    """Whether a row's cells hold more than one value each, or stand over several columns."""
    several = fused and len(row.label) == 2 and len(_levels(row, fused)) == 1 and row.label[1].text[0].isupper()
    return several or holds_paragraphs(row) or any(cell.columns > 1 for cell in row.cells)
