"""The places of before 1/7/2025: the list, what became of them, and finding them by name."""

import csv
from collections import Counter, defaultdict

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.reference import MISSING, REFERENCE
from vssid import directory
from vssid.directory.models import AdminUnit, Succession
from vssid.directory.queries import old_lines, successors
from vssid.directory.rules import OLD_SYSTEM, SYSTEM, old_choice, old_label

UNITS = REFERENCE / "admin_units"
# What the table of the statistics office has under a wrong code, once for each side of the slip, or beside the wards.
SLIPS = {"00553", "00556", "01615", "01651", "02482", "02485", "376"}


def codes(db: Session, level: str, system: str = OLD_SYSTEM) -> set[str]:
    query = select(AdminUnit.code).where(AdminUnit.system == system, AdminUnit.level == level)
    return set(db.scalars(query))


def after(db: Session, code: str) -> list[str]:
    return [place.label for place in directory.wards_after(db, code)]


def test_there_were_63_provinces_696_districts_and_10035_wards(db: Session) -> None:
    assert [len(codes(db, level)) for level in ("province", "district", "ward")] == [63, 696, 10_035]


def test_lists_lead_from_province_to_district_to_ward(db: Session) -> None:
    assert len(directory.old_provinces(db)) == 63
    districts = directory.old_districts(db, "89")
    assert [unit.full_name for unit in districts][:3] == ["Huyện An Phú", "Thành phố Châu Đốc", "Huyện Châu Phú"]
    assert "Phường Mỹ Bình" in [unit.full_name for unit in directory.old_wards(db, "883")]
    assert sum(len(directory.old_districts(db, one.code)) for one in directory.old_provinces(db)) == 696
    assert [directory.old_districts(db, code) for code in ("", "00", "883")] == [[], [], []]
    assert [directory.old_wards(db, code) for code in ("", "89", "000")] == [[], [], []]


def test_numbered_wards_stand_in_the_order_of_their_numbers(db: Session) -> None:
    names = [unit.full_name for unit in directory.old_wards(db, "770")]
    assert names[:4] == ["Phường 1", "Phường 2", "Phường 3", "Phường 4"]
    assert names.index("Phường 9") < names.index("Phường 11")


def test_every_old_ward_became_something(db: Session) -> None:
    went = successors(db, codes(db, "ward"))
    assert set(went) == codes(db, "ward")
    assert Counter(len(places) for places in went.values()) == {1: 9_595, 2: 368, 3: 55, 4: 16, 5: 1}


def test_every_ward_of_today_came_from_some_place(db: Session) -> None:
    assert set(db.scalars(select(Succession.new_code))) == codes(db, "ward", SYSTEM)


def test_districts_without_wards_became_something_themselves(db: Session) -> None:
    alone = {code for code in codes(db, "district") if not directory.old_wards(db, code)}
    assert {after(db, code)[0].split(",")[0] for code in alone} == {
        "Đặc khu Bạch Long Vĩ", "Đặc khu Cồn Cỏ", "Đặc khu Hoàng Sa", "Đặc khu Lý Sơn", "Đặc khu Côn Đảo",
    }  # fmt: skip
    assert after(db, "883") == after(db, "89") == after(db, "99999") == after(db, "") == []


def test_a_ward_that_was_split_brings_all_its_parts(db: Session) -> None:
    assert after(db, "09013") == [
        "Xã Mê Linh, Thành phố Hà Nội", "Xã Ô Diên, Thành phố Hà Nội", "Xã Tiến Thắng, Thành phố Hà Nội",
        "Xã Yên Lãng, Thành phố Hà Nội",
    ]  # fmt: skip


def test_wards_of_one_name_do_not_answer_for_each_other(db: Session) -> None:
    """Two wards called Phường 4 came into one province, from Mỹ Tho and from Cao Lãnh."""
    assert after(db, "28252") == ["Phường Đạo Thạnh, Tỉnh Đồng Tháp"]
    assert after(db, "29872") == ["Phường Cao Lãnh, Tỉnh Đồng Tháp"]


