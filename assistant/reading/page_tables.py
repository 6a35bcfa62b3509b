"""Tables of a flattened web page: rows are lines, cells are set apart by blanks only.

In: the lines of a page. Out: `find`, where tables stand, and `build`, each as data. A data row is a line that ends in as
many values as its neighbours; a line without values between rows is a group; the lines before the first row are headers.
Left out: which note of the legend belongs to which row (`page_notes`).
"""

import re
from dataclasses import dataclass

from assistant.label import Cell, Column, Row, Span, Table
from assistant.reading.page_lines import Line

_VALUE = r"(?:[<>≤≥~]\s?)?\d[\d,]*(?:\.\d+)?%?(?:\s?\(\s?(?:[<>≤≥]\s?)?\d[\d,.]*\s?%?\s?\))?|[-–—]|NA|NR|N/A"
_ROW = re.compile(rf"^(?P<label>\S.*?)(?P<values>(?:\s+(?:{_VALUE}))+)$")
_MARK = re.compile(r"[*†‡§¶#‖]+$")
_N = re.compile(r"\b[Nn]\s*=\s*(\d[\d,]*)")
_LEAF_UNIT = re.compile(r"(n\s*\(%\)|%|mg/dL|mmol/L|days|weeks|months|years)\s*\)?$")
_ROW_HEAD = re.compile(
    r"\b(reactions?|events?|system|abnormalit\w+|parameters?|terms?|class|characteristics?|tests?|category|type|"
    r"variables?|end ?points?|measures?|disorders?|organ|laboratory|symptoms?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Region:
    """Lines of one table: `caption` line or None, header lines, then body lines; places in the list of lines."""

    caption: int | None
    head: int
    body: int
    end: int
    width: int  # values a row


def values_of(line: Line) -> list[re.Match[str]]:
    """The values at the end of a line, as matches into the line's text; empty where it is no data row."""
    match = _ROW.match(line.text)
    if not match or line.bullet or not re.search(r"[A-Za-z]{2}", match["label"]) or line.text.endswith("."):
        return []
    return list(re.compile(_VALUE).finditer(line.text, match.start("values")))


def find(every: list[Line]) -> list[Region]:
    """Where tables stand: at least three data rows of one width, with nothing but group lines between them."""
    found: list[Region] = []
    place = 0
    while place < len(every):
        region = _region_at(every, place, found[-1].end if found else 0)
        if region:
            found.append(region)
            place = region.end
        else:
            place += 1
    return found


def _region_at(every: list[Line], place: int, floor: int) -> Region | None:
    width = len(values_of(every[place]))
    if not width:
        return None
    end, rows, gap = place + 1, 1, 0
    while end + gap < len(every) and gap <= 1:
        line = every[end + gap]
        if len(values_of(line)) == width:
            end, rows, gap = end + gap + 1, rows + 1, 0
        elif line.text and line.is_short:
            gap += 1
        else:
            break
    if rows < 3:
        return None
    body = place
    if body - 1 >= floor and _is_group(every[body - 1]) and not _is_leaf_head(every[body - 1], width):
        body -= 1
    head, caption = _head(every, body, floor)
    return Region(caption, head, body, end, width)


def _is_group(line: Line) -> bool:
    return bool(line.text) and not values_of(line) and line.is_short and not line.is_chrome


def _is_leaf_head(line: Line, width: int) -> bool:
    parts = _segments(line.text)
    return len(parts) >= 2 and len(parts) in (width, width + 1) and bool(_LEAF_UNIT.search(line.text))


def _head(every: list[Line], body: int, floor: int) -> tuple[int, int | None]:
    """The first header line and the caption: the line before the headers, a page's "scroll" line between them left out."""
    head = body
    while head - 1 >= floor and body - head < 6:
        line = every[head - 1]
        if not line.text or line.is_chrome or line.bullet or len(line.text) > 120 or line.text.endswith((".", ";")):
            break
        if _looks_like_caption(line.text):
            return head, head - 1
        head -= 1
    above = head - 1
    while above >= floor and (not every[above].text or every[above].is_chrome):
        above -= 1
    if above >= floor and head - above <= 4 and not every[above].bullet and not every[above].text.endswith("."):
        return head, above
    return head, None


def _looks_like_caption(text: str) -> bool:
    return bool(re.match(r"(?i)table\s+\d", text)) or (len(text.split()) > 8 and bool(re.search(r"\b(in|with|of)\b", text)))


def _segments(text: str) -> list[str]:
    """A header line cut where a new header begins: at a capital after a small letter, a unit or a bracket.

    >>> _segments("Adverse reaction All grades, % Grades ≥3, %")
    ['Adverse reaction', 'All grades, %', 'Grades ≥3, %']
    """
    if "\t" in text or "  " in text:
        return [part.strip() for part in re.split(r"\t+|\s{2,}", text) if part.strip()]
    words = text.split()
    cuts: list[list[str]] = [[]]
    for word in words:
        if cuts[-1] and _begins_header(cuts[-1], word):
            cuts.append([])
        cuts[-1].append(word)
    return [" ".join(cut) for cut in cuts if cut]


def _begins_header(before: list[str], word: str) -> bool:
    last = before[-1]
    if word[0].isupper():
        return last[0].islower() or last[-1] in "%)*†‡§" or last.isupper() != word.isupper() and not last[0].isupper()
    return word in ("n", "%") and last[-1] in "%)"


def build(text: str, every: list[Line], region: Region, section: int) -> Table:
    """The table as data; `resolved` is false where the headers don't fit the number of values."""
    columns, row_head, resolved = _columns([line.text for line in every[region.head : region.body]], region.width)
    caption = every[region.caption] if region.caption is not None else None
    start = caption.start if caption else every[region.head].start
    return Table(
        caption=clean_caption(caption.text) if caption else "",
        caption_span=Span(start=caption.start, end=caption.end) if caption else None,
        start=start,
        end=every[region.end - 1].end,
        section=section,
        row_head=row_head,
        columns=columns,
        rows=tuple(_rows(every[region.body : region.end], columns, region.width)),
        resolved=resolved,
    )


def clean_caption(text: str) -> str:
    """A caption or heading without the reference number fused to its end.

    >>> clean_caption("Incidence of VOD in pediatric patients1")
    'Incidence of VOD in pediatric patients'
    """
    return re.sub(r"(?<=[a-z)\]])\d{1,2}(?:,\d{1,2})*$", "", text.strip())


def _columns(heads: list[str], width: int) -> tuple[tuple[Column, ...], str, bool]:
    joined: list[str] = []
    for head in heads:
        if joined and re.match(r"^[(\[]|^[Nn]\s*=", head):
            joined[-1] += " " + head  # subtle: "(n=53)" on a line of its own continues the header above it
        else:
            joined.append(head)
    paths: list[list[str]] = [[] for _ in range(width)]
    row_head, resolved = "", bool(joined)
    for place, head in enumerate(joined):
        parts = _segments(head)
        row_part, spans = _spread(parts, width, leaf=place == len(joined) - 1)
        row_head = row_part or row_head
        resolved = resolved and bool(spans)
        for path, span in zip(paths, spans, strict=False):
            path.append(span)
    return tuple(_column(tuple(path)) for path in paths), _MARK.sub("", row_head), resolved


def _spread(parts: list[str], width: int, *, leaf: bool) -> tuple[str, list[str]]:
    """The header of the row labels, and one header a column: a header over several columns is repeated."""
    if len(parts) == width + 1:
        return parts[0], parts[1:]
    if len(parts) == width and not (not leaf and _ROW_HEAD.search(parts[0])):
        return "", parts
    row_part = ""
    if len(parts) > 1 and _ROW_HEAD.search(parts[0]):
        row_part, parts = parts[0], parts[1:]
    if not leaf and parts and width % len(parts) == 0:
        each = width // len(parts)
        return row_part, [part for part in parts for _ in range(each)]
    if not leaf and len(parts) > width:
        return row_part, [" ".join(parts)] * width
    return row_part, []


def _column(path: tuple[str, ...]) -> Column:
    unit = _LEAF_UNIT.search(path[-1]) if path else None
    count = [match[1] for head in path for match in _N.finditer(head)]
    return Column(header=path, unit=unit[1] if unit else "", n=count[-1] if count else "")


def _rows(body: list[Line], columns: tuple[Column, ...], width: int) -> list[Row]:
    rows: list[Row] = []
    group: tuple[str, ...] = ()
    count = next((place for place, column in enumerate(columns) if column.header and column.header[-1] in "nN"), None)
    for line in body:
        values = values_of(line)
        if not values:
            group = (_MARK.sub("", line.text),)
            continue
        rows.append(_row(line, values[-width:], group, count))
    return rows


def _row(line: Line, values: list[re.Match[str]], group: tuple[str, ...], count: int | None) -> Row:
    name = line.text[: values[0].start()].strip()
    marks = _MARK.search(name)
    cells = tuple(
        Cell(text=value.group(), start=line.start + value.start(), end=line.start + value.end(), column=place)
        for place, value in enumerate(values)
    )
    return Row(
        label=_MARK.sub("", name).strip(),
        start=line.start,
        end=line.end,
        group=group,
        cells=cells,
        marks=tuple(marks.group()) if marks else (),
        n=cells[count].text if count is not None else "",
    )
