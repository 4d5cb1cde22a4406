"""What officers do with a wish: ask, agree, decline, take back. Each step has one winner."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from vssid.kernel import audit
from vssid.kernel.labels import Refused
from vssid.officers import Officer
from vssid.officers.seconding import OVER, check_second, settle
from vssid.registration.exports import queries
from vssid.registration.exports.models import DeclarationExport
from vssid.registration.exports.queries import Wanted
from vssid.registration.exports.rules import WISH_LIFE, State, Tag, check_period, check_size


def ask(db: Session, wanted: Wanted, reason: str, *, by: Officer, at: datetime, today: date) -> UUID:
    """Note what is wanted and why; nothing is made before a second officer agrees. Raises Refused."""
    check_period(wanted.first, wanted.last, today)
    if not set(wanted.agencies) <= set(by.agencies):
        raise Refused(OVER)
    check_size(queries.size(db, wanted))
    wish = DeclarationExport(
        id=uuid4(), state=State.ASKED, agency_code=by.agency_code, agencies=",".join(wanted.agencies),
        first=wanted.first, last=wanted.last, status=wanted.status, reason=reason, asked_by=by.id, asked_at=at,
        attempts=0,
    )  # fmt: skip
    db.add(wish)
    audit.record(
        db, Tag.ASKED, by.by, ("export", wish.id), at, agencies=wish.agencies[:200], first=wanted.first.isoformat(),
        last=wanted.last.isoformat(), status=wanted.status,
    )  # fmt: skip
    return wish.id


def agree(db: Session, wish: DeclarationExport, *, by: Officer, at: datetime) -> None:
    """The second officer agrees; `flask work` makes the file. Raises Refused for whoever asked, or when it is over."""
    check_second(wish.asked_by, by.id)
    _settle(db, wish, State.AGREED, Tag.AGREED, by=by, at=at, decided_by=by.id)


def decline(db: Session, wish: DeclarationExport, *, by: Officer, at: datetime) -> None:
    """The second officer does not agree; whoever asked takes it back."""
    if wish.asked_by == by.id:
        _settle(db, wish, State.WITHDRAWN, Tag.WITHDRAWN, by=by, at=at)
    else:
        _settle(db, wish, State.DECLINED, Tag.DECLINED, by=by, at=at, decided_by=by.id)


def _settle(
    db: Session, wish: DeclarationExport, state: State, tag: Tag, *, by: Officer, at: datetime, **more: UUID
) -> None:
    settle(db, DeclarationExport, wish.id, at, life=WISH_LIFE, state=state, **more)
    audit.record(db, tag, by.by, ("export", wish.id), at)