def test_codes_of_both_systems_never_mix(db: Session) -> None:
    both = codes(db, "ward") & codes(db, "ward", SYSTEM)
    assert len(both) > 3_000
    for code in sorted(both)[::50]:
        [line] = old_lines(db, [code]).values()
        assert {unit.system for unit in line} == {OLD_SYSTEM}
        assert [unit.level for unit in line] == ["ward", "district", "province"]
    assert directory.place(db, "00001") is None
    assert old_lines(db, ["00004"])["00004"][0].full_name == "Phường Trúc Bạch"
    assert directory.place(db, "00004").full_name == "Phường Ba Đình"
    # 91 was Kiên Giang and is An Giang.
    assert directory.unit(db, "91").full_name == "Tỉnh An Giang"
    assert old_lines(db, ["91"])["91"][0].full_name == "Tỉnh Kiên Giang"
    assert set(directory.unit_parents(db)) == codes(db, "ward", SYSTEM) | codes(db, "province", SYSTEM)


def test_within_a_province_of_today_its_number_means_no_old_province(db: Session) -> None:
    found = directory.search_wards(db, "tp rach gia", "91", limit=100)
    assert found
    assert all(hit.now for hit in found)


def test_every_old_address_fits_into_200_characters(db: Session) -> None:
    every = [unit.code for unit in db.scalars(select(AdminUnit).where(AdminUnit.system == OLD_SYSTEM))]
    labels = [old_label([unit.full_name for unit in line]) for line in old_lines(db, every).values()]
    assert len(labels) == 10_794
    assert max(map(len, labels)) <= 200


