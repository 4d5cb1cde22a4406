"""What happens to a loan: offered by its owner, begun by a helper, ended by either or by its hour."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from vssid import accounts
from vssid.accounts import Account
from vssid.helping import queries
from vssid.helping.models import Loan
from vssid.helping.rules import CODE_DIGITS, KEEP_ENDED, OFFER_LIFE, OPEN, WRONG, EndedBy, Status, Tag, Task
from vssid.kernel import audit
from vssid.kernel.audit import SYSTEM, ActorKind, By
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import Refused

BATCH = 200


@dataclass(frozen=True)
class Introduction:
    """Who a helper says they are: name and number (E.164)."""

    name: str
    phone: str


def offer(
    db: Session, keyring: Keyring, account: Account, task: Task, minutes: int, *, by: By, at: datetime
) -> tuple[Loan, str]:
    """Lend `task` for `minutes` from when it is taken; returns the loan and its code. What was lent before ends."""
    before = queries.open_of(db, account.id)
    if before is not None:
        end(db, before, EndedBy.OWNER, by=by, at=at)
    code = str(secrets.randbelow(10**CODE_DIGITS)).zfill(CODE_DIGITS)
    while queries.offered(db, code_digest(keyring, code), at) is not None:
        code = str(secrets.randbelow(10**CODE_DIGITS)).zfill(CODE_DIGITS)
    loan = Loan(
        id=uuid4(),
        account_id=account.id,
        task=task,
        status=Status.OFFERED,
        minutes=minutes,
        code_digest=code_digest(keyring, code),
        offered_at=at,
        expires_at=at + OFFER_LIFE,
    )
    db.add(loan)
    audit.record(db, Tag.OFFERED, by, ("account", account.id), at, loan=str(loan.id), task=task)
    return loan, code


def code_digest(keyring: Keyring, code: str) -> bytes:
    """What is kept of a loan's code."""
    return keyring.digest("loan", code)


def begin(db: Session, keyring: Keyring, typed: str, who: Introduction, *, at: datetime) -> tuple[Loan, Account, str]:
    """Take what the code offers; returns the loan, its account and the token of the helper's session.

    Raises Refused for all but the first who types it, and once the account is closed or frozen.
    """
    loan = queries.offered(db, code_digest(keyring, typed), at)
    account = accounts.contacts.by_id(db, loan.account_id) if loan else None
    if loan is None or account is None or not accounts.may_enter(account, at):
        raise Refused(WRONG, "code")
    ends = at + timedelta(minutes=loan.minutes)
    taken = db.execute(
        update(Loan)
        .where(Loan.id == loan.id, Loan.status == Status.OFFERED)
        .values(
            status=Status.ACTIVE,
            code_digest=None,
            helper_name=who.name,
            helper_phone=who.phone,
            begun_at=at,
            expires_at=ends,
        )
        .returning(Loan.id)
    )
    if taken.first() is None:
        raise Refused(WRONG, "code")
    db.refresh(loan)
    by = By(ActorKind.HELPER, loan.id)
    audit.record(db, Tag.BEGUN, by, ("account", account.id), at, loan=str(loan.id), task=loan.task)
    token = accounts.open_session(db, ActorKind.HELPER, loan.id, None, at, timedelta(minutes=loan.minutes))
    return loan, account, token


def end(db: Session, loan: Loan, ended_by: EndedBy, *, by: By, at: datetime) -> bool:
    """Nothing more can be done with it; False when it had ended already."""
    ended = db.execute(
        update(Loan)
        .where(Loan.id == loan.id, Loan.status.in_(OPEN))
        .values(status=Status.ENDED, code_digest=None, ended_at=at, ended_by=ended_by)
        .returning(Loan.id)
    )
    if ended.first() is None:
        return False
    accounts.end_sessions_of(db, ActorKind.HELPER, loan.id, at, ended_by)
    audit.record(db, Tag.ENDED, by, ("account", loan.account_id), at, loan=str(loan.id))
    return True


def end_due(db: Session, at: datetime) -> int:
    """End what has run out; returns how many."""
    due = select(Loan).where(Loan.status.in_(OPEN), Loan.expires_at <= at).limit(BATCH)
    return sum(end(db, loan, EndedBy.TIME, by=SYSTEM, at=at) for loan in list(db.scalars(due)))


def purge(db: Session, at: datetime) -> None:
    """Forget helpers, and what was lent to them, long after the end."""
    db.execute(delete(Loan).where(Loan.status == Status.ENDED, Loan.expires_at < at - KEEP_ENDED))


def note_opened(db: Session, loan_id: UUID, account_id: UUID, endpoint: str, at: datetime) -> None:
    """A helper opened a page of somebody: that is an act, too."""
    audit.record(db, Tag.OPENED, By(ActorKind.HELPER, loan_id), ("account", account_id), at, page=endpoint)
