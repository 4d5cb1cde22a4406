"""What files are read, what a run says and leaves behind."""

import io
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, func, select

from tests.imports.conftest import Desk
from vssid.imports import ways
from vssid.imports.models import ImportRun, StagedRow
from vssid.imports.rules import BATCH
from vssid.kernel.audit import AuditEntry
from vssid.kernel.db import reading
from vssid.records.models import Person

A, B, C = "8900000101", "8900000102", "8900000103"
HEAD = "ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh"
ROW = f"{A},Nguyễn Văn Mẫu,1985,Nam"


def count(engine: Engine, model: Any = Person) -> int:
    with reading(engine) as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize(
    "content",
    [
        f"{HEAD}\n{ROW}\n",
        f"\ufeff{HEAD}\r\n{ROW}\r\n",
        f"{HEAD}\n{ROW}".replace(",", ";"),
        f"\ufeff{HEAD};\n{ROW};\n".replace(",", ";"),
        f"\n\n{HEAD}\n\n,,,\n{ROW}\n\n",
        f' ma_so_bhxh ,"ho_ten",ngay_sinh,gioi_tinh\n{ROW}\n',
        f"{HEAD}\r{ROW}\r",
    ],
    ids=["plain", "bom", "semicolon", "bom-semicolon", "empty-rows", "blanks-in-header", "old-mac"],
)
def test_a_csv_is_read_in_its_usual_shapes(desk: Desk, engine: Engine, content: str) -> None:
    done = desk.take("participants", content)
    assert done.code == 0, done.err
    assert done.out.strip() == "read=1 new=1 changed=0 same=0 refused=0"
    with reading(engine) as db:
        assert db.scalars(select(Person.full_name)).one() == "Nguyễn Văn Mẫu"


def test_names_are_kept_in_nfc(desk: Desk, engine: Engine) -> None:
    import unicodedata

    desk.take("participants", unicodedata.normalize("NFD", f"{HEAD}\n{A},Nguyễn Thị Mẫu,1985,Nữ\n"))
    with reading(engine) as db:
        assert db.scalars(select(Person.full_name)).one() == "Nguyễn Thị Mẫu"


def workbook(*rows: list[Any]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_like_a_csv(desk: Desk, engine: Engine) -> None:
    content = workbook(
        HEAD.split(","),
        [A, "Nguyễn Văn Mẫu", date(1985, 9, 4), "Nam"],
        [],
        [8900000102, "Trần Thị Mẫu", 1990, "Nữ"],
        [100000103, "Mất Số Không", "1985", "Nam"],
    )
    done = desk.take("participants", content, name="table.xlsx")
    assert (done.code, done.counts["new"], done.counts["refused"]) == (1, 2, 1)
    (problem,) = desk.errors("table.xlsx")
    assert (problem["dong"], problem["cot"], problem["gia_tri"]) == ("5", "ma_so_bhxh", "100000103")


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "")
        with parts.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(420):
                part.write(bytes(1024**2))
    return out.getvalue()


