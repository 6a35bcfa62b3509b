"""Regular expressions that are compiled when they are first used.

In: what `re.compile` takes. Out: `expression`, in its place in the modules that every question imports. They hold some 300
expressions, half of which a question doesn't come to, and compiling one takes up to 40 ms. Left out: the language of
expressions.
"""

import re
from typing import Any, cast

_OFFERED = tuple(name for name in dir(re.Pattern) if not name.startswith("_"))


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
        compiled = re.compile(self.pattern, self._flags)
        self.__dict__.update({each: getattr(compiled, each) for each in _OFFERED})
        self.__class__ = _Compiled  # type: ignore[assignment]  # without __getattr__, which makes every lookup slow
        return getattr(compiled, name)


def expression(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The expression; a wrong one raises re.error when it is first used.

    >>> expression(r"\\d+").findall("1 of 20")
    ['1', '20']
    """
    return cast(re.Pattern[str], _Uncompiled(pattern, flags))  # subtle: no class can be made of re.Pattern
