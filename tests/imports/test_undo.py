"""An import can be taken back: afterwards every table is as it was, unless somebody has built on it meanwhile."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, select, text, update

from tests import people
from tests.imports.conftest import PARTICIPANTS, Desk
from vssid import accounts, attesting
from vssid.attesting.actions import check, issue
from vssid.attesting.rules import Verdict
from vssid.directory.models import Agency
from vssid.imports import undoing
from vssid.imports.kinds import KINDS, TABLES
from vssid.imports.models import ImportRun
from vssid.imports.rules import FILE_KEPT
from vssid.kernel import undo
from vssid.kernel.audit import OPERATOR, ActorKind, By
from vssid.kernel.clock import now
from vssid.kernel.db import Base, reading, unit
from vssid.kernel.labels import Refused
from vssid.kernel.rows import table_of
from vssid.kernel.undo import UndoRow
from vssid.records.benefits.models import Benefit
from vssid.records.contributions.models import Contribution
from vssid.records.models import Guardianship, Person

# Of each kind: a first table, and a second one that changes rows of it and brings new ones.
PEOPLE = [
    "8900000601,Nguyễn Văn Mẫu Một,04/09/1985,Nam,089085000601,,,,",
    "8900000602,Trần Thị Mẫu Hai,1990,Nữ,,,,,",
    "8900000603,Lê Bé Mẫu Ba,2019,Nữ,,,8900000601,,",
]
MORE_PEOPLE = [
    "8900000601,Nguyễn Văn Mẫu Mốt,04/09/1985,Nam,089085000699,,,,",
    "8900000603,Lê Bé Mẫu Ba,2019,Nữ,,,8900000602,,",
    "8900000604,Phạm Thị Mẫu Tư,1991,Nữ,,,,,",
    "8900000602,Trần Thị Mẫu Hai,1990,Nữ,,,,,8900000604",
]
TABLES_OF: dict[str, tuple[str, str, str]] = {
    "participants": (PARTICIPANTS, "\n".join(PEOPLE), "\n".join(MORE_PEOPLE)),
    "cards": (
        "ma_so_bhxh,muc_huong,tu_ngay,ma_cskcb",
        "8900000601,4,01/01/2026,89001",
        "8900000601,3,01/01/2026,89001\n8900000602,4,01/01/2026,89001",
    ),
    "contributions": (
        "ma_so_bhxh,quy,tu_thang,den_thang,ten_don_vi,tien_luong,trang_thai",
        "8900000601,BHXH,01/2020,12/2020,Công ty Mẫu,5000000.50,da_dong\n8900000602,BHXH,01/2020,12/2020,Công ty Mẫu,,da_dong",
        "8900000601,BHXH,01/2020,12/2020,Công ty Mẫu,6000000,cham_dong\n8900000601,BHYT,01/2020,12/2020,Công ty Mẫu,,da_dong",
    ),
    "benefits": (
        "ma_so_bhxh,che_do,so_quyet_dinh,tu_ngay,so_tien",
        "8900000601,thai_san,QD1,01/02/2026,1000000",
        "8900000601,thai_san,QD1,01/02/2026,2000000\n8900000602,om_dau,QD2,03/02/2026,300000",
    ),
    "pension-adjustments": (
        "ma_so_bhxh,so_quyet_dinh,hieu_luc_tu,muc_cu,muc_moi",
        "8900000601,QD9,01/07/2026,5000000,5500000",
        "8900000601,QD9,01/07/2026,5000000,5600000\n8900000602,QD9,01/07/2026,4000000,4400000",
    ),
    "agencies": (
        "ma,ten,ma_cha",
        "089,BHXH tỉnh Mẫu,\n08902,BHXH cơ sở Mẫu,089",
        "08902,BHXH cơ sở Mẫu Mới,089\n08903,BHXH cơ sở Mẫu Ba,089",
    ),
    "facilities": ("ma_cskcb,ten", "89001,Bệnh viện Mẫu", "89001,Bệnh viện Mẫu Mới\n89002,Trạm y tế Mẫu"),
    "employers": ("ma_don_vi,ten,cham_dong_thang", "TA01,Công ty Mẫu,", "TA01,Công ty Mẫu Mới,3\nTA02,Trường Mẫu,"),
    "collection-points": ("ma,ten,loai", "DT1,Bưu điện Mẫu,", "DT1,Bưu điện Mẫu Mới,dai_ly\nDT2,Chợ Mẫu,diem_thu"),
    "icd10": ("ma,ten_vi,ten_en", "I10,Tăng huyết áp,", "I10,Tăng huyết áp,Hypertension\nJ18,Viêm phổi,Pneumonia"),
    "parameters": (
        "ma,gia_tri,hieu_luc_tu,hieu_luc_den,can_cu",
        "mau.so,1,01/01/2025,,Văn bản mẫu 1",
        "mau.so,2,01/01/2025,,Văn bản mẫu 2\nmau.khac,3,01/01/2025,,Văn bản mẫu 3",
    ),
}
# Made anew of the tables that were put back: other numbers, another moment; what can be found, test_payers tells.
MADE = {"listings", "listing_words", "listing_states"}
NOTED = {"import_runs", "import_rows", "undo_rows", "undo_changes", "audit_entries", "audit_seals"}


def everything(engine: Engine) -> dict[str, list[Any]]:
    """All rows of all tables but those that tell of the imports themselves."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in Base.metadata.sorted_tables
            if table.name not in NOTED | MADE
        }


