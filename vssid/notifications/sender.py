"""One round of sending: lease what is due, hand it over outside any transaction, record each result on its own."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from vssid.kernel.crypto import Unreadable
from vssid.kernel.db import reading, unit
from vssid.notifications import actions, queries
from vssid.notifications.attachments import make
from vssid.notifications.models import OutboxMessage
from vssid.notifications.rules import Channel, State, has_link
from vssid.notifications.senders import Away, Gateway, Later, Never, NotSent, Parcel, gateway_for
from vssid.settings import Settings
from vssid.web.db import db as request_db

log = structlog.get_logger()

ROUND = 20
# A lease lasts two minutes and one hand-over at most a few waits of 15 s: what is not begun by then is handed back.
LAST_START_SECONDS = 60.0

Gateways = Mapping[Channel, Gateway]


@dataclass
class Tally:
    """What one round did, in messages."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    dropped: int = 0

    @property
    def handled(self) -> int:
        """How many messages are no longer due: while there are any, another round may find more."""
        return self.sent + self.postponed + self.failed + self.dropped


def gateways_of(app: Flask) -> Gateways:
    """The two gateways that the settings name."""
    settings: Settings = app.config["SETTINGS"]
    urls = {Channel.SMS: settings.sms_url, Channel.EMAIL: settings.mail_url}
    return {
        channel: gateway_for(url, data_dir=settings.data_dir, public_host=settings.public_host)
        for channel, url in urls.items()
    }


def deliver_due(
    app: Flask, at: datetime, *, channels: tuple[Channel, ...] = tuple(Channel), gateways: Gateways | None = None
) -> Tally:
    """Send at most twenty due messages a channel. One that cannot be sent never holds up the others."""
    tally = Tally()
    with app.app_context():
        engine = request_db.engine
        for channel in channels:
            with reading(engine) as db:
                if not queries.anything_due(db, at, channel):
                    continue
            with unit(engine) as db:
                tally.dropped += actions.drop_expired(db, at, channel)
                claimed = actions.claim(db, at, ROUND, channel)
            gateway = (gateways or gateways_of(app))[channel]
            _Round(app, engine, gateway, at, tally).send(claimed)
    return tally


@dataclass
class _Round:
    app: Flask
    engine: Engine
    gateway: Gateway
    at: datetime
    tally: Tally
    started: float = field(default_factory=time.monotonic)

    def send(self, claimed: list[OutboxMessage]) -> None:
        away: NotSent | None = None
        for message in claimed:
            if time.monotonic() - self.started > LAST_START_SECONDS:
                self._record(message, None, released=True)
                continue
            problem: NotSent | None = away or self._hand_over(message)
            away = problem if isinstance(problem, Away) else None
            self._record(message, problem)

    def _now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self.started)

    def _hand_over(self, message: OutboxMessage) -> NotSent | None:
        """Why it was not sent, or None. Whatever goes wrong stays with this message."""
        try:
            letter = actions.opened(self.app.extensions["keyring"], message)
            if letter.channel is Channel.SMS and has_link(letter.text, self.app.config["SETTINGS"].public_host):
                return Never("link")
            attachment = make(self.app, message.attachment, message.about_id) if message.attachment else None
            self.gateway.accept(Parcel(message.id, letter, message.created_at, self._now(), attachment))
        except NotSent as problem:
            return problem
        except Unreadable:
            return Never("unreadable")
        except Exception as wrong:
            return Later(type(wrong).__name__)
        return None

    def _record(self, message: OutboxMessage, problem: NotSent | None, *, released: bool = False) -> None:
        try:
            with unit(self.engine) as db:
                if released:
                    actions.release(db, message)
                    return
                state = self._settle(db, message, problem)
        except Exception as wrong:
            # Its lease runs out by itself and it is sent once more: twice is better than never.
            log.error("outbox not recorded", id=str(message.id), problem=type(wrong).__name__)
            return
        self._count(message, state, problem)

    def _settle(self, db: Session, message: OutboxMessage, problem: NotSent | None) -> State | None:
        if problem is None:
            return State.SENT if actions.delivered(db, message, self._now()) else None
        if isinstance(problem, Never):
            return State.FAILED if actions.give_up(db, message, problem.problem) else None
        jitter = random.uniform(-1, 1)  # noqa: S311 - spreads load, guards nothing
        return actions.postpone(db, message, problem.problem, self._now(), jitter)

    def _count(self, message: OutboxMessage, state: State | None, problem: NotSent | None) -> None:
        self.tally.sent += state == State.SENT
        self.tally.postponed += state == State.WAITING
        self.tally.failed += state == State.FAILED
        if problem is not None:
            say = log.error if state == State.FAILED else log.warning
            say(
                "message not sent",
                id=str(message.id),
                channel=message.channel,
                kind=message.kind,
                attempt=message.attempts + 1,
                problem=problem.problem,
            )
