"""How an account is reached, changed after proof; replaced or given up where the proof was made at a counter.

Who may have what changed is ruled by the room above (form 01); here an account is only left in one piece.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from vssid.accounts import actions, codes, messages, queries, sessions
from vssid.accounts.factors import actions as factors
from vssid.accounts.models import Account, LoginName
from vssid.accounts.relatives import actions as relatives
from vssid.accounts.rules import PHONE_TAKEN, Purpose, Tag
from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import Refused


def send_code_to(
    db: Session, keyring: Keyring, account: Account, purpose: Purpose, to: str, *, by: By, at: datetime, bound_to: str
) -> None:
    """Issue a code for one change and queue it for one contact: a number, an address. The caller has asked `may_send`."""
    _id, code = codes.issue(db, keyring, purpose, account.id, at, bound_to)
    messages.send_code(db, keyring, purpose, to, account.language, code, account.id, at)
    audit.record(db, Tag.CODE_SENT, by, ("account", account.id), at, purpose=purpose)


def set_phone(db: Session, account: Account, phone: str, *, by: By, at: datetime) -> None:
    """The proven number takes the place of the old one; sessions and devices stay. Raises Refused when it is taken."""
    _take(db, account, phone)
    codes.end_all(db, account.id, at)
    account.phone_proven_at = at
    audit.record(db, Tag.PHONE_CHANGED, by, ("account", account.id), at)


def _take(db: Session, account: Account, phone: str) -> None:
    owner = queries.by_phone(db, phone)
    if owner is not None and owner.id != account.id:
        raise Refused(PHONE_TAKEN, "phone")
    account.phone = phone
    db.flush()


def set_email(db: Session, account: Account, email: str, *, by: By, at: datetime) -> None:
    """The proven address, or none."""
    account.email, account.email_proven_at = (email, at) if email else (None, None)
    audit.record(db, Tag.EMAIL_CHANGED, by, ("account", account.id), at)


def replace_phone(db: Session, keyring: Keyring, account: Account, phone: str, *, by: By, at: datetime) -> None:
    """The old phone is lost: whoever has it comes in no more. Password, sessions, devices and codes end; the new number
    gets an activation code. Raises Refused when the number is taken.
    """
    _take(db, account, phone)
    sessions.end_everywhere(db, account.id, at, "phone_replaced")
    codes.end_all(db, account.id, at)
    factors.drop_all(db, account)
    account.status, account.password_hash, account.phone_proven_at = "new", None, None
    audit.record(db, Tag.PHONE_REPLACED, by, ("account", account.id), at)
    actions.send_code(db, keyring, account, Purpose.ACTIVATION, by=by, at=at)


def close(db: Session, account: Account, *, by: By, at: datetime, reason: str) -> None:
    """Nobody signs in any more; numbers, phone and address are free for a new registration. The row and its history stay."""
    sessions.end_everywhere(db, account.id, at, "closed")
    sessions.forget_devices(db, account.id)
    codes.end_all(db, account.id, at)
    factors.drop_all(db, account)
    relatives.end_all(db, account.id, at)
    db.execute(delete(LoginName).where(LoginName.account_id == account.id))
    account.status, account.password_hash, account.phone_proven_at = "closed", None, None
    account.own_phrase = None
    account.phone = account.email = account.email_proven_at = account.contact_phone = None
    account.guardian_id = account.guarded_until = None
    audit.record(db, Tag.CLOSED, by, ("account", account.id), at, reason=reason)


def guarded_by(db: Session, person_id: UUID) -> list[Account]:
    """The children's accounts whose codes go to this guardian's phone."""
    query = select(Account).where(Account.guardian_id == person_id, Account.status != "closed")
    return list(db.scalars(query.limit(50)))


def by_id(db: Session, id: UUID) -> Account | None:
    """One account."""
    return db.get(Account, id)
