"""The words of a fixed-width table without what is printed into them: marks, glued counts, glued notes.

In: pieces of a head, label or value. Out: `Name`, the cleaned text with its marks and the note that the text printed
right behind it, as "Back painBack pain includes ...". A letter is a mark where the legend has it; one that is glued to
its word only where the label knows the word without it. Left out: notes of the legend (`plain_legends`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.label import Footnote
from assistant.reading.plain_heads import join
from assistant.reading.plain_lines import Line, Piece
from assistant.reading.plain_rows import TextCell

IsGlued = Callable[[str, str], bool]  # whether the label knows the first word and not the second

_GLUED = (
    (re.compile(r"(?<=[^\W_])(?=[Nn] ?= ?\d)"), " "),  # "PlaceboN=646"
    (re.compile(r"(?<=[\w)])(?=\((?:[Nn] ?=|%\)|n ?\())"), " "),  # "Placebo(N=85)", "Grades(%)"
    (re.compile(r"(?<=\w)([*†‡§]{1,3})(?=\(|[Nn] ?=)"), r"\1 "),  # "BID*N = 229"
    (re.compile(r"(?<=[a-z)\d])(?=n ?\(%\)|n/N)"), " "),  # "Grade 1-4n (%)"
    (re.compile(r"(?<=[a-z)\d])(?=%$)"), " "),  # "All Grades%"
    (re.compile(r"([Nn] ?= ?\d[\d,]*)(?=[%A-Za-z(])"), r"\1 "),  # "N=102% of patients"
    (re.compile(r"(?<=\))(?=n ?\(|%|[Nn] ?=)"), " "),  # "(N=495)%"
    (re.compile(r"(?<=[a-z])(?=\((?:[A-Za-z]{4}|\d))"), " "),  # "Reaction(Preferred Term)", "Ratio(95% CI)"
    (re.compile(r"(?<=\(%\))(?=[\dA-Za-z])"), " "),  # "n (%)2.5 mg"
    (re.compile(r"(?<=\d)( ?(?:mg|mcg|mL))(?=(?:once|twice|daily|every|vs|or)\b)"), r"\1 "),  # "5 mgtwice daily"
    (re.compile(r"(?<=\d)(?=[A-Z][a-z]{2})"), " "),  # "ADVANCE-3Hip Replacement"
    (re.compile(r"(?<=\bbid)(?=\d)"), " "),  # "2.5 mg po bid35 days"
    (re.compile(r"\b((?:[Aa]ny|[Aa]ll)?(?:Grades?|Week|Day|Cycle|Study|Per|or))(?=\d)"), r"\1 "),  # "Grade3-4", "or30"
)
_DOSE = re.compile(
    r"\b([A-Za-z]{3,})(?=\d[\d.,/]*(?: or \d+)? ?(?:mg|mcg|g|mL|[Uu]nits?|minutes)\b)"
)  # "YERVOY3 mg/kg"
_HUMP = re.compile(r"\b([A-Za-z][a-z]+)(?=([A-Z][a-z]+))")  # "AnyGrade"
_SHARE = re.compile(r"(?:n )?\(?%\)?")
_GLUED_N = re.compile(r"[nN] ?= ?([\d ]+?) ?\((\d[\d.]*)%\)")  # "n=78513 (1.7%)", which is 13 of 785
_UNIT_BEFORE = re.compile(r"(?:\bm|\bcm|10)$")
_WORD_END = re.compile(r"\b(?!grade|study|stage|type|part|week|cycle|phase|period)[a-z]{4,}\)?$")
_END_SIGN = re.compile(r"(?<=[\w)%])(?: ?([*†‡§¶#?]{1,3})| ([a-z]|\d)|(?<=[a-z])(S))$")
_END_LETTERS = re.compile(r"(?<=[a-z)])([a-z](?:,[a-z])+)$")
_INNER_LETTER = re.compile(r" ([a-z]) ?(?=\)$)")
_VALUE_MARK = re.compile(r"(?<=[\d)%A-Z])\s?(?:[*†‡§¶?#]{1,3}|[a-z])$")
_GLUED_NOTE = re.compile(r"(?<=[a-z)])(?=[A-Z][a-z]+ \S+ \S+ \S+ )")
_SENTENCE = re.compile(r"\b(?:includes?|were|was|are|is|refers? to|defined|based on)\b")
_NOTE_END = re.compile(r"\.(?=\s+[a-z(]|\s*$)|\s?\(%\)$")


@dataclass(frozen=True, slots=True)
class Name:
    """A cleaned text, its marks, and the note that was glued to it."""

    text: str
    marks: tuple[str, ...] = ()
    note: Footnote | None = None


class Names:
    """Reads the words of one table with the marks of its legend and the words of its label."""

    def __init__(self, marks: set[str], is_glued: IsGlued) -> None:
        self._marks = marks
        self._is_glued = is_glued

    def head(self, pieces: Sequence[Piece]) -> Name:
        kept, marks = self._kept(pieces)
        text, note = _without_note(join(kept), kept)
        for pattern, blank in _GLUED:
            text = pattern.sub(blank, text)
        text, inner = self._unmarked(self._parted(text))
        text, more = self._bare(text)
        return Name(text, (*inner, *more, *marks), note)

    def _parted(self, text: str) -> str:
        """A head with blanks between words that the label knows apart, and before a glued dose."""
        text = _DOSE.sub(r"\1 ", text)
        return _HUMP.sub(lambda hump: f"{hump[1]} " if self._is_glued(hump[1], hump[1] + hump[2]) else hump[0], text)

    def _unmarked(self, text: str) -> tuple[str, tuple[str, ...]]:
        """A head or caption without mark letters glued to words inside it."""
        marks: list[str] = []
        words = text.split(" ")
        for place, word in enumerate(words[:-1]):
            if len(word) < 2 or word[-1] not in self._marks or not word[-1].isalpha():
                continue
            last = len(words) - place < 4 and _SHARE.fullmatch(" ".join(words[place + 1 :]))
            if (word[-2].isdigit() and last) or (len(word) > 4 and self._is_glued(word[:-1], word)):
                words[place] = word[:-1]
                marks.append(word[-1])
        return " ".join(words), tuple(marks)

    def label(self, pieces: Sequence[Piece]) -> Name:
        if not pieces:
            return Name("")
        kept, marks = self._kept(pieces)
        text, note = _without_note(join(kept), kept)
        text, more = self._bare(text)
        return Name(text, (*more, *marks), note)

    def value(self, cell: TextCell) -> Name:
        text = _without_n(" ".join(piece.text for piece in cell.pieces))
        marks = tuple(mark.text for mark in cell.marks)
        found = _VALUE_MARK.search(text)
        if not found or text[: found.start()] in ("", "-"):
            return Name(text, marks)
        mark = found.group().strip()
        known = not mark.isalpha() or mark in self._marks or not self._marks
        return Name(text[: found.start()], (mark, *marks)) if known else Name(text, marks)

    def caption(self, line: Line | None) -> Name:
        if line is None:
            return Name("")
        piece = Piece(line.stripped, line.first, line.last)
        text, note = _without_note(" ".join(line.stripped.split()), [piece])
        text, inner = self._unmarked(text)
        text, marks = self._bare(text)
        return Name(text.rstrip(" ,"), (*inner, *marks), note)

    def _kept(self, pieces: Sequence[Piece]) -> tuple[list[Piece], list[str]]:
        """The pieces that are words, and the marks between and behind them."""
        kept: list[Piece] = []
        marks: list[str] = []
        for place, piece in enumerate(pieces):
            following = pieces[place + 1].text if place + 1 < len(pieces) else ""
            if place and self._is_mark(piece, following, pieces[place - 1].text):
                marks += re.split(", ?", piece.text)
            else:
                kept.append(piece)
        return kept, marks

    def _is_mark(self, piece: Piece, following: str, before: str) -> bool:
        if "," in piece.text and set(re.split(", ?", piece.text)) <= self._marks:
            return True
        if piece.text.replace(",", "").isdigit() and "," in piece.text:
            return False
        if not piece.is_mark or following[:1].islower() or _UNIT_BEFORE.search(before):
            return False
        last = not following and (piece.text.isalpha() or bool(_WORD_END.search(before)))
        return piece.text in self._marks or last or not (self._marks or piece.text.isdigit())

    def _bare(self, text: str) -> tuple[str, tuple[str, ...]]:
        """A text without the marks at its end and with single blanks."""
        text = re.sub(r"\s+(?=[),])", "", " ".join(text.split())).rstrip(" ,")
        marks: list[str] = []
        inner = _INNER_LETTER.search(text)
        if inner and inner.group(1) in self._marks:
            text, marks = text[: inner.start()] + text[inner.end() :], [inner.group(1)]
        while found := _END_SIGN.search(text):
            mark = next(group for group in found.groups() if group)
            if (
                mark.isalnum()
                and mark != "S"
                and (mark not in self._marks or _UNIT_BEFORE.search(text[: found.start()]))
            ):
                break
            text, marks = text[: found.start()], [mark, *marks]
        text, letters = self._without_letters(text)
        return text, (*letters, *marks)

    def _without_letters(self, text: str) -> tuple[str, tuple[str, ...]]:
        """A text without mark letters glued to its last word."""
        found = _END_LETTERS.search(text)
        if found and set(found.group(1).split(",")) <= self._marks:
            return text[: found.start()], tuple(found.group(1).split(","))
        word = re.split(r"[\s/(]", text)[-1]
        if len(word) < 2 or word[-1] not in self._marks or not word[-1].isalpha():
            return text, ()
        if word[-2].isdigit() or (len(word) > 3 and self._is_glued(word[:-1], word)):
            return text[:-1], (text[-1],)
        return text, ()


def _without_n(text: str) -> str:
    """A value without the n that is glued to its count, where only one cut makes the percentage right.

    >>> _without_n("n=78513 (1.7%)"), _without_n("n=20 (1.7%)")
    ('13 (1.7%)', 'n=20 (1.7%)')
    """
    found = _GLUED_N.fullmatch(text)
    if not found:
        return text
    digits, share = found.group(1).replace(" ", ""), found.group(2)
    places = len(share.partition(".")[2])
    cuts = [
        cut
        for cut in range(1, len(digits))
        if not (digits[cut] == "0" and cut + 1 < len(digits))
        and int(digits[:cut])
        and f"{100 * int(digits[cut:]) / int(digits[:cut]):.{places}f}" == share
    ]
    return f"{digits[cuts[0] :]} ({share}%)" if len(cuts) == 1 else text


def _without_note(text: str, pieces: Sequence[Piece]) -> tuple[str, Footnote | None]:
    """A text and the sentence that was printed right behind its last word without a blank."""
    for place, piece in enumerate(pieces):
        for found in _GLUED_NOTE.finditer(piece.text):
            rest = piece.text[found.start() :] + "".join(f" {after.text}" for after in pieces[place + 1 :])
            if _SENTENCE.search(rest):
                return _cut(pieces, place, found.start(), rest)
    return text, None


def _cut(pieces: Sequence[Piece], place: int, at: int, rest: str) -> tuple[str, Footnote]:
    ends = list(_NOTE_END.finditer(rest))
    stop = ends[-1].start() + (ends[-1].group() == ".") if ends else len(rest)
    before = " ".join([*(piece.text for piece in pieces[:place]), pieces[place].text[:at]])
    begin = pieces[place].start + at
    end = begin + stop if begin + stop <= pieces[place].end else pieces[-1].end
    note = Footnote(mark="", text=rest[:stop].strip(), start=begin, end=end)
    return f"{before} {rest[stop:].strip()}".strip(), note
