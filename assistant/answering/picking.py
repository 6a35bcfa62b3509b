"""Which figure of a quote answers: in a sentence by what stands next to it, in a row by the column's heads.

In: a `Query`, a `Passage` and its `Label`. Out: `pick`, the figure that answers with the exact places to highlight, or
None where the quote holds none of the kind asked for. "respectively" is resolved item by item. Left out: whether the
passage may answer at all (`answering.abstaining`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant import figures, grades, populations
from assistant.figures import Figure
from assistant.grades import members
from assistant.label import Label, Row, Table
from assistant.passage import Passage
from assistant.query import Concept, Query
from assistant.retrieving.matching import stems_of
from assistant.words import stem, tokens

_NEAR = 0.9  # what one word of distance leaves of a mention's worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """The figure that answers."""

    text: str  # as the headline shows it
    spans: tuple[tuple[int, int], ...]  # half-open, into the label's source text
    column: int | None = None  # place in Table.columns, where one column answers
    certain: bool = True  # false where several columns answer alike
    grade_missing: bool = False  # a grade was asked for and neither sentence nor column states it
    about: tuple[str, ...] = ()  # what the column is about


def pick(query: Query, passage: Passage, label: Label) -> Pick | None:
    """The figure of a passage that answers a question."""
    if passage.table is not None and passage.row is not None:
        return pick_cell(query, label.tables[passage.table], label.tables[passage.table].rows[passage.row])
    return pick_in_prose(query, label, passage.start, passage.end)


_KINDS: dict[str, tuple[str, ...]] = {
    "rate": ("rate", "percent", "count"),
    "count": ("rate", "count", "number"),
    "time": ("time",),
    "duration": ("time", "dose"),
    "dose": ("dose", "quantity"),
    "value": ("quantity", "percent", "temperature", "time", "rate", "dose", "number"),
    "phone": ("phone",),
    "frequency": ("rate", "percent", "time"),
    "": ("rate", "percent"),
}


def pick_in_prose(query: Query, label: Label, start: int, end: int) -> Pick | None:
    """The figure of a sentence: of the kind asked for, nearest to the words of the subject."""
    if query.measure == "grade":
        return _graded(label, start, end)
    every = [
        figure
        for figure in figures.find(label.text, start, end)
        if figure.kind != "limit" and not _named(query, figure) and not _is_threshold(figure)
    ]
    wanted = _KINDS[query.measure or ""]
    if query.answer_type == "action" and query.measure in ("time", "frequency"):
        wanted = ("time",)
    usable = _of_best_kind([figure for figure in every if figure.kind in wanted], query)
    if not usable:
        return _respectively(query, label, start, end, every) or _only_figure(query, every)
    if (shared := _respectively(query, label, start, end, usable)) is not None:
        return shared
    mentions = _mentions(query, label.text, start, end)
    usable = [figure for figure in usable if not _only_listed(query, label.text, figure, start, end)]
    if not usable:
        return None
    if "drug" in query.arms and (both := _both_arms(label.text, usable, start, end)):
        return both
    best = max(usable, key=lambda figure: (_worth(label.text, figure, usable, mentions, wanted), -figure.start))
    return Pick(text=" ".join(best.headline.split()), spans=((best.start, best.end),))


_LISTS = re.compile(
    r"(?i)\b(?:includ\w+|such as|consist\w+ of|namely|e\.g\.|(?:most common|common) .{0,60}(?:were|are))\b|:\s"
)


def _only_listed(query: Query, text: str, figure: Figure, start: int, end: int) -> bool:
    """Whether a figure is about a whole of which the subject is only named as a part: "8%, including sepsis"."""
    if query.measure not in ("rate", "count", None):
        return False
    words = [(stem(token.text), token.start + start, token.end + start) for token in tokens(text[start:end])]
    for concept in query.subject:
        found = places(concept, words) if concept.essential else []
        if found and all(one >= figure.end and _LISTS.search(text, figure.end, one) for one, _ in found):
            return True
    return False


def _graded(label: Label, start: int, end: int) -> Pick | None:
    """The grade that a sentence states, for "what grade were ...?"."""
    found = re.search(r"[Gg]rades? ?[≥≤]?\d(?:(?:/| or |-| and )\d)?", label.text[start:end])
    return Pick(text=found.group(), spans=((start + found.start(), start + found.end()),)) if found else None


def _only_figure(query: Query, every: Sequence[Figure]) -> Pick | None:
    """For a short question that names no measure: the one figure that the sentence states."""
    stated = [
        figure
        for figure in every
        if figure.kind in ("time", "dose", "quantity", "temperature") and figure.text.lstrip()[:1] not in "<>≤≥"
    ]
    if (
        query.measure is not None
        or query.answer_type not in ("text", "figure")
        or len(stated) != 1
        or len(query.question.split()) > 8
    ):
        return None
    return Pick(text=" ".join(stated[0].headline.split()), spans=((stated[0].start, stated[0].end),))


_OTHER_ARM = re.compile(r"(?i)\b(?:placebo|control|comparator|vehicle|sham|investigator\S* choice|chemotherapy)\b")


def _both_arms(text: str, usable: Sequence[Figure], start: int, end: int) -> Pick | None:
    """The figure of the drug and that of the other arm, for "X versus placebo"."""
    rates = [figure for figure in usable if figure.kind in ("rate", "percent")]
    arm = _OTHER_ARM.search(text, start, end)
    if len(rates) < 2 or arm is None:
        return None
    other = min(
        rates, key=lambda figure: abs(figure.start - arm.start()) + (30 if figure.start > arm.end() + 40 else 0)
    )
    place = rates.index(other)
    drug = rates[place - 1] if place else rates[1]
    ordered = sorted((drug, other), key=lambda figure: figure is other)
    shown = " vs ".join(" ".join(figure.headline.split()) for figure in ordered)
    return Pick(text=f"{shown} ({arm.group().lower()})", spans=tuple((figure.start, figure.end) for figure in ordered))


def _is_threshold(figure: Figure) -> bool:
    """Whether a percentage says from where on reactions are listed ("most common (≥20%)") and no rate of any of them."""
    return figure.kind == "percent" and figure.text.lstrip()[:1] in "≥>"


def _of_best_kind(usable: list[Figure], query: Query) -> list[Figure]:
    """Where rates or percentages stand, plain numbers are none of what is asked."""
    if query.measure == "frequency" and re.search(r"(?i)percent|%|proportion", query.question):
        return [figure for figure in usable if figure.kind != "time"]
    if query.measure == "frequency":
        usable = [figure for figure in usable if figure.kind != "time" or not re.search(r"[<>≤≥]|sec", figure.text)]
    if any(figure.kind in ("rate", "percent") for figure in usable) and re.search(
        r"(?i)percent|proportion|%|rate|incidence|share", query.question
    ):
        return [figure for figure in usable if figure.kind != "count"]
    if query.measure == "dose":
        return [
            figure
            for figure in usable
            if figure.text.lstrip()[:1] not in "<>≤≥" and not re.search(r"mL\s?/\s?min", figure.text)
        ]
    if query.measure == "time":
        return [
            figure
            for figure in usable
            if not re.search(r"(?i)cycles?|doses|courses", figure.text)
            or (
                "cycle" in query.question.lower()
                and not re.search(r"(?i)\b(?:days|weeks|hours|months)\b", query.question)
            )
        ]
    return usable


def _named(query: Query, figure: Figure) -> bool:
    """Whether the question itself names the figure: it can't be the answer."""
    if figure.kind == "count" and figure.value >= 1000 and figure.value % 1000 == 0:
        return True
    return any(_same_figure(figure.text, number) for number in query.numbers)


