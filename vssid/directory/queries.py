"""Reads of places, facilities and dated parameters. Every list is bounded. Agencies: `offices`; places by name: `search`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session, aliased

from vssid.directory.models import AdminUnit, Facility, Icd10Code, Parameter, Succession
from vssid.directory.rules import (
    MERGED_PROVINCES,
    OLD_SYSTEM,
    SYSTEM,
    Level,
    Place,
    icd10_key,
    in_number_order,
    office_needles,
    whole_of,
    without_kind,
    words_of,
)
from vssid.kernel.memory import Memory
from vssid.kernel.text import fold

MOST_RESULTS = 100
MOST_WARDS = 300  # of one province; the largest has 168
_Province = aliased(AdminUnit)
_Above, _Top = aliased(AdminUnit), aliased(AdminUnit)
_PLACES: Memory[tuple[str, str], str] = Memory()
_VALUES: Memory[tuple[str, date], str] = Memory()


def _current(unit: Any, level: Level) -> list[ColumnElement[bool]]:
    return [unit.system == SYSTEM, unit.level == level, unit.valid_to.is_(None)]


def provinces(db: Session) -> Sequence[AdminUnit]:
    """The 34 provinces of today in alphabetical order."""
    return db.scalars(select(AdminUnit).where(*_current(AdminUnit, Level.PROVINCE)).order_by(AdminUnit.folded)).all()


def wards(db: Session, province_code: str) -> Sequence[AdminUnit]:
    """The wards of a province of today in alphabetical order; empty for an unknown province."""
    query = select(AdminUnit).where(*_current(AdminUnit, Level.WARD), AdminUnit.parent_code == province_code)
    return db.scalars(query.order_by(AdminUnit.folded, AdminUnit.code)).all()


def old_provinces(db: Session) -> Sequence[AdminUnit]:
    """The 63 provinces of the last day of June 2025 in alphabetical order."""
    return _old_below(db, "")


def old_districts(db: Session, province_code: str) -> Sequence[AdminUnit]:
    """The districts of an old province in the order of their names and numbers; empty for an unknown one."""
    return _old_below(db, province_code) if len(province_code) == 2 else []


def old_wards(db: Session, district_code: str) -> Sequence[AdminUnit]:
    """The wards of an old district in the order of their names and numbers; five districts of islands have none."""
    return _old_below(db, district_code) if len(district_code) == 3 else []


def _old_below(db: Session, parent_code: str) -> Sequence[AdminUnit]:
    found = db.scalars(select(AdminUnit).where(AdminUnit.system == OLD_SYSTEM, AdminUnit.parent_code == parent_code))
    return sorted(found, key=lambda unit: (in_number_order(unit.folded), unit.code))


def old_lines(db: Session, codes: Iterable[str]) -> dict[str, list[AdminUnit]]:
    """Each of these old units by its code, with those above it, from itself upwards; unknown codes are left out."""
    query = (
        select(AdminUnit, _Above, _Top)
        .outerjoin(_Above, and_(_Above.system == OLD_SYSTEM, _Above.code == AdminUnit.parent_code))
        .outerjoin(_Top, and_(_Top.system == OLD_SYSTEM, _Top.code == _Above.parent_code))
        .where(AdminUnit.system == OLD_SYSTEM, AdminUnit.code.in_(list(codes)))
    )
    return {line[0].code: [unit for unit in line if unit] for line in db.execute(query)}


def wards_after(db: Session, old_code: str) -> list[Place]:
    """The wards of today that an old ward (or old district without wards) went into, by name; several if it was split.

    Empty for an unknown code and for a district that has wards.
    """
    return successors(db, [old_code]).get(old_code, [])


def successors(db: Session, old_codes: Iterable[str]) -> dict[str, list[Place]]:
    """What `wards_after` says of each of these; those that nothing is said of are left out."""
    query = select(Succession.old_code, Succession.new_code).where(Succession.old_code.in_(list(old_codes)))
    pairs = db.execute(query).all()
    known = places(db, {pair.new_code for pair in pairs})
    after: dict[str, list[Place]] = {}
    for old_code, new_code in pairs:
        if new_code in known:
            after.setdefault(old_code, []).append(known[new_code])
    return {code: sorted(found, key=lambda place: fold(place.label)) for code, found in after.items()}


def wards_of_old(db: Session, old_code: str) -> list[Place]:
    """The wards of today that an old ward, or the wards of an old district, went into, by name; empty for a province."""
    below = select(AdminUnit.code).where(AdminUnit.system == OLD_SYSTEM, AdminUnit.parent_code == old_code)
    codes = [old_code, *(db.scalars(below) if len(old_code) == 3 else ())]
    found = {place.code: place for after in successors(db, codes).values() for place in after}
    return sorted(found.values(), key=lambda place: fold(place.label))


def province_of_old(db: Session, old_code: str) -> AdminUnit | None:
    """The province of today that an old province is, or went into."""
    old = db.scalar(
        select(AdminUnit).where(
            AdminUnit.system == OLD_SYSTEM, AdminUnit.level == Level.PROVINCE, AdminUnit.code == old_code
        )
    )
    if old is None:
        return None
    bare = without_kind(old.folded)
    today = {without_kind(one.folded): one for one in provinces(db)}
    return today.get(bare) or next((one for one in today.values() if one.code == MERGED_PROVINCES.get(bare)), None)


def unit_parents(db: Session, system: str = SYSTEM) -> dict[str, str]:
    """Each code in force with the code above it ('' for provinces): what a file's codes are checked against.

    Empty for the old system: its list is that of the last day only, and a file may be of any day before.
    """
    query = select(AdminUnit.code, AdminUnit.parent_code).where(
        AdminUnit.system == system, AdminUnit.valid_to.is_(None)
    )
    return {row.code: row.parent_code for row in db.execute(query)}


def unit(db: Session, code: str, system: str = SYSTEM) -> AdminUnit | None:
    """The province (2 digits) or ward (5 digits) that bears `code` now, or None. Nothing of the old system is in force."""
    query = select(AdminUnit).where(AdminUnit.system == system, AdminUnit.code == code, AdminUnit.valid_to.is_(None))
    return db.scalars(query).first()


def place(db: Session, ward_code: str) -> Place | None:
    """A ward with its province, or None."""
    return next(_places(db, AdminUnit.code == ward_code, order=[AdminUnit.code], limit=1), None)


def places(db: Session, ward_codes: Iterable[str]) -> dict[str, Place]:
    """Those of these wards of today that exist, by code."""
    codes = list(ward_codes)
    found = _places(db, AdminUnit.code.in_(codes), order=[AdminUnit.code], limit=len(codes))
    return {place.code: place for place in found}


def places_in(db: Session, province_code: str) -> list[Place]:
    """All wards of a province with its name, in alphabetical order; empty for an unknown province."""
    order = [AdminUnit.folded, AdminUnit.code]
    return list(_places(db, AdminUnit.parent_code == province_code, order=order, limit=MOST_WARDS))


def place_name(db: Session, province_code: str, ward_code: str = "") -> str:
    """Phường Mỹ Thới, Tỉnh An Giang; the province alone when the ward is unknown or not of it; '' for neither."""
    return _PLACES.get((province_code, ward_code), lambda: _place_name(db, province_code, ward_code))


def _place_name(db: Session, province_code: str, ward_code: str) -> str:
    ward, province = unit(db, ward_code), unit(db, province_code)
    names = [ward.full_name] if ward and ward.level == Level.WARD and ward.parent_code == province_code else []
    if province and province.level == Level.PROVINCE:
        names.append(province.full_name)
    return ", ".join(names)


def _places(db: Session, *where: Any, order: list[Any], limit: int) -> Iterator[Place]:
    query = (
        select(AdminUnit, _Province.full_name)
        .join(_Province, and_(_Province.code == AdminUnit.parent_code, *_current(_Province, Level.PROVINCE)))
        .where(*_current(AdminUnit, Level.WARD), *where)
        .order_by(*order)
        .limit(limit)
    )
    for ward, province_name in db.execute(query):
        yield Place(ward.code, ward.full_name, ward.parent_code, province_name, ward.latitude, ward.longitude)


def holds_all(column: Any, needle: str) -> ColumnElement[bool]:
    """Whether every word of `needle` occurs in the folded `column`, in any order."""
    return and_(*(column.contains(word, autoescape=True) for word in words_of(needle)))


def rank(column: Any, needles: list[str]) -> ColumnElement[int]:
    """0 the same, 1 begins with it, 2 a later word begins with it, 3 its words begin words, 4 within, 5 anything else."""
    steps: list[tuple[Any, int]] = []
    for needle in needles:
        words = (" " + word for word in words_of(needle))
        steps += [
            (column == needle, 0),
            (column.startswith(needle, autoescape=True), 1),
            (column.contains(" " + needle, autoescape=True), 2),
            (and_(*((" " + column).contains(word, autoescape=True) for word in words)), 3),
            (column.contains(needle, autoescape=True), 4),
        ]
    return case(*sorted(steps, key=lambda step: step[1]), else_=5)


def facility(db: Session, code: str) -> Facility | None:
    """The health facility of this code (five signs), or None."""
    return db.get(Facility, code)


def search_facilities(
    db: Session,
    text: str = "",
    province_code: str = "",
    *,
    contract: bool | None = None,
    sick_leave: bool | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Sequence[Facility]:
    """Facilities by name or code, best first; without text those of the province by name, without either none.

    `contract` and `sick_leave` keep only those that have (or have not) a BHYT contract, or issue sick-leave papers.
    """
    needles = office_needles(text)
    if not needles and not province_code:
        return []
    where: list[Any] = [Facility.province_code == province_code] if province_code else []
    order: list[Any] = []
    if needles:
        code = text.strip().upper()
        where.append(or_(Facility.code == code, *(holds_all(Facility.folded, needle) for needle in needles)))
        order = [case((Facility.code == code, 0), else_=1), rank(Facility.folded, needles)]
    for column, wanted in ((Facility.bhyt_contract, contract), (Facility.issues_sick_leave, sick_leave)):
        if wanted is not None:
            where.append(column.is_(wanted))
    query = select(Facility).where(*where).order_by(*order, Facility.folded, Facility.code)
    return db.scalars(query.limit(min(limit, MOST_RESULTS)).offset(offset)).all()


def parameter(db: Session, code: str, on: date) -> Parameter | None:
    """The value of `code` that holds on a day, with its source, or None: the law may not know one."""
    query = (
        select(Parameter)
        .where(Parameter.code == code, Parameter.valid_from <= on)
        .where(or_(Parameter.valid_to.is_(None), Parameter.valid_to >= on))
        .order_by(Parameter.valid_from.desc())
        .limit(1)
    )
    return db.scalars(query).first()


def parameters(db: Session, codes: Iterable[str], on: date) -> dict[str, Parameter]:
    """What holds of these codes on a day, by code, in one statement; what the law does not know is left out."""
    query = (
        select(Parameter)
        .where(Parameter.code.in_(list(codes)), Parameter.valid_from <= on)
        .where(or_(Parameter.valid_to.is_(None), Parameter.valid_to >= on))
        .order_by(Parameter.valid_from)
    )
    return {found.code: found for found in db.scalars(query)}


def parameters_on(db: Session, on: date) -> Sequence[Parameter]:
    """All values that hold on a day: for reckonings that need many of them."""
    holds = (Parameter.valid_from <= on, or_(Parameter.valid_to.is_(None), Parameter.valid_to >= on))
    return db.scalars(select(Parameter).where(*holds)).all()


def icd10_names(db: Session, codes: Iterable[str]) -> dict[str, Icd10Code]:
    """The diseases that these codes name, by the code as given; unknown ones are left out."""
    keys = {code: icd10_key(code) for code in codes}
    if not keys:
        return {}
    found = {row.code: row for row in db.scalars(select(Icd10Code).where(Icd10Code.code.in_(set(keys.values()))))}
    return {code: found[key] for code, key in keys.items() if key in found}


def benefit_text(db: Session, level: int, on: date) -> str:
    """The official words for level 1–5 of the BHYT card on a day; '' when there are none."""
    return _value(db, f"bhyt.muc_huong.{level}", on)


def benefit_share(db: Session, level: int, on: date) -> int | None:
    """The share in percent that the fund pays at level 1–5 on a day, or None."""
    code = f"bhyt.ty_le.{level}"
    return whole_of(code, _value(db, code, on))


def _value(db: Session, code: str, on: date) -> str:
    def ask() -> str:
        found = parameter(db, code, on)
        return found.value if found else ""

    return _VALUES.get((code, on), ask)
