"""Building an index: what changed is read, split and encoded; all else is taken over from the last one.

In: labels (or candidates, read only where they changed), how to split, the model. Out: a new index in service and a
`BuildReport`; nothing is written where nothing changed. Left out: finding and reading label files, splitting, the files
themselves (`writing`), locking and renaming (`publishing`).
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from assistant import words
from assistant.errors import IndexMissing, IndexTrouble, UnreadableLabel
from assistant.indexing import publishing
from assistant.indexing.checking import entries, sha256_of
from assistant.indexing.gathering import Candidate, Split, gathered
from assistant.indexing.manifest import SCHEMA, LabelEntry, Manifest, ModelEntry, NearEntry, hash_of, write_manifest
from assistant.indexing.opened import ENCODER
from assistant.indexing.saving import dump
from assistant.indexing.store import Index
from assistant.indexing.writing import BuildModel, Extras, Parts, Progress
from assistant.label import Definition, Label

_LIBRARIES = ("faiss-cpu", "onnxruntime", "sentence-transformers", "tantivy", "tokenizers", "torch")
_log = logging.getLogger(__name__)

Newer = Callable[[Iterable[LabelEntry]], Mapping[str, str]]


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def _nothing_else(vocabulary: Mapping[str, int], definitions: Iterable[Definition]) -> Mapping[str, bytes]:
    """No extras."""
    return {}


def _nothing_newer(labels: Iterable[LabelEntry]) -> Mapping[str, str]:
    """Every label is the newest."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did."""

    index: str  # id
    up_to_date: bool  # nothing had changed, nothing was written
    labels: int
    passages: int
    encoded: int = 0  # passages
    read: tuple[str, ...] = ()  # ids of the labels that were new or changed
    removed: tuple[str, ...] = ()  # ids of the labels that are gone
    failed: tuple[UnreadableLabel, ...] = ()  # why labels could not be read; they aren't in the index
    entries: tuple[LabelEntry, ...] = ()  # every label in the index
    near: NearEntry | None = None  # approximate search, where there are many passages
    precision: str = ""  # what passages were encoded in
    seconds: float


