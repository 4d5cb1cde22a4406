"""Officers of three agencies, somebody with an account, and the habit of writing to the agency without one."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from tests import people
from vssid.kernel.audit import AuditEntry
from vssid.kernel.db import reading, unit
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.support.feedback.models import Feedback

NEW, FOLLOW, OWN, LIST = (
    "/ho-tro/phan-anh/moi", "/ho-tro/phan-anh/theo-doi", "/ho-tro/phan-anh/cua-toi", "/ho-tro/phan-anh",
)  # fmt: skip
DESK = "/can-bo/phan-anh"
SUBJECT = "Chậm cấp lại thẻ bảo hiểm y tế"
TEXT = "Tôi nộp hồ sơ cấp lại thẻ ngày mười tháng trước ở phường, đến nay vẫn chưa có kết quả. Xin cho biết lý do."
ANSWER = "Thẻ đã được cấp lại. Xin lỗi vì đã chậm; phần mềm của bưu điện gặp lỗi."


def letter(**changes: Any) -> dict[str, Any]:
    """The form filled in by somebody without an account."""
    return {"category": "the", "subject": SUBJECT, "text": TEXT, "agency": "", **changes}


def upload(*files: tuple[bytes, str]) -> dict[str, Any]:
    return {"files": [(io.BytesIO(data), name) for data, name in files]}


def letters(engine: Engine) -> list[Feedback]:
    with reading(engine) as db:
        return list(db.scalars(select(Feedback).order_by(Feedback.sent_at)))


def tags(engine: Engine) -> list[str]:
    with reading(engine) as db:
        query = select(AuditEntry.tag).where(AuditEntry.tag.like("feedback.%")).order_by(AuditEntry.id)
        return list(db.scalars(query))


def told(app: Flask, engine: Engine, kind: str) -> list[Any]:
    """The messages of a kind that wait to leave."""
    with app.app_context(), reading(engine) as db:
        rows = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind))
        return [opened(app.extensions["keyring"], row) for row in rows]


@dataclass
class Sent:
    """A letter, and both codes as the receipt shows them."""

    id: UUID
    code: str
    secret: str


def send(browser: FlaskClient, engine: Engine, **changes: Any) -> Sent:
    """A letter of somebody without an account, sent without script."""
    answer = people.post(browser, NEW, letter(**changes), content_type="multipart/form-data")
    assert answer.status_code == 303, re.findall(r'class="error".*|<li>.*?</li>', answer.get_data(as_text=True))
    assert answer.headers["Location"] == f"{FOLLOW}/xem"
    html = browser.get(f"{FOLLOW}/xem").get_data(as_text=True)
    code = re.search(r"PA-\w{4}-\w{4}", html)[0]
    secret = re.search(r"<strong>(\w{4}-\w{4})</strong>", html)[1]
    return Sent(letters(engine)[-1].id, code, secret)


def act(browser: FlaskClient, sent: Any, what: str, data: dict[str, Any] | None = None, **options: Any):
    """One act of an officer on a letter."""
    page = f"{DESK}/{sent.id}"
    return people.post(browser, f"{page}/{what}", data, page, **options)


@pytest.fixture
def desk(app: Flask, engine: Engine, new_client: Any) -> SimpleNamespace:
    """The province's agency (a supervisor), an agency below it, and another one, each with an officer signed in."""
    with app.app_context(), unit(engine) as db:
        people.add_agency(db, "089", "BHXH tỉnh Mẫu")
        people.add_agency(db, "08902", "BHXH cơ sở Mẫu Một", "089")
        people.add_agency(db, "08903", "BHXH cơ sở Mẫu Hai", "089")
    made = SimpleNamespace()
    for name, code, agency, role in (
        ("province", "GS01", "089", "giam_sat"),
        ("own", "CB01", "08902", "duyet_ho_so"),
        ("other", "CB02", "08903", "duyet_ho_so"),
    ):
        with app.app_context(), unit(engine) as db:
            setup = people.add_officer(app, db, code, agency, role)
        browser = new_client()
        people.officer_signs_in(app, browser, code, setup)
        setattr(made, name, browser)
    return made


@pytest.fixture
def hear(engine: Engine) -> Iterator[list[str]]:
    """The statements from here on; clear it before the page that is meant."""
    heard: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            heard.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    yield heard
    event.remove(engine, "before_cursor_execute", listen)


@pytest.fixture
def monday() -> Iterator[time_machine.Traveller]:
    """A working day, nine in the morning in Vietnam; the clock goes on."""
    with time_machine.travel(datetime(2026, 12, 7, 2, 0, tzinfo=UTC), tick=True) as clock:
        yield clock
