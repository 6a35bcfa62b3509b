"""Which head of a fixed-width table stands over which columns.

In: the head lines' pieces and how many value columns the rows have. Out: `place_heads`, each head with its column and
how many columns it spans. The text doesn't print spans: a head over three columns is as wide as its words. So they are
told from the number of heads in each line: equal shares first, then heads that carry their own N or unit and so have
nothing named under them. Left out: what a head means (`tables.resolve`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.reading.plain_lines import Line, Piece, is_count

_CONTINUES = re.compile(r"[a-z](?![A-Z])|[(+%&/)\]*†‡§?]|[Nn]\s*=")
_OPEN_END = re.compile(r"(?:[+&/,–-]|\b(?:and|or|of|with|in|to|the|for|versus|vs\.?))$")
_N = re.compile(r"[Nn]\s*=\s*\d")
_SCRAP = re.compile(r"[(+%*†‡§?\[]|[Nn]\s?\(|[Nn]\s*=|[a-z]$|[a-z]{2,} ")
_COUNTED = re.compile(r"\(?\s*[Nn]\s*=\s*\d")
_LEAF = re.compile(r"[Nn]\s*=\s*\d|%|\b[Pp]-?value|^[Nn]$|Placebo|Control|Ratio|Risk|Difference|CI\)?$|\d ?mg")
_COMPARATOR = re.compile(r"Placebo|Vehicle|Control\b|Comparator", re.IGNORECASE)
_STUB = re.compile(
    r"(?:(?:MedDRA|Primary|Selected|Common|AE|ADR)\s)*(?:Adverse|System|Body|Preferred|Dictionary|Laboratory|Events?\b|Reactions?\b|"
    r"Parameter|Tests?\b|Indication|Terms?\b|Endpoint|Characteristic|Renal Function|Baseline(?! +(?:to|through|until|mean|values?|weeks?|visit)\b| *\(|$))",
    re.IGNORECASE,
)
_ARM = re.compile(
    r"Placebo|Control\b|.*\d ?mg|.*[Nn] ?= ?\d|%|\(%|n \(%|(?:Any|All) ?Grades?|Grades? ?[\d>≥]", re.IGNORECASE
)
_FAR = 25  # blanks before a line that has no head for the row labels, however wide these are
_PARAGRAPH = 4  # blanks between the lines of one head
_NEAR = 8  # blanks between a head and what goes on with it
_NEAR_COUNT = 12  # blanks between a head and its "N="

Cell = list[Piece]


@dataclass(frozen=True, slots=True)
class Head:
    """One head: its pieces, and where it stands; column 0 is the column of row labels."""

    pieces: tuple[Piece, ...]
    line: int
    column: int = 0
    columns: int = 1

    @property
    def text(self) -> str:
        return join(self.pieces)


@dataclass(frozen=True, slots=True)
class Columns:
    """The value columns of the rows: how many, where they begin, and whether values begin at one place in each."""

    width: int
    starts: tuple[float, ...] = ()
    aligned: bool = False

    @property
    def margin(self) -> float:
        return self.starts[0] if self.starts else 0.0


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a line: pieces that head the row labels, and heads of columns."""

    stub: int
    cells: tuple[tuple[Piece, ...], ...]
    spans: tuple[int, ...]
    key: tuple[int, ...]  # the smallest is the likeliest


def place_heads(lines: Sequence[Line], columns: Columns) -> list[Head] | None:
    """The heads over the value columns; None where their number can't be made to fit."""
    heads: list[Head] = []
    every = list(range(1, columns.width + 1))
    open_ = every
    for place, line in enumerate(lines):
        if (
            heads
            and len(line.pieces) == 1 < columns.width
            and line.indent < columns.margin / 2
            and _SCRAP.match(line.stripped)
        ):
            heads[-1] = replace(heads[-1], pieces=(*heads[-1].pieces, *line.pieces))
            continue
        below = lines[place + 1 :]
        skipped = _skipped(line, below, columns, len(open_))
        reading = _likeliest(line, below, open_[skipped:], columns, any(head.column == 0 for head in heads), not heads)
        if reading is None:
            return None
        if reading.stub:
            heads.append(Head(line.pieces[: reading.stub], place))
        over = open_[skipped:] if sum(reading.spans) == len(open_) - skipped else every
        found = _over(reading, over, place)
        heads += found
        open_ = _open(found, over, skipped, every)
    return heads


