"""`bench`: how fast the assistant is on this machine, and against what.

In: the index, the corpus and questions. Out: times with their floor beside them, as Markdown, JSON and a plot. Questions
are the test sets' where there are any whose label is indexed. Floors are in `benching_floors`, the service in
`benching_served`, other sizes in `benching_sizes`, readers in `benching_reading`, how it looks in `benching_report`.
"""

import os
import platform
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from assistant.cli import benching_floors as floors
from assistant.cli import screen
from assistant.cli.benching_floors import timed
from assistant.cli.benching_report import markdown, svg
from assistant.errors import BadQuestionSet, BadSetting, UnknownLabel
from assistant.evaluating.engine import Encoding
from assistant.evaluating.measures import percentile
from assistant.evaluating.questions import default_files, load_sets

_COLD = 5  # cold starts; the median counts
_PASSAGES = 256  # encoded to count passages a second
_WARM = 5  # questions before the clock starts
_READ = """
import json, sys
from pathlib import Path
from assistant.cli.benching_reading import reading_rates
print(json.dumps(reading_rates(Path(sys.argv[1]))))
"""
_PEAK = """
import contextlib, io, sys
from assistant.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    main(sys.argv[1:])
from assistant.cli.benching_reading import peak_mb
print(peak_mb())
"""
_FALLBACK = (
    "What are the most common adverse reactions?",
    "What is the recommended dose?",
    "Is there a boxed warning?",
)


def bench(arguments: Namespace) -> int:
    """Carry out `bench`."""
    settings = screen.settings(arguments)
    with screen.progress() as progress:
        figures = measured(settings, arguments.rounds, arguments.size or (), progress)
    if arguments.svg and figures["sizes"]:
        arguments.svg.write_text(svg(figures["sizes"]), encoding="utf-8")
    if arguments.markdown:
        arguments.markdown.write_text(markdown(figures), encoding="utf-8")
    if arguments.json:
        screen.print_json(figures)
    else:
        print(markdown(figures), end="")
    return 0


def measured(settings: Any, rounds: int, sizes: Sequence[int], progress: screen.Progress) -> dict[str, Any]:
    """Every figure, in one run."""
    from assistant.assembly import open_assistant
    from assistant.cli.benching_served import rates, served, service
    from assistant.indexing.store import Index

    started = time.perf_counter()
    engine = open_assistant(settings)
    opened = (time.perf_counter() - started) * 1000
    asked = questions(engine, rounds)
    index = engine.index
    if not isinstance(index, Index):
        remedy = "Leave the setting milvus empty; deploy/cluster.md says how Milvus is measured"
        raise BadSetting("bench measures an index in a folder", place="milvus", remedy=remedy)
    vectors = index.folder / "vectors.f32"
    figures = {
        "machine": machine(),
        "index_id": engine.index_id,
        "labels": len(index.entries),
        "open_ms": round(opened, 1),
        "cold": cold(settings, asked[0][0], index.folder / "encoder", progress),
        "warm": warm(engine, asked, progress),
        "encoder": encoder(engine, [question for question, _ in asked]),
        "faiss_ms": floors.bare_faiss(index.vectors.at(range(len(index.passages))), settings.threads),
        "memory_gb_per_second": floors.memory(),
        "plain": floors.plain_pipeline(vectors, index.vectors.dimension, [question for question, _ in asked[:50]]),
        "reading": floors.python(_READ, str(settings.corpus)),
    }
    with service(settings) as port:
        found = served(port, asked)
    figures["served"] = _percentiles(found["times"]) | {"per_second": found["per_second"]}
    workers = figures["machine"]["cpus"]
    with service(settings, workers) as port:
        figures["served"]["by_processes"] = {"processes": workers, "per_second": rates(port, asked)}
    figures["sizes"] = [_sized(index, size, asked, progress) for size in sizes]
    figures["ratios"] = ratios(figures)
    return figures


def _sized(index: Any, size: int, asked: Sequence[Any], progress: screen.Progress) -> dict[str, Any]:
    from assistant.cli.benching_sizes import grown

    progress(f"{size:,} passages", 0, 1)
    found = grown(index, size, asked)
    progress(f"{size:,} passages", 1, 1)
    return found | {name: _percentiles(found[name]) for name in ("within", "nearest_of_all")}


