"""What happens to an account's ways in: each change is noted, and told to every contact."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from vssid.accounts import backup, messages, passkeys, smart_otp
from vssid.accounts.factors.rules import check_sms_can_go, check_way_left, sms_must_return
from vssid.accounts.models import Account
from vssid.accounts.passkeys import Fresh, Owner
from vssid.accounts.rules import Notice, Tag
from vssid.kernel import audit
from vssid.kernel.audit import ActorKind, By
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Refused


def owner(account_id: UUID) -> Owner:
    """A citizen's account as the owner of passkeys."""
    return Owner("citizen", account_id)


def drop_all(db: Session, account: Account) -> None:
    """Whoever had this account has it no more: nothing that they kept opens it, messages come again."""
    backup.drop(db, account.id)
    smart_otp.drop(db, account.id)
    passkeys.drop(db, owner(account.id))
    account.sms_sign_in = True


def _note(db: Session, tag: Tag, account_id: UUID, at: datetime, **detail: str | int) -> None:
    audit.record(db, tag, By(ActorKind.CITIZEN, account_id), ("account", account_id), at, **detail)


def add_passkey(
    db: Session, keyring: Keyring, account_id: UUID, fresh: Fresh, name: str, *, at: datetime, hotline: str
) -> None:
    """Keep a passkey that was just made. Raises Refused for a name that is none, or one too many."""
    account = db.get_one(Account, account_id, populate_existing=True)
    id = passkeys.keep(db, owner(account_id), fresh, name, at)
    messages.notify(db, keyring, account, Notice.PASSKEY_ADDED, at=at, hotline=hotline)
    _note(db, Tag.PASSKEY_ADDED, account_id, at, key=str(id))


def rename_passkey(db: Session, account_id: UUID, id: UUID, name: str, *, at: datetime) -> None:
    """Call a passkey otherwise."""
    passkeys.rename(db, owner(account_id), id, name)
    _note(db, Tag.PASSKEY_RENAMED, account_id, at, key=str(id))


def remove_passkey(db: Session, keyring: Keyring, account_id: UUID, id: UUID, *, at: datetime, hotline: str) -> bool:
    """It opens nothing any more. True when messages were switched on again, because fewer than two are left.

    Raises Refused when it was the only way in, or there is none such.
    """
    account = db.get_one(Account, account_id, populate_existing=True)
    if not passkeys.remove(db, owner(account_id), id):
        raise Refused(N_("Không thấy mục này: có thể đã bị xoá."))
    left = passkeys.count(db, owner(account_id))
    check_way_left(left, account.password_hash is not None)
    messages.notify(db, keyring, account, Notice.PASSKEY_REMOVED, at=at, hotline=hotline)
    _note(db, Tag.PASSKEY_REMOVED, account_id, at, key=str(id))
    if not sms_must_return(account.sms_sign_in, left):
        return False
    _switch_sms(db, keyring, account, True, at, hotline)
    return True


def set_sms_sign_in(db: Session, keyring: Keyring, account_id: UUID, on: bool, *, at: datetime, hotline: str) -> None:
    """Let codes by message open a new device, or not. Raises Refused while fewer than two passkeys could instead."""
    account = db.get_one(Account, account_id, populate_existing=True)
    if not on:
        check_sms_can_go(passkeys.count(db, owner(account_id)))
    if account.sms_sign_in is not on:
        _switch_sms(db, keyring, account, on, at, hotline)


def _switch_sms(db: Session, keyring: Keyring, account: Account, on: bool, at: datetime, hotline: str) -> None:
    account.sms_sign_in = on
    messages.notify(db, keyring, account, Notice.SMS_ON if on else Notice.SMS_OFF, at=at, hotline=hotline)
    _note(db, Tag.SMS_SIGN_IN, account.id, at, on=int(on))


def confirm_smart_otp(
    db: Session, keyring: Keyring, account_id: UUID, step: int, *, at: datetime, hotline: str
) -> None:  # fmt: skip
    """The app has the secret: it counts from now on. Raises Refused if another request was first."""
    if not smart_otp.confirm(db, account_id, step, at):
        raise Refused(N_("SmartOTP đã được bật."))
    account = db.get_one(Account, account_id)
    messages.notify(db, keyring, account, Notice.SMART_OTP_SET, at=at, hotline=hotline)
    _note(db, Tag.SMART_OTP_SET, account_id, at)


def remove_smart_otp(db: Session, keyring: Keyring, account_id: UUID, *, at: datetime, hotline: str) -> None:
    """Switch the app off, also when the phone that had it is lost (safety 6.5.6); told to all once."""
    if not smart_otp.drop(db, account_id):
        return
    account = db.get_one(Account, account_id)
    messages.notify(db, keyring, account, Notice.SMART_OTP_REMOVED, at=at, hotline=hotline)
    _note(db, Tag.SMART_OTP_REMOVED, account_id, at)


def keep_backup_codes(
    db: Session, keyring: Keyring, account_id: UUID, batch: backup.Batch, *, at: datetime, hotline: str
) -> None:
    """Ten new codes hold; those on sheets and in drawers are void."""
    account = db.get_one(Account, account_id, populate_existing=True)
    backup.keep(db, account, batch, at)
    messages.notify(db, keyring, account, Notice.BACKUP_MADE, at=at, hotline=hotline)
    _note(db, Tag.BACKUP_CODES_MADE, account_id, at)
