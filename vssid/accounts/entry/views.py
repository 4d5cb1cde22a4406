"""The citizen's windows: sign-in, a new device, sign-out."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, request, session, url_for

from vssid.accounts import actions, codes, messages, passwords, proofs, queries, sessions
from vssid.accounts.entrance import guessed_right, may_guess, network, note_refusal
from vssid.accounts.entry.forms import DeviceCodeForm, SignInForm
from vssid.accounts.models import Account
from vssid.accounts.rules import (
    DEVICE_LIFE,
    TOO_MANY,
    WRONG_CODE,
    WRONG_SIGN_IN,
    Notice,
    NoticeKind,
    Purpose,
    Tag,
    login_name,
    ua_label,
)
from vssid.kernel import audit
from vssid.kernel.audit import VISITOR, ActorKind
from vssid.kernel.clock import now
from vssid.kernel.crypto import digest, token
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.kernel.text import masked, spoken_phone
from vssid.web import cookies, db, pages
from vssid.web.guards import TOKEN_KEYS, actor_of, forget_actors, local_path, public
from vssid.web.i18n import say

bp = Blueprint("accounts", __name__)
DEVICE_COOKIE = "device"
PENDING_SECONDS = 900


def _keyring() -> Any:
    return current_app.extensions["keyring"]


def _hotline() -> str:
    hotline: str = current_app.config["SETTINGS"].hotline
    return hotline


@bp.get("/dang-nhap")
@public
def sign_in_form() -> Response:
    """Mã số BHXH or CCCD, and password."""
    if actor_of(ActorKind.CITIZEN) is not None:
        return pages.leave(_next())
    return pages.page("accounts/sign_in.html", form=SignInForm(formdata=None), tiep=_next())


def _next() -> str:
    return local_path(request.args.get("tiep"), "/")


@bp.post("/dang-nhap")
@public
def sign_in() -> Response:
    """Open the session, or ask a new device for the code that was just sent."""
    form = SignInForm()
    if not form.validate_on_submit():
        return pages.refused("accounts/sign_in.html", form=form, tiep=_next())
    name = login_name(form.name.data)
    with reading(db.engine()) as session_:
        account = queries.by_login_name(session_, name)
        known = queries.device(session_, account.id, cookies.get(DEVICE_COOKIE)) if account else None
        enrolled = queries.devices(session_, account.id) if account else []
    if not may_guess(name, known.id if known else None):
        form.form_errors.append(say(TOO_MANY))
        return pages.refused("accounts/sign_in.html", form=form, tiep=_next(), status=429)
    right = passwords.right(account.password_hash if account else None, form.password.data)
    if account is None or not right or account.status != "active":
        note_refusal(account.id if account else None)
        form.form_errors.append(say(WRONG_SIGN_IN))
        return pages.refused("accounts/sign_in.html", form=form, tiep=_next())
    if known is None and enrolled:
        return _challenge_device(account)
    guessed_right(name, known.id if known else None)
    return _admit(account)


def _admit(account: Account) -> Response:
    device_token = cookies.get(DEVICE_COOKIE) or token()
    label = str(ua_label(request.headers.get("User-Agent", "")))
    to = queries.notice_contact(db.session, account, NoticeKind.SIGN_IN)
    if to:
        messages.notify(db.session, _keyring(), account, Notice.SIGN_IN, at=now(), hotline=_hotline(), to=to)
    secret = actions.sign_in(db.session, account, device_token, label, network(), at=now())
    response = pages.leave(_next())
    session.clear()
    session[TOKEN_KEYS[ActorKind.CITIZEN]] = secret
    forget_actors()
    cookies.put(response, DEVICE_COOKIE, device_token, DEVICE_LIFE.days)
    return response


def _challenge_device(account: Account) -> Response:
    """A right password on an unknown device: send a code, end nothing yet. A password alone evicts nobody."""
    at = now()
    device_token = cookies.get(DEVICE_COOKIE) or token()
    with reading(db.engine()) as session_:
        phone = queries.phone_of(session_, account)
    if not phone or codes.may_send(current_app.extensions["limiter"], phone, True, at):
        bound = digest(device_token).hex()
        actions.send_code(db.session, _keyring(), account, Purpose.NEW_DEVICE, by=VISITOR, at=at, bound_to=bound)
    session["pending"] = [str(account.id), int(at.timestamp())]
    response = pages.leave(url_for("accounts.new_device_form", tiep=_next()))
    cookies.put(response, DEVICE_COOKIE, device_token, DEVICE_LIFE.days)
    return response


def _pending() -> UUID | None:
    """The account whose password this browser gave within the last quarter of an hour."""
    pending = session.get("pending")
    if not isinstance(pending, list) or now().timestamp() - pending[1] > PENDING_SECONDS:
        return None
    return UUID(pending[0])


@bp.get("/thiet-bi-moi")
@public
def new_device_form() -> Response:
    """Say which device is in, and ask for the code."""
    account_id = _pending()
    if account_id is None:
        return pages.leave(url_for("accounts.sign_in_form", tiep=_next()))
    return pages.page("accounts/new_device.html", form=DeviceCodeForm(formdata=None), **_device_context(account_id))


def _device_context(account_id: UUID) -> dict[str, Any]:
    account = db.session.get_one(Account, account_id)
    current = queries.devices(db.session, account_id)
    phone = spoken_phone(queries.phone_of(db.session, account)).replace(" ", "")
    return {"current": current[0] if current else None, "phone": masked(phone), "tiep": _next()}


@bp.post("/thiet-bi-moi")
@public
def confirm_device() -> Response:
    """Enrol this device and end the session of the other one."""
    account_id = _pending()
    if account_id is None:
        return pages.leave(url_for("accounts.sign_in_form", tiep=_next()))
    form = DeviceCodeForm()
    bound = digest(cookies.get(DEVICE_COOKIE) or "").hex()
    if form.validate_on_submit():
        limiter = current_app.extensions["limiter"]
        proof = proofs.attempt(
            db.engine(), limiter, _keyring(), (Purpose.NEW_DEVICE,), account_id, form.code.data, now(), bound_to=bound
        )
        if proof is not None and proofs.use(db.session, proof, account_id, now()):
            return _admit(db.session.get_one(Account, account_id))
        form.refuse(Refused(WRONG_CODE, "code"))
    db.abandon()
    return pages.refused("accounts/new_device.html", form=form, **_device_context(account_id))


# --- going out, staying in --------------------------------------------------------------------------------------------


@bp.post("/dang-xuat")
@public
def sign_out() -> Response:
    """End the session everywhere and leave nothing of it in this browser's cache."""
    actor = actor_of(ActorKind.CITIZEN)
    if actor is not None:
        sessions.end_session(db.session, actor.session_id, now(), "sign_out")
        audit.record(db.session, Tag.SIGNED_OUT, actor.by, ("account", actor.id), now())
    response = pages.leave("/")
    session.clear()
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
