"""An index replaced while it serves: the newest comes in whole, a damaged one never."""

import gc
import threading
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from small_labels import LABELS, ZOLVENT
from test_indexing_model import HashModel

from assistant import reading, splitting, swapping
from assistant.assembly import Assistant
from assistant.errors import IndexDamaged
from assistant.http.app import create_app
from assistant.indexing.building import build
from assistant.indexing.store import Index
from assistant.settings import Settings
from assistant.storing.keeping import Store
from assistant.storing.keyring import Keyring
from assistant.storing.opening import Database
from assistant.swapping import Swapping

QUESTION = "headache rate of Zolvent in adults?"


def publish(folder: Path, rate: int) -> None:
    """An index in which headache has this rate."""
    name, generic, _, labeler = LABELS["zolvent"]
    path = folder / "zolvent.txt"
    path.write_text(ZOLVENT.replace("12% (24/200)", f"{rate}% ({rate * 2}/200)"), encoding="utf-8")
    label = replace(reading.read(path), id="zolvent", name=name, generic=generic, labeler=labeler)
    build([label], splitting.split, folder / "index", model=HashModel(), version="1")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "kept.db")
    yield opened
    opened.close()


@pytest.fixture
def served(tmp_path: Path, database: Database) -> Swapping:
    publish(tmp_path, 12)
    settings = Settings(index=tmp_path / "index")
    return Swapping(lambda: Assistant(Index.open(settings.index), settings, Store(database)))


def rate(served: Swapping) -> str:
    headline = served.ask(QUESTION).headline
    return headline.text if headline else ""


def test_the_same_encoder_goes_on_and_another_one_is_opened(served: Swapping, tmp_path: Path) -> None:
    before = served.index.encoder
    publish(tmp_path, 15)
    served.swap()
    assert (served.index.encoder is before, rate(served)) == (True, "15% (30/200)")
    other = Index.open(tmp_path / "index")
    other.manifest.files["encoder/more"] = next(iter(other.manifest.files.values()))
    other.share_encoder(served.index)
    assert other.encoder is not before


def test_passages_come_from_the_index_in_service(served: Swapping, tmp_path: Path) -> None:
    def quotes() -> tuple[bool, bool]:
        found = any("15%" in one.quote for one in served.candidates(QUESTION))
        return found, any("15%" in one.search for one in served.index.passages_of("zolvent"))

    publish(tmp_path, 15)
    assert quotes() == (False, False)
    served.swap()
    assert quotes() == (True, True)


def test_a_newer_index_serves_after_the_swap_and_conversations_go_on(served: Swapping, tmp_path: Path) -> None:
    first = served.ask(QUESTION)
    publish(tmp_path, 15)
    assert (rate(served), served.repeats) == ("12% (24/200)", (1, 1))
    swapped = served.swap()
    assert served.repeats == (0, 0)
    assert (swapped.before, swapped.after, swapped.is_new) == (first.index_id, served.index_id, True)
    assert rate(served) == "15% (30/200)"
    again = served.ask("and in children?", conversation_id=first.conversation_id)
    assert [one.index_id for one in served.conversation(first.conversation_id)] == [first.index_id, again.index_id]
    assert not served.swap().is_new


def test_a_damaged_index_never_comes_in_and_the_last_good_one_stays(served: Swapping, tmp_path: Path) -> None:
    publish(tmp_path, 15)
    newest = max((tmp_path / "index").glob("built-*"), key=lambda path: path.stat().st_mtime_ns)
    (newest / "passages.jsonl").write_bytes(b"garbage")
    with pytest.raises(IndexDamaged):
        served.swap()
    assert rate(served) == "12% (24/200)"
    assert isinstance(served.trouble, IndexDamaged)
    publish(tmp_path, 16)
    served.swap()
    assert (rate(served), served.trouble) == ("16% (32/200)", None)


def test_the_admin_swaps_and_readiness_tells_of_damage(served: Swapping, database: Database, tmp_path: Path) -> None:
    client = TestClient(create_app(served, Settings(), database))
    admin, other = ({"Authorization": f"Bearer {Keyring(database).add(scope, [scope])}"} for scope in ("admin", "ask"))
    assert client.get("/readyz").json()["status"] == "ready"
    assert [client.post("/api/index/swap", headers=one).status_code for one in ({}, other)] == [401, 403]
    publish(tmp_path, 15)
    before = served.index_id
    swapped = client.post("/api/index/swap", headers=admin)
    assert (swapped.status_code, swapped.json()) == (200, {"before": before, "after": served.index_id})
    assert f'index_id="{served.index_id}"}} 1.0' in client.get("/metrics").text
    (tmp_path / "index" / "current").write_text("nonsense")
    failed = client.post("/api/index/swap", headers=admin)
    assert (failed.status_code, failed.json()["error"]["message"][:14]) == (503, "names no index")
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["status"], ready.json()["index_id"]) == (200, "degraded", served.index_id)
    assert ready.json()["trouble"]["remedy"]


def test_every_reply_during_swaps_is_of_one_index(served: Swapping, tmp_path: Path) -> None:
    by_index: dict[str, set[str]] = {}
    failed: list[BaseException] = []
    stop = threading.Event()

    def asking() -> None:
        try:
            while not stop.is_set():
                reply = served.ask(QUESTION)
                by_index.setdefault(reply.index_id, set()).add(reply.headline.text if reply.headline else "")
        except BaseException as error:  # noqa: BLE001  told below
            failed.append(error)

    asking_threads = [threading.Thread(target=asking) for _ in range(2)]
    for thread in asking_threads:
        thread.start()
    for percent in (15, 16, 17, 18):
        publish(tmp_path, percent)
        served.swap()
        rate(served)
    stop.set()
    for thread in asking_threads:
        thread.join()
    assert failed == []
    assert len(by_index) >= 2
    assert all(len(rates) == 1 for rates in by_index.values())


def test_the_old_index_is_let_go(served: Swapping, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swapping, "_OVER", 0.0)
    gone = threading.Event()
    weakref.finalize(served._current, gone.set)
    publish(tmp_path, 15)
    gc.disable()  # so that nothing else looks for it
    try:
        served.swap()
        assert gone.wait(60)
    finally:
        gc.enable()
