"""Câu riêng: the words of one's own that every message to an account's holder begins with. A swindler does not know them."""

from uuid import UUID

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session, aliased

from vssid.accounts.codes import NOBODY
from vssid.accounts.models import Account
from vssid.accounts.rules import with_phrase
from vssid.kernel.crypto import Keyring
from vssid.kernel.text import SMS_SEGMENT


def phrase_of(db: Session, keyring: Keyring, account_id: UUID) -> str:
    """The account's phrase as its messages have it, '' where it has none."""
    return _opened(keyring, db.execute(select(Account.id, Account.own_phrase).where(Account.id == account_id)).first())


def begun(db: Session, keyring: Keyring, to: str, text: str, account_id: UUID | None = None) -> str:
    """`text` as it goes to a number or an address: with the phrase of whose number that is.

    A number has none that belongs to no account or has not been proven, nor has an address that `account_id` (a child's:
    its guardian) has not proven: whoever else reads there must not learn it. One statement, whoever it is. An SMS that would be longer than one
    segment with it (a long HOTLINE) leaves without: it must arrive.
    """
    ward = aliased(Account)
    guardian = select(ward.guardian_id).where(ward.id == (account_id or NOBODY)).scalar_subquery()
    theirs = or_(Account.id == (account_id or NOBODY), Account.person_id == guardian)
    by_mail = and_(theirs, Account.email == to, Account.email_proven_at.is_not(None))
    by_phone = and_(Account.phone == to, Account.phone_proven_at.is_not(None))
    query = select(Account.id, Account.own_phrase).where(or_(by_phone, by_mail), Account.own_phrase.is_not(None))
    marked = with_phrase(text, _opened(keyring, db.execute(query).first()))
    return marked if "@" in to or len(marked) <= SMS_SEGMENT else text


def sealed(keyring: Keyring, account_id: UUID, phrase: str) -> bytes:
    """The phrase as the account keeps it."""
    return keyring.seal_text(phrase, _purpose(account_id))


def _opened(keyring: Keyring, row: Row[UUID, bytes | None] | None) -> str:
    return keyring.open_text(row[1], _purpose(row[0])) if row and row[1] else ""


def _purpose(account_id: UUID) -> str:
    return f"own phrase {account_id}"
