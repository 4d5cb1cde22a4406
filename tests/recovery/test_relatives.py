"""Trusted relatives: named with both numbers, agreed to, counting after three days; what a stranger's word is worth."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests import pages, people, recovering
from tests.recovering import NEW
from vssid.accounts import contacts
from vssid.accounts.models import Account
from vssid.accounts.recovery import rules as recovery_rules
from vssid.accounts.relatives import rules
from vssid.accounts.relatives.models import TrustedRelative
from vssid.kernel.audit import SYSTEM
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit

LIST = "/tai-khoan/nguoi-than"
VOUCH = f"{LIST}/xac-nhan"
OWNER_PHONE, RELATIVE_PHONE = "+84900000101", "+84900000103"
OTHER = people.Specimen("Phạm Văn Mẫu Ba", "8900000105", "089080000105", "1980", "M", "0900000105")
FOURTH = people.Specimen("Phạm Thị Mẫu Tư", "8900000106", "089180000106", "1980", "F", "0900000106")


@pytest.fixture
def owner(lost):
    """The citizen, signed in."""
    client = lost.new_client()
    answer = people.post(client, "/dang-nhap", {"name": people.CITIZEN.ma_so, "password": people.PASSWORD})
    assert answer.status_code == 303
    code = people.sent_code(lost.app, "code.new_device")
    assert people.post(client, "/thiet-bi-moi", {"code": code}).status_code == 303
    return client


@pytest.fixture
def guardian(lost):
    """The guardian, signed in on a browser of their own."""
    client = lost.new_client()
    recovering.opens(lost.app, lost.engine, client, people.GUARDIAN)
    return client


def rows(lost):
    with reading(lost.engine) as db:
        return db.query(TrustedRelative).order_by(TrustedRelative.asked_at).all()


# --- naming -----------------------------------------------------------------------------------------------------------


def test_a_relative_is_named_asked_and_counts_three_days_after_agreeing(lost, owner, guardian):
    assert recovering.names_relative(owner, people.GUARDIAN).status_code == 303
    assert lost.told("relative.invited") == [RELATIVE_PHONE]
    assert lost.told("relative.named") == sorted([OWNER_PHONE, recovering.MAIL])
    html = pages.get(owner, LIST)
    assert "Chờ đồng ý" in html
    assert "89******03" in html
    assert people.GUARDIAN.name not in html
    assert people.CITIZEN.name in pages.get(guardian, LIST)
    assert recovering.accepts(guardian, lost.engine).status_code == 303
    html = pages.get(owner, LIST)
    assert people.GUARDIAN.name in html
    assert "chưa có tác dụng" in html
    assert lost.told("relative.accepted") == sorted([OWNER_PHONE, recovering.MAIL])
    assert timedelta(hours=71) < recovering.relation(lost.engine).counts_from - now() <= timedelta(hours=72)
    recovering.three_days_pass(lost.engine)
    assert "Đang có tác dụng" in pages.get(owner, LIST)


def test_known_and_unknown_are_answered_alike(lost, owner, guardian):
    texts = []
    for who in (people.GUARDIAN, OTHER):
        answer = recovering.names_relative(owner, who)
        assert answer.status_code == 303
        html = pages.get(owner, LIST)
        texts.append((html.count("Chờ đồng ý"), re.findall(r"flash.*", html)[:1]))
    assert [row.relative_id is None for row in rows(lost)] == [False, True]
    assert [count for count, _flash in texts] == [1, 2]
    again = [recovering.names_relative(owner, who) for who in (people.GUARDIAN, OTHER)]
    assert [answer.status_code for answer in again] == [422, 422]
    assert all("đã chọn mã số này" in pages.inspected(answer) for answer in again)


@pytest.mark.parametrize("changes", [{"phone": "0900000998"}, {"phone": people.CITIZEN.phone}])
def test_both_numbers_must_be_the_same_persons(lost, owner, guardian, changes):
    assert recovering.names_relative(owner, people.GUARDIAN, **changes).status_code == 303
    assert rows(lost)[0].relative_id is None
    assert people.CITIZEN.name not in pages.get(guardian, LIST)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"password": "sai hoàn toàn"}, "chưa đúng"), ({"password": ""}, "mật khẩu"), ({"ma_so": "123"}, "10 chữ số"),
     ({"phone": "1"}, "di động"), ({"ma_so": people.CITIZEN.ma_so}, "chính bạn"), ({"ma_so": "'; DROP TABLE"}, "10 chữ số")],
)  # fmt: skip
def test_a_wrong_form_says_why_and_names_nobody(lost, owner, guardian, changes, words):
    answer = recovering.names_relative(owner, people.GUARDIAN, **changes)
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert words in html
    assert people.PASSWORD not in html
    assert rows(lost) == []


def test_three_may_be_named_and_no_fourth(lost, owner, guardian):
    for who in (people.GUARDIAN, people.STRANGER, OTHER):
        assert recovering.names_relative(owner, who).status_code == 303
    html = pages.get(owner, LIST)
    assert "đã chọn đủ 3 người" in html
    form = {"ma_so": FOURTH.ma_so, "phone": FOURTH.phone, "password": people.PASSWORD}
    answer = people.post(owner, LIST, form, "/tai-khoan/mat-khau")
    assert answer.status_code == 422
    assert len(rows(lost)) == 3


@pytest.mark.parametrize("side", ["owner", "relative"])
def test_either_side_ends_it(lost, owner, guardian, side):
    recovering.names_relative(owner, people.GUARDIAN)
    recovering.accepts(guardian, lost.engine)
    client = owner if side == "owner" else guardian
    path = f"{LIST}/{rows(lost)[0].id}/ket-thuc"
    assert people.post(client, path, {}, LIST).status_code == 303
    assert rows(lost)[0].status == "ended"
    assert people.CITIZEN.name not in pages.get(guardian, LIST)
    assert len(lost.told("relative.ended")) == (0 if side == "owner" else 2)
    people.post(client, path, {}, LIST)
    assert lost.tags().count("relative.ended") == 1


def test_a_stranger_reaches_no_naming_of_others(lost, owner, guardian):
    recovering.names_relative(owner, people.GUARDIAN)
    stranger = lost.new_client()
    recovering.opens(lost.app, lost.engine, stranger, people.STRANGER)
    for act in ("dong-y", "ket-thuc"):
        path = f"{LIST}/{rows(lost)[0].id}/{act}"
        assert people.post(stranger, path, {}, LIST).status_code == 404
    assert rows(lost)[0].status == "asked"


def test_the_owner_cannot_agree_for_the_relative(lost, owner, guardian):
    recovering.names_relative(owner, people.GUARDIAN)
    people.post(owner, f"{LIST}/{rows(lost)[0].id}/dong-y", {}, LIST)
    assert rows(lost)[0].status == "asked"


def test_what_nobody_agrees_to_ends_after_two_weeks_and_is_forgotten(lost, owner, guardian):
    recovering.names_relative(owner, people.GUARDIAN)
    lost.run(now() + rules.ASKED_LIFE + timedelta(minutes=1))
    assert rows(lost)[0].status == "ended"
    lost.run(now() + rules.ASKED_LIFE + rules.KEEP_ENDED + timedelta(days=1))
    assert rows(lost) == []


@pytest.mark.parametrize("whose", ["owner", "relative"])
def test_an_account_that_stops_leaves_no_relation_behind(lost, owner, guardian, whose):
    recovering.names_relative(owner, people.GUARDIAN)
    recovering.accepts(guardian, lost.engine)
    phone = OWNER_PHONE if whose == "owner" else RELATIVE_PHONE
    with unit(lost.engine) as db:
        account = db.query(Account).where(Account.phone == phone).one()
        contacts.close(db, account, by=SYSTEM, at=now(), reason="test")
    assert rows(lost)[0].status == "ended"


# --- vouching ---------------------------------------------------------------------------------------------------------


def test_a_relative_sees_the_name_and_a_warning_then_it_waits(lost, relative):
    code = lost.asks()
    answer = people.post(relative, VOUCH, {"code": code, "password": people.PASSWORD})
    html = pages.inspected(answer)
    assert people.CITIZEN.name in html
    assert "Chỉ xác nhận khi bạn đã gặp hoặc nghe trực tiếp" in html
    assert people.CITIZEN.ma_so not in html
    assert lost.request.status == "asked"
    assert recovering.vouches(relative, code).status_code == 303
    request = lost.request
    assert (request.status, request.way) == ("waiting", "relative")
    assert timedelta(hours=47) < request.effective_at - now() <= timedelta(hours=48)
    assert lost.told("recovery.waits") == sorted([OWNER_PHONE, recovering.MAIL, RELATIVE_PHONE])
    lost.hour_comes()
    assert lost.signs_in(NEW) == 303


def test_the_relative_stops_it_too(lost, relative):
    recovering.vouches(relative, lost.asks())
    assert lost.stops(lost.stop_code(RELATIVE_PHONE)).status_code == 303
    assert lost.request.status == "cancelled"


def test_a_strangers_word_is_worth_nothing_and_tells_nothing(lost, relative):
    code = lost.asks()
    stranger = lost.new_client()
    recovering.opens(lost.app, lost.engine, stranger, people.STRANGER)
    texts = []
    for typed in (code, _unknown()):
        answer = people.post(stranger, VOUCH, {"code": typed, "password": people.PASSWORD})
        assert answer.status_code == 422
        html = pages.inspected(answer)
        assert people.CITIZEN.name not in html
        texts.append(re.sub(r'"[^"]*"', "", html))
    assert texts[0] == texts[1]
    path = f"{VOUCH}/{lost.request.id}"
    assert people.post(stranger, path, {}, LIST).status_code == 404
    assert lost.request.status == "asked"


def _unknown():
    return recovery_rules.new_code()


def test_without_their_password_a_relative_opens_nothing(lost, relative):
    code = lost.asks()
    answer = people.post(relative, VOUCH, {"code": code, "password": "sai hoàn toàn"})
    assert answer.status_code == 422
    assert people.CITIZEN.name not in pages.inspected(answer)
    assert people.post(relative, f"{VOUCH}/{lost.request.id}", {}, LIST).status_code == 404


def test_a_relative_named_by_an_intruder_does_not_count_for_three_days(lost, owner, guardian):
    recovering.names_relative(owner, people.GUARDIAN)
    code = lost.asks()
    assert recovering.vouches(guardian, code).status_code == 422
    recovering.accepts(guardian, lost.engine)
    assert recovering.vouches(guardian, code).status_code == 422
    assert lost.request.status == "asked"


@pytest.mark.parametrize("what", ["ended", "relative closed"])
def test_who_is_a_relative_no_more_vouches_no_more(lost, relative, what):
    code = lost.asks()
    answer = people.post(relative, VOUCH, {"code": code, "password": people.PASSWORD})
    target = re.search(rf'action="({VOUCH}/[0-9a-f-]+)"', answer.get_data(as_text=True))[1]
    with unit(lost.engine) as db:
        if what == "ended":
            db.execute(update(TrustedRelative).values(status="ended", ended_at=now()))
        else:
            db.execute(update(Account).where(Account.phone == RELATIVE_PHONE).values(status="closed"))
    answer = people.post(relative, target, {}, LIST if what == "ended" else "/khoi-phuc")
    assert answer.status_code == (404 if what == "ended" else 303)
    assert lost.request.status == "asked"


def test_a_relative_tries_ten_times_a_day(lost, relative):
    for _n in range(10):
        people.post(relative, VOUCH, {"code": _unknown(), "password": people.PASSWORD})
    answer = people.post(relative, VOUCH, {"code": lost.asks(), "password": people.PASSWORD})
    assert answer.status_code == 422
    assert "quá nhiều lần" in pages.inspected(answer)


def test_a_request_that_waits_already_is_not_vouched_for(lost, relative):
    recovering.vouches(relative, lost.asks())
    assert recovering.vouches(relative, lost.code).status_code == 422
    second = lost.asks()
    answer = recovering.vouches(relative, second)
    assert answer.status_code == 422
    assert "một yêu cầu khôi phục khác" in pages.inspected(answer)


def test_the_pages_render_alone(lost, relative):
    for path in (LIST, VOUCH, "/tai-khoan/khoi-phuc"):
        assert pages.part(relative, path).startswith("<title>")
