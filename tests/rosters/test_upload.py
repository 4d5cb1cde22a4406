"""Rosters: every problem named, good rows kept, nothing saved before a second word; hostile files cost nothing."""

import csv
import io
import struct
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import func, select

from tests import pages, people
from tests.rosters.conftest import HEADER, TITLE, UPLOAD, counts, row, table
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.files import StoredFile
from vssid.kernel.tables import empty_workbook
from vssid.rosters import JOBS
from vssid.rosters.models import Roster, RosterRow, RosterUpload
from vssid.rosters.rules import MOST_ROSTERS, MOST_ROWS, class_key


def refusal(answer) -> str:
    assert answer.status_code == 422, answer.status_code
    return pages.inspected(answer)


def test_nothing_is_saved_before_the_second_word(engine, desk):
    html = desk.look(table(row(1), row(2)))
    assert counts(html) == {
        "Số dòng đã đọc": 2,
        "Người mới": 2,
        "Thay đổi": 0,
        "Không đổi": 0,
        "Dòng bị từ chối": 0,
    }
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(Roster)) == 0
    people.post(desk.client, f"{desk.looks[-1]}/luu", {}, desk.looks[-1])
    assert len(desk.rows) == 2


def test_a_file_that_is_given_up_leaves_nothing(engine, desk):
    desk.look(table(row(1)))
    assert people.post(desk.client, f"{desk.looks[-1]}/bo", {}, desk.looks[-1]).status_code == 303
    with reading(engine) as db:
        for model in (RosterUpload, Roster, RosterRow, StoredFile):
            assert db.scalar(select(func.count()).select_from(model)) == 0


@pytest.mark.parametrize(
    "content",
    [
        table(row(1)),
        b"\xef\xbb\xbf" + table(row(1)),
        table(row(1)).replace(b",", b";"),
        table(row(1)).replace(b"\n", b"\r\n"),
    ],
)
def test_a_csv_is_read_in_its_usual_shapes(desk, content):
    desk.save(content)
    [kept] = desk.rows
    assert (kept.ma_so_bhxh, kept.full_name, kept.birth_date, kept.class_name) == (
        "7900000001", "Nguyễn Bé Mẫu", "2018-09-02", "1A",
    )  # fmt: skip


def test_a_workbook_is_read_and_its_formulas_are_not_run(desk):
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    book.active.append(["7900000001", "Nguyễn Bé Mẫu", "02/09/2018", "1A", None])
    book.active.append(["7900000002", '=HYPERLINK("http://vidu.vn")', "2018", "1A", None])
    out = io.BytesIO()
    book.save(out)
    html = desk.look(out.getvalue(), name="lop.xlsx")
    assert counts(html)["Người mới"] == 1
    assert counts(html)["Dòng bị từ chối"] == 1


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_templates_are_read_as_rosters_without_rows(desk, kind):
    body = desk.client.get(f"{UPLOAD}/mau.{kind}").data
    assert "không có dòng dữ liệu" in refusal(desk.send(body, name=f"mau.{kind}"))


def test_codes_typed_into_the_template_keep_their_zeros(desk):
    book = openpyxl.load_workbook(io.BytesIO(desk.client.get(f"{UPLOAD}/mau.xlsx").data))
    assert [cell.value for cell in book.active[1]] == HEADER.split(",")
    assert book.active.column_dimensions["A"].number_format == "@" or book.active["A1"].number_format == "@"
    assert desk.client.get(f"{UPLOAD}/mau.exe").status_code == 404


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("123,Nguyễn Bé Mẫu,2018,1A,", "ma_so_bhxh", "10 chữ số"),
        ("7900000001,N7,2018,1A,", "ho_ten", "chữ cái"),
        ("7900000001,,2018,1A,", "ho_ten", "bắt buộc"),
        ("7900000001,Nguyễn Bé Mẫu,31/02/2018,1A,", "ngay_sinh", "lịch"),
        ("7900000001,Nguyễn Bé Mẫu,2999,1A,", "ngay_sinh", "chưa đến"),
        ("7900000001,Nguyễn Bé Mẫu,2018,1A,7900000001", "ma_so_bhxh_giam_ho", "chính mã số"),
        ("7900000001,Nguyễn Bé Mẫu,2018," + "A" * 41 + ",", "lop_hoac_to", "40 ký tự"),
        ("7900000001,Nguyễn Bé Mẫu,2018,1\x00A,", "lop_hoac_to", "không dùng được"),
        ("7900000001,Nguyễn Bé Mẫu,2018,1A,,thừa", "–", "nhiều ô hơn"),
        ("7900000009,Nguyễn Bé Mẫu,2018,1A,", "ma_so_bhxh", "Trùng mã số BHXH với dòng 2"),
    ],
)
def test_each_problem_is_named_by_line_column_and_words_and_good_rows_are_kept(desk, line, column, words):
    html = desk.look(table("7900000009,Trần Bé Mẫu,2018,1A,", line))
    assert f'<tr><td class="num">3</td><td>{column}</td>' in html
    assert words in html
    assert counts(html)["Người mới"] == 1
    people.post(desk.client, f"{desk.looks[-1]}/luu", {}, desk.looks[-1])
    assert [kept.full_name for kept in desk.rows] == ["Trần Bé Mẫu"]


