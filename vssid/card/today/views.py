"""“Đi khám hôm nay?”: whether the card holds, where it is registered, what to bring, what to say at the counter."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, request

from vssid import directory
from vssid.card import queries as cards
from vssid.card.renewal import rules as renewal
from vssid.card.renewal.notes import note_of
from vssid.card.rules import validity, validity_line
from vssid.card.today import rules
from vssid.card.today.law import Found, for_reception, said, source
from vssid.card.today.queries import Around, around
from vssid.directory.models import Facility
from vssid.helping import Task
from vssid.kernel.clock import today
from vssid.kernel.labels import N_, Label
from vssid.kernel.text import phones
from vssid.records.whose import Both, Whose
from vssid.web import db, pages
from vssid.web.i18n import say, shown, vietnamese

bp = Blueprint("today", __name__)
both = Both(bp, "the-bhyt")
LONGEST_SEARCH, LONGEST_KEY = 100, 320
EVERYWHERE = N_("Cả nước nhận thẻ BHYT điện tử.")
ACCEPTS = N_("%(province)s: nhận thẻ BHYT điện tử.")
DOES_NOT = N_("%(province)s: chưa có trong danh sách nhận thẻ điện tử. Hãy mang CCCD hoặc thẻ giấy.")


@both.get("/the-bhyt/hom-nay", lent=Task.CARD)
def show(whose: Whose) -> Response:
    """One's own card, today."""
    session, on = db.session, today()
    holder = cards.holder(session, whose.person_id, on) or abort(404)
    face = holder.face
    near = around(session, whose.person_id, face.facility_code if face else "")
    found = directory.parameters(session, (*rules.CODES, *renewal.CODES), on)
    share = directory.benefit_share(session, face.level, on) if face else None
    return pages.page(
        "card/today.html",
        whose=whose,
        face=face,
        state=validity(face, on) if face else None,
        line=validity_line(face, on) if face else None,
        share=share,
        facility=_place(near.facility, on) if near.facility else None,
        renewal=note_of(found, face, on) if face else None,
        here=request.path,
        active=whose.active,
        **_law(found, holder.person.birth_date, share, on),
        **_accepting(found, near),
        **_others(near, on),
    )


@dataclass(frozen=True)
class Place:
    """A facility as the page shows it: its numbers as (written, dialled), a link that opens the phone's own map."""

    facility: Facility
    contract: directory.Contract
    numbers: tuple[tuple[str, str], ...]
    map_at: str


def _place(facility: Facility, on: date) -> Place:
    where = ", ".join(part for part in (facility.name, facility.address) if part)
    contract = directory.contract_of(facility, on)
    return Place(facility, contract, phones(facility.phone), f"geo:0,0?q={quote(where)}")


def _law(found: Found, birth_date: str, share: int | None, on: date) -> dict[str, Any]:
    """What the law of the day says, each with its source; what it does not say is None or missing."""
    values = {code: one.value for code, one in found.items()}
    small = rules.is_small_child(birth_date, values, on)
    return {
        "reception": for_reception(found),
        "bring": said(found, rules.BRING_CHILD if small else rules.BRING),
        "levels": said(found, rules.LEVELS),
        "emergency": said(found, rules.EMERGENCY),
        "elsewhere": [(one, source(found, one.code)) for one in rules.elsewhere(values, share)],
    }


def _accepting(found: Found, near: Around) -> dict[str, Any]:
    """Whether the reader's province and that of the facility take the electronic card, and since when."""
    listed = found.get(rules.ACCEPTING)
    if listed is None:
        return {"accepting": None}
    codes = [near.province_code, near.facility.province_code if near.facility else ""]
    names = {code: directory.place_name(db.session, code) for code in codes if code}
    lines = [
        shown(Label(str(ACCEPTS if rules.accepts(listed.value, code) else DOES_NOT), province=vietnamese(name)))
        for code, name in names.items()
        if name
    ]
    whole = [say(EVERYWHERE)] if listed.value == rules.EVERYWHERE else []
    return {
        "accepting": listed,
        "accepting_lines": [*whole, *lines],
        "accepting_source": source(found, rules.ACCEPTING),
    }


def _others(near: Around, on: date) -> dict[str, Any]:
    """Other facilities that treat on the card: the nearest known, or those that a search finds, paged by key."""
    text, after = pages.query_text("q", LONGEST_SEARCH), pages.query_text("sau", LONGEST_KEY)
    searching = bool(text or after or "q" in request.args)
    listing: dict[str, Any] = {"text": text, "searching": searching, "following": None, "others": []}
    if not near.province_code:
        return {**listing, "province": ""}
    listing["province"] = directory.place_name(db.session, near.province_code)
    if searching:
        page = directory.contracted_page(db.session, near.province_code, text, on, after)
        return {**listing, "others": [(_place(one, on), False) for one in page.rows], "following": page.following}
    own = near.facility.code if near.facility else ""
    rows = directory.contracted_near(db.session, near.province_code, near.ward_name, on, but=own)
    return {**listing, "others": [(_place(one, on), in_ward) for one, in_ward in rows]}
