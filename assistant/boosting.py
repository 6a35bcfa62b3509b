"""Boosted trees, as `scripts/tune_*.py` write them: the probability that they give to each of several items.

In: a model read from JSON, `{"start": s, "threshold": t, "trees": [tree, ...]}`, where a tree is
`[sign, bound, tree where at most that much of the sign, tree where more]` or a number; items as signs by name, 0 where one is
not named. Out: `Model.probabilities`. Left out: what a sign is and how trees are fitted.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np


class Model:
    """Trees in arrays, a row a node; at a leaf both ways lead back to it."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        self.start = float(model["start"])
        self.threshold = float(model.get("threshold", 0.5))
        self._signs: dict[str, int] = {}  # each with its column
        self._nodes: list[tuple[int, float, int, int, float]] = []  # column, bound, less, more, what a leaf says
        self._roots = np.array([self._add(tree) for tree in model["trees"]], dtype=np.intp)
        columns, bounds, less, more, says = zip(*self._nodes, strict=True) if self._nodes else ((),) * 5
        self._columns = np.array(columns, dtype=np.intp)
        self._bounds = np.array(bounds, dtype=np.float64)
        self._ways = np.array([*less, *more], dtype=np.intp)  # where at most, then where more
        self._says = np.array(says, dtype=np.float64)
        self._depth = max(map(_depth, model["trees"]), default=0)

    @classmethod
    def of(cls, text: str) -> Self:
        """The model of a JSON text; raises ValueError where it is none."""
        return cls(json.loads(text))

    def _add(self, tree: Any) -> int:
        place = len(self._nodes)
        if not isinstance(tree, list):
            self._nodes.append((0, 0.0, place, place, float(tree)))
            return place
        sign, bound, less, more = tree
        self._nodes.append((0, 0.0, place, place, 0.0))
        ways = self._add(less), self._add(more)
        self._nodes[place] = (self._signs.setdefault(sign, len(self._signs)), float(bound), *ways, 0.0)
        return place

    def probabilities(self, items: Sequence[Mapping[str, float]]) -> list[float]:
        """1 / (1 + exp(-(start + sum of what each tree says))) of each item; gradient boosting,
        https://doi.org/10.1214/aos/1013203451.
        """
        if not items:
            return []
        wide, columns = max(1, len(self._signs)), self._signs
        rows = [0.0] * (wide * len(items))
        for start, item in zip(range(0, len(rows), wide), items, strict=True):
            for sign, value in item.items():
                if (column := columns.get(sign)) is not None:
                    rows[start + column] = value
        # subtle: flat arrays with `take`, which is several times as fast as picking by rows and columns.
        values, starts = np.array(rows, dtype=np.float64), np.arange(0, len(rows), wide)[:, None]
        at = np.broadcast_to(self._roots, (len(items), len(self._roots)))
        for _ in range(self._depth):
            more = values.take(self._columns.take(at) + starts) > self._bounds.take(at)
            at = self._ways.take(at + more * len(self._nodes))
        totals = self.start + self._says.take(at).sum(axis=1)
        return [float(one) for one in 1 / (1 + np.exp(-totals))]


def _depth(tree: Any) -> int:
    return 1 + max(_depth(tree[2]), _depth(tree[3])) if isinstance(tree, list) else 0
