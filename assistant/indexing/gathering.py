"""Labels read and split, one after the other or by several processes, in the order asked for.

In: candidates and how to split a label. Out: `gathered`, for each candidate its label with passages, or why it can't be
read. Whatever a reader does, one document never stops the others: an error that nobody foresaw and a process that dies
are reported as that document's. Left out: which labels have to be read (`building`).
"""

import logging
import multiprocessing
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice

from assistant.errors import UnreadableLabel
from assistant.label import Label
from assistant.passage import Passage

_AHEAD = 4  # labels a process that are read before they are wanted, which bounds memory
_REPORT = "Report it with the document; the other labels are indexed without it"
_log = logging.getLogger(__name__)

Split = Callable[[Label], Sequence[Passage]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A label that is read only where its content is new.

    `content` says all that decides what `read` returns: the sha256 of the source file and what the corpus says of it.
    `read` may raise UnreadableLabel: the label is left out and reported. For several processes it must be picklable.
    """

    id: str
    content: str
    read: Callable[[], Label]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A label with its passages, or the message, place and remedy of what went wrong."""

    label: Label | None = None
    passages: Sequence[Passage] = ()
    trouble: tuple[str, str, str] = ("", "", "")

    @property
    def error(self) -> UnreadableLabel:
        """What went wrong, as an error; errors lose their parts on the way between processes."""
        message, place, remedy = self.trouble
        return UnreadableLabel(message, place=place, remedy=remedy)


def gathered(candidates: Iterable[Candidate], split: Split, workers: int) -> Iterator[Gathered]:
    """Each candidate's label and passages, in order."""
    if workers <= 1:
        return (gather(candidate, split) for candidate in candidates)
    return _side_by_side(iter(candidates), split, workers)


def gather(candidate: Candidate, split: Split) -> Gathered:
    """One candidate's label and passages."""
    try:
        label = candidate.read()
        return Gathered(label=label, passages=split(label))
    except UnreadableLabel as error:
        return Gathered(trouble=(error.message, error.place, error.remedy))
    except Exception as error:  # noqa: BLE001 - a reader has met a document that nobody foresaw
        _log.exception("reading %s failed", candidate.id)
        what = f"reading it failed: {type(error).__name__}: {error}"
        return Gathered(trouble=(what[:300], candidate.id, _REPORT))


def _side_by_side(candidates: Iterator[Candidate], split: Split, workers: int) -> Iterator[Gathered]:
    while batch := list(islice(candidates, 1)):
        batch = yield from _until_one_dies(chain(batch, candidates), split, workers)
        # One of those under way killed its process; which one shows when each has a process of its own.
        yield from (_by_itself(candidate, split) for candidate in batch)


def _until_one_dies(
    candidates: Iterator[Candidate], split: Split, workers: int
) -> Generator[Gathered, None, list[Candidate]]:
    """Reads until a process dies, and returns the candidates that were under way then."""
    waiting: deque[tuple[Candidate, Future[Gathered] | None]] = deque()
    with _pool(workers) as pool:
        for candidate in candidates:
            waiting.append((candidate, _submitted(pool, candidate, split)))
            if len(waiting) < workers * _AHEAD:
                continue
            if (found := _result(waiting[0][1])) is None:
                break
            waiting.popleft()
            yield found
        while waiting and (found := _result(waiting[0][1])):
            waiting.popleft()
            yield found
    return [candidate for candidate, _ in waiting]


def _submitted(pool: ProcessPoolExecutor, candidate: Candidate, split: Split) -> Future[Gathered] | None:
    try:
        return pool.submit(gather, candidate, split)
    except BrokenProcessPool:
        return None


def _result(future: Future[Gathered] | None) -> Gathered | None:
    """What a process found, None where one died."""
    try:
        return future.result() if future else None
    except BrokenProcessPool:
        return None


def _by_itself(candidate: Candidate, split: Split) -> Gathered:
    with _pool(1) as pool:
        dead = Gathered(trouble=("the process that read it died", candidate.id, _REPORT))
        return _result(_submitted(pool, candidate, split)) or dead


def _pool(workers: int) -> ProcessPoolExecutor:
    # Spawned, not forked: a fork would inherit the locks of tantivy's and torch's threads in whatever state they are.
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
