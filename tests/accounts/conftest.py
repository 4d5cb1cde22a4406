"""An account that is in its owner's hands, and the habits of its browsers."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from tests import people
from tests.accounts.windows import sign_in
from vssid.accounts import actions
from vssid.content import TERMS_VERSION
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit


@pytest.fixture
def account(app: Flask, engine: Engine) -> UUID:
    """It waits for its activation."""
    with app.app_context(), unit(engine) as db:
        person = people.add_person(db, people.CITIZEN)
        people.add_card(db, person, people.CITIZEN)
        made = actions.create(
            db, app.extensions["keyring"], person, [people.CITIZEN.ma_so, people.CITIZEN.cccd],
            actions.Contact("+84900000101", "mau@vidu.vn", "vi"), by=OPERATOR, at=now(),
        )  # fmt: skip
        made.terms_version = TERMS_VERSION
        return made.id


@pytest.fixture
def active(app: Flask, account: UUID, new_client: Callable[[], FlaskClient]) -> UUID:
    """It has a password."""
    form = {"name": people.CITIZEN.ma_so, "code": people.sent_code(app, "code.activation")}
    form |= {"password": people.PASSWORD, "again": people.PASSWORD}
    assert people.post(new_client(), "/kich-hoat", form).status_code == 303
    return account


@pytest.fixture
def home(new_client: Callable[[], FlaskClient], active: UUID) -> FlaskClient:
    """The browser in which its owner is signed in."""
    client = new_client()
    assert sign_in(client).status_code == 303
    return client


@pytest.fixture
def second_account(app: Flask, engine: Engine, new_client: Callable[[], FlaskClient]) -> UUID:
    """A stranger's, with a password."""
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.STRANGER)
    form = {"name": people.STRANGER.ma_so, "code": people.sent_code(app, "code.activation")}
    form |= {"password": people.PASSWORD, "again": people.PASSWORD}
    assert people.post(new_client(), "/kich-hoat", form).status_code == 303
    with reading(engine) as db:
        return db.scalar(select(actions.LoginName.account_id).where(actions.LoginName.value == people.STRANGER.ma_so))
