"""A right password in an unknown browser: which device is in, and a second proof before it takes that one's place."""

from typing import Any

from flask import Blueprint, Response, flash, session, url_for
from flask_babel import gettext as _

from vssid.accounts import actions as account_actions
from vssid.accounts import challenges, codes, passkeys, proofs, queries, smart_otp
from vssid.accounts.ceremony import passkey_site
from vssid.accounts.challenges import Ask, Asked
from vssid.accounts.entry import actions
from vssid.accounts.entry.admission import (
    DEVICE_COOKIE,
    PENDING_KEY,
    device_token,
    keyring,
    let_in,
    limiter,
    next_page,
    remember_device,
    settings,
)
from vssid.accounts.entry.forms import DeviceCodeForm
from vssid.accounts.models import Account
from vssid.accounts.proofs import Proof
from vssid.accounts.rules import CHALLENGE_LIFE, CHALLENGE_TRIES, WRONG_CODE, Purpose
from vssid.kernel.audit import VISITOR, ActorKind
from vssid.kernel.clock import now
from vssid.kernel.crypto import digest, token
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import masked, spoken_phone
from vssid.web import cookies, db, pages
from vssid.web.guards import Actor, actor_of, public
from vssid.web.i18n import say

bp = Blueprint("new_device", __name__, url_prefix="/thiet-bi-moi")
PAGE = "accounts/new_device.html"
NOT_SENT = N_("Đã gửi quá nhiều tin nhắn nên chưa gửi thêm. Hãy dùng tin nhắn gần nhất, hoặc một mã dự phòng.")


def ask(account: Account) -> Response:
    """Open the question and go to its page. Ends nothing: a password alone evicts nobody.

    A code is sent at once where the owner has no app that makes them, and has not switched such messages off.
    """
    at, secret, device = now(), token(), device_token()
    with reading(db.engine()) as session_:
        phone = queries.phone_of(session_, account)
        by_message = account.sms_sign_in and not smart_otp.is_set(session_, account.id)
    sends = by_message and (not phone or codes.may_send(limiter(), phone, True, at))
    subject = (actions.KIND, account.id)
    challenges.put(db.session, secret, Ask.NEW_DEVICE, subject, device, at, CHALLENGE_LIFE, CHALLENGE_TRIES)
    if sends:
        _send(account, device)
    session[PENDING_KEY] = secret
    if by_message and not sends:
        flash(say(NOT_SENT))
    response = pages.leave(url_for("new_device.show", tiep=next_page()))
    remember_device(response, device)
    return response


def _send(account: Account, device: str) -> None:
    account_actions.send_code(
        db.session, keyring(), account, Purpose.NEW_DEVICE, by=VISITOR, at=now(), bound_to=_bound(device)
    )


def _bound(device: str) -> str:
    return digest(device).hex()


def _pending() -> tuple[str, str]:
    """The secrets of the question and of the device, '' where this browser has none."""
    secret = session.get(PENDING_KEY)
    return secret if isinstance(secret, str) else "", cookies.get(DEVICE_COOKIE) or ""


def standing() -> Asked | None:
    """The question that stands open for this browser, read on its own."""
    secret, device = _pending()
    with reading(db.engine()) as session_:
        return challenges.standing(session_, secret, Ask.NEW_DEVICE, actions.KIND, device, now())


def _start_over() -> Response:
    db.abandon()
    flash(_("Hãy nhập lại mã số và mật khẩu để bắt đầu lại: đã quá 15 phút, hoặc mã sai quá nhiều lần."))
    return pages.leave(url_for("accounts.sign_in_form", tiep=next_page()))


@bp.get("")
@public
def show() -> Response:
    """Say which device is in, and ask for the proof."""
    asked = standing()
    if asked is None:
        return pages.leave(url_for("accounts.sign_in_form", tiep=next_page()))
    return pages.page(PAGE, form=DeviceCodeForm(formdata=None), **_around(asked))


def _around(asked: Asked) -> dict[str, Any]:
    """The device that is in, and which proofs this account can give; reads on its own."""
    with reading(db.engine()) as session_:
        account = session_.get_one(Account, asked.subject_id)
        current = queries.devices(session_, account.id)
        phone = spoken_phone(queries.phone_of(session_, account)).replace(" ", "")
        passkey = passkeys.count(session_, passkeys.Owner(actions.KIND, account.id)) > 0
        return {
            "current": current[0] if current else None,
            "phone": masked(phone) if account.sms_sign_in else "",
            "messages_off": not account.sms_sign_in,
            "sent": codes.waiting(session_, Purpose.NEW_DEVICE, account.id, now()),
            "smart_otp": smart_otp.is_set(session_, account.id),
            "passkey": passkey and passkey_site() is not None,
            "tiep": next_page(),
        }


@bp.post("")
@public
def confirm() -> Response:
    """Enrol this device and end the session of the other one."""
    form, leaving = DeviceCodeForm(), actor_of(ActorKind.CITIZEN)
    secret, device = _pending()
    if not form.validate_on_submit():
        asked = standing()
        return pages.refused(PAGE, form=form, **_around(asked)) if asked else _start_over()
    asked = challenges.take_try(db.engine(), secret, Ask.NEW_DEVICE, actions.KIND, device, now())
    if asked is None or asked.subject_id is None:
        return _start_over()
    proof = proofs.attempt(
        db.engine(), limiter(), keyring(), (Purpose.NEW_DEVICE,), asked.subject_id, form.code.data, now(),
        bound_to=_bound(device),
    )  # fmt: skip
    try:
        response = _enter(asked, proof, leaving) if proof else None
    except Refused as refusal:
        form.refuse(refusal)
        return pages.refused(PAGE, form=form, **_around(asked))
    if response is not None:
        return response
    db.abandon()
    if proof is None:
        _note_wrong(asked)
    if asked.tries_left == 0:
        return _start_over()
    form.refuse(Refused(WRONG_CODE, "code"))
    return pages.refused(PAGE, form=form, **_around(asked))


def _enter(asked: Asked, proof: Proof, leaving: Actor | None) -> Response | None:
    """Use question and proof up and come in; None for every request but the first."""
    at, account_id = now(), asked.subject_id
    if account_id is None or not challenges.use(db.session, asked.id, at):
        return None
    if not proofs.use(db.session, proof, account_id, at):
        return None
    actions.use_up(db.session, keyring(), account_id, proof.kind, at=at, hotline=settings().hotline)
    return let_in(account_id, leaving, pages.leave, proven=True)


def _note_wrong(asked: Asked) -> None:
    if asked.subject_id is None:
        return
    nth = CHALLENGE_TRIES - asked.tries_left
    with unit(db.engine()) as session_:
        actions.note_wrong_proof(
            session_, keyring(), asked.subject_id, nth, at=now(), hotline=settings().hotline
        )  # fmt: skip


@bp.post("/gui-ma")
@public
def send_code() -> Response:
    """“Gửi mã bằng tin nhắn”: on request beside an app, and again when the message did not come."""
    asked, at = standing(), now()
    if asked is None:
        return _start_over()
    with reading(db.engine()) as session_:
        account = session_.get_one(Account, asked.subject_id)
        phone = queries.phone_of(session_, account)
    to = url_for("new_device.show", tiep=next_page())
    if not account.sms_sign_in or not phone:
        return pages.after_post(_("Tài khoản này không nhận mã bằng tin nhắn để đăng nhập."), to)
    if not codes.may_send(limiter(), phone, True, at):
        return pages.after_post(NOT_SENT, to)
    _send(account, _pending()[1])
    return pages.after_post(_("Đã gửi mã mới. Mã trước hết tác dụng."), to)
