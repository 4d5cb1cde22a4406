"""What happens to accounts: made at approval, activated by a code, changed, ended."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from vssid.accounts import backup, codes, messages, proofs, queries, sessions
from vssid.accounts.factors import actions as factors
from vssid.accounts.models import Account, Consent, Device, LoginName
from vssid.accounts.proofs import Proof
from vssid.accounts.rules import PHONE_TAKEN, WRONG_CODE, Notice, Purpose, Tag, sets_password
from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Refused


@dataclass(frozen=True)
class Contact:
    """How an account's owner is reached: phone (E.164), e-mail or '', language code."""

    phone: str
    email: str
    language: str


def create(
    db: Session, keyring: Keyring, person_id: UUID, names: list[str], contact: Contact, *, by: By, at: datetime
) -> Account:
    """Make an account that waits for activation, and send its code. Raises Refused when phone or person is taken.

    Without a phone nothing is sent: the code is printed (`print_codes`).
    """
    account = _begun(db, person_id, contact, by=by, at=at)
    if contact.phone and queries.by_phone(db, contact.phone) is not None:
        raise Refused(PHONE_TAKEN, "phone")
    account.phone = contact.phone or None
    db.flush()
    add_login_names(db, account, names)
    send_code(db, keyring, account, Purpose.ACTIVATION, by=by, at=at)
    return account


def _begun(db: Session, person_id: UUID, contact: Contact, *, by: By, at: datetime) -> Account:
    """A person's new account, or their closed one begun anew: its id and its history stay. Raises Refused for another."""
    account = queries.by_person(db, person_id)
    if account is not None and account.status != "closed":
        raise Refused(N_("Mã số BHXH này đã có tài khoản."))
    tag = Tag.CREATED if account is None else Tag.REOPENED
    if account is None:
        account = Account(id=uuid4(), person_id=person_id, created_at=at)
        db.add(account)
    account.status, account.terms_version = "new", ""
    account.email, account.email_proven_at, account.language = contact.email or None, None, contact.language
    audit.record(db, tag, by, ("account", account.id), at)
    return account


def create_for_child(
    db: Session,
    keyring: Keyring,
    child: tuple[UUID, str, str],
    guardian_id: UUID,
    contact: Contact,
    until: date,
    *,
    on_paper: bool = False,
    by: By,
    at: datetime,
) -> Account:
    """Make a child's account that its guardian activates; `child` is person, mã số and name, `until` the day of age.

    `contact.phone` is used where the guardian has no account. Raises Refused when the child has one, or nobody is reached
    and the code is not to be printed (`on_paper`) either.
    """
    person_id, ma_so, name = child
    account = _begun(db, person_id, contact, by=by, at=at)
    account.contact_phone, account.guardian_id, account.guarded_until = contact.phone or None, guardian_id, until
    db.flush()
    if not on_paper and not queries.phone_of(db, account):
        raise Refused(N_("Chưa có số điện thoại của người giám hộ: hãy trả lại mục Số điện thoại để bổ sung."), "phone")
    add_login_names(db, account, [ma_so])
    send_code(db, keyring, account, Purpose.ACTIVATION, by=by, at=at, child=name)
    return account


def hand_over(
    db: Session, keyring: Keyring, account: Account, names: list[str], contact: Contact, *, by: By, at: datetime
) -> None:
    """A child's account becomes the child's own: sessions, devices, codes and password of the guardian end.

    A new code goes to the phone; without one it is printed. Raises Refused when the phone belongs to another account.
    """
    owner = queries.by_phone(db, contact.phone) if contact.phone else None
    if owner is not None and owner.id != account.id:
        raise Refused(PHONE_TAKEN, "phone")
    sessions.end_everywhere(db, account.id, at, "handed_over")
    sessions.forget_devices(db, account.id)
    # Also the one on a sheet that the guardian took home: it would set the first password of somebody else's account.
    codes.end_all(db, account.id, at)
    factors.drop_all(db, account)
    account.status, account.password_hash, account.phone_proven_at = "new", None, None
    account.phone, account.email, account.language = contact.phone or None, contact.email or None, contact.language
    account.email_proven_at = account.contact_phone = account.guardian_id = account.guarded_until = None
    db.flush()
    add_login_names(db, account, names)
    audit.record(db, Tag.HANDED_OVER, by, ("account", account.id), at)
    send_code(db, keyring, account, Purpose.ACTIVATION, by=by, at=at)


def close_of_age(db: Session, today: date, at: datetime) -> int:
    """Close children's accounts whose owners are of age and have not registered themselves; returns how many."""
    grown = select(Account).where(Account.guarded_until <= today, Account.status != "closed").limit(200)
    count = 0
    for account in db.scalars(grown):
        account.status = "closed"
        sessions.end_sessions_of(db, "citizen", account.id, at, "of_age")
        audit.record(db, Tag.CLOSED, audit.SYSTEM, ("account", account.id), at, reason="of_age")
        count += 1
    return count


def add_login_names(db: Session, account: Account, names: list[str]) -> None:
    """Let the account sign in with more numbers; one that another account has stays with it."""
    taken = set(db.scalars(select(LoginName.value).where(LoginName.value.in_(names))))
    db.add_all(
        LoginName(value=name, account_id=account.id) for name in dict.fromkeys(names) if name and name not in taken
    )


