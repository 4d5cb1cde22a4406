"""At the counter: one officer sees the paper, a second confirms; neither ever learns the password."""

import re
import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import update

from tests import pages, people
from tests.recovering import MAIL, NEW
from vssid import accounts
from vssid.accounts.models import Account
from vssid.accounts.recovery.models import RecoveryRequest
from vssid.content import TERMS_VERSION
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.records.models import Guardianship, Person

DESK = "/can-bo/khoi-phuc"
PHONE = "+84900000101"


@pytest.fixture
def first(officers):
    """An officer of the province's agency, which serves accounts that came without a declaration."""
    return officers("CB01")


@pytest.fixture
def second(officers):
    """Their colleague."""
    return officers("CB02")


def find(officer, ma_so, code):
    return people.post(officer, DESK, {"ma_so_bhxh": ma_so, "code": code})


def path_of(lost):
    return f"{DESK}/{lost.request.id}"


def begin(officer, lost, paper="cccd"):
    return people.post(officer, f"{path_of(lost)}/lap", {"id_shown": paper}, path_of(lost))


def press(officer, lost, act):
    return people.post(officer, f"{path_of(lost)}/{act}", {}, path_of(lost))


@pytest.fixture
def begun(lost, first):
    """The first officer has seen the paper."""
    lost.asks()
    assert find(first, people.CITIZEN.ma_so, lost.code).location == path_of(lost)
    assert begin(first, lost).status_code == 303
    return lost


def test_both_numbers_find_the_request_and_it_is_noted(lost, first):
    lost.asks()
    answer = find(first, people.CITIZEN.ma_so, lost.code)
    assert (answer.status_code, answer.location) == (303, path_of(lost))
    html = pages.get(first, path_of(lost))
    assert people.CITIZEN.name in html
    assert "04/09/1985" in html
    assert "argon2" not in html
    assert NEW not in html
    assert lost.tags()[-1] == "recovery.viewed"


def test_one_number_alone_finds_nothing(lost, first):
    lost.asks()
    code = lost.code
    lost.asks("8900000999")
    for ma_so, typed in ((people.STRANGER.ma_so, code), (people.CITIZEN.ma_so, lost.code), ("8900000999", lost.code)):
        answer = find(first, ma_so, typed)
        assert answer.status_code == 422
        assert "Không thấy yêu cầu" in pages.inspected(answer)
    assert lost.tags().count("recovery.search_missed") == 3


@pytest.mark.parametrize(
    ("ma_so", "code"), [("", ""), ("x" * 300, "1"), (people.CITIZEN.ma_so, "123456789012"), ("<b>", "'")]
)
def test_what_is_no_number_is_refused(lost, first, ma_so, code):
    answer = find(first, ma_so, code)
    assert answer.status_code == 422
    pages.inspected(answer)


def test_two_officers_then_a_wait_then_the_new_password(begun, first, second):
    assert begun.request.status == "second"
    assert begun.signs_in(NEW) == 422
    assert begun.told("recovery.waits") == []
    assert "Chờ cán bộ thứ hai" in pages.get(second, DESK)
    assert press(second, begun, "xac-nhan").status_code == 303
    request = begun.request
    assert (request.status, request.way, request.id_shown) == ("waiting", "counter", "cccd")
    assert timedelta(hours=23) < request.effective_at - now() <= timedelta(hours=24)
    assert begun.told("recovery.waits") == sorted([PHONE, MAIL])
    begun.hour_comes()
    assert begun.signs_in(NEW) == 303
    assert "Đã thực hiện" in pages.get(second, path_of(begun))


def test_the_paper_must_be_named(lost, first):
    lost.asks()
    answer = begin(first, lost, "")
    assert answer.status_code == 422
    assert "Chọn một mục" in pages.inspected(answer)
    assert begin(first, lost, "thẻ thư viện").status_code == 422
    assert lost.request.status == "asked"


def test_the_first_officer_does_not_confirm_their_own(begun, first):
    answer = press(first, begun, "xac-nhan")
    assert answer.status_code == 422
    assert "cán bộ khác" in pages.inspected(answer)
    assert begun.request.status == "second"


def test_officers_of_other_agencies_see_nothing(begun, officers):
    other = officers("CB09", "08902")
    assert find(other, people.CITIZEN.ma_so, begun.code).status_code == 422
    assert other.get(path_of(begun)).status_code == 404
    for act in ("lap", "xac-nhan", "huy"):
        answer = people.post(other, f"{path_of(begun)}/{act}", {"id_shown": "cccd"}, DESK)
        assert answer.status_code == 404
    assert begun.request.status == "second"


@pytest.mark.parametrize("role", ["bien_tap", "kiem_toan"])
def test_who_does_not_decide_does_not_enter(begun, officers, role):
    other = officers("CB09", "089", role)
    assert other.get(DESK).status_code == 403


@pytest.mark.parametrize("who", [people.CITIZEN, people.GUARDIAN], ids=["themselves", "family"])
def test_nobody_recovers_themselves_or_their_family(lost, officers, who):
    with unit(lost.engine) as db:
        db.execute(update(Person).values(household_code="HO001"))
        people.add_person(db, people.GUARDIAN)
        db.execute(update(Person).values(household_code="HO001"))
    kin = officers("CB07", ma_so_bhxh=who.ma_so)
    lost.asks()
    answer = find(kin, people.CITIZEN.ma_so, lost.code)
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert people.CITIZEN.name not in html
    assert kin.get(path_of(lost)).status_code in (403, 404, 422)
    assert lost.request.status == "asked"


