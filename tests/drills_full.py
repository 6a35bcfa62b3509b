"""A disk that is full: builds, storage and a service with room for less and less, then with room again.

In: nothing. Out: figures, for `drills.py`. A disk is full by a limit on the size of a file and, where it may be mounted,
by a file system of a few kilobytes (tmpfs, in a mount namespace of its own). What is acknowledged has to be there afterwards, what fails
has to be named, and all has to work again once there is room. Left out: PostgreSQL's own disk.
"""

import ctypes
import logging
import resource
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from drills import NEW, OLD, TURNS, _base, _copy, _fail, a_turn, built, closed, right, run, served
from fastapi.testclient import TestClient
from small_labels import small

from assistant.assembly import Assistant
from assistant.errors import IndexTrouble, StorageTrouble
from assistant.http.app import create_app
from assistant.settings import Settings
from assistant.storing import reviewing
from assistant.storing.keeping import Store
from assistant.storing.opening import Database

EVENT = "My patient developed a rash after taking Zolvent."
_LABEL = 4096  # bytes that the label itself may take
_NEWNS = 0x00020000  # CLONE_NEWNS


@contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """No file of this process may grow beyond a size, in bytes."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def may_mount() -> bool:
    """Whether a process of ours may have a small file system of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return run(lambda: (_small_disk(Path(folder), 100_000), ())[1])[0] == 0


