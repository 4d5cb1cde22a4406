"""Where an agency stands: read from its address, its name and its tree, never from its code (those are old numbers)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from vssid.directory.models import AdminUnit, Agency, Succession
from vssid.directory.offices import root_of
from vssid.directory.rules import (
    KINDS_OF_WARD,
    MERGED_PROVINCES,
    OLD_SYSTEM,
    SYSTEM,
    Level,
    bare_office,
    name_key,
    province_in_name,
    search_key,
    without_kind,
)

Wards = dict[str, dict[str, list[str]]]  # province → folded name → codes


def locate_agencies(db: Session) -> None:
    """Give each agency the ward that its address or name speaks of, '' when none or several do; writes differences."""
    names, wards = _units(db)
    agencies = {agency.code: agency for agency in db.scalars(select(Agency))}
    moved = []
    for agency in agencies.values():
        root = root_of(agency, agencies)
        code = ward_of(agency.name, agency.address, root.name, names, wards)
        if code != agency.ward_code:
            moved.append({"code": agency.code, "ward_code": code})
    if moved:
        db.execute(update(Agency), moved)


def _units(db: Session) -> tuple[dict[str, str], Wards]:
    names: dict[str, str] = {}
    wards: Wards = {}
    query = select(AdminUnit.level, AdminUnit.code, AdminUnit.parent_code, AdminUnit.folded)
    for level, code, parent, folded in db.execute(
        query.where(AdminUnit.system == SYSTEM, AdminUnit.valid_to.is_(None))
    ):
        if level == Level.PROVINCE:
            names[folded] = code
        else:
            wards.setdefault(parent, {}).setdefault(folded, []).append(code)
    return names, wards


def ward_of(name: str, address: str, root_name: str, provinces: dict[str, str], wards: Wards) -> str:
    """The ward in which an agency stands, '' when it cannot be told.

    `provinces` maps folded names to codes, `wards` each province's folded names to the codes that bear them.
    """
    padded = f" {search_key(address)} "
    province = _province_in(padded, provinces) or province_in_name(root_name, provinces)
    inside = wards.get(province, {})
    called = [ward for ward in inside if any(f" {kind} {ward} " in padded for kind in KINDS_OF_WARD)]
    parts = [without_kind(search_key(part)) for part in address.split(",")]
    # "Phường Châu Đốc" says more than "Châu Đốc", which may be the old town; the agency's own name says least.
    for tried in (sorted(called, key=len)[-1:], parts, [bare_office(name)]):
        found = {code for ward in tried for code in inside.get(ward, [])}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


class Locator:
    """Tells the province and the ward of today of many addresses, also of such that name units of before 1/7/2025."""

    def __init__(self, db: Session) -> None:
        """All units are read once."""
        self._provinces, self._wards = _units(db)
        self._known = {**MERGED_PROVINCES, **self._provinces}
        self._of_ward = {
            code: province for province, named in self._wards.items() for codes in named.values() for code in codes
        }
        self._after = _successors(db)

    def province_of(self, ward_code: str) -> str:
        """The province of a ward of today, '' for none."""
        return self._of_ward.get(ward_code, "")

    def of(self, address: str) -> tuple[str, str]:
        """(province, ward) of an address, each '' where it cannot be told. The province stands last."""
        parts = [search_key(part) for part in address.split(",")]
        bare = [without_kind(part) for part in parts]
        province = self._known.get(bare[-1], "")
        if not province:
            return "", ""
        inside = self._wards.get(province, {})
        for part in reversed(bare[:-1]):
            if found := inside.get(part):
                return province, found[0] if len(found) == 1 else ""
        keys = [name_key(*_kind_and_name(part)) for part in parts[:-1]]
        for district, ward in zip(reversed(keys[1:]), reversed(keys[:-1]), strict=True):
            codes = self._after.get((province, district, ward), set())
            if len(codes) == 1:
                return province, next(iter(codes))
        return province, ""


def _kind_and_name(part: str) -> tuple[str, str]:
    name = without_kind(part)
    return "phuong" if part != name and name.isdigit() else "", name


def _successors(db: Session) -> dict[tuple[str, str, str], set[str]]:
    """Wards of today by (their province, old district, old ward), both by compared names."""
    # Joined here: three lists of some thousand rows, for which no database needs statistics.
    of_today = dict(_pairs(db, AdminUnit.parent_code, system=SYSTEM))
    names = dict(_pairs(db, AdminUnit.folded, system=OLD_SYSTEM))
    above = dict(_pairs(db, AdminUnit.parent_code, system=OLD_SYSTEM))
    found: dict[tuple[str, str, str], set[str]] = {}
    for old, new in db.execute(select(Succession.old_code, Succession.new_code)):
        if (district := above.get(old, "")) in names and new in of_today:
            found.setdefault((of_today[new], names[district], names[old]), set()).add(new)
    return found


def _pairs(db: Session, what: Any, *, system: str) -> Iterator[tuple[str, str]]:
    current = AdminUnit.valid_to.is_(None) if system == SYSTEM else true()
    return (
        (row[0], row[1]) for row in db.execute(select(AdminUnit.code, what).where(AdminUnit.system == system, current))
    )


def _province_in(padded: str, provinces: dict[str, str]) -> str:
    """The province named last in an address: it stands at the end."""
    known = {**MERGED_PROVINCES, **provinces}
    at, name = max((padded.rfind(f" {name} "), name) for name in known)
    return known[name] if at >= 0 else ""
