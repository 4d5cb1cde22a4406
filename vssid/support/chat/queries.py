"""Reads of chats: one's own by account or by the browser's key, an officer's by what waits and what they have taken."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from vssid import directory, records
from vssid.kernel.clock import VIETNAM, day_of
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import Refused
from vssid.officers import Officer, Permission, Role
from vssid.officers.models import Officer as OfficerRow
from vssid.support.chat import rules
from vssid.support.chat.models import Chat, ChatDesk, ChatMessage
from vssid.support.chat.rules import ACTIVE, DAYS_OFF, HOURS, OWN_FAMILY, PAGE, PRESENT, Hours, Side, Status

CHATS_A_PAGE = 25
MOST_SHOWN = 60  # as many as may wait
LATEST_WAITS = 10


class Said(NamedTuple):
    """One message in clear."""

    number: int
    side: Side
    text: str
    at: datetime
    officer_id: UUID | None


# ---- whether somebody is there


def hours(db: Session, on: date) -> Hours | None:
    """When officers answer; None where the parameter is missing or nobody can read it: then nobody does."""
    found = directory.parameters(db, (HOURS, DAYS_OFF), on)
    if HOURS not in found:
        return None
    try:
        return rules.hours(found[HOURS].value, found[DAYS_OFF].value if DAYS_OFF in found else "")
    except ValueError:
        return None


def open_at(db: Session, at: datetime) -> bool:
    """Whether officers answer at this moment."""
    known = hours(db, day_of(at))
    return known is not None and known.open_at(at.astimezone(VIETNAM))


def last_seen(db: Session) -> datetime | None:
    """When any officer's desk was last open."""
    return db.scalar(select(ChatDesk.seen_at).order_by(ChatDesk.seen_at.desc()).limit(1))


def colleagues(db: Session, but: UUID, at: datetime) -> list[OfficerRow]:
    """Officers who may answer and whose desk is open, without one of them."""
    query = select(OfficerRow).join(ChatDesk, ChatDesk.officer_id == OfficerRow.id)
    there = ChatDesk.seen_at >= at - PRESENT, OfficerRow.id != but, OfficerRow.status == "active"
    found = db.scalars(query.where(*there).order_by(OfficerRow.code))
    return [one for one in found if Permission.SUPPORT_ANSWER in Role(one.role).permissions]


def usual_wait(db: Session, at: datetime) -> int | None:
    """Minutes that today's people usually waited; None where too few were taken."""
    query = select(Chat.opened_at, Chat.taken_at).where(Chat.taken_at >= at - timedelta(hours=12))
    latest = db.execute(query.order_by(Chat.taken_at.desc()).limit(LATEST_WAITS))
    return rules.usual_wait(taken - opened for opened, taken in latest if taken and day_of(taken) == day_of(at))


def waiting(db: Session) -> int:
    """How many wait in all."""
    return db.scalar(select(func.count()).select_from(Chat).where(Chat.status == Status.WAITING)) or 0


def before(db: Session, chat: Chat) -> int:
    """How many wait before this one."""
    earlier = tuple_(Chat.opened_at, Chat.id) < (chat.opened_at, chat.id)
    return db.scalar(select(func.count()).select_from(Chat).where(Chat.status == Status.WAITING, earlier)) or 0


# ---- one's own


def of_account(db: Session, id: UUID, account_id: UUID) -> Chat | None:
    """A chat of this account; others do not exist."""
    return db.scalar(select(Chat).where(Chat.id == id, Chat.account_id == account_id))


def of_key(db: Session, digest: bytes) -> Chat | None:
    """The chat of the browser that holds the key."""
    return db.scalar(select(Chat).where(Chat.key_digest == digest))


def by_nonce(db: Session, nonce: UUID) -> Chat | None:
    """The chat that one form started."""
    return db.scalar(select(Chat).where(Chat.nonce == nonce))


def active_of(db: Session, account_id: UUID) -> Chat | None:
    """The account's chat that has not ended."""
    query = select(Chat).where(Chat.account_id == account_id, Chat.status.in_(ACTIVE))
    return db.scalar(query.order_by(Chat.opened_at.desc()).limit(1))


