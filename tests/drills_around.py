"""Folders that can't be written to, and a clock that jumps at each look at it.

In: nothing. Out: figures, for `drills.py`. Folders are read-only for a user who isn't root: what can go on goes on, and
else it is said which place can't be written to. A clock is years off, another time at each look. Left out: full disks (`drills_full`).
"""

import os
import random
import stat
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from drills import NEW, OLD, TURNS, _base, _copy, _fail, a_turn, built, closed, kept, right, run, served
from drills_full import client_of, named
from small_labels import small

from assistant.errors import StorageTrouble
from assistant.storing import reviewing
from assistant.storing.keeping import Store
from assistant.storing.opening import Database

NOBODY = 65534
YEAR = 365 * 24 * 3600.0


# --- read-only folders


def read_only() -> Counter[str]:
    """Every folder and file that a service writes to, without leave to write: it goes on, or says which one and why."""
    counts: Counter[str] = Counter()
    for name, (fill, frozen, work, expected) in _FROZEN.items():
        with _base(fill) as base, _copy(base) as folder:
            _give(folder)
            for path in frozen(folder):
                path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
            status, said = run(lambda folder=folder, work=work: _as_nobody(lambda: work(folder)))
            counts["read-only folders"] += 1
            counts["refused by name"] += "refused" in str(said)
            for path in [folder, *folder.rglob("*")]:
                path.chmod(path.stat().st_mode | stat.S_IWUSR)
            if status or not expected(said):
                _fail(counts, f"{name}: {said}")
    return counts


def _give(folder: Path) -> None:
    """All of it to nobody in particular, and leave to come there."""
    if os.getuid() == 0:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)
        folder.parent.chmod(0o755)


def _as_nobody(work: Callable[[], Iterator[Any]]) -> Iterator[Any]:
    """Work as a user whom permissions bind."""
    small()
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    yield from work()


def _rebuilding(folder: Path) -> Iterator[Any]:
    with tempfile.TemporaryDirectory() as desk:
        said = named(lambda: built(folder, NEW, Path(desk)))
    yield {"refused": said} if said != "done" else said
    yield next(served(folder))


def _writing(folder: Path) -> Iterator[Any]:
    try:
        Store(Database(folder / "kept.db")).add("c", a_turn(100))
    except StorageTrouble as error:
        yield {"refused": str(error)}
    else:
        yield "kept"


def _index(folder: Path) -> list[None]:
    return [built(folder, OLD)]


def _database(folder: Path) -> list[Any]:
    return list(closed(folder))


def _all(folder: Path) -> list[Path]:
    return [folder, *folder.rglob("*")]


def _serves(said: list[Any]) -> bool:
    return right(said, (OLD,))


def _stays(said: list[Any]) -> bool:
    return said[0] == {"refused": "IndexTrouble"} and right(said[1:], (OLD,))


def _says_which(said: list[Any]) -> bool:
    return "kept.db" in said[0]["refused"] and "can be written to" in said[0]["refused"]


_FROZEN: dict[
    str, tuple[Any, Any, Any, Any]
] = {  # what is there, what of it is frozen, what is tried, what is expected
    "an index is served from": (_index, _all, served, _serves),
    "an index can't be renewed, and serves": (_index, _all, _rebuilding, _stays),
    "its folder can't be written to, and it serves": (_index, lambda folder: [folder / "index"], _rebuilding, _stays),
    "a database": (_database, lambda folder: [folder / "kept.db"], _writing, _says_which),
    "a database's folder": (_database, lambda folder: [folder], _writing, _says_which),
    "a folder for a new database": (lambda folder: [folder], lambda folder: [folder], _writing, _says_which),
}


# --- clocks


def jumping(seed: int) -> Callable[[], float]:
    """A clock that is years off, another time at each look."""
    chance, now = random.Random(seed), time.time()
    return lambda: now + chance.uniform(-10, 10) * YEAR


def clocks(seeds: int = 20) -> Counter[str]:
    """Ask, report, go on, build and read back while the clock jumps at each look: order, flags and answers stay right."""
    counts: Counter[str] = Counter()
    small()
    for seed in range(seeds):
        with _base(lambda folder: [built(folder, OLD)]) as base, _copy(base) as folder:
            for name, work in (("turns", _turns_of_all_times), ("service", _talking), ("index", _rebuilt)):
                status, said = run(lambda work=work, folder=folder, seed=seed: _in_time(seed, lambda: work(folder)))
                counts["clocks that jump"] += 1
                if status or said != ["right"]:
                    _fail(counts, f"{name}, clock {seed}: {said}")
    return counts


def _in_time(seed: int, work: Callable[[], Iterator[Any]]) -> Iterator[Any]:
    time.time = jumping(seed)
    yield from work()


def _turns_of_all_times(folder: Path) -> Iterator[Any]:
    database = Database(folder / "kept.db")
    for number in range(TURNS):
        Store(database).add("c", a_turn(number))
    order = [one.reply.turn_id for one in Store(database).turns("c")]
    exported = [one.turn_id for one in reviewing.export(database)]
    database.close()
    expected = [f"c-{number}" for number in range(TURNS)]
    again = next(kept(folder))
    yield "right" if order == exported == expected == [one[0] for one in again] else [order, exported, again]


def _talking(folder: Path) -> Iterator[Any]:
    client = client_of(Database(folder / "talk.db"))
    first = client.post("/api/ask", json={"question": "headache rate of Zolvent in adults?"}).json()
    said = {"question": "and in children?", "conversation_id": first["conversation_id"]}
    second = client.post("/api/ask", json=said).json()
    told = [one.status_code for one in (client.get("/readyz"), client.get("/metrics"), client.get("/"))]
    figures = [first["headline"]["text"], second["headline"]["text"]]
    yield "right" if (told, figures) == ([200] * 3, ["12% (24/200)", "9% (9/100)"]) else [told, figures]


def _rebuilt(folder: Path) -> Iterator[Any]:
    built(folder, NEW)
    said = next(served(folder))
    yield "right" if right([said], (NEW,)) else said


ALL: dict[str, Callable[[], Counter[str]]] = {
    "read-only folders": read_only,
    "clocks that jump": clocks,
}
FEW: dict[str, Callable[[], Counter[str]]] = {
    "read-only folders": read_only,
    "clocks that jump": lambda: clocks(seeds=2),
}
