"""Reads about accounts, devices and sessions."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from vssid.accounts.models import Account, Consent, Device, LoginName, LoginSession, NoticeChoice, SmartOtp
from vssid.accounts.rules import NoticeChannel, NoticeKind, check_may_enter
from vssid.kernel.audit import ActorKind
from vssid.kernel.clock import day_of
from vssid.kernel.crypto import digest
from vssid.kernel.labels import Refused
from vssid.kernel.rows import table_of
from vssid.kernel.text import masked


def by_login_name(db: Session, name: str) -> Account | None:
    """The account that signs in with this mã số BHXH or CCCD."""
    return db.scalar(select(Account).join(LoginName, LoginName.account_id == Account.id).where(LoginName.value == name))


def by_person(db: Session, person_id: UUID) -> Account | None:
    """The account of a person."""
    return db.scalar(select(Account).where(Account.person_id == person_id))


def by_phone(db: Session, phone: str) -> Account | None:
    """The adult account that a number (E.164) belongs to."""
    return db.scalar(select(Account).where(Account.phone == phone))


def phone_of(db: Session, account: Account) -> str:
    """Where an account's SMS go: its own number; a child's to the guardian's, '' when nobody can be reached."""
    if account.phone:
        return account.phone
    guardian = by_person(db, account.guardian_id) if account.guardian_id else None
    return (guardian.phone if guardian else None) or account.contact_phone or ""


def check_open(account: Account, at: datetime) -> None:
    """Raise Refused unless somebody may be in the account now."""
    check_may_enter(account.status, account.guarded_until, account.frozen_until, day_of(at), at)


def may_enter(account: Account, at: datetime) -> bool:
    """Whether anybody may be in the account now: it is active, not frozen, and its owner has not outgrown it."""
    try:
        check_open(account, at)
    except Refused:
        return False
    return True


def login_names(db: Session, account_id: UUID) -> list[str]:
    """The numbers with which an account signs in."""
    return list(db.scalars(select(LoginName.value).where(LoginName.account_id == account_id)))


def shown_name(db: Session, account_id: UUID) -> str:
    """The number by which an account is named to its owner, masked: the mã số BHXH where it has one; '' without any."""
    return masked(min(login_names(db, account_id), key=lambda name: (len(name), name), default=""))


def device(db: Session, account_id: UUID, token: str | None) -> Device | None:
    """The enrolled device of the account that shows this cookie."""
    if not token:
        return None
    return db.scalar(
        select(Device).where(
            Device.account_id == account_id, Device.token_digest == digest(token), Device.ended_at.is_(None)
        )
    )


def devices(db: Session, account_id: UUID) -> list[Device]:
    """The enrolled devices, newest use first."""
    query = select(Device).where(Device.account_id == account_id, Device.ended_at.is_(None))
    return list(db.scalars(query.order_by(Device.last_seen_at.desc()).limit(20)))


def wants_proof(db: Session, account: Account) -> bool:
    """Whether an unknown device must give a second proof: one is enrolled, or was until after the password was set.

    The first device after activation or a reset needs none: setting the password was the proof. Where a device was taken
    out since (wiped, forgotten, signed out everywhere) the password alone opens nothing. Nor does it where there is an
    authenticator app, or where no code by message may let anybody in: what set the password anew keeps them (safety 6.4.3).
    """
    app = select(SmartOtp.account_id).where(SmartOtp.account_id == account.id, SmartOtp.confirmed_at.is_not(None))
    if not account.sms_sign_in or db.scalar(app) is not None:
        return True
    query = select(Device.id).where(Device.account_id == account.id)
    if account.password_set_at is not None:
        query = query.where(or_(Device.ended_at.is_(None), Device.ended_at > account.password_set_at))
    return db.scalar(query.limit(1)) is not None


class Knock(NamedTuple):
    """What a sign-in must know of an account and of the browser before it: `device_id` where the account trusts it,
    `notice` where its owner wants to hear of each time.
    """

    account_id: UUID
    status: str
    guarded_until: date | None
    frozen_until: datetime | None
    password_hash: str | None
    device_id: UUID | None
    notice: str | None

    def check_open(self, at: datetime) -> None:
        """Raise Refused unless somebody may be in the account now."""
        check_may_enter(self.status, self.guarded_until, self.frozen_until, day_of(at), at)


