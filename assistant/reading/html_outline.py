"""Headings and text in reading order become sections and blocks of the canonical text.

In: `Piece`s, in order: a heading with its rank, a part of text, the end of a scope; their elements are those of SPL
text (`spl_blocks`), whatever the format of the source. Out: a `Draft`. What follows "HIGHLIGHTS OF PRESCRIBING
INFORMATION" is marked as Highlights, the list of contents is left out, an emphasised line with nothing under it is no
heading. Left out: where headings come from (`html_pieces`, `pdf_pieces`, `openfda`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from assistant.errors import UnreadableLabel
from assistant.label import BlockKind, Section, Span
from assistant.reading.spl_blocks import Document, Text
from assistant.reading.spl_draft import Draft
from assistant.reading.spl_tables import Tables
from assistant.reading.spl_text import Notes, flat, lines
from assistant.reading.spl_titles import is_patient, titled
from assistant.reading.spl_xml import NAMESPACE

OUTERMOST, BOLD_LINE, RUN_IN = 0, 8, 9  # ranks; h1 to h6 have 1 to 6, a tab or accordion 7
_HIGHLIGHTS = re.compile(r"highlights of prescribing information\b", re.IGNORECASE)
_CONTENTS = re.compile(r"full prescribing information\s*:\s*contents\b|table of contents$", re.IGNORECASE)
_FULL = re.compile(r"full prescribing information\W*$", re.IGNORECASE)
_FIRST = re.compile(r"1\.?\s+indications\b", re.IGNORECASE)
_BARE = Section(title="", heading=Span(start=0, end=0), start=0, end=0)
PAGE = "page"  # attribute of an element: the page on which it begins, 1-based


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading: the smaller its rank, the further out; a scope keeps what follows inside until it is closed."""

    element: etree._Element
    rank: int
    code: str = ""  # LOINC
    scope: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A paragraph, list or table."""

    element: etree._Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """The end of the innermost scope."""


Piece = Heading | Part | Close


def made(tag: str, text: str = "", **attributes: str) -> etree._Element:
    """An element of SPL text; a character that XML can't hold becomes U+FFFD."""
    element = etree.Element(NAMESPACE + tag, attributes)
    element.text = _NO_XML.sub("\ufffd", text) or None
    return element


_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # https://www.w3.org/TR/xml/#charsets


def words(element: etree._Element) -> str:
    """All text of an element, white space folded."""
    return " ".join("".join(map(str, element.itertext())).split())


class PagedDraft(Draft):
    """A draft whose blocks know the page on which they begin."""

    def __init__(self) -> None:
        super().__init__()
        self.page: int | None = None

    def turn(self, element: etree._Element) -> None:
        """Goes on to the page of an element, where it names one."""
        if number := element.get(PAGE):
            self.page = int(number)

    def add(
        self,
        kind: BlockKind,
        start: int,
        section: int,
        *,
        number: int | None = None,
        level: int = 0,
        lead: int | None = None,
        table: int | None = None,
    ) -> None:
        super().add(kind, start, section, number=number, level=level, lead=lead, table=table)
        self.blocks[-1] = replace(self.blocks[-1], page=self.page)


class _PagedText(Text):
    """Text whose elements may say on which page they begin."""

    draft: PagedDraft

    def _block(self, element: etree._Element) -> None:
        self.draft.turn(element)
        super()._block(element)

    def _item(self, item: etree._Element, bullet: str, number: int, level: int, lead: int | None, tight: bool) -> None:
        self.draft.turn(item)
        super()._item(item, bullet, number, level, lead, tight)


@dataclass(frozen=True, slots=True)
class _Open:
    """A section that hasn't ended."""

    place: int
    rank: int
    number: str


def outlined(pieces: Iterable[Piece], file: str) -> Draft:
    """The pieces as a draft; raises UnreadableLabel where nothing is said."""
    outline = _Outline(file)
    outline.write(_settled(_without_contents(list(pieces))))
    if not outline.draft.blocks:
        raise UnreadableLabel(
            "holds no text of a label", place=file, remedy="Give the label itself, not a page about it"
        )
    return outline.draft


