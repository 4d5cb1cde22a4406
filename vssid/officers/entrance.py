"""How a request becomes an officer, and the console's list of queues."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, g, request, url_for
from sqlalchemy.orm import Session

from vssid import accounts
from vssid.accounts import ceremony, passkeys
from vssid.accounts.passkeys import Owner
from vssid.kernel import audit
from vssid.kernel.audit import ActorKind
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.limits import Limiter
from vssid.officers import models, queries
from vssid.officers.keys.rules import needs_key
from vssid.officers.rules import AWAY, GUESSES, Role, Tag
from vssid.settings import OFFICER_IDLE
from vssid.web import db, guards
from vssid.web.guards import Actor
from vssid.web.i18n import say
from vssid.web.proving import Ceremony

KEYS = N_("Khoá đăng nhập")


@dataclass(frozen=True, kw_only=True)
class Officer(Actor):
    """A signed-in officer; `agencies` are the codes whose queues they see."""

    code: str
    name: str
    role: Role
    agency_code: str
    agency_name: str
    agencies: tuple[str, ...]
    ma_so_bhxh: str | None


@dataclass(frozen=True)
class Queue:
    """One work queue of the console: its count is asked for each page of those who may see it."""

    key: str
    label: Label
    endpoint: str
    permission: str
    count: Callable[[Session, Officer], int]


@dataclass(frozen=True)
class Tool:
    """A page of the console that is no queue: it waits for the officer, not the other way round."""

    key: str
    label: Label
    endpoint: str
    permission: str


def me() -> Officer:
    """The officer behind this request; only within views guarded by `@officer`."""
    return cast(Officer, g.actor)


def register_queue(app: Flask, queue: Queue) -> None:
    """Let a room's desk add its queue to the console."""
    app.extensions.setdefault("queues", []).append(queue)


def register_tool(app: Flask, tool: Tool) -> None:
    """Let a room's desk add a page to the console's list of tools."""
    app.extensions.setdefault("desk_tools", []).append(tool)


def register_alarm(app: Flask, alarm: Callable[[], list[Label]]) -> None:
    """Let a room say on the console's home what must not be forgotten; asked for that page alone."""
    app.extensions.setdefault("desk_alarms", []).append(alarm)


def alarms() -> list[Label]:
    """What the rooms have to say now."""
    registered: list[Callable[[], list[Label]]] = current_app.extensions.get("desk_alarms", [])
    return [line for alarm in registered for line in alarm()]


def visible_queues(officer: Officer) -> list[Queue]:
    """The queues that this officer may work on."""
    registered: list[Queue] = current_app.extensions.get("queues", [])
    return [queue for queue in registered if queue.permission in officer.permissions]


def init_app(app: Flask) -> None:
    """Tell the guards how officers come in, and give their frame its lists."""
    guards.register(app, ActorKind.OFFICER, load_officer, "officers.sign_in_form", prove, ceremony=_ceremony)
    app.context_processor(_desk_frame)


def load_officer(token: str) -> Officer | None:
    """The officer of a session token, or None when it is unknown, ended, idle too long, or the officer has left."""
    at = now()
    with reading(db.engine()) as session:
        live = accounts.live_of(session, ActorKind.OFFICER, token, at)
        if live is None or at - live.last_seen_at > OFFICER_IDLE:
            return None
        row = session.get(models.Officer, live.subject_id)
        if row is None or row.status != "active":
            return None
        role = Role(row.role)
        agencies = queries.scope(session, row.agency_code, role)
        agency_name = queries.agency_name(session, row.agency_code)
        bare = needs_key(role, ceremony.passkey_site() is not None) and not passkeys.count(session, _keys_of(row))
    away = at - live.last_seen_at > AWAY
    last_seen = accounts.seen(db.engine(), live.id, live.last_seen_at, at, away=away)
    return Officer(
        kind=ActorKind.OFFICER,
        id=row.id,
        session_id=live.id,
        ends_at=min(last_seen + OFFICER_IDLE, live.expires_at),
        permissions=role.permissions,
        detour=url_for("officer_keys.show") if bare else None,
        fresh=live.proven_at is not None and not away,
        code=row.code,
        name=row.name,
        role=role,
        agency_code=row.agency_code,
        agency_name=agency_name,
        agencies=agencies,
        ma_so_bhxh=row.ma_so_bhxh,
    )


def _keys_of(row: models.Officer) -> Owner:
    return Owner("officer", row.id)


def _ceremony(actor: Actor) -> Ceremony | None:
    if not ceremony.has_key(actor):
        return None
    return Ceremony(url_for("officer_keys.ask_proof"), url_for("officer_keys.take_proof"))


def prove(actor: Actor, password: str) -> None:
    """The officer's password once more, after a while away. Raises Refused; what is wrong counts as a guess."""
    limiter: Limiter = current_app.extensions["limiter"]
    at = now()
    if not limiter.allow("prove-officer", str(actor.id), *GUESSES, at):
        raise Refused(accounts.TOO_MANY)
    with reading(db.engine()) as session:
        stored = session.get_one(models.Officer, actor.id).password_hash
    if not accounts.right(stored, password):
        with unit(db.engine()) as session:
            audit.record(session, Tag.SIGN_IN_REFUSED, actor.by, ("officer", actor.id), at)
        raise Refused(accounts.WRONG_PASSWORD)
    accounts.prove_session(db.engine(), actor.session_id, at)


def _tools(officer: Officer) -> list[dict[str, str]]:
    registered: list[Tool] = current_app.extensions.get("desk_tools", [])
    return [
        {"key": tool.key, "label": say(tool.label), "href": url_for(tool.endpoint)}
        for tool in registered
        if tool.permission in officer.permissions
    ]


def _desk_frame() -> dict[str, Any]:
    """The left column, on officers' pages only."""
    if not request.path.startswith("/can-bo"):
        return {}
    officer = guards.actor_of(ActorKind.OFFICER)
    if not isinstance(officer, Officer):
        return {}
    items = [
        {
            "key": queue.key,
            "label": say(queue.label),
            "href": url_for(queue.endpoint),
            "count": queue.count(db.session, officer),
        }
        for queue in visible_queues(officer)
        if officer.detour is None
    ]
    return {
        "desk_items": items,
        "desk_tools": _tools(officer) if officer.detour is None else [],
        "desk_officer": officer,
        "desk_drawer": [{"label": say(KEYS), "href": url_for("officer_keys.show")}],
        "agency_name": officer.agency_name,
        "officer_code": officer.code,
        "sign_out_url": url_for("officers.sign_out"),
    }
