"""The rows of a fixed-width table: label, values and which column each value stands in.

In: the lines under the heads. Out: `read_rows`, a `TextRow` for each group and each row, with values by column. A cell
is padded to its column's width, and one that is too long pushes the rest of its line to the right; so columns are
counted, and places are compared only where a row has blanks. Left out: heads (`plain_heads`), meanings (`tables`).
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from assistant.reading.plain_heads import Columns
from assistant.reading.plain_lines import Line, Piece, is_count, is_value

_LABEL_INDENT = 10  # blanks before a label at most
_UNIT_END = re.compile(r"(?:\bm|\bcm|10|\^)$")
_UNFINISHED = re.compile(r"(?:\b(?:and|or|of|with|in|to|the|for)|[,/-])$", re.IGNORECASE)
_AMOUNT = re.compile(r"[<>≤≥=]*\s*\d[\d.,]*\s?(?:[-–]\s?\d[\d.,]*\s?)?[*×/a-zA-Zµ]")
PARAGRAPHS = range(4, 7)  # blanks between the paragraphs of one cell
_WORDS = re.compile(
    r"(?:not\s.*|none|unknown|see\b.*|[<>≤≥]?\s*\d[\d.,]*\s*(?:[-–]\s*\d+\s*)?[a-zA-Z/%*]{1,12}(?:\s[a-zA-Z]{1,8})?)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class TextCell:
    """One value and the marks printed beside it."""

    pieces: tuple[Piece, ...]
    marks: tuple[Piece, ...]
    column: int = 0  # 1 is the first column of values
    columns: int = 1

    @property
    def start(self) -> int:
        return self.pieces[0].start

    @property
    def end(self) -> int:
        return max(self.pieces[-1].end, *(mark.end for mark in self.marks)) if self.marks else self.pieces[-1].end


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row of the table, or a group where it has no values."""

    lines: tuple[Line, ...]
    label: tuple[Piece, ...]
    cells: tuple[TextCell, ...] = ()

    @property
    def indent(self) -> int:
        return self.label[0].start - self.lines[0].start if self.label else 0


def holds_paragraphs(row: TextRow) -> bool:
    """Whether a row has several labels in one cell, so that its values are fused and none can be told.

    Paragraphs of a cell stand four to six blanks apart, columns as the widest label wants.
    """
    gaps = [after.start - before.end for before, after in pairwise(row.label)]
    if not all(piece.text[0].isupper() for piece in row.label):
        return False
    return len(row.lines) == 1 and len(gaps) > 1 and all(gap in PARAGRAPHS for gap in gaps[1:])


def count_columns(lines: Sequence[Line]) -> int:
    """How many columns of values the rows have; a text table counts its pieces."""
    found = [_cells(line)[1] for line in lines if line.values]
    counts = Counter(len(cells) for cells in found)
    if not counts:
        words = Counter(len(line.pieces) - 1 for line in lines if len(line.pieces) > 1)
        return words.most_common(1)[0][0] if words else 0
    usual = max(counts, key=lambda count: (counts[count], count))
    longer = [cells for cells in found if len(cells) > usual]
    return usual if all(_fits(cells, usual) for cells in longer) else max(counts)


def _fits(cells: list[TextCell], width: int) -> bool:
    """Whether a row of more values has two in each cell, or a footnote number that looks like one."""
    pairs = len(cells) % width == 0 and width > 1 and _are_pairs(cells, width)
    return pairs or (len(cells) == width + 1 and cells[0].pieces[0].is_mark)


def read_rows(lines: Sequence[Line], width: int) -> list[TextRow]:
    """Groups and rows in order."""
    rows = [_read(line, width) for line in lines]
    return _placed(_joined(rows), width)


