"""Ngôn ngữ và thông báo: in which language an account is written to, and about what beyond its security."""

from datetime import datetime

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid.accounts import queries
from vssid.accounts.entrance import me
from vssid.accounts.models import Account, NoticeChoice
from vssid.accounts.rules import NoticeChannel, NoticeKind, Tag
from vssid.accounts.security.forms import PreferencesForm
from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.web import db, pages
from vssid.web.guards import citizen

bp = Blueprint("preferences", __name__, url_prefix="/tai-khoan/thong-bao")
PAGE = "accounts/preferences.html"


def choose(
    db: Session, account: Account, language: str, choices: dict[NoticeKind, NoticeChannel], *, by: By, at: datetime
) -> None:
    """Keep what the owner wants."""
    account.language = language
    kept = {row.kind: row for row in db.scalars(select(NoticeChoice).where(NoticeChoice.account_id == account.id))}
    for kind, channel in choices.items():
        if kind in kept:
            kept[kind].channel = channel
        else:
            db.add(NoticeChoice(account_id=account.id, kind=kind, channel=channel))
    audit.record(db, Tag.PREFERENCES, by, ("account", account.id), at)


@bp.get("")
@citizen
def show() -> Response:
    """What is chosen now."""
    account = db.session.get_one(Account, me().id)
    known = {
        "language": account.language,
        "sign_in": queries.notice_channel(db.session, account.id, NoticeKind.SIGN_IN),
    }
    form = PreferencesForm(formdata=None, data=known, channels=_channels(db.session, account))
    return pages.page(PAGE, form=form, active="tai-khoan")


def _channels(session: Session, account: Account) -> tuple[NoticeChannel, ...]:
    reached = {NoticeChannel.SMS: queries.phone_of(session, account), NoticeChannel.EMAIL: account.email}
    return (NoticeChannel.NONE, *(channel for channel, contact in reached.items() if contact))


@bp.post("")
@citizen
def save() -> Response:
    """Keep it."""
    with reading(db.engine()) as session:
        form = PreferencesForm(channels=_channels(session, session.get_one(Account, me().id)))
    if not form.validate_on_submit():
        return pages.refused(PAGE, form=form, active="tai-khoan")
    account = db.session.get_one(Account, me().id)
    choices = {NoticeKind.SIGN_IN: NoticeChannel(form.sign_in.data)}
    choose(db.session, account, form.language.data, choices, by=me().by, at=now())
    return pages.after_post(_("Đã lưu."), url_for("preferences.show"))
