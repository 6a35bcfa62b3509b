"""Shards by label: every label in one of them, and what they built becomes the index that one machine would have built."""

from pathlib import Path

import pytest
from test_indexing_building import THREE, built, everything
from test_indexing_model import HashModel, a_label, sentences

from assistant.errors import BadRequest, IndexMissing
from assistant.indexing.building import BuildReport, build
from assistant.indexing.sharding import Shard
from assistant.indexing.store import Index
from assistant.label import Label

MANY = [*THREE, *(a_label(f"label-{nth}", f"Dose {nth} is rare.\nStop it.\n") for nth in range(9))]


def joined(folder: Path, shards: list[Path], labels: list[Label], model: HashModel) -> BuildReport:
    return build(labels, sentences, folder, model=model, version="1", take=shards)


def in_shards(folder: Path, of: int, model: HashModel | None = None) -> list[Path]:
    """So many indexes, each of its own labels."""
    places = []
    for number in range(1, of + 1):
        built(folder / str(number), [label for label in MANY if Shard(number, of).holds(label.id)], model)
        places.append(folder / str(number))
    return places


@pytest.mark.parametrize("text", ["", "0/2", "3/2", "1", "1/0", "-1/2", "a/b", "1/2/3", "1/20000"])
def test_a_shard_that_is_none_is_refused_by_its_value(text: str) -> None:
    with pytest.raises(BadRequest, match="is no shard") as trouble:
        Shard.read(text)
    assert repr(text) in trouble.value.message


def test_every_label_is_in_exactly_one_shard() -> None:
    shards = [Shard.read(f"{number}/4") for number in range(1, 5)]
    held = [[shard.holds(f"label-{nth}") for shard in shards] for nth in range(400)]
    assert {sum(one) for one in held} == {1}
    assert min(sum(column) for column in zip(*held, strict=True)) > 60


def test_joined_shards_are_the_index_that_one_machine_would_have_built(tmp_path: Path) -> None:
    shards, model = in_shards(tmp_path, 3), HashModel()
    report = joined(tmp_path / "joined", shards, MANY, model)
    whole = built(tmp_path / "whole", MANY)
    assert (report.index, report.passages, report.read, report.encoded) == (whole.index, whole.passages, (), 0)
    assert model.encoded == []
    assert everything(Index.open(tmp_path / "joined")) == everything(Index.open(tmp_path / "whole"))


def test_what_no_shard_has_is_read_and_what_is_encoded_otherwise_is_encoded_anew(tmp_path: Path) -> None:
    first, second = in_shards(tmp_path / "own", 2), in_shards(tmp_path / "other", 2, HashModel(seed=2))
    model = HashModel()
    report = joined(tmp_path / "joined", [first[0], second[1]], [*MANY, a_label("late", "It is late.\n")], model)
    other = [label for label in MANY if Shard(2, 2).holds(label.id)]
    assert report.read == ("late",)
    assert report.encoded == len(model.encoded) == 1 + sum(len(sentences(label)) for label in other)


def test_a_shard_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing) as trouble:
        joined(tmp_path / "joined", [tmp_path / "nowhere"], MANY, HashModel())
    assert trouble.value.place == str(tmp_path / "nowhere" / "current")
