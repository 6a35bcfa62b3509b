"""A plain-text label line by line: where each line stands, its printed pieces and what kind of line it is.

In: the text. Out: `split_lines` (exact places), `Line.pieces` (what stands between gaps of two blanks or more) and
the small tests that `plain_regions`, `plain_headings` and `fixed_width` share. Left out: anything that needs more
than one line.
"""

import re
from dataclasses import dataclass
from functools import cached_property

_BREAK = re.compile(r"\r\n|\n|\r")
_PIECE = re.compile(r"\S+(?:[ \t\u00a0]\S+)*")
_CAPTION = re.compile(
    r"\s*(?:Table|TABLE)[ \u00a0]*\d{1,3}[A-Za-z]?(?:[ \t]*[.:–—-]+[ \t]*\S|[ \t]+[A-Z>≥<(%\d]|[ \t]*[:.]?[ \t]*$)"
)
_MARKER = re.compile(r"\s*#{3,}\s*SECTION:\s*(.*?)\s*$")
_BULLET = re.compile(
    r"\s*(?:[*•·▪◦‣●○■-]|–|item\{|\d{1,2}\)|\d{1,2}\.(?!\d)|\((?:[a-qs-z]|\d{1,2})\)(?=\s+[A-Z]))\s+(?=\S)|\s*[•·▪◦‣●○■]\s*(?=\S)"
)
_VALUE = re.compile(
    r"(?:[nN]\s*=\s*(?=\d+(?: \d+)? ?\(\d))?[<>≤≥=~±+\-–—−(\[]*\s*\$?(?:\d[\d,.]*|\.\d+)"  # the first number
    r"(?:[\d\s,.%()\[\]<>=≤≥±+/\-–—−:;*?†‡§#]|\b[nNpP]\s*[=<>≤≥]|\bto\b|\bCI\b|\bULN\b)*"
    r"[a-z]?"
)
_EMPTY_VALUE = re.compile(r"(?:[-–—−]{1,3}|N/?A|NR|NE|ND|NC|NS|n/a|\.{3})[a-z*†‡§]?")
_COUNT = re.compile(r"\(?\s*[nN]\s*=\s*[\d,]+\s*\)?")
_POWER = re.compile(r"[2369]|12")
_BASE = re.compile(r"(?:/|\b)(?:mm|cm|m)$|[*×x ]\s?10$")
_LONGEST = 4000  # characters; a longer line is prose and isn't cut into pieces
_MARK = re.compile(r"[a-zS]|\*{1,4}|[†‡§¶#^?]{1,3}|[a-z](?:, ?[a-z])+|\d(?:,\d)*")


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands between two gaps of a line, with its place in the text."""

    text: str
    start: int
    end: int

    @property
    def is_value(self) -> bool:
        """A number, a range, "3 (1.2%)", or a sign that there is none, as "-" and "NA"."""
        return is_value(self.text)

    @property
    def is_mark(self) -> bool:
        return _MARK.fullmatch(self.text) is not None


@dataclass(frozen=True)
class Line:
    """One line without its line break."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @cached_property
    def stripped(self) -> str:
        return self.text.strip()

    @cached_property
    def first(self) -> int:
        """Place of the first printed character; the line's start where there is none."""
        return self.start + len(self.text) - len(self.text.lstrip()) if self.stripped else self.start

    @property
    def last(self) -> int:
        """Place after the last printed character."""
        return self.first + len(self.stripped)

    @property
    def indent(self) -> int:
        return self.first - self.start

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        if len(self.text) > _LONGEST:
            return (Piece(self.stripped, self.first, self.last),)
        found: list[Piece] = []
        for match in _PIECE.finditer(self.text):
            start, end = match.span()
            if found and _is_torn(found[-1].text, match.group(), start + self.start - found[-1].end):
                start = found.pop().start - self.start
            found.append(Piece(self.text[start:end], self.start + start, self.start + end))
            if len(found) > 1 and _is_closing(*found[-2:]):
                start = found[-2].start - self.start
                found[-2:] = [Piece(self.text[start:end], self.start + start, self.start + end)]
            if _is_cut_up(found):
                before, letter, rest = found[-3:]
                found[-3:] = [Piece(f"{before.text} {letter.text}{rest.text}", before.start, rest.end)]
        return tuple(found)

    @cached_property
    def is_caption(self) -> bool:
        """Whether the line opens with a table number and a title, not a sentence about a table."""
        return len(self.text) < 2000 and _CAPTION.match(self.text) is not None

    @cached_property
    def marker(self) -> str | None:
        """The name in "##### SECTION: name"; None on any other line."""
        match = _MARKER.match(self.text) if "#" in self.text[:80] else None
        return match.group(1) if match else None

    @cached_property
    def bullet(self) -> int:
        """Length of the bullet and the blanks before it, 0 for a line that is no list item."""
        match = _BULLET.match(self.text[:200])
        return match.end() if match else 0

    @cached_property
    def values(self) -> int:
        """How many values close the line, footnote marks between them not counted."""
        return _count_values(self.pieces)


