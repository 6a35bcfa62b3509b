"""Whether a passage answers a question, and if not, what it leaves open.

In: a `Query`, a `Hit` and the figure picked from it. Out: `gaps`, the slots asked for that the passage doesn't cover. Those of
a kind in `FORBIDS` forbid an answer, whatever the score; any other counts against it. Left out: choosing among passages (`answering.choosing`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant import ages, populations
from assistant.answering import misplaced
from assistant.answering.picking import Pick
from assistant.answering.picking_arms import is_other_regimen
from assistant.label import Label
from assistant.query import Concept, Query
from assistant.retrieving import asked_figures, whom
from assistant.retrieving.matching import ELSEWHERE, NARROWER, OUTSIDE, cover, stems_of
from assistant.retrieving.ranking import Hit
from assistant.words import stem, terms

GapKind = Literal[
    "subject",
    "population",
    "grade",
    "trial",
    "arm",
    "figure",
    "number",
    "unknown",
    "weak",
    "asked",
    "missing",
    "absent",
    "foreign",
]
# Whom and what a passage is about: one on others never answers, nor does any where a condition, drug or test is asked about
# of which the label holds no word. The probability of an answer weighs the other gaps.
FORBIDS = frozenset({"population", "grade", "trial", "arm", "foreign"})
# Kinds of which another of the same kind is no answer: another drug, another code, another severity.
EXACT = frozenset({"drug", "code", "severity"})
CLINICAL = frozenset({"symptom", "condition", "lab", "drug", "procedure", "abbreviation", "code", "severity"})

COVERED = 0.75  # a concept is covered from here on
ABSENT = 0.2  # a concept of which less is covered isn't there at all
ENOUGH = 0.3  # weighted coverage of the whole subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something asked for that the passage doesn't cover."""

    kind: GapKind
    text: str


def gaps(query: Query, hit: Hit, picked: Pick | None, label: Label) -> tuple[Gap, ...]:
    """What a passage leaves open, gravest first."""
    found: list[Gap] = []
    found += _subject(query, hit, picked, label)
    found += _slots(query, hit, picked, label)
    found += _arms(query, hit, picked, label)
    found += _words(query, hit, label)
    found += _figure(query, hit, picked, label)
    found += _misplaced(query, hit, picked, label)
    found += _others(query, hit, picked, label)
    if misplaced.other_patients(query, f"{_over_row(hit, label)} {hit.passage.search}"):
        found.append(Gap(kind="population", text=query.numbers[0]))
    return tuple(found)


def _others(query: Query, hit: Hit, picked: Pick | None, label: Label) -> list[Gap]:
    """Figures of another medicine than the one asked about, of patients told apart by a condition; and mere lead-ins."""
    quote = label.text[hit.passage.start : hit.passage.end]
    if hit.passage.kind != "table_row" and (
        _LEAD_IN.fullmatch(quote) or hit.values.get("reporting") or hit.values.get("pointer")
    ):
        return [Gap(kind="arm", text="what follows")]
    if query.answer_type != "figure":
        return []
    found = []
    for concept, covered, inside in zip(
        query.subject, _covered(query, hit, picked, label), hit.match.inside, strict=True
    ):
        if concept.essential and concept.kind == "symptom" and not inside and query.measure in _OF_EVENTS:
            named_around = 0 < covered <= ELSEWHERE  # the sentence is on other reactions
            of_none = hit.passage.kind == "table_row" and picked is not None and not _holds_a_reaction(query, hit)
            if named_around or (covered == 0 and of_none):
                found.append(Gap(kind="foreign", text=concept.name))
        if covered >= ABSENT or not concept.essential or not concept.known:
            continue
        words = re.escape(concept.text)
        if concept.kind == "drug" and re.search(rf"(?i)\b(?:of|for) {words}\b(?!\s+(?:on|with)\b)", query.question):
            found.append(Gap(kind="foreign", text=concept.name))
        elif concept.kind in ("symptom", "condition", "abbreviation") and re.search(
            rf"(?i)\b(?:among|in|of|for) (?:the )?{words}(?: \w+)? (?:{_WHO})\b|\b(?:{_WHO}|those) (?:with|who had|having|on) (?:\w+ ){{0,2}}{words}\b|\bin (?:the )?{words}(?: \([^)]*\))?(?: trials?| stud(?:y|ies))?\s*\??$",
            query.question,
        ):
            found.append(Gap(kind="population", text=concept.name))
    if picked is not None and _is_no_rate(query, hit, picked, label):
        found.append(Gap(kind="arm", text="no figure"))
    return found


