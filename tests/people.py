"""A shared cast, obviously specimens, and the browser habits that journeys need."""

import hashlib
import io
import json
import re
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid import accounts, organisations, records
from vssid import officers as officers_room
from vssid.card.models import Card
from vssid.content import TERMS_VERSION
from vssid.directory.models import Agency, Facility
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.text import fold
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.officers import actions as officer_actions
from vssid.officers import queries as officer_queries
from vssid.officers.models import Officer
from vssid.records.models import Person, PersonIdentifier
from vssid.web.db import db as request_db

PASSWORD = "mùa lúa chín vàng"
OFFICER_PASSWORD = "một buổi sáng ở bến phà"
WARD, PROVINCE = "30307", "91"


@dataclass(frozen=True)
class Specimen:
    """One invented person as the register and the forms know them."""

    name: str
    ma_so: str
    cccd: str
    birth: str
    sex: str
    phone: str


CITIZEN = Specimen("Đặng Thị Mẫu Ưng", "8900000101", "089185000101", "1985-09-04", "F", "0900000101")
STRANGER = Specimen("Trần Văn Mẫu Lạ", "8900000102", "089080000102", "1980", "M", "0900000102")
GUARDIAN = Specimen("Lê Thị Mẫu Mẹ", "8900000103", "089190000103", "1990-01-02", "F", "0900000103")

CHILD = Specimen("Đặng Bé Mẫu An", "8900000104", "", "2019-05-05", "F", "")


def add_agency(db: Session, code: str = "08902", name: str = "BHXH cơ sở Mẫu Một", parent: str = "") -> str:
    """An agency."""
    db.add(
        Agency(code=code, name=name, parent_code=parent, address="1 đường Mẫu", phone="0296 000 001", folded=fold(name))
    )
    db.flush()
    return code


