"""Printed lines: the words that stand on one line, which are raised, and how lines join.

In: words of one column or cell. Out: `Line`s from top to bottom, and `joined`, lines as running text of SPL elements.
A hyphen at the end of a line stays where the text prints the word with it elsewhere. Left out: columns (`pdf_columns`),
what a line is (`pdf_pieces`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from lxml import etree

from assistant.reading.html_elements import add_text
from assistant.reading.html_outline import made
from assistant.reading.pdf_words import Word

_SMALL = 0.85  # of the line's size: a mark or power
_BLANK = 0.12  # of the size: a gap this wide parts words
_HYPHENED = re.compile(r"(?:.*[^\w-]|^)(?P<before>[\w-]*[A-Za-z])-$")
_KEEPING = re.compile(  # before a hyphen that is the word's own
    r"(?:non|post|self|well|low|high|long|short|dose|follow|once|twice|half|two|three|four|single|time|age|body|risk|life|"
    r"drug|treatment|placebo|first|second|third|veno|embryo|graft|infusion|cell|blood|late|early|open|double|[a-z])",
    re.IGNORECASE,
)
_SOFT = "\u00ad"


@dataclass(frozen=True)
class Line:
    """One printed line; places in points from the upper left."""

    words: tuple[Word, ...]  # from left to right
    page: int  # 1-based
    left: float  # of the column
    right: float

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @cached_property
    def size(self) -> float:
        """The size of most of its characters."""
        return _main_size(self.words)

    @cached_property
    def top(self) -> float:
        return min(word.top for word in self.words if word.size >= _SMALL * self.size)

    @cached_property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words if word.size >= _SMALL * self.size)

    @cached_property
    def text(self) -> str:
        return "".join(f"{blank}{word.text}" for blank, word in _spaced(self)).strip()

    @property
    def bold(self) -> bool:
        """Whether every word with a letter in it is bold."""
        lettered = [word.bold for word in self.words if any(char.isalpha() for char in word.text)]
        return bool(lettered) and all(lettered)


def lines(words: Iterable[Word], page: int, left: float, right: float) -> list[Line]:
    """The words as lines, from top to bottom."""
    rows: list[list[Word]] = []
    sized = sorted(words, key=lambda word: (word.top + word.bottom) / 2)
    size = _main_size(sized)
    small = [word for word in sized if word.size < _SMALL * size]
    for word in (word for word in sized if word.size >= _SMALL * size):
        if rows and _share(rows[-1][0], word) > 0.5:
            rows[-1].append(word)
        else:
            rows.append([word])
    loose = [word for word in small if not _attached(word, rows)]
    done = [_line(row, page, left, right) for row in rows]
    if loose:
        done.extend(lines(loose, page, left, right) if len(loose) < len(sized) else [_line(loose, page, left, right)])
    return sorted(done, key=lambda line: line.top)


def _line(row: list[Word], page: int, left: float, right: float) -> Line:
    return Line(tuple(sorted(row, key=lambda word: word.x0)), page, left, right)


def _main_size(words: Sequence[Word]) -> float:
    counted: dict[float, int] = {}
    for word in words:
        size = round(word.size, 1)
        counted[size] = counted.get(size, 0) + len(word.text)
    return max(counted, key=lambda size: (counted[size], size), default=0.0)


def _share(one: Word, other: Word) -> float:
    """How much of the lower word's height stands beside the other."""
    height = min(one.bottom - one.top, other.bottom - other.top)
    return (min(one.bottom, other.bottom) - max(one.top, other.top)) / height if height > 0 else 0.0


def _attached(word: Word, rows: list[list[Word]]) -> bool:
    """Whether a small word stands in one of the rows, to which it is added."""
    near = [row for row in rows if _share(row[0], word) > 0.3 and _is_near(word, row)]
    if not near:
        return False
    max(near, key=lambda row: _share(row[0], word)).append(word)
    return True


def _is_near(word: Word, row: list[Word]) -> bool:
    return any(min(abs(word.x0 - other.x1), abs(other.x0 - word.x1)) < 2 * other.size for other in row)


def _spaced(line: Line) -> Iterable[tuple[str, Word]]:
    """The words with what stands before each: a blank or nothing."""
    yield "", line.words[0]
    for before, word in pairwise(line.words):
        yield " " if word.x0 - before.x1 > _BLANK * line.size else "", word


def joined(run: Sequence[Line], known: frozenset[str], tag: str = "paragraph", breaks: bool = False) -> etree._Element:
    """Lines as running text; `known` are the words of the whole document, `breaks` keeps the ends of lines."""
    done = made(tag)
    pending = ""  # of the last line: what stands between it and the next
    for place, line in enumerate(run):
        add_text(pending, done)
        following = run[place + 1] if place + 1 < len(run) else None
        end = _end(line, following, known) if following is not None else None
        for blank, word in _spaced(line):
            last = word is line.words[-1]
            add_text(blank, done)
            _add(word, word.text[:-1] if last and end == "" else word.text, line, done)
        pending = "" if end is not None else " "
        if breaks and end is None and following is not None:
            done.append(made("br"))
            pending = ""
    return done


def _end(line: Line, following: Line, known: frozenset[str]) -> str | None:
    """What becomes of a hyphen at a line's end: "" takes it off, "-" keeps it; None where the line ends with a word."""
    text, after = line.text, following.words[0].text
    if text.endswith(_SOFT):
        return ""
    found = _HYPHENED.match(text)
    if found is None or not after[0].isalnum():
        return None
    head, tail = found["before"], re.match(r"[\w-]*", after)
    rest = tail.group() if tail else ""
    if f"{head}-{rest}".lower() in known or not rest[:1].islower():
        return "-"
    if f"{head}{rest}".lower() in known:
        return ""
    return "-" if "-" in head or _KEEPING.fullmatch(head) else ""


def vocabulary(every: Iterable[Line]) -> frozenset[str]:
    """Every word that stands within a line, in lower case, with and without its hyphens' parts."""
    found: set[str] = set()
    for line in every:
        parts = re.findall(r"[^\W_](?:[\w-]*[^\W_])?", line.text.lower())
        broken = 1 if line.text.endswith(("-", _SOFT)) else 0
        found.update(parts[: len(parts) - broken] if broken else parts)
    return frozenset(found)


def _add(word: Word, text: str, line: Line, into: etree._Element) -> None:
    """Adds a word: raised, or with emphasis where it has some; words set alike stand in one element."""
    text = text.replace(_SOFT, "")
    if word.size < _SMALL * line.size and any(other.size >= _SMALL * line.size for other in line.words):
        raised = (word.top + word.bottom) / 2 < (line.top + line.bottom) / 2
        into.append(made("sup" if raised else "sub", text))
        return
    style = "bold" if word.bold else "italics" if word.italic else ""
    last = into[-1] if len(into) else None
    if not style:
        add_text(text, into)
    elif last is not None and last.get("styleCode") == style and not (last.tail or "").strip():
        last.text, last.tail = (last.text or "") + (last.tail or "") + text, None
    else:
        into.append(made("content", text, styleCode=style))
