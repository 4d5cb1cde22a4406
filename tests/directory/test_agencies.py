"""Agencies and facilities: tree, search, distance, and where an agency stands."""

import pytest
from sqlalchemy.orm import Session

from vssid import directory
from vssid.directory.models import Agency, Facility
from vssid.directory.places import locate_agencies
from vssid.directory.rules import search_key

MY_THOI = "30301"


def agency(code: str, name: str, parent: str = "", address: str = "", **more: str) -> Agency:
    return Agency(code=code, name=name, parent_code=parent, address=address, folded=search_key(name), **more)


@pytest.fixture
def tree(db: Session) -> Session:
    db.add_all(
        [
            agency("089", "BHXH Tỉnh An Giang", address="Phường Long Xuyên, tỉnh An Giang"),
            agency("08902", "BHXH TP Châu Đốc", "089"),
            agency("08904", "BHXH TX Tân Châu", "089", "12 đường Nguyễn Văn Cừ, P. Tân Châu, An Giang"),
            agency("08999", "BHXH huyện Nơi Khác", "089"),
            agency("091", "BHXH Tỉnh Kiên Giang"),
            agency("09101", "BHXH TP Rạch Giá", "091"),
            agency("092", "BHXH Thành phố Cần Thơ", address="Phường Ninh Kiều, thành phố Cần Thơ"),
        ]
    )
    db.flush()
    locate_agencies(db)
    db.expire_all()
    return db


def test_the_tree_can_be_walked_down_and_up(tree: Session) -> None:
    assert [one.code for one in directory.agency_children(tree)] == ["089", "091", "092"]
    assert [one.code for one in directory.agency_children(tree, "089")] == ["08902", "08904", "08999"]
    assert [one.code for one in directory.agency_path(tree, "08902")] == ["089", "08902"]
    assert directory.agency_path(tree, "99999") == []


def test_a_tree_that_bites_its_tail_ends(db: Session) -> None:
    db.add_all([agency("001", "Một", "002"), agency("002", "Hai", "001")])
    db.flush()
    assert len(directory.agency_path(db, "001")) == 2
    locate_agencies(db)


@pytest.mark.parametrize("typed", ["08902", "chau doc", "Châu Đốc", "BHXH TP Châu Đốc", "bhxh chau doc", "đốc châu"])
def test_an_agency_is_found_by_code_and_by_name(tree: Session, typed: str) -> None:
    assert directory.search_agencies(tree, typed)[0].code == "08902"


def test_search_below_one_parent_stays_there(tree: Session) -> None:
    assert {one.code for one in directory.search_agencies(tree, "bhxh", parent_code="091")} == {"091", "09101"}


def test_an_agency_stands_where_address_or_name_say(tree: Session) -> None:
    def where(code: str) -> str:
        place = directory.place(tree, directory.agency(tree, code).ward_code)
        return place.label if place else ""

    assert where("089") == "Phường Long Xuyên, Tỉnh An Giang"
    assert where("08902") == "Phường Châu Đốc, Tỉnh An Giang"
    assert where("08904") == "Phường Tân Châu, Tỉnh An Giang"
    assert where("08999") == ""
    # Kiên Giang is a part of An Giang now; its old number 91 is An Giang's by chance only.
    assert where("09101") == "Phường Rạch Giá, Tỉnh An Giang"
    assert where("092") == "Phường Ninh Kiều, Thành phố Cần Thơ"


def test_the_nearest_come_first_and_unknown_places_last_within_the_province(tree: Session) -> None:
    found = directory.nearest_agencies(tree, MY_THOI, limit=10)
    assert [near.agency.code for near in found] == ["089", "08902", "09101", "08904", "08999", "091", "092"]
    distances = [near.kilometres for near in found if near.kilometres is not None]
    assert distances[0] < 15
    assert found[4].kilometres is None


def test_nearest_to_an_unknown_ward_is_nobody(tree: Session) -> None:
    assert directory.nearest_agencies(tree, "99999") == []


def test_facilities_are_found_by_name_code_and_province(db: Session) -> None:
    for code, name, province, contract in (
        ("89001", "Bệnh viện Đa khoa Mẫu An Giang", "91", True),
        ("89002", "Trạm Y tế Mẫu Mỹ Thới", "91", False),
        ("01OT1", "Bệnh viện Mẫu Hà Nội", "01", True),
    ):
        row = Facility(code=code, name=name, province_code=province, bhyt_contract=contract, folded=search_key(name))
        db.add(row)
    db.flush()
    assert directory.facility(db, "01OT1").name == "Bệnh viện Mẫu Hà Nội"
    assert [one.code for one in directory.search_facilities(db, "01ot1")] == ["01OT1"]
    assert [one.code for one in directory.search_facilities(db, "benh vien da khoa", "91")] == ["89001"]
    assert {one.code for one in directory.search_facilities(db, "benh vien mau")} >= {"01OT1"}
    assert [one.code for one in directory.search_facilities(db, province_code="91", contract=True)] == ["89001"]
    assert directory.search_facilities(db) == []
