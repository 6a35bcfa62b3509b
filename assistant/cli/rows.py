"""A cited table row as a small table: group, label, values under their whole header path, the answering column marked.

In: a `CitedRow`. Out: rich renderables. Values are shown as printed.
"""

from collections.abc import Iterator

from rich import box
from rich.table import Table
from rich.text import Text

from assistant.cli.screen import line
from assistant.reply import CitedRow


def row(cited: CitedRow) -> Table:
    """The row with its caption and column heads."""
    table = Table(title=line(cited.caption) or None, title_justify="left", box=box.ASCII2, show_edge=True)
    table.add_column(Text(line(cited.row_head)))
    for place, path in enumerate(cited.columns):
        table.add_column(_head(path, place == cited.answering_column), justify="right")
    values = (_value(value, place == cited.answering_column) for place, value in enumerate(cited.values))
    if cited.row_group:
        table.add_row(Text(line(cited.row_group), style="dim"))
    table.add_row(Text(f"{'  ' if cited.row_group else ''}{line(cited.row_label)}"), *values)
    return table


def footnotes(cited: CitedRow) -> Iterator[Text]:
    """The notes under the row; one whose mark the label lost says so."""
    for note in cited.footnotes:
        doubt = "" if note.certain else " (the label doesn't print which row this belongs to)"
        yield Text(f"    {line(note.mark)} {line(note.text)}{doubt}".replace("     ", "    "), style="dim")
    if cited.n:
        yield Text(f"    n={line(cited.n)}", style="dim")


def _head(path: tuple[str, ...], answers: bool) -> Text:
    said = "\n".join(map(line, path))
    return Text(f"> {said}" if answers else said, style="bold" if answers else "")


def _value(value: str, answers: bool) -> Text:
    return Text(line(value), style="bold reverse" if answers else "")
