"""What an organisation sees of its rosters: paper and nothing else, and only of whom it knows already."""

import csv
import io
import re

import pytest
from sqlalchemy import select, update

from tests import pages, people
from tests.rosters.conftest import CHILD_ROW, row, table
from vssid.kernel.audit import AuditEntry
from vssid.kernel.db import reading, unit
from vssid.registration.models import Declaration


def state(desk) -> str:
    """The badge of the one row."""
    return re.search(r'<li class="row">.*?<span class="badge badge-\w+">([^<]+)<', pages.get(desk.client, desk.path))[1]


def set_status(engine, status: str, **more) -> None:
    with unit(engine) as db:
        db.execute(update(Declaration).values(status=status, **more))


@pytest.mark.parametrize(
    ("status", "words", "missing"),
    [
        ("waiting", "Đã gửi tờ khai, chờ bản giấy", 1),
        ("received", "Đã nộp bản giấy", 0),
        ("returned", "Bị trả lại", 1),
        ("approved", "Đã duyệt", 0),
        ("rejected", "Bị trả lại", 1),
        ("lapsed", "Chưa đăng ký", 1),
        ("withdrawn", "Chưa đăng ký", 1),
        ("merged", "Chưa đăng ký", 1),
    ],
)
def test_a_row_shows_how_far_its_paper_has_come(engine, desk, declared, status, words, missing):
    set_status(engine, status)
    desk.save(table(CHILD_ROW))
    assert state(desk) == words
    assert f"còn thiếu {missing}." in pages.get(desk.client, desk.path)


NAME, MA_SO = people.CHILD.name, people.CHILD.ma_so


@pytest.mark.parametrize(
    ("line", "known"),
    [
        (f"{MA_SO},{NAME},05/05/2019,1A,", True),
        (f"{MA_SO},dang be MAU an,05/05/2019,1A,", True),
        (f"{MA_SO},Đặng Bé Mẫu Anh,05/05/2019,1A,", False),
        (f"{MA_SO},{NAME},06/05/2019,1A,", False),
        (f"{MA_SO},{NAME},05/2019,1A,", False),
        (f"{MA_SO},{NAME},2019,1A,", False),
        (f"8900000999,{NAME},05/05/2019,1A,", False),
    ],
)
def test_the_state_is_told_to_who_knows_name_and_birth_date(desk, declared, line, known):
    desk.save(table(line))
    assert (state(desk) != "Chưa đăng ký") is known


def test_a_declaration_without_birth_date_is_known_by_its_name(engine, desk, declared):
    set_status(engine, "waiting", birth_date="")
    desk.save(table(CHILD_ROW))
    assert state(desk) == "Đã gửi tờ khai, chờ bản giấy"


def test_who_is_in_the_register_looks_like_who_is_not(desk, register):
    desk.save(table(f"{MA_SO},{NAME},05/05/2019,1A,", f"8900000999,{NAME},05/05/2019,1A,"))
    html = pages.get(desk.client, desk.path)
    shown = re.findall(r'<li class="row">.*?</li>', html)
    assert len(shown) == 2
    assert shown[0] == shown[1]


def test_nothing_else_of_a_person_is_shown(desk, declared):
    desk.save(table(CHILD_ROW))
    for html in (
        pages.get(desk.client, desk.path),
        desk.client.get(f"{desk.path}/con-thieu.csv").get_data(as_text=True),
    ):
        for hidden in (people.GUARDIAN.phone, "+84900000103", people.GUARDIAN.cccd, "Số 1, tổ 2"):
            assert hidden not in html


def test_of_several_declarations_the_furthest_counts(engine, desk, declared, new_client):
    second = new_client()
    people.accept_terms(second)
    form = people.child_form(people.CHILD, people.GUARDIAN, phone=people.GUARDIAN.phone)
    people.post(second, "/dang-ky/tre-em/thong-tin", form)
    people.finish_child(second)
    with unit(engine) as db:
        first = db.scalars(select(Declaration.id)).first()
        db.execute(update(Declaration).where(Declaration.id == first).values(status="received"))
    desk.save(table(CHILD_ROW))
    assert state(desk) == "Đã nộp bản giấy"