def _is_closing(before: Piece, after: Piece) -> bool:
    """Whether a piece closes a bracket that the one before opens: "(18 weeks  c  )"."""
    opens = before.text.count("(") > before.text.count(")") and after.text.count(")") > after.text.count("(")
    return opens and after.start - before.end <= 4 and len(after.text) < 12


def _is_cut_up(found: list[Piece]) -> bool:
    """Whether the last pieces are a word whose first letter has a style of its own: "Any    a    dverse"."""
    if len(found) < 3 or len(found[-2].text) > 1 or not found[-2].text.islower() or not found[-1].text[0].islower():
        return False
    return found[-2].start - found[-3].end <= 4 and found[-1].start - found[-2].end <= 4


def _is_torn(before: str, after: str, gap: int) -> bool:
    """Whether two pieces are one word or count that the text tore apart: "DYSPORT  (r)  500 Units", "n=    445"."""
    if after in ("(r)", "(R)", "(tm)", "®", "™") or after[0] in ")]" or after in (",", ";", "."):
        return gap <= 4
    if _POWER.fullmatch(after) and gap == 2 and _BASE.search(before):
        return not is_value(before)
    return (before.endswith(("(r)", "®")) and gap <= 4) or (bool(re.search(r"\b[nN]\s*=$", before)) and gap <= 6)


def split_lines(text: str) -> list[Line]:
    """The lines in order; only the three line breaks of text files count.

    >>> [(line.text, line.start) for line in split_lines("a\\r\\nb\\n")]
    [('a', 0), ('b', 3), ('', 5)]
    """
    lines, start = [], 0
    for match in _BREAK.finditer(text):
        lines.append(Line(text[start : match.start()], start))
        start = match.end()
    return [*lines, Line(text[start:], start)]


def is_value(text: str) -> bool:
    """Whether a piece of a table line is a value: "54", "<1", "10 (1.8%)", "0.69 (0.60, 0.80)", "-", "NA".

    >>> [is_value(text) for text in ("10 (1.8%)", "-", "n (%)", "(N=12)", "24 mg/day")]
    [True, True, False, False, False]
    """
    if len(text) > 60 or _COUNT.fullmatch(text):
        return False
    if text.count("(") != text.count(")") or text.count("[") != text.count("]"):
        return False
    return _EMPTY_VALUE.fullmatch(text) is not None or _VALUE.fullmatch(text) is not None


def is_count(text: str) -> bool:
    """Whether a piece is nothing but a number of patients, as "(N=359)"."""
    return _COUNT.fullmatch(text) is not None


def _count_values(pieces: tuple[Piece, ...]) -> int:
    found = 0
    for piece in reversed(pieces):
        if piece.is_value:
            found += 1
        elif not piece.is_mark:
            break
    return found
