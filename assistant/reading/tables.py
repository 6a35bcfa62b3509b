"""A table's raw grid in, the same table as data out: every value with its header path, group, unit, n and footnotes.

A reader of any format fills a `Grid` (described in `tables_grid`) and calls `resolve`. Left out: finding the table in
its source, and `Finding`s about it.
"""

from assistant.label import Table
from assistant.reading.tables_grid import Grid, GridCell, Line

__all__ = ["Grid", "GridCell", "Line", "resolve"]


def resolve(grid: Grid) -> Table | None:
    """The grid as data; None for a layout table (one column, or nothing but text side by side)."""
    raise NotImplementedError
