"""The unit of work of a request: one transaction from its first statement to its commit, savepoints or not."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from vssid.kernel.batches import each_alone
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.limits import LimitCounter
from vssid.web import db


@pytest.fixture
def posting(app):
    with app.test_request_context("/", method="POST"):
        for prepare in app.before_request_funcs[None]:
            if prepare.__module__ == db.__name__:
                prepare()
        yield
        db.abandon()


def note(key: bytes) -> None:
    db.session.add(LimitCounter(key=key, window_end=now() + timedelta(hours=1), count=1))


def test_several_savepoints_and_what_follows_them_are_in_the_requests_one_transaction(posting, engine):
    first = db.session.connection()
    assert each_alone(db.session, "counters", [b"a", b"b"], note) == 2
    note(b"c")
    assert db.session.connection() is first
    with reading(engine) as other:
        assert other.scalar(select(func.count()).select_from(LimitCounter)) == 0
    db.commit()
    with reading(engine) as other:
        assert other.scalar(select(func.count()).select_from(LimitCounter)) == 3


def test_after_the_commit_the_request_reads_without_the_write_lock(posting):
    note(b"a")
    db.commit()
    assert not db.session.connection().get_execution_options().get("immediate", False)
