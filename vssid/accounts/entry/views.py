"""The citizen's windows: sign-in, somebody else on the same phone, sign-out."""

from typing import Any

from flask import Blueprint, Response, request, session, url_for

from vssid.accounts import passwords, queries
from vssid.accounts.ceremony import passkey_site
from vssid.accounts.entrance import guessed_right, may_guess, note_refusal
from vssid.accounts.entry import actions, endings, new_device
from vssid.accounts.entry.admission import DEVICE_COOKIE, let_in, next_page
from vssid.accounts.entry.forms import SignInForm
from vssid.accounts.models import Account
from vssid.accounts.queries import Knock
from vssid.accounts.rules import TOO_MANY, WRONG_SIGN_IN, login_name
from vssid.kernel.audit import ActorKind
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.web import cookies, db, pages
from vssid.web.guards import TOKEN_KEYS, Actor, actor_of, public
from vssid.web.i18n import say

bp = Blueprint("accounts", __name__)
PAGE = "accounts/sign_in.html"


@bp.get("/dang-nhap")
@public
def sign_in_form() -> Response:
    """Mã số BHXH or CCCD, and password; why the session before ended; whose session ends if another signs in (`doi`)."""
    actor = actor_of(ActorKind.CITIZEN)
    if actor is not None and "doi" not in request.args:
        return pages.leave(next_page())
    ending = None if actor else endings.told(db.session, session.get(TOKEN_KEYS[ActorKind.CITIZEN]), now())
    wiped = actor is None and "xoa" in request.args
    return pages.page(PAGE, form=SignInForm(formdata=None), ending=ending, wiped=wiped, **_around(actor))


def _around(actor: Actor | None) -> dict[str, Any]:
    """What the page shows beside the form; reads on its own, so that a refusal keeps no lock."""
    leaving = ""
    if actor is not None:
        with reading(db.engine()) as session_:
            leaving = queries.shown_name(session_, actor.id)
    return {"leaving": leaving, "tiep": next_page(), "passkeys": passkey_site() is not None}


def _refused(form: SignInForm, actor: Actor | None, status: int = 422) -> Response:
    return pages.refused(PAGE, status=status, form=form, ending=None, wiped=False, **_around(actor))


@bp.post("/dang-nhap")
@public
def sign_in() -> Response:
    """Open the session, or ask a new device for a second proof."""
    form, leaving = SignInForm(), actor_of(ActorKind.CITIZEN)
    if not form.validate_on_submit():
        return _refused(form, leaving)
    name = login_name(form.name.data)
    with reading(db.engine()) as session_:
        knock = queries.knock(session_, name, cookies.get(DEVICE_COOKIE))
    known = knock.device_id if knock else None
    if not may_guess(name, known):
        form.form_errors.append(say(TOO_MANY))
        return _refused(form, leaving, 429)
    right = passwords.right(knock.password_hash if knock else None, form.password.data)
    if knock is None or not right:
        return _turned_away(form, leaving, knock)
    try:
        knock.check_open(now())
        return _admitted(knock, name, form.password.data, leaving)
    except Refused as refusal:
        form.refuse(refusal)
        return _turned_away(form, leaving, knock)


def _admitted(knock: Knock, name: str, password: str, leaving: Actor | None) -> Response:
    """In, or asked for a second proof. Raises Refused where the account's state lets nobody in."""
    if knock.device_id is None:
        with reading(db.engine()) as session_:
            account = session_.get_one(Account, knock.account_id)
            wants_proof = queries.wants_proof(session_, account)
        if wants_proof:
            return new_device.ask(account)
    renewed = passwords.hashed(password) if passwords.outdated(knock.password_hash or "") else None
    guessed_right(name, knock.device_id)
    if renewed:
        actions.renew_hash(db.session, knock, renewed)
    response = let_in(knock.account_id, leaving, pages.leave, proven=False)
    if response is None:  # another browser was enrolled while this one waited
        db.session.rollback()
        with reading(db.engine()) as session_:
            account = session_.get_one(Account, knock.account_id)
        return new_device.ask(account)
    return response


def _turned_away(form: SignInForm, leaving: Actor | None, knock: Knock | None) -> Response:
    db.abandon()
    note_refusal(knock.account_id if knock else None)
    if not form.form_errors:
        form.form_errors.append(say(WRONG_SIGN_IN))
    return _refused(form, leaving)


@bp.post("/dang-xuat")
@public
def sign_out() -> Response:
    """End the session everywhere and leave nothing of it in this browser's cache."""
    actor = actor_of(ActorKind.CITIZEN)
    if actor is not None:
        actions.sign_out(db.session, actor.id, actor.session_id, at=now())
    response = pages.leave("/")
    session.clear()
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.post("/dang-xuat/xoa")
@public
def wipe() -> Response:
    """“Xong – xoá trên máy này”: a borrowed phone forgets the account, its pages, its cookies and the trust in it."""
    actor = actor_of(ActorKind.CITIZEN)
    if actor is not None:
        actions.wipe(db.session, actor.id, actor.session_id, cookies.get(DEVICE_COOKIE), at=now())
    response = pages.leave(url_for("accounts.sign_in_form", xoa=1))
    session.clear()
    cookies.drop_all(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
