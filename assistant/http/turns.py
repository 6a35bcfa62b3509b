"""A reply arranged as a turn of the chat page.

In: a `Reply` and the labels by id. Out: a `Turn`: chips, evidence in the order of its statements, notices before and
after it, what else it cites, the text to copy and what to ask next. Every sentence stays the reply's. Left out: the
look (`templates/turn.html`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.http.chips import Chip, chips_of
from assistant.http.heads import Head, head_rows
from assistant.http.leaving import official_url
from assistant.http.outline import boxed_warning, warning_title
from assistant.http.rendering import source_url
from assistant.http.suggesting import next_questions
from assistant.label import Label
from assistant.reply import Citation, CitedLabel, CitedRow, Notice, Reply

_FIRST = ("emergency", "report_adverse_event", "professional_advice", "comparison")
_THEN = ("source_conflict", "figure_check", "other_population", "boxed_warning", "label_currency")
_FAIR_BALANCE = ("boxed_warning", "dosage", "indications", "warnings", "contraindications")
_TO_COPY = "To copy: "  # as wording.toml begins the summary of a report
_REPORT = """Patient (age, sex, initials):
Reporter (name, how to reach):
Product (dose, dates, lot): {product}
Event: {event}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A citation that answers, and those that say the same again."""

    citation: Citation
    again: tuple[Citation, ...] = ()
    heads: tuple[tuple[Head, ...], ...] = ()
    copy: str = ""
    official: str = ""  # where the same text stands outside, empty where that is unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A notice with the citation that it rests on."""

    notice: Notice
    citation: Citation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question with its reply, ready to be shown."""

    reply: Reply
    chips: tuple[Chip, ...]
    about: tuple[str, ...]
    evidence: tuple[tuple[CitedLabel, tuple[Evidence, ...]], ...]  # by label, in the order of the statements
    first: tuple[Shown, ...]
    then: tuple[Shown, ...]
    close: tuple[tuple[str, str, Evidence], ...]  # figure, how it differs, where it stands
    searched: tuple[str, ...]
    also: tuple[str, ...]  # other wordings that were searched
    nearest: tuple[Evidence, ...]
    further: tuple[Evidence, ...]  # cited, but neither as the answer nor in a notice
    next: tuple[str, ...]
    copy: str  # the whole answer with its citations, empty where there is none
    report: str  # of an adverse event, to copy and fill in
    boxed_title: str
    boxed_text: str  # what stands under the boxed warning's title, verbatim
    boxed_open: bool  # shown without being asked for

    @property
    def figure(self) -> Citation | None:
        """The citation that the headline stands in."""
        headline = self.reply.headline
        return _numbered(self.reply)[headline.citation] if headline else None


def turn_of(reply: Reply, labels: Mapping[str, Label], base_url: str) -> Turn:
    """Arrange one reply."""
    cited = _numbered(reply)
    about = labels.get(reply.understood.label or (reply.searched[0] if len(reply.searched) == 1 else ""))

    boxed = boxed_warning(about) if about else None

    def proof(citation: Citation, again: tuple[Citation, ...] = ()) -> Evidence:
        return _one(citation, again, labels, base_url)

    shown = [Shown(notice=note, citation=cited.get(note.citation or 0)) for note in reply.notices]
    return Turn(
        reply=reply,
        chips=chips_of(reply, labels),
        about=_about(cited[reply.headline.citation]) if reply.headline else (),
        evidence=_by_label([proof(*one) for one in _runs(reply, cited)]),
        first=tuple(one for kind in _FIRST for one in shown if one.notice.kind == kind),
        then=tuple(one for kind in _THEN for one in shown if one.notice.kind == kind),
        close=tuple((close.figure, close.differs, proof(cited[close.citation])) for close in reply.close),
        searched=_searched(reply, labels),
        also=_also(reply),
        nearest=tuple(proof(citation) for citation in reply.nearest),
        further=tuple(proof(citation) for citation in _further(reply)),
        next=next_questions(reply, about),
        copy=_copy(reply, base_url),
        report=_report(reply, about),
        boxed_title=warning_title(about, boxed) if about and boxed else "",
        boxed_text=about.text[boxed.heading.end : boxed.end].strip() if about and boxed else "",
        boxed_open=reply.understood.section in _FAIR_BALANCE or reply.understood.measure == "dose",
    )


def _numbered(reply: Reply) -> dict[int, Citation]:
    return {citation.number: citation for citation in reply.citations}


def _searched(reply: Reply, labels: Mapping[str, Label]) -> tuple[str, ...]:
    """The names of the labels that were searched, as far as the message doesn't give them."""
    names = (labels[id].name if id in labels else id for id in reply.searched)
    return tuple(name for name in names if f"Searched: {name}" not in reply.message)


