"""Sheets: one per class, a code that a scanner reads per person; made once, outside any request, gone after a week."""

import io
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import func, select

from tests import pages, people
from tests.rosters.conftest import row, table
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.files import StoredFile
from vssid.rosters import JOBS
from vssid.rosters.models import RosterPrint
from vssid.rosters.sheets import printing
from vssid.web import qr


def request(desk, client=None, **options):
    return people.post(client or desk.client, f"{desk.path}/in", {}, **options)


def made(app, desk) -> bytes:
    """The sheets as a member gets them."""
    assert request(desk).status_code == 303
    assert printing.make_next(app, now())
    answer = desk.client.get(f"{desk.path}/in.pdf")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    return answer.data


def text_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def codes_of(pdf: bytes, folder: Path) -> list[list[str]]:
    """What a scanner reads on each page."""
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-", folder / "page"], input=pdf, check=True)
    found = []
    for path in sorted(folder.glob("page*.pgm")):
        with Image.open(path) as page:
            found.append([code.text for code in zxingcpp.read_barcodes(page)])
    return found


def test_each_class_has_its_sheet_and_each_person_a_code_that_is_read(app, desk, tmp_path):
    long_name = "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Khánh Bé Mẫu"
    desk.save(
        table(*(row(n, name=long_name if n == 3 else "") for n in range(30)), *(row(n, "2A") for n in range(90, 93)))
    )
    pdf = made(app, desk)
    sheets, codes = text_of(pdf), codes_of(pdf, tmp_path)
    assert len(sheets) == len(codes) == 3
    in_order = [one.code for one in desk.rows]
    assert sorted(codes[0] + codes[1]) == sorted(f"R:{code}" for code in in_order[:30])
    assert sorted(codes[2]) == sorted(f"R:{code}" for code in in_order[30:])
    assert "Trường Tiểu học Mẫu Một · 1A" in sheets[0]
    assert "Trường Tiểu học Mẫu Một · 2A" in sheets[2]
    for code in in_order:
        assert f"{code[:5]}-{code[5:]}" in "".join(sheets)
    assert "/dang-ky" in sheets[0]
    assert "02/09/2018" in sheets[0]


def test_no_number_of_a_person_is_printed(app, desk):
    desk.save(table(row(7)))
    assert "7900000007" not in "".join(text_of(made(app, desk)))


def test_what_a_list_says_is_text_on_the_sheet(app, desk):
    desk.save(table(row(1, "<img src=file:///etc/hostname>")), title="<script>")
    shown = re.sub(r"\s", "", "".join(text_of(made(app, desk))))
    assert "<imgsrc=file:///etc/hostname>" in shown
    assert "<script>" in shown


def test_spellings_of_a_class_share_a_sheet(app, desk):
    desk.save(table(row(1, "1A"), row(2, "1a"), row(3, "1A")))
    assert len(text_of(made(app, desk))) == 1


@pytest.mark.parametrize("text", ["R:BCDFGHJKLM", "R:2345678923", "R:ZZZZZZZZZZ"])
def test_the_quick_code_is_read(text):
    from base64 import b64decode

    picture = Image.open(io.BytesIO(b64decode(qr.png_uri(text).partition(",")[2])))
    large = picture.convert("L").resize((picture.width * 4, picture.height * 4), Image.Resampling.NEAREST)
    assert [code.text for code in zxingcpp.read_barcodes(large)] == [text]


