"""Reads of requests for recovery at the counter: only of accounts that the officer's agencies registered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from vssid import accounts, records
from vssid.accounts import Account
from vssid.accounts.recovery import RecoveryRequest
from vssid.kernel.crypto import Keyring
from vssid.officers import Officer
from vssid.records import IdKind
from vssid.registration.changes.queries import account_for


def request_for(db: Session, id: UUID, officer: Officer) -> tuple[RecoveryRequest, Account] | None:
    """A request of such an account. Raises Refused for the officer's own family: those are a colleague's to open."""
    request = accounts.recovery.by_id(db, id)
    account = account_for(db, request.account_id, officer) if request is not None and request.account_id else None
    return (request, account) if request is not None and account is not None else None


def find(
    db: Session, keyring: Keyring, ma_so: str, code: str, officer: Officer, at: datetime
) -> RecoveryRequest | None:
    """The open request of whom both numbers name."""
    person = records.person_by(db, IdKind.MA_SO_BHXH, ma_so)
    request, account = accounts.recovery.by_code(db, keyring, code) or (None, None)
    if person is None or request is None or account is None or account.person_id != person.id:
        return None
    ran_out = request.expires_at <= at and request.status == accounts.recovery.Status.ASKED
    if ran_out or account_for(db, account.id, officer) is None:
        return None
    return request


def pending(db: Session, officer: Officer) -> list[RecoveryRequest]:
    """What was begun at the counters of the officer's agencies and is not over."""
    return accounts.recovery.pending(db, officer.agencies)


def second_count(db: Session, officer: Officer) -> int:
    """How many requests wait for a second officer in the officer's agencies."""
    return accounts.recovery.second_count(db, officer.agencies)
