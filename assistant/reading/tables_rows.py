"""The rows of a table with the groups above them, and its columns.

In: a `Layout` and its `Frame`. Out: `columns` and `rows`. A group row ("Gastrointestinal disorders": a label and
nothing else, or one cell across the table) is the `group` of those under it, nested by indent and by its print.
Left out: which rows are heads and legend (`tables_heads`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from assistant.label import Cell, Column, Row
from assistant.reading.tables_grid import GridCell, Layout
from assistant.reading.tables_heads import Frame
from assistant.reading.tables_words import is_figure, is_n_head, stated_n, unit_of, without_marks

_LONGEST = 400  # characters of a label that goes on
_CAPITALS = re.compile(r"[^a-z]*[A-Z]{4}[^a-z]*")


def columns(layout: Layout, frame: Frame, common_unit: str) -> tuple[Column, ...]:
    """The columns after the labels, with their header paths."""
    return tuple(_column(layout, frame, place, common_unit) for place in range(len(frame.paths)))


def _column(layout: Layout, frame: Frame, place: int, common_unit: str) -> Column:
    header = tuple(without_marks(text)[0] for text in frame.paths[place])
    unit = next((unit for text in reversed(header) if (unit := unit_of(text))), "")
    if not unit and _takes(common_unit, _values(layout, frame, frame.stubs + place), header):
        unit = common_unit
    n = next((n for text in reversed(header) if (n := stated_n(text))), "")
    return Column(header=header, unit=unit, n=n, marks=_head_marks(layout, frame, frame.stubs + place))


def _values(layout: Layout, frame: Frame, column: int) -> list[str]:
    return [text for row in frame.body if not layout.spans_all(row) and (text := layout.text(row, column))]


def _head_marks(layout: Layout, frame: Frame, column: int) -> tuple[str, ...]:
    cells = {id(cell): cell for row in frame.heads if (cell := layout.rows[row][column]) is not None}
    return unique(mark for cell in cells.values() for mark in (*cell.marks, *without_marks(cell.text)[1]))


def _takes(unit: str, values: list[str], header: tuple[str, ...]) -> bool:
    """Whether a unit that the caption prints is this column's: its values are figures of that form."""
    figures = [without_marks(value)[0] for value in values if any(char.isdigit() for char in value)]
    if not unit or not figures or (header and re.match(r"[pP][ -]?[vV]alue", header[-1])):
        return False
    if unit == "n (%)":
        return all(re.fullmatch(r"[\d,]+\s?\(\s?<?\d[\d.]*\s?%?\)", figure) for figure in figures)
    return all(is_figure(figure) and "%" not in figure for figure in figures)


def unique(marks: Iterator[str]) -> tuple[str, ...]:
    """Each mark once, in order."""
    return tuple(dict.fromkeys(marks))


@dataclass(slots=True)
class _Group:
    text: str
    rank: tuple[int, ...]  # the smaller, the further out
    indent: int
    inner: int | None = None  # indent of the first row under it

    def ends_at(self, indent: int) -> bool:
        """Whether a row so far in is none of its: its own rows stand further in than its name."""
        return self.inner is not None and self.inner > self.indent >= indent


@dataclass
class _Body:
    """What is known so far while the rows are gone through in order."""

    layout: Layout
    frame: Frame
    ranks_span: bool  # groups across the table stand above groups in the first column
    ranks_strong: bool  # strong groups stand above plain ones
    n_column: int | None
    groups: list[_Group] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    outer: tuple[str, ...] = ()  # of the label columns before the last, and a label without values under it
    last_row: int = -1
    row: int = -1  # the one that is being added


def rows(layout: Layout, frame: Frame, columns: tuple[Column, ...]) -> tuple[tuple[Row, ...], frozenset[str]]:
    """The rows of values in order, and the marks of the groups above them."""
    pairs = [(first, then) for first, then in zip(frame.body, frame.body[1:], strict=False)]
    kinds = {row: _group_cell(layout, frame, row) for row in frame.body}
    body = _Body(
        layout,
        frame,
        ranks_span=any(_spans_above(layout, kinds, first, then) for first, then in pairs),
        ranks_strong=any(_strong_above(kinds, first, then) for first, then in pairs),
        n_column=_n_column(columns),
    )
    marks: set[str] = set()
    if frame.first_group is not None:
        marks.update(_open(body, frame.first_group))
    for row in frame.body:
        cell = kinds[row]
        if cell is None:
            _add(body, row)
        elif _continues(body, row, cell):
            _extend(body, row, cell)
        else:
            marks.update(_open(body, cell))
    return tuple(body.rows), frozenset(marks)


def _group_cell(layout: Layout, frame: Frame, row: int) -> GridCell | None:
    """The cell of a row that only names a group."""
    if spanning := layout.spans_all(row):
        return spanning
    filled = layout.filled(row)
    alone = len(filled) == 1 and filled[0].row == row and filled[0].column < frame.stubs
    return filled[0] if alone and filled[0].rowspan == 1 else None


