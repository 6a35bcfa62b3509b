"""What a published index consists of in Milvus: names, fields and rows.

In: an index's id, its passages with their vectors and words. Out: `collection_of`, `files_of`, `id_of`; fields and indexes of
the two collections of a version; `row`, `text_of` and `line_of`. Left out: writing (`milvus_publishing`).

    label_assistant                 the alias: which version is served
    label_assistant_<id>            a row a passage: number, label, its line of JSON, vector, words
    label_assistant_<id>_files      labels, manifest, encoder and word lists, in pieces (`milvus_files`)
"""

import base64
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexTrouble
from assistant.indexing import near
from assistant.indexing.sparse import Sparse

ALIAS: Final = "label_assistant"
_FILES: Final = "_files"
LONGEST: Final = 65_535  # bytes of a text, Milvus' own bound
LISTS: Final = 1024  # of a segment, which holds some hundred thousand passages
PROBES: Final = 128

Fields = Sequence[Mapping[str, Any]]


def collection_of(index: str) -> str:
    """The collection of the passages of an index."""
    return f"{ALIAS}_{index}"


def files_of(collection: str) -> str:
    """The collection of the files beside it."""
    return collection + _FILES


def passages_of(files: str) -> str:
    """The collection of the passages that files belong to, empty for other collections."""
    owner = files.removesuffix(_FILES)
    return owner if owner != files and id_of(owner) else ""


def id_of(collection: str) -> str:
    """The index whose passages a collection holds, empty for other collections."""
    prefix, _, index = collection.rpartition("_")
    return index if prefix == ALIAS else ""


def passage_fields(dimension: int) -> Fields:
    """The fields of a passage."""
    return (
        {"field_name": "number", "datatype": "INT64", "is_primary": True},
        {"field_name": "label", "datatype": "VARCHAR", "max_length": 1024},
        {"field_name": "passage", "datatype": "VARCHAR", "max_length": LONGEST},
        {"field_name": "vector", "datatype": "FLOAT_VECTOR", "dim": dimension},
        {"field_name": "words", "datatype": "SPARSE_FLOAT_VECTOR"},
    )


def passage_indexes(passages: int) -> Fields:
    """Exact search for few passages, as FAISS has it (`near`), lists for many; words and labels always exact."""
    lists = {"index_type": "IVF_FLAT", "params": {"nlist": LISTS}}
    return (
        {"field_name": "vector", "metric_type": "IP"} | ({"index_type": "FLAT"} if passages < near.LEAST else lists),
        {"field_name": "words", "metric_type": "IP", "index_type": "SPARSE_INVERTED_INDEX"},
        {"field_name": "label", "index_type": "INVERTED"},
    )


def probes(passages: int, within: str) -> dict[str, int]:
    """How many lists are looked through: some where all labels are searched, else all, so that nothing is missed.

    That is why it is no graph: what a graph finds behind a filter that lets little through is not its nearest.
    """
    if passages < near.LEAST:
        return {}
    return {"nprobe": LISTS if within else PROBES}


FILE_FIELDS: Final[Fields] = (
    {"field_name": "key", "datatype": "VARCHAR", "max_length": 1200, "is_primary": True},  # name and piece
    {"field_name": "name", "datatype": "VARCHAR", "max_length": 1100},
    {"field_name": "piece", "datatype": "INT64"},
    {"field_name": "pieces", "datatype": "INT64"},
    {"field_name": "text", "datatype": "VARCHAR", "max_length": LONGEST},
    {"field_name": "vector", "datatype": "FLOAT_VECTOR", "dim": 2},  # Milvus wants one in every collection
)
FILE_INDEXES: Final[Fields] = (
    {"field_name": "vector", "metric_type": "IP", "index_type": "FLAT"},
    {"field_name": "name", "index_type": "INVERTED"},
)


def row(number: int, label: str, line: bytes, vector: NDArray[np.float32], words: Sparse) -> dict[str, Any]:
    """A passage as it is written."""
    return {"number": number, "label": label, "passage": text_of(line, number), "vector": vector, "words": words}


def text_of(line: bytes, number: int) -> str:
    """A passage's line of JSON, packed where it is too long; JSON begins with a brace, which what is packed never does."""
    packed = line if len(line) <= LONGEST else base64.b64encode(zlib.compress(line, 9))
    if len(packed) > LONGEST:
        message = f"passage {number} has {len(line):,} bytes, and {len(packed):,} packed"
        raise IndexTrouble(message, place="milvus", remedy=f"Milvus takes {LONGEST:,}; split the label's source")
    return packed.decode()


def line_of(text: str) -> bytes:
    """The line of which `text_of` made a text."""
    raw = text.encode()
    return raw if raw.startswith(b"{") else zlib.decompress(base64.b64decode(raw))
