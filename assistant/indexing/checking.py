"""Whether every file of an index is the one that was built.

In: the index's folder and what its manifest says of each file. Out: nothing, or IndexDamaged naming the file. A file
over 1 MB is read once: `verified.json` remembers its size, time and inode. Left out: mending (a new build does that).
"""

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import IndexDamaged
from assistant.indexing.manifest import FileEntry
from assistant.indexing.saving import REMEDY

VERIFIED = "verified.json"
_BIG = 1_000_000  # bytes
_log = logging.getLogger(__name__)

Mark = list[int | str]  # size, time of change in ns, inode, sha256


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def entries(folder: Path) -> dict[str, FileEntry]:
    """Every file under a folder by its path within, in order; lock files are left out."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {
        path.relative_to(folder).as_posix(): FileEntry(size=path.stat().st_size, sha256=sha256_of(path))
        for path in paths
    }


def check(root: Path, built: str, files: Mapping[str, FileEntry]) -> None:
    """Nothing where all of `built`, a folder in `root`, is whole; else IndexDamaged names the first file that isn't."""
    known = _remembered(root)
    marks: dict[str, Mark] = {}
    for name, entry in files.items():
        mark = _mark(root / built / name, entry)
        if known.get(f"{built}/{name}") != mark:
            _check_bytes(root / built / name, entry)
        if entry.size > _BIG:
            marks[f"{built}/{name}"] = mark
    if not marks.items() <= known.items():
        _remember(root, marks)


def _mark(path: Path, entry: FileEntry) -> Mark:
    try:
        stat = path.stat()
    except OSError as error:
        raise _damaged(path, "is missing" if isinstance(error, FileNotFoundError) else str(error)) from error
    if stat.st_size != entry.size:
        raise _damaged(path, f"has {stat.st_size:,} bytes instead of {entry.size:,}")
    return [stat.st_size, stat.st_mtime_ns, stat.st_ino, entry.sha256]


def _check_bytes(path: Path, entry: FileEntry) -> None:
    try:
        found = sha256_of(path)
    except OSError as error:
        raise _damaged(path, f"can't be read: {error.strerror}") from error
    if found != entry.sha256:
        raise _damaged(path, "was altered: its sha256 differs from the manifest's")


def _remembered(root: Path) -> dict[str, Mark]:
    # Only a memory: where it is missing or garbled, the files are read again.
    try:
        marks = json.loads((root / VERIFIED).read_bytes())
    except (OSError, ValueError):
        return {}
    return marks if isinstance(marks, dict) else {}


def _remember(root: Path, marks: Mapping[str, Mark]) -> None:
    aside = root / f"partial-{os.getpid()}-{VERIFIED}"
    try:
        aside.write_text(json.dumps(marks, indent=1), encoding="utf-8")
        aside.replace(root / VERIFIED)
    except OSError as error:
        _log.info("%s can't be written (%s): big files will be read again at the next start", root / VERIFIED, error)


def _damaged(path: Path, message: str) -> IndexDamaged:
    return IndexDamaged(message, place=str(path), remedy=REMEDY)
