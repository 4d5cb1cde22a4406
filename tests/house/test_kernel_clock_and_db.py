import threading
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError, StatementError

from vssid.kernel import clock
from vssid.kernel import db as ground
from vssid.kernel.db import check_sqlite_library, reading, unit, writing
from vssid.kernel.limits import LimitCounter

MOMENT = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-03T16:59:59.999999+00:00", date(2026, 11, 3)),
        ("2026-11-03T17:00:00+00:00", date(2026, 11, 4)),
        ("2026-12-31T17:00:00+00:00", date(2027, 1, 1)),
        ("2026-11-03T23:59:59+07:00", date(2026, 11, 3)),
        ("2026-11-04T00:00:00+07:00", date(2026, 11, 4)),
    ],
)
def test_a_day_ends_at_midnight_in_vietnam(moment: str, day: date) -> None:
    assert clock.day_of(datetime.fromisoformat(moment)) == day
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        assert clock.today() == day
        assert clock.now() == datetime.fromisoformat(moment)
        assert clock.now().tzinfo is UTC


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 0), (3, 51, 2), (3, 7, 0)])
def test_a_library_with_the_wal_reset_bug_is_refused(version: tuple[int, ...]) -> None:
    with pytest.raises(RuntimeError, match=".".join(map(str, version))):
        check_sqlite_library(version)


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 50, 7), (3, 44, 6), (3, 53, 0), (3, 53, 4), (4, 0, 0)])
def test_a_mended_library_is_accepted(version: tuple[int, ...]) -> None:
    check_sqlite_library(version)


@pytest.mark.only_on("sqlite")
def test_a_commit_means_on_the_disk_for_sqlite(engine: Engine) -> None:
    with engine.connect() as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


@pytest.mark.only_on("postgresql")
def test_a_commit_means_on_the_disk_for_postgresql_whatever_the_cluster_is_set_to(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "off"
    with unit(engine) as db:
        assert db.scalar(text("SHOW synchronous_commit")) == "on"


def test_one_transaction_writes_at_a_time_and_the_next_gives_up_when_its_patience_ends(engine, monkeypatch) -> None:
    monkeypatch.setattr(ground, "BUSY_TIMEOUT_SECONDS", 0.05)
    engine.dispose()
    with unit(engine) as first:
        first.execute(text("SELECT 1"))
        with pytest.raises(OperationalError), unit(engine) as second:
            second.execute(text("SELECT 1"))
    with unit(engine) as third:
        third.execute(text("SELECT 1"))


def test_a_reading_sees_one_moment_while_others_write(engine: Engine) -> None:
    def count(db) -> int:
        return db.scalar(select(func.count()).select_from(LimitCounter))

    def write() -> None:
        with unit(engine) as db:
            db.add(LimitCounter(key=uuid4().bytes, window_end=clock.now(), count=1))

    write()
    with reading(engine) as db:
        assert count(db) == 1
        write()
        assert count(db) == 1
    with reading(engine) as db:
        assert count(db) == 2


def test_who_waited_for_the_lock_sees_what_was_written_meanwhile(engine: Engine) -> None:
    seen: list[int] = []
    begun = threading.Event()

    def add() -> None:
        begun.set()
        with unit(engine) as db:
            row = db.get_one(LimitCounter, b"k")
            seen.append(row.count)
            row.count += 1

    with unit(engine) as db:
        db.add(LimitCounter(key=b"k", window_end=MOMENT, count=1))
    others = [threading.Thread(target=add) for _other in range(4)]
    with unit(engine) as db:
        db.get_one(LimitCounter, b"k").count += 1
        for other in others:
            other.start()
        begun.wait(5)
    for other in others:
        other.join(20)
    assert sorted(seen) == [2, 3, 4, 5]


def test_a_naive_moment_never_reaches_the_database(engine: Engine) -> None:
    naive = datetime(2026, 11, 3, 2, 30)  # noqa: DTZ001
    with pytest.raises(StatementError, match="naive"), unit(engine) as db:
        db.add(LimitCounter(key=b"k", window_end=naive, count=1))


def test_the_writing_twin_shares_the_pool_and_stays_one(engine: Engine) -> None:
    assert writing(engine) is writing(engine)
    assert writing(engine).pool is engine.pool
