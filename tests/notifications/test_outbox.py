import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.notifications.conftest import AT, PHONE
from vssid import notifications
from vssid.kernel.crypto import Keyring, Unreadable, new_key, parse_key
from vssid.kernel.db import reading, unit, writing
from vssid.notifications import actions, queries
from vssid.notifications.models import OutboxMessage
from vssid.notifications.rules import MOST_ATTEMPTS, State

Write = Callable[..., UUID]
Row = Callable[[UUID], OutboxMessage]


def claim(engine: Engine, at=AT, n=20, channel="sms") -> list[OutboxMessage]:
    with unit(engine) as db:
        return actions.claim(db, at, n, channel)


def test_a_message_is_gone_when_its_cause_is_rolled_back(app: Flask, engine: Engine) -> None:
    with Session(writing(engine)) as db:
        notifications.send(
            db, app.extensions["keyring"], channel="sms", to=PHONE, text="a", kind="k", about=("x", uuid4()), at=AT
        )
        db.flush()
        db.rollback()
    with reading(engine) as db:
        assert db.scalars(select(OutboxMessage)).all() == []


def test_neither_number_nor_text_lies_open_in_the_table(app: Flask, write: Write, row: Row) -> None:
    message = row(write(text="Mã kích hoạt: 987654"))
    for secret in (b"900000123", b"987654", b"kich hoat"):
        assert secret not in message.sealed
    assert actions.opened(app.extensions["keyring"], message).text == "Ma kich hoat: 987654"


def test_a_sealed_message_opens_in_its_own_row_only(app: Flask, write: Write, row: Row) -> None:
    one, other = row(write()), row(write())
    other.sealed = one.sealed
    with pytest.raises(Unreadable):
        actions.opened(app.extensions["keyring"], other)
    with pytest.raises(Unreadable):
        actions.opened(Keyring([parse_key(new_key())]), one)


def test_a_message_that_cannot_be_sent_never_enters(write: Write) -> None:
    with pytest.raises(ValueError, match="activation"):
        write(text="a" * 161)


def test_only_due_messages_of_the_channel_are_claimed(engine: Engine, write: Write) -> None:
    due = write()
    write(at=AT + timedelta(seconds=1))
    write(channel="email")
    assert [message.id for message in claim(engine)] == [due]


def test_codes_leave_before_older_notices(engine: Engine, write: Write) -> None:
    notice = write(at=AT - timedelta(hours=1))
    code = write(expires_at=AT + timedelta(minutes=5))
    assert [message.id for message in claim(engine)] == [code, notice]
    assert [message.id for message in claim(engine, n=1)] == []


def test_a_lease_holds_two_minutes_and_then_another_sender_may(engine: Engine, write: Write) -> None:
    id = write()
    [first] = claim(engine)
    assert claim(engine, AT + timedelta(minutes=2)) == []
    [second] = claim(engine, AT + timedelta(minutes=2, microseconds=1))
    assert (second.id, second.lease != first.lease) == (id, True)


def test_who_lost_the_lease_settles_nothing(engine: Engine, write: Write, row: Row) -> None:
    id = write()
    [late] = claim(engine)
    [current] = claim(engine, AT + timedelta(minutes=3))
    with unit(engine) as db:
        assert not actions.delivered(db, late, AT)
        assert actions.postpone(db, late, "slow", AT, 0) is None
        assert not actions.give_up(db, late, "slow")
        assert not actions.release(db, late)
    assert (row(id).state, row(id).lease) == (State.WAITING, current.lease)
    with unit(engine) as db:
        assert actions.delivered(db, current, AT)
        assert not actions.delivered(db, current, AT)


def test_eight_threads_share_two_hundred_messages_without_a_repetition(engine: Engine, write: Write) -> None:
    ids = {write() for _ in range(200)}
    taken: list[UUID] = []
    guard, start = threading.Lock(), threading.Barrier(8)

    def sender() -> None:
        start.wait()
        while batch := claim(engine, n=7):
            with guard:
                taken.extend(message.id for message in batch)
            for message in batch:
                with unit(engine) as db:
                    assert actions.delivered(db, message, AT)

    threads = [threading.Thread(target=sender) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(Counter(taken).values()) == {1}
    assert set(taken) == ids
    with reading(engine) as db:
        assert set(db.scalars(select(OutboxMessage.state))) == {State.SENT}


def test_a_delivered_message_keeps_no_text(engine: Engine, write: Write, row: Row) -> None:
    id = write()
    [message] = claim(engine)
    with unit(engine) as db:
        actions.delivered(db, message, AT)
    after = row(id)
    assert (after.state, after.sealed, after.sent_at, after.attempts) == (State.SENT, None, AT, 1)
    assert (after.lease, after.leased_until) == (None, None)


def test_after_the_eighth_failure_it_is_given_up_and_blanked(engine: Engine, write: Write, row: Row) -> None:
    id, at = write(), AT
    for attempt in range(1, MOST_ATTEMPTS + 1):
        [message] = claim(engine, at)
        with unit(engine) as db:
            state = actions.postpone(db, message, "http 503", at, 0)
        assert state == (State.WAITING if attempt < MOST_ATTEMPTS else State.FAILED)
        at = row(id).due_at
    after = row(id)
    assert (after.state, after.sealed, after.attempts, after.problem) == (State.FAILED, None, 8, "http 503")


def test_an_expired_code_is_dropped_unsent_even_while_it_waits_for_its_next_try(
    engine: Engine, write: Write, row: Row
) -> None:
    id = write(expires_at=AT + timedelta(minutes=5))
    [message] = claim(engine)
    with unit(engine) as db:
        actions.postpone(db, message, "http 503", AT + timedelta(minutes=4), 0)
        assert actions.drop_expired(db, AT + timedelta(minutes=4), "sms") == 0
        assert actions.drop_expired(db, AT + timedelta(minutes=5), "sms") == 1
    assert (row(id).state, row(id).sealed) == (State.DROPPED, None)


def test_a_case_shows_the_newest_message_of_each_kind(engine: Engine, write: Write) -> None:
    about = ("declaration", uuid4())
    write(about=about)
    write(about=about, at=AT + timedelta(minutes=1))
    write(about=about, channel="email", kind="received")
    write()
    for message in claim(engine):
        with unit(engine) as db:
            actions.delivered(db, message, AT + timedelta(minutes=2))
    with reading(engine) as db:
        shown = notifications.delivery_of(db, about)
    assert [(d.channel, d.kind, d.state) for d in shown] == [
        ("email", "received", "waiting"),
        ("sms", "activation", "waiting"),
    ]
    assert shown[1].at == AT + timedelta(minutes=1)
    assert str(shown[1].label) == "Đang chờ gửi"


def test_the_backlog_counts_what_is_late_and_what_failed(engine: Engine, write: Write) -> None:
    write()
    write(at=AT + timedelta(minutes=4))
    write(channel="email")
    [failing] = claim(engine, channel="email")
    with unit(engine) as db:
        actions.give_up(db, failing, "smtp 550")
    with reading(engine) as db:
        figures = queries.backlog(db, AT + timedelta(minutes=6))
    assert (figures["sms"].late, figures["sms"].oldest, figures["sms"].failed) == (1, AT, 0)
    assert (figures["email"].late, figures["email"].failed) == (0, 1)