def _holds_a_reaction(query: Query, hit: Hit) -> bool:
    """Whether a passage itself names one of the things that are asked about."""
    return any(
        inside > NARROWER and concept.essential for concept, inside in zip(query.subject, hit.match.inside, strict=True)
    )


def _is_no_rate(query: Query, hit: Hit, picked: Pick, label: Label) -> bool:
    """Whether a row's value is words where a rate is asked for, or a rate where a limit is ("at what count do we stop?")."""
    if hit.passage.table is None or hit.passage.kind != "table_row":
        return query.measure in ("rate", "count") and not re.search(r"\d", picked.text)
    if query.measure in ("rate", "count", "frequency"):
        values = [value.rpartition(": ")[2] for value in picked.text.split("; ")]
        told = picked.column is not None or not any(_PHRASE.search(value) for value in values)
        return not told or not any(re.search(r"\d", value) for value in values)
    if query.measure not in ("dose", "time", "duration") and not (
        query.measure == "value" and _LIMIT_ASKED.search(query.question)
    ):
        return False
    columns = label.tables[hit.passage.table].columns
    shown = [columns[picked.column]] if picked.column is not None else list(columns)
    return all("%" in column.unit or "%" in " ".join(column.header) for column in shown)


_PHRASE = re.compile(r"[a-z]{3,}\s+[a-z]{2,}\s+(?:[a-z]+|\d)", re.IGNORECASE)
_LIMIT_ASKED = re.compile(
    r"(?i)\b(?:at|below|under|above|over|beyond) (?:what|which)\b|\b(?:cut-?off|threshold|limit)\b|\bwhat \S+(?: \S+)? (?:means|triggers|calls for|to (?:hold|stop|interrupt))"
)


_OF_EVENTS = ("rate", "count", "frequency")
_LEAD_IN = re.compile(r"\s*(?:\S+\s+){0,5}\S+:\s*")
_WHO = r"patients?|pts?|people|subjects|women|men|children|kids|adults|population|subgroup|responders|recipients|cohort"


def _misplaced(query: Query, hit: Hit, picked: Pick | None, label: Label) -> list[Gap]:
    """Figures of another dose, unit, outcome or setting than was asked about."""
    if picked is None or query.answer_type != "figure":
        return []
    found = []
    quote = label.text[hit.passage.start : hit.passage.end]
    said = _row_words(hit, picked, label) if picked.column is not None else quote
    heads = _column_heads(hit, label) if picked.column is None else ""
    if (
        misplaced.other_dose(query, said)
        or misplaced.unheard_dose(query, said, label)
        or misplaced.foreign_column_doses(query, heads)
    ):
        found.append(Gap(kind="arm", text=misplaced.dose(query)))
    if wants_figure(query) and (others := _is_of_others(query, hit, label)):
        found.append(Gap(kind="population", text=others))
    if misplaced.other_unit(query, picked, said):
        found.append(Gap(kind="arm", text="another unit"))
    if hit.passage.kind != "table_row" and misplaced.other_outcome(
        query, picked, label, hit.passage.start, hit.passage.end
    ):
        found.append(Gap(kind="arm", text="another outcome"))
    elif hit.passage.kind != "table_row" and misplaced.other_course(
        query, picked, label, hit.passage.start, hit.passage.end
    ):
        found.append(Gap(kind="arm", text="another outcome"))
    elif misplaced.lacks_outcome(query, f"{said} {hit.passage.search} {hit.passage.context}"):
        found.append(Gap(kind="arm", text="another outcome"))
    return found


def _column_heads(hit: Hit, label: Label) -> str:
    """The heads of all columns of the table that a row stands in; empty for prose."""
    if hit.passage.table is None:
        return ""
    return " ; ".join(" ".join(column.header) for column in label.tables[hit.passage.table].columns)


