"""A reply arranged as a turn of the chat page.

In: a `Reply` and the names of the labels. Out: a `Turn`: chips, evidence in the order of its statements, notices before
and after it, and the text to copy. Every sentence stays the reply's. Left out: the look (`templates/turn.html`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.http.heads import Head, head_rows
from assistant.http.rendering import source_url
from assistant.reply import Citation, CitedLabel, CitedRow, Notice, Reply

_FIRST = ("emergency", "report_adverse_event", "professional_advice", "comparison")
_THEN = ("source_conflict", "figure_check", "other_population", "boxed_warning", "label_currency")
_CHIPS = ("topic", "population", "condition", "trial", "arm", "dose", "grade", "measure", "section")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A citation that answers, and those that say the same again."""

    citation: Citation
    again: tuple[Citation, ...] = ()
    heads: tuple[tuple[Head, ...], ...] = ()
    copy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One slot of how the question was understood."""

    slot: str
    text: str


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
    close: tuple[tuple[str, str, Citation], ...]  # figure, how it differs, where it stands
    searched: tuple[str, ...]

    @property
    def figure(self) -> Citation | None:
        """The citation that the headline stands in."""
        headline = self.reply.headline
        return _numbered(self.reply)[headline.citation] if headline else None


def turn_of(reply: Reply, names: Mapping[str, str], base_url: str) -> Turn:
    """Arrange one reply."""
    cited = _numbered(reply)
    shown = [Shown(notice=note, citation=cited.get(note.citation or 0)) for note in reply.notices]
    return Turn(
        reply=reply,
        chips=tuple(_chips(reply, names)),
        about=_about(cited[reply.headline.citation]) if reply.headline else (),
        evidence=_by_label(_evidence(reply, cited, base_url)),
        first=tuple(one for kind in _FIRST for one in shown if one.notice.kind == kind),
        then=tuple(one for kind in _THEN for one in shown if one.notice.kind == kind),
        close=tuple((close.figure, close.differs, cited[close.citation]) for close in reply.close),
        searched=tuple(names.get(id, id) for id in reply.searched),
    )


def _numbered(reply: Reply) -> dict[int, Citation]:
    return {citation.number: citation for citation in reply.citations}


def _chips(reply: Reply, names: Mapping[str, str]) -> list[Chip]:
    understood = reply.understood
    chips = [Chip(slot="product", text=names.get(understood.label, understood.label))] if understood.label else []
    for slot in _CHIPS:
        value = getattr(understood, slot)
        if value:
            chips.append(Chip(slot=slot, text=f"grade {value}" if slot == "grade" else value))
    return chips


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


def _evidence(reply: Reply, cited: Mapping[int, Citation], base_url: str) -> list[Evidence]:
    runs = [statement.citations for statement in reply.statements]
    if reply.headline and not any(reply.headline.citation in run for run in runs):
        runs.insert(0, (reply.headline.citation,))
    seen: set[int] = set()
    evidence = []
    for run in runs:
        fresh = [cited[number] for number in dict.fromkeys(run) if number not in seen]
        seen.update(run)
        if fresh:
            evidence.append(_one(fresh[0], tuple(fresh[1:]), base_url))
    return evidence


def _one(citation: Citation, again: tuple[Citation, ...], base_url: str) -> Evidence:
    table = citation.table
    heads = head_rows(table.columns, table.answering_column) if table else ()
    return Evidence(citation=citation, again=again, heads=heads, copy=copy_text(citation, base_url))


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
