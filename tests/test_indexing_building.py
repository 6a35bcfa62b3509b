"""Building: what changed is encoded, what did not is kept, and a build that dies leaves the last index in service."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_indexing_model import HashModel, a_label, sentences

from assistant.errors import IndexTrouble, UnreadableLabel
from assistant.indexing import building, publishing
from assistant.indexing.building import BuildReport, build
from assistant.indexing.gathering import Candidate
from assistant.indexing.store import Index
from assistant.label import Label
from assistant.passage import Passage

BESPONSA = a_label("besponsa", "VOD occurred in 19%.\nNeutropenia occurred in 48%.\n")
HUMIRA = a_label("humira", "Serious infections have occurred.\n")
LIPITOR = a_label("lipitor", "Lipitor is a statin.\n\nMyopathy is rare.\nStop it.\n")
THREE = [BESPONSA, HUMIRA, LIPITOR]


def built(folder: Path, labels: list[Any], model: HashModel | None = None, version: str = "1") -> BuildReport:
    return build(labels, sentences, folder, model=model or HashModel(), version=version)


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in files}


def everything(index: Index) -> dict[str, Any]:
    """All that an index answers with, in one value."""
    vector = index.encoder.encode(["neutropenia"])[0]
    return {
        "labels": dict(index.labels),
        "passages": list(index.passages),
        "ranges": {label: index.range_of(label) for label in index.labels},
        "rows": index.vectors.at(range(len(index.passages))).tolist(),
        "near": [values.tolist() for values in index.vectors.search(vector, 5)],
        "words": [values.tolist() for values in index.keywords.search({"occur": 1.0, "neutropenia": 2.0}, 5)],
        "vocabulary": index.vocabulary,
    }


def assert_same(one: Index, other: Index) -> None:
    """The same but for the last digit of vectors, which those encoded together decide."""
    found, wanted = everything(one), everything(other)
    for name in ("rows", "near"):
        for values, others in zip(found.pop(name), wanted.pop(name), strict=True):
            np.testing.assert_allclose(values, others, atol=1e-6)
    assert found == wanted


def test_an_index_holds_what_was_put_in(tmp_path: Path) -> None:
    model = HashModel()
    report = built(tmp_path, THREE[::-1], model)
    index = Index.open(tmp_path)
    assert (report.labels, report.passages, report.encoded, report.up_to_date) == (3, 6, 6, False)
    assert (report.read, report.removed, report.failed) == (("besponsa", "humira", "lipitor"), (), ())
    assert report.index == index.id
    assert dict(index.labels) == {label.id: label for label in THREE}
    assert list(index.passages) == [passage for label in THREE for passage in sentences(label)]
    assert [index.range_of(label.id) for label in THREE] == [range(2), range(2, 3), range(3, 6)]
    assert index.vocabulary["occur"] == 3
    texts = [f"{passage.context}. {passage.search}" for passage in index.passages]
    np.testing.assert_allclose(index.vectors.at(range(6)), HashModel().encode(texts), atol=1e-6)


def test_an_unchanged_corpus_is_up_to_date_and_nothing_is_written(tmp_path: Path) -> None:
    model = HashModel()
    first = built(tmp_path, THREE, model)
    before, model.encoded = snapshot(tmp_path), []
    second = built(tmp_path, THREE, model)
    assert (second.up_to_date, second.index, second.read, second.encoded) == (True, first.index, (), 0)
    assert (model.encoded, model.exports) == ([], 1)
    assert snapshot(tmp_path) == before


def test_only_the_changed_label_is_split_and_only_its_new_passage_encoded(tmp_path: Path) -> None:
    model = HashModel()
    built(tmp_path, THREE, model)
    changed = a_label("humira", "Serious infections have occurred.\nTuberculosis too.\n")
    split: list[str] = []
    model.encoded = []
    report = build(
        [BESPONSA, changed, LIPITOR],
        lambda label: split.append(label.id) or sentences(label),  # type: ignore[func-returns-value]
        tmp_path,
        model=model,
        version="1",
    )
    assert split == ["humira"]
    assert model.encoded == ["HUMIRA All. Tuberculosis too."]
    assert (report.read, report.encoded, report.passages, model.exports) == (("humira",), 1, 7, 1)
    anew = tmp_path / "anew"
    built(anew, [BESPONSA, changed, LIPITOR])
    assert_same(Index.open(tmp_path), Index.open(anew))


def test_what_another_splitter_makes_the_same_is_not_encoded_again(tmp_path: Path) -> None:
    def with_one_more(label: Label) -> list[Passage]:
        first, *rest = sentences(label)
        found = [replace(first, search=f"{first.search} Again."), first, *rest]
        return [replace(passage, place=place) for place, passage in enumerate(found)]

    model = HashModel()
    built(tmp_path, THREE, model)
    model.encoded = []
    report = build(THREE, with_one_more, tmp_path, model=model, version="2")
    assert sorted(model.encoded) == [
        "BESPONSA All. VOD occurred in 19%. Again.",
        "HUMIRA All. Serious infections have occurred. Again.",
        "LIPITOR All. Lipitor is a statin. Again.",
    ]
    assert (report.read, report.encoded, report.passages) == (("besponsa", "humira", "lipitor"), 3, 9)
    build(THREE, with_one_more, tmp_path / "anew", model=HashModel(), version="2")
    assert_same(Index.open(tmp_path), Index.open(tmp_path / "anew"))


def test_a_removed_label_vanishes_from_every_part(tmp_path: Path) -> None:
    built(tmp_path, THREE)
    report = built(tmp_path, [BESPONSA, LIPITOR])
    index = Index.open(tmp_path)
    assert report.removed == ("humira",)
    assert list(index.labels) == ["besponsa", "lipitor"]
    assert (len(index.passages), len(index.vectors), len(index.keywords)) == (5, 5, 5)
    assert index.keywords.document_frequency("infect") == 0
    assert "infect" not in index.vocabulary
    parts = (path for path in index.folder.rglob("*") if path.is_file())
    assert not [path.name for path in parts if b"infect" in path.read_bytes().lower()]


def test_two_builds_of_one_corpus_are_the_same(tmp_path: Path) -> None:
    for name in ("a", "b"):
        built(tmp_path / name, THREE)
    a, b = (Index.open(tmp_path / name) for name in ("a", "b"))
    assert a.id == b.id
    assert everything(a) == everything(b)
    for name in ("labels.jsonl", "passages.jsonl", "passages.places", "vectors.f32", "vocabulary.tsv"):
        assert (a.folder / name).read_bytes() == (b.folder / name).read_bytes()


def test_another_model_encodes_anew_without_reading_anew(tmp_path: Path) -> None:
    built(tmp_path, THREE)
    other = HashModel(seed=2)
    report = built(tmp_path, THREE, other)
    assert (report.read, report.encoded, other.exports) == ((), 6, 1)
    index = Index.open(tmp_path)
    np.testing.assert_allclose(index.vectors.at(range(6)), other.encode(sorted(other.encoded, key=_order)), atol=1e-6)
    assert [path.name for path in (tmp_path / "encoders").iterdir()] == [other.sha256[:16]]


def _order(text: str) -> int:
    return [f"{p.context}. {p.search}" for label in THREE for p in sentences(label)].index(text)


def test_another_reader_has_every_label_read_anew(tmp_path: Path) -> None:
    built(tmp_path, THREE)
    assert built(tmp_path, THREE, version="2").read == ("besponsa", "humira", "lipitor")


def test_other_rules_for_words_write_the_words_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tmp_path, THREE)
    monkeypatch.setattr(building, "_words", lambda: "other rules")
    report = built(tmp_path, THREE)
    assert (report.up_to_date, report.read, report.encoded) == (False, (), 0)


def test_extras_are_made_of_the_vocabulary_and_anew_for_another_version(tmp_path: Path) -> None:
    def build_with(version: str) -> BuildReport:
        return build(
            THREE,
            sentences,
            tmp_path,
            model=HashModel(),
            version="1",
            extras=lambda vocabulary, _: {"stems.txt": f"{version} {vocabulary['occur']}".encode()},
            extras_version=version,
        )

    assert build_with("a").up_to_date is False
    assert Index.open(tmp_path).extra("stems.txt") == b"a 3"
    assert build_with("a").up_to_date is True
    assert build_with("b").encoded == 0
    assert Index.open(tmp_path).extra("stems.txt") == b"b 3"
    with pytest.raises(KeyError):
        Index.open(tmp_path).extra("other")


def test_an_unchanged_candidate_is_not_even_read(tmp_path: Path) -> None:
    reads: list[str] = []

    def reading(label: Label) -> Callable[[], Label]:
        return lambda: reads.append(label.id) or label  # type: ignore[func-returns-value]

    built(tmp_path, [Candidate(id=label.id, content=label.sha256, read=reading(label)) for label in THREE])
    assert reads == ["besponsa", "humira", "lipitor"]
    reads.clear()
    candidates = [Candidate(id=label.id, content=label.sha256, read=reading(label)) for label in THREE[:2]]
    assert built(tmp_path, candidates).removed == ("lipitor",)
    assert reads == []
    assert dict(Index.open(tmp_path).labels) == {"besponsa": BESPONSA, "humira": HUMIRA}


def unreadable() -> Label:
    raise UnreadableLabel("is no label", place="bad.xml", remedy="Mend it")


def test_a_label_that_cannot_be_read_is_reported_and_stops_no_other(tmp_path: Path) -> None:
    bad = Candidate(id="bad", content="bad", read=unreadable)
    report = built(tmp_path, [BESPONSA, bad])
    assert [error.place for error in report.failed] == ["bad.xml"]
    assert list(Index.open(tmp_path).labels) == ["besponsa"]
    again = built(tmp_path, [BESPONSA, bad])
    assert (again.up_to_date, [error.place for error in again.failed]) == (True, ["bad.xml"])


def test_a_corpus_without_a_readable_label_leaves_the_last_index(tmp_path: Path) -> None:
    built(tmp_path, THREE)
    with pytest.raises(UnreadableLabel, match="no label to index"):
        built(tmp_path, [])
    with pytest.raises(UnreadableLabel, match="is no label"):
        built(tmp_path, [Candidate(id="bad", content="bad", read=unreadable)])
    assert len(Index.open(tmp_path).labels) == 3


def test_two_labels_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableLabel, match="two labels share the id 'humira'"):
        built(tmp_path, [HUMIRA, a_label("humira", "Other.\n")])


def test_a_label_without_passages_is_kept(tmp_path: Path) -> None:
    built(tmp_path, [a_label("blank", "\n"), HUMIRA])
    index = Index.open(tmp_path)
    assert index.range_of("blank") == range(0)
    assert index.passages_of("blank") == []
    assert index.label_of(0) == "humira"
    assert built(tmp_path, [a_label("blank", "\n")]).passages == 0
    empty = Index.open(tmp_path)
    assert (len(empty.passages), empty.keywords.search({"a": 1.0}, 3)[0].tolist()) == (0, [])


def test_the_previous_index_is_kept_and_older_ones_are_removed(tmp_path: Path) -> None:
    ids = [built(tmp_path, THREE[: count + 1]).index for count in range(3)]
    assert {path.name for path in tmp_path.glob("built-*")} == {f"built-{index}" for index in ids[1:]}
    assert built(tmp_path, THREE[:2]).index == ids[1]  # back to the one before
    assert len(Index.open(tmp_path).labels) == 2
    assert not list(tmp_path.glob("partial-*"))


def test_an_opened_index_goes_on_serving_after_newer_ones(tmp_path: Path) -> None:
    built(tmp_path, THREE)
    index = Index.open(tmp_path).warm()
    wanted = everything(Index.open(tmp_path))
    for count in (1, 2):
        built(tmp_path, THREE[:count])
    assert not index.folder.exists()
    assert everything(index) == wanted


def test_progress_reaches_the_end_of_every_stage(tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    build(THREE, sentences, tmp_path, model=HashModel(), version="1", progress=lambda *step: heard.append(step))
    assert [step for step in heard if step[0] == "reading"] == [("reading", done, 3) for done in range(4)]
    assert heard[-1] == ("encoding", 6, 6)


def test_passages_beyond_one_round_are_encoded_in_rounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.indexing.writing._ROUND", 2)
    heard: list[int] = []
    build(THREE, sentences, tmp_path, model=HashModel(), version="1", progress=lambda *step: heard.append(step[1]))
    assert heard[-4:] == [0, 2, 4, 6]
    built(tmp_path / "whole", THREE)
    in_rounds, at_once = (Index.open(folder).vectors.at(range(6)) for folder in (tmp_path, tmp_path / "whole"))
    assert np.array_equal(in_rounds, at_once)


@pytest.mark.parametrize("step", ["encode", "export", "publish", "replace"])
def test_a_failure_at_any_step_leaves_the_last_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first = built(tmp_path, THREE[:2])

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the power failed")

    other = HashModel(seed=2)
    with monkeypatch.context() as patch:
        if step in ("encode", "export"):
            patch.setattr(other, step, fail)
        elif step == "publish":
            patch.setattr(publishing, "publish", fail)
        else:
            patch.setattr(Path, "replace", fail)
        with pytest.raises(RuntimeError, match="the power failed"):
            built(tmp_path, THREE, other)
    assert Index.open(tmp_path).id == first.index
    assert built(tmp_path, THREE, other).labels == 3
    assert not list(tmp_path.glob("partial-*"))


KILLED = """
    import os, signal, sys
    from pathlib import Path
    sys.path.insert(0, {tests!r})
    from test_indexing_building import THREE, built
    from assistant.indexing import publishing, writing
    def die(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)
    {where} = die
    built(Path({folder!r}), THREE)
