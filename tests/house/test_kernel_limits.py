import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from vssid.kernel.db import reading, unit
from vssid.kernel.limits import LimitCounter, Limiter, purge

AT = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def limiter(engine: Engine) -> Limiter:
    return Limiter(engine, "s" * 32)


def test_of_400_tries_in_8_threads_exactly_20_pass(limiter: Limiter) -> None:
    passed, start = [], threading.Barrier(8)

    def knock() -> None:
        start.wait()
        passed.extend(limiter.allow("otp", "a", 20, HOUR, AT) for _ in range(50))

    threads = [threading.Thread(target=knock) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert (len(passed), sum(passed)) == (400, 20)


def test_a_window_begins_with_the_first_try_and_others_are_not_concerned(limiter: Limiter) -> None:
    for begun in (AT, AT + HOUR):
        assert limiter.allow("otp", "a", 2, HOUR, begun)
        assert limiter.allow("otp", "a", 2, HOUR, begun + timedelta(minutes=59))
        assert not limiter.allow("otp", "a", 2, HOUR, begun + timedelta(minutes=59, seconds=59))
    assert limiter.allow("otp", "b", 1, HOUR, AT)
    assert limiter.allow("login", "a", 1, HOUR, AT)


def test_a_passed_window_counts_for_nothing(limiter: Limiter, engine: Engine) -> None:
    limiter.allow("otp", "a", 5, HOUR, AT)
    with reading(engine) as db:
        assert limiter.used(db, "otp", "a", AT + timedelta(minutes=59)) == 1
        assert limiter.used(db, "otp", "a", AT + HOUR) == 0


def test_a_try_counts_even_when_the_request_is_rolled_back(limiter: Limiter, engine: Engine) -> None:
    with reading(engine) as db:
        assert limiter.allow("otp", "a", 1, HOUR, AT)
        db.rollback()
    assert not limiter.allow("otp", "a", 1, HOUR, AT)


def test_within_a_transaction_it_counts_only_if_that_commits(limiter: Limiter, engine: Engine) -> None:
    with unit(engine) as db:
        assert limiter.allow_within(db, "otp", "a", 1, HOUR, AT)
        db.rollback()
    with unit(engine) as db:
        assert limiter.allow_within(db, "otp", "a", 1, HOUR, AT)
        assert not limiter.allow_within(db, "otp", "a", 1, HOUR, AT)
        assert limiter.used(db, "otp", "a", AT) == 1


def test_a_right_password_forgives(limiter: Limiter, engine: Engine) -> None:
    limiter.allow("login", "a", 1, HOUR, AT)
    with unit(engine) as db:
        limiter.forget(db, "login", "a")
    assert limiter.allow("login", "a", 1, HOUR, AT)


def test_the_table_holds_no_number_and_passed_windows_go(limiter: Limiter, engine: Engine) -> None:
    limiter.allow("otp", "+84900000123", 5, HOUR, AT)
    with unit(engine) as db:
        assert b"900000123" not in (db.scalar(select(LimitCounter.key)) or b"")
        purge(db, AT + timedelta(minutes=59))
        assert db.scalar(select(func.count()).select_from(LimitCounter)) == 1
        purge(db, AT + timedelta(minutes=61))
        assert db.scalar(select(func.count()).select_from(LimitCounter)) == 0
