"""“Có lần khám mới”: who asked for it hears that the visit book has grown, in the transaction in which it does.

One message a person and day, for oneself or for a child; of the visit nothing but its day, since a hospital's name tells
as much as a diagnosis. Histories that are loaded later tell nobody.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid.accounts import House, NoticeKind, notices
from vssid.accounts.notices import Listener
from vssid.kernel import audit
from vssid.kernel.audit import AuditEntry
from vssid.kernel.batches import each_alone
from vssid.kernel.clock import VIETNAM, day_of
from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import table_of
from vssid.records import bonds
from vssid.records.models import Person
from vssid.records.visits.intake import Judged
from vssid.records.visits.rules import Tag, hidden_from_guardian, is_news

_P = table_of(Person).c
OWN = N_(
    "VssID: Sổ khám chữa bệnh của bạn có lần khám mới, ngày %(day)s. Mở VssID, mục Sổ khám chữa bệnh để xem."
    " Không phải bạn khám? Gọi %(hotline)s."
)
CHILDS = N_(
    "VssID: Sổ khám chữa bệnh của con có lần khám mới, ngày %(day)s. Mở VssID, mục Gia đình để xem."
    " Không đúng? Gọi %(hotline)s."
)


@dataclass(frozen=True)
class News:
    """A visit that was not known: its day of admission in Vietnam."""

    day: date
    sensitive: bool


class Letter(NamedTuple):
    """What one listener is to be told, of themselves or of a child."""

    listener: Listener
    person_id: UUID
    words: Label
    visits: list[News]


def tell(db: Session, house: Callable[[], House], judged: Judged, at: datetime) -> int:
    """Queue messages about the new visits of a batch; returns how many. At most seven reads, whatever the batch holds.

    What was told is noted: whoever has heard that day hears nothing more, also when the visits were taken back and come again.
    """
    news = _news(judged, day_of(at))
    if not news:
        return 0
    own = _alive(db, notices.listening(db, NoticeKind.VISIT, news))
    wanted = [Letter(one, id, OWN, news[id]) for id, one in own.items()]
    for child, of_age, listener in bonds.hearing(db, NoticeKind.VISIT, news, day_of(at)):
        hides = hidden_from_guardian(of_age, day_of(at))
        if shown := [one for one in news[child] if not (hides and one.sensitive)]:
            wanted.append(Letter(listener, child, CHILDS, shown))
    if not wanted:
        return 0
    told = _told(db, {one.listener.account_id for one in wanted}, at)
    letters = [one for one in wanted if (one.listener.account_id, str(one.person_id)) not in told]
    # An address that cannot be written to must not keep visits out of the book.
    return each_alone(db, "visit notice", letters, lambda one: _tell(db, house(), one, at))


def _tell(db: Session, house: House, letter: Letter, at: datetime) -> None:
    newest = max(one.day for one in letter.visits)
    words = Label(str(letter.words), day=f"{newest:%d/%m}")
    own = letter.person_id == letter.listener.person_id
    href = "/ca-nhan/so-kham" if own else f"/ca-nhan/gia-dinh/{letter.person_id}/so-kham"
    notices.tell(db, house, letter.listener, NoticeKind.VISIT, words, at, href)
    account = letter.listener.account_id
    audit.record(db, Tag.TOLD, audit.SYSTEM, ("account", account), at, person=str(letter.person_id))


def _news(judged: Judged, today: date) -> dict[UUID, list[News]]:
    """What is new of whom, as far as it is news."""
    found: dict[UUID, list[News]] = {}
    for one, person in judged.new:
        if is_news(date.fromisoformat(one.data["discharged"][:10]), today):
            visit = News(date.fromisoformat(one.data["admitted"][:10]), one.data["sensitive"])
            found.setdefault(person, []).append(visit)
    return found


def _alive(db: Session, heard: dict[UUID, Listener]) -> dict[UUID, Listener]:
    """Nobody is written to who has died."""
    if not heard:
        return {}
    dead = set(db.scalars(select(_P.id).where(_P.id.in_(list(heard)), _P.died_on.is_not(None))))
    return {id: one for id, one in heard.items() if id not in dead}


def _told(db: Session, accounts: Collection[UUID], at: datetime) -> set[tuple[UUID, str]]:
    """Which accounts were written to since midnight, and of whom: also of visits that were taken back meanwhile."""
    midnight = datetime.combine(day_of(at), time(), VIETNAM)
    query = select(AuditEntry.subject_id, AuditEntry.detail).where(
        AuditEntry.subject_kind == "account",
        AuditEntry.subject_id.in_(accounts),
        AuditEntry.tag == Tag.TOLD,
        AuditEntry.at >= midnight,
    )
    return {(account, str(detail["person"])) for account, detail in db.execute(query) if account}
