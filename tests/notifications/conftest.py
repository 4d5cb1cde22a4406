"""An outbox to fill, and real servers on loopback that take, refuse, or let one wait."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import Engine

from vssid import notifications
from vssid.kernel.db import reading, unit
from vssid.notifications.models import OutboxMessage

AT = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)
PHONE = "+84900000123"
ADDRESS = "nguoi.dung@mail.example"


@pytest.fixture
def write(app: Flask, engine: Engine) -> Callable[..., UUID]:
    """Put one message into the outbox in a transaction of its own; returns its id."""

    def put(**changes: Any) -> UUID:
        message: dict[str, Any] = {
            "channel": "sms",
            "to": PHONE,
            "text": "Mã kích hoạt: 123456",
            "kind": "activation",
            "about": ("declaration", uuid4()),
            "at": AT,
        }
        if changes.get("channel") == "email":
            message |= {"to": ADDRESS, "subject": "Tờ khai đã được duyệt"}
        with unit(engine) as db:
            return notifications.send(db, app.extensions["keyring"], **(message | changes))

    return put


@pytest.fixture
def row(engine: Engine) -> Callable[[UUID], OutboxMessage]:
    """One message as it stands in the table."""

    def look(id: UUID) -> OutboxMessage:
        with reading(engine) as db:
            return db.get_one(OutboxMessage, id)

    return look


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Postmaster:
    """An SMTP handler that keeps what it takes; `answers` by recipient override its friendliness."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []
        self.answers: dict[str, str] = {}
        self.data_answer = "250 taken"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        answer = self.answers.get(address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.data_answer.startswith("250"):
            self.envelopes.append(envelope)
        return self.data_answer


@pytest.fixture
def postmaster() -> Iterator[tuple[Postmaster, str]]:
    """A mail server on loopback and its MAIL_URL."""
    handler = Postmaster()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield handler, f"smtp://127.0.0.1:{controller.port}?from=vssid@mail.example"
    controller.stop()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


class SmsGateway:
    """An HTTP gateway that keeps what it takes and answers with `status`."""

    def __init__(self) -> None:
        self.taken: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.status = 202
        self.delay = 0.0
        self.by_phone: dict[str, int] = {}
        self.lock = threading.Lock()


@pytest.fixture
def sms_gateway() -> Iterator[tuple[SmsGateway, str]]:
    """An SMS gateway on loopback and its SMS_URL."""
    state = SmsGateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = state.by_phone.get(body["to"], state.status)
            with state.lock:
                if 200 <= status < 300:
                    state.taken.append(body)
                state.headers.append(dict(self.headers))
            time.sleep(state.delay)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"http://127.0.0.1:{server.server_port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield state, f"http+json://cong:mat%20khau@127.0.0.1:{server.server_port}/sms?v=1"
    server.shutdown()
    server.server_close()
    thread.join()