def wide_workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"], book.active["XFD1048576"] = "ma_so_bhxh", "x"
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "rỗng"),
        (f"{HEAD}\n".encode(), "không có dòng dữ liệu"),
        (f"{HEAD}\n{ROW}\n".encode("utf-16"), "UTF-16"),
        (f"{HEAD}\n{ROW}\n".encode("utf-16-le"), "UTF-16"),
        (b"\xd0\xcf\x11\xe0 old workbook", "Excel"),
        (b"PK\x03\x04 not a workbook", "Excel"),
        (f"{HEAD},ho_ten\n{ROW},x\n".encode(), "lặp lại: ho_ten"),
        (f"ma_so_bhxh,Họ tên\n{ROW}\n".encode(), "Thiếu cột bắt buộc: ho_ten, ngay_sinh, gioi_tinh"),
        (f"{HEAD.upper()}\n{ROW}\n".encode(), "Thiếu cột"),
        (f"{HEAD}\n{ROW}".replace(",", "\t").encode(), "Thiếu cột"),
        (b"x" * 2_000_000, "dài quá"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_words(
    desk: Desk, engine: Engine, content: bytes, words: str
) -> None:
    done = desk.take("participants", content)
    assert done.code == 1
    assert words in done.err
    assert count(engine) == 0


@pytest.mark.parametrize("make", [bomb, wide_workbook])
def test_a_workbook_that_swells_is_refused(desk: Desk, make: Callable[[], bytes]) -> None:
    done = desk.take("participants", make(), name="table.xlsx")
    assert done.code == 1
    assert "quá lớn" in done.err


def packed_workbook(how: int, offset: int = 0, value: int = 0) -> bytes:
    """A workbook packed in some way, with one byte of each entry of its directory changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([A]))) as parts, zipfile.ZipFile(out, "w", how) as again:
        for name in parts.namelist():
            again.writestr(name, parts.read(name))
    content, at = bytearray(out.getvalue()), -1
    while offset and (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        content[at + offset] = value
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        packed_workbook(zipfile.ZIP_BZIP2),
        packed_workbook(zipfile.ZIP_LZMA),
        packed_workbook(zipfile.ZIP_STORED, 8, 1),
        packed_workbook(zipfile.ZIP_STORED, 6, 99),
    ],
    ids=["bzip2", "lzma", "encrypted", "version"],
)
def test_a_workbook_packed_in_other_ways_or_encrypted_is_refused_unread(desk: Desk, content: bytes) -> None:
    done = desk.take("participants", content, name="table.xlsx")
    assert done.code == 1
    assert "Không đọc được tệp Excel" in done.err


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (ROW + ",thừa", "", "nhiều ô hơn"),
        (f'{A},"Nguyễn" Văn,1985,Nam', "", "nháy kép"),
        (f"{A},{'x' * 200_000},1985,Nam", "", "quá dài"),
        (f"{A},An\x00Mẫu,1985,Nam", "ho_ten", "ký tự không dùng được"),
        (f"{A},An\x1b[31m,1985,Nam", "ho_ten", "ký tự không dùng được"),
        (f"{A}", "ho_ten", "bắt buộc"),
    ],
)
def test_a_broken_row_is_refused_and_the_next_is_read(desk: Desk, row: str, column: str, words: str) -> None:
    done = desk.take("participants", f"{HEAD}\n{row}\n{B},Trần Thị Mẫu,1990,Nữ\n")
    assert done.code == 1
    assert (done.counts["read"], done.counts["new"]) == (2, 1)
    assert ("2", column) in {(problem["dong"], problem["cot"]) for problem in desk.errors()}
    assert any(words in problem["loi"] for problem in desk.errors())


def test_a_cell_that_is_not_utf8_is_named(desk: Desk) -> None:
    content = f"{HEAD}\n{ROW}\n{B},".encode() + "Trần Thị Mẫu".encode("cp1258", "replace") + b"\xff,1990,Nam\n"
    assert desk.take("participants", content).code == 1
    (problem,) = desk.errors()
    assert (problem["dong"], problem["cot"]) == ("3", "ho_ten")


def test_a_huge_cell_is_refused_quickly_and_with_words(desk: Desk) -> None:
    done = desk.take("participants", f"{HEAD}\n{A},{'x' * 10_000_000},1985,Nam\n")
    assert done.code == 1
    assert "Dòng 2 dài quá" in done.err


def test_a_quote_that_never_closes_is_named(desk: Desk) -> None:
    done = desk.take("participants", f'{HEAD}\n{A},"Nguyễn,1985,Nam\n{B},Trần Thị Mẫu,1990,Nữ\n')
    assert done.code == 1
    assert desk.errors()[0]["dong"] == "2"


def test_lines_are_those_of_the_file_also_after_a_cell_of_two_lines(desk: Desk) -> None:
    content = f'{HEAD},dia_chi\n{ROW},"Số 1\nđường Mẫu"\n{B},Trần 7,1990,Nữ,\n'
    assert desk.take("participants", content).code == 1
    assert desk.errors()[0]["dong"] == "4"


def test_columns_nobody_knows_are_ignored_with_a_note(desk: Desk) -> None:
    done = desk.take("participants", f"{HEAD},ghi_chu\n{ROW},gì đó\n")
    assert done.code == 0
    assert "ghi_chu" in done.err


def test_a_repeated_key_names_both_lines(desk: Desk, engine: Engine) -> None:
    done = desk.take("participants", f"{HEAD}\n{ROW}\n{B},Trần Thị Mẫu,1990,Nữ\n{ROW}\n")
    assert (done.code, done.counts["refused"], done.counts["new"]) == (1, 1, 2)
    (problem,) = desk.errors()
    assert problem["dong"] == "4"
    assert "dòng 2" in problem["loi"]
    assert count(engine) == 0


def test_one_refused_row_and_nothing_is_taken_over(desk: Desk, engine: Engine) -> None:
    done = desk.take("participants", f"{HEAD}\n{ROW}\n{B},Trần Thị Mẫu,sai,Nữ\n")
    assert done.code == 1
    assert done.counts == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}
    assert count(engine) == 0


def test_a_dry_run_shows_the_difference_and_takes_nothing_over(desk: Desk, engine: Engine) -> None:
    path = desk.write("table.csv", f"{HEAD}\n{ROW}\n")
    done = desk.run("participants", path, "--dry-run")
    assert (done.code, done.counts["new"]) == (0, 1)
    assert count(engine) == 0


def test_without_yes_and_without_a_terminal_nothing_is_taken_over(desk: Desk, engine: Engine) -> None:
    path = desk.write("table.csv", f"{HEAD}\n{ROW}\n")
    done = desk.run("participants", path, yes=False)
    assert (done.code, done.counts["new"]) == (1, 1)
    assert "--yes" in done.err
    assert count(engine) == 0


def test_a_person_at_a_terminal_may_agree(desk: Desk, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    import click

    monkeypatch.setattr("vssid.imports.cli._agreed", lambda _way, _found: click.confirm("?", default=False))
    path = desk.write("table.csv", f"{HEAD}\n{ROW}\n")
    runner = desk.app.test_cli_runner()
    assert runner.invoke(args=["imports", "run", "participants", str(path)], input="n\n").exit_code == 1
    assert runner.invoke(args=["imports", "run", "participants", str(path)], input="y\n").exit_code == 0
    assert count(engine) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["imports", "run"],
        ["imports", "run", "strange", __file__],
        ["imports", "run", "participants", "/no/such/file.csv"],
        ["imports", "run", "participants", __file__, "--as-of", "30/06/2025"],
    ],
)
def test_bad_usage_is_exit_2(desk: Desk, arguments: list[str]) -> None:
    assert desk.app.test_cli_runner().invoke(args=arguments).exit_code == 2


def test_no_staged_row_is_left_behind(desk: Desk, engine: Engine) -> None:
    desk.take("participants", f"{HEAD}\n{ROW}\n")
    desk.take("participants", f"{HEAD}\n{B},Sai 7,1985,Nam\n{C},Đúng Mẫu,1985,Nam\n")
    desk.run("participants", desk.folder / "table.csv", "--dry-run")
    assert count(engine, StagedRow) == 0
    with reading(engine) as db:
        assert list(db.scalars(select(ImportRun.state).order_by(ImportRun.started_at))) == [
            "done",
            "refused",
            "refused",
        ]


def test_each_run_leaves_one_audit_row_with_counts_only(desk: Desk, engine: Engine) -> None:
    desk.take("participants", f"{HEAD}\n{ROW}\n")
    desk.take("participants", f"{HEAD}\n{B},Sai 7,1985,Nam\n")
    desk.run("participants", desk.write("good.csv", f"{HEAD}\n{B},Đúng Mẫu,1985,Nam\n"), "--dry-run")
    desk.take("participants", "")
    with reading(engine) as db:
        rows = db.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [row.tag for row in rows] == ["import.applied", "import.refused", "import.tried", "import.refused"]
    assert rows[0].detail == {"kind": "participants", "read": 1, "new": 1, "changed": 0, "same": 0, "refused": 0}
    assert {row.actor_kind for row in rows} == {"operator"}


def test_the_file_of_errors_is_private_and_safe_in_a_spreadsheet(desk: Desk) -> None:
    head = "ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh,dia_chi,dien_thoai"
    desk.take("participants", f"{head}\n{A},=cmd|' /C calc'!A0,1985,Nam,@x,-1\n")
    path = desk.folder / "table.csv.errors.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = desk.errors()[0]
    assert first["gia_tri"] == first["ho_ten"] == "'=cmd|' /C calc'!A0"
    assert (first["dia_chi"], first["dien_thoai"]) == ("'@x", "'-1")
    assert list(first)[:4] == ["dong", "cot", "gia_tri", "loi"]


def test_a_formula_where_text_may_stand_is_plain_text(desk: Desk, engine: Engine) -> None:
    assert desk.take("participants", f"{HEAD},dia_chi\n{ROW},=1+1\n").code == 0
    with reading(engine) as db:
        assert db.scalars(select(Person.address)).one() == "=1+1"


def test_a_later_good_run_removes_the_old_file_of_errors(desk: Desk) -> None:
    desk.take("participants", f"{HEAD}\n{A},Sai 7,1985,Nam\n")
    assert (desk.folder / "table.csv.errors.csv").exists()
    desk.take("participants", f"{HEAD}\n{ROW}\n")
    assert not (desk.folder / "table.csv.errors.csv").exists()


def test_every_problem_is_written_and_the_first_twenty_are_shown(desk: Desk) -> None:
    rows = "\n".join(f"{at},Sai {at},khi nào,Khác" for at in range(30))
    done = desk.take("participants", f"{HEAD}\n{rows}\n")
    assert len(desk.errors()) == 120
    assert len([line for line in done.err.splitlines() if line.startswith("dòng ")]) == 20
    assert "120 lỗi" in done.err


def test_more_rows_than_a_batch_are_taken_over(desk: Desk, engine: Engine) -> None:
    rows = "\n".join(f"{8900000000 + at},Người Mẫu,1985,Nam" for at in range(2 * BATCH + 1))
    done = desk.take("participants", f"{HEAD}\n{rows}\n")
    assert done.counts["new"] == count(engine) == 2 * BATCH + 1


def test_a_file_with_too_many_rows_is_refused(desk: Desk, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vssid.imports.actions.MOST_ROWS", 2)
    done = desk.take("participants", f"{HEAD}\n" + f"{ROW}\n" * 3)
    assert done.code == 1
    assert "quá 2 dòng" in done.err
    assert count(engine, StagedRow) == 0


def test_a_run_that_breaks_off_leaves_nothing_but_its_own_mark(
    desk: Desk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ways, "_TABLES", replace(ways.way_of("participants"), examine=broken))
    with pytest.raises((KeyboardInterrupt, AssertionError, SystemExit)):
        assert desk.take("participants", f"{HEAD}\n{ROW}\n").code == 0
    assert count(engine) == count(engine, StagedRow) == 0
    with reading(engine) as db:
        assert db.scalars(select(ImportRun.state)).one() == "abandoned"


def test_two_runs_of_one_file_at_once_take_it_over_once(desk: Desk, engine: Engine) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from vssid.imports import actions
    from vssid.imports.kinds import KINDS
    from vssid.imports.problems import ErrorsFile
    from vssid.kernel.audit import OPERATOR
    from vssid.kernel.clock import now, today

    def prepared(name: str) -> actions.Run:
        path = desk.write(name, f"{HEAD}\n{ROW}\n")
        run = actions.begin(engine, KINDS["participants"], path, as_of=today(), at=now())
        with ErrorsFile(path.with_suffix(".errors")) as errors:
            actions.stage(engine, run, errors, today=today(), progress=lambda _position: None)
            actions.examine(engine, run, errors)
        return run

    runs = [prepared(f"table{at}.csv") for at in range(4)]
    assert [run.tally.difference.new for run in runs] == [1, 1, 1, 1]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda run: actions.take_over(engine, run, OPERATOR), runs))
    assert sorted(run.tally.difference.new for run in runs) == [0, 0, 0, 1]
    assert count(engine) == 1


def test_the_columns_of_the_documents_are_those_of_the_code() -> None:
    from pathlib import Path

    from vssid.imports.kinds import KINDS

    text = (Path(__file__).parents[2] / "docs" / "imports.md").read_text()
    for kind in KINDS.values():
        assert f"## {kind.name}" in text
        section = text.split(f"## {kind.name}")[1].split("\n## ")[0]
        for column in kind.sheet.columns:
            assert f"`{column}`{'*' if column in kind.sheet.required else ''}" in section, (kind.name, column)
