"""The officer's side: queue, review, paper, decision; every view of a photo leaves a trace."""

import re
import threading

import pytest
from sqlalchemy import select

from tests import pages, people
from vssid.accounts.models import Account, LoginName
from vssid.kernel.audit import AuditEntry
from vssid.kernel.db import reading, unit
from vssid.notifications.models import OutboxMessage
from vssid.records.models import Person
from vssid.registration.models import Declaration


@pytest.fixture
def cast(app, engine):
    with unit(engine) as db:
        people.add_agency(db, "089", "BHXH Tỉnh An Giang (mẫu)")
        people.add_agency(db, "08902", "BHXH cơ sở Mẫu Một", "089")
        people.add_agency(db, "08903", "BHXH cơ sở Mẫu Hai", "089")
        people.add_person(db, people.CITIZEN)
        return {
            code: people.add_officer(app, db, code, agency, role)
            for code, agency, role in (
                ("CB01", "08902", "duyet_ho_so"),
                ("CB02", "08903", "duyet_ho_so"),
                ("GS01", "089", "giam_sat"),
                ("KT01", "08902", "kiem_toan"),
            )
        }


@pytest.fixture
def sign_in(app, new_client, cast):
    def enter(code):
        client = new_client()
        people.officer_signs_in(app, client, code, cast[code])
        return client

    return enter


@pytest.fixture
def declared(new_client, engine, cast):
    people.send_declaration(new_client(), people.CITIZEN)
    with reading(engine) as db:
        return db.query(Declaration).one()


def path_of(declaration) -> str:
    return f"/can-bo/to-khai/{declaration.id}"


def state(engine) -> Declaration:
    with reading(engine) as db:
        return db.query(Declaration).one()


def tags(engine) -> list[str]:
    with reading(engine) as db:
        return list(db.scalars(select(AuditEntry.tag).order_by(AuditEntry.id)))


def test_the_queue_shows_ones_own_agency_only(sign_in, declared):
    own, other, supervisor = sign_in("CB01"), sign_in("CB02"), sign_in("GS01")
    assert people.CITIZEN.name in pages.get(own, "/can-bo/to-khai")
    assert "<b>1</b>" in pages.get(own, "/can-bo")
    assert people.CITIZEN.name not in pages.get(other, "/can-bo/to-khai")
    assert people.CITIZEN.name in pages.get(supervisor, "/can-bo/to-khai")


def test_another_offices_declaration_does_not_exist(sign_in, declared):
    other = sign_in("CB02")
    assert other.get(path_of(declared)).status_code == 404
    assert other.get(path_of(declared) + "/anh/front.jpg").status_code == 404
    for act in ("duyet", "tu-choi", "giay"):
        assert people.post(other, f"{path_of(declared)}/{act}", {}, "/can-bo").status_code == 404
    assert people.CITIZEN.name not in pages.get(other, f"/can-bo/to-khai?q={declared.code}")


def test_a_role_without_the_permission_is_stopped(sign_in, declared):
    auditor = sign_in("KT01")
    assert auditor.get("/can-bo/to-khai").status_code == 403
    assert auditor.get(path_of(declared)).status_code == 403


