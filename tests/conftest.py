"""What all tests share: the real index, built once a run, and no setting of the machine that they run on.

Out: `real_index`, the folder of an index of `corpus/` built with the real encoder; `real_assistant`, the assistant on
it, which tests must not change. Left out: engines over hand-made labels (`standin`) and readers' samples (`seed`).
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from assistant.settings import PREFIX, Settings

if TYPE_CHECKING:
    from assistant.assembly import Assistant

CORPUS = Path(__file__).parents[1] / "corpus" / "labels"

settings.register_profile("any machine", settings(), deadline=None)  # a slow machine fails no property
settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    """A command that configures the log writes to a standard error that ends with its test."""
    root, ours = logging.getLogger(), logging.getLogger("assistant")
    handlers, levels = list(root.handlers), (root.level, ours.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


@pytest.fixture(scope="session")
def real_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the corpus' own index; the first process that needs it builds it, the others wait for it."""
    from assistant.assembly import build_index

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # each worker has a folder in the run's
    folder = shared / "real-index"
    with (shared / "real-index.wanted").open("a") as wanted:
        fcntl.flock(wanted, fcntl.LOCK_EX)  # the system frees it when the file is closed or the process ends
        build_index(Settings(corpus=CORPUS, index=folder))
    return folder


@pytest.fixture(scope="session")
def real_assistant(real_index: Path) -> "Assistant":
    """The assistant on the corpus' own index."""
    from assistant.assembly import open_assistant

    return open_assistant(Settings(corpus=CORPUS, index=real_index))
