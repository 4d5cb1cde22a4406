"""Reads of requests: one's own by the account that asked, an officer's only of people whom their agencies registered."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from vssid import directory, records
from vssid.kernel.days import working_day_after
from vssid.kernel.labels import Refused
from vssid.officers import Officer
from vssid.privacy.models import DataRequest
from vssid.privacy.rules import ANSWER_DAYS, OPEN, OWN_LOOK, Clocks, Kind
from vssid.records.disputes import RowKind
from vssid.registration import queries as declarations
from vssid.registration.changes import queries as changes

MOST = 50
MOST_OPEN = 200


def of_account(db: Session, id: UUID, account_id: UUID) -> DataRequest | None:
    """A request that this account has made; others do not exist."""
    return db.scalar(select(DataRequest).where(DataRequest.id == id, DataRequest.account_id == account_id))


def newest_of(db: Session, account_id: UUID) -> list[DataRequest]:
    """What an account has asked, newest first."""
    query = select(DataRequest).where(DataRequest.account_id == account_id)
    return list(db.scalars(query.order_by(DataRequest.asked_at.desc()).limit(MOST)))


def open_count(db: Session, account_id: UUID) -> int:
    """How many requests of an account wait for an answer."""
    mine = select(func.count()).where(DataRequest.account_id == account_id, DataRequest.status.in_(OPEN))
    return db.scalar(mine) or 0


def is_open(db: Session, person_id: UUID, kind: Kind, row_key: str = "") -> bool:
    """Whether a request of this kind about a person (and about this row) waits already."""
    query = select(DataRequest.id).where(
        DataRequest.person_id == person_id,
        DataRequest.kind == kind,
        DataRequest.row_key == row_key,
        DataRequest.status.in_(OPEN),
    )
    return db.scalar(query.limit(1)) is not None


def disputed(db: Session, person_id: UUID, rows: RowKind) -> dict[UUID, DataRequest]:
    """Those rows of a person's records that wait for an answer, with the complaints."""
    query = select(DataRequest).where(
        DataRequest.person_id == person_id, DataRequest.kind == Kind.ROW, DataRequest.status.in_(OPEN)
    )
    parted = ((one.row_key.split("/"), one) for one in db.scalars(query))
    return {UUID(id): one for (kind, id), one in parted if kind == rows}


def clocks(db: Session, kind: Kind, on: date) -> Clocks:
    """Until when a request of a day is answered (working days, Saturdays and Sundays left out; holidays are not known)
    and done (calendar days).
    """
    return Clocks(
        working_day_after(on, _days(db, ANSWER_DAYS, on)), date.fromordinal(on.toordinal() + _days(db, kind.days, on))
    )


def more_days(db: Session, kind: Kind, on: date) -> int:
    """By how many calendar days a request may be extended, once."""
    return _days(db, kind.more_days, on)


def _days(db: Session, code: str, on: date) -> int:
    found = directory.parameter(db, code, on)
    days = directory.whole_of(code, found.value) if found else None
    if days is None:
        raise LookupError(f"the parameter {code} has no readable value on {on}")
    return days


def _mine(db: Session, officer: Officer) -> ColumnElement[bool]:
    own = DataRequest.agency_code.in_(officer.agencies)
    return or_(own, DataRequest.agency_code.is_(None)) if changes.serves(db, officer, None) else own


def queue(db: Session, officer: Officer) -> list[DataRequest]:
    """What waits in the officer's agencies, by the day on which it must be done."""
    query = select(DataRequest).where(_mine(db, officer), DataRequest.status.in_(OPEN))
    return list(db.scalars(query.order_by(DataRequest.done_by, DataRequest.asked_at).limit(MOST_OPEN)))


def waiting_count(db: Session, officer: Officer) -> int:
    """How many requests wait in the officer's agencies."""
    return db.scalar(select(func.count()).where(_mine(db, officer), DataRequest.status.in_(OPEN))) or 0


def request_for(db: Session, id: UUID, officer: Officer) -> DataRequest | None:
    """A request about a person whom one of the officer's agencies registered; others do not exist for them.

    Raises Refused for their own family's, and for a complaint about a look of their own: those are a colleague's.
    """
    request = db.get(DataRequest, id)
    if request is None or not changes.serves(db, officer, request.agency_code):
        return None
    declarations.check_relative(db, officer, records.person(db, request.person_id))
    if request.look_officer_id == officer.id:
        raise Refused(OWN_LOOK)
    return request
