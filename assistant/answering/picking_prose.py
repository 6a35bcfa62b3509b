"""Which figure of a sentence answers: the one of the kind asked for that stands next to what was asked about.

In: a `Query`, a `Label` and a half-open stretch of its text. Out: `pick_in_prose`, the figure that answers, or None where
the sentence holds none of the kind asked for. Left out: "respectively" (`answering.picking_series`).
"""

import re
from collections.abc import Sequence

from assistant import figures, populations
from assistant.answering import picking_names
from assistant.answering.picking_arms import asks_both, names_own, opens_with_versus
from assistant.answering.picking_columns import extreme
from assistant.answering.picking_series import respectively
from assistant.answering.picks import Pick
from assistant.figures import Figure
from assistant.label import Label
from assistant.query import Concept, Query
from assistant.words import STOP_WORDS, stem, tokens

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
    if (named := picking_names.pick_name(query, label.text, start, end)) is not None:
        return named
    every = [
        figure
        for figure in figures.find(label.text, start, end)
        if figure.kind != "limit" and not _named(query, figure) and not _is_threshold(query, figure)
    ]
    wanted = _wanted(query)
    usable = _of_best_kind([figure for figure in every if figure.kind in wanted], query)
    usable = _of_asked_unit(_without_totals(usable, label.text), query)
    if not usable:
        return respectively(query, label, start, end, every) or _other_kind(query, label, every, start, end)
    if (shared := respectively(query, label, start, end, usable)) is not None:
        return shared
    usable = [figure for figure in usable if not _only_listed(query, label.text, figure, start, end)]
    if not usable:
        return None
    if ("drug" in query.arms or asks_both(query)) and not opens_with_versus(query):
        if both := _both_arms(label.text, usable, start, end):
            return both
    return _shown(query, label.text, _nearest(query, label, usable, wanted, start, end), usable)


def _nearest(
    query: Query, label: Label, usable: Sequence[Figure], wanted: Sequence[str], start: int, end: int
) -> Figure:
    """The figure that most speaks for."""
    mentions = _mentions(query, label.text, start, end)
    worths = {
        figure.start: _worth(label.text, figure, usable, mentions, wanted)
        + _arm_worth(query, label, figure, usable, start, end)
        for figure in usable
    }
    return max(usable, key=lambda figure: (worths[figure.start], -figure.start))


def _wanted(query: Query) -> tuple[str, ...]:
    """The kinds of figures asked for, likeliest first."""
    if query.answer_type == "action" and query.measure in ("time", "frequency"):
        return ("time",)
    if query.measure == "dose" and _WHEN.search(query.question):
        return ("time",)
    if query.measure == "dose" and query.history and (extreme(query) or _ON_DOSE.search(query.question)):
        return _KINDS["rate"] if _RATE.search(query.history[-1]) else _KINDS["value"]
    return _KINDS[query.measure or ""]


_WHEN = re.compile(r"(?i)^\W*(?:(?:and|so|ok|but|then) )*(?:when|how (?:soon|early|long))\b")
_ON_DOSE = re.compile(r"(?i)\b(?:with|on|at|in|when|those)\b.*\b(?:doses?|strength|mg)\b")
_RATE = re.compile(r"(?i)%|percent|\brate|how (?:many|often|common)|incidence|share|proportion")
_UNITS = (
    (r"mg/dL", r"mg\s?/\s?dL"),
    (r"msec|\bms\b|milliseconds", r"msec|\bms\b|milliseconds"),
    (r"mm ?Hg", r"mm ?Hg"),
    (r"mmol", r"mmol"),
    (r"how many seconds", r"seconds"),
    (r"how many minutes", r"minutes"),
    (r"how many (?:days)", r"day"),
    (r"how many weeks", r"week"),
    (r"how many months", r"month"),
)


def _of_asked_unit(usable: list[Figure], query: Query) -> list[Figure]:
    """The figures in the unit that the question names, where some are."""
    for asked, unit in _UNITS:
        if re.search(f"(?i){asked}", query.question):
            of_unit = [figure for figure in usable if re.search(f"(?i){unit}", figure.text)]
            return of_unit or usable
    return usable


def _without_totals(usable: list[Figure], text: str) -> list[Figure]:
    """Without the numbers of patients that shares are of ("7.5% of 642 subjects"), where shares stand beside them."""
    if not any(figure.kind in ("rate", "percent") for figure in usable):
        return usable
    return [
        figure
        for figure in usable
        if figure.kind != "count"
        or not re.search(r"(?i)(?:%\)? of(?: the)?|^in|\. in|of the) $", text[max(0, figure.start - 12) : figure.start])
    ]


