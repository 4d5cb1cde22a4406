"""Make the lists of units anew from the wheel of vietnamadminunits (MIT). Needed at building time only; see README.md here.

python vssid/directory/data/build_units.py vietnamadminunits-1.0.4-py3-none-any.whl
"""

import csv
import json
import re
import sqlite3
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

DATABASE = "vietnamadminunits/data/dataset.db"
CONVERTER = "vietnamadminunits/data/converter_2025.json"
FOLDER = Path(__file__).parent
PREFIXES = ("Thành phố", "Tỉnh", "Quận", "Huyện", "Thị xã", "Thị trấn", "Phường", "Đặc khu", "Xã")
# Decided after the package was made.
NEW_CODES = {"06970": "06978"}  # Xã Ba Chẽ
DONG_NAI_A_CITY = ("2026-04-29", "2026-04-30")  # last day of the old words, first day of the new ones
BECAME_CITY = {"75"}
BECAME_PHUONG = {
    "25270", "25357", "25363", "26116", "26170", "26248", "26326", "26368", "26425", "26485",
}  # fmt: skip
# Old names in which a word began with a small letter, and those that both lists it was compared with write otherwise.
OLD_NAMES = {
    "00181": "Văn Miếu - Quốc Tử Giám", "00226": "Phương Liên - Trung Tự", "00679": "Đại Áng", "03442": "Pa Ủ",
    "03727": "Mường É", "03742": "É Tòng", "06337": "Đồng Ý", "23554": "Ya Ly", "23840": "Đắk Kơ Ning",
}  # fmt: skip
# The package follows names and so splits wards that share theirs with one elsewhere in the new province. By the table of
# the statistics office each of them went whole to one.
WENT_WHOLE = {
    "06079": "06079", "11890": "11911", "23053": "23053", "25462": "25459", "27691": "27694", "28036": "28036",
    "28252": "28249", "28270": "28270", "28437": "28435", "28439": "28439", "28924": "28921", "29623": "29623",
    "29734": "29734", "29902": "29905", "29908": "29905", "31246": "31246", "31268": "31288", "31378": "31378",
    "31379": "31378", "31438": "31408", "31474": "31473", "31480": "31480", "31483": "31495", "31582": "31582",
    "31606": "31591", "31657": "31654", "31666": "31666", "31669": "31639", "31714": "31726", "31741": "31741",
    "31744": "31741",
}  # fmt: skip
NOT_THERE = {("10798", "11911")}  # the same confusion of names, of a ward that was really split
ALSO_THERE = {("09013", "09817")}  # a part without inhabitants, which the package leaves out
# The mark stands on the second vowel of an open syllable in oa, oe, uy ("Hoà"), as the decisions of 2025 write it.
_FIRST_VOWEL_MARKED = re.compile(
    r"(?<![qQ])(o[\u0300\u0301\u0303\u0309\u0323](?=[ae]\b)|u[\u0300\u0301\u0303\u0309\u0323](?=y\b))([aey])"
)

Row = tuple[str, str, str, str, str, str, str, str]
HEADER = ("code", "unit", "name", "parent", "lat", "lon", "valid_from", "valid_to")
OLD_HEADER = ("code", "unit", "name", "parent")
CONVERSION_HEADER = ("old", "new")


def second_vowel_marked(name: str) -> str:
    """Hòa → Hoà, Thủy → Thuỷ; Quý and Hoàng stay."""
    marked = unicodedata.normalize("NFD", name)
    return unicodedata.normalize("NFC", _FIRST_VOWEL_MARKED.sub(lambda m: m[1][0] + m[2] + m[1][1], marked))


def split(full_name: str) -> tuple[str, str]:
    """Tỉnh An Giang → (Tỉnh, An Giang)."""
    full_name = unicodedata.normalize("NFC", full_name).strip()
    prefix = next(prefix for prefix in PREFIXES if full_name.lower().startswith(prefix.lower() + " "))
    return prefix, second_vowel_marked(full_name[len(prefix) + 1 :])


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


def old_rows(database: Path) -> Iterator[tuple[str, str, str, str]]:
    """All provinces, then all districts, then all wards of the last day of June 2025, each by code."""
    levels = (
        "select distinct provinceCode, province, '' from admin_units_legacy order by 1",
        "select distinct districtCode, district, provinceCode from admin_units_legacy order by 1",
        # Five districts of islands have no wards.
        "select wardCode, ward, districtCode from admin_units_legacy where wardCode is not null order by 1",
    )
    with sqlite3.connect(database) as source:
        for level in levels:
            for code, full_name, parent in source.execute(level):
                kind, name = split(full_name)
                yield code, kind, OLD_NAMES.get(code, name), parent


def conversions(database: Path, converter: Path) -> list[tuple[str, str]]:
    """Each old ward (or district without wards) with each new ward that took in some of it."""
    known = json.loads(converter.read_text())
    with sqlite3.connect(database) as source:
        new = {
            (province, ward): NEW_CODES.get(code, code)
            for province, ward, code in source.execute("select provinceKey, wardKey, wardCode from admin_units")
        }
        keys = (
            "select provinceKey || '_' || districtKey || '_' || coalesce(wardKey, ''), coalesce(wardCode, districtCode)"
        )
        old = dict(source.execute(f"{keys} from admin_units_legacy"))
    found = {
        (old[key], new[province, ward])
        for province, wards in known["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for ward, olds in wards.items()
        for key in olds
    }
    found |= {
        (old[key], new[province, ward["newWardKey"]])
        for province, olds in known["DICT_PROVINCE_WARD_DIVIDED"].items()
        for key, wards in olds.items()
        for ward in wards
    }
    kept = {pair for pair in found - NOT_THERE if WENT_WHOLE.get(pair[0], pair[1]) == pair[1]}
    return sorted(kept | ALSO_THERE)


def write(name: str, header: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> None:
    """Write one list beside this file."""
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(lines)


def main(wheel: str) -> None:
    """Write the three lists."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as package:
        database, converter = (Path(package.extract(name, folder)) for name in (DATABASE, CONVERTER))
        write("units_2025.csv", HEADER, rows(database))
        write("units_old.csv", OLD_HEADER, old_rows(database))
        write("conversions.csv", CONVERSION_HEADER, conversions(database, converter))


if __name__ == "__main__":
    main(sys.argv[1])
