"""The reply: what was chosen, cited and worded as the reply contract fixes it.

In: a `Query`, its `Choice` and the labels. Out: `answer` and `no_answer`. Left out: choosing, and the conversation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.answering import notices
from assistant.answering.choosing import Checked, Choice
from assistant.answering.citing import about, cite, verified
from assistant.answering.gap import Gap
from assistant.answering.wording import Wording
from assistant.label import Label
from assistant.patterns import expression
from assistant.query import Query
from assistant.reply import Citation, CitedLabel, Close, Headline, Notice, Reason, Reply, Statement, Understood


def answer(query: Query, choice: Choice, labels: Mapping[str, Label], wording: Wording, limit: int) -> Reply:
    """A reply that answers."""
    cited = _Cited(labels, limit)
    first = choice.answers[0]
    statements = []
    for item in choice.answers[:limit]:
        number = cited.add(item)
        statements.append(Statement(text=cited.all[number - 1].quote, citations=(number,)))
    close = [
        Close(figure=item.picked.text, differs=differs(query, item), citation=cited.add(item))
        for item in choice.close[: max(0, limit - len(cited.all))]
        if item.picked is not None
    ]
    for item in choice.others:
        if len(cited.all) < limit and item not in choice.close and not _contradicts(item):
            cited.add(item)
    label = labels[first.hit.passage.label]
    shown = [_notice(draft, label, cited) for draft in notices.notices_for(query, choice.answers, label, wording)]
    return Reply(
        kind="answer",
        question=query.put,
        standalone_question=query.standalone,
        understood=understood(query, label.id),
        headline=_headline(query, first),
        statements=tuple(statements),
        citations=tuple(cited.all),
        close=tuple(close),
        notices=(*shown, Notice(kind="label_currency", text=wording.say("notices", "label_currency"))),
        searched=query.labels,
    )


def _headline(query: Query, first: Checked) -> Headline | None:
    """The figure, where the question asks for one or the answer is nothing but one."""
    if first.picked is None or query.answer_type == "definition":
        return None
    if query.answer_type == "action" and query.measure not in ("frequency", "time", "duration", "dose"):
        return _told_to_do(first)
    if query.answer_type in ("list", "yes_no") and query.measure is None:
        is_row = first.hit.passage.kind == "table_row" and any(concept.essential for concept in query.subject)
        if not is_row or (query.answer_type == "yes_no" and set(query.sections) & _OF_USE):
            return None
    if query.measure is None and first.hit.passage.kind != "table_row" and not any(c.essential for c in query.subject):
        return None
    return Headline(text=first.picked.text, citation=1)


_WORD = expression(r"[A-Za-z]{4}")
_LONGEST = 160  # characters of a headline in words; more is read in the quote


def _told_to_do(first: Checked) -> Headline | None:
    """What a row says is to be done, where it is told in one value of words."""
    picked = first.picked
    if picked is None or not picked.about or len(picked.text) > _LONGEST or not _WORD.search(picked.text):
        return None
    return Headline(text=picked.text, citation=1)


_OF_USE = frozenset({"indications", "pediatric_use", "geriatric_use", "pregnancy", "lactation"})


def _contradicts(item: Checked) -> bool:
    return any(gap.kind == "population" for gap in item.gaps)


def no_answer(
    query: Query,
    choice: Choice | None,
    labels: Mapping[str, Label],
    wording: Wording,
    *,
    reason: Reason = "not_in_label",
    message: str = "",
) -> Reply:
    """A reply that says no, with the closest passages as such."""
    cited = _Cited(labels, 3)
    near = [item for item in choice.others if not item.hit.values.get("reporting")] if choice else []
    for item in near[:3]:
        cited.add(replace(item, picked=None))
    searched = ", ".join(labels[label].name for label in query.labels if label in labels)
    gap = choice.others[0].gaps[0] if choice and choice.others and choice.others[0].gaps else None
    return Reply(
        kind="no_answer",
        question=query.put,
        standalone_question=query.standalone,
        understood=understood(query, query.labels[0] if len(query.labels) == 1 else None),
        reason=reason,
        message=message or f"{_why(gap, searched, wording)} {wording.say('no_answer', 'contact')}",
        nearest=tuple(cited.all),
        notices=(Notice(kind="label_currency", text=wording.say("notices", "label_currency")),) if cited.all else (),
        searched=query.labels,
    )


def _why(gap: Gap | None, searched: str, wording: Wording) -> str:
    if gap is not None and gap.kind in ("arm", "grade") and _LIMIT.search(gap.text):
        return wording.say("no_answer", "population", what=gap.text, searched=searched)
    if gap is None or gap.kind in ("weak", "trial", "arm", "number"):
        return wording.say("no_answer", "not_in_label", searched=searched)
    name = {
        "unknown": "subject",
        "missing": "subject",
        "absent": "subject",
        "asked": "subject",
        "foreign": "subject",
    }.get(gap.kind, gap.kind)
    return wording.say("no_answer", name, what=gap.text or "that population", searched=searched)


_LIMIT = expression(r"(?i)\d\s?(?:mg|mcg|µg|units?|iu|%|x|×|-?fold|times)")  # a dose or a threshold, no grade


class _Cited:
    """Citations as they are added: each passage once, numbered from 1."""

    def __init__(self, labels: Mapping[str, Label], limit: int) -> None:
        self.labels = labels
        self.limit = limit
        self.all: list[Citation] = []

    def add(self, item: Checked) -> int:
        """The number of a hit's citation, made when it is first asked for."""
        passage = item.hit.passage
        for citation in self.all:
            if citation.label.id == passage.label and citation.end == passage.end and citation.start <= passage.start:
                return citation.number
        number = len(self.all) + 1
        self.all.append(
            cite(passage, self.labels[passage.label], item.picked, number=number, score=round(item.likely, 4))
        )
        return number

    def add_span(self, label: Label, start: int, end: int, section: int) -> int:
        """The number of a citation of a bare stretch of a label."""
        for citation in self.all:
            if citation.label.id == label.id and citation.start <= start and end <= citation.end:
                return citation.number
        number = len(self.all) + 1
        cited = CitedLabel(
            id=label.id, name=label.name, version=label.version, effective=label.effective, sha256=label.sha256
        )
        citation = Citation(
            number=number, kind="passage", label=cited, section=tuple(part for part in label.path(section) if part),
            quote=label.text[start:end], start=start, end=end, url=f"/labels/{label.id}#c-{start}-{end}",
        )  # fmt: skip
        self.all.append(verified(citation, label))
        return number


