"""What happens to a request for recovery: asked for, confirmed by a mailbox, a relative or two officers, done in its hour.

Each step moves the row on by one conditional statement, so that of apply, cancel and /huy in parallel one wins. Who
confirms never learns the password; who asks never learns whether there is an account.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from vssid.accounts import codes, queries, reaching, sessions, smart_otp
from vssid.accounts import messages as code_messages
from vssid.accounts.house import House
from vssid.accounts.models import Account
from vssid.accounts.recovery import messages, rules
from vssid.accounts.recovery import queries as requests
from vssid.accounts.recovery.messages import Watcher
from vssid.accounts.recovery.models import RecoveryRequest
from vssid.accounts.recovery.rules import OPEN, Status, Tag, Way
from vssid.accounts.relatives import queries as relatives
from vssid.accounts.rules import WRONG_CODE, Purpose
from vssid.accounts.waiting import new_stop_code, stop_digest
from vssid.kernel import audit
from vssid.kernel.audit import VISITOR, By
from vssid.kernel.labels import Refused


def ask(db: Session, house: House, name: str, password_hash: str, *, at: datetime) -> str:
    """Keep the password that the account of `name` is to have; returns the mã yêu cầu, which is shown once.

    A number that nobody active has gets a row too. No earlier request is touched: it may be the owner's.
    """
    reached = reaching.by_name(db, name)
    account = reached.account if reached and reached.account.status == "active" else None
    code = rules.new_code()
    while requests.by_code(db, house.keyring, code) is not None:
        code = rules.new_code()
    request = RecoveryRequest(
        id=uuid4(),
        account_id=account.id if account else None,
        code_digest=requests.code_digest(house.keyring, code),
        status=Status.ASKED,
        password_hash=password_hash,
        created_at=at,
        expires_at=at + rules.REQUEST_LIFE,
        id_shown="",
    )
    db.add(request)
    audit.record(db, Tag.ASKED, VISITOR, ("account", request.account_id), at, request=str(request.id))
    return code


def send_mail_code(db: Session, house: House, code: str, *, allowed: bool, at: datetime) -> None:
    """A code to the account's mailbox for the request that `code` names; nobody sees whether there is one."""
    request, account = requests.asked(db, house.keyring, code, at) or (None, None)
    id, mail_code = codes.issue(
        db, house.keyring, Purpose.RECOVERY_EMAIL, request.id if request else uuid4(), at, bound_to="email"
    )
    if allowed and account is not None and account.email and account.status == "active":
        messages.mail_code(db, house.keyring, account, mail_code, at)
    else:
        code_messages.tell_nobody(db, house.keyring, "code.recovery_email", at)
    audit.record(db, Tag.CODE_SENT, VISITOR, ("account", account.id if account else None), at, code=str(id))


def confirm_by_mail(
    db: Session, house: House, request_id: UUID, code_id: UUID, wait: timedelta, *, at: datetime
) -> None:
    """The code of the mailbox was right: the request waits its hour. Raises Refused when it, or the code, is used up."""
    request = requests.by_id(db, request_id)
    if request is None or not codes.use(db, code_id, at):
        raise Refused(WRONG_CODE)
    _begin_wait(db, house, request, Way.EMAIL, wait, Status.ASKED, by=VISITOR, at=at)


def confirm_by_relative(
    db: Session, house: House, request_id: UUID, relative_id: UUID, wait: timedelta, *, by: By, at: datetime
) -> None:
    """A trusted relative vouches for who asks. Raises Refused unless they count, and the request is still open."""
    request = requests.by_id(db, request_id)
    whose = request.account_id if request is not None else None
    if request is None or whose is None or not relatives.counts(db, whose, relative_id, at):
        raise Refused(rules.UNKNOWN)
    _begin_wait(db, house, request, Way.RELATIVE, wait, Status.ASKED, by=by, at=at, relative_id=relative_id)


def begin_at_counter(
    db: Session, request: RecoveryRequest, agency_code: str, id_shown: str, *, by: By, at: datetime
) -> None:
    """An officer has seen the paper of who asks; a second one is to confirm. Raises Refused when it is over."""
    _account_for(db, request)
    values = {"way": Way.COUNTER, "asked_by": by.id, "agency_code": agency_code, "id_shown": id_shown}
    _move(db, request, (Status.ASKED,), Status.SECOND, values, alive_at=at)
    audit.record(db, Tag.SECOND_ASKED, by, ("account", request.account_id), at, request=str(request.id))


def confirm_at_counter(
    db: Session, house: House, request: RecoveryRequest, wait: timedelta, *, by: By, at: datetime
) -> None:
    """The second officer agrees; from here every contact has `wait` to stop it. Raises Refused for the first officer."""
    rules.check_second(request.asked_by, by.id)
    _begin_wait(db, house, request, Way.COUNTER, wait, Status.SECOND, by=by, at=at, confirmed_by=by.id)


def _account_for(db: Session, request: RecoveryRequest) -> Account:
    account = db.get(Account, request.account_id, populate_existing=True) if request.account_id else None
    if account is None or not rules.still_fits(account.status, account.password_set_at, request.created_at):
        raise Refused(rules.NOT_ACTIVE)
    return account


def _begin_wait(
    db: Session,
    house: House,
    request: RecoveryRequest,
    way: Way,
    wait: timedelta,
    before: Status,
    *,
    by: By,
    at: datetime,
    **more: Any,
) -> None:
    account = _account_for(db, request)
    if requests.waiting_of(db, account.id) is not None:
        raise Refused(rules.BUSY)
    code, effective_at = _fresh_stop_code(db, house), at + wait
    values = {
        "way": way,
        "effective_at": effective_at,
        "remind_at": rules.halfway(at, effective_at),
        "stop_digest": stop_digest(house.keyring, code),
        **more,
    }
    _move(db, request, (before,), Status.WAITING, values, alive_at=at)
    messages.waits(db, house.keyring, _watchers(db, house, account, at), account.id, code, effective_at, at)
    audit.record(db, Tag.WAITS, by, ("account", account.id), at, request=str(request.id), way=way)


