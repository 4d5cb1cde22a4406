"""The history of an account for its owner: each act of the audit in a sentence, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid.accounts.models import Device, LoginSession
from vssid.accounts.sentences import SENTENCES
from vssid.kernel.audit import ActorKind, AuditEntry
from vssid.kernel.labels import Label

PAGE_SIZE = 25


class Line(NamedTuple):
    """One act: when, what, by whom; of a sign-in also its browser, and the network while the session is remembered."""

    id: int
    at: datetime
    what: Label
    by: ActorKind
    mine: bool
    device: str
    network: str


@dataclass(frozen=True)
class Page:
    """Some lines, and the id after which older ones follow, if any do."""

    lines: list[Line]
    older: int | None


def register(app: Flask, sentences: Mapping[str, Label]) -> None:
    """Let a higher room say what its acts on an account are; an act without a sentence is not shown."""
    app.extensions.setdefault("account_history", dict(SENTENCES)).update(sentences)


def _sentences() -> dict[str, Label]:
    known: dict[str, Label] = current_app.extensions.get("account_history", SENTENCES)
    return known


def page(db: Session, account_id: UUID, before: int | None) -> Page:
    """Up to 25 acts on an account, those older than `before`."""
    sentences = _sentences()
    query = (
        select(AuditEntry)
        .where(AuditEntry.subject_kind == "account", AuditEntry.subject_id == account_id)
        .where(AuditEntry.tag.in_(sentences))
        .order_by(AuditEntry.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    entries = list(db.scalars(query.where(AuditEntry.id < before) if before else query))
    shown = entries[:PAGE_SIZE]
    devices, networks = _devices(db, account_id), _networks(db, account_id, shown)
    lines = [
        Line(
            entry.id,
            entry.at,
            sentences[entry.tag],
            ActorKind(entry.actor_kind),
            entry.actor_id == account_id,
            devices.get(str(entry.detail.get("device", "")), ""),
            networks.get(entry.at, "") if "device" in entry.detail else "",
        )
        for entry in shown
    ]
    return Page(lines, shown[-1].id if len(entries) > PAGE_SIZE else None)


def _devices(db: Session, account_id: UUID) -> dict[str, str]:
    """Labels of the newest devices that the account ever had, by id."""
    query = select(Device.id, Device.label).where(Device.account_id == account_id)
    return {str(id): label for id, label in db.execute(query.order_by(Device.last_seen_at.desc()).limit(50))}


def _networks(db: Session, account_id: UUID, shown: list[AuditEntry]) -> dict[datetime, str]:
    """From where the sessions were opened that began while these acts happened, by that moment."""
    if not shown:
        return {}
    query = select(LoginSession.created_at, LoginSession.network).where(
        LoginSession.subject_kind == "citizen",
        LoginSession.subject_id == account_id,
        LoginSession.created_at.between(shown[-1].at, shown[0].at),
    )
    return {row.created_at: row.network for row in db.execute(query.limit(200))}


def last_session(db: Session, account_id: UUID, device_id: UUID) -> LoginSession | None:
    """The newest session of a device: when it was opened, from which network."""
    query = select(LoginSession).where(
        LoginSession.device_id == device_id,
        LoginSession.subject_kind == "citizen",
        LoginSession.subject_id == account_id,
    )
    return db.scalar(query.order_by(LoginSession.created_at.desc()).limit(1))
