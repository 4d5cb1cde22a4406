"""Officers tick returned forms by scanning: each outcome in words, once only, within their own agencies."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests import pages, people
from tests.organisations.conftest import officer_of
from tests.rosters.conftest import CHILD_ROW, row, table
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.registration.models import Declaration

SCREEN = "/can-bo/to-chuc/nhan-to-khai"
HTMX = {"HX-Request": "true"}


def declaration(engine) -> Declaration:
    with reading(engine) as db:
        return db.scalars(select(Declaration)).one()


def change(engine, **values) -> None:
    with unit(engine) as db:
        db.execute(update(Declaration).values(**values))


def scan(client, code, **options):
    return people.post(client, SCREEN, {"code": code}, **options)


def said(answer) -> tuple[str, str]:
    """The tone and the words of the answer."""
    html = answer.get_data(as_text=True)
    found = re.search(r'role="status">\s*<div class="notice notice-(\w+)"><p><strong>([^<]+)', html)
    assert found, html[-1500:]
    return found[1], found[2]


@pytest.fixture
def code(desk, declared) -> str:
    """The code on the printed sheet of the child who has declared."""
    desk.save(table(CHILD_ROW, row(1)))
    return next(one.code for one in desk.rows if one.ma_so_bhxh == people.CHILD.ma_so)


def test_a_sheets_code_ticks_the_declaration(engine, officer, code, desk):
    answer = scan(officer, f"R:{code}", follow_redirects=True)
    assert "Đã nhận tờ khai giấy của Đặng Bé Mẫu An" in pages.inspected(answer)
    one = declaration(engine)
    assert (one.status, one.paper_channel, one.paper_id_shown) == ("received", "qua_don_vi", "sao_y")
    assert "Đã nộp bản giấy" in pages.get(desk.client, desk.path)


@pytest.mark.parametrize("shape", ["R:{}{}", "r:{}{}", "{}{}", " R:{}{} ", "{}-{}"])
def test_a_code_is_taken_as_it_is_scanned_or_typed(engine, officer, code, shape):
    assert scan(officer, shape.format(code[:5], code[5:])).status_code == 303
    assert declaration(engine).status == "received"


@pytest.mark.parametrize("lower", [False, True])
def test_a_declarations_own_code_ticks_it(engine, officer, declared, lower):
    spoken = f"{declaration(engine).code[:4]}-{declaration(engine).code[4:]}"
    assert scan(officer, spoken.lower() if lower else spoken).status_code == 303
    assert declaration(engine).status == "received"


def test_with_htmx_only_the_list_comes_and_the_field_stays(officer, code):
    answer = scan(officer, f"R:{code}", headers=HTMX)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert said(answer) == ("good", "Đã nhận tờ khai giấy của Đặng Bé Mẫu An.")
    assert "<input" not in html
    assert html.count("<tr>") == 2
    page = pages.get(officer, SCREEN)
    assert "autofocus" in page
    assert "Đặng Bé Mẫu An" in page


def test_twice_is_said_in_another_tone(engine, officer, code):
    scan(officer, code)
    at = declaration(engine).paper_at
    for htmx in ({}, HTMX):
        answer = scan(officer, code, headers=htmx)
        assert answer.status_code == 422
        assert said(answer) == ("info", "Đặng Bé Mẫu An: bản giấy đã được nhận trước đó.")
    assert declaration(engine).paper_at == at


def test_a_row_without_declaration_says_so(officer, code, desk):
    other = next(one.code for one in desk.rows if one.code != code)
    assert said(scan(officer, other)) == ("warn", "Nguyễn Bé Mẫu chưa gửi tờ khai.")


@pytest.mark.parametrize("text", ["R:", "R:BCDFGHJKLM", "2345678Z", "x" * 100, "%", "R:' OR 1=1", "0900000103"])
def test_what_is_no_code_is_not_found(officer, text):
    tone, words = said(scan(officer, text))
    assert tone == "bad"
    assert "Không có tờ khai" in words


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["bare", "htmx"])
@pytest.mark.parametrize("text", ["", " ", "\u00a0"])
def test_an_empty_field_is_called_empty_beside_it(officer, text, headers):
    answer = scan(officer, text, headers=headers)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#counter", "outerHTML")
    assert re.search(r'<p class="error" id="code-error"[^>]*>.*Ô này đang trống\. Hãy quét', html)
    assert re.search(r'<input[^>]*name="code"[^>]*aria-invalid="true" aria-describedby="code-error"', html)
    assert "Không có tờ khai" not in html


def test_of_another_agency_no_name_is_told(engine, elsewhere, code, desk):
    other = next(one.code for one in desk.rows if one.code != code)
    for text in (declaration(engine).code, code, other):
        tone, words = said(scan(elsewhere, text))
        assert (tone, "cơ quan BHXH khác" in words, "Mẫu" in words) == ("bad", True, False)
    assert declaration(engine).status == "waiting"


def test_a_child_of_this_agency_is_ticked_whosever_school_it_is(app, engine, elsewhere, code):
    change(engine, agency_code="08903")
    assert scan(elsewhere, code).status_code == 303


def test_too_late_is_said_with_the_day(engine, officer, code):
    change(engine, lapses_on=today() - timedelta(days=1))
    tone, words = said(scan(officer, code))
    assert tone == "bad"
    assert "quá hạn" in words


@pytest.mark.parametrize(
    ("status", "tone", "words"),
    [("lapsed", "bad", "huỷ"), ("approved", "info", "đã được duyệt"), ("rejected", "bad", "từ chối")],
)
def test_what_has_ended_is_not_ticked(engine, officer, code, status, tone, words):
    change(engine, status=status)
    found = said(scan(officer, code))
    assert found[0] == tone
    assert words in found[1]
    assert declaration(engine).paper_at is None


def test_the_paper_goes_to_the_declaration_that_waits_for_it(engine, officer, code, new_client):
    change(engine, status="rejected")
    second = new_client()
    people.accept_terms(second)
    form = people.child_form(people.CHILD, people.GUARDIAN, phone=people.GUARDIAN.phone)
    people.post(second, "/dang-ky/tre-em/thong-tin", form)
    people.finish_child(second)
    assert scan(officer, code).status_code == 303
    with reading(engine) as db:
        assert sorted(db.scalars(select(Declaration.status))) == ["received", "rejected"]


def test_of_two_ticks_at_once_one_wins(app, engine, new_client, officer, code):
    officers = [officer, officer_of(app, engine, new_client, "CB09", "08902")]
    tokens = [people.csrf(client, SCREEN) for client in officers]

    def one(at: int) -> int:
        return officers[at].post(SCREEN, data={"csrf_token": tokens[at], "code": code}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == [303, 422]
    with reading(engine) as db:
        tags = list(db.scalars(select(AuditEntry.tag).where(AuditEntry.tag == "declaration.paper_received")))
    assert len(tags) == 1


def test_names_that_were_shown_are_in_the_audit(engine, officer, code):
    scan(officer, code)
    scan(officer, code)
    with reading(engine) as db:
        found = db.scalars(select(AuditEntry).where(AuditEntry.tag == "roster.scanned")).all()
    assert [(one.actor_kind, one.subject_kind, one.detail) for one in found] == [
        ("officer", "declaration", {"agency": "08902"})
    ]


def test_only_who_decides_may_tick(app, engine, new_client, agencies, school, client):
    with unit(engine) as db:
        setup = people.add_officer(app, db, "KT01", "08902", "kiem_toan")
    auditor = new_client()
    people.officer_signs_in(app, auditor, "KT01", setup)
    assert auditor.get(SCREEN).status_code == 403
    for visitor in (client, school.manager):
        assert visitor.get(SCREEN).location.startswith("/can-bo/dang-nhap")


def test_the_list_is_todays_and_ones_own(engine, officer, code):
    scan(officer, code)
    change(engine, paper_at=now() - timedelta(days=2))
    assert "chưa nhận tờ khai nào" in pages.get(officer, SCREEN)
