"""Citizens and officers of this room, and ways to look at what it keeps."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from tests import people
from vssid.accounts.models import Account
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import VIETNAM, now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Label
from vssid.notifications import inbox
from vssid.records.models import PersonIdentifier

HTMX = {"HX-Request": "true"}


@pytest.fixture
def signed_in(app: Flask, engine: Engine, new_client: Any) -> Callable[[people.Specimen], FlaskClient]:
    """Anybody of the cast in a browser of their own; what they were told on the way in is forgotten."""

    def sign_in(who: people.Specimen) -> FlaskClient:
        with app.app_context(), unit(engine) as db:
            people.open_account(app, db, who)
        client: FlaskClient = new_client()
        people.citizen_signs_in(app, client, who.ma_so)
        with unit(engine) as db:
            db.query(inbox.models.InboxItem).delete()
        return client

    return sign_in


@pytest.fixture
def citizen(signed_in: Any) -> FlaskClient:
    client: FlaskClient = signed_in(people.CITIZEN)
    return client


@pytest.fixture
def supervisor(app: Flask, engine: Engine, new_client: Any) -> FlaskClient:
    """An officer who may write on the board."""
    with unit(engine) as db:
        people.add_agency(db)
    return officer(app, engine, new_client, "GS01", "giam_sat")


def officer(app: Flask, engine: Engine, new_client: Any, code: str, role: str) -> FlaskClient:
    with unit(engine) as db:
        setup = people.add_officer(app, db, code, "08902", role)
    client: FlaskClient = new_client()
    people.officer_signs_in(app, client, code, setup)
    return client


def account_of(engine: Engine, who: people.Specimen) -> UUID:
    with reading(engine) as db:
        person = select(PersonIdentifier.person_id).where(PersonIdentifier.value == who.ma_so).scalar_subquery()
        return db.scalars(select(Account.id).where(Account.person_id == person)).one()


def ring(app: Flask, engine: Engine, who: people.Specimen, words: str = "VssID: Có việc.", **more: Any) -> None:
    """Put one item behind somebody's bell."""
    values = {"kind": "card.reminder", "href": "/ca-nhan/the-bhyt", "at": now(), "params": {}, **more}
    label = Label(words, **values.pop("params"))
    with unit(engine) as db:
        inbox.put(
            db, app.extensions["keyring"], account_of(engine, who), values["kind"], label, values["href"], values["at"]
        )


def tags(engine: Engine, start: str) -> list[str]:
    with reading(engine) as db:
        found = db.scalars(select(AuditEntry.tag).where(AuditEntry.tag.like(f"{start}%")).order_by(AuditEntry.id))
        return list(found)


def typed(moment: datetime) -> str:
    """A moment as a browser's field sends it."""
    return f"{moment.astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
