"""Import kind `cards`: append-only versions."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.imports.conftest import Desk
from vssid.card.models import Card
from vssid.kernel.db import reading
from vssid.records.models import PersonIdentifier

A, B = "8900000101", "8900000102"
HEAD = (
    "ma_so_bhxh,so_the,muc_huong,ma_doi_tuong,tu_ngay,den_ngay,ma_cskcb,nam_nam_lien_tuc,ma_khu_vuc,ngay_cap,trang_thai"
)


def cards(engine: Engine) -> list[Card]:
    with reading(engine) as db:
        return list(db.scalars(select(Card).order_by(Card.valid_from, Card.version)))


def line(**values: str) -> str:
    row = {"ma_so_bhxh": A, "muc_huong": "4", "tu_ngay": "01/01/2026", "ma_cskcb": "89001"} | values
    return ",".join(row.get(column, "") for column in HEAD.split(","))


@pytest.fixture
def office(desk: Desk, table: Any, person: Any) -> Desk:
    assert desk.take("facilities", "ma_cskcb,ten\n89001,Bệnh viện Mẫu\n89002,Trạm Mẫu\n").code == 0
    assert desk.take("participants", table(person(A), person(B))).code == 0
    return desk


def take(desk: Desk, *lines: str, head: str = HEAD) -> Any:
    return desk.take("cards", "\n".join([head, *lines]) + "\n")


def test_a_card_is_taken_over_whole(office: Desk, engine: Engine) -> None:
    done = take(
        office,
        line(
            so_the=f"DN489{A}",
            den_ngay="31/12/2026",
            nam_nam_lien_tuc="01/02/2027",
            ma_khu_vuc="K1",
            ngay_cap="20/12/2025",
        ),
    )
    assert done.code == 0, done.err
    (card,) = cards(engine)
    assert (card.number, card.object_code, card.level, card.version) == (f"DN489{A}", "DN", 4, 1)
    assert (card.valid_from, card.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (card.five_years_from, card.area_code, card.status) == (date(2027, 2, 1), "K1", "hieu_luc")


def test_without_a_printed_number_the_ten_digits_are_the_number(office: Desk, engine: Engine) -> None:
    take(office, f"{A},4,01/01/2026,89001", head="ma_so_bhxh,muc_huong,tu_ngay,ma_cskcb")
    take(office, line(ma_so_bhxh=B))
    assert [card.number for card in cards(engine)] in ([A, B], [B, A])


def test_the_same_card_again_is_the_same(office: Desk, engine: Engine) -> None:
    take(office, line())
    assert take(office, line()).counts == {"read": 1, "new": 0, "changed": 0, "same": 1, "refused": 0}
    assert len(cards(engine)) == 1


def test_a_changed_card_is_a_further_version_and_the_first_stays(office: Desk, engine: Engine) -> None:
    take(office, line())
    assert take(office, line(ma_cskcb="89002")).counts["changed"] == 1
    assert [(card.version, card.facility_code) for card in cards(engine)] == [(1, "89001"), (2, "89002")]
    assert take(office, line(ma_cskcb="89001")).counts["changed"] == 1
    assert [card.version for card in cards(engine)] == [1, 2, 3]


def test_columns_that_are_absent_stay_as_in_the_version_before(office: Desk, engine: Engine) -> None:
    take(office, line(so_the=f"HT389{A}", muc_huong="3", den_ngay="31/12/2026", trang_thai="thu_hoi"))
    take(office, f"{A},3,01/01/2026,89002", head="ma_so_bhxh,muc_huong,tu_ngay,ma_cskcb")
    second = cards(engine)[1]
    assert (second.number, second.valid_to, second.status) == (f"HT389{A}", date(2026, 12, 31), "thu_hoi")


def test_a_withdrawal_is_a_version(office: Desk, engine: Engine) -> None:
    take(office, line())
    assert take(office, line(trang_thai="thu_hoi")).code == 0
    assert [(card.version, card.status) for card in cards(engine)] == [(1, "hieu_luc"), (2, "thu_hoi")]


@pytest.mark.parametrize(
    ("values", "column", "words"),
    [
        ({"ma_so_bhxh": "8999999999"}, "ma_so_bhxh", "Không có ai"),
        ({"muc_huong": "6"}, "muc_huong", "1, 2, 3, 4, 5"),
        ({"so_the": f"DN489{B}"}, "so_the", "10 số cuối"),
        ({"so_the": f"DN389{A}"}, "so_the", "khác mức hưởng"),
        ({"so_the": f"DN489{A}", "ma_doi_tuong": "HT"}, "so_the", "khác mã đối tượng"),
        ({"so_the": "DN4890"}, "so_the", "15 ký tự"),
        ({"so_the": B}, "so_the", "10 số cuối"),
        ({"ma_doi_tuong": "9"}, "ma_doi_tuong", "2 chữ"),
        ({"den_ngay": "31/12/2025"}, "den_ngay", "trước ngày đầu"),
        ({"tu_ngay": "2026"}, "tu_ngay", "ngày/tháng/năm"),
        ({"ma_cskcb": "99999"}, "ma_cskcb", "Không có cơ sở KCB"),
        ({"ma_khu_vuc": "K9"}, "ma_khu_vuc", "K1, K2, K3"),
        ({"ngay_cap": "01/01/2999"}, "ngay_cap", "chưa đến"),
        ({"trang_thai": "mất"}, "trang_thai", "hieu_luc, thu_hoi"),
    ],
)
def test_a_bad_cell_is_refused(office: Desk, engine: Engine, values: dict[str, str], column: str, words: str) -> None:
    done = take(office, line(**values))
    assert done.code == 1
    (problem,) = office.errors()
    assert (problem["dong"], problem["cot"]) == ("2", column)
    assert words in problem["loi"]
    assert cards(engine) == []


def test_two_cards_of_one_day_name_both_lines(office: Desk) -> None:
    assert take(office, line(), line(muc_huong="3")).code == 1
    assert office.errors()[0]["dong"] == "3"
    assert "dòng 2" in office.errors()[0]["loi"]


def test_two_numbers_of_one_person_cannot_have_cards_of_one_day(office: Desk, table: Any, person: Any) -> None:
    office.take("participants", table(person(A), person(B, gop_vao=A)))
    assert take(office, line(), line(ma_so_bhxh=B)).code == 1
    assert {row["dong"] for row in office.errors()} == {"2", "3"}
    assert take(office, line(), line(ma_so_bhxh=B, tu_ngay="01/01/2025")).code == 0


def test_of_two_merged_persons_one_gives_the_card_of_a_day_with_its_versions(
    office: Desk, engine: Engine, table: Any, person: Any
) -> None:
    third = "8900000103"
    assert office.take("participants", table(person(third))).code == 0
    for level in ("4", "5"):
        take(office, line(ma_so_bhxh=B, muc_huong=level), line(ma_so_bhxh=third, muc_huong=level))
    take(office, line(ma_so_bhxh=third, tu_ngay="01/02/2026"))
    done = office.take("participants", table(person(A), person(B, gop_vao=A), person(third, gop_vao=A)))
    assert done.code == 0, done.err
    with reading(engine) as db:
        survivor = db.scalars(select(PersonIdentifier.person_id).where(PersonIdentifier.value == A)).one()
    own = [card for card in cards(engine) if card.person_id == survivor]
    assert [(card.valid_from.month, card.version) for card in own] == [(1, 1), (1, 2), (2, 1)]
    assert len({card.ma_so_bhxh for card in own[:2]}) == 1
