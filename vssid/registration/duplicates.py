"""Declarations that may be of one person: found by numbers, phone, name with birth date, portrait; merged or told apart."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from vssid.kernel import audit
from vssid.kernel.labels import N_, Label, Refused
from vssid.officers import Officer
from vssid.registration import messages, pictures, queries
from vssid.registration.models import Declaration, Distinct
from vssid.registration.rules import Status, Tag, check_decidable
from vssid.registration.surroundings import Surroundings

MOST = 5


@dataclass(frozen=True)
class Candidate:
    """Another declaration, and in what it is the same."""

    declaration: Declaration
    same: list[Label]


def candidates(db: Session, declaration: Declaration) -> list[Candidate]:
    """Others that are open or approved, wherever they lie, newest first; those told apart before are left out."""
    alike = set(pictures.alike(db, declaration.id))
    query = select(Declaration).where(
        or_(*_conditions(declaration), Declaration.id.in_(alike)), Declaration.id != declaration.id
    )
    query = query.where(Declaration.status.in_((*queries.OPEN, Status.APPROVED)))
    apart = _told_apart(db, declaration.id)
    found = db.scalars(query.order_by(Declaration.sent_at.desc()).limit(MOST + len(apart)))
    return [Candidate(other, _same(declaration, other, alike)) for other in found if other.id not in apart][:MOST]


def _conditions(declaration: Declaration) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if declaration.ma_so_bhxh:
        found.append(Declaration.ma_so_bhxh == declaration.ma_so_bhxh)
    if declaration.unit_code:
        found.append(Declaration.unit_code == declaration.unit_code)
    if declaration.phone:
        found.append(Declaration.phone == declaration.phone)
    if declaration.id_number:
        found.append(Declaration.id_number == declaration.id_number)
    if declaration.birth_date:
        same_name = Declaration.name_folded == declaration.name_folded
        found.append(and_(same_name, Declaration.birth_date == declaration.birth_date))
    return found


def _same(one: Declaration, other: Declaration, alike: set[UUID]) -> list[Label]:
    found = []
    if one.ma_so_bhxh and one.ma_so_bhxh == other.ma_so_bhxh:
        found.append(N_("cùng mã số BHXH"))
    if one.id_number and one.id_number == other.id_number:
        found.append(N_("cùng số giấy tờ"))
    if one.unit_code and one.unit_code == other.unit_code:
        found.append(N_("cùng mã đơn vị"))
    if one.phone and one.phone == other.phone:
        found.append(N_("cùng số điện thoại"))
    if one.birth_date and (one.name_folded, one.birth_date) == (other.name_folded, other.birth_date):
        found.append(N_("cùng họ tên và ngày sinh"))
    if other.id in alike:
        found.append(N_("ảnh chân dung giống nhau"))
    return found


def _told_apart(db: Session, id: UUID) -> set[UUID]:
    rows = db.execute(
        select(Distinct.low_id, Distinct.high_id).where(or_(Distinct.low_id == id, Distinct.high_id == id)).limit(100)
    )
    return {other for row in rows for other in row if other != id}


def tell_apart(db: Session, declaration: Declaration, other: Declaration, *, by: Officer, at: datetime) -> None:
    """Không trùng: these two are of two people; they are not shown as candidates of each other any more."""
    low, high = sorted((declaration.id, other.id))
    if db.get(Distinct, (low, high)) is None:
        db.add(Distinct(low_id=low, high_id=high, found_by=by.id, found_at=at))
        audit.record(db, Tag.FOUND_DISTINCT, by.by, ("declaration", declaration.id), at, other=str(other.id))


def _of_one(declaration: Declaration, other: Declaration) -> bool:
    """Whether a number names the same person, or organisation, on both."""
    numbers = ((one.ma_so_bhxh, one.id_number, one.unit_code) for one in (declaration, other))
    return any(mine and mine == theirs for mine, theirs in zip(*numbers, strict=True))


def merge(
    db: Session, house: Surroundings, declaration: Declaration, other: Declaration, *, by: Officer, at: datetime
) -> None:
    """Gộp: `other` ends and its paper, if it came, counts for `declaration`; its sender is told.

    Raises Refused unless both wait, are of one kind and name one person by mã số or ID number.
    """
    check_decidable(Status(declaration.status))
    check_decidable(Status(other.status))
    if declaration.id == other.id or declaration.kind != other.kind or not _of_one(declaration, other):
        raise Refused(N_("Chỉ gộp được hai tờ khai của cùng một người: cùng mã số BHXH hoặc cùng số giấy tờ."))
    other.status, other.merged_into_id = Status.MERGED, declaration.id
    other.decided_at, other.decided_by = at, by.id
    if other.paper_at is not None and declaration.paper_at is None:
        declaration.paper_at, declaration.paper_channel = other.paper_at, other.paper_channel
        declaration.paper_id_shown, declaration.paper_by = other.paper_id_shown, other.paper_by
        if declaration.status == Status.WAITING:
            declaration.status = Status.RECEIVED
    messages.send_sms(db, house.keyring, "merged", other, at)
    audit.record(db, Tag.MERGED, by.by, ("declaration", other.id), at, into=str(declaration.id))
