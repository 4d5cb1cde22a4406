"""Import kinds `agencies` and `facilities`."""

import pytest
from sqlalchemy import Engine, select

from tests.imports.conftest import Desk
from vssid.directory.models import Agency, Facility
from vssid.kernel.db import reading

AGENCIES = "ma,ten,ma_cha,dia_chi,dien_thoai,email,gio_lam_viec\n"
FACILITIES = "ma_cskcb,ten,dia_chi,ma_tinh,hop_dong_bhyt,cap_giay_nghi,hieu_luc_tu,hieu_luc_den\n"


def agencies(engine: Engine) -> dict[str, Agency]:
    with reading(engine) as db:
        return {row.code: row for row in db.scalars(select(Agency))}


def facilities(engine: Engine) -> dict[str, Facility]:
    with reading(engine) as db:
        return {row.code: row for row in db.scalars(select(Facility))}


def test_agencies_form_a_tree_by_code_or_by_name_of_the_parent(desk: Desk, engine: Engine) -> None:
    done = desk.take(
        "agencies",
        AGENCIES + "08902,BHXH TP Châu Đốc,,,0296 000 0000,coquan@example.vn,7:30–16:30\n"
        "089,BHXH Tỉnh An Giang,,\"Phường Long Xuyên, tỉnh An Giang\",,,\n"
        "09001,BHXH cơ sở Mẫu,089,,,,\n"
        "07001,BHXH cơ sở Lẻ,,,,,\n",
    )  # fmt: skip
    assert done.code == 0, done.err
    found = agencies(engine)
    assert {code: row.parent_code for code, row in found.items()} == {
        "089": "", "08902": "089", "09001": "089", "07001": "",
    }  # fmt: skip
    assert found["08902"].folded == "bhxh tp chau doc"
    with reading(engine) as db:
        from vssid import directory

        assert directory.place(db, found["08902"].ward_code).label == "Phường Châu Đốc, Tỉnh An Giang"


def test_agencies_again_are_the_same_and_a_changed_one_is_updated(desk: Desk, engine: Engine) -> None:
    rows = "089,BHXH Tỉnh An Giang,,,,,\n08902,BHXH TP Châu Đốc,,,,,\n"
    assert desk.take("agencies", AGENCIES + rows).counts["new"] == 2
    assert desk.take("agencies", AGENCIES + rows).counts["same"] == 2
    done = desk.take("agencies", AGENCIES + rows.replace("TP Châu Đốc", "Châu Đốc"))
    assert (done.counts["changed"], done.counts["same"]) == (1, 1)
    assert agencies(engine)["08902"].name == "BHXH Châu Đốc"
    assert desk.take("agencies", "ma,ten\n08902,BHXH Châu Đốc\n").counts["same"] == 1


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("89,BHXH,,,,,", "ma", "3 hoặc 5"),
        ("089,BHXH,777,,,,", "ma_cha", "777"),
        ("089,BHXH,089,,,,", "ma_cha", "chính mình"),
        ("089,BHXH,,,gọi tôi,,", "dien_thoai", "chữ số"),
        ("089,BHXH,,,,x@y,", "email", "thư điện tử"),
        ("089,,,,,,", "ten", "bắt buộc"),
    ],
)
def test_a_bad_agency_is_refused(desk: Desk, engine: Engine, row: str, column: str, words: str) -> None:
    assert desk.take("agencies", f"{AGENCIES}{row}\n").code == 1
    (problem,) = desk.errors()
    assert problem["cot"] == column
    assert words in problem["loi"]
    assert agencies(engine) == {}


def test_agencies_in_a_circle_are_refused(desk: Desk) -> None:
    assert desk.take("agencies", AGENCIES + "001,Một,002,,,,\n002,Hai,001,,,,\n").code == 1
    assert len(desk.errors()) == 2


def test_facilities_are_taken_over_and_merged(desk: Desk, engine: Engine) -> None:
    first = FACILITIES + "89001,Bệnh viện Mẫu,Số 1,91,1,0,01/01/2020,\n01OT1,Phòng khám Mẫu,,01,0,1,,\n"
    assert desk.take("facilities", first).counts["new"] == 2
    assert desk.take("facilities", first).counts["same"] == 2
    found = facilities(engine)
    assert (found["01OT1"].bhyt_contract, found["01OT1"].issues_sick_leave) == (False, True)
    assert found["89001"].valid_from is not None
    assert desk.take("facilities", "ma_cskcb,ten\n89001,Bệnh viện Mẫu Mới\n").counts["changed"] == 1
    found = facilities(engine)
    assert (found["89001"].name, found["89001"].address) == ("Bệnh viện Mẫu Mới", "Số 1")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("8901,Tên,,91,,,,", "ma_cskcb"),
        ("89ot1,Tên,,91,,,,", "ma_cskcb"),
        ("89001,Tên,,89,,,,", "ma_tinh"),
        ("89001,Tên,,91,có,,,", "hop_dong_bhyt"),
        ("89001,Tên,,91,,,02/01/2026,01/01/2026", "hieu_luc_den"),
    ],
)
def test_a_bad_facility_is_refused(desk: Desk, row: str, column: str) -> None:
    assert desk.take("facilities", f"{FACILITIES}{row}\n").code == 1
    assert [problem["cot"] for problem in desk.errors()] == [column]
