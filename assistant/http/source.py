"""A label as the source view shows it: its blocks in text order, tables as tables, what is cited marked.

In: a `Label` and what to mark. Out: `Group`s of `Stretch`es whose text is the label's, character for character, each
with its place. Text that no block covers is shown too, so that nothing is hidden but bullets. Left out: the look.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.http.heads import Head, head_rows
from assistant.http.marking import Marks, Piece, any_overlaps, overlaps, pieces
from assistant.label import Block, Cell, Finding, Footnote, Label, Row, Table

_SHORT = 60  # characters of page furniture that is shown without being asked for
_GLUED = re.compile(r"(?:[^\w\s•◦▪‣·○●]|\d){0,3}(?!\w)")
_BULLETS = " \t\n\r\u00a0•◦▪‣·○●"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """A value, verbatim."""

    pieces: tuple[Piece, ...]
    start: int
    answering: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A data row, or a group row where it has no cells."""

    label: str
    marks: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    cells: tuple[ShownCell, ...] = ()
    cited: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTable:
    """A table as data; where it is not `resolved`, its text as it stands."""

    caption: tuple[Piece, ...]
    name: str
    row_head: str
    width: int  # columns, the row labels' included
    heads: tuple[tuple[Head, ...], ...]
    rows: tuple[ShownRow, ...]
    footnotes: tuple[tuple[Footnote, tuple[Piece, ...]], ...]
    resolved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One block of the label, with the findings that touch it."""

    kind: str  # a block's kind
    start: int
    end: int
    pieces: tuple[Piece, ...] = ()
    level: int = 1
    section: int | None = None  # of a heading
    table: ShownTable | None = None
    findings: tuple[Finding, ...] = ()
    cited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Neighbours shown as one: the items of a list, a run of page furniture, or a single block."""

    kind: str
    stretches: tuple[Stretch, ...]

    @property
    def short(self) -> bool:
        """Whether it is so little text that folding it away would take more room."""
        return sum(stretch.end - stretch.start for stretch in self.stretches) <= _SHORT

    @property
    def cited(self) -> bool:
        """Whether the cited stretch begins or goes on in here."""
        return any(stretch.cited for stretch in self.stretches)


def groups(label: Label, marks: Marks) -> tuple[Group, ...]:
    """The whole label, in text order."""
    shown = _with_findings(label, tuple(_stretches(label, marks)))
    keyed = groupby(enumerate(shown), key=lambda numbered: _group_key(label, numbered[1], numbered[0]))
    return tuple(Group(kind=key[0], stretches=tuple(stretch for _, stretch in run)) for key, run in keyed)


def _group_key(label: Label, stretch: Stretch, place: int) -> tuple[str, int]:
    return (stretch.kind, -1) if stretch.kind in ("list_item", "boilerplate") else (stretch.kind, place)


def _stretches(label: Label, marks: Marks) -> Iterator[Stretch]:
    at = 0
    ends = [block.start for block in label.blocks[1:]] + [len(label.text)]
    for block, following in zip(label.blocks, ends, strict=False):
        yield from _uncovered(label, at, block.start, marks)
        end = block.end if block.kind == "table" else _glued_end(label.text, block.end, following)
        yield _stretch(label, replace(block, end=end), marks)
        at = max(at, end)
    yield from _uncovered(label, at, len(label.text), marks)


def _glued_end(text: str, end: int, following: int) -> int:
    """Where a block ends with the colon or reference mark that is glued to it but no part of it."""
    glued = _GLUED.match(text, end, max(end, following))
    return glued.end() if glued else end


def _uncovered(label: Label, start: int, end: int, marks: Marks) -> Iterator[Stretch]:
    """Text between blocks, as page furniture, unless it is only white space and the bullets that a list draws."""
    text = label.text[start:end]
    if text.strip(_BULLETS):
        start += len(text) - len(text.lstrip())
        end = start + len(text.strip())
        cited = overlaps(marks.cited, start, end)
        shown = pieces(label.text[start:end], start, marks)
        yield Stretch(kind="boilerplate", start=start, end=end, pieces=shown, cited=cited)


def _stretch(label: Label, block: Block, marks: Marks) -> Stretch:
    level = block.level
    if block.kind == "heading":
        level = min(label.sections[block.section].level + 1, 6)
    elif block.kind == "list_item":
        level = max(block.level, 1)
    table = None if block.table is None else _table(label, label.tables[block.table], marks)
    return Stretch(
        kind=block.kind,
        start=block.start,
        end=block.end,
        pieces=pieces(label.text[block.start : block.end], block.start, marks),
        level=level,
        section=block.section if block.kind == "heading" else None,
        table=table,
        cited=overlaps(marks.cited, block.start, block.end),
    )


def _with_findings(label: Label, shown: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Each finding at the first stretch that it touches."""
    touched: dict[int, list[Finding]] = {}
    for finding in label.findings:
        at = [place for place, part in enumerate(shown) if any_overlaps(finding.spans, part.start, part.end)]
        touched.setdefault(at[0] if at else 0, []).append(finding)
    return tuple(replace(part, findings=tuple(touched.get(place, ()))) for place, part in enumerate(shown))


def _table(label: Label, table: Table, marks: Marks) -> ShownTable:
    span = table.caption_span
    inside = span is not None and table.start <= span.start and span.end <= table.end
    caption = pieces(label.text[span.start : span.end], span.start, marks) if span and inside else ()
    notes = [note for note in table.footnotes if table.start <= note.start < note.end <= table.end]
    return ShownTable(
        caption=caption,
        name=table.caption or "Table",
        row_head=table.row_head,
        width=len(table.columns) + 1,
        heads=head_rows([column.header for column in table.columns]),
        rows=tuple(_rows(label, table, marks)),
        footnotes=tuple((note, pieces(label.text[note.start : note.end], note.start, marks)) for note in notes),
        resolved=table.resolved,
    )


def _rows(label: Label, table: Table, marks: Marks) -> Iterator[ShownRow]:
    group: tuple[str, ...] = ()
    for row in table.rows:
        if row.group and row.group != group:
            yield ShownRow(label=" › ".join(row.group))
        group = row.group
        yield _row(label, table, row, marks)


def _row(label: Label, table: Table, row: Row, marks: Marks) -> ShownRow:
    cited = overlaps(marks.cited, row.start, row.end)
    first = marks.cited is not None and row.start <= marks.cited.start < row.end
    cells = {cell.column: cell for cell in row.cells}
    return ShownRow(
        label=row.label,
        marks=row.marks,
        start=row.start,
        end=row.end,
        cells=tuple(_cell(label, cells.get(place), marks) for place in range(len(table.columns))),
        cited=cited,
        anchor=marks.anchor if first else "",
    )


def _cell(label: Label, cell: Cell | None, marks: Marks) -> ShownCell:
    if cell is None:
        return ShownCell(pieces=(), start=-1)
    answering = any_overlaps(marks.figures, cell.start, cell.end)
    shown = pieces(label.text[cell.start : cell.end], cell.start, Marks())  # the row and the cell are marked, not words
    return ShownCell(pieces=shown, start=cell.start, answering=answering)
