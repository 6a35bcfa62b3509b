"""A fixed-width table of plain text as data.

In: a `Region` and its lines. Out: `read_table`, a `Table` for each stretch of rows under one set of heads (a table that
prints new heads half-way is two with one caption). Heads and rows become a `Grid` and `tables.resolve` does the rest;
where the heads can't be told, the table comes unresolved with its lines as rows. Left out: finding tables
(`plain_regions`), heads (`plain_heads`) and rows (`plain_rows`).
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.label import Footnote, Row, Span, Table
from assistant.reading.plain_heads import Head, join, place_heads
from assistant.reading.plain_legends import notes
from assistant.reading.plain_lines import Line, Piece, is_count
from assistant.reading.plain_regions import Region
from assistant.reading.plain_rows import TextCell, TextRow, count_columns, read_rows, usual_columns
from assistant.reading.tables import Grid, GridCell, resolve

_GLUED = (
    (re.compile(r"(?<=[^\W_])(?=[Nn] ?= ?\d)"), " "),  # "PlaceboN=646"
    (re.compile(r"(?<=[\w)])(?=\((?:[Nn] ?=|%\)|n ?\())"), " "),  # "Placebo(N=85)", "Grades(%)"
    (re.compile(r"(?<=\w)([*†‡§]{1,3})(?=\(|[Nn] ?=)"), r"\1 "),  # "BID*N = 229"
    (re.compile(r"(?<=[a-z)])(?=n ?\(%\)|n/N)"), " "),  # "Grade 1-4n (%)"
    (re.compile(r"([Nn] ?= ?\d[\d,]*)(?=[%A-Za-z(])"), r"\1 "),  # "N=102% of patients"
    (re.compile(r"(?<=\))(?=n ?\(|%|[Nn] ?=)"), " "),  # "(N=495)%"
)
_CAPTION_MARK = re.compile(r"(?<=\S)\s*([*†‡§¶]{1,3}|(?<=\s)[a-z])\s*$")

IsWord = Callable[[str], bool]


def read_tables(region: Region, lines: Sequence[Line], section: int, is_word: IsWord) -> list[Table]:
    """The tables of a region in text order, at least one."""
    legend = notes([lines[place] for place in (*region.legends, *region.notes)])
    body = [lines[place] for place in region.body]
    parts = _parts(body, lines[region.ruled].start if region.ruled else 0)
    found: list[Table] = []
    for place, (heads, rows) in enumerate(parts):
        start = lines[region.first].first if not place else (*heads, *rows)[0].first
        reader = _Reader(region, lines, legend, section, is_word)
        found.append(reader.read(heads, rows, start))
    return found


def _parts(body: list[Line], ruled: int) -> list[tuple[list[Line], list[Line]]]:
    """Heads and rows of each stretch; new heads begin a new one."""
    first = next((place for place, line in enumerate(body) if line.values), len(body))
    split = _end_of_heads(body, first, ruled)
    parts = [(body[:split], [])] if split else [([], [])]
    width = count_columns(body[split:])
    for place, line in enumerate(body[split:], split):
        if _is_new_head(line, width) and any(before.values for before in parts[-1][1]) and _rows_follow(body, place):
            parts.append(([], []))
        target = parts[-1][0] if _is_new_head(line, width) and not parts[-1][1] and len(parts) > 1 else parts[-1][1]
        target.append(line)
    return parts


def _end_of_heads(body: list[Line], first: int, ruled: int) -> int:
    """How many leading lines are heads: up to the blank line that ends them, else up to the last with several pieces."""
    above = [place for place, line in enumerate(body) if ruled and line.start < ruled]
    if above and above[-1] < first:
        return above[-1] + 1
    wide = [place for place in range(first) if len(_names(body[place])) > 1]
    far = [place for place in range(first) if body[place].indent >= 15]
    return (wide or far or [-1])[-1] + 1


def _names(line: Line) -> list[Piece]:
    """The pieces of a line that aren't marks; a word that an inner style cut up counts once."""
    return [
        piece for place, piece in enumerate(line.pieces)
        if not piece.is_mark and not (place and (re.match(r"[a-z](?! ?\()", piece.text) or line.pieces[place - 1].is_mark))
    ]


