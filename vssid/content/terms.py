"""The terms and the purposes of consent, in Vietnamese, which is the only official text; changing a word changes VERSION.

Basis: Law 91/2025/QH15 articles 9 and 11 and Decree 356/2025/NĐ-CP article 6: consent per purpose, informed, never
pre-ticked, provable; images of identity papers are sensitive data (Decree 356, article 4).
"""

import hashlib
from dataclasses import dataclass

from vssid.kernel.labels import N_, Label

TERMS_VERSION = "2026-12"
# From this version on whoever agrees to reminders agrees to those of cards too; versions sort as text.
REMINDS_OF_CARDS_SINCE = "2026-12"


@dataclass(frozen=True)
class Purpose:
    """One purpose that is agreed to or not. `needed` ones are what registration on-line cannot do without."""

    code: str
    text: Label
    needed: bool
    without: Label


PURPOSES = (
    Purpose(
        "dich_vu",
        N_(
            "Dùng họ tên, mã số BHXH, số giấy tờ, địa chỉ, số điện thoại và email của tôi để đăng ký và cung cấp dịch vụ."
        ),
        True,
        N_("Không đồng ý thì không đăng ký qua mạng được; cơ quan BHXH vẫn phục vụ tại quầy."),
    ),
    Purpose(
        "giay_to",
        N_("Dùng ảnh chân dung và ảnh giấy tờ tuỳ thân của tôi (dữ liệu cá nhân nhạy cảm) để cán bộ BHXH đối chiếu."),
        True,
        N_("Không đồng ý thì hãy mang giấy tờ đến cơ quan BHXH để đăng ký tại quầy."),
    ),
    Purpose(
        "nhac_viec",
        N_(
            "Nhắc tôi qua tin nhắn hoặc email khi tờ khai sắp hết hạn nộp bản giấy, khi thẻ BHYT của tôi hoặc của con sắp hết hạn."
        ),
        False,
        N_("Không đồng ý thì vẫn dùng được mọi chức năng, chỉ không được nhắc."),
    ),
)

PARAGRAPHS = (
    N_("Đây là dịch vụ tra cứu thông tin BHXH, BHYT và dùng thẻ BHYT trên điện thoại. Dịch vụ miễn phí."),
    N_(
        "Hãy khai đúng thông tin của chính mình. Khai thay người khác mà không được phép, hoặc khai sai, thì tờ khai bị từ chối."
    ),
    N_("Mật khẩu và mã xác thực là của riêng bạn. Cán bộ không bao giờ hỏi những mã này qua điện thoại hay tin nhắn."),
    N_(
        "Ảnh giấy tờ được mã hoá khi lưu, chỉ cán bộ xét duyệt xem được, mỗi lần xem đều ghi lại, và tự xoá sau 90 ngày kể từ khi có kết quả."
    ),
    N_("Ảnh chân dung được giữ để hiện trên màn hình “Sử dụng thẻ BHYT” của bạn khi tài khoản còn dùng."),
    N_(
        "Bạn có quyền xem, sửa, xoá dữ liệu, rút lại đồng ý và khiếu nại. Hãy liên hệ cơ quan BHXH nơi tiếp nhận tờ khai."
    ),
    N_("Việc rút lại đồng ý không làm mất quyền lợi BHXH, BHYT của bạn; chỉ dừng việc dùng dịch vụ này."),
)

INTRODUCTION = (
    (
        N_("Trước khi bạn bắt đầu"),
        (
            N_("Bạn đăng ký tài khoản giao dịch điện tử với cơ quan BHXH ngay trên điện thoại này."),
            N_("Hãy chuẩn bị: CCCD, hộ chiếu hoặc CMND; mã số BHXH (10 số cuối của thẻ BHYT); điện thoại đang dùng."),
        ),
    ),
    (
        N_("Bạn đang hoặc đã từng"),
        (
            N_("Bạn đang hoặc đã từng tham gia BHXH, BHYT hoặc BHTN thì mới có mã số BHXH để đăng ký."),
            N_("Nếu chưa từng tham gia, bạn vẫn xem được các trang công khai mà không cần tài khoản."),
        ),
    ),
    (
        N_("Bạn chắc chắn rằng"),
        (
            N_("Số điện thoại khai là số của chính bạn: mã kích hoạt và mã xác thực gửi về số này."),
            N_("Trong 10 ngày sau khi gửi, bạn nộp được tờ khai giấy có chữ ký; quá hạn tờ khai tự huỷ."),
        ),
    ),
)

TERMS_DIGEST = hashlib.sha256("\n".join([*PARAGRAPHS, *(purpose.text for purpose in PURPOSES)]).encode()).hexdigest()


def all_needed(given: dict[str, bool]) -> bool:
    """Whether what registration cannot do without was agreed to."""
    return all(given.get(purpose.code, False) for purpose in PURPOSES if purpose.needed)
