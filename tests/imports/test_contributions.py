"""Import kind `contributions`: one row a person, fund, kind, first month and employer."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine, select

from tests.imports.conftest import Desk
from vssid.kernel.clock import today
from vssid.kernel.db import reading
from vssid.records.contributions.models import Contribution
from vssid.records.contributions.rules import month_of, spoken
from vssid.records.models import Person, PersonIdentifier

A, B = "8900000101", "8900000102"
HEAD = (
    "ma_so_bhxh,quy,tu_thang,den_thang,ma_don_vi,ten_don_vi,chuc_vu,noi_lam_viec,tien_luong,he_so,loai_tien,loai_hinh,"
    "trang_thai"
)
SHORT = "ma_so_bhxh,quy,tu_thang,den_thang,ma_don_vi,ten_don_vi"


def rows(engine: Engine) -> list[Contribution]:
    with reading(engine) as db:
        return list(db.scalars(select(Contribution).order_by(Contribution.from_month, Contribution.employer_key)))


def line(head: str = HEAD, **values: str) -> str:
    row = {
        "ma_so_bhxh": A, "quy": "BHXH", "tu_thang": "02/2020", "den_thang": "09/2020", "ma_don_vi": "TE3964E",
        "ten_don_vi": "Trung tâm Mẫu Một",
    } | values  # fmt: skip
    return ",".join(f'"{row.get(column, "")}"' for column in head.split(","))


@pytest.fixture
def office(desk: Desk, table: Any, person: Any) -> Desk:
    assert desk.take("participants", table(person(A), person(B))).code == 0
    return desk


def take(desk: Desk, *lines: str, head: str = HEAD) -> Any:
    return desk.take("contributions", "\n".join([head, *lines]) + "\n")


def test_a_row_is_taken_over_whole(office: Desk, engine: Engine) -> None:
    more = {
        "chuc_vu": "Chuyên viên", "noi_lam_viec": "1 đường Mẫu", "tien_luong": "5.453.400,50", "he_so": "3,66",
        "loai_tien": "VND", "loai_hinh": "bat_buoc", "trang_thai": "cham_dong",
    }  # fmt: skip
    done = take(office, line(**more))
    assert done.code == 0, done.err
    (row,) = rows(engine)
    assert (row.fund, row.kind, row.status, row.currency) == ("BHXH", "bat_buoc", "cham_dong", "VND")
    assert (row.from_month, row.to_month) == (date(2020, 2, 1), date(2020, 9, 1))
    assert (row.employer_code, row.employer_name, row.employer_key) == ("TE3964E", "Trung tâm Mẫu Một", "TE3964E")
    assert (row.job, row.workplace) == ("Chuyên viên", "1 đường Mẫu")
    assert (row.salary, row.coefficient) == (Decimal("5453400.50"), Decimal("3.660"))


def test_the_same_file_again_changes_nothing(office: Desk, engine: Engine) -> None:
    lines = [
        line(tien_luong="5453400,10", he_so="3,665"),
        line(quy="BHTN", tien_luong="123456789,99", he_so="0,001"),
        line(quy="BHYT", ma_don_vi="", ten_don_vi="Hộ gia đình Mẫu", loai_hinh="tu_nguyen"),
    ]
    assert take(office, *lines).counts["new"] == 3
    before = [(row.id, row.updated_at) for row in rows(engine)]
    assert take(office, *lines).counts == {"read": 3, "new": 0, "changed": 0, "same": 3, "refused": 0}
    assert [(row.id, row.updated_at) for row in rows(engine)] == before


def test_what_the_file_does_not_say_of_a_new_row_is_the_usual(office: Desk, engine: Engine) -> None:
    assert take(office, line(SHORT), head=SHORT).code == 0
    (row,) = rows(engine)
    assert (row.kind, row.status, row.currency, row.job, row.workplace) == ("bat_buoc", "da_dong", "VND", "", "")
    assert (row.salary, row.coefficient) == (None, None)


def test_an_absent_column_changes_nothing_and_an_empty_cell_empties(office: Desk, engine: Engine) -> None:
    take(office, line(chuc_vu="Kế toán", tien_luong="5000000", he_so="2,34", trang_thai="no_dong"))
    assert take(office, line(SHORT, den_thang="10/2020"), head=SHORT).counts["changed"] == 1
    (row,) = rows(engine)
    assert (row.to_month, row.job, row.salary, row.status) == (date(2020, 10, 1), "Kế toán", 5_000_000, "no_dong")
    assert take(office, line(den_thang="10/2020")).counts["changed"] == 1
    (row,) = rows(engine)
    assert (row.job, row.salary, row.coefficient, row.status) == ("", None, None, "da_dong")


@pytest.mark.parametrize(
    ("changed", "name", "value"),
    [
        ({"den_thang": "10/2020"}, "to_month", date(2020, 10, 1)),
        ({"ten_don_vi": "Trung tâm Mẫu Đổi Tên"}, "employer_name", "Trung tâm Mẫu Đổi Tên"),
        ({"tien_luong": "5000000,01"}, "salary", Decimal("5000000.01")),
        ({"he_so": "2.341"}, "coefficient", Decimal("2.341")),
        ({"trang_thai": "cham_dong"}, "status", "cham_dong"),
        ({"loai_tien": "USD"}, "currency", "USD"),
    ],
)
def test_a_changed_cell_changes_the_row(
    office: Desk, engine: Engine, changed: dict[str, str], name: str, value: Any
) -> None:
    start = {"tien_luong": "5000000", "he_so": "2,34"}
    take(office, line(**start))
    assert take(office, line(**(start | changed))).counts["changed"] == 1
    (row,) = rows(engine)
    assert getattr(row, name) == value


@pytest.mark.parametrize("other", [{"quy": "BHTN"}, {"loai_hinh": "tu_nguyen"}, {"tu_thang": "03/2020"}, {"ma_don_vi": "TZ0001A"}])  # fmt: skip
def test_each_part_of_the_key_makes_another_row(office: Desk, engine: Engine, other: dict[str, str]) -> None:
    assert take(office, line(), line(**other)).counts["new"] == 2
    assert len(rows(engine)) == 2


def test_without_a_code_the_folded_name_is_the_employer(office: Desk, engine: Engine) -> None:
    take(office, line(ma_don_vi="", ten_don_vi="Công ty  Mẫu Đỏ"))
    assert take(office, line(ma_don_vi="", ten_don_vi="CÔNG TY MẪU ĐỎ")).counts["changed"] == 1
    (row,) = rows(engine)
    assert (row.employer_key, row.employer_name) == ("cong ty mau do", "CÔNG TY MẪU ĐỎ")


def test_long_names_that_begin_alike_are_two_employers(office: Desk, engine: Engine) -> None:
    long = "Công ty Trách nhiệm hữu hạn một thành viên Mẫu Thương mại và Dịch vụ "
    assert take(office, *(line(ma_don_vi="", ten_don_vi=long + end) for end in ("Một", "Hai"))).counts["new"] == 2
    keys = {row.employer_key for row in rows(engine)}
    assert len(keys) == 2
    assert max(map(len, keys)) <= 60


@pytest.mark.parametrize("written", ["02/2020", "2/2020", "2020-02", "2020-02-01", "01/02/2020", " 02/2020 "])
def test_months_are_read_as_people_and_workbooks_write_them(office: Desk, engine: Engine, written: str) -> None:
    assert take(office, line(tu_thang=written)).code == 0
    assert rows(engine)[0].from_month == date(2020, 2, 1)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("5453400", "5453400.00"), ("5.453.400", "5453400.00"), ("5,453,400", "5453400.00"), ("5.453.400,5", "5453400.50"),
        ("5,453,400.05", "5453400.05"), ("5453400.5", "5453400.50"), ("60", "60.00"), ("0", "0.00"), ("1.000", "1000.00"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_and_workbooks_write_them(
    office: Desk, engine: Engine, written: str, amount: str
) -> None:
    assert take(office, line(tien_luong=written)).code == 0
    assert rows(engine)[0].salary == Decimal(amount)


def test_the_month_to_come_is_taken(office: Desk, engine: Engine) -> None:
    assert take(office, line(den_thang=spoken(month_of(today()) + 1))).code == 0
    assert month_of(rows(engine)[0].to_month) == month_of(today()) + 1


@pytest.mark.parametrize("values", [{"quy": "BHXH", "loai_hinh": "tu_nguyen"}, {"quy": "BHYT"}])
def test_what_may_be_paid_ahead_is_taken_for_five_years(office: Desk, engine: Engine, values: dict[str, str]) -> None:
    assert take(office, line(den_thang=spoken(month_of(today()) + 60), **values)).code == 0
    assert month_of(rows(engine)[0].to_month) == month_of(today()) + 60


@pytest.mark.parametrize(
    ("values", "column", "words"),
    [
        ({"ma_so_bhxh": "8999999999"}, "ma_so_bhxh", "Không có ai"),
        ({"ma_so_bhxh": "89"}, "ma_so_bhxh", "10 chữ số"),
        ({"ma_so_bhxh": ""}, "ma_so_bhxh", "trống"),
        ({"quy": "BHX"}, "quy", "BHXH, BHTN, TNLD, BHYT"),
        ({"quy": ""}, "quy", "trống"),
        ({"tu_thang": ""}, "tu_thang", "trống"),
        ({"tu_thang": "2020"}, "tu_thang", "tháng/năm"),
        ({"tu_thang": "15/02/2020"}, "tu_thang", "tháng/năm"),
        ({"tu_thang": "13/2020"}, "tu_thang", "trong lịch"),
        ({"tu_thang": "00/2020"}, "tu_thang", "trong lịch"),
        ({"tu_thang": "08/1945"}, "tu_thang", "quá khứ"),
        ({"den_thang": "01/2020"}, "den_thang", "trước tháng đầu"),
        ({"den_thang": "01/2999"}, "den_thang", "chưa đến"),
        ({"den_thang": spoken(month_of(today()) + 2)}, "den_thang", "chưa đến"),
        (
            {"quy": "BHXH", "loai_hinh": "tu_nguyen", "den_thang": spoken(month_of(today()) + 61)},
            "den_thang",
            "chưa đến",
        ),
        ({"quy": "BHYT", "den_thang": spoken(month_of(today()) + 61)}, "den_thang", "chưa đến"),
        (
            {"quy": "BHTN", "loai_hinh": "bat_buoc", "den_thang": spoken(month_of(today()) + 12)},
            "den_thang",
            "chưa đến",
        ),
        ({"quy": "BHTN", "tu_thang": "12/2008"}, "tu_thang", "từ tháng 01/2009"),
        ({"ten_don_vi": ""}, "ten_don_vi", "trống"),
        ({"ten_don_vi": "x" * 201}, "ten_don_vi", "200"),
        ({"ma_don_vi": "te 3964"}, "ma_don_vi", "Mã đơn vị"),
        ({"tien_luong": "năm triệu"}, "tien_luong", "chữ số"),
        ({"tien_luong": "-5"}, "tien_luong", "chữ số"),
        ({"tien_luong": "5453.40.0"}, "tien_luong", "chữ số"),
        ({"tien_luong": "1000000001"}, "tien_luong", "1.000.000.000"),
        ({"he_so": "3,6666"}, "he_so", "3 chữ số"),
        ({"he_so": "20,001"}, "he_so", "nhiều nhất 20"),
        ({"loai_tien": "đồng"}, "loai_tien", "VND"),
        ({"loai_hinh": "khac"}, "loai_hinh", "bat_buoc, tu_nguyen"),
        ({"trang_thai": "mat"}, "trang_thai", "da_dong, cham_dong, no_dong"),
    ],
)
def test_a_bad_cell_is_refused(office: Desk, engine: Engine, values: dict[str, str], column: str, words: str) -> None:
    assert take(office, line(**values)).code == 1
    (problem,) = office.errors()
    assert (problem["dong"], problem["cot"]) == ("2", column)
    assert words in problem["loi"]
    assert rows(engine) == []


def test_one_bad_row_and_none_is_taken(office: Desk, engine: Engine) -> None:
    assert take(office, line(), line(tu_thang="x"), line(quy="Y")).code == 1
    assert {row["dong"] for row in office.errors()} == {"3", "4"}
    assert rows(engine) == []


def test_a_period_that_stands_twice_names_both_lines(office: Desk) -> None:
    assert take(office, line(), line(den_thang="10/2020")).code == 1
    assert office.errors()[0]["dong"] == "3"
    assert "dòng 2" in office.errors()[0]["loi"]


def test_one_period_of_a_person_cannot_stand_under_two_numbers(office: Desk, table: Any, person: Any) -> None:
    office.take("participants", table(person(A), person(B, gop_vao=A)))
    assert take(office, line(), line(ma_so_bhxh=B), line(ma_so_bhxh=B, quy="BHYT")).code == 1
    assert {row["dong"] for row in office.errors()} == {"2", "3"}
    assert take(office, line(), line(ma_so_bhxh=B, tu_thang="01/2020")).code == 0


def test_contributions_follow_a_merger(office: Desk, engine: Engine, table: Any, person: Any) -> None:
    take(office, line(), line(ma_so_bhxh=B, tu_thang="01/2019", den_thang="12/2019"), line(ma_so_bhxh=B))
    assert office.take("participants", table(person(A), person(B, gop_vao=A))).code == 0
    with reading(engine) as db:
        survivor = db.scalars(select(PersonIdentifier.person_id).where(PersonIdentifier.value == A)).one()
        lost = db.scalars(select(Person.id).where(Person.merged_into_id.is_not(None))).one()
    # The period that both have stays behind.
    assert sorted((row.from_month.year, row.person_id == survivor) for row in rows(engine)) == [
        (2019, True), (2020, False), (2020, True),
    ]  # fmt: skip
    assert [row.person_id for row in rows(engine)].count(lost) == 1
    assert take(office, line(ma_so_bhxh=B, tu_thang="01/2019", den_thang="12/2019")).counts["same"] == 1


def test_a_workbook_will_do(office: Desk, engine: Engine) -> None:
    book = Workbook()
    book.active.append(HEAD.split(","))
    book.active.append(
        [A, "BHXH", date(2020, 2, 1), "09/2020", "TE3964E", "Trung tâm Mẫu", "Kế toán", "", 5453400.5, 3.66, "", "", ""]
    )
    out = io.BytesIO()
    book.save(out)
    done = office.take("contributions", out.getvalue(), name="table.xlsx")
    assert done.code == 0, done.err
    (row,) = rows(engine)
    assert (row.from_month, row.salary, row.coefficient) == (
        date(2020, 2, 1), Decimal("5453400.50"), Decimal("3.660"),
    )  # fmt: skip


def test_of_two_merged_persons_one_gives_the_period_that_both_have(
    office: Desk, engine: Engine, table: Any, person: Any
) -> None:
    third = "8900000103"
    assert office.take("participants", table(person(third))).code == 0
    take(
        office,
        line(ma_so_bhxh=B),
        line(ma_so_bhxh=third),
        line(ma_so_bhxh=third, tu_thang="01/2019", den_thang="12/2019"),
    )
    done = office.take("participants", table(person(A), person(B, gop_vao=A), person(third, gop_vao=A)))
    assert done.code == 0, done.err
    with reading(engine) as db:
        survivor = db.scalars(select(PersonIdentifier.person_id).where(PersonIdentifier.value == A)).one()
    assert [row.from_month.year for row in rows(engine) if row.person_id == survivor] == [2019, 2020]
