"""What is killed and damaged on purpose: `make drills`, or a few of each in `test_drills`.

In: nothing. Out: figures on standard output; exit code 1 where anything acknowledged was lost, or anything wrong was
served. Kill points: SIGKILL before each step of an index build that touches a file, before and after each statement of
storage, and at random moments between. Damage: each file of an index and of the database flipped, cut, emptied,
swapped, removed. Each drill runs in a process of its own. `drills_full` and `drills_around` add full disks, read-only
folders and clocks that jump. Left out: power loss, which needs a machine to pull the plug of.
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from small_labels import LABELS, ZOLVENT
from standin import Standin
from test_indexing_model import HashModel

from assistant import reading, splitting
from assistant.conversing import Turn
from assistant.errors import IndexTrouble, StorageTrouble
from assistant.indexing.building import build
from assistant.indexing.store import Index
from assistant.query import Query
from assistant.storing import reviewing
from assistant.storing.keeping import Store
from assistant.storing.opening import Database

OLD, NEW = 12, 15  # the rate of headache in the old index and in the new one
TURNS = 6  # that a killed writer tries to keep
_STEPS = (
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.truncate",
    "shutil.rmtree",
    "shutil.copyfile",
)


# --- a process to kill


def run(work: Callable[[], Any], *, after: float | None = None) -> tuple[int, Any]:
    """What work returns in a process of its own, and its exit status; killed after some seconds where told so."""
    reading_end, writing_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading_end)
        _in_child(work, writing_end)
    os.close(writing_end)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading_end, "rb") as pipe:
        said = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status, [json.loads(line) for line in said.splitlines()]


def _in_child(work: Callable[[], Any], pipe: int) -> None:
    try:
        for said in work():
            os.write(pipe, json.dumps(said).encode() + b"\n")
        os._exit(0)
    except BaseException as error:  # noqa: BLE001  the parent tells it
        os.write(pipe, json.dumps({"error": f"{type(error).__name__}: {error}"}).encode() + b"\n")
        os._exit(9)


class Steps:
    """Counts steps, and kills this process before the one that it was told."""

    def __init__(self, kill_at: int) -> None:
        self.taken = 0
        self._kill_at = kill_at

    def take(self) -> None:
        """One step more."""
        if self.taken == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.taken += 1


# --- index builds


def write_label(folder: Path, rate: int) -> Path:
    """The file of a label in which headache has this rate."""
    path = folder / "zolvent.txt"
    path.write_text(ZOLVENT.replace("12% (24/200)", f"{rate}% ({rate * 2}/200)"), encoding="utf-8")
    return path


def built(folder: Path, rate: int, desk: Path | None = None) -> None:
    """The index of that label, built; the label lies on a desk, or in the same folder."""
    name, generic, _, labeler = LABELS["zolvent"]
    label = replace(
        reading.read(write_label(desk or folder, rate)), id="zolvent", name=name, generic=generic, labeler=labeler
    )
    build([label], splitting.split, folder / "index", model=HashModel(), version="1")


def building(folder: Path, kill_at: int) -> Iterator[Any]:
    """Build the new index over the old one, to be killed at a step."""
    steps, fsync = Steps(kill_at), os.fsync

    def audited(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if (writes or event in _STEPS) and str(folder) in str(arguments[0]):
            steps.take()

    def synced(handle: int) -> None:
        steps.take()
        fsync(handle)

    os.fsync = synced
    sys.addaudithook(audited)
    built(folder, NEW)
    yield steps.taken


def served(folder: Path) -> Iterator[Any]:
    """What an index says now: which rate, and whether every passage is its label's text."""
    try:
        index = Index.open(folder / "index").warm()
        label = index.labels["zolvent"]
        whole = all(label.text[one.start : one.end].strip() for one in index.passages)
        rates = [rate for rate in (OLD, NEW) if f"Headache occurred in {rate}%" in label.text]
        asked = index.encoder.encode([f"Headache occurred in {rates[0]}% of adult patients."])[0]
        nearest = index.passages[int(index.vectors.search(asked, 1)[0][0])].search
        yield {"rates": rates, "whole": whole, "passages": len(index.passages), "nearest": nearest}
    except IndexTrouble as error:
        yield {"refused": error.place}


def right(said: list[Any], rates: tuple[int, ...]) -> bool:
    """Whether exactly one of these rates is served, whole."""
    if len(said) != 1 or said[0].get("whole") is not True or said[0]["rates"] not in [[rate] for rate in rates]:
        return False
    return bool(said[0]["passages"]) and "headache" in said[0]["nearest"].lower()


