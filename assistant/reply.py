"""What the assistant answers: one shape for every surface. Field names are the reply contract's.

Out: `Reply` and its parts, `as_json`, which turns one into plain values. Left out: how a reply is found (`answering`).
"""

from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from assistant.passage import PassageKind

ReplyKind = Literal["answer", "no_answer", "clarification"]
NoticeKind = Literal[
    "boxed_warning",
    "report_adverse_event",
    "emergency",
    "source_conflict",
    "figure_check",
    "other_population",
    "professional_advice",
    "comparison",
    "label_currency",
]
Reason = Literal["not_in_label", "unknown_product", "not_a_label_question", "which_product", "which_meaning", "unclear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """The figure or phrase that answers, inside its citation; half-open, into the label's source text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedLabel:
    """Which label a citation stands in."""

    id: str
    name: str
    version: str
    effective: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedFootnote:
    """A footnote of the cited row; `certain` is false where the label lost its mark."""

    mark: str
    text: str
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedRow:
    """The table row that a citation quotes, as data."""

    caption: str
    columns: tuple[tuple[str, ...], ...]  # header path of each value
    row_head: str
    row_group: str
    row_label: str
    values: tuple[str, ...]  # verbatim, one a column
    answering_column: int | None
    footnotes: tuple[CitedFootnote, ...]
    n: str  # the row's own or the answering column's n, empty where none is printed
    unit: str  # of the answering column


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A verbatim stretch of a label: `text[start:end] == quote`, always."""

    number: int
    kind: PassageKind
    label: CitedLabel
    section: tuple[str, ...]
    quote: str
    start: int
    end: int
    highlights: tuple[Highlight, ...] = ()
    table: CitedRow | None = None
    about: tuple[str, ...] = ()  # what the quote says it is about: population, trial, arm, grade
    page: int | None = None
    url: str = ""
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The figure that answers, and the citation that it stands in."""

    text: str
    citation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A verbatim sentence, list item or row that answers."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """A figure that is close but answers another question."""

    figure: str
    differs: str
    citation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A fixed sentence about the reply, with the citation that it rests on where there is one."""

    kind: NoticeKind
    text: str
    citation: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One meaning to choose, and the question that choosing it asks."""

    text: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """How the question was understood; empty or null where it names nothing of the kind."""

    label: str | None = None
    topic: str | None = None
    population: str | None = None
    condition: str | None = None  # a circumstance, as "after hematopoietic stem cell transplant"
    trial: str | None = None
    arm: str | None = None
    dose: str | None = None
    grade: str | None = None
    measure: str | None = None
    section: str | None = None
    answer_type: str | None = None
    also_searched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The whole reply."""

    kind: ReplyKind
    question: str
    standalone_question: str
    understood: Understood
    headline: Headline | None = None
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    close: tuple[Close, ...] = ()
    notices: tuple[Notice, ...] = ()
    reason: Reason | None = None
    message: str = ""  # the fixed sentence that says no or asks, empty for an answer
    choices: tuple[Choice, ...] = ()
    nearest: tuple[Citation, ...] = ()
    searched: tuple[str, ...] = ()
    conversation_id: str = ""
    turn_id: str = ""
    index_id: str = ""
    elapsed_ms: float = 0.0


def as_json(value: Any) -> Any:
    """Dataclasses to dictionaries and tuples to lists, in field order."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: as_json(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return value