# Built once: a wave of sign-ins asks nothing else.
_A, _D, _N, _L = table_of(Account), table_of(Device), table_of(NoticeChoice), table_of(LoginName)
_TRUSTED = and_(_D.c.account_id == _A.c.id, _D.c.token_digest == bindparam("mark"), _D.c.ended_at.is_(None))
_WISH = and_(_N.c.account_id == _A.c.id, _N.c.kind == NoticeKind.SIGN_IN)
_KNOCK = (
    select(_A.c.id, _A.c.status, _A.c.guarded_until, _A.c.frozen_until, _A.c.password_hash, _D.c.id, _N.c.channel)
    .outerjoin_from(_A, _D, _TRUSTED)
    .outerjoin(_N, _WISH)
)
_KNOCK_BY_NAME = _KNOCK.join(_L, _L.c.account_id == _A.c.id).where(_L.c.value == bindparam("name"))
_KNOCK_BY_ID = _KNOCK.where(_A.c.id == bindparam("account"))


def knock(db: Session, name: str, token: str | None) -> Knock | None:
    """Who is meant by a mã số or CCCD, and whether they trust the browser with this cookie; None for nobody."""
    row = db.connection().execute(_KNOCK_BY_NAME, {"name": name, "mark": digest(token or "")}).first()
    return Knock(*row) if row else None


def knock_of(db: Session, account_id: UUID, token: str) -> Knock:
    """The same of an account that is known."""
    return Knock(*db.connection().execute(_KNOCK_BY_ID, {"account": account_id, "mark": digest(token)}).one())


class LiveSession(NamedTuple):
    """What a valid session token stands for; the last two are those of a citizen's account."""

    id: UUID
    subject_id: UUID
    last_seen_at: datetime
    expires_at: datetime
    proven_at: datetime | None
    person_id: UUID | None = None
    terms_version: str = ""
    guarded_until: date | None = None


# Built once: every page of a signed-in citizen begins with it.
_SESSIONS, _ACCOUNTS = table_of(LoginSession).c, table_of(Account).c
_LIVE_CITIZEN = (
    select(
        _SESSIONS.id,
        _SESSIONS.subject_id,
        _SESSIONS.last_seen_at,
        _SESSIONS.expires_at,
        _SESSIONS.proven_at,
        _ACCOUNTS.person_id,
        _ACCOUNTS.terms_version,
        _ACCOUNTS.guarded_until,
    )
    .join_from(table_of(LoginSession), table_of(Account), _ACCOUNTS.id == _SESSIONS.subject_id)
    .where(_SESSIONS.token_digest == bindparam("digest"), _SESSIONS.subject_kind == "citizen")
    .where(_SESSIONS.ended_at.is_(None), _SESSIONS.expires_at > bindparam("at"), _ACCOUNTS.status == "active")
)


def live_citizen(db: Session, token: str, at: datetime) -> LiveSession | None:
    """The citizen's session of a cookie with its active account, in one statement; idleness is judged by the caller."""
    row = db.connection().execute(_LIVE_CITIZEN, {"digest": digest(token), "at": at}).first()
    return LiveSession(*row) if row else None


def live_of(db: Session, kind: ActorKind, token: str, at: datetime) -> LiveSession | None:
    """The session of a cookie of this `kind`; the room of such people knows who that is."""
    row = db.scalar(
        select(LoginSession)
        .where(LoginSession.token_digest == digest(token), LoginSession.subject_kind == kind)
        .where(LoginSession.ended_at.is_(None), LoginSession.expires_at > at)
    )
    return LiveSession(row.id, row.subject_id, row.last_seen_at, row.expires_at, row.proven_at) if row else None


def agreed_at(db: Session, subject: tuple[str, UUID], purpose: str) -> datetime | None:
    """When a purpose was last agreed to for a subject; None when never, or withdrawn since."""
    query = select(Consent).where(
        Consent.subject_kind == subject[0], Consent.subject_id == subject[1], Consent.purpose == purpose
    )
    newest = db.scalar(query.order_by(Consent.at.desc()).limit(1))
    return newest.at if newest is not None and newest.given else None


def notice_channel(db: Session, account: Account, kind: NoticeKind) -> NoticeChannel:
    """How an account hears of `kind`: as it chose, else as is usual for that."""
    choice = db.get(NoticeChoice, (account.id, kind))
    return NoticeChannel(choice.channel) if choice else kind.default(proven=account.email_proven_at is not None)


def notice_channels(db: Session, account: Account) -> dict[NoticeKind, NoticeChannel]:
    """The same of every kind, in one statement."""
    chosen = db.execute(select(NoticeChoice.kind, NoticeChoice.channel).where(NoticeChoice.account_id == account.id))
    known = {kind: NoticeChannel(channel) for kind, channel in chosen}
    proven = account.email_proven_at is not None
    return {kind: known.get(kind, kind.default(proven=proven)) for kind in NoticeKind}


def notice_contact(db: Session, account: Account, kind: NoticeKind) -> str:
    """The contact to which `kind` is told for this account, '' for none."""
    channel = notice_channel(db, account, kind)
    if channel is NoticeChannel.SMS:
        return phone_of(db, account)
    return account.email or "" if channel is NoticeChannel.EMAIL else ""
