"""What is shown first where a message is more than a question: emergency, adverse-event report, advice.

In: a reply, what was heard in the message and the label meant. Out: `alerted`, the reply with those notices in front;
in an emergency with the overdosage section, verbatim. A report is never sent anywhere. Left out: hearing it
(`understanding.messages`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from assistant import sentences
from assistant.answering.citing import verified
from assistant.answering.notices import boxed_warning
from assistant.answering.wording import Wording
from assistant.label import Label
from assistant.patterns import expression
from assistant.reply import Citation, CitedLabel, Notice, Reply, Statement
from assistant.understanding.messages import ELEMENTS, Heard

_PHONE: Final = expression(r"(?:1[-. ])?\(?\b\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b|\b1-8\d\d-(?=[\dA-Z-]*[A-Z])[\dA-Z-]{6,}\b")
_REPORTS: Final = expression(r"(?i)\breport\b.{0,60}?(?:suspected|adverse|side effects?|product complaint)", re.DOTALL)
_SENTENCES: Final = 3  # a quote, at most
_LENGTH: Final = 600  # characters of a quote, at most
_SUMMARY: Final = 500  # characters of the message that the summary repeats
_OF_AN_ANSWER: Final = frozenset(
    {"label_currency", "other_population", "figure_check", "source_conflict"}
)  # of the figures shown


def alerted(reply: Reply, heard: Heard, label: Label | None, wording: Wording, limit: int) -> Reply:
    """The reply with what was heard in front of all other notices."""
    if heard.unlabelled_use and label is not None:
        reply = _unlabelled(reply, label, wording)
    if heard.emergency and label is not None:
        reply = _with_overdosage(reply, heard, label, wording, limit)
    first: list[Notice] = []
    if heard.emergency:
        first.append(Notice(kind="emergency", text=wording.say("notices", "emergency")))
    if heard.adverse_event:
        reply, notice = _report(reply, heard, label, wording)
        first.append(notice)
    if heard.advice:
        first.append(Notice(kind="professional_advice", text=wording.say("notices", "professional_advice")))
    return replace(reply, notices=(*first, *reply.notices))


def _report(reply: Reply, heard: Heard, label: Label | None, wording: Wording) -> tuple[Reply, Notice]:
    """The reporting panel, with the label's own number and the sentence that prints it, else MedWatch's."""
    number, place = wording.say("report", "medwatch"), None
    found = reporting(label) if label is not None else None
    if found is not None and label is not None:
        phone, start, end = found
        number = wording.say("report", "own", number=phone, label=label.name)
        reply, place = _cited(reply, label, start, end)
    named = [one for one in ELEMENTS if one in heard.named or (one == "product" and label is not None)]
    lacking = [one for one in ELEMENTS if one not in named]
    what = wording.say("report", "missing", what=", ".join(lacking)) if lacking else wording.say("report", "complete")
    text = wording.say(
        "notices",
        "report_adverse_event",
        number=number,
        what=what,
        summary=_summary(reply.question, named, lacking, label, wording),
    )
    return reply, Notice(kind="report_adverse_event", text=text, citation=place)


def _summary(message: str, named: Sequence[str], lacking: Sequence[str], label: Label | None, wording: Wording) -> str:
    """One line to copy into a report."""
    told = " ".join(message.split())
    told = told if len(told) <= _SUMMARY else f"{told[:_SUMMARY]} …"
    product = label.name if label is not None else wording.say("report", "unnamed")
    return wording.say(
        "report", "summary", product=product, what=told, named=", ".join(named) or wording.say("report", "unnamed"),
        missing=", ".join(lacking) or wording.say("report", "nothing"),
    )  # fmt: skip


def reporting(label: Label) -> tuple[str, int, int] | None:
    """The label's own number for reporting adverse events, with the half-open place of the sentence that prints it.

    FDA's line and a company's general line are none.
    """
    for match in _REPORTS.finditer(label.text):
        start, end = _sentence(label, match.start())
        start = max(start, _opening(label.text, match.start()))
        for phone in _PHONE.finditer(label.text, start, end):
            if "FDA" not in label.text[max(start, phone.start() - 10) : phone.end()]:
                return _numeric(label.text[phone.start() : end], phone.group()), start, end
    return None


def _sentence(label: Label, place: int) -> tuple[int, int]:
    """The sentence around a place, inside its block."""
    block = next((block for block in label.blocks if block.start <= place < block.end), None)
    start, end = (
        (block.start, block.end) if block else (label.text.rfind("\n\n", 0, place) + 1, label.text.find("\n\n", place))
    )
    spans = sentences.split(label.text, start, end if end > place else len(label.text))
    return next(((one, other) for one, other in spans if one <= place < other), (place, place))


def _opening(text: str, place: int) -> int:
    """Where "To report" or "call ... to report" begins before the word "report"."""
    before = re.search(r"(?i)(?:\bto|\byou (?:may|can))\s+$", text[max(0, place - 12) : place])
    return max(0, place - 12) + before.start() if before else 0


def _numeric(rest: str, phone: str) -> str:
    """The number in digits where letters stand for some of them: "1-800-77-AMGEN (1-800-772-6436)"."""
    digits = re.match(rf"{re.escape(phone)}\s*\((?P<digits>[\d-]+)\)", rest)
    return digits["digits"] if digits and re.search(r"[A-Z]", phone) else phone


def _cited(reply: Reply, label: Label, start: int, end: int) -> tuple[Reply, int]:
    """The reply with a stretch of the label among its citations, and that citation's number."""
    for citation in reply.citations:
        if citation.label.id == label.id and citation.start <= start and end <= citation.end:
            return reply, citation.number
    number = max((citation.number for citation in (*reply.citations, *reply.nearest)), default=0) + 1
    return replace(reply, citations=(*reply.citations, _citation(label, start, end, number))), number


