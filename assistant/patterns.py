"""Regular expressions that are compiled when they are first used, and that keep what they found.

In: what `re.compile` takes. Out: `expression`, in its place in the modules that every question imports. They hold some 600
expressions, half of which a question doesn't come to, and compiling one takes up to 40 ms. `keep` lays what was compiled beside
Python's own bytecode of this module, where and as long as that is kept, too: the next process makes them of it twenty times as
fast. The same quotes, heads and questions are looked through again and again: finding what was found there before takes a tenth
of the time. Left out: the language of expressions.
"""

import contextlib
import marshal
import os
import re
import sys
from array import array
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, cast

_OFFERED = tuple(name for name in dir(re.Pattern) if not name.startswith("_"))
_KEPT = 128  # texts at hand, for each expression and way of looking; used longest ago go first
_SHORT = 1000  # characters of a text whose matches are all kept, or what it becomes: a question, a quote, heads
_MOST = 2000  # expressions that are kept; where there are more, those of an earlier version are among them
_Parts = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]  # all that Python makes an expression of
_new: list[tuple[str, int]] = []  # compiled in this process, in want of a kept one


class _Compiled:
    """Has the methods of a compiled expression as its attributes."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags


class _Uncompiled(_Compiled):
    """Becomes a `_Compiled` when it is first used."""

    def __getattr__(self, name: str) -> Any:
        if name not in _OFFERED:
            raise AttributeError(name)
        compiled = _compiled(self.pattern, self._flags)
        self.__dict__.update({each: getattr(compiled, each) for each in _OFFERED})
        self.__dict__.update(_keeping(compiled))
        self.__class__ = _Compiled  # type: ignore[assignment]  # without __getattr__, which makes every lookup slow
        return self.__dict__[name]


def _compiled(pattern: str, flags: int) -> re.Pattern[str]:
    """The expression, made of what is kept of it where that is there."""
    with contextlib.suppress(Exception):  # of another make, or damaged: no matter, it is compiled anew
        if parts := _kept().get((pattern, flags)):
            return _made(pattern, parts)
    compiled = re.compile(pattern, flags)
    _new.append((pattern, flags))
    return compiled


def keep() -> None:
    """Lays what was compiled since the start beside the bytecode, for the next process."""
    if sys.dont_write_bytecode or not _new:
        return
    with contextlib.suppress(Exception):  # a folder that can't be written, a Python whose insides are others
        found = {one: parts for one in _new if _made(one[0], parts := _taken_apart(*one)) == re.compile(*one)}
        old = _kept() if len(_kept()) + len(found) <= _MOST else {}
        path = _file()
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        aside.write_bytes(marshal.dumps({**old, **found}))
        aside.replace(path)
    _new.clear()


def _file() -> Path:
    """Its name holds the version of Python, as that of the bytecode beside it does, and of the code of expressions."""
    return Path(cache_from_source(__file__)).with_suffix(f".{import_module('_sre').MAGIC}")


@lru_cache(maxsize=1)
def _kept() -> dict[tuple[str, int], _Parts]:
    try:
        # As much to be trusted as the bytecode beside it, which Python reads the same way.
        return dict(marshal.loads(_file().read_bytes()))  # nosec B302
    except (OSError, ValueError, EOFError, TypeError, NotImplementedError):
        return {}


def _taken_apart(pattern: str, flags: int) -> _Parts:
    """What Python's own compiler makes of an expression: its code and its groups."""
    tree = import_module("re._parser").parse(pattern, flags)
    code = array("I", map(int, import_module("re._compiler")._code(tree, flags)))
    names: list[str | None] = [None] * tree.state.groups
    for name, place in tree.state.groupdict.items():
        names[place] = name
    return (
        int(flags | tree.state.flags),
        code.tobytes(),
        tree.state.groups - 1,
        dict(tree.state.groupdict),
        tuple(names),
    )


def _made(pattern: str, parts: _Parts) -> re.Pattern[str]:
    """The expression of its parts; Python looks through the code first and raises RuntimeError where it is none."""
    flags, code, groups, places, names = parts
    made: re.Pattern[str] = import_module("_sre").compile(
        pattern, flags, array("I", code).tolist(), groups, places, names
    )
    return made


def _keeping(compiled: re.Pattern[str]) -> dict[str, Callable[..., Any]]:
    """Those methods of a compiled expression that keep what they found; a match can't be changed, so it can be shared."""
    kept = {one.__name__: lru_cache(_KEPT)(one) for one in (compiled.search, compiled.match, compiled.fullmatch)}

    put = lru_cache(_KEPT)(compiled.sub)

    @lru_cache(_KEPT)
    def each(text: str) -> tuple[re.Match[str], ...]:
        return tuple(compiled.finditer(text))

    def finditer(text: str, *place: int) -> Iterator[re.Match[str]]:
        return compiled.finditer(text, *place) if place or len(text) > _SHORT else iter(each(text))

    def sub(replacement: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        if len(text) > _SHORT or not isinstance(replacement, str):  # a function would be kept with all that it holds
            return compiled.sub(replacement, text, count)
        return put(replacement, text, count)

    return {**kept, "finditer": finditer, "sub": sub}


def expression(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The expression; a wrong one raises re.error when it is first used.

    >>> expression(r"\\d+").findall("1 of 20")
    ['1', '20']
    """
    return cast(re.Pattern[str], _Uncompiled(pattern, int(flags)))  # subtle: no class can be made of re.Pattern
