"""A table's raw grid in, the same table as data out: every value with its header path, group, unit, n and footnotes.

A reader of any format fills a `Grid` with `GridCell`s and calls `resolve`. It says what is printed where, and no more:

- `row` and `column` count from 0 over the whole grid; a spanning cell stands once, at its upper left place. Rows of
  the caption aren't cells; rows of heads, groups and legends are.
- `start` and `end` are the cell's place in the label's canonical text, marks included; a blank cell has both at the
  place where its text would stand. `text` is what is printed there without footnote marks that the reader is sure of
  (superscripts, references); those go to `marks`. Trailing `*`, `†`, ... that are plain text may stay in `text`.
- `lines` holds the cell's printed lines where it has several; empty means one line.
- `head` and `foot` only where the format says so (`thead`, `th`, `tfoot`); a text table leaves them False.
- `indent` in any unit that grows with depth (blanks, em, levels); 0 where unknown. `strong` for bold, italic, underlined.

Left out: finding the table in its source, and `Finding`s about it.
"""

from dataclasses import dataclass

from assistant.label import Footnote, Span, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One printed line of a cell; a blank line has an empty text."""

    text: str  # without footnote marks
    start: int
    end: int  # marks included
    marks: tuple[str, ...] = ()


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
    footnotes: tuple[Footnote, ...] = ()  # notes that stand outside the cells; `rows` and `certain` are filled here
    unit: str = ""  # unit of every value that has no other, as "%", where the surroundings print one


def resolve(grid: Grid) -> Table | None:
    """The grid as data; None for a layout table (one column, or nothing but text side by side)."""
    raise NotImplementedError