_IN_A = r"\s+(?:trials?|stud(?:y|ies)|patients?|pts|subjects|population|indication|setting|group)\b"


def _is_of_others(query: Query, hit: Hit, label: Label) -> str:
    """Whom the question is about ("in the PNET trial") where the label tells its patients apart by it and this passage isn't on them."""
    settings = _over_tables(label)
    return next(
        (
            concept.text
            for concept, covered in zip(query.subject, hit.match.covered, strict=True)
            if covered < ABSENT
            and any(set(form) <= settings for form in concept.forms)
            and re.search(rf"(?i)(?<!\w){re.escape(concept.text)}{_IN_A}", query.question) is not None
        ),
        "",
    )


@lru_cache(maxsize=256)
def _over_tables(label: Label) -> frozenset[str]:
    """The stems of what stands over a label's tables: captions and the headings of their sections."""
    said = (f"{table.caption} {' '.join(label.path(table.section)[1:])}" for table in label.tables)
    return frozenset(stem for text in said for stem in terms(text))


def _covered(query: Query, hit: Hit, picked: Pick | None, label: Label) -> Sequence[float]:
    """How far each concept is covered; in a row by the row, its caption and the column that answers, not by other columns."""
    passage = hit.passage
    if passage.table is None or passage.row is None or picked is None or picked.column is None:
        return hit.match.covered
    stems = stems_of(_row_words(hit, picked, label)) | whom.before(label, passage.section, passage.start)
    return [
        min(covered, cover(concept, stems)) if covered > OUTSIDE - 0.1 else covered
        for concept, covered in zip(query.subject, hit.match.covered, strict=True)
    ]


def _row_words(hit: Hit, picked: Pick, label: Label) -> str:
    """What a value is about in words: section path, caption, group, row label, the heads of its column, row notes."""
    passage = hit.passage
    assert passage.table is not None
    assert passage.row is not None
    table = label.tables[passage.table]
    row = table.rows[passage.row]
    notes = " ".join(note.text for note in table.footnotes if passage.row in note.rows)
    return " ".join(
        (*label.path(passage.section), table.caption, table.row_head, *row.group, row.label, *picked.about, notes)
    )


def _subject(query: Query, hit: Hit, picked: Pick | None, label: Label) -> list[Gap]:
    found = []
    for concept, covered in zip(query.subject, _covered(query, hit, picked, label), strict=True):
        if concept.negated and covered < COVERED:
            kind: GapKind = "population" if _leaves_out(query, concept) else "missing"
            found.append(Gap(kind=kind, text=f"without {concept.name}"))
        elif concept.kind == "severity" and concept.essential and covered < COVERED and wants_figure(query):
            found.append(Gap(kind="grade", text=concept.name))  # how many were severe: a figure of all is another
        elif concept.essential and covered < ABSENT and concept.kind in CLINICAL:
            exact = concept.kind in EXACT or covered > 0 or query.answer_type == "figure"
            kind = "missing" if exact else "absent"
            found.append(Gap(kind=kind if concept.known else "foreign", text=concept.name))
        elif concept.essential and covered < COVERED:
            found.append(Gap(kind="subject" if concept.known else "unknown", text=concept.name))
    if not any(concept.essential for concept in query.subject) and hit.match.coverage < 0.35 and not hit.section:
        found.append(Gap(kind="absent", text=query.subject[0].text if query.subject else "that"))
    elif not found and hit.match.coverage < ENOUGH:
        found.append(Gap(kind="weak", text=""))
    return found


def _leaves_out(query: Query, concept: Concept) -> bool:
    """Whether a figure is asked for of those without something: one of all is another."""
    if query.answer_type != "figure" or not concept.essential or concept.kind not in CLINICAL:
        return False
    words = r"\W+(?:\w+\W+)?".join(re.escape(word) for word in concept.text.split())
    return re.search(rf"(?i)\bwithout (?:an? |the |any )?{words}", query.standalone) is not None


_CONFLICTS: tuple[Literal["population", "grade", "trial"], ...] = ("population", "grade", "trial")


