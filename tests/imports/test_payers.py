"""Import kinds `employers` and `collection-points`."""

import pytest
from sqlalchemy import Engine, select

from tests.imports.conftest import Desk
from vssid.directory.listings import Asked, Kind, find
from vssid.directory.models import CollectionPoint, Employer
from vssid.kernel.clock import today
from vssid.kernel.db import reading

EMPLOYERS = "ma_don_vi,ten,dia_chi,ma_co_quan,trang_thai,cham_dong_thang\n"
POINTS = "ma,ten,loai,dia_chi,dien_thoai,ma_tinh,ma_xa,gio_lam_viec\n"


def held(engine: Engine, model: type) -> dict[str, object]:
    with reading(engine) as db:
        return {row.code: row for row in db.scalars(select(model))}


def found(engine: Engine, kind: Kind, text: str) -> list[str]:
    with reading(engine) as db:
        return list(find(db, Asked(kind, text), today()).codes)


def test_employers_are_taken_over_and_can_be_looked_up_at_once(desk: Desk, engine: Engine) -> None:
    rows = (
        EMPLOYERS
        + 'ta0001a,Công ty TNHH Mẫu Một,"1 đường Mẫu, Phường Long Xuyên, Tỉnh An Giang",08902,Đang hoạt động,3\n'
    )
    done = desk.take("employers", rows + "TA0002A,Trường Mẫu,,,,\n")
    assert done.code == 0, done.err
    one, other = held(engine, Employer)["TA0001A"], held(engine, Employer)["TA0002A"]
    assert (one.name, one.agency_code, one.months_late) == ("Công ty TNHH Mẫu Một", "08902", 3)
    assert other.months_late is None
    assert found(engine, Kind.EMPLOYERS, "cty tnhh mau")[0] == "TA0001A"
    assert found(engine, Kind.EMPLOYERS, "mau long xuyen") == ["TA0001A"]


def test_the_same_again_changes_nothing_and_a_change_is_found(desk: Desk, engine: Engine) -> None:
    rows = EMPLOYERS + "TA0001A,Công ty Mẫu,,,,\n"
    desk.take("employers", rows)
    assert desk.take("employers", rows).counts["same"] == 1
    assert desk.take("employers", rows.replace("Công ty Mẫu", "Hợp tác xã Thử")).counts["changed"] == 1
    assert found(engine, Kind.EMPLOYERS, "mau") == []
    assert found(engine, Kind.EMPLOYERS, "htx thu") == ["TA0001A"]


def test_collection_points_know_their_place(desk: Desk, engine: Engine) -> None:
    done = desk.take(
        "collection-points", POINTS + "DT1,Bưu điện Mẫu,diem_thu,1 đường Mẫu,0296 000 001,91,30307,7:30-17:00\n"
    )
    assert done.code == 0, done.err
    point = held(engine, CollectionPoint)["DT1"]
    assert (point.kind, point.ward_code, point.hours) == ("diem_thu", "30307", "7:30-17:00")
    assert found(engine, Kind.POINTS, "buu dien") == ["DT1"]


@pytest.mark.parametrize(
    ("kind", "row", "column", "words"),
    [
        ("employers", ",Công ty,,,,", "ma_don_vi", "bắt buộc"),
        ("employers", "TA 01,Công ty,,,,", "ma_don_vi", "20 ký tự"),
        ("employers", "TA01,,,,,", "ten", "bắt buộc"),
        ("employers", "TA01,Công ty,,89,,", "ma_co_quan", "3 hoặc 5"),
        ("employers", "TA01,Công ty,,,,-1", "cham_dong_thang", "số nguyên"),
        ("employers", "TA01,Công ty,,,,601", "cham_dong_thang", "600"),
        ("collection-points", "DT1,Bưu điện,khac,,,,,", "loai", "dai_ly"),
        ("collection-points", "DT1,Bưu điện,,,,00,,", "ma_tinh", "mang mã này"),
        ("collection-points", "DT1,Bưu điện,,,,92,30307,", "ma_xa", "không thuộc tỉnh"),
    ],
)
def test_a_wrong_row_keeps_the_file_out_and_is_named(
    desk: Desk, engine: Engine, kind: str, row: str, column: str, words: str
) -> None:
    done = desk.take(kind, (EMPLOYERS if kind == "employers" else POINTS) + row + "\n")
    assert done.code == 1
    assert column in done.err
    assert words in done.err
    assert held(engine, Employer) == held(engine, CollectionPoint) == {}


def test_taken_back_it_is_not_found_any_more(desk: Desk, engine: Engine) -> None:
    desk.take("employers", EMPLOYERS + "TA0001A,Công ty Mẫu,,,,\n")
    assert found(engine, Kind.EMPLOYERS, "mau") == ["TA0001A"]
    assert desk.app.test_cli_runner().invoke(args=["imports", "undo", "--yes"]).exit_code == 0
    assert found(engine, Kind.EMPLOYERS, "mau") == []
