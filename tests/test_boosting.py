"""Boosted trees: what several items get at once is what each tree says of each, added up."""

import math
import random
from typing import Any

import pytest

from assistant.boosting import Model


def added(model: dict[str, Any], item: dict[str, float]) -> float:
    """The probability by walking each tree by itself."""

    def leaf(tree: Any) -> float:
        while isinstance(tree, list):
            sign, bound, less, more = tree
            tree = less if item.get(sign, 0.0) <= bound else more
        return float(tree)

    return 1 / (1 + math.exp(-(model["start"] + sum(leaf(tree) for tree in model["trees"]))))


def grown(chance: random.Random, depth: int) -> Any:
    if depth == 0 or chance.random() < 0.2:
        return round(chance.uniform(-1, 1), 3)
    return [chance.choice("abcde"), round(chance.uniform(-1, 1), 2), grown(chance, depth - 1), grown(chance, depth - 1)]


@pytest.mark.parametrize("seed", range(20))
def test_many_items_get_what_each_gets_alone(seed):
    chance = random.Random(seed)
    model = {"start": chance.uniform(-1, 1), "threshold": 0.4, "trees": [grown(chance, 5) for _ in range(12)]}
    items = [{name: chance.uniform(-1, 1) for name in "abcdef" if chance.random() < 0.8} for _ in range(9)]
    assert Model(model).probabilities(items) == pytest.approx([added(model, item) for item in items])


def test_a_bound_belongs_to_the_lesser_side_and_what_is_not_named_is_nothing():
    model = Model.of('{"start": 0.0, "threshold": 0.3, "trees": [["score", 0.0, -2.0, 2.0]]}')
    low, high = 1 / (1 + math.exp(2)), 1 / (1 + math.exp(-2))
    assert model.probabilities([{}, {"score": 0.0}, {"score": 0.1}, {"other": 5.0}]) == pytest.approx(
        [low, low, high, low]
    )
    assert model.threshold == 0.3


def test_without_trees_or_items_there_is_the_start_or_nothing():
    model = Model({"start": 0.0, "trees": []})
    assert (model.probabilities([{}, {"score": 1.0}]), model.probabilities([]), model.threshold) == (
        [0.5, 0.5],
        [],
        0.5,
    )
    with pytest.raises(ValueError, match="Expecting value"):
        Model.of("no JSON")
