"""Building an index: what changed is read, split and encoded; all else is taken over from the last one.

In: labels (or candidates, read only where they changed), how to split, the model. Out: a new index in service and a
`BuildReport`; nothing is written where nothing changed. Left out: finding and reading label files, splitting, the parts
themselves (`writing`), locking and renaming (`publishing`).
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from assistant import words
from assistant.errors import IndexMissing, IndexTrouble, UnreadableLabel
from assistant.indexing import publishing
from assistant.indexing.checking import entries, sha256_of
from assistant.indexing.manifest import SCHEMA, LabelEntry, Manifest, ModelEntry, hash_of, write_manifest
from assistant.indexing.saving import dump
from assistant.indexing.store import ENCODER, Index
from assistant.indexing.writing import BuildModel, Parts, Progress
from assistant.label import Label
from assistant.passage import Passage

_LIBRARIES = ("faiss-cpu", "onnxruntime", "sentence-transformers", "tantivy", "tokenizers", "torch")
_log = logging.getLogger(__name__)

Split = Callable[[Label], Sequence[Passage]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A label that is read only where its content is new.

    `content` says all that decides what `read` returns: the sha256 of the source file and what the corpus says of it.
    """

    id: str
    content: str
    read: Callable[[], Label]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did."""

    index: str  # id
    up_to_date: bool  # nothing had changed, nothing was written
    labels: int
    passages: int
    encoded: int  # passages
    read: tuple[str, ...]  # ids of the labels that were new or changed
    removed: tuple[str, ...]  # ids of the labels that are gone
    failed: tuple[UnreadableLabel, ...]  # labels that could not be read and aren't in the index
    seconds: float


def build(
    labels: Iterable[Label | Candidate],
    passages_of: Split,
    folder: Path,
    *,
    model: BuildModel,
    version: str,
    progress: Progress = lambda stage, done, total: None,
) -> BuildReport:
    """Bring the index in this folder up to date with the labels.

    `version` names reader and splitter: another one has every label read and split anew. `progress` hears the stage
    ("reading" counts labels, "encoding" passages, "writing" parts), how many are done and of how many.
    """
    started = time.perf_counter()
    candidates = _candidates(labels)
    with publishing.locked(folder):
        publishing.sweep(folder)
        last = _last(folder)
        if last and _matches(last, candidates, model, version):
            return _report(last, started)
        with publishing.aside(folder, "index") as fresh:
            return _build(candidates, passages_of, folder, fresh, last, model, version, progress, started)


def _build(
    candidates: Sequence[Candidate],
    passages_of: Split,
    folder: Path,
    fresh: Path,
    last: Index | None,
    model: BuildModel,
    version: str,
    progress: Progress,
    started: float,
) -> BuildReport:
    parts = Parts(fresh, last, reuse_vectors=bool(last and last.manifest.model.sha256 == model.sha256))
    failed = _collect(parts, candidates, passages_of, version, progress)
    if not parts.entries:
        raise UnreadableLabel("no label could be read", place=str(folder), remedy="The last index stays. " + str(failed[0]))
    if last and _is_same(last, parts.entries, model):
        return _report(last, started, failed=failed)
    kept = publishing.place_encoder(folder, model, fresh / ENCODER)
    dimension = parts.finish(model, progress)
    manifest = _manifest(parts, model, dimension, version, entries(fresh))
    pointer = write_manifest(fresh, manifest)
    publishing.publish(folder, fresh, pointer)
    publishing.retire(folder, {pointer.folder, kept, *([last.folder.name] if last else [])})
    removed = tuple(label for label in (last.labels if last else ()) if label not in parts.ids)
    return _report(
        Index.open(folder), started, read=tuple(parts.read), removed=removed, failed=failed, encoded=parts.encoded
    )