"""


@pytest.mark.parametrize("where", ["writing.VectorsWriter.add", "publishing._sync", "publishing._move"])
def test_a_killed_build_leaves_the_last_index_and_the_next_one_clears_up(tmp_path: Path, where: str) -> None:
    first = built(tmp_path, THREE[:2])
    script = textwrap.dedent(KILLED).format(tests=str(Path(__file__).parent), where=where, folder=str(tmp_path))
    ended = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[1], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert list(tmp_path.glob("partial-*"))
    assert Index.open(tmp_path).id == first.index
    assert built(tmp_path, THREE).read == ("lipitor",)
    assert not list(tmp_path.glob("partial-*"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(IndexTrouble, match=r"can't be written: .*File exists.*free space") as trouble:
        built(tmp_path / "file", THREE)
    assert trouble.value.place == str(tmp_path / "file")


def test_a_second_builder_is_told_who_builds(tmp_path: Path) -> None:
    with publishing.locked(tmp_path), pytest.raises(IndexTrouble, match=f"another process .{os.getpid()}. is building"):
        built(tmp_path, THREE)
    assert built(tmp_path, THREE).labels == 3


def test_passages_that_break_the_rules_of_splitting_are_never_indexed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="belongs to 'besponsa'"):
        build([HUMIRA], lambda _: sentences(BESPONSA), tmp_path, model=HashModel(), version="1")
    with pytest.raises(AssertionError, match="stands at 1"):
        build([BESPONSA], lambda label: sentences(label)[1:], tmp_path, model=HashModel(), version="1")
