"""Why a session ended, told on the sign-in page to the browser that still holds its token, and to nobody else."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from vssid.accounts import sessions
from vssid.accounts.models import Device, LoginSession
from vssid.kernel.labels import N_, Label
from vssid.settings import CITIZEN_IDLE

_WORDS: dict[str, Label] = {
    "password": N_("Phiên ở đây đã kết thúc: mật khẩu của tài khoản vừa được đổi."),
    "device_forgotten": N_("Phiên ở đây đã kết thúc: thiết bị này vừa bị xoá khỏi tài khoản."),
    "recovered": N_("Phiên ở đây đã kết thúc: tài khoản vừa được khôi phục với mật khẩu mới."),
    "of_age": N_("Phiên ở đây đã kết thúc: người đứng tên đã đủ tuổi tự đăng ký tài khoản."),
    "handed_over": N_("Phiên ở đây đã kết thúc: tài khoản đã được trao cho chính người đứng tên."),
    "phone_replaced": N_("Phiên ở đây đã kết thúc: số điện thoại của tài khoản đã được thay tại quầy."),
    "closed": N_("Phiên ở đây đã kết thúc: tài khoản đã ngừng sử dụng."),
    "frozen": N_("Phiên ở đây đã kết thúc: tài khoản đang bị khoá."),
}
_QUIET = frozenset({"sign_out", "switched", "wiped"})  # the reader did that here, and knows
_ELSEWHERE = N_("Phiên ở đây đã kết thúc: tài khoản đã được đăng xuất từ nơi khác.")
_TAKEN_BY_UNKNOWN = N_("Phiên ở đây đã kết thúc: tài khoản vừa đăng nhập trên thiết bị khác.")
_IDLE = N_("Phiên đã kết thúc vì không dùng trong %(minutes)s phút.", minutes=int(CITIZEN_IDLE.total_seconds() // 60))
_TOO_OLD = N_("Phiên đã kết thúc sau 12 giờ. Hãy đăng nhập lại.")


@dataclass(frozen=True)
class Ending:
    """A sentence for the holder of a dead session; `device` and `at` say who took its place; `alarming` if it may be theft."""

    words: Label
    device: str = ""
    at: datetime | None = None
    alarming: bool = False


def told(db: Session, token: object, at: datetime) -> Ending | None:
    """Why the session of this token ended; None for an unknown token, and where the reader ended it here."""
    gone = sessions.ended(db, "citizen", token) if isinstance(token, str) else None
    if gone is None or gone.end_reason in _QUIET:
        return None
    if gone.ended_at is None:
        return _run_out(gone, at)
    if gone.end_reason == "other_device":
        return _taken(db, gone)
    words = _WORDS.get(gone.end_reason or "", _ELSEWHERE)
    return Ending(words, alarming=gone.end_reason in ("password", "device_forgotten") or words is _ELSEWHERE)


def _run_out(gone: LoginSession, at: datetime) -> Ending | None:
    if gone.expires_at <= at:
        return Ending(_TOO_OLD)
    return Ending(_IDLE) if at - gone.last_seen_at > CITIZEN_IDLE else None


def _taken(db: Session, gone: LoginSession) -> Ending | None:
    by = sessions.successor(db, gone)
    if by is not None and by.device_id is not None and by.device_id == gone.device_id:
        return None  # the same browser signed in anew
    device = db.get(Device, by.device_id) if by and by.device_id else None
    if device is None:
        return Ending(_TAKEN_BY_UNKNOWN, at=gone.ended_at, alarming=True)
    return Ending(_TAKEN_BY_UNKNOWN, device.label, gone.ended_at, alarming=True)