def _same_figure(one: str, other: str) -> bool:
    """Whether two wordings are one figure: the same digits, and no other unit."""
    if _digits(one) != _digits(other):
        return False
    units = {re.sub(r"[\d.,\s<>≤≥=~±-]", "", _squeezed(text)) for text in (one, other)} - {""}
    return len(units) < 2


def _digits(text: str) -> str:
    return re.sub(r"[^\d.]", "", text)


def _squeezed(text: str) -> str:
    return re.sub(r"milliseconds?|msecs?|ms", "msec", re.sub(r"\s|-", "", text.lower()))


def _worth(
    text: str,
    figure: Figure,
    usable: Sequence[Figure],
    mentions: Sequence[tuple[int, int, float]],
    wanted: Sequence[str],
) -> float:
    """How much speaks for a figure: its kind and what is mentioned near it, other figures in between counting as far."""
    worth = 0.5 * (1 - wanted.index(figure.kind) / len(wanted))
    best: dict[float, float] = {}
    for start, end, weight in mentions:
        between = sum(
            1
            for other in usable
            if other is not figure and min(end, figure.end) <= other.start < max(start, figure.start)
        )
        distance = max(start - figure.end, figure.start - end, 0) / 6 + 6 * between
        if start >= figure.end and not _ties(text[figure.end : start]):
            distance += 1  # a figure follows what it is about more often than it goes before
        elif start >= figure.end:
            distance = min(distance, 0.5)  # "85% for AUC", "42% increase in Cmax"
        best[weight] = max(best.get(weight, 0.0), abs(weight) * _NEAR**distance)
    return worth + sum(best.values())