def _slots(query: Query, hit: Hit, picked: Pick | None, label: Label) -> list[Gap]:
    asked = {"population": query.populations, "grade": query.grades, "trial": query.trials}
    found = [Gap(kind=kind, text=asked[kind][0]) for kind in _CONFLICTS if kind in hit.match.conflicts]
    if picked is not None and picked.column is not None:
        found = [gap for gap in found if gap.kind != "grade"]
    heads = " ".join(picked.about) if picked else ""
    sexes = labelled(label) if query.populations else ()
    if not hit.passage.facets.populations and populations.conflict(query.populations, sexes):
        found.append(Gap(kind="population", text=query.populations[0]))
    stated = (
        *hit.passage.facets.populations,
        *hit.passage.facets.carried,
        *populations.named(f"{heads} {_over_row(hit, label)} {' '.join(label.path(hit.passage.section))}"),
    )
    if hit.passage.kind == "table_row":
        stated += tuple(slug for slug in populations.named(hit.passage.search) if slug.endswith("impairment"))
    asked_of = (
        query.populations
        if _of_statistics(query)
        else [one for one in query.populations if one not in _SAID_BY_THE_WAY]
    )
    if wants_figure(query) and (missing := populations.missing(asked_of, (*stated, *sexes))):
        found.append(Gap(kind="population", text=missing[0]))
    if query.answer_type == "figure" and ages.apart(query.question, _of_whom(hit, picked, label)):
        found.append(Gap(kind="population", text=ages.named(query.question)))
    if picked is not None and picked.grade_missing:
        found.append(Gap(kind="grade", text=query.grades[0]))
    elif query.grades and hit.passage.kind != "table_row" and not hit.passage.facets.grades and wants_figure(query):
        found.append(Gap(kind="grade", text=query.grades[0]))
    return found


# Who a patient is besides what is asked: advice for everybody is advice for a man.
_SAID_BY_THE_WAY = frozenset({"male", "female", "adolescent", "elderly"})


def _of_statistics(query: Query) -> bool:
    """Whether a figure is asked for that was measured in people, and so may be another in other people."""
    return query.answer_type == "figure" and query.measure in (
        "rate",
        "count",
        "frequency",
        "value",
        "duration",
        "time",
    )


def _over_row(hit: Hit, label: Label) -> str:
    """Caption and head of the row labels of the table that a row stands in; empty for prose."""
    if hit.passage.table is None:
        return ""
    table = label.tables[hit.passage.table]
    return f"{table.caption} {table.row_head}"


def _of_whom(hit: Hit, picked: Pick | None, label: Label) -> str:
    """What tells the ages that a passage is about: its words, those around a row and over its column, the section's title."""
    if picked is not None and picked.column is not None:
        return _row_words(hit, picked, label)
    return f"{label.text[hit.passage.start : hit.passage.end]} {label.sections[hit.passage.section].title}"


_ARM_WORDS = {
    "placebo": re.compile(r"(?i)placebo|\bpbo\b|sham|vehicle"),
    "comparator": re.compile(
        r"(?i)control|comparator|investigator\S* choice|chemotherapy|standard|active|placebo|\bpbo\b"
    ),
}


def _arms(query: Query, hit: Hit, picked: Pick | None, label: Label) -> list[Gap]:
    """The arm asked about must stand in the quote, or over the column that answers."""
    said = (
        " ".join(picked.about)
        if picked and picked.column is not None
        else label.text[hit.passage.start : hit.passage.end]
    )
    if hit.passage.kind != "table_row" and "respectively" in said:
        said += f" {hit.passage.context}"  # "occurred in 3.1% and 1.6%, respectively": the sentence before says of whom
    if hit.passage.kind == "table_row":
        said += (
            hit.passage.search.partition(":")[0]
            if picked is not None and picked.column is not None
            else hit.passage.context
        )
    if query.arms == ("comparator",) and picked is not None and picked.column is not None:
        return _comparator(hit, said, label)
    if wants_figure(query) and query.measure != "duration" and is_other_regimen(query, said):
        return [Gap(kind="arm", text="other regimen")]
    return [Gap(kind="arm", text=arm) for arm in query.arms if arm != "drug" and not _ARM_WORDS[arm].search(said)]


