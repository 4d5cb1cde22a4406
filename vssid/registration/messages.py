"""What this room writes to people. An SMS fits one segment without marks; an e-mail says the same in full."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from vssid import accounts, notifications
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Label
from vssid.kernel.text import sms_text
from vssid.registration.models import Declaration
from vssid.registration.rules import Rejection, spoken_code
from vssid.web.i18n import say_in

_SMS = {
    "received": N_(
        "VssID: Đã nhận tờ khai, mã %(code)s. Hãy nộp bản giấy đến hết ngày %(date)s. Tra tại mục Theo dõi tờ khai."
    ),
    "code": N_("VssID: Mã tờ khai của bạn là %(code)s. Hạn nộp bản giấy: %(date)s."),
    "remind": N_("VssID: Tờ khai %(code)s sẽ tự huỷ sau ngày %(date)s nếu chưa nộp bản giấy. Bỏ qua nếu đã nộp."),
    "lapsed": N_("VssID: Tờ khai %(code)s đã tự huỷ vì quá hạn nộp bản giấy %(date)s. Bạn có thể đăng ký lại."),
    "returned": N_("VssID: Tờ khai %(code)s cần sửa một số mục. Mở VssID, mục Theo dõi tờ khai, để xem và sửa."),
    "merged": N_(
        "VssID: Tờ khai %(code)s trùng với tờ khai khác của cùng người nên đã gộp làm một. Bạn không phải làm gì."
    ),
    "child_approved": N_(
        "VssID: Đã duyệt đăng ký cho con %(name)s. Đăng nhập VssID, mở mục Gia đình để xem thẻ của con."
    ),
    "rejected": N_("VssID: Tờ khai %(code)s bị từ chối. Xem lý do tại mục Theo dõi tờ khai rồi đăng ký lại."),
}
_MAIL = {
    "returned": (
        N_("Tờ khai %(code)s cần sửa"),
        N_(
            "Cán bộ BHXH cần bạn sửa vài mục của tờ khai %(code)s:\n\n%(items)s\n\n"
            "Chỉ sửa những mục này, các mục khác đã được chấp nhận. Thời hạn nộp bản giấy tạm dừng cho đến khi bạn sửa xong.\n\n"
            "Sửa tại mục Theo dõi tờ khai: %(url)s/to-khai"
        ),
    ),
    "child_approved": (
        N_("Đã duyệt đăng ký cho %(name)s"),
        N_(
            "Tờ khai %(code)s đăng ký cho %(name)s đã được duyệt.\n\n"
            "Người giám hộ đăng nhập và mở mục Gia đình để xem thẻ BHYT của trẻ: %(url)s/ca-nhan/gia-dinh"
        ),
    ),
    "received": (
        N_("Đã nhận tờ khai đăng ký %(code)s"),
        N_(
            "Chúng tôi đã nhận tờ khai đăng ký giao dịch điện tử, mã %(code)s.\n\n"
            "Hãy in, ký và nộp tờ khai mẫu 01 đến hết ngày %(date)s, kèm giấy tờ tuỳ thân. Quá ngày này tờ khai tự huỷ.\n\n"
            "Theo dõi tờ khai: %(url)s/to-khai"
        ),
    ),
    "approved": (
        N_("Tài khoản VssID đã được duyệt"),
        N_(
            "Tờ khai %(code)s đã được duyệt. Mã kích hoạt đã được gửi bằng tin nhắn đến điện thoại đã đăng ký, dùng trong 24 giờ.\n\n"
            "Kích hoạt tài khoản và tự đặt mật khẩu: %(url)s/kich-hoat\n\n"
            "Không nhận được mã? Mở %(url)s/quen-mat-khau để gửi lại."
        ),
    ),
    "organisation_approved": (
        N_("Đăng ký của tổ chức đã được duyệt"),
        N_(
            "Tờ khai %(code)s của %(name)s đã được duyệt. Mã kích hoạt đã được gửi bằng tin nhắn đến điện thoại của người liên hệ, dùng trong 24 giờ.\n\n"
            "Kích hoạt tài khoản tổ chức: %(url)s/to-chuc/kich-hoat\n\n"
            "Không nhận được mã? Mở %(url)s/to-chuc/quen-mat-khau để gửi lại."
        ),
    ),
    "approved_on_paper": (
        N_("Tài khoản VssID đã được duyệt"),
        N_(
            "Tờ khai %(code)s đã được duyệt. Mã kích hoạt in trên phiếu nhận tại quầy, dùng trong 30 ngày.\n\n"
            "Kích hoạt tài khoản và tự đặt mật khẩu: %(url)s/kich-hoat"
        ),
    ),
    "rejected": (
        N_("Tờ khai %(code)s bị từ chối"),
        N_("Tờ khai %(code)s bị từ chối. Lý do:\n\n%(reason)s\n\nBạn có thể đăng ký lại: %(url)s/dang-ky"),
    ),
    "lapsed": (
        N_("Tờ khai %(code)s đã tự huỷ"),
        N_(
            "Tờ khai %(code)s đã tự huỷ vì chưa nộp bản giấy đến hết ngày %(date)s.\n\nBạn có thể đăng ký lại: %(url)s/dang-ky"
        ),
    ),
    "remind": (
        N_("Tờ khai %(code)s sắp hết hạn nộp bản giấy"),
        N_(
            "Tờ khai %(code)s sẽ tự huỷ sau ngày %(date)s nếu chưa nộp bản giấy. Hãy bỏ qua nếu đã nộp.\n\nTheo dõi: %(url)s/to-khai"
        ),
    ),
}


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def send_sms(
    db: Session, keyring: Keyring, what: str, declaration: Declaration, at: datetime, expires_at: datetime | None = None
) -> None:
    """Queue one SMS about a declaration, if a phone is known; readers of other scripts get English."""
    if not declaration.phone:
        return
    words = Label(
        str(_SMS[what]),
        code=spoken_code(declaration.code),
        date=_day(declaration.lapses_on),
        name=accounts.short_name(declaration.full_name),
    )
    language = "vi" if declaration.language == "vi" else "en"
    notifications.send(
        db,
        keyring,
        channel="sms",
        to=declaration.phone,
        subject="",
        text=accounts.begun(db, keyring, declaration.phone, sms_text(say_in(language, words))),
        kind=f"declaration.{what}",
        about=about(declaration.id),
        at=at,
        expires_at=expires_at,
    )


def send_mail(
    db: Session,
    keyring: Keyring,
    what: str,
    declaration: Declaration,
    at: datetime,
    url: str,
    attachment: str | None = None,
    items: str = "",
) -> None:
    """Queue one e-mail about a declaration, if an address was given. `items` are the lines of what was returned."""
    if not declaration.email:
        return
    values = {
        "code": spoken_code(declaration.code),
        "date": _day(declaration.lapses_on),
        "url": url,
        "reason": reason_in(declaration, declaration.language),
        "name": declaration.full_name,
        "items": items,
    }
    subject, text = (Label(str(words), **values) for words in _MAIL[what])
    notifications.send(
        db,
        keyring,
        channel="email",
        to=declaration.email,
        subject=say_in(declaration.language, subject),
        text=say_in(declaration.language, text),
        kind=f"declaration.{what}",
        about=about(declaration.id),
        at=at,
        attachment=attachment,
    )


def reason_in(declaration: Declaration, language: str) -> str:
    """Why it was rejected: the common reason in the reader's language, the officer's words as they were written."""
    common = say_in(language, Rejection(declaration.reason_code).label) if declaration.reason_code else ""
    return f"{common} {declaration.reason or ''}".strip()


def about(id: UUID) -> tuple[str, UUID]:
    """How the outbox names a declaration."""
    return ("declaration", id)
