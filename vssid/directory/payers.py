"""Import kinds `employers` and `collection-points`: who pays contributions, and where those pay who do so themselves."""

import re
from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from vssid.directory import listings
from vssid.directory.importer import changes, difference, take
from vssid.directory.listings import Kind
from vssid.directory.models import CollectionPoint, Employer
from vssid.directory.queries import unit_parents
from vssid.directory.rules import SYSTEM, address_system
from vssid.kernel.labels import N_
from vssid.kernel.rows import Cells, Changed, Counts, Data, Sheet, Staged

EMPLOYERS = Sheet(
    columns=("ma_don_vi", "ten", "dia_chi", "ma_co_quan", "trang_thai", "cham_dong_thang"),
    required=frozenset({"ma_don_vi", "ten"}),
    key=("code",),
)
POINTS = Sheet(
    columns=("ma", "ten", "loai", "dia_chi", "dien_thoai", "ma_tinh", "ma_xa", "gio_lam_viec"),
    required=frozenset({"ma", "ten"}),
    key=("code",),
)
LONGEST_LATE = 600
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-/]{0,19}")
_AGENCY_CODE = re.compile(r"[0-9]{3}(?:[0-9]{2})?")
_MONTHS = re.compile(r"[0-9]{1,3}", re.ASCII)
_PLACE_CODES = {"ma_tinh": re.compile(r"[0-9]{2}"), "ma_xa": re.compile(r"[0-9]{5}")}
_KINDS = {"diem_thu": "diem_thu", "dai_ly": "dai_ly"}


def employer_reader(_db: Session, _as_of: date, _today: date) -> Callable[[Cells], Data]:
    """The reader of rows of `employers`."""
    return _read_employer


def _read_employer(cells: Cells) -> Data:
    data = _named(cells, "ma_don_vi")
    if cells.has("ma_co_quan"):
        data["agency_code"] = cells.shaped("ma_co_quan", _AGENCY_CODE, N_("Mã cơ quan BHXH gồm 3 hoặc 5 chữ số."))
    if cells.has("trang_thai"):
        data["status"] = cells.text("trang_thai", 60)
    if cells.has("cham_dong_thang"):
        words = N_("Số tháng chậm đóng là số nguyên từ 0 đến %(max)s.", max=LONGEST_LATE)
        months = cells.shaped("cham_dong_thang", _MONTHS, words)
        if months and int(months) > LONGEST_LATE:
            cells.wrong("cham_dong_thang", words)
        data["months_late"] = int(months) if months else None
    return data


def _named(cells: Cells, code: str) -> Data:
    words = N_("Mã gồm chữ cái, chữ số, dấu chấm, gạch ngang hoặc gạch chéo, tối đa 20 ký tự.")
    data: Data = {"code": cells.shaped(code, _CODE, words).upper(), "name": cells.text("ten", 300)}
    if cells.has("dia_chi"):
        data["address"] = cells.text("dia_chi", 300)
    return data


def point_reader(db: Session, as_of: date, _today: date) -> Callable[[Cells], Data]:
    """The reader of rows of `collection-points`; it knows the places of the day `as_of`, as far as our list goes back."""
    parents = unit_parents(db) if address_system(as_of) == SYSTEM else {}

    def read(cells: Cells) -> Data:
        data = _named(cells, "ma")
        if cells.has("loai"):
            data["kind"] = cells.choice("loai", _KINDS, "")
        if cells.has("dien_thoai"):
            data["phone"] = cells.phones("dien_thoai")
        if cells.has("gio_lam_viec"):
            data["hours"] = cells.text("gio_lam_viec", 200)
        for column, attribute in (("ma_tinh", "province_code"), ("ma_xa", "ward_code")):
            if cells.has(column):
                data[attribute] = _place(cells, column, parents)
        if (
            parents
            and data.get("ward_code")
            and data.get("province_code") not in (None, "", parents[data["ward_code"]])
        ):
            cells.wrong("ma_xa", N_("Xã này không thuộc tỉnh đã ghi."))
        return data

    return read


def _place(cells: Cells, column: str, parents: dict[str, str]) -> str:
    code = cells.shaped(column, _PLACE_CODES[column], N_("Mã tỉnh gồm 2 chữ số, mã xã gồm 5 chữ số."))
    if code and parents and code not in parents:
        cells.wrong(column, N_("Không có đơn vị hành chính nào mang mã này vào ngày của tệp."))
        return ""
    return code


_EMPLOYER = ["name", "address", "agency_code", "status", "months_late"]
_POINT = ["name", "kind", "address", "phone", "province_code", "ward_code", "hours"]


def employer_difference(db: Session, staged: Staged) -> Counts:
    """What taking the employers over would do."""
    return difference(db, staged, Employer, staged.values(Employer, _EMPLOYER))


def employer_changes(db: Session, staged: Staged, most: int) -> list[Changed]:
    """The first employers that would change."""
    return changes(db, staged, Employer, staged.values(Employer, _EMPLOYER), most)


def take_employers(db: Session, staged: Staged) -> None:
    """Insert new employers and update changed ones."""
    take(db, staged, Employer, staged.values(Employer, _EMPLOYER), {})
    listings.touch(db, Kind.EMPLOYERS, at=staged.at)


def point_difference(db: Session, staged: Staged) -> Counts:
    """What taking the collection points over would do."""
    return difference(db, staged, CollectionPoint, staged.values(CollectionPoint, _POINT))


def point_changes(db: Session, staged: Staged, most: int) -> list[Changed]:
    """The first collection points that would change."""
    return changes(db, staged, CollectionPoint, staged.values(CollectionPoint, _POINT), most)


def take_points(db: Session, staged: Staged) -> None:
    """Insert new collection points and update changed ones."""
    take(db, staged, CollectionPoint, staged.values(CollectionPoint, _POINT), {})
    listings.touch(db, Kind.POINTS, at=staged.at)
