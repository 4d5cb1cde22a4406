"""“Có lần khám mới”: who asked for it hears that the visit book has grown, in the transaction in which it does.

One message a person and day, for oneself or for a child; of the visit nothing but its day, since a hospital's name tells
as much as a diagnosis. Histories that are loaded later tell nobody.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from vssid.accounts import House, NoticeKind, notices
from vssid.accounts.notices import Listener
from vssid.kernel.batches import each_alone
from vssid.kernel.clock import VIETNAM, day_of
from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import table_of
from vssid.records.models import Guardianship, Person
from vssid.records.rules import CHILD_CONSENT, PartialDate, consent_lapsed, of_age_on
from vssid.records.visits.intake import Judged
from vssid.records.visits.models import Visit
from vssid.records.visits.rules import hidden_from_guardian, is_news

_V, _P, _G = table_of(Visit).c, table_of(Person).c, table_of(Guardianship).c
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


def tell(db: Session, house: Callable[[], House], judged: Judged, at: datetime) -> int:
    """Queue messages about the new visits of a batch; returns how many. At most seven reads, whatever the batch holds.

    To be called before the visits are written: what was written earlier that day has been told.
    """
    news = _news(judged, day_of(at))
    if not news:
        return 0
    own = _alive(db, notices.listening(db, NoticeKind.VISIT, news))
    childs = list(_guardians(db, news, day_of(at)))
    if not own and not childs:
        return 0
    before = _before(db, {*own, *(child for child, _hides, _listener in childs)}, at)
    written: list[tuple[Listener, Label, list[News]]] = [
        (one, OWN, news[id]) for id, one in own.items() if id not in before
    ]
    for child, hides, listener in childs:
        shown = [one for one in news[child] if not (hides and one.sensitive)]
        if shown and not any(not (hides and sensitive) for sensitive in before.get(child, ())):
            written.append((listener, CHILDS, shown))
    # An address that cannot be written to must not keep visits out of the book.
    return each_alone(db, "visit notice", written, lambda one: _tell(db, house(), *one, at))


def _tell(db: Session, house: House, listener: Listener, words: Label, visits: list[News], at: datetime) -> None:
    newest = max(one.day for one in visits)
    notices.tell(db, house, listener, NoticeKind.VISIT, Label(str(words), day=f"{newest:%d/%m}"), at)


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


def _guardians(db: Session, persons: Iterable[UUID], today: date) -> Iterator[tuple[UUID, bool, Listener]]:
    """For each minor the guardians who asked to hear: the child, whether sensitive visits are hidden from them, and whom.

    As on the pages: no guardian without an agreement that still holds.
    """
    in_force = (_G.valid_from <= today, or_(_G.valid_to.is_(None), _G.valid_to > today))
    query = (
        select(_G.child_id, _G.guardian_id, _P.birth_date)
        .join_from(table_of(Guardianship), table_of(Person), _P.id == _G.child_id)
        .where(_G.child_id.in_(list(persons)), *in_force, _P.died_on.is_(None))
        .distinct()
    )
    pairs = [(child, guardian, PartialDate.parse(birth)) for child, guardian, birth in db.execute(query)]
    minors = [pair for pair in pairs if today < of_age_on(pair[2])]
    heard = notices.listening(db, NoticeKind.VISIT, {guardian for _child, guardian, _birth in minors})
    wanted = [pair for pair in minors if pair[1] in heard]
    agreed = notices.agreed_on(db, "person", {child for child, _guardian, _birth in wanted}, CHILD_CONSENT)
    for child, guardian, birth in wanted:
        given = agreed.get(child)
        if not consent_lapsed(birth, day_of(given) if given else None, today):
            yield child, hidden_from_guardian(of_age_on(birth), today), heard[guardian]


def _before(db: Session, persons: Iterable[UUID], at: datetime) -> dict[UUID, set[bool]]:
    """Of whom a recent visit was written earlier the same day, and whether those were sensitive."""
    midnight = datetime.combine(day_of(at), time(), VIETNAM)
    # Years first: so the index of a person's visits is of use.
    query = select(_V.person_id, _V.sensitive, _V.discharged_at).where(
        _V.person_id.in_(list(persons)),
        _V.year >= day_of(at - timedelta(days=366)).year,
        _V.recorded_at >= midnight,
    )
    found: dict[UUID, set[bool]] = {}
    for person, sensitive, discharged in db.execute(query):
        if is_news(day_of(discharged), day_of(at)):
            found.setdefault(person, set()).add(sensitive)
    return found