def _spans_above(layout: Layout, kinds: dict[int, GridCell | None], first: int, then: int) -> bool:
    return (
        kinds[first] is not None
        and kinds[then] is not None
        and bool(layout.spans_all(first) and not layout.spans_all(then))
    )


def _strong_above(kinds: dict[int, GridCell | None], first: int, then: int) -> bool:
    upper, lower = kinds[first], kinds[then]
    return upper is not None and lower is not None and upper.strong and not lower.strong


def _n_column(columns: tuple[Column, ...]) -> int | None:
    """The one column that states each row's n; None where there are several or a percentage stands beside it."""
    found = [place for place, column in enumerate(columns) if column.header and is_n_head(column.header[-1])]
    beside = [
        place
        for place in found
        if place + 1 < len(columns)
        and columns[place + 1].unit == "%"
        and columns[place].header[:-1] == columns[place + 1].header[:-1] != ()
    ]
    return found[0] if len(found) == 1 and not beside else None


def _open(body: _Body, cell: GridCell) -> tuple[str, ...]:
    """Begins a group: those of its rank or further in end."""
    text, marks = without_marks(cell.text)
    plain = not (body.ranks_strong and cell.strong)
    narrow = not (body.ranks_span and cell.colspan >= body.layout.width)
    capitals = _CAPITALS.fullmatch(text) and len(text) > 8
    rank = (cell.indent, int(narrow), int(not capitals), int(plain))
    body.groups = [*(group for group in body.groups if group.rank < rank), _Group(text, rank, cell.indent)]
    body.outer = ()
    return (*cell.marks, *marks)


def _continues(body: _Body, row: int, cell: GridCell) -> bool:
    """Whether a lone label goes on with the label of the row right above: in lower case, not further out."""
    above = body.layout.rows[body.last_row][cell.column] if body.last_row == row - 1 and body.rows else None
    if (
        above is None
        or len(body.rows[-1].label) > _LONGEST
        or not cell.text[0].islower()
        or cell.colspan > 1
        or cell.strong != above.strong
    ):
        return False
    return cell.indent >= above.indent and not above.text[:1].islower()


def _extend(body: _Body, row: int, cell: GridCell) -> None:
    text, marks = without_marks(cell.text)
    last = body.rows[-1]
    body.rows[-1] = replace(
        last, label=f"{last.label} {text}", end=max(last.end, cell.end), marks=(*last.marks, *cell.marks, *marks)
    )
    body.last_row = row


def _add(body: _Body, row: int) -> None:
    """Adds a row of values; a blank label is the one above."""
    own, body.row = body.layout.own(row), row
    if not any(cell.text for cell in own):
        return
    stubs = [body.layout.rows[row][column] for column in range(body.frame.stubs)]
    if own[0].column == 0 and own[0].text:
        _settle(body, own[0].indent)
    label, marks = _label(body, stubs)
    cells = tuple(_cells(body, row))
    if len(body.outer) == 1 and not any(cell.text for cell in cells):
        body.outer = (*body.outer, label)
        return
    n = next((cell.text for cell in cells if cell.column == body.n_column), "")
    body.rows.append(
        Row(
            label=label,
            start=min(cell.start for cell in own),
            end=max(cell.end for cell in own),
            group=(*(group.text for group in body.groups), *body.outer),
            cells=cells,
            marks=marks,
            n=n if n.replace(",", "").isdigit() else "",
        )
    )
    body.last_row = row


def _settle(body: _Body, indent: int) -> None:
    """Ends the groups that a row so far in is outside of; it is the first row of those just begun."""
    body.groups = [group for group in body.groups if not group.ends_at(indent)]
    for group in body.groups:
        group.inner = indent if group.inner is None else group.inner


def _label(body: _Body, stubs: list[GridCell | None]) -> tuple[str, tuple[str, ...]]:
    """The label of a row, the last of its label columns; a blank one is that of the row above."""
    named = [cell for cell in stubs if cell is not None and cell.text]
    if not named:
        last = body.rows[-1] if body.rows else None
        return (last.label, last.marks) if last else ("", ())
    cleaned = {id(cell): without_marks(cell.text) for cell in named}
    *outer, inner = list({id(cell): cell for cell in named}.values())
    if outer:
        named_before = " ".join(cleaned[id(cell)][0] for cell in outer)
        body.outer = body.outer if body.outer[:1] == (named_before,) and outer[-1].row < body.row else (named_before,)
    elif inner.column + inner.colspan < len(stubs) or (inner.column == 0 and inner.colspan >= len(stubs)):
        body.outer = ()
    marks = unique(mark for cell in named for mark in (*cell.marks, *cleaned[id(cell)][1]))
    return cleaned[id(inner)][0], marks


def _cells(body: _Body, row: int) -> Iterator[Cell]:
    for column in range(body.frame.stubs, body.layout.width):
        cell = body.layout.rows[row][column]
        if cell is not None:
            text, marks = without_marks(cell.text)
            yield Cell(
                text=text,
                start=cell.start,
                end=cell.end,
                column=column - body.frame.stubs,
                marks=unique(iter((*cell.marks, *marks))),
            )
