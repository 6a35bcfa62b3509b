"""Cells that hold several printed lines, cut into one row a line where the lines are aligned across the cells.

In: the cells of a grid, with `lines`. Out: cells of which none is a stack of values any more; a stack whose count of
lines doesn't match stays whole. Left out: which rows are heads (they are never cut: their lines are no values).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from assistant.reading.tables_grid import GridCell
from assistant.reading.tables_words import is_figure, without_marks


def split_lines(cells: Iterable[GridCell]) -> tuple[GridCell, ...]:
    """The cells with aligned lines as rows of their own; rows further down move down."""
    rows: dict[int, list[GridCell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    done: list[GridCell] = []
    shift = reach = 0
    for row in sorted(rows):
        count = _aligned(rows[row]) if row >= reach else 0  # a cell from above that spans the row keeps it whole
        reach = max(reach, *(cell.row + cell.rowspan for cell in rows[row]))
        opening = count > 0 and _opens_group(rows[row])
        for cell in rows[row]:
            done.extend(_cut(cell, count, shift, opening) if count else [_lower(cell, shift)])
        shift += max(count - 1, 0)
    return tuple(done)


def _lower(cell: GridCell, shift: int) -> GridCell:
    return replace(cell, row=cell.row + shift) if shift else cell


def _opens_group(cells: list[GridCell]) -> bool:
    """Whether the first line is a label without values: the head of the lines under it."""
    stacks = [cell for cell in cells if len(cell.lines) > 1]
    return stacks[0].column == 0 and not any(cell.lines[0].text for cell in stacks[1:])


def _aligned(cells: list[GridCell]) -> int:
    """How many lines the cells of a row share, 0 where they don't stand in line."""
    filled = [cell for cell in cells if cell.text]
    stacks = [cell for cell in filled if len(cell.lines) > 1]
    counts = {len(cell.lines) for cell in stacks}
    plain = all(cell.rowspan == 1 and not cell.head and not cell.foot for cell in cells)
    if len(stacks) < 2 or len(counts) != 1 or not plain:
        return 0
    single = [cell for cell in filled if len(cell.lines) <= 1]
    values = stacks[1:]
    named = all(_is_name(line.text) for line in stacks[0].lines if line.text)
    in_line = not single or (len(single) == 1 and single[0].column == 0 and stacks[0].column == 1)
    return counts.pop() if named and in_line and all(_is_stack(cell) for cell in values) else 0


def _is_name(text: str) -> bool:
    return any(char.isalpha() for char in text) and not is_figure(text)


def _is_stack(cell: GridCell) -> bool:
    """Whether every line is a value of its own, not the rest of the one above ("10" over "(5%)")."""
    texts = [without_marks(line.text)[0] for line in cell.lines if line.text]
    rests = [text.startswith("(") for text in texts]
    return all(is_figure(text) for text in texts) and (all(rests) or not any(rests))


def _cut(cell: GridCell, count: int, shift: int, opening: bool) -> Iterator[GridCell]:
    """A stack line by line; a cell of one line spans them all."""
    if len(cell.lines) != count:
        yield replace(cell, row=cell.row + shift, rowspan=count if cell.text else 1)
        return
    for place, line in enumerate(cell.lines):
        yield replace(
            cell,
            row=cell.row + shift + place,
            text=line.text,
            start=line.start,
            end=line.end,
            marks=line.marks,
            lines=(),
            indent=cell.indent + (1 if opening and place else 0),
        )
