"""Which lines of a plain-text label are headings.

In: a line and what stands around it. Out: a `Heading` with number and title, or None. Numbered headings ("6.1 Clinical
Trials Experience"), titles alone on an indented line, and the titles of boxed warnings. Left out: levels and parents
(`plain`).
"""

import re
from dataclasses import dataclass

from assistant.reading.plain_lines import Line

_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\s{0,4}\d{1,2}){0,4})\.?(?P<gap>\s+)(?P<title>[^\W\d_]\S*.*)")
_BOXED = re.compile(r"(?:BOXED WARNING:\s*)?(?P<title>WARNINGS?\s*:.*)", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"To report|See\b|\[|\(|item\{|}|Table\b|Figure\b|EXCERPT|http|www\.|[a-z*]|Revised|Manufactured|Distributed|"
    r"Copyright|©|\W*$"
)
_LISTED = re.compile(
    r"(?:disorders?|infestations|conditions|investigations)\s+[-–]\s|\s[-–]\s+[a-z]|:\s*\S|\s\[|;|\.\s+[A-Z]|"
    r",\s+\w+,\s|\bsee\b"
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|should|may|can|will|must|include|includes|including:|occurred|reported|received)\b"
)
_SMALL = re.compile(r"[A-Z]{2}")
_QUESTION = re.compile(r"(?:What|Who|How|When|Why|Where|Before|General|Should|Can|Is)\b.*\?$")
_MOST = 16  # words of a title without a number
_LONGEST = 230  # characters of a numbered title


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's number and cleaned title."""

    title: str
    number: str = ""
    boxed: bool = False


def heading(line: Line, before: Line | None, after: Line | None, *, open_: bool) -> Heading | None:
    """The heading that a line is; `open_` says that it stands apart from the text before it.

    >>> heading(Line("   6.1 Clinical Trials Experience", 0), None, None, open_=True)
    Heading(title='Clinical Trials Experience', number='6.1', boxed=False)
    """
    text = line.stripped
    if len(text) > _LONGEST or not open_ or line.values > 1:
        return None
    return _numbered(line, after) or _boxed(line) or _title(line, after)


def _numbered(line: Line, after: Line | None) -> Heading | None:
    found = _NUMBERED.fullmatch(line.stripped)
    if not found or found["title"].endswith((".", ",", ";")) or (after and after.indent == 0 and _is_lower(after)):
        return None
    number, title = re.sub(r"\s", "", found["number"]), found["title"]
    if "." not in number and not (_SMALL.match(title) or _is_capitalised(title)):
        return None
    if "." in number and not (title[0].isupper() or len(found["gap"]) > 1):
        return None
    return Heading(clean(title), number)


def _boxed(line: Line) -> Heading | None:
    found = _BOXED.fullmatch(line.stripped)
    if not found or line.indent == 0:
        return None
    title = found["title"]
    letters = [char for char in title if char.isalpha()]
    upper = sum(char.isupper() for char in letters)
    return Heading(clean(title), boxed=True) if upper > 0.6 * len(letters) else None


def _title(line: Line, after: Line | None) -> Heading | None:
    text = line.stripped
    if after is not None and (after.stripped and (after.indent == 0 or _is_lower(after))):
        return None
    if line.indent < 2 or line.bullet or len(text.split()) > _MOST or len(text) < 3 or _NO_TITLE.match(text):
        return None
    if _QUESTION.match(text):
        return Heading(clean(text))
    bare = text[:-1] if text.endswith(":") and len(text.split()) <= 4 else text
    if bare.endswith((".", ",", ";", ":", ")}", "]")) or _LISTED.search(bare) or _VERB.search(bare):
        return None
    return Heading(clean(bare)) if re.search(r"[^\W\d_]{2}", bare) and _is_titled(bare, line.indent) else None


def _is_titled(text: str, indent: int) -> bool:
    """A title is indented as inner styles are, or written in capitals."""
    return indent >= 3 or _is_capitalised(text)


def _is_capitalised(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and sum(char.isupper() for char in letters) > 0.7 * len(letters)


def _is_lower(line: Line) -> bool:
    return line.stripped[:1].islower()


def goes_on(line: Line) -> bool:
    """Whether a line goes on the title of a boxed warning: in capitals, and not indented as new blocks are."""
    return line.indent == 0 and _is_capitalised(line.stripped) and len(line.stripped) <= _LONGEST


def clean(text: str) -> str:
    """White space folded, stray blanks before punctuation dropped, a trailing colon too.

    >>> clean("Treatment  -  emergent ADRs  :")
    'Treatment - emergent ADRs'
    """
    return re.sub(r"\s+([,;:)])", r"\1", " ".join(text.split())).rstrip(" :")
