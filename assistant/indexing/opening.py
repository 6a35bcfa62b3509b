"""Opening the index in service, in whichever store it lies.

In: the folder, and the address of Milvus if there is one. Out: `open_index`, a `Store`. Left out: the stores.
"""

from pathlib import Path

from assistant.indexing.opened import Store


def open_index(folder: Path, milvus: str = "", *, threads: int = 2, model: str | None = None) -> Store:
    """The index published at an address of Milvus, that of the folder where no address is given.

    Raises IndexMissing, IndexDamaged, IndexStale or IndexUnreachable.
    """
    if milvus:
        from assistant.indexing.milvus import open_published  # subtle: pymilvus is an extra, and takes half a second

        return open_published(milvus, folder, threads=threads, model=model)
    from assistant.indexing.store import Index

    return Index.open(folder, threads=threads, model=model)
