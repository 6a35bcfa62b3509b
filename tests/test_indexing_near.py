"""Approximate search beside the exact one: only where there is much, only over all, and only as good as it says."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from test_indexing_building import THREE, built

from assistant.errors import IndexDamaged
from assistant.indexing import near
from assistant.indexing.manifest import NearEntry
from assistant.indexing.near import Near, make
from assistant.indexing.store import Index
from assistant.indexing.vectors import Vectors

DIMENSION = 32


def clustered(count: int) -> NDArray[np.float32]:
    """Rows about 200 centres, as passages about topics."""
    dice = np.random.default_rng(5)
    centres = dice.normal(size=(200, DIMENSION))
    rows = centres[dice.integers(0, 200, count)] + 0.6 * dice.normal(size=(count, DIMENSION))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


ROWS = clustered(20_000)


@pytest.fixture(scope="module")
def entry(tmp_path_factory: pytest.TempPathFactory) -> tuple[NearEntry, Path]:
    path = tmp_path_factory.mktemp("near") / "near.faiss"
    return make(ROWS, path), path


def test_it_finds_what_it_says_and_cosines_are_exact(entry: tuple[NearEntry, Path]) -> None:
    said, path = entry
    assert (said.lists, said.recall >= near.WANTED) == (int(4 * len(ROWS) ** 0.5), True)
    exact, quick = Vectors(ROWS, 1), Vectors(ROWS, 1, Near.open(path, said, 1))
    dice = np.random.default_rng(9)
    found = 0
    for row in ROWS[dice.choice(len(ROWS), 100)]:
        question = row + 0.15 * dice.normal(size=DIMENSION).astype(np.float32)
        question /= np.linalg.norm(question)
        numbers, scores = quick.search(question, 10)
        found += len(set(numbers.tolist()) & set(exact.search(question, 10)[0].tolist()))
        np.testing.assert_allclose(scores, ROWS[numbers] @ question, atol=1e-6)
        assert scores.tolist() == sorted(scores.tolist(), reverse=True)
    assert found >= 950


@pytest.mark.parametrize("allowed", [range(500, 900), range(19_999), np.arange(1, 20_000, 2)])
def test_within_some_labels_search_stays_exact(
    entry: tuple[NearEntry, Path], allowed: range | NDArray[np.int64]
) -> None:
    said, path = entry
    one_probe = Near.open(path, NearEntry(lists=said.lists, probes=1, recall=0.1), 1)
    among = np.array(allowed)
    for row in ROWS[[3, 700, 19_000]]:
        numbers, _ = Vectors(ROWS, 1, one_probe).search(row, 30, allowed)
        assert numbers.tolist() == among[np.lexsort((among, -(ROWS[among] @ row)))[:30]].tolist()


def test_where_too_much_would_be_missed_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "_PROBES", (1,))
    scattered = np.random.default_rng(1).normal(size=(5_000, DIMENSION)).astype(np.float32)
    scattered /= np.linalg.norm(scattered, axis=1, keepdims=True)
    said = make(scattered, tmp_path / "near.faiss")
    assert (said.probes, said.recall < near.WANTED) == (0, True)
    assert not (tmp_path / "near.faiss").exists()


def test_an_index_with_much_gets_it_and_says_how_good_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert built(tmp_path / "few", THREE).near is None
    monkeypatch.setattr(near, "LEAST", 5)
    monkeypatch.setattr(near, "_SAMPLE", 5)
    report = built(tmp_path / "many", THREE)
    assert report.near == NearEntry(lists=1, probes=8, recall=1.0)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "near.faiss"
    path.write_bytes(b"nothing of FAISS")
    with pytest.raises(IndexDamaged, match="FAISS") as trouble:
        Near.open(path, NearEntry(lists=16, probes=8, recall=1.0))
    assert trouble.value.place == str(path)


def test_the_entry_of_a_label_says_what_tells_it_apart(tmp_path: Path) -> None:
    built(tmp_path, THREE)
    entry = Index.open(tmp_path).entry("besponsa")
    assert (entry.id, entry.name, entry.names, entry.set_id, entry.newer) == ("besponsa", "BESPONSA", (), "", "")