def _skipped(line: Line, below: Sequence[Line], columns: Columns, open_: int) -> int:
    """How many leading columns have no head in a line that begins right over a later column or its head.

    Over heads only a name that leaves comparators out is told so: others may be centered.
    """
    if open_ != columns.width or not line.pieces:
        return 0
    heads = next((under for under in _under(below) if len(under) == columns.width), [])
    starts = [cell[0].start - below[0].start for cell in heads]
    place = _begins_over(starts, line.indent)
    if place and all(_COMPARATOR.match(cell[0].text) for cell in heads[:place]) and " " not in line.pieces[0].text:
        return place
    return _begins_over(columns.starts, line.indent) if columns.aligned else 0


def _begins_over(starts: Sequence[float], indent: int) -> int:
    """The column after the first that begins at an indent, 0 where none does."""
    return next((place for place, start in enumerate(starts) if place and abs(start - indent) <= 1), 0)


def _under(below: Sequence[Line]) -> list[list[Cell]]:
    """Ways to join the next line into heads of columns, the head of the row labels left out."""
    if not below or not below[0].pieces:
        return []
    pieces = below[0].pieces
    stub = len(pieces) > 1 and is_stub(pieces[0].text)
    return [cells for _, cells in _joined(pieces[1:] if stub else pieces)]


def _over(reading: _Reading, columns: list[int], place: int) -> list[Head]:
    found, at = [], 0
    for cell, span in zip(reading.cells, reading.spans, strict=True):
        found.append(Head(cell, place, columns[at], span))
        at += span
    return found


def _open(found: list[Head], over: list[int], skipped: int, every: list[int]) -> list[int]:
    """The columns that the next line may head: where heads of one and of several columns mix, those of several."""
    spans = [head.columns for head in found]
    if skipped or not (max(spans) > 1 and min(spans) == 1):
        return every if len(over) == len(every) or skipped else over
    return [column for head in found if head.columns > 1 for column in range(head.column, head.column + head.columns)]


def _likeliest(
    line: Line, below: Sequence[Line], open_: list[int], columns: Columns, has_stub: bool, is_first: bool
) -> _Reading | None:
    readings = []
    blank = line.indent > min(_FAR, 0.6 * columns.margin)
    for stub in range(1 if blank else min(4, len(line.pieces))):
        if not all(is_stub(piece.text) or is_count(piece.text) for piece in line.pieces[1:stub]) or (
            stub and _ARM.match(line.pieces[0].text)
        ):
            break
        for step, cells in _joined(line.pieces[stub:]):
            spans = _spans(cells, len(open_), below)
            if spans is None and len(cells) == columns.width:
                spans = [1] * columns.width
            if spans is not None:
                key = _key(cells, step, spans, stub, not blank and bool(stub) is has_stub, is_first)
                readings.append(_Reading(stub, tuple(tuple(cell) for cell in cells), tuple(spans), key))
    return min(readings, key=lambda reading: reading.key) if readings else None


def _key(cells: list[Cell], step: int, spans: list[int], stub: int, odd: bool, is_first: bool) -> tuple[int, ...]:
    scraps = [
        bool(_SCRAP.match(cell[0].text)) and cell[0].text not in "nN" and (is_first or not _COUNTED.match(cell[0].text))
        for cell in cells
    ]
    mixed = any(scraps) and not all(scraps)
    exact = step == 0 and max(spans) == 1
    stubs = sum(is_stub(join(cell)) for cell in cells)
    return (mixed, stubs, not exact, _uneven(cells), step, max(spans) > 1, max(spans) != min(spans), odd, stub)


def _uneven(cells: list[Cell]) -> int:
    """How many heads print no N beside others that do, or more than one."""
    counts = [sum(len(_N.findall(piece.text)) for piece in cell) for cell in cells]
    return sum(count != 1 for count in counts) if any(counts) else 0


