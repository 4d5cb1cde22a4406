"""A request that waits for a password's hash lets another one work meanwhile."""

import threading

from vssid.accounts import passwords
from vssid.web.turnstile import Turnstile, stepped_aside

WAIT = 10.0


def ask(turnstile, path):
    return turnstile({"PATH_INFO": path, "REQUEST_METHOD": "GET"}, lambda *_a: None)


def test_whoever_steps_aside_holds_up_nobody():
    quick_done = threading.Event()
    in_between = []

    def application(environ, _start):
        if environ["PATH_INFO"] == "/slow":
            with stepped_aside():
                in_between.append(quick_done.wait(WAIT))
        else:
            quick_done.set()
        return [environ["PATH_INFO"].encode()]

    turnstile = Turnstile(application, 1, lambda _path: 1000)
    slow = threading.Thread(target=ask, args=(turnstile, "/slow"))
    slow.start()
    assert ask(turnstile, "/quick") == [b"/quick"]
    slow.join(WAIT)
    assert in_between == [True]
    # The place is free again, and only once.
    assert ask(turnstile, "/quick") == [b"/quick"]


def test_outside_a_server_there_is_no_place_to_leave():
    with stepped_aside():
        pass


def test_too_many_who_wait_for_a_hash_are_told_to_come_back(client):
    from tests import people

    token = people.csrf(client, "/dang-nhap")
    taken = [passwords._WAITING.acquire(blocking=False) for _n in range(passwords.MOST_WAITING)]
    try:
        answer = client.post(
            "/dang-nhap", data={"csrf_token": token, "name": "8900000101", "password": "một hai ba bốn"}
        )
    finally:
        for _place in filter(None, taken):
            passwords._WAITING.release()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
