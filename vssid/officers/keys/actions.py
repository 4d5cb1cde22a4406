"""What happens to an officer's passkeys: each change is noted, and told to the officer's mailbox."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from vssid import notifications
from vssid.accounts import passkeys
from vssid.accounts.passkeys import Fresh, Owner
from vssid.kernel import audit
from vssid.kernel.audit import ActorKind, By
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Label, Refused
from vssid.officers.keys.rules import Tag, check_removable
from vssid.officers.models import Officer
from vssid.officers.rules import Role
from vssid.web.i18n import say_in

_SUBJECT = N_("Khoá đăng nhập của tài khoản cán bộ VssID")
_ADDED = N_("Tài khoản cán bộ %(code)s vừa thêm một khoá đăng nhập. Nếu không phải bạn, hãy báo quản trị ngay.")
_REMOVED = N_("Tài khoản cán bộ %(code)s vừa xoá một khoá đăng nhập. Nếu không phải bạn, hãy báo quản trị ngay.")


def owner(officer_id: UUID) -> Owner:
    """An officer as the owner of passkeys."""
    return Owner("officer", officer_id)


def add(db: Session, keyring: Keyring, officer_id: UUID, fresh: Fresh, name: str, *, at: datetime) -> None:
    """Keep a passkey that was just made. Raises Refused for a name that is none, or one too many."""
    id = passkeys.keep(db, owner(officer_id), fresh, name, at)
    _note(db, Tag.ADDED, officer_id, id, at)
    _tell(db, keyring, officer_id, _ADDED, at)


def rename(db: Session, officer_id: UUID, id: UUID, name: str, *, at: datetime) -> None:
    """Call a passkey otherwise. Raises Refused when there is none such."""
    passkeys.rename(db, owner(officer_id), id, name)
    _note(db, Tag.RENAMED, officer_id, id, at)


def remove(db: Session, keyring: Keyring, officer_id: UUID, id: UUID, *, possible: bool, at: datetime) -> None:
    """It opens nothing any more. Raises Refused when there is none such, or it is an administrator's last."""
    if not passkeys.remove(db, owner(officer_id), id):
        raise Refused(N_("Không thấy mục này: có thể đã bị xoá."))
    role = Role(db.get_one(Officer, officer_id).role)
    check_removable(role, possible, passkeys.count(db, owner(officer_id)))
    _note(db, Tag.REMOVED, officer_id, id, at)
    _tell(db, keyring, officer_id, _REMOVED, at)


def _note(db: Session, tag: Tag, officer_id: UUID, id: UUID, at: datetime) -> None:
    audit.record(db, tag, By(ActorKind.OFFICER, officer_id), ("officer", officer_id), at, key=str(id))


def _tell(db: Session, keyring: Keyring, officer_id: UUID, words: Label, at: datetime) -> None:
    row = db.get_one(Officer, officer_id)
    notifications.send(
        db, keyring, channel="email", to=row.email, subject=say_in("vi", _SUBJECT),
        text=say_in("vi", words) % {"code": row.code}, kind="officer.passkey", about=("officer", row.id), at=at,
    )  # fmt: skip
