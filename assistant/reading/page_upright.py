"""Tables of a flattened web page whose cells each stand on a line of their own, turned into rows.

In: the lines of a page. Out: `folded`, the same lines, those of one row put together with tabs between its cells: a label
and as many values as its neighbours have, three rows at least. Every character keeps its place. Left out: heads, groups
and values (`page_tables`, `page_heads`).
"""

import re
from collections.abc import Callable, Iterator

from assistant.reading.page_heads import names_rows
from assistant.reading.page_lines import Line

_MOST_WORDS = 12  # of a row's label


def folded(every: list[Line], is_value: Callable[[str], bool]) -> list[Line]:
    """The lines with upright tables put into rows; blank lines within such a table are left out."""
    filled = [place for place, line in enumerate(every) if line.text]
    values = [is_value(every[place].text) for place in filled]
    done: list[Line] = []
    nth = place = 0
    while nth < len(filled):
        rows = list(_rows(every, filled, values, nth))
        if len(rows) < 3:
            nth += 1
            continue
        width = rows[0][1] - rows[0][0]
        first = _first(every, filled, nth, width)
        done += every[place : filled[first]]
        done += [every[one] for one in filled[first:nth]]
        done += _joined(every, filled, rows)
        nth = rows[-1][1] + 1
        place = filled[rows[-1][1]] + 1
    return done + every[place:]


def _rows(every: list[Line], filled: list[int], values: list[bool], nth: int) -> Iterator[tuple[int, int]]:
    """The first and last cell of each row from here on, places in `filled`; a label without values is a group."""
    width = _width(values, nth) if _is_label(every[filled[nth]], values[nth]) else 0
    shares = "%" in every[filled[nth + 1]].text if width else False
    while width >= (1 if shares else 2) and nth < len(filled) and _is_label(every[filled[nth]], values[nth]):
        if _width(values, nth) == width:
            yield nth, nth + width
            nth += width + 1
        elif nth + 1 < len(filled) and not values[nth + 1] and _width(values, nth + 1) == width:
            nth += 1
        else:
            return


def _width(values: list[bool], nth: int) -> int:
    """How many values follow a line."""
    end = nth + 1
    while end < len(values) and values[end] and end - nth < 20:
        end += 1
    return end - nth - 1


def _is_label(line: Line, value: bool) -> bool:
    if value or line.bullet or line.is_chrome or "\t" in line.text or line.text.endswith((".", ":", "?")):
        return False
    return len(line.text.split()) <= _MOST_WORDS and re.search(r"[A-Za-z]{2}", line.text) is not None


def _first(every: list[Line], filled: list[int], nth: int, width: int) -> int:
    """The line that heads the row labels, if the heads stand one a line above the first row or its group."""
    for above in (width + 1, width + 2):
        if nth >= above and names_rows(every[filled[nth - above]].text):
            return nth - above
    return nth


def _joined(every: list[Line], filled: list[int], rows: list[tuple[int, int]]) -> Iterator[Line]:
    """Each row as one line, the groups between them as they are."""
    before = rows[0][0]
    for first, last in rows:
        yield from (every[filled[nth]] for nth in range(before, first))
        cells = [every[filled[nth]] for nth in range(first, last + 1)]
        text = cells[0].text
        for cell in cells[1:]:
            gap = cell.start - cells[0].start - len(text)
            text += "\t" + " " * (gap - 1) + cell.text
        yield Line(text, cells[0].start, cells[-1].end)
        before = last + 1
