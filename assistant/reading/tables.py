"""A table's raw grid in, the same table as data out: every value with its header path, group, unit, n and footnotes.

A reader of any format fills a `Grid` (described in `tables_grid`) and calls `resolve`; the pages of one table that was
printed in parts go through `continued` first. Left out: finding the table in its source, and `Finding`s about it.
"""

import re
from dataclasses import replace

from assistant.label import Column, Row, Span, Table
from assistant.reading.tables_grid import Grid, GridCell, Layout, Line
from assistant.reading.tables_heads import Frame, frame, mostly
from assistant.reading.tables_lines import split_lines
from assistant.reading.tables_notes import attached, legend_notes
from assistant.reading.tables_rows import columns as _columns
from assistant.reading.tables_rows import rows as _rows
from assistant.reading.tables_rows import unique
from assistant.reading.tables_words import is_figure, unit_of_caption, without_marks

__all__ = ["Grid", "GridCell", "Line", "continued", "resolve"]

_BULLET = re.compile(r"[•·▪◦●○■□]")
_CONTINUED = re.compile(r"\(?\bcont(?:inued|['’]d|\.|d\b)\)?", re.IGNORECASE)
_NUMBER = re.compile(r"table\s*(\d+[a-z]?)", re.IGNORECASE)


def resolve(grid: Grid) -> Table | None:
    """The grid as data; None for a layout table (one column, or nothing but text side by side)."""
    layout = Layout(split_lines(grid.cells))
    if _is_arrangement(layout):
        return None
    parts = frame(layout, bool(grid.caption))
    if not parts.body or (not parts.heads and not _has_figures(layout, parts)):
        return None
    caption = grid.caption or (parts.caption.text if parts.caption else "")
    columns = _columns(layout, parts, grid.unit or unit_of_caption(caption))
    rows, groups = _rows(layout, parts, columns)
    if not rows:
        return None
    return _assemble(grid, layout, parts, columns, rows, groups)


def _assemble(
    grid: Grid,
    layout: Layout,
    parts: Frame,
    columns: tuple[Column, ...],
    rows: tuple[Row, ...],
    groups: frozenset[str],
) -> Table:
    caption, caption_marks = without_marks(grid.caption or (parts.caption.text if parts.caption else ""))
    row_head, head_marks = without_marks(parts.row_head)
    heads = [cell for row in parts.heads for cell in layout.filled(row)]
    span = grid.caption_span
    if parts.caption is not None and not grid.caption:
        span, caption_marks = (
            Span(start=parts.caption.start, end=parts.caption.end),
            (*caption_marks, *parts.caption.marks),
        )
    elsewhere = frozenset((*grid.caption_marks, *caption_marks, *head_marks, *_marks(heads)))
    legend = [cell for row in parts.legend for cell in layout.own(row) if cell.text]
    carried = elsewhere | set(_marks(layout.cells))
    printed = (note for note in grid.footnotes if note.start < note.end)  # a mark that nothing follows is no note
    notes = attached((*printed, *legend_notes(legend, carried)), rows, groups, elsewhere)
    return Table(
        caption=caption,
        caption_span=span,
        start=grid.start,
        end=grid.end,
        section=grid.section,
        row_head=row_head,
        columns=columns,
        rows=rows,
        footnotes=notes,
        resolved=_is_resolved(parts, columns, rows),
    )


def _marks(cells: list[GridCell] | tuple[GridCell, ...]) -> tuple[str, ...]:
    return unique(mark for cell in cells for mark in (*cell.marks, *without_marks(cell.text)[1]))


def _is_arrangement(layout: Layout) -> bool:
    """Whether a grid only arranges text: one column, a single cell, or bullets side by side."""
    filled = [cell for cell in layout.cells if cell.text]
    used = {cell.column for cell in filled if cell.colspan < layout.width}
    return len(used) < 2 or mostly(bool(_BULLET.match(cell.text)) for cell in filled)


def _has_figures(layout: Layout, parts: Frame) -> bool:
    values = [cell.text for row in parts.body for cell in layout.own(row) if cell.text and cell.column > 0]
    return len(parts.body) > 1 and mostly(is_figure(text) for text in values)


def _is_resolved(parts: Frame, columns: tuple[Column, ...], rows: tuple[Row, ...]) -> bool:
    """Whether every column that holds a value has a header."""
    used = {cell.column for row in rows for cell in row.cells if cell.text}
    return bool(parts.heads) and all(columns[place].header for place in used)


def continued(first: Grid, second: Grid) -> Grid | None:
    """Both as one grid where the second says that it goes on with the first; None where it doesn't.

    Its repeated header rows are left out.
    """
    numbers = [found[1] if (found := _NUMBER.search(grid.caption)) else "" for grid in (first, second)]
    if not _CONTINUED.search(second.caption) or (all(numbers) and numbers[0] != numbers[1]):
        return None
    above, below = Layout(first.cells), Layout(second.cells)
    if above.width != below.width:
        return None
    shared = 0
    while shared < min(above.height, below.height) and _texts(above, shared) == _texts(below, shared):
        shared += 1
    moved = tuple(replace(cell, row=cell.row - shared + above.height) for cell in second.cells if cell.row >= shared)
    return replace(first, cells=(*first.cells, *moved), end=second.end, footnotes=(*first.footnotes, *second.footnotes))


def _texts(layout: Layout, row: int) -> list[str]:
    return [layout.text(row, column) for column in range(layout.width)]
