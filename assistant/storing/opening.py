"""The database: SQLite in WAL by default, PostgreSQL by URL, brought to the newest tables when it is opened.

In: the setting `database`, a file or an SQLAlchemy URL. Out: `Database`, whose `reading` and `writing` give a connection
in a transaction; what is written is on disk when `writing` ends. Every error of the library becomes StorageTrouble or
StorageDamaged here. Left out: what is kept (`keeping` and the others).
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from assistant.errors import AssistantError, StorageDamaged, StorageTrouble
from assistant.storing.tables import HEAD

_CHECKED_WHOLE = 100_000_000  # bytes
BUSY = 10  # seconds that a writer waits for another
_MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 7_340_711  # any number: PostgreSQL's advisory lock that one migrating process holds
_ALTERED = ("malformed", "not a database", "file is encrypted", "invalid page", "could not read block")


class Database:
    """An open database; safe to share between threads."""

    def __init__(self, place: str | Path) -> None:
        self.url = _url(place)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.place = str(self.url.database if self.is_sqlite else self.url.render_as_string(hide_password=True))
        with self._told():
            self.engine = self._engine()
        try:
            self._check()
            self._migrate()
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose reads all see the same moment."""
        with self._told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose writes are all kept, durably, or none is."""
        with self._told(), self.engine.connect().execution_options(label_assistant_writes=True) as connection:
            with connection.begin():
                yield connection

    def compact(self) -> None:
        """Give freed pages of SQLite back and empty its log, in which removed text could still stand."""
        with self._told(), contextlib.closing(self.engine.raw_connection()) as raw:
            cursor = raw.cursor()
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except exc.IntegrityError:
            raise  # a row that is there already: its writer knows what that means
        except (exc.DBAPIError, exc.TimeoutError, sqlite3.Error, OSError) as error:
            raise self._trouble(error) from error

    def _trouble(self, error: Exception) -> AssistantError:
        cause = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
        if any(word in cause for word in _ALTERED):
            remedy = "Put the last backup in its place; the damaged file stays as it is"
            return StorageDamaged(f"is damaged: {cause}", place=self.place, remedy=remedy)
        remedy = "Check that it runs, that it can be written to and that its disk has room"
        return StorageTrouble(f"can't be used: {cause}", place=self.place, remedy=remedy)

    def _engine(self) -> Engine:
        if not self.is_sqlite:
            return create_engine(self.url, pool_pre_ping=True, pool_size=8)
        Path(self.place).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(self.url, connect_args={"timeout": BUSY})
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def _check(self) -> None:
        """Raise StorageDamaged where SQLite finds its own file altered."""
        if not self.is_sqlite or not Path(self.place).exists():
            return
        # The whole check finds rows that an index lost, too, but takes a second for 100 MB.
        check = "integrity_check" if Path(self.place).stat().st_size < _CHECKED_WHOLE else "quick_check"
        with self.reading() as connection:
            found = connection.execute(text(f"PRAGMA {check}(1)")).scalar_one()
        if found != "ok":
            raise self._trouble(OSError(f"malformed: {found}"))

    def _migrate(self) -> None:
        if self._version() == HEAD:
            return
        with self.writing() as connection:
            if not self.is_sqlite:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            _upgrade(connection)

    def _version(self) -> str:
        """The migration that the tables stand at, empty for a new database; StorageTrouble for one of a later version."""
        with self.reading() as connection:
            if not self.engine.dialect.has_table(connection, "alembic_version"):
                return ""
            found = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
        if found > HEAD:
            message = f"has tables of the later version {found}, this one knows {HEAD}"
            raise StorageTrouble(message, place=self.place, remedy="Install the newer label-assistant")
        return found


def _upgrade(connection: Connection) -> None:
    from alembic import command  # subtle: a third of a second, and only needed when the tables change
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _url(place: str | Path) -> URL:
    if isinstance(place, Path) or "://" not in place:
        return URL.create("sqlite", database=str(place))
    try:
        url = make_url(place)
    except exc.ArgumentError as error:
        raise _no_url() from error
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise _no_url()
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _no_url() -> StorageTrouble:
    remedy = "Give a file, or a URL such as postgresql://user@host/name"
    return StorageTrouble("is neither a file nor a URL of SQLite or PostgreSQL", place="database", remedy=remedy)


def _prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    """SQLite as it is wanted: a log that readers don't wait for, on disk before a commit returns, references kept."""
    del entry
    plain: Any = connection
    plain.isolation_level = None  # subtle: the driver must not begin by itself, `_begin` does
    cursor = plain.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # subtle: a reader that turns writer may fail at once, however long it would wait; so a writer begins as one.
    writes = connection.get_execution_options().get("label_assistant_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
