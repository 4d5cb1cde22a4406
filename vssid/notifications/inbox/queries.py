"""Reads of an inbox: a page of it, one item, how much is unread. All by the account that it belongs to."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from vssid.kernel.crypto import Keyring, Unreadable
from vssid.kernel.labels import N_, Label, unpacked
from vssid.notifications.inbox.models import InboxItem
from vssid.notifications.inbox.rules import MOST_COUNTED, Topic

PAGE = 20
LOST = N_("Không đọc được thông báo này nữa.")


@dataclass(frozen=True)
class Shown:
    """One item as its reader sees it."""

    id: UUID
    topic: Topic
    words: Label
    href: str
    at: datetime
    read: bool


@dataclass(frozen=True)
class Page:
    """Some items, newest first, and the key after which older ones follow, if any do."""

    rows: list[Shown]
    following: tuple[datetime, UUID] | None


def page(
    db: Session, keyring: Keyring, account_id: UUID, topic: Topic | None, after: tuple[datetime, UUID] | None
) -> Page:
    """The newest items of an account, of one topic if one is named; those after a key."""
    query = select(InboxItem).where(InboxItem.account_id == account_id)
    if topic is not None:
        query = query.where(InboxItem.topic == topic)
    if after is not None:
        query = query.where(tuple_(InboxItem.at, InboxItem.id) < after)
    found = list(db.scalars(query.order_by(InboxItem.at.desc(), InboxItem.id.desc()).limit(PAGE + 1)))
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page([_shown(keyring, one) for one in found[:PAGE]], (last.at, last.id) if last else None)


def unread(db: Session, account_id: UUID) -> int:
    """How many items wait to be read; 100 stands for any number above 99."""
    some = select(InboxItem.id).where(InboxItem.account_id == account_id, InboxItem.read_at.is_(None))
    return db.scalar(select(func.count()).select_from(some.limit(MOST_COUNTED + 1).subquery())) or 0


def _shown(keyring: Keyring, found: InboxItem) -> Shown:
    try:
        words = unpacked(json.loads(keyring.open_text(found.sealed, f"inbox {found.id}")))
    except Unreadable:
        words = LOST
    return Shown(found.id, Topic(found.topic), words, found.href, found.at, found.read_at is not None)
