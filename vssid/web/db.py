"""The request's unit of work: Flask-SQLAlchemy's session, immediate for writes, committed before rendering."""

from typing import Any, cast

from flask import Flask, abort, g, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as RequestSession
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from vssid.kernel import db as ground

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class UnitSession(RequestSession):
    """Takes the write lock at its first statement while `info["writes"]` says that the request may write."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Any:
        """The one engine there is: itself for reading, its immediate twin for writing."""
        found = engine()
        return ground.writing(found) if self.info.get("writes") else found


db = SQLAlchemy(metadata=ground.Base.metadata, session_options={"class_": UnitSession, "expire_on_commit": False})

# The same proxy, typed as what it stands for.
session: Session = cast(Session, db.session)


def init_app(app: Flask, url: str) -> None:
    """Bind the session to `url` and teach its engine our BEGIN."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = ground.engine_options(url)
    db.init_app(app)
    with app.app_context():
        ground.prepare(db.engine)
    app.before_request(_choose_kind_of_unit)


def _choose_kind_of_unit() -> None:
    given = [request.path]
    if request.method not in SAFE_METHODS:
        # A body that trickles in must be read before the write lock is taken, not while it is held.
        given += (value for _name, value in request.form.items(multi=True))
        session.info["writes"] = True
    # No key types it, SQLite would keep it and PostgreSQL's text cannot hold it. Parameters: see `pages.query_text`.
    if any("\0" in value for value in given):
        abort(422)


@event.listens_for(Session, "after_commit")
def _read_only_from_here(committed: Session) -> None:
    """What is read after the commit, while rendering, must not take the write lock again."""
    # The end of a savepoint is told here, too; what comes after it would wait for the lock that the request itself holds.
    if not committed.in_nested_transaction():
        committed.info.pop("writes", None)


def commit() -> None:
    """End the unit of work: from here on the change is on the disk."""
    session.commit()


def abandon() -> None:
    """Give up the unit of work and its lock before showing a refusal: from here on the request only reads."""
    let_go()
    session.info.pop("writes", None)


def let_go() -> None:
    """Give up what was read and the lock, so that what commits on its own gets it; the next statement takes it anew."""
    session.rollback()


def engine() -> Engine:
    """The engine, for the few things that commit on their own (limits, refusals, views, last-seen)."""
    found: Engine = g.get("engine") or db.engine
    g.engine = found
    return found