def add_person(db: Session, who: Specimen) -> UUID:
    """A person with mã số and CCCD."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    person = Person(
        id=uuid4(), full_name=who.name, name_folded=fold(who.name), birth_date=who.birth, sex=who.sex,
        address="Tổ 1", unit_system="2025", province_code=PROVINCE, ward_code=WARD, created_at=at, updated_at=at,
    )  # fmt: skip
    db.add(person)
    db.flush()
    for kind, value in (("ma_so_bhxh", who.ma_so), ("cccd", who.cccd)):
        if not value:
            continue
        db.add(PersonIdentifier(id=uuid4(), person_id=person.id, kind=kind, value=value))
    db.flush()
    return person.id


def add_facility(db: Session, code: str = "89012", name: str = "Bệnh viện Đa khoa Khu vực Mẫu", **more) -> str:
    """A health facility of the specimen province, once."""
    if db.get(Facility, code) is None:
        db.add(Facility(code=code, name=name, folded=fold(name), province_code="91", **more))
        db.flush()
    return code


def add_card(db: Session, person_id: UUID, who: Specimen, **more) -> Card:
    """A card that holds today, at a facility of the specimen province."""
    add_facility(db)
    values = {
        "valid_from": date(2026, 1, 1), "version": 1, "number": who.ma_so, "level": 4, "object_code": "DN",
        "valid_to": date(2026, 12, 31), "facility_code": "89012", "five_years_from": date(2025, 2, 1),
        "issued_on": date(2025, 12, 20), "issued_by": "Tỉnh An Giang", "signatory": "Nguyễn Văn Mẫu Ký",
        **more,
    }  # fmt: skip
    card = Card(
        id=uuid4(), person_id=person_id, ma_so_bhxh=who.ma_so, recorded_at=datetime(2026, 1, 1, tzinfo=UTC), **values
    )
    db.add(card)
    db.flush()
    return card


def add_officer(app: Flask, db: Session, code: str, agency: str, role: str = "duyet_ho_so", **more: str) -> str:
    """An officer who has been added; returns the set-up code."""
    return officer_actions.add(
        db, app.extensions["keyring"], code=code, name=f"Cán bộ Mẫu {code}", email=f"{code.lower()}@vidu.vn",
        role=officers_room.Role(role), agency_code=agency, ma_so_bhxh=more.get("ma_so_bhxh"), at=now(),
    )  # fmt: skip


def csrf(client: FlaskClient, path: str) -> str:
    """The token of the form on a page."""
    page = client.get(path, follow_redirects=True).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, f"no form on {path}: {page[-500:]}"
    return found[1]


def post(client: FlaskClient, path: str, data: dict | None = None, page: str | None = None, **options):
    """A form sent from `page` (default: the address itself), its captcha solved where it has one."""
    html = client.get(page or path, follow_redirects=True).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found, f"no form on {page or path}: {html[-500:]}"
    return client.post(path, data={"csrf_token": found[1], **captcha_answer(html), **(data or {})}, **options)


def accept_terms(client: FlaskClient) -> None:
    """Read and accept."""
    answer = post(client, "/dieu-khoan", {"purpose": ["dich_vu", "giay_to", "nhac_viec"]})
    assert answer.status_code == 303, answer.get_data(as_text=True)[-800:]


def photo_bytes(label: str = "ẢNH MẪU", size: tuple[int, int] = (1200, 900), form: str = "JPEG") -> bytes:
    """A specimen photo."""
    picture = Image.new("RGB", size, (206, 220, 234))
    ImageDraw.Draw(picture).text((40, 40), "SPECIMEN", fill=(20, 40, 80), font_size=60)
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()


def captcha_answer(page: str) -> dict[str, str]:
    """Solve the captcha of a page by its proof of work, as the script does."""
    token = re.search(r'name="captcha_token" value="([^"]+)"', page)
    if token is None:
        return {}
    challenge = re.search(r'data-challenge="(\w+)"', page)[1]
    salt = re.search(r'data-salt="(\w+)"', page)[1]
    top = int(re.search(r'data-max="(\d+)"', page)[1])
    n = next(n for n in range(top + 1) if hashlib.sha256(f"{salt}{n}".encode()).hexdigest() == challenge)
    return {"captcha_token": token[1], "captcha_solution": str(n)}


def info_form(who: Specimen) -> dict[str, str]:
    """Step 1 filled in."""
    return {
        "ma_so_bhxh": who.ma_so, "full_name": who.name, "id_number": who.cccd, "ward_code": WARD,
        "address_line": "Số 1, tổ 2", "phone": who.phone, "email": "mau@vidu.vn", "portal": "cong",
    }  # fmt: skip


def send_declaration(client: FlaskClient, who: Specimen, agency: str = "08902", **office: str):
    """All four steps without script; the answer to “Gửi”."""
    accept_terms(client)
    answer = post(client, "/dang-ky/ca-nhan/thong-tin", info_form(who))
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))
    for side in ("portrait", "front", "back"):
        data = {"photo": (io.BytesIO(photo_bytes()), f"{side}.jpg")}
        answer = post(
            client, f"/dang-ky/ca-nhan/anh/{side}", data, "/dang-ky/ca-nhan/anh", content_type="multipart/form-data"
        )
        assert answer.status_code == 303, answer.get_data(as_text=True)[-800:]
    assert post(client, "/dang-ky/ca-nhan/anh").status_code == 303
    answer = post(
        client,
        "/dang-ky/ca-nhan/co-quan",
        {"agency_code": agency, "hand_in": "tai_noi", "email": "mau@vidu.vn", **office},
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)[-2500:]
    page = client.get("/dang-ky/ca-nhan/xem-lai").get_data(as_text=True)
    return post(client, "/dang-ky/ca-nhan/xem-lai", captcha_answer(page))


def child_form(child: Specimen, guardian: Specimen, **changes: str) -> dict[str, str]:
    """Step 1 of a child on the public path filled in, as contract.md lists its fields."""
    return {
        "full_name": child.name, "ma_so_bhxh": child.ma_so, "guardian_ma_so": guardian.ma_so,
        "guardian_number": guardian.cccd, "ward_code": WARD, "address_line": "Số 1, tổ 2", **changes,
    }  # fmt: skip


def finish_child(client: FlaskClient, agency: str = "08902", **office: str):
    """The other three steps of a child without script; the answer to “Gửi”."""
    data = {"photo": (io.BytesIO(photo_bytes("GIẤY KHAI SINH MẪU")), "gks.jpg")}
    answer = post(
        client, "/dang-ky/tre-em/anh/birth_front", data, "/dang-ky/tre-em/anh", content_type="multipart/form-data"
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)[-800:]
    assert post(client, "/dang-ky/tre-em/anh").status_code == 303
    answer = post(client, "/dang-ky/tre-em/co-quan", {"agency_code": agency, "hand_in": "tai_noi", **office})
    assert answer.status_code == 303, answer.get_data(as_text=True)[-2500:]
    return post(client, "/dang-ky/tre-em/xem-lai")


def open_account(app: Flask, db: Session, who: Specimen) -> UUID:
    """An account that waits for its activation, for a person of the register; returns the person's id."""
    person = records.person_by(db, records.IdKind.MA_SO_BHXH, who.ma_so)
    id = person.id if person else add_person(db, who)
    contact = accounts.Contact("+84" + who.phone[1:], "", "vi")
    made = accounts.create(db, app.extensions["keyring"], id, [who.ma_so, who.cccd], contact, by=OPERATOR, at=now())
    made.terms_version = TERMS_VERSION
    return id


def citizen_signs_in(app: Flask, client: FlaskClient, name: str, code: str | None = None) -> None:
    """Activate with the newest code and sign in."""
    code = code or sent_code(app, "code.activation")
    form = {"name": name, "code": code, "password": PASSWORD, "again": PASSWORD}
    assert post(client, "/kich-hoat", form).status_code == 303
    answer = post(client, "/dang-nhap", {"name": name, "password": PASSWORD})
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))


