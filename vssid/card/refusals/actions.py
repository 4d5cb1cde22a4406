"""What happens to reports: sent, answered once, forgotten after five years."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from vssid import accounts
from vssid.accounts import Account, House, Ring
from vssid.card.refusals import messages, queries
from vssid.card.refusals.models import CardRefusal
from vssid.card.refusals.rules import ENDED, KEPT, Report, Status, Tag, check_answer, new_code, spoken_code
from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.clock import day_of
from vssid.kernel.labels import Label, Refused
from vssid.kernel.rows import table_of
from vssid.officers import Officer

FORGOTTEN_AT_ONCE = 200


def report(db: Session, account_id: UUID, person_id: UUID, told: Report, *, by: By, at: datetime) -> CardRefusal:
    """Note what happened; its clock starts."""
    made = CardRefusal(
        id=uuid4(),
        code=new_code(),
        person_id=person_id,
        account_id=account_id,
        agency_code=queries.agency_of(db, person_id),
        facility_code=told.facility_code,
        facility_name=told.facility_name,
        happened_on=told.happened_on,
        said=told.said,
        words=told.words,
        status=Status.NEW,
        sent_at=at,
        due_on=queries.due_on(db, day_of(at)),
        answer="",
    )
    db.add(made)
    db.flush()
    audit.record(db, Tag.REPORTED, by, ("person", person_id), at, report=str(made.id))
    return made


def answer(db: Session, house: House, id: UUID, words: str | None, *, by: Officer, at: datetime) -> CardRefusal:
    """Answer in words that the person reads. Exactly one officer does; raises Refused for the second."""
    text = check_answer(words)
    values = {"status": Status.ANSWERED, "answer": text, "answered_at": at, "answered_by": by.id}
    waits = CardRefusal.id == id, CardRefusal.status == Status.NEW
    if (
        db.execute(update(table_of(CardRefusal)).where(*waits).values(**values).returning(CardRefusal.id)).first()
        is None
    ):
        raise Refused(ENDED)
    found = db.get_one(CardRefusal, id, populate_existing=True)
    _noted(db, Tag.ANSWERED, found, by, at)
    account = db.get_one(Account, found.account_id)
    filled = Label(str(messages.ANSWERED), code=spoken_code(found.code), hotline=house.hotline)
    whose = "" if account.person_id == found.person_id else f"/gia-dinh/{found.person_id}"
    ring = Ring(f"/ca-nhan{whose}/the-bhyt/bi-tu-choi/{found.id}")
    for to in dict.fromkeys(one for one in (accounts.phone_of(db, account), account.email or "") if one):
        accounts.tell(
            db, house.keyring, to, account.language, filled, "card.refusal_answered", account.id, at,
            subject=messages.SUBJECT, ring=ring,
        )  # fmt: skip
    return found


def note_view(db: Session, found: CardRefusal, by: Officer, at: datetime) -> None:
    """An officer has opened a report."""
    _noted(db, Tag.VIEWED, found, by, at)


def _noted(db: Session, tag: Tag, found: CardRefusal, by: Officer, at: datetime) -> None:
    audit.record(db, tag, by.by, ("person", found.person_id), at, report=str(found.id), agency=by.agency_code)


def forget_old(db: Session, at: datetime) -> bool:
    """Drop reports that were answered and due five years ago, some hundred at once; True while there may be more."""
    old = CardRefusal.status == Status.ANSWERED, CardRefusal.due_on < day_of(at) - KEPT
    ids = list(db.scalars(select(CardRefusal.id).where(*old).limit(FORGOTTEN_AT_ONCE)))
    db.execute(delete(table_of(CardRefusal)).where(CardRefusal.id.in_(ids)))
    return len(ids) == FORGOTTEN_AT_ONCE
