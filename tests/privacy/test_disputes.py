"""“Không phải tôi / sai”: a row is disputed once at a time, by its owner or a guardian, and marked until it is answered."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests import pages, people
from tests.privacy.test_requests import act, one, told
from vssid import records
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.privacy.models import DataRequest
from vssid.records import IdKind, disputes
from vssid.records.disputes import RowKind
from vssid.records.models import Guardianship
from vssid.web.i18n import day

ROW = UUID("5f3c1c1e-0000-4000-8000-000000000001")
CALLED = "Khám ngày 03/11/2026 tại Bệnh viện Mẫu"


@pytest.fixture
def rows(app, member):
    """One visit of the citizen's."""
    with reading(member.engine) as db:
        owner = records.person_by(db, IdKind.MA_SO_BHXH, people.CITIZEN.ma_so).id
    before = app.extensions.get("disputes.rows", {})
    app.extensions["disputes.rows"] = {
        RowKind.VISIT: lambda _db, person, id: CALLED if (person, id) == (owner, ROW) else None
    }
    yield owner
    app.extensions["disputes.rows"] = before


def path(row: UUID = ROW, kind: str = "visit") -> str:
    return f"/ca-nhan/khieu-nai/{kind}/{row}"


def dispute(client, about: str = "khong_phai_toi", words: str = "", **options):
    return people.post(client, path(), {"about": about, "words": words}, path(), **options)


def ward(engine, guardian: UUID) -> UUID:
    """A child for whom the citizen acts."""
    with unit(engine) as db:
        child = people.add_person(db, people.CHILD)
        link = {"id": uuid4(), "child_id": child, "guardian_id": guardian, "valid_from": now().date()}
        db.add(Guardianship(source="test", **link))
    return child


def marked(app, engine, owner: UUID) -> frozenset[UUID]:
    with app.app_context(), reading(engine) as db:
        return disputes.disputed(db, owner, RowKind.VISIT)


def test_a_row_is_marked_from_the_sending_to_the_answer(app, member, rows):
    form = pages.get(member.citizen, path())
    assert CALLED in form
    answer = dispute(member.citizen)
    assert answer.status_code == 303
    html = pages.get(member.citizen, answer.headers["Location"])
    assert CALLED in html
    assert "Không phải của tôi" in html
    assert "Dòng này sai thế nào" in html
    assert "Về dữ liệu<" not in html
    assert marked(app, member.engine, rows) == {ROW}
    request = one(member.engine)
    assert f"chậm nhất ngày {day(request.done_by)}" in form
    assert (request.done_by - request.asked_at.date()).days in (10, 11)  # the night belongs to the next day in Vietnam
    assert request.code[:4] in told(member, "request_asked")
    desk = pages.get(member.officer, f"/can-bo/du-lieu/{request.id}")
    assert CALLED in desk
    assert "Không phải của người này" in desk
    assert act(member.officer, member.engine, "done", "Lượt khám ghi nhầm mã số, đã gỡ.").status_code == 303
    assert marked(app, member.engine, rows) == frozenset()


def test_one_complaint_a_row_at_a_time_and_others_beside_it(app, member, rows):
    assert dispute(member.citizen).status_code == 303
    again = dispute(member.citizen, "sai", "Sai ngày khám.")
    assert again.status_code == 422
    assert "đang chờ cơ quan trả lời" in again.text
    other = uuid4()
    app.extensions["disputes.rows"][RowKind.PAPER] = lambda _db, _person, id: "Giấy ra viện" if id == other else None
    assert people.post(member.citizen, path(other, "paper"), {"about": "sai"}, path(other, "paper")).status_code == 303
    assert marked(app, member.engine, rows) == {ROW}


def test_a_form_without_a_choice_comes_back_with_its_words(member, rows):
    answer = people.post(
        member.citizen, path(), {"words": "Tôi không đi khám hôm đó."}, path(), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "Hãy chọn một trong hai." in answer.text
    assert "Tôi không đi khám hôm đó." in answer.text
    with reading(member.engine) as db:
        assert db.scalars(select(DataRequest)).all() == []


@pytest.mark.parametrize("where", [path(uuid4()), path(kind="card"), path(kind="contribution")])
def test_rows_of_others_and_kinds_that_nobody_knows_do_not_exist(member, rows, where):
    assert member.citizen.get(where).status_code == 404
    token = people.csrf(member.citizen, "/tai-khoan/du-lieu/yeu-cau/moi")
    assert member.citizen.post(where, data={"csrf_token": token, "about": "sai"}).status_code == 404


def test_a_stranger_finds_nothing_there(stranger, rows):
    assert stranger.get(path()).status_code == 404


def test_a_guardian_disputes_a_row_of_their_child_under_the_childs_name(app, member, rows):
    child = ward(member.engine, rows)
    app.extensions["disputes.rows"][RowKind.VISIT] = lambda _db, person, id: CALLED if person == child else None
    where = f"/ca-nhan/gia-dinh/{child}/khieu-nai/visit/{ROW}"
    agreement = f"/ca-nhan/gia-dinh/{child}/dong-y"
    people.post(member.citizen, agreement, {"guardian": "1", "child": "1"}, agreement)
    asks = pages.get(member.citizen, where)
    assert people.CHILD.name in asks
    assert "Không phải của con" in asks
    assert people.post(member.citizen, where, {"about": "sai", "words": ""}, where).status_code == 303
    assert marked(app, member.engine, child) == {ROW}
    with reading(member.engine) as db:
        subjects = db.scalars(select(AuditEntry.subject_id).where(AuditEntry.tag == "privacy.request_asked")).all()
    assert subjects == [child]


def test_a_child_of_somebody_elses_has_no_such_page(stranger, member, rows):
    child = ward(member.engine, rows)
    assert stranger.get(f"/ca-nhan/gia-dinh/{child}/khieu-nai/visit/{ROW}").status_code == 404


def test_the_form_leads_back_to_the_row_and_the_receipt_says_what_comes(app, member, rows):
    before = app.extensions.get("disputes.addresses", {})
    app.extensions["disputes.addresses"] = {RowKind.VISIT: lambda _db, _person, id: f"/so-kham/{id}"}
    try:
        assert f'href="/ca-nhan/so-kham/{ROW}">Quay lại' in pages.get(member.citizen, path())
        answer = dispute(member.citizen)
        html = pages.get(member.citizen, answer.headers["Location"])
    finally:
        app.extensions["disputes.addresses"] = before
    due = day(one(member.engine).done_by)
    assert f"Đã gửi khiếu nại. Cơ quan BHXH kiểm tra và trả lời chậm nhất ngày {due}." in html
    assert "Tiếp theo" in html
    assert f'href="/ca-nhan/so-kham/{ROW}">Xem lại dòng này' in html


def test_a_childs_row_is_led_back_to_among_the_childs_pages(app, member, rows):
    child = ward(member.engine, rows)
    app.extensions["disputes.rows"][RowKind.VISIT] = lambda _db, person, id: CALLED if person == child else None
    address = f"/ca-nhan/gia-dinh/{child}{path().removeprefix('/ca-nhan')}"
    people.post(member.citizen, f"/ca-nhan/gia-dinh/{child}/dong-y", {"guardian": "1", "child": "1"})
    assert f'href="/ca-nhan/gia-dinh/{child}/so-kham/{ROW}">Quay lại' in pages.get(member.citizen, address)
