"""`eval`: question sets to a report on the terminal, as JSON and as a page.

In: files of questions and messages. Out: tables on standard output; with --misses four lines a miss instead. Left out:
what is right (`assistant.evaluating`).
"""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.cli import screen
from assistant.evaluating import misses, page, running
from assistant.evaluating.engine import Encoding
from assistant.evaluating.measures import Measure, formatted
from assistant.evaluating.questions import default_files, load_sets
from assistant.evaluating.running import Report


def evaluate(arguments: Namespace) -> int:
    """Carry out `eval`."""
    from assistant.assembly import open_assistant

    files = tuple(arguments.files) or default_files()
    sets = running.chosen(load_sets(files), tag=arguments.tag, limit=arguments.limit)
    engine = open_assistant(screen.settings(arguments))
    with screen.progress() as progress:
        report = running.run(
            engine,
            sets,
            baselines=_wants_baselines(arguments, engine),
            all_labels=arguments.all_labels,
            progress=progress,
        )
    _write(report, files, arguments)
    for label, count in report.left_out.items():
        screen.note(f"label-assistant: {label}: isn't indexed: {count} questions left out.")
    return 0


def _wants_baselines(arguments: Namespace, engine: Any) -> bool:
    if arguments.baselines is not None:
        return bool(arguments.baselines)
    return isinstance(engine, Encoding) and not (arguments.misses or arguments.tag or arguments.limit)


def _write(report: Report, files: Sequence[Path], arguments: Namespace) -> None:
    if arguments.html:
        arguments.html.write_text(page.html(report, [file.name for file in files]), encoding="utf-8")
        screen.note(f"report: {arguments.html}")
    if str(arguments.json) == "-":
        screen.print_json(running.as_plain(report))
        return
    if arguments.json:
        with arguments.json.open("w", encoding="utf-8") as file:
            screen.dump_json(running.as_plain(report), file)
        screen.note(f"figures: {arguments.json}")
    console = screen.out()
    if arguments.misses:
        show_misses(report, console)
    show(report, console, brief=arguments.misses)


def show(report: Report, console: Console, *, brief: bool = False) -> None:
    """The figures as tables; with `brief` only the first."""
    if report.outcomes:
        console.print(measures(f"{len(report.outcomes)} questions, index {report.index_id}", report.measures))
    if report.messages:
        console.print(measures(f"{len(report.heard)} messages", report.messages))
    if brief:
        return
    for title, rows in (
        ("by tag", report.by_tag),
        ("by label", report.by_label),
        ("step by step, from plain baselines", report.baselines),
    ):
        if rows and (title != "by label" or len(rows) > 1):
            console.print(grid(title, rows))


def measures(title: str, found: Sequence[Measure]) -> Table:
    """Measures one a line, with interval and n."""
    table = _table(title)
    table.add_column("measure")
    for head in ("value", "95% interval", "n"):
        table.add_column(head, justify="right")
    for measure in found:
        value, interval = formatted(measure)
        table.add_row(measure.name, value, interval, str(measure.n))
    return table


def grid(title: str, rows: Mapping[str, Sequence[Measure]]) -> Table:
    """Measures in columns, one line a tag, label or baseline; each value with its interval and n below."""
    table = _table(title)
    table.add_column("")
    for measure in next(iter(rows.values())):
        table.add_column(measure.name, justify="right")
    for name, found in rows.items():
        table.add_row(name, *(_cell(measure) for measure in found))
    return table


def show_misses(report: Report, console: Console) -> None:
    """Every miss in a few lines."""
    for miss in misses.of(report):
        console.print(Text(f"{miss.id} {', '.join(miss.faults)}", style="bold"), soft_wrap=True)
        for name, value in miss.lines:
            console.print(Text.assemble((f"  {name:<10} ", "dim"), screen.line(value)), soft_wrap=True)
    console.print(f"{len(report.misses)} misses\n")


def _cell(measure: Measure) -> str:
    value, interval = formatted(measure)
    return f"{value} ({measure.n})\n{interval}" if measure.n else "-"


def _table(title: str) -> Table:
    from rich import box

    return Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
