"""Figures for the capacity plan in `deploy/cluster.md`: one index in its folder and in a Milvus, the same questions to both.

In: an index, question sets about labels in it, and `--passages N` to grow it first by labels made of those that it has. Out:
a line a figure: bytes a passage, seconds to publish, replies that are the same, times, memory. The Milvus is milvus-lite in
a process of its own, unless `--milvus` names another; whatever is published there is left. Left out: load (`load.py`).

    python scripts/milvus_figures.py --index INDEX [--passages N] [--milvus ADDRESS] [QUESTIONS...]
"""

import argparse
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from statistics import mean, median
from typing import Any

from assistant import paths
from assistant.assembly import Assistant, open_assistant
from assistant.cli.benching_sizes import Drawn, generated
from assistant.evaluating.questions import Question, load
from assistant.indexing import sparse
from assistant.indexing.building import build
from assistant.indexing.milvus_files import Files, label_file
from assistant.indexing.milvus_publishing import publish
from assistant.indexing.store import Index
from assistant.reply import as_json
from assistant.settings import Settings
from assistant.splitting import split
from assistant.stages import measured
from assistant.understanding import compiling
from assistant.understanding.lexicon import words_version

OWN = ("conversation_id", "turn_id", "elapsed_ms")
ALIKE = 1e-5
_SAMPLE = 2000  # passages whose words are counted
_FRESH = """
import sys, time
started = time.perf_counter()
from pathlib import Path
from assistant.assembly import open_assistant
from assistant.cli.benching_reading import peak_mb
from assistant.settings import Settings
engine = open_assistant(Settings(index=Path(sys.argv[1]), milvus=sys.argv[2]))
engine.index.warm()
opened = time.perf_counter() - started
engine.ask("What are the most common adverse reactions?")
print(f"{opened:.1f} s to start, {peak_mb()} MB after a question")
"""


@contextmanager
def lite(folder: Path) -> Iterator[str]:
    """A milvus-lite in a process of its own; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "milvus_lite", "server", "--data-dir", str(folder), "--port", str(port)]
    with (folder.parent / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            _wait(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait(port: int) -> None:
    for _ in range(300):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("milvus-lite did not start")


def grown(index: Index, passages: int, folder: Path) -> Index:
    """An index of so many passages, with vectors drawn from those that there are."""
    build(
        generated(index, passages),
        split,
        folder,
        model=Drawn(index),
        version="figures",
        extras=compiling.written,
        extras_version=words_version(),
    )
    return Index.open(folder)


def sizes(index: Index) -> None:
    """Bytes a passage, by what they are spent on."""
    step = max(1, len(index.passages) // _SAMPLE)
    counts = sparse.Counts(index.passages, index.vocabulary)
    stems = mean(len(counts.vector(index.passages[number])) for number in range(0, len(index.passages), step))
    lines = len(index.passages.raw(range(len(index.passages)))) / len(index.passages)
    files: Any = Files.__new__(Files)  # its rows need no Milvus
    packed = sum(
        len(row["text"]) for id in index.labels for row in Files.rows(files, label_file(id), index.labels.raw(id))
    )
    print(f"{len(index.labels)} labels, {len(index.passages):,} passages, {len(index.vocabulary):,} stems")
    print(f"vector {4 * index.vectors.dimension} bytes a passage, words {8 * stems:.0f} ({stems:.0f} stems of 8 bytes)")
    print(f"text {lines:.0f} bytes a passage, label {packed / len(index.labels):,.0f} bytes a label, packed")


def asked(engines: Sequence[Assistant], questions: Sequence[Question], named: bool) -> None:
    """The same questions to both: how many replies are the same, and what they took."""
    times: list[list[tuple[float, float, float]]] = [[] for _ in engines]
    same = alike = 0
    for one in questions:
        replies = []
        for engine, taken in zip(engines, times, strict=True):
            started, used = time.perf_counter(), time.process_time()
            with measured() as spent:
                reply = engine.ask(one.question, history=one.history, labels=[one.label] if named else None)
            wall, cpu = time.perf_counter() - started, time.process_time() - used
            taken.append((wall, cpu, spent.seconds.get("retrieving", 0.0)))
            replies.append({name: value for name, value in as_json(reply).items() if name not in OWN})
        same += replies[0] == replies[1]
        alike += is_alike(*replies)
    print(f"{len(questions)} questions, label {'given' if named else 'not given'}: {same} the same, {alike} alike")
    for place, taken in zip(("folder", "Milvus"), times, strict=True):
        wall, cpu, retrieving = (sorted(1000 * value for value in column) for column in zip(*taken, strict=True))
        worst = wall[int(0.95 * len(wall))]
        print(
            f"  {place}: median {median(wall):.0f} ms, 95th {worst:.0f}; processor here {mean(cpu):.0f} ms a question; "
            f"retrieving median {median(retrieving):.1f} ms"
        )


def is_alike(one: Any, other: Any) -> bool:
    """Whether two values are the same, but for numbers with a fraction, which may differ by `ALIKE`."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= ALIKE
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_alike(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_alike, one, other))
    return bool(one == other)


def figures(arguments: argparse.Namespace, work: Path) -> None:
    """Every figure."""
    index = Index.open(arguments.index)
    if arguments.passages:
        index = grown(index, arguments.passages, work / "index")
    sizes(index)
    questions = [one for one in load(arguments.files) if one.label in index.labels][: arguments.limit]
    with nullcontext(arguments.milvus) if arguments.milvus else lite(work / "milvus") as address:
        report = publish(index, address)
        print(f"published {report.written:,} passages in {report.seconds:.1f} s")
        server = work / "server"
        fresh = subprocess.run(
            [sys.executable, "-c", _FRESH, server, address], capture_output=True, text=True, check=True
        )
        print(f"a fresh server: {fresh.stdout.strip()}")
        engines = (
            open_assistant(Settings(index=index.folder.parent)),
            open_assistant(Settings(index=server, milvus=address)),
        )
        for named in (True, False):
            asked(engines, questions, named)


def main() -> None:
    """Read the options and print the figures."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--index", type=Path, default=paths.index())
    options.add_argument("--passages", type=int, default=0, help="grow the index to so many first")
    options.add_argument("--milvus", default="", help="address of a Milvus to measure instead of milvus-lite")
    options.add_argument("--limit", type=int, default=10**6, help="only the first so many questions")
    sets = paths.index().parent / "eval" / "questions"
    options.add_argument(
        "files", nargs="*", type=Path, default=[sets / "besponsa-dev.jsonl", sets / "labels-dev.jsonl"]
    )
    with tempfile.TemporaryDirectory() as work:
        figures(options.parse_args(), Path(work))


if __name__ == "__main__":
    main()