_RANGE_MARK = re.compile(r"(?i)\s+to\s+|\s*[-–]\s*")
_LIST_MARK = re.compile(r"(?i),\s+(?:and |or )?|\s+(?:and|or)\s+")
_PLURAL = re.compile(r"(?i)\b(?:strengths|doses|sizes|times|which dosages)\b")
_SPREAD = re.compile(r"(?i)\b(?:between|ranged|ranging)\b[^.]{0,25}$")
_TWO_TIMES = re.compile(r"(?i)\bbefore and after\b|\bhow far from\b")
_OVER = re.compile(r"(?i)\bover what\b|\bper what\b|\bhow often\b.*\bdose|\bdose\b.*\b(?:how often|interval)\b")


def _shown(query: Query, text: str, best: Figure, usable: Sequence[Figure]) -> Pick:
    """The figure as it is shown: with the other end of its range and, where several are asked for, with its neighbours."""
    after = [figure for figure in usable if figure.start >= best.end]
    before = [figure for figure in usable if figure.end <= best.start]
    if after and _RANGE_MARK.fullmatch(text[best.end : after[0].start]):
        return _stretch(text, best.start, after[0].end)
    if before and _RANGE_MARK.fullmatch(text[before[-1].end : best.start]):
        return _stretch(text, before[-1].start, best.end)
    if (
        after
        and text[best.end : after[0].start].strip() == "and"
        and _SPREAD.search(text, max(0, best.start - 40), best.start)
    ):
        return _stretch(text, best.start, after[0].end)
    if _PLURAL.search(query.question):
        run = _listed(text, best, usable)
        if len(run) > 1:
            return _stretch(text, run[0].start, run[-1].end)
    if _TWO_TIMES.search(query.question) and best.kind == "time" and len(usable) == 2:
        shown = "; ".join(" ".join(figure.headline.split()) for figure in usable)
        return Pick(text=shown, spans=tuple((figure.start, figure.end) for figure in usable))
    if _OVER.search(query.question) and best.kind == "dose":
        times = [
            figure for figure in figures.find(text, best.end, min(best.end + 40, len(text))) if figure.kind == "time"
        ]
        if times and "." not in text[best.end : times[0].start]:
            return _stretch(text, best.start, times[0].end)
    return Pick(text=shown_figure(query, best), spans=((best.start, best.end),))


def _listed(text: str, best: Figure, usable: Sequence[Figure]) -> list[Figure]:
    """The figures that are coordinated with one: "15 mg, 30 mg or 45 mg"."""
    place = list(usable).index(best)
    first = last = place
    while first and _LIST_MARK.fullmatch(text[usable[first - 1].end : usable[first].start]):
        first -= 1
    while last + 1 < len(usable) and _LIST_MARK.fullmatch(text[usable[last].end : usable[last + 1].start]):
        last += 1
    return list(usable[first : last + 1])


def _stretch(text: str, start: int, end: int) -> Pick:
    return Pick(text=" ".join(text[start:end].split()), spans=((start, end),))


_CUT_OFF = re.compile(
    r"(?i)\b(?:cut-?offs?|thresholds?|limit|below what|above what|(?:what|which|the|min|minimum|max|maximum|lowest|highest) (?:\w+ ){0,2}(?:anc|count|level|value|age|platelets?|pulse|rate))\b"
)


def shown_figure(query: Query, figure: Figure) -> str:
    """A figure on one line, its dash closed up; a threshold that is asked for as such without its sign."""
    shown = re.sub(r"(?<=\d)\s+([-–—])\s+(?=\d)", r"\1", " ".join(figure.headline.split()))
    return re.sub(r"^[<>≤≥]=?\s?", "", shown) if _CUT_OFF.search(query.question) else shown


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


_QUANTITY = re.compile(
    r"(?i)\b(?:how (?:fast|deep|far|long|frequ\w+|soon|often|much|late)|what (?:\w+ ){0,2}(?:time|anc|age|pulse|dose|limit|temperature|heart rate|point)|when|within|"
    r"limit|ceiling|cap|max|maximum|min|minimum|earliest|latest|cut-?off|threshold|window)\b|\bANC\b"
)
_MEASURED = ("time", "dose", "quantity", "temperature")


def _other_kind(query: Query, label: Label, every: Sequence[Figure], start: int, end: int) -> Pick | None:
    """Where no figure of the likeliest kinds stands: the one figure stated, or of several, if a quantity is asked for, the nearest."""
    if query.measure not in (None, "dose", "rate") or query.answer_type == "definition":
        return None
    if _QUANTITY.search(query.question) and query.measure != "rate":
        stated = [figure for figure in every if figure.kind in _MEASURED]
        if query.measure == "dose":
            stated = [figure for figure in every if figure.kind == "time"]
        if stated:
            return _shown(query, label.text, _nearest(query, label, stated, _MEASURED, start, end), stated)
    stated = [
        figure
        for figure in every
        if figure.kind in _MEASURED
        and (figure.text.lstrip()[:1] not in "<>≤≥" or _CUT_OFF.search(query.question))
        or figure.kind == "phone"
    ]
    if query.measure == "rate":
        stated = [figure for figure in _of_asked_unit(stated, query) if _MEASURED_UNIT.search(query.question)]
    if (
        query.answer_type not in ("text", "figure")
        or len(stated) != 1
        or len(query.question.split()) > 8 + 4 * (query.measure is not None)
    ):
        return None
    return _shown(query, label.text, stated[0], stated)


