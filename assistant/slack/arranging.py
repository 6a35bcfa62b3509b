"""A reply arranged for Slack: what is shown at once, and what "Show more" adds.

In: a `Reply` and the labels that it cites. Out: `Arranged`, its pieces in reading order: what must be said first, the
headline with whom it is about, the quotes or rows that answer with their places, notices, small print, buttons. Every
sentence is the reply's or stands in `saying`. Left out: the parts themselves (`showing`, `rows`), messages (`packing`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.answering.wording import Wording
from assistant.label import Label
from assistant.reply import Citation, Reply
from assistant.slack import saying
from assistant.slack.blocks import Piece, Run, buttons, divider, feedback, header, paragraph, small
from assistant.slack.pressing import FEEDBACK, choice_buttons, fits, more_button, read_button
from assistant.slack.showing import about, boxed_text, boxed_title, close, evidence, notice, reporting, understood
from assistant.slack.texts import folded

_FIRST = ("emergency", "report_adverse_event", "professional_advice", "comparison")
_THEN = ("source_conflict", "figure_check", "other_population")
_FAIR_BALANCE = ("boxed_warning", "dosage", "indications", "warnings", "contraindications")
_AT_ONCE = 2  # quotes of an answer that are shown without "Show more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """A reply as pieces."""

    first: tuple[Piece, ...]
    more: tuple[Piece, ...]
    is_beyond_label: bool  # in a channel for the asker's eyes only


class Arranger:
    """Arranges replies with the labels of an engine."""

    def __init__(self, label: Callable[[str], Label], wording: Wording, base_url: str) -> None:
        self._label = label
        self._wording = wording
        self._base_url = base_url

    def arrange(self, reply: Reply) -> Arranged:
        """The pieces of a reply."""
        runs = list(_runs(reply))
        more, words = tuple(self._more(reply, runs)), tuple(small(understood(reply)))
        first = (*self._first(reply, runs), *(() if more else words), *self._last(reply, more_follows=bool(more)))
        more = (*more, *words) if more else ()
        return Arranged(first=first, more=more, is_beyond_label=reply.kind == "no_answer")

    def _first(self, reply: Reply, runs: list[Citation]) -> Iterator[Piece]:
        for kind in _FIRST:
            yield from self._notices(reply, kind)
        if reply.message or reply.kind != "answer":
            fallback = saying.WHICH if reply.kind == "clarification" else saying.NO_ANSWER
            yield from paragraph(Run(text=folded(reply.message) or fallback, bold=True))
        yield from buttons(*choice_buttons(reply))
        yield from small(*(f"{one.text}: {one.question}" for one in reply.choices if not fits(one)))
        if reply.headline:
            yield from header(folded(reply.headline.text))
            yield from small(about(reply))
        yield from self._quotes(runs[:_AT_ONCE])
        yield from self._nearest(reply)
        for kind in _THEN:
            yield from self._notices(reply, kind)
        yield from self._boxed(reply)

    def _quotes(self, citations: list[Citation]) -> Iterator[Piece]:
        """Quotes with their places; each label's under its name where there are several. One row is a table block."""
        labels = {citation.label.id for citation in citations}
        table = next((citation for citation in citations if citation.table), None)
        told = ""
        for citation in citations:
            if len(labels) > 1 and citation.label.id != told:
                told = citation.label.id
                yield from paragraph(Run(text=folded(citation.label.name or told), bold=True))
            yield from evidence(citation, self._base_url, as_block=citation is table)

    def _nearest(self, reply: Reply) -> Iterator[Piece]:
        if reply.nearest:
            yield from paragraph(Run(text=saying.NEAREST, italic=True))
        for citation in reply.nearest:
            yield from evidence(citation, self._base_url, as_block=False)

    def _notices(self, reply: Reply, kind: str) -> Iterator[Piece]:
        cited = _numbered(reply)
        for one in reply.notices:
            if one.kind == kind:
                yield from notice(one, cited.get(one.citation or 0), self._base_url)

    def _boxed(self, reply: Reply) -> Iterator[Piece]:
        """The title of each boxed warning, its text too where the answer is about dose, benefit or safety."""
        cited = _numbered(reply)
        is_open = reply.understood.section in _FAIR_BALANCE or reply.understood.measure == "dose"
        for one in reply.notices:
            if one.kind == "boxed_warning":
                citation = cited.get(one.citation or 0)
                yield from boxed_title(one, citation, self._base_url)
                yield from boxed_text(self._label(citation.label.id)) if is_open and citation else ()

    def _more(self, reply: Reply, runs: list[Citation]) -> Iterator[Piece]:
        yield from self._quotes(runs[_AT_ONCE:])
        yield from close(reply, _numbered(reply), self._base_url)
        further = list(_further(reply, runs))
        if further:
            yield from paragraph(Run(text=saying.FURTHER, italic=True))
        yield from self._quotes(further)

    def _last(self, reply: Reply, *, more_follows: bool) -> Iterator[Piece]:
        yield divider()
        label = self._about(reply)
        currency = next((one.text for one in reply.notices if one.kind == "label_currency"), "")
        yield from small(folded(currency), reporting(label, self._wording))
        boxed = [read_button(label)] if label and any(one.kind == "boxed_warning" for one in reply.notices) else []
        yield from buttons(*([more_button(reply)] if more_follows else []), *boxed)
        if reply.turn_id and reply.kind != "clarification":
            yield feedback(FEEDBACK, reply.turn_id, saying.HELPFUL, saying.NOT_HELPFUL)

    def _about(self, reply: Reply) -> Label | None:
        """The one label that a reply is about."""
        cited = {citation.label.id for citation in (*reply.citations, *reply.nearest)}
        found = reply.understood.label or next(iter(cited if len(cited) == 1 else reply.searched[:1]), "")
        return self._label(found) if found else None


def _numbered(reply: Reply) -> dict[int, Citation]:
    return {citation.number: citation for citation in reply.citations}


def _runs(reply: Reply) -> Iterator[Citation]:
    """The citations that answer: the first of each statement that no earlier one gave."""
    cited = _numbered(reply)
    statements = [statement.citations for statement in reply.statements]
    if reply.headline and not any(reply.headline.citation in some for some in statements):
        statements.insert(0, (reply.headline.citation,))
    seen: set[int] = set()
    for some in statements:
        fresh = [number for number in some if number not in seen]
        seen.update(some)
        if fresh:
            yield cited[fresh[0]]


def _further(reply: Reply, runs: list[Citation]) -> Iterator[Citation]:
    """What else is cited: the same said again, then what neither answers nor stands in a notice or beside a figure."""
    told = {citation.number for citation in runs} | {one.citation for one in reply.close}
    told |= {one.citation for one in reply.notices if one.citation}
    yield from (citation for citation in reply.citations if citation.number not in told)
