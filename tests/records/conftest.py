"""People of the register signed in, and a way to give them rows."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from tests import people
from vssid import accounts, content
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.records.models import Guardianship, PersonIdentifier
from vssid.records.rules import CHILD_CONSENT


def id_of(engine: Engine, who: people.Specimen) -> UUID:
    with unit(engine) as db:
        return db.scalars(select(PersonIdentifier.person_id).where(PersonIdentifier.value == who.ma_so)).one()


@pytest.fixture
def citizen(app: Flask, engine: Engine, new_client: Any) -> FlaskClient:
    """The citizen of the cast, signed in."""
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.CITIZEN)
    client = new_client()
    people.citizen_signs_in(app, client, people.CITIZEN.ma_so)
    return client


@pytest.fixture
def mother(app: Flask, engine: Engine, new_client: Any) -> FlaskClient:
    """The guardian of the cast, signed in, who acts for the child and has agreed to it."""
    with app.app_context(), unit(engine) as db:
        guardian = people.open_account(app, db, people.GUARDIAN)
        child = people.add_person(db, people.CHILD)
        db.add(
            Guardianship(
                id=uuid4(),
                child_id=child,
                guardian_id=guardian,
                valid_from=date(2026, 1, 1),
                valid_to=None,
                source="test",
            )
        )
        accounts.record_consent(
            db, ("person", child), {CHILD_CONSENT: True}, content.TERMS_VERSION, content.TERMS_DIGEST,
            by=OPERATOR, at=now(),
        )  # fmt: skip
    client = new_client()
    people.citizen_signs_in(app, client, people.GUARDIAN.ma_so)
    return client


class Heard(list[str]):
    """Statements that were sent while one listened."""


@pytest.fixture
def hear(engine: Engine) -> Iterator[Heard]:
    """The statements from here on; clear it before the page that is meant."""
    heard = Heard()

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            heard.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    yield heard
    event.remove(engine, "before_cursor_execute", listen)