def kill_builds(every: int = 1, moments: int = 60) -> Counter[str]:
    """Kill a build before each step, and at random moments; the old or the new index must serve, and a build mend all."""
    counts: Counter[str] = Counter()
    with _base(lambda folder: [built(folder, OLD)]) as base:
        with _copy(base) as folder:
            (steps,) = run(lambda: building(folder, -1))[1]
            begun = time.monotonic()
            run(lambda: building(folder, -1))
            took = time.monotonic() - begun
        for at in range(0, steps, every):
            with _copy(base) as folder:
                status, _ = run(lambda folder=folder, at=at: building(folder, at))
                _judge_build(counts, folder, status, f"step {at}")
        for number in range(moments):
            with _copy(base) as folder:
                after = took * (number + 0.5) / moments
                status, _ = run(lambda folder=folder: building(folder, -1), after=after)
                _judge_build(counts, folder, status, f"{after:.3f} s")
    return counts


def _judge_build(counts: Counter[str], folder: Path, status: int, where: str) -> None:
    counts["kill points"] += status == -signal.SIGKILL
    said = run(lambda: served(folder))[1]
    if not right(said, (OLD, NEW)):
        _fail(counts, f"build killed at {where}: serves {said}")
    mended = run(lambda: (built(folder, NEW), ())[1])
    if mended[0] or not right(run(lambda: served(folder))[1], (NEW,)):
        _fail(counts, f"build killed at {where}: not mended by the next: {mended}")


# --- storage


def a_turn(number: int) -> Turn:
    """A turn with citations, each second one a report."""
    question = f"notices {number}?" if number % 2 else f"nausea {number}?"
    reply = replace(Standin().ask(question), conversation_id="c", turn_id=f"c-{number}")
    return Turn(query=Query(question=question, standalone=question), reply=reply)


def keeping(folder: Path, kill_at: int, first: int = 0) -> Iterator[Any]:
    """Open the database and keep turns, to be killed at a step; each is told once it is acknowledged."""
    from sqlalchemy import Engine, event

    steps = Steps(kill_at)
    for name in ("before_cursor_execute", "after_cursor_execute", "begin", "commit"):
        event.listen(Engine, name, lambda *_: steps.take())
    store = Store(Database(folder / "kept.db"))
    for number in range(first, first + TURNS):
        store.add("c", a_turn(number))
        yield f"c-{number}"
    yield steps.taken


def kept(folder: Path) -> Iterator[Any]:
    """What a database says now: each turn with its citations and flag, in order; or that it refuses."""
    try:
        database = Database(folder / "kept.db")
        turns = Store(database).turns("c") if reviewing.count(database) else ()
        flags = {one.turn_id for one, _ in reviewing.queue(database)}
        exported = {one.turn_id: len(one.citations) for one in reviewing.export(database)}
        yield [
            [one.reply.turn_id, one == a_turn(int(one.reply.turn_id[2:])), one.reply.turn_id in flags]
            for one in turns
            if exported[one.reply.turn_id] == len(one.reply.citations)
        ]
    except StorageTrouble as error:
        yield {"refused": error.place}


def kill_storage(every: int = 1, moments: int = 60) -> Counter[str]:
    """Kill a writer before each step and at random moments: what was acknowledged is there, and nothing is half there."""
    counts: Counter[str] = Counter()
    with _base(lambda folder: []) as base:
        with _copy(base) as folder:
            steps = run(lambda: keeping(folder, -1))[1][-1]
            begun = time.monotonic()
            run(lambda: keeping(folder, -1, TURNS))
            took = time.monotonic() - begun
        for at in range(0, steps, every):
            with _copy(base) as folder:
                _judge_keeping(counts, folder, run(lambda folder=folder, at=at: keeping(folder, at)), f"step {at}")
        for number in range(moments):
            with _copy(base) as folder:
                after = took * (number + 0.5) / moments
                done = run(lambda folder=folder: keeping(folder, -1), after=after)
                _judge_keeping(counts, folder, done, f"{after:.3f} s")
    return counts


def _judge_keeping(counts: Counter[str], folder: Path, done: tuple[int, Any], where: str) -> None:
    status, told = done
    acknowledged = [one for one in told if isinstance(one, str)]
    counts["kill points"] += status == -signal.SIGKILL
    counts["acknowledged writes"] += len(acknowledged)
    said = run(lambda: kept(folder))[1]
    whole = [[f"c-{number}", True, bool(number % 2)] for number in range(TURNS)]
    found = said[0] if said and isinstance(said[0], list) else None
    if found is None or found != whole[: len(found)] or len(found) < len(acknowledged):
        counts["lost writes"] += max(0, len(acknowledged) - len(found or []))
        _fail(counts, f"storage killed at {where}: {acknowledged} acknowledged, {said} found")
    after = run(lambda: keeping(folder, -1, 100))
    if after[0]:
        _fail(counts, f"storage killed at {where}: can't be written to again: {after[1][-1]}")


