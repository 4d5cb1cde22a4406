"""Nhờ người giúp: the owner lends a task and sees what was done; the helper takes it by its code."""

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, redirect, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from vssid import accounts
from vssid.helping import actions, messages, queries
from vssid.helping.actions import Introduction
from vssid.helping.entrance import Helper
from vssid.helping.forms import HelperForm, LendForm
from vssid.helping.rules import (
    OFFER_LIFE,
    OFFERS,
    TOO_MANY_OFFERS,
    TRIES_EVERYWHERE,
    TRIES_FROM_NETWORK,
    WRONG,
    EndedBy,
    Task,
)
from vssid.kernel.audit import ActorKind
from vssid.kernel.clock import now
from vssid.kernel.crypto import Keyring
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.kernel.limits import Limiter
from vssid.kernel.text import mobile_number
from vssid.web import captcha, db, pages, qr
from vssid.web.guards import TOKEN_KEYS, actor_of, citizen, forget_actors, fresh, public, reaches

bp = Blueprint("helping", __name__)
OWN = "/tai-khoan/nguoi-giup"


def _keyring() -> Keyring:
    keyring: Keyring = current_app.extensions["keyring"]
    return keyring


def _limiter() -> Limiter:
    limiter: Limiter = current_app.extensions["limiter"]
    return limiter


# --- the owner --------------------------------------------------------------------------------------------------------


@bp.get(OWN)
@citizen
def loans() -> Response:
    """What is lent, what was, and the form for more."""
    return pages.page("helping/loans.html", form=LendForm(formdata=None, data={"minutes": "30"}), **_loans())


def _loans() -> dict[str, Any]:
    found = queries.of_account(db.session, accounts.me().id)
    lines = [(loan, Task(loan.task), EndedBy(loan.ended_by) if loan.ended_by else None) for loan in found]
    return {"loans": lines, "tasks": list(Task), "active": "tai-khoan"}


@bp.post(OWN)
@fresh
@citizen
def lend() -> Response:
    """The code, once: as digits to read out and as a QR code that the helper's phone opens."""
    form, me, at = LendForm(), accounts.me(), now()
    if form.validate_on_submit() and not _limiter().allow("lend", str(me.id), *OFFERS, at):
        form.refuse(Refused(TOO_MANY_OFFERS))
    elif form.validate_on_submit():
        account = accounts.contacts.by_id(db.session, me.id) or abort(404)
        task, minutes = Task(form.task.data), int(form.minutes.data)
        loan, code = actions.offer(db.session, _keyring(), account, task, minutes, by=me.by, at=at)
        db.commit()
        # What stands behind # is not sent to the server: the code appears in no log.
        address = f"{current_app.config['SETTINGS'].public_url}{url_for('helping.enter')}#{code}"
        return pages.page(
            "helping/offered.html",
            code=accounts.spoken_code(code),
            code_svg=qr.svg(address, _("Mã QR để người giúp quét")),
            task=task,
            minutes=minutes,
            offer_minutes=int(OFFER_LIFE.total_seconds() // 60),
            loan=loan,
            active="tai-khoan",
        )
    return pages.refused("helping/loans.html", form=form, **_loans())


@bp.post(f"{OWN}/<uuid:id>/ket-thuc")
@reaches("loan")
@citizen
def take_back(id: UUID) -> Response:
    """The helper is out at once."""
    loan = queries.one_of(db.session, accounts.me().id, id) or abort(404)
    ended = actions.end(db.session, loan, EndedBy.OWNER, by=accounts.me().by, at=now())
    words = _("Đã kết thúc. Người giúp không vào được nữa.") if ended else _("Việc này đã kết thúc từ trước.")
    return pages.after_post(words, url_for("helping.loans"))


# --- the helper -------------------------------------------------------------------------------------------------------


@bp.get("/giup-do")
@public
def enter() -> Response | AnyResponse:
    """Where the code is typed; who is at it already goes on."""
    if actor_of(ActorKind.HELPER) is not None:
        return redirect(url_for("helping.work"), 303)
    return _enter(HelperForm(formdata=None))


def _enter(form: HelperForm, status: int = 200) -> Response:
    shown = {"form": form, "signed_in": actor_of(ActorKind.CITIZEN) is not None, **captcha.for_template()}
    if status == 200:
        return pages.page("helping/enter.html", **shown)
    return pages.refused("helping/enter.html", status=status, **shown)


@bp.post("/giup-do")
@public
def begin() -> Response:
    """Take the task. Whoever was signed in here is signed out: one screen shows one person's things."""
    form, at = HelperForm(), now()
    if not form.validate_on_submit():
        return _enter(form, 422)
    try:
        captcha.check()
        _check_tries()
        who = Introduction(form.name.data or "", mobile_number(form.phone.data) or "")
        code = accounts.plain_code(form.code.data or "")
        _check_offered(code)
        if not accounts.may_send(_limiter(), who.phone, False, at):
            raise Refused(accounts.TOO_MANY, "phone")
        own = actor_of(ActorKind.CITIZEN)
        loan, account, token = actions.begin(db.session, _keyring(), code, who, at=at)
    except Refused as refusal:
        form.refuse(refusal)
        return _enter(form, 422)
    owner = accounts.name_of(db.session, account.person_id)
    messages.begun(db.session, _keyring(), loan, account, owner, at)
    if own is not None:
        accounts.end_session(db.session, own.session_id, at, "switched")
    response = pages.leave(url_for("helping.work"))
    session.clear()
    session[TOKEN_KEYS[ActorKind.HELPER]] = token
    forget_actors()
    return response


def _check_offered(code: str) -> None:
    """Raise Refused before anything is counted for the number that was typed: it may be anybody's, who then gets no codes."""
    with reading(db.engine()) as session_:
        if queries.offered(session_, actions.code_digest(_keyring(), code), now()) is None:
            raise Refused(WRONG, "code")


def _check_tries() -> None:
    at = now()
    within = _limiter().allow("loan-network", accounts.network(), *TRIES_FROM_NETWORK, at) and _limiter().allow(
        "loan-all", "", *TRIES_EVERYWHERE, at
    )
    if not within:
        raise Refused(accounts.TOO_MANY, "code")


@bp.get("/giup-do/viec")
@public
def work() -> Response | AnyResponse:
    """Whose task it is, what may be done, where it begins."""
    helper = actor_of(ActorKind.HELPER)
    if helper is None:
        return redirect(url_for("helping.enter"), 303)
    task = Task(helper.task or "")
    return pages.page("helping/work.html", task=task, start=url_for(task.start))


@bp.post("/giup-do/ket-thuc")
@public
def finish() -> Response:
    """Done: nothing of the owner's stays in this browser."""
    helper = actor_of(ActorKind.HELPER)
    if helper is not None:
        _finish(cast(Helper, helper))
    response = pages.leave(url_for("helping.finished"))
    session.clear()
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _finish(helper: Helper) -> None:
    at = now()
    loan = queries.one_of(db.session, helper.id, helper.loan_id)
    account = accounts.contacts.by_id(db.session, helper.id)
    if loan and account and actions.end(db.session, loan, EndedBy.HELPER, by=helper.by, at=at):
        messages.ended(db.session, _keyring(), loan, account, at)


@bp.get("/giup-do/xong")
@public
def finished() -> Response:
    """Thanks, and what was told to whom."""
    return pages.page("helping/finished.html")
