"""Which purposes a person agrees to now: the newest word counts, whether said at registration or in the account."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from vssid import content
from vssid.accounts.models import Consent
from vssid.records import CHILD_CONSENT
from vssid.registration import Declaration
from vssid.registration import Status as DeclarationStatus


def newest(db: Session, account_id: UUID, person_id: UUID) -> dict[str, Consent]:
    """The newest word on each purpose: of the account, and of the declarations that opened it."""
    opened = select(Declaration.id).where(
        Declaration.person_id == person_id, Declaration.status == DeclarationStatus.APPROVED
    )
    declared = list(db.scalars(opened))
    said = or_(
        and_(Consent.subject_kind == "account", Consent.subject_id == account_id),
        and_(Consent.subject_kind == "declaration", Consent.subject_id.in_(declared)),
    )
    rows = sorted(db.scalars(select(Consent).where(said)), key=lambda row: row.at)
    return {row.purpose: row for row in rows}


def given(db: Session, account_id: UUID, person_id: UUID) -> dict[str, bool]:
    """What is agreed to now, of all purposes."""
    said = newest(db, account_id, person_id)
    return {one.code: one.code in said and said[one.code].given for one in content.PURPOSES}


def agreeing(db: Session, owners: Mapping[UUID, UUID], purpose: str, since: str) -> set[UUID]:
    """Which of these accounts (with their owners) agree to a purpose as the terms have it from version `since` on.

    The newest word counts, as in `newest`: of the account, or of the declaration that opened it. Two statements.
    """
    opened = select(Declaration.id, Declaration.person_id).where(
        Declaration.person_id.in_(list(owners.values())), Declaration.status == DeclarationStatus.APPROVED
    )
    by_person = {person: account for account, person in owners.items()}
    subjects = {account: account for account in owners}
    subjects |= {id: by_person[person] for id, person in db.execute(opened) if person in by_person}
    said = Consent.subject_kind.in_(("account", "declaration")), Consent.subject_id.in_(list(subjects))
    query = select(Consent.subject_id, Consent.given, Consent.version, Consent.at).where(
        *said, Consent.purpose == purpose
    )
    rows = sorted(db.execute(query), key=lambda row: row.at)
    newest = {subjects[row.subject_id]: row.given and row.version >= since for row in rows}
    return {account for account, agrees in newest.items() if agrees}


def of_child(db: Session, child_id: UUID) -> Consent | None:
    """The newest word of a guardian for a child."""
    query = select(Consent).where(
        Consent.subject_kind == "person", Consent.subject_id == child_id, Consent.purpose == CHILD_CONSENT
    )
    return db.scalar(query.order_by(Consent.at.desc()).limit(1))
