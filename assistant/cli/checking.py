"""`check`: every problem of environment, corpus and index, each with its remedy.

In: the settings. Out: one line a problem on standard output, then exit code 1; "no problem" and 0 where there is none.
Looks on after the first problem. Left out: mending.
"""

import sys
from argparse import Namespace
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from assistant import paths
from assistant.cli import screen
from assistant.errors import AssistantError, IndexTrouble, UnreadableLabel
from assistant.settings import Settings

_NEEDED = {  # module to distribution
    "bs4": "beautifulsoup4",
    "faiss": "faiss-cpu",
    "fastapi": "fastapi",
    "jinja2": "jinja2",
    "lxml": "lxml",
    "multipart": "python-multipart",
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "pdfplumber": "pdfplumber",
    "rapidfuzz": "rapidfuzz",
    "snowballstemmer": "snowballstemmer",
    "sse_starlette": "sse-starlette",
    "tantivy": "tantivy",
    "tokenizers": "tokenizers",
    "uvicorn": "uvicorn",
}
_TO_BUILD = ("onnx", "onnxscript", "sentence_transformers", "torch")
_OLDEST = (3, 11)


def check(arguments: Namespace) -> int:
    """Carry out `check`."""
    settings = screen.settings(arguments)
    found = [*environment(), *corpus(settings), *index(settings)]
    for problem in found:
        print(screen.line(str(problem)))
    if not found:
        print("no problem found")
    return 1 if found else 0


def environment() -> Iterator[AssistantError]:
    """What is missing on this machine."""
    if sys.version_info < _OLDEST:
        running = ".".join(map(str, sys.version_info[:3]))
        yield AssistantError(f"{running} is too old", place="python", remedy="Install Python 3.11 or newer")
    for module, distribution in _NEEDED.items():
        if find_spec(module) is None:
            remedy = f"Install it: pip install {distribution}"
            yield AssistantError("isn't installed", place=distribution, remedy=remedy)
    for folder in ("templates", "static"):
        place = paths.web() / folder
        if not place.is_dir():
            yield AssistantError(
                "is missing: pages can't be served", place=str(place), remedy="Install the product anew"
            )


def corpus(settings: Settings) -> Iterator[AssistantError]:
    """What keeps labels from being read."""
    folder = settings.corpus
    if not folder.exists():
        yield UnreadableLabel("there is no such folder", place=str(folder), remedy="Name it: --corpus DIR")
        return
    files = list(_files(folder))
    if not files:
        yield UnreadableLabel("holds no label", place=str(folder), remedy="Put label documents there")
    yield from (error for file in files if (error := _trouble(file, settings)))


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
        return
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.name not in ("README.md", "labels.toml"):
            yield path


def _trouble(file: Path, settings: Settings) -> AssistantError | None:
    from assistant.assembly import read_file

    try:
        read_file(file, settings)
    except AssistantError as error:
        return error
    return None


def index(settings: Settings) -> Iterator[AssistantError]:
    """What keeps the index from serving, or from being built."""
    from assistant.assembly import open_assistant

    try:
        open_assistant(settings)
    except IndexTrouble as error:
        yield error
        missing = [module for module in _TO_BUILD if find_spec(module) is None]
        if missing:
            remedy = "Install them: pip install 'label-assistant[build]'"
            yield AssistantError(f"missing to build an index: {', '.join(missing)}", place="environment", remedy=remedy)
    except AssistantError as error:
        yield error
