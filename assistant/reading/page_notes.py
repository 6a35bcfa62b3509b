"""Legends of a flattened web page: notes and abbreviations glued into one line, their marks lost or turned to digits.

In: a legend's text and the table above it. Out: `notes`, the legend cut into notes with exact places, and `attach`, the
table with its footnotes. Left out: abbreviations (`definitions`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.label import Footnote, Table
from assistant.words import terms

_LEGEND = re.compile(r"^(?:References?|Footnotes?|Notes?|Abbreviations?:?)(?=[A-Z*†‡§¶])")
_ABBREVIATIONS = re.compile(r"^[A-Z][\w/+-]{0,9}\s?=\s?[a-z]")
_GLUED_NOTE = re.compile(r"(?<=[.;)])(?P<mark>\d{1,2}|[*†‡§¶#‖]+)?(?=[A-Z][A-Za-z]*[ =-]|[A-Z]{2,}=|References?\b)")
_TAIL = re.compile(r"References?\.?$")
MARKS = "*†‡§‖¶#"


@dataclass(frozen=True, slots=True)
class Note:
    """One note of a legend: its mark as printed (often lost) and its place."""

    mark: str
    text: str
    start: int
    end: int

    @property
    def is_definition(self) -> bool:
        return bool(_ABBREVIATIONS.match(self.text))


def is_legend(text: str) -> bool:
    """Whether a line is a legend: "References" glued to its first note, or nothing but abbreviations.

    >>> is_legend("CR=complete remission; HSCT=hematopoietic stem cell transplant.")
    True
    """
    return bool(_LEGEND.match(text) or _ABBREVIATIONS.match(text)) or text[:1] in MARKS


def notes(text: str, start: int) -> list[Note]:
    """A legend that stands at `start`, cut where one note is glued to the next."""
    return list(_notes(text, start))


def _notes(text: str, start: int) -> Iterator[Note]:
    opening = _LEGEND.match(text)
    place, mark = (opening.end() if opening else 0), ""
    cuts = [(match.start(), match.end(), match["mark"] or "") for match in _GLUED_NOTE.finditer(text, place)]
    for end, following, next_mark in [*cuts, (len(text), len(text), "")]:
        body = text[place:end]
        if lead := re.match(rf"[{MARKS}]+\s*", body):
            mark, place, body = lead.group().strip(), place + lead.end(), body[lead.end() :]
        if body.strip() and not _TAIL.fullmatch(body.strip()):
            yield Note(mark, body, start + place, start + end)
        place, mark = following, next_mark


def attach(table: Table, legend: list[Note]) -> Table:
    """The table with its notes: a printed mark is certain, a lost one is told from its order and from the row it names."""
    remarks = [note for note in legend if not note.is_definition]
    digits_only = all(note.mark in "" or note.mark.isdigit() for note in remarks)
    ordinal = iter(MARKS)
    footnotes = []
    for note in remarks:
        marked = bool(note.mark)
        mark = next(ordinal, "") if digits_only and marked else note.mark
        rows = _rows(table, mark, note)
        certain = bool(rows) and not digits_only
        footnotes.append(
            Footnote(mark=mark, text=note.text, start=note.start, end=note.end, certain=certain, rows=rows)
        )
    return replace(table, footnotes=(*table.footnotes, *footnotes))


def _rows(table: Table, mark: str, note: Note) -> tuple[int, ...]:
    marked = [place for place, row in enumerate(table.rows) if mark and mark in row.marks]
    named = [place for place, row in enumerate(table.rows) if names_row(note.text, row.label)]
    return tuple(sorted({*marked, *named}))


def names_row(note: str, label: str) -> bool:
    """Whether a note begins with a row's label: "Infection includes any reported ..." is about "Infection"."""
    wanted = terms(label)
    return bool(wanted) and terms(note)[: len(wanted)] == wanted and bool(re.search(r"(?i)\binclud|\bdefin", note[:120]))
