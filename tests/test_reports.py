"""How likely a message reports something: the trees and what they are asked about."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from small_labels import small

from assistant.boosting import Model
from assistant.understanding import reports


def _asked(tree: Any) -> set[str]:
    return {tree[0]} | _asked(tree[2]) | _asked(tree[3]) if isinstance(tree, list) else set()


def test_a_tree_is_followed_to_its_leaf(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = ["told:harm", 0.5, -1.0, ["length", 0.6, 0.25, 2.0]]
    monkeypatch.setattr(reports, "_fitted", lambda: Model({"start": 0.5, "trees": [tree, 0.25]}))
    for traits, total in (
        ({}, -0.25),
        ({"told:harm": 1.0, "length": 0.6}, 1.0),
        ({"told:harm": 1.0, "length": 0.7}, 2.75),
    ):
        assert reports.probability(traits) == pytest.approx(1 / (1 + math.exp(-total)))


def test_the_traits_of_a_message_are_named_by_clause() -> None:
    found = small().listener.traits("Zolvent day 5, headache. Is it listed?")
    assert {name for name, value in found.items() if value} == {
        "told:any", "told:drug", "told:changed", "told:exposed to", "told:dose_time", "told:count", "told:finding",
        "told:short", "told:found on", "told:harmed", "told:bare", "asked:any", "asked:asserted", "asked:news", "asked:bare", "length",
    }  # fmt: skip


def test_the_trees_ask_only_for_traits_that_a_message_can_have() -> None:
    model = json.loads((Path(reports.__file__).with_name("data") / "reports.json").read_text(encoding="utf-8"))
    told = {name for tree in model["trees"] for name in _asked(tree)}
    kinds = {name.partition(":")[0] for name in told}
    assert kinds == {"asked", "told", "reason", "rules", "length", "follows"}
    known = {*reports._READ, "any", "finding", "short", "findings", "new", "befallen", "more", "valued", "drug"}
    known |= {"trial", "exposed to", "found on", "bare", "query", "lasting", "harmed"}
    assert {name.partition(":")[2] for name in told if name.startswith(("asked:", "told:"))} <= known