_MEASURED_UNIT = re.compile(r"(?i)\bhow many (?:ms|msec|seconds|minutes)\b|\bheart rate\b|\bpulse\b")


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


def _is_threshold(query: Query, figure: Figure) -> bool:
    """Whether a percentage says from where on reactions are listed ("most common (≥20%)") and no rate of any of them."""
    return figure.kind == "percent" and figure.text.lstrip()[:1] in "≥>" and not _CUT_OFF.search(query.question)


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
    """Whether the question itself, or an earlier one, names the figure: it can't be the answer."""
    if figure.kind == "count" and figure.value >= 1000 and figure.value % 1000 == 0:
        return True
    if any(_same_figure(figure.text, number) for number in query.numbers):
        return True
    earlier = " ".join(query.history)
    return figure.kind == "dose" and re.search(rf"(?<![\d.]){re.escape(figure.text)}(?!\w)", earlier) is not None


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
        words = text[figure.end : start] if start >= figure.end else text[end : figure.start]
        distance = len(re.sub(r"\([^()]*\)", "", words)) / 6 + 6 * between
        if start >= figure.end and not _ties(words):
            # a figure follows what it is about more often than it goes before, and never in another clause
            distance += 6 if _BREAK.search(words) else 1
        elif start >= figure.end:
            distance = min(distance, 0.5)  # "85% for AUC", "42% increase in Cmax"
        best[weight] = max(best.get(weight, 0.0), abs(weight) * _NEAR**distance)
    return worth + sum(best.values())


_BREAK = re.compile(r"(?i)[,;]|\b(?:and|vs|versus|compared|but|while|whereas)\b")
_SEPARATOR = re.compile(r"(?i)[,;)]|\b(?:and|vs|versus|compared|but|while|whereas)\b")


def _arm_worth(query: Query, label: Label, figure: Figure, usable: Sequence[Figure], start: int, end: int) -> float:
    """What speaks for a figure by the arm that it is said of: the one asked about, else the product's own."""
    arms = {one.start: _arm(label, one, usable, start, end) for one in usable}
    if len(set(arms.values()) & {"own", "other"}) == 0 or "other" not in arms.values():
        return 0.0
    if any(arm != "drug" for arm in query.arms):
        return 1.5 if arms[figure.start] == "other" else 0.0
    if _OTHER_ASKED.search(query.question):
        return 1.5 if arms[figure.start] == "other" else 0.0
    return -1.5 if arms[figure.start] == "other" else 0.0


_OTHER_ASKED = re.compile(
    r"(?i)\b(?:other|control|comparator|chemo\w*|placebo) (?:arm|group)\b|^\W*(?:and )?(?:versus|vs\.?) |^\W*controls?\W*$"
)


def _arm(label: Label, figure: Figure, usable: Sequence[Figure], start: int, end: int) -> str:
    """Whose figure it is: "own", "other" or ""; by the words after it, up to the end of its clause, else right before it."""
    following = min((other.start for other in usable if other.start >= figure.end), default=end)
    tail = label.text[figure.end : following]
    cut = _SEPARATOR.search(tail, 2)
    tail = _PLACEBO_TRIAL.sub(" ", tail[: cut.start()] if cut else tail)
    own, other = names_own(label, tail), _OTHER_ARM.search(tail) is not None
    if own != other:
        return "own" if own else "other"
    return ""


_PLACEBO_TRIAL = re.compile(r"(?i)\b[\w-]+[- ]controlled\b")


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
    found += [(one, other, 1.5) for one, other in _loose(query, words)]
    if query.arms and "drug" not in query.arms:
        pattern = (
            r"(?i)placebo|sham|vehicle"
            if "placebo" in query.arms
            else r"(?i)control|comparator|investigator\S* choice|chemotherapy"
        )
        found += [(m.start() + start, m.end() + start, 2.1) for m in re.finditer(pattern, body)]
    return found


_ALIKE = {"die": ("fatal", "death"), "fatal": ("die", "death"), "death": ("fatal", "die")}


def _loose(query: Query, words: Sequence[tuple[str, int, int]]) -> list[tuple[int, int]]:
    """Where words of the question stand that belong to no concept, as another drug; and those that mean the same."""
    known = {part for concept in query.concepts for form in concept.forms for part in form}
    asked = {
        stem(token.text) for token in tokens(query.question) if len(token.text) > 4 and token.text.isalpha()
    } - known
    wanted = {one for one in asked if one not in STOP_WORDS}
    alike = {other for token in tokens(query.question) for other in _ALIKE.get(stem(token.text), ())}
    return [(one, other) for word, one, other in words if word in wanted - _PLAIN_WORDS or word in alike]


_PLAIN_WORDS = frozenset(
    stem(word)
    for word in "grade grades patients months weeks years adults children women placebo control group".split()
)


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