def _also(reply: Reply) -> tuple[str, ...]:
    """Other wordings, without those that the question or a chip already shows."""
    understood = reply.understood
    shown = f"{reply.question} {understood.topic} {understood.condition}".casefold()
    return tuple(wording for wording in understood.also_searched if wording.casefold() not in shown)


def _further(reply: Reply) -> list[Citation]:
    used = {number for statement in reply.statements for number in statement.citations}
    used |= {close.citation for close in reply.close} | {note.citation for note in reply.notices if note.citation}
    used |= {reply.headline.citation} if reply.headline else set()
    return [citation for citation in reply.citations if citation.number not in used]


def _about(citation: Citation) -> tuple[str, ...]:
    """What a figure is about: for a table value its row and column, then population, trial, arm, grade."""
    table = citation.table
    parts: list[str] = []
    if table:
        column = table.columns[table.answering_column] if table.answering_column is not None else ()
        parts = [table.row_label, *column]
        if table.n and not any(f"={table.n}" in part.replace(" ", "") for part in parts):
            parts.append(f"n={table.n}")
    return tuple(dict.fromkeys((*parts, *citation.about)))


def _runs(reply: Reply, cited: Mapping[int, Citation]) -> list[tuple[Citation, tuple[Citation, ...]]]:
    """What each statement rests on: a citation, and those that say the same again."""
    runs = [statement.citations for statement in reply.statements]
    if reply.headline and not any(reply.headline.citation in run for run in runs):
        runs.insert(0, (reply.headline.citation,))
    seen: set[int] = set()
    found = []
    for run in runs:
        fresh = [cited[number] for number in dict.fromkeys(run) if number not in seen]
        seen.update(run)
        if fresh:
            found.append((fresh[0], tuple(fresh[1:])))
    return found


def _one(citation: Citation, again: tuple[Citation, ...], labels: Mapping[str, Label], base_url: str) -> Evidence:
    table = citation.table
    label = labels.get(citation.label.id)
    return Evidence(
        citation=citation,
        again=again,
        heads=head_rows(table.columns, table.answering_column) if table else (),
        copy=copy_text(citation, base_url),
        official=official_url(label, citation) if label else "",
    )


def _by_label(evidence: Sequence[Evidence]) -> tuple[tuple[CitedLabel, tuple[Evidence, ...]], ...]:
    groups: dict[str, list[Evidence]] = {}
    for one in evidence:
        groups.setdefault(one.citation.label.id, []).append(one)
    return tuple((group[0].citation.label, tuple(group)) for group in groups.values())


def copy_text(citation: Citation, base_url: str) -> str:
    """A quote with its full citation, as it goes into a letter."""
    label = citation.label
    known = [label.name, " › ".join(citation.section)]
    known += [f"version {label.version}"] if label.version else []
    known += [f"effective {label.effective}"] if label.effective else []
    known += [f"characters {citation.start}–{citation.end} of source sha256 {label.sha256[:12]}"]
    said = _row_text(citation.table) if citation.table else f"“{citation.quote.strip()}”"
    return f"{said}\n— {', '.join(known)}. {base_url.rstrip('/')}{source_url(citation)}"


def _row_text(row: CitedRow) -> str:
    values = (f"{' › '.join(path)}: {value}" for path, value in zip(row.columns, row.values, strict=False))
    notes = "".join(f"\n{note.mark} {note.text}".rstrip() for note in row.footnotes)
    return f"{row.caption}\n{row.row_label} — {'; '.join(values)}{notes}".strip()


def _copy(reply: Reply, base_url: str) -> str:
    """Question, figure and every quote that answers, each with its citation."""
    if reply.kind != "answer":
        return ""
    quotes = [copy_text(citation, base_url) for citation, _ in _runs(reply, _numbered(reply))]
    figure = [reply.headline.text] if reply.headline else []
    return "\n\n".join((reply.standalone_question or reply.question, *figure, *quotes))


def _report(reply: Reply, label: Label | None) -> str:
    """The summary that the notice gives, else one to fill in."""
    told = next((note.text for note in reply.notices if note.kind == "report_adverse_event"), "")
    if _TO_COPY in told:
        return told.partition(_TO_COPY)[2].strip()
    return _REPORT.format(product=label.name if label else "", event=reply.question)