def _citation(label: Label, start: int, end: int, number: int) -> Citation:
    """A bare stretch of a label as a citation, checked."""
    section = max((place for place, one in enumerate(label.sections) if one.start <= start < one.end), default=None)
    cited = CitedLabel(
        id=label.id, name=label.name, version=label.version, effective=label.effective, sha256=label.sha256
    )
    path = label.path(section) if section is not None else ()
    citation = Citation(
        number=number, kind="passage", label=cited, section=tuple(part for part in path if part),
        quote=label.text[start:end], start=start, end=end, url=f"/labels/{label.id}#c-{start}-{end}",
    )  # fmt: skip
    return verified(citation, label)


def _with_overdosage(reply: Reply, heard: Heard, label: Label, wording: Wording, limit: int) -> Reply:
    """The label's overdosage section, verbatim: as the answer to an overdose, else after what answers already."""
    spans = list(_quotes(label, "overdosage"))[:limit]
    if not spans:
        return reply
    if heard.overdose or reply.kind != "answer":
        kept = tuple(notice for notice in reply.notices if notice.citation is None and notice.kind not in _OF_AN_ANSWER)
        reply = replace(
            reply, kind="answer", headline=None, statements=(), citations=(), close=(), nearest=(), choices=(),
            reason=None, message="", notices=kept,
        )  # fmt: skip
    for start, end in spans:
        reply, number = _cited(reply, label, start, end)
        statement = Statement(text=label.text[start:end], citations=(number,))
        reply = replace(reply, statements=(*reply.statements, statement))
    return _with_currency(_with_boxed(reply, label), wording)


def _with_boxed(reply: Reply, label: Label) -> Reply:
    draft = boxed_warning(label)
    if draft is None or draft.span is None or any(notice.kind == "boxed_warning" for notice in reply.notices):
        return reply
    reply, number = _cited(reply, label, *draft.span)
    return replace(reply, notices=(*reply.notices, Notice(kind=draft.kind, text=draft.text, citation=number)))


def _with_currency(reply: Reply, wording: Wording) -> Reply:
    if any(notice.kind == "label_currency" for notice in reply.notices):
        return reply
    return replace(
        reply, notices=(*reply.notices, Notice(kind="label_currency", text=wording.say("notices", "label_currency")))
    )


def _quotes(label: Label, kind: str) -> Iterator[tuple[int, int]]:
    """The text under a kind of section in stretches that may be quoted, half-open."""
    chosen = {
        place
        for place, section in enumerate(label.sections)
        if section.kind == kind and not section.highlights and not section.patient
    }
    for block in label.blocks:
        if block.section in chosen and block.kind in ("paragraph", "list_item") and not block.highlights:
            yield from _cut(sentences.split(label.text, block.start, block.end))


def _cut(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Sentences joined into quotes of at most three and 600 characters."""
    run: list[tuple[int, int]] = []
    for span in spans:
        if run and (len(run) == _SENTENCES or span[1] - run[0][0] > _LENGTH):
            yield run[0][0], run[-1][1]
            run = []
        run.append(span)
    if run:
        yield run[0][0], run[-1][1]


def _unlabelled(reply: Reply, label: Label, wording: Wording) -> Reply:
    """A refusal of a use that the label doesn't contain shows the indication beside it."""
    if reply.kind != "no_answer" or reply.reason != "not_in_label":
        return reply
    quotes = [_citation(label, start, end, 1) for start, end in list(_quotes(label, "indications"))[:1]]
    rest = [citation for citation in reply.nearest if all(citation.start != quote.start for quote in quotes)]
    nearest = tuple(replace(citation, number=number) for number, citation in enumerate([*quotes, *rest][:3], 1))
    message = f"{wording.say('no_answer', 'unlabelled_use', searched=label.name)} {wording.say('no_answer', 'contact')}"
    return replace(reply, message=message, nearest=nearest)
