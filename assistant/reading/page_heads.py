"""Heads of a flattened table: which words stand over which column of values.

In: the header lines of a table and how many values a row has. Out: `columns`, a header path for each column, the header
of the row labels and whether the heads fit the columns. Heads are set apart by tabs or wide blanks, else cut where a
new head begins: at a capital after a small letter, a unit or a bracket; or each stands on a line of its own. Left out:
where tables stand and their rows (`page_tables`).
"""

import re
from collections.abc import Sequence

from assistant.label import Column
from assistant.reading.page_marks import split_marks

_N = re.compile(r"\b[Nn]\s*=\s*(\d[\d,]*)")
_LEAF_UNIT = re.compile(r"((?:n|No\.)\s*\(%\)|%|mg/dL|mmol/L|days|weeks|months|years)\s*\)?$")
_CONTINUED = re.compile(r"[(\[]|[Nn]\s*=")
_ROW_HEAD = re.compile(
    r"\b(reactions?|events?|system|abnormalit\w+|parameters?|terms?|class|characteristics?|tests?|category|type|"
    r"variables?|end ?points?|measures?|disorders?|organ|laboratory|symptoms?|(?:side )?effects?)\b",
    re.IGNORECASE,
)
_ROW_HEAD_END = re.compile(
    r"(?i)(?:reaction|event|abnormality|parameter|term|class|characteristic|test|category|variable|end ?point|measure|"
    r"disorder|symptom|effect)s?|abnormalities|categories"
)
_UNITS = re.compile(r"(?:n|N|No\.|Number|Patients)\s?\(%\)|n|N|No\.|%")
_ONLY_UNITS = re.compile(rf"(?:{_UNITS.pattern})(?:\s+(?:{_UNITS.pattern}))*")


def columns(heads: Sequence[str], width: int) -> tuple[tuple[Column, ...], str, bool]:
    """One column for each of `width` values, the header of the row labels, and whether every head fits."""
    joined = _joined(heads)
    if (names := _one_a_line(joined, width)) is not None:
        row_head, paths, resolved = names[0], [[name] for name in names[1:]], True
    else:
        row_head, paths, resolved = _paths(joined, width)
    return tuple(_column(tuple(path)) for path in paths), split_marks(row_head)[0], resolved


def segments(text: str) -> list[str]:
    """A header line cut where a new header begins.

    >>> segments("Adverse reaction All grades, % Grades ≥3, %")
    ['Adverse reaction', 'All grades, %', 'Grades ≥3, %']
    >>> segments("n % n %")
    ['n', '%', 'n', '%']
    """
    if "\t" in text or "  " in text:
        return [part.strip() for part in re.split(r"\t+|\s{2,}", text) if part.strip()]
    if _ONLY_UNITS.fullmatch(text):
        return [match.group() for match in _UNITS.finditer(text)]
    cuts: list[list[str]] = [[]]
    for word in text.split():
        if cuts[-1] and (_begins_header(cuts[-1], word) or (len(cuts) == 1 and _ends_row_head(cuts[0][-1], word))):
            cuts.append([])
        cuts[-1].append(word)
    return [" ".join(cut) for cut in cuts if cut]


def has_unit(text: str) -> bool:
    """Whether a line ends in a unit, as a head does and the name of a group doesn't."""
    return bool(_LEAF_UNIT.search(text))


def names_rows(text: str) -> bool:
    """Whether a head is that of the row labels: "Adverse reaction", "Laboratory parameter"."""
    return bool(_ROW_HEAD.search(text)) and len(text.split()) <= 5


def is_leaf(text: str, width: int) -> bool:
    """Whether a line right above the rows heads each of their values, so that it is no group of rows."""
    parts = segments(text)
    if len(parts) < 2 or len(parts) not in (width, width + 1):
        return False
    return "\t" in text or bool(_ONLY_UNITS.fullmatch(text)) or bool(_LEAF_UNIT.search(text)) or bool(_N.search(text))


def _joined(heads: Sequence[str]) -> list[str]:
    """The lines, a head that goes on on the next line put together."""
    joined: list[str] = []
    for head in heads:
        if joined and _CONTINUED.match(head) and "\t" not in head:
            joined[-1] += " " + head  # subtle: "(n=53)" on a line of its own continues the header above it
        else:
            joined.append(head)
    return joined


def _one_a_line(heads: Sequence[str], width: int) -> list[str] | None:
    """The header of the row labels and of each column where every one has a line of its own, else None."""
    if any(len(segments(head)) != 1 for head in heads):
        return None
    if len(heads) == width + 1 and (width > 1 or names_rows(heads[0])):
        return list(heads)
    if width == 1:
        return None
    return ["", *heads] if len(heads) == width and not _ROW_HEAD.search(heads[0]) else None


def _paths(heads: Sequence[str], width: int) -> tuple[str, list[list[str]], bool]:
    paths: list[list[str]] = [[] for _ in range(width)]
    row_head, resolved = "", bool(heads)
    for place, head in enumerate(heads):
        row_part, spans = _spread(segments(head), width, leaf=place == len(heads) - 1)
        row_head = row_part or row_head
        resolved = resolved and bool(spans)
        for path, span in zip(paths, spans, strict=False):
            path.append(span)
    return row_head, paths, resolved


def _begins_header(before: list[str], word: str) -> bool:
    last = before[-1]
    if word[0].isupper():
        ended = last[0].islower() or last[-1] in "%)*†‡§¶#‖|"
        return ended or (last.isupper() != word.isupper() and not last[0].isupper())
    return word in ("n", "%") and last[-1] in "%)"


def _ends_row_head(last: str, word: str) -> bool:
    """Whether the header of the row labels is whole: "Adverse Reaction" before "Drug", not "Organ" before "Class"."""
    return word[0].isupper() and bool(_ROW_HEAD_END.fullmatch(last)) and not _ROW_HEAD_END.fullmatch(word)


def _spread(parts: list[str], width: int, *, leaf: bool) -> tuple[str, list[str]]:
    """The header of the row labels, and one header a column: a header over several columns is repeated."""
    if len(parts) == width + 1:
        return parts[0], parts[1:]
    if len(parts) == width and not (not leaf and _ROW_HEAD.search(parts[0])):
        return "", parts
    row_part = ""
    if len(parts) > 1 and _ROW_HEAD.search(parts[0]):
        row_part, parts = parts[0], parts[1:]
    if not leaf and parts and width % len(parts) == 0:
        each = width // len(parts)
        return row_part, [part for part in parts for _ in range(each)]
    if not leaf and len(parts) > width:
        return row_part, [" ".join(parts)] * width
    return row_part, []


def _column(path: tuple[str, ...]) -> Column:
    """A column; marks of footnotes are taken off its heads."""
    cleaned = [split_marks(head) for head in path]
    heads = tuple(head for head, _ in cleaned)
    unit = _LEAF_UNIT.search(heads[-1]) if heads else None
    count = [match[1] for head in heads for match in _N.finditer(head)]
    return Column(
        header=heads,
        unit=unit[1] if unit else "",
        n=count[-1].rstrip(",") if count else "",
        marks=tuple(dict.fromkeys(mark for _, marks in cleaned for mark in marks)),
    )
