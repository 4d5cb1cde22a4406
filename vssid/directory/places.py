"""Where an agency stands: read from its address, its name and its tree, never from its code (those are old numbers)."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from vssid.directory.models import AdminUnit, Agency
from vssid.directory.offices import root_of
from vssid.directory.rules import (
    KINDS_OF_WARD,
    MERGED_PROVINCES,
    SYSTEM,
    Level,
    bare_office,
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


def _province_in(padded: str, provinces: dict[str, str]) -> str:
    """The province named last in an address: it stands at the end."""
    known = {**MERGED_PROVINCES, **provinces}
    at, name = max((padded.rfind(f" {name} "), name) for name in known)
    return known[name] if at >= 0 else ""
