"""How often a device, a searched person and a busy network may ask: exactly so often, and once more is too often."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Engine, select

from tests import pages
from tests.lookups.conftest import PATH, look_up, question
from tests.people import CITIZEN, STRANGER, captcha_answer
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.web.captcha import DIFFICULTY

pytestmark = pytest.mark.usefixtures("register")
NAMES = [
    f"Mẫu {one}{two}" for one in "BCDGHKLMNPQRSTVX" for two in ("an", "on", "in", "un", "en", "em", "im", "om", "um")
]


def somebody(n: int) -> dict[str, str]:
    """The nth person whom the register does not know."""
    return {"full_name": NAMES[n], "birth_date": "1971", "id_number": f"089171{n:06}"}


def brakes(engine: Engine) -> list[str]:
    with reading(engine) as db:
        query = select(AuditEntry).where(AuditEntry.tag == "lookup.ma_so_too_often").order_by(AuditEntry.id)
        return [row.detail["limit"] for row in db.scalars(query)]


def told(answer) -> bool:
    return "89 0000 0101" in answer.get_data(as_text=True)


def test_a_device_asks_twenty_times_an_hour(new_client, engine):
    client = new_client()
    assert [look_up(client, **somebody(n)).status_code for n in range(20)] == [422] * 20
    refused = look_up(client)
    assert refused.status_code == 429
    assert not told(refused)
    assert "Trình duyệt này đã tra cứu quá nhiều lần." in pages.inspected(refused)
    assert f'value="{CITIZEN.cccd}"' in refused.get_data(as_text=True)
    assert brakes(engine) == ["device"]
    assert told(look_up(new_client()))
    with time_machine.travel(now() + timedelta(hours=1)):
        assert told(look_up(client))


def test_the_twentieth_of_a_device_is_still_answered(client):
    for n in range(19):
        look_up(client, **somebody(n))
    assert told(look_up(client))


def test_the_cookie_of_a_device_counts_in_every_session(new_client):
    first, second = new_client(), new_client()
    for client in (first, second):
        client.set_cookie("vssid-device", "eines")
    for n in range(20):
        look_up((first, second)[n % 2], **somebody(n))
    assert look_up(first).status_code == 429
    assert look_up(second).status_code == 429
    second.set_cookie("vssid-device", "another")
    assert told(look_up(second))


def test_a_paper_is_asked_for_five_times_an_hour_by_all_together(new_client, engine):
    clients = new_client(), new_client()
    for n in range(5):
        answer = look_up(clients[n % 2], full_name=NAMES[n], id_number="0891 8500 0101")
        assert answer.status_code == 422
    for client in clients:
        refused = look_up(client)
        assert refused.status_code == 429
        assert not told(refused)
    assert brakes(engine) == ["identity", "identity"]


def test_the_fifth_for_a_paper_is_still_answered(client):
    for n in range(4):
        look_up(client, full_name=NAMES[n])
    assert told(look_up(client))


def test_a_name_with_its_birth_date_is_asked_for_five_times_an_hour_however_it_is_written(new_client):
    clients = new_client(), new_client()
    written = [CITIZEN.name, CITIZEN.name.upper(), "dang thi mau ung", "Đăng Thi Mâu Ứng", "Đặng  Thị Mẫu Ưng"]
    for n, name in enumerate(written):
        assert look_up(clients[n % 2], full_name=name, id_number=somebody(n)["id_number"]).status_code == 422
    assert look_up(clients[0]).status_code == 429
    assert look_up(clients[1], full_name=NAMES[0], birth_date="1971").status_code == 422


def test_known_and_unknown_are_stopped_after_the_same_number(new_client):
    def statuses(asked: dict[str, str]) -> list[int]:
        client = new_client()
        return [look_up(client, **asked).status_code for _n in range(7)]

    assert statuses(question(birth_date="1971")) == statuses(somebody(0)) == [422] * 5 + [429] * 2


def test_a_refused_form_or_captcha_counts_nothing(client):
    for _n in range(25):
        look_up(client, birth_date="x")
        look_up(client, captcha_solution="x")
    assert told(look_up(client))


def test_for_htmx_the_form_with_the_refusal_comes_back_to_its_place(client):
    for _n in range(5):
        look_up(client, birth_date="1971")
    answer = look_up(client, htmx=True)
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert "đã được tra cứu quá nhiều lần" in html
    assert "<html" not in html


# --- a network that asks often ----------------------------------------------------------------------------------------


def most_work(client) -> int:
    return int(re.search(r'data-max="(\d+)"', client.get(PATH).get_data(as_text=True))[1])


def make_busy(new_client, times: int) -> None:
    clients = [new_client() for _n in range(times // 20 + 1)]
    for n in range(times):
        assert look_up(clients[n // 20], **somebody(n)).status_code == 422


def by_question(client, **changes):
    html = client.get(PATH).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
    captcha_token = re.search(r'name="captcha_token" value="([^"]+)"', html)[1]
    left, right = re.search(r'captcha-hint">Viết bằng chữ số: (\w+) cộng (\w+)', html).groups()
    words = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
    data = {"csrf_token": token, "captcha_token": captcha_token, **question(**changes)}
    return client.post(PATH, data={**data, "captcha_answer": str(words.index(left) + words.index(right))})


def test_a_busy_network_works_harder_and_is_never_shut_out(new_client):
    assert most_work(new_client()) == DIFFICULTY
    make_busy(new_client, 40)
    assert most_work(new_client()) == 2 * DIFFICULTY
    assert told(look_up(new_client()))
    elsewhere = new_client()
    elsewhere.environ_base = {**elsewhere.environ_base, "REMOTE_ADDR": "203.0.113.7"}
    assert most_work(elsewhere) == DIFFICULTY


def test_without_script_a_busy_network_asks_ten_more_times(new_client, engine):
    assert told(by_question(new_client()))
    make_busy(new_client, 39)
    clients = new_client(), new_client()
    assert [by_question(clients[n % 2], **somebody(50 + n)).status_code for n in range(10)] == [422] * 10
    refused = by_question(new_client())
    assert refused.status_code == 429
    assert "Hãy bật JavaScript" in pages.inspected(refused)
    assert brakes(engine) == ["question"]
    assert told(look_up(new_client()))


def test_work_that_was_laid_by_while_it_was_cheap_is_taken_for_half_the_price_only(new_client):
    hoards = []
    for client in (new_client(), new_client()):
        html = client.get(PATH).get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
        hoards.append((client, {"csrf_token": token, **captcha_answer(html)}))
    make_busy(new_client, 40)
    client, solved = hoards[0]
    assert client.post(PATH, data={**solved, **question()}).status_code == 200
    more = [new_client() for _n in range(3)]
    for n in range(40, 80):
        look_up(more[(n - 40) // 20], **somebody(n))
    client, solved = hoards[1]
    assert client.post(PATH, data={**solved, **question(STRANGER)}).status_code == 422
    assert look_up(client, STRANGER).status_code == 200
