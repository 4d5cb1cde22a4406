"""Notices that an account may choose to get (đơn vị chậm đóng, lần khám mới): who gets them where, and when they leave.

What there is to tell is known upstairs. It can wait until people are awake.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from vssid.accounts import messages
from vssid.accounts.house import House
from vssid.accounts.models import Account, Consent, NoticeChoice
from vssid.accounts.rules import NoticeChannel, NoticeKind
from vssid.kernel.clock import VIETNAM, day_of
from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import table_of
from vssid.notifications import inbox
from vssid.web.i18n import say_in

AWAKE = (time(8), time(20))
_SUBJECT = N_("Thông báo của VssID")
_ENOUGH = N_("Không muốn nhận thông báo này nữa? Mở VssID, mục Tài khoản, Ngôn ngữ và thông báo.")
_A, _N = table_of(Account).c, table_of(NoticeChoice).c


class Listener(NamedTuple):
    """Whom a notice reaches: the account, its owner and language, a number (E.164), an address or, with None, the bell alone."""

    account_id: UUID
    person_id: UUID
    language: str
    to: str | None


def listeners(kind: NoticeKind) -> Select[Any]:
    """The columns of `Listener` of every account, with where it wants to hear of `kind`, for the caller to narrow.

    The bell hears of everything, whatever was chosen. A child's account hears of nothing: what concerns the child is told to the guardian's own.
    """
    proven, unproven = (str(kind.default(proven=proven)) for proven in (True, False))
    channel = case((_N.channel.is_not(None), _N.channel), (_A.email_proven_at.is_not(None), proven), else_=unproven)
    contact = case((channel == NoticeChannel.SMS, _A.phone), (channel == NoticeChannel.EMAIL, _A.email), else_=None)
    to = func.nullif(contact, "")
    wish = and_(_N.account_id == _A.id, _N.kind == str(kind))
    return (
        select(_A.id.label("account_id"), _A.person_id, _A.language, to.label("to"))
        .select_from(table_of(Account).outerjoin(table_of(NoticeChoice), wish))
        .where(_A.status == "active", _A.guardian_id.is_(None))
    )


def listening(db: Session, kind: NoticeKind, persons: Iterable[UUID]) -> dict[UUID, Listener]:
    """Who of these persons hears of `kind`, in one statement."""
    wanted = list(persons)
    if not wanted:
        return {}
    rows = db.execute(listeners(kind).where(_A.person_id.in_(wanted)))
    return {row.person_id: Listener(*row) for row in rows}


def tell(
    db: Session, house: House, listener: Listener, kind: NoticeKind, words: Label, at: datetime, href: str
) -> None:
    """Put `words`, to which the hotline is given, behind the listener's bell, leading to `href`.

    Where the listener wants it they also leave the house, by day. An e-mail says how to end them.

    Raises ValueError for an address that cannot be written to.
    """
    filled = Label(str(words), hotline=house.hotline, **words.params)
    inbox.put(db, house.keyring, listener.account_id, f"notice.{kind}", filled, href, at)
    if listener.to is None:
        return
    if "@" in listener.to:
        filled = Label("\n\n".join(say_in(listener.language, sentence) for sentence in (filled, _ENOUGH)))
    messages.tell(
        db, house.keyring, listener.to, listener.language, filled, f"notice.{kind}", listener.account_id, at,
        subject=_SUBJECT, not_before=by_day(at), ring=None,
    )  # fmt: skip


def by_day(at: datetime) -> datetime:
    """The first moment from `at` on at which nobody is woken: 8:00 to 20:00 in Vietnam."""
    first, last = AWAKE
    here = at.astimezone(VIETNAM)
    if first <= here.time() < last:
        return at
    day = day_of(at) if here.time() < first else day_of(at) + timedelta(days=1)
    return datetime.combine(day, first, VIETNAM)


def agreed_on(db: Session, kind: str, subjects: Iterable[UUID], purpose: str) -> dict[UUID, datetime]:
    """When a purpose was last agreed to for each subject of this kind, in one statement; those who did not are left out."""
    wanted = list(subjects)
    if not wanted:
        return {}
    query = select(Consent.subject_id, Consent.at, Consent.given).where(
        Consent.subject_kind == kind, Consent.subject_id.in_(wanted), Consent.purpose == purpose
    )
    newest = {id: (at, given) for id, at, given in sorted(db.execute(query), key=lambda row: row.at)}
    return {id: at for id, (at, given) in newest.items() if given}
