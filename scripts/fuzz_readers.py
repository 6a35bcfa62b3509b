"""Feeds broken label documents to the readers, led by coverage (atheris, https://github.com/google/atheris).

In: a format and documents to begin with (`tests/samples` and any others named). Out: a file for each kind of failure, by
the error and the line that raised it, with a count at the end; exit code 1 where there was any. A failure is any error
but UnreadableLabel, a span that leaves the text, a label that can't be kept or split, or a document that takes longer
than `--slow` seconds of CPU time. What is found is mended and its input kept in `tests/samples/fuzz`, which `tests/test_fuzzed.py`
reads. Formats with markup are also changed as trees, flat texts by lines, since bytes alone hardly ever stay a document.

    pip install atheris
    python scripts/fuzz_readers.py spl --seconds 300 --out /tmp/found [DOCUMENT...]
"""

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import atheris

with atheris.instrument_imports(include=["assistant.reading", "assistant.splitting"]):
    from assistant import reading
    from assistant.reading import archive, fixed_width, html, openfda, page, pdf, plain, spl  # noqa: F401

from fuzz_invariants import check
from lxml import etree

from assistant.errors import UnreadableLabel
from assistant.reading.source import Source

SAMPLES = Path(__file__).parents[1] / "tests" / "samples"
SUFFIX = {
    "spl": "xml",
    "html": "html",
    "pdf": "pdf",
    "openfda": "json",
    "plain": "txt",
    "page": "txt",
    "archive": "zip",
}
WORDS = [
    *(
        "5.1 Warnings",
        "(N=23)",
        "12%",
        "3/45 (7%)",
        "≥3",
        "Table 2. Rates",
        "†",
        "a",
        "",
        " ",
        "\n",
        "\t",
        "\u00a0",
        "\ud7ff",
    ),
    *(
        "VOD=veno-occlusive disease",
        "1 INDICATIONS AND USAGE",
        "999999999999",
        "-1",
        "0",
        "<1",
        "[see Warnings (5.1)]",
        "•",
        "𝟙",
    ),
]
ATTRIBUTES = {
    "colspan": ["0", "2", "99999999", "-1", "x"],
    "rowspan": ["0", "3", "65535", "1e3"],
    "styleCode": ["Toprule bold", ""],
}


class Fuzz:
    """Reads what it is given and keeps one input a kind of failure."""

    def __init__(self, kind: str, out: Path, slow: float) -> None:
        self.kind, self.out, self.slow = kind, out, slow
        self.found: Counter[str] = Counter()
        self.read = self.refused = 0

    def __call__(self, content: bytes) -> None:
        started = time.process_time()  # not the clock: others may share the machine
        try:
            self.one(content)
            self.read += 1
        except UnreadableLabel:
            self.refused += 1
        except Exception as error:  # noqa: BLE001 - any other is what is looked for
            self.keep(_named(error), content)
        if (seconds := time.process_time() - started) > self.slow:
            self.keep(f"slow-{seconds:.0f}s", content)
        if (self.read + self.refused + self.found.total()) % 100 == 0:
            self.tell()

    def tell(self) -> None:
        """What was done so far, into a file: libFuzzer ends the process without a word of ours."""
        line = f"{self.kind}: {self.read} read, {self.refused} refused, failures {dict(self.found)}\n"
        (self.out / f"{self.kind}.txt").write_text(line, encoding="utf-8")

    def one(self, content: bytes) -> None:
        """One document through its reader and all that follows reading."""
        source = Source(file=f"fuzzed.{SUFFIX[self.kind]}")
        if self.kind == "archive":
            _unpack(content)
        else:
            check(reading.read_bytes(content, source))

    def keep(self, name: str, content: bytes) -> None:
        self.found[name] += 1
        if self.found[name] == 1:
            (self.out / f"{self.kind}-{name}").write_bytes(content)
            print(f"found {name}", flush=True)


