"""Keeping a card on a phone, renewing its strips, printing one on paper, and ending all of that."""

import secrets
import struct
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Update, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from vssid import accounts
from vssid.accounts import Account
from vssid.attesting import keys
from vssid.card.rules import Face, Tag
from vssid.card.strips import queries, signing
from vssid.card.strips.models import KeptCard
from vssid.card.strips.rules import CONSENT, CONSENT_DIGEST, DAYS, HANDLE_BYTES, PAPER_DAYS
from vssid.card.strips.signing import Issuer, Strips
from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.clock import day_of
from vssid.kernel.crypto import Keyring, digest, token
from vssid.kernel.db import UtcDateTime
from vssid.kernel.rows import table_of
from vssid.records.family import must_agree
from vssid.records.models import Person
from vssid.records.queries import ward_of

FORGOTTEN_AFTER = timedelta(days=60)
SIGN_IN_AT_LEAST = timedelta(days=90)
AT_ONCE, BATCH = 1_000, 500


@dataclass(frozen=True)
class Keeper:
    """Who keeps a card on which device: an account, and the person whose it is."""

    account_id: UUID | None
    person_id: UUID
    device_id: UUID | None


@dataclass(frozen=True)
class Shown:
    """What strips tell of: a person, the version of their card, the digest of the portrait beside it."""

    person_id: UUID
    face: Face
    photo: bytes


@dataclass(frozen=True)
class Paper:
    """A paper card's strip: its row, its text, its last day; `fresh` says that the row is new."""

    id: UUID
    text: str
    last_day: date
    fresh: bool


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
    """Let a phone keep a card. On other phones of the account it ends at once; on this one when the new secret is used."""
    mine = KeptCard.account_id == keeper.account_id, KeptCard.person_id == shown.person_id, KeptCard.kind == "phone"
    db.execute(_ended(at, "again", KeptCard.device_id != keeper.device_id, *mine))
    secret = token()
    row = _new(keeper, shown.face, secret, at)
    db.add(row)
    audit.record(db, Tag.KEPT, by, ("person", shown.person_id), at)
    return Kept(secret, signing.daily(by_whom, shown.face, row.handle, shown.photo, day_of(at)))


def _new(keeper: Keeper, face: Face, secret: str, at: datetime) -> KeptCard:
    return KeptCard(
        id=uuid4(), kind="phone", handle=secrets.token_bytes(HANDLE_BYTES), person_id=keeper.person_id,
        card_id=face.version_id, account_id=keeper.account_id, device_id=keeper.device_id, secret_digest=digest(secret),
        created_at=at, renewed_at=at, last_day=_last_day(at),
    )  # fmt: skip


def why_not(db: Session, row: KeptCard, at: datetime) -> str:
    """Why a phone that shows its secret gets no further strips, '' if it does; reads only."""
    if row.ended_at is not None and row.end_reason != queries.CARD:
        return row.end_reason
    # Also of a row that ended for another version of the card: another reason may have come since.
    found = queries.reason_now(db, row.id, at)
    if found not in ("", queries.CARD):
        return found
    return "" if queries.signed_in_since(db, row.device_id, at - SIGN_IN_AT_LEAST) else "sign_in"


def end(db: Session, id: UUID, reason: str, at: datetime) -> None:
    """The phone keeps it no longer, and its secret opens nothing any more."""
    db.execute(_ended(at, reason, KeptCard.id == id).values(secret_digest=None))


def renew(db: Session, by_whom: Issuer, id: UUID, secret: str, shown: Shown, at: datetime) -> Kept | None:
    """Further strips for the phone that has shown its secret; None when it lost that right meanwhile.

    Another version of the card gets another handle, so that strips of the one before can be revoked. What the same phone
    kept of this card before ends now, for the new secret has arrived.
    """
    row = db.scalar(select(KeptCard).where(KeptCard.id == id, KeptCard.secret_digest == digest(secret)))
    if row is None or row.end_reason not in ("", queries.CARD):
        return None
    if row.ended_at is not None or row.card_id != shown.face.version_id:
        row.ended_at, row.end_reason, row.secret_digest = row.ended_at or at, queries.CARD, None
        db.flush()
        fresh = _new(Keeper(row.account_id, row.person_id, row.device_id), shown.face, secret, at)
        fresh.created_at = row.created_at
        db.add(fresh)
        row = fresh
    row.renewed_at, row.last_day = at, _last_day(at)
    db.flush()
    older = KeptCard.account_id == row.account_id, KeptCard.person_id == row.person_id, KeptCard.kind == "phone"
    db.execute(_ended(at, "again", *older, KeptCard.id != row.id))
    return Kept(secret, signing.daily(by_whom, shown.face, row.handle, shown.photo, day_of(at)))


def keeper_person(db: Session, row: KeptCard) -> UUID | None:
    """The person whose account keeps a card."""
    return db.scalar(select(Account.person_id).where(Account.id == row.account_id))


def ward(db: Session, keeper: UUID | None, person_id: UUID, on: date) -> Person | None:
    """The child whose card a guardian keeps, while they act for the child and have agreed to that anew where they must."""
    child = ward_of(db, keeper, person_id, on) if keeper else None
    return None if child is None or must_agree(db, child) else child


