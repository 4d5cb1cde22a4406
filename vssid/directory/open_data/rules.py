"""Which lists are given away, with which columns. The columns are those of the imports: what was taken can be brought in again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vssid.directory.listings.rules import Kind
from vssid.kernel.labels import N_, Label

FORMATS = {"csv": "text/csv", "json": "application/json"}
# Older versions of a list make room for newer ones.
KEPT = 12


@dataclass(frozen=True)
class Dataset:
    """One list: its name in addresses and file names, the look-ups made of it, column of the file → attribute of the row."""

    slug: str
    title: Label
    kinds: tuple[Kind, ...]
    columns: Mapping[str, str]

    def record(self, row: Any) -> dict[str, str]:
        """A row of the table as the file has it: text throughout, 1 and 0, dd/mm/yyyy."""
        return {column: _written(getattr(row, attribute)) for column, attribute in self.columns.items()}


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)


# Employers are looked up one by one: a list of all of them, with who is late, is not the agency's to give away unasked.
DATASETS = (
    Dataset(
        "co-quan",
        N_("Cơ quan BHXH"),
        (Kind.AGENCIES,),
        {
            "ma": "code", "ten": "name", "ma_cha": "parent_code", "dia_chi": "address", "dien_thoai": "phone",
            "email": "email", "gio_lam_viec": "hours",
        },
    ),
    Dataset(
        "co-so-kham-chua-benh",
        N_("Cơ sở khám bệnh, chữa bệnh"),
        (Kind.TREATING, Kind.CERTIFYING),
        {
            "ma_cskcb": "code", "ten": "name", "dia_chi": "address", "dien_thoai": "phone", "ma_tinh": "province_code",
            "cap_chuyen_mon": "care_level", "hop_dong_bhyt": "bhyt_contract", "cap_giay_nghi": "issues_sick_leave",
            "hieu_luc_tu": "valid_from", "hieu_luc_den": "valid_to",
        },
    ),
    Dataset(
        "diem-thu",
        N_("Điểm thu, đại lý thu"),
        (Kind.POINTS,),
        {
            "ma": "code", "ten": "name", "loai": "kind", "dia_chi": "address", "dien_thoai": "phone",
            "ma_tinh": "province_code", "ma_xa": "ward_code", "gio_lam_viec": "hours",
        },
    ),
)  # fmt: skip
BY_SLUG = {dataset.slug: dataset for dataset in DATASETS}
