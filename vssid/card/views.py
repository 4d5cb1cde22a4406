"""Thẻ BHYT: the card as people know it, and Sử dụng thẻ for the counter."""

from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext as _

from vssid import accounts, directory
from vssid.attesting import keys
from vssid.card import shown
from vssid.card.queries import Bearer
from vssid.card.renewal import rules as renewal
from vssid.card.renewal.days import days_of
from vssid.card.renewal.notes import note_of
from vssid.card.rules import Face, qr_payload, validity, validity_line
from vssid.card.strips import actions
from vssid.card.strips.actions import Shown
from vssid.card.strips.rules import photo_digest
from vssid.card.strips.signing import Issuer
from vssid.helping import Task
from vssid.kernel.clock import now, today
from vssid.kernel.db import unit
from vssid.kernel.text import grouped
from vssid.records.whose import Both, Whose
from vssid.web import db, pages, qr
from vssid.web.i18n import say

bp = Blueprint("card", __name__)
both = Both(bp, "the-bhyt")


@both.get("/the-bhyt", lent=Task.CARD)
def show(whose: Whose) -> Response:
    """The card, front and back, and what it means in words."""
    holder = shown.holder_of(whose.person_id)
    person, face = holder.person, holder.face
    if face is None:
        return pages.page("card/none.html", whose=whose, active=whose.active)
    level = directory.benefit_text(db.session, face.level, today())
    found = directory.parameters(db.session, renewal.CODES, today())
    return pages.page(
        "card/show.html",
        card=shown.printed(person, face, whose.own),
        face=face,
        whose=whose,
        state=validity(face, today()),
        line=validity_line(face, today()),
        level_text=level,
        renewal=note_of(found, face, today()),
        has_days=bool(days_of(face, "", today())),
        active=whose.active,
    )


@both.get("/the-bhyt/su-dung", lent=Task.CARD)
def use(whose: Whose) -> Response:
    """For the counter: big QR, portrait, name, number, validity."""
    holder = shown.holder_of(whose.person_id)
    person, face = holder.person, holder.face
    if face is None:
        return pages.page("card/none.html", whose=whose, active=whose.active)
    return pages.page(
        "card/use.html",
        card=shown.printed(person, face, whose.own),
        face=face,
        whose=whose,
        state=validity(face, today()),
        line=validity_line(face, today()),
        share=directory.benefit_share(db.session, face.level, today()),
        counter=shown.counter_words(db.session),
        fresh_at=now(),
        today=today(),
        key=shown.kept_key(accounts.me().id, person.id),
        active=whose.active,
        **_codes(person, face, whose.own),
    )


def _codes(person: Bearer, face: Face, own: bool) -> dict[str, Any]:
    """The strip of today with its spoken code, and the code of the card form, which hospitals' software reads."""
    standard = qr.svg(qr_payload(face), _("Mã QR của thẻ BHYT"), robust=False)
    if face.withdrawn:
        return {"strip_svg": None, "spoken": "", "standard_svg": standard}
    portrait = shown.portrait(db.session, person) if own else b""
    about = Shown(person.id, face, photo_digest(portrait) if portrait else b"")
    strip = actions.page_strip(_issuer(), about, today())
    svg = qr.svg(strip.text(), _("Mã QR của thẻ BHYT hôm nay"), robust=False)
    return {"strip_svg": svg, "spoken": grouped(strip.codes[0], 3, 4), "standard_svg": standard}


def _issuer() -> Issuer:
    """What signs today: read as a rule, written once in the life of a house."""
    keyring, specimen = shown.house()
    found = keys.current(db.session, keyring)
    if found is not None:
        return Issuer(*found, keyring, specimen)
    with unit(db.engine()) as session:
        return actions.issuer(session, keyring, specimen, today=today())


def card_summary(face: Face) -> dict[str, str]:
    """The strip on the first page: number, holder, one line of truth."""
    return {
        "number_spaced": face.number_spaced,
        "holder": face.holder.upper(),
        "line": say(validity_line(face, today())),
    }