_TIE = re.compile(r"\s*\)?\s*(?:\w+\s){0,2}(?:for|in|of|with|on|among)\s(?:the\s|an?\s)?(?:\w+\s)?$")


def _ties(between: str) -> bool:
    """Whether the words between a figure and what follows tie them together."""
    return len(between) <= 40 and _TIE.match(between) is not None


_AGES_AND_SEXES = frozenset({"adult", "pediatric", "elderly", "male", "female"})


def _mentions(query: Query, text: str, start: int, end: int) -> list[tuple[int, int, float]]:
    """Where the subject, the populations, grades and numbers asked for stand: half-open places and a weight each."""
    found: list[tuple[int, int, float]] = []
    body = text[start:end]
    words = [(stem(token.text), token.start + start, token.end + start) for token in tokens(body)]
    for nth, concept in enumerate(query.concepts):
        weight = (0.2 if concept.soft else 1.0) + nth * 1e-6
        for one, other in places(concept, words):
            found.append((one, other, weight))
    several = len({slug for slug, _, _ in populations.places(body)} & _AGES_AND_SEXES) > 1
    for slug, one, other in populations.places(body):
        if several and slug in query.populations:
            found.append((one + start, other + start, 1.6))
    for number in query.numbers:
        digits = re.sub(r"[^\d.]", "", number)
        found += [
            (m.start() + start, m.end() + start, 2.0)
            for m in re.finditer(rf"(?<![\d.]){re.escape(digits)}(?![\d.])", body)
            if digits
        ]
    if query.arms and "drug" not in query.arms:
        pattern = (
            r"(?i)placebo|sham|vehicle"
            if "placebo" in query.arms
            else r"(?i)control|comparator|investigator\S* choice|chemotherapy"
        )
        found += [(m.start() + start, m.end() + start, 2.1) for m in re.finditer(pattern, body)]
    return found


def places(concept: Concept, words: Sequence[tuple[str, int, int]]) -> list[tuple[int, int]]:
    """Where a wording of a concept stands among words (stem, start, end); a part of it where the whole stands nowhere."""
    found: list[tuple[int, int]] = []
    for form in concept.forms:
        for place in range(len(words)):
            window = words[place : place + len(form) + 2]
            if window and window[0][0] == form[0] and set(form) <= {word for word, _, _ in window}:
                last = max(nth for nth, (word, _, _) in enumerate(window) if word in form)
                found.append((window[0][1], window[last][2]))
    if not found:
        found = [(one, other) for word, one, other in words if any(word in form for form in concept.forms)]
    return found


