"""A question as it was understood: what it asks, about whom, and what an answer must cover.

Out: `Query`, `Concept`, and the small vocabularies of measures and answer types. Left out: how a question becomes one
(`understanding`) and how it is answered (`retrieving`, `answering`).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Measure = Literal["rate", "count", "time", "duration", "dose", "value", "phone", "frequency", "grade"]
AnswerType = Literal["figure", "list", "action", "yes_no", "definition", "text"]
Place = tuple[str, int, int]  # a label's id and a half-open stretch of its text


ESSENTIAL = frozenset({"symptom", "condition", "lab", "drug", "procedure", "abbreviation", "code", "severity", "word"})


@dataclass(frozen=True, kw_only=True)
class Concept:
    """One thing that the question is about, with every wording that means it."""

    text: str  # as asked, as "fever"
    name: str  # as labels call it, as "pyrexia"
    kind: str  # "symptom", "lab", "procedure", "drug", ... from the word lists, "word" where none knows it
    forms: tuple[tuple[str, ...], ...]  # stems of each wording, the one asked first
    synonyms: tuple[str, ...] = ()  # other wordings that the indexed labels use
    weight: float = 1.0  # how much of the question it carries, 0 to 1
    known: bool = True  # some form stands in the indexed labels
    soft: bool = False  # a word of asking, not of the subject: an answer needn't contain it
    negated: bool = False  # asked for without it, as "without a transplant"
    background: bool = False  # of a sentence that only leads up to the question
    near: tuple[tuple[str, ...], ...] = ()  # stems of what is near to it, not the same: "bronchospasm" for "wheezing"

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all its wordings."""
        return frozenset(part for form in self.forms for part in form)

    @cached_property
    def heads(self) -> frozenset[str]:
        """The first five letters of each of its stems."""
        return frozenset(stem[:5] for stem in self.stems)

    @cached_property
    def essential(self) -> bool:
        """Whether an answer must be about it: a condition, drug, laboratory test or procedure, or an unheard-of word."""
        return not self.soft and not self.background and self.kind in ESSENTIAL


@dataclass(frozen=True, kw_only=True)
class Query:
    """A question, understood; what it doesn't name is empty."""

    question: str
    standalone: str  # the question with what it inherits from the conversation
    labels: tuple[str, ...] = ()  # ids of the labels to answer from
    concepts: tuple[Concept, ...] = ()
    populations: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()  # "placebo", "comparator" or the words of an arm
    numbers: tuple[str, ...] = ()  # figures that the question itself names, as ">500 msec"
    measure: Measure | None = None
    answer_type: AnswerType = "text"
    sections: tuple[str, ...] = ()  # kinds of sections meant, likeliest first
    corrected: tuple[tuple[str, str], ...] = ()  # misspelt word, word taken
    history: tuple[str, ...] = ()
    typed: str = ""  # the question as it was put, where `question` says it in the words of the one before
    cited: Place | None = None  # what was quoted first in answer
    after: Place | None = None  # what was quoted first in answer to the question before, where this one asks on
    told: tuple[str, ...] = ()  # heads of the table column that answered
    near: Place | None = None  # what was quoted first in answer to the question before
    beside: tuple[str, ...] = ()  # heads of the column that answered the question before, or one before that
    least: float = 0.0  # how likely a passage must be to answer, where that is more than for any question

    @property
    def put(self) -> str:
        """The question as it was put."""
        return self.typed or self.question

    @cached_property
    def subject(self) -> tuple[Concept, ...]:
        """The concepts that an answer must cover."""
        return tuple(concept for concept in self.concepts if not concept.soft)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of everything that the question names, in every wording."""
        return frozenset(part for concept in self.concepts for form in concept.forms for part in form)
