"""Which rows of a grid are its caption, heads and legend, which columns hold row labels, and what heads each column.

In: a `Layout`. Out: `Frame`, its parts by row and column number. Left out: the rows of values
(`tables_rows`) and the notes (`tables_notes`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.reading.tables_grid import GridCell, Layout
from assistant.reading.tables_words import SYMBOLS, is_date, is_figure, is_n, is_period, is_unit, stated_n

_MOST_HEADS = 7  # rows
_LONG_HEAD = 90  # characters
_NOTE = re.compile(
    rf"[{SYMBOLS}#]+\s*\S|[a-z][.):]\s|(?:Notes?|Abbreviations?|Sources?|Key)\b\s?:|[\w/-]{{1,12}}\s?=\s?\w"
)
_CAPTION = re.compile(r"(?:table|figure)\s*\d", re.IGNORECASE)
_DOSE = re.compile(r"[\d.,/ ]+\s?(?:mg|mcg|µg|μg|g|kg|mL|IU|units)\b.{0,30}")
_STUB_HEAD = re.compile(
    r"\b(?:reactions?|events?|terms?|parameters?|class|endpoints?|responses?|variables?|tests?|characteristics?|"
    r"abnormalit(?:y|ies)|outcomes?|preferred term)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of a table: row numbers, column numbers and header paths."""

    caption: GridCell | None
    heads: tuple[int, ...]  # rows
    body: tuple[int, ...]  # rows
    legend: tuple[int, ...]  # rows
    stubs: int  # how many leading columns hold labels
    row_head: str
    paths: tuple[tuple[str, ...], ...]  # of the columns after the stubs
    first_group: GridCell | None  # a group that stands in the last row of heads


def frame(layout: Layout, has_caption: bool) -> Frame:
    """The parts of a table of at least one row."""
    rows = [row for row in range(layout.height) if layout.filled(row)]
    legend = _legend(layout, rows)
    notes = frozenset(legend)
    rows = [row for row in rows if row not in notes]
    caption = _caption(layout, rows, has_caption)
    rows = rows[1:] if caption else rows
    heads = _heads(layout, rows)
    body = tuple(row for row in rows if row not in heads)
    stubs = _stubs(layout, heads, body)
    row_head, first_group = _row_head(layout, heads, stubs)
    paths = tuple(_path(layout, heads, column) for column in range(stubs, layout.width))
    return Frame(caption, heads, body, tuple(legend), stubs, row_head, paths, first_group)


def _legend(layout: Layout, rows: list[int]) -> list[int]:
    """The rows of notes: the foot, rows that span the table after the last values, and marked ones anywhere."""
    trailing = True
    found = []
    for row in reversed(rows):
        filled = layout.filled(row)
        spanning = layout.spans_all(row)
        alone = len(filled) == 1 and (spanning is not None or filled[0].column == 0)
        noted = alone and is_note(filled[0].text)
        if all(cell.foot for cell in filled) or noted or (trailing and spanning is not None and len(rows) > 1):
            found.append(row)
        else:
            trailing = False
    return found[::-1] if len(found) < len(rows) else []


def is_note(text: str) -> bool:
    """Whether a line that stands alone in a table is a note, not a group: "* p<0.01", "CI=confidence interval".

    >>> is_note("* p<0.01, HUMIRA vs. placebo"), is_note("Gastrointestinal disorders")
    (True, False)
    """
    return bool(_NOTE.match(text)) or (len(text) > 2 * _LONG_HEAD and text.endswith("."))


def _caption(layout: Layout, rows: list[int], has_caption: bool) -> GridCell | None:
    if len(rows) < 2:
        return None
    spanning = layout.spans_all(rows[0])
    return spanning if spanning and (not has_caption or _CAPTION.match(spanning.text)) else None


def _heads(layout: Layout, rows: list[int]) -> tuple[int, ...]:
    """The leading rows that head the columns: marked as such, texts, an N, a unit."""
    flagged = 0
    while flagged < len(rows) and all(cell.head for cell in layout.filled(rows[flagged])):
        flagged += 1
    if len(rows) < 2:
        return ()
    flagged = 0 if flagged == len(rows) else flagged
    heads = rows[:flagged]
    for place, row in enumerate(rows[flagged : flagged + _MOST_HEADS], flagged):
        following = rows[place + 1] if place + 1 < len(rows) else None
        if not _is_head(layout, row, heads, following, bool(flagged)):
            break
        heads.append(row)
    return tuple(heads) if len(heads) < len(rows) else tuple(heads[:1])


def _is_head(layout: Layout, row: int, heads: list[int], following: int | None, flagged: bool) -> bool:
    """Whether an unmarked row goes on heading the columns."""
    values = [cell for cell in layout.filled(row) if cell.column > 0]
    if not values:
        return _is_stub_head(layout, row, heads, following)
    if layout.spans_all(row):
        return not heads and following is not None and not _has_figures(layout, following)
    if any(is_date(cell.text) for cell in values):
        return False
    if all(is_n(cell.text) or is_unit(cell.text) for cell in values):
        return not all(is_figure(cell.text) for cell in values) or (not heads and not layout.text(row, 0))
    if not heads:
        return _is_first_head(layout, row, values, following)
    parted = _is_parted(layout, heads[-1])
    if mostly(is_figure(cell.text) and not (parted and is_period(cell.text)) for cell in values):
        return False
    if flagged:
        return parted and following is not None and _has_figures(layout, following)
    return _reads_as_head(layout, row, heads, values)


