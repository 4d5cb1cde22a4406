"""Import kinds `agencies` and `facilities`: what their rows mean and how they are taken into the tables."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import and_, case, exists, false, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from vssid.directory import listings
from vssid.directory.listings import Kind
from vssid.directory.models import Agency, Facility
from vssid.directory.places import locate_agencies
from vssid.directory.queries import provinces
from vssid.directory.rules import SYSTEM, address_system, search_key
from vssid.kernel.labels import N_
from vssid.kernel.rows import (
    Cells,
    Changed,
    Counts,
    Data,
    Found,
    Sheet,
    Staged,
    first_changes,
    how_many,
    table_of,
)

AGENCIES = Sheet(
    columns=("ma", "ten", "ma_cha", "dia_chi", "dien_thoai", "email", "gio_lam_viec"),
    required=frozenset({"ma", "ten"}),
    key=("code",),
)
FACILITIES = Sheet(
    columns=(
        "ma_cskcb",
        "ten",
        "dia_chi",
        "dien_thoai",
        "ma_tinh",
        "cap_chuyen_mon",
        "hop_dong_bhyt",
        "cap_giay_nghi",
        "hieu_luc_tu",
        "hieu_luc_den",
    ),
    required=frozenset({"ma_cskcb", "ten"}),
    key=("code",),
)
YES_NO = {"1": True, "0": False}

_AGENCY_CODE = re.compile(r"[0-9]{3}(?:[0-9]{2})?")
_FACILITY_CODE = re.compile(r"[0-9]{2}[0-9A-Z]{3}")
_PROVINCE_CODE = re.compile(r"[0-9]{2}")


def agency_reader(_db: Session, _as_of: date, _today: date) -> Callable[[Cells], Data]:
    """The reader of rows of `agencies`."""
    return _read_agency


def _read_agency(cells: Cells) -> Data:
    words = N_("Mã cơ quan BHXH gồm 3 hoặc 5 chữ số.")
    code = cells.shaped("ma", _AGENCY_CODE, words)
    name = cells.text("ten", 200)
    data: Data = {"code": code, "name": name, "folded": search_key(name)}
    # A code of five digits begins with its province's: that is its parent when the file names none.
    data["likely_parent"] = code[:3] if len(code) == 5 else ""
    if cells.has("ma_cha"):
        data["parent_code"] = cells.shaped("ma_cha", _AGENCY_CODE, words)
        if code and data["parent_code"] == code:
            cells.wrong("ma_cha", N_("Cơ quan không thể là cấp trên của chính mình."))
    for column, attribute, limit in (("dia_chi", "address", 300), ("gio_lam_viec", "hours", 200)):
        if cells.has(column):
            data[attribute] = cells.text(column, limit)
    if cells.has("dien_thoai"):
        data["phone"] = cells.phones("dien_thoai")
    if cells.has("email"):
        data["email"] = cells.email("email", 120)
    return data


def facility_reader(db: Session, as_of: date, _today: date) -> Callable[[Cells], Data]:
    """The reader of rows of `facilities`; it knows the provinces of the day `as_of`."""
    known = {province.code for province in provinces(db)} if address_system(as_of) == SYSTEM else None

    def read(cells: Cells) -> Data:
        data: Data = {
            "code": cells.shaped(
                "ma_cskcb", _FACILITY_CODE, N_("Mã cơ sở KCB gồm 2 chữ số và 3 chữ số hoặc chữ in hoa.")
            ),
            "name": cells.text("ten", 300),
        }
        data["folded"] = search_key(data["name"])
        for column, attribute, limit in (("dia_chi", "address", 300), ("cap_chuyen_mon", "care_level", 60)):
            if cells.has(column):
                data[attribute] = cells.text(column, limit)
        if cells.has("dien_thoai"):
            data["phone"] = cells.phones("dien_thoai")
        if cells.has("ma_tinh"):
            data["province_code"] = cells.shaped("ma_tinh", _PROVINCE_CODE, N_("Mã tỉnh gồm 2 chữ số."))
            if known is not None and data["province_code"] and data["province_code"] not in known:
                cells.wrong("ma_tinh", N_("Không có tỉnh nào mang mã này vào ngày của tệp."))
        if cells.has("hop_dong_bhyt"):
            data["bhyt_contract"] = cells.choice("hop_dong_bhyt", YES_NO, True)
        if cells.has("cap_giay_nghi"):
            data["issues_sick_leave"] = cells.choice("cap_giay_nghi", YES_NO, False)
        _read_days(cells, data)
        return data

    return read


def _read_days(cells: Cells, data: Data) -> None:
    first, last = cells.day("hieu_luc_tu"), cells.day("hieu_luc_den")
    if first and last and last < first:
        cells.wrong("hieu_luc_den", N_("Ngày cuối đứng trước ngày đầu."))
    for column, attribute, day in (("hieu_luc_tu", "valid_from", first), ("hieu_luc_den", "valid_to", last)):
        if cells.has(column):
            data[attribute] = day.isoformat() if day else None


def check_agencies(db: Session, staged: Staged) -> Iterator[Found]:
    """Parents that nobody knows, and agencies that would stand above themselves."""
    if "parent_code" not in staged.names:
        return
    parents: dict[str, str] = dict(db.execute(select(Agency.code, Agency.parent_code)).all())
    rows = select(staged.line, staged.key, staged.text("parent_code")).order_by(staged.line)
    parents |= {code: parent for _line, code, parent in db.execute(rows)}
    for line, code, parent in db.execute(rows):
        if parent and parent not in parents:
            yield Found(line, "ma_cha", N_("Không thấy cơ quan %(code)s trong tệp và trong danh mục.", code=parent))
        elif parent and _is_above(code, parent, parents):
            yield Found(line, "ma_cha", N_("Cơ quan này thành cấp trên của chính nó."))


def _is_above(code: str, parent: str, parents: dict[str, str]) -> bool:
    seen: set[str] = set()
    while parent and parent not in seen:
        if parent == code:
            return True
        seen.add(parent)
        parent = parents.get(parent, "")
    return False


def no_clashes(_db: Session, _staged: Staged) -> Iterator[Found]:
    """For rows that have nothing to do with each other."""
    yield from ()


def agency_difference(db: Session, staged: Staged) -> Counts:
    """What taking the agencies over would do."""
    return difference(db, staged, Agency, _agency_values(staged))


def agency_changes(db: Session, staged: Staged, most: int) -> list[Changed]:
    """The first agencies that would change."""
    return changes(db, staged, Agency, _agency_values(staged), most)


def take_agencies(db: Session, staged: Staged) -> None:
    """Insert new agencies, update changed ones, and find out where each stands."""
    take(db, staged, Agency, _agency_values(staged), {"parent_code": _parent(staged)})
    locate_agencies(db)
    listings.touch(db, Kind.AGENCIES, at=staged.at)


def _agency_values(staged: Staged) -> dict[str, Any]:
    values = staged.values(Agency, ["name", "folded", "address", "phone", "email", "hours"])
    if "parent_code" in staged.names:
        values["parent_code"] = _parent(staged)
    return values


def _parent(staged: Staged) -> Any:
    likely, other, known = staged.text("likely_parent"), staged.again(), aliased(Agency)
    exists_ = or_(likely.in_(select(known.code)), likely.in_(select(other.key)))
    given = staged.text("parent_code") if "parent_code" in staged.names else None
    guess = case((and_(likely != "", exists_), likely), else_="")
    return guess if given is None else case((given != "", given), else_=guess)


_FACILITY_ATTRIBUTES = [
    "name", "folded", "address", "phone", "province_code", "care_level", "bhyt_contract", "issues_sick_leave",
    "valid_from", "valid_to",
]  # fmt: skip


def facility_difference(db: Session, staged: Staged) -> Counts:
    """What taking the facilities over would do."""
    return difference(db, staged, Facility, staged.values(Facility, _FACILITY_ATTRIBUTES))


def facility_changes(db: Session, staged: Staged, most: int) -> list[Changed]:
    """The first facilities that would change."""
    return changes(db, staged, Facility, staged.values(Facility, _FACILITY_ATTRIBUTES), most)


def take_facilities(db: Session, staged: Staged) -> None:
    """Insert new facilities and update changed ones."""
    take(db, staged, Facility, staged.values(Facility, _FACILITY_ATTRIBUTES), {})
    listings.touch(db, Kind.TREATING, Kind.CERTIFYING, at=staged.at)


def _differs(model: type[Any], values: dict[str, Any]) -> Any:
    return or_(false(), *(getattr(model, name).is_distinct_from(value) for name, value in values.items()))


def difference(db: Session, staged: Staged, model: Any, values: dict[str, Any]) -> Counts:
    """What taking rows over into a table whose key is `code` would do."""
    known = model.code.is_not(None)
    joined = staged.source.outerjoin(model.__table__, model.code == staged.key)
    query = select(how_many(~known), how_many(and_(known, _differs(model, values))), how_many(known)).select_from(
        joined
    )
    new, changed, old = db.execute(query).one()
    return Counts(new, changed, old - changed)


def changes(db: Session, staged: Staged, model: Any, values: dict[str, Any], most: int) -> list[Changed]:
    """The first rows that would change in such a table."""
    joined = staged.source.join(model.__table__, model.code == staged.key)
    return first_changes(db, staged, model, values, joined, _differs(model, values), most)


def take(db: Session, staged: Staged, model: Any, values: dict[str, Any], first: dict[str, Any]) -> None:
    """Update what differs, then insert what is missing; `first` are values that only a new row gets."""
    table = table_of(model)
    db.execute(update(table).where(model.code == staged.key, _differs(model, values)).values(values))
    row = {"code": staged.key, **first, **values}
    missing = select(*row.values()).select_from(staged.source).where(~exists().where(model.code == staged.key))
    db.execute(insert(table).from_select(list(row), missing))