def test_marks_stand_on_the_second_vowel(db: Session) -> None:
    names = set(db.scalars(select(AdminUnit.name).where(AdminUnit.system == OLD_SYSTEM)))
    assert {"Hoà Bình", "Thuỷ Biều", "Xoài Quý"} - names == {"Xoài Quý"}
    assert not [name for name in names if any(wrong in name.split() for wrong in ("Hòa", "Thủy", "Hòe", "Lũy"))]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        # Names of today come first where they are as good.
        ("my thoi", "Phường Mỹ Thới, Tỉnh An Giang"),
        ("sai gon", "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
        ("phuong sai gon tp hcm", "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
        ("long xuyen", "Phường Long Xuyên, Tỉnh An Giang"),
        ("tp cao lanh", "Phường Cao Lãnh, Tỉnh Đồng Tháp"),
        ("rach gia", "Phường Rạch Giá, Tỉnh An Giang"),
        ("hoàn kiếm", "Phường Hoàn Kiếm, Thành phố Hà Nội"),
        ("phu quoc", "Đặc khu Phú Quốc, Tỉnh An Giang"),
        ("con dao", "Đặc khu Côn Đảo, Thành phố Hồ Chí Minh"),
        ("thu dau mot", "Phường Thủ Dầu Một, Thành phố Hồ Chí Minh"),
        ("go vap", "Phường Gò Vấp, Thành phố Hồ Chí Minh"),
        ("Phượng Dực", "Xã Phượng Dực, Thành phố Hà Nội"),
        ("mỹ thọ", "Xã Mỹ Thọ, Tỉnh Đồng Tháp"),
        ("mỹ tho", "Phường Mỹ Tho, Tỉnh Đồng Tháp"),
        ("xã tân châu nghệ an", "Xã Tân Châu, Tỉnh Nghệ An"),
        ("thuan an ha noi", "Xã Thuận An, Thành phố Hà Nội"),
        # Old wards, with the names above them in any order, in full or short.
        ("my binh long xuyen", "Phường Mỹ Bình, Thành phố Long Xuyên, Tỉnh An Giang (cũ)"),
        ("Mỹ Bình, TP. Long Xuyên, An Giang", "Phường Mỹ Bình, Thành phố Long Xuyên, Tỉnh An Giang (cũ)"),
        ("my binh tp long xuyen", "Phường Mỹ Bình, Thành phố Long Xuyên, Tỉnh An Giang (cũ)"),
        ("long xuyen my binh", "Phường Mỹ Bình, Thành phố Long Xuyên, Tỉnh An Giang (cũ)"),
        ("my thoi long xuyen", "Phường Mỹ Thới, Thành phố Long Xuyên, Tỉnh An Giang (cũ)"),
        ("p. ben nghe quan 1", "Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh (cũ)"),
        ("bến nghé", "Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh (cũ)"),
        ("hàng bạc", "Phường Hàng Bạc, Quận Hoàn Kiếm, Thành phố Hà Nội (cũ)"),
        ("vinh phuc ba dinh", "Phường Vĩnh Phúc, Quận Ba Đình, Thành phố Hà Nội (cũ)"),
        ("van khe me linh", "Xã Văn Khê, Huyện Mê Linh, Thành phố Hà Nội (cũ)"),
        ("xa dang xa huyen gia lam", "Xã Đặng Xá, Huyện Gia Lâm, Thành phố Hà Nội (cũ)"),
        ("thủy biều", "Phường Thuỷ Biều, Quận Thuận Hoá, Thành phố Huế (cũ)"),
        ("thuy bieu thua thien hue", "Phường Thuỷ Biều, Quận Thuận Hoá, Thành phố Huế (cũ)"),
        ("blao bao loc", "Phường B'lao, Thành phố Bảo Lộc, Tỉnh Lâm Đồng (cũ)"),
        ("tan chau khoai chau", "Xã Tân Châu, Huyện Khoái Châu, Tỉnh Hưng Yên (cũ)"),
        # Numbers.
        ("phường 5 quận 3", "Phường 5, Quận 3, Thành phố Hồ Chí Minh (cũ)"),
        ("p5 q3", "Phường 5, Quận 3, Thành phố Hồ Chí Minh (cũ)"),
        ("p.5, q.3, TPHCM", "Phường 5, Quận 3, Thành phố Hồ Chí Minh (cũ)"),
        ("phuong 05 quan 3", "Phường 5, Quận 3, Thành phố Hồ Chí Minh (cũ)"),
        ("f5 q3", "Phường 5, Quận 3, Thành phố Hồ Chí Minh (cũ)"),
        ("5 quan 3", "Phường 5, Quận 3, Thành phố Hồ Chí Minh (cũ)"),
        ("quan 3 phuong 5", "Phường 5, Quận 3, Thành phố Hồ Chí Minh (cũ)"),
        ("15 q10", "Phường 15, Quận 10, Thành phố Hồ Chí Minh (cũ)"),
        ("phuong 12 go vap", "Phường 12, Quận Gò Vấp, Thành phố Hồ Chí Minh (cũ)"),
        ("p1 da lat", "Phường 1, Thành phố Đà Lạt, Tỉnh Lâm Đồng (cũ)"),
        ("phuong 4 my tho", "Phường 4, Thành phố Mỹ Tho, Tỉnh Tiền Giang (cũ)"),
        ("my dinh 1", "Phường Mỹ Đình 1, Quận Nam Từ Liêm, Thành phố Hà Nội (cũ)"),
        # Districts and provinces.
        ("q1", "Quận 1, Thành phố Hồ Chí Minh (cũ)"),
        ("da lat", "Thành phố Đà Lạt, Tỉnh Lâm Đồng (cũ)"),
        ("kien giang", "Tỉnh Kiên Giang (cũ)"),
        ("tỉnh Bà Rịa - Vũng Tàu", "Tỉnh Bà Rịa - Vũng Tàu (cũ)"),
        ("huyen chau phu", "Xã Châu Phú, Tỉnh An Giang"),
    ],
)
def test_a_place_is_found_by_the_name_of_today_and_by_the_old_one(db: Session, typed: str, first: str) -> None:
    assert directory.search_wards(db, typed, limit=8)[0].label == first