def _unpack(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "labels.zip"
        path.write_bytes(content)
        for member in archive.members(path):
            try:
                archive.content(member)
            except UnreadableLabel:
                continue


def _named(error: Exception) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/assistant/" in frame.filename]
    place = f"{Path(frames[-1].filename).stem}-{frames[-1].lineno}" if frames else "check"
    detail = str(error).replace(" ", "-")[:40] if isinstance(error, AssertionError) else ""
    return (
        f"{type(error).__name__}-{place}{'-' if detail else ''}{''.join(c for c in detail if c.isalnum() or c == '-')}"
    )


def tree(content: bytes, dice: random.Random) -> bytes:
    """A document of markup with a few elements moved, doubled, emptied, removed or given other attributes."""
    if dice.random() < 0.5 and content.lstrip().startswith(b"<"):
        root = etree.fromstring(content, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
    else:
        root = etree.fromstring(content, etree.HTMLParser(no_network=True))
    if root is None:
        return content
    for _ in range(dice.randint(1, 6)):
        nodes = [node for node in root.iter() if isinstance(node.tag, str) and node is not root]
        if not nodes:
            break
        dice.choice(CHANGES)(dice.choice(nodes), dice.choice(nodes), dice)
    return bytes(etree.tostring(root, encoding="utf-8"))


def _remove(one: Any, other: Any, dice: random.Random) -> None:
    one.getparent().remove(one)


def _double(one: Any, other: Any, dice: random.Random) -> None:
    copy = etree.fromstring(etree.tostring(one, with_tail=False))
    other.insert(dice.randint(0, len(other)), copy)


def _word(one: Any, other: Any, dice: random.Random) -> None:
    setattr(one, dice.choice(["text", "tail"]), dice.choice(WORDS) + (other.text or "") * dice.randint(0, 2))


def _attribute(one: Any, other: Any, dice: random.Random) -> None:
    name = dice.choice(list(ATTRIBUTES))
    one.set(name, dice.choice(ATTRIBUTES[name]))


def _rename(one: Any, other: Any, dice: random.Random) -> None:
    one.tag = other.tag


CHANGES: Sequence[Callable[[Any, Any, random.Random], None]] = (_remove, _double, _word, _attribute, _rename)


def lines(content: bytes, dice: random.Random) -> bytes:
    """A flat text with a few lines moved, doubled, shifted, cut or replaced."""
    rows = content.decode("utf-8", "replace").split("\n")
    for _ in range(dice.randint(1, 8)):
        at, to = dice.randrange(len(rows)), dice.randrange(len(rows))
        change = dice.randrange(6)
        if change == 0:
            rows.insert(to, rows[at])
        elif change == 1 and len(rows) > 1:
            del rows[at]
        elif change == 2:
            rows[at] = " " * dice.randint(1, 40) + rows[at]
        elif change == 3:
            rows[at] = rows[at][: dice.randint(0, len(rows[at]))]
        elif change == 4:
            rows[at] += dice.choice(["  ", " ", ""]) + dice.choice(WORDS)
        else:
            rows[at] = dice.choice(WORDS) + rows[to]
    return "\n".join(rows).encode("utf-8", "replace")


def mutator(kind: str) -> Callable[[bytes, int, int], bytes]:
    """How a format's documents are changed: two of three times in its own manner, else by bytes."""
    own = {"spl": tree, "html": tree, "plain": lines, "page": lines}.get(kind)

    def mutate(content: bytes, longest: int, seed: int) -> bytes:
        dice = random.Random(seed)
        if own and content and dice.random() < 0.67:
            try:
                return own(content, dice)[:longest]
            except (etree.LxmlError, ValueError, AttributeError, TypeError):
                pass
        return bytes(atheris.Mutate(content, longest))

    return mutate


def seeds(kind: str, more: Sequence[Path], folder: Path) -> None:
    """The documents to begin with."""
    found = [path for path in sorted((SAMPLES / kind).glob("*")) if path.suffix == f".{SUFFIX[kind]}"] + list(more)
    for number, path in enumerate(found):
        (folder / f"{number}-{path.name}").write_bytes(path.read_bytes())
    if kind == "archive":
        inner, outer = BytesIO(), BytesIO()
        with ZipFile(inner, "w") as archived:
            archived.write(SAMPLES / "plain" / "exampla.txt", "exampla.txt")
        with ZipFile(outer, "w") as archived:
            archived.writestr("label.zip", inner.getvalue())
            archived.write(SAMPLES / "spl" / "old.xml", "a/old.xml")
        (folder / "outer.zip").write_bytes(outer.getvalue())


def main() -> None:
    """One format for so many seconds."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("kind", choices=sorted(SUFFIX))
    options.add_argument("documents", nargs="*", type=Path)
    options.add_argument("--seconds", type=int, default=300)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--slow", type=float, default=5.0, metavar="SECONDS")
    options.add_argument("--longest", type=int, default=60_000, metavar="BYTES")
    asked = options.parse_intermixed_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    fuzz = Fuzz(asked.kind, asked.out, asked.slow)
    with TemporaryDirectory() as corpus:
        seeds(asked.kind, asked.documents, Path(corpus))
        limits = [f"-max_total_time={asked.seconds}", f"-max_len={asked.longest}", "-timeout=120", "-rss_limit_mb=3000"]
        crashes = f"-artifact_prefix={asked.out}/{asked.kind}-crash-"
        atheris.Setup(
            [sys.argv[0], *limits, crashes, "-verbosity=0", "-print_final_stats=1", corpus],
            fuzz,
            custom_mutator=mutator(asked.kind),
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
