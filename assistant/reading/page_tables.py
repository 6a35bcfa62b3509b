"""Tables of a flattened web page: rows are lines, cells are set apart by blanks or tabs only.

In: the lines of a page. Out: `find`, where tables stand, and `build`, each as data. A data row is a line that ends in
as many values as its neighbours; a line without values between rows is a group; the lines before the first row are
headers. Left out: which head stands over which column (`page_heads`) and which note of the legend belongs to which row
(`page_notes`).
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.label import Cell, Column, Row, Span, Table
from assistant.reading import page_heads
from assistant.reading.page_lines import Line
from assistant.reading.page_marks import MARK, split_marks

_LONGEST = 400  # characters of a row
_NUMBER = r"(?:[<>≤≥~]\s?)?\d[\d,]*(?:\.\d+)?"
_NOTHING = r"[-–—]|NA|NR|NE|N/A"
_VALUE = rf"(?:{_NUMBER}%?(?:\s?\(\s?(?:[<>≤≥]\s?)?\d[\d,.]*\s?%?\s?\))?|{_NOTHING})(?:{MARK})*"
_ROW = re.compile(rf"^(?P<label>\S.*?)(?P<values>(?:\s+(?:{_VALUE}))++)$")
_ONE = re.compile(_VALUE)
# A cell between tabs may say more than a bare number: "15 days (3-57)", "0.72 [0.51, 1.02]", "24/53 (45%)".
_CELL = re.compile(
    rf"(?:{_VALUE}|{_NUMBER}(?:\s?/\s?\d[\d,.]*)?\s?[%A-Za-z/]{{0,12}}(?:\s?[(\[][^()\[\]=]{{1,40}}[)\]])?(?:{MARK})*"
    rf"|{_NUMBER}\s?[-–]\s?{_NUMBER})"
)
_REFERENCES = re.compile(r"(?:(?<=[a-z)\]])|(?<=[a-z)\]]\.))\d{1,2}(?:[,–-]\d{1,2})*$")
_SMALL_CAPTION = 8  # words; a longer line above the heads that says who was treated is a caption
_MOST_HEADS = 6  # lines


@dataclass(frozen=True, slots=True)
class Region:
    """Lines of one table: `caption` line or None, header lines, then body lines; places in the list of lines."""

    caption: int | None
    head: int
    body: int
    end: int
    width: int  # values a row


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a row, half-open into its line; empty for a blank cell."""

    start: int
    end: int


def values_of(line: Line) -> list[Value]:
    """The values at the end of a line; empty where it is no data row."""
    if line.bullet or len(line.text) > _LONGEST:
        return []
    if "\t" in line.text:
        return _between_tabs(line.text)
    match = _ROW.match(line.text)
    if not match or not re.search(r"[A-Za-z]{2}", match["label"]) or line.text.endswith("."):
        return []
    return [Value(*value.span()) for value in _ONE.finditer(line.text, match.start("values"))]


def is_value(text: str) -> bool:
    """Whether a line is nothing but a value."""
    return len(text) <= 60 and _CELL.fullmatch(text) is not None


def _between_tabs(text: str) -> list[Value]:
    """The cells of a line whose cells are set apart by tabs: none where a cell is no value or all are blank."""
    pieces = list(re.finditer(r"[^\t]*", text))
    cells = [match for match in pieces if match.start() == 0 or text[match.start() - 1] == "\t"]
    name, *rest = (Value(*_trimmed(text, match.start(), match.end())) for match in cells)
    filled = [text[cell.start : cell.end] for cell in rest if cell.start < cell.end]
    if not filled or not re.search(r"[A-Za-z]{2}", text[name.start : name.end]):
        return []
    return rest if all(_CELL.fullmatch(cell) for cell in filled) else []


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    body = text[start:end]
    if not body.strip():
        return start, start
    return start + len(body) - len(body.lstrip()), start + len(body.rstrip())


def find(every: list[Line]) -> list[Region]:
    """Where tables stand: at least three data rows of one width, with nothing but group lines between them."""
    found: list[Region] = []
    counts = [len(values_of(line)) for line in every]
    place = 0
    while place < len(every):
        region = _region_at(every, counts, place, found[-1].end if found else 0)
        if region:
            found.append(region)
            place = region.end
        else:
            place += 1
    return found


