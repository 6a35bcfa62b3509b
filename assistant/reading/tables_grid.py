"""The raw grid of a table, as any reader fills it, and the grid laid out place by place.

A reader says what is printed where, and no more:

- `row` and `column` count from 0 over the whole grid; a spanning cell stands once, at its upper left place. The caption
  is no cell unless it is printed as a row; rows of heads, groups and legends are cells.
- `start` and `end` are the cell's place in the label's canonical text, marks included; a blank cell has both at the
  place where its text would stand. `text` is what is printed there without the footnote marks that the reader is sure
  of (superscripts, references); those go to `marks`. A trailing `*`, `†`, ... that is plain text may stay in `text`.
- `lines` holds the printed lines of a cell that has several; empty means one line. A legend's line whose mark went to
  `marks` says in `lead` how long it is; a mark that stays in `text` is found there.
- `head` and `foot` only where the format says so (`thead`, `th`, `tfoot`); a text table leaves them False.
- `indent` in any unit that grows with depth (blanks, em, levels); 0 where unknown. `strong`: bold, italic, underlined.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.label import Footnote, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One printed line of a cell; a blank line has an empty text."""

    text: str  # without footnote marks
    start: int
    end: int  # marks included
    marks: tuple[str, ...] = ()
    lead: int = 0  # characters from `start` that are a mark in front of the text, as in a line of a legend


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """One cell as printed."""

    row: int
    column: int
    text: str  # without footnote marks, lines joined by a blank
    start: int
    end: int  # marks included
    rowspan: int = 1
    colspan: int = 1
    head: bool = False
    foot: bool = False
    strong: bool = False
    indent: int = 0
    marks: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table as printed: cells in reading order, and what stands around them."""

    cells: tuple[GridCell, ...]
    start: int
    end: int  # caption and legend included
    section: int  # place in Label.sections
    caption: str = ""  # cleaned, without marks; empty: a leading row that spans the table may be it
    caption_span: Span | None = None
    caption_marks: tuple[str, ...] = ()
    footnotes: tuple[Footnote, ...] = ()  # notes that stand outside the cells; `rows` and `certain` are filled later
    unit: str = ""  # unit of every value that has no other, as "%", where the surroundings print one


class Layout:
    """A grid place by place: `rows[row][column]` is the cell that covers it, None where nothing stands."""

    def __init__(self, cells: Iterable[GridCell]) -> None:
        self.cells = tuple(cells)
        self.height = max((cell.row + cell.rowspan for cell in self.cells), default=0)
        self.width = max((cell.column + cell.colspan for cell in self.cells), default=0)
        self.rows: list[list[GridCell | None]] = [[None] * self.width for _ in range(self.height)]
        for cell in self.cells:
            self._place(cell)

    def _place(self, cell: GridCell) -> None:
        for row in self.rows[cell.row : cell.row + cell.rowspan]:
            for column in range(cell.column, cell.column + cell.colspan):
                if row[column] is None:
                    row[column] = cell

    def own(self, row: int) -> list[GridCell]:
        """The cells that begin in a row, from left to right."""
        seen = {id(cell): cell for cell in self.rows[row] if cell is not None and cell.row == row}
        return list(seen.values())

    def filled(self, row: int) -> list[GridCell]:
        """The cells of a row that print something, cells from above included."""
        seen = {id(cell): cell for cell in self.rows[row] if cell is not None and cell.text}
        return list(seen.values())

    def text(self, row: int, column: int) -> str:
        cell = self.rows[row][column]
        return cell.text if cell is not None else ""

    def spans_all(self, row: int) -> GridCell | None:
        """The one cell that covers a whole row of several columns."""
        cell = self.rows[row][0]
        covers = cell is not None and self.width > 1 and cell.column == 0 and cell.colspan >= self.width
        return cell if covers and cell is not None and cell.text else None