def _small_disk(folder: Path, size: int) -> None:
    """Lay an empty file system of this size over a folder, for this process alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEWNS):
        raise OSError(ctypes.get_errno(), "unshare")
    for command in (["mount", "--make-rprivate", "/"], ["mount", "-t", "tmpfs", "-o", f"size={size}", "full", folder]):
        subprocess.run(command, check=True, capture_output=True)


def named(work: Callable[[], Any]) -> str:
    """How it went: "done", or the name of the error; anything but ours is let through."""
    try:
        work()
    except (IndexTrouble, StorageTrouble) as error:
        return type(error).__name__ if error.place else f"{error!r} names no place"
    return "done"


def full_builds(every: int = 1, most: int = 60) -> Counter[str]:
    """Build over an old index with room for less and less: refused by name or whole, and the old index serves."""
    counts: Counter[str] = Counter()
    with _base(lambda folder: [built(folder, OLD)]) as base:
        largest = max(path.stat().st_size for path in (base / "index").rglob("*") if path.is_file())
        total = sum(path.stat().st_size for path in (base / "index").rglob("*") if path.is_file())
        for number in range(0, most, every):
            with _copy(base) as folder:
                room = _LABEL + largest * number // most
                _judge_build(counts, folder, run(partial(_limited_build, folder, room)), f"files up to {room} bytes")
            if may_mount():
                with _copy(base) as folder:
                    room = total + 4096 * 4 * number
                    _judge_disk(counts, run(partial(_build_on_disk, folder, room)), f"a disk of {room} bytes")
    return counts


def _limited_build(folder: Path, room: int) -> Iterator[str]:
    with no_file_over(room):
        yield named(lambda: built(folder, NEW))


def _judge_build(counts: Counter[str], folder: Path, done: tuple[int, Any], where: str) -> None:
    status, said = done
    counts["full disks"] += 1
    counts["refused by name"] += said == ["IndexTrouble"]
    if status or said not in (["done"], ["IndexTrouble"]):
        _fail(counts, f"build with {where}: {said}")
    now = run(lambda: served(folder))[1]
    if not right(now, (NEW,) if said == ["done"] else (OLD,)):
        _fail(counts, f"build with {where}: serves {now}")
    mended = run(lambda: (built(folder, NEW), ())[1])
    if mended[0] or not right(run(lambda: served(folder))[1], (NEW,)):
        _fail(counts, f"build with {where}: not mended by the next: {mended}")


def _build_on_disk(folder: Path, room: int) -> Iterator[Any]:
    """The same on a file system of its own: how it went, what serves, and what serves once there is room."""
    disk = folder.parent / "disk"
    disk.mkdir()
    _small_disk(disk, room)
    shutil.copytree(folder, disk, dirs_exist_ok=True)
    yield named(lambda: built(disk, NEW))
    yield next(served(disk))
    subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
    built(disk, NEW)
    yield next(served(disk))


def _judge_disk(counts: Counter[str], done: tuple[int, Any], where: str) -> None:
    status, said = done
    if status and said and "No space left" in str(said[-1]) and len(said) == 1:
        return  # not even the old index fits
    counts["full disks"] += 1
    counts["refused by name"] += said[0] == "IndexTrouble"
    if status or said[0] not in ("done", "IndexTrouble"):
        _fail(counts, f"build with {where}: {said}")
    elif not right(said[1:2], (NEW,) if said[0] == "done" else (OLD,)) or not right(said[2:], (NEW,)):
        _fail(counts, f"build with {where}: {said}")


def full_storage(every: int = 1, most: int = 60) -> Counter[str]:
    """Keep turns with room for less and less, then with room again: what was acknowledged is there, all else was refused."""
    counts: Counter[str] = Counter()
    with _base(lambda folder: list(closed(folder))) as base:
        size = (base / "kept.db").stat().st_size
        for number in range(0, most, every):
            room = size // 2 + size * 4 * number // most
            for filling in (_limited_keeping, *((_keeping_on_disk,) if may_mount() else ())):
                with _copy(base) as folder:
                    done = run(partial(filling, folder, room))
                    _judge_kept(counts, done, f"{filling.__name__} {room}")
    return counts


def _limited_keeping(folder: Path, room: int) -> Iterator[Any]:
    database = Database(folder / "kept.db")
    with no_file_over(room):
        fresh = _kept_while_full(Store(database), 100)
    fresh += [
        f"c-{number}" for number in (200, 201) if named(lambda n=number: Store(database).add("c", a_turn(n))) == "done"
    ]
    yield [fresh, _turns(database)]


def _keeping_on_disk(folder: Path, room: int) -> Iterator[Any]:
    disk = folder.parent / "disk"
    disk.mkdir()
    _small_disk(disk, 100_000_000)
    shutil.copytree(folder, disk, dirs_exist_ok=True)
    database = Database(disk / "kept.db")
    used = 100_000_000 - shutil.disk_usage(disk).free
    with (disk / "filler").open("wb") as filler:
        filler.write(b"x" * (100_000_000 - used - room // 4))
    fresh = _kept_while_full(Store(database), 100)
    (disk / "filler").unlink()
    fresh += [
        f"c-{number}" for number in (200, 201) if named(lambda n=number: Store(database).add("c", a_turn(n))) == "done"
    ]
    yield [fresh, _turns(database)]


def _kept_while_full(store: Store, first: int) -> list[str]:
    """The turns that were acknowledged, of as many as it takes to fill what is left."""
    numbers = range(first, first + 12)
    return [f"c-{number}" for number in numbers if named(lambda n=number: store.add("c", a_turn(n))) == "done"]


def _turns(database: Database) -> list[Any]:
    flags = {one.turn_id for one, _ in reviewing.queue(database)}
    found = Store(database).turns("c")
    whole = all(one == a_turn(int(one.reply.turn_id[2:])) for one in found)
    return [whole, *([one.reply.turn_id, one.reply.turn_id in flags] for one in found)]


def _judge_kept(counts: Counter[str], done: tuple[int, Any], where: str) -> None:
    status, said = done
    counts["full disks"] += 1
    if status or len(said) != 1:
        _fail(counts, f"{where}: {said}")
        return
    fresh, (whole, *turns) = said[0]
    old = [f"c-{number}" for number in range(TURNS)]
    counts["acknowledged writes"] += len(fresh)
    counts["refused by name"] += 14 - len(fresh)
    expected = [[name, bool(int(name[2:]) % 2)] for name in (*old, *fresh)]
    if not whole or turns != expected or fresh[-2:] != ["c-200", "c-201"]:
        counts["lost writes"] += len([one for one in expected if one not in turns])
        _fail(counts, f"{where}: {fresh} acknowledged, {turns} found")


def full_service(every: int = 1, most: int = 40) -> Counter[str]:
    """Report and ask over HTTP while the disk is full: 200 and kept with its flag, or 503; once there is room, 200."""
    counts: Counter[str] = Counter()
    small()
    with _base(lambda folder: list(closed(folder))) as base:
        size = (base / "kept.db").stat().st_size
        for number in range(0, most, every):
            with _copy(base) as folder:
                room = size // 2 + size * 3 * number // most
                status, said = run(partial(_reporting, folder, room))
                counts["full disks"] += 1
                if status or not _is_honest(counts, *said[0]):
                    _fail(counts, f"service with files up to {room} bytes: {said}")
    return counts


def _reporting(folder: Path, room: int) -> Iterator[Any]:
    logging.disable()
    database = Database(folder / "kept.db")
    client = client_of(database)
    with no_file_over(room):
        told = [_asked(client) for _ in range(6)]
        readable = client.get("/healthz").status_code
    told.append(_asked(client))
    yield [told, readable, sorted(one.turn_id for one, _ in reviewing.queue(database) if len(one.turn_id) > 10)]


def _asked(client: TestClient) -> list[Any]:
    answered = client.post("/api/ask", json={"question": EVENT})
    return [answered.status_code, answered.json().get("turn_id", "")]


def _is_honest(counts: Counter[str], told: list[list[Any]], readable: int, flagged: list[str]) -> bool:
    kept_turns = sorted(turn for status, turn in told if status == 200)
    counts["acknowledged writes"] += len(kept_turns)
    counts["503"] += sum(status == 503 for status, _ in told)
    return {status for status, _ in told} <= {200, 503} and told[-1][0] == 200 == readable and flagged == kept_turns


def client_of(database: Database) -> TestClient:
    assistant = Assistant(small().index, small().settings, Store(database))
    settings = Settings(address_rate="1000/second", time_limit=60)
    return TestClient(create_app(assistant, settings, database), raise_server_exceptions=False)


ALL: dict[str, Callable[[], Counter[str]]] = {
    "builds on a full disk": full_builds,
    "storage on a full disk": full_storage,
    "a service on a full disk": full_service,
}
FEW: dict[str, Callable[[], Counter[str]]] = {
    "builds on a full disk": lambda: full_builds(every=20),
    "storage on a full disk": lambda: full_storage(every=15),
    "a service on a full disk": lambda: full_service(every=10),
}
