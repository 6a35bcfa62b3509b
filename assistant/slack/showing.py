"""The parts of an answer as pieces: a quote with its place, a notice, what a figure is about, the small print.

In: parts of a `Reply`. Out: `Piece`s or lines. Quotes are the label's characters, white space folded for reading; the
characters in brackets, and the link, lead to the exact text. Left out: their order (`arranging`).
"""

import re
from collections.abc import Iterator, Mapping

from assistant.answering.alerts import reporting as number_of
from assistant.answering.notices import boxed_warning
from assistant.answering.wording import Wording
from assistant.label import Label
from assistant.reply import Citation, Notice, Reply
from assistant.slack import saying
from assistant.slack.blocks import Piece, Run, paragraph, quote, to_copy
from assistant.slack.links import place, source
from assistant.slack.rows import row
from assistant.slack.texts import folded, visible

_WARNING = re.compile(r"^(?:boxed )?warnings?\s*:\s*", re.IGNORECASE)  # said already by the notice's name


def evidence(citation: Citation, base_url: str, *, as_block: bool) -> Iterator[Piece]:
    """A quote or row, and where it stands."""
    if citation.table:
        yield from row(citation.table, as_block=as_block)
    else:
        yield from quote(Run(text="“"), *quoted(citation), Run(text="”"))
    yield from paragraph(Run(text=f"[{citation.number}] "), Run(text=place(citation), url=source(citation, base_url)))


def quoted(citation: Citation) -> Iterator[Run]:
    """The quote, what answers in bold; white space is folded across stretches."""
    last = " "
    for start, end, bold in _stretches(citation):
        text = " ".join(f"|{citation.quote[start - citation.start : end - citation.start]}|".split())[1:-1]
        text = text.lstrip() if last == " " else text
        if text:
            last = text[-1]
            yield Run(text=visible(text), bold=bold)


def _stretches(citation: Citation) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether it answers, end to end over the whole quote."""
    at = citation.start
    for one in sorted(citation.highlights, key=lambda highlight: highlight.start):
        start, end = max(at, one.start), min(citation.end, one.end)
        if start < end:
            yield at, start, False
            yield start, end, True
            at = end
    yield at, citation.end, False


def about(reply: Reply) -> str:
    """What the headline is about: what was asked, for a table value its row and column, then whom and which study."""
    cited = next((one for one in reply.citations if reply.headline and one.number == reply.headline.citation), None)
    parts: list[str | None] = [reply.understood.topic, reply.understood.condition]
    table = cited.table if cited else None
    if table:
        column = table.columns[table.answering_column] if table.answering_column is not None else ()
        parts += [table.row_label, *column]
    parts += cited.about if cited else ()
    said = {folded(part).casefold(): folded(part) for part in reversed(parts) if part}
    return " · ".join(reversed(said.values()))


def notice(one: Notice, citation: Citation | None, base_url: str) -> Iterator[Piece]:
    """A notice under its name, with the place that it rests on; a summary to copy apart."""
    text, _, summary = one.text.partition(saying.TO_COPY)
    name = saying.NOTICES[one.kind]
    yield from paragraph(Run(text=f"{name}: ", bold=True), Run(text=folded(text)))
    if summary:
        yield from to_copy(folded(summary))
    if citation:
        yield from paragraph(
            Run(text=f"[{citation.number}] "), Run(text=place(citation), url=source(citation, base_url))
        )


def boxed_title(one: Notice, citation: Citation | None, base_url: str) -> Iterator[Piece]:
    """The title of a boxed warning, leading to it."""
    url = source(citation, base_url) if citation else ""
    name, title = saying.NOTICES[one.kind], _WARNING.sub("", folded(one.text)).rstrip(": ")
    yield from paragraph(Run(text=f"{name}: ", bold=True), Run(text=title or name, url=url))


def close(reply: Reply, cited: Mapping[int, Citation], base_url: str) -> Iterator[Piece]:
    """Figures that are near but about something else, each with how it differs and its quote."""
    if reply.close:
        yield from paragraph(Run(text=saying.CLOSE, italic=True))
    for one in reply.close:
        yield from paragraph(Run(text=folded(one.figure), bold=True), Run(text=f"  {folded(one.differs)}"))
        yield from evidence(cited[one.citation], base_url, as_block=False)


def boxed_text(label: Label) -> Iterator[Piece]:
    """The whole boxed warning under its title, verbatim."""
    found = boxed_warning(label)
    if found is None:
        return
    section = label.sections[found.section]
    lines = (visible(line).strip() for line in label.text[section.heading.end : section.end].splitlines())
    yield from quote(Run(text=f"{found.text}\n", bold=True), Run(text="\n".join(filter(None, lines))))


def reporting(label: Label | None, wording: Wording) -> str:
    """The line that says where adverse events are reported: the label's own number where it prints one."""
    found = number_of(label) if label else None
    if label and found:
        return saying.REPORTING + wording.say("report", "own", number=found[0], label=label.name)
    return saying.REPORTING + wording.say("report", "medwatch")


def understood(reply: Reply) -> str:
    """How the question was understood, and which other wordings were searched."""
    asked = reply.understood
    named = (asked.topic, asked.population, asked.condition, asked.trial, asked.arm, asked.dose)
    parts: list[str | None] = [*named, f"grade {asked.grade}" if asked.grade else "", asked.measure]
    said = ", ".join(folded(part) for part in parts if part)
    also = ", ".join(map(folded, asked.also_searched))
    lines = (saying.UNDERSTOOD + said if said else "", saying.ALSO_SEARCHED + also if also else "")
    return "\n".join(filter(None, lines))
