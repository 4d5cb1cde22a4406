"""Persons of the register, and one look-up as a browser without script sends it."""

from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tests import people
from tests.people import CITIZEN
from vssid.kernel.db import unit
from vssid.records.models import Person, PersonIdentifier

PATH = "/tra-cuu/ma-so"
DEAD = people.Specimen("Bùi Văn Mẫu Cố", "8900000111", "089050000111", "1950-03-04", "M", "")
NUMBERLESS = people.Specimen("Hồ Thị Mẫu Không", "", "089190000112", "1990-05-06", "F", "")
OLD = people.Specimen("Đặng Thị Mẫu Ưng", "8900000113", "123456789", "1985-09-04", "F", "")


@pytest.fixture
def register(engine: Engine) -> None:
    """The cast, somebody who died, somebody without a mã số, and one who has merged two numbers."""
    with unit(engine) as db:
        citizen = people.add_person(db, CITIZEN)
        people.add_person(db, people.STRANGER)
        dead = people.add_person(db, DEAD)
        db.get_one(Person, dead).died_on = date(2020, 1, 1)
        people.add_person(db, NUMBERLESS)
        old = people.add_person(db, replace(OLD, cccd=""))
        db.get_one(Person, old).merged_into_id = citizen
        db.add(PersonIdentifier(id=people.uuid4(), person_id=old, kind="cmnd", value=OLD.cccd))


def question(who: people.Specimen = CITIZEN, **changes: str) -> dict[str, str]:
    """The form filled in as `who` would."""
    born = "/".join(reversed(who.birth.split("-")))
    return {"full_name": who.name, "birth_date": born, "id_number": who.cccd, **changes}


def look_up(client: FlaskClient, who: people.Specimen = CITIZEN, *, htmx: bool = False, **changes: str) -> TestResponse:
    """Open the form, work for its captcha, send it."""
    headers = {"HX-Request": "true"} if htmx else {}
    return people.post(client, PATH, question(who, **changes), headers=headers)
