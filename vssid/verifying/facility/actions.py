"""Noting a check, checking a patient in, noting who compared a portrait, telling who wants to hear, forgetting in time."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from vssid import directory
from vssid.accounts import House, NoticeKind, notices
from vssid.accounts.notices import Listener
from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.batches import each_alone
from vssid.kernel.clock import VIETNAM, day_of
from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import table_of
from vssid.organisations import Member
from vssid.records import bonds
from vssid.verifying.facility.checking import Answer
from vssid.verifying.facility.models import CardCheck
from vssid.verifying.facility.rules import KEPT_AT_LEAST, KEPT_YEARS, Purpose, Tag, check_may_check_in

PURGED_AT_ONCE = 500
# No name of the place: whoever sees the telephone would know as much as from a diagnosis.
TOLD = N_(
    "VssID: Thẻ BHYT của bạn được một cơ sở khám chữa bệnh kiểm tra lúc %(time)s. Xem ở VssID, mục Thẻ BHYT."
    " Không phải bạn? Gọi %(hotline)s."
)
TOLD_GUARDIAN = N_(
    "VssID: Thẻ BHYT của con được một cơ sở khám chữa bệnh kiểm tra lúc %(time)s. Xem ở VssID, mục Gia đình."
    " Không đúng? Gọi %(hotline)s."
)


def note(db: Session, answer: Answer, *, by: Member, at: datetime) -> CardCheck:
    """Keep a check, whatever it found."""
    row = CardCheck(
        id=uuid4(),
        person_id=answer.person_id,
        ma_so_bhxh=answer.ma_so,
        organisation_id=by.organisation_id,
        facility_code=by.facility_code,
        member_id=by.id,
        at=at,
        how=answer.how,
        verdict=answer.found,
        told=answer.known is not None,
        kept_id=answer.kept_id,
        purpose="",
    )
    db.add(row)
    db.flush()
    _note(db, Tag.CHECKED, row, by.by, at, how=answer.how, verdict=answer.found)
    return row


def _note(db: Session, tag: Tag, row: CardCheck, by: By, at: datetime, **more: str) -> None:
    subject = ("person", row.person_id) if row.person_id else ("organisation", row.organisation_id)
    audit.record(db, tag, by, subject, at, check=str(row.id), facility=row.facility_code, **more)


def tell(db: Session, house: House, person_id: UUID, at: datetime) -> None:
    """Tell the owner of a card and the guardians of a child, as far as they asked to be told, that it was checked.

    Two guardians who read one mailbox get one message there; the bell of each has it.
    """
    heard = [
        (one, TOLD, "/ca-nhan/the-bhyt/lan-kiem-tra")
        for one in notices.listening(db, NoticeKind.CARD, [person_id]).values()
    ]
    childs = f"/ca-nhan/gia-dinh/{person_id}/the-bhyt/lan-kiem-tra"
    guardians = bonds.hearing(db, NoticeKind.CARD, [person_id], day_of(at))
    heard += [(one.listener, TOLD_GUARDIAN, childs) for one in guardians]
    time = f"{at.astimezone(VIETNAM):%H:%M %d/%m}"

    written: set[str] = set()

    def write(letter: tuple[Listener, Label, str]) -> None:
        listener, words, href = letter
        once = listener._replace(to=None) if listener.to in written else listener
        notices.tell(db, house, once, NoticeKind.CARD, Label(str(words), time=time), at, href)
        written.update([listener.to] if listener.to else [])

    # An address that cannot be written to must not keep a patient waiting.
    each_alone(db, "card notice", heard, write)


def check_in(db: Session, row: CardCheck, purpose: Purpose, *, by: By, at: datetime) -> None:
    """Ghi nhận vào khám. Raises Refused when nobody was found, a second time, and on another day."""
    check_may_check_in(row.told, row.checked_in_at is not None, day_of(row.at), day_of(at))
    row.checked_in_at, row.purpose = at, purpose
    _note(db, Tag.CHECKED_IN, row, by, at, purpose=purpose)


def note_portrait(db: Session, id: UUID, person_id: UUID, *, by: Member, at: datetime) -> None:
    """A member saw a portrait."""
    audit.record(db, Tag.PORTRAIT, by.by, ("person", person_id), at, check=str(id), facility=by.facility_code)


def purge(db: Session, at: datetime) -> bool:
    """Forget checks after the years that a parameter sets, some hundred at once; True while there may be more."""
    found = directory.parameter(db, KEPT_YEARS, day_of(at))
    years = directory.whole_of(KEPT_YEARS, found.value) if found else None
    old = CardCheck.at < at - timedelta(days=365 * (years or KEPT_AT_LEAST))
    some = list(db.scalars(select(CardCheck.id).where(old).order_by(CardCheck.at).limit(PURGED_AT_ONCE)))
    if some:
        db.execute(delete(table_of(CardCheck)).where(CardCheck.id.in_(some)))
    return len(some) == PURGED_AT_ONCE
