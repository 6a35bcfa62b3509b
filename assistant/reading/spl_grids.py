"""An SPL table as a raw grid, and the grid as lines of the canonical text.

In: a `table` element. Out: `cells`, the grid before it is written, and `write`, which puts it into the draft: one row a
line, cells parted by " | ", a legend line by line. Stacks of aligned lines are cut into rows first, so that every row
of values is a line of its own. Left out: what the cells mean (`tables`).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from assistant.errors import UnreadableLabel
from assistant.reading.spl_draft import Draft
from assistant.reading.spl_style import is_emphasised
from assistant.reading.spl_text import Line as TextLine
from assistant.reading.spl_text import Notes, flat, lines
from assistant.reading.spl_xml import NAMESPACE
from assistant.reading.tables import GridCell, Line
from assistant.reading.tables_lines import split_lines

_ROW = f"{NAMESPACE}tr"
CELLS = frozenset((f"{NAMESPACE}td", f"{NAMESPACE}th"))
_TH = f"{NAMESPACE}th"
_PARTS = {f"{NAMESPACE}thead": 0, f"{NAMESPACE}tbody": 1, f"{NAMESPACE}tfoot": 2}
_WIDEST = 100  # columns
_MOST_PLACES = 400_000  # rows times columns
_INDENTS = "\u00a0\u2002\u2003"
SEPARATOR = " | "


@dataclass
class Drafted:
    """A grid before it is written: until then each `start` is a place in `shown`, what the cell or line shows."""

    cells: tuple[GridCell, ...]
    shown: list[str]


def drafted(table: etree._Element, notes: Notes, file: str) -> Drafted:
    """The cells of a table, stacks of aligned lines cut into rows."""
    shown: list[str] = []
    cells: list[GridCell] = []
    taken: dict[tuple[int, int], bool] = {}
    widest = 0
    for row, (tr, part) in enumerate(rows_of(table)):
        column = 0
        for element in tr:
            if element.tag not in CELLS:
                continue
            while taken.pop((row, column), False):
                column += 1
            cell = _cell(element, row, column, part, notes, shown)
            for below in range(1, cell.rowspan):
                taken.update(((row + below, column + place), True) for place in range(cell.colspan))
            cells.append(cell)
            column += cell.colspan
            widest = max(widest, column)
            if len(taken) > _MOST_PLACES or widest * (row + 1) > _MOST_PLACES:
                raise UnreadableLabel(
                    f"has a table of more than {_MOST_PLACES} places",
                    place=f"{file}, line {table.sourceline}",
                    remedy="Split the table",
                )
    return Drafted(split_lines(_clipped(cells)), shown)


def rows_of(table: etree._Element) -> list[tuple[etree._Element, int]]:
    """The rows in the order in which they are shown, each with its part: 0 head, 1 body, 2 foot."""
    found = [(child, 1) for child in table if child.tag == _ROW]
    for part in table:
        if part.tag in _PARTS:
            found.extend((row, _PARTS[part.tag]) for row in part if row.tag == _ROW)
    return sorted(found, key=lambda row: row[1] == 2)


def _clipped(cells: list[GridCell]) -> Iterator[GridCell]:
    """The cells without spans that reach below the last row or, alone in their row, past all other rows."""
    height = cells[-1].row + 1 if cells else 0
    beside = Counter(cell.row for cell in cells)
    width = max((cell.column + cell.colspan for cell in cells if beside[cell.row] > 1), default=0)
    for cell in cells:
        rowspan = min(cell.rowspan, height - cell.row)
        past = beside[cell.row] == 1 and cell.column < width < cell.column + cell.colspan
        yield replace(cell, rowspan=rowspan, colspan=width - cell.column if past else cell.colspan)


def _cell(element: etree._Element, row: int, column: int, part: int, notes: Notes, shown: list[str]) -> GridCell:
    pieces = flat(element, notes)
    found = lines(pieces)
    filled = [line for line in found if line.shown]
    place = len(shown)
    shown.extend(line.shown for line in found or (TextLine("", "", ()),))
    marked = len(found) > 1 or any(line.marks for line in found)
    several = tuple(_line(line, place + number) for number, line in enumerate(found)) if marked else ()
    return GridCell(
        row=row,
        column=column,
        text=" ".join(line.text for line in filled if line.text),
        start=place,
        end=place,
        rowspan=_span(element, "rowspan", 10_000),
        colspan=_span(element, "colspan", _WIDEST),
        head=part == 0 or element.tag == _TH,
        foot=part == 2,
        strong=bool(filled) and is_emphasised(element),
        indent=_indent(pieces),
        marks=tuple(dict.fromkeys(mark for line in filled for mark in line.marks)),
        lines=several,
    )


def _line(line: TextLine, place: int) -> Line:
    return Line(text=line.text, start=place, end=place, marks=line.marks, lead=line.lead)


def _span(element: etree._Element, name: str, most: int) -> int:
    value = element.get(name, "1").strip()
    return min(max(int(value), 1), most) if value.isascii() and value.isdigit() and len(value) < 7 else 1


def _indent(pieces: list[str]) -> int:
    """How far in the text stands: its leading wide blanks."""
    head = "".join(pieces[:3])
    return sum(head[: len(head) - len(head.lstrip())].count(blank) for blank in _INDENTS)


def write(drafted: Drafted, draft: Draft) -> tuple[GridCell, ...]:
    """Puts the grid into the text, row by row; returns the cells with their places."""
    width = max((cell.column + cell.colspan for cell in drafted.cells), default=0)
    rows: dict[int, list[GridCell]] = {}
    for cell in drafted.cells:
        rows.setdefault(cell.row, []).append(cell)
    return tuple(cell for row in sorted(rows) for cell in _written(rows[row], drafted.shown, draft, width))


def _written(cells: list[GridCell], shown: list[str], draft: Draft, width: int) -> list[GridCell]:
    last = max((place for place, cell in enumerate(cells) if cell.text), default=-1)
    if last >= 0:
        draft.part(1)
    done = []
    for place, cell in enumerate(cells):
        if 0 < place <= last:
            draft.write(SEPARATOR)
        legend = cell.foot or (width > 1 and cell.colspan >= width and cell.row > 0)
        done.append(_placed(cell, shown, draft, "\n" if legend else " "))
    return done


def _placed(cell: GridCell, shown: list[str], draft: Draft, between: str) -> GridCell:
    start = draft.length
    several: list[Line] = []
    for line in cell.lines:
        if draft.length > start and shown[line.start]:
            draft.write(between)
        place = draft.write(shown[line.start])
        several.append(replace(line, start=place, end=draft.length))
    if not cell.lines:
        draft.write(shown[cell.start])
    return replace(cell, start=start, end=draft.length, lines=tuple(several))
