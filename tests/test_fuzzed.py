"""Documents that fuzzing found to break a reader (`scripts/fuzz_readers.py`): each is read, or refused, quickly."""

import contextlib
import time
from pathlib import Path

import pytest
from fuzz_invariants import check

from assistant import reading
from assistant.errors import UnreadableLabel
from assistant.reading.source import Source

FOUND = sorted((Path(__file__).parent / "samples" / "fuzz").iterdir())


@pytest.mark.filterwarnings("ignore")  # pdfminer warns of what is broken
@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_fuzzing_found_keeps_every_invariant_of_a_label(path: Path) -> None:
    started = time.process_time()
    with contextlib.suppress(UnreadableLabel):
        check(reading.read(path, Source(file=path.name)))
    assert time.process_time() - started < 10  # seconds


def test_there_is_something_to_read() -> None:
    assert [path.name for path in FOUND] == ["empty_note.html", "mile_wide.pdf"]