def _respectively(query: Query, label: Label, start: int, end: int, usable: Sequence[Figure]) -> Pick | None:
    """ "A, B and C occurred in 1%, 2% and 3%, respectively": the figure of the item that the question names."""
    text = label.text
    mark = text.lower().find("respectively", start, end)
    if mark < 0:
        return None
    before = [figure for figure in usable if figure.end <= mark]
    for kind in dict.fromkeys(figure.kind for figure in before):
        found = _respective(query, text, start, mark, [figure for figure in before if figure.kind == kind])
        if found is not None:
            return found
    return None


def _respective(query: Query, text: str, start: int, mark: int, before: Sequence[Figure]) -> Pick | None:
    """The figure of the item that the question names, among figures of one kind."""
    parts = _parts(before, text)
    if len(parts) < 2:
        return None
    items = _items(text, start, parts[0][0], len(parts))
    after = _items_after(text, parts[-1][1], mark, len(parts))
    if len(items) != len(parts) or max(_item_score(query, text[one:other]) for one, other in items) <= 0:
        items = after
    if len(items) != len(parts):
        return None
    scores = [_item_score(query, text[one:other]) for one, other in items]
    best = max(scores)
    if best <= 0 or scores.count(best) > 1:
        return None
    one, other, shown = parts[scores.index(best)]
    return Pick(text=shown, spans=((one, other),))


def _parts(before: Sequence[Figure], text: str) -> list[tuple[int, int, str]]:
    """The figures of a "respectively" with their places and how each is shown; "5 and 8 months" are two."""
    if len(before) == 1 and (
        pair := re.search(r"(?P<one>[\d.,]+)\s*%?\s*(?:and|,|/)\s*(?P<two>[\d.,]+)[\s-]*(?P<unit>\D*)$", before[0].text)
    ):
        first, unit = before[0], pair["unit"].strip()
        one = (first.start + pair.start("one"), first.start + pair.end("one"), f"{pair['one']} {unit}".strip())
        two = (first.start + pair.start("two"), first.end, text[first.start + pair.start("two") : first.end])
        return [one, two]
    return [(figure.start, figure.end, " ".join(figure.headline.split())) for figure in before]


_JOIN = re.compile(r",\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|\s*/\s*")


def _items(text: str, start: int, end: int, count: int) -> list[tuple[int, int]]:
    """The last `count` coordinated items before a place."""
    body = text[start:end]
    for opening in [*[match.end() for match in re.finditer(r"[.;:]\s|,\s(?=(?:with|the)\s)", body)][::-1], 0]:
        cuts, place = [], opening
        for match in _JOIN.finditer(body, opening):
            cuts.append((start + place, start + match.start()))
            place = match.end()
        cuts.append((start + place, end))
        if len(cuts) >= count:
            return _last_run(text, cuts, count)
    return []


def _items_after(text: str, start: int, mark: int, count: int) -> list[tuple[int, int]]:
    """The `count` coordinated items between the last figure and "respectively": "1% and 2% increases in A and B"."""
    cuts, place = [], start
    for match in _JOIN.finditer(text, start, mark):
        if match.start() > place:
            cuts.append((place, match.start()))
        place = match.end()
    if place < mark and text[place:mark].strip(" ,("):
        cuts.append((place, mark))
    return cuts[-count:] if len(cuts) >= count else []


