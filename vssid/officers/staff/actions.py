"""What happens to wishes: asked by one administrator, agreed to by another, or given up."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from vssid import accounts, notifications
from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Refused
from vssid.officers import actions, queries
from vssid.officers.entrance import Officer as Signed
from vssid.officers.models import Officer
from vssid.officers.rules import Permission, Role
from vssid.officers.staff.models import Grant
from vssid.officers.staff.rules import GRANT_LIFE, OVER, WAITING, Kind, Status, Tag, check_second
from vssid.web.i18n import say_in

_SUBJECT = N_("Mã cài đặt tài khoản cán bộ VssID")
_SETUP = N_(
    "Tài khoản cán bộ %(code)s đã được hai quản trị cấp. Mã cài đặt: %(setup)s, dùng một lần trong 24 giờ.\n"
    "Mở trang dành cho cán bộ, chọn Kích hoạt tài khoản cán bộ, nhập mã cán bộ và mã này, rồi tự đặt mật khẩu. "
    "Nếu bạn không chờ thư này, hãy báo quản trị."
)


@dataclass(frozen=True)
class Access:
    """What an officer is to have; name and address stand for who they are."""

    code: str
    name: str
    email: str
    role: Role
    agency_code: str
    ma_so_bhxh: str | None = None


def ask(db: Session, kind: Kind, access: Access, *, by: By, at: datetime) -> Grant:
    """Note what is wanted. Raises Refused when it cannot be had, or another wish for the same officer waits."""
    db.execute(delete(Grant).where(Grant.status == Status.ASKED, Grant.asked_at <= at - GRANT_LIFE))
    actions.check_facts(db, access.code, access.name, access.email, access.agency_code)
    known = queries.by_code(db, access.code)
    if kind is Kind.ADD and known is not None:
        raise Refused(N_("Mã cán bộ này đã có. Hãy mở cán bộ đó để đổi hoặc cấp lại."), "code")
    if kind is not Kind.ADD and known is None:
        raise Refused(OVER)
    if by.id is None:
        raise Refused(OVER)
    if _waits(db, access.code):
        raise Refused(WAITING)
    grant = Grant(
        id=uuid4(),
        kind=kind,
        status=Status.ASKED,
        code=access.code,
        name=access.name,
        email=access.email,
        role=access.role,
        agency_code=access.agency_code,
        ma_so_bhxh=access.ma_so_bhxh,
        asked_by=by.id,
        asked_at=at,
    )
    db.add(grant)
    audit.record(db, Tag.ASKED, by, ("grant", grant.id), at, kind=kind, role=access.role, agency=access.agency_code)
    return grant


def _waits(db: Session, code: str) -> bool:
    return db.scalar(select(Grant.id).where(Grant.code == code, Grant.status == Status.ASKED)) is not None


def agree(db: Session, keyring: Keyring, grant: Grant, *, by: Signed, at: datetime) -> None:
    """The second administrator: what was wanted holds from the next request on. Raises Refused for the first one, and
    when the first one may grant nothing any more.

    A set-up code goes to the officer's own mailbox; neither of the two sees it.
    """
    check_second(grant.asked_by, by.id, grant.code == by.code)
    asker = db.get_one(Officer, grant.asked_by, populate_existing=True)
    if asker.status != "active" or Permission.STAFF_MANAGE not in Role(asker.role).permissions:
        raise Refused(OVER)
    _settle(db, grant, Status.DONE, by=by.by, at=at)
    if grant.kind == Kind.CHANGE:
        officer = queries.by_code(db, grant.code)
        if officer is None:
            raise Refused(OVER)
        officer.name, officer.email = grant.name, grant.email
        officer.role, officer.agency_code, officer.ma_so_bhxh = grant.role, grant.agency_code, grant.ma_so_bhxh
        accounts.end_sessions_of(db, "officer", officer.id, at, "access_changed")
        audit.record(
            db, Tag.CHANGED, by.by, ("officer", officer.id), at, grant=str(grant.id), role=grant.role,
            agency=grant.agency_code,
        )  # fmt: skip
        return
    setup_code = actions.add(
        db, keyring, code=grant.code, name=grant.name, email=grant.email, role=Role(grant.role),
        agency_code=grant.agency_code, ma_so_bhxh=grant.ma_so_bhxh, by=by.by, at=at,
    )  # fmt: skip
    made = queries.by_code(db, grant.code)
    notifications.send(
        db, keyring, channel="email", to=grant.email, subject=say_in("vi", _SUBJECT),
        text=say_in("vi", _SETUP) % {"code": grant.code, "setup": setup_code}, kind="officer.setup",
        about=("officer", made.id if made else grant.id), at=at,
    )  # fmt: skip


def give_up(db: Session, grant: Grant, *, by: By, at: datetime) -> None:
    """Whoever asked takes it back, or the other one declines."""
    _settle(db, grant, Status.CANCELLED, by=by, at=at)
    audit.record(db, Tag.CANCELLED, by, ("grant", grant.id), at)


def _settle(db: Session, grant: Grant, status: Status, *, by: By, at: datetime) -> None:
    settled = db.execute(
        update(Grant)
        .where(Grant.id == grant.id, Grant.status == Status.ASKED)
        .values(status=status, decided_by=by.id, decided_at=at)
        .returning(Grant.id)
    )
    if settled.first() is None:
        raise Refused(OVER)


def end(db: Session, officer: Officer, *, by: Signed, at: datetime) -> None:
    """Take an officer's access away at once; what was wanted for them, and what they wanted, falls away. Nobody ends
    themselves.
    """
    if officer.id == by.id:
        raise Refused(N_("Bạn không tự kết thúc quyền của mình. Hãy nhờ quản trị khác."))
    db.execute(
        update(Grant)
        .where(or_(Grant.code == officer.code, Grant.asked_by == officer.id), Grant.status == Status.ASKED)
        .values(status=Status.CANCELLED, decided_by=by.id, decided_at=at)
    )
    actions.end(db, officer.code, by=by.by, at=at)
