"""Theo dõi phản ánh without an account: both codes open it for half an hour; say more, disagree once or twice."""

from flask import Blueprint, Response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from vssid.kernel.audit import VISITOR
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Refused
from vssid.support.feedback import actions, brakes, queries, visit
from vssid.support.feedback.forms import FollowForm, MoreForm
from vssid.support.feedback.models import Feedback
from vssid.support.feedback.receiving import secret_digest
from vssid.support.feedback.rules import NOT_FOUND, Tag, checked_text, spoken_secret
from vssid.support.feedback.shown import page_of
from vssid.web import db, pages
from vssid.web.guards import public

bp = Blueprint("feedback_follow", __name__, url_prefix="/ho-tro/phan-anh/theo-doi")
ASK, PAGE = "support/feedback_follow.html", "support/feedback_letter.html"


@bp.get("")
@public
def ask() -> Response:
    """Both codes."""
    return pages.page(ASK, form=FollowForm(formdata=None), active="ho-tro")


@bp.post("")
@public
def find() -> Response:
    """Open a letter; an unknown code and a wrong second half look the same."""
    form = FollowForm()
    if not form.validate_on_submit():
        return pages.refused(ASK, form=form, active="ho-tro")
    code, secret = form.codes()
    try:
        brakes.count_guess(code)
        found = queries.by_code(db.session, code, secret_digest(code, secret))
        if found is None:
            db.abandon()
            with unit(db.engine()) as session:
                actions.note_refused(session, VISITOR, now())
            raise Refused(NOT_FOUND)
    except Refused as refusal:
        form.refuse(refusal)
        return pages.refused(ASK, form=form, active="ho-tro")
    actions.note(db.session, Tag.FOLLOWED, found, VISITOR, now())
    visit.keep_open(found.id)
    return pages.after_post(None, url_for(".show"))


@bp.get("/xem")
@public
def show() -> Response | AnyResponse:
    """Where it stands."""
    opened = visit.opened()
    found = queries.by_id(db.session, opened[0]) if opened else None
    return _show(found, MoreForm(formdata=None)) if found else redirect(url_for(".ask"), 303)


def _show(found: Feedback, form: MoreForm, status: int = 200) -> Response:
    opened = visit.opened()
    secret = opened[1] if opened else ""
    return pages.page(
        PAGE,
        status=status,
        form=form,
        secret=spoken_secret(secret) if secret else "",
        here=url_for(".ask"),
        back=url_for("feedback.index"),
        by_account=False,
        fresh=bool(secret),
        active="ho-tro",
        **page_of(db.session, found),
    )


@bp.post("/bo-sung")
@public
def more() -> Response | AnyResponse:
    """Say more while it is open."""
    return _said(again=False)


@bp.post("/mo-lai")
@public
def reopen() -> Response | AnyResponse:
    """Say why the answer is not enough."""
    return _said(again=True)


def _said(*, again: bool) -> Response | AnyResponse:
    form, opened = MoreForm(), visit.opened()
    with reading(db.engine()) as session:
        found = queries.by_id(session, opened[0]) if opened else None
    if found is None:
        return pages.after_post(_("Phiên theo dõi đã hết. Hãy nhập lại hai mã."), url_for(".ask"))
    try:
        if form.validate_on_submit():
            brakes.count_more(str(found.id))
            act = actions.reopen if again else actions.add_words
            act(db.session, found.id, checked_text(form.text.data), by=VISITOR, at=now())
            return pages.after_post(_("Đã gửi. Cơ quan BHXH đọc được lời nhắn này."), url_for(".show"))
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return _show(queries.by_id(db.session, found.id) or found, form, 422)


@bp.post("/dong")
@public
def close() -> Response | AnyResponse:
    """Forget the letter in this browser."""
    visit.close()
    return pages.after_post(_("Đã đóng. Lần sau, hãy nhập lại hai mã."), url_for(".ask"))
