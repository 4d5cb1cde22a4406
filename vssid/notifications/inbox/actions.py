"""The inbox's verbs: an item is put in with its cause, read once, and forgotten in time."""

import json
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import Label, packed
from vssid.kernel.rows import table_of
from vssid.notifications.inbox.models import InboxItem
from vssid.notifications.inbox.rules import KEPT_READ, KEPT_UNREAD, check_place, rings, topic_of

FORGOTTEN_AT_ONCE = 500
_NAMES = UUID("5b0f5f0e-6f0b-4f3c-8f8e-2f1f6f0a9c11")  # any: keeps our ids apart from other name-based ones


def put(db: Session, keyring: Keyring, account_id: UUID, kind: str, label: Label, href: str, at: datetime) -> None:
    """Add one item to the caller's transaction; `href` is where it leads, a path of ours.

    The same words of one moment are one item, by however many contacts they leave the house. Codes are not kept.
    Raises ValueError for a place that is not ours.
    """
    if not rings(kind):
        return
    content = json.dumps(packed(label), ensure_ascii=False, sort_keys=True)
    id = uuid5(_NAMES, f"{account_id} {kind} {at.isoformat()} {content}")
    if db.get(InboxItem, id) is None:
        db.add(
            InboxItem(
                id=id,
                account_id=account_id,
                kind=kind,
                topic=topic_of(kind),
                sealed=keyring.seal_text(content, f"inbox {id}"),
                href=check_place(href),
                at=at,
                expires_at=at + KEPT_UNREAD,
            )
        )


def mark_read(db: Session, account_id: UUID, id: UUID, at: datetime) -> str | None:
    """Mark one item of the account as read and return where it leads; None when it is not this account's."""
    found = db.scalar(select(InboxItem).where(InboxItem.id == id, InboxItem.account_id == account_id))
    if found is None:
        return None
    if found.read_at is None:
        found.read_at, found.expires_at = at, at + KEPT_READ
    return found.href


def mark_all(db: Session, account_id: UUID, at: datetime) -> None:
    """Mark all that the account has not read. What was read goes 180 days later."""
    mine = InboxItem.account_id == account_id, InboxItem.read_at.is_(None)
    db.execute(update(table_of(InboxItem)).where(*mine).values(read_at=at, expires_at=at + KEPT_READ))


def forget_old(db: Session, at: datetime) -> bool:
    """Drop what was read 180 days ago or has waited for 400, some hundred at once; True while there may be more."""
    ids = list(db.scalars(select(InboxItem.id).where(InboxItem.expires_at < at).limit(FORGOTTEN_AT_ONCE)))
    db.execute(delete(table_of(InboxItem)).where(InboxItem.id.in_(ids)))
    return len(ids) == FORGOTTEN_AT_ONCE
