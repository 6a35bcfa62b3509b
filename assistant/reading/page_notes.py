"""Legends of a flattened web page: notes and abbreviations glued into one line, their marks lost or turned to digits.

In: a legend's text and the table above it. Out: `notes`, the legend cut into notes with exact places, and `attach`, the
table with its footnotes. Left out: abbreviations (`definitions`).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.label import Footnote, Row, Table
from assistant.reading.page_marks import MARK
from assistant.words import terms

_LEGEND = re.compile(
    rf"(?:References?|Footnotes?|Notes?|Abbreviations?)(?=[A-Z]|{MARK}|[a-h][A-Z])"
    r"|Abbreviations?:\s*(?=[A-Z])|References?:\s*(?=\d)"
)
_EQUATION = re.compile(r"[A-Z][\w/+-]{0,9}\s?=\s?[A-Za-z]")
_PAIRS = re.compile(r"(?:[A-Z][\w/+-]{1,9}, [a-z][^,;.]{3,90}[;.]\s*)+$")
_CUT = re.compile(
    rf"(?<=[.;)])(?:\s?(?P<sign>{MARK})\s?(?=\w)|(?<=\.)\s(?=[A-Z][\w/+-]{{1,9}}\s?=\s?[a-z])"
    r"|(?P<mark>\d{1,2}|[a-h](?=[A-Z][a-z]))?(?=[A-Z][A-Za-z]*[ =-]|[A-Z]{2,}=|References?\b))"
)
_LEAD = re.compile(rf"(?P<sign>{MARK})\s*|\[(?P<bracketed>[a-h])\]\s?|(?P<letter>[a-h])[.)]?\s?(?=[A-Z][a-z])")
_SHORT = re.compile(r"[A-Za-z]{1,4}\s?=\s?[A-Za-z]")
_TAIL = re.compile(r"References?\.?")
_ORDER = "*†‡§‖¶#"  # in which marks follow each other where the legend lost them


@dataclass(frozen=True, slots=True)
class Note:
    """One note of a legend: its mark as printed (often lost) and its place."""

    mark: str
    text: str
    start: int
    end: int

    @property
    def is_definition(self) -> bool:
        return bool(_EQUATION.match(self.text) or _PAIRS.match(self.text))


def is_legend(text: str, table: Table | None) -> bool:
    """Whether a line is a legend: "References" glued to its first note, a mark and its note, nothing but abbreviations.

    A mark set apart from its words begins an item of a list unless the table above carries it.

    >>> is_legend("CR=complete remission; HSCT=hematopoietic stem cell transplant.", None)
    True
    >>> is_legend("* Take one tablet", None), is_legend("*Includes fatigue.", None)
    (False, True)
    """
    if _LEGEND.match(text) or _EQUATION.match(text):
        return True
    lead = _LEAD.match(text)
    if lead and lead["sign"] and (lead.end() == lead.end("sign") or lead["sign"][0] not in "*#"):
        return True
    if table is None:
        return False
    carried = _carried(table)
    return bool(_SHORT.match(text)) or (lead is not None and (not lead["sign"] or lead["sign"] in carried))


def notes(text: str, start: int) -> list[Note]:
    """A legend that stands at `start`, cut where one note is glued to the next."""
    return list(_notes(text, start))


def _notes(text: str, start: int) -> Iterator[Note]:
    opening = _LEGEND.match(text)
    place, mark = (opening.end() if opening else 0), ""
    cuts = [(cut.start(), cut.end(), cut["sign"] or cut["mark"] or "") for cut in _CUT.finditer(text, place)]
    for end, following, next_mark in [*cuts, (len(text), len(text), "")]:
        if not mark and (lead := _LEAD.match(text, place, end)):
            mark, place = lead["sign"] or lead["bracketed"] or lead["letter"], lead.end()
        body = text[place:end]
        if body.strip() and not _TAIL.fullmatch(body.strip()):
            begin = place + len(body) - len(body.lstrip())
            yield Note(mark, body.strip(), start + begin, start + begin + len(body.strip()))
        place, mark = following, next_mark


def attach(table: Table, legend: Sequence[Note], text: str) -> Table:
    """The table with its notes: a printed mark is certain, a lost one is told from its order and the row it names."""
    remarks = [note for note in legend if not note.is_definition]
    printed = {note.mark for note in remarks if note.mark}
    table = replace(table, rows=tuple(_unglued(row, printed, text) for row in table.rows))
    carried = _carried(table)
    lost = all(mark.isdigit() for mark in printed) and not printed & carried
    ordinal = iter(_ORDER)
    footnotes = []
    for note in remarks:
        mark = next(ordinal, "") if lost and note.mark else note.mark
        footnotes.append(
            Footnote(
                mark=mark,
                text=note.text,
                start=note.start,
                end=note.end,
                certain=mark in carried and not lost,
                rows=_rows(table, mark, note),
            )
        )
    return replace(table, footnotes=(*table.footnotes, *footnotes))


def _unglued(row: Row, printed: Collection[str], text: str) -> Row:
    """A row whose label ends in letters or digits that are marks of the legend: "Fatigueb", "Nausea2".

    subtle: a letter is one only where the label without it stands elsewhere in the text, since words end in letters.
    """
    usual = "".join(sorted(mark for mark in printed if len(mark) == 1 and mark.isalnum()))
    found = re.search(rf"(?<=[a-z)])[{usual}](?:,[{usual}])*$", row.label) if usual else None
    if not found:
        return row
    shorter = row.label[: found.start()]
    known = re.search(rf"(?<!\w){re.escape(shorter)}(?!\w)", text, re.IGNORECASE)
    if not found.group().replace(",", "").isdigit() and not known:
        return row
    return replace(row, label=shorter, marks=(*row.marks, *found.group().split(",")))


def _carried(table: Table) -> set[str]:
    """Every mark that a row, a value or a head carries."""
    rows = {mark for row in table.rows for mark in (*row.marks, *(mark for cell in row.cells for mark in cell.marks))}
    return rows | {mark for column in table.columns for mark in column.marks}


def _rows(table: Table, mark: str, note: Note) -> tuple[int, ...]:
    marked = [
        place
        for place, row in enumerate(table.rows)
        if mark and (mark in row.marks or any(mark in cell.marks for cell in row.cells))
    ]
    named = [place for place, row in enumerate(table.rows) if names_row(note.text, row.label)]
    return tuple(sorted({*marked, *named}))


def names_row(note: str, label: str) -> bool:
    """Whether a note begins with a row's label: "Infection includes any reported ..." is about "Infection"."""
    wanted = terms(label)
    begins = bool(wanted) and terms(note[: 4 * len(label) + 40])[: len(wanted)] == wanted
    return begins and re.search(r"(?i)\binclud|\bdefin", note[:120]) is not None