def officer_signs_in(app: Flask, client: FlaskClient, code: str, setup_code: str) -> None:
    """Sign in with both factors; set up without the pages, whose QR codes cost more than all the rest."""
    # A hash takes its time on a busy machine, and codes of the app go by the clock.
    password_hash, at = accounts.hashed(OFFICER_PASSWORD), now()
    keyring, purposes = app.extensions["keyring"], (accounts.Purpose.OFFICER_SETUP,)
    with app.app_context():
        engine = request_db.engine
        with reading(engine) as db:
            id = officer_queries.by_code(db, code).id
        code_id = accounts.attempt_code(engine, app.extensions["limiter"], keyring, purposes, id, setup_code, at)
        with unit(engine) as db:
            officer_actions.set_up(db, keyring, id, code_id, password_hash, at=at)
            officer = db.get_one(Officer, id)
            totp = pyotp.TOTP(officer_actions.totp_secret(keyring, officer))
            step = int(at.timestamp()) // 30
            officer_actions.confirm_set_up(db, keyring, officer, totp.generate_otp(step), at=at)
    answer = post(
        client, "/can-bo/dang-nhap", {"code": code, "password": OFFICER_PASSWORD, "totp": totp.generate_otp(step + 1)}
    )
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))


def step_before() -> int:
    """The step of one-time codes before this one: its code is right as long as this one lasts, which is a while yet."""
    while time.time() % 30 > 25:
        time.sleep(0.1)
    return int(time.time()) // 30 - 1


def add_organisation(app: Flask, db: Session, phone: str = "0900000201", **facts: str) -> UUID:
    """A school of the agency 08902 whose manager waits for activation on `phone`; returns its id."""
    values = {
        "kind": "truong_hoc", "name": "Trường Tiểu học Mẫu Một", "ma_don_vi": "TH0001", "tax_code": "1600000001",
        "address_line": "1 đường Mẫu", "ward_code": WARD, "province_code": PROVINCE, "agency_code": "08902", **facts,
    }  # fmt: skip
    kind = organisations.OrganisationKind(values.pop("kind"))
    made = organisations.create(
        db, app.extensions["keyring"], organisations.Facts(kind=kind, **values),
        organisations.Contact("Phan Thị Mẫu Giáo", "+84" + phone[1:]), by=OPERATOR, at=now(),
    )  # fmt: skip
    return made.id


def member_signs_in(app: Flask, client: FlaskClient, phone: str = "0900000201") -> None:
    """Activate with the newest code and sign in with the code that follows."""
    code = sent_code(app, "code.member_activation")
    form = {"phone": phone, "code": code, "password": PASSWORD, "again": PASSWORD}
    answer = post(client, "/to-chuc/kich-hoat", form)
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))
    answer = post(client, "/to-chuc/dang-nhap", {"phone": phone, "password": PASSWORD})
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))
    answer = post(client, "/to-chuc/xac-thuc", {"code": sent_code(app, "code.member_sign_in")})
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))


def sent_code(app: Flask, kind: str) -> str:
    """The digits of the newest message of a kind: still in the outbox table, or where the sender has put it."""
    for _attempt in range(100):
        text = _newest_text(app, kind)
        if text is not None:
            return re.search(r"\d[\d ]{5,}\d", text)[0].replace(" ", "")
        time.sleep(0.1)
    raise AssertionError(f"no message of the kind {kind}")


def _newest_text(app: Flask, kind: str) -> str | None:
    with app.app_context(), reading(request_db.engine) as db:
        query = select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.created_at.desc())
        message = db.scalars(query).first()
        if message is not None and message.sealed:
            return opened(app.extensions["keyring"], message).text
    letters = [json.loads(path.read_text()) for path in (app.config["DATA_DIR"] / "outbox").glob("*.json")]
    mine = sorted((letter for letter in letters if letter["kind"] == kind), key=lambda letter: letter["at"])
    return mine[-1]["text"] if mine else None


def code_sent_to(app: Flask, kind: str, phone: str) -> str:
    """The digits of the newest message of a kind to one phone: of a server beside us, whose sender may be at it."""
    number = "+84" + phone[1:]
    for _attempt in range(100):
        texts = [text for to, text in _texts(app, kind) if to == number]
        if texts:
            return re.search(r"\d[\d ]{5,}\d", texts[-1])[0].replace(" ", "")
        time.sleep(0.1)
    raise AssertionError(f"no message of the kind {kind} to {phone}")


def _texts(app: Flask, kind: str) -> list[tuple[str, str]]:
    """Receiver and text of each message of a kind, oldest first: those that wait and those that were sent."""
    with app.app_context(), reading(request_db.engine) as db:
        query = select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.created_at)
        keyring = app.extensions["keyring"]
        waiting = [opened(keyring, message) for message in db.scalars(query) if message.sealed]
    letters = [json.loads(path.read_text()) for path in (app.config["DATA_DIR"] / "outbox").glob("*.json")]
    sent = sorted((letter for letter in letters if letter["kind"] == kind), key=lambda letter: letter["at"])
    return [(letter["to"], letter["text"]) for letter in sent] + [(one.to, one.text) for one in waiting]
