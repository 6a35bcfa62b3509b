"""Labels read by several processes: the same as by one, in order, and no document stops the others."""

import os
import signal
from functools import partial
from pathlib import Path

import pytest
from test_indexing_model import HashModel, a_label, sentences

from assistant.errors import UnreadableLabel
from assistant.indexing.building import build
from assistant.indexing.gathering import Candidate, gathered
from assistant.indexing.store import Index
from assistant.label import Label


def made(number: int) -> Label:
    return a_label(f"label-{number:02}", f"Sentence {number} of a label.\n" * (number % 3 + 1))


def refused(number: int) -> Label:
    raise UnreadableLabel("is no label", place=f"{number}.xml", remedy="Mend it")


def surprised(number: int) -> Label:
    raise KeyError(number)


def killed(number: int) -> Label:
    os.kill(os.getpid(), signal.SIGKILL)
    return made(number)


def candidates(count: int, **others: object) -> list[Candidate]:
    """So many candidates; `others` are readers of some of them, by number: _3=refused."""
    return [
        Candidate(id=f"label-{number:02}", content=f"{number}", read=partial(others.get(f"_{number}", made), number))  # type: ignore[arg-type]
        for number in range(count)
    ]


@pytest.mark.parametrize("workers", [1, 2])
def test_labels_come_in_order_and_those_that_fail_say_why(workers: int) -> None:
    found = list(gathered(candidates(12, _3=refused, _7=surprised), sentences, workers))
    assert [one.label for one in found] == [None if place in (3, 7) else made(place) for place in range(12)]
    assert [len(one.passages) for one in found[:3]] == [1, 2, 3]
    assert str(found[3].error) == "3.xml: is no label. Mend it."
    assert str(found[7].error) == (
        "label-07: reading it failed: KeyError: 7. Report it with the document; the other labels are indexed without it."
    )


def test_a_process_that_dies_takes_only_its_own_document_along() -> None:
    found = list(gathered(candidates(14, _4=killed), sentences, 2))
    assert [one.label for one in found] == [None if place == 4 else made(place) for place in range(14)]
    assert found[4].error.message == "the process that read it died"


def test_several_processes_build_the_same_index(tmp_path: Path) -> None:
    for workers in (1, 2):
        report = build(
            candidates(9, _3=refused),
            sentences,
            tmp_path / str(workers),
            model=HashModel(),
            version="1",
            workers=workers,
        )
        assert [error.place for error in report.failed] == ["3.xml"]
    one, two = (Index.open(tmp_path / str(workers)) for workers in (1, 2))
    assert one.id == two.id
    assert dict(one.labels) == dict(two.labels)
    assert list(one.passages) == list(two.passages)
