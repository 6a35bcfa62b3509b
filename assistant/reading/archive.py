"""Label files inside zip archives, as DailyMed publishes them (a zip of zips), and inside openFDA's lists of results.

In: a path that may lead into a file: `part1.zip/2012_label.zip/label.xml`, `labels.json/3`. Out: `members`, the paths
of the label files inside one, and `content`, the bytes at such a path. Everything an archive says about itself (names,
links, sizes, ratios, depth, number) is checked before anything is unpacked, and it is unpacked in memory only. Left
out: which files a corpus has (`corpus`).
"""

import json
import stat
import zipfile
import zlib
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, TypeVar

from assistant.errors import UnreadableLabel

SUFFIXES = frozenset((".txt", ".xml", ".html", ".htm", ".pdf", ".json"))
LARGEST = 200 * 1024 * 1024  # bytes of one label file, unpacked
MOST_ENTRIES = 100_000  # of one archive
LARGEST_TOTAL = 64 * 1024**3  # bytes that an archive says it holds
WIDEST_RATIO = 250  # bytes unpacked a packed one; SPL XML has about 15
_SMALL = 1024 * 1024  # bytes: below, no ratio is too wide
_DEEPEST = 2  # archives in one another
_DENSE = 20  # the same for an archive within, which is packed already
_FAILURES = (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, EOFError, ValueError, zlib.error)
_Read = TypeVar("_Read")
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")


def is_archive(path: Path) -> bool:
    """Whether a file begins as a zip archive does; one that can't be opened is none."""
    try:
        with path.open("rb") as file:
            return file.read(4) in _MAGIC
    except OSError:
        return False


def members(path: Path) -> list[Path]:
    """The label files inside a file, in the order of their names; the file itself where it holds one label.

    An archive within that is damaged is a member, too: reading it tells why. Raises UnreadableLabel for the outer one.
    """
    if is_archive(path):
        return [path / name for name in sorted(_inside(_kept(path), str(path), 1))]
    if path.suffix.lower() == ".json" and (count := _count(path)) > 1:
        return [path / str(number) for number in range(count)]
    return [path]


def content(path: Path) -> bytes:
    """The bytes of a label file, which may stand in another; raises UnreadableLabel naming the trouble."""
    outer = next((place for place in (path, *path.parents) if place.is_file()), path)
    if outer != path and is_archive(outer):
        return _unpacked(_kept(outer), PurePosixPath(path.relative_to(outer).as_posix()), str(outer), 1)
    if outer != path:
        return _result(outer, path.name)
    if is_archive(path):
        found = members(path)
        raise _refused(f"is an archive of {len(found)} label files", str(path), "Index it as a corpus, or unpack it")
    return _mapped(path, lambda file: _bounded(file, str(path)))


def _mapped(path: Path, read: Callable[[IO[bytes]], _Read]) -> _Read:
    """What reading a real file gives, its troubles named."""
    try:
        with path.open("rb") as file:
            return read(file)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _refused(f"can't be read: {reason}", str(path), "Check the path and its permissions") from error


def _bounded(file: IO[bytes], place: str) -> bytes:
    size = file.seek(0, 2)
    if size > LARGEST:
        raise _refused(f"is {size} bytes long, more than {LARGEST}", place, "Split the file")
    file.seek(0)
    return file.read()


