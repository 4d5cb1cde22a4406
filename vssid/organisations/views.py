"""The entrance of members: activation, forgotten password, sign-in with a code by SMS, sign-out."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, request, session, url_for
from flask_babel import gettext as _

from vssid import accounts
from vssid.accounts import Purpose
from vssid.kernel import audit
from vssid.kernel.audit import VISITOR, ActorKind
from vssid.kernel.clock import now
from vssid.kernel.crypto import digest, token
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import masked, mobile_number, spoken_phone
from vssid.organisations import actions, queries
from vssid.organisations.forms import ActivationForm, CodeForm, CodeRequestForm, SignInForm
from vssid.organisations.models import Member
from vssid.organisations.rules import PENDING_SECONDS, Tag
from vssid.web import captcha, db, pages
from vssid.web.guards import TOKEN_KEYS, actor_of, forget_actors, local_path, public

bp = Blueprint("organisations", __name__, url_prefix="/to-chuc")
NOBODY = UUID(int=0)
WRONG = N_("Số điện thoại hoặc mật khẩu chưa đúng. Hãy thử lại, hoặc chọn “Quên mật khẩu?”.")
PENDING = "member"


def _keyring() -> Any:
    return current_app.extensions["keyring"]


def _next() -> str:
    target = local_path(request.args.get("tiep"), "/to-chuc")
    return target if target.startswith("/to-chuc") else "/to-chuc"


def _by_phone(phone: str) -> Member | None:
    """Read before the request's own unit begins."""
    with reading(db.engine()) as session_:
        return queries.by_phone(session_, phone)


# --- activation and forgotten password --------------------------------------------------------------------------------


@bp.get("/kich-hoat")
@public
def activation_form() -> Response:
    """Where the code of the message is typed in."""
    return pages.page("organisations/activate.html", form=ActivationForm(formdata=None))


@bp.post("/kich-hoat")
@public
def activate() -> Response:
    """Check the code, set the first (or a forgotten) password; signs nobody in."""
    form = ActivationForm()
    if not form.validate_on_submit():
        return pages.refused("organisations/activate.html", form=form)
    phone = mobile_number(form.phone.data) or ""
    try:
        accounts.check_password(form.password.data, accounts.common(), (phone, "0" + phone[3:]))
        member = _by_phone(phone)
        # An unknown number costs the same work: the code is tried against an id that nobody has.
        subject, at = member.id if member else NOBODY, now()
        purposes = (Purpose.MEMBER_ACTIVATION, Purpose.MEMBER_RESET)
        code_id = accounts.attempt_code(
            db.engine(), current_app.extensions["limiter"], _keyring(), purposes, subject, form.code.data, at
        )
        password_hash = accounts.hashed(form.password.data)
        if member is None or code_id is None:
            raise Refused(accounts.WRONG_CODE, "code")
        actions.set_password(db.session, member.id, code_id, password_hash, at=at)
    except Refused as refusal:
        form.refuse(refusal)
        return pages.refused("organisations/activate.html", form=form)
    return pages.after_post(_("Đã đặt mật khẩu. Hãy đăng nhập."), url_for("organisations.sign_in_form"))


@bp.get("/quen-mat-khau")
@public
def code_request_form() -> Response:
    """Ask for a new activation or reset code."""
    form = CodeRequestForm(formdata=None)
    return pages.page("organisations/forgotten.html", form=form, **captcha.for_template())


@bp.post("/quen-mat-khau")
@public
def request_code() -> Response:
    """Send a code to a member's own number; the answer is the same for everybody."""
    form = CodeRequestForm()
    try:
        if not form.validate_on_submit():
            return pages.refused("organisations/forgotten.html", form=form, **captcha.for_template())
        captcha.check()
    except Refused as refusal:
        form.refuse(refusal)
        return pages.refused("organisations/forgotten.html", form=form, **captcha.for_template())
    phone, at = mobile_number(form.phone.data) or "-", now()
    allowed = accounts.may_send(current_app.extensions["limiter"], phone, False, at)
    member = queries.by_phone(db.session, phone)
    if allowed and member is not None:
        purpose = Purpose.MEMBER_ACTIVATION if member.status == "new" else Purpose.MEMBER_RESET
        actions.send_code(db.session, _keyring(), member, purpose, by=VISITOR, at=at)
    words = _("Nếu số điện thoại này thuộc một thành viên, mã mới đã được gửi bằng tin nhắn.")
    return pages.after_post(words, url_for("organisations.activation_form"))


# --- sign-in ----------------------------------------------------------------------------------------------------------


