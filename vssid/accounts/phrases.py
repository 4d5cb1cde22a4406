"""Câu riêng: the words of one's own that every message to an account's holder begins with. A swindler does not know them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session, aliased

from vssid.accounts.models import Account
from vssid.accounts.rules import with_phrase
from vssid.kernel.crypto import Keyring


def phrase_of(db: Session, keyring: Keyring, account_id: UUID) -> str:
    """The account's phrase as its messages have it, '' where it has none."""
    return _opened(keyring, db.execute(select(Account.id, Account.own_phrase).where(Account.id == account_id)).first())


def begun(db: Session, keyring: Keyring, to: str, text: str, account_id: UUID | None = None) -> str:
    """`text` as it goes to a number or an address: with the phrase of whose number that is.

    A number that belongs to no account has none, nor has an address that `account_id` (a child's: its guardian) has not
    proven: whoever else reads there must not learn it. One statement, whoever it is.
    """
    query = select(Account.id, Account.own_phrase)
    if "@" in to:
        ward = aliased(Account)
        guardian = select(ward.guardian_id).where(ward.id == account_id).scalar_subquery()
        query = query.where(
            or_(Account.id == account_id, Account.person_id == guardian),
            Account.email == to,
            Account.email_proven_at.is_not(None),
        )
    else:
        query = query.where(Account.phone == to)
    return with_phrase(text, _opened(keyring, db.execute(query).first()))


def sealed(keyring: Keyring, account_id: UUID, phrase: str) -> bytes:
    """The phrase as the account keeps it."""
    return keyring.seal_text(phrase, _purpose(account_id))


def _opened(keyring: Keyring, row: Row[Any] | None) -> str:
    return keyring.open_text(row.own_phrase, _purpose(row.id)) if row and row.own_phrase else ""


def _purpose(account_id: UUID) -> str:
    return f"own phrase {account_id}"
