"""`bench`: how fast the assistant is on this machine, and against what.

In: the index and questions. Out: times with their floor beside them: a cold `ask` against starting Python, a question
against encoding it. Questions are the test sets' where there are any whose label is indexed. Left out: load from many
readers at once.
"""

import os
import platform
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from statistics import median
from typing import Any

from assistant.cli import screen
from assistant.errors import BadQuestionSet, UnknownLabel
from assistant.evaluating.engine import Encoding
from assistant.evaluating.measures import percentile
from assistant.evaluating.questions import default_files, load_sets

_COLD = 3  # cold starts; the median counts
_PASSAGES = 256  # encoded to count passages a second
_WARM = 5  # questions before the clock starts
_FALLBACK = (
    "What are the most common adverse reactions?",
    "What is the recommended dose?",
    "Is there a boxed warning?",
)


def bench(arguments: Namespace) -> int:
    """Carry out `bench`."""
    from assistant.assembly import open_assistant

    settings = screen.settings(arguments)
    started = time.perf_counter()
    engine = open_assistant(settings)
    opened = (time.perf_counter() - started) * 1000
    asked = questions(engine, arguments.rounds)
    with screen.progress() as progress:
        figures = {
            "machine": machine(),
            "index_id": engine.index_id,
            "labels": len(engine.labels()),
            "open_ms": round(opened, 1),
            "cold": cold(settings, asked[0][0], progress),
            "warm": warm(engine, asked, progress),
            "encoder": encoder(engine, [question for question, _ in asked]),
        }
    figures["ratios"] = ratios(figures)
    if arguments.json:
        screen.print_json(figures)
    else:
        _show(figures)
    return 0


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
    usable = [(question, labels) for question, labels in found if known[labels[0]]]
    return list(islice(cycle(usable or [(question, None) for question in _FALLBACK]), rounds))


def _is_indexed(engine: Any, label: str) -> bool:
    try:
        engine.label(label)
    except UnknownLabel:
        return False
    return True


def cold(settings: Any, question: str, progress: screen.Progress) -> dict[str, Any]:
    """One question in a fresh process, and a fresh Python that does nothing, in milliseconds."""
    options = ["--index", str(settings.index), "--corpus", str(settings.corpus)]
    ask = [sys.executable, "-m", "assistant.cli", "ask", question, "--json", *options]
    times, floors = [], []
    for done in range(_COLD):
        progress("cold starts", done, _COLD)
        times.append(_process(ask))
        floors.append(_process([sys.executable, "-c", "pass"]))
    progress("cold starts", _COLD, _COLD)
    return {"ask_ms": round(median(times), 1), "python_ms": round(median(floors), 1), "n": _COLD, **_peak()}


def _process(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - started) * 1000


def _peak() -> dict[str, float]:
    if sys.platform == "win32":
        return {}
    import resource

    kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return {"peak_mb": round(kilobytes / 1024, 1)}


def warm(engine: Any, asked: Sequence[tuple[str, Sequence[str] | None]], progress: screen.Progress) -> dict[str, Any]:
    """Questions one after the other in this process, in milliseconds."""
    for question, labels in asked[:_WARM]:
        engine.ask(question, labels=labels)
    times = []
    for done, (question, labels) in enumerate(asked, 1):
        times.append(_timed(lambda question=question, labels=labels: engine.ask(question, labels=labels)))  # type: ignore[misc]
        progress("questions", done, len(asked))
    return _percentiles(times)


def encoder(engine: Any, asked: Sequence[str]) -> dict[str, Any]:
    """The encoder alone: the same questions one by one, and passages a second; empty where it isn't lent."""
    labels = engine.labels()
    if not isinstance(engine, Encoding):
        return {}
    encode = engine.encode
    encode([asked[0]])
    times = [_timed(lambda question=question: encode([question])) for question in asked]  # type: ignore[misc]
    texts = [label.text[start : start + 300] for label in labels for start in range(0, len(label.text), 300)]
    texts = texts[:_PASSAGES]
    seconds = _timed(lambda: encode(texts)) / 1000
    return _percentiles(times) | {"passages_per_second": round(len(texts) / seconds, 1), "passages": len(texts)}


def ratios(figures: dict[str, Any]) -> dict[str, float]:
    """How many times its floor each takes."""
    found = {"cold ask / python": figures["cold"]["ask_ms"] / figures["cold"]["python_ms"]}
    if figures["encoder"]:
        found["question p50 / encoder p50"] = figures["warm"]["p50_ms"] / figures["encoder"]["p50_ms"]
    return {name: round(value, 2) for name, value in found.items()}


def _timed(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def _percentiles(times: Sequence[float]) -> dict[str, Any]:
    found = {f"p{q}_ms": percentile("", times, q / 100).value or 0.0 for q in (50, 95)}
    return {name: round(value, 3) for name, value in found.items()} | {"n": len(times)}


def _show(figures: dict[str, Any]) -> None:
    cold, warm, encoder = figures["cold"], figures["warm"], figures["encoder"]
    lines = [
        f"{figures['machine']['cpus']} cpus, Python {figures['machine']['python']}, index {figures['index_id']}",
        f"cold ask           {cold['ask_ms']:>9.1f} ms   (n={cold['n']}, an empty Python {cold['python_ms']:.1f} ms)",
        f"question p50, p95  {warm['p50_ms']:>9.2f} ms  {warm['p95_ms']:.2f} ms   (n={warm['n']})",
    ]
    if "peak_mb" in cold:
        lines.append(f"peak memory        {cold['peak_mb']:>9.1f} MB   (cold ask)")
    if encoder:
        lines.append(f"encoder p50, p95   {encoder['p50_ms']:>9.2f} ms  {encoder['p95_ms']:.2f} ms")
        lines.append(f"passages a second  {encoder['passages_per_second']:>9.1f}      (n={encoder['passages']})")
    lines += [f"{name:<27} {value:.2f}" for name, value in figures["ratios"].items()]
    print("\n".join(lines))
