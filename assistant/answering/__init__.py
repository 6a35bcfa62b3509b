"""Queries to replies.

    picking      which figure of a quote answers
    abstaining   what a passage leaves open
    choosing     which of the candidates answer
    citing       verbatim quotes, verified
    notices      boxed warning, contradictions, figures to check
    composing    the reply
    wording      the assistant's own sentences

`Answerer` joins them: queries in, the reply out.
"""

from collections.abc import Mapping, Sequence

from assistant.answering.choosing import Choice, choose
from assistant.answering.composing import answer, no_answer
from assistant.answering.wording import Wording
from assistant.label import Label
from assistant.query import Query
from assistant.reply import Reply
from assistant.retrieving.ranking import Ranker


class Answerer:
    """Answers queries from one index."""

    def __init__(self, ranker: Ranker, labels: Mapping[str, Label], wording: Wording) -> None:
        self.ranker = ranker
        self.labels = labels
        self.wording = wording

    def consider(self, readings: Sequence[Query]) -> tuple[Query, Choice]:
        """The first reading that some passage answers, else the likeliest, with what was found for it."""
        first: tuple[Query, Choice] | None = None
        for query in readings:
            choice = choose(query, self.ranker.rank(query), self.labels)
            if choice.answers:
                return query, choice
            first = first or (query, choice)
        assert first is not None
        return first

    def reply(self, query: Query, choice: Choice, limit: int) -> Reply:
        """The reply to a query."""
        if choice.answers:
            return answer(query, choice, self.labels, self.wording, limit)
        return no_answer(query, choice, self.labels, self.wording)
