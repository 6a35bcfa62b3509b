"""PDF bytes to pages of words and ruled tables, within bounds.

In: the bytes of a file. Out: `Page`s. What is encrypted, damaged, too large or holds only pictures is refused by name.
Words are read in the order of their places, upright ones only. Left out: lines, columns and what they mean.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.utils.text import extract_words

from assistant.errors import UnreadableLabel
from assistant.reading.pdf_bounds import Budget, TooMuch, bound_streams, laid_out
from assistant.reading.pdf_words import UNKNOWN, Word, words

LARGEST = 64 * 1024 * 1024  # bytes
MOST_PAGES = 600
_MOST_RULES = 1_500  # lines on a page; more draw a picture, not tables
_FEWEST_CHARACTERS = 20  # a page; fewer on average: pictures of pages
_MOST_UNKNOWN = 0.1  # of all characters
_MOST_WORDS = 400  # of a cell; more: a box around text
_TWICE = 0.4  # points between a character and the same again
_EDGE = 2.0  # points between rules that are one


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell between rules: its place in the table and its words."""

    row: int
    column: int
    rowspan: int
    colspan: int
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """A table between rules; places in points from the upper left."""

    page: int  # 1-based
    x0: float
    x1: float
    top: float
    bottom: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page; `words` are those outside of tables."""

    number: int  # 1-based
    width: float  # points
    height: float
    words: tuple[Word, ...]
    tables: tuple[Ruled, ...]


def pages(content: bytes, file: str) -> list[Page]:
    """Every page; raises UnreadableLabel naming file, trouble and remedy."""
    if len(content) > LARGEST:
        raise _unreadable(f"is {len(content)} bytes long, more than {LARGEST}", file, "Split the file")
    bound_streams()
    try:
        found = list(_read(content, file))
    except UnreadableLabel:
        raise
    except Exception as error:  # pdfminer raises whatever a damaged file breaks
        raise _named(error, file) from error
    _check_text(found, file)
    return found


def _named(error: Exception, file: str) -> UnreadableLabel:
    """The trouble that stands behind an exception of pdfminer's."""
    cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
    if isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError):
        return _unreadable("is encrypted", file, "Save it without a password")
    if isinstance(cause, TooMuch):
        return _unreadable(f"asks for more than any label needs: {cause}", file, "Print it to a new PDF")
    reason = str(cause) or type(cause).__name__
    return _unreadable(f"is a damaged PDF: {reason[:200]}", file, "Download it again, or print it to a new PDF")


def _read(content: bytes, file: str) -> Iterator[Page]:
    with pdfplumber.open(BytesIO(content)) as document:
        many = len(document.pages)
        if not many:
            raise _unreadable("is a damaged PDF: it has no pages", file, "Download it again, or print it to a new PDF")
        if many > MOST_PAGES:
            raise _unreadable(f"has {many} pages, more than {MOST_PAGES}", file, "Split the file")
        budget = Budget()
        for page in document.pages:
            yield _page(laid_out(page, budget))
            page.close()


def _page(page: pdfplumber.page.Page) -> Page:
    single = list(_once(page.chars))
    sets = ["fontname", "size", "upright"]
    found = words(extract_words(single, x_tolerance_ratio=0.15, y_tolerance=2, extra_attrs=sets)) if single else []
    tables = tuple(_tables(page, found))
    taken = {id(word) for table in tables for cell in table.cells for word in cell.words}
    return Page(
        number=page.page_number,
        width=float(page.width),
        height=float(page.height),
        words=tuple(word for word in found if id(word) not in taken),
        tables=tables,
    )


def _once(chars: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The characters without those printed again on the same place, as some programs make bold."""
    seen: set[tuple[str, int, int]] = set()
    for char in chars:
        across, down = round(char["x0"] / _TWICE), round(char["top"] / _TWICE)
        near = ((str(char["text"]), across + x, down + y) for x in (-1, 0, 1) for y in (-1, 0, 1))
        if seen.isdisjoint(near):
            seen.add((str(char["text"]), across, down))
            yield char


def _tables(page: pdfplumber.page.Page, found: list[Word]) -> Iterator[Ruled]:
    if not 4 <= len(page.edges) <= _MOST_RULES:
        return
    for table in page.find_tables():
        boxes = [tuple(float(edge) for edge in box) for box in table.cells]
        cells = tuple(_cells(boxes, found))
        if _is_table(cells):
            x0, top, x1, bottom = table.bbox
            yield Ruled(
                page=page.page_number, x0=float(x0), x1=float(x1), top=float(top), bottom=float(bottom), cells=cells
            )


def _cells(boxes: list[tuple[float, ...]], found: list[Word]) -> Iterator[Cell]:
    """The cells row by row; a cell spans the columns and rows whose edges lie within it."""
    columns = _edges(edge for box in boxes for edge in (box[0], box[2]))
    rows = _edges(edge for box in boxes for edge in (box[1], box[3]))
    for x0, top, x1, bottom in sorted(boxes, key=lambda box: (box[1], box[0])):
        row, column = _place(rows, top), _place(columns, x0)
        yield Cell(
            row=row,
            column=column,
            rowspan=max(_place(rows, bottom) - row, 1),
            colspan=max(_place(columns, x1) - column, 1),
            words=tuple(word for word in found if _is_in(word, x0, top, x1, bottom)),
        )


def _edges(places: Iterator[float]) -> list[float]:
    """Places that differ by more than a rule's width."""
    found = sorted(places)
    return found[:1] + [place for before, place in pairwise(found) if place - before > _EDGE]


def _place(edges: list[float], edge: float) -> int:
    return min(range(len(edges)), key=lambda number: abs(edges[number] - edge))


def _is_in(word: Word, x0: float, top: float, x1: float, bottom: float) -> bool:
    return x0 <= (word.x0 + word.x1) / 2 < x1 and top <= (word.top + word.bottom) / 2 < bottom


def _is_table(cells: tuple[Cell, ...]) -> bool:
    """Whether rules part values, not text: at least two rows and columns are filled, and no cell is a page of text."""
    filled = [cell for cell in cells if cell.words]
    rows, columns = {cell.row for cell in filled}, {cell.column for cell in filled}
    return len(rows) > 1 and len(columns) > 1 and all(len(cell.words) <= _MOST_WORDS for cell in filled)


def _check_text(found: list[Page], file: str) -> None:
    """Refuses pages that are pictures, and fonts that don't say what they print."""
    texts = [word.text for page in found for word in (*page.words, *_words(page))]
    characters = sum(map(len, texts))
    if characters < _FEWEST_CHARACTERS * len(found):
        raise _unreadable(
            f"holds pictures of pages: {characters} characters on {len(found)} pages",
            file,
            "Recognise its text (OCR), or take the label's XML from DailyMed",
        )
    if sum(text.count(UNKNOWN) for text in texts) > _MOST_UNKNOWN * characters:
        raise _unreadable(
            "has fonts that don't say which characters they print",
            file,
            "Recognise its text (OCR), or take the label's XML from DailyMed",
        )


def _words(page: Page) -> Iterator[Word]:
    for table in page.tables:
        for cell in table.cells:
            yield from cell.words


def _unreadable(message: str, file: str, remedy: str) -> UnreadableLabel:
    return UnreadableLabel(message, place=file, remedy=remedy)