@bp.get("/dang-nhap")
@public
def sign_in_form() -> Response:
    """Phone and password."""
    if actor_of(ActorKind.MEMBER) is not None:
        return pages.leave(_next())
    return pages.page("organisations/sign_in.html", form=SignInForm(formdata=None), tiep=_next())


@bp.post("/dang-nhap")
@public
def sign_in() -> Response:
    """A right password sends a code to the member's phone, at every sign-in: school computers are shared by many."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_again(form, 422)
    phone = mobile_number(form.phone.data) or ""
    if not accounts.may_guess(f"member {phone}", None):
        form.refuse(Refused(accounts.TOO_MANY))
        return _sign_in_again(form, 429)
    member = _by_phone(phone)
    right = accounts.right(member.password_hash if member else None, form.password.data)
    if member is None or not right or member.status != "active":
        with unit(db.engine()) as session_:
            audit.record(session_, Tag.SIGN_IN_REFUSED, VISITOR, ("member", member.id if member else None), now())
        form.refuse(Refused(WRONG))
        return _sign_in_again(form, 422)
    if not accounts.may_send(current_app.extensions["limiter"], phone, True, now()):
        form.refuse(Refused(accounts.TOO_MANY))
        return _sign_in_again(form, 429)
    return _challenge(member)


def _sign_in_again(form: SignInForm, status: int) -> Response:
    return pages.refused("organisations/sign_in.html", form=form, tiep=_next(), status=status)


def _challenge(member: Member) -> Response:
    """The code fits this browser's attempt only: it is bound to a secret in the browser's own cookie."""
    at, secret = now(), token()
    bound = digest(secret).hex()
    actions.send_code(db.session, _keyring(), member, Purpose.MEMBER_SIGN_IN, by=VISITOR, at=at, bound_to=bound)
    session[PENDING] = [str(member.id), int(at.timestamp()), secret]
    return pages.leave(url_for("organisations.code_form", tiep=_next()))


def _pending() -> tuple[Member, str] | None:
    """Whose password this browser gave within the last quarter of an hour, and what their code is bound to."""
    pending = session.get(PENDING)
    if not isinstance(pending, list) or now().timestamp() - pending[1] > PENDING_SECONDS:
        return None
    with reading(db.engine()) as session_:
        member = session_.get(Member, UUID(pending[0]))
    return (member, digest(pending[2]).hex()) if member is not None and member.status == "active" else None


@bp.get("/xac-thuc")
@public
def code_form() -> Response:
    """Ask for the code that was just sent."""
    pending = _pending()
    if pending is None:
        return pages.leave(url_for("organisations.sign_in_form", tiep=_next()))
    return pages.page("organisations/code.html", form=CodeForm(formdata=None), **_code_context(pending[0]))


def _code_context(member: Member) -> dict[str, Any]:
    return {"phone": masked(spoken_phone(member.phone).replace(" ", "")), "tiep": _next()}


@bp.post("/xac-thuc")
@public
def confirm() -> Response:
    """The right code opens the session."""
    pending = _pending()
    if pending is None:
        return pages.leave(url_for("organisations.sign_in_form", tiep=_next()))
    (member, bound), form = pending, CodeForm()
    if form.validate_on_submit():
        limiter, purposes = current_app.extensions["limiter"], (Purpose.MEMBER_SIGN_IN,)
        code_id = accounts.attempt_code(
            db.engine(), limiter, _keyring(), purposes, member.id, form.code.data, now(), bound_to=bound
        )
        if code_id is not None and accounts.use_code(db.session, code_id, now()):
            return _admit(member)
        form.refuse(Refused(accounts.WRONG_CODE, "code"))
    db.abandon()
    return pages.refused("organisations/code.html", form=form, **_code_context(member))


def _admit(member: Member) -> Response:
    accounts.guessed_right(f"member {member.phone}")
    secret = actions.sign_in(db.session, member, at=now())
    response = pages.leave(_next())
    session.clear()
    session[TOKEN_KEYS[ActorKind.MEMBER]] = secret
    forget_actors()
    return response


@bp.post("/dang-xuat")
@public
def sign_out() -> Response:
    """End the session everywhere and leave nothing of it in this browser's cache."""
    actor = actor_of(ActorKind.MEMBER)
    if actor is not None:
        accounts.end_session(db.session, actor.session_id, now(), "sign_out")
        audit.record(db.session, Tag.SIGNED_OUT, actor.by, ("member", actor.id), now())
    response = pages.leave(url_for("organisations.sign_in_form"))
    session.clear()
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
