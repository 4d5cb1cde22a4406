"""What happens to requests: asked, acknowledged, extended once, answered or refused with a reason, taken back, forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from vssid.accounts import Account
from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.clock import day_of
from vssid.kernel.labels import Label, Refused
from vssid.kernel.rows import table_of
from vssid.officers import Officer
from vssid.privacy import messages
from vssid.privacy.looks.queries import Look
from vssid.privacy.models import DataRequest
from vssid.privacy.requests import queries
from vssid.privacy.rules import (
    ALREADY_OPEN,
    CHECK_ALREADY_OPEN,
    ENDED,
    ONE_EXTENSION,
    OPEN,
    REQUESTS_KEPT,
    ROW_ALREADY_OPEN,
    About,
    Kind,
    Status,
    Tag,
    check_reason,
)
from vssid.registration import Surroundings
from vssid.registration import queries as declarations
from vssid.registration.rules import new_code, spoken_code

_OPEN = DataRequest.status.in_(OPEN)
FORGOTTEN_AT_ONCE = 200


@dataclass(frozen=True)
class Wish:
    """What is asked, about which data, in the person's words; a complaint is about a look (`look`) or a row (`row_key`).

    A check of the participation record has a `row_key` too, one a fund.
    """

    kind: Kind
    words: str
    about: About = About.NONE
    look: Look | None = None
    row_key: str = ""


def ask(
    db: Session, house: Surroundings, account_id: UUID, person_id: UUID, wish: Wish, *, by: By, at: datetime
) -> DataRequest:
    """Note a wish and start its clocks. Raises Refused while one of the same kind about this person is open."""
    if queries.is_open(db, person_id, wish.kind, wish.row_key):
        taken = ROW_ALREADY_OPEN if wish.kind is Kind.ROW else CHECK_ALREADY_OPEN if wish.row_key else ALREADY_OPEN
        raise Refused(taken)
    clocks = queries.clocks(db, wish.kind, day_of(at))
    opened = declarations.approved_of(db, person_id)
    request = DataRequest(
        id=uuid4(),
        code=new_code(),
        person_id=person_id,
        account_id=account_id,
        agency_code=opened.agency_code if opened else None,
        kind=wish.kind,
        about=wish.about,
        words=wish.words,
        row_key=wish.row_key,
        look_id=wish.look.id if wish.look else None,
        look_officer_id=wish.look.officer_id if wish.look else None,
        status=Status.NEW,
        asked_at=at,
        answer_by=clocks.answer_by,
        done_by=clocks.done_by,
    )
    db.add(request)
    db.flush()
    audit.record(db, Tag.ASKED, by, ("person", person_id), at, request=str(request.id), kind=wish.kind)
    _tell(db, house, request, messages.ASKED, "asked", at, date=clocks.answer_by)
    return request


def _tell(
    db: Session, house: Surroundings, request: DataRequest, words: Label, kind: str, at: datetime, **values: Any
) -> None:
    account = db.get_one(Account, request.account_id)
    messages.tell(db, house, account, words, f"request_{kind}", at, code=spoken_code(request.code), **values)


def acknowledge(db: Session, house: Surroundings, id: UUID, *, by: Officer, at: datetime) -> DataRequest:
    """Tiếp nhận. Raises Refused when somebody else was first."""
    values = {"status": Status.ACKNOWLEDGED, "acknowledged_at": at, "acknowledged_by": by.id}
    request = _step(db, id, DataRequest.status == Status.NEW, values)
    _noted(db, Tag.ACKNOWLEDGED, request, by, at)
    _tell(db, house, request, messages.ACKNOWLEDGED, "acknowledged", at, date=request.done_by)
    return request


def extend(db: Session, house: Surroundings, id: UUID, words: str | None, *, by: Officer, at: datetime) -> DataRequest:
    """Gia hạn, once, with a reason that the person sees; it also says that the request has come."""
    why, before = check_reason(words), db.get_one(DataRequest, id)
    if before.extended_at is not None:
        raise Refused(ONE_EXTENSION, "words")
    more = timedelta(days=queries.more_days(db, Kind(before.kind), day_of(before.asked_at)))
    values = {
        "status": Status.ACKNOWLEDGED,
        "acknowledged_at": before.acknowledged_at or at,
        "acknowledged_by": before.acknowledged_by or by.id,
        "extended_at": at,
        "extended_by": by.id,
        "extended_why": why,
        "done_by": before.done_by + more,
    }
    request = _step(db, id, _OPEN & DataRequest.extended_at.is_(None), values)
    _noted(db, Tag.EXTENDED, request, by, at)
    _tell(db, house, request, messages.EXTENDED, "extended", at, date=request.done_by)
    return request


def finish(
    db: Session, house: Surroundings, id: UUID, status: Status, words: str | None, *, by: Officer, at: datetime
) -> DataRequest:
    """Done, or refused: either way with words that the person reads. Exactly one officer ends a request."""
    values = {"status": status, "answer": check_reason(words), "ended_at": at, "ended_by": by.id}
    request = _step(db, id, _OPEN, values)
    _noted(db, Tag.DONE if status is Status.DONE else Tag.REFUSED, request, by, at)
    _tell(db, house, request, messages.ENDED, "ended", at)
    return request


def take_back(db: Session, id: UUID, account_id: UUID, *, by: By, at: datetime) -> None:
    """Rút yêu cầu, while it is open. Raises Refused when it is not."""
    mine = _OPEN & (DataRequest.account_id == account_id)
    request = _step(db, id, mine, {"status": Status.TAKEN_BACK, "ended_at": at})
    audit.record(db, Tag.TAKEN_BACK, by, ("person", request.person_id), at, request=str(id))


def _step(db: Session, id: UUID, when: Any, values: dict[str, Any]) -> DataRequest:
    done = update(table_of(DataRequest)).where(DataRequest.id == id, when).values(**values).returning(DataRequest.id)
    if db.execute(done).first() is None:
        raise Refused(ENDED)
    return db.get_one(DataRequest, id, populate_existing=True)


def _noted(db: Session, tag: Tag, request: DataRequest, by: Officer, at: datetime) -> None:
    subject = ("person", request.person_id)
    audit.record(db, tag, by.by, subject, at, request=str(request.id), agency=by.agency_code)


def note_view(db: Session, request: DataRequest, by: Officer, at: datetime) -> None:
    """An officer has opened a request."""
    _noted(db, Tag.VIEWED, request, by, at)


def forget_old(db: Session, at: datetime) -> int:
    """Drop requests that were asked five years ago and have ended; returns how many."""
    old = select(DataRequest.id).where(DataRequest.asked_at < at - REQUESTS_KEPT, DataRequest.ended_at.is_not(None))
    ids = list(db.scalars(old.limit(FORGOTTEN_AT_ONCE)))
    db.execute(delete(table_of(DataRequest)).where(DataRequest.id.in_(ids)))
    return len(ids)
