"""What a label offers at a glance.

In: a `Label`. Out: its outline for the API, its boxed warning, its number for reporting adverse events, its one line of
version and date, and questions to start with. Left out: the label's whole text (`source`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answering.alerts import reporting
from assistant.label import Column, Finding, Label, Row, Section, Span, Table

MEDWATCH = "1-800-FDA-1088"
_WARNING = re.compile(r"^(?:boxed )?warnings?\s*(?::\s*|$)", re.IGNORECASE)
_GENERAL = re.compile(r"(?:warnings|precautions|general|boxed)\b", re.IGNORECASE)
_SHOWN = 140  # characters of a boxed warning that has no title of its own
_EXAMPLES = 4
_CAPITALS = re.compile(r"[A-Z]{2}")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z -]{3,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelLine:
    """One indexed label, as the list of labels gives it."""

    id: str
    name: str
    generic: str
    kind: str
    set_id: str
    version: str
    effective: str
    labeler: str
    approval_code: str
    sha256: str
    characters: int
    sections: int
    tables: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLine:
    """One row of a table: its group, its place and its values by column, as printed; an empty text for a blank."""

    label: str
    group: tuple[str, ...]
    start: int
    end: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLine:
    """One table of a label: what it is called, where it stands, how it is headed."""

    caption: str
    section: int
    start: int
    end: int
    row_head: str
    columns: tuple[Column, ...]
    rows: tuple[str, ...]
    lines: tuple[RowLine, ...]  # empty where the heads could not be told, so that no value is offered
    footnotes: tuple[str, ...]
    resolved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A label's sections, tables and findings; spans are half-open code points of its text."""

    label: LabelLine
    names: tuple[str, ...]
    format: str
    file: str
    copyright: str
    boxed_warning: Span | None
    reporting_number: str
    sections: tuple[Section, ...]
    tables: tuple[TableLine, ...]
    findings: tuple[Finding, ...]


def line_of(label: Label) -> LabelLine:
    """A label's line in the list of labels."""
    return LabelLine(
        id=label.id,
        name=label.name,
        generic=label.generic,
        kind=label.kind,
        set_id=label.set_id,
        version=label.version,
        effective=label.effective,
        labeler=label.labeler,
        approval_code=label.approval_code,
        sha256=label.sha256,
        characters=len(label.text),
        sections=len(label.sections),
        tables=len(label.tables),
        url=f"/labels/{label.id}",
    )


def outline_of(label: Label) -> Outline:
    """A label's outline."""
    boxed = boxed_warning(label)
    return Outline(
        label=line_of(label),
        names=label.names,
        format=label.format,
        file=label.file,
        copyright=label.copyright,
        boxed_warning=Span(start=boxed.start, end=boxed.end) if boxed else None,
        reporting_number=reporting_number(label),
        sections=label.sections,
        tables=tuple(_table_line(table) for table in label.tables),
        findings=label.findings,
    )


def _table_line(table: Table) -> TableLine:
    return TableLine(
        caption=table.caption,
        section=table.section,
        start=table.start,
        end=table.end,
        row_head=table.row_head,
        columns=table.columns,
        rows=tuple(row.label for row in table.rows),
        lines=tuple(_row_line(row, len(table.columns)) for row in table.rows) if table.resolved else (),
        footnotes=tuple(f"{note.mark} {note.text}".strip() for note in table.footnotes),
        resolved=table.resolved,
    )


def _row_line(row: Row, width: int) -> RowLine:
    values = {cell.column: cell.text for cell in row.cells}
    return RowLine(
        label=row.label,
        group=row.group,
        start=row.start,
        end=row.end,
        values=tuple(values.get(place, "") for place in range(width)),
    )


def boxed_warning(label: Label) -> Section | None:
    """The section that holds the boxed warning, None where the label has none."""
    by_kind = (section for section in label.sections if section.kind.startswith("boxed") and not section.patient)
    by_title = (section for section in label.sections if re.match(r"(?:boxed )?warning:", section.title, re.IGNORECASE))
    return next(by_kind, None) or next(by_title, None)


def warning_title(label: Label, section: Section) -> str:
    """What a boxed warning is about: its title without the word "WARNING", else how it begins."""
    title = _WARNING.sub("", section.title, count=1).strip(" :")
    return title or _beginning(label.text[section.heading.end : section.end])


def _beginning(text: str) -> str:
    line = next((line.strip(" \t•:") for line in text.splitlines() if line.strip(" \t•:")), "")
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN].rsplit(' ', 1)[0]} …"


def reporting_number(label: Label | None) -> str:
    """The number that the label prints for reporting adverse events, else MedWatch's."""
    found = reporting(label) if label else None
    return found[0] if found else MEDWATCH


def version_line(label: Label) -> str:
    """Generic name, kind, approval code or version, and date, as far as they are known."""
    version = label.approval_code or (f"version {label.version}" if label.version else "")
    return " · ".join(part for part in (label.generic, label.kind, version, label.effective) if part)


def example_questions(label: Label) -> tuple[str, ...]:
    """Questions to start with, made from the label's own tables and section titles."""
    asked = dict.fromkeys((*_from_tables(label.tables), *_from_sections(label)))
    return tuple(asked)[:_EXAMPLES]


def examples_of(labels: Sequence[Label]) -> tuple[str, ...]:
    """Questions to start with, one about each of the first labels that has any, naming it."""
    firsts = ((label.name, example_questions(label)) for label in labels)
    return tuple(f"{examples[0].rstrip('?')} ({name})?" for name, examples in firsts if examples)[:_EXAMPLES]


def _from_tables(tables: Sequence[Table]) -> Iterator[str]:
    for table in tables[:2]:
        row = next((row for row in table.rows if row.cells and _PLAIN.fullmatch(row.label)), None)
        if table.resolved and row:
            yield f"How common was {in_sentence(row.label)}?"


def _from_sections(label: Label) -> Iterator[str]:
    if boxed_warning(label):
        yield "What is the boxed warning?"
    for section in label.sections:
        if asked_about(section):
            yield f"What does the label say about {in_sentence(section.title)}?"


def asked_about(section: Section) -> bool:
    """Whether a section's title is something that a reader may ask about as it stands."""
    told = "warning" in section.kind and section.level > 1 and not section.patient and not section.highlights
    return told and is_plain(section.title)


def is_plain(title: str) -> bool:
    """Whether a title is a few words that a sentence can take in."""
    return bool(_PLAIN.fullmatch(title) and not _GENERAL.match(title))


def in_sentence(title: str) -> str:
    """A title inside a sentence: small letters, but for words in capitals such as "QT" in a title that isn't."""
    if title.isupper():
        return title.lower()
    return " ".join(word if _CAPITALS.search(word) else word.lower() for word in title.split())


def about_label(label: Label | None) -> dict[str, Any]:
    """What header, warning line and footer say about a label."""
    boxed = boxed_warning(label) if label else None
    return {
        "label": label,
        "version": version_line(label) if label else "",
        "boxed": warning_title(label, boxed) if label and boxed else "",
        "boxed_span": Span(start=boxed.heading.start, end=boxed.heading.end) if boxed else None,
        "reporting": reporting_number(label),
    }
