"""One question and its reply to one outcome.

In: a `Question`, the assistant's `Reply`, the labels' source texts. Out: `Outcome`. The rules: README.md of `eval`.
Left out: shares and intervals (`measures`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.evaluating.matching import is_support
from assistant.evaluating.questions import Question
from assistant.evaluating.tokens import carries, numbers, states_wrongly
from assistant.reply import Citation, Reply

Figure = Literal["right", "wrong", "missing", "uncounted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one question."""

    question: Question
    reply: Reply
    shown: int | None  # rank, from 1, of the first citation that supports; None where none does
    ranked: int | None  # the same among the candidates, whether or not it answered
    candidates: tuple[Citation, ...] | None  # None where the assistant doesn't show them
    figure: Figure  # "uncounted" where the question set names no headline
    has_wrong_figure: bool
    is_verbatim: bool  # every quote, of citations and of nearest passages
    quotes: int
    confidence: float  # 0..1 as the assistant gives it; only its order counts
    elapsed_ms: float
    standalone: int | None = None  # rank of the first support when asked in its stand-alone wording

    @property
    def is_answered(self) -> bool:
        return self.reply.kind == "answer"

    @property
    def is_refused(self) -> bool:
        return not self.is_answered

    @property
    def is_false_answer(self) -> bool:
        """Answered although the label holds no answer."""
        return self.is_answered and not self.question.answerable

    @property
    def is_unsupported(self) -> bool:
        """Answered with nothing among the first five that supports it."""
        return self.is_answered and (self.shown is None or self.shown > 5)

    @property
    def is_wrong_answer(self) -> bool:
        """Answered, and a reader would be misled: the label is silent, nothing supports it, or its figure is wrong."""
        return self.is_answered and (self.is_unsupported or self.has_wrong_figure)

    @property
    def is_miss(self) -> bool:
        """Whether a reader of the report should look at it."""
        return bool(self.faults)

    @property
    def faults(self) -> tuple[str, ...]:
        """What went wrong, in words; empty where nothing did."""
        return tuple(_faults(self))


def score(
    question: Question,
    reply: Reply,
    label_texts: Mapping[str, str],
    candidates: Sequence[Citation] | None = None,
    label: str | None = None,
    elapsed_ms: float | None = None,
    standalone: Reply | None = None,
) -> Outcome:
    """The outcome of one question.

    `candidates` is what would be cited whether or not it answers, `label` the id of the label where the set names it
    otherwise, `elapsed_ms` the time measured around asking, `standalone` the reply to the stand-alone wording.
    """
    gold = label or question.label
    figure = _figure(question, reply)
    return Outcome(
        question=question,
        reply=reply,
        shown=_shown(question, reply, gold),
        ranked=rank(question, candidates or (), gold),
        candidates=None if candidates is None else tuple(candidates),
        figure=figure,
        has_wrong_figure=_has_wrong_figure(question, reply, figure),
        is_verbatim=all(is_verbatim(citation, label_texts) for citation in (*reply.citations, *reply.nearest)),
        quotes=len(reply.citations) + len(reply.nearest),
        confidence=confidence(reply),
        elapsed_ms=reply.elapsed_ms if elapsed_ms is None else elapsed_ms,
        standalone=_shown(question, standalone, gold) if standalone else None,
    )


def _shown(question: Question, reply: Reply, label: str) -> int | None:
    return rank(question, reply.citations, label) if reply.kind == "answer" else None


def rank(question: Question, citations: Sequence[Citation], label: str) -> int | None:
    """The place, from 1, of the first citation that supports; None where none does or the question has no answer."""
    if not question.answerable:
        return None
    return next((place for place, one in enumerate(citations, 1) if is_support(question, one, label)), None)


def is_verbatim(citation: Citation, label_texts: Mapping[str, str]) -> bool:
    """Whether the label's source text reads exactly so at the offsets, highlights inside."""
    text = label_texts.get(citation.label.id)
    inside = all(citation.start <= one.start <= one.end <= citation.end for one in citation.highlights)
    return text is not None and inside and text[citation.start : citation.end] == citation.quote


def confidence(reply: Reply) -> float:
    """The reply's own confidence where it has one, else the score of its first citation."""
    own = getattr(reply, "confidence", None)
    if isinstance(own, int | float):
        return float(own)
    return reply.citations[0].score if reply.citations else 0.0


def _figure(question: Question, reply: Reply) -> Figure:
    if not question.headline or not question.answerable:
        return "uncounted"
    if reply.kind != "answer" or reply.headline is None:
        return "missing"
    text = reply.headline.text
    if not all(carries(text, figure) for figure in question.headline):
        return "wrong" if numbers(text) else "missing"
    return "wrong" if any(states_wrongly(text, figure, True) for figure in question.wrong) else "right"


def _has_wrong_figure(question: Question, reply: Reply, figure: Figure) -> bool:
    if reply.kind != "answer" or reply.headline is None:
        return False
    if not question.answerable:  # where the label has no answer, any figure is a wrong one
        return bool(numbers(reply.headline.text))
    text = reply.headline.text
    return figure == "wrong" or (
        figure == "uncounted" and any(states_wrongly(text, wrong, False) for wrong in question.wrong)
    )


def _faults(outcome: Outcome) -> list[str]:
    said = []
    if outcome.question.answerable and not outcome.is_answered:
        said.append("refused" if outcome.reply.kind == "no_answer" else "asked back")
    if outcome.is_false_answer:
        said.append("answered, though the label is silent")
    if outcome.question.answerable and outcome.is_answered and outcome.shown != 1:
        said.append(f"support at {outcome.shown}" if outcome.shown else "no support")
    if outcome.has_wrong_figure:
        said.append("wrong figure")
    elif outcome.figure == "missing" and outcome.is_answered:
        said.append("no figure")
    if not outcome.is_verbatim:
        said.append("a quote is not verbatim")
    return said
