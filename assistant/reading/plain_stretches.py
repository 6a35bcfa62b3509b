"""A table's lines cut where new heads begin.

In: the lines of a table without caption and legends. Out: `stretches`, heads and rows of each part that has heads of
its own: "In combination with insulin   Placebo (N=565) ..." in the middle of a table, or a line of nothing but counts,
whose part takes over the names above. Left out: which head stands over which column (`plain_heads`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.reading.plain_heads import is_stub
from assistant.reading.plain_lines import Line, Piece, is_count
from assistant.reading.plain_rows import count_columns

_FAR = 15  # blanks before a head that stands alone
_N = re.compile(r"[Nn]\s*=\s*\d")
_CUT = re.compile(r"[a-z](?! ?\()|[(+](?!\s*(?:[nN]\s*=|%\)))")
_REST = re.compile(r"(?:n \(%\)|\(?%\)?|\(?[Nn]\s*=\s*\d+\)?)\s*")
_DASH = re.compile(r"[-–—]{1,2}")


@dataclass(slots=True)
class Stretch:
    """Lines of heads and the lines under them."""

    heads: list[Line]
    rows: list[Line]

    @property
    def has_values(self) -> bool:
        return any(line.values for line in self.rows)


def stretches(body: Sequence[Line], ruled: int) -> list[Stretch]:
    """The parts of a table in order; `ruled` is where the text's own line between heads and rows ends, 0 for none."""
    first = next((place for place, line in enumerate(body) if line.values), len(body))
    split = _end_of_heads(body, first, ruled)
    width = count_columns(body[split:])
    found = [Stretch(list(body[:split]), [])]
    counted = [line for line in body[split:] if _is_count_line(line, width)]
    if counted and found[0].heads and _is_count_line(found[0].heads[-1], width):
        found[0].rows += _label_line(found[0].heads[-1]) if len(found[0].heads) > 1 else []
        found[0].heads[-1] = _count_line(found[0].heads[-1]) if found[0].rows else found[0].heads[-1]
    for place, line in enumerate(body[split:], split):
        if _is_count_line(line, width):
            _begin_counted(found, line)
        elif _is_new_head(line, width) and _has_rows(body[place + 1 :]):
            _begin(found, line)
        else:
            found[-1].rows.append(line)
    return [stretch for stretch in found if stretch.rows] or found[:1]


def _end_of_heads(body: Sequence[Line], first: int, ruled: int) -> int:
    """How many leading lines are heads: up to the line that ends them, else up to the last with several pieces."""
    above = [place for place, line in enumerate(body) if ruled and line.start < ruled]
    if above and above[-1] < first:
        end = above[-1] + 1
        width = count_columns(body[first:])
        while end < first and _heads_all(body[end], width):
            end += 1
        return end + (end < first and _is_counted(body[end]) and is_stub(body[end].pieces[0].text))
    wide = [place for place in range(first) if len(_names(body[place])) > 1]
    groups = [place for place in range(first) if wide and place > wide[0] and _is_group(body[place])]
    inner = [place for place in wide if not groups or place < groups[0] or not _is_counted(body[place])]
    far = [place for place in range(first) if body[place].indent >= _FAR]
    end = (inner or far or [-1])[-1] + 1
    while 0 < end < first and _REST.fullmatch(body[end].stripped):
        end += 1
    return end


def _heads_all(line: Line, width: int) -> bool:
    """Whether a line without values has a head for each column and none for the row labels."""
    return width > 1 and len(_names(line)) == width and not line.values


def _is_group(line: Line) -> bool:
    return len(line.pieces) == 1 and line.indent < _FAR and not _REST.fullmatch(line.stripped)


def _is_counted(line: Line) -> bool:
    """Whether a line has counts and no name of a column."""
    return any(is_count(piece.text) for piece in line.pieces) and all(is_count(piece.text) for piece in line.pieces[1:])


def _names(line: Line) -> list[Piece]:
    """The pieces of a line that aren't marks; a word that an inner style cut up counts once."""
    return [
        piece
        for place, piece in enumerate(line.pieces)
        if not piece.is_mark and not (place and (_CUT.match(piece.text) or line.pieces[place - 1].is_mark))
    ]


def _is_new_head(line: Line, width: int) -> bool:
    """Whether a line among rows heads the columns anew: a name, then names or counts for each column, and no value."""
    names = _names(line)
    if line.values or len(names) < 2:
        return False
    counts = [bool(_N.search(piece.text)) for piece in names]
    capital = all(piece.text[0].isupper() for piece in names)
    return (len(names) > 1 and all(counts[1:])) or (len(names) == width + 1 and width > 1 and capital)


def _is_count_line(line: Line, width: int) -> bool:
    """Whether a line prints nothing but the number of patients of each column, after a label or none."""
    if len(line.pieces) < max(width, 1) or line.values == len(line.pieces):
        return False
    cells = line.pieces[-width:] if width else ()
    counts = [is_count(piece.text) for piece in cells]
    rest = line.pieces[: len(line.pieces) - width]
    dashes = all(count or _DASH.fullmatch(piece.text) for count, piece in zip(counts, cells, strict=True))
    return any(counts) and dashes and not any(is_count(piece.text) for piece in rest)


def _begin(found: list[Stretch], line: Line) -> None:
    """New heads; a second line of them goes to the first."""
    if found[-1].has_values or not found[-1].heads:
        pending = _pending(found[-1])
        far = [other for other in pending if other.indent >= _FAR]
        found.append(Stretch([*far, line], [other for other in pending if other not in far]))
    elif found[-1].rows:
        found[-1].rows.append(line)
    else:
        found[-1].heads.append(line)


def _begin_counted(found: list[Stretch], line: Line) -> None:
    last = found[-1]
    if not last.rows:
        counts = sum(is_count(piece.text) for piece in line.pieces)
        named = bool(last.heads) and last.heads[0].indent < _FAR and len(_names(last.heads[-1])) == counts
        named = named and not is_stub(line.pieces[0].text)
        last.heads.append(_count_line(line) if named else line)
        last.rows += _label_line(line) if named else []
        return
    names = [head for head in last.heads if not _N.search(head.text) or not _only_counts(head)]
    pending = _pending(last)
    if not last.has_values:
        found.pop()
    found.append(Stretch([*names, _count_line(line)], [*pending, *_label_line(line)]))


def _pending(stretch: Stretch) -> list[Line]:
    """The lines after the last row, taken out: groups and heads of what follows."""
    last = max((place for place, line in enumerate(stretch.rows) if line.values), default=-1)
    pending = stretch.rows[last + 1 :]
    del stretch.rows[last + 1 :]
    return pending


def _only_counts(line: Line) -> bool:
    return sum(is_count(piece.text) for piece in line.pieces) >= len(line.pieces) / 2


def _count_line(line: Line) -> Line:
    """The counts of a line alone, at their places; dashes stand for no patients."""
    begin = next(piece.start for piece in line.pieces if is_count(piece.text) or _DASH.fullmatch(piece.text))
    counts = re.sub(r"(?<=\s)[-–—]{1,2}(?=\s)", "n", line.text[begin - line.start :])
    return Line(" " * (begin - line.start) + counts, line.start)


def _label_line(line: Line) -> list[Line]:
    """The label of a line of counts, which names the group of the rows under it."""
    pieces = [piece for piece in line.pieces if not is_count(piece.text) and not _DASH.fullmatch(piece.text)]
    return [Line(line.text[: pieces[-1].end - line.start], line.start)] if pieces else []


def _has_rows(lines: Sequence[Line]) -> bool:
    return any(line.values for line in lines)