# --- damage


def damage_index(every: int = 1) -> Counter[str]:
    """Damage each file of an index in each way: it is refused by name, or what it serves is right all the same."""
    counts: Counter[str] = Counter()
    with _base(lambda folder: [built(folder, OLD)]) as base:
        files = sorted(path.relative_to(base) for path in (base / "index").rglob("*") if path.is_file())
        served_files = [file for file in files if file.suffix != ".lock" and file.name != ".lock"]
        ways = [(file, way) for file in served_files for way in WAYS]
        for file, way in ways[::every]:
            with _copy(base) as folder:
                WAYS[way](folder / file)
                counts["corruptions"] += 1
                said = run(lambda folder=folder: served(folder))[1]
                if "refused" in said[0]:
                    counts["refused by name"] += 1
                elif not right(said, (OLD,)):
                    _fail(counts, f"{file} {way}: serves {said}")
    return counts


def damage_database(flips: int = 200) -> Counter[str]:
    """Damage the database: it is refused by name, or every turn is there as it was kept; removed, it begins anew."""
    counts: Counter[str] = Counter()
    whole = [[f"c-{number}", True, bool(number % 2)] for number in range(TURNS)]
    with _base(lambda folder: list(closed(folder))) as base:
        size = (base / "kept.db").stat().st_size
        ways: dict[str, Callable[[Path], None]] = {
            f"bit {place}": lambda path, place=place: _flip(path, place) for place in _places(size, flips)
        }
        ways |= {way: WAYS[way] for way in ("cut", "swapped")}
        for way, damage in ways.items():
            with _copy(base) as folder:
                damage(folder / "kept.db")
                counts["corruptions"] += 1
                said = run(lambda folder=folder: kept(folder))[1]
                if "refused" in said[0]:
                    counts["refused by name"] += 1
                elif said != [whole]:
                    _fail(counts, f"kept.db {way}: gives {said}")
    return counts


def closed(folder: Path) -> Iterator[Any]:
    """A database with all turns that was closed, so that one file holds them."""
    database = Database(folder / "kept.db")
    for number in range(TURNS):
        Store(database).add("c", a_turn(number))
    database.close()
    yield "closed"


def _flip(path: Path, place: int | None = None) -> None:
    content = bytearray(path.read_bytes())
    if content:
        content[len(content) // 2 if place is None else place] ^= 0x10
    path.write_bytes(content)


def _places(size: int, count: int) -> list[int]:
    return random.Random(7).sample(range(size), min(count, size))


WAYS: dict[str, Callable[[Path], None]] = {
    "flipped": _flip,
    "flipped at its start": lambda path: _flip(path, 0) if path.stat().st_size else None,
    "flipped at its end": lambda path: _flip(path, -1) if path.stat().st_size else None,
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "emptied": lambda path: path.write_bytes(b""),
    "swapped": lambda path: path.write_bytes(b"SQLite format 3\x00 or anything else" * 40),
    "removed": lambda path: path.unlink(),
}


# --- all of it


@contextmanager
def _base(fill: Callable[[Path], Any]) -> Iterator[Path]:
    """A folder that each drill gets a copy of."""
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        folder = Path(name)
        run(lambda: fill(folder) and ())
        for path in folder.rglob("*"):
            os.utime(path)
        yield folder


@contextmanager
def _copy(base: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        folder = Path(name) / "drilled"
        shutil.copytree(base, folder)
        yield folder


def _fail(counts: Counter[str], message: str) -> None:
    counts["failures"] += 1
    print(f"FAILED: {message}", file=sys.stderr)


ALL: dict[str, Callable[[], Counter[str]]] = {
    "index builds killed": kill_builds,
    "storage killed": kill_storage,
    "index damaged": damage_index,
    "database damaged": damage_database,
}
FEW: dict[str, Callable[[], Counter[str]]] = {
    "index builds killed": lambda: kill_builds(every=12, moments=3),
    "storage killed": lambda: kill_storage(every=15, moments=3),
    "index damaged": lambda: damage_index(every=5),
    "database damaged": lambda: damage_database(flips=25),
}


def main(few: bool) -> int:
    """Every drill, or a few of each, with its figures."""
    import drills_around  # subtle: they need what stands here
    import drills_full

    drills = FEW | drills_full.FEW | drills_around.FEW if few else ALL | drills_full.ALL | drills_around.ALL
    failures = 0
    for name, drill in drills.items():
        begun = time.monotonic()
        counts = drill()
        failures += counts["failures"]
        said = ", ".join(f"{value} {what}" for what, value in counts.items() if what != "failures")
        print(f"{name}: {said}; {counts['failures']} failures; {time.monotonic() - begun:.0f} s", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(few="--few" in sys.argv))
