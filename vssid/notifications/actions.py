"""The outbox's verbs: put a message in with its cause, lease what is due, settle what became of it.

Delivery is at least once. A crash after the gateway took a message and before the row says so repeats it when the
lease has run out; the message's id goes with it each time, so that a gateway can tell a repetition.
"""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from vssid.kernel.crypto import Keyring
from vssid.notifications.models import OutboxMessage
from vssid.notifications.rules import KNOWN_AGAIN, Channel, Letter, State, as_said, letter, wait_after

LEASE = timedelta(minutes=2)
_UNSYNCHRONISED = {"synchronize_session": False}


def send(
    db: Session,
    keyring: Keyring,
    *,
    channel: str,
    to: str,
    text: str,
    kind: str,
    about: tuple[str, UUID],
    at: datetime,
    subject: str = "",
    expires_at: datetime | None = None,
    not_before: datetime | None = None,
    attachment: str | None = None,
) -> UUID:
    """Add one message to the caller's transaction: it leaves if, and only if, that commits. Returns its id.

    `about` is the kind and id of what it tells of; `expires_at` when it is not worth sending any more (a code),
    `not_before` when it may leave; `attachment` the name of a registered maker. Raises ValueError for a message that cannot be sent.
    """
    checked = letter(channel, to, subject, text, kind)
    id = uuid4()
    content = json.dumps({"to": checked.to, "subject": checked.subject, "text": checked.text}, ensure_ascii=False)
    db.add(
        OutboxMessage(
            id=id,
            channel=checked.channel,
            kind=kind,
            sealed=keyring.seal_text(content, f"outbox {id}"),
            text_digest=text_digest(keyring, checked.text),
            attachment=attachment,
            about_kind=about[0],
            about_id=about[1],
            state=State.WAITING,
            attempts=0,
            created_at=at,
            due_at=not_before or at,
            expires_at=expires_at,
        )
    )
    return id


def text_digest(keyring: Keyring, text: str) -> bytes:
    """What is kept of a text to know it again, not to read it. Another current key makes strangers of earlier texts."""
    return keyring.digest("said", as_said(text))


def forget_texts(db: Session, at: datetime) -> None:
    """Texts of more than 90 days ago are not known again."""
    old = (OutboxMessage.text_digest.is_not(None), OutboxMessage.created_at < at - KNOWN_AGAIN)
    db.execute(update(OutboxMessage).where(*old).values(text_digest=None), execution_options=_UNSYNCHRONISED)


def opened(keyring: Keyring, message: OutboxMessage) -> Letter:
    """The message in clear. Raises Unreadable when it was altered or its key is gone."""
    content = json.loads(keyring.open_text(message.sealed or b"", f"outbox {message.id}"))
    return Letter(Channel(message.channel), content["to"], content["subject"], content["text"], message.kind)


def due(at: datetime, channel: str) -> ColumnElement[bool]:
    """The condition of waiting, being nobody's at `at`, and being due or expired by then."""
    free = or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until < at)
    ripe = or_(OutboxMessage.due_at <= at, OutboxMessage.expires_at <= at)
    return and_(OutboxMessage.state == State.WAITING, OutboxMessage.channel == channel, ripe, free)


def claim(db: Session, at: datetime, n: int, channel: str) -> list[OutboxMessage]:
    """Lease up to `n` due messages of `channel` for two minutes; no two senders get the same one.

    Messages that expire come first: a notice can wait, a code cannot.
    """
    candidates = (
        select(OutboxMessage.id)
        .where(due(at, channel))
        .order_by(OutboxMessage.expires_at.is_(None), OutboxMessage.due_at)
        .limit(n)
    )
    ids, lease = list(db.scalars(candidates)), uuid4()
    if not ids:
        return []
    # The condition stands here again: on PostgreSQL another sender may have committed since the look above.
    taking = update(OutboxMessage).where(OutboxMessage.id.in_(ids), due(at, channel))
    db.execute(taking.values(lease=lease, leased_until=at + LEASE), execution_options=_UNSYNCHRONISED)
    taken = {message.id: message for message in db.scalars(select(OutboxMessage).where(OutboxMessage.lease == lease))}
    return [taken[id] for id in ids if id in taken]


def delivered(db: Session, message: OutboxMessage, at: datetime) -> bool:
    """The gateway took it: blank the text. False when the lease is no longer the caller's."""
    return _settle(db, message, state=State.SENT, sealed=None, sent_at=at, attempts=message.attempts + 1, problem=None)


def postpone(db: Session, message: OutboxMessage, problem: str, at: datetime, jitter: float) -> State | None:
    """Try again later, or give up after the last attempt. `problem` is the class of the error, never its text.

    Returns the state it has now; None when the lease is no longer the caller's.
    """
    attempts = message.attempts + 1
    wait = wait_after(attempts, jitter)
    if wait is None:
        return State.FAILED if give_up(db, message, problem) else None
    settled = _settle(db, message, due_at=at + wait, attempts=attempts, problem=problem[:80])
    return State.WAITING if settled else None


def give_up(db: Session, message: OutboxMessage, problem: str) -> bool:
    """It will never arrive: blank the text, keep the reason. False when the lease is no longer the caller's."""
    return _settle(db, message, state=State.FAILED, sealed=None, attempts=message.attempts + 1, problem=problem[:80])


def release(db: Session, message: OutboxMessage) -> bool:
    """Hand an untried message back to whoever comes next."""
    return _settle(db, message)


def drop_expired(db: Session, at: datetime, channel: str) -> int:
    """Blank the messages that came too late to be worth sending; returns how many."""
    late = update(OutboxMessage).where(due(at, channel), OutboxMessage.expires_at <= at)
    result: Any = db.execute(late.values(state=State.DROPPED, sealed=None), execution_options=_UNSYNCHRONISED)
    return int(result.rowcount)


def _settle(db: Session, message: OutboxMessage, **values: Any) -> bool:
    mine = update(OutboxMessage).where(
        OutboxMessage.id == message.id, OutboxMessage.lease == message.lease, OutboxMessage.state == State.WAITING
    )
    result: Any = db.execute(mine.values(lease=None, leased_until=None, **values), execution_options=_UNSYNCHRONISED)
    return bool(result.rowcount == 1)
