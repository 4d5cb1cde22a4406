"""Import kinds `icd10` and `parameters`."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import Engine, select

from tests.imports.conftest import Desk
from tests.reference import MISSING, REFERENCE
from vssid import directory
from vssid.directory.models import Icd10Code, Parameter
from vssid.directory.rules import icd10_key
from vssid.kernel.db import reading

HEAD = "ma,gia_tri,hieu_luc_tu,hieu_luc_den,can_cu\n"
WHOLE_LIST = REFERENCE / "icd10" / "icd10_merged.csv"


def codes(engine: Engine) -> dict[str, Icd10Code]:
    with reading(engine) as db:
        return {row.code: row for row in db.scalars(select(Icd10Code))}


def values(engine: Engine, code: str) -> list[tuple[date, date | None, str]]:
    with reading(engine) as db:
        rows = db.scalars(select(Parameter).where(Parameter.code == code).order_by(Parameter.valid_from))
        return [(row.valid_from, row.valid_to, row.value) for row in rows]


@pytest.mark.parametrize(
    ("printed", "key"),
    [("A00", "A00"), ("A17.0†", "A170"), ("g01*", "G01"), ("B18.10", "B1810"), (" E10.2 † ", "E102")],
)
def test_codes_are_matched_without_dots_and_signs(printed: str, key: str) -> None:
    assert icd10_key(printed) == key


def test_diseases_are_taken_over_and_found_however_they_are_written(desk: Desk, engine: Engine) -> None:
    rows = "ma,ten_vi,ten_en\nA17.0†,Lao màng não,Tuberculous meningitis\nG01*,Viêm màng não,\nJ45,Hen,Asthma\n"
    assert desk.take("icd10", rows).counts["new"] == 3
    assert desk.take("icd10", rows).counts["same"] == 3
    found = codes(engine)
    assert (found["A170"].printed, found["A170"].name_en, found["G01"].name_en) == (
        "A17.0†",
        "Tuberculous meningitis",
        "",
    )
    assert desk.take("icd10", "ma,ten_vi\nA170,Lao màng não (G01*)\n").counts["changed"] == 1
    assert codes(engine)["A170"].name_en == "Tuberculous meningitis"
    with reading(engine) as db:
        names = directory.icd10_names(db, ["A17.0", "a17.0†", "Z99.9"])
    assert {code: row.name for code, row in names.items()} == {
        "A17.0": "Lao màng não (G01*)", "a17.0†": "Lao màng não (G01*)",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column"), [("17,Lao", "ma"), ("A1,Lao", "ma"), ("A17.0#,Lao", "ma"), ("A17,", "ten_vi"), (",Lao", "ma")]
)
def test_a_bad_disease_is_refused(desk: Desk, row: str, column: str) -> None:
    assert desk.take("icd10", f"ma,ten_vi\n{row}\n").code == 1
    assert [problem["cot"] for problem in desk.errors()] == [column]


def test_one_disease_twice_is_refused(desk: Desk) -> None:
    assert desk.take("icd10", "ma,ten_vi\nA17.0†,Lao\nA170,Lao\n").code == 1
    assert "dòng 2" in desk.errors()[0]["loi"]


@pytest.mark.skipif(not WHOLE_LIST.exists(), reason=MISSING)
def test_the_whole_list_can_be_taken_over(desk: Desk, engine: Engine) -> None:
    out = io.StringIO()
    with WHOLE_LIST.open(encoding="utf-8") as lines:
        rows = [(row["ma"], row["ten_vi"], row["ten_en_4469"]) for row in csv.DictReader(lines)]
    csv.writer(out).writerows([("ma", "ten_vi", "ten_en"), *rows])
    done = desk.take("icd10", out.getvalue())
    assert done.code == 0, done.err
    assert len(codes(engine)) == len(rows)


def test_a_new_value_ends_the_one_before_in_the_same_file(desk: Desk, engine: Engine) -> None:
    rows = (
        "luong_co_so,2530000,01/07/2026,31/12/2026,Nghị định số 161/2026/NĐ-CP\n"
        "luong_co_so,2600000,01/01/2027,,Nghị định Mẫu\n"
    )
    done = desk.take("parameters", HEAD + rows)
    assert done.code == 0, done.err
    assert done.counts == {"read": 2, "new": 1, "changed": 1, "same": 0, "refused": 0}
    assert desk.take("parameters", HEAD + rows).counts["same"] == 2
    with reading(engine) as db:
        assert directory.parameter(db, "luong_co_so", date(2026, 12, 31)).value == "2530000"
        assert directory.parameter(db, "luong_co_so", date(2027, 1, 1)).value == "2600000"


def test_a_file_without_ends_leaves_them(desk: Desk, engine: Engine) -> None:
    before = values(engine, "luong_co_so")
    rows = "ma,gia_tri,hieu_luc_tu,can_cu\nluong_co_so,2340001,01/07/2024,Nghị định Mẫu\n"
    assert desk.take("parameters", rows).counts["changed"] == 1
    after = values(engine, "luong_co_so")
    assert [row[:2] for row in after] == [row[:2] for row in before]
    assert "2340001" in [row[2] for row in after]


@pytest.mark.parametrize(
    ("rows", "line", "column", "words"),
    [
        ("luong_co_so,2600000,01/01/2027,,Mẫu\n", "2", "hieu_luc_tu", "01/07/2026"),
        ("luong_co_so,2340000,01/07/2024,01/08/2026,Mẫu\n", "2", "hieu_luc_den", "01/07/2026"),
        ("thu.mau,1,01/01/2026,,Mẫu\nthu.mau,2,01/02/2026,,Mẫu\n", "3", "hieu_luc_tu", "dòng 2"),
        ("thu.mau,1,01/01/2026,01/02/2026,Mẫu\nthu.mau,2,01/02/2026,,Mẫu\n", "3", "hieu_luc_tu", "dòng 2"),
        ("Thử,1,01/01/2026,,Mẫu\n", "2", "ma", "luong_co_so"),
        ("thu.mau,1,01/02/2026,01/01/2026,Mẫu\n", "2", "hieu_luc_den", "trước ngày đầu"),
        ("thu.mau,,01/02/2026,,Mẫu\n", "2", "gia_tri", "bắt buộc"),
        ("thu.mau,1,01/02/2026,,\n", "2", "can_cu", "bắt buộc"),
        ("luong_co_so,2.530.000,01/07/2026,,Mẫu\n", "2", "gia_tri", "viết liền"),
        ("luong_co_so,2530000 đồng,01/07/2026,,Mẫu\n", "2", "gia_tri", "viết liền"),
        ("luong_co_so,2.53,01/07/2026,,Mẫu\n", "2", "gia_tri", "từ 100000"),
        ("thu.mau,-1,01/02/2026,,Mẫu\n", "2", "gia_tri", "viết liền"),
        ('thu.mau,"4,5",01/02/2026,,Mẫu\n', "2", "gia_tri", "viết liền"),
    ],
)
def test_a_bad_value_is_refused(desk: Desk, engine: Engine, rows: str, line: str, column: str, words: str) -> None:
    before = values(engine, "luong_co_so")
    assert desk.take("parameters", HEAD + rows).code == 1
    (problem,) = desk.errors()
    assert (problem["dong"], problem["cot"]) == (line, column)
    assert words in problem["loi"]
    assert values(engine, "luong_co_so") == before
    assert values(engine, "thu.mau") == []
