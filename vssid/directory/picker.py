"""The one picker of a place: every form that asks where somebody lives includes `directory/picker.html`.

Its inputs stand in the form of the host; its buttons change the picker only. Nothing here needs a script.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from vssid.directory import queries
from vssid.directory.models import AdminUnit
from vssid.directory.rules import OLD_SYSTEM, Hit, Level, Place, old_code_of, old_label
from vssid.directory.search import search_wards
from vssid.kernel.labels import N_, Label
from vssid.kernel.text import has_control_characters, one_line

# What a draft keeps; the words of a search (`ward_query`) are not worth it.
FIELDS = ("place_system", "province_code", "ward_code", "old_province_code", "old_district_code", "old_ward_code")
_BUTTONS = (
    "find_ward", "choose_province", "switch_system", "choose_old_province", "choose_old_district", "choose_old_ward",
)  # fmt: skip
_LONGEST_CODE = 10
_LONGEST_QUERY = 60
_MOST_FOUND = 8

Values = Mapping[str, str]


@dataclass(frozen=True)
class Chosen:
    """The ward of today, and the old address by which it was found ('' or at most 200 characters)."""

    place: Place
    given: str


@dataclass(frozen=True)
class OldPart:
    """The three lists of before 1/7/2025, what is chosen in each, and what the old ward went into."""

    provinces: Sequence[AdminUnit]
    districts: Sequence[AdminUnit]
    wards: Sequence[AdminUnit]
    province_code: str
    district_code: str
    ward_code: str
    given: str
    now: Sequence[Place]


@dataclass(frozen=True)
class Picker:
    """What `directory/picker.html` shows: the lists of today, or `old`."""

    query: str
    found: Sequence[Hit]
    provinces: Sequence[AdminUnit]
    wards: Sequence[AdminUnit]
    province_code: str
    ward_code: str
    old: OldPart | None


def is_picking(values: Values) -> bool:
    """Whether a button of the picker was pressed: the host then shows its form again and checks nothing."""
    return any(button in values for button in _BUTTONS)


def context(db: Session, values: Values, home_province: str) -> dict[str, Any]:
    """What the template needs, from what was typed or kept in a draft; `home_province` is shown to begin with."""
    query = _text(values, "ward_query", _LONGEST_QUERY)
    found = search_wards(db, query, limit=_MOST_FOUND) if query else []
    ward_code = _code(values, "ward_code")
    if _asks_old(values):
        return {"picker": Picker(query, found, [], [], "", ward_code, _old_part(db, values))}
    place = None if "choose_province" in values else queries.place(db, ward_code)
    province = place.province_code if place else _code(values, "province_code") or home_province
    wards = queries.wards(db, province)
    provinces = queries.provinces(db)
    return {"picker": Picker(query, found, provinces, wards, province, place.code if place else "", None)}


def chosen(db: Session, values: Values) -> Chosen | None:
    """The place that is chosen beyond doubt, or None: `problem` says why."""
    ward_code = _code(values, "ward_code")
    if not _asks_old(values):
        place = queries.place(db, ward_code)
        return Chosen(place, "") if place else None
    old = _old_part(db, values)
    typed = [place for place in old.now if place.code == ward_code]
    # A ward that the old one did not go into was left over from another choice: nobody knows which of the two is meant.
    candidates = typed if _is_of_today(ward_code) else old.now
    return Chosen(candidates[0], old.given) if len(candidates) == 1 else None


def problem(db: Session, values: Values) -> Label | None:
    """Why nothing is chosen, in words for the person; None when a place is."""
    if chosen(db, values) is not None:
        return None
    if _asks_old(values) and len(_old_part(db, values).now) > 1:
        return N_("Phường cũ này nay thuộc nhiều phường mới: hãy chọn phường mới.")
    return N_("Hãy chọn phường/xã trong danh sách.")


def _text(values: Values, name: str, limit: int) -> str:
    text = one_line(values.get(name, "")[: limit * 4])
    return "" if has_control_characters(text) else text[:limit]


def _code(values: Values, name: str) -> str:
    return _text(values, name, _LONGEST_CODE)


def _is_of_today(ward_code: str) -> bool:
    return bool(ward_code) and not old_code_of(ward_code)


def _asks_old(values: Values) -> bool:
    """Whether the old lists are open: by the switch, by an old place among the results, or because they were."""
    if "switch_system" in values:
        return values["switch_system"] == OLD_SYSTEM
    if old_code_of(_code(values, "ward_code")):
        return True
    return _code(values, "place_system") == OLD_SYSTEM and "find_ward" not in values


def _old_part(db: Session, values: Values) -> OldPart:
    """The old lists with what is chosen in them; a choice that is not below the one above it falls away."""
    line = _line(db, values)
    codes = {Level(unit.level): unit.code for unit in line}
    province, district = codes.get(Level.PROVINCE, ""), codes.get(Level.DISTRICT, "")
    return OldPart(
        provinces=queries.old_provinces(db),
        districts=queries.old_districts(db, province),
        wards=queries.old_wards(db, district),
        province_code=province,
        district_code=district,
        ward_code=codes.get(Level.WARD, ""),
        given=old_label([unit.full_name for unit in line]) if line else "",
        now=queries.wards_after(db, line[0].code) if line else [],
    )


def _line(db: Session, values: Values) -> list[AdminUnit]:
    """The lowest old unit that was chosen and those above it, itself first."""
    found = old_code_of(_code(values, "ward_code"))
    if found:
        return queries.old_lines(db, [found]).get(found, [])
    names = ("old_province_code", "old_district_code", "old_ward_code")
    typed = [_code(values, name) for name in names]
    lines = queries.old_lines(db, typed)
    line: list[AdminUnit] = []
    for level, code in enumerate(typed):
        candidate = lines.get(code, [])
        if len(candidate) != level + 1 or candidate[1:] != line:
            break
        line = candidate
    return line
