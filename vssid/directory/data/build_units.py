"""Make units_2025.csv anew from the wheel of vietnamadminunits (MIT). Needed at building time only; see README.md here.

python vssid/directory/data/build_units.py vietnamadminunits-1.0.4-py3-none-any.whl > vssid/directory/data/units_2025.csv
"""

import csv
import re
import sqlite3
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

DATABASE = "vietnamadminunits/data/dataset.db"
PREFIXES = ("Thành phố", "Tỉnh", "Phường", "Đặc khu", "Xã")
# Decided after the package was made.
NEW_CODES = {"06970": "06978"}  # Xã Ba Chẽ
DONG_NAI_A_CITY = ("2026-04-29", "2026-04-30")  # last day of the old words, first day of the new ones
BECAME_CITY = {"75"}
BECAME_PHUONG = {
    "25270", "25357", "25363", "26116", "26170", "26248", "26326", "26368", "26425", "26485",
}  # fmt: skip
# The mark stands on the second vowel of an open syllable in oa, oe, uy ("Hoà"), as the decisions of 2025 write it.
_FIRST_VOWEL_MARKED = re.compile(
    r"(?<![qQ])(o[\u0300\u0301\u0303\u0309\u0323](?=[ae]\b)|u[\u0300\u0301\u0303\u0309\u0323](?=y\b))([aey])"
)

Row = tuple[str, str, str, str, str, str, str, str]
HEADER = ("code", "unit", "name", "parent", "lat", "lon", "valid_from", "valid_to")


def second_vowel_marked(name: str) -> str:
    """Hòa → Hoà, Thủy → Thuỷ; Quý and Hoàng stay."""
    marked = unicodedata.normalize("NFD", name)
    return unicodedata.normalize("NFC", _FIRST_VOWEL_MARKED.sub(lambda m: m[1][0] + m[2] + m[1][1], marked))


def split(full_name: str) -> tuple[str, str]:
    """Tỉnh An Giang → (Tỉnh, An Giang)."""
    full_name = unicodedata.normalize("NFC", full_name).strip()
    prefix = next(prefix for prefix in PREFIXES if full_name.startswith(prefix + " "))
    return prefix, second_vowel_marked(full_name.removeprefix(prefix + " "))


def with_history(row: Row, changed: set[str], now: str) -> Iterator[Row]:
    """The row; for one whose words changed the old and the new row. An empty valid_from means 2025-07-01."""
    if row[0] not in changed:
        yield row
        return
    yield (*row[:6], "", DONG_NAI_A_CITY[0])
    yield (row[0], now, *row[2:6], DONG_NAI_A_CITY[1], "")


def rows(database: Path) -> Iterator[Row]:
    """All provinces, then all wards, by code."""
    with sqlite3.connect(database) as source:
        provinces = "select distinct provinceCode, province, provinceLat, provinceLon from admin_units order by 1"
        for code, full_name, lat, lon in source.execute(provinces):
            row = (code, *split(full_name), "", f"{lat:.4f}", f"{lon:.4f}", "", "")
            yield from with_history(row, BECAME_CITY, "Thành phố")
        wards = "select wardCode, ward, provinceCode, wardLat, wardLon from admin_units order by 1"
        found = [
            (NEW_CODES.get(code, code), *split(full_name), province, f"{lat:.4f}", f"{lon:.4f}", "", "")
            for code, full_name, province, lat, lon in source.execute(wards)
        ]
        for row in sorted(found):
            yield from with_history(row, BECAME_PHUONG, "Phường")


def main(wheel: str) -> None:
    """Write the table to standard output."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as package:
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(HEADER)
        out.writerows(rows(Path(package.extract(DATABASE, folder))))


if __name__ == "__main__":
    main(sys.argv[1])
