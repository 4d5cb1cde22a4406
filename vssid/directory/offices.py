"""Reads of agencies (cơ quan BHXH): the tree, the search, and the nearest to a ward."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session

from vssid.directory.models import AdminUnit, Agency
from vssid.directory.queries import MOST_RESULTS, holds_all, place, places_in, provinces, rank
from vssid.directory.rules import SYSTEM, Place, kilometres, office_needles, province_in_name

DEEPEST = 6
MOST_AGENCIES = 5_000


@dataclass(frozen=True)
class Nearby:
    """An agency and how far it is in kilometres, None when its place is not known."""

    agency: Agency
    kilometres: float | None


def agency(db: Session, code: str) -> Agency | None:
    """The agency of this code (3 digits a province's, 5 below it), or None."""
    return db.get(Agency, code)


def agency_children(db: Session, parent_code: str = "") -> Sequence[Agency]:
    """The agencies directly below one, by code; those of the provinces for ''."""
    query = select(Agency).where(Agency.parent_code == parent_code).order_by(Agency.code)
    return db.scalars(query.limit(MOST_RESULTS)).all()


def province_agency(db: Session, province_code: str) -> Agency | None:
    """The agency of a province (its two digits): the one named after it, or the only one that there is; None otherwise."""
    top = agency_children(db)
    names = province_codes(db)
    named = [one for one in top if province_in_name(one.name, names) == province_code]
    chosen = named or (top if len(top) == 1 else [])
    return chosen[0] if chosen else None


def agency_path(db: Session, code: str) -> list[Agency]:
    """The way from the root of the tree down to this agency; empty when it is unknown."""
    path: list[Agency] = []
    found = agency(db, code)
    while found and found not in path and len(path) < DEEPEST:
        path.insert(0, found)
        found = agency(db, found.parent_code) if found.parent_code else None
    return path


def search_agencies(db: Session, text: str, limit: int = 20, *, parent_code: str = "") -> Sequence[Agency]:
    """Agencies by code or by the words of their name, best first; below one parent (itself included) if named."""
    needles = office_needles(text)
    if not needles:
        return []
    digits = needles[0]
    by_code = Agency.code.startswith(digits, autoescape=True) if digits.isdigit() else Agency.code == digits
    where: list[Any] = [or_(by_code, *(holds_all(Agency.folded, needle) for needle in needles))]
    if parent_code:
        where.append(or_(Agency.parent_code == parent_code, Agency.code == parent_code))
    order = [case((Agency.code == digits, 0), (by_code, 1), else_=2), rank(Agency.folded, needles)]
    query = select(Agency).where(*where).order_by(*order, Agency.folded, Agency.code)
    return db.scalars(query.limit(min(limit, MOST_RESULTS))).all()


def province_codes(db: Session) -> dict[str, str]:
    """Folded name of each province of today → its code."""
    return {province.folded: province.code for province in provinces(db)}


def nearest_agencies(db: Session, ward_code: str, limit: int = 3) -> list[Nearby]:
    """Agencies near a ward: those of its province by distance, then those of it whose place is unknown, then others.

    Empty for an unknown ward. The province of an agency is that of its ward, else the one its root is named after.
    """
    home = place(db, ward_code)
    if home is None:
        return []
    ranked = sorted(((one.province != home.province_code, *_far(home, one)), one.office) for one in _standing(db))
    return [Nearby(office, None if key[1] else key[2]) for key, office in ranked[: min(limit, MOST_RESULTS)]]


class Standing(NamedTuple):
    """An agency, the ward in which it stands if that is known, and the code of its province."""

    office: Agency
    ward: AdminUnit | None
    province: str


def _standing(db: Session) -> list[Standing]:
    where_now = and_(AdminUnit.system == SYSTEM, AdminUnit.code == Agency.ward_code, AdminUnit.valid_to.is_(None))
    query = select(Agency, AdminUnit).outerjoin(AdminUnit, where_now).order_by(Agency.code).limit(MOST_AGENCIES)
    found = db.execute(query).all()
    names = province_codes(db)
    by_code = {office.code: office for office, _ward in found}
    return [
        Standing(office, ward, ward.parent_code if ward else province_in_name(root_of(office, by_code).name, names))
        for office, ward in found
    ]


def _far(home: Place, one: Standing) -> tuple[bool, float, str]:
    """What agencies of one province are ranked by."""
    far = _distance(home.latitude, home.longitude, one.ward)
    return far is None, far or 0.0, one.office.code


def wards_in_charge(db: Session, codes: Collection[str]) -> dict[str, tuple[Place, str]]:
    """The wards whose nearest agency of their province is one of these, by code in the order of their names, with it.

    No list says which agency looks after which ward; whoever oversees the whole province has all its wards.
    """
    standing = _standing(db)
    found = {}
    for province in dict.fromkeys(one.province for one in standing if one.office.code in codes and one.province):
        near = [one for one in standing if one.province == province]
        for home in places_in(db, province):
            nearest = min(near, key=lambda one: _far(home, one)).office.code
            if nearest in codes:
                found[home.code] = (home, nearest)
    return found


def root_of(office: Agency, by_code: dict[str, Agency]) -> Agency:
    """The top of the tree in which an agency stands, by the agencies at hand."""
    for _step in range(DEEPEST):
        parent = by_code.get(office.parent_code)
        if parent is None:
            break
        office = parent
    return office


def _distance(latitude: float | None, longitude: float | None, ward: AdminUnit | None) -> float | None:
    if latitude is None or longitude is None or ward is None or ward.latitude is None or ward.longitude is None:
        return None
    return kilometres((latitude, longitude), (ward.latitude, ward.longitude))