def newest_of(db: Session, account_id: UUID, after: tuple[datetime, UUID] | None) -> list[Chat]:
    """Chats of an account, newest first, at most one more than a page."""
    beyond = [tuple_(Chat.opened_at, Chat.id) < after] if after else []
    query = select(Chat).where(Chat.account_id == account_id, *beyond)
    return list(db.scalars(query.order_by(Chat.opened_at.desc(), Chat.id.desc()).limit(CHATS_A_PAGE + 1)))


# ---- what was said


def messages(db: Session, keyring: Keyring, chat_id: UUID, above: int, up_to: int) -> list[Said]:
    """Messages whose number is above the one and at most the other, oldest first."""
    between = ChatMessage.chat_id == chat_id, ChatMessage.number > above, ChatMessage.number <= up_to
    rows = db.scalars(select(ChatMessage).where(*between).order_by(ChatMessage.number))
    return [Said(one.number, Side(one.side), opened(keyring, one), one.at, one.officer_id) for one in rows]


def opened(keyring: Keyring, message: ChatMessage) -> str:
    """The text in clear. Raises Unreadable when it was altered or its key is gone."""
    return keyring.open_text(message.text, f"chat_messages {message.id}")


def page(db: Session, keyring: Keyring, chat: Chat, until: int | None) -> list[Said]:
    """The newest fifty messages, or the newest fifty before number `until`."""
    last = min(chat.messages, until - 1) if until else chat.messages
    return messages(db, keyring, chat.id, last - PAGE, last)


def officer_codes(db: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Officers by the codes that colleagues know them by."""
    wanted = {id for id in ids if id is not None}
    if not wanted:
        return {}
    found = db.execute(select(OfficerRow.id, OfficerRow.code).where(OfficerRow.id.in_(wanted)))
    return {id: code for id, code in found}  # noqa: C416 - rows are no pairs for mypy


# ---- the desk


def _others(officer: Officer) -> list[ColumnElement[bool]]:
    """What an officer and their family asked is a colleague's."""
    if not officer.ma_so_bhxh:
        return []
    return [or_(Chat.person_id.is_(None), Chat.person_id.not_in(records.family_of(officer.ma_so_bhxh)))]


def queue(db: Session, officer: Officer) -> list[Chat]:
    """Who waits, the longest first."""
    query = select(Chat).where(Chat.status == Status.WAITING, *_others(officer))
    return list(db.scalars(query.order_by(Chat.opened_at, Chat.id).limit(MOST_SHOWN)))


def waiting_count(db: Session, officer: Officer) -> int:
    """How many of them."""
    mine = Chat.status == Status.WAITING, *_others(officer)
    return db.scalar(select(func.count()).select_from(Chat).where(*mine)) or 0


def taken_by(db: Session, officer_id: UUID) -> list[Chat]:
    """Chats that an officer has open, at most five."""
    query = select(Chat).where(Chat.officer_id == officer_id, Chat.status == Status.OPEN)
    return sorted(db.scalars(query), key=lambda one: (one.taken_at or one.opened_at, one.id))


def chat_for(db: Session, id: UUID, officer: Officer) -> Chat | None:
    """A chat that goes on, or one that this officer has had; others do not exist for them.

    Raises Refused for their own and their family's: those are a colleague's.
    """
    found = db.get(Chat, id, populate_existing=True)
    if found is None or (found.status not in ACTIVE and found.officer_id != officer.id):
        return None
    if is_own(db, found, officer.ma_so_bhxh):
        raise Refused(OWN_FAMILY)
    return found


def is_own(db: Session, chat: Chat, ma_so_bhxh: str | None) -> bool:
    """Whether an officer with this mã số, or their family, asks here."""
    person = records.person(db, chat.person_id) if chat.person_id and ma_so_bhxh else None
    return person is not None and records.is_family(db, ma_so_bhxh or "", person)


# ---- the jobs


def silent(db: Session, before: datetime, most: int) -> list[Chat]:
    """Open chats in which nobody has answered the officer since before a moment."""
    query = select(Chat).where(Chat.status == Status.OPEN, Chat.silent_since < before)
    return list(db.scalars(query.limit(most)))


def left_over(db: Session, before: datetime, most: int) -> list[Chat]:
    """After hours: who waits, and open chats whose last words no officer has answered since before a moment."""
    unanswered = (Chat.status == Status.OPEN) & Chat.silent_since.is_(None) & (Chat.said_at < before)
    rows = list(db.scalars(select(Chat).where(Chat.status == Status.WAITING).limit(most)))
    return [*rows, *db.scalars(select(Chat).where(unanswered).limit(most))]
