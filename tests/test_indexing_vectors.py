"""Nearest passages, against brute force."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.errors import IndexDamaged
from assistant.indexing.vectors import Vectors, VectorsWriter

COUNT, DIMENSION = 300, 8
RNG = np.random.default_rng(7)


def unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), np.float32)


ROWS = unit(RNG.normal(size=(COUNT, DIMENSION)))
ROWS[200:220] = ROWS[5]  # ties


def saved(path: Path, rows: NDArray[np.float32] = ROWS) -> Vectors:
    writer = VectorsWriter(path, DIMENSION)
    writer.add(rows[: len(rows) // 2])
    writer.add(rows[len(rows) // 2 :])
    return Vectors.open(path, DIMENSION, 1)


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Vectors:
    return saved(tmp_path_factory.mktemp("vectors") / "vectors.f32")


allowances = st.one_of(
    st.none(),
    st.tuples(st.integers(0, COUNT), st.integers(0, COUNT)).map(lambda ends: range(min(ends), max(ends))),
    st.lists(st.integers(0, COUNT - 1), unique=True).map(lambda numbers: np.array(numbers, dtype=np.int64)),
)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10_000), k=st.integers(0, COUNT + 5), allowed=allowances)
def test_search_agrees_with_brute_force(
    vectors: Vectors, seed: int, k: int, allowed: range | NDArray[np.int64] | None
) -> None:
    vector = unit(np.random.default_rng(seed).normal(size=DIMENSION))
    numbers, scores = vectors.search(vector, k, allowed)
    among = np.arange(COUNT) if allowed is None else np.array(allowed, dtype=np.int64)
    cosines = ROWS[among] @ vector
    wanted = np.sort(cosines)[::-1][:k]
    np.testing.assert_allclose(scores, wanted, atol=1e-5)
    assert set(numbers.tolist()) <= set(among.tolist())
    assert len(set(numbers.tolist())) == len(wanted)
    np.testing.assert_allclose(scores, ROWS[numbers] @ vector, atol=1e-5)
    pairs = list(zip((-scores).tolist(), numbers.tolist(), strict=True))
    assert pairs == sorted(pairs)


def test_scores_are_those_of_the_numbers_given(vectors: Vectors) -> None:
    vector = ROWS[17]
    numbers = np.array([250, 3, 17])
    np.testing.assert_allclose(vectors.scores(vector, numbers), ROWS[numbers] @ vector, atol=1e-6)
    assert vectors.scores(vector, np.array([], dtype=np.int64)).shape == (0,)


def test_rows_come_back_bit_for_bit(vectors: Vectors) -> None:
    assert len(vectors) == COUNT
    assert vectors.dimension == DIMENSION
    assert np.array_equal(vectors.at(range(10, 30)), ROWS[10:30])
    assert np.array_equal(vectors.at(np.array([299, 0])), ROWS[[299, 0]])


def test_no_vectors_find_nothing(tmp_path: Path) -> None:
    none = saved(tmp_path / "vectors.f32", ROWS[:0])
    numbers, scores = none.search(ROWS[0], 5)
    assert (len(numbers), len(scores)) == (0, 0)


def test_a_file_that_holds_no_whole_vectors_is_named(tmp_path: Path) -> None:
    path = tmp_path / "vectors.f32"
    path.write_bytes(b"no vector")
    with pytest.raises(IndexDamaged, match="9 bytes, which make no vectors of 8 dimensions") as trouble:
        Vectors.open(path, DIMENSION)
    assert trouble.value.place == str(path)
    with pytest.raises(IndexDamaged, match="No such file"):
        Vectors.open(tmp_path / "none", DIMENSION)


@pytest.mark.parametrize("allowed", [None, range(100, 9_900), np.arange(0, 10_000, 2)])
def test_many_rows_are_searched_as_exactly_as_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: range | NDArray[np.int64] | None
) -> None:
    monkeypatch.setattr("assistant.indexing.vectors._BLOCK", 4_500)  # so that scattered rows take two rounds
    rows = unit(np.random.default_rng(3).normal(size=(10_000, DIMENSION)))
    many = saved(tmp_path / "vectors.f32", rows)
    numbers, scores = many.search(ROWS[0], 20, allowed)
    among = np.arange(10_000) if allowed is None else np.array(allowed)
    best = among[np.argsort(-(rows[among] @ ROWS[0]), kind="stable")[:20]]
    assert numbers.tolist() == best.tolist()
    np.testing.assert_allclose(scores, rows[best] @ ROWS[0], atol=1e-6)
