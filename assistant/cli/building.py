"""`index`: the corpus to an index, what is up to date left as it is.

In: the command's options. Out: what was done on standard output, a line on standard error for each label that could not
be read. Left out: the building itself (`assistant.indexing`).
"""

from argparse import Namespace
from typing import TYPE_CHECKING

from assistant.cli import screen

if TYPE_CHECKING:
    from assistant.indexing.building import BuildReport
    from assistant.settings import Settings


def index(arguments: Namespace) -> int:
    """Carry out `index`; 1 where a label could not be read."""
    settings = screen.settings(arguments)
    report = build(settings, arguments.workers)
    if arguments.json:
        screen.print_json(as_plain(report))
    else:
        print(summary(report, settings))
    return 1 if report.failed else 0


def build(settings: "Settings", workers: int) -> "BuildReport":
    """Bring the index up to date under a progress bar, and name every label that failed."""
    from assistant.assembly import build_index

    with screen.progress() as progress:
        report: BuildReport = build_index(settings, workers, progress)
    for error in report.failed:
        screen.note(f"label-assistant: {screen.line(str(error))}")
    return report


def summary(report: "BuildReport", settings: "Settings") -> str:
    """What a build did, in one line."""
    held = f"{report.labels} {'label' if report.labels == 1 else 'labels'}, {report.passages:,} passages"
    if report.up_to_date:
        return f"{settings.index}: up to date: {held}"
    removed = f", {len(report.removed)} removed" if report.removed else ""
    done = f"{len(report.read)} read{removed}, {report.encoded:,} passages encoded in {report.seconds:.1f} s"
    return f"{settings.index}: {held}; {done}"


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
        "seconds": round(report.seconds, 3),
    }
