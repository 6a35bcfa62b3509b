"""Calls to Milvus, by pymilvus: each with a time limit, each failure told as an error of ours.

In: an address. Out: `Milvus`. pymilvus is imported when one is opened. Everything that it does works on a cluster and on
milvus-lite alike. Left out: what is stored (`milvus_rows`, `milvus_files`).
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from assistant.errors import BadSetting, IndexMissing, IndexTrouble, IndexUnreachable

PUBLISH: Final = "Publish it anew: label-assistant publish"
_SECONDS: Final = 10.0  # for a call; a question has as long
_SECONDS_TO_WRITE: Final = 300.0
# What serves was written long ago, and who publishes sees what it wrote: https://milvus.io/docs/consistency.md
_CONSISTENCY: Final = "Session"
_LITE: Final = ".db"
_NO_SUCH: Final = (100, 1600)  # collection, alias; https://milvus.io/docs/error-code.md
_log = logging.getLogger(__name__)


class Milvus:
    """A Milvus at an address; safe to share between threads."""

    def __init__(self, address: str) -> None:
        self.place = without_password(address)
        try:
            import grpc
            import pymilvus
        except ImportError as error:
            remedy = "Install it: pip install 'label-assistant[milvus]'"
            raise BadSetting("needs the package pymilvus", place="milvus", remedy=remedy) from error
        logging.getLogger("pymilvus").setLevel(
            logging.CRITICAL
        )  # it logs each error that it raises, with its traceback
        # pymilvus lets through what isn't worth a second try, as a time limit or a wrong password
        self._trouble = (pymilvus.MilvusException, grpc.RpcError)
        self._types = pymilvus.DataType
        if not address.endswith(_LITE) and urlsplit(address).scheme not in ("http", "https", "tcp"):
            remedy = "Give http://HOST:19530, or a file ending in .db for milvus-lite"
            raise BadSetting(f"{self.place!r} is no address of Milvus", place="milvus", remedy=remedy)
        try:
            self._client: Any = pymilvus.MilvusClient(address, timeout=_SECONDS)
        except (*self._trouble, OSError, ValueError) as error:
            raise self._unreachable(error) from error

    def served(self, alias: str) -> str:
        """The collection that an alias names; IndexMissing where there is none."""
        if found := self.behind(alias):
            return found
        raise IndexMissing(
            f"there is no alias {alias!r}: nothing is published",
            place=self.place,
            remedy="Publish an index: label-assistant publish",
        )

    def behind(self, alias: str) -> str:
        """The collection that an alias names, empty where there is none."""
        try:
            return str(self._client.describe_alias(alias, timeout=_SECONDS)["collection_name"])
        except self._trouble as error:
            if getattr(error, "code", None) in _NO_SUCH:
                return ""
            raise self._told(error, alias) from error

    def point(self, alias: str, collection: str) -> None:
        """Have an alias name a collection, at once."""
        before = self.behind(alias)
        if before != collection:
            self._call("alter_alias" if before else "create_alias", collection, alias)

    def collections(self) -> list[str]:
        """The names of all collections."""
        return sorted(self._call("list_collections", ""))

    def create(
        self, collection: str, fields: Sequence[Mapping[str, Any]], indexes: Sequence[Mapping[str, Any]]
    ) -> None:
        """A collection, where there isn't one: `fields` and `indexes` as `milvus_rows` has them."""
        if collection in self.collections():
            return
        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        for field in fields:
            schema.add_field(**{**field, "datatype": self._types[field["datatype"]]})
        params = self._client.prepare_index_params()
        for index in indexes:
            params.add_index(**index)
        self._call("create_collection", collection, schema=schema)
        self._call("create_index", collection, params, sync=False)  # nothing to wait for: there are no rows yet

    def drop(self, collection: str) -> None:
        """Remove a collection."""
        self._call("drop_collection", collection)

    def write(self, collection: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Rows in; one of the same key is replaced."""
        self._call("upsert", collection, list(rows), timeout=_SECONDS_TO_WRITE)

    def flush(self, collection: str) -> None:
        """Have all that was written kept."""
        self._call("flush", collection, timeout=_SECONDS_TO_WRITE)

    def load(self, collection: str, replicas: int = 1) -> None:
        """Have it ready to be searched, where it isn't; one that is keeps the replicas that it has.

        On a cluster it stays so until somebody releases it, in a file until it is closed.
        """
        if self._call("get_load_state", collection)["state"].name != "Loaded":
            self._call("load_collection", collection, timeout=_SECONDS_TO_WRITE, replica_number=replicas)

    def count(self, collection: str, within: str = "") -> int:
        """How many rows there are, those just written included."""
        fields = ["count(*)"]
        found = self._call("query", collection, filter=within, output_fields=fields, consistency_level="Strong")
        return int(found[0]["count(*)"])

    def dimension(self, collection: str) -> int:
        """The dimension of a collection's vectors."""
        fields = self._call("describe_collection", collection)["fields"]
        return int(next(field["params"]["dim"] for field in fields if field["name"] == "vector"))

    def query(self, collection: str, within: str, fields: Sequence[str], limit: int) -> list[dict[str, Any]]:
        """The rows that a filter lets through, in any order."""
        named: dict[str, Any] = {"filter": within, "output_fields": list(fields), "limit": limit}
        return list(self._call("query", collection, consistency_level=_CONSISTENCY, **named))

    def search(
        self,
        collection: str,
        field: str,
        vector: NDArray[np.float32] | Mapping[int, float],
        k: int,
        within: str,
        fields: Sequence[str],
        parameters: Mapping[str, int] | None = None,
    ) -> list[dict[str, Any]]:
        """The `k` rows with the greatest inner product among those that a filter lets through."""
        hits: list[dict[str, Any]] = self._call(
            "search",
            collection,
            data=[vector],
            anns_field=field,
            limit=k,
            filter=within,
            output_fields=list(fields),
            consistency_level=_CONSISTENCY,
            search_params={"metric_type": "IP", "params": dict(parameters or {})},
        )[0]
        return hits

    def _call(self, name: str, collection: str, *arguments: Any, timeout: float = _SECONDS, **named: Any) -> Any:
        given = (collection, *arguments) if collection else arguments
        try:
            return getattr(self._client, name)(*given, timeout=timeout, **named)
        except self._trouble as error:
            raise self._told(error, collection) from error

    def _told(self, error: Any, collection: str) -> IndexTrouble:
        if getattr(error, "code", None) in _NO_SUCH:
            remedy = f"{PUBLISH}, or have the service take the newest (SIGHUP)"
            return IndexMissing(f"the collection {collection!r} isn't there", place=self.place, remedy=remedy)
        return self._unreachable(error)

    def _unreachable(self, error: Exception) -> IndexUnreachable:
        said = error.details() if hasattr(error, "details") else getattr(error, "message", error)
        message = f"Milvus doesn't answer as it should: {said}"
        remedy = "Check the setting milvus and that Milvus is up"
        return IndexUnreachable(message[:300], place=self.place, remedy=remedy)


def without_password(address: str) -> str:
    """An address as it may be shown.

    >>> without_password("http://reader:secret@milvus:19530")
    'http://milvus:19530'
    """
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if parts.netloc else address
