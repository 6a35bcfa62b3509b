"""A Milvus of our own for the tests: milvus-lite, in a folder of each test.

Out: `MILVUS`, whether it is installed; `address`, a new one. Left out: a cluster, which no test starts.
"""

from importlib.util import find_spec
from itertools import count
from pathlib import Path

MILVUS = find_spec("pymilvus") is not None and find_spec("milvus_lite") is not None
_numbers = count(1)


def address(folder: Path) -> str:
    """The address of an empty one."""
    return str(folder / f"milvus-{next(_numbers)}.db")
