"""How a request becomes a helper: one who stands in an owner's place, for one task and until a moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from flask import Flask, request

from vssid import accounts
from vssid.helping import actions
from vssid.helping.models import Loan
from vssid.helping.rules import HELPER_IDLE, HISTORY, Status, Task
from vssid.kernel.audit import ActorKind, By
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Label
from vssid.web import db, guards
from vssid.web.guards import Actor


@dataclass(frozen=True, kw_only=True)
class Helper(accounts.Citizen):
    """A helper at work: `id` and `person_id` are the owner's, whose name every page shows; the author is the loan's helper."""

    loan_id: UUID
    owner_name: str
    what: Label
    until: datetime


def init_app(app: Flask) -> None:
    """Tell the guards how helpers come in, and the history what they do."""
    guards.register(app, ActorKind.HELPER, load_helper, "helping.work", noted=_note)
    accounts.register_history(app, HISTORY)


def load_helper(token: str) -> Helper | None:
    """The helper of a session token, or None once the loan or its hour has ended, or the owner's account is shut to all."""
    at = now()
    with reading(db.engine()) as session:
        live = accounts.live_of(session, ActorKind.HELPER, token, at)
        if live is None or at - live.last_seen_at > HELPER_IDLE:
            return None
        loan = session.get(Loan, live.subject_id)
        account = accounts.contacts.by_id(session, loan.account_id) if loan else None
        if loan is None or account is None or loan.status != Status.ACTIVE or not accounts.may_enter(account, at):
            return None
        if account.password_set_at is not None and account.password_set_at > loan.offered_at:
            return None
        owner_name = accounts.name_of(session, account.person_id)
    last_seen = accounts.seen(db.engine(), live.id, live.last_seen_at, at)
    task = Task(loan.task)
    return Helper(
        kind=ActorKind.HELPER,
        id=account.id,
        session_id=live.id,
        ends_at=min(last_seen + HELPER_IDLE, live.expires_at),
        fresh=False,
        task=task,
        author=By(ActorKind.HELPER, loan.id),
        person_id=account.person_id,
        loan_id=loan.id,
        owner_name=owner_name,
        what=task.label,
        until=loan.expires_at,
    )


def helper_with(task: Task) -> Helper | None:
    """The helper behind this request, if that is their task: for steps that are open to visitors as well."""
    helper = guards.actor_of(ActorKind.HELPER)
    return cast(Helper, helper) if helper is not None and helper.task == task else None


def _note(helper: Actor) -> None:
    found = cast(Helper, helper)
    with unit(db.engine()) as session:
        actions.note_opened(session, found.loan_id, found.id, request.endpoint or "", now())
