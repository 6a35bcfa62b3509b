"""`bench` at other sizes: indexes of many labels, generated from those that are indexed.

In: an open index and a number of passages. Out: `grown`, times of building, opening and asking, and memory. A generated
label is a real one with every digit and the letters of its product's name replaced, so that it is as long and as
various; the same number gives the same labels. Its vectors are drawn near real ones rather than encoded: how long a
search takes doesn't depend on it, and encoding 100,000 passages would take minutes that `encoder` measures anyway.
"""

import json
import string
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from assistant.cli.benching_floors import python
from assistant.label import Label

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.indexing.gathering import Candidate
    from assistant.indexing.store import Index

_NOISE = 0.6  # length of what is added to a unit vector: a cosine of about 0.86
_ASK = """
import json, sys, time
from pathlib import Path
from assistant.assembly import open_assistant
from assistant.cli.benching_reading import peak_mb
from assistant.settings import load
index, asked = sys.argv[1], json.loads(sys.argv[2])
started = time.perf_counter()
assistant = open_assistant(load(index=Path(index)))
opened = (time.perf_counter() - started) * 1000
def timed(labels, question):
    started = time.perf_counter()
    assistant.ask(question, labels=labels)
    return (time.perf_counter() - started) * 1000
def near(question):
    started = time.perf_counter()
    assistant.index.vectors.search(assistant.encode([question])[0], 80)
    return (time.perf_counter() - started) * 1000
for question, labels in asked[:5]:
    timed(labels, " " + question), near(question)
found = {"open_ms": opened, "within": [timed(labels, question) for question, labels in asked]}
found |= {"nearest_of_all": [near(question) for question, _ in asked]}
found["peak_mb"] = peak_mb()
print(json.dumps(found))
"""


class Drawn:
    """In place of the model: the vectors of real passages with a little noise, the same for the same text."""

    precision = "float32"

    def __init__(self, index: "Index") -> None:
        import numpy as np

        self.name, self.sha256 = index.manifest.model.name, index.manifest.model.sha256
        self._index = index
        self._rows = np.asarray(index.vectors.at(range(len(index.passages))))

    def encode(self, texts: Sequence[str], progress: Callable[[int], None]) -> "NDArray[np.float32]":
        """(texts, dimension) float32, unit length."""
        import numpy as np

        seeds = [zlib.crc32(text.encode()) for text in texts]
        noise = np.random.default_rng(seeds[0]).normal(size=(len(texts), self._rows.shape[1]))
        noise *= _NOISE / np.linalg.norm(noise, axis=1, keepdims=True)
        rows = self._rows[[seed % len(self._rows) for seed in seeds]] + noise
        progress(len(texts))
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def export(self, folder: Path) -> None:
        """The encoder of the index that there is."""
        for path in (self._index.folder / "encoder").iterdir():
            (folder / path.name).write_bytes(path.read_bytes())


def generated(index: "Index", passages: int) -> "Iterator[Candidate]":
    """The indexed labels, then others made of them, until there are so many passages; each is made when it is read."""
    from assistant.indexing.gathering import Candidate

    held, copy = 0, 0
    while held < passages:
        for id in index.labels:
            yield Candidate(
                id=f"{id}-{copy}" if copy else id, content=f"{id} {copy}", read=partial(_made, index, id, copy)
            )
            held += len(index.range_of(id))
            if held >= passages:
                return
        copy += 1


def _made(index: "Index", id: str, copy: int) -> Label:
    return _substituted(index.labels[id], copy) if copy else index.labels[id]


def _substituted(label: Label, copy: int) -> Label:
    """A label of another name and other figures; every place in the text stays where it is."""
    letters = string.ascii_uppercase
    turned = str.maketrans(letters, letters[copy % 26 :] + letters[: copy % 26])
    digits = str.maketrans(string.digits, string.digits[copy % 10 :] + string.digits[: copy % 10])
    name = label.name.upper().translate(turned)[: len(label.name)]
    text = label.text.replace(label.name, name).translate(digits) if len(name) == len(label.name) else label.text
    return replace(label, id=f"{label.id}-{copy}", name=name, generic="", names=(), set_id="", text=text)


def grown(index: "Index", passages: int, asked: Sequence[tuple[str, Sequence[str] | None]]) -> dict[str, Any]:
    """An index of so many passages: how long it takes to build without encoding, to open and to ask; memory; bytes."""
    from assistant import splitting
    from assistant.indexing.building import build
    from assistant.understanding import compiling
    from assistant.understanding.lexicon import words_version

    with TemporaryDirectory() as folder:
        started = time.perf_counter()
        report = build(
            generated(index, passages),
            splitting.split,
            Path(folder),
            model=Drawn(index),
            version="bench",
            extras=compiling.written,
            extras_version=words_version(),
        )
        built = time.perf_counter() - started
        found: dict[str, Any] = python(_ASK, folder, json.dumps(asked))
        size = sum(path.stat().st_size for path in Path(folder).glob("built-*/**/*") if path.is_file())
    near = {"probes": report.near.probes, "recall": report.near.recall} if report.near else None
    held = {"passages": report.passages, "labels": report.labels, "disk_mb": round(size / 1e6, 1), "near": near}
    return held | {"split_and_written_per_second": round(report.passages / built), **found}