def _fresh_stop_code(db: Session, house: House) -> str:
    """A code that stops no other request that waits."""
    code = new_stop_code()
    while requests.by_stop_digest(db, stop_digest(house.keyring, code)) is not None:
        code = new_stop_code()
    return code


def _watchers(db: Session, house: House, account: Account, at: datetime) -> list[Watcher]:
    """Whoever can tell that something is wrong: the account's contacts (a child's guardian), and its relatives."""
    name = house.name_of(db, account.person_id)
    own = name if account.guardian_id else ""
    found = [Watcher(to, account.language, own) for to in (queries.phone_of(db, account), account.email) if to]
    return [*found, *_relatives(db, account, name, at)]


def _relatives(db: Session, account: Account, name: str, at: datetime) -> Iterator[Watcher]:
    for relative in relatives.counting(db, account.id, at):
        if relative.phone and relative.phone != account.phone:
            yield Watcher(relative.phone, relative.language, name)


def cancel(db: Session, house: House, request: RecoveryRequest, *, by: By, at: datetime) -> None:
    """Stop it; who was told of it is told. Raises Refused when it has ended."""
    account = db.get(Account, request.account_id) if request.account_id else None
    told = request.status == Status.WAITING
    end(db, request, OPEN, Status.CANCELLED, at)
    audit.record(db, Tag.CANCELLED, by, ("account", request.account_id), at, request=str(request.id))
    if account is not None and told:
        watchers = _watchers(db, house, account, at)
        messages.ended(db, house.keyring, watchers, account.id, "cancelled", at, house.hotline)


def stop_by_code(db: Session, house: House, code: str, *, at: datetime) -> bool:
    """Whoever has the message stops the request that it tells of; False where there is none. Raises Refused when it is over."""
    request = requests.by_stop_digest(db, stop_digest(house.keyring, code))
    if request is None:
        return False
    cancel(db, house, request, by=VISITOR, at=at)
    return True


def finish(db: Session, house: House, request: RecoveryRequest, *, at: datetime) -> None:
    """The hour has come: the password becomes the account's, every browser and code ends. What is held in hand stays:
    backup codes, passkeys, an authenticator (safety 6.4.3). Raises Refused for all but the first.
    """
    password_hash = request.password_hash
    try:
        account = _account_for(db, request)
    except Refused:
        _refuse(db, house, request, at)
        return
    watchers = _watchers(db, house, account, at)
    end(db, request, (Status.WAITING,), Status.DONE, at)
    account.password_hash, account.password_set_at, account.frozen_until = password_hash, at, None
    if request.way != Way.EMAIL:
        # Who they are was seen, as at the registration: an app or passkeys that are lost lock them out no longer.
        account.sms_sign_in = True
        smart_otp.drop(db, account.id)
    sessions.end_everywhere(db, account.id, at, "recovered")
    codes.end_all(db, account.id, at)
    messages.ended(db, house.keyring, watchers, account.id, "done", at, house.hotline)
    audit.record(db, Tag.DONE, audit.SYSTEM, ("account", account.id), at, request=str(request.id))


def _refuse(db: Session, house: House, request: RecoveryRequest, at: datetime) -> None:
    end(db, request, (Status.WAITING,), Status.REFUSED, at)
    account = db.get(Account, request.account_id) if request.account_id else None
    if account is not None:
        watchers = _watchers(db, house, account, at)
        messages.ended(db, house.keyring, watchers, account.id, "refused", at, house.hotline)
    audit.record(db, Tag.REFUSED, audit.SYSTEM, ("account", request.account_id), at, request=str(request.id))


def end(db: Session, request: RecoveryRequest, before: tuple[Status, ...], after: Status, at: datetime) -> None:
    """End it, and forget the password it held. Raises Refused for all but the first."""
    values = {"ended_at": at, "password_hash": None, "stop_digest": None, "remind_at": None}
    _move(db, request, before, after, values)


def _move(
    db: Session,
    request: RecoveryRequest,
    before: tuple[Status, ...],
    after: Status,
    values: dict[str, Any],
    alive_at: datetime | None = None,
) -> None:
    """Move a request on, if it still stands where the caller saw it. Raises Refused for all but the first."""
    mine = update(RecoveryRequest).where(RecoveryRequest.id == request.id, RecoveryRequest.status.in_(before))
    if alive_at is not None:
        mine = mine.where(RecoveryRequest.expires_at > alive_at)
    if db.execute(mine.values(status=after, **values).returning(RecoveryRequest.id)).first() is None:
        raise Refused(rules.OVER)
    db.refresh(request)


def remind(db: Session, house: House, request: RecoveryRequest, *, at: datetime) -> None:
    """Half of the wait is over: tell it once more to whoever could stop it."""
    account = db.get(Account, request.account_id) if request.account_id else None
    request.remind_at = None
    if account is not None and request.effective_at is not None and request.effective_at > at:
        watchers = _watchers(db, house, account, at)
        messages.reminder(db, house.keyring, watchers, account.id, request.effective_at, at, house.hotline)


def note_view(db: Session, tag: Tag, account_id: UUID | None, *, by: By, at: datetime) -> None:
    """An officer looked at somebody's request, or for one: that is an act, too."""
    audit.record(db, tag, by, ("account", account_id), at)
