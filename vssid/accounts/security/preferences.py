"""Ngôn ngữ và thông báo: in which language an account is written to, and about what beyond its security."""

from datetime import datetime
from typing import Any

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
    """Keep what the owner wants. What stays as it is without a choice is not one: the default may reach more later."""
    account.language = language
    kept = {row.kind: row for row in db.scalars(select(NoticeChoice).where(NoticeChoice.account_id == account.id))}
    shown = _shown(db, account)
    for kind, channel in choices.items():
        if kind in kept:
            kept[kind].channel = channel
        elif channel is not shown[kind]:
            db.add(NoticeChoice(account_id=account.id, kind=kind, channel=channel))
    audit.record(db, Tag.PREFERENCES, by, ("account", account.id), at)


@bp.get("")
@citizen
def show() -> Response:
    """What is chosen now."""
    form = _form(db.session, formdata=None)
    return pages.page(PAGE, form=form, active="tai-khoan")


def _form(session: Session, **options: Any) -> PreferencesForm:
    """The form, filled with what holds now: so that what a form of before does not have stays as it is."""
    account = session.get_one(Account, me().id)
    shown = {str(kind): channel for kind, channel in _shown(session, account).items()}
    known = {"language": account.language, **shown}
    return PreferencesForm(data=known, channels=_channels(session, account), kinds=_kinds(account), **options)


def _shown(session: Session, account: Account) -> dict[NoticeKind, NoticeChannel]:
    """How the account hears of each kind now: nowhere, where it has no such contact."""
    offered, wanted = _channels(session, account), queries.notice_channels(session, account)
    return {kind: channel if channel in offered else NoticeChannel.NONE for kind, channel in wanted.items()}


def _channels(session: Session, account: Account) -> tuple[NoticeChannel, ...]:
    reached = {NoticeChannel.SMS: queries.phone_of(session, account), NoticeChannel.EMAIL: account.email}
    return (NoticeChannel.NONE, *(channel for channel, contact in reached.items() if contact))


def _kinds(account: Account) -> tuple[NoticeKind, ...]:
    """Of a child's records its guardian hears, in the guardian's own account."""
    return (NoticeKind.SIGN_IN,) if account.guardian_id else tuple(NoticeKind)


@bp.post("")
@citizen
def save() -> Response:
    """Keep it."""
    with reading(db.engine()) as session:
        form = _form(session)
    if not form.validate_on_submit():
        return pages.refused(PAGE, form=form, active="tai-khoan")
    account = db.session.get_one(Account, me().id)
    choose(db.session, account, form.language.data, form.wishes, by=me().by, at=now())
    return pages.after_post(_("Đã lưu."), url_for("preferences.show"))
