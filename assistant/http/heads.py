"""Column header paths to the rows of a table head.

In: one header path a column. Out: rows of `Head`s with their spans. Left out: the head over the row labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One header cell."""

    text: str
    columns: int = 1  # how many columns it stands over
    rows: int = 1  # how many header rows it takes
    answering: bool = False  # stands over the column that answers


def head_rows(paths: Sequence[Sequence[str]], answering: int | None = None) -> tuple[tuple[Head, ...], ...]:
    """Header rows, outermost first; neighbours with the same path so far share one cell.

    >>> [[head.text for head in row] for row in head_rows([("Drug", "All"), ("Drug", "Severe")])]
    [['Drug'], ['All', 'Severe']]
    """
    depth = max((len(path) for path in paths), default=0)
    return tuple(_head_row(paths, level, depth, answering) for level in range(depth))


def _head_row(paths: Sequence[Sequence[str]], level: int, depth: int, answering: int | None) -> tuple[Head, ...]:
    heads: list[Head] = []
    column = 0
    while column < len(paths):
        end = _end_of_group(paths, column, level)
        if level < len(paths[column]):
            leaf = level == len(paths[column]) - 1
            within = answering is not None and column <= answering < end
            heads.append(
                Head(
                    text=paths[column][level],
                    columns=end - column,
                    rows=depth - level if leaf else 1,
                    answering=within and leaf,
                )
            )
        column = end
    return tuple(heads)


def _end_of_group(paths: Sequence[Sequence[str]], column: int, level: int) -> int:
    """Where the run of columns under one header cell ends; a lowest header never merges with its neighbour."""
    end = column + 1
    if level >= len(paths[column]) - 1:
        return end
    while end < len(paths) and len(paths[end]) > level + 1 and _same(paths[column], paths[end], level):
        end += 1
    return end


def _same(path: Sequence[str], other: Sequence[str], level: int) -> bool:
    return tuple(path[: level + 1]) == tuple(other[: level + 1])
