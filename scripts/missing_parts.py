"""Says which tests could not run on this machine, and what to do about it.

In: the test files, which name what they need. Out: a framed note on standard output, the last thing that `make test`
prints; nothing where every part is here. The exit code is 0 either way: what is missing is no failure. Left out:
running anything (pytest itself gives each skipped test with its reason).
"""

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATABASE = re.compile(r"^from databases import .*\bPOSTGRES\b", re.MULTILINE)
BROWSER = re.compile(r"^from standin_served import .*\bCHROMIUM\b", re.MULTILINE)
MILVUS = re.compile(r"^from milvus_lite_parts import .*\bMILVUS\b", re.MULTILINE)
SHARED = re.compile(r'"shared"((?: / "[\w.-]+")+)')
WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A part that isn't here, the test files that need it and how to get it."""

    what: str
    tests: tuple[str, ...]
    remedy: str


def missing(root: Path) -> Iterator[Missing]:
    """Every part that some test of the checkout needs and that is not here."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted((root / "tests").glob("*.py"))}
    browser = tuple(name for name, text in texts.items() if BROWSER.search(text))
    if browser and not shutil.which("chromium"):
        yield Missing(what="the browser chromium", tests=browser, remedy="On Debian, as root: apt-get install chromium")
    if browser and not find_spec("playwright"):
        yield Missing(what="the package playwright", tests=browser, remedy="pip install playwright")
    database = tuple(name for name, text in texts.items() if DATABASE.search(text))
    if database and not shutil.which("initdb") and not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        remedy = "On Debian, as root: apt-get install postgresql"
        yield Missing(what="the database PostgreSQL", tests=database, remedy=remedy)
    milvus = tuple(name for name, text in texts.items() if MILVUS.search(text))
    if milvus and not (find_spec("pymilvus") and find_spec("milvus_lite")):
        remedy = "pip install pymilvus milvus-lite"
        yield Missing(what="the packages pymilvus and milvus-lite", tests=milvus, remedy=remedy)
    for folder in sorted({named(place) for text in texts.values() for place in SHARED.findall(text)}):
        if not (root.parent / folder).exists():
            tests = tuple(name for name, text in texts.items() if folder in map(named, SHARED.findall(text)))
            yield Missing(what=f"../{folder}", tests=tests, remedy="Put that folder beside the checkout")


def named(place: str) -> str:
    """The folder that a test names.

    >>> named(' / "labels" / "spl"')
    'shared/labels/spl'
    """
    return "/".join(("shared", *re.findall(r'"([^"]+)"', place)))


def note(found: list[Missing]) -> str:
    """The note in its frame."""
    lines = ["NOT EVERY TEST RAN. Missing on this machine:"]
    for part in found:
        lines += ["", f"  {part.what}", f"      needed by {', '.join(part.tests)}", f"      {part.remedy}"]
    return "\n".join(("#" * WIDTH, *(f"# {line}".rstrip() for line in lines), "#" * WIDTH))


if __name__ == "__main__":
    if here := list(missing(ROOT)):
        print(f"\n{note(here)}")
    sys.exit(0)
