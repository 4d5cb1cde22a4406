"""A citizen with a child, and a way to write their periods."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests import people
from vssid import accounts, content, records
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import now, today
from vssid.kernel.db import unit
from vssid.kernel.memory import Memory
from vssid.kernel.text import fold
from vssid.records.contributions import asking
from vssid.records.contributions.models import Contribution
from vssid.records.contributions.rules import first_day, month_of

_AT = datetime(2026, 1, 1, tzinfo=UTC)


def month(text: str) -> int:
    """A month by mm/yyyy."""
    number, year = text.split("/")
    return int(year) * 12 + int(number) - 1


def add(db: Session, person_id: UUID, first: str, last: str, employer: str = "Trung tâm Mẫu Một", **more) -> UUID:
    """One period."""
    values = {
        "fund": "BHXH", "kind": "bat_buoc", "status": "da_dong", "employer_code": "", "job": "Chuyên viên",
        "workplace": "1 đường Mẫu, Long Xuyên", "salary": Decimal("5453400.00"), "coefficient": Decimal("3.66"),
        "currency": "VND", **more,
    }  # fmt: skip
    row = Contribution(
        id=uuid4(), person_id=person_id, from_month=first_day(month(first)), to_month=first_day(month(last)),
        employer_name=employer, employer_key=fold(employer), recorded_at=_AT, updated_at=_AT, **values,
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row.id


@dataclass
class Family:
    """Who is signed in, their child, and somebody else."""

    client: FlaskClient
    engine: Engine
    me: UUID
    child: UUID
    stranger: UUID

    def add(self, *arguments, who: UUID | None = None, **more) -> UUID:
        with unit(self.engine) as db:
            return add(db, who or self.me, *arguments, **more)

    @property
    def base_of_child(self) -> str:
        return f"/ca-nhan/gia-dinh/{self.child}"


@pytest.fixture
def family(
    app: Flask, engine: Engine, new_client: Callable[[], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> Family:
    monkeypatch.setattr(asking, "_NEAR", Memory())  # an agency of another test's register is not near
    with app.app_context(), unit(engine) as db:
        me = people.open_account(app, db, people.GUARDIAN)
        child, stranger = people.add_person(db, people.CHILD), people.add_person(db, people.STRANGER)
        guardian, ward = records.person(db, me), records.person(db, child)
        assert guardian
        assert ward
        records.add_guardianship(db, guardian, ward, date(2026, 1, 1), "decision")
        accounts.record_consent(
            db, ("person", child), {records.CHILD_CONSENT: True}, content.TERMS_VERSION, content.TERMS_DIGEST,
            by=OPERATOR, at=now(),
        )  # fmt: skip
    client = new_client()
    people.citizen_signs_in(app, client, people.GUARDIAN.ma_so)
    return Family(client, engine, me, child, stranger)


@pytest.fixture
def this_month() -> int:
    return month_of(today())
