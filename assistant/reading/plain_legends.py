"""The notes under, over or between the lines of a fixed-width table.

In: lines. Out: whether a line is a legend, and `notes`, a legend cut at its marks into footnotes with exact places.
Left out: which row a note belongs to (`tables.resolve`).
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.label import Footnote
from assistant.reading.plain_lines import Line

_SIGN = r"\*{1,4}|[†‡§¶#^?]{1,3}"
_OPEN = re.compile(
    rf"""\s*(?:\*[ \t]{{2,}}(?=\S))?(?:
    (?P<sign>{_SIGN})[ \t]*(?=[A-Z0-9"'(>=<n])
    |(?P<spaced>[a-z]|\d)[ \t]+(?=[A-Z0-9"'><]|n[ ]\()
    |(?P<dotted>[a-z]|\d{{1,2}})[.):][ \t]+(?=[A-Z])
    |[(\[](?P<boxed>[a-z]|\d)[)\]][ \t]*(?=\S)
    |(?P<glued>[a-z\d])(?=[A-Z][a-z])
    |(?P<section>S)[ \t]+(?=[A-Z]))""",
    re.VERBOSE,
)
_INNER = re.compile(
    rf"""(?:
    (?<=[ \t]{{2}})(?P<spaced>[a-z]|\d|{_SIGN})[ \t]+(?=[A-Z0-9"'(>=<])
    |(?<=[.;)a-z0-9][ \t])(?P<sign>[†‡§¶#^?]{{1,3}}|\*{{2,4}})[ \t]*(?=[A-Z])
    |(?<=[.;)\da-z])(?P<tight>[b-z])[ \t]{{2,}}(?=[A-Z0-9])
    |(?<=[ \t])(?P<dotted>[a-z])[.)][ \t]+(?=\S))""",
    re.VERBOSE,
)
_ABBREVIATION = re.compile(r"\s*[A-Za-z][\w%/+* -]{0,24}?\s?(?:=|:(?=\s?[a-z]))\s?\S")
_SENTENCE = re.compile(r"\b(?:includes?|were|was|are|is|refers? to|defined as|based on)\b")
_OPENING = re.compile(
    r"\s*(?:Includes?|Including|Abbreviations?|Notes?|NOTE|Grading|Graded|Subjects? with|Source|Key|Legend)\b"
)


def is_legend(line: Line) -> bool:
    """Whether a line that stands with a table is a note: it has a mark, explains an abbreviation or is a sentence.

    >>> [is_legend(Line(text, 0)) for text in ("   a  Includes the terms: rash", "   Nervous system disorders")]
    [True, False]
    """
    text = line.stripped
    if opens_with_mark(line):
        return True
    if not text or line.values or len(text) < 4:
        return False
    if _OPENING.match(text):
        return True
    if is_spread(line):
        return False
    if _ABBREVIATION.match(text) and "=" in text and not re.search(r"[nN]\s*=\s*\d", text):
        return True
    if len(text.split()) >= 6 and len(line.pieces) == 1 and _SENTENCE.search(text):
        return True
    return (len(text.split()) >= 6 and text.endswith(".")) or bool(re.fullmatch(r"[A-Z]{1,6}: [a-z].*", text))


def is_spread(line: Line) -> bool:
    """Whether a line has three columns or more."""
    gaps = [after.start - before.end for before, after in pairwise(line.pieces)]
    return sum(gap >= 5 for gap in gaps) >= 2 and len(line.pieces[0].text) < 60 and "[" not in line.text


def opens_with_mark(line: Line) -> bool:
    """Whether a line begins as a marked note does: "a  Includes ...", "* Twice daily", "[1] ..."."""
    if _OPEN.match(line.text[:80]) is None or len(line.stripped) <= 8:
        return False
    return not line.values or (line.values == 1 and any(len(piece.text.split()) >= 6 for piece in line.pieces[1:]))


def first_mark(line: Line) -> str:
    """The mark that a legend line begins with; empty where it has none."""
    found = _OPEN.match(line.text)
    return _mark(found) if found else ""


def notes(lines: Sequence[Line]) -> tuple[Footnote, ...]:
    """The footnotes of a legend in text order; a stretch before the first mark has an empty one."""
    return tuple(note for line in lines for note in _cut(line))


def _cut(line: Line) -> list[Footnote]:
    found = []
    opening = _OPEN.match(line.text)
    cuts = [(line.first, opening.end() + line.start, _mark(opening))] if opening else [(line.first, line.first, "")]
    for match in _INNER.finditer(line.text, opening.end() if opening else line.indent):
        mark = _mark(match)
        if _follows([cut[2] for cut in cuts], mark):
            cuts.append((line.start + match.start(), line.start + match.end(), mark))
    ends = [cut[0] for cut in cuts[1:]] + [line.last]
    for (_, body, mark), end in zip(cuts, ends, strict=True):
        text = " ".join(line.text[body - line.start : end - line.start].split())
        stop = line.start + len(line.text[: end - line.start].rstrip())
        if text:
            found.append(Footnote(mark=mark, text=text, start=body, end=stop))
    return found


def _mark(match: re.Match[str]) -> str:
    return next(text for text in match.groupdict().values() if text)


def _follows(before: list[str], mark: str) -> bool:
    """Whether a mark may come next: a sign that isn't there yet, or the letter or number after the last one."""
    if not mark.isalnum():
        return mark not in before
    last = next((other for other in reversed(before) if other.isalnum()), "")
    return ord(mark) == ord(last) + 1 if len(last) == 1 else mark in "a1"
