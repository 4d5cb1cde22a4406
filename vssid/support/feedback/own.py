"""Phản ánh của tôi: the letters of who is signed in; say more, disagree once or twice."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from vssid import accounts
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.support.feedback import actions, brakes, queries
from vssid.support.feedback.forms import MoreForm
from vssid.support.feedback.models import Feedback
from vssid.support.feedback.rules import checked_text
from vssid.support.feedback.shown import facts, page_of
from vssid.web import db, pages
from vssid.web.guards import citizen, reaches

bp = Blueprint("feedback_own", __name__, url_prefix="/ho-tro/phan-anh/cua-toi")
LONGEST_KEY = 80


@bp.get("")
@citizen
def index() -> Response:
    """Newest first."""
    rows = queries.newest_of(db.session, accounts.me().id, _key(pages.query_text("sau", LONGEST_KEY)))
    last = rows[queries.PAGE - 1] if len(rows) > queries.PAGE else None
    following = url_for(".index", sau=f"{last.sent_at.isoformat()}_{last.id}") if last else None
    return pages.page(
        "support/feedback_own.html",
        rows=[facts(one) for one in rows[: queries.PAGE]],
        following=following,
        earlier="sau" in request.args,
        active="ho-tro",
    )


def _key(text: str) -> tuple[datetime, UUID] | None:
    moment, _sign, id = text.partition("_")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(id)) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


@bp.get("/<uuid:id>")
@reaches("feedback")
@citizen
def show(id: UUID) -> Response:
    """The receipt, and where it stands."""
    found = queries.of_account(db.session, id, accounts.me().id) or abort(404)
    return _show(found, MoreForm(formdata=None), fresh="moi" in request.args)


def _show(found: Feedback, form: MoreForm, status: int = 200, *, fresh: bool = False) -> Response:
    return pages.page(
        "support/feedback_letter.html",
        status=status,
        form=form,
        secret="",
        here=url_for(".show", id=found.id),
        back=url_for(".index"),
        by_account=True,
        fresh=fresh,
        active="ho-tro",
        **page_of(db.session, found),
    )


@bp.post("/<uuid:id>/bo-sung")
@reaches("feedback")
@citizen
def more(id: UUID) -> Response:
    """Say more while it is open."""
    return _said(id, again=False)


@bp.post("/<uuid:id>/mo-lai")
@reaches("feedback")
@citizen
def reopen(id: UUID) -> Response:
    """Say why the answer is not enough."""
    return _said(id, again=True)


def _said(id: UUID, *, again: bool) -> Response:
    form, me = MoreForm(), accounts.me()
    with reading(db.engine()) as session:
        found = queries.of_account(session, id, me.id) or abort(404)
    try:
        if form.validate_on_submit():
            brakes.count_more(str(id))
            act = actions.reopen if again else actions.add_words
            act(db.session, id, checked_text(form.text.data), by=me.by, at=now())
            return pages.after_post(_("Đã gửi. Cơ quan BHXH đọc được lời nhắn này."), url_for(".show", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return _show(queries.of_account(db.session, id, me.id) or found, form, 422)
