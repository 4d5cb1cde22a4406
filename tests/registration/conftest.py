"""What several tests of this room begin with."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from tests import people
from vssid.accounts.models import Account, LoginName
from vssid.kernel.audit import AuditEntry
from vssid.kernel.db import reading, unit
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.registration import JOBS
from vssid.registration.changes.models import ChangeRequest
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


@dataclass
class Member:
    """The specimen citizen with an account, signed in; the officer who approved it; what is needed to look on."""

    app: Any
    citizen: Any
    officer: Any
    engine: Any

    @property
    def account(self) -> Account:
        """The account as it stands now."""
        with reading(self.engine) as db:
            named = LoginName.value == people.CITIZEN.ma_so
            found = db.scalar(select(Account).join(LoginName, LoginName.account_id == Account.id).where(named))
            return found or db.query(Account).where(Account.status == "closed").one()

    @property
    def change(self) -> ChangeRequest:
        """The newest change."""
        with reading(self.engine) as db:
            return db.query(ChangeRequest).order_by(ChangeRequest.asked_at.desc()).first()

    @property
    def path(self) -> str:
        """The newest change's address in the account."""
        return f"/tai-khoan/thay-doi/{self.change.id}"

    def codes(self, *names: str) -> dict[str, str]:
        """The newest codes of these purposes, as the form takes them."""
        fields = ("first", "second")
        return {field: people.sent_code(self.app, f"code.{name}") for field, name in zip(fields, names, strict=False)}

    def prove(self, *names: str):
        """Type the codes in."""
        return people.post(self.citizen, self.path, self.codes(*names))

    def told(self, what: str) -> list[str]:
        """To whom a message of this kind went."""
        with reading(self.engine) as db:
            rows = db.query(OutboxMessage).where(OutboxMessage.kind == f"change.{what}")
            return sorted(opened(self.app.extensions["keyring"], row).to for row in rows)

    def text_of(self, kind: str) -> str:
        """What the SMS of this kind says."""
        with reading(self.engine) as db:
            row = db.query(OutboxMessage).where(OutboxMessage.kind == kind, OutboxMessage.channel == "sms").one()
            return opened(self.app.extensions["keyring"], row).text

    def tags(self) -> list[str]:
        """The acts in the audit, in order."""
        with reading(self.engine) as db:
            return list(db.scalars(select(AuditEntry.tag).order_by(AuditEntry.id)))

    def run(self, at) -> None:
        """The periodic jobs of this room at a moment."""
        with self.app.app_context():
            for _name, _every, job in JOBS:
                with unit(self.engine) as db:
                    job(db, at)


@pytest.fixture
def member(app, desk, engine, new_client):
    """From the declaration to the first sign-in, all by the real path."""
    citizen = new_client()
    people.send_declaration(citizen, people.CITIZEN)
    counter = Counter(citizen, desk, engine)
    assert counter.act("duyet").status_code == 303
    people.citizen_signs_in(app, citizen, people.CITIZEN.ma_so)
    return Member(app, citizen, desk, engine)
