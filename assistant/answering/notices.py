"""Notices beside an answer: boxed warning, contradictions, figures to check, whom the figures are about.

In: the label, the chosen passages and the query. Out: `notices_for`, in the order they are shown, with the passages that
they cite. Left out: reports of adverse events and emergencies, which depend on the message (`understanding.messages`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.choosing import Checked
from assistant.answering.wording import Wording
from assistant.label import Finding, Label, Section
from assistant.query import Query
from assistant.reply import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A notice with the half-open stretch of the label that it rests on, None where it rests on none."""

    kind: NoticeKind
    text: str
    span: tuple[int, int] | None = None
    section: int = 0


def notices_for(query: Query, answers: Sequence[Checked], label: Label, wording: Wording) -> list[Draft]:
    """The notices of an answer from one label."""
    found: list[Draft] = []
    if (boxed := boxed_warning(label)) is not None:
        found.append(boxed)
    found += _findings(query, answers, label, wording)
    if not query.populations and (who := _other_populations(answers)):
        found.append(Draft(kind="other_population", text=wording.say("notices", "other_population", what=who)))
    return found


def boxed_warning(label: Label) -> Draft | None:
    """The title of the label's boxed warning, None where it has none."""
    for place, section in enumerate(label.sections):
        if section.kind == "boxed_warning" and not section.highlights and section.heading.end > section.heading.start:
            title = label.text[section.heading.start : section.heading.end]
            return Draft(kind="boxed_warning", text=" ".join(title.split()), span=_span(section), section=place)
    return None


def _span(section: Section) -> tuple[int, int]:
    return section.heading.start, section.heading.end


def _findings(query: Query, answers: Sequence[Checked], label: Label, wording: Wording) -> list[Draft]:
    found = []
    for finding in label.findings:
        if _touches(finding, answers):
            other = _elsewhere(finding, answers)
            kind: NoticeKind = "source_conflict" if finding.kind == "contradiction" else "figure_check"
            text = wording.say("notices", kind, what=finding.message)
            found.append(Draft(kind=kind, text=text, span=other))
    return found


def _touches(finding: Finding, answers: Sequence[Checked]) -> bool:
    """Whether a finding overlaps an answer; a whole table's finding only where the answer is a row of it."""
    return any(
        span.start < item.hit.passage.end and item.hit.passage.start < span.end
        for span in finding.spans
        for item in answers
    )


def _elsewhere(finding: Finding, answers: Sequence[Checked]) -> tuple[int, int] | None:
    """The stretch that contradicts the answer: the one that no answer overlaps."""
    for span in finding.spans:
        if finding.kind == "contradiction" and not any(
            span.start < item.hit.passage.end and item.hit.passage.start < span.end for item in answers
        ):
            return span.start, span.end
    return None


def _other_populations(answers: Sequence[Checked]) -> str:
    facets = answers[0].hit.passage.facets
    stated = facets.populations or facets.carried
    return (
        " and ".join(f"{slug} patients" for slug in stated if slug in ("adult", "pediatric", "elderly"))
        if answers[0].picked
        else ""
    )
