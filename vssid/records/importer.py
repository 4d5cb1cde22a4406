"""Import kind `participants`: what a row means. How the rows are taken into the register: see `intake`."""

import functools
import re
from collections.abc import Callable
from datetime import date
from uuid import uuid4

from phonenumbers import PhoneMetadata
from sqlalchemy.orm import Session

from vssid import directory
from vssid.kernel.labels import N_
from vssid.kernel.rows import Cells, Data, Sheet
from vssid.kernel.text import fold, mobile_number
from vssid.records import cells as cells_of
from vssid.records.rules import IdKind, PartialDate, Sex, check_cccd, id_kind_of

PARTICIPANTS = Sheet(
    columns=(
        "ma_so_bhxh",
        "ho_ten",
        "ngay_sinh",
        "gioi_tinh",
        "so_giay_to",
        "dien_thoai",
        "email",
        "dia_chi",
        "ma_tinh",
        "ma_xa",
        "ma_ho",
        "quan_he_chu_ho",
        "ma_so_bhxh_giam_ho",
        "quoc_tich",
        "ngay_chet",
        "gop_vao",
    ),
    required=frozenset({"ma_so_bhxh", "ho_ten", "ngay_sinh", "gioi_tinh"}),
    key=("ma_so_bhxh",),
)
SEXES = {"Nam": Sex.MALE, "Nữ": Sex.FEMALE}
PERSON_NAMES = [
    "full_name", "name_folded", "birth_date", "sex", "phone", "email", "address", "unit_system", "province_code",
    "ward_code", "household_code", "household_relation", "nationality", "died_on",
]  # fmt: skip

_CODE = re.compile(r"[0-9]+")
_COUNTRY = re.compile(r"[A-Z]{2,3}")
_HOSPITALS_VIETNAM = "000"  # the hospitals' code for Viet Nam; the register says VN
_VIETNAM = PhoneMetadata.metadata_for_region("VN")
_MOBILE = _VIETNAM.mobile.national_number_pattern if _VIETNAM and _VIETNAM.mobile else None
_USUAL_MOBILE = re.compile(f"0(?:{_MOBILE or '(?!)'})")


@functools.lru_cache(20_000)
def _folded_word(word: str) -> str:
    """A province has few thousand words in its names, and folding one costs ten look-ups."""
    return fold(word)


def reader(db: Session, as_of: date, today: date) -> Callable[[Cells], Data]:
    """The reader of rows of `participants`; place codes are those of the system in force on `as_of`."""
    places = _Places(db, as_of)

    def read(cells: Cells) -> Data:
        data: Data = {"id": uuid4().hex, "ma_so_bhxh": cells_of.ma_so(cells, "ma_so_bhxh")}
        born, sex = _read_person(cells, data, today)
        _read_paper(cells, data, born, sex)
        _read_contact(cells, data)
        places.read(cells, data)
        for column, name in (("ma_so_bhxh_giam_ho", "guardian"), ("gop_vao", "merged_into")):
            if cells.has(column):
                data[name] = cells_of.ma_so(cells, column)
                if data[name] and data[name] == data["ma_so_bhxh"]:
                    cells.wrong(column, N_("Không thể là chính mã số của dòng này."))
        return data

    return read


def _read_person(cells: Cells, data: Data, today: date) -> tuple[PartialDate | None, Sex | None]:
    data["full_name"] = cells_of.full_name(cells, "ho_ten")
    data["name_folded"] = " ".join(map(_folded_word, data["full_name"].split(" ")))
    born = cells_of.birth_date(cells, "ngay_sinh", today)
    sex = cells.choice("gioi_tinh", SEXES, None)
    data["birth_date"], data["sex"] = born.iso() if born else "", sex
    if cells.has("ngay_chet"):
        died = cells.day("ngay_chet", not_after=today)
        if died and born and died < born.first_day():
            cells.wrong("ngay_chet", N_("Ngày chết đứng trước ngày sinh."))
        data["died_on"] = died.isoformat() if died else None
    return born, sex


def _read_paper(cells: Cells, data: Data, born: PartialDate | None, sex: Sex | None) -> None:
    if not cells.has("so_giay_to"):
        return
    number = cells.text("so_giay_to", 40).upper()
    kind = id_kind_of(number)
    data["paper"], data["paper_kind"] = (number, kind) if kind else ("", "")
    if number and kind is None:
        words = N_("Không phải số CCCD (12 chữ số), CMND (9 chữ số) hay hộ chiếu (1 chữ cái và 7–8 chữ số).")
        cells.wrong("so_giay_to", words)
    if kind is IdKind.CCCD:
        for label in check_cccd(number, born, sex):
            cells.wrong("so_giay_to", label)


def _phone(written: str) -> str | None:
    # The library takes 27 µs a number; its own pattern for the usual spelling takes one and says the same.
    return "+84" + written[1:] if _USUAL_MOBILE.fullmatch(written) else mobile_number(written)


def _read_contact(cells: Cells, data: Data) -> None:
    if cells.has("dien_thoai"):
        written = cells.text("dien_thoai", 40)
        phone = _phone(written) if written else ""
        if phone is None:
            cells.wrong("dien_thoai", N_("Không phải số điện thoại di động Việt Nam."))
        data["phone"] = phone or ""
    if cells.has("email"):
        data["email"] = cells.email("email")
    for column, name, limit in (
        ("dia_chi", "address", 300),
        ("ma_ho", "household_code", 20),
        ("quan_he_chu_ho", "household_relation", 40),
    ):
        if cells.has(column):
            data[name] = cells.text(column, limit)
    if cells.has("quoc_tich"):
        country = cells.text("quoc_tich", 40)
        if country in ("", _HOSPITALS_VIETNAM):
            country = "VN"
        if not _COUNTRY.fullmatch(country):
            cells.wrong("quoc_tich", N_("Mã quốc tịch gồm 2 hoặc 3 chữ in hoa, ví dụ VN."))
        data["nationality"] = country


class _Places:
    """The codes of provinces and wards that a file of one day may use."""

    def __init__(self, db: Session, as_of: date) -> None:
        self.system = directory.address_system(as_of)
        self.parents = directory.unit_parents(db, self.system)

    def read(self, cells: Cells, data: Data) -> None:
        """Read ma_tinh and ma_xa; a ward alone names its province too."""
        if not (cells.has("ma_tinh") or cells.has("ma_xa")):
            return
        province, ward = self._code(cells, "ma_tinh", 2), self._code(cells, "ma_xa", 5)
        if ward and self.parents:
            of = self.parents.get(ward, "")
            if province and of and of != province:
                cells.wrong("ma_xa", N_("Xã, phường này không thuộc tỉnh mang mã %(code)s.", code=province))
            province = province or of
        data["unit_system"] = self.system if province or ward else ""
        data["province_code"], data["ward_code"] = province, ward

    def _code(self, cells: Cells, column: str, digits: int) -> str:
        code = cells.shaped(column, _CODE, N_("Mã địa bàn chỉ gồm chữ số."))
        if code and len(code) != digits:
            cells.wrong(column, N_("Mã phải có đúng %(digits)s chữ số.", digits=digits))
        # Of a system whose list is not in the tables only the form can be checked.
        elif code and self.parents and code not in self.parents:
            cells.wrong(column, N_("Không có địa bàn nào mang mã này vào ngày của tệp."))
        return code
