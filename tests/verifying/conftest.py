"""Two health facilities with a member each, a school, and a citizen whose card they check."""

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from tests import people
from vssid.card import holder
from vssid.card.strips import actions as strips
from vssid.card.strips.actions import Keeper, Shown
from vssid.card.strips.rules import photo_digest
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.records.models import Person

DESK = "/to-chuc/tiep-nhan"
HERE, THERE = "89012", "89013"
CLERK, OTHER_CLERK, TEACHER = "0900000221", "0900000222", "0900000223"


@dataclass
class Counter:
    """A member of a facility, signed in, who checks what they are handed."""

    app: Any
    client: Any
    id: UUID

    def check(self, text: str = "", birth: str = "", **options: Any) -> str:
        return self.answer(text, birth, **options).get_data(as_text=True)

    def answer(self, text: str = "", birth: str = "", **options: Any) -> Any:
        return people.post(self.client, DESK, {"qr_text": text, "birth": birth}, DESK, **options)


@dataclass
class Patient:
    """A citizen with a card and a portrait; `strip` is what their phone shows now."""

    app: Any
    engine: Any
    who: people.Specimen
    id: UUID
    portrait: bytes

    def strip(self, portrait: bytes | None = None) -> str:
        with self.app.app_context(), unit(self.engine) as db:
            face = holder(db, self.id, today()).face
            shown = portrait if portrait is not None else self.portrait
            about = Shown(self.id, face, photo_digest(shown) if shown else b"")
            return strips.page_strip(self._issuer(db), about, today()).text()

    def spoken(self) -> str:
        with self.app.app_context(), unit(self.engine) as db:
            about = Shown(self.id, holder(db, self.id, today()).face, photo_digest(self.portrait))
            return self.who.ma_so + strips.page_strip(self._issuer(db), about, today()).codes[0]

    def keeps(self, account_id: UUID) -> str:
        """The strip of a phone that keeps the card."""
        with self.app.app_context(), unit(self.engine) as db:
            about = Shown(self.id, holder(db, self.id, today()).face, photo_digest(self.portrait))
            keeper = Keeper(account_id, self.id, None)
            return strips.keep(db, self._issuer(db), keeper, about, by=OPERATOR, at=now()).strips.text()

    def _issuer(self, db: Any) -> Any:
        return strips.issuer(db, self.app.extensions["keyring"], specimen=False, today=today())


@pytest.fixture
def agency(engine):
    with unit(engine) as db:
        people.add_agency(db)
        people.add_facility(db, HERE)
        people.add_facility(db, THERE, "Trạm Y tế Mẫu", care_level="ban đầu")


def counter(app, engine, new_client, phone: str, code: str, name: str) -> Counter:
    facts = {"kind": "co_so_kcb", "name": name, "ma_don_vi": "", "facility_code": code}
    with app.app_context(), unit(engine) as db:
        id = people.add_organisation(app, db, phone, **facts)
    client = new_client()
    people.member_signs_in(app, client, phone)
    return Counter(app, client, id)


@pytest.fixture
def clinic(app, engine, new_client, agency):
    return counter(app, engine, new_client, CLERK, HERE, "Bệnh viện Mẫu")


@pytest.fixture
def station(app, engine, new_client, agency):
    return counter(app, engine, new_client, OTHER_CLERK, THERE, "Trạm Y tế Mẫu")


@pytest.fixture
def teacher(app, engine, new_client, agency):
    with app.app_context(), unit(engine) as db:
        people.add_organisation(app, db, TEACHER)
    client = new_client()
    people.member_signs_in(app, client, TEACHER)
    return client


@pytest.fixture
def patient(app, engine, agency):
    picture = people.photo_bytes("ẢNH CHÂN DUNG MẪU", (300, 400))
    with app.app_context(), unit(engine) as db:
        id = people.add_person(db, people.CITIZEN)
        people.add_card(db, id, people.CITIZEN)
        file = app.extensions["files"].put(db, picture, "image/jpeg", now())
        db.flush()
        db.get_one(Person, id).portrait_file_id = file.id
    return Patient(app, engine, people.CITIZEN, id, picture)


@pytest.fixture
def owner(app, engine, new_client, patient):
    """The patient, signed in."""
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.CITIZEN)
    client = new_client()
    people.citizen_signs_in(app, client, people.CITIZEN.ma_so)
    return client


def set_person(engine, id: UUID, **values: Any) -> None:
    with unit(engine) as db:
        person = db.get_one(Person, id)
        for name, value in values.items():
            setattr(person, name, value)


def photo_of(text: str) -> io.BytesIO:
    """A photo of a QR code."""
    import qrcode

    out = io.BytesIO()
    qrcode.make(text, box_size=6).get_image().convert("RGB").save(out, "JPEG")
    out.seek(0)
    return out


def rows(engine) -> list[Any]:
    from vssid.verifying.facility.models import CardCheck

    with reading(engine) as db:
        return list(db.query(CardCheck).order_by(CardCheck.at))
