"""A corpus: which files hold labels, and what `labels.toml` says about them.

In: a folder or a single file. Out: `sources`, each label file with its `Source`, in a fixed order. Left out: reading
them (`reading.read`).
"""

import tomllib
from pathlib import Path
from typing import Any

from assistant.errors import BadSetting, UnreadableLabel
from assistant.reading.source import Source

_SUFFIXES = frozenset({".txt", ".xml", ".html", ".htm", ".pdf", ".json"})
_CATALOG = "labels.toml"
_FIELDS = frozenset({"name", "generic", "kind", "effective", "approval_code", "copyright", "sha256"})


def sources(corpus: Path) -> list[tuple[Path, Source]]:
    """Every label file below a folder (or the one file), with what is known about it beforehand.

    A file that `labels.toml` names and that isn't there is an error: a renamed file must not lose its label silently.
    """
    if not corpus.exists():
        raise UnreadableLabel("does not exist", place=str(corpus), remedy="Name an existing folder or file of labels")
    folder = corpus if corpus.is_dir() else corpus.parent
    catalog = _catalog(folder)
    files = sorted(_files(corpus)) if corpus.is_dir() else [corpus]
    if corpus.is_dir() and (missing := {entry["file"] for entry in catalog.values()} - {file.name for file in files}):
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
    return [(file, _source(file, catalog)) for file in files]


def _files(corpus: Path) -> list[Path]:
    return [
        path
        for path in corpus.rglob("*")
        if path.is_file() and path.suffix.lower() in _SUFFIXES and not any(part.startswith(".") for part in path.parts)
    ]


def _source(file: Path, catalog: dict[str, dict[str, Any]]) -> Source:
    for label, entry in catalog.items():
        if entry["file"] == file.name:
            return Source(file=file.name, id=label, **{key: str(value) for key, value in entry.items() if key != "file"})
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
                f"[{label}] has the unknown key {min(unknown)!r}", place=str(path), remedy=f"Keys are file, {', '.join(sorted(_FIELDS))}"
            )
    return catalog
