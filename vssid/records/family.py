"""For whom a guardian acts: children by the register, until they are of age; agreed to anew when a child turns seven."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid import accounts, content
from vssid.accounts import notices
from vssid.kernel.clock import day_of, now, today
from vssid.kernel.db import reading
from vssid.records import queries
from vssid.records.models import Person
from vssid.records.rules import CHILD_CONSENT, PartialDate, consent_lapsed, is_asked
from vssid.web import db, guards, pages
from vssid.web.guards import Actor, Ward, guardian_of

bp = Blueprint("wards", __name__, url_prefix="/ca-nhan/gia-dinh")


def init_app(app: Flask) -> None:
    """Tell the guards for whom a citizen acts, and the accounts what people are called."""
    guards.register_wards(app, load_ward, load_wards)
    accounts.register_names(app, queries.name_of)


def load_ward(actor: Actor, child_id: UUID) -> Ward | None:
    """The child, if the actor is their guardian today; with a detour where the agreement must be given anew."""
    if not isinstance(actor, accounts.Citizen):
        return None
    if request.method in db.SAFE_METHODS:
        return _ward(db.session, actor.person_id, child_id)
    with reading(db.engine()) as session:
        return _ward(session, actor.person_id, child_id)


def _ward(session: Session, guardian_id: UUID, child_id: UUID) -> Ward | None:
    child = queries.ward_of(session, guardian_id, child_id, today())
    if child is None:
        return None
    detour = url_for("wards.agreement", child=child.id) if must_agree(session, child) else None
    return Ward(child.id, child.full_name, detour, child.birth_date)


def load_wards(actor: Actor) -> list[UUID]:
    """The children whose guardian the actor is today, with an agreement that holds; in two statements."""
    if not isinstance(actor, accounts.Citizen):
        return []
    if request.method in db.SAFE_METHODS:
        return _wards(db.session, actor.person_id)
    with reading(db.engine()) as session:
        return _wards(session, actor.person_id)


def _wards(session: Session, guardian_id: UUID) -> list[UUID]:
    children = queries.children_of(session, guardian_id, today())
    agreed = notices.agreed_on(session, "person", [child.id for child in children], CHILD_CONSENT)
    return [child.id for child in children if not _lapsed(child, agreed.get(child.id))]


def must_agree(session: Session, child: Person) -> bool:
    """Whether the guardian's agreement for this child is missing or older than the child's seventh birthday."""
    return _lapsed(child, accounts.agreed_at(session, ("person", child.id), CHILD_CONSENT))


def _lapsed(child: Person, agreed: datetime | None) -> bool:
    return consent_lapsed(PartialDate.parse(child.birth_date), day_of(agreed) if agreed else None, today())


@bp.get("/<uuid:child>/dong-y")
@guardian_of
def agreement(child: UUID) -> Response:
    """What is agreed to, for the child and from seven years on with the child."""
    return pages.page("records/agreement.html", **_context())


def _context(error: str | None = None) -> dict[str, Any]:
    ward: Ward = g.ward
    birth = PartialDate.parse(db.session.get_one(Person, ward.id).birth_date)
    return {"ward": ward, "asks_child": is_asked(birth, today()), "error": error, "active": "gia-dinh"}


@bp.post("/<uuid:child>/dong-y")
@guardian_of
def agree(child: UUID) -> Response:
    """Keep the agreement with its text's version; both must be there when the child is old enough to be asked."""
    shown = _context()
    given = "guardian" in request.form and (not shown["asks_child"] or "child" in request.form)
    if not given:
        error = _("Cần đánh dấu đủ các ô thì mới xem được thông tin của con.")
        return pages.refused("records/agreement.html", **_context(error))
    accounts.record_consent(
        db.session,
        ("person", child),
        {CHILD_CONSENT: True},
        content.TERMS_VERSION,
        content.TERMS_DIGEST,
        by=accounts.me().by,
        at=now(),
    )
    return pages.after_post(_("Đã ghi nhận đồng ý."), url_for("home.child", child=child))
