"""Text into pieces: what is cited, what is the figure, and what a reader could not see.

In: a slice of a label's text and where it starts. Out: `Piece`s that join to the same slice. Direction characters
(https://www.unicode.org/reports/tr9/) and those without width get pieces of their own, since they can turn "14" into
"41" on the screen or hide between digits. Left out: how a piece looks (`templates/parts.html`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.label import Span

_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PLACE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_NUMBER = re.compile(r"1-8\d\d-(?:\d{3}-\d{4}|[A-Z]{3}-\d{4})|\b911\b")
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text that looks the same from end to end."""

    text: str
    cited: bool = False
    figure: bool = False  # the words that answer
    control: bool = False  # one character that can't be seen, to be shown by its name
    anchor: str = ""  # id of the element, on the first cited piece only

    @property
    def name(self) -> str:
        """The code point of a control, as "U+202E"."""
        return f"U+{ord(self.text):04X}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What to mark in a label: the cited stretch and, inside it, the figures."""

    cited: Span | None = None
    figures: tuple[Span, ...] = ()

    @property
    def anchor(self) -> str:
        """The id that a link to the cited stretch names."""
        return f"c-{self.cited.start}-{self.cited.end}" if self.cited else ""


def pieces(text: str, start: int, marks: Marks) -> tuple[Piece, ...]:
    """Cut `text`, which stands at `start` of its label, wherever its look changes."""
    end = start + len(text)
    spans = [span for span in (marks.cited, *marks.figures) if span]
    cuts = {start, end}
    cuts |= {place for span in spans for place in (span.start, span.end) if start < place < end}
    cuts |= {start + place for match in _UNSEEN.finditer(text) for place in match.span()}
    return tuple(_piece(text[a - start : b - start], a, marks, start) for a, b in pairwise(sorted(cuts)))


def _piece(text: str, place: int, marks: Marks, start: int) -> Piece:
    cited = marks.cited is not None and marks.cited.start <= place < marks.cited.end
    first = marks.cited is not None and cited and place == marks.cited.start
    return Piece(
        text=text,
        cited=cited,
        figure=any(figure.start <= place < figure.end for figure in marks.figures),
        control=bool(_UNSEEN.fullmatch(text)),
        anchor=marks.anchor if first else "",
    )


def place(value: str, length: int) -> Span | None:
    """The span that "START-END" names in a text of this length, None where it names none.

    >>> place("3-7", 10)
    Span(start=3, end=7)
    """
    match = _PLACE.fullmatch(value)
    if not match:
        return None
    start, end = int(match[1]), int(match[2])
    return Span(start=start, end=end) if start < end <= length else None


def visible(value: object) -> object:
    """Text with every character that can't be seen written as its name; anything else as it is.

    >>> visible("1\u202e2")
    '1[U+202E]2'
    """
    if isinstance(value, str) and not hasattr(value, "__html__") and _UNSEEN.search(value):
        return _UNSEEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", value)
    return value


def numbers(text: str) -> Iterator[tuple[str, str]]:
    """Text in runs, each with what to dial: empty for words, digits for a telephone number.

    >>> list(numbers("Call 1-800-FDA-1088."))
    [('Call ', ''), ('1-800-FDA-1088', '+18003321088'), ('.', '')]
    """
    at = 0
    for match in _NUMBER.finditer(text):
        if at < match.start():
            yield text[at : match.start()], ""
        yield match[0], dial(match[0])
        at = match.end()
    if at < len(text):
        yield text[at:], ""


def dial(number: str) -> str:
    """A printed telephone number as a `tel:` link takes it."""
    digits = number.translate(_KEYS).replace("-", "")
    return digits if len(digits) == 3 else f"+{digits}"


def overlaps(span: Span | None, start: int, end: int) -> bool:
    """Whether a span and a half-open stretch share a character."""
    return span is not None and span.start < end and start < span.end


def any_overlaps(spans: Sequence[Span], start: int, end: int) -> bool:
    """Whether any of the spans shares a character with a half-open stretch."""
    return any(overlaps(span, start, end) for span in spans)
