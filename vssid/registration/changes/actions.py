"""What happens to a change: asked for, proven by its codes, confirmed by a second officer, done in its hour, or stopped.

Each step moves the row on by one conditional statement, so that of apply, cancel and /huy in parallel one wins.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from vssid import accounts, records
from vssid.accounts import Account, Purpose
from vssid.kernel import audit
from vssid.kernel.audit import SYSTEM, By
from vssid.kernel.batches import each_alone
from vssid.kernel.clock import day_of
from vssid.kernel.labels import Refused
from vssid.officers import Officer
from vssid.registration import queries as declarations
from vssid.registration.addresses import address_of
from vssid.registration.changes import messages, queries, rules
from vssid.registration.changes.messages import Reader
from vssid.registration.changes.models import ChangeRequest
from vssid.registration.changes.rules import OPEN, Channel, Counter, Item, Status, Tag, Wanted
from vssid.registration.fields import Address
from vssid.registration.rules import new_code
from vssid.registration.surroundings import Surroundings

BATCH = 200


def ask(
    db: Session,
    house: Surroundings,
    account: Account,
    wanted: Wanted,
    *,
    by: By,
    at: datetime,
    counter: Counter | None = None,
) -> ChangeRequest:
    """Note what is wanted and send the codes that prove it; what was asked before and never proven falls away.

    `counter` says that an officer asks for the citizen. Raises Refused when the account cannot have it, or waits for another.
    """
    held = queries.contacts_of(db, account)
    rules.check_askable(wanted, account.guardian_id is not None, account.status, held)
    if queries.pending_of(db, account.id) is not None:
        raise Refused(rules.BUSY)
    channel = Channel.COUNTER if counter else Channel.ONLINE
    db.execute(
        delete(ChangeRequest).where(
            ChangeRequest.account_id == account.id,
            ChangeRequest.status == Status.ASKED,
            ChangeRequest.channel == channel,
        )
    )
    change = _change(db, account, wanted, channel, counter, by, at)
    db.add(change)
    audit.record(db, Tag.ASKED, by, ("account", account.id), at, change=str(change.id), item=wanted.item)
    for purpose in purposes(change):
        to = rules.contact(purpose, held, change.phone, change.email)
        if not to:
            raise Refused(rules.NO_PHONE)
        accounts.contacts.send_code_to(db, house.keyring, account, purpose, to, by=by, at=at, bound_to=str(change.id))
    db.flush()
    if not change.proofs:
        _ask_second(db, change, by=by, at=at)
    return change


def _change(
    db: Session, account: Account, wanted: Wanted, channel: Channel, counter: Counter | None, by: By, at: datetime
) -> ChangeRequest:
    """The row: what form 01 says of the account as it is to be afterwards."""
    declaration = declarations.approved_of(db, account.person_id)
    address = wanted.address or address_of(db, account.person_id) or Address("", "", "")
    email = wanted.email if wanted.item is Item.EMAIL else account.email or ""
    agency = declaration.agency_code if declaration else None
    # Who leaves the line empty is reached themselves, whoever it was before.
    contact_name = wanted.contact_name or queries.contact_name(
        db, account.person_id, itself=wanted.item is Item.ADDRESS
    )
    return ChangeRequest(
        id=uuid4(),
        code=new_code(),
        account_id=account.id,
        person_id=account.person_id,
        item=wanted.item,
        channel=channel,
        status=Status.ASKED,
        lost=wanted.lost,
        proofs=",".join(rules.proofs(wanted, bool(account.email))),
        phone=wanted.phone or accounts.phone_of(db, account),
        email=email,
        province_code=address.province_code,
        ward_code=address.ward_code,
        address_line=address.line,
        address_given=address.given,
        contact_name=contact_name,
        agency_code=agency or (counter.agency_code if counter else None),
        id_shown=counter.id_shown if counter else "",
        reason=counter.reason if counter else "",
        asked_at=at,
        asked_by=by.id if counter else None,
    )


def purposes(change: ChangeRequest) -> tuple[Purpose, ...]:
    """The codes that prove this change, in the order in which they are asked for."""
    return tuple(Purpose(name) for name in change.proofs.split(",") if name)


def prove(
    db: Session,
    house: Surroundings,
    change_id: UUID,
    code_ids: Sequence[UUID],
    wait: timedelta,
    *,
    by: By,
    at: datetime,
) -> Status:
    """Use the right codes up; the change is done, waits its hour, or waits for a second officer. Returns which.

    Raises Refused when it was proven before, when another waits, or when the new number belongs to somebody else.
    """
    change = db.get(ChangeRequest, change_id)
    account = accounts.contacts.by_id(db, change.account_id) if change else None
    if change is None or account is None or account.status == "closed":
        raise Refused(rules.OVER)
    if not all(accounts.use_code(db, id, at) for id in code_ids):
        raise Refused(accounts.WRONG_CODE)
    if queries.pending_of(db, account.id) is not None:
        raise Refused(rules.BUSY)
    following = rules.proven(Item(change.item), Channel(change.channel), change.lost)
    if following is Status.SECOND:
        _ask_second(db, change, by=by, at=at)
    elif following is Status.WAITING:
        _begin_wait(db, house, change, account, wait, (Status.ASKED,), by=by, at=at)
    else:
        _do(db, house, change, account, Status.ASKED, by=by, at=at)
    return following


def _ask_second(db: Session, change: ChangeRequest, *, by: By, at: datetime) -> None:
    _check_number(db, change)
    _move(db, change, (Status.ASKED,), Status.SECOND)
    audit.record(db, Tag.SECOND_ASKED, by, ("account", change.account_id), at, change=str(change.id))


def _check_number(db: Session, change: ChangeRequest) -> None:
    """Only who has proven the new number hears that it belongs to another account."""
    owner = accounts.by_phone(db, change.phone) if change.item == Item.PHONE else None
    if owner is not None and owner.id != change.account_id:
        raise Refused(accounts.PHONE_TAKEN)


def confirm(
    db: Session, house: Surroundings, change: ChangeRequest, wait: timedelta, *, by: Officer, at: datetime
) -> None:
    """The second officer agrees: from here every contact has `wait` to stop it. Raises Refused for the first officer."""
    rules.check_second(change.asked_by, by.id)
    declarations.check_relative(db, by, records.person(db, change.person_id))
    account = accounts.contacts.by_id(db, change.account_id)
    if account is None:
        raise Refused(rules.OVER)
    change.confirmed_by = by.id
    _begin_wait(db, house, change, account, wait, (Status.SECOND,), by=by.by, at=at)


def _begin_wait(
    db: Session,
    house: Surroundings,
    change: ChangeRequest,
    account: Account,
    wait: timedelta,
    before: tuple[Status, ...],
    *,
    by: By,
    at: datetime,
) -> None:
    item, code = Item(change.item), _fresh_cancel_code(db, house)
    change.effective_at, change.cancel_digest = at + wait, accounts.stop_digest(house.keyring, code)
    _move(db, change, before, Status.WAITING)
    messages.waits(db, house, Reader.of(db, account), item, code, change.effective_at, at)
    if item is Item.PHONE:
        messages.waits_for_new(db, house, account, change.phone, change.effective_at, at)
    audit.record(db, Tag.WAITS, by, ("account", account.id), at, change=str(change.id))


def _fresh_cancel_code(db: Session, house: Surroundings) -> str:
    """A code that stops no other change that waits."""
    code = accounts.new_stop_code()
    while queries.by_cancel_digest(db, accounts.stop_digest(house.keyring, code)) is not None:
        code = accounts.new_stop_code()
    return code


def cancel(db: Session, house: Surroundings, change: ChangeRequest, *, by: By, at: datetime) -> None:
    """Stop it; all contacts are told. Raises Refused when it has ended."""
    account = accounts.contacts.by_id(db, change.account_id)
    told = change.status in rules.PENDING
    _move(db, change, OPEN, Status.CANCELLED, at)
    audit.record(db, Tag.CANCELLED, by, ("account", change.account_id), at, change=str(change.id))
    if account is not None and told:
        new = change.phone if change.item == Item.PHONE else ""
        messages.cancelled(db, house, Reader.of(db, account, new), at)


def apply_due(db: Session, house: Surroundings, at: datetime) -> int:
    """Do what waited for its hour; returns how many. Works off what is due, so a stop only makes it late."""
    due = select(ChangeRequest).where(ChangeRequest.status == Status.WAITING, ChangeRequest.effective_at <= at)
    return each_alone(db, "change", db.scalars(due.limit(BATCH)), lambda change: _apply(db, house, change, at))


def _apply(db: Session, house: Surroundings, change: ChangeRequest, at: datetime) -> None:
    account = accounts.contacts.by_id(db, change.account_id)
    if account is None:
        return
    try:
        _check_number(db, change)
    except Refused:
        _move(db, change, (Status.WAITING,), Status.REFUSED, at)
        messages.refused(db, house, Reader.of(db, account, change.phone), at)
        audit.record(db, Tag.REFUSED, SYSTEM, ("account", account.id), at, change=str(change.id))
        return
    _do(db, house, change, account, Status.WAITING, by=SYSTEM, at=at)


def _do(
    db: Session, house: Surroundings, change: ChangeRequest, account: Account, before: Status, *, by: By, at: datetime
) -> None:
    """Change the account; contacts of before and after are told."""
    item = Item(change.item)
    told = Reader.of(db, account)
    _move(db, change, (before,), Status.DONE, at)
    if item is Item.PHONE and change.lost:
        accounts.contacts.replace_phone(db, house.keyring, account, change.phone, by=by, at=at)
    elif item is Item.PHONE:
        accounts.contacts.set_phone(db, account, change.phone, by=by, at=at)
    elif item is Item.EMAIL:
        accounts.contacts.set_email(db, account, change.email, by=by, at=at)
    elif item is Item.STOP:
        accounts.contacts.close(db, account, by=by, at=at, reason=change.channel)
    messages.done(db, house, Reader.of(db, account, *told.contacts), item, at)
    audit.record(db, Tag.DONE, by, ("account", account.id), at, change=str(change.id), item=item)


def _move(
    db: Session, change: ChangeRequest, before: tuple[Status, ...], after: Status, ended_at: datetime | None = None
) -> None:
    """Move a change on, if it still stands where the caller saw it. Raises Refused for all but the first."""
    ends = {"ended_at": ended_at, "cancel_digest": None} if ended_at else {}
    moved = db.execute(
        update(ChangeRequest)
        .where(ChangeRequest.id == change.id, ChangeRequest.status.in_(before))
        .values(status=after, **ends)
        .returning(ChangeRequest.id)
    )
    if moved.first() is None:
        raise Refused(rules.OVER)


def forget_unproven(db: Session, at: datetime) -> None:
    """Drop what was asked for and never proven: numbers and addresses of nobody."""
    old = ChangeRequest.asked_at < at - rules.ASKED_LIFE
    db.execute(delete(ChangeRequest).where(ChangeRequest.status == Status.ASKED, old))


def note_view(db: Session, tag: Tag, account_id: UUID | None, *, by: By, at: datetime, **detail: str) -> None:
    """An officer looked at somebody's account, or for one: that is an act, too."""
    audit.record(db, tag, by, ("account", account_id), at, **detail)


def minors_guarded(db: Session, account: Account, at: datetime) -> bool:
    """Whether children's accounts lose the phone that their codes go to when this account stops."""
    minors = {child.id for child in records.children_of(db, account.person_id, day_of(at))}
    return any(child.person_id in minors for child in accounts.contacts.guarded_by(db, account.person_id))
