"""The report as one HTML file: no script, no font, nothing from elsewhere.

In: a `Report`. Out: `html`. Everything that comes from labels, questions or replies is escaped. Left out: the figures
(`measures`) and the curve (`curve`).
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from assistant.evaluating import curve, misses
from assistant.evaluating.measures import Measure, formatted
from assistant.evaluating.misses import Miss
from assistant.evaluating.running import Report

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #0b62c4; }
@media (prefers-color-scheme: dark) { :root { --accent: #7db6ff; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
th:first-child, td:first-child { text-align: left; }
small { opacity: .75; white-space: nowrap; }
svg { max-width: 40rem; width: 100%; font-size: 12px; fill: currentColor; } .grid { stroke: var(--line); }
article { margin: 1rem 0; padding: .7rem 1rem; background: var(--soft); border-left: 3px solid var(--accent); }
article h3 { margin: 0 0 .3rem; font-size: 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; overflow-wrap: anywhere; }
dt { opacity: .75; } dd { margin: 0; }
"""


def html(report: Report, files: Sequence[str]) -> str:
    """The whole page."""
    found = misses.of(report)
    parts = [
        f"<h1>Evaluation</h1><p>{_asked(report)} from {escape(', '.join(files))}, "
        f"answered by index <code>{escape(report.index_id)}</code>. Intervals are 95%.</p>",
        _left_out(report.left_out),
        _section("Figures", _list(report.measures)),
        _section("Messages: what must be recognised", _list(report.messages)),
        _section("Step by step, from plain baselines", _grid(report.baselines)),
        _section("Risk and coverage", _curve(report)),
        _section("By tag", _grid(report.by_tag)),
        _section("By label", _grid(report.by_label)),
        _section(f"Every miss ({len(found)})", "".join(map(_miss, found)) or "<p>None.</p>"),
    ]
    body = "\n".join(filter(None, parts))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>label-assistant: evaluation</title><style>{_STYLE}</style></head>\n"
        f"<body><main>{body}</main></body></html>\n"
    )


def _asked(report: Report) -> str:
    counted = ((len(report.outcomes), "questions"), (len(report.heard), "messages"))
    return " and ".join(f"{count} {what}" for count, what in counted if count) or "Nothing"


def _left_out(left_out: Mapping[str, int]) -> str:
    if not left_out:
        return ""
    named = ", ".join(f"{escape(label)} ({count})" for label, count in left_out.items())
    return f"<p>Left out, since the label isn't indexed: {named}.</p>"


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>" if body else ""


def _list(found: Iterable[Measure]) -> str:
    rows = [
        f"<tr><td>{escape(measure.name)}</td><td>{value}</td><td>{interval}</td><td>{measure.n}</td></tr>"
        for measure in found
        for value, interval in (formatted(measure),)
    ]
    head = "<tr><th>measure</th><th>value</th><th>95% interval</th><th>n</th></tr>"
    return f'<div class="scroll"><table>{head}{"".join(rows)}</table></div>' if rows else ""


def _grid(rows: Mapping[str, Sequence[Measure]]) -> str:
    if not rows:
        return ""
    heads = "".join(f"<th>{escape(measure.name)}</th>" for measure in next(iter(rows.values())))
    lines = "".join(f"<tr><td>{escape(name)}</td>{''.join(map(_cell, found))}</tr>" for name, found in rows.items())
    return f'<div class="scroll"><table><tr><th></th>{heads}</tr>{lines}</table></div>'


def _cell(measure: Measure) -> str:
    value, interval = formatted(measure)
    return f"<td>{value}<br><small>{interval}, n={measure.n}</small></td>" if measure.n else "<td>-</td>"


def _curve(report: Report) -> str:
    found = curve.points(report.outcomes)
    if not found:
        return ""
    return (
        "<p>Answers given in the order of their confidence. An answer is wrong when the label is silent, when none of "
        f"its first five citations supports it, or when its figure is wrong. Mean risk {curve.area(found):.1%}.</p>"
        f"{curve.svg(found)}"
    )


def _miss(miss: Miss) -> str:
    lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in miss.lines)
    return f"<article><h3>{escape(miss.id)}: {escape(', '.join(miss.faults))}</h3><dl>{lines}</dl></article>"
