"""How long the stages of a reply take: understanding, retrieving, ranking, second stage, composing, storing.

In: functions marked with `timed`, blocks under `stage`. Out: `measured`, which gives the seconds that each stage took
while it was open, each second to the innermost stage alone. Where nobody measures, nothing is kept. Left out: who wants
to know (`http.counting`, `http.tracing`, `cli.explaining`).
"""

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

STAGES = ("understanding", "retrieving", "ranking", "second_stage", "composing", "storing")
Span = Callable[[str], AbstractContextManager[object]]
_P = ParamSpec("_P")
_R = TypeVar("_R")


class Spent:
    """Seconds by stage of one reply; a stage that was not entered is missing."""

    def __init__(self, span: Span) -> None:
        self.seconds: dict[str, float] = {}
        self._span = span
        self._open: list[str] = []
        self._since = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of this block for a stage, but for that of the stages within it."""
        self._count()
        self._open.append(name)
        try:
            with self._span(name):
                yield
        finally:
            self._count()
            self._open.pop()

    def _count(self) -> None:
        now = time.perf_counter()
        if self._open:
            self.seconds[self._open[-1]] = self.seconds.get(self._open[-1], 0.0) + now - self._since
        self._since = now


_spent: ContextVar[Spent | None] = ContextVar("spent", default=None)


@contextmanager
def measured(span: Span = nullcontext) -> Iterator[Spent]:
    """Measure the stages that are entered from here on in this thread, each under a span of its name."""
    spent = Spent(span)
    token = _spent.set(spent)
    try:
        yield spent
    finally:
        _spent.reset(token)


def stage(name: str) -> AbstractContextManager[None]:
    """A block that belongs to a stage."""
    spent = _spent.get()
    return spent.stage(name) if spent else nullcontext()


def timed(name: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """A function that belongs to a stage."""

    def mark(function: Callable[_P, _R]) -> Callable[_P, _R]:
        @functools.wraps(function)
        def marked(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            with stage(name):
                return function(*args, **kwargs)

        return marked

    return mark
