"""The files of a published index in Milvus, in pieces: labels, read one by one, and what a server needs at hand.

In: a collection. Out: `Files`, which writes and reads them by name; `fetched`, the folder with manifest, encoder,
vocabulary and extras, which are fetched once and checked against the manifest at each start, so that a server keeps
nothing that it can't fetch again. A piece is compressed, then letters, since Milvus keeps texts. Left out: passages.
"""

import base64
import contextlib
import hashlib
import json
import os
import re
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from assistant.errors import IndexDamaged, IndexTrouble
from assistant.indexing.checking import check, sha256_of
from assistant.indexing.manifest import CURRENT, NAME, FileEntry, Manifest, Pointer, read_manifest, read_pointer
from assistant.indexing.milvus_calls import PUBLISH, Milvus
from assistant.indexing.milvus_rows import FILE_FIELDS, FILE_INDEXES, files_of, id_of
from assistant.indexing.opened import ENCODER, EXTRAS, VOCABULARY

PUBLISHED: Final = "published"  # folder of what was fetched, beside the index of our own if there is one
_PIECE: Final = 48_000  # letters of a piece, for which Milvus has 65,535 bytes
_STEP: Final = 64  # pieces a call, 3 MB


class Files:
    """The files beside a collection of passages."""

    def __init__(self, milvus: Milvus, collection: str) -> None:
        self._milvus = milvus
        self.collection = files_of(collection)
        self.index = id_of(collection)

    def place(self, name: str) -> str:
        """Where a file lies, for an error."""
        return f"{self._milvus.place}/{self.collection}/{name}"

    def create(self) -> None:
        """An empty collection, where there isn't one."""
        self._milvus.create(self.collection, FILE_FIELDS, FILE_INDEXES)

    def rows(self, name: str, raw: bytes) -> Iterator[dict[str, Any]]:
        """A file as it is written."""
        text = base64.b64encode(zlib.compress(raw, 1)).decode()
        pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
        for piece, part in enumerate(pieces):
            key = f"{name}#{piece}"
            yield {
                "key": key, "name": name, "piece": piece, "pieces": len(pieces), "text": part, "vector": [1.0, 0.0],
            }  # fmt: skip

    def has(self, name: str) -> bool:
        """Whether a file is here, its first piece standing for all: it is written last."""
        return bool(self._pieces(name, 0, 1))

    def read(self, name: str) -> bytes:
        """A file's bytes; IndexDamaged where a piece is missing or garbled."""
        found = self._pieces(name, 0, _STEP)
        pieces = found[min(found)]["pieces"] if found else 0
        for start in range(_STEP, pieces, _STEP):
            found |= self._pieces(name, start, start + _STEP)
        if not pieces or sorted(found) != list(range(pieces)):
            raise IndexDamaged("is missing, or a piece of it is", place=self.place(name), remedy=PUBLISH)
        try:
            return zlib.decompress(base64.b64decode("".join(found[piece]["text"] for piece in range(pieces))))
        except (ValueError, zlib.error) as error:
            raise IndexDamaged(f"can't be unpacked: {error}", place=self.place(name), remedy=PUBLISH) from error

    def read_checked(self, name: str, sha256: str) -> bytes:
        """A file's bytes; IndexDamaged where they are others than they should be."""
        raw = self.read(name)
        if hashlib.sha256(raw).hexdigest() != sha256:
            message = "was altered: its sha256 differs from the manifest's"
            raise IndexDamaged(message, place=self.place(name), remedy=PUBLISH)
        return raw

    def pointer(self) -> str:
        """Which index this is, with its manifest's sha256, as the file `current` says it."""
        pointer = self.read(CURRENT).decode("ascii", "replace")
        if not re.fullmatch(rf"built-{self.index} [0-9a-f]{{64}}\n", pointer):
            message = f"names {pointer[:60]!r}, the collection's name the index {self.index!r}"
            raise IndexDamaged(message, place=self.place(CURRENT), remedy=PUBLISH)
        return pointer

    def made(self) -> str:
        """When the index was built, ISO 8601; IndexDamaged where it isn't published whole."""
        self._milvus.load(self.collection)
        self.pointer()
        return str(json.loads(self.read(NAME))["created"])

    def _pieces(self, name: str, start: int, stop: int) -> dict[int, dict[str, Any]]:
        named = json.dumps(name, ensure_ascii=False)
        within = f"name == {named} and piece >= {start} and piece < {stop}"
        rows = self._milvus.query(self.collection, within, ["piece", "pieces", "text"], _STEP)
        return {row["piece"]: row for row in rows}


def label_file(label: str) -> str:
    """The name of a label's file."""
    return f"label/{label}"


def at_hand(manifest: Manifest) -> dict[str, FileEntry]:
    """The files of an index that a server needs at hand."""
    wanted = (f"{ENCODER}/", f"{EXTRAS}/")
    return {name: entry for name, entry in manifest.files.items() if name.startswith(wanted) or name == VOCABULARY}


def fetched(files: Files, folder: Path) -> tuple[Path, Manifest]:
    """The folder with the files at hand, fetched where they are not there whole, and the manifest."""
    root = folder / PUBLISHED
    pointer = files.pointer()
    if (kept := _kept(root, pointer)) is None:
        _fetch(files, root, pointer)
        kept = _opened(root)
    return kept


def _kept(root: Path, pointer: str) -> tuple[Path, Manifest] | None:
    """What was fetched before, where it is that index and whole."""
    try:
        return _opened(root) if (root / CURRENT).read_text(encoding="ascii") == pointer else None
    except (OSError, ValueError, IndexTrouble):
        return None


def _opened(root: Path) -> tuple[Path, Manifest]:
    pointer = read_pointer(root)
    manifest = read_manifest(root, pointer)
    check(root, pointer.folder, at_hand(manifest))
    return root / pointer.folder, manifest


def _fetch(files: Files, root: Path, pointer: str) -> None:
    """All into a folder aside, then in its place; files that an older version has as well are taken from there."""
    root.mkdir(parents=True, exist_ok=True)
    fresh = root / f"partial-{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    try:
        name, digest = pointer.split()
        (fresh / NAME).write_bytes(files.read_checked(NAME, digest))
        manifest = read_manifest(root, Pointer(folder=fresh.name, sha256=digest))
        for one, entry in at_hand(manifest).items():
            (fresh / one).parent.mkdir(exist_ok=True)
            _fetch_one(files, root, fresh, one, entry)
        shutil.rmtree(root / name, ignore_errors=True)
        with contextlib.suppress(OSError):  # another process of this machine was first: what it fetched is checked
            fresh.rename(root / name)
        point = root / f"partial-{os.getpid()}-{CURRENT}"
        point.write_text(pointer, encoding="ascii")
        point.replace(root / CURRENT)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    for old in root.glob("built-*"):
        if old.name != name:
            shutil.rmtree(old, ignore_errors=True)  # whoever has it open has it mapped


def _fetch_one(files: Files, root: Path, fresh: Path, name: str, entry: FileEntry) -> None:
    for old in root.glob(f"built-*/{name}"):
        if old.stat().st_size == entry.size and sha256_of(old) == entry.sha256:
            shutil.copyfile(old, fresh / name)
            return
    (fresh / name).write_bytes(files.read_checked(name, entry.sha256))
