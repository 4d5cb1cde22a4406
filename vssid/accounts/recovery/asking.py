"""/khoi-phuc: a new password is left here with a number; the mã yêu cầu then tells how it stands, on any device."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app
from sqlalchemy.orm import Session

from vssid.accounts import codes, passwords
from vssid.accounts.entrance import network
from vssid.accounts.house import house
from vssid.accounts.recovery import actions, queries, rules
from vssid.accounts.recovery.forms import MailCodeForm, RecoveryForm, RequestCodeForm
from vssid.accounts.recovery.hours import waiting_period_of
from vssid.accounts.recovery.models import RecoveryRequest
from vssid.accounts.recovery.rules import Status, Way
from vssid.accounts.rules import Purpose, check_password, spoken_code
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.kernel.limits import Limiter
from vssid.web import captcha, db, pages
from vssid.web.guards import public

bp = Blueprint("recovering", __name__, url_prefix="/khoi-phuc")
FOLDER = "accounts/recovery"


def _limiter() -> Limiter:
    limiter: Limiter = current_app.extensions["limiter"]
    return limiter


@bp.get("")
@public
def ask_form() -> Response:
    """Whose account, and the password that it is to have."""
    return pages.page(f"{FOLDER}/ask.html", form=RecoveryForm(formdata=None), **captcha.for_template())


@bp.post("")
@public
def ask() -> Response:
    """Keep the request and show its code, this once; every number is answered alike."""
    form = RecoveryForm()
    try:
        if not form.validate_on_submit():
            return pages.refused(f"{FOLDER}/ask.html", form=form, **captcha.for_template())
        captcha.check()
        check_password(form.password.data, passwords.common(), (form.account_name(),))
        _count_request(form.account_name())
    except Refused as refusal:
        form.refuse(refusal)
        return pages.refused(f"{FOLDER}/ask.html", form=form, **captcha.for_template())
    password_hash = passwords.hashed(form.password.data)
    code = actions.ask(db.session, house(), form.account_name(), password_hash, at=now())
    db.commit()
    return pages.page(f"{FOLDER}/asked.html", code=spoken_code(code), **_ways(code))


def _count_request(name: str) -> None:
    limiter, at = _limiter(), now()
    if not (
        limiter.allow("recovery-network", network(), *rules.REQUESTS_FROM_NETWORK, at)
        and limiter.allow("recovery-name", f"{name} {network()}", *rules.REQUESTS_FOR_NAME, at)
        and limiter.allow("recovery-all", "", *rules.REQUESTS_EVERYWHERE, at)
    ):
        raise Refused(rules.OFTEN)


def _ways(code: str) -> dict[str, Any]:
    """What the pages of a request need to offer its ways."""
    hours = {way.value: int(waiting_period_of(way).total_seconds() // 3600) for way in Way}
    return {"plain_code": code, "hours": hours}


# --- how it stands ----------------------------------------------------------------------------------------------------


@bp.get("/trang-thai")
@public
def look_form() -> Response:
    """Where the mã yêu cầu is typed."""
    return pages.page(f"{FOLDER}/look.html", form=RequestCodeForm(formdata=None), **captcha.for_template())


@bp.post("/trang-thai")
@public
def look() -> Response:
    """How a request stands; nothing of the account, not even whether there is one."""
    form = RequestCodeForm()
    try:
        if not form.validate_on_submit():
            return pages.refused(f"{FOLDER}/look.html", form=form, **captcha.for_template())
        captcha.check()
        _count_look()
        code = form.typed()
        with reading(db.engine()) as session:
            request = _seen(session, code)
    except Refused as refusal:
        form.refuse(refusal)
        return pages.refused(f"{FOLDER}/look.html", form=form, **captcha.for_template())
    db.abandon()
    return pages.page(f"{FOLDER}/state.html", **_state(request, code))


def _count_look() -> None:
    if not _limiter().allow("recovery-look", network(), *rules.LOOKED_FROM_NETWORK, now()):
        raise Refused(rules.OFTEN)


def _seen(session: Session, code: str) -> RecoveryRequest:
    """The request of a code. Raises Refused alike for one that is unknown and for one that has run out."""
    found = queries.by_code(session, current_app.extensions["keyring"], code)
    ran_out = found is not None and found[0].status == Status.ASKED and found[0].expires_at <= now()
    if found is None or ran_out or found[0].status == Status.EXPIRED:
        raise Refused(rules.UNKNOWN, "code")
    return found[0]


def _state(request: RecoveryRequest, code: str) -> dict[str, Any]:
    return {"request_": request, "state": Status(request.status), "code": spoken_code(code), **_ways(code)}


# --- confirmed by the mailbox -----------------------------------------------------------------------------------------


@bp.post("/email")
@public
def send_mail_code() -> Response:
    """Send the mailbox its code, if there is one; then where it is typed."""
    form = RequestCodeForm()
    try:
        if not form.validate_on_submit():
            raise Refused(rules.UNKNOWN)
        code = form.typed()
        _count_look()
    except Refused as refusal:
        form.refuse(refusal)
        return pages.refused(f"{FOLDER}/look.html", form=form, **captcha.for_template())
    with reading(db.engine()) as session:
        _request, account = queries.by_code(session, current_app.extensions["keyring"], code) or (None, None)
    # Counted for the mailbox, where there is one: whoever asks with ten codes fills it no faster.
    whom = (account.email if account else None) or code
    allowed = codes.may_send(_limiter(), whom, True, now())
    actions.send_mail_code(db.session, house(), code, allowed=allowed, at=now())
    db.commit()
    return _mail_page(MailCodeForm(formdata=None, data={"code": code}), code)


def _mail_page(form: MailCodeForm, code: str, status: int = 200) -> Response:
    shown: dict[str, Any] = {"form": form, "plain_code": code}
    if status == 200:
        return pages.page(f"{FOLDER}/mail.html", **shown)
    return pages.refused(f"{FOLDER}/mail.html", status=status, **shown)


@bp.post("/email/xac-nhan")
@public
def confirm_by_mail() -> Response:
    """The code of the mailbox; right, the request waits for its hour, in which every contact can stop it."""
    form = MailCodeForm()
    code = rules.typed_code(form.code.data or "") or ""
    try:
        if not form.validate_on_submit():
            return _mail_page(form, code, 422)
        _count_look()
        _confirm(form.typed(), form.mail_code.data)
    except Refused as refusal:
        form.refuse(refusal)
        return _mail_page(form, code, 422)
    db.commit()
    with reading(db.engine()) as session:
        request = _seen(session, code)
    return pages.page(f"{FOLDER}/state.html", **_state(request, code))


def _confirm(code: str, mail_code: str) -> None:
    keyring, at = current_app.extensions["keyring"], now()
    with reading(db.engine()) as session:
        request, _account = queries.asked(session, keyring, code, at) or (None, None)
    # An unknown request costs the same work: the code is tried against an id that nobody has.
    subject = request.id if request else UUID(int=0)
    id = codes.attempt(
        db.engine(), _limiter(), keyring, (Purpose.RECOVERY_EMAIL,), subject, mail_code, at, bound_to="email"
    )
    wait = waiting_period_of(Way.EMAIL)
    if request is None or id is None:
        raise Refused(rules.WRONG_MAIL_CODE, "mail_code")
    actions.confirm_by_mail(db.session, house(), request.id, id, wait, at=at)