def test_a_stranger_is_sent_to_sign_in(client, declared):
    assert client.get(path_of(declared)).location.startswith("/can-bo/dang-nhap")
    answer = client.get(path_of(declared), headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/can-bo/dang-nhap")


def test_the_exact_numbers_find_a_declaration(sign_in, declared):
    officer = sign_in("CB01")
    for text in (declared.code.lower(), people.CITIZEN.ma_so, people.CITIZEN.phone, people.CITIZEN.cccd):
        assert people.CITIZEN.name in pages.get(officer, f"/can-bo/to-khai?q={text}")
    assert "Không tìm thấy" in pages.get(officer, "/can-bo/to-khai?q=8900000999")


def test_review_puts_typed_and_registered_values_side_by_side(sign_in, declared):
    html = pages.get(sign_in("CB01"), path_of(declared))
    assert html.count(people.CITIZEN.cccd) == 2
    assert "04/09/1985" in html
    assert "differs" in html
    assert "Số CCCD đúng năm sinh, giới tính" in html


def test_views_of_declaration_and_photo_are_audited(sign_in, engine, declared):
    officer = sign_in("CB01")
    officer.get(path_of(declared))
    photo = officer.get(path_of(declared) + "/anh/back.jpg")
    assert photo.data[:3] == b"\xff\xd8\xff"
    assert photo.headers["Cache-Control"] == "private, no-store"
    with reading(engine) as db:
        entry = db.scalars(select(AuditEntry).where(AuditEntry.tag == "declaration.photo_viewed")).one()
    assert entry.actor_kind == "officer"
    assert entry.subject_id == declared.id
    assert entry.detail == {"side": "back", "agency": "08902", "status": "waiting"}
    assert "declaration.viewed" in tags(engine)


def test_the_paper_is_noted_with_channel_receiver_and_id(sign_in, engine, declared):
    officer = sign_in("CB01")
    answer = people.post(
        officer, path_of(declared) + "/giay", {"channel": "buu_chinh", "id_shown": "cccd"}, path_of(declared)
    )
    assert answer.status_code == 303
    row = state(engine)
    assert (row.status, row.paper_channel, row.paper_id_shown) == ("received", "buu_chinh", "cccd")
    assert row.paper_by is not None
    assert (
        people.post(
            officer, path_of(declared) + "/giay", {"channel": "tai_noi", "id_shown": "cccd"}, path_of(declared)
        ).status_code
        == 422
    )


@pytest.mark.parametrize("data", [{}, {"channel": "tai_noi"}, {"channel": "la", "id_shown": "cccd"}])
def test_a_paper_without_its_particulars_is_refused(sign_in, engine, declared, data):
    answer = people.post(sign_in("CB01"), path_of(declared) + "/giay", data, path_of(declared))
    assert answer.status_code == 422
    pages.inspected(answer)
    assert state(engine).status == "waiting"


def test_approval_makes_an_account_with_two_names_and_sends_a_code(app, sign_in, engine, declared):
    answer = people.post(sign_in("CB01"), path_of(declared) + "/duyet", {}, path_of(declared))
    assert answer.status_code == 303
    with reading(engine) as db:
        account = db.query(Account).one()
        assert (account.status, account.phone) == ("new", "+84900000101")
        assert set(db.scalars(select(LoginName.value))) == {people.CITIZEN.ma_so, people.CITIZEN.cccd}
        assert db.query(Person).one().portrait_file_id is not None
        kinds = set(db.scalars(select(OutboxMessage.kind)))
    assert {"code.activation", "declaration.approved"} <= kinds
    assert state(engine).status == "approved"
    assert len(people.sent_code(app, "code.activation")) == 8


def test_an_approved_declaration_is_not_decided_again(sign_in, engine, declared):
    officer = sign_in("CB01")
    people.post(officer, path_of(declared) + "/duyet", {}, path_of(declared))
    for act in ("duyet", "tu-choi"):
        answer = people.post(officer, f"{path_of(declared)}/{act}", {"reason_code": "anh_mo"}, "/can-bo")
        assert answer.status_code == 422
        assert "đã kết thúc" in pages.inspected(answer)


def test_a_number_outside_the_register_cannot_be_approved(sign_in, engine, new_client, cast):
    people.send_declaration(new_client(), people.STRANGER)
    row = state(engine)
    answer = people.post(sign_in("CB01"), path_of(row) + "/duyet", {}, path_of(row))
    assert answer.status_code == 422
    assert "không có trong sổ bộ" in pages.inspected(answer)
    assert state(engine).status == "waiting"


def test_one_phone_serves_one_adult_account(sign_in, engine, new_client, cast):
    other = people.Specimen(**{**people.STRANGER.__dict__, "phone": people.CITIZEN.phone})
    with unit(engine) as db:
        people.add_person(db, other)
    for who in (people.CITIZEN, other):
        people.send_declaration(new_client(), who)
    officer = sign_in("CB01")
    with reading(engine) as db:
        rows = {row.ma_so_bhxh: row for row in db.scalars(select(Declaration))}
    assert people.post(officer, path_of(rows[people.CITIZEN.ma_so]) + "/duyet", {}, "/can-bo").status_code == 303
    html = pages.get(officer, path_of(rows[other.ma_so]))
    assert people.CITIZEN.name in html, "the duplicate candidate is shown"
    answer = people.post(officer, path_of(rows[other.ma_so]) + "/duyet", {}, "/can-bo")
    assert answer.status_code == 422
    assert "tài khoản khác" in pages.inspected(answer)


def test_officers_do_not_open_what_their_family_sent(app, new_client, engine, cast):
    with unit(engine) as db:
        setup = people.add_officer(app, db, "CB09", "08902", ma_so_bhxh=people.CITIZEN.ma_so)
    people.send_declaration(new_client(), people.CITIZEN)
    officer = new_client()
    people.officer_signs_in(app, officer, "CB09", setup)
    row = state(engine)
    for page in ("", "/anh/front.jpg"):
        answer = officer.get(path_of(row) + page)
        assert answer.status_code == 422
        assert "người nhà" in pages.inspected(answer)
    for act in ("duyet", "tu-choi", "giay", "tra-lai", "gop", "khong-trung"):
        answer = people.post(officer, f"{path_of(row)}/{act}", {}, "/can-bo")
        assert answer.status_code == 422
        assert "người nhà" in answer.get_data(as_text=True)
    assert state(engine).status == "waiting"
    assert "declaration.viewed" not in tags(engine)


def test_a_rejection_reaches_the_citizen_with_its_reason(sign_in, engine, new_client, declared):
    officer = sign_in("CB01")
    bare = people.post(
        officer, path_of(declared) + "/tu-choi", {"reason_code": "khac", "reason": "?"}, path_of(declared)
    )
    assert bare.status_code == 422
    words = "Ảnh mặt sau bị <b>che</b> mất số."
    answer = people.post(
        officer, path_of(declared) + "/tu-choi", {"reason_code": "anh_mo", "reason": words}, path_of(declared)
    )
    assert answer.status_code == 303
    citizen = new_client()
    people.post(citizen, "/to-khai", {"code": declared.code, "phone": people.CITIZEN.phone})
    html = pages.get(citizen, "/to-khai/xem")
    assert "Bị từ chối" in html
    assert "mờ hoặc bị che" in html
    assert "&lt;b&gt;che&lt;/b&gt;" in html


def test_fifty_parallel_approvals_have_one_winner(app, sign_in, engine, declared):
    officer = sign_in("CB01")
    token = people.csrf(officer, path_of(declared))
    cookie = officer.get_cookie("vssid").value
    results: list[int] = []

    def press() -> None:
        with app.test_client() as client:
            client.set_cookie("vssid", cookie)
            results.append(client.post(path_of(declared) + "/duyet", data={"csrf_token": token}).status_code)

    threads = [threading.Thread(target=press) for _n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count(303) == 1
    assert set(results) <= {303, 422, 503}
    with reading(engine) as db:
        assert db.query(Account).count() == 1
    assert tags(engine).count("declaration.approved") == 1


def test_after_a_decision_the_next_one_is_open(sign_in, engine, new_client, cast):
    with unit(engine) as db:
        people.add_person(db, people.STRANGER)
    for who in (people.CITIZEN, people.STRANGER):
        people.send_declaration(new_client(), who)
    officer = sign_in("CB01")
    first = re.search(r'href="(/can-bo/to-khai/[0-9a-f-]{36})"', pages.get(officer, "/can-bo/to-khai"))[1]
    answer = people.post(officer, first + "/duyet", {}, first)
    assert re.fullmatch(r"/can-bo/to-khai/[0-9a-f-]{36}", answer.location)
    assert answer.location != first


def test_the_queue_is_paged_by_key(sign_in, engine, new_client, declared):
    from uuid import uuid4

    with unit(engine) as db:
        values = {c.name: getattr(declared, c.name) for c in Declaration.__table__.columns}
        for n in range(30):
            db.add(Declaration(**{**values, "id": uuid4(), "code": f"PAGE{n:04}", "full_name": f"Mẫu Số {n:02}"}))
    officer = sign_in("CB01")
    first = pages.get(officer, "/can-bo/to-khai")
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = pages.get(officer, following)
    names = re.findall(r">(Mẫu Số \d\d|" + people.CITIZEN.name + ")</a>", first + second)
    assert len(names) == len(set(names)) == 31
    pages.get(officer, "/can-bo/to-khai?sau=nonsense")


def test_what_a_browser_reads_ahead_is_no_look_and_is_not_noted(sign_in, engine, declared):
    officer = sign_in("CB01")
    for purpose in ("prefetch", "prefetch;prerender"):
        for path in (path_of(declared), path_of(declared) + "/anh/front.jpg"):
            answer = officer.get(path, headers={"Sec-Purpose": purpose})
            assert answer.status_code == 503
            assert people.CITIZEN.name not in answer.get_data(as_text=True)
    assert not {"declaration.viewed", "declaration.photo_viewed"} & set(tags(engine))
    officer.get(path_of(declared))
    assert tags(engine).count("declaration.viewed") == 1


def test_every_key_is_shown_once_and_named_to_readers_of_the_screen(sign_in, declared):
    html = pages.get(sign_in("CB01"), path_of(declared))
    named = re.findall(r'data-key="(\w)"[^>]* aria-keyshortcuts="(\w)"', html)
    shown = re.findall(r'<kbd aria-hidden="true">(\w)</kbd>', html)
    assert [one for one, _other in named] == [other for _one, other in named] == shown
    assert sorted(shown) == ["A", "N", "P", "R"]