def _joined(pieces: Sequence[Piece]) -> list[tuple[int, list[Cell]]]:
    """Ways to join pieces into heads: not at all, what plainly goes on, then ever wider gaps."""
    if not pieces:
        return []
    pairs = list(pairwise(pieces))
    alike = all(_SCRAP.match(piece.text) for piece in pieces)
    goes_on = [not alike and _goes_on(before, after) for before, after in pairs]
    gaps = [after.start - before.end for before, after in pairs]
    ways = [[False] * len(pairs), goes_on]
    near = sorted({gap for gap in gaps if gap <= _PARAGRAPH})
    ways += [[on or gap <= widest for on, gap in zip(goes_on, gaps, strict=True)] for widest in near]
    found: list[tuple[int, list[Cell]]] = []
    for step, joins in enumerate(ways):
        cells = [[pieces[0]]]
        for (_, after), joined in zip(pairs, joins, strict=True):
            if joined:
                cells[-1].append(after)
            else:
                cells.append([after])
        if step < 2 or len(cells) > 1:
            found.append((step, cells))
    return found


def _goes_on(before: Piece, after: Piece) -> bool:
    gap = after.start - before.end
    if is_count(after.text):
        return gap <= _NEAR_COUNT
    more = (after.is_mark and after.text != "n") or _CONTINUES.match(after.text) or _OPEN_END.search(before.text)
    return gap <= _NEAR and bool(more)


def _spans(cells: list[Cell], columns: int, below: Sequence[Line]) -> list[int] | None:
    """How many columns each head spans; None where the heads can't share them."""
    count = len(cells)
    if count == columns:
        return [1] * count
    if not 0 < count < columns:
        return None
    return (
        _by_repeats(count, columns, below)
        or _by_names(cells, columns, below)
        or _by_leaves(cells, columns, below)
        or _by_shares(cells, columns)
    )


def _by_shares(cells: list[Cell], columns: int) -> list[int] | None:
    count = len(cells)
    even = columns % count == 0 and (count == 1 or not _uneven(cells))
    return [columns // count] * count if even else None


def _by_repeats(count: int, columns: int, below: Sequence[Line]) -> list[int] | None:
    """Spans told from the line below: each head's columns begin with the same name again, as "Placebo"."""
    for under in _under(below) if count > 1 else ():
        spans = [1] * columns if len(under) == columns else _by_leaves(under, columns, below[1:])
        if spans is not None:
            names = [join(cell) for cell in under]
            begins = [sum(spans[:place]) for place, name in enumerate(names) if name == names[0]]
            ends = [*begins[1:], columns]
            return [end - begin for begin, end in zip(begins, ends, strict=True)] if len(begins) == count else None
    return None


def _by_leaves(cells: list[Cell], columns: int, below: Sequence[Line]) -> list[int] | None:
    """Spans where the line below has fewer heads than columns: some heads here have none under them."""
    under = len(_joined(below[0].pieces)[1][1]) if below and below[0].pieces else 0
    leaves, count = columns - under, len(cells)
    if not 0 < leaves < count or under % (count - leaves) or (columns % count == 0 and under % count == 0):
        return None
    single = [place for place in range(count) if _LEAF.search(join(cells[place]))]
    share = under // (count - leaves)
    return [1 if place in single else share for place in range(count)] if len(single) == leaves else None


def _by_names(cells: list[Cell], columns: int, below: Sequence[Line]) -> list[int] | None:
    """Spans told from the line below: a bare "(N=134)" goes on its own head, names side by side share one."""
    if len(cells) == 1:
        return None
    for under in _under(below):
        if len(under) == columns:
            bare = [is_count(cell[0].text) or bool(re.match(r"\(?[Nn]\s*=", cell[0].text)) for cell in under]
            groups: list[int] = []
            for place, alone in enumerate(bare):
                if groups and not alone and not bare[place - 1]:
                    groups[-1] += 1
                else:
                    groups.append(1)
            return groups if len(groups) == len(cells) and any(bare) and not all(bare) else None
    return None


def join(pieces: Sequence[Piece]) -> str:
    """Pieces joined by a blank; a lone letter that an inner style cut off goes back to its word."""
    text = pieces[0].text
    for before, after in pairwise(pieces):
        cut = len(before.text) == 1 and before.text.islower() and after.text[:1].islower()
        text += after.text if cut else f" {after.text}"
    return text


def is_stub(text: str) -> bool:
    """Whether a head names what the rows are, as "Adverse Reaction"."""
    return _STUB.match(text) is not None and not _N.search(text)
