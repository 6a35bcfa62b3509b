"""A corpus: which files hold labels, what `labels.toml` says about them, and which labels are superseded.

In: a folder, a single file, an archive of them (`archive`). Out: `sources`, each label file with its `Source`, in a
fixed order and under an id of its own, and `newer`, the newest version of each set. A path may lead into an archive; `archive.content` reads it.
Left out: reading labels (`reading.read`).
"""

import logging
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import BadSetting, UnreadableLabel
from assistant.reading import archive
from assistant.reading.decoding import digest
from assistant.reading.source import Source

_SUFFIXES = archive.SUFFIXES | {".zip"}
_CATALOG = "labels.toml"
_FIELDS = frozenset({"name", "generic", "kind", "effective", "approval_code", "copyright", "sha256"})
_log = logging.getLogger(__name__)


def sources(corpus: Path) -> list[tuple[Path, Source]]:
    """Every label file below a folder (or the one file), with what is known about it beforehand.

    A file that `labels.toml` names and that isn't there is an error: a renamed file must not lose its label silently.
    Where several files would have one id, the first in order keeps it and the others get "-2", "-3"; a file that is the
    same to the byte as one before it under that id is left out, which is logged.
    """
    if not corpus.exists():
        raise UnreadableLabel("does not exist", place=str(corpus), remedy="Name an existing folder or file of labels")
    folder = corpus if corpus.is_dir() else corpus.parent
    catalog = _catalog(folder)
    files = sorted(_files(corpus)) if corpus.is_dir() else [corpus]
    found = [(member, _source(member, catalog)) for file in files for member in _members(file)]
    named = {path.name for path, _ in found}
    if corpus.is_dir() and (missing := {entry["file"] for entry in catalog.values()} - named):
        name = min(missing)
        raise UnreadableLabel(
            f"{_CATALOG} names {name!r}, which is not in the folder",
            place=str(corpus),
            remedy=f"Restore the file or change its entry in {_CATALOG}",
        )
    if not files:
        raise UnreadableLabel(
            "holds no label file", place=str(corpus), remedy=f"Put files of {', '.join(sorted(_SUFFIXES))} into it"
        )
    return list(_distinct(found))


def _members(file: Path) -> list[Path]:
    """The label files in a file; the file itself where it can't be opened, since reading it tells why."""
    try:
        return archive.members(file)
    except UnreadableLabel:
        return [file]


def _distinct(found: list[tuple[Path, Source]]) -> Iterator[tuple[Path, Source]]:
    """The files under ids of their own; those that `labels.toml` names keep theirs."""
    owners: dict[str, Path] = {}
    for path, source in sorted(found, key=lambda each: not each[1].id):
        owners.setdefault(source.label_id, path)
    taken, read = set(owners), dict[str, list[Path]]()
    for path, source in found:
        same = read.setdefault(source.label_id, [])
        if twin := next((other for other in same if _digest(other) == _digest(path) != ""), None):
            _log.warning("%s is left out: it is the same file as %s", path, twin)
            continue
        same.append(path)
        if owners[source.label_id] != path:
            source = replace(source, id=_free(source.label_id, taken))
            taken.add(source.id)
        yield path, source


def _free(wanted: str, taken: set[str]) -> str:
    return next(given for number in range(2, len(taken) + 3) if (given := f"{wanted}-{number}") not in taken)


def _digest(path: Path) -> str:
    """The sha256 of a label file; empty where it can't be read, which reading it tells."""
    try:
        return digest(archive.content(path))
    except UnreadableLabel:
        return ""


def _files(corpus: Path) -> list[Path]:
    return [
        path
        for path in corpus.rglob("*")
        if path.is_file() and path.suffix.lower() in _SUFFIXES and not any(part.startswith(".") for part in path.parts)
    ]


def _source(file: Path, catalog: dict[str, dict[str, Any]]) -> Source:
    for label, entry in catalog.items():
        if entry["file"] == file.name:
            return Source(
                file=file.name, id=label, **{key: str(value) for key, value in entry.items() if key != "file"}
            )
    if file.parent.suffix.lower() == ".json":  # one of several results
        return Source(file=f"{file.parent.stem}-{file.name}.json")
    return Source(file=file.name)


def _catalog(folder: Path) -> dict[str, dict[str, Any]]:
    path = next((place / _CATALOG for place in (folder, folder.parent) if (place / _CATALOG).is_file()), None)
    if path is None:
        return {}
    try:
        catalog = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"is not TOML: {error}", place=str(path), remedy="Mend the line named") from error
    for label, entry in catalog.items():
        if not isinstance(entry, dict) or "file" not in entry:
            raise BadSetting(f"[{label}] names no file", place=str(path), remedy='Add file = "..."')
        if unknown := set(entry) - _FIELDS - {"file"}:
            raise BadSetting(
                f"[{label}] has the unknown key {min(unknown)!r}",
                place=str(path),
                remedy=f"Keys are file, {', '.join(sorted(_FIELDS))}",
            )
    return catalog


class Version(Protocol):
    """A label, or what an index keeps of one."""

    @property
    def id(self) -> str: ...
    @property
    def set_id(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def effective(self) -> str: ...


def newer(labels: Iterable[Version]) -> dict[str, str]:
    """For each superseded label the newest of its set: same set id, higher version number or later date."""
    sets: dict[str, list[Version]] = {}
    for label in labels:
        if label.set_id:
            sets.setdefault(label.set_id.lower(), []).append(label)
    found: dict[str, str] = {}
    for same in sets.values():
        newest = next((one for one in same if not any(_is_newer(other, one) for other in same)), same[0])
        found |= {label.id: newest.id for label in same if _is_newer(newest, label)}
    return found


def _is_newer(one: Version, other: Version) -> bool:
    """By version where both have a number, else by date as far as both give it."""
    if one.version.isdecimal() and other.version.isdecimal():
        return int(one.version) > int(other.version)
    known = min(len(one.effective), len(other.effective))
    return one.effective[:known] > other.effective[:known]