class _Outline:
    """Sections while they are open, and the text that gathers until the next heading."""

    def __init__(self, file: str) -> None:
        self.draft = PagedDraft()
        self._document = Document({}, {}, Tables(self.draft, file))
        self._lists = [0]
        self._text = made("text")
        self._open: list[_Open] = []
        self._scopes: list[int] = []  # how many sections are open where each scope begins, its own included
        self._highlights = False

    def write(self, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            if isinstance(piece, Heading):
                self._heading(piece)
            elif isinstance(piece, Part):
                self._text.append(piece.element)
            elif self._scopes:
                self._flush()
                self._leave(self._scopes.pop() - 1)
        self._flush()
        self._leave(0)

    def _leave(self, depth: int) -> None:
        while len(self._open) > depth:
            self.draft.leave(self._open.pop().place)

    def _flush(self) -> None:
        """Writes the text that has gathered; text before any heading is a section without one."""
        text, self._text = self._text, made("text")
        if not len(text):
            return
        place = self._open[-1].place if self._open else self.draft.enter(_BARE, "")
        _PagedText(self.draft, self._document, place, Notes(text, {}), place, lists=self._lists).read(text)
        if not self._open:
            self.draft.leave(place)

    def _heading(self, heading: Heading) -> None:
        found = [line for line in lines(flat(heading.element, Notes(heading.element, {}))) if line.shown]
        shown = " ".join(line.shown for line in found)
        self._flush()
        if _FULL.match(shown):
            self._end_highlights()
            return
        title = titled(found)
        begins = bool(_HIGHLIGHTS.match(shown))
        rank = OUTERMOST if begins else heading.rank
        if begins or (title["number"] and "." not in title["number"]):
            self._end_highlights()
        self._highlights = self._highlights or begins
        self._make_room(title["number"], rank)
        self.draft.turn(heading.element)
        self._enter(replace(_BARE, **title, code=heading.code), shown, rank)
        if heading.scope:
            self._scopes.append(len(self._open))

    def _end_highlights(self) -> None:
        if self._highlights:
            self._leave(self._scopes[-1] if self._scopes else 0)
        self._highlights = False

    def _make_room(self, number: str, rank: int) -> None:
        """Ends the sections that a heading doesn't stand in."""
        base = self._scopes[-1] if self._scopes else 0
        while len(self._open) > base and _ends(self._open[-1], number, rank):
            self._leave(len(self._open) - 1)

    def _enter(self, section: Section, shown: str, rank: int) -> None:
        parent = self._open[-1].place if self._open else None
        above = self.draft.sections[parent] if parent is not None else None
        level = above.level + 1 if above else 1
        patient = bool(above and above.patient) or is_patient(section.code, section.title, level)
        section = replace(section, level=level, parent=parent, patient=patient, highlights=self._highlights)
        self._open.append(_Open(self.draft.enter(section, shown), rank, section.number))


def _ends(section: _Open, number: str, rank: int) -> bool:
    """Whether a heading with this number and rank ends a section: by number where both have one."""
    if number and section.number:
        return not number.startswith(f"{section.number}.")
    return section.rank >= rank


def _without_contents(pieces: list[Piece]) -> list[Piece]:
    """The pieces without a list of contents: up to where the full text, or its first section a second time, begins."""
    start = next((place for place, piece in enumerate(pieces) if _CONTENTS.match(_words(piece))), None)
    if start is None:
        return pieces
    later = range(start + 1, len(pieces))
    end = next((place for place in later if _FULL.match(_words(pieces[place]))), None)
    if end is None:
        firsts = [place for place in later if _FIRST.match(_words(pieces[place]))]
        end = firsts[1] if len(firsts) > 1 else start + 1
    head = made("title", "FULL PRESCRIBING INFORMATION")
    return [*pieces[:start], Heading(element=head, rank=OUTERMOST), *_unscoped(pieces[start:end]), *pieces[end:]]


def _unscoped(dropped: list[Piece]) -> list[Piece]:
    """The ends of scopes that began before the pieces that are dropped."""
    depth = 0
    kept: list[Piece] = []
    for piece in dropped:
        if isinstance(piece, Heading) and piece.scope:
            depth += 1
        elif isinstance(piece, Close):
            kept.extend([piece] if depth == 0 else [])
            depth = max(depth - 1, 0)
    return kept


def _words(piece: Piece) -> str:
    return "" if isinstance(piece, Close) else words(piece.element)


def _settled(pieces: Sequence[Piece]) -> list[Piece]:
    """Emphasised lines that have nothing under them, or that introduce a list, as paragraphs."""
    done: list[Piece] = []
    following: Piece | None = None
    for piece in reversed(pieces):
        if isinstance(piece, Heading) and piece.rank == BOLD_LINE and not _has_text(piece, following):
            piece = Part(element=_paragraph(piece.element))
        following = piece
        done.append(piece)
    return done[::-1]


def _has_text(heading: Heading, following: Piece | None) -> bool:
    if following is None or isinstance(following, Close):
        return False
    if isinstance(following, Heading):
        return following.rank > heading.rank
    return following.element.tag != f"{NAMESPACE}list" or not words(heading.element).endswith(":")


def _paragraph(element: etree._Element) -> etree._Element:
    element.tag = f"{NAMESPACE}paragraph"
    return element
