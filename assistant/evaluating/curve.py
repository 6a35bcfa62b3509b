"""Risk against coverage: how wrong the answers are when only the surest share is given.

In: `Outcome`s. Out: `Point`s, the surest first, their area, and an SVG of them. An answer is wrong when the label is
silent, when none of its first five citations supports it or when its figure is wrong. Left out: choosing a threshold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.evaluating.scoring import Outcome

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _EDGE = 640, 300, 76, 44, 22  # pixels


@dataclass(frozen=True, slots=True)
class Point:
    """Answering only what is at least this sure."""

    confidence: float
    coverage: float  # answers given / questions asked
    risk: float  # wrong answers / answers given


def points(outcomes: Sequence[Outcome]) -> tuple[Point, ...]:
    """One point for each confidence that occurs; equally sure answers stand or fall together."""
    answered = sorted((one for one in outcomes if one.is_answered), key=lambda one: -one.confidence)
    found, given, wrong = [], 0, 0
    for confidence, group in groupby(answered, key=lambda one: one.confidence):
        members = list(group)
        given += len(members)
        wrong += sum(one.is_wrong_answer for one in members)
        found.append(Point(confidence, given / len(outcomes), wrong / given))
    return tuple(found)


def area(curve: Sequence[Point]) -> float:
    """Mean risk over the coverage reached, each point standing for the coverage it adds; the lower the better."""
    if not curve:
        return 0.0
    before = (0.0, *(point.coverage for point in curve))
    added = sum(point.risk * (point.coverage - start) for point, start in zip(curve, before, strict=False))
    return added / curve[-1].coverage


def svg(curve: Sequence[Point]) -> str:
    """The curve as an inline SVG, coloured by the page's own `currentColor`; empty where nothing was answered."""
    if not curve:
        return ""
    top = max(0.05, *(point.risk for point in curve))
    line = " ".join(f"{_x(point.coverage):.1f},{_y(point.risk / top):.1f}" for point in curve)
    last = curve[-1]
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="curve-title">'
        f'<title id="curve-title">Risk {last.risk:.1%} at coverage {last.coverage:.1%}</title>'
        f"{_grid(top)}"
        f'<polyline points="{line}" fill="none" stroke="var(--accent)" stroke-width="2"/>'
        f'<circle cx="{_x(last.coverage):.1f}" cy="{_y(last.risk / top):.1f}" r="4" fill="var(--accent)"/>'
        f'<text x="{_WIDTH // 2}" y="{_HEIGHT - 6}" text-anchor="middle">coverage: share of questions answered</text>'
        f'<text x="14" y="{_HEIGHT // 2}" text-anchor="middle" transform="rotate(-90 14 {_HEIGHT // 2})">'
        "risk: share of answers wrong</text></svg>"
    )


def _grid(top: float) -> str:
    parts = []
    for step in range(5):
        part = step / 4
        x, y = _x(part), _y(part)
        parts.append(f'<line x1="{x:.1f}" y1="{_y(0):.1f}" x2="{x:.1f}" y2="{_y(1):.1f}" class="grid"/>')
        parts.append(f'<line x1="{_x(0):.1f}" y1="{y:.1f}" x2="{_x(1):.1f}" y2="{y:.1f}" class="grid"/>')
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - 26}" text-anchor="middle">{part:.0%}</text>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{part * top:.1%}</text>')
    return "".join(parts)


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _EDGE)


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _BOTTOM - _EDGE)
