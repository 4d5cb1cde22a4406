"""Imports by an officer: the file is read by the worker, shown, agreed to by one, taken over whole; nothing lies about."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select, update
from structlog.testing import capture_logs

from tests import pages, people
from tests.visits import build
from vssid.imports import claims, hosos
from vssid.imports.actions import clear_away
from vssid.imports.desk import making
from vssid.imports.kinds import KINDS
from vssid.imports.models import ImportRun, StagedRow
from vssid.imports.rules import FILE_KEPT, LARGEST_UPLOAD
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.files import StoredFile
from vssid.records.models import Person
from vssid.records.visits.models import Visit, VisitLine

BASE = "/can-bo/nhap-lieu"
HEAD = "ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh"
GOOD = f"{HEAD}\n8900000501,Nguyễn Văn Mẫu Năm,04/09/1985,Nam\n8900000502,Trần Thị Mẫu Sáu,1990,Nữ\n"


@pytest.fixture
def officer(app, engine, new_client):
    """A supervisor, signed in."""
    return signed_in(app, engine, new_client, "CB01", "giam_sat")


def signed_in(app, engine, new_client, code: str, role: str):
    with unit(engine) as db:
        if code == "CB01":
            people.add_agency(db)
        setup = people.add_officer(app, db, code, "08902", role)
    client = new_client()
    people.officer_signs_in(app, client, code, setup)
    return client


def send(client, content: str | bytes, kind: str = "participants", name: str = "nguoi.csv", **more: str):
    body = content if isinstance(content, bytes) else content.encode()
    data = {"kind": kind, "as_of": "2026-11-01", "file": (io.BytesIO(body), name), **more}
    return people.post(client, BASE, data, BASE, content_type="multipart/form-data")


def sent(client, content: str | bytes, **more: str) -> str:
    answer = send(client, content, **more)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def persons(engine) -> int:
    with reading(engine) as db:
        return db.scalar(select(func.count()).select_from(Person))


def run_of(engine) -> ImportRun:
    with reading(engine) as db:
        return db.scalars(select(ImportRun).order_by(ImportRun.started_at.desc())).first()


def work(app) -> None:
    while making.make_next(app, now()):
        pass


def tags(engine) -> list[str]:
    with reading(engine) as db:
        return list(db.scalars(select(AuditEntry.tag).where(AuditEntry.tag.like("import.%")).order_by(AuditEntry.id)))


def test_a_file_is_read_shown_agreed_to_and_taken_over(app, engine, officer):
    place = sent(officer, GOOD)
    assert "Chờ đọc tệp" in pages.get(officer, place)
    work(app)
    html = pages.get(officer, place)
    assert "Chờ bạn xem và đồng ý" in html
    assert "Trần Thị Mẫu Sáu" in html
    assert persons(engine) == 0
    assert people.post(officer, f"{place}/nhap", page=place).status_code == 303
    work(app)
    assert "Đã nhập" in pages.get(officer, place)
    assert persons(engine) == 2
    result = officer.get(f"{place}/ket-qua.csv").get_data(as_text=True)
    assert run_of(engine).file_digest in result
    assert "Mới,2" in result
    assert run_of(engine).counts == {"read": 2, "new": 2, "changed": 0, "same": 0, "refused": 0}
    told = tags(engine)
    assert (told[0], told[-2:]) == ("import.sent", ["import.agreed", "import.applied"])
    assert set(told[1:-2]) == {"import.rows_shown"}
    with reading(engine) as db:
        assert db.scalars(select(StagedRow.line)).all() == []
    assert list((app.config["DATA_DIR"] / "imports").iterdir()) == []


def test_the_same_file_again_changes_nothing_and_asks_nobody(app, engine, officer):
    for _time in range(2):
        place = sent(officer, GOOD)
        work(app)
        if run_of(engine).state == "staged":
            people.post(officer, f"{place}/nhap", page=place)
            work(app)
    run = run_of(engine)
    assert (run.state, run.counts["same"]) == ("done", 2)
    assert persons(engine) == 2


def test_what_would_change_stands_beside_what_is_held_until_it_is_decided(app, engine, officer):
    first = sent(officer, GOOD)
    work(app)
    people.post(officer, f"{first}/nhap", page=first)
    work(app)
    place = sent(officer, GOOD.replace("1990,", "02/1990,").replace("Mẫu Năm", "Mẫu Lăm"))
    work(app)
    html = pages.get(officer, place)
    assert "<td>Họ và tên</td><td>Nguyễn Văn Mẫu Năm</td><td>Nguyễn Văn Mẫu Lăm</td>" in html
    assert "<td>Ngày sinh</td><td>1990</td><td>1990-02</td>" in html
    assert run_of(engine).counts["changed"] == 2
    people.post(officer, f"{place}/bo", page=place)
    assert run_of(engine).sample == []


CARDS = "ma_so_bhxh,muc_huong,tu_ngay,ma_cskcb"
AGENCIES, FACILITIES = "ma,ten", "ma_cskcb,ten,cap_giay_nghi"


@pytest.mark.parametrize(
    ("kind", "before", "after", "cells"),
    [
        (
            "agencies",
            f"{AGENCIES}\n08905,BHXH Mẫu\n",
            f"{AGENCIES}\n08905,BHXH Mẫu Mới\n",
            ["BHXH Mẫu", "BHXH Mẫu Mới"],
        ),
        ("facilities", f"{FACILITIES}\n89077,Trạm Mẫu,0\n", f"{FACILITIES}\n89077,Trạm Mẫu,1\n", ["False", "True"]),
        ("cards", f"{CARDS}\n8900000101,4,01/01/2026,89012\n", f"{CARDS}\n8900000101,3,01/01/2026,89012\n", ["4", "3"]),
    ],
)
def test_every_kind_shows_its_changes(app, engine, officer, kind, before, after, cells):
    with unit(engine) as db:
        people.add_card(db, people.add_person(db, people.CITIZEN), people.CITIZEN, valid_from=date(2025, 1, 1))
    first = sent(officer, before, kind=kind)
    work(app)
    people.post(officer, f"{first}/nhap", page=first)
    work(app)
    place = sent(officer, after, kind=kind)
    work(app)
    html = pages.get(officer, place)
    assert "".join(f"<td>{cell}</td>" for cell in cells) in html


def test_one_wrong_row_stops_all_and_the_list_of_problems_can_be_fetched(app, engine, officer):
    place = sent(officer, GOOD + "123,Lê Thị Mẫu Bảy,1991,Nữ\n=2+2,Mẫu,2000,Khác\n")
    work(app)
    html = pages.get(officer, place)
    assert "Không nhập: tệp có lỗi" in html
    assert f"{place}/nhap" not in html
    problems = officer.get(f"{place}/loi.csv")
    assert problems.status_code == 200
    text = problems.get_data().decode("utf-8-sig")
    assert "Mã số BHXH gồm đúng 10 chữ số." in text
    assert "'=2+2" in text
    assert persons(engine) == 0
    assert people.post(officer, f"{place}/nhap", page=place).status_code == 303
    assert run_of(engine).state == "refused"
    assert tags(engine)[-1] == "import.errors_fetched"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\n1,2\n", "ma_so_bhxh"),
        (f"{HEAD}\n", "Tệp không có dòng dữ liệu nào."),
        (GOOD.encode("utf-16"), "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(app, engine, officer, content, words):
    place = sent(officer, content)
    work(app)
    html = pages.get(officer, place)
    assert "Không nhập: tệp có lỗi" in html
    assert words in html


def test_a_form_that_is_wrong_comes_back_and_keeps_nothing(app, engine, officer):
    assert send(officer, b"").status_code == 422
    assert send(officer, GOOD, kind="ngan-hang").status_code == 422
    too_large = send(officer, b"x" * (LARGEST_UPLOAD + 1))
    assert too_large.status_code == 422
    assert "Tệp lớn hơn 20 MB." in too_large.text
    with reading(engine) as db:
        assert db.scalars(select(ImportRun)).all() == []
        assert db.scalars(select(StoredFile)).all() == []


def test_elsewhere_no_body_of_that_size_is_read(officer):
    token = people.csrf(officer, BASE)
    data = {"csrf_token": token, "file": (io.BytesIO(b"x" * 10 * 1024**2), "x")}
    answer = officer.post("/dang-ky/ca-nhan/anh/front", data=data, headers={"X-CSRFToken": token})
    assert answer.status_code == 413


def test_given_up_it_takes_nothing_over(app, engine, officer):
    place = sent(officer, GOOD)
    work(app)
    assert people.post(officer, f"{place}/bo", page=place).status_code == 303
    assert "Đã bỏ, chưa nhập gì" in pages.get(officer, place)
    people.post(officer, f"{place}/nhap", page=BASE)
    work(app)
    assert persons(engine) == 0


def test_of_many_who_agree_at_once_one_does(app, engine, officer):
    place = sent(officer, GOOD)
    work(app)
    token = people.csrf(officer, place)
    cookie = officer.get_cookie("vssid").value

    def agree(_n: int) -> int:
        client = app.test_client()
        client.set_cookie("vssid", cookie)
        return client.post(f"{place}/nhap", data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(agree, range(16))) == {303}
    assert tags(engine).count("import.agreed") == 1


def test_a_maker_that_died_is_followed_by_another_that_begins_the_step_again(app, engine, officer):
    place = sent(officer, GOOD)
    id = UUID(place.rsplit("/", 1)[1])
    with unit(engine) as db:
        # As a maker leaves it that was killed in the middle of reading.
        values = {"state": "staging", "lease": id, "leased_until": now() + timedelta(minutes=5), "attempts": 1}
        db.execute(update(ImportRun).where(ImportRun.id == id).values(**values))
        db.add(StagedRow(run_id=id, line=2, key="x", data={"ma_so_bhxh": "x"}))
    assert not making.make_next(app, now())
    assert "Đang đọc tệp" in pages.get(officer, place)
    assert making.make_next(app, now() + timedelta(minutes=6))
    assert run_of(engine).state == "staged"
    with reading(engine) as db:
        assert sorted(db.scalars(select(StagedRow.key))) == ["8900000501", "8900000502"]


def test_what_a_dead_maker_left_open_is_destroyed_within_the_hour(app, engine, officer):
    place = sent(officer, GOOD)
    folder = app.config["DATA_DIR"] / "imports"
    folder.mkdir(exist_ok=True)
    left = folder / UUID(place.rsplit("/", 1)[1]).hex
    left.write_text(GOOD)
    with unit(engine) as db:
        leased = {"state": "staging", "lease": uuid4(), "leased_until": now() + timedelta(minutes=5)}
        db.execute(update(ImportRun).values(**leased))
    with app.app_context(), unit(engine) as db:
        making.drop_old(db, now())
        assert left.exists()
        making.drop_old(db, now() + timedelta(minutes=6))
    assert not left.exists()


def test_a_maker_that_lost_its_lease_concludes_nothing(app, engine, officer, monkeypatch):
    place = sent(officer, GOOD)
    work(app)
    people.post(officer, f"{place}/nhap", page=place)
    take = KINDS["participants"].take

    def slow(db, staged):
        take(db, staged)
        # Another maker has taken the run over meanwhile.
        db.execute(update(ImportRun).values(lease=uuid4()))

    monkeypatch.setitem(KINDS, "participants", replace(KINDS["participants"], take=slow))
    with capture_logs() as logged:
        assert making.make_next(app, now())
    assert [line["problem"] for line in logged] == ["Lost"]
    assert persons(engine) == 0
    assert "import.applied" not in tags(engine)


def test_rows_that_are_gone_are_not_taken_over_as_nothing(app, engine, officer):
    place = sent(officer, GOOD)
    work(app)
    people.post(officer, f"{place}/nhap", page=place)
    with unit(engine) as db:
        db.execute(delete(StagedRow).where(StagedRow.line == 2))
    work(app)
    assert "Các dòng đã đọc không còn đủ." in pages.get(officer, place)
    assert persons(engine) == 0


def test_a_run_that_is_worked_on_is_not_cleared_away(app, engine, officer):
    place = sent(officer, GOOD)
    work(app)
    people.post(officer, f"{place}/nhap", page=place)
    later = now() + timedelta(hours=25)
    with unit(engine) as db:
        db.execute(update(ImportRun).values(lease=uuid4(), leased_until=later + timedelta(minutes=5)))
        clear_away(db, later)
    assert run_of(engine).state == "agreed"
    with reading(engine) as db:
        assert len(db.scalars(select(StagedRow.line)).all()) == 2


def test_how_somebody_is_reached_is_shown_by_its_ends_only(app, engine, officer):
    head = f"{HEAD},dien_thoai\n8900000501,Nguyễn Văn Mẫu Năm,04/09/1985,Nam,"
    first = sent(officer, f"{head}0900000501\n")
    work(app)
    people.post(officer, f"{first}/nhap", page=first)
    work(app)
    place = sent(officer, f"{head}0900000999\n")
    work(app)
    html = pages.get(officer, place)
    assert "+84*******01" in html
    assert "+84900000501" not in html


def test_what_took_three_makers_along_is_given_up(app, engine, officer):
    sent(officer, GOOD)
    with unit(engine) as db:
        db.execute(update(ImportRun).values(attempts=3))
    work(app)
    assert run_of(engine).state == "failed"


def test_the_part_that_is_asked_for_every_two_seconds_is_one_block(app, engine, officer):
    place = sent(officer, GOOD)
    part = officer.get(place, headers={"HX-Request": "true", "HX-Target": "run"}).text
    assert part.lstrip().startswith('<div id="run" hx-get=')
    work(app)
    assert "hx-get" not in officer.get(place, headers={"HX-Request": "true", "HX-Target": "run"}).text


def test_files_are_destroyed_after_a_week(app, engine, officer):
    sent(officer, GOOD)
    with app.app_context(), unit(engine) as db:
        assert making.drop_old(db, now() + FILE_KEPT - timedelta(minutes=5)) == 0
        assert making.drop_old(db, now() + FILE_KEPT + timedelta(minutes=5)) == 1
    with reading(engine) as db:
        assert db.scalars(select(StoredFile)).all() == []


def test_only_those_who_may_import_find_the_page(app, engine, officer, new_client):
    place = sent(officer, GOOD)
    reviewer = signed_in(app, engine, new_client, "CB02", "duyet_ho_so")
    for path in (BASE, place, f"{place}/loi.csv"):
        assert reviewer.get(path).status_code in (403, 404)
    assert new_client().get(BASE).status_code == 303
    assert officer.get(f"{BASE}/{UUID(int=1)}").status_code == 404
    assert people.post(officer, f"{BASE}/{UUID(int=1)}/bo", page=place).status_code == 404


def test_an_import_is_taken_back_from_the_desk(app, engine, officer):
    place = sent(officer, GOOD)
    work(app)
    people.post(officer, f"{place}/nhap", page=place)
    work(app)
    assert "Hoàn tác lần nhập này" in pages.get(officer, place)
    assert "2 dòng mới sẽ bị gỡ, 0 dòng trở lại như trước" in pages.get(officer, f"{place}/hoan-tac")
    assert people.post(officer, f"{place}/hoan-tac", page=f"{place}/hoan-tac").status_code == 303
    assert "Đang hoàn tác" in pages.get(officer, place)
    work(app)
    html = pages.get(officer, place)
    assert "Đã hoàn tác, dữ liệu như trước khi nhập" in html
    assert "Hoàn tác lần nhập này" not in html
    assert persons(engine) == 0
    assert tags(engine)[-1] != "import.applied"
    assert {"import.undo", "import.undone"} <= set(tags(engine))


def test_what_cannot_be_taken_back_says_why_and_stands(app, engine, officer):
    place = sent(officer, GOOD)
    work(app)
    people.post(officer, f"{place}/nhap", page=place)
    work(app)
    token = people.csrf(officer, f"{place}/hoan-tac")
    with unit(engine) as db:
        db.execute(update(Person).values(phone="+84900000501", updated_at=now()))
    assert officer.post(f"{place}/hoan-tac", data={"csrf_token": token}).status_code == 303
    work(app)
    html = pages.get(officer, place)
    assert "Dữ liệu đã được sửa tiếp sau lần nhập này" in html
    assert run_of(engine).state == "done"
    assert persons(engine) == 2


def test_a_run_that_nobody_agreed_to_cannot_be_taken_back(app, engine, officer):
    place = sent(officer, GOOD)
    work(app)
    assert "Hoàn tác lần nhập này" not in pages.get(officer, place)
    assert officer.get(f"{place}/hoan-tac").status_code == 404
    answer = people.post(officer, f"{place}/hoan-tac", page=place)
    assert answer.status_code == 303
    assert run_of(engine).state == "staged"
    assert people.post(officer, f"{BASE}/{uuid4()}/hoan-tac", page=BASE).status_code == 404


def test_hospital_files_are_taken_hoso_by_hoso(app, engine, officer):
    with unit(engine) as db:
        people.add_person(db, people.CITIZEN)
    nobody = people.Specimen("Không Ai Mẫu", "8900009999", "089085999999", "1985", "M", "")
    content = build.file_of(build.Visit("LK1"), build.Visit("LK2", nobody))
    place = sent(officer, content, kind="claims-xml", name="ho-so.xml")
    work(app)
    html = pages.get(officer, place)
    assert run_of(engine).counts == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}
    assert "Hồ sơ trong danh sách bị từ chối riêng" in html
    assert "LK2" in officer.get(f"{place}/loi.csv").get_data(as_text=True)
    assert "Tăng huyết áp" not in html
    people.post(officer, f"{place}/nhap", page=place)
    work(app)
    with reading(engine) as db:
        assert db.scalars(select(Visit.link_code)).all() == ["LK1"]
    people.post(officer, f"{place}/hoan-tac", page=place)
    work(app)
    with reading(engine) as db:
        assert db.scalars(select(Visit.link_code)).all() == []
        assert db.scalars(select(VisitLine.id)).all() == []


def test_changed_visits_show_days_and_sums_and_a_second_run_changes_nothing(app, engine, officer):
    with unit(engine) as db:
        people.add_person(db, people.CITIZEN)
    for services in ([build.service()], [build.service(), build.material()]):
        content = build.file_of(build.Visit("LK1", services=services))
        place = sent(officer, content, kind="claims-xml", name="ho-so.xml")
        work(app)
        html = pages.get(officer, place)
        people.post(officer, f"{place}/nhap", page=place)
        work(app)
    assert "<td>Tổng chi phí</td><td>95000</td><td>105000</td>" in html
    again = sent(officer, content, kind="claims-xml", name="ho-so.xml")
    work(app)
    assert (run_of(engine).state, run_of(engine).counts["same"]) == ("done", 1)
    assert "Hoàn tác lần nhập này" not in pages.get(officer, again)
    people.post(officer, f"{place}/hoan-tac", page=place)
    work(app)
    with reading(engine) as db:
        assert db.scalar(select(Visit.total_hospital)) == 95_000
        assert len(db.scalars(select(VisitLine.id)).all()) == 2


def test_the_first_problems_stand_on_the_page_in_the_officers_language(app, engine, officer):
    place = sent(officer, f"{HEAD}\n89,Nguyễn Văn Mẫu Năm,04/09/1985,Nam\n8900000502,Trần Thị Mẫu Sáu,1990,Nữ\n")
    work(app)
    html = pages.get(officer, place)
    assert "<td>2</td><td>ma_so_bhxh</td><td>Mã số BHXH gồm đúng 10 chữ số.</td>" in html
    assert "Mã số BHXH gồm đúng" not in pages.get(officer, f"{place}?lang=en")


def test_an_xml_file_of_the_wrong_kind_says_which_kinds_take_it(app, engine, officer):
    place = sent(officer, build.file_of(build.Visit()), kind="participants", name="ho-so.xml")
    work(app)
    assert "Đây là tệp XML. Hãy chọn loại" in pages.get(officer, place)


def test_hospital_files_taken_over_in_part_say_so_and_can_be_taken_back(app, engine, officer, monkeypatch):
    with unit(engine) as db:
        people.add_person(db, people.CITIZEN)
    place = sent(officer, build.file_of(build.Visit("LK1"), build.Visit("LK2")), kind="claims-xml", name="ho-so.xml")
    work(app)
    people.post(officer, f"{place}/nhap", page=place)
    monkeypatch.setattr(claims, "BATCH", 1)
    take, taken = hosos.intake.take, []

    def breaks(db, judged, at):
        if taken:
            raise RuntimeError
        taken.append(take(db, judged, at))

    monkeypatch.setattr(hosos.intake, "take", breaks)
    for _attempt in range(making.MOST_ATTEMPTS):
        making.make_next(app, now())
        with unit(engine) as db:
            db.execute(update(ImportRun).where(ImportRun.state == "agreed").values(lease=None, leased_until=None))
    assert run_of(engine).state == "failed"
    html = pages.get(officer, place)
    assert "Dừng giữa chừng, một phần đã được nhập" in html
    assert "chưa nhập gì" not in html
    people.post(officer, f"{place}/hoan-tac", page=f"{place}/hoan-tac")
    work(app)
    assert run_of(engine).state == "undone"
    with reading(engine) as db:
        assert db.scalars(select(Visit.id)).all() == db.scalars(select(VisitLine.id)).all() == []


def test_hospital_files_that_a_second_maker_took_over_to_the_end_can_be_taken_back(app, engine, officer, monkeypatch):
    with unit(engine) as db:
        people.add_person(db, people.CITIZEN)
    place = sent(officer, build.file_of(build.Visit("LK1"), build.Visit("LK2")), kind="claims-xml", name="ho-so.xml")
    work(app)
    people.post(officer, f"{place}/nhap", page=place)
    monkeypatch.setattr(claims, "BATCH", 1)
    take, calls = hosos.intake.take, []

    def breaks_once(db, judged, at):
        calls.append(at)
        if len(calls) == 2:
            raise RuntimeError
        take(db, judged, at)

    monkeypatch.setattr(hosos.intake, "take", breaks_once)
    making.make_next(app, now())
    with unit(engine) as db:
        db.execute(update(ImportRun).values(lease=None, leased_until=None))
    work(app)
    assert run_of(engine).state == "done"
    assert len(set(calls)) == 1
    people.post(officer, f"{place}/hoan-tac", page=f"{place}/hoan-tac")
    work(app)
    assert run_of(engine).state == "undone"
    with reading(engine) as db:
        assert db.scalars(select(Visit.id)).all() == []


POINTS = "ma,ten,loai,dia_chi,dien_thoai\n"


def sent_points(app, officer, rows) -> str:
    place = sent(officer, POINTS + rows, kind="collection-points")
    work(app)
    return place


def test_numbers_of_a_directory_are_shown_whole_and_what_left_the_file_is_counted(app, engine, officer):
    first = sent_points(
        app, officer, "DT1,Bưu điện Mẫu,diem_thu,1 đường Mẫu,0296 000 001\nDT2,Đại lý Mẫu,dai_ly,2 đường Mẫu,\n"
    )
    people.post(officer, f"{first}/nhap", page=first)
    work(app)
    assert "không nằm trong tệp" not in pages.get(officer, first)
    place = sent_points(app, officer, "DT1,Bưu điện Mẫu,diem_thu,1 đường Mẫu,0296 000 009\n")
    html = pages.get(officer, place)
    assert "0296 000 001" in html
    assert "0296 000 009" in html
    assert "1 mục đang có không nằm trong tệp" in html
    people.post(officer, f"{place}/nhap", page=place)
    work(app)
    assert "1 mục đang có không nằm trong tệp" in pages.get(officer, place)


def test_the_columns_of_each_kind_are_there_with_a_file_to_fill_in(app, officer):
    html = pages.get(officer, "/can-bo/nhap-lieu/cot")
    assert 'href="/can-bo/nhap-lieu/cot"' in pages.get(officer, "/can-bo/nhap-lieu")
    for name, kind in KINDS.items():
        assert f'id="{name}"' in html
        empty = officer.get(f"/can-bo/nhap-lieu/mau/{name}.csv")
        assert empty.data.decode("utf-8-sig").strip() == ",".join(kind.sheet.columns)
    assert "<strong><code>ma_so_bhxh</code></strong>" in html
    assert officer.get("/can-bo/nhap-lieu/mau/claims-xml.csv").status_code == 404