def test_classes_are_counted_and_filtered(engine, desk, declared):
    set_status(engine, "received")
    desk.save(table(CHILD_ROW, row(1), row(2, "1B"), row(3, "10A"), row(4, "")))
    html = pages.get(desk.client, desk.path)
    found = re.findall(r"<strong>([^<]*)</strong><small>Đủ (\d+) · Thiếu (\d+)<", html)
    assert found == [("Chưa chia lớp/tổ", "0", "1"), ("1A", "1", "1"), ("1B", "0", "1"), ("10A", "0", "1")]
    only = pages.get(desk.client, f"{desk.path}?lop=1A&thieu=1")
    assert only.count('<li class="row">') == 1
    assert people.CHILD.name not in only
    assert pages.get(desk.client, f"{desk.path}?lop=").count('<li class="row">') == 1
    assert "Không còn ai thiếu" in pages.get(desk.client, f"{desk.path}?lop=9Z")


def test_rows_are_paged_by_key_without_loss(desk):
    desk.save(table(*(row(n, "1A" if n % 2 else "1B", f"Bé Mẫu {'B' * (n + 1)}") for n in range(60))))
    first = pages.get(desk.client, desk.path)
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = pages.get(desk.client, following)
    names = re.findall(r"<strong>(Bé Mẫu B+)</strong>", first + second)
    assert len(names) == len(set(names)) == 60
    assert pages.get(desk.client, f"{desk.path}?sau=x_y_z").count('<li class="row">') == 50


def test_the_missing_as_a_file_run_no_formula(desk):
    desk.save(table(row(1, "=1+1"), row(2, "@SUM(A1)"), row(3, "-2")))
    body = desk.client.get(f"{desk.path}/con-thieu.csv").data.decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(body)))
    assert [one["lop_hoac_to"] for one in found] == ["'-2", "'=1+1", "'@SUM(A1)"]
    assert {one["tinh_trang"] for one in found} == {"Chưa đăng ký"}


def test_the_missing_of_a_class(engine, desk, declared):
    set_status(engine, "received")
    desk.save(table(CHILD_ROW, row(1), row(2, "1B")))
    body = desk.client.get(f"{desk.path}/con-thieu.csv?lop=1a").data.decode("utf-8-sig")
    assert [one["ma_so_bhxh"] for one in csv.DictReader(io.StringIO(body))] == ["7900000001"]


def test_another_organisations_roster_does_not_exist(school, desk, client):
    desk.save(table(row(1)))
    assert school.manager.get(desk.path).status_code == 200
    for address in (desk.path, f"{desk.path}/con-thieu.csv"):
        assert school.stranger.get(address).status_code == 404
        assert client.get(address).location.startswith("/to-chuc/dang-nhap")
    assert people.post(school.stranger, f"{desk.path}/xoa", {}, "/to-chuc/thanh-vien").status_code == 404
    assert len(desk.rows) == 1


def test_a_manager_deletes_and_a_clerk_does_not(engine, school, desk):
    desk.save(table(row(1)))
    path = desk.path
    assert "Xoá danh sách" not in pages.get(school.clerk, path)
    assert people.post(school.clerk, f"{path}/xoa", {}, "/to-chuc/danh-sach/tai-len").status_code == 403
    assert people.post(school.manager, f"{path}/xoa", {}, path).status_code == 303
    assert desk.rows == []
    assert school.manager.get(path).status_code == 404


def test_each_look_is_in_the_audit(engine, desk):
    desk.save(table(row(1)))
    pages.get(desk.client, desk.path)
    desk.client.get(f"{desk.path}/con-thieu.csv")
    with reading(engine) as db:
        found = db.scalars(select(AuditEntry).where(AuditEntry.tag.like("roster.%"))).all()
    assert [(one.tag, one.actor_kind) for one in found] == [
        ("roster.saved", "member"), ("roster.viewed", "member"), ("roster.exported", "member"),
    ]  # fmt: skip


def test_home_and_officers_see_what_is_missing(school, desk, officer):
    assert "Chưa có danh sách nào" in pages.get(desk.client, "/to-chuc/danh-sach")
    desk.save(table(row(1), row(2, "1B")))
    words = "2 lớp/tổ · 2 người · còn thiếu 2"
    for client, path in (
        (desk.client, "/to-chuc"),
        (desk.client, "/to-chuc/danh-sach"),
        (officer, f"/can-bo/to-chuc/{school.id}"),
    ):
        assert words in pages.get(client, path)


@pytest.mark.parametrize(
    "path", ["/to-chuc", "/to-chuc/danh-sach", "/to-chuc/danh-sach/tai-len", "/to-chuc/thanh-vien"]
)
def test_the_pages_of_an_organisation_render_alone(desk, path):
    assert pages.part(desk.client, path).startswith("<title>")
