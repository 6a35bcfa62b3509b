"""Running heads and feet: what a page says about the document, which is no part of the label.

In: the items of every page in reading order. Out: the same without page numbers and lines that stand at the same edge
of several pages. Left out: what is the same only by chance in the middle of pages.
"""

import re
from collections import Counter
from collections.abc import Sequence

from assistant.reading.pdf_lines import Line
from assistant.reading.pdf_pages import Page, Ruled

_EDGE = 0.1  # of the page's height: where heads and feet stand
_NUMBER = re.compile(r"(?:page\s*)?[-–—|]?\s*\d{1,3}\s*[-–—|]?(?:\s*(?:of|/)\s*\d{1,3})?", re.IGNORECASE)
_REFERENCE = re.compile(r"reference id\s*:\s*\d+", re.IGNORECASE)
_FEWEST_PAGES = 2


def without_furniture(pages: Sequence[Page], items: Sequence[list[Line | Ruled]]) -> list[list[Line | Ruled]]:
    """The items of each page without running heads and feet."""
    counted = Counter(
        key for page, found in zip(pages, items, strict=True) for key in {_key(item, page) for item in found} if key
    )
    fewest = max(_FEWEST_PAGES, len(pages) // 3)
    return [
        [item for item in found if not _is_furniture(item, page, counted, fewest)]
        for page, found in zip(pages, items, strict=True)
    ]


def _key(item: Line | Ruled, page: Page) -> str:
    """Edge and words of a line at the edge of its page, figures as "#"; empty for all else."""
    if not isinstance(item, Line):
        return ""
    edge = "head" if item.bottom < _EDGE * page.height else "foot" if item.top > (1 - _EDGE) * page.height else ""
    return f"{edge} {re.sub(r'[0-9]+', '#', item.text.lower())}" if edge else ""


def _is_furniture(item: Line | Ruled, page: Page, counted: Counter[str], fewest: int) -> bool:
    key = _key(item, page)
    if isinstance(item, Line) and _REFERENCE.fullmatch(item.text):
        return True
    return bool(key) and isinstance(item, Line) and (counted[key] >= fewest or bool(_NUMBER.fullmatch(item.text)))
