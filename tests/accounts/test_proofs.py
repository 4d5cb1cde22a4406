"""A citizen who signed in a while ago shows password or passkey before ways in are changed; nothing typed is lost."""

from datetime import timedelta

import pytest
import time_machine

from tests import pages, people
from tests.accounts.authenticator import Authenticator
from tests.accounts.windows import rows, said
from vssid.accounts.models import Passkey, SmartOtp
from vssid.kernel.clock import now

LIST, OTP = "/tai-khoan/van-tay", "/tai-khoan/smart-otp"


def options(client, path):
    answer = said(client, f"{path}/bat-dau", {}, LIST)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def add(client, key):
    return said(client, LIST, {"name": "Máy nhà", **key.made(options(client, LIST))}, LIST)


@pytest.fixture
def key(named, home):
    """A passkey of the account, added in its owner's browser."""
    made = Authenticator()
    assert add(home, made).status_code == 200
    return made


@pytest.fixture
def later(key):
    """Six minutes on: the sign-in counts no more for what is sensitive."""
    with time_machine.travel(now() + timedelta(minutes=6)):
        yield


def test_ways_in_ask_for_a_proof(home, later, engine):
    [passkey] = rows(engine, Passkey)
    for path, data in (
        (f"{LIST}/them", {}),
        (f"{LIST}/{passkey.id}/xoa", {}),
        (f"{LIST}/tin-nhan", {"on": "0"}),
        (OTP, {}),
        (f"{OTP}/xac-nhan", {"code": "123456"}),
        (f"/tai-khoan/nguoi-than/{passkey.id}/dong-y", {}),
    ):
        asked = people.post(home, path, data, LIST)
        assert asked.status_code == 422, path
        html = pages.inspected(asked)
        assert "Xác nhận lại là bạn" in html
        assert 'data-resend="1"' in html
        assert 'href="/tai-khoan' in html
    assert len(rows(engine, Passkey)) == 1
    assert rows(engine, SmartOtp) == []


def test_a_passkey_proves_and_the_same_form_then_passes(home, key, later, engine):
    [passkey] = rows(engine, Passkey)
    removal = f"{LIST}/{passkey.id}/xoa"
    path = f"{LIST}/chung-minh"
    assert said(home, path, Authenticator().answered(options(home, path)), LIST).status_code == 422
    assert people.post(home, removal, page=LIST).status_code == 422
    assert said(home, path, key.answered(options(home, path)), LIST).status_code == 200
    assert people.post(home, removal, page=LIST).status_code == 303
    assert rows(engine, Passkey) == []


def test_the_password_still_does(home, later):
    answer = people.post(home, OTP, {"proof": people.PASSWORD}, LIST)
    assert answer.status_code == 303
    assert people.post(home, OTP, {"proof": "sai mật khẩu"}, LIST).status_code == 303  # fresh by now


def test_a_script_is_told_to_load_the_page_anew(home, key, later):
    for path in (LIST, f"{LIST}/bat-dau"):
        answer = said(home, path, {"name": "x"}, LIST)
        assert answer.status_code == 403
        assert "tải lại trang" in answer.get_json()["error"]
    assert "data-add" not in pages.get(home, LIST)
    assert people.post(home, f"{LIST}/them", {"proof": people.PASSWORD}, LIST).location == LIST
    assert "data-add" in pages.get(home, LIST)


def test_of_a_stranger_nothing_is_asked(new_client, home):
    for path in (f"{LIST}/chung-minh", f"{LIST}/chung-minh/bat-dau"):
        assert said(new_client(), path, {}, "/dang-nhap").location.startswith("/dang-nhap")
