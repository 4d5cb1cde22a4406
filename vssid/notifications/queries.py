"""What became of messages: for the person and the officer beside a case, and for the operator's alarms."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import Label
from vssid.notifications.actions import due, text_digest
from vssid.notifications.models import OutboxMessage
from vssid.notifications.rules import STATE_LABELS, Channel, State

LATE = timedelta(minutes=5)
RECENT = timedelta(hours=24)


@dataclass(frozen=True)
class Delivery:
    """The newest message of one kind on one channel; `at` is when it left, else when it was written."""

    channel: Channel
    kind: str
    state: State
    at: datetime
    problem: str | None

    @property
    def label(self) -> Label:
        """The state in words."""
        return STATE_LABELS[self.state]


@dataclass(frozen=True)
class Backlog:
    """One channel's health: messages more than five minutes late, the oldest of them, failures of the last day."""

    late: int
    oldest: datetime | None
    failed: int


def delivery_of(db: Session, about: tuple[str, UUID]) -> list[Delivery]:
    """What was sent about one thing, oldest first; of a kind sent again on a channel only the newest."""
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.about_kind == about[0], OutboxMessage.about_id == about[1])
        .order_by(OutboxMessage.created_at)
    )
    newest: dict[tuple[str, str], Delivery] = {}
    for message in db.scalars(query):
        key = (message.channel, message.kind)
        newest.pop(key, None)
        newest[key] = Delivery(
            Channel(message.channel),
            message.kind,
            State(message.state),
            message.sent_at or message.created_at,
            message.problem,
        )
    return list(newest.values())


def sent_like(
    db: Session, keyring: Keyring, text: str, at: datetime, about: tuple[str, UUID] | None = None
) -> datetime | None:
    """When the newest message with these very words left, of those `about` one thing if that is given; None if none did.

    A message whose code still works is not known: else whoever shows guessed words could learn the code.
    """
    query = (
        select(OutboxMessage.sent_at)
        .where(
            OutboxMessage.text_digest == text_digest(keyring, text),
            OutboxMessage.sent_at.is_not(None),
            or_(OutboxMessage.expires_at.is_(None), OutboxMessage.expires_at <= at),
        )
        .order_by(OutboxMessage.sent_at.desc())
        .limit(1)
    )
    if about is not None:
        query = query.where(OutboxMessage.about_kind == about[0], OutboxMessage.about_id == about[1])
    return db.scalar(query)


def anything_due(db: Session, at: datetime, channel: str) -> bool:
    """Whether a sender of `channel` would find work: a look that takes no lock."""
    return db.scalar(select(OutboxMessage.id).where(due(at, channel)).limit(1)) is not None


def backlog(db: Session, at: datetime) -> dict[Channel, Backlog]:
    """The figures that alarms watch, for each channel."""
    return {channel: _backlog(db, at, channel) for channel in Channel}


def _backlog(db: Session, at: datetime, channel: Channel) -> Backlog:
    ours = select(func.count(), func.min(OutboxMessage.created_at)).where(OutboxMessage.channel == channel)
    waiting = ours.where(OutboxMessage.state == State.WAITING, OutboxMessage.created_at < at - LATE)
    failed = ours.where(OutboxMessage.state == State.FAILED, OutboxMessage.created_at >= at - RECENT)
    late, oldest = db.execute(waiting).one()
    return Backlog(late, oldest, db.execute(failed).one()[0])
