"""Requests: clocks of the law, one officer who ends them, scope, and words for the person at each step."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from tests import pages, people
from tests.privacy.conftest import officer
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import day_of, now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Refused
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.privacy.models import DataRequest
from vssid.privacy.requests import actions, queries
from vssid.privacy.rules import Clocks, Kind, Late, Status, late
from vssid.registration import house
from vssid.registration.models import Declaration

BASE, DESK = "/tai-khoan/du-lieu/yeu-cau", "/can-bo/du-lieu"
WORDS = "Ngày sinh đúng là 05/09/1985, xin sửa lại."


def ask(client, kind: str = "sua", words: str = WORDS, **options):
    return people.post(
        client, BASE, {"kind": kind, "about": "ngay_sinh", "words": words}, f"{BASE}/moi?loai={kind}", **options
    )


def one(engine) -> DataRequest:
    with reading(engine) as db:
        return db.scalars(select(DataRequest).order_by(DataRequest.asked_at.desc())).first()


def act(client, engine, name: str, words: str = "Đã sửa ngày sinh theo giấy khai sinh.", **options):
    path = f"{DESK}/{one(engine).id}"
    if name == "tiep-nhan":
        return people.post(client, f"{path}/tiep-nhan", {}, path, **options)
    return people.post(client, f"{path}/tra-loi", {"act": name, "words": words}, path, **options)


def told(member, kind: str) -> str:
    with reading(member.engine) as db:
        rows = db.query(OutboxMessage).where(OutboxMessage.kind == f"privacy.{kind}", OutboxMessage.channel == "sms")
        return opened(member.app.extensions["keyring"], rows.order_by(OutboxMessage.created_at.desc()).first()).text


# --- the clocks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "days", "more"),
    [("sua", 10, 10), ("xoa", 20, 20), ("han_che", 15, 15), ("phan_doi", 15, 15), ("khieu_nai_xem", 10, 10)],
)
def test_the_law_gives_each_kind_its_days(engine, kind, days, more):
    friday = date(2026, 11, 27)
    with reading(engine) as db:
        clocks = queries.clocks(db, Kind(kind), friday)
        assert clocks.done_by - friday == timedelta(days=days)
        assert clocks.answer_by == date(2026, 12, 1)  # Monday, Tuesday
        assert queries.more_days(db, Kind(kind), friday) == more


@pytest.mark.parametrize(
    ("status", "on", "expected"),
    [
        ("new", 2, None), ("new", 3, Late.ANSWER), ("acknowledged", 3, None), ("acknowledged", 10, None),
        ("acknowledged", 11, Late.DONE), ("new", 11, Late.DONE), ("done", 30, None), ("refused", 30, None),
    ],
)  # fmt: skip
def test_what_is_overdue(status, on, expected):
    day = date(2026, 11, 2)
    clocks = Clocks(day + timedelta(days=2), day + timedelta(days=10))
    assert late(Status(status), clocks, day + timedelta(days=on)) is expected


# --- the citizen ------------------------------------------------------------------------------------------------------


def test_a_request_has_a_code_its_last_days_and_is_confirmed_without_data(member):
    answer = ask(member.citizen)
    assert answer.status_code == 303
    html = pages.get(member.citizen, answer.headers["Location"])
    request = one(member.engine)
    assert f"{request.code[:4]}-{request.code[4:]}" in html
    assert WORDS in html
    assert request.done_by == day_of(request.asked_at) + timedelta(days=10)
    assert "Tiếp nhận chậm nhất" in html
    text = told(member, "request_asked")
    assert len(text) <= 160
    assert "1985" not in text
    assert request.agency_code == "08902"
    assert "Sửa dữ liệu" in pages.get(member.citizen, BASE)
    assert "1 yêu cầu chờ trả lời" in pages.get(member.citizen, "/tai-khoan/du-lieu")


def test_with_script_the_answer_leads_to_the_request(member):
    answer = ask(member.citizen, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert str(one(member.engine).id) in answer.headers["HX-Location"]


@pytest.mark.parametrize(("field", "value"), [("words", ""), ("kind", ""), ("kind", "khieu_nai_xem"), ("about", "x")])
def test_what_is_missing_or_not_offered_is_asked_for_again(member, field, value):
    form = {"kind": "sua", "about": "", "words": WORDS, field: value}
    answer = people.post(member.citizen, BASE, form, f"{BASE}/moi")
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert field == "words" or WORDS in html
    assert one(member.engine) is None


def test_too_long_is_said_and_nothing_typed_is_lost(member):
    answer = ask(member.citizen, words="a" * 2001)
    assert answer.status_code == 422
    assert "a" * 2001 in pages.inspected(answer)


def test_one_open_request_of_a_kind(member):
    assert ask(member.citizen).status_code == 303
    answer = ask(member.citizen)
    assert answer.status_code == 422
    assert "cùng loại" in pages.inspected(answer)
    assert ask(member.citizen, "xoa").status_code == 303


def test_after_taking_it_back_one_may_ask_again(member):
    ask(member.citizen)
    path = f"{BASE}/{one(member.engine).id}"
    assert people.post(member.citizen, f"{path}/rut", {}, path).status_code == 303
    assert "Bạn đã rút" in pages.get(member.citizen, path)
    assert ask(member.citizen).status_code == 303


def test_five_a_day(member):
    for _n in range(5):
        assert ask(member.citizen).status_code == 303
        path = f"{BASE}/{one(member.engine).id}"
        people.post(member.citizen, f"{path}/rut", {}, path)
    answer = ask(member.citizen)
    assert answer.status_code == 422
    assert "ngày mai" in pages.inspected(answer)


def test_parallel_requests_leave_one(member, engine):
    def go(_n: int) -> bool:
        with member.app.app_context():
            try:
                with unit(engine) as db:
                    account = member.account
                    by = actions.By(actions.audit.ActorKind.CITIZEN, account.id)
                    wish = actions.Wish(Kind.DELETE, "x")
                    actions.ask(db, house(), account.id, account.person_id, wish, by=by, at=now())
                return True
            except Refused:
                return False

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(go, range(20))) == 1


def test_a_strangers_request_does_not_exist(member, stranger):
    ask(member.citizen)
    path = f"{BASE}/{one(member.engine).id}"
    assert stranger.get(path).status_code == 404
    assert people.post(stranger, f"{path}/rut", {}, f"{BASE}/moi").status_code == 404
    assert one(member.engine).status == "new"


# --- the officer ------------------------------------------------------------------------------------------------------


def test_an_officer_acknowledges_and_answers_and_the_citizen_reads_it(member):
    ask(member.citizen)
    html = pages.get(member.officer, DESK)
    assert people.CITIZEN.name in html
    assert WORDS not in html
    assert re.search(r"Yêu cầu về dữ liệu</span> <b>1</b>", html)
    assert WORDS in pages.get(member.officer, f"{DESK}/{one(member.engine).id}")
    assert act(member.officer, member.engine, "tiep-nhan").status_code == 303
    assert "tiep nhan" in told(member, "request_acknowledged")
    assert act(member.officer, member.engine, "done").status_code == 303
    shown = pages.get(member.citizen, f"{BASE}/{one(member.engine).id}")
    assert "Đã sửa ngày sinh theo giấy khai sinh." in shown
    assert "Đã trả lời" in shown
    assert "giay khai sinh" not in told(member, "request_ended")
    assert "Không có yêu cầu nào" in pages.get(member.officer, DESK)
    assert "privacy.request_viewed" in member.tags()
    assert "Mở yêu cầu về dữ liệu để xem" in pages.get(member.citizen, "/tai-khoan/du-lieu/ai-da-xem")


@pytest.mark.parametrize("name", ["done", "refuse", "extend"])
def test_no_step_without_words(member, name):
    ask(member.citizen)
    for words in ("", "không"):
        answer = act(member.officer, member.engine, name, words)
        assert answer.status_code == 422
        pages.inspected(answer)
    assert one(member.engine).status == "new"


def test_a_refusal_shows_its_reason(member):
    ask(member.citizen)
    assert act(member.officer, member.engine, "refuse", "Giấy khai sinh ghi khác, mời mang bản gốc.").status_code == 303
    html = pages.get(member.citizen, f"{BASE}/{one(member.engine).id}")
    assert "mời mang bản gốc" in html
    assert "Bị từ chối, có lý do" in html


def test_it_is_extended_once_with_a_reason(member):
    ask(member.citizen)
    before = one(member.engine)
    assert act(member.officer, member.engine, "extend", "Cần xác minh ở xã nơi sinh.").status_code == 303
    after = one(member.engine)
    assert after.done_by == before.done_by + timedelta(days=10)
    assert after.status == "acknowledged"
    assert "xác minh ở xã" in pages.get(member.citizen, f"{BASE}/{after.id}")
    assert act(member.officer, member.engine, "extend", "Vẫn chưa xong, cần thêm ngày.").status_code == 422
    assert one(member.engine).done_by == after.done_by


def test_two_officers_race_and_one_wins(member, second_officer):
    ask(member.citizen)
    id = one(member.engine).id
    forms = [pages.get(client, f"{DESK}/{id}") for client in (member.officer, second_officer)]
    tokens = [re.search(r'name="csrf_token" value="([^"]+)"', html)[1] for html in forms]

    def go(job) -> int:
        client, token, name = job
        data = {"csrf_token": token, "act": name, "words": "Lời trả lời của một cán bộ."}
        return client.post(f"{DESK}/{id}/tra-loi", data=data).status_code

    jobs = [(member.officer, tokens[0], "done"), (second_officer, tokens[1], "refuse")]
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(go, jobs)) == [303, 422]
    with reading(member.engine) as db:
        ends = select(AuditEntry.tag).where(AuditEntry.tag.in_(["privacy.request_done", "privacy.request_refused"]))
        assert len(list(db.scalars(ends))) == 1


def test_many_endings_have_one_winner(member, engine):
    ask(member.citizen)
    id = one(engine).id
    with reading(engine) as db:
        decided = db.scalars(select(Declaration.decided_by)).one()

    class Somebody:
        agency_code, by = "08902", actions.By(actions.audit.ActorKind.OFFICER, decided)

    Somebody.id = decided

    def go(_n: int) -> bool:
        with member.app.app_context():
            try:
                with unit(engine) as db:
                    actions.finish(db, house(), id, Status.DONE, "Lời trả lời đủ dài.", by=Somebody, at=now())
                return True
            except Refused:
                return False

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(go, range(50))) == 1


def test_another_agencys_request_does_not_exist(member, elsewhere):
    ask(member.citizen)
    assert people.CITIZEN.name not in pages.get(elsewhere, DESK)
    id = one(member.engine).id
    assert elsewhere.get(f"{DESK}/{id}").status_code == 404
    for name in ("tiep-nhan", "tra-loi"):
        page = "/can-bo/thay-doi"
        assert (
            people.post(elsewhere, f"{DESK}/{id}/{name}", {"act": "done", "words": "x" * 20}, page).status_code == 404
        )
    assert one(member.engine).status == "new"


def test_who_was_registered_nowhere_belongs_to_the_province(app, member, stranger, engine, new_client):
    ask(stranger)
    assert one(engine).agency_code is None
    assert people.STRANGER.name not in pages.get(member.officer, DESK)
    province = officer(app, engine, new_client, "CB09", "089")
    assert people.STRANGER.name in pages.get(province, DESK)
    assert act(province, engine, "done").status_code == 303


def test_nobody_opens_their_familys(app, member, engine, new_client):
    ask(member.citizen)
    relative = officer(app, engine, new_client, "CB08", "08902", ma_so_bhxh=people.CITIZEN.ma_so)
    assert relative.get(f"{DESK}/{one(engine).id}").status_code == 422


def test_overdue_is_shown_to_both(member, engine):
    ask(member.citizen)
    with unit(engine) as db:
        db.execute(
            update(DataRequest).values(answer_by=today() - timedelta(days=9), done_by=today() - timedelta(days=1))
        )
    html = pages.get(member.officer, DESK)
    assert "1 yêu cầu đã quá hạn" in html
    assert "Quá hạn giải quyết" in html
    assert "quá hạn theo luật" in pages.get(member.citizen, f"{BASE}/{one(engine).id}")


def test_the_queue_is_by_the_day_that_is_due(member, stranger, engine):
    ask(member.citizen, "xoa")
    ask(member.citizen, "sua")
    html = pages.get(member.officer, DESK)
    assert html.index("Sửa dữ liệu</td>") < html.index("Xoá dữ liệu</td>")


# --- complaints about a look ------------------------------------------------------------------------------------------


def test_a_look_is_complained_about_and_another_officer_answers(member, second_officer, engine):
    member.officer.get(f"/can-bo/thay-doi/tai-khoan/{member.account.id}")
    html = pages.get(member.citizen, "/tai-khoan/du-lieu/ai-da-xem")
    path = re.search(r'href="([^"]+/hoi)"', html)[1]
    assert "CB01" in pages.get(member.citizen, path)
    assert people.post(member.citizen, path, {"words": ""}).status_code == 422
    assert people.post(member.citizen, path, {"words": "Tôi không đến quầy hôm nay."}).status_code == 303
    request = one(engine)
    assert request.kind == "khieu_nai_xem"
    assert "CB01" in pages.get(member.citizen, f"{BASE}/{request.id}")
    assert member.officer.get(f"{DESK}/{request.id}").status_code == 422
    assert people.post(member.officer, f"{DESK}/{request.id}/tiep-nhan", {}, "/can-bo/thay-doi").status_code == 422
    assert "Tôi không đến quầy" in pages.get(second_officer, f"{DESK}/{request.id}")
    assert act(second_officer, engine, "done").status_code == 303


def test_a_strangers_line_cannot_be_complained_about(member, stranger):
    member.officer.get(f"/can-bo/thay-doi/tai-khoan/{member.account.id}")
    path = re.search(r'href="([^"]+/hoi)"', pages.get(member.citizen, "/tai-khoan/du-lieu/ai-da-xem"))[1]
    assert stranger.get(path).status_code == 404
    assert people.post(stranger, path, {"words": "x" * 20}, f"{BASE}/moi").status_code == 404


def test_ended_requests_are_forgotten_after_five_years(member, engine):
    ask(member.citizen)
    act(member.officer, engine, "done")
    ask(member.citizen, "xoa")
    with unit(engine) as db:
        assert actions.forget_old(db, now() + timedelta(days=5 * 365 - 1)) == 0
    with unit(engine) as db:
        assert actions.forget_old(db, now() + timedelta(days=5 * 365 + 1)) == 1
    assert one(engine).kind == "xoa"


def test_the_desk_is_for_officers(client, member):
    assert client.get(DESK).status_code == 303
    assert member.citizen.get(DESK).status_code == 303