def _read(line: Line, width: int) -> TextRow:
    label, cells = _cells(line)
    if not cells and len(label) > 1:
        return TextRow((line,), *_words(label, width))
    while len(cells) > width and len(cells) % width == 0 and _are_pairs(cells, width) and not _is_marked(cells, width):
        cells = _paired(cells, len(cells) // width)
    extra = len(cells) - width
    if extra > 0:
        label = label + [piece for cell in cells[:extra] for piece in (*cell.pieces, *cell.marks)]
        cells = cells[extra:]
    return TextRow((line,), tuple(label), tuple(cells))


def _is_marked(cells: list[TextCell], width: int) -> bool:
    """Whether the first of two values in a table of one column is a footnote mark, as in "Flushing  1,2    5 (2%)"."""
    return width == 1 and cells[0].pieces[0].is_mark and not cells[1].pieces[0].text.startswith("(")


def _words(pieces: list[Piece], width: int) -> tuple[tuple[Piece, ...], tuple[TextCell, ...]]:
    """A row whose values are words, as "6 cycles" or "Not reached"; a group where they aren't."""
    count = width if len(pieces) > width else len(pieces) - 1
    values = pieces[-count:]
    if width % count == 0 and all(_WORDS.fullmatch(piece.text) or is_value(piece.text) for piece in values):
        return tuple(pieces[:-count]), tuple(TextCell((piece,), ()) for piece in values)
    return tuple(pieces), ()


def _cells(line: Line) -> tuple[list[Piece], list[TextCell]]:
    """The pieces of the label and the values that close the line."""
    pieces = list(line.pieces)
    cells: list[TextCell] = []
    marks: list[Piece] = []
    while pieces:
        piece = pieces[-1]
        if _is_cell(piece) and not (piece.is_mark and _is_power(pieces)):
            cells.insert(0, TextCell((piece,), tuple(marks[::-1])))
            marks = []
        elif piece.is_mark and len(pieces) > 1 and _is_cell(pieces[-2]) and not marks:
            marks.append(piece)
        else:
            break
        pieces.pop()
    if cells and not pieces and line.indent < _LABEL_INDENT and len(cells) > 1:
        pieces = list(cells.pop(0).pieces)  # subtle: a label that looks like a value, as "<10" under "Hemoglobin"
    return pieces + marks[::-1], cells


def _is_cell(piece: Piece) -> bool:
    return piece.is_value or is_count(piece.text)


def _is_power(pieces: list[Piece]) -> bool:
    """Whether the last piece is an exponent: "1.73 m  2", "10  9"."""
    return len(pieces) == 2 and not pieces[0].is_value and bool(_UNIT_END.search(pieces[0].text))


def _are_pairs(cells: list[TextCell], width: int) -> bool:
    share = len(cells) // width
    gaps = [after.start - before.end for before, after in pairwise(cells)]
    inner = [gap for place, gap in enumerate(gaps) if (place + 1) % share]
    outer = [gap for place, gap in enumerate(gaps) if not (place + 1) % share]
    return not outer or max(inner) < min(outer)


def _paired(cells: list[TextCell], share: int) -> list[TextCell]:
    groups = [cells[place : place + share] for place in range(0, len(cells), share)]
    return [
        TextCell(
            tuple(piece for cell in group for piece in cell.pieces), tuple(m for cell in group for m in cell.marks)
        )
        for group in groups
    ]


def _joined(rows: list[TextRow]) -> list[TextRow]:
    """Labels that stand alone over their values, or go on in the next line, put back together."""
    done: list[TextRow] = []
    for place, row in enumerate(rows):
        before = done[-1] if done else None
        following = rows[place + 1] if place + 1 < len(rows) else None
        if before and not row.label and row.cells and not before.cells and _has_label(following):
            done[-1] = TextRow(before.lines + row.lines, before.label, row.cells)
        elif before and not row.cells and before.label and _goes_on(before, row):
            done[-1] = TextRow(before.lines + row.lines, before.label + row.label, before.cells)
        else:
            done.append(row)
    return done


def _has_label(row: TextRow | None) -> bool:
    return row is None or bool(row.label)


def _goes_on(before: TextRow, row: TextRow) -> bool:
    text = " ".join(piece.text for piece in before.label)
    opened = text.count("(") > text.count(")")
    unfinished = _UNFINISHED.search(text)
    return bool(unfinished and text[-1].isalpha()) or (
        bool(opened or unfinished) and not row.label[0].text[0].isupper()
    )


def _placed(rows: list[TextRow], width: int) -> list[TextRow]:
    rows = [_with_words(row, width) if 0 < len(row.cells) < width else row for row in rows]
    full = [row for row in rows if len(row.cells) == width]
    usual = _usual_places(full, width)
    return [_in_columns(row, width, usual) if row.cells else row for row in rows]


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the values of most full rows stand in their lines, and how long these lines are."""

    starts: tuple[float, ...]
    middles: tuple[float, ...]
    length: float


def _with_words(row: TextRow, width: int) -> TextRow:
    """A row whose first values have words, as "90-99 g/L": the pieces after the label that begin with a number."""
    missing = width - len(row.cells)
    if len(row.label) != missing + 1 or not all(_AMOUNT.match(piece.text) for piece in row.label[1:]):
        return row
    return replace(row, label=row.label[:1], cells=(*(TextCell((piece,), ()) for piece in row.label[1:]), *row.cells))


def _usual_places(full: list[TextRow], width: int) -> _Places | None:
    if not full:
        return None
    first = median(_start(row, 0) for row in full)
    straight = [row for row in full if _start(row, 0) <= first + 1] or full
    starts = tuple(median(_start(row, place) for row in straight) for place in range(width))
    middles = tuple(median(_middle(row, place) for row in straight) for place in range(width))
    return _Places(starts, middles, median(len(row.lines[-1].text) for row in straight))


def _start(row: TextRow, place: int) -> int:
    return row.cells[place].start - row.lines[-1].start


def _middle(row: TextRow, place: int) -> float:
    cell = row.cells[place]
    return (cell.start + cell.pieces[-1].end) / 2 - row.lines[-1].start


def _in_columns(row: TextRow, width: int, usual: _Places | None) -> TextRow:
    count = len(row.cells)
    if count == width or usual is None:
        columns, spans = list(range(1, count + 1)), 1
    elif width % count == 0 and _is_spanning(row, width, usual):
        columns, spans = list(range(1, width + 1, width // count)), width // count
    else:
        columns, spans = _nearest(row, width, usual), 1
    cells = tuple(replace(cell, column=at, columns=spans) for cell, at in zip(row.cells, columns, strict=True))
    return replace(row, cells=cells)


def _is_spanning(row: TextRow, width: int, usual: _Places) -> bool:
    """Whether a row's values stand side by side with no room for blanks: it has fewer and so wider cells.

    Where lines aren't padded this can't be told from blanks at the end, and no single value is the safer reading.
    """
    line = row.lines[-1]
    column = (usual.length - usual.starts[0]) / width
    places = [cell.start - line.start for cell in row.cells]
    label = row.label[-1].end - line.start if row.label else 0
    begins = places[0] <= max(usual.starts[0] + column / 2, label + 12)
    close = all(after - before < 1.6 * column for before, after in pairwise(places))
    padding = len(line.text) - len(line.text.rstrip())
    return begins and close and padding < 1.6 * column


def usual_columns(rows: Sequence[TextRow], width: int) -> Columns:
    """Where the columns of values begin in most rows."""
    full = [row for row in rows if len(row.cells) == width]
    usual = _usual_places(full, width)
    if usual is None:
        places = [_start(row, 0) for row in rows if row.cells]
        return Columns(width, (float(min(places, default=0)),))
    first = [row for row in full if abs(_start(row, 0) - usual.starts[0]) <= 0]
    lengths = {row.cells[0].end - row.cells[0].start for row in first}
    return Columns(width, usual.starts, aligned=len(lengths) > 1 and 2 * len(first) > len(full))


def _nearest(row: TextRow, width: int, usual: _Places) -> list[int]:
    """The columns of a row with blanks, in order, nearest to where the other rows have their values."""
    line = row.lines[-1]
    shift = (
        max(0.0, len(line.text) - usual.length)
        if row.label and row.label[-1].end - line.start > usual.starts[0] - 2
        else 0.0
    )
    cost = [
        [
            min(abs(_start(row, at) - shift - usual.starts[to]), abs(_middle(row, at) - shift - usual.middles[to]))
            for to in range(width)
        ]
        for at in range(len(row.cells))
    ]
    best: list[tuple[float, list[int]]] = [(0.0, [])] * (width + 1)
    for at, costs in enumerate(cost):
        following: list[tuple[float, list[int]]] = [(float("inf"), [])] * (width + 1)
        for to in range(at, width):
            taken = (best[to][0] + costs[to], [*best[to][1], to + 1])
            following[to + 1] = min(following[to], taken, key=lambda option: option[0])
        best = following
    return best[width][1]
