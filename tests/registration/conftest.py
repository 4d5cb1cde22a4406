"""What several tests of this room begin with."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests import people
from vssid.kernel.db import reading, unit
from vssid.registration.models import Declaration


@dataclass
class Counter:
    """One declaration of the specimen citizen, whose browser is `citizen`, and an officer at the desk."""

    citizen: Any
    officer: Any
    engine: Any

    @property
    def row(self) -> Declaration:
        """The declaration as it stands now."""
        with reading(self.engine) as db:
            mine = db.query(Declaration).where(Declaration.ma_so_bhxh == people.CITIZEN.ma_so)
            return mine.order_by(Declaration.sent_at).first()

    @property
    def path(self) -> str:
        """Its address at the desk."""
        return f"/can-bo/to-khai/{self.row.id}"

    def act(self, name: str, data: dict | None = None):
        """One of the officer's acts."""
        return people.post(self.officer, f"{self.path}/{name}", data or {}, self.path)


@pytest.fixture
def desk(app, engine, new_client):
    """An officer of the agency 08902, signed in; the register knows the citizen."""
    with unit(engine) as db:
        people.add_agency(db, "089", "BHXH Tỉnh An Giang (mẫu)")
        people.add_agency(db, "08902", "BHXH cơ sở Mẫu Một", "089")
        people.add_agency(db, "08903", "BHXH cơ sở Mẫu Hai", "089")
        people.add_person(db, people.CITIZEN)
        code = people.add_officer(app, db, "CB01", "08902")
    officer = new_client()
    people.officer_signs_in(app, officer, "CB01", code)
    return officer


@pytest.fixture
def counter(desk, engine, new_client):
    """The citizen has sent a declaration."""
    citizen = new_client()
    people.send_declaration(citizen, people.CITIZEN)
    return Counter(citizen, desk, engine)