def _kept(path: Path) -> zipfile.ZipFile:
    """The archive in a real file, which stays open for the next member."""
    try:
        state = path.stat()
        return _opened_once(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _refused(f"can't be read: {reason}", str(path), "Check the path and its permissions") from error


@lru_cache(maxsize=1)
def _opened_once(path: Path, changed: int, size: int) -> zipfile.ZipFile:
    """Kept since an archive of thousands of labels is long to open; time and size say whether it is the same."""
    del changed, size
    return _opened(path, str(path))


def _inside(archive: zipfile.ZipFile, place: str, depth: int) -> list[str]:
    """The names of the label files in an archive and in those within."""
    names = [name for name in archive.namelist() if not _is_hidden(name)]
    archives = [name for name in names if _is_zip(name)]
    labels = [name for name in names if PurePosixPath(name).suffix.lower() in SUFFIXES]
    if not labels and not archives:
        raise _refused("is an archive without label files", place, f"It may hold {', '.join(sorted(SUFFIXES))}")
    for name in archives:
        labels.extend(_within(archive, name, f"{place}/{name}", depth))
    return labels


def _within(archive: zipfile.ZipFile, name: str, place: str, depth: int) -> list[str]:
    """The label files in an archive within; the archive itself where it can't be opened."""
    try:
        inner = _inner(archive, name, place, depth)
        return [f"{name}/{label}" for label in _inside(inner, place, depth + 1)]
    except UnreadableLabel:
        return [name]


def _inner(archive: zipfile.ZipFile, name: str, place: str, depth: int) -> zipfile.ZipFile:
    """An archive within another."""
    if depth >= _DEEPEST:
        raise _refused(f"is an archive nested more than {_DEEPEST} deep", place, "Unpack it first")
    return _opened(BytesIO(_read(archive, name, place)), place)


def _read(archive: zipfile.ZipFile, name: str, place: str) -> bytes:
    try:
        return archive.read(name)
    except _FAILURES as error:
        raise _refused(f"can't be unpacked: {error}", place, "Download the archive again") from error


def _unpacked(archive: zipfile.ZipFile, inner: PurePosixPath, place: str, depth: int) -> bytes:
    """The bytes at a path within an archive."""
    names = set(archive.namelist())
    name = next((str(part) for part in (inner, *inner.parents) if str(part) in names), "")
    if not name:
        raise _refused(f"holds no {str(inner)[:200]!r}", place, "Name a file of the archive")
    rest, place = inner.relative_to(name), f"{place}/{name}"
    if not _is_zip(name):
        return _read(archive, name, place)
    unpacked = _inner(archive, name, place, depth)
    if rest.parts:
        return _unpacked(unpacked, rest, place, depth + 1)
    found = _inside(unpacked, place, depth + 1)
    raise _refused(f"is an archive of {len(found)} label files", place, "Index it as a corpus, or unpack it")


def _opened(file: IO[bytes] | Path, place: str) -> zipfile.ZipFile:
    """An archive whose entries have been checked."""
    try:
        archive = zipfile.ZipFile(file)
    except _FAILURES as error:
        raise _refused(f"is a damaged archive: {error}", place, "Download the archive again") from error
    _check(archive.infolist(), place)
    return archive


def _check(entries: list[zipfile.ZipInfo], place: str) -> None:
    """Refuses an archive by what it says about its entries."""
    if len(entries) > MOST_ENTRIES:
        raise _refused(f"has {len(entries)} entries, more than {MOST_ENTRIES}", place, "Split the archive")
    if len({entry.filename for entry in entries}) < len(entries):
        raise _refused("holds two entries of one name", place, "Pack it again")
    if (total := sum(entry.file_size for entry in entries)) > LARGEST_TOTAL:
        raise _refused(f"unpacks to {total} bytes, more than {LARGEST_TOTAL}", place, "Split the archive")
    for entry in entries:
        if trouble := _trouble(entry):
            raise _refused(
                f"holds {entry.filename[:100]!r}, which {trouble}", place, "Unpack the archive yourself and check it"
            )


def _trouble(entry: zipfile.ZipInfo) -> str:
    """What is wrong with an entry; empty where nothing is."""
    name = entry.filename.rstrip("/")
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        return "leads out of the archive"
    if PurePosixPath(name).as_posix() != name or not name.isprintable():
        return "is no proper name"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link"
    if entry.flag_bits & 1:
        return "is encrypted"
    if entry.file_size > LARGEST and not entry.is_dir():
        return f"unpacks to {entry.file_size} bytes, more than {LARGEST}"
    widest = _DENSE if _is_zip(name) else WIDEST_RATIO
    if entry.file_size > _SMALL and entry.file_size > widest * max(entry.compress_size, 1):
        return f"unpacks to more than {widest} times its size"
    return ""


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _is_hidden(name: str) -> bool:
    return name.endswith("/") or any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def _count(path: Path) -> int:
    """How many labels an openFDA file holds; 1 for what can't be told, as reading it tells why."""
    try:
        if path.stat().st_size > LARGEST or path.read_bytes().count(b'"set_id"') < 2:
            return 1
        return len(_results(path, path.stat().st_mtime_ns))
    except (OSError, UnreadableLabel):
        return 1


@lru_cache(maxsize=1)
def _results(path: Path, changed: int) -> list[bytes]:
    """Each label of an openFDA file as JSON of its own; `changed` is the file's time: a new file is read anew."""
    del changed
    from assistant.reading.openfda import results  # subtle: lxml is imported only where a document needs it

    found = results(_mapped(path, lambda file: _bounded(file, str(path))), path.name)
    return [json.dumps(result, ensure_ascii=False, sort_keys=False).encode("utf-8", "replace") for result in found]


def _result(path: Path, number: str) -> bytes:
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise _refused(f"can't be read: {error.strerror}", str(path), "Check the path and its permissions") from error
    found = _results(path, changed) if path.suffix.lower() == ".json" else []
    if not number.isascii() or not number.isdigit() or len(number) > 6 or int(number) >= len(found):
        raise _refused(f"holds no {number[:100]!r}", str(path), "Name a file that exists")
    return found[int(number)]


def _refused(message: str, place: str, remedy: str) -> UnreadableLabel:
    return UnreadableLabel(message, place=place, remedy=remedy)
