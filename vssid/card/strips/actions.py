"""Keeping a card on a phone, renewing its strips, printing one on paper, and ending all of that."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from vssid.accounts import Account
from vssid.attesting import keys
from vssid.card.rules import Face, Tag
from vssid.card.strips import queries, signing
from vssid.card.strips.models import KeptCard
from vssid.card.strips.rules import DAYS, HANDLE_BYTES, PAPER_DAYS
from vssid.card.strips.signing import Issuer, Strips
from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.clock import day_of
from vssid.kernel.crypto import Keyring, digest, token
from vssid.kernel.rows import table_of
from vssid.records.family import must_agree
from vssid.records.models import Person
from vssid.records.queries import ward_of

FORGOTTEN_AFTER = timedelta(days=60)
SIGN_IN_AT_LEAST = timedelta(days=90)
AT_ONCE = 500


@dataclass(frozen=True)
class Keeper:
    """Who keeps a card on which device: an account, and the person whose it is."""

    account_id: UUID
    person_id: UUID
    device_id: UUID | None


@dataclass(frozen=True)
class Shown:
    """What strips tell of: a person, the version of their card, the digest of the portrait beside it."""

    person_id: UUID
    face: Face
    photo: bytes


@dataclass(frozen=True)
class Kept:
    """What the phone gets: the secret for renewing, and its strips."""

    secret: str
    strips: Strips


def issuer(db: Session, keyring: Keyring, specimen: bool, *, today: date) -> Issuer:
    """What signs today; in a writing unit, for there may be no key yet."""
    number, private = keys.signing(db, keyring, today)
    return Issuer(number, private, keyring, specimen)


def page_strip(by_whom: Issuer, shown: Shown, today: date) -> Strips:
    """The one strip of today that a page shows to whoever is signed in; nothing is noted."""
    handle = signing.page_handle(by_whom.keyring, shown.person_id, today)
    return signing.daily(by_whom, shown.face, handle, shown.photo, today, days=1)


def keep(db: Session, by_whom: Issuer, keeper: Keeper, shown: Shown, *, by: By, at: datetime) -> Kept:
    """Let a phone keep a card. What the same account kept of it before, on whatever phone, ends."""
    mine = KeptCard.account_id == keeper.account_id, KeptCard.person_id == shown.person_id, KeptCard.kind == "phone"
    db.execute(_ended(at, "again").where(*mine))
    secret, face = token(), shown.face
    row = KeptCard(
        id=uuid4(), kind="phone", handle=secrets.token_bytes(HANDLE_BYTES), person_id=shown.person_id,
        card_id=face.version_id, account_id=keeper.account_id, device_id=keeper.device_id, secret_digest=digest(secret),
        created_at=at, renewed_at=at, last_day=_last_day(at),
    )  # fmt: skip
    db.add(row)
    audit.record(db, Tag.KEPT, by, ("person", shown.person_id), at)
    return Kept(secret, signing.daily(by_whom, face, row.handle, shown.photo, day_of(at)))


def renew(db: Session, row: KeptCard, at: datetime) -> str:
    """Why a phone gets no further strips ('' if it does), when it shows its secret; whatever has to end ends."""
    if row.ended_at is None:
        sweep(db, at, only=row.id)
        db.refresh(row)
    # Another version of the card: the phone gets a handle of its own for it, nothing is asked anew.
    if row.ended_at is not None and row.end_reason != "card":
        return row.end_reason
    if not queries.signed_in_since(db, row.device_id, at - SIGN_IN_AT_LEAST):
        return "sign_in"
    return ""


def reissue(db: Session, by_whom: Issuer, row: KeptCard, secret: str, shown: Shown, at: datetime) -> Kept:  # fmt: skip
    """Further strips for the phone that has shown its secret."""
    if row.ended_at is not None:
        row.secret_digest = None
        db.flush()
        row = KeptCard(
            id=uuid4(), kind="phone", handle=secrets.token_bytes(HANDLE_BYTES), person_id=row.person_id,
            account_id=row.account_id, device_id=row.device_id, secret_digest=digest(secret), created_at=row.created_at,
            card_id=shown.face.version_id, renewed_at=at, last_day=_last_day(at),
        )  # fmt: skip
        db.add(row)
    row.card_id, row.renewed_at, row.last_day = shown.face.version_id, at, _last_day(at)
    db.flush()
    return Kept(secret, signing.daily(by_whom, shown.face, row.handle, shown.photo, day_of(at)))


def keeper_person(db: Session, row: KeptCard) -> UUID | None:
    """The person whose account keeps a card."""
    return db.scalar(select(Account.person_id).where(Account.id == row.account_id))


def ward(db: Session, keeper: UUID | None, person_id: UUID, on: date) -> Person | None:
    """The child whose card a guardian keeps, while they act for the child and have agreed to that anew where they must."""
    child = ward_of(db, keeper, person_id, on) if keeper else None
    return None if child is None or must_agree(db, child) else child


def print_strip(
    db: Session, by_whom: Issuer, shown: Shown, account_id: UUID | None, *, at: datetime
) -> tuple[str, date]:
    """The strip of a paper card and its last day: as long as the card holds, a year at most. The same card printed again the same day keeps it."""
    face, today = shown.face, day_of(at)
    last_day = min(face.valid_to or date.max, today + timedelta(days=PAPER_DAYS))
    row = db.scalar(
        select(KeptCard)
        .where(KeptCard.person_id == shown.person_id, KeptCard.kind == "paper", KeptCard.ended_at.is_(None))
        .where(KeptCard.card_id == face.version_id, KeptCard.last_day == last_day, KeptCard.account_id == account_id)
        .order_by(KeptCard.created_at.desc())
        .limit(1)
    )
    if row is None or day_of(row.created_at) != today:
        row = KeptCard(
            id=uuid4(), kind="paper", handle=secrets.token_bytes(HANDLE_BYTES), person_id=shown.person_id,
            card_id=face.version_id, account_id=account_id, created_at=at, renewed_at=at, last_day=last_day,
        )  # fmt: skip
        db.add(row)
    return signing.on_paper(by_whom, face, row.handle, shown.photo, today, last_day), last_day


def let_go(db: Session, row: KeptCard, *, by: By, at: datetime) -> None:
    """The phone keeps it no longer; the second time changes nothing."""
    if row.ended_at is None:
        row.ended_at, row.end_reason = at, "let_go"
        audit.record(db, Tag.LET_GO, by, ("person", row.person_id), at)


def sweep(db: Session, at: datetime, only: UUID | None = None) -> None:
    """End what must not be believed any more: another device took over, signed out, another version of the card, …"""
    one = (KeptCard.id == only,) if only else (KeptCard.last_day >= day_of(at),)
    for reason, holds in queries.reasons(at).items():
        db.execute(_ended(at, reason).where(*one, holds))


def _ended(at: datetime, reason: str):  # type: ignore[no-untyped-def]
    open_ = update(KeptCard).where(KeptCard.ended_at.is_(None))
    return open_.values(ended_at=at, end_reason=reason).execution_options(synchronize_session=False)


def purge(db: Session, at: datetime) -> None:
    """Forget what no strip tells of any more, some hundred at once."""
    old = select(KeptCard.id).where(KeptCard.last_day < day_of(at) - FORGOTTEN_AFTER).limit(AT_ONCE)
    db.execute(delete(table_of(KeptCard)).where(KeptCard.id.in_(list(db.scalars(old)))))


def _last_day(at: datetime) -> date:
    """The last day on which a verifier shows the newest strip as amber."""
    return day_of(at) + timedelta(days=2 * DAYS - 1)
