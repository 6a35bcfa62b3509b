"""`publish`: the index of the folder into Milvus, where several servers search it.

In: the command's options. Out: a line, or JSON, on standard output; a bar on standard error. Left out: the publishing
itself (`assistant.indexing.milvus_publishing`).
"""

from argparse import Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING

from assistant.cli import screen
from assistant.errors import BadSetting

if TYPE_CHECKING:
    from assistant.indexing.milvus_publishing import PublishReport


def publish(arguments: Namespace) -> int:
    """Carry out `publish`."""
    from assistant.indexing.milvus_publishing import publish
    from assistant.indexing.sharding import Shard
    from assistant.indexing.store import Index

    settings = screen.settings(arguments)
    if not settings.milvus:
        remedy = "Give it: --milvus http://HOST:19530, or a file ending in .db for milvus-lite"
        raise BadSetting("is empty: there is nowhere to publish to", place="milvus", remedy=remedy)
    only = Shard.read(arguments.shard) if arguments.shard else None
    index = Index.open(settings.index, threads=settings.threads, model=settings.model)
    with screen.progress() as progress:
        report = publish(
            index, settings.milvus, keep=arguments.keep, replicas=arguments.replicas, only=only, progress=progress
        )
    if arguments.json:
        screen.print_json(asdict(report))
    else:
        print(summary(report))
    return 0


def summary(report: "PublishReport") -> str:
    """What a publishing did, in a line."""
    done = f"{report.written:,} of {report.passages:,} passages written in {report.seconds:.1f} s"
    dropped = f"; dropped {', '.join(report.dropped)}" if report.dropped else ""
    after = f"now served{dropped}" if report.switched else "not served until `publish` is run without --shard"
    return f"{report.place}: {done}; {after}"
