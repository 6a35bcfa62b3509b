"""Each miss in four lines: what was asked, what is right, what came first, how it was understood.

In: a `Report`. Out: `Miss`es, questions first, then messages. Left out: colours and pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from assistant.evaluating.messages import Heard
from assistant.evaluating.running import Report
from assistant.evaluating.scoring import Outcome
from assistant.reply import Citation, Understood


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """One miss, as text."""

    id: str
    faults: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]  # name and value


def of(report: Report) -> tuple[Miss, ...]:
    """Every miss of the report."""
    return tuple(_all(report))


def _all(report: Report) -> Iterator[Miss]:
    yield from (_question(one) for one in report.misses)
    yield from (_message(one) for one in report.heard if one.is_miss)


def _question(one: Outcome) -> Miss:
    asked = " → ".join((*one.question.history, one.question.question))
    lines = (("asked", asked), ("gold", gold(one)), ("given", given(one)), ("understood", understood(one)))
    return Miss(id=one.question.id, faults=one.faults, lines=lines)


def gold(one: Outcome) -> str:
    """What is right: headline, row, first evidence."""
    question = one.question
    if not question.answerable:
        return f"no answer; wrong: {', '.join(question.wrong) or 'any'}"
    row = question.row and f"row {question.row.label} | {question.row.column} | {', '.join(question.row.cells)}"
    headline = question.headline and f"[{', '.join(question.headline)}]"
    return " ".join(part for part in (headline, row or " / ".join(question.evidence[:2])) if part)


def given(one: Outcome) -> str:
    """What came first: headline, citation; for a refusal its reason and the first candidate."""
    reply = one.reply
    headline = f"[{reply.headline.text}] " if reply.headline else ""
    first = next(iter(reply.citations or one.candidates or reply.nearest), None)
    place = f" (ranked {one.ranked})" if one.ranked else ""
    said = f"{reply.kind} {reply.reason or ''}".strip() if reply.kind != "answer" else ""
    return f"{said} {headline}{_cited(first) if first else 'nothing'}{place}".strip()


def understood(one: Outcome) -> str:
    """The slots that were filled, and the question as it was completed."""
    slots = ((item.name, getattr(one.reply.understood, item.name)) for item in fields(Understood))
    said = "; ".join(f"{name}={_plain(value)}" for name, value in slots if value and name != "label")
    return f"{one.reply.standalone_question!r} {said}"


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _cited(citation: Citation) -> str:
    section = citation.section[-1] if citation.section else ""
    if citation.table:
        row = citation.table
        column = row.columns[row.answering_column] if row.answering_column is not None else ("no column",)
        return f"row {row.row_label} | {' / '.join(column)} | {', '.join(row.values)} <{row.caption[:60]}>"
    return f"{citation.quote[:200]} <{section[:60]}>"


def _message(one: Heard) -> Miss:
    asked = " → ".join((*one.message.history, one.message.message))
    lines = (
        ("message", asked),
        ("gold", ", ".join(one.message.recognised) or "nothing"),
        ("recognised", ", ".join(sorted(one.recognised)) or "nothing"),
        ("why", one.message.why),
    )
    return Miss(id=one.message.id, faults=("not recognised as meant",), lines=lines)
