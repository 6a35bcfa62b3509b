"""Which head of a fixed-width table stands over which columns.

In: the head lines' pieces and how many value columns the rows have. Out: `place_heads`, each head with its column and
how many columns and lines it spans. The text doesn't print spans: a head over three columns is as wide as its words.
So they are told from the number of heads in each line: equal shares first, then heads that carry their own N or unit
and so have nothing under them. Left out: what a head means (`tables.resolve`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.reading.plain_lines import Line, Piece, is_count

_CONTINUES = re.compile(r"[a-z](?![A-Z])|[(+%&/)\]*†‡§?]|[Nn]\s*=")
_N = re.compile(r"\b[Nn]\s*=\s*\d|[a-z)][Nn]\s*=\s*\d")
_OPEN_END = re.compile(r"(?:[+&/,–-]|\b(?:and|or|of|with|in|to|the|for|versus|vs\.?))$")
_LEAF = re.compile(r"[Nn]\s*=\s*\d|%|\b[Pp]-?value|^[Nn]$|Placebo|Control|Ratio|Risk|Difference|CI\)?$")
_STUB = re.compile(r"\b(?:reactions?|events?|terms?|class|system|parameters?|abnormalit\w+|preferred|characteristic|test)\b", re.I)


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


def place_heads(lines: Sequence[Line], width: int, margin: float) -> list[Head] | None:
    """The heads over `width` value columns; None where their number can't be made to fit.

    `margin` is where the values begin: a line indented nearly as far has no head for the row labels.
    """
    heads: list[Head] = []
    open_ = list(range(1, width + 1))
    for place, line in enumerate(lines):
        below = lines[place + 1] if place + 1 < len(lines) else None
        option = _best(line, place, len(open_), below, (width, margin, any(head.column == 0 for head in heads)))
        if option is None:
            return None
        stub, cells = option
        heads += stub
        columns = open_ if len(cells) <= len(open_) else list(range(1, width + 1))
        spans = _spans(cells, len(columns), _fewest(below, len(columns)) if below else 0)
        if spans is None or sum(spans) != len(columns):
            return None
        at = 0
        still = []
        for cell, span in zip(cells, spans, strict=True):
            heads.append(replace(cell, column=columns[at], columns=span))
            still += columns[at : at + span] if span > 1 or not _has_leaves(spans) else []
            at += span
        open_ = still or columns
    return heads


def _has_leaves(spans: Sequence[int]) -> bool:
    """Whether some heads of a line span several columns and others one: those have nothing under them."""
    return max(spans) > 1 and min(spans) == 1


def _best(
    line: Line, place: int, open_: int, below: Line | None, table: tuple[int, float, bool]
) -> tuple[list[Head], list[Head]] | None:
    """The likeliest reading of a line: the head of the row labels and the heads of the columns."""
    width, margin, has_stub = table
    options = []
    blank = line.indent > 0.6 * margin
    for stub in range(1 if blank else min(4, len(line.pieces))):
        for merges, cells in _readings(line.pieces[stub:]):
            rank = _rank(cells, open_, width, below)
            if rank is not None:
                plain = not blank and bool(stub) is has_stub
                options.append(((_uneven(cells), rank, merges, plain, stub), stub, cells))
    if not options:
        return None
    _, stub, cells = min(options, key=lambda option: option[0])
    named = [_head([*line.pieces[:stub]], place)] if stub else []
    return named, [_head(cell, place) for cell in cells]


def _uneven(cells: list[list[Piece]]) -> int:
    """How many heads print no N beside others that do, or more than one."""
    counts = [sum(len(_N.findall(piece.text)) for piece in cell) for cell in cells]
    return sum(count != 1 for count in counts) if any(counts) else 0


def _rank(cells: list[list[Piece]], open_: int, width: int, below: Line | None) -> int | None:
    """0 one head a column, 1 equal shares, 2 unequal shares told from the line below; None if they don't fit."""
    count = len(cells)
    if not count:
        return None
    if count in (open_, width):
        return 0
    if count < open_ and open_ % count == 0:
        return 1 if count > 1 or open_ <= 12 else None
    heads = [_head(cell, 0) for cell in cells]
    if count < open_ and below and _spans(heads, open_, _fewest(below, open_)):
        return 2
    return None


def _readings(pieces: Sequence[Piece]) -> list[tuple[int, list[list[Piece]]]]:
    """Ways to join pieces into heads, fewest joins first: what plainly goes on, then ever wider gaps."""
    if not pieces:
        return []
    alike = all(is_count(piece.text) or piece.text in ("%", "n (%)", "(%)", "n") for piece in pieces)
    gaps = sorted({after.start - before.end for before, after in zip(pieces, pieces[1:], strict=False)})
    found: list[tuple[int, list[list[Piece]]]] = []
    for step, widest in enumerate([0, *gaps]):
        cells = [[pieces[0]]]
        for before, after in zip(pieces, pieces[1:], strict=False):
            gap = after.start - before.end
            joined = gap <= widest or (not alike and gap <= 8 and _goes_on(before, after))
            if joined:
                cells[-1].append(after)
            else:
                cells.append([after])
        found.append((step, cells))
    return found


def _goes_on(before: Piece, after: Piece) -> bool:
    return after.is_mark or bool(_CONTINUES.match(after.text)) or bool(_OPEN_END.search(before.text))


def _spans(cells: Sequence[Head], columns: int, below: int) -> list[int] | None:
    """How many columns each head spans."""
    count = len(cells)
    if count == columns:
        return [1] * count
    if count and columns % count == 0 and not (below and below % count and below < columns):
        return [columns // count] * count
    leaves = columns - below
    if not 0 < leaves < count or below % (count - leaves):
        return None
    ordered = sorted(range(count), key=lambda place: (_LEAF.search(cells[place].text) is None, place))
    single = set(ordered[:leaves])
    share = below // (count - leaves)
    return [1 if place in single else share for place in range(count)]


def _fewest(line: Line | None, columns: int) -> int:
    """How many heads the line below has where these are fewer than the columns; 0 where it has enough for all."""
    if line is None or not line.pieces:
        return 0
    count = len(_readings(line.pieces)[0][1])
    return count if count < columns else 0


def _head(pieces: Sequence[Piece], line: int) -> Head:
    return Head(tuple(pieces), line)


def join(pieces: Sequence[Piece]) -> str:
    """Pieces joined by a blank; a lone letter that an inner style cut off goes back to its word."""
    text = pieces[0].text
    for before, after in zip(pieces, pieces[1:], strict=False):
        cut = len(before.text) == 1 and before.text.islower() and after.text[:1].islower()
        text += after.text if cut else f" {after.text}"
    return text


def is_stub(text: str) -> bool:
    """Whether a head names what the rows are, as "Adverse Reaction"."""
    return _STUB.search(text) is not None
