"""The reading order of a page: columns from left to right, cut by what stands across them.

In: a page. Out: `Line`s and tables in the order in which they are read. A gutter is a gap near the middle that few
words cross; lines and tables that cross it part the columns into bands. Left out: more than two columns; what is read.
"""

from collections.abc import Iterator, Sequence

from assistant.reading.pdf_lines import Line, lines
from assistant.reading.pdf_pages import Page, Ruled
from assistant.reading.pdf_tables import segments
from assistant.reading.pdf_words import Word

_MIDDLE = (0.33, 0.67)  # of the page's printed width: where a gutter may be
_GUTTER = 7.0  # points
_MOST_CROSSING = 0.3  # of the lines
_FEWEST_LINES = 4  # of a column
_FILLED = 0.5  # of the column's width
_STEP = 2.0  # points
_MOST_STEPS = 1000  # a damaged page may say that it is a mile wide


def read_order(page: Page) -> list[Line | Ruled]:
    """Lines and tables as they are read."""
    if not page.words and not page.tables:
        return []
    left, right = _bounds(page)
    gutter = _gutter(page.words, left, right)
    if gutter is None:
        return _column(page.words, page.tables, page.number, left, right)
    return list(_banded(page, gutter, left, right))


def _bounds(page: Page) -> tuple[float, float]:
    edges = [(word.x0, word.x1) for word in page.words] + [(table.x0, table.x1) for table in page.tables]
    return min(x0 for x0, _ in edges), max(x1 for _, x1 in edges)


def _gutter(words: Sequence[Word], left: float, right: float) -> float | None:
    """The middle of the gap between two columns; None on a page of one."""
    start, end = (left + share * (right - left) for share in _MIDDLE)
    step = max(_STEP, (end - start) / _MOST_STEPS)
    places = [start + step * number for number in range(int((end - start) / step) + 1)]
    if not words or not places:
        return None
    crossing = {place: sum(_crosses(word, place) for word in words) for place in places}
    fewest = min(crossing.values())
    best = [place for place in places if crossing[place] == fewest]
    centre = _centre(best, step)
    gutter = min(best, key=lambda place: abs(place - centre))
    sides = [[word for word in words if word.x1 <= gutter], [word for word in words if word.x0 >= gutter]]
    edges = ((left, gutter), (gutter, right))
    rows = [lines(side, 0, *edge) for side, edge in zip(sides, edges, strict=True)]
    many = max(map(len, rows))
    if not all(map(_is_text, rows)) or fewest > _MOST_CROSSING * many or not _stand_beside(*rows):
        return None
    return gutter


def _is_text(rows: list[Line]) -> bool:
    """Whether enough lines of one side run on as text does: without wide gaps, over half of the column."""
    running = [row for row in rows if len(segments(row)) == 1 and row.x1 - row.x0 > _FILLED * (row.right - row.left)]
    return len(rows) >= _FEWEST_LINES and len(running) > len(rows) / 3


def _stand_beside(ones: list[Line], others: list[Line]) -> bool:
    """Whether several lines of each side stand as low as lines of the other."""
    shared = max(ones[0].top, others[0].top), min(ones[-1].bottom, others[-1].bottom)
    return all(
        sum(shared[0] <= row.bottom and row.top <= shared[1] for row in rows) >= _FEWEST_LINES
        for rows in (ones, others)
    )


def _centre(places: list[float], step: float) -> float:
    """The middle of the longest run of neighbours."""
    runs: list[list[float]] = [[places[0]]]
    for place in places[1:]:
        if place - runs[-1][-1] <= step * 1.5:
            runs[-1].append(place)
        else:
            runs.append([place])
    longest = max(runs, key=len)
    return longest[len(longest) // 2]


def _crosses(word: Word, place: float) -> bool:
    return word.x0 < place + _GUTTER / 2 and word.x1 > place - _GUTTER / 2


def _banded(page: Page, gutter: float, left: float, right: float) -> Iterator[Line | Ruled]:
    """Bands from top to bottom, each the left column and then the right one, or what stands across."""
    across = [word for word in page.words if _crosses(word, gutter)]
    full = [word for word in page.words if any(_is_beside(word, other) for other in across)]
    wide = [table for table in page.tables if table.x0 < gutter < table.x1]
    cuts: list[Line | Ruled] = sorted([*lines(full, page.number, left, right), *wide], key=lambda item: item.top)
    taken = {id(word) for word in full}
    words = [word for word in page.words if id(word) not in taken]
    tables = [table for table in page.tables if table not in wide]
    above = float("-inf")
    for cut in [*cuts, None]:
        below = cut.top if cut is not None else float("inf")
        for is_left in (True, False):
            yield from _column(
                [w for w in words if above <= w.top < below and (w.x1 <= gutter) == is_left],
                [t for t in tables if above <= t.top < below and (t.x1 <= gutter) == is_left],
                page.number,
                left if is_left else gutter,
                gutter if is_left else right,
            )
        if cut is not None:
            yield cut
            above = max(above, cut.top)


def _is_beside(word: Word, other: Word) -> bool:
    middle = (word.top + word.bottom) / 2
    return other.top - 1 <= middle <= other.bottom + 1


def _column(words: Sequence[Word], tables: Sequence[Ruled], page: int, left: float, right: float) -> list[Line | Ruled]:
    """Lines and tables of one column from top to bottom; the words' own edges bound the column."""
    if words:
        left, right = max(left, min(word.x0 for word in words)), min(right, max(word.x1 for word in words))
    found: list[Line | Ruled] = [*lines(words, page, left, right), *tables]
    return sorted(found, key=lambda item: item.top)
