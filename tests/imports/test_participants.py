"""Import kind `participants`: people, their papers, guardians, deaths and mergers."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.imports.conftest import Desk
from vssid.card.models import Card
from vssid.kernel.db import reading, unit
from vssid.records.models import Guardianship, Person, PersonIdentifier

A, B, C = "8900000101", "8900000102", "8900000103"


def people(engine: Engine) -> dict[str, Person]:
    query = select(PersonIdentifier.value, Person).join(Person, Person.id == PersonIdentifier.person_id)
    with reading(engine) as db:
        return dict(db.execute(query.where(PersonIdentifier.kind == "ma_so_bhxh")).all())


def numbers(engine: Engine, kind: str) -> dict[str, PersonIdentifier]:
    with reading(engine) as db:
        return {row.value: row for row in db.scalars(select(PersonIdentifier).where(PersonIdentifier.kind == kind))}


def guardianships(engine: Engine) -> list[Guardianship]:
    with reading(engine) as db:
        return list(db.scalars(select(Guardianship).order_by(Guardianship.valid_from, Guardianship.valid_to)))


def test_a_person_is_taken_over_whole(desk: Desk, engine: Engine) -> None:
    done = desk.take(
        "participants",
        "ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh,so_giay_to,dien_thoai,email,dia_chi,ma_tinh,ma_xa,ma_ho,quan_he_chu_ho,quoc_tich\n"
        f"{A},  Nguyễn   Văn Mẫu ,4/9/1985,Nam,089085000101,0912 345 678,mau@example.vn,Số 1 đường Mẫu,,30301,H1,Chủ hộ,000\n",
    )
    assert done.code == 0, done.err
    one = people(engine)[A]
    assert (one.full_name, one.name_folded, one.birth_date, one.sex) == (
        "Nguyễn Văn Mẫu", "nguyen van mau", "1985-09-04", "M",
    )  # fmt: skip
    assert (one.phone, one.email, one.nationality) == ("+84912345678", "mau@example.vn", "VN")
    assert (one.unit_system, one.province_code, one.ward_code) == ("2025", "91", "30301")
    assert (one.household_code, one.household_relation) == ("H1", "Chủ hộ")
    assert numbers(engine, "cccd")["089085000101"].person_id == one.id


@pytest.mark.parametrize(("written", "kept"), [("1985", "1985"), ("9/1985", "1985-09"), ("04/09/1985", "1985-09-04")])
def test_a_partial_birth_date_stays_partial(
    desk: Desk, engine: Engine, table: Any, person: Any, written: str, kept: str
) -> None:
    assert desk.take("participants", table(person(A, ngay_sinh=written))).code == 0
    assert people(engine)[A].birth_date == kept


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("ma_so_bhxh", "890000010", "đúng 10 chữ số"),
        ("ma_so_bhxh", "٠٩٠٠٠٠٠١٠١", "đúng 10 chữ số"),
        ("ma_so_bhxh", "", "bắt buộc"),
        ("ho_ten", "", "bắt buộc"),
        ("ho_ten", "Nguyen 7", "chỉ gồm chữ cái"),
        ("ho_ten", "Nguуen Van", "chỉ gồm chữ cái"),
        ("ho_ten", "=1+1", "chỉ gồm chữ cái"),
        ("ho_ten", "A" * 101, "từ 2 đến 100"),
        ("ho_ten", "An\x00Binh", "ký tự không dùng được"),
        ("ho_ten", "An\u202eBinh", "ký tự không dùng được"),
        ("ngay_sinh", "31/02/1985", "Không có ngày này"),
        ("ngay_sinh", "1985/09/04", "phải viết là"),
        ("ngay_sinh", "01/01/2999", "chưa đến"),
        ("gioi_tinh", "Khác", "Nam, Nữ"),
        ("so_giay_to", "12345", "Không phải số CCCD"),
        ("so_giay_to", "089185000101", "giới tính Nữ"),
        ("so_giay_to", "089086000101", "năm sinh 1986"),
        ("dien_thoai", "0123", "di động"),
        ("dien_thoai", "02963852123", "di động"),
        ("ma_so_bhxh_giam_ho", "123", "đúng 10 chữ số"),
        ("ma_so_bhxh_giam_ho", A, "chính mã số"),
        ("ma_so_bhxh_giam_ho", B, "Không thấy mã số này"),
        ("gop_vao", A, "chính mã số"),
        ("gop_vao", B, "Không thấy mã số này"),
        ("ngay_chet", "01/01/2999", "chưa đến"),
        ("ngay_chet", "01/01/1980", "trước ngày sinh"),
    ],
)
def test_a_bad_cell_is_refused_with_line_column_and_words(
    desk: Desk, engine: Engine, table: Any, person: Any, column: str, value: str, words: str
) -> None:
    done = desk.take("participants", table(person(C), person(**{"code": A, column: value} | _fix(column, value))))
    assert done.code == 1
    assert done.counts["refused"] == 1
    assert ("3", column) in {(row["dong"], row["cot"]) for row in desk.errors()}
    assert any(words in row["loi"] for row in desk.errors())
    assert f"dòng 3, cột {column}" in done.err
    assert people(engine) == {}


def _fix(column: str, value: str) -> dict[str, str]:
    return {"code": value} if column == "ma_so_bhxh" else {"name": value} if column == "ho_ten" else {}


@pytest.mark.parametrize(
    ("columns", "cells", "column"),
    [
        ("ma_tinh,ma_xa", "89,", "ma_tinh"),
        ("ma_tinh,ma_xa", "91,99999", "ma_xa"),
        ("ma_tinh,ma_xa", "01,30301", "ma_xa"),
        ("ma_tinh,ma_xa", "9,", "ma_tinh"),
        ("email,dia_chi", "not-mail,", "email"),
        ("email,dia_chi", "a@b.vn\r\nBcc: x@y.vn,", "email"),
        ("email,dia_chi", "a@" + "b" * 300 + ".vn,", "email"),
        ("email,dia_chi", "," + "x" * 301, "dia_chi"),
        ("quoc_tich,ma_ho", "Việt,", "quoc_tich"),
        ("quoc_tich,ma_ho", "VN," + "1" * 21, "ma_ho"),
    ],
)
def test_other_cells_are_checked_too(desk: Desk, columns: str, cells: str, column: str) -> None:
    head = f"ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh,{columns}"
    first, second = cells.split(",")
    done = desk.take("participants", f'{head}\n{A},An Mẫu,1985,Nam,"{first}","{second}"\n')
    assert done.code == 1
    assert [row["cot"] for row in desk.errors()] == [column]


def test_a_file_of_old_times_may_use_old_codes(desk: Desk, engine: Engine) -> None:
    head = "ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh,ma_tinh,ma_xa\n"
    assert desk.take("participants", f"{head}{A},An Mẫu,1985,Nam,89,30316\n").code == 1
    assert desk.take("participants", f"{head}{A},An Mẫu,1985,Nam,89,30316\n", "--as-of", "2025-06-30").code == 0
    one = people(engine)[A]
    assert (one.unit_system, one.province_code, one.ward_code) == ("2004", "89", "30316")


def test_importing_again_changes_nothing(desk: Desk, engine: Engine, table: Any, person: Any) -> None:
    content = table(
        person(A, so_giay_to="089085000101"),
        person(B, ma_so_bhxh_giam_ho=A),
        person(C, gop_vao=A, ngay_chet="01/01/2020"),
    )
    assert desk.take("participants", content).counts == {"read": 3, "new": 3, "changed": 0, "same": 0, "refused": 0}
    before = people(engine)[A].updated_at
    assert desk.take("participants", content).counts == {"read": 3, "new": 0, "changed": 0, "same": 3, "refused": 0}
    assert people(engine)[A].updated_at == before
    assert len(guardianships(engine)) == 1


def test_only_what_changed_is_changed(desk: Desk, engine: Engine, table: Any, person: Any) -> None:
    desk.take("participants", table(person(A), person(B)))
    old = people(engine)
    done = desk.take("participants", table(person(A), person(B, "Trần Thị Mới"), person(C)))
    assert done.counts == {"read": 3, "new": 1, "changed": 1, "same": 1, "refused": 0}
    new = people(engine)
    assert new[B].id == old[B].id
    assert (new[B].full_name, new[B].name_folded) == ("Trần Thị Mới", "tran thi moi")
    assert new[A].updated_at == old[A].updated_at < new[B].updated_at


def test_an_absent_column_changes_nothing_and_an_empty_cell_empties(
    desk: Desk, engine: Engine, table: Any, person: Any
) -> None:
    desk.take("participants", table(person(A, dien_thoai="0912345678", ngay_chet="01/01/2020")))
    done = desk.take("participants", f"ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh\n{A},Nguyễn Văn Mẫu,04/09/1985,Nam\n")
    assert done.counts["same"] == 1
    assert people(engine)[A].phone == "+84912345678"
    assert people(engine)[A].died_on == date(2020, 1, 1)
    assert desk.take("participants", table(person(A))).counts["changed"] == 1
    assert (people(engine)[A].phone, people(engine)[A].died_on) == ("", None)


def test_a_paper_of_two_people_names_both_lines(desk: Desk, table: Any, person: Any) -> None:
    content = table(person(A, so_giay_to="089085000101"), person(B), person(C, so_giay_to="089085000101"))
    assert desk.take("participants", content).code == 1
    found = {row["dong"]: row["loi"] for row in desk.errors()}
    assert set(found) == {"2", "4"}
    assert "dòng 4" in found["2"]
    assert "dòng 2" in found["4"]


def test_a_paper_of_somebody_else_in_the_register_is_refused(desk: Desk, table: Any, person: Any) -> None:
    desk.take("participants", table(person(A, so_giay_to="089085000101")))
    assert desk.take("participants", table(person(B, so_giay_to="089085000101"))).code == 1
    assert A in desk.errors()[0]["loi"]


def test_a_new_paper_ends_the_one_before(desk: Desk, engine: Engine, table: Any, person: Any) -> None:
    desk.take("participants", table(person(A, so_giay_to="089085000101")), "--as-of", "2026-01-01")
    done = desk.take("participants", table(person(A, so_giay_to="089085000199")), "--as-of", "2026-02-01")
    assert done.counts["changed"] == 1
    found = numbers(engine, "cccd")
    assert found["089085000101"].valid_to == date(2026, 2, 1)
    assert (found["089085000199"].valid_from, found["089085000199"].valid_to) == (date(2026, 2, 1), None)
    desk.take("participants", table(person(A, so_giay_to="089085000101")), "--as-of", "2026-03-01")
    found = numbers(engine, "cccd")
    assert found["089085000101"].valid_to is None
    assert found["089085000199"].valid_to == date(2026, 3, 1)


def test_a_child_is_bound_to_its_guardian_from_that_day(desk: Desk, engine: Engine, table: Any, person: Any) -> None:
    content = table(person(B, ngay_sinh="2020", ma_so_bhxh_giam_ho=A), person(A))
    assert desk.take("participants", content, "--as-of", "2026-01-15").code == 0
    one = guardianships(engine)[0]
    assert (one.child_id, one.guardian_id) == (people(engine)[B].id, people(engine)[A].id)
    assert (one.valid_from, one.valid_to, one.source) == (date(2026, 1, 15), None, "import")
    # The same guardian at a later day is the same; another one replaces whom an import had named.
    assert desk.take("participants", content, "--as-of", "2026-02-15").counts["same"] == 2
    other = table(person(B, ngay_sinh="2020", ma_so_bhxh_giam_ho=C), person(A), person(C))
    assert desk.take("participants", other, "--as-of", "2026-03-15").code == 0
    old, new = guardianships(engine)
    assert (old.valid_to, new.guardian_id, new.valid_to) == (date(2026, 3, 14), people(engine)[C].id, None)


def test_a_guardianship_that_a_decision_made_stays(desk: Desk, engine: Engine, table: Any, person: Any) -> None:
    desk.take("participants", table(person(A), person(B), person(C)))
    known = people(engine)
    with unit(engine) as db:
        row = {"child_id": known[B].id, "guardian_id": known[A].id, "valid_from": date(2025, 1, 1)}
        db.add(Guardianship(id=known[A].id, valid_to=None, source="registration", **row))
    desk.take("participants", table(person(B, ma_so_bhxh_giam_ho=C)))
    assert [one.valid_to for one in guardianships(engine)] == [None, None]


def test_a_second_number_answers_for_the_person(desk: Desk, engine: Engine, table: Any, person: Any) -> None:
    assert desk.take("participants", table(person(A), person(B, "Tên Khác", gop_vao=A))).code == 0
    found = people(engine)
    assert found[A].id == found[B].id
    assert found[A].full_name == "Nguyễn Văn Mẫu"


def test_merging_moves_numbers_guardianships_and_cards(desk: Desk, engine: Engine, table: Any, person: Any) -> None:
    desk.take("facilities", "ma_cskcb,ten\n89001,Bệnh viện Mẫu\n")
    desk.take("participants", table(person(A), person(B, so_giay_to="089085000102"), person(C, ma_so_bhxh_giam_ho=B)))
    head = "ma_so_bhxh,muc_huong,tu_ngay,ma_cskcb\n"
    desk.take("cards", f"{head}{A},4,01/01/2026,89001\n{B},3,01/01/2026,89001\n{B},3,01/01/2025,89001\n")
    merged = people(engine)[B].id
    content = table(person(A), person(B, gop_vao=A))
    assert desk.take("participants", content, "--as-of", "2026-05-01").counts["changed"] == 1
    survivor = people(engine)[A]
    assert people(engine)[B].id == survivor.id
    assert numbers(engine, "ma_so_bhxh")[B].valid_to == date(2026, 5, 1)
    assert numbers(engine, "cccd")["089085000102"].person_id == survivor.id
    assert guardianships(engine)[0].guardian_id == survivor.id
    with reading(engine) as db:
        assert db.get_one(Person, merged).merged_into_id == survivor.id
        cards = db.scalars(select(Card).where(Card.person_id == survivor.id).order_by(Card.valid_from)).all()
    # Of two cards from one day that of the remaining number counts; nothing is overwritten.
    assert [(card.valid_from, card.level) for card in cards] == [(date(2025, 1, 1), 3), (date(2026, 1, 1), 4)]
    assert desk.take("participants", content, "--as-of", "2026-05-02").counts["same"] == 2


def test_a_file_that_does_not_know_of_the_merger_undoes_nothing(
    desk: Desk, engine: Engine, table: Any, person: Any
) -> None:
    desk.take("participants", table(person(A), person(B, gop_vao=A)))
    done = desk.take("participants", table(person(A), person(B, "Tên Cũ")))
    assert done.counts["same"] == 2
    assert people(engine)[A].full_name == "Nguyễn Văn Mẫu"


def test_a_merger_into_a_merged_number_is_refused(desk: Desk, table: Any, person: Any) -> None:
    content = table(person(A, gop_vao=B), person(B, gop_vao=C), person(C))
    assert desk.take("participants", content).code == 1
    assert "dòng 3" in desk.errors()[0]["loi"]


def test_two_people_may_not_be_merged_into_each_other(desk: Desk, table: Any, person: Any) -> None:
    desk.take("participants", table(person(A), person(B)))
    assert desk.take("participants", table(person(A, gop_vao=B), person(B, gop_vao=A))).code == 1
    assert len(desk.errors()) == 2


def test_usual_and_unusual_spellings_of_a_phone_give_the_same(desk: Desk, engine: Engine) -> None:
    from vssid.kernel.text import mobile_number
    from vssid.records.importer import _phone

    for prefix in range(100):
        for rest in ("1234567", "0000000", "9999999"):
            assert _phone(f"0{prefix:02}{rest}") == mobile_number(f"0{prefix:02}{rest}")
