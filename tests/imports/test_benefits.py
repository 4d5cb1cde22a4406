"""Import kinds `benefits` and `pension-adjustments`."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.imports.conftest import Desk
from vssid.kernel.db import reading
from vssid.records.benefits.models import Benefit, PensionAdjustment
from vssid.records.models import Person

A, B, C = "8900000101", "8900000102", "8900000103"
HEAD = "ma_so_bhxh,che_do,so_quyet_dinh,ngay_quyet_dinh,tu_ngay,den_ngay,so_tien,don_vi_chi_tra,so_tai_khoan,ngan_hang"
ADJUSTED = "ma_so_bhxh,so_quyet_dinh,hieu_luc_tu,muc_cu,muc_moi,can_cu"


def benefits(engine: Engine) -> list[Benefit]:
    with reading(engine) as db:
        return list(db.scalars(select(Benefit).order_by(Benefit.kind, Benefit.from_date, Benefit.decision_number)))


def adjustments(engine: Engine) -> list[PensionAdjustment]:
    with reading(engine) as db:
        return list(db.scalars(select(PensionAdjustment).order_by(PensionAdjustment.effective_from)))


def line(**values: str) -> str:
    row = {"ma_so_bhxh": A, "che_do": "om_dau", "tu_ngay": "01/03/2026", "so_tien": "1.234.000"} | values
    return ",".join(row.get(column, "") for column in HEAD.split(","))


def adjusted(**values: str) -> str:
    row = {
        "ma_so_bhxh": A,
        "so_quyet_dinh": "75/QĐ",
        "hieu_luc_tu": "01/07/2024",
        "muc_cu": "4000000",
        "muc_moi": "4600000",
    }
    row |= values
    return ",".join(row.get(column, "") for column in ADJUSTED.split(","))


@pytest.fixture
def office(desk: Desk, table: Any, person: Any) -> Desk:
    assert desk.take("participants", table(person(A), person(B), person(C))).code == 0
    return desk


def take(desk: Desk, *lines: str, head: str = HEAD) -> Any:
    return desk.take("benefits", "\n".join([head, *lines]) + "\n")


def adjust(desk: Desk, *lines: str, head: str = ADJUSTED) -> Any:
    return desk.take("pension-adjustments", "\n".join([head, *lines]) + "\n")


def test_a_benefit_is_taken_over_whole(office: Desk, engine: Engine) -> None:
    done = take(
        office,
        line(
            che_do="mot_lan", so_quyet_dinh="12/QĐ-BHXH", ngay_quyet_dinh="05/02/2026", tu_ngay="", so_tien="3000000000",
            don_vi_chi_tra="BHXH cơ sở Mẫu", so_tai_khoan="0000 1234 5678", ngan_hang="Ngân hàng Mẫu",
        ),
    )  # fmt: skip
    assert done.code == 0, done.err
    (row,) = benefits(engine)
    assert (row.kind, row.decision_number, row.decision_date) == ("mot_lan", "12/QĐ-BHXH", date(2026, 2, 5))
    assert (row.from_date, row.to_date, row.amount) == ("", None, 3_000_000_000)
    assert (row.payer, row.account_number, row.bank) == ("BHXH cơ sở Mẫu", "0000 1234 5678", "Ngân hàng Mẫu")


def test_the_same_rows_again_change_nothing(office: Desk, engine: Engine) -> None:
    rows = (line(), line(tu_ngay=""), line(che_do="thai_san"), line(ma_so_bhxh=B))
    assert take(office, *rows).counts == {"read": 4, "new": 4, "changed": 0, "same": 0, "refused": 0}
    before = benefits(engine)[0].updated_at
    assert take(office, *rows).counts == {"read": 4, "new": 0, "changed": 0, "same": 4, "refused": 0}
    assert benefits(engine)[0].updated_at == before


def test_a_row_without_a_first_day_is_the_same_row_again(office: Desk, engine: Engine) -> None:
    """A NULL would never meet itself: the key holds ''."""
    take(office, line(tu_ngay="", so_quyet_dinh="1"))
    assert take(office, line(tu_ngay="", so_quyet_dinh="1", so_tien="2000000")).counts["changed"] == 1
    assert [row.amount for row in benefits(engine)] == [2_000_000]


def test_an_absent_column_changes_nothing_and_an_empty_cell_empties(office: Desk, engine: Engine) -> None:
    full = {"den_ngay": "10/03/2026", "don_vi_chi_tra": "BHXH Mẫu", "so_tai_khoan": "000012345678"}
    take(office, line(**full))
    done = take(office, f"{A},om_dau,01/03/2026,1500000", head="ma_so_bhxh,che_do,tu_ngay,so_tien")
    assert done.counts["changed"] == 1
    (row,) = benefits(engine)
    assert (row.amount, row.payer, row.to_date) == (1_500_000, "BHXH Mẫu", date(2026, 3, 10))
    take(office, line(so_tien="1500000"))
    (row,) = benefits(engine)
    assert (row.payer, row.account_number, row.to_date) == ("", "", None)


@pytest.mark.parametrize(
    ("values", "column", "words"),
    [
        ({"ma_so_bhxh": "8999999999"}, "ma_so_bhxh", "Không có ai"),
        ({"ma_so_bhxh": "89"}, "ma_so_bhxh", "10 chữ số"),
        ({"che_do": "ốm"}, "che_do", "mot_lan, om_dau"),
        ({"so_tien": "0"}, "so_tien", "từ 1 đến"),
        ({"so_tien": "99999999999999"}, "so_tien", "từ 1 đến"),
        ({"so_tien": "-5"}, "so_tien", "số nguyên"),
        ({"so_tien": "12.34"}, "so_tien", "số nguyên"),
        ({"so_tien": "1 triệu"}, "so_tien", "số nguyên"),
        ({"so_tien": ""}, "so_tien", "bắt buộc"),
        ({"den_ngay": "28/02/2026"}, "den_ngay", "trước ngày đầu"),
        ({"tu_ngay": "01/01/0202"}, "tu_ngay", "1900"),
        ({"ngay_quyet_dinh": "01/01/2999"}, "ngay_quyet_dinh", "chưa đến"),
        ({"so_tai_khoan": "=1+1"}, "so_tai_khoan", "Số tài khoản"),
    ],
)
def test_a_bad_cell_is_refused(office: Desk, engine: Engine, values: dict[str, str], column: str, words: str) -> None:
    assert take(office, line(**values)).code == 1
    (problem,) = office.errors()
    assert (problem["dong"], problem["cot"]) == ("2", column)
    assert words in problem["loi"]
    assert benefits(engine) == []


def test_two_rows_with_one_key_name_both_lines(office: Desk) -> None:
    assert take(office, line(), line(so_tien="5")).code == 1
    assert "dòng 2" in office.errors()[0]["loi"]


def test_two_numbers_of_one_person_cannot_have_the_same_row(office: Desk, table: Any, person: Any) -> None:
    office.take("participants", table(person(A), person(B, gop_vao=A)))
    assert take(office, line(), line(ma_so_bhxh=B)).code == 1
    assert {row["dong"] for row in office.errors()} == {"2", "3"}
    assert take(office, line(), line(ma_so_bhxh=B, tu_ngay="01/04/2026")).code == 0


def test_benefits_follow_a_merger_and_none_is_counted_twice(
    office: Desk, engine: Engine, table: Any, person: Any
) -> None:
    take(
        office,
        line(),
        line(ma_so_bhxh=B),
        line(ma_so_bhxh=B, tu_ngay="02/03/2026"),
        line(ma_so_bhxh=C, tu_ngay="02/03/2026"),
    )
    adjust(office, adjusted(ma_so_bhxh=B))
    done = office.take("participants", table(person(A), person(B, gop_vao=A), person(C, gop_vao=A)))
    assert done.code == 0, done.err
    with reading(engine) as db:
        survivor = db.scalars(select(Person.id).where(Person.merged_into_id.is_(None))).one()
    own = [row for row in benefits(engine) if row.person_id == survivor]
    assert [row.from_date for row in own] == ["2026-03-01", "2026-03-02"]
    assert [row.person_id for row in adjustments(engine)] == [survivor]


def test_adjustments_are_taken_over_updated_and_left_alone(office: Desk, engine: Engine) -> None:
    rows = (adjusted(can_cu="Nghị định Mẫu"), adjusted(hieu_luc_tu="01/07/2026", so_quyet_dinh="76/QĐ"))
    assert adjust(office, *rows).counts["new"] == 2
    assert adjust(office, *rows).counts["same"] == 2
    done = adjust(office, f"{A},75/QĐ,01/07/2024,4000000,4700000", head=ADJUSTED.removesuffix(",can_cu"))
    assert done.counts["changed"] == 1
    first, _second = adjustments(engine)
    assert (first.old_amount, first.new_amount, first.reason) == (4_000_000, 4_700_000, "Nghị định Mẫu")
    assert first.effective_from == date(2024, 7, 1)


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"muc_moi": "0"}, "muc_moi"),
        ({"muc_cu": ""}, "muc_cu"),
        ({"so_quyet_dinh": ""}, "so_quyet_dinh"),
        ({"hieu_luc_tu": "7/2024"}, "hieu_luc_tu"),
        ({"ma_so_bhxh": "8999999999"}, "ma_so_bhxh"),
    ],
)
def test_a_bad_adjustment_is_refused(office: Desk, values: dict[str, str], column: str) -> None:
    assert adjust(office, adjusted(**values)).code == 1
    assert [problem["cot"] for problem in office.errors()] == [column]
