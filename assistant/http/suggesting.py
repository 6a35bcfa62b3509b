"""Questions to ask next: from the answer's own table, from what else it cites, and from the label's outline.

In: a `Reply` and its `Label`. Out: at most three questions, each about something that the label names. Left out: the
questions that an empty conversation starts with (`outline`).
"""

import re
from collections.abc import Iterator

from assistant import populations
from assistant.http.outline import asked_about, in_sentence, is_plain
from assistant.label import Label, Table
from assistant.reply import Citation, Reply

_MOST = 3
_AGES = ("adult", "pediatric", "elderly")
_TITLE = re.compile(r"(?!.*\b(?:has|have|is|are|was|were|may|can)\b)[A-Za-z][\w ,()/-]{3,70}")  # and no sentence
_COMMON = frozenset(
    "what does the label say about how common was rate and for with after from none including risk risks use any are "
    "patient patients adult adults pediatric children reaction reactions adverse warnings precautions".split()
)


def next_questions(reply: Reply, label: Label | None) -> tuple[str, ...]:
    """What to ask after this reply, likeliest first; a follow-up leans on the reply."""
    if label is None or reply.kind == "clarification":
        return ()
    candidates = dict.fromkeys((*_follow_ups(reply), *_rows(reply, label), *_sections(reply, label)))
    asked = reply.standalone_question.casefold()
    return tuple(one for one in candidates if one.casefold() != asked)[:_MOST]


def _follow_ups(reply: Reply) -> Iterator[str]:
    """The same about others whom the reply's own citations name, and the severe cases of a row."""
    if reply.kind != "answer":
        return
    asked = (reply.understood.population or "").split(", ")
    about = {one for citation in reply.citations for one in citation.about}
    yield from (f"and in {slug} patients?" for slug in _AGES if slug in about and slug not in asked and asked != [""])
    row = _answering_row(reply)
    if row and row.table and not reply.understood.grade:
        heads = " ".join(part for path in row.table.columns for part in path).casefold()
        if "grade" in heads and ("≥3" in heads or "≥ 3" in heads):
            yield "and grade 3 or higher?"


def _answering_row(reply: Reply) -> Citation | None:
    first = reply.citations[0] if reply.citations else None
    return first if first and first.table and reply.kind == "answer" else None


def _rows(reply: Reply, label: Label) -> Iterator[str]:
    """The rows after the one that answered, in its group."""
    citation = _answering_row(reply)
    table = citation and next((one for one in label.tables if one.start <= citation.start < one.end), None)
    if not citation or not table or not table.resolved:
        return
    places = [place for place, row in enumerate(table.rows) if row.start <= citation.start < row.end]
    who = populations.named(table.caption)
    whom = f" in {who[0]} patients" if len(who) == 1 else ""
    for name in _following(table, places[0] if places else 0):
        yield f"How common was {in_sentence(name)}{whom}?"


def _following(table: Table, place: int) -> Iterator[str]:
    group = table.rows[place].group if place < len(table.rows) else ()
    yield from (row.label for row in table.rows[place + 1 : place + 3] if row.group == group and row.cells)


def _sections(reply: Reply, label: Label) -> Iterator[str]:
    """Sections that share words with the question, then those beside the one cited, then warnings; nearest first."""
    here = {
        place
        for place, section in enumerate(label.sections)
        for one in (*reply.citations, *reply.nearest)
        if one.label.id == label.id and section.start <= one.start < section.end
    }
    first = max(here, default=0)
    beside = _beside(label, reply)
    words = _words(f"{reply.standalone_question} {reply.understood.topic} {reply.understood.condition}")
    shared = [len(words & _words(section.title)) for section in label.sections]
    order = sorted(range(len(shared)), key=lambda at: (-shared[at], at not in beside, abs(at - first), at))
    topic = (reply.understood.topic or "").casefold()
    for place in order:
        section = label.sections[place]
        fits = asked_about(section) or (place in beside and is_plain(section.title))
        fits = fits or (shared[place] > 0 and bool(_TITLE.fullmatch(section.title)) and not section.highlights)
        if place not in here and fits and section.title.casefold() not in topic:
            yield f"What does the label say about {in_sentence(section.title)}?"


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w{3,}", text.casefold()) if word not in _COMMON}


def _beside(label: Label, reply: Reply) -> set[int]:
    """The sections under the same heading as the one that the first citation stands in."""
    first = next((one for one in (*reply.citations, *reply.nearest) if one.label.id == label.id), None)
    within = [
        place for place, section in enumerate(label.sections) if first and section.start <= first.start < section.end
    ]
    parent = label.sections[within[-1]].parent if within else None
    return {place for place, section in enumerate(label.sections) if parent is not None and section.parent == parent}
