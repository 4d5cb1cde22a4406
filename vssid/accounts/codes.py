"""One-time codes: issued with their purpose, tried at most five times, used once even by fifty parallel requests."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from vssid.accounts.models import OneTimeCode
from vssid.accounts.rules import (
    CODE_RULES,
    CODE_TRIES_A_DAY,
    CODES_EVERYWHERE,
    CODES_PER_NUMBER,
    CODES_PROVEN_NUMBER,
    CODES_UNPROVEN_NUMBER,
    DAY,
    Purpose,
    plain_code,
)
from vssid.kernel.crypto import Keyring, same
from vssid.kernel.db import reading, unit
from vssid.kernel.limits import Limiter

KEEP_ENDED = timedelta(days=30)
NOBODY = UUID(int=0)


def may_send(limiter: Limiter, number: str, proven: bool, at: datetime) -> bool:
    """Count one more code to a phone `number`; False when it, or the whole system, has had enough for now."""
    daily = CODES_PROVEN_NUMBER if proven else CODES_UNPROVEN_NUMBER
    counts = [
        ("code-sent", number, *CODES_PER_NUMBER),
        ("code-sent-day", number, *daily),
        ("code-sent-all", "", *CODES_EVERYWHERE),
    ]
    return limiter.allow_all(counts, at)


def issue(
    db: Session, keyring: Keyring, purpose: Purpose, subject_id: UUID, at: datetime, bound_to: str = ""
) -> tuple[UUID, str]:
    """Make a code in the caller's transaction; earlier ones of the same purpose and subject die. Returns its id and itself."""
    rule = CODE_RULES[purpose]
    db.execute(
        update(OneTimeCode)
        .where(OneTimeCode.purpose == purpose, OneTimeCode.subject_id == subject_id)
        # The dead stay as they are: whoever asks often must not take longer than somebody unknown.
        .where(OneTimeCode.used_at.is_(None), OneTimeCode.tries_left > 0)
        .values(tries_left=0)
    )
    id, code = uuid4(), str(secrets.randbelow(10**rule.digits)).zfill(rule.digits)
    db.add(
        OneTimeCode(
            id=id,
            purpose=purpose,
            subject_id=subject_id,
            bound_to=bound_to,
            digest=_digest(keyring, purpose, subject_id, bound_to, code),
            tries_left=rule.tries,
            created_at=at,
            expires_at=at + rule.life,
        )
    )
    return id, code


def attempt(
    engine: Engine,
    limiter: Limiter,
    keyring: Keyring,
    purposes: tuple[Purpose, ...],
    subject_id: UUID,
    typed: str,
    at: datetime,
    bound_to: str = "",
) -> UUID | None:
    """Count one try and compare, in a transaction of its own; the code's id if it is right, else None.

    The right code is not used up by this: `use` does that inside the act that it allows.
    """
    if not may_try(limiter, subject_id, at):
        return None
    return compare(engine, keyring, purposes, subject_id, typed, at, bound_to)


def may_try(limiter: Limiter, subject_id: UUID, at: datetime) -> bool:
    """Count one try of any code of a subject; False when today's are used up."""
    return limiter.allow("code-try", str(subject_id), CODE_TRIES_A_DAY, DAY, at)


def may_try_one(
    engine: Engine, limiter: Limiter, purposes: tuple[Purpose, ...], subject_id: UUID, at: datetime
) -> bool:
    """`may_try` where a stranger types the name: only a code that can be typed in costs its owner a try.

    Else ten wrong codes for a number that many know would shut the owner's codes out for a day. The rest is counted for
    nobody, with the same statements.
    """
    with reading(engine) as db:
        # All of them are asked, whoever it is: the statements stay the same.
        found = [waiting(db, purpose, subject_id, at) for purpose in purposes]
    there = any(found)
    return may_try(limiter, subject_id if there else NOBODY, at) or not there


def compare(
    engine: Engine,
    keyring: Keyring,
    purposes: tuple[Purpose, ...],
    subject_id: UUID,
    typed: str,
    at: datetime,
    bound_to: str = "",
) -> UUID | None:
    """`attempt` for a try that `may_try` has counted already."""
    with unit(engine) as db:
        row = db.execute(
            update(OneTimeCode)
            .where(OneTimeCode.id == _newest(purposes, subject_id), OneTimeCode.tries_left > 0)
            .where(OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > at)
            .values(tries_left=OneTimeCode.tries_left - 1)
            .returning(OneTimeCode.id, OneTimeCode.purpose, OneTimeCode.digest)
        ).first()
    if row is None:
        return None
    expected = _digest(keyring, Purpose(row.purpose), subject_id, bound_to, plain_code(typed))
    return row.id if same(row.digest, expected) else None


def _newest(purposes: tuple[Purpose, ...], subject_id: UUID):  # type: ignore[no-untyped-def]
    return (
        select(OneTimeCode.id)
        .where(OneTimeCode.purpose.in_(purposes), OneTimeCode.subject_id == subject_id)
        .order_by(OneTimeCode.created_at.desc())
        .limit(1)
        .scalar_subquery()
    )


def end_all(db: Session, subject_id: UUID, at: datetime) -> None:
    """Kill every code of a subject, also one that was just tried: whoever got it has lost the contact it went to."""
    db.execute(
        update(OneTimeCode)
        .where(OneTimeCode.purpose.in_(CODE_RULES), OneTimeCode.subject_id == subject_id)
        .where(OneTimeCode.used_at.is_(None))
        .values(used_at=at)
    )


def use(db: Session, id: UUID, at: datetime) -> bool:
    """Use the code up within the act's transaction; False for every request but the first."""
    done = db.execute(
        update(OneTimeCode)
        .where(OneTimeCode.id == id, OneTimeCode.used_at.is_(None))
        .values(used_at=at)
        .returning(OneTimeCode.id)
    )
    return done.first() is not None


def purge(db: Session, at: datetime) -> None:
    """Drop codes that ended a month ago."""
    db.execute(delete(OneTimeCode).where(OneTimeCode.expires_at < at - KEEP_ENDED))


def waiting(db: Session, purpose: Purpose, subject_id: UUID, at: datetime) -> bool:
    """Whether a code of this purpose can still be typed in."""
    query = select(func.count()).where(
        OneTimeCode.purpose == purpose,
        OneTimeCode.subject_id == subject_id,
        OneTimeCode.used_at.is_(None),
        OneTimeCode.tries_left > 0,
        OneTimeCode.expires_at > at,
    )
    return bool(db.scalar(query))


def _digest(keyring: Keyring, purpose: Purpose, subject_id: UUID, bound_to: str, code: str) -> bytes:
    return keyring.digest("code", purpose, str(subject_id), bound_to, code)