def _notice(draft: notices.Draft, label: Label, cited: _Cited) -> Notice:
    number = cited.add_span(label, *draft.span, _section_at(label, draft)) if draft.span else None
    return Notice(kind=draft.kind, text=draft.text, citation=number)


def _section_at(label: Label, draft: notices.Draft) -> int:
    if draft.section or draft.span is None:
        return draft.section
    inside = [place for place, section in enumerate(label.sections) if section.start <= draft.span[0] < section.end]
    return inside[-1] if inside else 0


def differs(query: Query, item: Checked) -> str:
    """How a close figure's question differs from the one asked."""
    stated = ", ".join(about(item.hit.passage))
    lacking = [gap.text for gap in item.gaps if gap.kind in ("subject", "missing", "absent", "foreign") and gap.text]
    parts = [stated] if stated else []
    parts += [f"without regard to {text}" for text in lacking]
    return "; ".join(parts) or "another question"


def understood(query: Query, label: str | None) -> Understood:
    """The query as the reply shows it."""
    named = [concept for concept in query.subject if concept.kind != "ordinary"] or list(query.subject)
    events = [concept for concept in named if concept.kind != "procedure"] or named
    rest = [concept for concept in named if concept not in events[:1]]
    also = dict.fromkeys(
        name.lower() for concept in named for name in concept.synonyms if name.lower() != concept.text.lower()
    )
    return Understood(
        label=label,
        topic=events[0].name if events else None,
        population=", ".join(query.populations) or None,
        condition=", ".join(concept.name for concept in rest) or None,
        trial=", ".join(query.trials) or None,
        arm=", ".join(query.arms) or None,
        dose=", ".join(query.numbers) or None,
        grade=", ".join(query.grades) or None,
        measure=query.measure,
        section=query.sections[0] if query.sections else None,
        answer_type=query.answer_type,
        also_searched=tuple(list(also)[:8]),
    )


def nearest(hits: Sequence[Checked], labels: Mapping[str, Label], limit: int) -> tuple[Citation, ...]:
    """The best candidates as citations, whether or not they may answer."""
    return tuple(
        cite(
            item.hit.passage, labels[item.hit.passage.label], item.picked, number=place + 1, score=round(item.likely, 4)
        )
        for place, item in enumerate(hits[:limit])
    )
