from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import Engine, text
from sqlalchemy.exc import StatementError

from vssid.kernel import clock
from vssid.kernel.db import check_sqlite_library, unit, writing
from vssid.kernel.limits import LimitCounter


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


def test_a_commit_means_on_the_disk(engine: Engine) -> None:
    with engine.connect() as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_a_naive_moment_never_reaches_the_database(engine: Engine) -> None:
    naive = datetime(2026, 11, 3, 2, 30)  # noqa: DTZ001
    with pytest.raises(StatementError, match="naive"), unit(engine) as db:
        db.add(LimitCounter(key=b"k", window_start=naive, window_end=naive, count=1))


def test_the_writing_twin_shares_the_pool_and_stays_one(engine: Engine) -> None:
    assert writing(engine) is writing(engine)
    assert writing(engine).pool is engine.pool
