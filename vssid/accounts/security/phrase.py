"""Câu riêng: chosen by the owner, it stands in every message to them, so that one without it is known as somebody else's."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid.accounts import messages, phrases, queries
from vssid.accounts.entrance import me
from vssid.accounts.factors.asking import hotline
from vssid.accounts.models import Account
from vssid.accounts.naming import name_of
from vssid.accounts.rules import Notice, Tag, own_phrase
from vssid.accounts.security.forms import PhraseForm
from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.clock import now
from vssid.kernel.crypto import Keyring
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.kernel.text import spoken_phone
from vssid.web import db, pages
from vssid.web.guards import citizen, fresh

bp = Blueprint("phrase", __name__, url_prefix="/tai-khoan/cau-rieng")
PAGE = "accounts/phrase.html"


def change(db: Session, keyring: Keyring, account_id: UUID, phrase: str, *, by: By, at: datetime, hotline: str) -> None:
    """Keep the phrase ('' for none); every contact is told, in words that still begin with the phrase of before."""
    account = db.get_one(Account, account_id)
    messages.notify(db, keyring, account, Notice.PHRASE, at=at, hotline=hotline)
    account.own_phrase = phrases.sealed(keyring, account_id, phrase) if phrase else None
    db.flush()
    audit.record(db, Tag.PHRASE_CHANGED, by, ("account", account_id), at)


@bp.get("")
@citizen
def show() -> Response:
    """What it is for, and how a message looks with it."""
    return _page(PhraseForm(formdata=None))


def _page(form: PhraseForm) -> Response:
    return pages.page(PAGE, form=form, phrase=_phrase(db.session), ward=_is_ward(), active="tai-khoan")


def _is_ward() -> bool:
    """Messages about a child's account go to its guardian, and begin with the guardian's phrase."""
    return me().guarded_until is not None


def _phrase(session: Session) -> str:
    return phrases.phrase_of(session, _keyring(), me().id)


def _keyring() -> Keyring:
    found: Keyring = current_app.extensions["keyring"]
    return found


@bp.post("")
@fresh
@citizen
def save() -> Response:
    """Set or change it."""
    if _is_ward():
        abort(404)
    form = PhraseForm()
    try:
        if form.validate_on_submit():
            phrase = own_phrase(form.phrase.data, _known_to_others())
            change(db.session, _keyring(), me().id, phrase, by=me().by, at=now(), hotline=hotline())
            words = _(
                "Đã lưu. Tin báo vừa gửi chưa mang câu mới; từ tin sau, tin nhắn của chúng tôi bắt đầu bằng câu riêng."
            )
            return pages.after_post(words, url_for("phrase.show"))
    except Refused as refusal:
        form.refuse(refusal)
    with reading(db.engine()) as session:
        phrase = _phrase(session)
    return pages.refused(PAGE, form=form, phrase=phrase, ward=False, active="tai-khoan")


def _known_to_others() -> tuple[str, ...]:
    """What a stranger would put there first, and what must stand in no message: name, numbers to sign in with, phone."""
    with reading(db.engine()) as session:
        account = session.get_one(Account, me().id)
        phone = spoken_phone(queries.phone_of(session, account))
        return (name_of(session, me().person_id), *queries.login_names(session, account.id), phone)


@bp.post("/xoa")
@fresh
@citizen
def remove() -> Response:
    """Messages look as everybody's again."""
    change(db.session, _keyring(), me().id, "", by=me().by, at=now(), hotline=hotline())
    return pages.after_post(_("Đã bỏ câu riêng. Tin nhắn của chúng tôi không còn câu này."), url_for("phrase.show"))
