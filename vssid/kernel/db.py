"""The database below every room: one Base, four column types, and how a transaction begins.

One transaction writes at a time, on both databases: on SQLite it begins IMMEDIATE, on PostgreSQL it takes one advisory
lock. A transaction that reads first and writes later fails or loses updates as soon as two workers meet; with one writer
every rule that is read within a unit still holds at its end, and what holds in a test on one database holds on the other.
A commit means "on the disk" (safety: an answer is given after it): `synchronous=FULL`, `synchronous_commit=on`.
"""

import functools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote
from uuid import UUID

import pysqlite3.dbapi2
from sqlalchemy import DateTime, Dialect, Engine, Index, MetaData, String, Uuid, event, text
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

BUSY_TIMEOUT_SECONDS = 8
WRITER_LOCK = 4_210_130  # any number that nothing else in the database uses as key of an advisory lock


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; a naive one is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments; SQLite's text then sorts as time does."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        try:
            return value.astimezone(UTC)
        except OverflowError:
            # Somebody's address named the year 1 or 9999, and the zone carries it beyond the calendar's end.
            return datetime(1, 1, 1, tzinfo=UTC) if value.year == 1 else datetime(9999, 12, 31, tzinfo=UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give SQLite's naive values their zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def folded_text(length: int) -> TypeEngine[str]:
    """Text that is searched and sorted by: by its letters alone, as SQLite does, in whatever language the cluster sorts."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def index_of_some(name: str, column: str, where: str) -> Index:
    """An index of the rows for which `where` holds: small where most rows are of no interest."""
    return Index(name, column, sqlite_where=text(where), postgresql_where=text(where))


# Last of a model's `__table_args__`: what stands in the table is shown on public pages, of which copies are kept.
SHOWN_TO_ALL: dict[str, Any] = {"info": {"published": True}}


class Base(DeclarativeBase):
    """The one declarative base; constraint names are fixed so that migrations can name them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime, UUID: Uuid(as_uuid=True)}


def check_sqlite_library(version: tuple[int, ...]) -> None:
    """Raise RuntimeError for a library with the WAL-reset bug (3.7.0–3.51.2; mended in 3.50.7 and 3.44.6 too)."""
    mended = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    if not mended:
        raise RuntimeError(
            f"SQLite {'.'.join(map(str, version))} can lose commits in WAL mode (fixed in 3.51.3). Run `make setup`."
        )


def engine_options(url: str) -> dict[str, Any]:
    """What `create_engine` needs besides the address: the mended driver of SQLite; one view of the rows a reading."""
    if not url.startswith("sqlite"):
        # Prepared, a search would soon be planned for words nobody typed: half a second instead of five milliseconds.
        unprepared = {"prepare_threshold": None}
        return {"pool_pre_ping": True, "isolation_level": "REPEATABLE READ", "connect_args": unprepared}
    check_sqlite_library(pysqlite3.dbapi2.sqlite_version_info)
    return {"module": pysqlite3.dbapi2, "connect_args": {"timeout": BUSY_TIMEOUT_SECONDS}}


def prepare(engine: Engine) -> None:
    """Teach a new `engine` our pragmas and our BEGIN."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _only_what_is_there)
        event.listen(engine, "connect", _pragmas)
        event.listen(engine, "begin", _begin_on_sqlite)
    else:
        event.listen(engine, "begin", _begin_on_postgresql)


def create_file(engine: Engine) -> None:
    """The file of a new SQLite database, for its owner alone. Nothing else makes one: see `_only_what_is_there`."""
    if engine.dialect.name == "sqlite" and engine.url.database:
        os.close(os.open(engine.url.database, os.O_CREAT | os.O_RDWR, 0o600))


def _only_what_is_there(_dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
    """A database that has gone away is an error. SQLite would make an empty one, and its log would meet the old file's."""
    arguments[0] = f"file:{quote(arguments[0])}?mode=rw"
    options["uri"] = True


def _pragmas(connection: Any, _record: Any) -> None:
    # The driver would begin deferred transactions by itself, too late and of the wrong kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={_patience()}")
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.execute("PRAGMA cache_size=-16000")
    cursor.close()


def _patience() -> int:
    """How long one waits for another writer, in milliseconds."""
    return int(BUSY_TIMEOUT_SECONDS * 1000)


def _begin_on_sqlite(connection: Any) -> None:
    if connection.get_execution_options().get("immediate", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # may find the lock taken: an error for SQLAlchemy to name
    else:
        # Straight to the driver: the long way costs as much as a page's statement, and this cannot fail.
        connection.connection.driver_connection.execute("BEGIN")


def _begin_on_postgresql(connection: Any) -> None:
    if connection.get_execution_options().get("immediate", False):
        # One round trip. The settings end with the transaction and are in force when the lock is waited for.
        connection.exec_driver_sql(
            "SELECT set_config('lock_timeout', %s, true), set_config('synchronous_commit', 'on', true),"
            " pg_advisory_xact_lock(%s)",
            (str(_patience()), WRITER_LOCK),
        )


@functools.lru_cache(maxsize=8)
def writing(engine: Engine) -> Engine:
    """The same `engine` (and pool) whose transactions begin with the write lock taken."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(immediate=True)
    # A view of the rows from before the wait for the lock would be an old one: each statement looks anew.
    return engine.execution_options(immediate=True, isolation_level="READ COMMITTED")


@contextmanager
def unit(engine: Engine) -> Iterator[Session]:
    """One short write transaction of its own: commits at the end, rolls back when the block raises."""
    with Session(writing(engine), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One consistent view for reading, outside the request's unit of work."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session