def send_code(
    db: Session,
    keyring: Keyring,
    account: Account,
    purpose: Purpose,
    *,
    by: By,
    at: datetime,
    bound_to: str = "",
    child: str = "",
    by_mail: bool = False,
) -> UUID:
    """Issue a code and queue it; returns the code's id. The caller has asked `codes.may_send` if a citizen wants it.

    It goes by SMS, to the guardian of a child, who is then named; `by_mail` sends it to the account's address instead.
    A code for a new device goes to the address as well.
    """
    id, code = codes.issue(db, keyring, purpose, account.id, at, bound_to)
    phone = queries.phone_of(db, account)
    if phone and not by_mail:
        messages.send_code(db, keyring, purpose, phone, account.language, code, account.id, at, child)
    if account.email and (by_mail or purpose is Purpose.NEW_DEVICE):
        messages.send_code(db, keyring, purpose, account.email, account.language, code, account.id, at)
    audit.record(db, Tag.CODE_SENT, by, ("account", account.id), at, purpose=purpose)
    return id


def print_codes(db: Session, keyring: Keyring, account: Account, batch: backup.Batch, *, by: By, at: datetime) -> str:
    """What a sheet from the counter carries: returns its activation code; `batch` are its backup codes.

    Earlier sheets are void. Raises Refused once the account is in its owner's hands.
    """
    if account.status != "new":
        raise Refused(N_("Tài khoản đã được kích hoạt: phiếu không in lại được nữa."))
    _id, code = codes.issue(db, keyring, Purpose.ACTIVATION_ON_PAPER, account.id, at)
    backup.keep(db, account, batch, at)
    audit.record(db, Tag.SHEET_PRINTED, by, ("account", account.id), at)
    return code


def set_first_password(
    db: Session, keyring: Keyring, account: Account, proof: Proof, password_hash: str, *, at: datetime, hotline: str
) -> None:
    """Use a right code up and set the password; all sessions end. Raises Refused if it was just used.

    The phone is proven by a code that came to it.
    """
    # As it stands now: what the caller read may be of before its phone was replaced, or of before it was closed.
    account = db.get_one(Account, account.id, populate_existing=True)
    first = account.status == "new"
    if account.status == "closed" or not sets_password(first, proof.purpose):
        raise Refused(WRONG_CODE, "code")
    if not proofs.use(db, proof, account.id, at):
        raise Refused(WRONG_CODE, "code")
    account.password_hash, account.password_set_at, account.frozen_until = password_hash, at, None
    if first:
        account.status = "active"
        account.phone_proven_at = at if account.phone and proof.purpose is Purpose.ACTIVATION else None
    else:
        messages.notify(db, keyring, account, Notice.PASSWORD, at=at, hotline=hotline)
    sessions.end_sessions_of(db, "citizen", account.id, at, "password")
    tag = Tag.ACTIVATED if first else Tag.PASSWORD_RESET
    audit.record(db, tag, By(audit.ActorKind.CITIZEN, account.id), ("account", account.id), at)


def change_password(
    db: Session, keyring: Keyring, account_id: UUID, password_hash: str, keep: UUID, *, at: datetime, hotline: str
) -> None:
    """Set a new password; every other session ends and every contact is told."""
    account = db.get_one(Account, account_id)
    account.password_hash, account.password_set_at = password_hash, at
    sessions.end_sessions_of(db, "citizen", account_id, at, "password", but=keep)
    messages.notify(db, keyring, account, Notice.PASSWORD, at=at, hotline=hotline)
    audit.record(db, Tag.PASSWORD_CHANGED, By(audit.ActorKind.CITIZEN, account_id), ("account", account_id), at)


def forget_device(db: Session, account_id: UUID, device_id: UUID, *, at: datetime) -> None:
    """End a device and its sessions; a stranger's device is not found."""
    device = db.scalar(select(Device).where(Device.id == device_id, Device.account_id == account_id))
    if device is None:
        raise Refused(N_("Không thấy thiết bị này."))
    device.ended_at = at
    sessions.end_sessions_of(db, "citizen", account_id, at, "device_forgotten")
    audit.record(db, Tag.DEVICE_ENDED, By(audit.ActorKind.CITIZEN, account_id), ("account", account_id), at)


def record_consent(
    db: Session,
    subject: tuple[str, UUID],
    purposes: dict[str, bool],
    version: str,
    text_digest: str,
    *,
    by: By,
    at: datetime,
) -> None:
    """Note what was agreed to and what was not, in which version of the text; rows are only ever added."""
    for purpose, given in purposes.items():
        db.add(
            Consent(
                id=uuid4(),
                subject_kind=subject[0],
                subject_id=subject[1],
                purpose=purpose,
                version=version,
                text_digest=text_digest,
                given=given,
                at=at,
            )
        )
    if subject[0] == "account":
        db.execute(update(Account).where(Account.id == subject[1]).values(terms_version=version))
    audit.record(db, Tag.CONSENT, by, subject, at, version=version)
