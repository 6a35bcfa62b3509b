"""Queries to replies.

    picking      which figure of a quote answers
    abstaining   what a passage leaves open
    misplaced    figures of another dose, unit or outcome
    judging      how likely a passage is to answer
    second_stage the likeliest of them, read beside the question once more
    choosing     which of the candidates answer
    citing       verbatim quotes, verified
    notices      boxed warning, contradictions, figures to check
    composing    the reply
    wording      the assistant's own sentences

`Answerer` joins them: queries in, the reply out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.answering.choosing import Checked, Choice, choose
from assistant.answering.composing import answer, no_answer
from assistant.answering.second_stage import Reader
from assistant.answering.wording import Wording
from assistant.label import Label
from assistant.passage import Passage
from assistant.query import Place, Query
from assistant.reply import Reply
from assistant.retrieving.ranking import Ranker
from assistant.stages import timed


class Answerer:
    """Answers queries from one index."""

    def __init__(
        self, ranker: Ranker, labels: Mapping[str, Label], wording: Wording, reader: Reader | None = None
    ) -> None:
        self.ranker = ranker
        self.labels = labels
        self.wording = wording
        self.reader = reader
        self._passages = lru_cache(maxsize=8)(lambda label: tuple(ranker.index.passages_of(label)))

    @timed("ranking")
    def consider(self, readings: Sequence[Query]) -> tuple[Query, Choice]:
        """The first reading that some passage answers, else the likeliest, with what was found for it."""
        found: list[tuple[Query, Choice]] = []
        for query in readings:
            choice = choose(query, self.ranker.rank(query), self.labels, self.reader)
            found.append((replace(query, cited=_first(choice), told=_told(choice) or query.beside), choice))
            if found[-1][1].answers:
                return found[-1]
        return max(found, key=lambda one: one[1].confidence)

    def _whole_list(self, query: Query, choice: Choice) -> Choice:
        """For a question that asks for a list: every item of the list that the answer belongs to or introduces."""
        first = choice.answers[0]
        label = self.labels[first.hit.passage.label]
        block = label.blocks[first.hit.passage.block]
        if query.answer_type != "list" and query.sections == ():
            return choice
        if block.kind not in ("list_item", "paragraph", "heading") or query.measure is not None:
            return choice
        items = [
            passage
            for passage in self._passages(label.id)
            if _is_sibling(label, passage, first.hit.passage) and passage.kind == "passage"
        ]
        also = tuple(
            Checked(hit=first.hit._replace(passage=passage), picked=None, gaps=(), likely=first.likely)
            for passage in items
        )
        if not also:
            return choice
        listed = (first, *also)
        if not any(concept.essential for concept in query.subject):
            listed = tuple(sorted(listed, key=lambda item: item.hit.passage.place))
        return replace(choice, answers=(*listed, *(item for item in choice.answers[1:] if item not in listed)))

    @timed("composing")
    def reply(self, query: Query, choice: Choice, limit: int) -> Reply:
        """The reply to a query."""
        if choice.answers:
            whole = self._whole_list(query, choice)
            return answer(query, whole, self.labels, self.wording, limit)
        return no_answer(query, choice, self.labels, self.wording)


def _first(choice: Choice) -> Place | None:
    """Where what answers stands."""
    if not choice.answers:
        return None
    passage = choice.answers[0].hit.passage
    return passage.label, passage.start, passage.end


def _told(choice: Choice) -> tuple[str, ...]:
    """The heads of the table column that answers."""
    picked = choice.answers[0].picked if choice.answers else None
    return picked.about if picked is not None and picked.column is not None else ()


def _is_sibling(label: Label, passage: Passage, first: Passage) -> bool:
    """Whether a passage is an item of the first one's list, or of the list that the first one introduces."""
    block, own = label.blocks[passage.block], label.blocks[first.block]
    if passage.place == first.place or block.kind != "list_item":
        return False
    if own.kind == "list_item":
        return block.list is not None and block.list == own.list
    return block.lead == first.block