def _is_first_head(layout: Layout, row: int, values: list[GridCell], following: int | None) -> bool:
    """Whether an unmarked first row heads the columns: no label, all strong, doses, or short texts."""
    if not layout.text(row, 0) or all(cell.strong for cell in values) or _are_doses(layout, values, following):
        return True
    texts = not mostly(is_figure(cell.text) for cell in values)
    return texts and all(len(cell.text) <= 2 * _LONG_HEAD for cell in values)


def _reads_as_head(layout: Layout, row: int, heads: list[int], values: list[GridCell]) -> bool:
    """Whether a row of texts below the first head is one more: it has no label, spans, or is the first with a label."""
    short = all(len(cell.text) <= _LONG_HEAD for cell in values)
    if not layout.text(row, 0):
        return short
    if any(1 < cell.colspan for cell in values):
        return all(len(cell.text) <= 2 * _LONG_HEAD for cell in values)
    named = any(layout.text(head, 0) for head in heads)
    return (
        short and (not named or _is_parted(layout, heads[-1])) and not any(cell.text.endswith(".") for cell in values)
    )


def _is_parted(layout: Layout, head: int) -> bool:
    """Whether a head covers several columns, which then have heads of their own below."""
    return any(cell.column > 0 and 1 < cell.colspan < layout.width for cell in layout.own(head))


def _has_figures(layout: Layout, row: int) -> bool:
    return mostly(is_figure(cell.text) for cell in layout.filled(row) if cell.column > 0)


def _are_doses(layout: Layout, values: list[GridCell], following: int | None) -> bool:
    """Whether a first row heads its columns with doses: "25 mg", "50 mg" above figures of another unit."""
    if following is None or not all(_DOSE.fullmatch(cell.text) for cell in values):
        return False
    return not any(_DOSE.fullmatch(cell.text) for cell in layout.filled(following) if cell.column > 0)


def _is_stub_head(layout: Layout, row: int, heads: list[int], following: int | None) -> bool:
    """Whether a row that fills only the first column is its head.

    It is above the other heads, or below them with a group right after.
    """
    first = layout.rows[row][0]
    if not heads:
        return following is not None and not layout.text(following, 0) and not _has_figures(layout, following)
    if first is None or following is None or any(layout.text(head, 0) for head in heads):
        return False
    after = layout.rows[following][0]
    alone = all(cell.column == 0 for cell in layout.filled(following))
    if not alone or after is None or layout.spans_all(row):
        return False
    return after.strong != first.strong or after.indent > first.indent or bool(_STUB_HEAD.search(first.text))


def mostly(flags: Iterable[bool]) -> bool:
    """Whether at least half of them hold."""
    held = list(flags)
    return 2 * sum(held) >= len(held) > 0


def _stubs(layout: Layout, heads: tuple[int, ...], body: tuple[int, ...]) -> int:
    """How many leading columns hold labels: those without any head, or a first one that names several rows at once."""
    blank = 0
    while blank < layout.width and not any(layout.text(head, blank) for head in heads):
        blank += 1
    if heads and 1 < blank < layout.width:
        return blank
    return 2 if layout.width > 2 and _first_names_many(layout, body) else 1


def _first_names_many(layout: Layout, body: tuple[int, ...]) -> bool:
    rows = [row for row in body if not layout.spans_all(row) and layout.text(row, 1)]
    own = [row for row in rows if layout.text(row, 0) and _begins(layout, row)]
    texts = [not is_figure(layout.text(row, 1)) for row in rows]
    figures = [mostly(is_figure(cell.text) for cell in layout.filled(row) if cell.column > 1) for row in rows]
    return 0 < len(own) < len(rows) and all(texts) and mostly(figures)


def _begins(layout: Layout, row: int) -> bool:
    cell = layout.rows[row][0]
    return cell is not None and cell.row == row


def _row_head(layout: Layout, heads: tuple[int, ...], stubs: int) -> tuple[str, GridCell | None]:
    """The head of the labels; a text beside units is a group where the labels have a head already."""
    cells = {id(cell): cell for row in heads for cell in layout.rows[row][stubs - 1 : stubs] if cell and cell.text}
    found = [cell for cell in cells.values() if cell.column + cell.colspan <= stubs] or [
        cell for cell in cells.values() if cell.colspan < layout.width
    ]
    last = found[-1] if len(found) > 1 and heads and found[-1].row == heads[-1] else None
    if last is not None and _beside_units(layout, last.row):
        return " ".join(cell.text for cell in found[:-1]), last
    return " ".join(cell.text for cell in found), None


def _beside_units(layout: Layout, row: int) -> bool:
    values = [cell for cell in layout.filled(row) if cell.column > 0]
    return bool(values) and all(is_unit(cell.text) or is_n(cell.text) for cell in values)


def _path(layout: Layout, heads: tuple[int, ...], column: int) -> tuple[str, ...]:
    """The header cells above a column, outermost first; a line that goes on in lower case joins the one above."""
    path: list[str] = []
    above: GridCell | None = None
    for row in heads:
        cell = layout.rows[row][column]
        if cell is None or not cell.text or cell is above:
            continue
        if above is not None and _goes_on(layout, above, cell):
            path[-1] += " " + cell.text
        else:
            path.append(cell.text)
        above = cell
    return tuple(path)


def _goes_on(layout: Layout, above: GridCell, cell: GridCell) -> bool:
    same_columns = (above.column, above.colspan) == (cell.column, cell.colspan)
    word = cell.text[0].islower() and not is_unit(cell.text) and not stated_n(cell.text)
    return same_columns and word and not cell.head and not layout.text(cell.row, 0)
