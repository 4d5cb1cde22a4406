"""Reads of changes: an account's own, an officer's only of accounts that their agencies registered."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vssid import accounts, directory, records
from vssid.accounts import Account
from vssid.officers import Officer
from vssid.records import IdKind
from vssid.registration import queries as declarations
from vssid.registration.changes.models import ChangeRequest
from vssid.registration.changes.rules import PENDING, Contacts, Item, Status

MOST = 20
MOST_PENDING = 100


def contacts_of(db: Session, account: Account) -> Contacts:
    """Where an account's codes go today; a child's to the guardian's number."""
    return Contacts(accounts.phone_of(db, account), account.email or "")


def of_account(db: Session, id: UUID, account_id: UUID) -> ChangeRequest | None:
    """A change of one's own account; others do not exist."""
    return db.scalar(select(ChangeRequest).where(ChangeRequest.id == id, ChangeRequest.account_id == account_id))


def newest_of(db: Session, account_id: UUID) -> list[ChangeRequest]:
    """The changes of an account, newest first."""
    query = select(ChangeRequest).where(ChangeRequest.account_id == account_id)
    return list(db.scalars(query.order_by(ChangeRequest.asked_at.desc()).limit(MOST)))


def pending_of(db: Session, account_id: UUID) -> ChangeRequest | None:
    """The one change of an account that waits for its hour or a second officer."""
    mine = ChangeRequest.account_id == account_id
    return db.scalar(select(ChangeRequest).where(mine, ChangeRequest.status.in_(PENDING)))


def by_cancel_digest(db: Session, digest: bytes) -> ChangeRequest | None:
    """The change that a code for /huy stops."""
    return db.scalar(select(ChangeRequest).where(ChangeRequest.cancel_digest == digest))


def serves(db: Session, officer: Officer, agency_code: str | None) -> bool:
    """Whether an officer works for the agency that registered an account.

    Who was registered without a declaration (taken over from elsewhere) belongs to the province's own agency.
    """
    if agency_code is not None:
        return agency_code in officer.agencies
    own = directory.agency(db, officer.agency_code)
    return own is not None and not own.parent_code


def account_for(db: Session, id: UUID, officer: Officer) -> Account | None:
    """An account that one of the officer's agencies registered; others do not exist for them.

    Raises Refused for the officer's own and their family's: those are a colleague's to open.
    """
    account = accounts.contacts.by_id(db, id)
    if account is None:
        return None
    declaration = declarations.approved_of(db, account.person_id)
    if not serves(db, officer, declaration.agency_code if declaration else None):
        return None
    declarations.check_relative(db, officer, records.person(db, account.person_id))
    return account


def change_for(db: Session, id: UUID, officer: Officer) -> ChangeRequest | None:
    """A change of such an account. Raises Refused as `account_for` does."""
    change = db.get(ChangeRequest, id)
    if change is None or not serves(db, officer, change.agency_code):
        return None
    declarations.check_relative(db, officer, records.person(db, change.person_id))
    return change


def find_account(db: Session, ma_so: str, number: str, officer: Officer, on: date) -> Account | None:
    """The account of whom both numbers name: a mã số and a paper of its holder, of a child the guardian's."""
    person = records.person_by(db, IdKind.MA_SO_BHXH, ma_so)
    if person is None:
        return None
    holders = [person.id, *(one.id for one in records.guardians_of(db, person.id, on))]
    papers = {
        value for id in holders for kind, value in records.identifiers(db, id).items() if kind is not IdKind.MA_SO_BHXH
    }
    account = accounts.by_person(db, person.id)
    if account is None or number not in papers:
        return None
    return account_for(db, account.id, officer)


def pending(db: Session, officer: Officer) -> list[ChangeRequest]:
    """What waits in the officer's agencies for a second officer or its hour, oldest first."""
    mine = ChangeRequest.agency_code.in_(officer.agencies)
    query = select(ChangeRequest).where(mine, ChangeRequest.status.in_(PENDING))
    return list(db.scalars(query.order_by(ChangeRequest.asked_at).limit(MOST_PENDING)))


def waiting_count(db: Session, officer: Officer) -> int:
    """How many changes wait for a second officer in the officer's agencies."""
    mine = ChangeRequest.agency_code.in_(officer.agencies)
    query = select(func.count()).where(mine, ChangeRequest.status == Status.SECOND)
    return db.scalar(query) or 0


def contact_name(db: Session, person_id: UUID, itself: bool = False) -> str:
    """Whom to ask for, by the newest change of address or declaration; else, or if `itself`, the person."""
    change, declaration = newest_address(db, person_id), declarations.approved_of(db, person_id)
    said = change.contact_name if change else declaration.contact_name if declaration else ""
    person = records.person(db, person_id)
    return said if said and not itself else person.full_name if person else ""


def newest_address(db: Session, person_id: UUID) -> ChangeRequest | None:
    """The newest address that a person has given since."""
    query = select(ChangeRequest).where(
        ChangeRequest.person_id == person_id, ChangeRequest.item == Item.ADDRESS, ChangeRequest.status == Status.DONE
    )
    return db.scalar(query.order_by(ChangeRequest.asked_at.desc()).limit(1))
