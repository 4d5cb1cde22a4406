"""What screens, prints and phones show of a card: its lines in words, its portrait, its codes."""

from base64 import b64encode
from typing import Any
from uuid import UUID

from flask import abort, current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid import directory
from vssid.card import queries
from vssid.card.queries import Bearer, Holder
from vssid.card.rules import Face
from vssid.kernel.clock import today
from vssid.kernel.crypto import Keyring
from vssid.kernel.files import FileStore, StoredFile
from vssid.records import Sex
from vssid.web import db
from vssid.web.i18n import day

COUNTER_RULES = ("kham.the_dien_tu", "kham.khi_he_thong_loi")


def holder_of(person_id: UUID) -> Holder:
    """What every page about a card begins with; 404 for nobody."""
    return queries.holder(db.session, person_id, today()) or abort(404)


def portrait(session: Session, person: Bearer) -> bytes:
    """The approved portrait (JPEG), b"" where there is none."""
    if person.portrait_file_id is None:
        return b""
    store: FileStore = current_app.extensions["files"]
    return store.read(session.get_one(StoredFile, person.portrait_file_id))


def as_data(picture: bytes) -> str | None:
    """A JPEG as an address that holds it, for documents; None for no picture."""
    return "data:image/jpeg;base64," + b64encode(picture).decode() if picture else None


def printed(person: Bearer, face: Face, own: bool = True) -> dict[str, Any]:
    """The card's lines as parts/bhyt_front.html and bhyt_back.html print them."""
    picture = (
        url_for("records.portrait", v=person.portrait_file_id.hex[:8]) if own and person.portrait_file_id else None
    )
    return {
        "number_spaced": face.number_spaced,
        "holder": face.holder,
        "birth": face.birth,
        "sex": str(Sex(face.sex).label),
        "address": face.address,
        "facility": face.facility_name,
        "facility_code": face.facility_code_spaced,
        "valid_from": f"{face.valid_from:%d/%m/%Y}",
        "five_years": f"{face.five_years_from:%d/%m/%Y}" if face.five_years_from else None,
        "issued_place": face.issued_by,
        "issued_on": f"{face.issued_on:%d/%m/%Y}" if face.issued_on else None,
        "signer": face.signatory,
        "level": face.level,
        "living_area": face.area_code,
        "photo_url": picture,
        "qr": None,
    }


def lines(session: Session, face: Face) -> list[tuple[str, str]]:
    """What stands beside a code at the counter, as (label, value) in the reader's language."""
    share = directory.benefit_share(session, face.level, today())
    level = _("Mức %(level)s · %(share)s%%", level=face.level, share=share) if share else str(face.level)
    found = [
        (_("Mức hưởng"), level),
        (_("Nơi đăng ký KCB ban đầu"), f"{face.facility_name} ({face.facility_code_spaced})"),
    ]
    if face.five_years_from:
        found.append((_("Thời điểm đủ 05 năm liên tục"), day(face.five_years_from)))
    return found


def counter_words(session: Session) -> list[str]:
    """The sentences of the law for a counter that wants no card on a phone, those that hold today."""
    found = directory.parameters(session, COUNTER_RULES, today())
    return [found[code].value for code in COUNTER_RULES if code in found]


def house() -> tuple[Keyring, bool]:
    """What signs strips, and whether everybody in this house is a specimen."""
    return current_app.extensions["keyring"], current_app.extensions.get("specimen", bool)()


def kept_key(account_id: UUID | None, person_id: UUID) -> str:
    """By what a phone tells cards apart: the same whenever this account keeps this person's, and says nothing to others."""
    keyring: Keyring = current_app.extensions["keyring"]
    return keyring.digest("kept card", str(account_id), person_id.hex)[:6].hex()
