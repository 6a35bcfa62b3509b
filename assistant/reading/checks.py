"""Checks of a label against itself, printed with it and shown where they touch an answer; the text is never altered.

In: a label as a reader made it. Out: `findings`: percentages that don't recompute, an n above the stated N, headers
that can't be meant as printed, indications that contradict one another, lost footnote marks, unresolved tables. Left
out: whether the drug's facts are right.
"""

import re
from collections.abc import Iterator
from itertools import combinations

from assistant import figures, populations
from assistant.label import Block, Finding, Label, Span, Table

_MOST_INDICATIONS = 60  # statements that are compared, each with each
_MIXED_SIGN = re.compile(r"[≥≤<>]\s?\d+\s?/\s?\d+")
_SHARE = re.compile(r"\d\s?(?:/|of|out of)\s?\.?\d")
_INDICATED = re.compile(r"\bis indicated\b")


def findings(label: Label) -> tuple[Finding, ...]:
    """Everything to check, in text order."""
    found = [*_figures(label), *_tables(label), *_indications(label)]
    return tuple(sorted(found, key=lambda finding: (finding.spans[0].start, finding.kind)))


def _figures(label: Label) -> Iterator[Finding]:
    for block in label.blocks:
        if block.kind in ("table", "boilerplate") or not _may_recompute(label.text, block.start, block.end):
            continue
        for figure in figures.find(label.text, block.start, block.end):
            if not figures.recomputes(figure):
                yield _mismatch(label, figure)


def _may_recompute(text: str, start: int, end: int) -> bool:
    """Whether a percentage and a share can stand there: a cheap look before figures are told apart, which is not."""
    return text.find("%", start, end) >= 0 and _SHARE.search(text, start, end) is not None


def _mismatch(label: Label, figure: figures.Figure) -> Finding:
    assert figure.numerator is not None
    assert figure.denominator
    exact = 100 * figure.numerator / figure.denominator
    counts = f"{figure.numerator:g}/{figure.denominator:g}"
    return Finding(
        kind="figure_mismatch",
        message=f"{counts} is {exact:.2f}%, printed as {figures.printed_percent(figure)}%",
        spans=(Span(start=figure.start, end=figure.end),),
    )


def _tables(label: Label) -> Iterator[Finding]:
    for table in label.tables:
        whole = Span(start=table.start, end=table.end)
        if not table.resolved:
            yield Finding(
                kind="unresolved_table", message="the headers of this table could not be told", spans=(whole,)
            )
        yield from _cells(label, table)
        yield from _headers(table)
        yield from _counts(label, table)
        yield from _marks(table)


def _cells(label: Label, table: Table) -> Iterator[Finding]:
    """Rates within cells; "41 (15)" under an N is left alone, since it may be of fewer patients than were treated."""
    for row in table.rows:
        for cell in row.cells:
            if _may_recompute(label.text, cell.start, cell.end):
                found = figures.find(label.text, cell.start, cell.end)
                yield from (_mismatch(label, figure) for figure in found if not figures.recomputes(figure))


def _headers(table: Table) -> Iterator[Finding]:
    for head in dict.fromkeys(head for column in table.columns for head in column.header):
        if mixed := _MIXED_SIGN.search(head):
            message = f"the column is headed {head!r}: {mixed.group()!r} joins a sign for a range with a list of grades"
            yield Finding(kind="header_mismatch", message=message, spans=(Span(start=table.start, end=table.end),))


def _counts(label: Label, table: Table) -> Iterator[Finding]:
    """A row's n above the N that column heads or caption state, or else above every N of the label's other tables."""
    stated = [int(n.replace(",", "")) for column in table.columns if (n := column.n)]
    stated += [int(n.replace(",", "")) for n in re.findall(r"\bN\s?=\s?(\d[\d,]*)", table.caption)]
    if not stated:
        stated = [int(n.replace(",", "")) for other in label.tables for column in other.columns if (n := column.n)]
    for row in table.rows:
        if row.n.isdigit() and stated and int(row.n) > max(stated):
            message = f"n={row.n} for {row.label!r} is above the stated N of {max(stated)}"
            yield Finding(kind="n_above_total", message=message, spans=(Span(start=row.start, end=row.end),))


def _marks(table: Table) -> Iterator[Finding]:
    known = {note.mark for note in table.footnotes}
    carried = {mark for row in table.rows for mark in (*row.marks, *(m for cell in row.cells for m in cell.marks))}
    heads = {mark for column in table.columns for mark in column.marks}
    for note in table.footnotes:
        if note.mark and not note.certain and note.mark not in carried | heads and note.rows:
            label = table.rows[note.rows[0]].label
            spans = (
                Span(start=note.start, end=note.end),
                Span(start=table.rows[note.rows[0]].start, end=table.rows[note.rows[0]].end),
            )
            yield Finding(kind="lost_mark", message=f"no mark leads from {label!r} to its note", spans=spans)
    for row in table.rows:
        if known and (lost := [mark for mark in row.marks if mark not in known]):
            message = f"{row.label!r} carries the mark {lost[0]!r}, which no note explains"
            yield Finding(kind="lost_mark", message=message, spans=(Span(start=row.start, end=row.end),))


def _indications(label: Label) -> Iterator[Finding]:
    """Two statements of the same indication for different populations."""
    spans = [span for block in label.blocks for span in _statements(label, block)][:_MOST_INDICATIONS]
    stated = [(span, text, who) for span in spans if (who := _who(text := label.text[span.start : span.end]))]
    for (first, said, one), (second, repeated, other) in combinations(stated, 2):
        if one != other and _same_use(said, repeated):
            message = f"one indication names {_named(one)}, another {_named(other)}"
            yield Finding(kind="contradiction", message=message, spans=(first, second))


def _statements(label: Label, block: Block) -> Iterator[Span]:
    """The stretches between full stops that say what the product is indicated for."""
    if block.kind not in ("paragraph", "list_item") or block.highlights:
        return
    start = block.start
    for match in _INDICATED.finditer(label.text, block.start, block.end):
        if match.start() < start:
            continue
        stop = label.text.find(".", match.end(), block.end) + 1 or block.end
        start = max(label.text.rfind(".", block.start, match.start()) + 1, start)
        yield Span(start=start, end=stop)
        start = stop


def _who(text: str) -> frozenset[str]:
    return frozenset(populations.named(text)) & {"adult", "pediatric", "elderly", "adolescent"}


def _named(slugs: frozenset[str]) -> str:
    return " and ".join(sorted(slugs))


def _same_use(first: str, second: str) -> bool:
    """Whether most of the shorter statement's long words stand in the other."""
    one, other = (set(re.findall(r"[a-z]{5,}", text.lower().partition("indicated")[2])) for text in (first, second))
    fewer = min(one, other, key=len)
    return bool(fewer) and len(one & other) >= 0.7 * len(fewer)