def test_the_page_says_how_far_it_is_with_and_without_script(app, desk):
    desk.save(table(row(1)))
    path = f"{desk.path}/in"
    assert "Tạo phiếu" in pages.get(desk.client, path)
    answer = request(desk, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.get_data(as_text=True)
    assert "Đang tạo phiếu" in pages.get(desk.client, path)
    assert 'hx-trigger="every 2s"' in pages.part(desk.client, path)
    assert desk.client.get(f"{path}.pdf").status_code == 404
    assert printing.make_next(app, now())
    assert "Phiếu của 1 người" in pages.get(desk.client, path)
    assert "hx-trigger" not in pages.part(desk.client, path)


def test_a_changed_list_asks_for_new_sheets(app, desk):
    desk.save(table(row(1)))
    made(app, desk)
    desk.save(table(row(1), row(2)))
    assert "đã thay đổi" in pages.get(desk.client, f"{desk.path}/in")


def test_wishes_while_it_waits_are_one_and_a_new_print_replaces_the_old(app, engine, desk):
    desk.save(table(row(1)))
    request(desk)
    desk.client.post(f"{desk.path}/in", data={"csrf_token": people.csrf(desk.client, "/to-chuc/danh-sach/tai-len")})
    made_once = printing.make_next(app, now()), printing.make_next(app, now())
    assert made_once == (True, False)
    made(app, desk)
    with reading(engine) as db:
        for model in (RosterPrint, StoredFile):
            assert db.scalar(select(func.count()).select_from(model)) == 1


def test_wishes_are_counted(desk, monkeypatch):
    desk.save(table(row(1)))
    monkeypatch.setattr("vssid.rosters.sheets.views.PRINTS", (1, timedelta(days=1)))
    assert request(desk).status_code == 303
    answer = request(desk, page="/to-chuc/danh-sach/tai-len")
    assert answer.status_code == 422
    assert "quá nhiều lần" in answer.get_data(as_text=True)


def test_two_makers_never_get_the_same_print(app, engine, desk):
    desk.save(table(row(1)))
    request(desk)

    def claim(_n: int) -> bool:
        with unit(engine) as db:
            return printing.claim(db, now()) is not None

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(claim, range(4))) == [False, False, False, True]


def test_a_maker_that_died_leaves_its_work_to_the_next(app, engine, desk):
    desk.save(table(row(1)))
    request(desk)
    with unit(engine) as db:
        assert printing.claim(db, now())
    assert not printing.make_next(app, now())
    assert printing.make_next(app, now() + printing.LEASE + timedelta(seconds=1))
    assert desk.client.get(f"{desk.path}/in.pdf").status_code == 200


def test_what_fails_three_times_is_given_up_and_said(app, desk, monkeypatch):
    desk.save(table(row(1)))
    request(desk)
    monkeypatch.setattr(printing, "SECONDS", 0.001)
    for n in range(printing.MOST_ATTEMPTS):
        assert "Đang tạo phiếu" in pages.get(desk.client, f"{desk.path}/in")
        assert printing.make_next(app, now() + n * (printing.LEASE + timedelta(seconds=1)))
    assert "Chưa tạo được phiếu" in pages.get(desk.client, f"{desk.path}/in")
    assert not printing.make_next(app, now() + timedelta(days=1))
    monkeypatch.undo()
    made(app, desk)


def test_what_takes_its_makers_along_three_times_is_given_up(app, engine, desk):
    desk.save(table(row(1)))
    request(desk)
    at = now()
    for _maker in range(printing.MOST_ATTEMPTS):
        with unit(engine) as db:
            assert printing.claim(db, at), "and is killed"
        at += printing.LEASE + timedelta(seconds=1)
    assert not printing.make_next(app, at)
    assert "Chưa tạo được phiếu" in pages.get(desk.client, f"{desk.path}/in")
    made(app, desk)


def test_a_print_goes_after_a_week_and_with_its_roster(app, engine, school, desk):
    desk.save(table(row(1)))
    made(app, desk)
    job = next(job for name, _every, job in JOBS if name == "rosters.prints")
    with unit(engine) as db:
        assert job(db, now() + timedelta(days=6)) == 0
        assert job(db, now() + timedelta(days=8)) == 1
    assert desk.client.get(f"{desk.path}/in.pdf").status_code == 404
    made(app, desk)
    people.post(school.manager, f"{desk.path}/xoa", {}, desk.path)
    with reading(engine) as db:
        for model in (RosterPrint, StoredFile):
            assert db.scalar(select(func.count()).select_from(model)) == 0


def test_a_roster_deleted_while_its_sheets_are_made_leaves_nothing(app, engine, school, desk):
    desk.save(table(row(1)))
    request(desk)
    with unit(engine) as db:
        mine = printing.claim(db, now())
    people.post(school.manager, f"{desk.path}/xoa", {}, desk.path)
    with unit(engine) as db:
        assert not printing._settle(db, mine, state="done")
        assert db.scalar(select(func.count()).select_from(RosterPrint)) == 0


def test_anothers_sheets_do_not_exist(app, school, desk, client):
    desk.save(table(row(1)))
    made(app, desk)
    assert school.manager.get(f"{desk.path}/in.pdf").status_code == 200
    for path in (f"{desk.path}/in", f"{desk.path}/in.pdf"):
        assert school.stranger.get(path).status_code == 404
        assert client.get(path).location.startswith("/to-chuc/dang-nhap")
    assert request(desk, school.stranger, page="/to-chuc/thanh-vien").status_code == 404
