"""Replacing an index without a moment in which there is none: lock, write aside, fsync, rename, point.

In: the index folder. Out: `locked`, `sweep`, `aside`, `place_encoder`, `publish`, `retire`. A build that dies at any
point leaves `current` naming the last good index; what it left lying is removed by the next one. Left out: what is
written (`building`).
"""

import contextlib
import json
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from assistant.errors import IndexTrouble
from assistant.indexing.checking import sha256_of
from assistant.indexing.manifest import CURRENT, Pointer

_LOCK = ".lock"
_ASIDE = "partial-"
_ENCODERS = "encoders"
_KEPT = "encoded-"  # vectors that a killed build leaves for the next
_SUMS = "sha256.json"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep every other builder out; IndexTrouble where one is at work. The system frees the lock of a killed one."""
    import fcntl

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise IndexTrouble(
                f"another process ({lock.read().strip() or 'unknown'}) is building this index",
                place=str(folder),
                remedy="Wait for it to end, or name another folder with --index",
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def aside(folder: Path, name: str) -> Iterator[Path]:
    """An empty folder to build in; gone afterwards unless it was renamed."""
    path = folder / f"{_ASIDE}{name}"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def publish(folder: Path, written: Path, pointer: Pointer) -> None:
    """Make a written index the one in service, durably and at once."""
    for path in (*written.rglob("*"), written):
        _sync(path)
    _move(written, folder / pointer.folder)
    _sync(folder)
    point = folder / f"{_ASIDE}{CURRENT}"
    point.write_text(str(pointer), encoding="ascii")
    _sync(point)
    point.replace(folder / CURRENT)
    _sync(folder)


def sweep(folder: Path) -> None:
    """Remove what killed builds left half written."""
    for path in folder.glob(f"{_ASIDE}*"):
        _remove(path)


def retire(folder: Path, keep: Collection[str]) -> None:
    """Remove every index and every kept export but those to keep."""
    sweep(folder)
    for path in (*folder.glob("built-*"), *folder.glob(f"{_ENCODERS}/*"), *folder.glob(f"{_KEPT}*")):
        if path.name not in keep:
            _remove(path)


def kept_vectors(folder: Path, model: str) -> Path:
    """Where the vectors of a model are kept until an index with them is in service."""
    return folder / f"{_KEPT}{model[:16]}"


def place_encoder(folder: Path, model: "Exporting", place: Path) -> str:
    """Put the model's export into `place` and return its name among the kept ones; it is made once a model."""
    kept = folder / _ENCODERS / model.sha256[:16]
    if not _is_whole(kept):
        _keep_export(folder, model, kept)
    place.mkdir()
    for name in _sums(kept):
        _link(kept / name, place / name)
    return kept.name


class Exporting(Protocol):
    """A model that can be exported for questions."""

    @property
    def sha256(self) -> str:
        """A hash over all that decides a vector."""

    def export(self, folder: Path) -> None:
        """Write `model.onnx` and `tokenizer.json`."""


def _keep_export(folder: Path, model: Exporting, kept: Path) -> None:
    with aside(folder, "encoder") as fresh:
        model.export(fresh)
        files = {path.name: sha256_of(path) for path in sorted(fresh.iterdir())}
        (fresh / _SUMS).write_text(json.dumps(files), encoding="ascii")
        if kept.exists():
            _remove(kept)
        kept.parent.mkdir(exist_ok=True)
        fresh.rename(kept)


def _is_whole(kept: Path) -> bool:
    try:
        return all(sha256_of(kept / name) == digest for name, digest in _sums(kept).items())
    except (OSError, ValueError, AttributeError):
        return False


def _sums(kept: Path) -> dict[str, str]:
    sums: dict[str, str] = json.loads((kept / _SUMS).read_bytes())
    return sums


def _link(source: Path, place: Path) -> None:
    try:
        os.link(source, place)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, place)


def _move(written: Path, place: Path) -> None:
    # An index of the same name is a damaged one, or an older one with the same labels: this one takes its place.
    with contextlib.suppress(FileNotFoundError):
        place.rename(place.with_name(f"{_ASIDE}old-{place.name}"))
    written.rename(place)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
