"""The signed-in side: a relative vouches for somebody's request; the owner sees and stops what waits for their own account."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, session, url_for
from flask_babel import gettext as _

from vssid.accounts.entrance import check_own_password, me
from vssid.accounts.house import house
from vssid.accounts.models import Account
from vssid.accounts.recovery import actions, queries, rules
from vssid.accounts.recovery.forms import WitnessForm
from vssid.accounts.recovery.hours import waiting_period_of
from vssid.accounts.recovery.models import RecoveryRequest
from vssid.accounts.recovery.rules import Status, Way
from vssid.accounts.relatives import queries as relatives
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Label, Refused
from vssid.web import db, pages
from vssid.web.guards import citizen, fresh, reaches

bp = Blueprint("witness", __name__, url_prefix="/tai-khoan")
FOLDER = "accounts/recovery"
# How long the password that a relative gave counts for the one request that they opened with it.
VOUCHING_SECONDS = 600
NOT_YOURS = N_("Không thấy yêu cầu nào với mã này mà bạn xác nhận được. Hãy hỏi lại người thân từng số.")


@bp.get("/nguoi-than/xac-nhan")
@citizen
def vouch_form() -> Response:
    """The mã yêu cầu that the person reads out, and the relative's own password."""
    return pages.page(f"{FOLDER}/witness.html", form=WitnessForm(formdata=None), active="tai-khoan")


@bp.post("/nguoi-than/xac-nhan")
@citizen
def open_request() -> Response:
    """Show whose it is to the one who may vouch for them; to everybody else there is no such request."""
    form = WitnessForm()
    try:
        if form.validate_on_submit():
            code = form.typed()
            _check_password(form.password.data)
            request = _mine(code)
            session["vouching"] = [str(request.id), int(now().timestamp())]
            db.commit()
            return _asks(request)
    except Refused as refusal:
        form.refuse(refusal)
    return pages.refused(f"{FOLDER}/witness.html", form=form, active="tai-khoan")


def _check_password(password: str) -> None:
    limiter, id = current_app.extensions["limiter"], me().id
    if not limiter.allow("recovery-vouch", str(id), *rules.CONFIRMED_BY_RELATIVE, now()):
        raise Refused(rules.OFTEN)
    check_own_password(id, password, "password")


def _mine(code: str) -> RecoveryRequest:
    """An open request of somebody who trusts this citizen."""
    keyring, at = current_app.extensions["keyring"], now()
    with reading(db.engine()) as session_:
        request, account = queries.asked(session_, keyring, code, at) or (None, None)
        if request is None or account is None or not relatives.counts(session_, account.id, me().id, at):
            raise Refused(NOT_YOURS, "code")
    return request


def _asks(request: RecoveryRequest, problem: Label | None = None) -> Response:
    with reading(db.engine()) as session_:
        account = session_.get_one(Account, request.account_id)
        name = house().name_of(session_, account.person_id)
    hours = _hours(waiting_period_of(Way.RELATIVE))
    shown: dict[str, Any] = {"name": name, "request_": request, "hours": hours, "problem": problem}
    if problem is None:
        return pages.page(f"{FOLDER}/vouch.html", active="tai-khoan", **shown)
    return pages.refused(f"{FOLDER}/vouch.html", active="tai-khoan", **shown)


@bp.post("/nguoi-than/xac-nhan/<uuid:id>")
@reaches("recovery")
@citizen
def vouch(id: UUID) -> Response:
    """Vouch: the request waits its hour, in which the owner's contacts can stop it."""
    wait = waiting_period_of(Way.RELATIVE)
    request = _opened(id)
    try:
        actions.confirm_by_relative(db.session, house(), request.id, me().id, wait, by=me().by, at=now())
    except Refused as refusal:
        db.abandon()
        return _asks(request, refusal.label)
    session.pop("vouching", None)
    return pages.after_post(
        _("Đã xác nhận. Mật khẩu mới dùng được sau %(hours)s giờ.", hours=_hours(wait)),
        url_for("relatives.list_relatives"),
    )


def _hours(wait: timedelta) -> int:
    return int(wait.total_seconds() // 3600)


def _opened(id: UUID) -> RecoveryRequest:
    """The request that this relative opened with their password a moment ago; others do not exist."""
    opened = session.get("vouching")
    if not isinstance(opened, list) or now().timestamp() - opened[1] > VOUCHING_SECONDS or opened[0] != str(id):
        abort(404)
    with reading(db.engine()) as session_:
        request = queries.by_id(session_, id)
        whose = request.account_id if request is not None else None
        if request is None or whose is None or not relatives.counts(session_, whose, me().id, now()):
            abort(404)
    return request


# --- one's own account ------------------------------------------------------------------------------------------------


@bp.get("/khoi-phuc")
@citizen
def own() -> Response:
    """The request that waits for one's own account, whoever asked."""
    return _own(queries.waiting_of(db.session, me().id))


def _own(request: RecoveryRequest | None) -> Response:
    way = Way(request.way) if request is not None and request.way else None
    shown: dict[str, Any] = {"request_": request, "way": way, "state": Status(request.status) if request else None}
    return pages.page(f"{FOLDER}/own.html", active="tai-khoan", **shown)


@bp.post("/khoi-phuc/huy")
@fresh
@citizen
def cancel_own() -> Response:
    """Stop it: who can sign in needs no recovery. A session that somebody found open is not enough: whoever holds a stolen
    phone would stop its owner's every attempt to come back.
    """
    words: Label = N_("Đã huỷ yêu cầu khôi phục. Mật khẩu giữ nguyên. Bạn nên đổi mật khẩu.")
    try:
        request = queries.waiting_of(db.session, me().id)
        if request is None:
            raise Refused(rules.OVER)
        actions.cancel(db.session, house(), request, by=me().by, at=now())
    except Refused as refusal:
        db.abandon()
        words = refusal.label
    return pages.after_post(words, url_for("witness.own"))
