"""Which of the candidates answer.

In: a `Query` and its ranked hits. Out: `choose`, a `Choice`: the hit that answers with its figure, others that say the
same or complete it, those that come close but are about something else, or, where none answers, why the best doesn't.
Left out: how the reply looks (`answering.composing`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant import grades, ranges
from assistant.answering import second_stage
from assistant.answering.abstaining import gaps
from assistant.answering.gap import Gap
from assistant.answering.judging import may_answer, probabilities, signs, threshold
from assistant.answering.picking import Pick, pick
from assistant.label import Label
from assistant.passage import Passage
from assistant.patterns import expression
from assistant.query import Query
from assistant.retrieving.ranking import Hit, is_in_same_table
from assistant.stages import stage

LOOKED_AT = 16  # hits checked from the top
_NEARLY = 0.5  # share of the first one's probability from where on another completes it
_TWIN = 0.1  # probability within which two passages are about as likely
_BEHIND = 0.5  # how far behind the first hit such a one may stand, in score


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A hit with its figure and what it leaves open."""

    hit: Hit
    picked: Pick | None
    gaps: tuple[Gap, ...]
    likely: float = 0.0  # the probability that it answers, 0 to 1; 0 where a gap forbids it
    near: float = 0.0  # the same by the first stage alone, whatever forbids it


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was chosen: `answers` is empty where nothing may answer."""

    answers: tuple[Checked, ...]  # the first carries the headline; others complete it
    close: tuple[Checked, ...]  # about another population, grade or circumstance
    others: tuple[Checked, ...]  # the rest of what was looked at, likeliest first
    confidence: float  # 0 to 1


def choose(
    query: Query, hits: Sequence[Hit], labels: Mapping[str, Label], reader: second_stage.Reader | None = None
) -> Choice:
    """The hits that answer, those that come close, and the rest; a `reader` reads the likeliest once more."""
    checked = judged(query, hits, labels, reader)
    least = max(query.least, second_stage.threshold() if reader else threshold())
    if not checked or checked[0].likely < least:
        nearest = tuple(sorted(checked, key=lambda item: -item.near))  # what a gap forbids may be the nearest
        return Choice(answers=(), close=(), others=nearest, confidence=checked[0].likely if checked else 0.0)
    ordered = _beside_first(query, _bounded_first(query, checked, labels), labels)
    first, *rest = _printed_first(ordered, labels)
    also = [item for item in rest if _completes(first, item)][:2]
    near = [item for item in rest if item not in also and _is_close(item)]
    close = sorted(near, key=lambda item: -item.hit.score)[:3]  # what a gap forbids may be the nearest
    others = [item for item in rest if item not in also]
    return Choice(answers=(first, *also), close=tuple(close), others=tuple(others), confidence=first.likely)


_OF_ONE = 0.25  # probability from where on a row that holds a patient's value comes before advice without a dose
_OF_RESULTS = frozenset({"rate", "count", "frequency", "value"})


def _bounded_first(query: Query, checked: Sequence[Checked], labels: Mapping[str, Label]) -> Sequence[Checked]:
    """Of the rows of one table, the one whose range with two ends holds the value asked about comes before the others.

    6x ULN is "greater than 5 up to 8 times ULN", whatever "greater than 8, or greater than 3 with jaundice" says of it.
    """
    first = checked[0]

    def holds(item: Checked) -> bool:
        passage = item.hit.passage
        said = labels[passage.label].text[passage.start : passage.end]
        return any(ranges.holds_closely(said, number) for number in query.numbers)

    if query.measure == "dose" and query.answer_type == "figure" and query.numbers and first.picked is None:
        own = next((one for one in checked[1:] if one.likely >= _OF_ONE and one.picked and holds(one)), None)
        if own is not None:  # "dosed by weight" of one who weighs 28 kg: the row of that weight says how much
            return [replace(own, likely=first.likely), *(one for one in checked if one is not own)]
    if first.hit.passage.kind != "table_row" or not query.numbers or query.measure in _OF_RESULTS:
        return checked  # an interval in a table of results is no range of patients' values
    if holds(first):
        return checked
    place = first.hit.passage.label, first.hit.passage.table
    alike = [one for one in checked[1:] if one.likely and (one.hit.passage.label, one.hit.passage.table) == place]
    closer = next((one for one in alike if holds(one)), None)
    if closer is None:
        return checked
    return [replace(closer, likely=first.likely), *(one for one in checked if one is not closer)]


def _beside_first(query: Query, checked: Sequence[Checked], labels: Mapping[str, Label]) -> Sequence[Checked]:
    """A row of the very table that answered the question before comes first, where a follow-up names but another reaction.

    "And fatal bleeding?" after a figure of one trial is asked of that trial, however well a row of another says it.
    """
    first = checked[0].hit.passage
    if query.near is None or first.kind != "table_row" or is_in_same_table(query, first, labels):
        return checked
    own = next(
        (
            one
            for one in checked[1:]
            if is_in_same_table(query, one.hit.passage, labels) and one.picked and not one.gaps
        ),
        None,
    )
    if own is None:
        return checked
    return [replace(own, likely=checked[0].likely), *(one for one in checked if one is not own)]


def _printed_first(checked: Sequence[Checked], labels: Mapping[str, Label]) -> list[Checked]:
    """Of two that state one figure and are about as likely, the one that prints it as it is shown comes first: "19% (n=5)"."""

    def prints(item: Checked) -> bool:
        text = labels[item.hit.passage.label].text[item.hit.passage.start : item.hit.passage.end]
        return item.picked is not None and item.picked.text in " ".join(text.split())

    first, *rest = checked
    if first.picked is None or prints(first):
        return list(checked)
    alike = [one for one in rest if one.picked and one.picked.text == first.picked.text]
    twin = next((one for one in alike if one.likely >= first.likely - _TWIN and prints(one)), None)
    return [twin, first, *(one for one in rest if one is not twin)] if twin else list(checked)


def judged(
    query: Query, hits: Sequence[Hit], labels: Mapping[str, Label], reader: second_stage.Reader | None = None
) -> tuple[Checked, ...]:
    """The first hits, checked, likeliest first; those of one probability keep the order of their rank."""
    checked = [_checked(query, hit, labels[hit.passage.label]) for hit in hits[:LOOKED_AT]]
    chances = probabilities(signs(query, checked))
    chances = [
        second_stage.likelier(chance, _HELD) if _holds_value(query, item, labels[item.hit.passage.label]) else chance
        for item, chance in zip(checked, chances, strict=True)
    ]
    allowed = [chance if may_answer(item) else 0.0 for item, chance in zip(checked, chances, strict=True)]
    if reader:
        with stage("second_stage"):
            allowed = second_stage.weighed(query.standalone, [item.hit.passage for item in checked], allowed, reader)
    weighed = [
        replace(item, likely=likely, near=near) for item, likely, near in zip(checked, allowed, chances, strict=True)
    ]
    order = sorted(range(len(weighed)), key=lambda place: (-weighed[place].likely, -chances[place], place))
    return tuple(weighed[place] for place in order)


_HELD = 1.2  # log-odds that a passage gains whose range holds the value of a patient
_OF_A_PATIENT = expression(
    r"(?i)(?P<number>\d[\d.,]*)\s?-?(?P<unit>kg|mL\s?/\s?min|weeks?|days?|months?|hours?)$|^(?P<what>week|day|month) (?P<nth>\d+)$"
)
_COUNT = expression(r"^\d{3,}(?:\.\d+)?$|^\d{1,3}(?:,\d{3})+$")


def _holds_value(query: Query, item: Checked, label: Label) -> bool:
    """Whether a range with two ends holds a value that the question tells a patient by: 28 kg, 9 weeks late, a count of 1200."""
    if query.measure in _OF_RESULTS or not query.numbers:
        return False
    said = label.text[item.hit.passage.start : item.hit.passage.end]
    return any(ranges.holds_closely(said, value) for number in query.numbers for value in _values(number))


def _values(number: str) -> list[str]:
    """A value of a patient as ranges state it: "7 weeks" for "week 7"; none for a dose or a figure that names something."""
    found = _OF_A_PATIENT.search(number)
    if found is None:
        return [number.replace(",", "")] if _COUNT.match(number) else []
    return [f"{found['nth']} {found['what']}s"] if found["nth"] else [f"{found['number']} {found['unit']}"]


def _checked(query: Query, hit: Hit, label: Label) -> Checked:
    query = as_graded(query, hit.passage, label)
    picked = pick(query, hit.passage, label)
    return Checked(hit=hit, picked=picked, gaps=gaps(query, hit, picked, label))


_SEVERE = "≥3"
_MODERATE = expression(r"(?i)\bmoderate(?: or |-| to )(?:worse|severe|higher|above|greater)\b")


def as_graded(query: Query, passage: Passage, label: Label) -> Query:
    """The question about "severe" reactions as one about grade 3 and above, where a passage tells reactions apart by grade.

    Grade 3 is "severe or medically significant", Common Terminology Criteria for Adverse Events, v4.03, 2010.
    """
    severe = [one for one in query.subject if one.kind == "severity" and one.essential and one.text.lower() == "severe"]
    moderate = _MODERATE.search(query.question)
    if query.grades or not (severe or moderate):
        return query
    wanted = "≥2" if moderate else _SEVERE
    heads = label.tables[passage.table].columns if passage.table is not None else ()
    stated = [*passage.facets.grades, *(grade for head in heads for grade in grades.named(" ".join(head.header)))]
    if not any(grades.covers(grade, wanted) for grade in stated):
        return query
    concepts = tuple(
        replace(one, background=True) if one in severe or one.kind == "severity" else one for one in query.concepts
    )
    return replace(query, grades=(wanted,), concepts=concepts)


def _completes(first: Checked, item: Checked) -> bool:
    """Whether another hit says the same or adds to the first: likely to answer too, and covering as much."""
    return (
        item.likely >= _NEARLY * first.likely
        and item.hit.score >= first.hit.score - _BEHIND
        and item.hit.match.coverage >= first.hit.match.coverage - 0.05
        and item.hit.passage.kind != "definition"
        and not item.hit.passage.highlights
    )


def _is_close(item: Checked) -> bool:
    """Whether a hit states a figure on the subject, but for another population, grade or circumstance."""
    return (
        item.picked is not None
        and bool(item.gaps)
        and {gap.kind for gap in item.gaps}
        <= {"population", "grade", "trial", "subject", "missing", "absent", "foreign"}
        and item.hit.match.coverage > 0.4
    )