def machine() -> dict[str, Any]:
    """What it ran on."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {"cpus": usable, "processor": platform.machine(), "python": platform.python_version()}


def questions(engine: Any, rounds: int) -> list[tuple[str, tuple[str, ...] | None]]:
    """So many questions with their labels, from the test sets, over again where those are few."""
    try:
        found = [(one.question, (one.label,)) for one in load_sets(default_files()).questions if not one.history]
    except BadQuestionSet:
        found = []
    known = {label: _is_indexed(engine, label) for _, (label,) in found}
    usable: list[tuple[str, tuple[str, ...] | None]] = [one for one in found if known[one[1][0]]]
    usable = usable or [(question, None) for question in _FALLBACK]
    again = [(usable[n % len(usable)], n // len(usable)) for n in range(rounds)]
    return [(question + " " * times, labels) for (question, labels), times in again]  # so that no reply is remembered


def _is_indexed(engine: Any, label: str) -> bool:
    try:
        engine.label(label)
    except UnknownLabel:
        return False
    return True


def cold(settings: Any, question: str, exported: Path, progress: screen.Progress) -> dict[str, Any]:
    """One question in a fresh process, beside an empty Python and the bare encoder, in milliseconds.

    Each runs once before the clock, so that its bytecode is cached, as an installed package's is.
    """
    options = ["--index", str(settings.index), "--corpus", str(settings.corpus)]
    ask = [sys.executable, "-m", "assistant.cli", "ask", question, "--json", *options]
    started: dict[str, Callable[[], float]] = {
        "ask_ms": partial(floors.process, ask),
        "python_ms": floors.empty_python,
        "encoder_ms": partial(floors.bare_encoder, exported, question, settings.threads),
    }
    rounds = []
    for done in range(1 + _COLD):
        progress("cold starts", done, 1 + _COLD)
        rounds.append({name: start() for name, start in started.items()})
    progress("cold starts", 1 + _COLD, 1 + _COLD)
    medians = {name: median(one[name] for one in rounds[1:]) for name in started}
    peak = floors.python(_PEAK, *ask[3:])
    return {name: round(value, 1) for name, value in medians.items()} | {"n": _COLD, "peak_mb": peak}


def warm(engine: Any, asked: Sequence[tuple[str, Sequence[str] | None]], progress: screen.Progress) -> dict[str, Any]:
    """Questions one after the other in this process, in milliseconds."""
    for question, labels in asked[:_WARM]:
        engine.ask(f" {question}", labels=labels)  # the blank, so that no reply is remembered
    times = []
    for done, (question, labels) in enumerate(asked, 1):
        times.append(timed(lambda question=question, labels=labels: engine.ask(question, labels=labels)))  # type: ignore[misc]
        progress("questions", done, len(asked))
    return _percentiles(times)


def encoder(engine: Any, asked: Sequence[str]) -> dict[str, Any]:
    """The encoder alone: the same questions one by one, and passages a second; empty where it isn't lent."""
    labels = engine.labels()
    if not isinstance(engine, Encoding):
        return {}
    encode = engine.encode
    encode([asked[0]])
    times = [timed(lambda question=question: encode([question])) for question in asked]  # type: ignore[misc]
    texts = [label.text[start : start + 300] for label in labels for start in range(0, len(label.text), 300)]
    texts = texts[:_PASSAGES]
    seconds = timed(lambda: encode(texts)) / 1000
    rate = round(len(times) * 1000 / sum(times), 1)
    passages = {"passages_per_second": round(len(texts) / seconds, 1), "passages": len(texts)}
    return _percentiles(times) | {"per_second": rate} | passages


def ratios(figures: dict[str, Any]) -> dict[str, float]:
    """How many times its floor each takes."""
    found = {"cold ask / python": figures["cold"]["ask_ms"] / figures["cold"]["python_ms"]}
    if figures["encoder"]:
        found["question p50 / encoder p50"] = figures["warm"]["p50_ms"] / figures["encoder"]["p50_ms"]
    return {name: round(value, 2) for name, value in found.items()}


def _percentiles(times: Sequence[float]) -> dict[str, Any]:
    found = {f"p{q}_ms": percentile("", times, q / 100).value or 0.0 for q in (50, 95, 99)}
    return {name: round(value, 3) for name, value in found.items()} | {"n": len(times)}
