"""The reading order of a page: columns from left to right, cut by what stands across them.

In: a page. Out: `Line`s and tables in the order in which they are read. A gutter is a gap near the middle that few words
cross; lines and tables that cross it part the columns into bands. Left out: more than two columns; what is read.
"""

from collections.abc import Iterator, Sequence

from assistant.reading.pdf_lines import Line, lines
from assistant.reading.pdf_pages import Page, Ruled
from assistant.reading.pdf_words import Word

_MIDDLE = (0.33, 0.67)  # of the page's printed width: where a gutter may be
_GUTTER = 7.0  # points
_MOST_CROSSING = 0.3  # of the lines
_FEWEST_BESIDE = 4  # lines that stand beside others
_STEP = 2.0  # points


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
    edges = [(item.x0, item.x1) for item in (*page.words, *page.tables)]
    return min(x0 for x0, _ in edges), max(x1 for _, x1 in edges)


def _gutter(words: Sequence[Word], left: float, right: float) -> float | None:
    """The middle of the gap between two columns; None on a page of one."""
    start, end = (left + share * (right - left) for share in _MIDDLE)
    places = [start + _STEP * number for number in range(int((end - start) / _STEP) + 1)]
    if not words or not places:
        return None
    crossing = {place: sum(_crosses(word, place) for word in words) for place in places}
    fewest = min(crossing.values())
    best = [place for place in places if crossing[place] == fewest]
    gutter = min(best, key=lambda place: abs(place - _centre(best)))
    ones, others = ([w for w in words if (w.x1 <= gutter) == is_left and not _crosses(w, gutter)] for is_left in (True, False))
    rows = [len(_rows(side)) for side in (ones, others)]
    if min(rows) < _FEWEST_BESIDE or fewest > _MOST_CROSSING * max(rows) or _beside(ones, others) < _FEWEST_BESIDE:
        return None
    return gutter


def _centre(places: list[float]) -> float:
    """The middle of the longest run of neighbours."""
    runs: list[list[float]] = [[places[0]]]
    for place in places[1:]:
        if place - runs[-1][-1] <= _STEP * 1.5:
            runs[-1].append(place)
        else:
            runs.append([place])
    longest = max(runs, key=len)
    return longest[len(longest) // 2]


def _crosses(word: Word, place: float) -> bool:
    return word.x0 < place + _GUTTER / 2 and word.x1 > place - _GUTTER / 2


def _rows(words: Sequence[Word]) -> set[int]:
    """About where lines stand: places of words, rounded to half a line."""
    return {round((word.top + word.bottom) / 2 / 6) for word in words}


def _beside(ones: Sequence[Word], others: Sequence[Word]) -> int:
    """How many lines stand beside one of the other column, about."""
    return len(_rows(ones) & _rows(others))


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
