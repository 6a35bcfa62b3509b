"""Comparisons: the replies to the single questions, side by side.

In: one reply for each side, and the names of the products that aren't indexed. Out: `side_by_side`, one reply with each
side's statements and the notice that such figures can't be compared directly. It never says which is better. Left out:
what is compared (`understanding.sides`) and answering each side.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from assistant.answering.wording import Wording
from assistant.query import Query
from assistant.reply import Citation, Headline, Notice, Reply, Statement

Place = tuple[str, int, int]  # label, start, end of a citation


def is_one_answer(replies: Sequence[Reply]) -> bool:
    """Whether every side is answered by the same row or sentence: then it is quoted once, as usual."""
    first = [_place(reply.citations[0]) for reply in replies if reply.kind == "answer"]
    return len(first) == len(replies) > 1 and len(set(first)) == 1


def with_notice(reply: Reply, wording: Wording) -> Reply:
    """The reply with the notice that such figures can't be compared directly."""
    return replace(
        reply, notices=(Notice(kind="comparison", text=wording.say("notices", "comparison")), *reply.notices)
    )


def side_by_side(query: Query, named: Sequence[tuple[str, Reply]], lacking: str, wording: Wording) -> Reply:
    """The sides in one reply; `lacking` says which products aren't here, empty where all are.

    Where no side is answered, the first refusal with the closest passages of all.
    """
    answered = [(name, reply) for name, reply in named if reply.kind == "answer"]
    silent = [wording.say("no_answer", "side", what=name) for name, reply in named if reply.kind != "answer"]
    message = " ".join([lacking, *silent] if lacking else silent)
    notices = [Notice(kind="comparison", text=wording.say("notices", "comparison"))]
    notices += [Notice(kind="comparison", text=message)] if message and answered else []
    if not answered:
        return _refused(query, [reply for _, reply in named], lacking, notices)
    reply = _joined(query, answered)
    return replace(reply, message=message, notices=(*notices, *reply.notices), searched=_searched(named))


def _refused(query: Query, replies: Sequence[Reply], lacking: str, notices: Sequence[Notice]) -> Reply:
    first = replies[0]
    nearest = [
        citation for group in zip_longest(*(reply.nearest for reply in replies)) for citation in group if citation
    ][:3]
    return replace(
        first,
        question=query.put,
        standalone_question=query.standalone,
        message=" ".join(part for part in (lacking, first.message) if part),
        nearest=tuple(replace(citation, number=number) for number, citation in enumerate(nearest, 1)),
        notices=(*notices, *first.notices),
    )


def _joined(query: Query, answered: Sequence[tuple[str, Reply]]) -> Reply:
    """The answered sides as one reply, each citation once."""
    replies = [reply for _, reply in answered]
    cited = _Numbers(replies)
    first = replies[0]
    alike = {reply.understood.label for reply in replies}
    slugs = dict.fromkeys(reply.understood.population for reply in replies if reply.understood.population)
    return replace(
        first,
        question=query.put,
        standalone_question=query.standalone,
        understood=replace(
            first.understood,
            label=first.understood.label if len(alike) == 1 else None,
            population=", ".join(slugs) or None,
        ),
        headline=_headline(answered, cited),
        statements=tuple(_statements(replies, cited)),
        citations=tuple(cited.all),
        close=tuple(
            replace(one, citation=cited.number(reply, one.citation)) for reply in replies for one in reply.close
        )[:3],
        notices=tuple(dict.fromkeys(cited.moved(reply, notice) for reply in replies for notice in reply.notices)),
    )


class _Numbers:
    """The citations of several replies under one numbering: the first of each side, then the second, and so on."""

    def __init__(self, replies: Sequence[Reply]) -> None:
        self.all: list[Citation] = []
        self._numbers: dict[Place, int] = {}
        for group in zip_longest(*(reply.citations for reply in replies)):
            for citation in group:
                if citation and _place(citation) not in self._numbers:
                    self._numbers[_place(citation)] = len(self.all) + 1
                    self.all.append(replace(citation, number=len(self.all) + 1))

    def number(self, reply: Reply, own: int) -> int:
        """What a reply's own citation is numbered here."""
        return self._numbers[next(_place(citation) for citation in reply.citations if citation.number == own)]

    def moved(self, reply: Reply, notice: Notice) -> Notice:
        return notice if notice.citation is None else replace(notice, citation=self.number(reply, notice.citation))


def _place(citation: Citation) -> Place:
    return citation.label.id, citation.start, citation.end


def _headline(answered: Sequence[tuple[str, Reply]], cited: _Numbers) -> Headline | None:
    """Each side's figure under its name, where every side that answers has one."""
    figures = [(name, reply.headline, reply) for name, reply in answered if reply.headline]
    if len(figures) < len(answered):
        return None
    first = figures[0]
    return Headline(
        text=" · ".join(f"{name}: {figure.text}" for name, figure, _ in figures),
        citation=cited.number(first[2], first[1].citation),
    )


def _statements(replies: Sequence[Reply], cited: _Numbers) -> Iterator[Statement]:
    seen: set[str] = set()
    for reply in replies:
        for statement in reply.statements:
            if statement.text not in seen:
                seen.add(statement.text)
                yield replace(statement, citations=tuple(cited.number(reply, number) for number in statement.citations))


def _searched(named: Sequence[tuple[str, Reply]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(label for _, reply in named for label in reply.searched))
