"""Where the fixed-width tables of a plain-text label stand.

In: the lines. Out: a `Region` for each table: caption, legends, heads and rows as numbers of lines. A line is seen as a
row by the values that close it; lines around rows belong to the table as long as they aren't sentences. Left out: what
the columns are (`fixed_width`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.reading.plain_legends import first_mark, is_legend, is_spread, notes, opens_with_mark
from assistant.reading.plain_lines import Line

_NEAR = 7  # lines between a caption and its table
_FAR = 15  # blanks before a head that stands alone
_NUMBERED = re.compile(r"\s*\d{1,2}(?:\.\s?\d{1,2}){1,3}\s+[A-Z]")
_REFERENCE = re.compile(r"\(\s*\d{1,2}(?:\.\d{1,2})*\s*\)")
_LONG = 150  # characters; a longer piece of a line is prose


@dataclass(frozen=True, slots=True)
class Region:
    """A table's lines: numbers into the label's lines, each list in order."""

    caption: tuple[int, ...]
    legends: tuple[int, ...]  # between caption and rows
    body: tuple[int, ...]  # heads, groups and rows, blank lines left out
    notes: tuple[int, ...]  # legends after the last row
    ruled: int = 0  # number of the body's first line after the blank that ends the heads, 0 where there is none

    @property
    def first(self) -> int:
        return min((*self.caption, *self.legends, *self.body))

    @property
    def last(self) -> int:
        return max((*self.caption, *self.legends, *self.body))


def find_regions(lines: Sequence[Line]) -> list[Region]:
    """The tables in text order; they don't overlap."""
    regions: list[Region] = []
    for rows in _runs(lines):
        floor = regions[-1].last + 1 if regions else 0
        region = _region(lines, rows, floor)
        if region:
            regions.append(region)
    return regions


def _runs(lines: Sequence[Line]) -> list[list[int]]:
    """Numbers of row lines that stand together: no sentence, caption, heading or wide gap between them."""
    runs: list[list[int]] = []
    open_, blanks, captioned = False, 0, False
    for place, line in enumerate(lines):
        if not line.stripped:
            blanks += len(line.text) < 20
            open_ = open_ and blanks < 2
            continue
        if line.is_caption or line.marker is not None:
            open_, captioned = False, line.is_caption
        elif _is_row(line, captioned and (open_ or _follows_caption(lines, place))):
            if not open_:
                runs.append([])
            runs[-1].append(place)
            open_ = True
        elif _is_prose(line) and not is_legend(line):
            open_, captioned = False, False
        blanks = 0
    return runs


def _is_row(line: Line, in_captioned: bool) -> bool:
    if is_legend(line):
        return False
    if line.values == 1 and ((line.bullet and line.stripped[0] in "*•") or _REFERENCE.fullmatch(line.pieces[-1].text)):
        return False
    if line.values:
        return line.values < len(line.pieces) or line.values > 1 or line.indent >= 20
    return in_captioned and _is_text_row(line)


def _is_text_row(line: Line) -> bool:
    """A row of words: two or three pieces far apart, none of them a sentence."""
    pieces = line.pieces
    wide = [after.start - before.end >= 4 for before, after in pairwise(pieces)]
    if _NUMBERED.match(line.text) or line.stripped.endswith((".", "]", ":")) or opens_with_mark(line):
        return False
    return any(wide) and all(len(piece.text) <= _LONG / 2 for piece in pieces)


def _follows_caption(lines: Sequence[Line], place: int) -> bool:
    for line in lines[max(0, place - _NEAR) : place][::-1]:
        if line.is_caption:
            return True
        heads = not _is_prose(line) and (line.indent >= _FAR or len(line.pieces) > 1)
        if line.stripped and not is_legend(line) and not heads:
            return False
    return False


def _is_prose(line: Line) -> bool:
    text = line.stripped
    if any(len(piece.text) > _LONG for piece in line.pieces) and not line.values:
        return True
    if _NUMBERED.match(line.text) or (line.bullet and text[0] in "*•"):
        return True
    return len(line.pieces) == 1 and text.endswith((".", ":")) and len(text.split()) > 8


def _region(lines: Sequence[Line], rows: list[int], floor: int) -> Region | None:
    above = _above(lines, rows[0], floor)
    caption = _caption(lines, above)
    if caption:
        above = [place for place in above if place > caption[-1]]
    if len(rows) < 2 and not caption:
        return None
    legends = tuple(place for place in above if is_legend(lines[place]))
    heads = tuple(place for place in above if place not in legends)
    inner = [place for place in range(rows[0], rows[-1] + 1) if lines[place].stripped]
    known = set(rows)
    inside = tuple(place for place in inner if place not in known and is_legend(lines[place]))
    taken = set(inside)
    body = heads + tuple(place for place in inner if place not in taken)
    return Region(caption, legends + inside, body, _notes(lines, rows[-1] + 1), _ruled(lines, body))


def _above(lines: Sequence[Line], first: int, floor: int) -> list[int]:
    """The lines over the first row that belong to its table, back to the caption."""
    found: list[int] = []
    blanks = 0
    for place in range(first - 1, max(floor, first - 40) - 1, -1):
        line = lines[place]
        if not line.stripped:
            blanks += 1
            continue
        if line.is_caption and blanks <= _NEAR:
            return [place, *found]
        if blanks > 1 or line.marker is not None or (_is_prose(line) and not is_legend(line) and not is_spread(line)):
            break
        found.insert(0, place)
        blanks = 0
    return found


def _caption(lines: Sequence[Line], above: list[int]) -> tuple[int, ...]:
    return (above[0],) if above and lines[above[0]].is_caption else ()


def _notes(lines: Sequence[Line], place: int) -> tuple[int, ...]:
    """The legend under the rows; over several blank lines it goes on only with the next letter."""
    found: list[int] = []
    blanks = 0
    for at in range(place, min(len(lines), place + 200)):
        line = lines[at]
        if not line.stripped:
            blanks += 1
        elif opens_with_mark(line) and (blanks < 2 or (found and _is_next(lines[found[-1]], line))):
            found.append(at)
            blanks = 0
        else:
            break
    return tuple(found)


def _is_next(before: Line, after: Line) -> bool:
    last = [note.mark for note in notes([before])][-1:]
    mark = first_mark(after)
    return bool(last) and len(last[0]) == len(mark) == 1 and ord(mark) == ord(last[0]) + 1


def _ruled(lines: Sequence[Line], body: tuple[int, ...]) -> int:
    for before, after in pairwise(body):
        if any(not lines[place].stripped and len(lines[place].text) < 20 for place in range(before + 1, after)):
            return after
    return 0
