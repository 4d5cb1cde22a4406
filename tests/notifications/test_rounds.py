"""Whole rounds of sending: what was written leaves, and every trouble stays with its own message."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine
from structlog.testing import capture_logs

from tests.databases import environ_of
from tests.notifications.conftest import ADDRESS, AT, PHONE, SmsGateway, free_port
from vssid import notifications
from vssid.kernel.db import unit
from vssid.notifications import Channel, deliver_due
from vssid.notifications.models import OutboxMessage
from vssid.notifications.rules import State
from vssid.notifications.sender import ROUND, Gateways
from vssid.notifications.senders import gateway_for

Write = Callable[..., UUID]
Row = Callable[[UUID], OutboxMessage]


def ways(sms_url: str = "outbox:", mail_url: str = "outbox:", timeout: float = 2.0) -> Gateways:
    def way(url: str):
        return gateway_for(url, data_dir=Path("/nonexistent"), public_host="vssid.example", timeout=timeout)

    return {Channel.SMS: way(sms_url), Channel.EMAIL: way(mail_url)}


def outbox(app: Flask) -> list[dict[str, str]]:
    return [json.loads(path.read_text()) for path in sorted((app.config["DATA_DIR"] / "outbox").glob("*.json"))]


def test_what_was_written_leaves_once(app: Flask, write: Write, row: Row) -> None:
    ids = [write(), write(channel="email")]
    assert deliver_due(app, AT).sent == 2
    assert deliver_due(app, AT).handled == 0
    assert {(message["channel"], message["to"]) for message in outbox(app)} == {("sms", PHONE), ("email", ADDRESS)}
    assert {row(id).state for id in ids} == {State.SENT}


def test_a_round_takes_twenty(app: Flask, write: Write) -> None:
    for _ in range(ROUND + 1):
        write()
    assert [deliver_due(app, AT).sent for _ in range(3)] == [ROUND, 1, 0]


def test_a_gateway_that_is_down_is_tried_again_after_about_half_a_minute(
    app: Flask, write: Write, row: Row, sms_gateway
) -> None:
    state, url = sms_gateway
    id = write()
    assert deliver_due(app, AT, gateways=ways(f"http+json://127.0.0.1:{free_port()}")).postponed == 1
    assert (row(id).attempts, row(id).problem) == (1, "ConnectionRefusedError")
    assert deliver_due(app, AT + timedelta(seconds=23), gateways=ways(url)).handled == 0
    assert deliver_due(app, AT + timedelta(seconds=40), gateways=ways(url)).sent == 1
    assert [message["id"] for message in state.taken] == [str(id)]


def test_a_refused_message_does_not_hold_up_the_others(app: Flask, write: Write, row: Row, postmaster) -> None:
    handler, url = postmaster
    handler.answers = {"khong.co@mail.example": "550 nobody", "day@mail.example": "451 full"}
    nobody, full = write(channel="email", to="khong.co@mail.example"), write(channel="email", to="day@mail.example")
    good = [write(channel="email") for _ in range(3)]
    tally = deliver_due(app, AT, gateways=ways(mail_url=url))
    assert (tally.sent, tally.failed, tally.postponed) == (3, 1, 1)
    assert (row(nobody).state, row(nobody).sealed, row(nobody).problem) == (State.FAILED, None, "smtp 550")
    assert (row(full).state, row(full).problem) == (State.WAITING, "smtp 451")
    assert {row(id).state for id in good} == {State.SENT}


def test_a_message_that_cannot_be_opened_does_not_hold_up_the_others(
    app: Flask, engine: Engine, write: Write, row: Row
) -> None:
    poison, good = write(), write()
    with unit(engine) as db:
        db.get_one(OutboxMessage, poison).sealed = b"spoilt"
    tally = deliver_due(app, AT)
    assert (tally.sent, tally.failed) == (1, 1)
    assert (row(poison).problem, row(good).state) == ("unreadable", State.SENT)


def test_a_hanging_server_is_waited_for_once_a_round(app: Flask, write: Write, silent_port: int) -> None:
    for _ in range(5):
        write(channel="email")
    started = time.monotonic()
    tally = deliver_due(app, AT, gateways=ways(mail_url=f"smtp://127.0.0.1:{silent_port}", timeout=0.3))
    assert (tally.postponed, tally.sent) == (5, 0)
    assert time.monotonic() - started < 1.5


def test_a_code_that_ran_out_is_dropped_not_sent(app: Flask, write: Write, row: Row) -> None:
    id = write(expires_at=AT + timedelta(minutes=5))
    assert deliver_due(app, AT + timedelta(minutes=5)).dropped == 1
    assert outbox(app) == []
    assert (row(id).state, row(id).sealed) == (State.DROPPED, None)


def test_an_attachment_is_made_when_its_message_leaves_and_outside_any_transaction(
    app: Flask, engine: Engine, write: Write
) -> None:
    about = uuid4()

    def maker(about_id: UUID) -> tuple[str, str, bytes]:
        with unit(engine):  # waits for the lock, and fails, if the sender holds it
            return f"{about_id}.pdf", "application/pdf", b"%PDF"

    app.extensions.pop("attachments", None)
    notifications.register_attachment(app, "form", maker)
    write(channel="email", about=("declaration", about), attachment="form")
    assert deliver_due(app, AT).sent == 1
    [message] = outbox(app)
    assert (app.config["DATA_DIR"] / "outbox" / message["attachment"]).read_bytes() == b"%PDF"
    with pytest.raises(ValueError, match="form is registered already"):
        notifications.register_attachment(app, "form", maker)


def test_an_attachment_that_cannot_be_made_postpones_its_message_only(app: Flask, write: Write, row: Row) -> None:
    id, good = write(channel="email", attachment="nobody-makes-it"), write(channel="email")
    tally = deliver_due(app, AT)
    assert (tally.sent, tally.postponed) == (1, 1)
    assert (row(id).problem, row(good).state) == ("LookupError", State.SENT)


def test_eight_parallel_senders_send_each_message_exactly_once(
    app: Flask, write: Write, sms_gateway: tuple[SmsGateway, str]
) -> None:
    state, url = sms_gateway
    ids = {str(write()) for _ in range(120)}
    start = threading.Barrier(8)

    def sender() -> None:
        start.wait()
        while deliver_due(app, AT, channels=(Channel.SMS,), gateways=ways(url)).handled:
            pass

    threads = [threading.Thread(target=sender) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Counter(message["id"] for message in state.taken) == Counter(ids)


KILLED = """
import sys
from datetime import datetime
from vssid import settings
from vssid.factory import create_app
from vssid.notifications import deliver_due
deliver_due(create_app(settings.load()), datetime.fromisoformat(sys.argv[1]))
"""


def test_a_sender_killed_between_gateway_and_record_repeats_the_message_with_the_same_id(
    app: Flask, write: Write, row: Row, sms_gateway: tuple[SmsGateway, str]
) -> None:
    state, url = sms_gateway
    state.delay = 30.0
    id = write()
    environ = {**environ_of(app), "SMS_URL": url}
    child = subprocess.Popen([sys.executable, "-c", KILLED, AT.isoformat()], env=environ)
    deadline = time.monotonic() + 20
    while not state.taken and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    state.delay = 0.0
    assert row(id).state == State.WAITING
    assert deliver_due(app, AT + timedelta(minutes=1), gateways=ways(url)).handled == 0
    assert deliver_due(app, AT + timedelta(minutes=3), gateways=ways(url)).sent == 1
    assert [message["id"] for message in state.taken] == [str(id), str(id)]
    assert (row(id).state, row(id).sealed) == (State.SENT, None)


def test_a_failure_is_logged_without_number_or_text(app: Flask, write: Write, sms_gateway) -> None:
    state, url = sms_gateway
    state.status = 422
    write()
    with capture_logs() as logged:
        assert deliver_due(app, AT, gateways=ways(url)).failed == 1
    assert [(line["kind"], line["problem"]) for line in logged] == [("activation", "http 422")]
    assert "900000123" not in str(logged)
    assert "123456" not in str(logged)
