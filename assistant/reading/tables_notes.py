"""The notes under a table: each with its mark, its place and the rows that carry the mark.

In: the legend cells of a `Layout`, notes that the reader knows already, and the marks printed in the table. Out:
`Footnote`s. A line without a mark goes on with the marked note above it, or is a note on the whole table.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.label import Footnote, Row
from assistant.reading.tables_grid import GridCell, Line
from assistant.reading.tables_words import SYMBOLS

_OPENING = re.compile(rf"(?P<mark>[{SYMBOLS}#]+|\(?[a-z\d]{{1,2}}[.):]|[a-z](?=\s))\s*(?=\S)")
_NEXT = re.compile(rf"(?<=[.;)\w])\s+(?P<mark>[{SYMBOLS}]+)\s*(?=[^\W\d_])")


_LONGEST = 5000  # characters of a note that goes on


@dataclass(frozen=True, slots=True)
class _Note:
    mark: str
    text: str
    start: int
    end: int


def legend_notes(cells: Iterable[GridCell], carried: frozenset[str]) -> list[Footnote]:
    """The notes of a legend's cells in order; `carried` are the marks that stand in the table."""
    lines = [line for cell in cells for line in _lines(cell) if line.text]
    notes: list[_Note] = []
    for line in lines:
        for note in _split(line, carried):
            if notes and not note.mark and notes[-1].mark and len(notes[-1].text) < _LONGEST:
                notes[-1] = replace(notes[-1], text=f"{notes[-1].text} {note.text}", end=note.end)
            else:
                notes.append(note)
    return [
        Footnote(mark=note.mark, text=note.text, start=note.start, end=note.end)
        for note in notes
        if note.start < note.end
    ]


def _lines(cell: GridCell) -> tuple[Line, ...]:
    return cell.lines or (Line(text=cell.text, start=cell.start, end=cell.end, marks=cell.marks),)


def _split(line: Line, carried: frozenset[str]) -> Iterator[_Note]:
    """One line as notes: the mark in front, and those that follow in the same line after plain symbols."""
    if line.lead:
        yield _Note(line.marks[0] if line.marks else "", line.text, line.start + line.lead, line.end)
        return
    place, mark = _opening(line.text, carried)
    for found in _NEXT.finditer(line.text, place):
        yield _Note(mark, line.text[place : found.start()], line.start + place, line.start + found.start())
        place, mark = found.end(), found["mark"]
    yield _Note(mark, line.text[place:], line.start + place, max(line.end, line.start + place))


def _opening(text: str, carried: frozenset[str]) -> tuple[int, str]:
    """Where a note's text begins and the mark before it; a letter or digit is one only where the table carries it."""
    found = _OPENING.match(text)
    mark = found["mark"].strip("().:") if found else ""
    if found is None or (mark.isalnum() and mark not in carried):
        return 0, ""
    return found.end(), mark


def attached(
    footnotes: Iterable[Footnote], rows: tuple[Row, ...], groups: frozenset[str], elsewhere: frozenset[str]
) -> tuple[Footnote, ...]:
    """The notes with the rows that carry their marks; `elsewhere` are the marks of heads and caption."""
    notes = list(footnotes)
    by_mark: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        for mark in {*row.marks, *(mark for cell in row.cells for mark in cell.marks)}:
            by_mark.setdefault(mark, []).append(place)
    printed = {*by_mark, *elsewhere, *groups}
    orphans = printed - {note.mark for note in notes}
    return tuple(
        replace(
            note, certain=note.mark in printed if note.mark else not orphans, rows=tuple(by_mark.get(note.mark, ()))
        )
        for note in notes
    )