def print_strip(db: Session, by_whom: Issuer, shown: Shown, account_id: UUID, *, at: datetime) -> tuple[str, date]:
    """The strip of a paper card and its last day: as long as the card holds, a year at most. The same card printed again the same day keeps it."""
    face, today = shown.face, day_of(at)
    last_day = _paper_ends(face, today)
    row = db.scalar(
        select(KeptCard)
        .where(KeptCard.person_id == shown.person_id, KeptCard.kind == "paper", KeptCard.ended_at.is_(None))
        .where(KeptCard.card_id == face.version_id, KeptCard.last_day == last_day, KeptCard.account_id == account_id)
        .order_by(KeptCard.created_at.desc())
        .limit(1)
    )
    if row is None or day_of(row.created_at) != today:
        row = _paper(shown, account_id, last_day, at)
        db.add(row)
    return signing.on_paper(by_whom, face, row.handle, shown.photo, today, last_day), last_day


def _paper_ends(face: Face, today: date) -> date:
    return min(face.valid_to or date.max, today + timedelta(days=PAPER_DAYS))


def _paper(shown: Shown, account_id: UUID | None, last_day: date, at: datetime) -> KeptCard:
    return KeptCard(
        id=uuid4(), kind="paper", handle=secrets.token_bytes(HANDLE_BYTES), person_id=shown.person_id,
        card_id=shown.face.version_id, account_id=account_id, created_at=at, renewed_at=at, last_day=last_day,
    )  # fmt: skip


def agency_papers(
    db: Session, by_whom: Issuer, wanted: Sequence[Shown], before: Collection[UUID], *, at: datetime
) -> list[Paper | None]:
    """Strips of papers that the agency prints, each with a row of its own; None for a card that no strip can tell of.

    `before` are the rows of an earlier try: of the same version of a card they go on, others end.
    """
    earlier = list(db.scalars(select(KeptCard).where(KeptCard.id.in_(before), KeptCard.ended_at.is_(None))))
    known = {(row.person_id, row.card_id): row for row in earlier}
    found: list[Paper | None] = []
    today, used = day_of(at), set()
    for shown in wanted:
        row = known.get((shown.person_id, shown.face.version_id))
        fresh = row is None
        row = row or _paper(shown, None, _paper_ends(shown.face, today), at)
        try:
            text = signing.on_paper(by_whom, shown.face, row.handle, shown.photo, day_of(row.created_at), row.last_day)
        except (ValueError, struct.error):
            found.append(None)
            continue
        if fresh:
            db.add(row)
        used.add(row.id)
        found.append(Paper(row.id, text, row.last_day, fresh))
    sweep(db, [(queries.CARD, [row.id for row in earlier if row.id not in used])], at)
    db.flush()
    return found


def let_go(db: Session, row: KeptCard, *, by: By, at: datetime) -> None:
    """The phone keeps it no longer, or the paper is worth nothing any more; the second time changes nothing."""
    if row.end_reason not in ("", queries.CARD):
        return
    row.ended_at, row.end_reason, row.secret_digest = row.ended_at or at, "let_go", None
    if row.kind == "phone" and row.account_id is not None:
        _withdraw_consent(db, row, by, at)
    audit.record(db, Tag.LET_GO, by, ("person", row.person_id), at)


def _withdraw_consent(db: Session, row: KeptCard, by: By, at: datetime) -> None:
    account = db.get_one(Account, row.account_id)
    own = account.person_id == row.person_id
    subject = ("account", account.id) if own else ("person", row.person_id)
    # In the version that the account has agreed to: letting go must not pass for agreeing to new terms.
    accounts.record_consent(db, subject, {CONSENT: False}, account.terms_version, CONSENT_DIGEST, by=by, at=at)


def sweep(db: Session, found: Iterable[tuple[str, list[UUID]]], at: datetime) -> None:
    """End what `queries.to_end` has found: another device took over, signed out, another version of the card, …"""
    for reason, ids in found:
        for start in range(0, len(ids), BATCH):
            db.execute(_ended(at, reason, KeptCard.id.in_(ids[start : start + BATCH])))


def _ended(at: datetime, reason: str, *which: ColumnElement[bool]) -> Update:
    """End open rows; those that a version of the card has ended already get the graver reason, for their secret still opened something."""
    still = or_(KeptCard.ended_at.is_(None), KeptCard.end_reason == queries.CARD)
    values = {"ended_at": func.coalesce(KeptCard.ended_at, literal(at, UtcDateTime())), "end_reason": reason}
    return update(KeptCard).where(still, *which).values(values).execution_options(synchronize_session=False)


def purge(db: Session, at: datetime) -> bool:
    """Forget what no strip tells of any more, some thousand at once; True when there may be more."""
    old = KeptCard.last_day < day_of(at) - FORGOTTEN_AFTER
    some = list(db.scalars(select(KeptCard.id).where(old).order_by(KeptCard.last_day).limit(AT_ONCE)))
    if some:
        db.execute(delete(table_of(KeptCard)).where(KeptCard.id.in_(some)))
    return len(some) == AT_ONCE


def _last_day(at: datetime) -> date:
    """The last day on which a verifier shows the newest strip as amber."""
    return day_of(at) + timedelta(days=2 * DAYS - 1)
