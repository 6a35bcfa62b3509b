"""A drug label as it was read: the untouched source text and what stands where in it.

Every span is half-open and counts Unicode code points of `Label.text`, the canonical source text. What is shown to a
reader is always a slice of it; cleaned strings (`Section.title`, `Cell.text`, `Column.header`) are for searching and
for naming. Left out: how a label is read (`reading`), split (`splitting`) and searched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["heading", "paragraph", "list_item", "table", "legend", "boilerplate"]
FindingKind = Literal[
    "figure_mismatch",  # "a/b (p%)" that doesn't recompute
    "n_above_total",  # an n above the stated N
    "contradiction",  # two statements that can't both hold
    "header_mismatch",  # column heads that disagree with the text, as "Grades ≥3/4"
    "unresolved_table",  # a table whose headers could not be resolved
    "lost_mark",  # a footnote of the legend that no row refers to, or a mark without a footnote
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a label's source text: `start` inclusive, `end` exclusive, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section: its heading and all that stands under it, subsections included."""

    title: str  # cleaned: no number, no reference marks
    number: str = ""  # as "8.6", empty where the label prints none
    code: str = ""  # LOINC, empty where unknown
    kind: str = ""  # slug of the standard section (`sections.tsv`), inherited from the parent where it has none
    level: int = 1  # 1 is the outermost
    parent: int | None = None  # place in Label.sections
    heading: Span
    start: int
    end: int
    patient: bool = False  # a patient document (medication guide, patient information, instructions for use)
    highlights: bool = False  # stands in Highlights


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, list item, heading, table or legend; blocks don't overlap and stand in text order."""

    kind: BlockKind
    start: int
    end: int
    section: int  # place in Label.sections of the innermost section
    list: int | None = None  # list items of one list share a number
    level: int = 0  # depth of a list item, 1 is the outermost
    lead: int | None = None  # for a list item: place in Label.blocks of the sentence that introduces the list
    table: int | None = None  # place in Label.tables
    page: int | None = None  # 1-based, where the source has pages
    highlights: bool = False  # an excerpt for Highlights: never preferred over the full section


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value of a row, verbatim: "<1", "-" and "NA" stay as printed and a blank is an empty text."""

    text: str  # without footnote marks
    start: int
    end: int  # of the cell in the source text, marks included; equal to `start` for a blank cell
    column: int  # place in Table.columns
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of values: its header path from the outermost header down."""

    header: tuple[str, ...]  # as ("BESPONSA monotherapy (n=53)", "All grades, %")
    unit: str = ""  # as "%", "mg", "n (%)", from the header; empty where none is printed
    n: str = ""  # as "53", from the header path
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """A note under a table. `certain` says whether its mark stands both in the legend and at a row or header."""

    mark: str  # empty where the legend lost it
    text: str
    start: int
    end: int
    certain: bool = True
    rows: tuple[int, ...] = ()  # places in Table.rows that carry the mark; empty means the whole table or unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A data row. A group row ("Gastrointestinal disorders") is never a row, it is the `group` of those under it."""

    label: str  # without footnote marks
    start: int
    end: int  # of the whole row in the source text
    group: tuple[str, ...] = ()  # group rows above it, outermost first
    cells: tuple[Cell, ...] = ()
    marks: tuple[str, ...] = ()
    n: str = ""  # where the row states its own n, as in a column headed "n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as data. Where `resolved` is false the headers could not be told: it is shown whole, no value is offered."""

    caption: str  # cleaned; empty where there is none
    caption_span: Span | None = None
    start: int
    end: int
    section: int  # place in Label.sections
    row_head: str = ""  # header of the column of row labels, as "Adverse reaction"
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    resolved: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """An abbreviation and its meaning, as the label itself gives them."""

    short: str
    long: str
    start: int
    end: int  # of the whole "short=long" or "long (short)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something in the label that a reader should check; the text itself is never altered."""

    kind: FindingKind
    message: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One version of one labeler's label of one product."""

    id: str  # slug
    name: str  # product name as printed, as "BESPONSA"
    generic: str = ""
    names: tuple[str, ...] = ()  # every other name it goes by: brands, generics, active ingredients
    kind: str = "prescription label"
    format: str  # "page", "spl", "text", "html", "pdf" or "openfda"
    set_id: str = ""
    version: str = ""
    effective: str = ""  # ISO 8601 date, or as much of it as is known
    labeler: str = ""
    approval_code: str = ""
    copyright: str = ""
    file: str = ""  # name of the source file
    sha256: str  # of the source file's bytes
    text: str = field(repr=False)  # the canonical source text
    sections: tuple[Section, ...] = ()  # in text order; a section follows its parent
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    definitions: tuple[Definition, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __hash__(self) -> int:
        return hash(
            (self.id, self.sha256)
        )  # what is remembered of a label is looked up often: not by all that it holds

    def path(self, section: int) -> tuple[str, ...]:
        """The titles from the outermost section down to this one, numbers in front where printed."""
        return tuple(_titled(self.sections[place]) for place in self.lineage(section))

    def lineage(self, section: int) -> tuple[int, ...]:
        """The places of a section and its ancestors, outermost first."""
        return tuple(self._ancestors(section))[::-1]

    def explained(self, text: str) -> list[str]:
        """What the abbreviations in a text stand for, by the label's own definitions."""
        return [
            one.long
            for one in self.definitions
            if one.short in text and re.search(rf"(?<![\w-]){re.escape(one.short)}(?![\w-])", text)
        ]

    def _ancestors(self, section: int) -> Iterator[int]:
        place: int | None = section
        while place is not None:
            yield place
            place = self.sections[place].parent


def _titled(section: Section) -> str:
    return f"{section.number} {section.title}".strip()
