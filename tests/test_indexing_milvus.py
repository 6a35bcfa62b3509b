"""An index in Milvus answers as the one in the folder that it was published from; what isn't right is refused by name."""

import json
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from milvus_lite_parts import MILVUS, address
from test_indexing_building import HUMIRA, LIPITOR, THREE, built, everything
from test_indexing_model import HashModel, a_label

from assistant.errors import BadSetting, IndexDamaged, IndexMissing, IndexStale, IndexUnreachable
from assistant.indexing import milvus_files, milvus_publishing, near
from assistant.indexing.milvus_calls import Milvus, without_password
from assistant.indexing.milvus_files import Files
from assistant.indexing.milvus_rows import ALIAS, LONGEST, collection_of, line_of, text_of
from assistant.indexing.opened import Store
from assistant.indexing.opening import open_index
from assistant.indexing.sharding import Shard
from assistant.indexing.store import Index

pytestmark = pytest.mark.skipif(not MILVUS, reason="needs the packages pymilvus and milvus-lite")
TOLERANCE = 2e-6  # of cosines and, as a share, of scores by words: how far two orders of adding up differ


def publish(folder: Path, place: str, **options: Any) -> Any:
    from assistant.indexing.milvus_publishing import publish

    return publish(Index.open(folder), place, **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built(tmp_path / "index", THREE)
    return tmp_path / "index"


@pytest.fixture
def place(tmp_path: Path) -> str:
    return address(tmp_path)


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """The folder of a server that has nothing."""
    return tmp_path / "server"


def served(place: str, server: Path) -> Store:
    return open_index(server, place)


def agree(one: Store, other: Store, weighted: Mapping[str, float], text: str, labels: list[str], k: int = 80) -> None:
    vector = one.encoder.encode([text])[0]
    here, there = one.candidates(vector, weighted, k, labels), other.candidates(vector, weighted, k, labels)
    assert there.numbers.tolist() == here.numbers.tolist()
    assert there.cosines.tolist() == pytest.approx(here.cosines.tolist(), abs=TOLERANCE)
    assert there.words.tolist() == pytest.approx(here.words.tolist(), rel=TOLERANCE)


def test_what_is_published_is_what_the_folder_holds(folder: Path, place: str, server: Path) -> None:
    report = publish(folder, place)
    here, there = Index.open(folder), served(place, server).warm()
    assert (report.index, report.passages, report.written, report.switched) == (here.id, 6, 6, True)
    assert there.id == here.id
    assert there.manifest == here.manifest
    assert dict(there.labels) == dict(here.labels)
    assert "lipitor" in there.labels
    assert "aspirin" not in there.labels
    assert list(there.passages) == list(here.passages)
    assert there.passages[4] == there.passages[4:5][0] == there.passages_of("lipitor")[1]
    assert there.vocabulary == here.vocabulary
    assert list(there.vocabulary) == list(here.vocabulary)
    with pytest.raises(IndexError):
        there.passages[6]


@pytest.mark.parametrize("labels", [["humira"], ["besponsa", "lipitor"], ["besponsa", "humira", "lipitor"]])
@pytest.mark.parametrize("k", [1, 2, 80])
@pytest.mark.parametrize("weighted", [{}, {"absent": 1.0}, {"occur": 1.0}, {"occur": 1.0, "statin": 0.5, "19": 0.15}])
def test_candidates_are_those_of_the_folder(
    weighted: Mapping[str, float], k: int, labels: list[str], pair: tuple[Store, Store]
) -> None:
    agree(*pair, weighted, "Does myopathy occur?", labels, k)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    """The same index in a folder and in Milvus."""
    folder = tmp_path_factory.mktemp("pair")
    built(folder / "index", THREE)
    place = address(folder)
    publish(folder / "index", place)
    return Index.open(folder / "index"), served(place, folder / "server")


def test_no_label_has_no_candidates(pair: tuple[Store, Store]) -> None:
    agree(*pair, {"occur": 1.0}, "Does it occur?", [])


def test_labels_of_any_id_are_told_apart(tmp_path: Path, place: str, server: Path) -> None:
    ids = ['a "quoted" one', "back\\slash", "Ménière’s", "100%_", "x' or number >= 0 or label == 'y"]
    built(tmp_path / "index", [a_label(id, f"Dose {nth} is rare.\n") for nth, id in enumerate(ids)])
    publish(tmp_path / "index", place)
    here, there = Index.open(tmp_path / "index"), served(place, server)
    for id in ids:
        agree(here, there, {"dose": 1.0}, "Is the dose rare?", [id])
        assert there.labels[id] == here.labels[id]


def test_many_passages_are_searched_by_lists_and_within_labels_exactly(
    tmp_path: Path, place: str, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = [a_label(f"label-{nth}", "".join(f"Dose {nth} of {one}.\n" for one in range(50))) for nth in range(20)]
    built(tmp_path / "index", labels)
    monkeypatch.setattr(near, "LEAST", 1)
    publish(tmp_path / "index", place)
    here, there = Index.open(tmp_path / "index"), served(place, server)
    for nth in range(0, 19, 3):  # all 100 passages of two labels, whichever lists they are in
        agree(here, there, {"dose": 1.0}, f"Which dose of {nth}?", [f"label-{nth}", "label-19"], 100)
    vector = here.encoder.encode(["Dose 7 of 7."])[0]
    found = [store.candidates(vector, {}, 10, list(store.labels)).cosines.max() for store in (here, there)]
    assert found[1] == pytest.approx(found[0], abs=TOLERANCE)


def test_threads_share_one_published_index(pair: tuple[Store, Store]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    _, there = pair
    vectors = there.encoder.encode([passage.search for passage in there.passages])

    def ask(number: int) -> list[Any]:
        found = there.candidates(vectors[number % 6], {"occur": 1.0}, 3, list(there.labels))
        return [there.passages[number % 6].search, found.numbers.tolist(), found.cosines.tolist(), found.words.tolist()]

    with ThreadPoolExecutor(4) as pool:
        asked = list(pool.map(ask, range(60)))
    assert asked[6:] == asked[:-6]


# --- publishing


def test_what_is_there_is_not_written_again(folder: Path, place: str) -> None:
    assert publish(folder, place).written == 6
    again = publish(folder, place)
    assert (again.written, again.switched, again.dropped) == (0, True, ())


def killed_after(calls: int, patch: pytest.MonkeyPatch) -> None:
    """Let so many writes through; the next one kills."""
    true, done = Milvus.write, []

    def write(self: Milvus, collection: str, rows: Any) -> None:
        if len(done) == calls:
            raise KeyboardInterrupt
        done.append(collection)
        true(self, collection, rows)

    patch.setattr(Milvus, "write", write)


@pytest.mark.parametrize(("calls", "left"), [(0, 6), (1, 6), (2, 4), (3, 4), (4, 3), (6, 0), (7, 0), (8, 0), (12, 0)])
def test_a_publishing_that_is_killed_goes_on_where_it_was(
    folder: Path, place: str, server: Path, monkeypatch: pytest.MonkeyPatch, calls: int, left: int
) -> None:
    monkeypatch.setattr(milvus_files, "_PIECE", 100)
    monkeypatch.setattr(milvus_publishing, "_PIECES", 50)
    with monkeypatch.context() as patch:
        killed_after(calls, patch)
        with pytest.raises(KeyboardInterrupt):
            publish(folder, place)
    with pytest.raises(IndexMissing):
        served(place, server)
    assert publish(folder, place).written == left
    assert list(served(place, server).warm().passages) == list(Index.open(folder).passages)


def test_shards_are_seen_only_after_the_switch(folder: Path, place: str, server: Path) -> None:
    shards = [publish(folder, place, only=Shard(number, 2)) for number in (1, 2)]
    assert sum(report.written for report in shards) == 6
    assert not any(report.switched for report in shards)
    with pytest.raises(IndexMissing, match="there is no alias 'label_assistant': nothing is published"):
        served(place, server)
    assert publish(folder, place).written == 0
    assert list(served(place, server).passages) == list(Index.open(folder).passages)


def test_a_newer_version_is_switched_to_and_what_is_open_goes_on(folder: Path, place: str, server: Path) -> None:
    publish(folder, place)
    old = served(place, server).warm()
    before = everything_published(old)
    built(folder, THREE[:2])
    report = publish(folder, place)
    new = served(place, server)
    assert list(new.labels) == ["besponsa", "humira"]
    assert everything_published(old) == before
    assert report.dropped == ()


def everything_published(store: Store) -> list[Any]:
    found = store.candidates(store.encoder.encode(["statin"])[0], {"statin": 1.0}, 9, list(store.labels))
    return [list(store.passages), found.numbers.tolist(), found.cosines.tolist(), store.labels["humira"]]


def test_only_so_many_versions_stay_and_none_that_is_being_written(folder: Path, place: str) -> None:
    first = publish(folder, place).index
    built(folder, [HUMIRA])
    publish(folder, place, only=Shard(1, 1))
    writing = Index.open(folder).id
    ids = []
    for labels in (THREE[:2], [LIPITOR]):
        built(folder, labels)
        report = publish(folder, place, keep=2)
        ids.append(report.index)
    assert report.dropped == (collection_of(first),)
    names = Milvus(place).collections()
    assert names == sorted(name for id in (writing, *ids) for name in (collection_of(id), f"{collection_of(id)}_files"))


def test_files_without_passages_are_dropped(folder: Path, place: str) -> None:
    first = publish(folder, place).index
    Milvus(place).drop(collection_of(first))  # a publishing that is killed right after this leaves the files
    built(folder, THREE[:2])
    second = publish(folder, place).index
    assert Milvus(place).collections() == [collection_of(second), f"{collection_of(second)}_files"]


def test_an_older_version_can_be_served_again(folder: Path, place: str, server: Path, tmp_path: Path) -> None:
    built(tmp_path / "older", THREE[:2])
    for one in (tmp_path / "older", folder, tmp_path / "older"):
        publish(one, place)
    assert list(served(place, server).labels) == ["besponsa", "humira"]


def lose(milvus: Milvus, collection: str) -> None:
    milvus._call("delete", collection, ids=[3])


def alter(milvus: Milvus, collection: str) -> None:
    row = milvus._call("query", collection, filter="number == 3", output_fields=["*"])[0]
    milvus.write(collection, [{**row, "vector": np.roll(row["vector"], 1)}])


@pytest.mark.parametrize(
    ("damage", "message"),
    [(lose, "has 5 passages instead of 6, so it is not switched to"), (alter, "has another vector for passage 3")],
)
def test_what_is_not_whole_is_not_switched_to(
    folder: Path, place: str, server: Path, damage: Callable[[Milvus, str], None], message: str
) -> None:
    publish(folder, place)
    built(folder, [*THREE, a_label("zocor", "Zocor is a statin.\n")])
    publish(folder, place, only=Shard(1, 1))
    milvus = Milvus(place)
    served_before = milvus.behind(ALIAS)
    built(folder, THREE)
    damage(milvus, collection_of(Index.open(folder).id))
    with pytest.raises(IndexDamaged, match=message) as trouble:
        publish(folder, place)
    assert trouble.value.place == f"{place}/{collection_of(Index.open(folder).id)}"
    assert milvus.behind(ALIAS) == served_before


# --- serving


def test_a_server_fetches_once_and_again_what_was_damaged(
    folder: Path, place: str, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(folder, place)
    read: list[str] = []
    true = Files.read
    monkeypatch.setattr(Files, "read", lambda self, name: read.append(name) or true(self, name))  # type: ignore[func-returns-value]
    at_hand = ["encoder/model.onnx", "encoder/tokenizer.json", "vocabulary.tsv"]
    there = served(place, server)
    assert read == ["current", "manifest.json", *at_hand]
    read.clear()
    served(place, server)
    assert read == ["current"]
    (there.folder / "vocabulary.tsv").write_text("garbled", encoding="utf-8")
    read.clear()
    assert served(place, server).vocabulary == Index.open(folder).vocabulary
    assert read == ["current", "manifest.json", "vocabulary.tsv"]  # the encoder is taken from what was there
    built(folder, THREE[:2])
    publish(folder, place)
    read.clear()
    served(place, server)
    assert read == ["current", "manifest.json", "vocabulary.tsv"]
    assert len(list((server / "published").glob("built-*"))) == 1


def rewritten(place: str, folder: Path, name: str, raw: bytes) -> str:
    """Put other bytes in the place of a published file; where that is."""
    milvus = Milvus(place)
    files = Files(milvus, collection_of(Index.open(folder).id))
    milvus.write(files.collection, list(files.rows(name, raw)))
    return files.place(name)


@pytest.mark.parametrize("name", ["manifest.json", "vocabulary.tsv", "encoder/tokenizer.json"])
def test_a_published_file_that_was_altered_is_named(folder: Path, place: str, server: Path, name: str) -> None:
    publish(folder, place)
    where = rewritten(place, folder, name, b"{}")
    with pytest.raises(IndexDamaged, match="was altered") as trouble:
        served(place, server)
    assert (trouble.value.place, trouble.value.remedy) == (where, "Publish it anew: label-assistant publish")
    assert not list((server / "published").glob("*"))


def test_an_index_of_another_id_is_refused(folder: Path, place: str, server: Path) -> None:
    publish(folder, place)
    rewritten(place, folder, "current", f"built-000000000000 {'0' * 64}\n".encode())
    id = Index.open(folder).id
    with pytest.raises(IndexDamaged, match=f"names 'built-000000000000 0+', the collection's name the index '{id}'"):
        served(place, server)


def test_a_piece_that_is_missing_or_garbled_is_told(folder: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(milvus_files, "_PIECE", 5)
    publish(folder, place)
    milvus = Milvus(place)
    files = Files(milvus, collection_of(Index.open(folder).id))
    big = np.random.default_rng(1).bytes(2000)
    rows = list(files.rows("big", big))
    milvus.write(files.collection, rows)
    assert len(rows) > 500
    assert files.read("big") == big
    milvus.write(files.collection, [{**rows[70], "text": "AAAAA"}])
    with pytest.raises(IndexDamaged, match="can't be unpacked"):
        files.read("big")
    milvus._call("delete", files.collection, ids=[rows[70]["key"]])
    with pytest.raises(IndexDamaged, match="is missing, or a piece of it is"):
        files.read("big")


def test_a_collection_that_is_not_what_the_manifest_says_is_refused(folder: Path, place: str, server: Path) -> None:
    publish(folder, place)
    milvus, collection = Milvus(place), collection_of(Index.open(folder).id)
    lose(milvus, collection)
    with pytest.raises(IndexDamaged, match="has 5 passages instead of 6"):
        served(place, server)
    milvus.drop(collection)
    from assistant.indexing.milvus_rows import passage_fields, passage_indexes

    milvus.create(collection, passage_fields(8), passage_indexes(6))
    milvus.point(ALIAS, collection)
    with pytest.raises(IndexStale, match=r"has vectors of 8 dimensions, the index .* has 16"):
        served(place, server)
    with pytest.raises(IndexDamaged, match="has vectors of 8 dimensions"):
        publish(folder, place)


def test_another_model_is_stale(folder: Path, place: str, server: Path) -> None:
    publish(folder, place)
    with pytest.raises(IndexStale, match="the settings name '/models/other'"):
        open_index(server, place, model="/models/other")


def test_a_collection_dropped_while_it_serves_is_told(folder: Path, place: str, server: Path) -> None:
    publish(folder, place)
    there = served(place, server)
    vector = there.encoder.encode(["statin"])[0]
    collection = collection_of(there.id)
    Milvus(place).drop(collection)
    with pytest.raises(IndexMissing, match=f"the collection '{collection}' isn't there") as trouble:
        there.candidates(vector, {"statin": 1.0}, 3, ["lipitor"])
    assert trouble.value.remedy.endswith("or have the service take the newest (SIGHUP)")


def test_a_milvus_that_does_not_answer_is_told_without_its_password(
    server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.indexing.milvus_calls._SECONDS", 0.5)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nothing listens
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(IndexUnreachable) as trouble:
            served(f"http://reader:secret@{place}", server)
    assert trouble.value.place == f"http://{place}"
    assert "secret" not in str(trouble.value)
    assert (trouble.value.status, trouble.value.exit_code) == (503, 1)


def test_a_call_that_takes_too_long_is_told(folder: Path, place: str, server: Path) -> None:
    import grpc

    class Late(grpc.RpcError):  # type: ignore[misc]
        def details(self) -> str:
            return "Deadline Exceeded"

    def late(*_: object, **__: object) -> None:
        raise Late

    publish(folder, place)
    there = served(place, server)
    there._milvus._client.search = late  # type: ignore[attr-defined]
    with pytest.raises(IndexUnreachable, match="Milvus doesn't answer as it should: Deadline Exceeded"):
        there.candidates(there.encoder.encode(["statin"])[0], {}, 3, ["lipitor"])


@pytest.mark.parametrize("wrong", ["milvus", "ftp://milvus", "/somewhere/folder"])
def test_an_address_that_is_none_is_refused_by_its_value(server: Path, wrong: str) -> None:
    with pytest.raises(BadSetting, match=f"'{wrong}' is no address of Milvus"):
        served(wrong, server)


def test_without_pymilvus_the_extra_is_named(server: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(BadSetting, match=r"pip install 'label-assistant\[milvus\]'"):
        served("http://milvus:19530", server)


def test_a_password_is_never_shown() -> None:
    assert without_password("https://a:b@milvus:443/db") == "https://milvus:443/db"
    assert without_password("/var/lib/milvus.db") == "/var/lib/milvus.db"


def test_a_long_passage_is_packed() -> None:
    short, long = b'{"search":"short"}', b'{"search":"' + b"long " * 30_000 + b'"}'
    assert text_of(short, 0) == short.decode()
    assert len(text_of(long, 0)) < LONGEST
    assert [line_of(text_of(line, 0)) for line in (short, long)] == [short, long]


# --- the whole assistant


@pytest.fixture(scope="session")
def published(real_index: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The corpus' own index in a Milvus, and the folder of a server."""
    folder = tmp_path_factory.mktemp("published")
    place = address(folder)
    publish(real_index, place)
    return place, folder / "server"


@pytest.mark.slow
def test_the_questions_about_the_seed_page_have_the_same_replies(published: tuple[str, Path], real_index: Path) -> None:
    from assistant.assembly import open_assistant
    from assistant.reply import as_json
    from assistant.settings import Settings

    place, server = published
    here = open_assistant(Settings(index=real_index))
    there = open_assistant(Settings(index=server, milvus=place))
    own = {"conversation_id", "turn_id", "elapsed_ms"}
    questions = Path(__file__).parents[1] / "eval" / "questions" / "besponsa-dev.jsonl"
    asked = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    assert len(asked) > 250
    for one in asked:
        replies = [engine.ask(one["question"], history=one.get("history", ())) for engine in (here, there)]
        first, second = ({k: v for k, v in as_json(reply).items() if k not in own} for reply in replies)
        assert alike(first, second), one["question"]


def alike(one: Any, other: Any) -> bool:
    """Whether two values are the same, numbers with a fraction within the tolerance."""
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, abs=5 * TOLERANCE)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


def test_the_command_publishes_and_others_read_what_is_published(
    folder: Path, place: str, server: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from assistant.cli import main

    assert main(["publish", "--index", str(folder), "--milvus", place, "--shard", "1/1"]) == 0
    assert "6 of 6 passages written" in (said := capsys.readouterr().out)
    assert said.rstrip().endswith("not served until `publish` is run without --shard")
    assert main(["publish", "--index", str(folder), "--milvus", place]) == 0
    assert capsys.readouterr().out.rstrip().endswith("now served")
    assert main(["labels", "--index", str(server), "--milvus", place, "--json"]) == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)] == ["besponsa", "humira", "lipitor"]


def test_commands_say_what_they_need(folder: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    from assistant.cli import main

    assert main(["publish", "--index", str(folder)]) == 2
    assert "milvus: is empty: there is nowhere to publish to" in capsys.readouterr().err
    assert main(["serve", "--index", str(folder), "--milvus", place, "--port", "0"]) == 2
    said = capsys.readouterr().err
    assert "nothing is published. Publish an index: label-assistant publish." in said
    assert "building" not in said  # a server of a published index builds none of its own
    publish(folder, place)
    assert main(["bench", "--index", str(folder), "--milvus", place]) == 2
    assert "milvus: bench measures an index in a folder" in capsys.readouterr().err


def test_diff_compares_folders_wherever_the_service_searches(
    folder: Path, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from assistant.cli import main

    asked = {"id": "one", "label": "humira", "question": "Do infections occur?", "answerable": True, "evidence": ["x"]}
    (tmp_path / "asked.jsonl").write_text(json.dumps(asked) + "\n", encoding="utf-8")
    built(tmp_path / "other", THREE[:2])
    named = ["diff", str(folder), str(tmp_path / "other"), "--questions", str(tmp_path / "asked.jsonl")]
    assert main([*named, "--milvus", place]) == 0  # nothing is published there
    ids = [Index.open(one).id for one in (folder, tmp_path / "other")]
    assert f"from index {ids[0]} to {ids[1]}" in capsys.readouterr().out


@pytest.mark.slow
def test_a_service_takes_a_newer_version_while_it_serves(folder: Path, place: str, server: Path) -> None:
    from assistant.assembly import open_assistant
    from assistant.settings import Settings
    from assistant.swapping import Swapping

    publish(folder, place)
    service = Swapping(lambda: open_assistant(Settings(index=server, milvus=place)))
    before = service.index_id
    assert not service.swap().is_new
    built(folder, THREE[:2], HashModel())
    publish(folder, place)
    assert service.index_id == before
    assert service.swap().after == Index.open(folder).id == service.index_id


def test_everything_of_the_folder_is_as_it_was(folder: Path, place: str) -> None:
    before = everything(Index.open(folder))
    publish(folder, place)
    assert everything(Index.open(folder)) == before
