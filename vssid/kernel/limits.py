"""Exact limits, counted in the database so that they hold at any number of workers and across restarts.

One atomic statement counts and decides. A window begins with the first thing counted in it: one that began at whole hours
would give whoever waits for the hour twice as much at once. The keys are keyed digests: a table of phone numbers would
itself be a leak.
"""

import functools
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, bindparam, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from vssid.kernel.crypto import keyed_digest
from vssid.kernel.db import Base, writing
from vssid.kernel.rows import table_of

# What is done, by whom, how often it may be, in how long a window.
Count = tuple[str, str, int, timedelta]


class LimitCounter(Base):
    """How often one thing was done in its newest window of time."""

    __tablename__ = "limit_counters"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    window_end: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


_FORGET = delete(table_of(LimitCounter)).where(LimitCounter.key == bindparam("whose"))


@functools.cache
def _counting(dialect: str) -> Any:
    """One more in a window, if there is room: built once, because every guess and every code begins with it."""
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    passed = LimitCounter.window_end <= bindparam("at")
    return (
        insert(table_of(LimitCounter))
        .values(key=bindparam("whose"), window_end=bindparam("end"), count=1)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((passed, 1), else_=LimitCounter.count + 1),
                "window_end": case((passed, bindparam("end")), else_=LimitCounter.window_end),
            },
            where=passed | (LimitCounter.count < bindparam("most")),
        )
        .returning(LimitCounter.count)
    )


class Limiter:
    """Counts against limits in transactions of its own, so that a refused request counts too."""

    def __init__(self, engine: Engine, secret: str) -> None:
        """`secret` keys the digests of what is counted."""
        self._engine = engine
        self._secret = secret

    def allow(self, what: str, whom: str, limit: int, per: timedelta, at: datetime) -> bool:
        """Count one `what` by `whom`; False when `limit` within this window was already used up."""
        return self.allow_all([(what, whom, limit, per)], at)

    def allow_all(self, counts: Iterable[Count], at: datetime) -> bool:
        """Count one of each in one transaction, up to the first that is used up; False when there is such a one."""
        with writing(self._engine).begin() as connection:
            return all(self._counted(connection, count, at) for count in counts)

    def allow_within(self, db: Session, what: str, whom: str, limit: int, per: timedelta, at: datetime) -> bool:
        """Like `allow`, inside the caller's transaction: counted only if that commits."""
        return self._counted(db.connection(), (what, whom, limit, per), at)

    def _counted(self, connection: Connection, count: Count, at: datetime) -> bool:
        what, whom, limit, per = count
        values = {"whose": self._key(what, whom), "at": at, "end": at + per, "most": limit}
        return connection.execute(_counting(connection.dialect.name), values).first() is not None

    def used(self, db: Session, what: str, whom: str, at: datetime) -> int:
        """How much of the window's allowance is used; counts nothing."""
        query = select(LimitCounter.count).where(
            LimitCounter.key == self._key(what, whom), LimitCounter.window_end > at
        )
        return db.scalar(query) or 0

    def forget(self, db: Session, what: str, whom: str) -> None:
        """Start anew for `whom`, as after a right password."""
        db.connection().execute(_FORGET, {"whose": self._key(what, whom)})

    def _key(self, what: str, whom: str) -> bytes:
        return keyed_digest(self._secret, "limit", what, whom)


def purge(db: Session, at: datetime) -> None:
    """Drop windows that have passed."""
    db.execute(delete(LimitCounter).where(LimitCounter.window_end <= at))
