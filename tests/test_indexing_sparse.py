"""The words of passages as sparse vectors: their inner products are the scores of tantivy."""

import random
from dataclasses import replace

import pytest
from test_indexing_building import built
from test_indexing_model import a_label

from assistant.indexing import sparse
from assistant.indexing.store import Index

WORDS = "liver injury neutropenia psoriasis statin rare serious infection dose bilirubin failure warning".split()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Passages of 1 to 400 words, so that tantivy keeps most of their lengths only roughly."""
    dice = random.Random(7)
    lines = [" ".join(dice.choices(WORDS, k=length)) for length in (*range(1, 60), 77, 103, 150, 400)]
    folder = tmp_path_factory.mktemp("sparse")
    built(folder, [a_label("one", "\n".join(lines) + "\n")])
    return Index.open(folder)


def test_an_inner_product_is_the_score_of_tantivy(index: Index) -> None:
    counts = sparse.Counts(index.passages, index.vocabulary)
    vectors = [counts.vector(passage) for passage in index.passages]
    places = sparse.places(index.vocabulary)
    dice = random.Random(3)
    for _ in range(50):
        weighted = {stem: dice.choice([1.0, 0.5, 0.15]) for stem in dice.choices(list(index.vocabulary), k=4)}
        numbers, scores = index.keywords.search(weighted, 1000)
        asked = sparse.asked(weighted, places)
        found = [sum(asked.get(place, 0.0) * score for place, score in vector.items()) for vector in vectors]
        assert [number for number, score in enumerate(found) if score > 0] == sorted(numbers.tolist())
        assert [found[number] for number in numbers] == pytest.approx(scores.tolist(), rel=1e-5)


def test_a_passage_without_words_has_a_vector_that_nothing_asks_for(index: Index) -> None:
    counts = sparse.Counts(index.passages, index.vocabulary)
    assert counts.vector(replace(index.passages[0], search="The of and.", context="")) == {0: 1.0}
    assert 0 not in sparse.places(index.vocabulary).values()


def test_stems_that_no_passage_holds_and_weights_of_zero_ask_for_nothing() -> None:
    assert sparse.asked({"liver": 1.0, "absent": 1.0, "dose": 0.0}, {"liver": 4, "dose": 2}) == {4: 1.0}
