"""`index`: the corpus to an index, what is up to date left as it is.

In: the command's options. Out: a table of what was read and what was not on standard output, and a line on standard error
for each label that could not be read. Left out: the building itself (`assistant.indexing`).
"""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli import screen
from assistant.indexing.sharding import Shard

if TYPE_CHECKING:
    from assistant.indexing.building import BuildReport
    from assistant.settings import Settings


def index(arguments: Namespace) -> int:
    """Carry out `index`; 1 where a label could not be read."""
    settings = screen.settings(arguments)
    only = Shard.read(arguments.shard) if arguments.shard else None
    report = build(settings, arguments.workers, only, arguments.take or ())
    if arguments.json:
        screen.print_json(as_plain(report))
    else:
        table(report)
        print(summary(report, settings))
    return 1 if report.failed else 0


def build(settings: "Settings", workers: int, only: Shard | None = None, take: Sequence[Path] = ()) -> "BuildReport":
    """Bring the index up to date under a progress bar, and name every label that failed."""
    from assistant.assembly import build_index

    with screen.progress() as progress:
        report: BuildReport = build_index(settings, workers, progress, only, take)
    for error in report.failed:
        screen.note(f"label-assistant: {screen.line(str(error))}")
    return report


def table(report: "BuildReport") -> None:
    """Every label that was read and every one that was not, with the reason; nothing where there are neither."""
    if not report.read and not report.failed:
        return
    from rich import box
    from rich.table import Table

    shown = Table("label", "file", "", box=box.SIMPLE)
    read = frozenset(report.read)
    for entry in report.entries:
        if entry.id in read:
            passages = f"{entry.count:,} {'passage' if entry.count == 1 else 'passages'}"
            newer = f", superseded by {entry.newer}" if entry.newer else ""
            shown.add_row(entry.id, screen.line(entry.file), passages + newer)
    for error in report.failed:
        shown.add_row("not read", screen.line(error.place), screen.line(error.message))
    screen.out().print(shown)


def summary(report: "BuildReport", settings: "Settings") -> str:
    """What a build did, in a line; how good approximate search is, in another."""
    held = f"{report.labels} {'label' if report.labels == 1 else 'labels'}, {report.passages:,} passages"
    failed = f"; {len(report.failed)} not read" if report.failed else ""
    if report.up_to_date:
        return f"{settings.index}: up to date: {held}{failed}"
    removed = f", {len(report.removed)} removed" if report.removed else ""
    precision = f" in {report.precision}" if report.precision else ""
    done = f"{len(report.read)} read{removed}, {report.encoded:,} passages encoded{precision} in {report.seconds:.1f} s"
    return f"{settings.index}: {held}; {done}{failed}{_near(report)}"


def _near(report: "BuildReport") -> str:
    if report.near is None:
        return ""
    found = f"{report.near.recall:.1%} of the 10 nearest on a sample"
    if not report.near.probes:
        return f"\nsearch over all labels stays exact: approximate search would find {found}"
    return f"\nsearch over all labels: {report.near.probes} of {report.near.lists} lists, {found}; within labels exact"


def as_plain(report: "BuildReport") -> dict[str, object]:
    """A build's report as plain values."""
    return {
        "index_id": report.index,
        "up_to_date": report.up_to_date,
        "labels": report.labels,
        "passages": report.passages,
        "encoded": report.encoded,
        "read": list(report.read),
        "removed": list(report.removed),
        "failed": [{"place": error.place, "message": error.message, "remedy": error.remedy} for error in report.failed],
        "superseded": {entry.id: entry.newer for entry in report.entries if entry.newer},
        "precision": report.precision,
        "near": asdict(report.near) if report.near else None,
        "seconds": round(report.seconds, 3),
    }
