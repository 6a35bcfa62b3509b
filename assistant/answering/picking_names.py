"""Figures that name a thing and measure nothing: the version of a standard, an approval code, "Week 16".

In: a `Query` and a half-open stretch of text. Out: `pick_name`, the figure where the question asks for one of these and the
text states just one; else None. Left out: figures that measure (`answering.picking_prose`).
"""

import re

from assistant import figures
from assistant.answering.picks import Pick
from assistant.patterns import expression
from assistant.query import Query

_VERSION = (expression(r"(?i)\bversion\b"), expression(r"(?i)\bversion\s+(?P<name>\d+(?:\.\d+)*)"))
_CODE = (expression(r"(?i)\bcode\b"), expression(r"\b(?P<name>[A-Z]{2,4}-[A-Z]{2,4}-[A-Z]{2,4}-\d{2,5})\b"))
_WHEN = expression(r"(?i)\bwhen\b|\bwhat (?:day|week|month)\b|\bhow (?:soon|late|early)\b")
_UNIT_ASKED = expression(r"(?i)\b(?:by|at|from|in|on|after) (?:what|which) (day|week|month|cycle|visit)\b")
_DAY = expression(r"(?i)\b(?P<name>(?:day|week|month)\s+\d+)\b")


def pick_name(query: Query, text: str, start: int, end: int) -> Pick | None:
    """The version, code or day that a question asks for."""
    for asked, pattern in (_VERSION, _CODE):
        if asked.search(query.question):
            return _only(pattern, text, start, end)
    if unit := _UNIT_ASKED.search(query.question):
        return _only(re.compile(rf"(?i)\b(?P<name>{unit[1]}\s+\d+)\b"), text, start, end)
    is_measured = query.measure in ("rate", "count", "dose", "value")  # "how many had it when they took it alone?"
    if (
        _WHEN.search(query.question)
        and not is_measured
        and not any(one.kind == "time" for one in figures.find(text, start, end))
    ):
        return _only(_DAY, text, start, end)
    return None


def _only(pattern: re.Pattern[str], text: str, start: int, end: int) -> Pick | None:
    found = list(pattern.finditer(text, start, end))
    if len(found) != 1:
        return None
    return Pick(text=" ".join(found[0]["name"].split()), spans=(found[0].span("name"),))
