"""Signed-in browsers: a random token in the cookie, its digest in a row that ends in every worker at once."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Engine, bindparam, delete, insert, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from vssid.accounts.models import Device, FreezeCode, LoginSession
from vssid.accounts.rules import LAST_SEEN_GRAIN
from vssid.kernel.crypto import digest, token
from vssid.kernel.db import unit
from vssid.kernel.rows import table_of
from vssid.web.htmx import is_poll

KEEP_ENDED = timedelta(days=90)

# Built once: a wave of sign-ins sends nothing else.
_SESSIONS = table_of(LoginSession)
_OPEN = insert(_SESSIONS)
_END = (
    update(_SESSIONS)
    .where(_SESSIONS.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"), end_reason=bindparam("reason"))
)
_END_OF = _END.where(
    _SESSIONS.c.subject_kind == bindparam("whose_kind"), _SESSIONS.c.subject_id == bindparam("whose_id")
)


def open_session(
    db: Session,
    subject_kind: str,
    subject_id: UUID,
    device_id: UUID | None,
    at: datetime,
    absolute: timedelta,
    network: str = "",
) -> str:
    """Start a session of somebody who has just proven who they are; returns its token, which only the cookie will hold."""
    secret = token()
    row = {
        "id": uuid4(), "token_digest": digest(secret), "subject_kind": subject_kind, "subject_id": subject_id,
        "device_id": device_id, "created_at": at, "last_seen_at": at, "proven_at": at, "network": network,
        "expires_at": at + absolute,
    }  # fmt: skip
    db.connection().execute(_OPEN, row)
    return secret


def end_session(db: Session, session_id: UUID, at: datetime, reason: str) -> None:
    """End one session."""
    db.connection().execute(_END.where(_SESSIONS.c.id == session_id), {"at": at, "reason": reason})


def end_sessions_of(
    db: Session, subject_kind: str, subject_id: UUID, at: datetime, reason: str, but: UUID | None = None
) -> None:
    """End all sessions of one person, except `but`."""
    statement = _END_OF.where(_SESSIONS.c.id != but) if but else _END_OF
    whose = {"whose_kind": subject_kind, "whose_id": subject_id}
    db.connection().execute(statement, {"at": at, "reason": reason, **whose})


def end_everywhere(db: Session, account_id: UUID, at: datetime, reason: str) -> None:
    """End the sessions of an account, and the trust in its devices."""
    end_sessions_of(db, "citizen", account_id, at, reason)
    db.execute(update(Device).where(Device.account_id == account_id, Device.ended_at.is_(None)).values(ended_at=at))


def forget_devices(db: Session, account_id: UUID) -> None:
    """The account begins anew in other hands: browsers and notices of before have no power over it any more."""
    mine = LoginSession.subject_kind == "citizen", LoginSession.subject_id == account_id
    db.execute(update(LoginSession).where(*mine).values(device_id=None))
    db.execute(delete(Device).where(Device.account_id == account_id))
    db.execute(delete(FreezeCode).where(FreezeCode.account_id == account_id))


def seen(engine: Engine, session_id: UUID, last_seen_at: datetime, at: datetime, *, away: bool = False) -> datetime:
    """Note that the session was used, at most once a minute, in a transaction of its own. Returns the newest moment.

    `away` says that its owner was away too long to be trusted with a sensitive act. What cannot be noted (a full disk, a
    lock held too long) stops nobody from reading; it prolongs nothing either. Nor does a page that asks by itself.
    """
    if is_poll() or at - last_seen_at < LAST_SEEN_GRAIN:
        return last_seen_at
    values = {"last_seen_at": at, **({"proven_at": None} if away else {})}
    try:
        with unit(engine) as db:
            db.execute(update(LoginSession).where(LoginSession.id == session_id).values(values))
    except OperationalError:
        return last_seen_at
    return at


def prove(engine: Engine, session_id: UUID, at: datetime) -> None:
    """The owner has shown their password or passkey once more, noted at once: the act that asked for it may be refused."""
    with unit(engine) as db:
        db.execute(update(LoginSession).where(LoginSession.id == session_id).values(proven_at=at))


def ended(db: Session, kind: str, secret: str) -> LoginSession | None:
    """The session of a cookie that opens nothing any more, for telling its holder why."""
    return db.scalar(
        select(LoginSession).where(LoginSession.token_digest == digest(secret), LoginSession.subject_kind == kind)
    )


def successor(db: Session, gone: LoginSession) -> LoginSession | None:
    """The session that took the place of one: the same subject's, begun at the moment at which that one ended."""
    return db.scalar(
        select(LoginSession)
        .where(LoginSession.subject_kind == gone.subject_kind, LoginSession.subject_id == gone.subject_id)
        .where(LoginSession.created_at == gone.ended_at)
        .limit(1)
    )


def purge(db: Session, at: datetime) -> None:
    """Drop sessions that ended three months ago."""
    db.execute(delete(LoginSession).where(LoginSession.expires_at < at - KEEP_ENDED))
