"""The mark of a specimen database: one parameter row, set before the first invented person and never taken away."""

import time
from datetime import date
from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from vssid.directory.models import Parameter
from vssid.kernel.db import reading
from vssid.kernel.rows import table_of
from vssid.web.db import db as request_db

CODE = "he_thong.ban_mau"
SOURCE = "flask demo load"
# The key of a parameter holds its first day: a fixed one lets the mark stand only once.
_SINCE = date(2000, 1, 1)
_ASK_EVERY_SECONDS = 30.0


class State(StrEnum):
    """What the mark says: a load that was interrupted leaves LOADING behind."""

    LOADING = "0"
    LOADED = "1"


def state(db: Session) -> State | None:
    """Whether specimens are here, or on their way; None in a database of real people."""
    value = db.scalar(select(Parameter.value).where(Parameter.code == CODE).limit(1))
    return None if value is None else State(value)


def is_specimen(db: Session) -> bool:
    """Whether this database was filled by `flask demo load`: its people and figures are invented."""
    return state(db) is not None


def begin(db: Session) -> None:
    """Mark the database, in the transaction that brings the first specimens: none is ever seen without the mark."""
    row = {"code": CODE, "valid_from": _SINCE, "valid_to": None, "value": State.LOADING, "source": SOURCE}
    db.execute(insert(table_of(Parameter)), [row])


def finish(db: Session) -> None:
    """Note that all of the specimen province is here."""
    db.execute(update(table_of(Parameter)).where(Parameter.code == CODE).values(value=State.LOADED))


class Mark:
    """Answers every page, but asks the database at most every half minute; needs an application context."""

    def __init__(self) -> None:
        """Knows nothing yet."""
        self.forget()

    def forget(self) -> None:
        """Ask the database again next time: it has just been filled."""
        self._answer = False
        self._asked_at: float | None = None

    def __call__(self) -> bool:
        """Whether the people here are invented; while the database is away, what it said last."""
        at = time.monotonic()
        if self._asked_at is None or at - self._asked_at >= _ASK_EVERY_SECONDS:
            # Noted first: the page that says “the database is away” must not wait for it once more.
            self._asked_at = at
            try:
                with reading(request_db.engine) as session:
                    self._answer = is_specimen(session)
            except SQLAlchemyError:
                pass
        return self._answer
