"""Which purposes a person agrees to now: the newest word counts, whether said at registration or in the account."""

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


def of_child(db: Session, child_id: UUID) -> Consent | None:
    """The newest word of a guardian for a child."""
    query = select(Consent).where(
        Consent.subject_kind == "person", Consent.subject_id == child_id, Consent.purpose == CHILD_CONSENT
    )
    return db.scalar(query.order_by(Consent.at.desc()).limit(1))
