"""How likely a passage is to answer: features by name, trees over them, and who is heard first."""

import math

import pytest
from seed import SEED_ID, seed, understander, understood

from assistant.answering import judging
from assistant.answering.choosing import Checked, choose, may_answer
from assistant.answering.judging import probabilities, signs, threshold
from assistant.boosting import Model
from assistant.retrieving.matching import match, passage_words
from assistant.retrieving.ranking import Hit
from assistant.splitting import split


def hits(question: str, *words: str) -> list[Hit]:
    """The passages that quote some words, as if ranked in this order."""
    label, query = seed(), understood(question)
    found = []
    for number, some in enumerate(words):
        passage = next(one for one in split(label) if some in " ".join(label.text[one.start : one.end].split()))
        met = match(query, passage, passage_words(passage, label, understander().lexicon))
        found.append(
            Hit(
                number=number,
                passage=passage,
                match=met,
                score=5.0 - number,
                vector=0.6,
                words=0.5,
                values={"fit": 1.0},
            )
        )
    return found


def test_trees_add_up_to_a_probability(monkeypatch):
    model = {"threshold": 0.5, "start": -1.0, "trees": [["score", 2.0, -0.5, ["row", 0.5, 0.25, 1.5]], 0.5]}
    monkeypatch.setattr(judging, "_fitted", lambda: Model(model))
    asked = [{"score": 3.0, "row": 1.0}, {"score": 3.0}, {"score": 2.0}]
    assert probabilities(asked) == pytest.approx([1 / (1 + math.exp(total)) for total in (-1.0, 0.25, 1.0)])
    assert threshold() == 0.5


def test_signs_stand_beside_the_best_hit():
    found = hits("VOD rate in children?", "VOD occurred in 15% (8/53)", "The median time from HSCT to onset of VOD")
    first, second = signs(
        understood("VOD rate in children?"), [Checked(hit=hit, picked=None, gaps=()) for hit in found]
    )
    assert {name: first[name] for name in ("place", "behind", "fit", "row", "figure", "gaps")} == {
        "place": 0.0, "behind": 0.0, "fit": 1.0, "row": 0.0, "figure": 0.0, "gaps": 0.0,
    }  # fmt: skip
    assert (second["place"], second["behind"], second["measure rate"], second["populations asked"]) == (
        1.0,
        1.0,
        1.0,
        1.0,
    )


def test_the_likeliest_hit_that_nothing_forbids_answers(monkeypatch):
    # trees that like whatever stands lower in the ranking
    monkeypatch.setattr(
        judging, "_fitted", lambda: Model({"threshold": 0.3, "start": 0.0, "trees": [["place", 0.5, -0.5, 0.5]]})
    )
    query = understood("VOD rate in adults?")
    ranked = hits("VOD rate in adults?", "occurred in 23/164 patients (14%)", "VOD occurred in 15% (8/53)")
    choice = choose(query, ranked, {SEED_ID: seed()})
    assert [item.hit.number for item in choice.answers] == [0]
    assert [may_answer(item) for item in (*choice.answers, *choice.others)] == [True, False]
    assert [item.likely for item in choice.others] == [0.0]
    assert choice.confidence == pytest.approx(1 / (1 + math.exp(0.5)))


def test_below_the_threshold_nothing_answers(monkeypatch):
    monkeypatch.setattr(judging, "_fitted", lambda: Model({"threshold": 0.6, "start": 0.0, "trees": []}))
    query = understood("VOD rate in adults?")
    choice = choose(query, hits("VOD rate in adults?", "occurred in 23/164 patients (14%)"), {SEED_ID: seed()})
    assert (choice.answers, len(choice.others), choice.confidence) == ((), 1, 0.5)
