"""Reads of declarations: the citizen's own by its id, an officer's only within their agencies."""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import product
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from vssid import accounts, records
from vssid.kernel.files import StoredFile
from vssid.kernel.labels import Refused
from vssid.officers import Officer
from vssid.records import IdKind, PartialDate
from vssid.registration.fields import Info, Kind, Side
from vssid.registration.models import Correction, Declaration, DeclarationPhoto
from vssid.registration.rules import OWN_FAMILY, Status

QUEUE_PAGE = 25
OPEN = (Status.WAITING, Status.RECEIVED)


def by_code(db: Session, code: str) -> Declaration | None:
    """The declaration of a code."""
    return db.scalar(select(Declaration).where(Declaration.code == code))


def by_id(db: Session, id: UUID) -> Declaration | None:
    """One declaration."""
    return db.get(Declaration, id)


def open_of(db: Session, number: str, phone: str) -> list[Declaration]:
    """Declarations of a mã số (an organisation's: of a tax code) and phone that still wait, newest first."""
    of_organisation = and_(Declaration.kind == Kind.ORGANISATION, Declaration.id_number == number)
    query = select(Declaration).where(
        Declaration.phone == phone,
        or_(Declaration.ma_so_bhxh == number, of_organisation),
        Declaration.status.in_(OPEN),
    )
    return list(db.scalars(query.order_by(Declaration.sent_at.desc()).limit(3)))


def in_offices(db: Session, id: UUID, officer: Officer) -> Declaration | None:
    """A declaration that lies with one of the officer's agencies; others do not exist for them.

    Raises Refused for one of the officer's family: those are a colleague's to open.
    """
    declaration = db.scalar(
        select(Declaration).where(Declaration.id == id, Declaration.agency_code.in_(officer.agencies))
    )
    if declaration is not None:
        check_family(db, officer, declaration.ma_so_bhxh, declaration.guardian_ma_so)
    return declaration


def check_family(db: Session, officer: Officer, *numbers: str) -> None:
    """Raise Refused when one of the mã số is the officer's own or of their family."""
    if not officer.ma_so_bhxh:
        return
    for number in filter(None, numbers):
        if number == officer.ma_so_bhxh:
            raise Refused(OWN_FAMILY)
        check_relative(db, officer, records.person_by(db, IdKind.MA_SO_BHXH, number))


def check_relative(db: Session, officer: Officer, person: records.Person | None) -> None:
    """Raise Refused for the officer themselves and their family."""
    if person is not None and officer.ma_so_bhxh and records.is_family(db, officer.ma_so_bhxh, person):
        raise Refused(OWN_FAMILY)


def at_counter(db: Session, id: UUID, officer: Officer) -> Declaration | None:
    """A declaration that was taken down at the counter of one of the officer's agencies."""
    declaration = in_offices(db, id, officer)
    return declaration if declaration is not None and declaration.counter_by is not None else None


def unfinished_at_counter(db: Session, officer: Officer) -> list[Declaration]:
    """What this officer took down and has not decided, newest first."""
    query = select(Declaration).where(Declaration.counter_by == officer.id, Declaration.decided_at.is_(None))
    return list(db.scalars(query.order_by(Declaration.sent_at.desc()).limit(20)))


def waiting_count(db: Session, officer: Officer) -> int:
    """How many declarations wait for a decision in the officer's agencies."""
    query = select(func.count()).where(Declaration.agency_code.in_(officer.agencies), Declaration.status.in_(OPEN))
    return db.scalar(query) or 0


@dataclass(frozen=True)
class Page:
    """One page of a queue and the key of the next."""

    rows: list[Declaration]
    next_key: str | None


def queue(db: Session, officer: Officer, statuses: tuple[Status, ...], after: tuple[date, UUID] | None) -> Page:
    """Declarations by the day they lapse, paged by key."""
    rows = list(db.scalars(_first(officer, statuses, after, QUEUE_PAGE + 1)))
    more = len(rows) > QUEUE_PAGE
    rows = rows[:QUEUE_PAGE]
    return Page(rows, f"{rows[-1].lapses_on.isoformat()}_{rows[-1].id}" if more else None)


def _first(
    officer: Officer, statuses: tuple[Status, ...], after: tuple[date, UUID] | None, n: int
) -> Select[Declaration]:
    """The first `n` of the officer's declarations by the day they lapse.

    The first `n` of each agency and status come straight from the index; only those are merged. One condition over all
    agencies would read and sort the whole queue for each page of it.
    """
    key = (Declaration.lapses_on, Declaration.id)
    parts = [
        select(*key)
        .where(Declaration.agency_code == agency, Declaration.status == status)
        .where(*([tuple_(*key) > after] if after else []))
        .order_by(*key)
        .limit(n)
        .subquery()
        for agency, status in product(officer.agencies, statuses)
    ]
    firsts = union_all(*(select(part) for part in parts)).order_by("lapses_on", "id").limit(n).subquery()
    return select(Declaration).join(firsts, firsts.c.id == Declaration.id).order_by(*key)


