"""Thẻ BHYT: the card as people know it, Sử dụng thẻ for the counter, and the paper to cut out."""

from base64 import b64encode
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, url_for
from flask_babel import gettext as _

from vssid import accounts, directory
from vssid.card import queries
from vssid.card.queries import Bearer, Holder
from vssid.card.renewal import rules as renewal
from vssid.card.renewal.days import days_of
from vssid.card.renewal.notes import note_of
from vssid.card.rules import Face, Tag, qr_payload, validity, validity_line
from vssid.helping import Task
from vssid.kernel import audit
from vssid.kernel.clock import VIETNAM, now, today
from vssid.kernel.db import unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.records import Sex
from vssid.records.whose import Whose, mine, of_child
from vssid.web import db, pages, papers, qr
from vssid.web.guards import citizen, guardian_of, lendable
from vssid.web.i18n import say

bp = Blueprint("card", __name__, url_prefix="/ca-nhan")


def holder_of(person_id: UUID) -> Holder:
    """What every page about a card begins with."""
    return queries.holder(db.session, person_id, today()) or abort(404)


def _shown(person: Bearer, face: Face, own: bool = True) -> dict[str, Any]:
    """The card's lines as parts/bhyt_front.html and bhyt_back.html print them."""
    portrait = (
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
        "photo_url": portrait,
        "qr": None,
    }


@bp.get("/the-bhyt")
@lendable(Task.CARD)
@citizen
def show() -> Response:
    """The card, front and back, and what it means in words."""
    return _show(mine("the-bhyt"))


@bp.get("/gia-dinh/<uuid:child>/the-bhyt")
@guardian_of
def show_child(child: UUID) -> Response:
    """The same for a child, whose name the title says."""
    return _show(of_child())


def _show(whose: Whose) -> Response:
    holder = holder_of(whose.person_id)
    person, face = holder.person, holder.face
    if face is None:
        return pages.page("card/none.html", whose=whose, active=whose.active)
    level = directory.benefit_text(db.session, face.level, today())
    found = directory.parameters(db.session, renewal.CODES, today())
    return pages.page(
        "card/show.html",
        card=_shown(person, face, whose.own),
        face=face,
        whose=whose,
        state=validity(face, today()),
        line=validity_line(face, today()),
        level_text=level,
        renewal=note_of(found, face, today()),
        has_days=bool(days_of(face, "", today())),
        active=whose.active,
    )


@bp.get("/the-bhyt/su-dung")
@lendable(Task.CARD)
@citizen
def use() -> Response:
    """For the counter: big QR, portrait, name, number, validity."""
    return _use(mine("the-bhyt"))


@bp.get("/gia-dinh/<uuid:child>/the-bhyt/su-dung")
@guardian_of
def use_child(child: UUID) -> Response:
    """The same for a child, in the guardian's hand."""
    return _use(of_child())


def _use(whose: Whose) -> Response:
    holder = holder_of(whose.person_id)
    person, face = holder.person, holder.face
    if face is None:
        return pages.page("card/none.html", whose=whose, active=whose.active)
    return pages.page(
        "card/use.html",
        card=_shown(person, face, whose.own),
        face=face,
        whose=whose,
        state=validity(face, today()),
        line=validity_line(face, today()),
        share=directory.benefit_share(db.session, face.level, today()),
        code_svg=qr.svg(qr_payload(face), _("Mã QR của thẻ BHYT"), robust=False),
        fresh_at=now(),
        active=whose.active,
    )


def pdf_html(person: Bearer, face: Face) -> str:
    """The finished HTML of the print: both sides in ID-1 size on A4, with cut marks."""
    portrait = None
    if person.portrait_file_id:
        store: FileStore = current_app.extensions["files"]
        body = store.read(db.session.get_one(StoredFile, person.portrait_file_id))
        portrait = "data:image/jpeg;base64," + b64encode(body).decode()
    card = {**_shown(person, face), "photo_url": portrait}
    level = directory.benefit_text(db.session, face.level, today())
    svg = qr.svg(qr_payload(face), "QR", robust=False)
    return pages.paper(
        "card/pdf.html",
        card=card,
        face=face,
        level_text=level,
        code_svg=svg,
        printed_at=f"{now().astimezone(VIETNAM):%H:%M %d/%m/%Y}",
    )


@bp.get("/the-bhyt.pdf")
@lendable(Task.CARD)
@citizen
def print_card() -> Response:
    """The card as PDF; that it was printed is noted."""
    return _print(accounts.me().person_id)


@bp.get("/gia-dinh/<uuid:child>/the-bhyt.pdf")
@guardian_of
def print_child(child: UUID) -> Response:
    """The same for a child."""
    return _print(child)


def _print(person_id: UUID) -> Response:
    holder = holder_of(person_id)
    person, face = holder.person, holder.face
    if face is None:
        abort(404)
    html = pdf_html(person, face)
    answer = papers.answer(html, "the-bhyt.pdf")
    with unit(db.engine()) as session:
        audit.record(session, Tag.PRINTED, accounts.me().by, ("person", person.id), now())
    return answer


def card_summary(face: Face) -> dict[str, str]:
    """The strip on the first page: number, holder, one line of truth."""
    return {
        "number_spaced": face.number_spaced,
        "holder": face.holder.upper(),
        "line": say(validity_line(face, today())),
    }
