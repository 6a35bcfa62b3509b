"""Outcomes to shares with n and a 95% interval.

In: `Outcome`s. Out: `Measure`s, whole and by tag. A share's interval is Wilson's, a mean's is 1.96 standard errors
either way. Left out: asking (`running`) and showing (`page`, `cli`).
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.evaluating.scoring import Outcome

_Z = 1.959963984540054  # 97.5% quantile of the normal distribution
Unit = Literal["share", "mean", "points", "ms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure of the report; `value` is None where nothing was there to count."""

    name: str
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    unit: Unit = "share"


def formatted(measure: Measure) -> tuple[str, str]:
    """Value and interval as text; "-" where nothing was counted.

    >>> formatted(Measure(name="answered", value=0.9, n=10, low=0.596, high=0.982))
    ('90.0%', '59.6 to 98.2')
    """
    if measure.value is None:
        return "-", ""
    write = _WRITERS[measure.unit]
    if measure.low is None or measure.high is None:
        return write(measure.value), ""
    return write(measure.value), f"{write(measure.low)} to {write(measure.high)}".replace("%", "")


_WRITERS: dict[Unit, Callable[[float], str]] = {
    "share": lambda value: f"{100 * value:.1f}%",
    "mean": lambda value: f"{value:.3f}",
    "points": lambda value: f"{100 * value:+.1f}",
    "ms": lambda value: f"{value:.1f} ms",
}


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95% Wilson score interval of `hits` in `n` > 0.

    (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n),
    https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval

    >>> [round(bound, 3) for bound in wilson(9, 10)]
    [0.596, 0.982]
    """
    p, z2 = hits / n, _Z**2
    middle, half = p + z2 / (2 * n), _Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z2 / n)), min(1.0, (middle + half) / (1 + z2 / n))


def share(name: str, hits: Iterable[bool]) -> Measure:
    """How many of these hold."""
    flags = [bool(hit) for hit in hits]
    if not flags:
        return Measure(name=name, value=None, n=0)
    low, high = wilson(sum(flags), len(flags))
    return Measure(name=name, value=sum(flags) / len(flags), n=len(flags), low=low, high=high)


def mean(name: str, values: Iterable[float], unit: Unit = "mean") -> Measure:
    """The mean of these."""
    found = list(values)
    if not found:
        return Measure(name=name, value=None, n=0, unit=unit)
    middle = sum(found) / len(found)
    spread = sum((value - middle) ** 2 for value in found) / max(1, len(found) - 1)
    half = _Z * math.sqrt(spread / len(found))
    return Measure(name=name, value=middle, n=len(found), low=middle - half, high=middle + half, unit=unit)


def percentile(name: str, values: Iterable[float], q: float) -> Measure:
    """The nearest-rank percentile, `q` in 0..1, without an interval."""
    found = sorted(values)
    if not found:
        return Measure(name=name, value=None, n=0, unit="ms")
    return Measure(name=name, value=found[max(0, math.ceil(q * len(found)) - 1)], n=len(found), unit="ms")


def reciprocal(rank: int | None) -> float:
    """1/rank, 0 where there is none."""
    return 1 / rank if rank else 0.0


def ranking(ranks: Sequence[int | None], suffix: str = "") -> tuple[Measure, ...]:
    """Recall at 1, 3 and 5 and the mean reciprocal rank."""
    recalls = [share(f"recall@{k}{suffix}", (bool(rank and rank <= k) for rank in ranks)) for k in (1, 3, 5)]
    return (*recalls, mean(f"MRR{suffix}", map(reciprocal, ranks)))


def measures(outcomes: Sequence[Outcome]) -> tuple[Measure, ...]:
    """Every figure of the report that applies to these outcomes."""
    answerable = [one for one in outcomes if one.question.answerable]
    ranked = [one.ranked for one in answerable if one.candidates is not None]
    return (
        *ranking([one.shown for one in answerable], " (shown)"),
        *(ranking(ranked, " (ranked)") if ranked else ()),
        *_figures(outcomes, answerable),
        *_answering(outcomes, answerable),
        *_followups(answerable),
        share("quotes verbatim", (one.is_verbatim for one in outcomes)),
        percentile("latency p50", (one.elapsed_ms for one in outcomes), 0.50),
        percentile("latency p95", (one.elapsed_ms for one in outcomes), 0.95),
    )


def _figures(outcomes: Sequence[Outcome], answerable: Sequence[Outcome]) -> tuple[Measure, ...]:
    return (
        share("headline right", (one.figure == "right" for one in answerable if one.figure != "uncounted")),
        share("wrong figure", (one.has_wrong_figure for one in outcomes)),
    )


def _answering(outcomes: Sequence[Outcome], answerable: Sequence[Outcome]) -> tuple[Measure, ...]:
    return (
        share("answered", (one.is_answered for one in answerable)),
        share("asked back", (one.reply.kind == "clarification" for one in answerable)),
        share("refused, recall", (one.is_refused for one in outcomes if not one.question.answerable)),
        share("refused, precision", (not one.question.answerable for one in outcomes if one.is_refused)),
        share("unsupported", (one.is_unsupported for one in answerable if one.is_answered)),
        share("unsupported or false answer", (one.is_unsupported for one in outcomes if one.is_answered)),
    )


def _followups(answerable: Sequence[Outcome]) -> tuple[Measure, ...]:
    follow = [one for one in answerable if one.question.is_followup]
    if not follow:
        return ()
    written = [one for one in follow if one.question.standalone]
    rest = [one for one in answerable if not one.question.is_followup]
    if written:
        lost = (float(one.standalone == 1) - float(one.shown == 1) for one in written)
        loss = mean("follow-up loss@1", lost, "points")
    else:
        loss = _difference("follow-up loss@1 (against the rest)", _first(rest), _first(follow))
    return (share("follow-ups recall@1", (one.shown == 1 for one in follow)), loss)


def _first(outcomes: Sequence[Outcome]) -> Measure:
    return share("", (one.shown == 1 for one in outcomes))


def _difference(name: str, one: Measure, other: Measure) -> Measure:
    """One share less another of other questions, with the interval of two independent shares."""
    if one.value is None or other.value is None:
        return Measure(name=name, value=None, n=other.n, unit="points")
    middle = one.value - other.value
    half = _Z * math.sqrt(sum(part.value * (1 - part.value) / part.n for part in (one, other) if part.value))
    return Measure(name=name, value=middle, n=other.n, low=middle - half, high=middle + half, unit="points")


_BY_TAG: dict[str, Callable[[Sequence[Outcome], Sequence[Outcome]], Measure]] = {
    "recall@1": lambda _, answerable: share("recall@1", (one.shown == 1 for one in answerable)),
    "recall@5": lambda _, answerable: share("recall@5", (bool(one.shown and one.shown <= 5) for one in answerable)),
    "headline right": lambda outcomes, answerable: _figures(outcomes, answerable)[0],
    "wrong figure": lambda outcomes, answerable: _figures(outcomes, answerable)[1],
    "answered": lambda outcomes, answerable: _answering(outcomes, answerable)[0],
    "refused": lambda outcomes, answerable: _answering(outcomes, answerable)[2],
}


def by_tag(outcomes: Sequence[Outcome]) -> dict[str, tuple[Measure, ...]]:
    """The main figures for the questions of each tag, the most frequent tag first."""
    tags: dict[str, list[Outcome]] = {}
    for one in outcomes:
        for tag in one.question.tags:
            tags.setdefault(tag, []).append(one)
    return {tag: _main(tags[tag]) for tag in sorted(tags, key=lambda tag: (-len(tags[tag]), tag))}


def by_label(outcomes: Sequence[Outcome]) -> dict[str, tuple[Measure, ...]]:
    """The main figures for the questions about each label."""
    labels = dict.fromkeys(one.question.label for one in outcomes)
    return {label: _main([one for one in outcomes if one.question.label == label]) for label in labels}


def _main(outcomes: Sequence[Outcome]) -> tuple[Measure, ...]:
    answerable = [one for one in outcomes if one.question.answerable]
    return tuple(measure(outcomes, answerable) for measure in _BY_TAG.values())
