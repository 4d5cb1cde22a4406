"""How a request becomes a member of an organisation, and what higher rooms let an organisation do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from vssid import accounts
from vssid.kernel.audit import ActorKind
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import Label
from vssid.organisations.models import Member as MemberRow
from vssid.organisations.models import Organisation
from vssid.organisations.rules import OrganisationKind, Permission, Role
from vssid.settings import MEMBER_IDLE
from vssid.web import db
from vssid.web.guards import Actor


@dataclass(frozen=True, kw_only=True)
class Member(Actor):
    """A signed-in member; everything they reach is reached through `organisation_id`."""

    organisation_id: UUID
    organisation_name: str
    organisation_kind: OrganisationKind
    facility_code: str
    full_name: str
    role: Role


@dataclass(frozen=True)
class Line:
    """One piece of an organisation's work: its name, how it stands, and where a member goes on."""

    label: str
    note: str
    href: str


@dataclass(frozen=True)
class Work:
    """A kind of work that a higher room offers: where it begins, and what there is of it for one organisation.

    `hint` names the act on its button, `teaches` what it is for, to whom nothing is there yet; `permission` is what one
    needs for it.
    """

    label: Label
    hint: Label
    teaches: Label
    endpoint: str
    lines: Callable[[Session, UUID], list[Line]]
    permission: Permission


def me() -> Member:
    """The member behind this request; only within views guarded by `@member`."""
    return cast(Member, g.actor)


def register_work(app: Flask, work: Work) -> None:
    """Show a kind of work on the organisation's first page and to its officers."""
    app.extensions.setdefault("organisation_work", []).append(work)


def works(kind: OrganisationKind) -> list[Work]:
    """What organisations of a kind can do here."""
    registered: list[Work] = current_app.extensions.get("organisation_work", [])
    return [work for work in registered if work.permission is kind.work]


def load_member(token: str) -> Member | None:
    """The member of a session token, or None when it is unknown, ended, idle too long, or they or all have left."""
    at = now()
    with reading(db.engine()) as session:
        live = accounts.live_of(session, ActorKind.MEMBER, token, at)
        if live is None or at - live.last_seen_at > MEMBER_IDLE:
            return None
        row = session.get(MemberRow, live.subject_id)
        organisation = session.get(Organisation, row.organisation_id) if row and row.status == "active" else None
        if row is None or organisation is None or organisation.status != "active":
            return None
    kind = OrganisationKind(organisation.kind)
    last_seen = accounts.seen(db.engine(), live.id, live.last_seen_at, at)
    return Member(
        kind=ActorKind.MEMBER,
        id=row.id,
        session_id=live.id,
        ends_at=min(last_seen + MEMBER_IDLE, live.expires_at),
        permissions=Role(row.role).permissions_at(kind),
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        organisation_kind=kind,
        facility_code=organisation.facility_code,
        full_name=row.full_name,
        role=Role(row.role),
    )
