"""What happens to officers: added by the operator, set up by themselves, signed in with two factors."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from vssid import accounts, directory
from vssid.accounts.passkeys import Owner
from vssid.kernel import audit, totp
from vssid.kernel.audit import OPERATOR, ActorKind, By
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import one_line
from vssid.officers import queries
from vssid.officers.models import Officer
from vssid.officers.rules import Role, Tag
from vssid.settings import SESSION_ABSOLUTE


def add(
    db: Session,
    keyring: Keyring,
    *,
    code: str,
    name: str,
    email: str,
    role: Role,
    agency_code: str,
    ma_so_bhxh: str | None,
    by: By = OPERATOR,
    at: datetime,
) -> str:
    """Add an officer, or renew the set-up of one who cannot get in; returns the one-time set-up code (24 hours)."""
    code, name = code.strip().upper(), one_line(name)
    check_facts(db, code, name, email, agency_code)
    officer = queries.by_code(db, code)
    tag = Tag.ADDED if officer is None else Tag.SETUP_RENEWED
    if officer is None:
        officer = Officer(id=uuid4(), code=code, created_at=at, totp_last_step=0)
        db.add(officer)
    officer.name, officer.email, officer.role, officer.agency_code = name, email, role, agency_code
    officer.ma_so_bhxh, officer.status = ma_so_bhxh, "new"
    officer.password_hash = officer.totp_sealed = None
    db.flush()
    accounts.end_sessions_of(db, "officer", officer.id, at, "setup_renewed")
    accounts.passkeys.drop(db, Owner("officer", officer.id))
    _id, setup_code = accounts.issue_code(db, keyring, accounts.Purpose.OFFICER_SETUP, officer.id, at)
    audit.record(db, tag, by, ("officer", officer.id), at, role=role, agency=agency_code)
    return accounts.spoken_code(setup_code)


def check_facts(db: Session, code: str, name: str, email: str, agency_code: str) -> None:
    """Raise Refused for a code, a name, an address or an agency that an officer cannot have."""
    if not code.isascii() or not code.isalnum() or len(code) > 20:
        raise Refused(N_("Mã cán bộ chỉ gồm chữ không dấu và số, tối đa 20 ký tự."))
    if not name or len(name) > 100:
        raise Refused(N_("Hãy ghi họ tên cán bộ, tối đa 100 ký tự."))
    if "@" not in email or len(email) > 254 or any(sign.isspace() for sign in email):
        raise Refused(N_("Email không đúng dạng."))
    if directory.agency(db, agency_code) is None:
        raise Refused(N_("Không có cơ quan BHXH mang mã %(code)s. Hãy nhập danh sách cơ quan trước.", code=agency_code))


def set_up(db: Session, keyring: Keyring, officer_id: UUID, code_id: UUID, password_hash: str, *, at: datetime) -> None:
    """Use the set-up code up, set the officer's own password and make a TOTP secret that waits for confirmation."""
    if not accounts.use_code(db, code_id, at):
        raise Refused(N_("Mã cài đặt đã được dùng. Hãy xin quản trị cấp mã mới."), "setup_code")
    officer = db.get_one(Officer, officer_id)
    officer.password_hash = password_hash
    officer.totp_sealed = keyring.seal_text(totp.new_secret(), f"totp {officer.id}")
    audit.record(db, Tag.PASSWORD_SET, By(ActorKind.OFFICER, officer_id), ("officer", officer_id), at)


def totp_secret(keyring: Keyring, officer: Officer) -> str:
    """The officer's TOTP secret (base32), to show once and to check codes with."""
    return keyring.open_text(officer.totp_sealed or b"", f"totp {officer.id}")


def totp_fits(db: Session, keyring: Keyring, officer: Officer, typed: str, at: datetime) -> bool:
    """Whether a TOTP code is right and new: each step is accepted once, also by parallel requests."""
    if officer.totp_sealed is None:
        return False
    step = totp.matching_step(totp_secret(keyring, officer), typed, int(at.timestamp()))
    if step is None:
        return False
    claimed = db.execute(
        update(Officer)
        .where(Officer.id == officer.id, Officer.totp_last_step < step)
        .values(totp_last_step=step)
        .returning(Officer.id)
    )
    return claimed.first() is not None


def confirm_set_up(db: Session, keyring: Keyring, officer: Officer, typed: str, *, at: datetime) -> None:
    """The first TOTP code proves that the app on the officer's phone has the secret. Raises Refused if it does not."""
    if not totp_fits(db, keyring, officer, typed, at):
        raise Refused(N_("Mã xác thực chưa đúng. Hãy đợi mã mới trong ứng dụng rồi nhập lại."), "totp")
    officer.status, officer.activated_at = "active", at
    audit.record(db, Tag.ACTIVATED, By(ActorKind.OFFICER, officer.id), ("officer", officer.id), at)


def sign_in(db: Session, officer: Officer, *, at: datetime) -> str:
    """Open the officer's one session; returns its token."""
    accounts.end_sessions_of(db, "officer", officer.id, at, "other_device")
    audit.record(db, Tag.SIGNED_IN, By(ActorKind.OFFICER, officer.id), ("officer", officer.id), at)
    return accounts.open_session(db, "officer", officer.id, None, at, SESSION_ABSOLUTE)


def end(db: Session, code: str, *, by: By = OPERATOR, at: datetime) -> None:
    """Take an officer's access away at once."""
    officer = queries.by_code(db, code)
    if officer is None:
        raise Refused(N_("Không có cán bộ mang mã %(code)s.", code=code))
    officer.status, officer.password_hash, officer.totp_sealed = "ended", None, None
    accounts.end_sessions_of(db, "officer", officer.id, at, "ended")
    accounts.passkeys.drop(db, Owner("officer", officer.id))
    audit.record(db, Tag.ENDED, by, ("officer", officer.id), at)
