"""`labels`: what is indexed.

In: the index. Out: a table or JSON on standard output. The index is opened without its encoder, vectors and words.
"""

from argparse import Namespace
from dataclasses import dataclass

from assistant.cli import screen
from assistant.indexing.opened import Store
from assistant.indexing.opening import open_index


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One indexed label."""

    id: str
    name: str
    version: str
    effective: str
    sections: int
    tables: int
    passages: int


def labels(arguments: Namespace) -> int:
    """Carry out `labels`."""
    settings = screen.settings(arguments)
    listed = entries(open_index(settings.index, settings.milvus))
    if arguments.json:
        from assistant.reply import as_json

        screen.print_json(as_json(listed))
        return 0
    _show(listed)
    return 0


def entries(index: Store) -> tuple[Listed, ...]:
    """What each label of the index holds."""
    return tuple(
        Listed(
            id=label.id,
            name=label.name,
            version=label.version,
            effective=label.effective,
            sections=len(label.sections),
            tables=len(label.tables),
            passages=index.entry(label.id).count,
        )
        for label in index.labels.values()
    )


def _show(listed: tuple[Listed, ...]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in ("id", "name", "version", "effective"):
        table.add_column(head, overflow="fold")
    for head in ("sections", "tables", "passages"):
        table.add_column(head, justify="right")
    for one in listed:
        numbers = (one.sections, one.tables, one.passages)
        table.add_row(*map(screen.line, (one.id, one.name, one.version, one.effective)), *(f"{n:,}" for n in numbers))
    screen.out().print(table)
