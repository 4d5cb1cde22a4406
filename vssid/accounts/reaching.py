"""Which account a number means. One statement each, so that the time taken says nothing about who has an account."""

from typing import NamedTuple

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session, aliased

from vssid.accounts.models import Account, LoginName

MOST = 6


class Reached(NamedTuple):
    """An account and the number (E.164) to which its codes go; a child's to its guardian's, '' where there is none."""

    account: Account
    phone: str


def _reached(account: Account, guardian_phone: str | None) -> Reached:
    return Reached(account, account.phone or guardian_phone or account.contact_phone or "")


def by_name(db: Session, name: str) -> Reached | None:
    """The account that signs in with this mã số BHXH or CCCD."""
    guardian = aliased(Account)
    query = (
        select(Account, guardian.phone)
        .join(LoginName, LoginName.account_id == Account.id)
        .outerjoin(guardian, guardian.person_id == Account.guardian_id)
        .where(LoginName.value == name)
    )
    row = db.execute(query).first()
    return _reached(*row) if row else None


def by_phone(db: Session, phone: str) -> list[Reached]:
    """Every account whose codes go to a number: its owner's and the children's; those that have ended do not count."""
    owner, guardian = aliased(Account), aliased(Account)
    ward = aliased(Account)
    theirs = union_all(
        select(Account.id).where(Account.phone == phone),
        select(ward.id).join(owner, owner.person_id == ward.guardian_id).where(owner.phone == phone),
        select(ward.id).where(ward.contact_phone == phone),
    )
    query = (
        select(Account, guardian.phone)
        .outerjoin(guardian, guardian.person_id == Account.guardian_id)
        .where(Account.id.in_(theirs.scalar_subquery()))
        .limit(MOST)
    )
    found = [_reached(account, number) for account, number in db.execute(query)]
    return [one for one in found if one.phone == phone and one.account.status != "closed"]
