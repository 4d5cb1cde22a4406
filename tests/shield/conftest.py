"""A message that has left the house, and the box into which people paste."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from werkzeug.test import TestResponse

from tests import people
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.notifications import send
from vssid.notifications.models import OutboxMessage

PATH = "/kiem-tra"


@pytest.fixture
def paste(client: FlaskClient) -> Callable[..., TestResponse]:
    """What is answered to a pasted text."""
    return lambda text, **options: people.post(client, PATH, {"text": text}, **options)


@pytest.fixture
def sent(app: Flask, engine: Engine) -> Callable[..., None]:
    """A message as it stands after the gateway took it: its text is gone."""

    def send_one(text: str, *, about=None, channel="sms", state="sent", life=None, ago=timedelta(0)) -> None:  # type: ignore[no-untyped-def]
        at = now() - ago
        to = "+84900000777" if channel == "sms" else "ai@mau.vn"
        with unit(engine) as db:
            id = send(
                db, app.extensions["keyring"], channel=channel, to=to, text=text, kind="test", subject="Tin" if channel == "email" else "",
                about=about or ("declaration", uuid4()), at=at, expires_at=at + life if life else None,
            )  # fmt: skip
        with unit(engine) as db:
            gone = {"state": state, "sealed": None, "sent_at": at if state == "sent" else None}
            db.execute(update(OutboxMessage).where(OutboxMessage.id == id).values(**gone))

    return send_one
