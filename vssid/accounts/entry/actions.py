"""Coming in and going out: one session an account, on one device; what is told to whom when that changes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from vssid.accounts import messages, queries, sessions
from vssid.accounts.models import Account, Device
from vssid.accounts.proofs import Kind
from vssid.accounts.queries import Knock
from vssid.accounts.rules import TRIES_UNTOLD, Notice, NoticeKind, Tag
from vssid.kernel import audit
from vssid.kernel.audit import VISITOR, ActorKind, By
from vssid.kernel.crypto import Keyring, digest
from vssid.kernel.rows import table_of
from vssid.settings import SESSION_ABSOLUTE

KIND = "citizen"

_DEVICES = table_of(Device)
_USED = update(_DEVICES).where(_DEVICES.c.id == bindparam("which")).values(last_seen_at=bindparam("at"))


@dataclass(frozen=True)
class Browser:
    """Where somebody comes in: the secret of its long-lived cookie, what its owner would call it, the network it is in."""

    token: str
    label: str
    network: str


def sign_in(
    db: Session, keyring: Keyring, account_id: UUID, browser: Browser, *, proven: bool, at: datetime, hotline: str
) -> str | None:
    """Open the account's one session here, ending others; returns its token. Raises Refused where nobody may come in.

    Without a second proof (`proven`) only a device that the account trusts comes in, or its first one after a password was
    set by a code: None then says that a proof is needed, and nothing was changed.
    """
    # As things stand now: what was read before the hash may be old.
    knock = queries.knock_of(db, account_id, browser.token)
    knock.check_open(at)
    device_id = knock.device_id
    if device_id is None:
        account = db.get_one(Account, account_id, populate_existing=True)
        if not proven and queries.wants_proof(db, account):
            return None
        device_id = _enrol(db, keyring, account, browser, at, hotline).id
    elif knock.notice is not None:
        _tell_if_wanted(db, keyring, account_id, at, hotline)
    db.connection().execute(_USED, {"which": device_id, "at": at})
    sessions.end_sessions_of(db, KIND, account_id, at, "other_device")
    by = By(ActorKind.CITIZEN, account_id)
    audit.record(db, Tag.SIGNED_IN, by, ("account", account_id), at, device=str(device_id))
    return sessions.open_session(db, KIND, account_id, device_id, at, SESSION_ABSOLUTE, browser.network)


def _tell_if_wanted(db: Session, keyring: Keyring, account_id: UUID, at: datetime, hotline: str) -> None:
    """A device that is known is told of only to those who asked for it."""
    account = db.get_one(Account, account_id)
    to = queries.notice_contact(db, account, NoticeKind.SIGN_IN)
    if to:
        messages.notify(db, keyring, account, Notice.SIGN_IN, at=at, hotline=hotline, to=to)


def _enrol(db: Session, keyring: Keyring, account: Account, browser: Browser, at: datetime, hotline: str) -> Device:
    # One device an account (seed 000): the one before must give a proof to come back.
    db.execute(update(Device).where(Device.account_id == account.id, Device.ended_at.is_(None)).values(ended_at=at))
    before = list(db.scalars(select(Device).where(Device.account_id == account.id)))
    mark = digest(browser.token)
    device = next((one for one in before if one.token_digest == mark), None)
    if device is None:
        device = Device(id=uuid4(), account_id=account.id, token_digest=mark, created_at=at, last_seen_at=at)
        db.add(device)
    device.ended_at, device.label = None, browser.label
    db.flush()
    if any(one is not device for one in before):
        messages.notify(db, keyring, account, Notice.NEW_DEVICE, at=at, hotline=hotline)
    by = By(ActorKind.CITIZEN, account.id)
    audit.record(db, Tag.DEVICE_ENROLLED, by, ("account", account.id), at)
    return device


def use_up(db: Session, keyring: Keyring, account_id: UUID, kind: Kind, *, at: datetime, hotline: str) -> None:
    """What follows a proof that was used: the owner hears of each backup code that is gone."""
    if kind is Kind.BACKUP:
        account = db.get_one(Account, account_id)
        messages.notify(db, keyring, account, Notice.BACKUP_USED, at=at, hotline=hotline)


def note_wrong_proof(
    db: Session, keyring: Keyring, account_id: UUID, nth: int, *, at: datetime, hotline: str
) -> None:  # fmt: skip
    """A second proof was wrong, the `nth` of one sign-in: noted each time, told to the owner once, at the third."""
    audit.record(db, Tag.SECOND_FACTOR_REFUSED, VISITOR, ("account", account_id), at, nth=nth)
    if nth == TRIES_UNTOLD + 1:
        account = db.get_one(Account, account_id)
        messages.notify(db, keyring, account, Notice.FACTOR_REFUSED, at=at, hotline=hotline)


def step_aside(db: Session, account_id: UUID, session_id: UUID, *, at: datetime) -> None:
    """Somebody else signs in where this account was: its session ends, its trust in the device stays."""
    sessions.end_session(db, session_id, at, "switched")
    audit.record(db, Tag.SWITCHED, By(ActorKind.CITIZEN, account_id), ("account", account_id), at)


def sign_out(db: Session, account_id: UUID, session_id: UUID, *, at: datetime) -> None:
    """End the session in every worker."""
    sessions.end_session(db, session_id, at, "sign_out")
    audit.record(db, Tag.SIGNED_OUT, By(ActorKind.CITIZEN, account_id), ("account", account_id), at)


def wipe(db: Session, account_id: UUID, session_id: UUID, device_token: str | None, *, at: datetime) -> None:
    """End the session, and the account's trust in this device: the next sign-in here begins like a stranger's."""
    sessions.end_session(db, session_id, at, "wiped")
    device = queries.device(db, account_id, device_token)
    by = By(ActorKind.CITIZEN, account_id)
    if device is not None:
        device.ended_at = at
        audit.record(db, Tag.DEVICE_ENDED, by, ("account", account_id), at)
    audit.record(db, Tag.WIPED, by, ("account", account_id), at)


def renew_hash(db: Session, knock: Knock, password_hash: str) -> None:
    """Store a right password's hash made with today's parameters, unless it was changed meanwhile."""
    db.execute(
        update(Account)
        .where(Account.id == knock.account_id, Account.password_hash == knock.password_hash)
        .values(password_hash=password_hash)
    )