def test_every_problem_is_in_the_file_of_problems_and_pages(desk):
    lines = [f"{n},Nguyễn Bé Mẫu,2018,1A," for n in range(120)]
    html = desk.look(table(*lines))
    assert html.count('<td class="num">') == 50
    last = pages.get(desk.client, f"{desk.looks[-1]}?trang=3")
    assert '<td class="num">121</td>' in last
    body = desk.client.get(f"{desk.looks[-1]}/loi.csv").data.decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(body)))
    assert len(found) == 120
    assert found[0] == {"dong": "2", "cot": "ma_so_bhxh", "loi": "Mã số BHXH gồm đúng 10 chữ số."}


def test_the_same_list_again_changes_nothing(engine, desk):
    desk.save(table(row(1), row(2)))
    before = [(kept.id, kept.code, kept.line) for kept in desk.rows], desk.roster.updated_at
    html = desk.look(table(row(1), row(2)))
    assert counts(html)["Không đổi"] == 2
    people.post(desk.client, f"{desk.looks[-1]}/luu", {}, desk.looks[-1])
    assert ([(kept.id, kept.code, kept.line) for kept in desk.rows], desk.roster.updated_at) == before
    with reading(engine) as db:
        assert list(db.scalars(select(AuditEntry.tag).where(AuditEntry.tag == "roster.saved"))) == ["roster.saved"]


def test_a_later_list_of_a_class_updates_it_and_keeps_the_codes(desk):
    desk.save(table(row(1), row(2), row(3, "1B")))
    codes = {kept.ma_so_bhxh: kept.code for kept in desk.rows}
    html = desk.look(table(row(1, name="Nguyễn Bé Mẫu An"), row(4)))
    assert "thêm 1 người" in html
    desk.save(table(row(1, name="Nguyễn Bé Mẫu An"), row(4)), drop_gone=True)
    kept = {one.ma_so_bhxh: one for one in desk.rows}
    assert set(kept) == {"7900000001", "7900000003", "7900000004"}
    assert kept["7900000001"].full_name == "Nguyễn Bé Mẫu An"
    assert kept["7900000001"].code == codes["7900000001"]


def test_nobody_is_dropped_unasked_or_while_rows_are_refused(desk):
    desk.save(table(row(1), row(2)))
    desk.save(table(row(1)))
    assert len(desk.rows) == 2
    desk.save(table(row(1), "7,Hỏng,2018,1A,"), drop_gone=True)
    assert len(desk.rows) == 2


def test_another_title_makes_another_roster(engine, desk):
    desk.save(table(row(1)))
    desk.save(table(row(1)), title="Danh sách khác")
    desk.save(table(row(1)), title=TITLE.upper())
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(Roster)) == 2


def test_rosters_are_as_many_as_there_may_be(desk):
    for n in range(MOST_ROSTERS):
        desk.save(table(row(1)), title=f"Danh sách {n}")
    desk.look(table(row(1)), title="Một danh sách nữa")
    assert "tối đa" in refusal(people.post(desk.client, f"{desk.looks[-1]}/luu", {}, desk.looks[-1]))


def test_classes_stand_in_the_order_of_their_numbers():
    assert sorted(["10A", "2A", "1Đ", "1d", ""], key=class_key) == ["", "1Đ", "1d", "2A", "10A"]


# --- hostile files ----------------------------------------------------------------------------------------------------


