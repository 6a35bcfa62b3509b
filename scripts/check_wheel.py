"""Whether the wheel holds all that the product needs, and starts without the checkout.

In: nothing. The source distribution is built first and the wheel from it, so that neither lacks a file. Out: one line on
standard output, or what is wrong on standard error and exit code 1. The wheel is installed into a new environment that
takes every other package from this one, so nothing is downloaded. Left out: whether the declared dependencies are all
that is imported (`tests/test_packaging.py`).
"""

import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "corpus" / "labels" / "besponsa-pediatric-safety.txt"
NOT_SHIPPED = ("__pycache__", ".pyc")
STARTS = """
import assistant.http.app
from assistant import paths
from assistant.answering.wording import Wording
from assistant.understanding.lexicon import words_version

Wording.open(None)
words_version()
print(assistant.http.app.__file__)
print(paths.web())
"""


def main() -> int:
    """Carry out every check."""
    with tempfile.TemporaryDirectory(prefix="check-wheel-") as folder:
        try:
            wheel = built(Path(folder))
            wrong = [*lacking(wheel), *started(wheel, Path(folder))]
        except subprocess.CalledProcessError as error:
            wrong = [f"{' '.join(map(str, error.cmd))} ended with {error.returncode}:\n{error.stdout}{error.stderr}"]
    for line in wrong:
        print(f"wheel: {line}", file=sys.stderr)
    if not wrong:
        print(f"wheel: {wheel.name} holds everything and starts")
    return 1 if wrong else 0


def built(folder: Path) -> Path:
    """The wheel, built from the source distribution with what is installed here."""
    ran([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist", ROOT], folder)
    return next((folder / "dist").glob("*.whl"))


def lacking(wheel: Path) -> Iterator[str]:
    """What the wheel lacks, and what it holds that doesn't belong there."""
    held = set(zipfile.ZipFile(wheel).namelist())
    for name in sorted(needed() - held):
        yield f"lacks {name}"
    for licence in ("LICENSE", "NOTICE"):
        if not any(name.endswith(f".dist-info/licenses/{licence}") for name in held):
            yield f"lacks {licence}"
    for name in sorted(held):
        top = name.partition("/")[0]
        if (top != "assistant" and not top.endswith(".dist-info")) or name.endswith(NOT_SHIPPED):
            yield f"holds {name}, which doesn't belong there"


def needed() -> set[str]:
    """Every file of the package and of `web/`, as the wheel names it."""
    package = {file.relative_to(ROOT).as_posix() for file in files(ROOT / "assistant")}
    return package | {f"assistant/{file.relative_to(ROOT).as_posix()}" for file in files(ROOT / "web")}


def files(folder: Path) -> Iterator[Path]:
    """The files under a folder that are shipped."""
    for path in folder.rglob("*"):
        if path.is_file() and not any(part.endswith(NOT_SHIPPED) for part in path.parts):
            yield path


def started(wheel: Path, folder: Path) -> Iterator[str]:
    """What goes wrong when the installed product starts in an empty folder."""
    home, empty = folder / "environment", folder / "empty"
    empty.mkdir()
    python = environment(home)
    command = python.with_name("label-assistant")
    ran([sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel], empty)
    if "usage: label-assistant" not in ran([command, "--help"], empty):
        yield "label-assistant --help prints no usage"
    if "BESPONSA" not in ran([command, "read", SEED], empty):
        yield f"label-assistant read {SEED.name} doesn't name the product"
    for line in ran([python, "-c", STARTS], empty).splitlines():
        if not Path(line).resolve().is_relative_to(home.resolve()):
            yield f"{line} is not the wheel's own"


def environment(home: Path) -> Path:
    """A new environment's Python, which finds every package of this one after its own."""
    venv.create(home, symlinks=os.name != "nt")
    folder = Path(sysconfig.get_path("purelib", "venv", {"base": str(home)}))
    # subtle: .pth files in a folder that a .pth file names are not obeyed, so the editable install here isn't followed.
    here = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (folder / "here.pth").write_text("\n".join(sorted(here)), encoding="utf-8")
    return Path(sysconfig.get_path("scripts", "venv", {"base": str(home)})) / "python"


def ran(command: list[str | Path], folder: Path) -> str:
    """What a command prints, run in a folder without the caller's settings; CalledProcessError where it fails."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHONPATH", "LABEL_ASSISTANT_"))
    }
    return subprocess.run(command, cwd=folder, env=kept, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
