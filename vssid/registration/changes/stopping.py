"""/huy: whoever has the message stops the change that it tells of, by its code alone. Nothing else can be done with it."""

from flask import Blueprint, Response, current_app, redirect, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from vssid import accounts
from vssid.kernel.audit import VISITOR
from vssid.kernel.clock import now
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.limits import Limiter
from vssid.registration.changes import actions, queries
from vssid.registration.changes.forms import CancelForm
from vssid.registration.changes.rules import (
    CANCEL_EVERYWHERE_LIMIT,
    CANCEL_NETWORK_LIMIT,
    Item,
)
from vssid.registration.surroundings import house
from vssid.web import captcha, db, pages
from vssid.web.guards import public

bp = Blueprint("stopping", __name__, url_prefix="/huy")
PAGE = "registration/changes/huy.html"
WRONG = N_("Mã chưa đúng, hoặc thay đổi đã kết thúc. Hãy xem lại tin nhắn mới nhất, hoặc gọi tổng đài.")
RECOVERY = "recovery"
STOPPED: dict[str, Label] = {**{item.value: item.label for item in Item}, RECOVERY: N_("Khôi phục mật khẩu")}
TOO_MANY = N_("Đã thử quá nhiều lần. Hãy đợi 15 phút rồi thử lại, hoặc gọi tổng đài.")


@bp.get("")
@public
def ask() -> Response:
    """Where the code is typed."""
    return _ask(CancelForm(formdata=None))


def _ask(form: CancelForm, status: int = 200) -> Response:
    shown = {"form": form, **captcha.for_template()}
    if status == 200:
        return pages.page(PAGE, **shown)
    return pages.refused(PAGE, status=status, **shown)


@bp.post("")
@public
def stop() -> Response:
    """Stop the change; a wrong code and one that has ended look the same."""
    form = CancelForm()
    if not form.validate_on_submit():
        return _ask(form, 422)
    try:
        captcha.check()
        if not _may_try():
            raise Refused(TOO_MANY, "code")
        there = _stopped(accounts.typed_stop_code(form.code.data))
    except Refused as refusal:
        form.refuse(refusal)
        return _ask(form, 422)
    return pages.after_post(None, there)


def _may_try() -> bool:
    limiter: Limiter = current_app.extensions["limiter"]
    at = now()
    return limiter.allow("cancel-network", accounts.network(), *CANCEL_NETWORK_LIMIT, at) and limiter.allow(
        "cancel-all", "", *CANCEL_EVERYWHERE_LIMIT, at
    )


def _stopped(code: str) -> str:
    """Stop what the code is for, in the request's unit of work; the page that says so. Raises Refused when there is nothing.

    A change and a recovery may by chance have the same code: then both stop, which harms nobody.
    """
    recovery = accounts.recovery.stop_by_code(db.session, accounts.recovery.house(), code, at=now())
    found = queries.by_cancel_digest(db.session, accounts.stop_digest(house().keyring, code))
    if found is not None:
        actions.cancel(db.session, house(), found, by=VISITOR, at=now())
    if found is not None or recovery:
        session["stopped"] = found.item if found else RECOVERY
        return url_for("stopping.stopped")
    if accounts.freeze_by_code(db.session, house().keyring, code, at=now(), hotline=house().hotline):
        return url_for("devices.frozen")
    raise Refused(WRONG, "code")


@bp.get("/xong")
@public
def stopped() -> Response | AnyResponse:
    """What was stopped, and what to do now."""
    label = STOPPED.get(session.get("stopped", ""))
    if label is None:
        return redirect(url_for("stopping.ask"), 303)
    return pages.page("registration/changes/stopped.html", label=label)
