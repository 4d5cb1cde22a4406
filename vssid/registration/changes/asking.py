"""What the citizen's window and the desk do alike: count, send the codes, try them, show where they went."""

from typing import Any
from uuid import UUID

from flask import current_app

from vssid import accounts, directory
from vssid.accounts import Account, Purpose
from vssid.kernel.audit import By
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Refused
from vssid.kernel.limits import Limiter
from vssid.kernel.text import masked, masked_email, spoken_phone
from vssid.registration.changes import actions, queries, rules
from vssid.registration.changes.forms import CodesForm
from vssid.registration.changes.models import ChangeRequest
from vssid.registration.changes.rules import ASK_LIMIT, Channel, Contacts, Counter, Status, Wanted
from vssid.registration.surroundings import house
from vssid.web import db

TOO_OFTEN = N_("Đã gửi quá nhiều mã. Hãy đợi 10 phút rồi thử lại; mỗi ngày chỉ gửi được một số lần.")


def ask(account: Account, wanted: Wanted, *, by: By, counter: Counter | None = None) -> ChangeRequest:
    """Ask for a change of an account. All that is counted is counted before the request's first write."""
    with reading(db.engine()) as session:
        held = queries.contacts_of(session, account)
    rules.check_askable(wanted, account.guardian_id is not None, account.status, held)
    _count(account, wanted, held)
    fresh = accounts.contacts.by_id(db.session, account.id)
    if fresh is None:
        raise Refused(rules.OVER)
    return actions.ask(db.session, house(), fresh, wanted, by=by, at=now(), counter=counter)


def _count(account: Account, wanted: Wanted, held: Contacts) -> None:
    limiter: Limiter = current_app.extensions["limiter"]
    at = now()
    targets = [
        rules.contact(purpose, held, wanted.phone, wanted.email) for purpose in rules.proofs(wanted, bool(held.email))
    ]
    if not all(targets):
        # All who have no phone would share one counter.
        raise Refused(rules.NO_PHONE)
    within = limiter.allow("change-asked", str(account.id), *ASK_LIMIT, at)
    for to in targets:
        within = within and accounts.may_send(limiter, to, to in held, at)
    if not within:
        raise Refused(TOO_OFTEN)


def prove(change: ChangeRequest, typed: list[str], *, by: By) -> Status:
    """Try the codes one after the other, each counted; then do what they prove. Raises Refused at the first wrong one."""
    keyring, limiter = current_app.extensions["keyring"], current_app.extensions["limiter"]
    found: list[UUID] = []
    names = ("first", "second")
    for name, purpose, code in zip(names, actions.purposes(change), typed, strict=False):
        id = accounts.attempt_code(
            db.engine(), limiter, keyring, (purpose,), change.account_id, code, now(), bound_to=str(change.id)
        )
        if id is None:
            raise Refused(accounts.WRONG_CODE, name)
        found.append(id)
    wait = accounts.waiting_period(hours(rules.WAIT_TO_STOP))
    return actions.prove(db.session, house(), change.id, found, wait, by=by, at=now())


def hours(parameter: str) -> str:
    """A waiting period of the parameters, in a reading of its own."""
    with reading(db.engine()) as session:
        found = directory.parameter(session, parameter, today())
    return found.value if found else ""


def targets(change: ChangeRequest) -> list[tuple[Purpose, str]]:
    """The codes that a change asks for, with the contacts that they went to, masked."""
    with reading(db.engine()) as session:
        account = accounts.contacts.by_id(session, change.account_id)
        held = queries.contacts_of(session, account) if account else Contacts("", "")
    return [
        (purpose, shown(rules.contact(purpose, held, change.phone, change.email)))
        for purpose in actions.purposes(change)
    ]


def shown(contact: str) -> str:
    """A number or an address with its middle hidden."""
    if "@" not in contact:
        return masked(spoken_phone(contact).replace(" ", ""))
    return masked_email(contact)


def codes_form(change: ChangeRequest, **options: Any) -> CodesForm:
    """The form for the codes of a change; `formdata=None` for an empty one."""
    return CodesForm(targets=targets(change), **options)


def facts(change: ChangeRequest) -> dict[str, Any]:
    """What both windows show of a change."""
    item, status, channel = rules.Item(change.item), Status(change.status), Channel(change.channel)
    new = {rules.Item.PHONE: change.phone, rules.Item.EMAIL: change.email}.get(item, "")
    return {"change": change, "item": item, "state": status, "channel": channel, "new": shown(new) if new else ""}
