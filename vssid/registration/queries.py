"""Reads of declarations: the citizen's own by its id, an officer's only within their agencies."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from uuid import UUID

from sqlalchemy import Select, func, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from vssid import accounts, records
from vssid.kernel.files import StoredFile
from vssid.kernel.labels import N_, Label
from vssid.officers import Officer
from vssid.records import IdKind, PartialDate, Sex
from vssid.registration.models import Declaration, DeclarationPhoto
from vssid.registration.rules import Side, Status

QUEUE_PAGE = 25
OPEN = (Status.WAITING, Status.RECEIVED)


def by_code(db: Session, code: str) -> Declaration | None:
    """The declaration of a code."""
    return db.scalar(select(Declaration).where(Declaration.code == code))


def by_id(db: Session, id: UUID) -> Declaration | None:
    """One declaration."""
    return db.get(Declaration, id)


def open_of(db: Session, ma_so_bhxh: str, phone: str) -> list[Declaration]:
    """Declarations of a mã số and phone that still wait, newest first."""
    query = select(Declaration).where(
        Declaration.ma_so_bhxh == ma_so_bhxh, Declaration.phone == phone, Declaration.status.in_(OPEN)
    )
    return list(db.scalars(query.order_by(Declaration.sent_at.desc()).limit(3)))


def in_offices(db: Session, id: UUID, officer: Officer) -> Declaration | None:
    """A declaration that lies with one of the officer's agencies; others do not exist for them."""
    return db.scalar(select(Declaration).where(Declaration.id == id, Declaration.agency_code.in_(officer.agencies)))


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


def find(db: Session, officer: Officer, text: str) -> list[Declaration]:
    """Declarations whose code, mã số, phone or ID number is exactly `text`."""
    same = or_(
        Declaration.code == text,
        Declaration.ma_so_bhxh == text,
        Declaration.phone == text,
        Declaration.id_number == text,
    )
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


def duplicates(db: Session, declaration: Declaration) -> list[Declaration]:
    """Other open or approved declarations with the same mã số, phone or ID number, wherever they lie."""
    same = or_(
        Declaration.ma_so_bhxh == declaration.ma_so_bhxh,
        Declaration.phone == declaration.phone,
        Declaration.id_number == declaration.id_number,
    )
    query = select(Declaration).where(same, Declaration.id != declaration.id)
    query = query.where(Declaration.status.in_((*OPEN, Status.APPROVED)))
    return list(db.scalars(query.order_by(Declaration.sent_at.desc()).limit(5)))


@dataclass(frozen=True)
class Check:
    """One automatic check: whether it is fine, and what it found."""

    fine: bool
    words: Label


@dataclass(frozen=True)
class Registered:
    """What the register knows about a declaration's mã số."""

    person: records.Person | None
    numbers: dict[IdKind, str]

    @property
    def birth(self) -> PartialDate | None:
        """The birth date as the register has it."""
        return PartialDate.parse(self.person.birth_date) if self.person else None


def registered(db: Session, declaration: Declaration) -> Registered:
    """The person of a declaration's mã số, with all their numbers."""
    person = records.person_by(db, IdKind.MA_SO_BHXH, declaration.ma_so_bhxh)
    return Registered(person, records.identifiers(db, person.id) if person else {})


def checks(db: Session, declaration: Declaration, known: Registered) -> list[Check]:
    """What a machine can compare before a person looks."""
    person = known.person
    if person is None:
        return [Check(False, N_("Mã số BHXH không có trong sổ bộ")), _phone_check(db, declaration)]
    found = [
        Check(True, N_("Mã số BHXH có trong sổ bộ")),
        Check(
            records.check_name(person.full_name).casefold() == declaration.full_name.casefold(),
            N_("Họ và tên so với sổ bộ"),
        ),
        *_number_checks(declaration, known),
        Check(accounts.by_person(db, person.id) is None, N_("Mã số này chưa có tài khoản")),
        _phone_check(db, declaration),
        Check(person.died_on is None, N_("Người này còn sống theo sổ bộ")),
        Check(person.ward_code in ("", declaration.ward_code), N_("Phường/xã so với sổ bộ")),
    ]
    return sorted(found, key=lambda check: check.fine)


def _number_checks(declaration: Declaration, known: Registered) -> list[Check]:
    kind, person = IdKind(declaration.id_kind), known.person
    checks_ = []
    if kind is IdKind.CCCD and person is not None:
        wrong = records.check_cccd(declaration.id_number, known.birth, Sex(person.sex))
        checks_ += [Check(False, words) for words in wrong] or [Check(True, N_("Số CCCD đúng năm sinh, giới tính"))]
    if kind in known.numbers:
        checks_.append(Check(known.numbers[kind] == declaration.id_number, N_("Số giấy tờ so với sổ bộ")))
    return checks_


def _phone_check(db: Session, declaration: Declaration) -> Check:
    owner = accounts.by_phone(db, declaration.phone)
    return Check(owner is None, N_("Số điện thoại chưa thuộc tài khoản nào"))