def newest(engine: Engine) -> ImportRun:
    with reading(engine) as db:
        return db.scalars(select(ImportRun).order_by(ImportRun.started_at.desc())).first()


def touched(engine: Engine) -> list[str]:
    """The tables in which the newest run has done something that can be taken back."""
    run = newest(engine)
    with reading(engine) as db:
        return undo.touched(db, run.id)


def take_back(engine: Engine, run: ImportRun) -> int:
    return undoing.take_back(engine, run.id, OPERATOR, now())


def taken(desk: Desk, kind: str, part: int) -> None:
    head, *parts = TABLES_OF[kind]
    done = desk.take(kind, f"{head}\n{parts[part]}\n")
    assert done.code == 0, done.err


@pytest.fixture
def register(desk: Desk) -> Iterator[Desk]:
    taken(desk, "participants", 0)
    return desk


def test_each_kind_is_among_the_cases() -> None:
    assert set(TABLES_OF) == set(KINDS)


@pytest.mark.parametrize("kind", list(TABLES_OF))
def test_new_and_changed_rows_are_as_before(register: Desk, engine: Engine, kind: str) -> None:
    if kind == "cards":
        taken(register, "facilities", 0)
    if kind != "participants":
        taken(register, kind, 0)
    before = everything(engine)
    taken(register, kind, 1)
    run = newest(engine)
    assert run.counts["new"] > 0
    assert run.counts["changed"] > 0
    assert everything(engine) != before
    assert take_back(engine, run) > 0
    assert everything(engine) == before
    assert newest(engine).state == "undone"
    with unit(engine) as db:
        kept = len(db.scalars(select(UndoRow.id)).all())
        gone = undoing.forget_old(db, now())
        assert gone > 0
        assert len(db.scalars(select(UndoRow.id)).all()) == kept - gone
        assert undoing.forget_old(db, now()) == 0


def test_contributions_of_merged_persons_go_back_with_the_merger(register: Desk, engine: Engine) -> None:
    taken(register, "contributions", 0)
    before = everything(engine)
    taken(register, "participants", 1)
    assert touched(engine) == ["contributions", "guardianships", "person_identifiers", "persons"]
    take_back(engine, newest(engine))
    assert everything(engine) == before


def test_imports_are_taken_back_in_reverse_order(register: Desk, engine: Engine) -> None:
    before = everything(engine)
    taken(register, "contributions", 0)
    first = newest(engine)
    taken(register, "icd10", 0)
    taken(register, "contributions", 1)
    second = newest(engine)
    with pytest.raises(Refused, match="sửa tiếp"):
        take_back(engine, first)
    take_back(engine, second)
    take_back(engine, first)
    with pytest.raises(Refused):
        take_back(engine, first)
    after = everything(engine)
    assert after.pop("icd10_codes") != before.pop("icd10_codes")
    assert after == before


def test_what_was_changed_since_is_not_overwritten(register: Desk, engine: Engine) -> None:
    taken(register, "agencies", 0)
    taken(register, "agencies", 1)
    with unit(engine) as db:
        db.execute(update(table_of(Agency)).where(Agency.code == "08902").values(phone="02963000000"))
    before = everything(engine)
    with pytest.raises(Refused, match="sửa tiếp"):
        take_back(engine, newest(engine))
    assert everything(engine) == before


def test_a_new_person_who_was_changed_since_stays(register: Desk, engine: Engine) -> None:
    with unit(engine) as db:
        db.execute(update(table_of(Person)).where(Person.sex == "M").values(phone="+84900000601", updated_at=now()))
    with pytest.raises(Refused, match="sửa tiếp"):
        take_back(engine, newest(engine))


def test_a_new_person_with_an_account_stays(app: Flask, register: Desk, engine: Engine) -> None:
    who = people.Specimen("Nguyễn Văn Mẫu Một", "8900000601", "089085000601", "1985-09-04", "M", "0900000601")
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, who)
    before = everything(engine)
    with pytest.raises(Refused, match="dựa vào"):
        take_back(engine, newest(engine))
    assert everything(engine) == before