def _region_at(every: list[Line], counts: list[int], place: int, floor: int) -> Region | None:
    if not counts[place]:
        return None
    width, tabs = counts[place], "\t" in every[place].text
    end, rows, gap = place + 1, 1, 0
    while end + gap < len(every) and gap <= 1:
        line, count = every[end + gap], counts[end + gap]
        if (tabs and count and "\t" in line.text) or count == width:
            end, rows, gap, width = end + gap + 1, rows + 1, 0, max(width, count)
        elif line.text and line.is_short and not count:
            gap += 1
        else:
            break
    if rows < 3:
        return None
    plain = _headed(every, place, end, width, floor)
    if place - 1 < floor or not _is_group(every[place - 1]) or page_heads.is_leaf(every[place - 1].text, width):
        return plain
    grouped = _headed(every, place - 1, end, width, floor)
    return plain if _is_resolved(every, plain) and not _is_resolved(every, grouped) else grouped


def _headed(every: list[Line], body: int, end: int, width: int, floor: int) -> Region:
    head, caption = _head(every, body, floor)
    return Region(caption, head, body, end, width)


def _is_resolved(every: list[Line], region: Region) -> bool:
    return page_heads.columns(_heads(every, region), region.width)[2]


def _heads(every: list[Line], region: Region) -> list[str]:
    return [line.text for line in every[region.head : region.body] if not line.is_chrome]


def _is_group(line: Line) -> bool:
    told = bool(line.text) and line.is_short and not line.is_chrome
    return told and "=" not in line.text and not page_heads.has_unit(line.text)


def _head(every: list[Line], body: int, floor: int) -> tuple[int, int | None]:
    """The first header line and the caption: the line before the headers, a page's "scroll" line between skipped."""
    head = body
    while head - 1 >= floor and body - head < _MOST_HEADS:
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
    numbered = re.match(r"(?i)table\s+\d", text) is not None
    long = len(text.split()) > _SMALL_CAPTION and "\t" not in text
    return numbered or (long and re.search(r"\b(in|with|of)\b", text) is not None)


def build(text: str, every: list[Line], region: Region, section: int) -> Table:
    """The table as data; `resolved` is false where the headers don't fit the number of values."""
    columns, row_head, resolved = page_heads.columns(_heads(every, region), region.width)
    caption = every[region.caption] if region.caption is not None else None
    start = caption.start if caption else every[region.head].start
    return Table(
        caption=unfused(clean_caption(caption.text), text) if caption else "",
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
    """A caption, heading or paragraph without the reference numbers fused to its end.

    >>> clean_caption("Incidence of VOD in pediatric patients1"), clean_caption("1 year of age and older.10")
    ('Incidence of VOD in pediatric patients', '1 year of age and older.')
    """
    return _REFERENCES.sub("", text.strip())


def unfused(title: str, text: str) -> str:
    """A title without the reference number fused to a name at its end.

    subtle: "NRM1" loses its digit because "NRM" stands elsewhere in the text, "KD-3012" because "KD-301" does; "CD22"
    keeps its own.
    """
    if not (name := re.search(r"(?<![\w-])[A-Z][\w-]*\d$", title[-40:])):
        return title
    known = _names(text)
    for digits in (1, 2):
        shorter = name.group()[:-digits]
        if name.group()[-digits:].isdigit() and len(shorter) > 1 and known[shorter] > known[name.group()]:
            return title[:-digits]
    return title


@lru_cache(maxsize=1)
def _names(text: str) -> Counter[str]:
    """How often each word that begins with a capital stands in a text."""
    return Counter(re.findall(r"(?<![\w-])[A-Z][\w-]*", text))


def _rows(body: list[Line], columns: tuple[Column, ...], width: int) -> Iterator[Row]:
    group: tuple[str, ...] = ()
    count = next((place for place, column in enumerate(columns) if column.header and column.header[-1] in "nN"), None)
    for line in body:
        if values := values_of(line):
            yield _row(line, values, width, group, count)
        else:
            group = (split_marks(line.text)[0],)


def _row(line: Line, values: list[Value], width: int, group: tuple[str, ...], count: int | None) -> Row:
    """A row; values that are lacking at its end are blank."""
    own = values[-width:] if "\t" not in line.text else values
    padded = [*own, *(Value(len(line.text), len(line.text)) for _ in range(width - len(own)))]
    name, marks = split_marks(line.text[: values[0].start].strip())
    cells = tuple(_cell(line, value, place) for place, value in enumerate(padded))
    n = cells[count].text if count is not None else ""
    return Row(label=name, start=line.start, end=line.end, group=group, cells=cells, marks=marks, n=n)


def _cell(line: Line, value: Value, column: int) -> Cell:
    shown, marks = split_marks(line.text[value.start : value.end])
    return Cell(text=shown, start=line.start + value.start, end=line.start + value.end, column=column, marks=marks)
