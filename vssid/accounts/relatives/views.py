"""Người thân tin cậy: whom one has named, who has named oneself; either side ends it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, url_for
from flask_babel import gettext as _

from vssid.accounts import codes
from vssid.accounts.entrance import check_own_password, me
from vssid.accounts.house import house
from vssid.accounts.models import Account
from vssid.accounts.relatives import actions, queries, rules
from vssid.accounts.relatives.forms import RelativeForm
from vssid.accounts.relatives.models import TrustedRelative
from vssid.accounts.relatives.rules import Status
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Label, Refused
from vssid.web import db, pages
from vssid.web.guards import citizen, fresh, reaches

bp = Blueprint("relatives", __name__, url_prefix="/tai-khoan/nguoi-than")
PAGE = "accounts/relatives/list.html"


@bp.get("")
@citizen
def list_relatives() -> Response:
    """Both lists, and the form to name somebody."""
    return _list(RelativeForm(formdata=None))


def _list(form: RelativeForm, status: int = 200) -> Response:
    if status != 200:
        db.abandon()
    account, at = db.session.get_one(Account, me().id), now()
    mine = queries.named_by(db.session, account.id)
    theirs = [
        {"id": one.id, "name": house().name_of(db.session, owner.person_id), **_state(one, at)}
        for one, owner in queries.naming(db.session, account.id)
    ]
    shown: dict[str, Any] = {
        "mine": [{"id": one.id, "name": _name(one), **_state(one, at)} for one in mine],
        "theirs": theirs,
        "full": len(mine) >= rules.MOST,
        "child": account.guardian_id is not None,
        "most": rules.MOST,
        "form": form,
    }
    return pages.page(PAGE, status=status, active="tai-khoan", **shown)


def _name(one: TrustedRelative) -> str:
    """Before the relative has agreed, no more than was typed."""
    if one.status != Status.ACCEPTED or one.relative_id is None:
        return one.typed
    relative = db.session.get_one(Account, one.relative_id)
    return house().name_of(db.session, relative.person_id)


def _state(one: TrustedRelative, at: Any) -> dict[str, Any]:
    label, tone = rules.state(Status(one.status), one.counts_from, at)
    return {"label": label, "tone": tone, "asked": one.status == Status.ASKED, "counts_from": one.counts_from}


@bp.post("")
@citizen
def name() -> Response:
    """Name one; the answer is the same whether there is such a person."""
    form = RelativeForm()
    try:
        if form.validate_on_submit():
            ma_so, phone = form.keys()
            _check_password(form.password.data)
            reachable = codes.may_send(current_app.extensions["limiter"], phone, True, now())
            actions.name(db.session, house(), me().id, ma_so, phone, reachable=reachable, at=now())
            words = _("Đã ghi nhận. Nếu hai số khớp với một tài khoản, người thân nhận được tin nhắn và cần đồng ý.")
            return pages.after_post(words, url_for("relatives.list_relatives"))
    except Refused as refusal:
        form.refuse(refusal)
    return _list(form, 422)


def _check_password(password: str) -> None:
    limiter, id = current_app.extensions["limiter"], me().id
    if not limiter.allow("relative-named", str(id), *rules.NAMED_BY_ACCOUNT, now()):
        raise Refused(rules.OFTEN)
    check_own_password(id, password, "password")


@bp.post("/<uuid:id>/dong-y")
@fresh
@reaches("relative")
@citizen
def accept(id: UUID) -> Response:
    """Agree to vouch for who has named me."""
    _mine(id)
    words: Label = N_("Đã đồng ý. Bạn xác nhận được cho người thân sau 3 ngày kể từ bây giờ.")
    try:
        actions.accept(db.session, house(), id, me().id, at=now())
    except Refused as refusal:
        db.abandon()
        words = refusal.label
    return pages.after_post(words, url_for("relatives.list_relatives"))


def _mine(id: UUID) -> None:
    """A naming of which I am one side, read before the request writes; others do not exist."""
    with reading(db.engine()) as session:
        if queries.of(session, id, me().id) is None:
            abort(404)


@bp.post("/<uuid:id>/ket-thuc")
@reaches("relative")
@citizen
def end(id: UUID) -> Response:
    """Either side ends it, or declines."""
    _mine(id)
    words: Label = N_("Đã kết thúc. Muốn có lại, hãy chọn và đồng ý từ đầu.")
    try:
        actions.end(db.session, house(), id, me().id, at=now())
    except Refused as refusal:
        db.abandon()
        words = refusal.label
    return pages.after_post(words, url_for("relatives.list_relatives"))