def _comparator(hit: Hit, said: str, label: Label) -> list[Gap]:
    """A column is another arm's where it names none of the product's names while other columns do."""
    names = [name.lower() for name in (label.name, label.generic) if name]
    assert hit.passage.table is not None
    heads = [" ".join(column.header).lower() for column in label.tables[hit.passage.table].columns]
    named = any(name in head for name in names for head in heads)
    own = any(name in said.lower() for name in names)
    return [] if named and not own else [Gap(kind="arm", text="comparator")]


_STATISTICS = re.compile(
    r"(?i)\b(?:median|mean|average|half-?life|onset|cmax|auc|tmax|(?<!creatinine )clearance|bioavailability|maximum|minimum|hazard ratio|relative risk|odds ratio|p[ -]value|confidence interval)\b"
)
_NO_NOUNS = frozenset(
    "one two three four five six seven eight nine ten came come went got get had have took died die stopped quit left fell were was are dropped "
    "developed experienced reported needed required".split()
)
_SHORT = {
    "average": "mean",
    "mean": "average",
    "confidence interval": "ci",
    "hazard ratio": "hr",
    "relative risk": "rr",
    "odds ratio": "or",
}
_ASKED_NOUN = re.compile(r"(?i)\b(?:how many|number of|which)\s+(?:of the |the |other )?(?P<noun>[a-z]{3,})\b")


def _words(query: Query, hit: Hit, label: Label) -> list[Gap]:
    """A statistic that the question names, and what it asks the number of, must stand in the quote or around it."""
    around = f"{hit.passage.search} {hit.passage.context}".lower()
    found = []
    for match in _STATISTICS.finditer(query.question):
        named = match.group().lower()
        short = re.search(rf"\b{_SHORT.get(named, named)}\b", around)
        if (
            not short
            and re.sub(r"[\s-]", "", named)[:5] not in re.sub(r"[\s-]", "", around)
            and query.answer_type == "figure"
        ):
            found.append(Gap(kind="figure", text=named))
    for match in _ASKED_NOUN.finditer(query.question):
        if match["noun"].lower() in _NO_NOUNS:
            continue
        root = stem(match["noun"].lower())
        concept = next((c for c in query.subject if any(root in form for form in c.forms)), None)
        if (
            concept is not None
            and query.answer_type in ("figure", "list")
            and cover(concept, stems_of(around)) < COVERED
        ):
            found.append(Gap(kind="asked", text=concept.name))
    return found


_OF_MEN = re.compile(
    r"(?i)\bprostat(?:e|ic) (?:cancer|hyperplasia)|erectile dysfunction|hypogonadism|testicular|not indicated (?:for use )?in (?:women|females?)"
)
_OF_WOMEN = re.compile(
    r"(?i)\bpost-?menopaus|menopaus|contracepti(?:on|ve)\b(?=[^.]{0,80}\bindicated)|ovarian cancer|endometriosis|uterine fibroid|menstrual|cervical cancer|not indicated (?:for use )?in (?:men|males?)\b"
)


@lru_cache(maxsize=256)
def labelled(label: Label) -> tuple[str, ...]:
    """The sex that the label is for, where its indication names one alone: no statement need repeat it."""
    if not any(section.kind == "indications" for section in label.sections):
        men, women = _OF_MEN.search(label.text) is not None, _OF_WOMEN.search(label.text) is not None
        return ("male",) if men and not women else ()
    named = {
        slug
        for section in label.sections
        if section.kind == "indications"
        for slug in populations.named(label.text[section.start : section.start + 1500])
    }
    sexes = named & {"male", "female"}
    return tuple(sexes) if len(sexes) == 1 else ()


def wants_figure(query: Query) -> bool:
    """Whether the question asks for a figure that depends on who it is about."""
    return (
        query.measure in ("rate", "count", "time", "duration", "value", "grade", "frequency")
        or bool(query.grades)
        or bool(query.numbers)
    )


_TIMING = re.compile(
    r"(?i)\b(?:prior to|before|after|during|following|first|daily|weekly|monthly|every|each|until|throughout|at least|immediately|baseline|periodically|"
    r"day|week|month|year|hour|minute)s?\b"
)


