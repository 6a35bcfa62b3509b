"""API keys: made once, shown once, kept as a hash, with scopes.

In: a name and scopes, or a key that a caller shows. Out: `Keyring`, `Holder`. A key is `la_ID_SECRET`; the secret has 256
random bits, so one plain SHA-256 of it can't be guessed back. Left out: where a key is shown (`http.calling`).
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.errors import BadRequest
from assistant.storing.opening import Database
from assistant.storing.tables import api_keys

SCOPES = ("ask", "review", "admin")
PREFIX = "la_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose key it is and what it opens."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created: float
    revoked: float | None


class Keyring:
    """The keys of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, scopes: Sequence[str]) -> str:
        """A new key; this is the only time that it can be read."""
        _check(name, scopes)
        id, secret = secrets.token_hex(6), secrets.token_hex(32)
        row = {"id": id, "name": name, "hash": _hash(secret), "scopes": " ".join(scopes), "created": time.time()}
        try:
            with self._database.writing() as connection:
                connection.execute(insert(api_keys).values(**row))
        except IntegrityError as error:
            raise BadRequest(f"{name!r} is taken", place="name", remedy="Revoked keys keep their names too") from error
        return f"{PREFIX}{id}_{secret}"

    def holder(self, key: str) -> Holder | None:
        """Who holds a key, None where it opens nothing."""
        id, _, secret = key.removeprefix(PREFIX).partition("_")
        found = self._row(id) if key.startswith(PREFIX) and len(id) == 12 else None
        expected = found[1] if found else _hash("")
        if not hmac.compare_digest(_hash(secret), expected) or found is None:
            return None
        return found[0] if found[0].revoked is None else None

    def current(self, id: str) -> Holder | None:
        """The holder of that id while the key is good."""
        found = self._row(id)
        return found[0] if found and found[0].revoked is None else None

    def all(self) -> list[Holder]:
        """Every key that there ever was, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(api_keys).order_by(api_keys.c.created)).mappings()
            return [_holder(dict(row)) for row in rows]

    def revoke(self, name: str) -> None:
        """Make a key useless at once; raises BadRequest where none goes by that name."""
        good = update(api_keys).where(api_keys.c.name == name, api_keys.c.revoked.is_(None))
        with self._database.writing() as connection:
            if connection.execute(good.values(revoked=time.time())).rowcount == 0:
                remedy = "See label-assistant keys list"
                raise BadRequest(f"no key in use is named {name!r}", place="name", remedy=remedy)

    def _row(self, id: str) -> tuple[Holder, str] | None:
        with self._database.reading() as connection:
            row = connection.execute(select(api_keys).where(api_keys.c.id == id)).mappings().first()
        return (_holder(dict(row)), row["hash"]) if row else None


def _holder(row: dict[str, object]) -> Holder:
    return Holder(
        id=str(row["id"]),
        name=str(row["name"]),
        scopes=tuple(str(row["scopes"]).split()),
        created=float(str(row["created"])),
        revoked=float(str(row["revoked"])) if row["revoked"] is not None else None,
    )


def _check(name: str, scopes: Sequence[str]) -> None:
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise BadRequest(f"is {name!r}", place="name", remedy="Give 1 to 100 printable characters")
    wrong = [scope for scope in scopes if scope not in SCOPES]
    if wrong or not scopes:
        raise BadRequest(f"is {', '.join(wrong)!r}", place="scope", remedy=f"Allowed are {', '.join(SCOPES)}")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