def _last_run(text: str, cuts: list[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    """The `count` neighbouring cuts that are items: those that each name a population, else the last."""
    runs = [cuts[place : place + count] for place in range(len(cuts) - count + 1)]
    for run in reversed(runs):
        if all(populations.named(text[one:other]) for one, other in run):
            return run
    return runs[-1]


def _item_score(query: Query, item: str) -> float:
    stems = frozenset(stem(token.text) for token in tokens(item))
    score = float(len(set(populations.named(item)) & set(query.populations)))
    for concept in query.subject:
        held = max(sum(part in stems for part in form) / len(form) for form in concept.forms)
        score += held * concept.weight
    for number in query.numbers:
        score += bool(re.search(rf"(?<!\d){re.escape(re.sub(r'[^0-9.]', '', number))}(?!\d)", item))
    return score


def pick_cell(query: Query, table: Table, row: Row) -> Pick | None:
    """The value of a row: from the column whose heads say most of what was asked."""
    cells = [cell for cell in row.cells if cell.text and _is_plausible(table, cell.column, cell.text)]
    if not table.resolved or not cells:
        return None
    if "drug" in query.arms and (both := _both_columns(query, table, row)):
        return both
    scored = {cell.column: column_score(query, table, row, cell.column) for cell in cells}
    usable = {column: score for column, score in scored.items() if score > -5}
    if not usable:
        return None
    best = max(usable.values())
    winners = [cell for cell in cells if usable.get(cell.column, -9.0) >= best - 1e-9]
    shown = [shown_value(table, cell.column, cell.text) for cell in winners]
    spans = tuple((cell.start, cell.end) for cell in winners)
    stated = [g for cell in winners for head in table.columns[cell.column].header for g in grades.named(head)] or list(
        grades.named(f"{table.caption} {row.label} {' '.join(row.group)}")
    )
    absent = bool(query.grades) and not any(grades.covers(g, asked) for asked in query.grades for g in stated)
    if len(winners) == 1:
        shown[0] = _with_count(table, row, winners[0].column, shown[0])
        return Pick(
            text=shown[0],
            spans=spans,
            column=winners[0].column,
            grade_missing=absent,
            about=table.columns[winners[0].column].header,
        )
    named = [f"{_short_head(table, cell.column, winners)}: {value}" for cell, value in zip(winners, shown, strict=True)]
    return Pick(text="; ".join(named[:6]), spans=spans, certain=False, grade_missing=absent)


def _is_plausible(table: Table, column: int, text: str) -> bool:
    """Whether a value can be what its column says: a percentage above 100 is several values run together."""
    unit = table.columns[column].unit if column < len(table.columns) else ""
    plain = re.fullmatch(r"\d{3,}(?:\.\d+)?", text.strip())
    return not (unit == "%" and plain and float(text) > 100)


def _both_columns(query: Query, table: Table, row: Row) -> Pick | None:
    """The value of the drug and that of the other arm, for "X versus placebo"."""
    others = tuple(arm for arm in query.arms if arm != "drug") or ("comparator",)
    drug = pick_cell(replace(query, arms=()), table, row)
    other = pick_cell(replace(query, arms=others), table, row)
    if drug is None or other is None or not (drug.certain and other.certain) or drug.column == other.column:
        return None
    text = f"{drug.text} vs {other.text} ({' '.join(other.about[:1]).lower() or others[0]})"
    return Pick(
        text=text,
        spans=(*drug.spans, *other.spans),
        column=drug.column,
        grade_missing=drug.grade_missing,
        about=(*drug.about, *other.about),
    )


def _with_count(table: Table, row: Row, column: int, shown: str) -> str:
    """A percentage with the number that stands in the column before it, where the two are one value printed in two columns."""
    if column == 0 or not re.fullmatch(r"\(?%\)?|percent", _leaf(table, column)):
        return shown
    if not re.fullmatch(r"(?i)n|no\.?|number.*", _leaf(table, column - 1)):
        return shown
    count = next((cell.text for cell in row.cells if cell.column == column - 1 and cell.text), "")
    return f"{shown} (n={count})" if count else shown


def _leaf(table: Table, column: int) -> str:
    heads = table.columns[column].header
    return heads[-1].strip() if heads else ""


def shown_value(table: Table, column: int, text: str) -> str:
    """A value with the unit of its column, unless it carries one: "49%" for "49" under "All grades, %"."""
    unit = table.columns[column].unit if column < len(table.columns) else ""
    value = " ".join(text.split())
    if re.fullmatch(r"\(?%\)?", _leaf(table, column)):
        value = re.sub(r"^\(([^()]*)\)$", r"\1", value)
        unit = "%"
    if not unit or not re.search(r"\d", value) or unit.startswith("n") or re.search(r"[%A-Za-z]", value):
        return value
    return f"{value}%" if unit == "%" else f"{value} {unit}"


def _short_head(table: Table, column: int, winners: Sequence[object]) -> str:
    """What tells this column's heads from those of the other columns."""
    heads = table.columns[column].header
    others = [other.header for place, other in enumerate(table.columns) if place != column]
    own = [head for nth, head in enumerate(heads) if any(nth >= len(other) or other[nth] != head for other in others)]
    return re.sub(r",?\s*(?:n\s*\(?%\)?|%)$", "", " ".join(own) or (heads[-1] if heads else "")).strip()


_COMPARATOR = re.compile(
    r"(?i)\b(?:placebo|control|comparator|vehicle|sham|investigator\S* choice|standard (?:care|therapy|of care)|active)\b"
)


def column_score(query: Query, table: Table, row: Row, column: int) -> float:
    """How much a column's heads say of what was asked; -9 where they contradict it."""
    heads = " ".join(table.columns[column].header)
    leaf = table.columns[column].header[-1] if table.columns[column].header else ""
    fixed = _fixed_score(query, heads, leaf)
    if fixed is not None:
        return fixed
    score = _arm_score(query, heads) + _grade_score(query, heads)
    score += 0.5 * len(set(populations.named(heads)) & set(query.populations))
    stems, label_stems = stems_of(heads), stems_of(f"{row.label} {' '.join(row.group)}")
    for concept in query.concepts:
        held = max(len(set(form) & stems) / len(form) for form in concept.forms)
        rowed = max(len(set(form) & label_stems) / len(form) for form in concept.forms)
        score += (0.3 if concept.soft else 1.0) * held * (rowed < 1)
    for number in query.numbers:
        digits = re.sub(r"[^\d.]", "", number)
        score += 1.5 * bool(digits and re.search(rf"(?<![\d.]){re.escape(digits)}(?![\d.])", heads))
    for trial in query.trials:
        score += 2.0 * (trial.lower() in heads.lower())
    return round(score + _leaning(query, heads, leaf), 6)


def _fixed_score(query: Query, heads: str, leaf: str) -> float | None:
    """The score of a column that is no matter of degree: a count, a p value, another population; None for any other."""
    if re.fullmatch(r"(?i)n|no\.?|number|number (?:of )?(?:patients|tested|evaluated)", leaf.strip()):
        return 9.0 if query.measure == "count" else -6.0
    if re.search(r"(?i)\bp[- ]?values?\b|95% CI|confidence", leaf):
        return -4.0
    return -9.0 if populations.conflict(query.populations, populations.named(heads)) else None


_POOLED = re.compile(r"(?i)\b(?:any|all|total|overall|pooled|combined) (?:dos\w+|patients|groups?|treat\w+)\b")


def _leaning(query: Query, heads: str, leaf: str) -> float:
    """What tips the scale between columns that the question doesn't tell apart."""
    score = 0.0
    if not query.numbers and _POOLED.search(heads):
        score += 0.4
    if re.search(r"(?i)\bbaseline\b", heads) and not re.search(r"(?i)baseline", query.question):
        score -= 0.5
    if query.measure == "rate" and re.search(r"%|percent", leaf, re.IGNORECASE):
        score += 0.2
    return score


def _arm_score(query: Query, heads: str) -> float:
    other = bool(_COMPARATOR.search(heads))
    if "drug" in query.arms:
        return 0.0
    if query.arms:
        return 2.0 if other else -2.0
    return -1.0 if other else 0.0


def _grade_score(query: Query, heads: str) -> float:
    stated = grades.named(heads)
    whole = any(members(g) >= {1, 2, 3, 4} for g in stated)
    if query.grades:
        if any(grades.covers(g, asked) for asked in query.grades for g in stated):
            return 3.0
        return -2.0 if stated else 0.0
    if not stated or whole:
        return 0.5 if stated else 0.0
    return -1.0