@pytest.mark.parametrize(
    ("typed", "second"),
    [
        ("tp cao lanh", "Thành phố Cao Lãnh, Tỉnh Đồng Tháp (cũ)"),
        ("huyen cao lanh", "Huyện Cao Lãnh, Tỉnh Đồng Tháp (cũ)"),
        ("tp long xuyen", "Thành phố Long Xuyên, Tỉnh An Giang (cũ)"),
        ("ninh kieu", "Quận Ninh Kiều, Thành phố Cần Thơ (cũ)"),
    ],
)
def test_a_district_stands_below_the_ward_that_took_its_name(db: Session, typed: str, second: str) -> None:
    hit = directory.search_wards(db, typed, limit=8)[1]
    assert (hit.label, hit.now) == (second, ())


def test_a_number_is_not_found_in_a_longer_one(db: Session) -> None:
    found = [hit.label for hit in directory.search_wards(db, "phuong 1 quan 10", limit=100)]
    assert found == ["Phường 1, Quận 10, Thành phố Hồ Chí Minh (cũ)"]


def test_an_old_place_is_told_from_one_of_today_with_the_same_code(db: Session) -> None:
    [old] = directory.search_wards(db, "truc bach ba dinh")
    assert (old.code, old.is_old) == (old_choice("00004"), True)
    today = directory.search_wards(db, "phuong ba dinh ha noi")[0]
    assert (today.code, today.is_old) == ("00004", False)


def test_an_old_ward_says_what_it_is_now(db: Session) -> None:
    [whole] = directory.search_wards(db, "my binh long xuyen")
    assert [place.label for place in whole.now] == ["Phường Long Xuyên, Tỉnh An Giang"]
    [split] = directory.search_wards(db, "van khe me linh")
    assert len(split.now) == 4


def test_an_old_ward_that_kept_its_name_is_not_shown_twice(db: Session) -> None:
    labels = [hit.label for hit in directory.search_wards(db, "my thoi")]
    assert not [label for label in labels if label.startswith("Phường Mỹ Thới, Thành phố")]


def theirs(name: str) -> list[dict[str, str]]:
    if not (UNITS / name).exists():
        pytest.skip(MISSING)
    with (UNITS / name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_codes_and_tree_agree_with_an_independent_list(db: Session) -> None:
    expected = {line["code"]: line["district_code"] for line in theirs("old_wards.csv")}
    expected |= {line["code"]: line["province_code"] for line in theirs("old_districts.csv")}
    expected |= {line["code"]: "" for line in theirs("old_provinces.csv")}
    query = select(AdminUnit.code, AdminUnit.parent_code).where(AdminUnit.system == OLD_SYSTEM)
    assert dict(db.execute(query).all()) == expected


def test_conversions_agree_with_the_table_of_the_statistics_office(db: Session) -> None:
    expected: dict[str, set[str]] = defaultdict(set)
    for line in theirs("convert_nso_official_table.csv"):
        expected[line["old_ward"] or line["old_district"]].add(line["new_ward"].replace("06970", "06978"))
    ours: dict[str, set[str]] = defaultdict(set)
    for old, new in db.execute(select(Succession.old_code, Succession.new_code)):
        ours[old].add(new)
    assert {code for code in ours.keys() | expected.keys() if ours.get(code) != expected.get(code)} == SLIPS


def test_the_lists_are_as_long_as_the_readme_says(db: Session) -> None:
    assert db.scalar(select(func.count()).select_from(Succession)) == 10_570
    split = select(Succession.old_code).group_by(Succession.old_code).having(func.count() > 1)
    assert len(db.scalars(split).all()) == 440
