"""Reads of kept cards: by secret, by handle, what was revoked, and which ones must end."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from vssid.accounts.models import Account, Device, LoginSession
from vssid.card.models import Card
from vssid.card.strips.models import KeptCard
from vssid.kernel.clock import day_of
from vssid.kernel.crypto import digest
from vssid.records.models import Guardianship, Person

MOST_OF_PERSON, MOST_LISTED = 20, 100
CARD = "card"  # the one reason after which a phone gets further strips, under another handle


def by_secret(db: Session, secret: str) -> KeptCard | None:
    """The card that a phone keeps under this secret, ended or not."""
    return db.scalar(select(KeptCard).where(KeptCard.secret_digest == digest(secret)))


def by_handle(db: Session, handle: bytes) -> KeptCard | None:
    """The kept card whose strips carry this handle."""
    return db.scalar(select(KeptCard).where(KeptCard.handle == handle))


def kept_here(db: Session, account_id: UUID, device_id: UUID | None, person_id: UUID) -> KeptCard | None:
    """The card of a person that an account keeps on a device."""
    here = KeptCard.account_id == account_id, KeptCard.ended_at.is_(None), KeptCard.device_id == device_id
    return db.scalar(select(KeptCard).where(*here, KeptCard.person_id == person_id, KeptCard.kind == "phone").limit(1))


def phones_of(db: Session, person_id: UUID, today: date) -> Sequence[KeptCard]:
    """The phones that may still show strips of this person's card, those that may first."""
    theirs = KeptCard.person_id == person_id, KeptCard.kind == "phone", KeptCard.last_day >= today
    order = KeptCard.ended_at.is_not(None), KeptCard.created_at.desc()
    return db.scalars(select(KeptCard).where(*theirs).order_by(*order).limit(MOST_OF_PERSON)).all()


def out_there(db: Session, person_id: UUID, today: date) -> Sequence[tuple[KeptCard, str | None]]:
    """Phones and papers on which this person's card is, and not revoked, newest first; each phone with what it is called."""
    theirs = KeptCard.person_id == person_id, KeptCard.ended_at.is_(None), KeptCard.last_day >= today
    query = select(KeptCard, Device.label).outerjoin(Device, Device.id == KeptCard.device_id).where(*theirs)
    return [(row, label) for row, label in db.execute(query.order_by(KeptCard.created_at.desc()).limit(MOST_LISTED))]


def one_of(db: Session, person_id: UUID, id: UUID) -> KeptCard | None:
    """One of them; others do not exist."""
    return db.scalar(select(KeptCard).where(KeptCard.id == id, KeptCard.person_id == person_id))


def revoked(db: Session, today: date) -> list[bytes]:
    """Handles that no verifier believes, sorted: ended ones whose strips have days left."""
    gone = KeptCard.ended_at.is_not(None), KeptCard.last_day >= today
    return sorted(db.scalars(select(KeptCard.handle).where(*gone)))


def device_of(db: Session, session_id: UUID) -> UUID | None:
    """The device to which a session belongs."""
    return db.scalar(select(LoginSession.device_id).where(LoginSession.id == session_id))


def signed_in_since(db: Session, device_id: UUID | None, since: datetime) -> bool:
    """Whether somebody has signed in on a device since a moment."""
    found = LoginSession.device_id == device_id, LoginSession.created_at >= since
    return db.scalar(select(LoginSession.id).where(*found).limit(1)) is not None


def reasons(at: datetime) -> dict[str, ColumnElement[bool]]:
    """Why a kept card ends, as conditions on its row; the first that holds is the reason."""
    return {
        "device": and_(
            KeptCard.kind == "phone", ~exists().where(Device.id == KeptCard.device_id, Device.ended_at.is_(None))
        ),
        "sign_out": exists().where(
            LoginSession.device_id == KeptCard.device_id,
            LoginSession.subject_kind == "citizen",
            LoginSession.subject_id == KeptCard.account_id,
            LoginSession.end_reason.in_(("sign_out", "wiped")),
            LoginSession.ended_at > KeptCard.created_at,
        ),
        "account": exists().where(
            Account.id == KeptCard.account_id,
            KeptCard.kind == "phone",
            or_(Account.status != "active", Account.frozen_until > at),
        ),
        "person": exists().where(
            Person.id == KeptCard.person_id, or_(Person.died_on.is_not(None), Person.merged_into_id.is_not(None))
        ),
        "guardian": _guards_no_longer(day_of(at)),
        CARD: _another_card(day_of(at)),
    }


def _guards_no_longer(today: date) -> ColumnElement[bool]:
    """Kept or printed by another account than the person's, whose owner acts for them no longer, or for a grown-up."""
    in_force = (
        Guardianship.child_id == KeptCard.person_id,
        Guardianship.guardian_id == Account.person_id,
        or_(Guardianship.valid_to.is_(None), Guardianship.valid_to >= today),
    )
    # Of whom only year or month is known is looked at when the phone asks for further strips.
    born = today.replace(year=today.year - 18, day=min(today.day, 28)).isoformat()
    grown = exists().where(
        Person.id == KeptCard.person_id, func.length(Person.birth_date) == len(born), Person.birth_date < born
    )
    another = Account.id == KeptCard.account_id, Account.person_id != KeptCard.person_id
    # Correlated outright: within a second subquery SQLAlchemy does not look that far out.
    acts = exists().where(*in_force).correlate(KeptCard, Account)
    return exists().where(*another, or_(~acts, grown.correlate(KeptCard)))


def _another_card(today: date) -> ColumnElement[bool]:
    """The version that the strips tell of is gone, or one that a page would show instead says something else."""
    told, newest, later = aliased(Card), aliased(Card), aliased(Card)
    is_last = ~exists().where(
        later.person_id == newest.person_id, later.valid_from == newest.valid_from, later.version > newest.version
    )
    names = ("status", "level", "object_code", "area_code", "facility_code", "five_years_from", "number")
    differs = or_(
        *(getattr(newest, name).is_distinct_from(getattr(told, name)) for name in names),
        # A longer life makes no strip wrong.
        and_(newest.valid_to.is_not(None), or_(told.valid_to.is_(None), newest.valid_to < told.valid_to)),
    )
    holds_today = (
        newest.status == "hieu_luc",
        newest.valid_from <= today,
        or_(newest.valid_to.is_(None), newest.valid_to >= today),
    )
    instead = or_(newest.valid_from == told.valid_from, and_(newest.valid_from > told.valid_from, *holds_today))
    replaced = exists().where(
        told.id == KeptCard.card_id, newest.person_id == told.person_id, newest.id != told.id, instead, is_last, differs
    )
    return or_(~exists().where(Card.id == KeptCard.card_id), replaced)


def reason_now(db: Session, id: UUID, at: datetime) -> str:
    """The first reason that holds of one row now, '' for none, whether the row has ended already or not."""
    columns = [case((holds, 1), else_=0).label(name) for name, holds in reasons(at).items()]
    found = db.execute(select(*columns).where(KeptCard.id == id)).one()
    return next((name for name, holds in found._mapping.items() if holds), "")


def to_end(db: Session, at: datetime) -> Iterator[tuple[str, list[UUID]]]:
    """Open rows whose strips must not be believed any more, by reason."""
    mine = KeptCard.ended_at.is_(None), KeptCard.last_day >= day_of(at)
    for reason, holds in reasons(at).items():
        yield reason, list(db.scalars(select(KeptCard.id).where(*mine, holds)))
