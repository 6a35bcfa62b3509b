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
    "alembic": "alembic",
    "anyio": "anyio",
    "bs4": "beautifulsoup4",
    "faiss": "faiss-cpu",
    "fastapi": "fastapi",
    "jinja2": "jinja2",
    "limits": "limits",
    "lxml": "lxml",
    "markupsafe": "markupsafe",
    "msgspec": "msgspec",
    "multipart": "python-multipart",
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "pdfminer": "pdfminer.six",
    "pdfplumber": "pdfplumber",
    "prometheus_client": "prometheus-client",
    "pydantic": "pydantic",
    "rapidfuzz": "rapidfuzz",
    "rich": "rich",
    "snowballstemmer": "snowballstemmer",
    "sqlalchemy": "sqlalchemy",
    "sse_starlette": "sse-starlette",
    "starlette": "starlette",
    "structlog": "structlog",
    "tantivy": "tantivy",
    "tokenizers": "tokenizers",
    "uvicorn": "uvicorn",
}
_TO_BUILD = ("onnx", "onnxscript", "safetensors", "sentence_transformers", "torch", "transformers")
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
    """What keeps labels from being read; every file is read once."""
    from assistant.reading import read
    from assistant.reading.corpus import sources

    try:
        found = sources(settings.corpus)
    except AssistantError as error:
        yield error
        return
    owners: dict[str, Path] = {}
    for file, source in found:
        try:
            read(file, source)
        except AssistantError as error:
            yield error
        if (other := owners.setdefault(source.label_id, file)) != file:
            message = f"has the id {source.label_id!r}, as has {other.name}"
            yield UnreadableLabel(message, place=str(file), remedy="Give one of them another id in labels.toml")


def index(settings: Settings) -> Iterator[AssistantError]:
    """What keeps the index from serving, or from being built."""
    from assistant.assembly import open_assistant

    try:
        open_assistant(settings)
    except IndexTrouble as error:
        yield error
        missing = [module for module in _TO_BUILD if find_spec(module) is None]
        if missing and not settings.milvus:  # what is published is not built here
            remedy = "Install them: pip install 'label-assistant[build]'"
            yield AssistantError(f"missing to build an index: {', '.join(missing)}", place="environment", remedy=remedy)
    except AssistantError as error:
        yield error
