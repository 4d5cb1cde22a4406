"""What the walk reads: some accounts at a time, and of their people only those whose newest months are not paid."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select, text, update
from sqlalchemy.orm import Session

from vssid.accounts import Account, NoticeKind, notices
from vssid.accounts.notices import Listener
from vssid.kernel.clock import now
from vssid.kernel.rows import table_of
from vssid.records.benefits.models import Benefit, PensionAdjustment
from vssid.records.benefits.rules import BenefitKind
from vssid.records.contributions.models import WATCHED, Contribution, EmployerNotice, EmployerWatch
from vssid.records.contributions.rules import Fund, Kind, Month, Status, first_day, key_of_name, month_of
from vssid.records.contributions.watch import rules
from vssid.records.contributions.watch.rules import Life, Missing, Paid, Told
from vssid.records.models import Person
from vssid.records.rules import PartialDate, of_age_on

ONLY = 1
_C, _P, _B, _N = table_of(Contribution).c, table_of(Person).c, table_of(Benefit).c, table_of(EmployerNotice).c
_PENSIONS = (BenefitKind.PENSION, BenefitKind.ALLOWANCE)
_INSTEAD_OF_PAY = (
    BenefitKind.ONE_TIME, BenefitKind.SICKNESS, BenefitKind.MATERNITY, BenefitKind.CONVALESCENCE, BenefitKind.ACCIDENT,
    BenefitKind.UNEMPLOYMENT,
)  # fmt: skip


class Stretch(NamedTuple):
    """Persons in the order of their ids: after the first, up to and including the last."""

    after: UUID
    upto: UUID


def walk(db: Session) -> EmployerWatch | None:
    """Where the walk is; None before the first one."""
    return db.get(EmployerWatch, ONLY)


def ask(db: Session) -> None:
    """Have everybody looked at again: contributions were just imported. Nothing happens before the first walk."""
    db.execute(update(table_of(EmployerWatch)).where(EmployerWatch.id == ONLY).values(asked_at=now()))


def horizon(db: Session, today: date) -> Month | None:
    """Up to which month the register reaches."""
    last_month = month_of(today) - 1
    # The words of the index, so that it is used: a bound value would not imply them.
    recent = (text(WATCHED), _C.to_month >= first_day(last_month - rules.NEWS_FOR + 1))
    counts = db.execute(select(_C.to_month, func.count()).where(*recent).group_by(_C.to_month))
    return rules.horizon({month_of(end): count for end, count in counts}, last_month)


def next_stretch(db: Session, after: UUID, size: int) -> Stretch | None:
    """The next accounts, `size` at most; None behind the last."""
    behind = select(Account.person_id).where(Account.person_id > after)
    upto = db.scalar(behind.order_by(Account.person_id).offset(size - 1).limit(1))
    if upto is None:  # fewer are left
        upto = db.scalar(behind.order_by(Account.person_id.desc()).limit(1))
    return Stretch(after, upto) if upto else None


def _within(column: ColumnElement[UUID], stretch: Stretch) -> ColumnElement[bool]:
    return and_(column > stretch.after, column <= stretch.upto)


def listeners(db: Session, stretch: Stretch, until: Month) -> list[tuple[Listener, str]]:
    """Who could have something to hear, with their birth dates: alive, reached, and nobody has paid the newest months."""
    heard = notices.listeners(NoticeKind.EMPLOYER)
    account = heard.selected_columns.person_id
    unpaid = and_(_C.status != Status.PAID, _C.kind == Kind.COMPULSORY, _C.from_month <= first_day(until))
    paid, late = func.max(case((_C.status == Status.PAID, _C.to_month))), func.max(case((unpaid, _C.to_month)))
    long_ago, lately = first_day(until - rules.NEWS_FOR), first_day(until - rules.STOPPED_AFTER)
    query = (
        heard.add_columns(_P.birth_date)
        .join(table_of(Person), _P.id == account)
        .join(table_of(Contribution), and_(_C.person_id == account, _C.fund == Fund.BHXH))
        .where(_within(account, stretch), _P.died_on.is_(None))
        .group_by(*heard.selected_columns, _P.birth_date)
        .having(
            or_(
                and_(late > long_ago, or_(paid.is_(None), late > paid)),
                paid.between(long_ago, lately),
            )
        )
    )
    return [(Listener(*row[:-1]), row[-1]) for row in db.execute(query)]


def periods(db: Session, persons: Collection[UUID]) -> dict[UUID, list[Paid]]:
    """The periods of BHXH of these persons."""
    columns = (_C.person_id, _C.from_month, _C.to_month, _C.status, _C.kind, _C.employer_key, _C.employer_name)
    found: dict[UUID, list[Paid]] = defaultdict(list)
    for id, first, last, status, kind, employer, name in db.execute(
        select(*columns).where(_C.person_id.in_(persons), _C.fund == Fund.BHXH)
    ):
        found[id].append(Paid(month_of(first), month_of(last), Status(status), Kind(kind), employer, key_of_name(name)))
    return found


def lives(db: Session, births: Iterable[tuple[UUID, str]], today: date) -> dict[UUID, Life]:
    """What else matters of these living persons, given with their birth dates."""
    ages = {id: of_age_on(PartialDate.parse(birth)) for id, birth in births}
    wanted = (_B.person_id.in_(ages), _B.kind.in_((*_PENSIONS, *_INSTEAD_OF_PAY)))
    adjusted = select(PensionAdjustment.person_id).where(PensionAdjustment.person_id.in_(ages))
    pensions = set(db.scalars(adjusted))
    newest: dict[UUID, Month] = {}
    columns = (_B.person_id, _B.kind, _B.from_date, _B.decision_date, _B.to_date)
    for id, kind, begins, decided, ends in db.execute(select(*columns).where(*wanted)):
        day = ends or (date.fromisoformat(begins) if begins else decided)
        if BenefitKind(kind) in _PENSIONS:
            pensions.update([id] if ends is None or ends >= today else [])
        elif day is not None:
            newest[id] = max(newest.get(id, 0), month_of(day))
    return {id: Life(age, pension=id in pensions, benefit=newest.get(id)) for id, age in ages.items()}


def told(db: Session, stretch: Stretch) -> dict[UUID, list[Told]]:
    """What persons of a stretch were told before."""
    found: dict[UUID, list[Told]] = defaultdict(list)
    columns = (_N.person_id, _N.employer_key, _N.first_month, _N.last_month)
    for id, employer, first, last in db.execute(select(*columns).where(_within(_N.person_id, stretch))):
        found[id].append(Told(employer, month_of(first), month_of(last)))
    return found


def seen(db: Session, stretch: Stretch, until: Month, today: date) -> list[tuple[Listener, Missing]]:
    """Who of a stretch has months that an employer has not paid: four statements, however many."""
    could = listeners(db, stretch, until)
    if not could:
        return []
    ids = [listener.person_id for listener, _birth in could]
    rows = periods(db, ids)
    facts = lives(db, ((listener.person_id, birth) for listener, birth in could), today)
    found = ((one, rules.missing(rows[one.person_id], facts[one.person_id], until, today)) for one, _birth in could)
    return [(listener, missing) for listener, missing in found if missing]
