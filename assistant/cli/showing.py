"""A reply for a reader: on a terminal with colour and panels, elsewhere as plain text.

In: a `Reply` and a rich console. Out: text on that console. White space inside quotes is folded for reading; the
offsets in brackets, and `--json`, lead to the exact text. Left out: what is answered.
"""

import re
from collections.abc import Iterable, Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from assistant.cli.rows import footnotes, row
from assistant.cli.screen import clean, line
from assistant.reply import Citation, Notice, Reply

_GAP = re.compile(r"\s+")
_URGENT = ("emergency", "report_adverse_event")  # shown before the answer
_NOTICES = {
    "boxed_warning": ("Boxed warning", "red"),
    "report_adverse_event": ("Report an adverse event", "yellow"),
    "emergency": ("Emergency", "bold red"),
    "source_conflict": ("The label contradicts itself", "yellow"),
    "figure_check": ("Check this figure", "yellow"),
    "other_population": ("Another population", "yellow"),
    "professional_advice": ("No advice on a patient", "cyan"),
    "comparison": ("Comparison", "cyan"),
    "label_currency": ("Label version", "dim"),
}


def show(reply: Reply, console: Console) -> None:
    """Print a reply."""
    for part in _parts(reply, console.is_terminal):
        console.print(part, soft_wrap=isinstance(part, Text) and not console.is_terminal)


def _parts(reply: Reply, is_terminal: bool) -> Iterator[RenderableType]:
    first = [notice for kind in _URGENT for notice in reply.notices if notice.kind == kind]
    rest = [notice for notice in reply.notices if notice.kind not in _URGENT]
    yield from (_notice(notice, is_terminal) for notice in first)
    yield from {"answer": _answer, "no_answer": _no_answer, "clarification": _clarification}[reply.kind](reply)
    yield from (_notice(notice, is_terminal) for notice in rest)
    yield from _understood(reply)


def _answer(reply: Reply) -> Iterator[RenderableType]:
    if reply.headline:
        yield Text(f"\n{line(reply.headline.text)} [{reply.headline.citation}]", style="bold green")
    yield from _about(reply)
    main, beside = _referred(reply)
    for citation in reply.citations:
        if citation.number in main:
            yield from _citation(citation)
    yield from _close(reply)
    also = [one for one in reply.citations if one.number not in main | beside]
    if also and main:
        yield Text("\nAlso in the label:", style="bold")
    for citation in also + [one for one in reply.citations if one.number in beside]:
        yield from _citation(citation)


def _about(reply: Reply) -> Iterator[Text]:
    """What the headline is about, in the words of the passage that it stands in."""
    numbers = [reply.headline.citation] if reply.headline else [one.number for one in reply.citations[:1]]
    cited = next((one for one in reply.citations if one.number in numbers), None)
    asked = reply.understood
    said = [part for part in (asked.topic, asked.condition) if part] + list(cited.about if cited else ())
    if said:
        yield Text(" · ".join(dict.fromkeys(map(line, said))), style="bold")


def _referred(reply: Reply) -> tuple[set[int], set[int]]:
    """Numbers of the citations that answer, and of those that only close figures and notices refer to."""
    main = {number for statement in reply.statements for number in statement.citations}
    if reply.headline:
        main.add(reply.headline.citation)
    other = {one.citation for one in reply.close} | {one.citation for one in reply.notices if one.citation}
    return main, other - main


def _no_answer(reply: Reply) -> Iterator[RenderableType]:
    yield Text(f"\n{line(reply.message) or 'No answer.'}", style="bold")
    if reply.searched:
        yield Text(f"Searched: {', '.join(map(line, reply.searched))}", style="dim")
    for citation in reply.citations:
        yield from _citation(citation)
    yield from _close(reply)
    if reply.nearest:
        yield Text("\nClosest passages, not an answer:", style="bold")
    for citation in reply.nearest:
        yield from _citation(citation)


def _clarification(reply: Reply) -> Iterator[RenderableType]:
    yield Text(f"\n{line(reply.message) or 'Which one is meant?'}", style="bold")
    for number, choice in enumerate(reply.choices, 1):
        yield Text.assemble(f"  {number}. {line(choice.text)}", (f"  {line(choice.question)}", "dim"))
    for citation in reply.citations:
        yield from _citation(citation)


def _close(reply: Reply) -> Iterator[Text]:
    if reply.close:
        yield Text("\nClose, but another question:", style="bold")
    for one in reply.close:
        yield Text.assemble("  ", (line(one.figure), "bold"), f"  {line(one.differs)} [{one.citation}]")


def _citation(citation: Citation) -> Iterator[RenderableType]:
    if citation.table:
        table, notes = row(citation.table), footnotes(citation.table)
        yield Group(Text(f"\n[{citation.number}]"), Padding(table, (0, 0, 0, 2), expand=False))
        yield from notes
    else:
        yield Text.assemble(f"\n[{citation.number}] ", quoted(citation))
    yield Text(f"    {_place(citation)}", style="dim")


def quoted(citation: Citation) -> Text:
    """The quote on one line, what answers in bold and reversed."""
    text = Text("“")
    for start, end, answers in _stretches(citation):
        part = clean(citation.quote[start - citation.start : end - citation.start])
        folded = _GAP.sub(" ", part)
        if text.plain[-1] in "“ ":
            folded = folded.lstrip()
        text.append(folded, style="bold reverse" if answers else "")
    text.rstrip()
    return text.append("”")


def _stretches(citation: Citation) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether it answers, end to end over the whole quote."""
    place = citation.start
    for one in sorted(citation.highlights, key=lambda highlight: highlight.start):
        start, end = max(place, one.start), min(citation.end, one.end)
        if start < end:
            yield place, start, False
            yield start, end, True
            place = end
    yield place, citation.end, False


def _place(citation: Citation) -> str:
    label = citation.label
    version = (label.name or label.id, label.version and f"version {label.version}", label.effective)
    parts = (", ".join(filter(None, version)), *citation.section)
    page = f", page {citation.page}" if citation.page else ""
    return f"{' › '.join(line(part) for part in parts if part)}{page} ({citation.start}-{citation.end})"


def _notice(notice: Notice, is_terminal: bool) -> RenderableType:
    title, style = _NOTICES.get(notice.kind, (notice.kind, ""))
    cited = f" [{notice.citation}]" if notice.citation else ""
    if is_terminal and notice.kind != "label_currency":
        return Panel(Text(f"{line(notice.text)}{cited}"), title=title, title_align="left", border_style=style)
    return Text(f"\n{title}: {line(notice.text)}{cited}", style=style)


def _understood(reply: Reply) -> Iterator[Text]:
    asked = reply.understood
    named = (asked.population, asked.condition, asked.trial, asked.arm, asked.dose, asked.grade, asked.measure)
    said = _joined((asked.label, asked.topic, *named))
    if said:
        yield Text(f"\nUnderstood as: {said}", style="dim")
    if asked.also_searched:
        yield Text(f"Also searched: {_joined(asked.also_searched)}", style="dim")


def _joined(parts: Iterable[str | None]) -> str:
    return ", ".join(line(part) for part in parts if part)
