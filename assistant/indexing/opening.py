"""Opening the index in service, in whichever store it lies.

In: the folder, and the address of Milvus if there is one. Out: `open_index`, a `Store`, and `begin`, which opens one whose
encoder is being loaded. Left out: the stores.
"""

import contextlib
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from assistant.errors import IndexTrouble
from assistant.indexing.opened import Store

if TYPE_CHECKING:
    from assistant.settings import Settings


def begin(settings: "Settings") -> Store:
    """The index that the settings name, its encoder being loaded meanwhile; raises what `open_index` does."""
    index = open_index(settings.index, settings.milvus, threads=settings.threads, model=settings.model)
    # subtle: no daemon, which Python kills at its end amid C++: the process would abort
    Thread(target=_load_encoder, args=(index,)).start()
    return index


def _load_encoder(index: Store) -> None:
    """The encoder, for the most part outside Python; what is wrong with it shows where it is used."""
    with contextlib.suppress(IndexTrouble):
        assert index.encoder is not None
        assert not index.reads_pairs or index.cross_encoder is not None


def open_index(folder: Path, milvus: str = "", *, threads: int = 2, model: str | None = None) -> Store:
    """The index published at an address of Milvus, that of the folder where no address is given.

    Raises IndexMissing, IndexDamaged, IndexStale or IndexUnreachable.
    """
    if milvus:
        from assistant.indexing.milvus import open_published  # subtle: pymilvus is an extra, and takes half a second

        return open_published(milvus, folder, threads=threads, model=model)
    from assistant.indexing.store import Index

    return Index.open(folder, threads=threads, model=model)
