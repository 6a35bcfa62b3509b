"""Which figure of a sentence answers: the one of the kind asked for that stands next to what was asked about.

In: a `Query`, a `Label` and a half-open stretch of its text. Out: `pick_in_prose`, the figure that answers, or None where
the sentence holds none of the kind asked for. Left out: "respectively" (`answering.picking_series`).
"""

import re
from collections.abc import Sequence

from assistant import figures, populations
from assistant.answering.picking_series import respectively
from assistant.answering.picks import Pick
from assistant.figures import Figure
from assistant.label import Label
from assistant.query import Concept, Query
from assistant.words import stem, tokens

_NEAR = 0.9  # what one word of distance leaves of a mention's worth

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
        return respectively(query, label, start, end, every) or _only_figure(query, every)
    if (shared := respectively(query, label, start, end, usable)) is not None:
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
