"""What happens by itself: silence ends a chat, closing time makes letters of who waits, old chats are dropped."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from vssid import accounts
from vssid.kernel.audit import SYSTEM
from vssid.kernel.batches import each_alone
from vssid.kernel.rows import table_of
from vssid.support.chat import actions, queries
from vssid.support.chat.models import Chat, ChatMessage
from vssid.support.chat.rules import KEPT, KEPT_OF_VISITORS, SILENCE, Ending

AT_ONCE = 20


def tidy(db: Session, at: datetime) -> bool:
    """End what is silent and, after hours, make letters of what nobody has answered; True while there may be more."""
    silent = queries.silent(db, at - SILENCE, AT_ONCE)
    each_alone(db, "chat end", silent, lambda chat: actions.end(db, chat.id, Ending.SILENCE, by=SYSTEM, at=at))
    left = [] if queries.open_at(db, at) else queries.left_over(db, at - SILENCE, AT_ONCE)
    keyring = accounts.house().keyring
    made = each_alone(db, "chat letter", left, lambda chat: actions.to_letter(db, keyring, chat.id, by=SYSTEM, at=at))
    # What cannot be done comes up again with the next run, not at once.
    return made == AT_ONCE


def forget_old(db: Session, at: datetime) -> bool:
    """Drop chats that ended long ago, some at once; True while there may be more."""
    old = [
        select(Chat.id).where(Chat.ended_at < at - KEPT_OF_VISITORS, Chat.account_id.is_(None)),
        select(Chat.id).where(Chat.ended_at < at - KEPT),
    ]
    ids = {id for query in old for id in db.scalars(query.limit(AT_ONCE))}
    if ids:
        db.execute(delete(table_of(ChatMessage)).where(ChatMessage.chat_id.in_(ids)))
        db.execute(delete(table_of(Chat)).where(Chat.id.in_(ids)))
    return len(ids) >= AT_ONCE
