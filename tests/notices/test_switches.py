"""Switches: one service rests with words, in each worker, never for ever; all others go on."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests import pages, people
from tests.notices.conftest import HTMX, officer, tags, typed
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Refused
from vssid.notices.switches import actions
from vssid.notices.switches.models import ServiceStop
from vssid.notices.switches.rules import NEVER, Atlas, Service, check_until, retry_after
from vssid.services import SERVICES

DESK, OFF = "/can-bo/cong-tac", "/can-bo/cong-tac/ma-so/tat"
PAGE = "/can-bo/cong-tac/ma-so"
HERE = "/tra-cuu/ma-so"
WORDS = "Tra cứu đang sửa, mai mở lại."
AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def form(**changes):
    return {"words_vi": WORDS, "until": typed(now() + timedelta(hours=3)), "version": 0, **changes}


def switch_off(client, **changes):
    return people.post(client, OFF, form(**changes), PAGE)


def stops(engine):
    with reading(engine) as db:
        return list(db.scalars(select(ServiceStop)))


# ---- rules --------------------------------------------------------------------------------------------------------


def test_the_services_of_the_house_close_nothing_that_must_stay_open():
    atlas = Atlas(SERVICES)
    assert {atlas.service_of(path) for path in NEVER} == {None}
    assert atlas.service_of("/dang-ky/ca-nhan/anh") == "dang-ky"
    assert atlas.service_of("/dang-kyx") is None
    child = "/ca-nhan/gia-dinh/5b0f5f0e-6f0b-4f3c-8f8e-2f1f6f0a9c11"
    assert atlas.service_of(f"{child}/the-bhyt.pdf") == "in-the"
    assert atlas.service_of(f"{child}/the-bhyt") is None


def test_a_service_that_would_close_the_way_in_is_refused():
    with pytest.raises(ValueError, match="would close"):
        Atlas((Service("x", N_("x"), ("/dang-nhap",), N_("x")),))


def test_every_address_of_a_service_exists(app):
    atlas = Atlas(SERVICES)
    rules = {re.sub(r"<[^>]*>", "x", str(rule)) for rule in app.url_map.iter_rules()}
    lists = {f"/tra-cuu/{slug}" for slug in ("co-quan", "kham-chua-benh", "cap-giay-nghi", "don-vi", "diem-thu")}
    served = {atlas.service_of(path) for path in rules | lists}
    assert served - {None} == set(atlas.services)


@pytest.mark.parametrize("until", [AT, AT + timedelta(days=7, seconds=1)])
def test_a_stop_ends_later_and_within_a_week(until):
    with pytest.raises(Refused):
        check_until(until, AT)
    check_until(AT + timedelta(days=7), AT)


def test_trying_again_is_worth_it_after_an_hour_at_most():
    assert retry_after(AT + timedelta(minutes=5), AT) == 300
    assert retry_after(AT + timedelta(days=5), AT) == 3600


# ---- off and on ---------------------------------------------------------------------------------------------------


def test_off_it_says_why_and_until_when_and_the_rest_goes_on(engine, client, supervisor):
    assert switch_off(supervisor).status_code == 303
    answer = client.get(HERE)
    assert answer.status_code == 503
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600
    html = answer.text
    for words in ("Dịch vụ tạm dừng", WORDS, "Tra cứu mã số BHXH", "Dự kiến mở lại lúc", "Về trang chủ"):
        assert words in html, words
    assert pages.Page(html).headings == ["Dịch vụ tạm dừng"]
    for path in ("/", "/tra-cuu", "/dang-nhap", "/tra-cuu/co-quan"):
        assert client.get(path).status_code == 200
    assert tags(engine, "service.") == ["service.off"]


def test_a_part_gets_the_words_as_a_notice(client, supervisor):
    switch_off(supervisor)
    answer = client.get(HERE, headers=HTMX)
    assert answer.status_code == 503
    assert "<html" not in answer.text
    assert WORDS in answer.text


@pytest.mark.parametrize("fragment", [False, True])
def test_a_form_is_refused_before_it_is_read(client, supervisor, fragment):
    """Even without a token and with a body that no form would take."""
    switch_off(supervisor)
    answer = client.post(HERE, data=b"\x00" * 10, content_type="multipart/form-data", headers=HTMX if fragment else {})
    assert answer.status_code == 503
    assert "Những gì bạn đã gõ còn ở trang trước" in answer.text


def test_a_half_filled_registration_goes_on_after_the_stop(engine, client, supervisor):
    people.accept_terms(client)
    assert people.post(client, "/dang-ky/ca-nhan/thong-tin", people.info_form(people.CITIZEN)).status_code == 303
    page = f"{DESK}/dang-ky"
    assert people.post(supervisor, f"{page}/tat", form(), page).status_code == 303
    assert WORDS in client.get("/dang-ky/ca-nhan/anh").text
    assert people.post(supervisor, f"{page}/bat", {"version": 1}, page).status_code == 303
    assert client.get("/dang-ky/ca-nhan/anh").status_code == 200


def test_words_in_the_readers_language_or_vietnamese_marked(client, supervisor):
    switch_off(supervisor, words_en="Back tomorrow.")
    assert "Back tomorrow." in client.get(f"{HERE}?lang=en").text
    assert f'<p lang="vi">{WORDS}</p>' in client.get(f"{HERE}?lang=ja").text


def test_hostile_words_are_text(client, supervisor):
    switch_off(supervisor, words_vi="<b onclick=x>%(x)s{{ 7*7 }}</b>")
    assert "&lt;b onclick=x&gt;%(x)s{{ 7*7 }}&lt;/b&gt;" in client.get(HERE).text


@pytest.mark.parametrize("fragment", [False, True])
def test_on_again_before_its_time(engine, client, supervisor, fragment):
    switch_off(supervisor)
    data = {"version": 1, "csrf_token": people.csrf(supervisor, PAGE)}
    answer = supervisor.post(f"{PAGE}/bat", data=data, headers=HTMX if fragment else {})
    assert answer.status_code == (204 if fragment else 303)
    assert client.get(HERE).status_code == 200
    assert stops(engine) == []
    assert tags(engine, "service.") == ["service.off", "service.on"]


def test_it_is_on_again_by_itself_at_its_minute(engine, client, supervisor):
    switch_off(supervisor)
    until = stops(engine)[0].until
    with time_machine.travel(until - timedelta(seconds=1), tick=False):
        assert client.get(HERE).status_code == 503
    with time_machine.travel(until, tick=False):
        assert client.get(HERE).status_code == 200
    with unit(engine) as db:
        actions.forget_over(db, until)
    assert stops(engine) == []


def test_the_stop_is_longer_after_an_extension(engine, client, supervisor):
    switch_off(supervisor)
    until = now() + timedelta(days=5)
    assert switch_off(supervisor, until=typed(until), version=1).status_code == 303
    [row] = stops(engine)
    assert (row.until, row.version) == (until.replace(second=0, microsecond=0), 2)
    assert tags(engine, "service.") == ["service.off", "service.changed"]


def test_of_two_officers_the_second_sees_what_the_first_did(engine, supervisor, app, new_client):
    other = officer(app, engine, new_client, "BT01", "bien_tap")
    switch_off(supervisor)
    answer = switch_off(other, words_vi="Lời khác.")
    assert answer.status_code == 422
    assert "Người khác vừa đổi công tắc này." in answer.text
    assert WORDS in answer.text
    assert people.post(other, f"{PAGE}/bat", {"version": 7}, PAGE).status_code == 422
    assert stops(engine)[0].words_vi == WORDS


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"words_vi": ""}, "Hãy viết câu tiếng Việt."),
        ({"words_zh": "x" * 201}, "Dài quá 200 ký tự"),
        ({"until": ""}, "Hãy chọn lúc mở lại."),
        ({"until": "mai"}, "Hãy chọn ngày và giờ"),
        ({"until": "2099-01-01T00:00"}, "Tắt tối đa 7 ngày"),
        ({"until": "2020-01-01T00:00"}, "Lúc mở lại đã qua"),
    ],
)
@pytest.mark.parametrize("fragment", [False, True])
def test_what_cannot_be_is_refused(engine, supervisor, changes, words, fragment):
    token = people.csrf(supervisor, PAGE)
    answer = supervisor.post(OFF, data={**form(**changes), "csrf_token": token}, headers=HTMX if fragment else {})
    assert answer.status_code == 422
    assert words in answer.text
    assert stops(engine) == []


def test_the_usual_words_are_filled_in(supervisor):
    html = pages.get(supervisor, PAGE)
    assert "Tra cứu mã số BHXH tạm dừng để bảo trì." in html
    assert "/tra-cuu/ma-so" in html


def test_an_unknown_service_does_not_exist(supervisor):
    assert supervisor.get(f"{DESK}/la").status_code == 404
    assert people.post(supervisor, f"{DESK}/la/tat", form(), PAGE).status_code == 404


def test_only_who_may_comes_in(app, engine, supervisor, new_client, client):
    other = officer(app, engine, new_client, "CB01", "duyet_ho_so")
    assert other.get(DESK).status_code == 403
    token = people.csrf(other, "/can-bo")
    assert other.post(OFF, data={**form(), "csrf_token": token}).status_code == 403
    assert client.get(DESK).status_code == 303


def test_after_a_while_away_the_password_comes_first(engine, supervisor):
    token = people.csrf(supervisor, PAGE)
    with time_machine.travel(now() + timedelta(minutes=6)):
        answer = supervisor.post(OFF, data={**form(), "csrf_token": token})
    assert "Mật khẩu" in answer.text
    assert stops(engine) == []


def test_the_console_says_what_is_off(supervisor):
    assert "Đang tắt" not in pages.get(supervisor, "/can-bo")
    switch_off(supervisor)
    assert "Đang tắt: Tra cứu mã số BHXH, đến" in pages.get(supervisor, "/can-bo")
    assert "Đang tắt" in pages.get(supervisor, DESK)


def test_another_worker_knows_within_ten_seconds(other_worker, supervisor, monkeypatch):
    client = other_worker.test_client()
    real, later = time.monotonic, [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: real() + later[0])
    assert client.get(HERE).status_code == 200
    assert switch_off(supervisor).status_code == 303
    assert client.get(HERE).status_code == 200, "its copy is younger than ten seconds"
    later[0] += 10
    assert client.get(HERE).status_code == 503
    assert people.post(supervisor, f"{PAGE}/bat", {"version": 1}, PAGE).status_code == 303
    later[0] += 10
    assert client.get(HERE).status_code == 200
