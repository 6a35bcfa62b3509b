"""`read FILE`: how one document is understood.

In: a file. Out: outline, tables with their columns and rows, abbreviations and findings on standard output; nothing is
indexed. Left out: the reading itself (`assistant.reading`).
"""

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from typing import Any

from assistant.cli import screen
from assistant.label import Label, Row, Table


def read(arguments: Namespace) -> int:
    """Carry out `read`."""
    from assistant.assembly import read_file

    label = read_file(arguments.file, screen.settings(arguments))
    if arguments.json:
        screen.print_json(as_plain(label))
        return 0
    for line in outline(label):
        print(line)
    return 0


def as_plain(label: Label) -> dict[str, Any]:
    """The whole label as plain values, its text only counted."""
    from assistant.reply import as_json

    values: dict[str, Any] = as_json(label)
    return values | {"text": f"{len(label.text)} characters left out"}


def outline(label: Label) -> Iterator[str]:
    """The document, line by line."""
    yield from _head(label)
    yield from _sections(label)
    for table in label.tables:
        yield from _table(label, table)
    yield from _definitions(label)
    yield from _findings(label)


def _head(label: Label) -> Iterator[str]:
    yield screen.line(f"{label.name or label.id}{f' ({label.generic})' if label.generic else ''}")
    facts = {
        "id": label.id,
        "kind": label.kind,
        "format": label.format,
        "set id": label.set_id,
        "version": label.version,
        "effective": label.effective,
        "labeler": label.labeler,
        "approval code": label.approval_code,
        "sha256": label.sha256,
        "characters": f"{len(label.text):,}",
    }
    yield from (f"  {name:<14}{screen.line(value)}" for name, value in facts.items() if value)


def _sections(label: Label) -> Iterator[str]:
    counts = Counter(block.section for block in label.blocks if block.kind not in ("heading", "boilerplate"))
    yield f"\nSections ({len(label.sections)})"
    for place, section in enumerate(label.sections):
        title = screen.line(f"{section.number} {section.title}") or "(no title)"
        kind = f"  [{section.kind}]" if section.kind else ""
        yield f"{'  ' * section.level}{title}{kind}  {section.start}-{section.end}, {counts[place]} blocks"


def _table(label: Label, table: Table) -> Iterator[str]:
    doubt = "" if table.resolved else ", headers not resolved: shown whole, no value is offered"
    yield f"\nTable: {screen.line(table.caption) or '(no caption)'}  {table.start}-{table.end}{doubt}"
    yield f"  in {' › '.join(map(screen.line, label.path(table.section)))}"
    heads = (" / ".join(column.header) + (f" [{column.unit}]" if column.unit else "") for column in table.columns)
    yield f"  {screen.line(table.row_head) or '-'} | {' | '.join(map(screen.line, heads))}"
    group: tuple[str, ...] = ()
    for row in table.rows:
        if row.group != group:
            group = row.group
            yield f"  {' / '.join(map(screen.line, group))}:"
        yield f"    {_row(row)}"
    for note in table.footnotes:
        yield f"  {note.mark or '(mark lost)'} {screen.line(note.text)}"


def _row(row: Row) -> str:
    marks = "".join(row.marks)
    size = f" (n={row.n})" if row.n else ""
    return screen.line(
        " | ".join((f"{row.label}{marks}{size}", *(cell.text + "".join(cell.marks) for cell in row.cells)))
    )


def _definitions(label: Label) -> Iterator[str]:
    if label.definitions:
        yield f"\nAbbreviations ({len(label.definitions)})"
    yield from (f"  {screen.line(one.short)} = {screen.line(one.long)}" for one in label.definitions)


def _findings(label: Label) -> Iterator[str]:
    yield f"\nWarnings ({len(label.findings)})"
    for finding in label.findings:
        places = ", ".join(f"{span.start}-{span.end}" for span in finding.spans)
        yield f"  {finding.kind}: {screen.line(finding.message)} ({places})"
