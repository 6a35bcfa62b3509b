"""What `bench` found, as a page of Markdown and as a plot of cost against size.

In: the figures. Out: `markdown`, which is also what the terminal gets, and `svg`. Left out: measuring.
"""

import math
from collections.abc import Iterator
from typing import Any

_WIDTH, _HEIGHT, _EDGE = 640, 360, 56  # pixels


def markdown(figures: dict[str, Any]) -> str:
    """Every figure beside what it is compared with."""
    return "\n".join(_lines(figures)) + "\n"


def _lines(figures: dict[str, Any]) -> Iterator[str]:
    machine = figures["machine"]
    yield f"{machine['processor']}, {machine['cpus']} cpus, Python {machine['python']}; index {figures['index_id']},"
    yield f"{figures['labels']} labels. n = {figures['warm']['n']} questions, {figures['cold']['n']} cold starts (medians,"
    yield "bytecode cached, as an installed package has it)."
    yield ""
    yield "| what | measured | beside it | ratio |"
    yield "|---|---|---|---|"
    for row in _rows(figures):
        yield f"| {' | '.join(row)} |"
    if figures.get("sizes"):
        yield ""
        yield "| passages | within a label p50 / p95 | nearest of all p50 / p95 | memory | disk | split and written |"
        yield "|---|---|---|---|---|---|"
        for size in figures["sizes"]:
            yield (
                f"| {size['passages']:,} | {_pair(size['within'])} | {_pair(size['nearest_of_all'])} "
                f"| {size['peak_mb']:.0f} MB | {size['disk_mb']:.0f} MB | {size['split_and_written_per_second']:,}/s |"
            )


def _pair(times: dict[str, Any]) -> str:
    return f"{times['p50_ms']:.1f} / {times['p95_ms']:.1f} ms"


Row = tuple[str, str, str, str]


def _rows(figures: dict[str, Any]) -> Iterator[Row]:
    yield from _cold_rows(figures)
    yield from _warm_rows(figures)
    yield from _served_rows(figures)
    yield from _other_rows(figures)


def _cold_rows(figures: dict[str, Any]) -> Iterator[Row]:
    cold, plain = figures["cold"], figures["plain"]
    yield _against("cold `ask`", cold["ask_ms"], "an empty Python", cold["python_ms"])
    yield _against("cold `ask`", cold["ask_ms"], "bare encoder process", cold["encoder_ms"])
    if plain:
        yield _against("cold `ask`", cold["ask_ms"], "sentence-transformers + FAISS", plain["cold_ms"])
    if cold["peak_mb"]:
        yield ("memory, cold `ask`", f"{cold['peak_mb']:.0f} MB", "", "")


def _warm_rows(figures: dict[str, Any]) -> Iterator[Row]:
    warm, encoder, plain = figures["warm"], figures["encoder"], figures["plain"]
    for q in ("p50", "p95", "p99") if encoder else ():
        yield _against(f"question {q}", warm[f"{q}_ms"], f"bare encoder {q}", encoder[f"{q}_ms"])
    if plain:
        yield _against("question p50", warm["p50_ms"], "sentence-transformers + FAISS", plain["p50_ms"])


def _served_rows(figures: dict[str, Any]) -> Iterator[Row]:
    warm, served, encoder = figures["warm"], figures["served"], figures["encoder"]
    for q in ("p50", "p95", "p99"):
        yield _against(f"over HTTP {q}", served[f"{q}_ms"], f"in process {q}", warm[f"{q}_ms"])
    limit = encoder["per_second"] if encoder else 0.0
    several = served["by_processes"]
    for by, rates in (("", served["per_second"]), (f", {several['processes']} processes", several["per_second"])):
        for readers, rate in rates.items():
            share = f"{rate / limit:.2f}" if limit else ""
            yield (f"answers a second, {readers} at once{by}", f"{rate:.1f}", f"bare encoder {limit:.1f}", share)


def _other_rows(figures: dict[str, Any]) -> Iterator[Row]:
    if figures["encoder"]:
        yield ("passages encoded a second", f"{figures['encoder']['passages_per_second']:.1f}", "", "")
    yield ("bare FAISS, 10 nearest of all", f"{figures['faiss_ms']:.3f} ms", "", "")
    yield ("memory read on one core", f"{figures['memory_gb_per_second']:.1f} GB/s", "", "")
    for kind, rate in figures["reading"]["mb_per_second"].items():
        yield (f"read {kind}, one core", f"{rate:.1f} MB/s", "", "")
    if memory := figures["reading"]["peak_mb"]:
        yield _against("memory while reading, all", memory["after_all"], "a third", memory["after_a_third"], "MB")


def _against(what: str, measured: float, beside: str, floor: float, unit: str = "ms") -> tuple[str, str, str, str]:
    return (what, f"{measured:.1f} {unit}", f"{beside} {floor:.1f} {unit}", f"{measured / floor:.2f}" if floor else "")


def svg(sizes: list[dict[str, Any]]) -> str:
    """Median times against passages, both axes logarithmic."""
    series = {"within a label": "within", "nearest of all": "nearest_of_all"}
    points = {name: [(size["passages"], size[key]["p50_ms"]) for size in sizes] for name, key in series.items()}
    every = [point for line in points.values() for point in line]
    right, top = _ends([x for x, _ in every]), _ends([y for _, y in every])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">',
        "<title>Median time of a question against the number of passages</title>",
        f'<path d="M{_EDGE} {_EDGE}V{_HEIGHT - _EDGE}H{_WIDTH - _EDGE}" fill="none" stroke="currentColor"/>',
        f'<text x="{_WIDTH // 2}" y="{_HEIGHT - 12}" fill="currentColor">passages</text>',
        f'<text x="8" y="{_EDGE - 12}" fill="currentColor">ms, median</text>',
    ]
    for place, (name, line) in enumerate(points.items()):
        colour, dash = ("#0b5cad", "") if place == 0 else ("#b3450b", ' stroke-dasharray="6 4"')
        spots = [(_place(x, right, _EDGE, _WIDTH - _EDGE), _place(y, top, _HEIGHT - _EDGE, _EDGE)) for x, y in line]
        path = " ".join(f"{x:.0f},{y:.0f}" for x, y in spots)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        for (x, y), (count, value) in zip(spots, line, strict=True):
            parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{colour}"/>')
            parts.append(f'<text x="{x:.0f}" y="{y - 8:.0f}" fill="{colour}">{value:.1f}</text>')
            parts.append(f'<text x="{x:.0f}" y="{_HEIGHT - _EDGE + 16}" fill="currentColor">{count:,}</text>')
        parts.append(f'<text x="{_WIDTH - 180}" y="{20 + 16 * place}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _ends(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low / 1.5, high * 1.5) if low > 0 else (0.1, 1.0)


def _place(value: float, ends: tuple[float, float], start: int, end: int) -> float:
    share = (math.log(value) - math.log(ends[0])) / (math.log(ends[1]) - math.log(ends[0]))
    return start + share * (end - start)
