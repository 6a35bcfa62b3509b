"""Tables of a printed page as tables of SPL text: those between rules, and those that only stand in columns.

In: a ruled table's cells, or the lines under a table's title. Out: a `table` element for `spl_tables`. Columns without
rules are the stretches that no gap between words of a line cuts; a heading above several spans them. Left out: what the
cells mean (`tables`).
"""

import re
from collections.abc import Sequence

from lxml import etree

from assistant.reading.html_outline import PAGE, made
from assistant.reading.pdf_lines import Line, joined, lines
from assistant.reading.pdf_pages import Ruled
from assistant.reading.pdf_words import Word
from assistant.reading.tables_words import is_figure

_GAP = 1.2  # of the size: a gap this wide parts columns
_FEWEST_ROWS = 3
_MOST_BETWEEN = 3  # lines of one piece between two rows: a heading or a label that goes on
_PROSE = 0.75  # of the column's width
TITLE = re.compile(r"table\s*\d{1,3}[a-z]?\b", re.IGNORECASE)


def ruled(table: Ruled, known: frozenset[str]) -> etree._Element:
    """A table between rules."""
    done = made("table")
    done.set(PAGE, str(table.page))
    rows: dict[int, etree._Element] = {cell.row: made("tr") for cell in sorted(table.cells, key=lambda cell: cell.row)}
    for cell in table.cells:
        run = lines(cell.words, table.page, table.x0, table.x1)
        element = joined(run, known, tag="td", breaks=True) if run else made("td")
        element.set("rowspan", str(cell.rowspan))
        element.set("colspan", str(cell.colspan))
        rows[cell.row].append(element)
    done.extend(rows[row] for row in sorted(rows))
    return done


Segment = tuple[Word, ...]


def segments(line: Line) -> list[Segment]:
    """The words of a line, parted where a gap is wide."""
    found: list[list[Word]] = [[line.words[0]]]
    for word in line.words[1:]:
        if word.x0 - max(other.x1 for other in found[-1]) > _GAP * line.size:
            found.append([word])
        else:
            found[-1].append(word)
    return [tuple(each) for each in found]


def aligned(run: Sequence[Line], known: frozenset[str]) -> tuple[etree._Element, int] | None:
    """The table that the lines begin with and how many lines it takes; None where they aren't in columns."""
    parted = [segments(line) for line in run]
    many = _extent(run, parted)
    values = [row for row in parted[:many] if len(row) > 1]
    if len(values) < _FEWEST_ROWS or not any(_is_figure(row[-1]) for row in values):
        return None
    columns = _columns([row for row in values if _is_figure(row[-1])] or values)
    if len(columns) < 2:
        return None
    done = made("table")
    done.set(PAGE, str(run[0].page))
    for line, row in zip(run[:many], parted[:many], strict=True):
        done.append(_row(line, row, columns, known))
    return done, many


def _extent(run: Sequence[Line], parted: list[list[Segment]]) -> int:
    """How many lines belong to the table: up to the last row before running text."""
    last = between = 0
    for place, (line, row) in enumerate(zip(run, parted, strict=True), 1):
        if len(row) > 1:
            last, between = place, 0
            continue
        between += 1
        if between > _MOST_BETWEEN or (last and line.x1 - line.x0 > _PROSE * (line.right - line.left)):
            break
    return last


def _is_figure(segment: Segment) -> bool:
    return is_figure(" ".join(word.text for word in segment))


def _columns(rows: list[list[Segment]]) -> list[tuple[float, float]]:
    """The stretches of a page that words of the rows cover, from left to right."""
    stretches = sorted((segment[0].x0, max(word.x1 for word in segment)) for row in rows for segment in row)
    found: list[tuple[float, float]] = []
    for x0, x1 in stretches:
        if found and x0 < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], x1))
        else:
            found.append((x0, x1))
    return found


def _row(line: Line, row: list[Segment], columns: list[tuple[float, float]], known: frozenset[str]) -> etree._Element:
    done, column = made("tr"), 0
    for segment in row:
        covered = _covered(segment, columns)
        start = max(covered[0], column)
        done.extend(made("td") for _ in range(start - column))
        cell = joined([Line(segment, line.page, line.left, line.right)], known, tag="td")
        span = max(covered[-1] - start + 1, 1)
        cell.set("colspan", str(span))
        done.append(cell)
        column = start + span
    done.extend(made("td") for _ in range(len(columns) - column))
    return done


def _covered(segment: Segment, columns: list[tuple[float, float]]) -> list[int]:
    """The columns above or under which a segment stands; the nearest where there is none."""
    x0, x1 = segment[0].x0, max(word.x1 for word in segment)
    found = [place for place, (left, right) in enumerate(columns) if x0 < right and x1 > left]
    middle = (x0 + x1) / 2
    return found or [min(range(len(columns)), key=lambda place: abs(sum(columns[place]) / 2 - middle))]
