"""Đồng ý theo từng mục đích: what was agreed to, when, in which text; withdrawn and given again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, g, url_for
from flask_babel import gettext as _

from vssid import accounts, content
from vssid.content.consent import Acceptance, remember
from vssid.content.terms import Purpose
from vssid.kernel.clock import now
from vssid.kernel.labels import N_, Refused
from vssid.privacy.consents import actions, queries
from vssid.privacy.consents.actions import Person
from vssid.privacy.rules import CORE, EFFECTS
from vssid.web import db, pages
from vssid.web.guards import citizen, guardian_of

bp = Blueprint("consents", __name__, url_prefix="/tai-khoan/du-lieu/dong-y")
children = Blueprint("child_data", __name__, url_prefix="/ca-nhan/gia-dinh")
TOO_OFTEN = N_("Hôm nay bạn đã đổi ý nhiều lần. Hãy thử lại vào ngày mai.")
WORDS_A_DAY = (20, timedelta(days=1))


@bp.get("")
@citizen
def show() -> Response:
    """Each purpose with its state, the day and the version of the text."""
    me = accounts.me()
    said = queries.newest(db.session, me.id, me.person_id)
    rows = [(purpose, said.get(purpose.code)) for purpose in content.PURPOSES]
    return pages.page("privacy/consents.html", rows=rows, version=content.TERMS_VERSION, active="tai-khoan")


@bp.get("/<purpose>/rut")
@citizen
def withdraw_form(purpose: str) -> Response:
    """What withdrawing stops, before it is done."""
    return _withdraw_page(_purpose(purpose))


def _purpose(code: str) -> Purpose:
    return next((one for one in content.PURPOSES if one.code == code), None) or abort(404)


def _withdraw_page(purpose: Purpose, problem: Refused | None = None) -> Response:
    shown: dict[str, Any] = {
        "purpose": purpose,
        "effect": EFFECTS[purpose.code],
        "core": purpose.code == CORE,
        "problem": problem.label if problem else None,
        "active": "tai-khoan",
    }
    if problem is None:
        return pages.page("privacy/consent_withdraw.html", **shown)
    return pages.refused("privacy/consent_withdraw.html", **shown)


@bp.post("/<purpose>/rut")
@citizen
def withdraw(purpose: str) -> Response:
    """Rút đồng ý: at once, without an officer."""
    found = _purpose(purpose)
    try:
        return _decided(found, False, _("Đã rút đồng ý."))
    except Refused as refusal:
        return _withdraw_page(found, refusal)


@bp.post("/<purpose>/dong-y")
@citizen
def give(purpose: str) -> Response:
    """Đồng ý lại."""
    return _decided(_purpose(purpose), True, _("Đã ghi nhận đồng ý."))


def _decided(purpose: Purpose, wanted: bool, words: str) -> Response:
    me, at = accounts.me(), now()
    if not current_app.extensions["limiter"].allow("consent-words", str(me.id), *WORDS_A_DAY, at):
        raise Refused(TOO_OFTEN)
    actions.decide(db.session, Person(me.id, me.person_id), purpose.code, wanted, by=me.by, at=at)
    given = queries.given(db.session, me.id, me.person_id)
    response = pages.after_post(words, url_for("consents.show"))
    # The next declaration from this browser takes its consents from the cookie.
    remember(response, Acceptance(content.TERMS_VERSION, given))
    return response


# --- a child's --------------------------------------------------------------------------------------------------------


@children.get("/<uuid:child>/du-lieu")
@guardian_of
def show_child(child: UUID) -> Response:
    """Who looked at a child's data, and what the guardian has agreed to."""
    said = queries.of_child(db.session, child)
    return pages.page("privacy/child.html", ward=g.ward, said=said, active="gia-dinh")


@children.post("/<uuid:child>/du-lieu/rut")
@guardian_of
def withdraw_for_child(child: UUID) -> Response:
    """The guardian no longer agrees: the child's pages close until they do again."""
    actions.withdraw_for_child(db.session, child, by=accounts.me().by, at=now())
    return pages.after_post(_("Đã rút đồng ý. Thông tin của con không còn hiện ở đây."), url_for("home.family"))
