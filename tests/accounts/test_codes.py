import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from vssid.accounts import codes
from vssid.accounts.rules import Purpose
from vssid.kernel.db import unit

AT = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)


@pytest.fixture
def tools(app):
    return app.extensions["limiter"], app.extensions["keyring"]


@pytest.fixture
def issued(engine, tools):
    subject = uuid4()
    with unit(engine) as db:
        _id, code = codes.issue(db, tools[1], Purpose.ACTIVATION, subject, AT, bound_to="here")
    return subject, code


def attempt(engine, tools, subject, typed, at=AT, purposes=(Purpose.ACTIVATION,), bound_to="here"):
    return codes.attempt(engine, *tools, purposes, subject, typed, at, bound_to=bound_to)


def wrong(code):
    return str((int(code) + 1) % 10 ** len(code)).zfill(len(code))


def test_the_right_code_is_found_with_or_without_blanks(engine, tools, issued):
    subject, code = issued
    assert attempt(engine, tools, subject, f" {code[:4]} {code[4:]} ")


def test_five_wrong_tries_kill_it(engine, tools, issued):
    subject, code = issued
    for _n in range(5):
        assert attempt(engine, tools, subject, wrong(code)) is None
    assert attempt(engine, tools, subject, code) is None


def test_ten_tries_a_day_end_it_even_with_new_codes(engine, tools, issued):
    subject, code = issued
    for _n in range(5):
        attempt(engine, tools, subject, wrong(code))
    with unit(engine) as db:
        _id, second = codes.issue(db, tools[1], Purpose.ACTIVATION, subject, AT, bound_to="here")
    for _n in range(4):
        attempt(engine, tools, subject, wrong(second))
    assert attempt(engine, tools, subject, wrong(second)) is None
    with unit(engine) as db:
        _id, third = codes.issue(db, tools[1], Purpose.ACTIVATION, subject, AT, bound_to="here")
    assert attempt(engine, tools, subject, third) is None


def test_it_runs_out(engine, tools, issued):
    subject, code = issued
    assert attempt(engine, tools, subject, code, AT + timedelta(hours=24)) is None


def test_a_code_for_one_purpose_or_place_opens_no_other(engine, tools, issued):
    subject, code = issued
    assert attempt(engine, tools, subject, code, purposes=(Purpose.NEW_DEVICE,)) is None
    assert attempt(engine, tools, subject, code, bound_to="there") is None
    assert attempt(engine, tools, uuid4(), code) is None
    assert attempt(engine, tools, subject, code)


def test_a_new_code_ends_the_one_before(engine, tools, issued):
    subject, code = issued
    with unit(engine) as db:
        codes.issue(db, tools[1], Purpose.ACTIVATION, subject, AT + timedelta(seconds=1), bound_to="here")
    assert attempt(engine, tools, subject, code, AT + timedelta(seconds=2)) is None


def test_fifty_parallel_uses_have_one_winner(engine, tools, issued):
    subject, code = issued
    id = attempt(engine, tools, subject, code)
    won = []

    def use():
        with unit(engine) as db:
            if codes.use(db, id, AT):
                won.append(1)

    threads = [threading.Thread(target=use) for _n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_three_codes_in_ten_minutes_to_a_number_and_five_a_day(tools):
    limiter = tools[0]
    assert [codes.may_send(limiter, "+84900000101", False, AT) for _n in range(4)] == [True, True, True, False]
    later = AT + timedelta(minutes=20)
    assert [codes.may_send(limiter, "+84900000101", False, later) for _n in range(3)] == [True, True, False]
    assert codes.may_send(limiter, "+84900000102", False, AT)
