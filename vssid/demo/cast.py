"""Those who can sign in: officers with an authenticator, citizens with an account, a school, a clinic; and how they do it."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from vssid import accounts, content, directory
from vssid.accounts.models import Account, LoginName
from vssid.demo.people import MAIN_MA_SO, MAIN_NAME, MAIN_WARD, PROVINCE, Ids, Someone
from vssid.kernel.audit import OPERATOR
from vssid.kernel.crypto import Keyring
from vssid.kernel.rows import table_of
from vssid.kernel.text import fold
from vssid.officers import Role
from vssid.officers.models import Officer
from vssid.organisations import OrganisationKind, Portal
from vssid.organisations.models import Member, Organisation
from vssid.records import IdKind

CITIZEN_PASSWORD = "mau-an-giang-2026"  # noqa: S105 - printed at every load; only invented people have it
OFFICER_PASSWORD = "mau-can-bo-2026-ag"  # noqa: S105 - likewise
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_OFFICERS = (
    ("CB01", "Lê Thị Mẫu Duyệt", Role.REVIEW, "08901"),
    ("CB02", "Phạm Văn Mẫu Xét", Role.REVIEW, "08902"),
    ("GS01", "Võ Thị Mẫu Giám", Role.SUPERVISOR, "089"),
    ("BT01", "Ngô Thị Mẫu Biên", Role.CONTENT, "089"),
)
_WAITING_FOR_ACTIVATION = 2
_SCHOOL, _SCHOOL_PHONE = "Trường Tiểu học Mẫu", "0900900901"
_CLINIC_CODE, _CLINIC_PHONE = "89012", "0900900902"


@dataclass(frozen=True)
class Hashes:
    """The two passwords as they are stored, hashed once for all."""

    citizen: str
    officer: str


def hashes() -> Hashes:
    """Takes some 40 ms: before any transaction."""
    return Hashes(accounts.hashed(CITIZEN_PASSWORD), accounts.hashed(OFFICER_PASSWORD))


def add_officers(
    db: Session, keyring: Keyring, rng: random.Random, ids: Ids, hash_: str, at: datetime
) -> dict[str, str]:
    """Add the officers as if each had set up password and authenticator; returns the authenticator keys by code."""
    keys, rows = {}, []
    for code, name, role, agency in _OFFICERS:
        id, keys[code] = ids.next(), "".join(rng.choices(_BASE32, k=32))
        rows.append({
            "id": id, "code": code, "name": name, "email": f"{code.lower()}@vidu.vn", "role": role,
            "agency_code": agency, "ma_so_bhxh": None, "status": "active", "password_hash": hash_,
            "totp_sealed": keyring.seal_text(keys[code], f"totp {id}"), "totp_last_step": 0,
            "created_at": at, "activated_at": at,
        })  # fmt: skip
    db.execute(insert(table_of(Officer)), rows)
    return keys


def add_accounts(
    db: Session, ids: Ids, approved: list[tuple[dict[str, Any], Someone]], hash_: str, at: datetime
) -> None:
    """An account for each approved declaration; the last two wait for their activation code."""
    active = len(approved) - _WAITING_FOR_ACTIVATION
    rows, names = [], []
    for number, (declaration, who) in enumerate(approved):
        proven = declaration["decided_at"] if number < active else None
        id = ids.next()
        rows.append({
            "id": id, "person_id": who.id, "status": "active" if proven else "new", "phone": declaration["phone"],
            "phone_proven_at": proven, "email": who.email or None, "language": declaration["language"],
            "password_hash": hash_ if proven else None, "password_set_at": proven,
            "terms_version": content.TERMS_VERSION, "created_at": declaration["decided_at"],
        })  # fmt: skip
        numbers = (who.ma_so, who.papers.get(IdKind.CCCD))
        names += [{"value": value, "account_id": id} for value in numbers if value]
    db.execute(insert(table_of(Account)), rows)
    db.execute(insert(table_of(LoginName)), names)
    for row in rows:
        agree(db, ("account", row["id"]), at, reminders=True)


def add_organisations(db: Session, ids: Ids, hash_: str, at: datetime) -> None:
    """A school and a health facility of the agency 08902, each with its manager, as if they had registered and activated."""
    clinic = directory.facility(db, _CLINIC_CODE)
    name = clinic.name if clinic else "Phòng khám Mẫu"
    school = {"kind": OrganisationKind.SCHOOL, "name": _SCHOOL, "ma_don_vi": "TH00001", "facility_code": ""}
    facility = {"kind": OrganisationKind.FACILITY, "name": name, "ma_don_vi": "", "facility_code": _CLINIC_CODE}
    _add_organisation(db, ids, school, ("Phan Thị Mẫu Giáo", _SCHOOL_PHONE), hash_, at)
    _add_organisation(db, ids, facility, ("Đinh Thị Mẫu Nhận", _CLINIC_PHONE), hash_, at)


def _add_organisation(
    db: Session, ids: Ids, facts: dict[str, Any], manager: tuple[str, str], hash_: str, at: datetime
) -> None:
    id, (full_name, phone) = ids.next(), manager
    db.execute(insert(table_of(Organisation)), [{
        "id": id, "name_folded": fold(facts["name"]), "tax_code": "1600000001", "address_line": "1 đường Mẫu",
        "ward_code": MAIN_WARD, "province_code": PROVINCE, "agency_code": "08902", "portal": Portal.STATE,
        "created_at": at, **facts,
    }])  # fmt: skip
    db.execute(insert(table_of(Member)), [{
        "id": ids.next(), "organisation_id": id, "full_name": full_name, "phone": "+84" + phone[1:],
        "role": "quan_ly", "status": "active", "password_hash": hash_, "password_set_at": at, "created_at": at,
    }])  # fmt: skip


def agree(db: Session, subject: tuple[str, UUID], at: datetime, *, reminders: bool) -> None:
    """Note the consents that go before every declaration and account; being reminded is a choice."""
    given = {purpose.code: purpose.needed or reminders for purpose in content.PURPOSES}
    accounts.record_consent(db, subject, given, content.TERMS_VERSION, content.TERMS_DIGEST, by=OPERATOR, at=at)


def how_to_sign_in(url: str, keys: dict[str, str]) -> str:
    """Plain words for the person at the keyboard; `url` is PUBLIC_URL, `keys` the authenticator keys by officer."""
    lines = [
        "The people and figures here are invented specimens. How to sign in:",
        "",
        f"Citizen {MAIN_NAME}: {url}/dang-nhap",
        f"  Mã số BHXH  {MAIN_MA_SO}",
        f"  Mật khẩu    {CITIZEN_PASSWORD}",
        "  A second browser is asked for a code; the message with it lies in the folder outbox beside this file.",
    ]
    for code, name, role, agency in _OFFICERS:
        if code not in ("CB01", "GS01", "BT01"):
            continue
        lines += [
            "",
            f"Officer {name} ({role}, {agency}): {url}/can-bo/dang-nhap",
            f"  Mã cán bộ   {code}",
            f"  Mật khẩu    {OFFICER_PASSWORD}",
            f"  Mã xác thực .venv/bin/flask demo code {code}   (or this key in an authenticator app: {keys[code]})",
        ]
    lines += [
        "",
        f"{_SCHOOL} (its manager): {url}/to-chuc/dang-nhap",
        f"  Số điện thoại {_SCHOOL_PHONE}",
        f"  Mật khẩu    {CITIZEN_PASSWORD}",
        "  A code is asked for every time; it lies in the folder outbox too.",
        "",
        f"The reception of a health facility ({_CLINIC_CODE}): {url}/to-chuc/dang-nhap, then {url}/to-chuc/tiep-nhan",
        f"  Số điện thoại {_CLINIC_PHONE}, the same password, a code every time.",
    ]
    return "\n".join(lines) + "\n"