@pytest.mark.parametrize("who", ["first", "second"])
def test_officers_cancel_what_they_do_not_believe(begun, first, second, who):
    assert press(second, begun, "xac-nhan").status_code == 303
    assert press(first if who == "first" else second, begun, "huy").status_code == 303
    assert begun.request.status == "cancelled"
    assert begun.request.password_hash is None
    assert press(second, begun, "huy").status_code == 422
    begun.run(now() + timedelta(days=5))
    assert begun.signs_in(NEW) == 422


def test_who_still_has_the_phone_stops_it(begun, second):
    press(second, begun, "xac-nhan")
    assert begun.stops(begun.stop_code(PHONE)).status_code == 303
    assert begun.request.status == "cancelled"


def test_an_account_without_any_contact_is_recovered_as_well(lost, first, second):
    lost.loses("phone", "email")
    lost.asks()
    begin(first, lost)
    assert press(second, lost, "xac-nhan").status_code == 303
    assert lost.told("recovery.waits") == []
    lost.hour_comes()
    assert lost.signs_in(NEW) == 303


def test_what_waits_is_seen_on_the_account_and_in_the_queue(begun, first, second):
    press(second, begun, "xac-nhan")
    assert path_of(begun) in pages.get(first, f"/can-bo/thay-doi/tai-khoan/{begun.account.id}")
    assert path_of(begun) in pages.get(first, DESK)


def test_the_console_counts_what_waits_for_a_second(begun, second):
    def shown():
        item = re.search(r"Khôi phục tài khoản</span>\s*<b>(\d+)</b>", pages.get(second, "/can-bo"))
        return int(item[1])

    assert shown() == 1
    press(second, begun, "xac-nhan")
    assert shown() == 0


def test_a_request_that_ran_out_is_found_no_more(lost, first):
    lost.asks()
    with unit(lost.engine) as db:
        db.execute(update(RecoveryRequest).values(expires_at=now() - timedelta(minutes=1)))
    assert find(first, people.CITIZEN.ma_so, lost.code).status_code == 422
    answer = begin(first, lost)
    assert answer.status_code == 422
    assert lost.request.status == "asked"


@pytest.mark.parametrize("status", ["closed", "new"])
def test_an_account_that_is_not_active_is_said_so(lost, first, status):
    lost.asks()
    with unit(lost.engine) as db:
        db.execute(update(Account).values(status=status))
    assert "không khôi phục được" in pages.get(first, path_of(lost))
    answer = people.post(first, f"{path_of(lost)}/lap", {"id_shown": "cccd"}, DESK)
    assert answer.status_code == 422
    assert lost.request.status == "asked"


def test_of_a_child_the_guardian_comes(app, lost, first, second, new_client):
    with app.app_context(), unit(lost.engine) as db:
        child = people.add_person(db, people.CHILD)
        guardian = db.query(Account).one().person_id
        db.add(
            Guardianship(
                id=uuid4(), child_id=child, guardian_id=guardian, valid_from=today(), valid_to=None, source="mau"
            )
        )
        made = accounts.create_for_child(
            db, app.extensions["keyring"], (child, people.CHILD.ma_so, people.CHILD.name), guardian,
            accounts.Contact("", "", "vi"), date(2037, 5, 5), by=OPERATOR, at=now(),
        )  # fmt: skip
        made.terms_version = TERMS_VERSION
    people.citizen_signs_in(app, new_client(), people.CHILD.ma_so)
    lost.who = people.CHILD
    lost.asks()
    find(first, people.CHILD.ma_so, lost.code)
    assert "phải là người giám hộ" in pages.get(first, path_of(lost))
    begin(first, lost)
    press(second, lost, "xac-nhan")
    assert lost.told("recovery.waits") == [PHONE]
    lost.hour_comes()
    assert lost.signs_in(NEW) == 303


def test_of_fifty_that_confirm_one_wins(app, begun, second):
    token, cookie = people.csrf(second, path_of(begun)), second.get_cookie("vssid").value
    path, seen = path_of(begun), []

    def press_once():
        with app.test_client() as client:
            client.set_cookie("vssid", cookie)
            seen.append(client.post(f"{path}/xac-nhan", data={"csrf_token": token}).status_code)

    threads = [threading.Thread(target=press_once) for _n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [303] + [422] * 49
    assert begun.tags().count("recovery.waits") == 1
    assert len(begun.told("recovery.waits")) == 2


def test_the_database_itself_wants_two_officers(begun):
    with pytest.raises(Exception, match=r"two_officers|CHECK|check"), unit(begun.engine) as db:  # noqa: PT012
        request = db.query(RecoveryRequest).one()
        request.confirmed_by = request.asked_by
        db.flush()
    with reading(begun.engine) as db:
        assert db.query(RecoveryRequest).one().confirmed_by is None


def test_an_officer_who_was_away_shows_the_password_before_each_step(begun, first, second):
    with time_machine.travel(now() + timedelta(minutes=6)):
        for officer, act in ((first, "lap"), (second, "xac-nhan"), (second, "huy")):
            asked = people.post(officer, f"{path_of(begun)}/{act}", {"id_shown": "cccd"}, DESK)
            assert asked.status_code == 422
            assert "Xác nhận lại là bạn" in asked.get_data(as_text=True)
        assert begun.request.status == "second"
        proof = {"proof": people.OFFICER_PASSWORD}
        assert people.post(second, f"{path_of(begun)}/xac-nhan", proof, DESK).status_code == 303
        assert begun.request.status == "waiting"