def test_a_row_that_is_gone_meanwhile_keeps_the_rest(register: Desk, engine: Engine) -> None:
    taken(register, "icd10", 0)
    with unit(engine) as db:
        db.execute(delete(next(table for table in TABLES if table.name == "icd10_codes")))
    with pytest.raises(Refused, match="sửa tiếp"):
        take_back(engine, newest(engine))


def test_an_import_that_changed_nothing_cannot_be_taken_back(register: Desk, engine: Engine) -> None:
    taken(register, "participants", 0)
    assert touched(engine) == []
    with pytest.raises(Refused, match="không có gì"):
        take_back(engine, newest(engine))


def test_after_a_week_the_notes_are_forgotten_and_the_import_stands(register: Desk, engine: Engine) -> None:
    later = now() + FILE_KEPT + timedelta(minutes=1)
    with unit(engine) as db:
        assert undoing.forget_old(db, now()) == 0
    with pytest.raises(Refused, match="7 ngày"):
        undoing.take_back(engine, newest(engine).id, OPERATOR, later)
    with unit(engine) as db:
        assert undoing.forget_old(db, later) > 0
        assert undoing.forget_old(db, later) == 0
    assert touched(engine) == []


def test_the_command_takes_back_the_newest_import_or_the_one_named(register: Desk, engine: Engine, app: Flask) -> None:
    taken(register, "icd10", 0)
    first = newest(engine)
    taken(register, "agencies", 0)
    command = app.test_cli_runner().invoke
    asked = command(args=["imports", "undo"])
    assert asked.exit_code == 1
    assert "agencies" in asked.stderr
    done = command(args=["imports", "undo", "--yes"])
    assert (done.exit_code, done.stdout) == (0, "undone=agencies rows=2\n")
    done = command(args=["imports", "undo", str(first.id), "--yes"])
    assert done.stdout == "undone=icd10 rows=1\n"
    again = command(args=["imports", "undo", str(first.id), "--yes"])
    assert (again.exit_code, "không có gì" in again.stderr) == (1, True)


def test_a_guardian_whose_bond_was_ended_since_does_not_come_back(register: Desk, engine: Engine) -> None:
    with unit(engine) as db:
        db.execute(update(table_of(Guardianship)).values(valid_to=date(2026, 11, 1)))
    before = everything(engine)
    with pytest.raises(Refused, match="sửa tiếp"):
        take_back(engine, newest(engine))
    assert everything(engine) == before


def test_documents_that_were_printed_of_taken_rows_do_not_hold_any_more(
    app: Flask, register: Desk, engine: Engine
) -> None:
    who = people.Specimen("Nguyễn Văn Mẫu Một", "8900000601", "089085000601", "1985-09-04", "M", "0900000601")
    taken(register, "contributions", 0)
    with app.app_context(), unit(engine) as db:
        person = people.open_account(app, db, who)
        account = accounts.by_person(db, person)
        assert account is not None
        statement = attesting.Statement(attesting.Document.PARTICIPATION, person, [], "mẫu")
        keyring, by = app.extensions["keyring"], By(ActorKind.CITIZEN, account.id)
        issued = issue(db, keyring, statement, account=account.id, by=by, specimen=False, at=now())
    take_back(engine, newest(engine))
    with unit(engine) as db:
        assert check(db, issued.code, specimen=False, at=now()).verdict is Verdict.WITHDRAWN


@pytest.mark.only_on("postgresql")
def test_who_reads_the_tables_meanwhile_hinders_no_import(register: Desk, engine: Engine) -> None:
    with engine.connect() as reader:
        for table in TABLES:
            reader.execute(select(table).limit(1))
        taken(register, "icd10", 0)
        taken(register, "contributions", 0)
        with engine.connect() as other:
            other.execute(text("SET lock_timeout = '200ms'"))
            assert other.execute(select(table_of(Person)).limit(1)).first() is not None


def test_only_imports_leave_notes(register: Desk, engine: Engine) -> None:
    with unit(engine) as db:
        kept = db.scalars(select(UndoRow.id)).all()
        db.execute(update(table_of(Person)).values(phone="+84900000601"))
        assert db.scalars(select(UndoRow.id)).all() == kept


def test_imports_whose_batches_lie_between_each_other_are_taken_back_row_by_row(register: Desk, engine: Engine) -> None:
    taken(register, "contributions", 0)
    first = newest(engine)
    taken(register, "benefits", 0)
    taken(register, "contributions", 1)
    second = newest(engine)
    take_back(engine, second)
    take_back(engine, first)
    with reading(engine) as db:
        assert db.scalars(select(Contribution.id)).all() == []
        assert len(db.scalars(select(Benefit.id)).all()) == 1
