"""Output and progress: standard output for answers, standard error for everything else.

A terminal gets colour, panels and bars; a file or pipe gets plain text without them. Text of labels and questions goes
through `clean`, since a terminal obeys some characters. Left out: what a reply looks like (`showing`).
"""

import json
import sys
import unicodedata
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.settings import Settings

_PLAIN_WIDTH = 120  # columns of tables in a file or pipe
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
Progress = Callable[[str, int, int], None]


def out() -> "Console":
    """Standard output, as rich writes to it."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _PLAIN_WIDTH
    return console


def note(message: str) -> None:
    """One line on standard error."""
    print(clean(message), file=sys.stderr, flush=True)


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """A value on standard output as JSON, letters as they are."""
    print(json.dumps(value, ensure_ascii=False, indent=indent, default=str), flush=True)


def dump_json(value: Any, file: TextIO) -> None:
    """A value into a file as JSON."""
    json.dump(value, file, ensure_ascii=False, indent=2, default=str)
    file.write("\n")


def clean(text: str) -> str:
    """Text without characters that a terminal obeys; line breaks and tabs stay.

    >>> clean("a\\x1b[2Jb")
    'a�[2Jb'
    """
    return "".join("�" if _is_obeyed(char) else char for char in text)


def _is_obeyed(char: str) -> bool:
    return char in _DIRECTION or (char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cs"))


def line(text: str) -> str:
    """Text on one line."""
    return " ".join(clean(text).split())


def settings(arguments: Namespace) -> "Settings":
    """The settings that a command's options, the environment and the file named by --config give."""
    from assistant.settings import load

    named = ("corpus", "index", "milvus", "host", "port")
    return load(arguments.config, **{name: getattr(arguments, name, None) for name in named})


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar a stage on standard error where a terminal is attached, else nothing."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield tell
