"""The officers' entrance and the console's home."""

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, current_app, session, url_for
from flask_babel import gettext as _

from vssid import accounts
from vssid.accounts import ceremony, passkeys
from vssid.accounts.passkeys import Owner
from vssid.kernel import audit, totp
from vssid.kernel.audit import ActorKind
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Refused
from vssid.officers import actions, queries
from vssid.officers.admission import TOO_MANY, let_in, next_page, note_refusal, within_limit
from vssid.officers.entrance import alarms, me, visible_queues
from vssid.officers.forms import SetUpForm, SignInForm, TotpForm
from vssid.officers.keys.rules import check_totp_will_do
from vssid.officers.models import Officer
from vssid.officers.rules import SETUP_SECONDS, Role, Tag
from vssid.web import db, pages, qr
from vssid.web.guards import actor_of, officer, public

bp = Blueprint("officers", __name__, url_prefix="/can-bo")

WRONG = N_("Mã cán bộ, mật khẩu hoặc mã xác thực chưa đúng. Mỗi mã xác thực chỉ dùng được một lần.")
PAGE = "officers/sign_in.html"


def _keyring() -> Any:
    return current_app.extensions["keyring"]


@bp.get("")
@officer()
def home() -> Response:
    """Queues by urgency with their counts."""
    return pages.page("officers/home.html", queues=visible_queues(me()), alarms=alarms(), active="home")


@bp.get("/kich-hoat")
@public
def set_up_form() -> Response:
    """Set-up code → password."""
    return pages.page("officers/set_up.html", form=SetUpForm(formdata=None))


@bp.post("/kich-hoat")
@public
def set_up() -> Response:
    """Check the set-up code, set the password, go on to the authenticator app."""
    form = SetUpForm()
    if not form.validate_on_submit():
        return pages.refused("officers/set_up.html", form=form)
    with reading(db.engine()) as session_:
        row = queries.by_code(session_, form.code.data)
    subject, at = row.id if row else UUID(int=0), now()
    try:
        accounts.check_password(form.password.data, accounts.common(), (form.code.data,))
        purposes = (accounts.Purpose.OFFICER_SETUP,)
        code_id = accounts.attempt_code(
            db.engine(), current_app.extensions["limiter"], _keyring(), purposes, subject, form.setup_code.data, at
        )
        password_hash = accounts.hashed(form.password.data)
        if row is None or code_id is None:
            raise Refused(
                N_("Mã cán bộ hoặc mã cài đặt chưa đúng, hoặc đã hết hạn. Hãy xin quản trị cấp mã mới."), "setup_code"
            )
        actions.set_up(db.session, _keyring(), row.id, code_id, password_hash, at=at)
    except Refused as refusal:
        form.refuse(refusal)
        return pages.refused("officers/set_up.html", form=form)
    response = pages.leave(url_for("officers.authenticator_form"))
    session.clear()
    session["setup"] = [str(row.id), int(at.timestamp())]
    return response


def _being_set_up() -> Officer | None:
    pending = session.get("setup")
    if not isinstance(pending, list) or now().timestamp() - pending[1] > SETUP_SECONDS:
        return None
    found = db.session.get(Officer, UUID(pending[0]))
    return found if found is not None and found.status == "new" and found.totp_sealed else None


def _authenticator_context(row: Officer) -> dict[str, Any]:
    secret = actions.totp_secret(_keyring(), row)
    uri = totp.address(secret, row.code, current_app.config["SETTINGS"].site_name)
    return {"secret": accounts.spoken_code(secret), "code_svg": qr.svg(uri, _("Mã QR để thêm vào ứng dụng xác thực"))}


@bp.get("/kich-hoat/ung-dung")
@public
def authenticator_form() -> Response:
    """The secret as QR and text, and the first code."""
    row = _being_set_up()
    if row is None:
        return pages.leave(url_for("officers.set_up_form"))
    return pages.page("officers/authenticator.html", form=TotpForm(formdata=None), **_authenticator_context(row))


@bp.post("/kich-hoat/ung-dung")
@public
def confirm_authenticator() -> Response:
    """The first right code makes the officer active."""
    form, within = TotpForm(), within_limit(str(session.get("setup")))
    row = _being_set_up()
    if row is None:
        return pages.leave(url_for("officers.set_up_form"))
    context = _authenticator_context(row)
    if form.validate_on_submit():
        try:
            if not within:
                raise Refused(TOO_MANY)
            actions.confirm_set_up(db.session, _keyring(), row, form.totp.data, at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            response = pages.after_post(
                _("Tài khoản cán bộ đã sẵn sàng. Hãy đăng nhập."), url_for("officers.sign_in_form")
            )
            session.pop("setup", None)
            return response
    return pages.refused("officers/authenticator.html", form=form, **context)


@bp.get("/dang-nhap")
@public
def sign_in_form() -> Response:
    """Password, and TOTP or a passkey, on one page."""
    return pages.page(PAGE, form=SignInForm(formdata=None), **_around())


def _around() -> dict[str, Any]:
    return {"tiep": next_page(), "passkeys": ceremony.passkey_site() is not None}


@bp.post("/dang-nhap")
@public
def sign_in() -> Response:
    """Password and TOTP; which of them was wrong is not said. An administrator with a passkey hears that when both are right."""
    form = SignInForm()
    if not form.validate_on_submit():
        return pages.refused(PAGE, form=form, **_around())
    if not within_limit(form.code.data):
        form.refuse(Refused(TOO_MANY))
        return pages.refused(PAGE, form=form, status=429, **_around())
    with reading(db.engine()) as session_:
        row = queries.by_code(session_, form.code.data)
    right = accounts.right(row.password_hash if row else None, form.password.data)
    try:
        _check_both(row, right, form.totp.data.replace(" ", ""))
    except Refused as refusal:
        db.abandon()
        note_refusal(row.id if row else None)
        form.refuse(refusal)
        return pages.refused(PAGE, form=form, **_around())
    return let_in(cast(Officer, row), pages.leave)


def _check_both(row: Officer | None, right: bool, typed: str) -> None:
    if (
        row is None
        or not right
        or row.status != "active"
        or not actions.totp_fits(db.session, _keyring(), row, typed, now())
    ):
        raise Refused(WRONG)
    count = passkeys.count(db.session, Owner("officer", row.id))
    check_totp_will_do(Role(row.role), ceremony.passkey_site() is not None, count)


@bp.post("/dang-xuat")
@public
def sign_out() -> Response:
    """End the officer's session."""
    actor = actor_of(ActorKind.OFFICER)
    if actor is not None:
        accounts.end_session(db.session, actor.session_id, now(), "sign_out")
        audit.record(db.session, Tag.SIGNED_OUT, actor.by, ("officer", actor.id), now())
    response = pages.leave(url_for("officers.sign_in_form"))
    session.clear()
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
