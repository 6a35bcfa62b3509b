"""A killed build goes on where it was: what was encoded is not encoded again."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from test_indexing_building import THREE, built
from test_indexing_model import HashModel

from assistant.indexing.resuming import Kept
from assistant.indexing.store import Index

TEXTS = ["one", "two", "three"]
ROWS = np.arange(12, dtype=np.float32).reshape(3, 4)


def test_vectors_come_back_by_their_text(tmp_path: Path) -> None:
    Kept(tmp_path / "kept", 4).add(TEXTS, ROWS)
    into = np.zeros((4, 4), dtype=np.float32)
    assert Kept(tmp_path / "kept", 4).take(["three", "four", "one", "two"], into) == [1]
    assert into.tolist() == [ROWS[2].tolist(), [0, 0, 0, 0], ROWS[0].tolist(), ROWS[1].tolist()]


@pytest.mark.parametrize("lost", [1, 35, 36, 40])
def test_a_record_cut_short_is_dropped_and_written_anew(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "kept"
    Kept(path, 4).add(TEXTS, ROWS)
    path.write_bytes(path.read_bytes()[:-lost])
    into = np.zeros((3, 4), dtype=np.float32)
    kept = Kept(path, 4)
    missing = kept.take(TEXTS, into)
    assert missing == ([2] if lost <= 36 else [1, 2])
    kept.add([TEXTS[place] for place in missing], ROWS[missing])
    assert Kept(path, 4).take(TEXTS, into) == []
    assert np.array_equal(into, ROWS)


def test_a_damaged_record_is_as_good_as_none(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    Kept(path, 4).add(TEXTS, ROWS)
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    assert Kept(path, 4).take(TEXTS, np.zeros((3, 4), dtype=np.float32)) == [2]


class Dying(HashModel):
    """Fails after so many texts, as a build that is killed."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] = lambda done: None) -> NDArray[np.float32]:
        if len(self.encoded) + len(texts) > self.after:
            raise KeyboardInterrupt
        return super().encode(texts, progress)


def test_a_build_that_was_stopped_encodes_only_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.indexing.writing._STEP", 2)
    first, second = Dying(after=4), HashModel()
    with pytest.raises(KeyboardInterrupt):
        built(tmp_path, THREE, first)
    assert [path.name for path in tmp_path.glob("encoded-*")] == [f"encoded-{first.sha256[:16]}"]
    assert built(tmp_path, THREE, second).encoded == 6
    assert (len(first.encoded), len(second.encoded)) == (4, 2)
    assert not set(first.encoded) & set(second.encoded)
    assert not list(tmp_path.glob("encoded-*"))
    built(tmp_path / "whole", THREE)
    gone_on, whole = (Index.open(folder).vectors.at(range(6)) for folder in (tmp_path, tmp_path / "whole"))
    assert np.array_equal(gone_on, whole)