def _figure(query: Query, hit: Hit, picked: Pick | None, label: Label) -> list[Gap]:
    if query.measure == "dose" and query.answer_type == "figure" and not _is_dosing(label, hit):
        return [Gap(kind="figure", text="dose")]
    quote = label.text[hit.passage.start : hit.passage.end]
    if query.answer_type == "action" and query.measure == "frequency" and not _TIMING.search(quote):
        return [Gap(kind="figure", text="frequency")]
    if picked is not None or query.measure is None or query.answer_type in ("definition", "yes_no", "action", "list"):
        return _numbers(query, hit, picked, label)
    if query.measure == "time" and _IN_WORDS.search(quote):
        return _numbers(query, hit, picked, label)
    is_open = not _asks_occurrence(query) and not _HOW_MANY.search(query.question)
    if query.measure in ("duration", "frequency") and _TIMING.search(quote) and is_open:
        return _numbers(query, hit, picked, label)
    if query.measure == "dose" and _is_dosing(label, hit):
        return _numbers(query, hit, picked, label)
    return [Gap(kind="figure", text=query.measure)]


_OCCURRENCE = re.compile(
    r"(?i)\bhow (?:often|frequently|common)\b.{0,60}\b(?:occur\w*|seen|reported|had|got|gotten|happen\w*|develop\w*|experienc\w+|get)\b|\bhow (?:often|frequently) (?:has|have|was|were|did)\b"
)


_IN_WORDS = re.compile(
    r"(?i)\b(?:one|two|three|four|five|six|seven|eight|first|second|third|several|few)\s+(?:hour|day|week|month|year)s?\b|\b(?:minutes|hours|days|weeks|months) (?:to|or) (?:hours|days|weeks|months|years)\b"
)
_HOW_MANY = re.compile(r"(?i)\bhow many (?:seconds|minutes|mins|hours|hrs|days|weeks|wks|months|years)\b")


def _asks_occurrence(query: Query) -> bool:
    """Whether "how often" asks how many had something, not when to do something."""
    return query.measure == "frequency" and _OCCURRENCE.search(query.question) is not None


_DOSING = re.compile(
    r"(?i)\b(?:recommended|recommend|should|starting|initial|initiated?|maximum|exceed|usual|give|administer|infuse|inject|take|start|use)\b.{0,80}\b(?:dos(?:e|es|age|ing)|mg|mcg|units)\b|\bdos(?:e|age).{0,60}\b(?:should|recommended|reduced|adjust\w*)"
)


def _is_dosing(label: Label, hit: Hit) -> bool:
    """Whether a passage says how much to give: in the dosage section, or in words of directing."""
    kinds = {label.sections[place].kind for place in label.lineage(hit.passage.section)}
    if any(kind.startswith("dosage") for kind in kinds):
        return True
    return hit.passage.kind == "passage" and _DOSING.search(label.text[hit.passage.start : hit.passage.end]) is not None


def _numbers(query: Query, hit: Hit, picked: Pick | None, label: Label) -> list[Gap]:
    """Figures that the question names ("500 msec", "100 mg") must stand in the quote or around it."""
    quote = label.text[hit.passage.start : hit.passage.end]
    around = f"{quote} {hit.passage.context}"
    if picked is not None and picked.column is not None:
        around = _row_words(hit, picked, label)
    found = [Gap(kind="number", text=number) for number in query.numbers if not asked_figures.stands(number, around)]
    strict = [
        number for number in query.numbers if query.answer_type == "figure" and asked_figures.is_threshold(number)
    ]
    if not strict:
        return found
    said = around if picked is not None and picked.column is not None else _beside(picked, hit, label)
    return found + [Gap(kind="grade", text=number) for number in strict if not asked_figures.bounded(number, said)]


def _beside(picked: Pick | None, hit: Hit, label: Label) -> str:
    """The quote without the figure that was picked from it."""
    start, end = hit.passage.start, hit.passage.end
    taken = picked.spans if picked is not None else ()
    return "".join(
        " " if any(one <= place < other for one, other in taken) else char
        for place, char in enumerate(label.text[start:end], start)
    )
