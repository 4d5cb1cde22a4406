"""Holders of cards and a guardian, signed in; facilities of two provinces; the statements of a page."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from tests import people
from vssid import accounts, content, records
from vssid.card.models import Card
from vssid.directory.models import Facility
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.kernel.text import fold
from vssid.records.models import PersonIdentifier
from vssid.records.rules import CHILD_CONSENT

HERE = "1 đường Mẫu, Phường Long Xuyên, Tỉnh An Giang"
ELSEWHERE = "2 đường Mẫu, Phường Châu Đốc, Tỉnh An Giang"


def id_of(engine: Engine, who: people.Specimen) -> UUID:
    with unit(engine) as db:
        return db.scalars(select(PersonIdentifier.person_id).where(PersonIdentifier.value == who.ma_so)).one()


def add_facility(db: Session, code: str, name: str, **more: Any) -> None:
    values = {"address": HERE, "phone": "0296 000 001", "province_code": "91", "care_level": "Cấp cơ bản", **more}
    db.add(Facility(code=code, name=name, folded=fold(name), **values))
    db.flush()


def give_card(engine: Engine, who: people.Specimen, **more: Any) -> Card:
    """A card that holds today, at the facility of the cast."""
    person = id_of(engine, who)
    with unit(engine) as db:
        return people.add_card(db, person, who, **more)


@pytest.fixture
def holder(engine: Engine, signed_in: Any) -> FlaskClient:
    """A citizen whose card holds today."""
    client: FlaskClient = signed_in(people.CITIZEN)
    give_card(engine, people.CITIZEN)
    return client


@pytest.fixture
def mother(engine: Engine, signed_in: Any) -> FlaskClient:
    """A guardian whose child has a card, and who has agreed to see it."""
    client: FlaskClient = signed_in(people.GUARDIAN)
    guardian = id_of(engine, people.GUARDIAN)
    with unit(engine) as db:
        child = people.add_person(db, people.CHILD)
        people.add_card(db, child, people.CHILD, object_code="TE", level=1)
        persons = (records.person(db, guardian), records.person(db, child))
        records.add_guardianship(db, *persons, date(2026, 1, 1), "decision")
        accounts.record_consent(
            db, ("person", child), {CHILD_CONSENT: True}, content.TERMS_VERSION, content.TERMS_DIGEST,
            by=OPERATOR, at=now(),
        )  # fmt: skip
    return client


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