def find(db: Session, officer: Officer, text: str, unit_code: str) -> list[Declaration]:
    """Declarations whose code, mã số, phone or ID number (a child's: the guardian's) is exactly `text`.

    An organisation's is also found by its unit code, whose signs are its own.
    """
    columns = (
        Declaration.code,
        Declaration.ma_so_bhxh,
        Declaration.phone,
        Declaration.id_number,
        Declaration.guardian_number,
    )
    same = or_(*(column == text for column in columns), Declaration.unit_code == unit_code)
    query = select(Declaration).where(same, Declaration.agency_code.in_(officer.agencies))
    return list(db.scalars(query.order_by(Declaration.sent_at.desc()).limit(QUEUE_PAGE)))


def next_open(db: Session, officer: Officer, declaration: Declaration) -> Declaration | None:
    """The declaration to decide after this one."""
    here = (declaration.lapses_on, declaration.id)
    after = db.scalar(_first(officer, OPEN, here, 1))
    if after is not None:
        return after
    first = db.scalar(_first(officer, OPEN, None, 1))
    return first if first and first.id != declaration.id else None


def decided_today(db: Session, officer_id: UUID, since: datetime) -> int:
    """How many this officer has decided since `since`."""
    query = select(func.count()).where(Declaration.decided_by == officer_id, Declaration.decided_at >= since)
    return db.scalar(query) or 0


def photos(db: Session, declaration_id: UUID) -> dict[Side, DeclarationPhoto]:
    """The photos that are still kept."""
    rows = db.scalars(select(DeclarationPhoto).where(DeclarationPhoto.declaration_id == declaration_id))
    return {Side(row.side): row for row in rows}


def photo_file(db: Session, photo: DeclarationPhoto) -> StoredFile:
    """The row of a photo's file."""
    return db.get_one(StoredFile, photo.file_id)


def preview_file(db: Session, photo: DeclarationPhoto) -> StoredFile:
    """The row of its small picture's file."""
    return db.get_one(StoredFile, photo.preview_id)


@dataclass(frozen=True)
class Registered:
    """What the register knows about a declaration's mã số, and of a child's guardian."""

    person: records.Person | None
    numbers: dict[IdKind, str]
    guardian: records.Person | None = None
    guardian_numbers: dict[IdKind, str] = field(default_factory=dict)
    # Those who act for the child already, by the register.
    guardians: list[records.Person] = field(default_factory=list)

    @property
    def birth(self) -> PartialDate | None:
        """The birth date as the register has it."""
        return PartialDate.parse(self.person.birth_date) if self.person else None


def registered(db: Session, declaration: Declaration, on: date) -> Registered:
    """The person of a declaration's mã số, with all their numbers; of a child the guardian too."""
    person = records.person_by(db, IdKind.MA_SO_BHXH, declaration.ma_so_bhxh)
    numbers = records.identifiers(db, person.id) if person else {}
    if declaration.kind != Kind.CHILD:
        return Registered(person, numbers)
    guardian = records.person_by(db, IdKind.MA_SO_BHXH, declaration.guardian_ma_so)
    return Registered(
        person,
        numbers,
        guardian,
        records.identifiers(db, guardian.id) if guardian else {},
        records.guardians_of(db, person.id, on) if person else [],
    )


def phone_for(db: Session, info: Info | None) -> str:
    """Where messages about step 1 go: the phone that was typed; of a child without one, the guardian's account's.

    The account is found by mã số and ID number together; '' when they do not name somebody with an account.
    """
    if info is None or info.phone or info.guardian is None:
        return info.phone if info else ""
    guardian = info.guardian
    person = records.person_by(db, IdKind.MA_SO_BHXH, guardian.ma_so_bhxh)
    if person is None:
        return ""
    if (
        not guardian.person_id
        and records.identifiers(db, person.id).get(IdKind(guardian.id_kind)) != guardian.id_number
    ):
        return ""
    account = accounts.by_person(db, person.id)
    return (account.phone or "") if account else ""


def approved_of(db: Session, person_id: UUID) -> Declaration | None:
    """The declaration that opened a person's account: the newest that was approved."""
    approved = select(Declaration).where(Declaration.person_id == person_id, Declaration.status == Status.APPROVED)
    return db.scalar(approved.order_by(Declaration.sent_at.desc()).limit(1))


def of_guardian(db: Session, person_id: UUID) -> list[Declaration]:
    """What a guardian has declared for children from their account, newest first."""
    query = select(Declaration).where(Declaration.guardian_person_id == person_id)
    return list(db.scalars(query.order_by(Declaration.sent_at.desc()).limit(20)))


def corrections(db: Session, declaration_id: UUID) -> list[Correction]:
    """All items that were ever returned, oldest first."""
    query = select(Correction).where(Correction.declaration_id == declaration_id)
    return list(db.scalars(query.order_by(Correction.asked_at).limit(100)))


def open_corrections(db: Session, declaration_id: UUID) -> list[Correction]:
    """The returned items that the citizen has not mended yet."""
    return [one for one in corrections(db, declaration_id) if one.mended_at is None]