def _is_new_head(line: Line, width: int) -> bool:
    """Whether a line among rows heads the columns anew: names or counts in every column and no value."""
    if line.values or len(line.pieces) < max(2, width):
        return False
    counts = [piece for piece in line.pieces if re.search(r"[Nn]\s*=\s*\d", piece.text)]
    return len(counts) >= width and not all(is_count(piece.text) for piece in line.pieces[-width:]) or (
        len(_names(line)) == width + 1 and width > 1 and all(piece.text[0].isupper() for piece in line.pieces)
    )


def _rows_follow(body: list[Line], place: int) -> bool:
    return any(line.values for line in body[place + 1 :])


class _Reader:
    """One table: what its lines say and what it borrows from the label."""

    def __init__(
        self, region: Region, lines: Sequence[Line], legend: tuple[Footnote, ...], section: int, is_word: IsWord
    ) -> None:
        self.region = region
        self.legend = legend
        self.section = section
        self.is_word = is_word
        self.marks = {note.mark for note in legend if note.mark}
        self.caption = lines[region.caption[0]] if region.caption else None
        self.cells: list[GridCell] = []

    def read(self, heads: list[Line], body: list[Line], start: int) -> Table:
        end = (body or heads)[-1].last
        width = count_columns(body)
        rows = read_rows(body, width) if width else []
        placed = place_heads(heads, usual_columns(rows, width)) if heads and width else None
        table = None
        if placed and rows:
            self._heads(placed, len(heads))
            self._rows(rows, len(heads))
            table = resolve(self._grid(start, end))
        return _with_lines(table, rows) if table else self._unresolved(heads, body, start, end)

    def _grid(self, start: int, end: int) -> Grid:
        caption, marks = self._caption()
        return Grid(
            cells=tuple(sorted(self.cells, key=lambda cell: (cell.row, cell.column))),
            start=start,
            end=end,
            section=self.section,
            caption=caption,
            caption_span=Span(start=self.caption.first, end=self.caption.last) if self.caption else None,
            caption_marks=marks,
            footnotes=self.legend,
        )

    def _caption(self) -> tuple[str, tuple[str, ...]]:
        text = " ".join(self.caption.stripped.split()) if self.caption else ""
        found = _CAPTION_MARK.search(text)
        if found and (not self.marks or found.group(1) in self.marks):
            return text[: found.start()].rstrip(" ,"), (found.group(1),)
        return text, ()

    def _heads(self, heads: list[Head], count: int) -> None:
        for head in heads:
            text, marks = self._named(head.pieces)
            self.cells.append(
                GridCell(
                    row=head.line, column=head.column, colspan=head.columns, text=text, marks=marks,
                    start=head.pieces[0].start, end=head.pieces[-1].end, head=True,
                )
            )

    def _rows(self, rows: list[TextRow], first: int) -> None:
        place = first
        for row in rows:
            groups, label = self._split(row)
            for group in groups:
                self._label(place, [group], 0)
                place += 1
            self._label(place, label, row.indent if not groups else 0, row)
            for cell in row.cells:
                self.cells.append(self._value(place, cell))
            place += 1

    def _split(self, row: TextRow) -> tuple[list[Piece], list[Piece]]:
        """A group printed in front of the row's own label: "Cardiac disorders      Bradycardia"."""
        label = list(row.label)
        names = [piece for piece in label if len(piece.text) > 3 and piece.text[0].isupper()]
        plain = len(names) == len(label) == 2 and names[1].start - names[0].end >= 2
        return (label[:1], label[1:]) if plain and row.cells else ([], label)

    def _label(self, place: int, pieces: Sequence[Piece], indent: int, row: TextRow | None = None) -> None:
        at = row.lines[0].first if row else pieces[0].start
        text, marks = self._named(pieces)
        self.cells.append(
            GridCell(
                row=place, column=0, text=text, marks=marks, indent=indent,
                start=pieces[0].start if pieces else at, end=pieces[-1].end if pieces else at,
            )
        )

    def _value(self, place: int, cell: TextCell) -> GridCell:
        text = " ".join(piece.text for piece in cell.pieces)
        marks = tuple(mark.text for mark in cell.marks)
        bare = re.sub(r"(?<=[\d)%A-Z])\s?(?:[*†‡§¶?#]{1,3}|[a-z])$", "", text)
        glued = text[len(bare) :].strip()
        if glued and (not glued.isalpha() or glued in self.marks or not self.marks):
            text, marks = bare, (glued, *marks)
        return GridCell(
            row=place, column=cell.column, colspan=cell.columns, text=text, marks=marks, start=cell.start, end=cell.end
        )

    def _named(self, pieces: Sequence[Piece]) -> tuple[str, tuple[str, ...]]:
        """A label's text and the marks that stand in or after it."""
        kept: list[Piece] = []
        marks: list[str] = []
        for place, piece in enumerate(pieces):
            following = pieces[place + 1].text if place + 1 < len(pieces) else ""
            if place and self._is_mark(piece, following, pieces[place - 1].text):
                marks += [mark for mark in piece.text.split(",") if mark]
            else:
                kept.append(piece)
        text, glued = self._name(join(kept)) if kept else ("", ())
        return text, (*glued, *marks)

    def _is_mark(self, piece: Piece, following: str, before: str) -> bool:
        if not piece.is_mark or following[:1].islower() or re.search(r"(?:\bm|\bcm|10)$", before):
            return False
        return piece.text in self.marks or not self.marks or not piece.text.isdigit()

    def _name(self, text: str) -> tuple[str, tuple[str, ...]]:
        """A head's or label's text with glued counts set apart and marks taken off."""
        for pattern, blank in _GLUED:
            text = pattern.sub(blank, text)
        marks: list[str] = []
        while found := re.search(r"(?<=[\w)%])(?: ?([*†‡§¶#?]{1,3})| ([a-z]|\d))$", text):
            mark = found.group(1) or found.group(2)
            if mark.isalnum() and (mark not in self.marks or re.search(r"(?:\bm|10)$", text[: found.start()])):
                break
            text = text[: found.start()]
            marks.insert(0, mark)
        if not marks and text[-1:] in self.marks and text[-2:-1].isalpha() and self._is_glued(text):
            return text[:-1], (text[-1],)
        return text, tuple(marks)

    def _is_glued(self, text: str) -> bool:
        """Whether a last letter is a mark: the label knows the word without it and not with it."""
        word = re.split(r"[\s/(]", text)[-1]
        return self.is_word(word[:-1]) and not self.is_word(word)

    def _unresolved(self, heads: list[Line], body: list[Line], start: int, end: int) -> Table:
        caption, _ = self._caption()
        rows = tuple(
            Row(label=join(line.pieces), start=line.first, end=line.last) for line in (*heads, *body) if line.pieces
        )
        span = Span(start=self.caption.first, end=self.caption.last) if self.caption else None
        return Table(
            caption=caption, caption_span=span, start=start, end=end, section=self.section, rows=rows,
            footnotes=self.legend, resolved=False,
        )


def _with_lines(table: Table, rows: list[TextRow]) -> Table:
    """Every row's span widened to its lines; a row of cells that span several columns keeps no single value."""
    sources = [row for row in rows if row.cells]
    starts = [row.lines[0].start for row in sources]
    widened = []
    for row in table.rows:
        source = sources[max(0, bisect_right(starts, row.start) - 1)]
        cells = () if any(cell.columns > 1 for cell in source.cells) else row.cells
        widened.append(replace(row, start=source.lines[0].first, end=source.lines[-1].last, cells=cells))
    return replace(table, rows=tuple(widened))
