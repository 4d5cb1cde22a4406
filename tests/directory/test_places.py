"""Places: the shipped list, searching it, naming it."""

import csv
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.reference import MISSING, REFERENCE
from vssid import directory
from vssid.directory.models import AdminUnit, Parameter, ReferenceLoad
from vssid.directory.queries import places_in
from vssid.kernel.clock import now
from vssid.kernel.text import fold

AN_GIANG = "91"
MY_THOI = "30301"


def labels(db: Session, text: str, province: str | None = None) -> list[str]:
    return [place.label for place in directory.search_wards(db, text, province)]


def test_there_are_34_provinces_and_3321_wards(db: Session) -> None:
    provinces = directory.provinces(db)
    assert len(provinces) == 34
    assert sum(len(directory.wards(db, province.code)) for province in provinces) == 3321


def test_every_name_is_nfc_and_every_ward_has_a_place(db: Session) -> None:
    units = db.scalars(select(AdminUnit).where(AdminUnit.system == "2025")).all()
    assert all(unit.latitude and unit.longitude for unit in units)
    assert directory.unit(db, "06978").full_name == "Xã Ba Chẽ"
    assert directory.unit(db, "06970") is None
    assert directory.unit(db, "56").full_name == "Tỉnh Khánh Hoà"


def test_dong_nai_is_a_city_now_and_was_a_province(db: Session) -> None:
    assert directory.unit(db, "75").full_name == "Thành phố Đồng Nai"
    before = db.get_one(AdminUnit, ("2025", "75", date(2025, 7, 1)))
    assert (before.full_name, before.valid_to) == ("Tỉnh Đồng Nai", date(2026, 4, 29))


def test_loading_again_writes_nothing(db: Session) -> None:
    when = db.scalars(select(ReferenceLoad.loaded_at)).all()
    assert directory.load_reference(db, now()) == 0
    assert db.scalars(select(ReferenceLoad.loaded_at)).all() == when


def test_a_changed_list_is_loaded_again(db: Session) -> None:
    db.get_one(ReferenceLoad, "units_2025.csv").digest = "old"
    db.flush()
    assert directory.load_reference(db, now()) == 1
    assert db.scalar(select(func.count()).select_from(AdminUnit).where(AdminUnit.valid_to.is_(None))) == 3355


@pytest.mark.parametrize(
    "typed",
    [
        "my thoi",
        "Mỹ Thới",
        "MỸ THỚI",
        "P. My Thoi",
        "p.my thoi",
        "phuong mỹ thới",
        "thoi my",
        "my thoi, an giang",
        "Phường Mỹ Thới, Tỉnh An Giang",
        "my thoi an giang",
        "  mỹ   thới ",
    ],
)
def test_a_ward_is_found_however_it_is_typed(db: Session, typed: str) -> None:
    assert labels(db, typed)[0] == "Phường Mỹ Thới, Tỉnh An Giang"


def test_new_and_old_places_of_the_tone_mark_find_the_same(db: Session) -> None:
    assert labels(db, "Hòa Bình") == labels(db, "Hoà Bình") != []


def test_a_name_that_begins_like_a_kind_of_unit_is_found(db: Session) -> None:
    assert labels(db, "Phượng Dực")[0].startswith("Xã Phượng Dực,")


def test_the_same_comes_before_prefix_before_word_before_part(db: Session) -> None:
    found = [hit.now[0] for hit in directory.search_wards(db, "an phú") if not hit.is_old]
    names = [fold(place.full_name.split(" ", 1)[1]) for place in found]
    ranks = [0 if name == "an phu" else 1 if name.startswith("an phu") else 2 for name in names]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0


def test_search_can_be_kept_within_a_province(db: Session) -> None:
    found = directory.search_wards(db, "an", AN_GIANG)
    assert found
    assert all(AN_GIANG in {place.province_code for place in hit.now} for hit in found)


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "'", "\\", "🙂", "qqqq", "an" * 4000])
def test_odd_searches_find_nothing_and_break_nothing(db: Session, typed: str) -> None:
    assert labels(db, typed) == []


@pytest.mark.parametrize("typed", ["B'Lao", "b’lao", "blao"])
def test_an_apostrophe_may_be_left_out(db: Session, typed: str) -> None:
    assert "Phường B'Lao, Tỉnh Lâm Đồng" in labels(db, typed)


def test_search_is_bounded(db: Session) -> None:
    assert len(directory.search_wards(db, "a")) == 20
    assert len(directory.search_wards(db, "a", limit=5000)) <= 100


def test_all_wards_of_the_largest_province_can_be_chosen(db: Session) -> None:
    assert len(places_in(db, "79")) == len(directory.wards(db, "79")) > 100


def test_a_place_has_a_name_with_its_province(db: Session) -> None:
    assert directory.place_name(db, AN_GIANG, MY_THOI) == "Phường Mỹ Thới, Tỉnh An Giang"
    assert directory.place_name(db, AN_GIANG) == "Tỉnh An Giang"
    assert directory.place_name(db, "01", MY_THOI) == "Thành phố Hà Nội"
    assert directory.place_name(db, "00", "00000") == ""


def test_base_salary_follows_the_decrees(db: Session) -> None:
    def salary(on: date) -> str:
        found = directory.parameter(db, "luong_co_so", on)
        return found.value if found else ""

    assert salary(date(2026, 6, 30)) == "2340000"
    assert salary(date(2026, 7, 1)) == "2530000"
    assert salary(date(2019, 6, 30)) == "1390000"
    assert salary(date(2000, 1, 1)) == ""


def test_form_01_names_the_decree_of_its_day(db: Session) -> None:
    assert directory.parameter(db, "to_khai.can_cu", date(2025, 6, 30)).value == "Nghị định số 166/2016/NĐ-CP"
    assert directory.parameter(db, "to_khai.can_cu", date(2025, 7, 1)).value == "Nghị định số 164/2025/NĐ-CP"
    assert directory.parameter(db, "dang_ky.so_ngay_nop", date(2026, 1, 1)).value == "10"


def test_each_level_has_its_official_words_and_share(db: Session) -> None:
    shares = [directory.benefit_share(db, level, date(2026, 1, 1)) for level in range(1, 6)]
    assert shares == [100, 100, 95, 80, 100]
    assert directory.benefit_text(db, 4, date(2026, 1, 1)).startswith("Được quỹ BHYT thanh toán 80% chi phí KCB")
    assert directory.benefit_text(db, 6, date(2026, 1, 1)) == ""


def test_every_parameter_names_its_source(db: Session) -> None:
    assert all(parameter.source for parameter in db.scalars(select(Parameter)))


def test_units_agree_with_an_independent_list(db: Session) -> None:
    file = REFERENCE / "admin_units" / "new2025_wards.csv"
    if not file.exists():
        pytest.skip(MISSING)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        theirs = {
            line["code"]: (f"{line['unit']} {line['name']}", line["province_code"]) for line in csv.DictReader(lines)
        }
    query = select(AdminUnit).where(AdminUnit.level == "ward", AdminUnit.valid_to.is_(None))
    assert {unit.code: (unit.full_name, unit.parent_code) for unit in db.scalars(query)} == theirs
