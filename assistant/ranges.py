"""Ranges that a text states, and whether a value lies in one: 34 kg in "20 kg to less than 40 kg", 530 in "above 500 ms".

In: text and a value as a question words it. Out: `find`, the `Range`s in text order; `holds`, whether one of them has the
value, `holds_closely` whether one with two ends does. A range without a unit takes any value, one with a unit only values of that unit or of none. Left out: figures as
such (`figures`).
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.numerals import NUMBERS
from assistant.patterns import expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From `low` to `high`; `closed` says whether each end belongs to it."""

    low: float
    high: float
    closed: tuple[bool, bool]
    unit: str  # folded, "" where none is printed

    def has(self, value: float) -> bool:
        """Whether the value lies in it."""
        above = self.low <= value if self.closed[0] else self.low < value
        below = value <= self.high if self.closed[1] else value < self.high
        return above and below


_N = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d.]*%?\s?\()"
_U = r"(?:\s?(?:x|×|times)\s?(?:the\s)?(?:ULN|upper limit)|[\s-]?(?:kg|mg|mcg|g|mL|ms(?:ec)?|years?|months?|weeks?|days?|hours?|minutes?|cells|beats|mm\s?Hg|bpm|%|mEq|mmol|points?)\b[^\s,;:.)]*)"
_UNDER = r"less than|lower than|fewer than|smaller than|younger than|below|under|<(?!=)"
_UPTO = r"within(?= \d+(?:\.\d+)? (?:minutes?|hours?|days?|weeks?)\b)|up to|at most|no more than|not more than|≤|<="
_OVER = r"more than|greater than|higher than|older than|above|over|exceed(?:s|ing)?|>(?!=)"
_FROM = r"at least|no less than|not less than|≥|>="
_BETWEEN = expression(
    rf"(?i)(?P<open>(?:{_OVER})\s?)?(?<![\w.])(?P<low>{_N})(?P<one>{_U})?(?:\s?(?:to|-|–|—|and|through|but)\s?|,?\s(?=up to\s|(?:but|and) (?:no |not )?(?:up to|less|more)))(?P<under>(?:{_UNDER})\s?|(?:{_UPTO})\s?)?(?P<high>{_N})(?P<two>{_U})?"
)
_ONE = expression(
    rf"(?i)(?:(?P<under>{_UNDER})|(?P<upto>{_UPTO})|(?P<over>{_OVER})|(?P<from>{_FROM}))\s?(?P<value>{_N})(?P<unit>{_U})?"
    rf"|(?<![\w.])(?P<value2>{_N})(?P<unit2>{_U})?\s(?:of age\s)?(?:(?:and|or)\s(?:(?P<up>older|more|over|above|greater|higher|longer)|(?P<down>younger|less|under|below|lower|fewer)))\b"
)
_VALUE = expression(rf"(?<![\w.])(?P<value>{_N})(?P<unit>{_U})?")


@lru_cache(maxsize=8192)
def find(text: str) -> tuple[Range, ...]:
    """The ranges of a text.

    >>> find("15 kg to less than 30 kg")
    (Range(low=15.0, high=30.0, closed=(True, False), unit='kg'),)
    """
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, Range]] = []
    text = in_digits(text)
    for match in _BETWEEN.finditer(text):
        low, high = _number(match["low"]), _number(match["high"])
        if low < high and _unit(match["one"]) in ("", _unit(match["two"])):
            ends = (match["open"] is None, not re.match(rf"(?i){_UNDER}", match["under"] or ""))
            found.append((match.start(), Range(low=low, high=high, closed=ends, unit=_unit(match["two"]))))
            taken.append(match.span())
    for match in _ONE.finditer(text):
        if _OF_CHANGE.search(text, max(0, match.start() - 40), match.start()):
            continue  # "an increase of more than 60 ms" is no range of values
        if not any(start < match.end() and match.start() < end for start, end in taken):
            found.append((match.start(), _bound(match)))
    return tuple(one for _, one in sorted(found, key=lambda item: item[0]))


_OF_CHANGE = expression(
    r"(?i)\b(?:increase|decrease|change|rise|drop|fall|reduction|prolongation|elevation)s?\b(?: (?:from baseline|in \w+|of|by|was|is))*\s*$"
)
WORDED = {word: str(number) for number, word in enumerate(NUMBERS[1:10], 2)}  # two to ten
_MULTIPLE = expression(rf"(?i)\b(?P<number>{'|'.join(WORDED)})(?P<tail>[\s-](?:times|fold)\b)")


def in_digits(text: str) -> str:
    """A text with the multiples that it words in digits; places move.

    >>> in_digits("above three times the ULN")
    'above 3 times the ULN'
    """
    return _MULTIPLE.sub(lambda one: f"{WORDED[one['number'].lower()]}{one['tail']}", text)


def _bound(match: re.Match[str]) -> Range:
    value, unit = _number(match["value"] or match["value2"]), _unit(match["unit"] or match["unit2"])
    if match["under"] or match["upto"] or match["down"]:
        return Range(low=-math.inf, high=value, closed=(True, not match["under"]), unit=unit)
    return Range(low=value, high=math.inf, closed=(not match["over"], True), unit=unit)


def values(text: str) -> Iterator[tuple[float, str]]:
    """The plain values of a text with their units."""
    for match in _VALUE.finditer(text):
        yield _number(match["value"]), _unit(match["unit"])


def holds(text: str, asked: str) -> bool:
    """Whether a value that a question names lies in a range of the text; a bound ("≥ 3") is no value."""
    return any(True for _ in _holding(text, asked))


def holds_closely(text: str, asked: str) -> bool:
    """The same for ranges with two ends, which say more of the value than "above 3" does."""
    return any(math.isfinite(one.low) and math.isfinite(one.high) for one in _holding(text, asked))


def _holding(text: str, asked: str) -> Iterator[Range]:
    if not re.search(r"[<>≤≥]", asked):
        for value, unit in values(asked):
            yield from (one for one in find(text) if one.has(value) and (not unit or not one.unit or unit == one.unit))


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _unit(text: str | None) -> str:
    """A unit in one form: "yrs" are not read, "years" are "year", "x ULN" is "uln"."""
    folded = re.sub(r"[\s-]|times|the|×", "", (text or "").lower()).removeprefix("x")
    return "uln" if folded.startswith(("uln", "upper")) else folded.removesuffix("s") if len(folded) > 3 else folded
