from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from vssid.kernel.batches import each_alone
from vssid.kernel.db import reading, unit
from vssid.kernel.limits import LimitCounter

AT = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)


def _note(db: Session, key: bytes) -> None:
    db.add(LimitCounter(key=key, window_end=AT + timedelta(hours=1), count=1))
    if key == b"b":
        db.flush()
        raise RuntimeError("Nguyễn Văn Mẫu 0900000123")


def test_what_cannot_be_done_is_undone_and_holds_up_no_other(engine: Engine) -> None:
    with capture_logs() as logged, unit(engine) as db:
        assert each_alone(db, "counters", [b"a", b"b", b"c"], lambda key: _note(db, key)) == 2
    with reading(engine) as db:
        assert db.scalars(select(LimitCounter.key).order_by(LimitCounter.key)).all() == [b"a", b"c"]
    assert [(line["what"], line["problem"]) for line in logged] == [("counters", "RuntimeError")]
    assert "Mẫu" not in str(logged)


def test_a_constraint_that_only_the_database_knows_stops_one_row_alone(engine: Engine) -> None:
    with capture_logs(), unit(engine) as db:
        assert each_alone(db, "counters", [b"a", b"a", b"c"], lambda key: _note(db, key)) == 2