def packed(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return out.getvalue()


def bomb() -> bytes:
    return packed(**{"xl/workbook.xml": "", "xl/worksheets/sheet1.xml": " " * 70_000_000})


def wide() -> bytes:
    sheet = '<worksheet><sheetData><row r="1"><c r="XFD1048576"/></row></sheetData></worksheet>'
    return packed(**{"xl/workbook.xml": "", "xl/worksheets/sheet1.xml": sheet})


def lying() -> bytes:
    """A workbook whose texts unpack to 100 MB and claim to be 900 bytes."""
    out = io.BytesIO(empty_workbook(HEADER.split(",")))
    texts, size = b"<sst><si><t>" + b"x" * 100_000_000 + b"</t></si></sst>", 100_000_027
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", texts)
    assert len(texts) == size
    return out.getvalue().replace(struct.pack("<I", size), struct.pack("<I", 900))


HOSTILE = {
    "nothing": (b"", "chọn tệp"),
    "a header only": (table(), "không có dòng dữ liệu"),
    "a workbook that swells": (bomb(), "phồng lên"),
    "a workbook of a billion cells": (wide(), "phồng lên"),
    "a workbook that lies about its size": (lying(), "Excel"),
    "a workbook that is none": (b"PK\x03\x04 not a workbook", "Excel"),
    "an old workbook": (b"\xd0\xcf\x11\xe0 old", "Excel"),
    "UTF-16": ("ma_so_bhxh,ho_ten".encode("utf-16"), "UTF-16"),
    "one row too many": (table(*(row(n) for n in range(MOST_ROWS + 1))), "5000 dòng"),
    "a column twice": (b"ma_so_bhxh,ho_ten,ngay_sinh,ho_ten\n7900000001,A,2018,B\n", "lặp lại"),
    "a column too few": (b"ma_so_bhxh,ho_ten\n7900000001,A\n", "ngay_sinh"),
    "a line of a megabyte": (table("7900000001," + "x" * 1_100_000), "dài quá"),
    "six megabytes": (table("x" * 6 * 1024**2), "5 MB"),
    "a picture": (people.photo_bytes(), "Thiếu cột"),
}


@pytest.mark.parametrize(("content", "words"), HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_cannot_be_read_is_refused_with_words(engine, desk, content, words):
    assert words in refusal(desk.send(content, name="lop.xlsx"))
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(RosterUpload)) == 0


def test_a_huge_cell_and_another_encoding_are_problems_of_their_rows(desk):
    wrong = "7900000002,Nguyễn Bé Mẫu,2018,1A,".encode("cp1258", "ignore")
    html = desk.look(table(row(1)) + b"7900000003," + b"x" * 150_000 + b",2018,1A,\n" + wrong + b"\n")
    assert counts(html)["Người mới"] == 1
    assert counts(html)["Dòng bị từ chối"] == 2


def test_five_thousand_rows_are_taken(desk):
    desk.save(table(*(row(n, f"{n // 40}A") for n in range(MOST_ROWS))))
    assert len(desk.rows) == MOST_ROWS
    assert len({kept.code for kept in desk.rows}) == MOST_ROWS


@pytest.mark.parametrize("title", ["", " ", "x" * 101, "a\x1bb"])
def test_a_roster_has_a_title(desk, title):
    refusal(desk.send(table(row(1)), title=title))


def test_what_is_typed_comes_back_escaped(desk):
    html = desk.look(table(row(1, "<b>1A</b>")), title="<script>alert(1)</script>")
    assert "<script>alert" not in html
    desk.save(table(row(1, "<b>1A</b>")), title="<script>alert(1)</script>")
    assert "<b>1A" not in pages.get(desk.client, desk.path)


def test_files_that_cannot_be_read_are_counted_as_well(app, desk, monkeypatch):
    monkeypatch.setattr("vssid.rosters.intake.views.UPLOADS", (2, timedelta(days=1)))
    for _n in range(2):
        assert desk.send(b"PK\x03\x04 no workbook", name="lop.xlsx").status_code == 422
    assert "quá nhiều tệp" in refusal(desk.send(table(row(1))))


def test_uploads_are_counted(app, desk, monkeypatch):
    monkeypatch.setattr("vssid.rosters.intake.views.UPLOADS", (2, timedelta(days=1)))
    for _n in range(2):
        desk.look(table(row(1)))
    assert "quá nhiều tệp" in refusal(desk.send(table(row(1))))


# --- who may, and time ------------------------------------------------------------------------------------------------


def test_a_file_of_another_organisation_does_not_exist(school, desk, client):
    desk.look(table(row(1)))
    path = desk.looks[-1]
    assert school.manager.get(path).status_code == 200
    for address in (path, f"{path}/loi.csv"):
        assert school.stranger.get(address).status_code == 404
        assert client.get(address).location.startswith("/to-chuc/dang-nhap")
    for act in ("luu", "bo"):
        assert people.post(school.stranger, f"{path}/{act}", {}, "/to-chuc/thanh-vien").status_code == 404


def test_of_two_who_save_one_file_at_once_one_wins(engine, desk, school):
    desk.look(table(row(1), row(2)))
    path = desk.looks[-1]
    clients = [desk.client, school.manager]
    tokens = [people.csrf(client, path) for client in clients]

    def save(at: int) -> int:
        return clients[at].post(f"{path}/luu", data={"csrf_token": tokens[at]}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, range(2))) == [303, 404]
    assert len(desk.rows) == 2


def test_a_file_that_nobody_saves_goes_after_a_day(engine, desk):
    desk.look(table(row(1)))
    job = next(job for name, _every, job in JOBS if name == "rosters.uploads")
    with unit(engine) as db:
        assert job(db, now() + timedelta(hours=23)) == 0
        assert job(db, now() + timedelta(hours=25)) == 1
    assert desk.client.get(desk.looks[-1]).status_code == 404


def test_a_roster_is_destroyed_when_its_year_is_over(engine, desk):
    desk.save(table(row(1)))
    job = next(job for name, _every, job in JOBS if name == "rosters.retire")
    with unit(engine) as db:
        assert job(db, now() + timedelta(days=399)) == 0
        assert job(db, now() + timedelta(days=401)) == 1
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(RosterRow)) == 0
        assert "roster.retired" in list(db.scalars(select(AuditEntry.tag)))
