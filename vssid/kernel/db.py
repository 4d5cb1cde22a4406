"""The database below every room: one Base, three column types, and how a transaction begins.

Writes on SQLite begin IMMEDIATE: a deferred transaction that reads first and writes later fails or loses updates as
soon as two workers meet. `synchronous=FULL` makes a commit mean "on the disk" (safety: an answer is given after it).
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

import pysqlite3.dbapi2
from sqlalchemy import DateTime, Dialect, Engine, MetaData, Uuid, event
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_SECONDS = 8


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
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give SQLite's naive values their zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


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
    """What `create_engine` needs besides the address: for SQLite the mended driver and its patience."""
    if not url.startswith("sqlite"):
        return {"pool_pre_ping": True}
    check_sqlite_library(pysqlite3.dbapi2.sqlite_version_info)
    return {"module": pysqlite3.dbapi2, "connect_args": {"timeout": BUSY_TIMEOUT_SECONDS}}


def prepare(engine: Engine) -> None:
    """Teach a new `engine` our pragmas and our BEGIN. Does nothing on PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def pragmas(connection: Any, _record: Any) -> None:
        # The driver would begin deferred transactions by itself, too late and of the wrong kind.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={int(BUSY_TIMEOUT_SECONDS * 1000)}")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA cache_size=-16000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        if connection.get_execution_options().get("immediate", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # may find the lock taken: an error for SQLAlchemy to name
        else:
            # Straight to the driver: the long way costs as much as a page's statement, and this cannot fail.
            connection.connection.driver_connection.execute("BEGIN")


@functools.lru_cache(maxsize=8)
def writing(engine: Engine) -> Engine:
    """The same `engine` (and pool) whose transactions begin with the write lock taken."""
    return engine.execution_options(immediate=True)


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