def build(
    labels: Iterable[Label | Candidate],
    passages_of: Split,
    folder: Path,
    *,
    model: BuildModel,
    version: str,
    extras: Extras = _nothing_else,
    extras_version: str = "",
    newer: Newer = _nothing_newer,
    take: Sequence[Path] = (),
    workers: int = 1,
    threads: int = 2,
    progress: Progress = _silent,
) -> BuildReport:
    """Bring the index in this folder up to date with the labels.

    `version` names reader and splitter: another one has every label read and split anew, but only passages that it
    makes otherwise encoded. `extras` makes files to lay
    beside (`Index.extra`) from the vocabulary and the labels' abbreviations; another `extras_version` makes them anew.
    `newer` names for each superseded label the newest one. `take` are folders of other indexes: what these have of the same
    labels is taken over, as what the last index has, so that shards built on several machines become one. `workers` processes read, `threads` encode. `progress` hears
    the stage ("reading" counts labels, "encoding" passages), how many are done and of how many. A build that is killed
    while it encodes goes on where it was when it is begun again.
    """
    builder = _Builder(
        folder=folder,
        model=model,
        version=version,
        rules=hash_of([_words(), extras_version]),
        passages_of=passages_of,
        extras=extras,
        newer=newer,
        others=[Index.open(one, threads=threads) for one in take],
        workers=workers,
        threads=threads,
        progress=progress,
    )
    candidates = _candidates(labels, version)
    try:
        with publishing.locked(folder):
            publishing.sweep(folder)
            return builder.build(candidates)
    except OSError as error:
        remedy = "Check permissions and free space, then build again; the last index stays in service"
        raise IndexTrouble(f"can't be written: {error}", place=str(folder), remedy=remedy) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Builder:
    folder: Path
    model: BuildModel
    version: str
    rules: str
    passages_of: Split
    extras: Extras
    newer: Newer
    others: Sequence[Index]
    workers: int
    threads: int
    progress: Progress
    started: float = field(default_factory=time.perf_counter)

    def build(self, candidates: Sequence[Candidate]) -> BuildReport:
        last = _last(self.folder)
        if last and self._serves(last, [(candidate.id, candidate.content) for candidate in candidates]):
            return self._report(last, up_to_date=True)
        with publishing.aside(self.folder, "index") as fresh:
            sources = [*([last] if last else []), *self.others]
            parts = Parts(fresh, sources, self.model.sha256)
            failed = self._collect(parts, sources, candidates)
            if last and self._serves(last, [(entry.id, entry.content) for entry in parts.entries]):
                return self._report(last, up_to_date=True, failed=failed)
            index = self._publish(parts, fresh, last)
        ids = {entry.id for entry in parts.entries}
        removed = tuple(label for label in (last.labels if last else ()) if label not in ids)
        return self._report(index, encoded=parts.encoded, read=tuple(parts.read), removed=removed, failed=failed)

    def _collect(
        self, parts: Parts, sources: Sequence[Index], candidates: Sequence[Candidate]
    ) -> tuple[UnreadableLabel, ...]:
        held = {
            (entry.id, entry.content): (place, entry)
            for place, index in reversed(list(enumerate(sources)))  # the last index before any other
            for entry in index.entries
        }
        same = {one.id: held[one.id, one.content] for one in candidates if (one.id, one.content) in held}
        changed = gathered([one for one in candidates if one.id not in same], self.passages_of, self.workers)
        failed: list[UnreadableLabel] = []
        for done, candidate in enumerate(candidates):
            self.progress("reading", done, len(candidates))
            if candidate.id in same:
                parts.take_over(*same[candidate.id])
            elif (found := next(changed)).label is None:
                failed.append(found.error)
            else:
                assert found.label.id == candidate.id, f"{candidate.id!r} calls itself {found.label.id!r}"
                parts.add(found.label, candidate.content, found.passages)
        self.progress("reading", len(candidates), len(candidates))
        if not parts.entries:
            raise failed[0] if failed else _nothing(self.folder)
        return tuple(failed)

    def _publish(self, parts: Parts, fresh: Path, last: Index | None) -> Index:
        encoder = publishing.place_encoder(self.folder, self.model, fresh / ENCODER)
        parts.finish(self.extras)
        kept = publishing.kept_vectors(self.folder, self.model.sha256)
        dimension = parts.encode(self.model, kept, self.progress)
        near = parts.look_near(dimension, self.threads)
        pointer = write_manifest(fresh, self._manifest(parts, dimension, near, fresh))
        publishing.publish(self.folder, fresh, pointer)
        publishing.retire(self.folder, {pointer.folder, encoder, *([last.folder.name] if last else [])})
        return Index.open(self.folder)  # the first look at big files is taken here, not by the first question

    def _manifest(self, parts: Parts, dimension: int, near: NearEntry | None, fresh: Path) -> Manifest:
        contents = [f"{entry.id} {entry.content}" for entry in parts.entries]
        newer = self.newer(parts.entries)
        return Manifest(
            schema=SCHEMA,
            id=hash_of([str(SCHEMA), self.version, self.rules, self.model.name, self.model.sha256, *contents])[:12],
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            corpus=hash_of(f"{entry.id} {entry.sha256}" for entry in parts.entries),
            version=self.version,
            rules=self.rules,
            model=ModelEntry(name=self.model.name, sha256=self.model.sha256, dimension=dimension),
            libraries=_libraries(),
            labels=tuple(replace(entry, newer=newer.get(entry.id, "")) for entry in parts.entries),
            passages=len(parts),
            near=near,
            files=entries(fresh),
        )

    def _serves(self, last: Index, contents: Sequence[tuple[str, str]]) -> bool:
        old = last.manifest
        same_rules = (old.model.name, old.model.sha256, old.rules) == (self.model.name, self.model.sha256, self.rules)
        return same_rules and [(entry.id, entry.content) for entry in old.labels] == list(contents)

    def _report(
        self,
        index: Index,
        *,
        up_to_date: bool = False,
        encoded: int = 0,
        read: tuple[str, ...] = (),
        removed: tuple[str, ...] = (),
        failed: tuple[UnreadableLabel, ...] = (),
    ) -> BuildReport:
        return BuildReport(
            index=index.id,
            up_to_date=up_to_date,
            labels=len(index.labels),
            passages=len(index.passages),
            encoded=encoded,
            read=read,
            removed=removed,
            failed=failed,
            entries=index.entries,
            near=index.manifest.near,
            precision=self.model.precision if encoded else "",
            seconds=time.perf_counter() - self.started,
        )


def _candidates(labels: Iterable[Label | Candidate], version: str) -> list[Candidate]:
    """Candidates in order of their id, their content bound to the version of reader and splitter."""
    found: dict[str, Candidate] = {}
    for label in labels:
        if label.id in found:
            raise UnreadableLabel(
                f"two labels share the id {label.id!r}", place=label.id, remedy="Give each its own id in labels.toml"
            )
        candidate = label if isinstance(label, Candidate) else _read_already(label)
        content = hash_of([version, candidate.content])
        found[label.id] = Candidate(id=candidate.id, content=content, read=candidate.read)
    return [found[label] for label in sorted(found)]


def _read_already(label: Label) -> Candidate:
    return Candidate(id=label.id, content=hash_of([dump(label).decode()]), read=lambda: label)


def _last(folder: Path) -> Index | None:
    try:
        return Index.open(folder)
    except IndexMissing:
        return None
    except IndexTrouble as error:
        _log.warning("The last index can't be used and is built anew: %s", error)
        return None


def _nothing(folder: Path) -> UnreadableLabel:
    return UnreadableLabel("there is no label to index", place=str(folder), remedy="Put labels into the corpus folder")


def _words() -> str:
    """A hash of the rules that make stems: other rules, other words."""
    return sha256_of(Path(words.__file__))


def _libraries() -> dict[str, str]:
    return {name: metadata.version(name) for name in _LIBRARIES if _is_installed(name)}


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
