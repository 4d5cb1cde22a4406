"""Which services may be switched off for a while. Which addresses are a service's, only the roof knows."""

from vssid.kernel.labels import N_
from vssid.lookups.lists.rules import SHEETS
from vssid.notices import Service

_CHILDS = "/ca-nhan/gia-dinh/*"
SERVICES = (
    Service(
        "dang-ky",
        N_("Đăng ký tài khoản"),
        ("/dang-ky", "/ca-nhan/gia-dinh/dang-ky"),
        N_("Đăng ký qua mạng tạm dừng để bảo trì. Bạn có thể đến cơ quan BHXH để đăng ký tại quầy."),
    ),
    Service(
        "to-khai",
        N_("Theo dõi tờ khai"),
        ("/to-khai",),
        N_("Mục theo dõi tờ khai tạm dừng để bảo trì. Tờ khai đã gửi vẫn được xử lý."),
    ),
    Service(
        "ma-so",
        N_("Tra cứu mã số BHXH"),
        ("/tra-cuu/ma-so",),
        N_("Tra cứu mã số BHXH tạm dừng để bảo trì. Mã số in trên thẻ BHYT của bạn."),
    ),
    Service(
        "danh-muc",
        N_("Tra cứu cơ quan, cơ sở, đơn vị, điểm thu"),
        tuple(f"/tra-cuu/{sheet.slug}" for sheet in SHEETS),
        N_("Mục tra cứu này tạm dừng để bảo trì."),
    ),
    Service(
        "in-the",
        N_("Tải và in thẻ BHYT"),
        (
            "/ca-nhan/the-bhyt.pdf",
            "/ca-nhan/the-bhyt.png",
            "/ca-nhan/gia-dinh/the-bhyt.pdf",
            f"{_CHILDS}/the-bhyt.pdf",
            f"{_CHILDS}/the-bhyt.png",
        ),
        N_("Tải và in thẻ BHYT tạm dừng để bảo trì. Thẻ trên điện thoại vẫn dùng được khi đi khám."),
    ),
    Service(
        "phan-anh",
        N_("Phản ánh, kiến nghị"),
        ("/ho-tro/phan-anh/moi",),
        N_("Gửi phản ánh tạm dừng để bảo trì. Việc gấp, hãy gọi tổng đài hoặc đến cơ quan BHXH."),
    ),
    Service(
        "tro-chuyen",
        N_("Trò chuyện với cán bộ"),
        ("/ho-tro/tro-chuyen",),
        N_("Trò chuyện với cán bộ tạm dừng. Bạn vẫn gửi được phản ánh, hỏi trợ lý hoặc gọi tổng đài."),
    ),
    Service(
        "uoc-tinh",
        N_("Ước tính mức đóng, mức hưởng"),
        ("/ca-nhan/uoc-tinh",),
        N_("Mục ước tính tạm dừng để cập nhật số liệu."),
    ),
    Service(
        "ban-in",
        N_("Bản in quá trình đóng và khám chữa bệnh"),
        (
            "/ca-nhan/qua-trinh.pdf",
            "/ca-nhan/so-kham.pdf",
            f"{_CHILDS}/qua-trinh.pdf",
            f"{_CHILDS}/so-kham.pdf",
        ),
        N_("Bản in tạm dừng để bảo trì. Bạn vẫn xem được trên màn hình."),
    ),
    Service(
        "thay-doi",
        N_("Đổi điện thoại, email, địa chỉ"),
        ("/tai-khoan/dien-thoai", "/tai-khoan/email", "/tai-khoan/dia-chi"),
        N_("Đổi thông tin liên hệ tạm dừng để bảo trì. Việc gấp, hãy đến cơ quan BHXH."),
    ),
    Service(
        "danh-sach",
        N_("Danh sách của tổ chức"),
        ("/to-chuc/danh-sach",),
        N_("Gửi và in danh sách tạm dừng để bảo trì. Danh sách đã gửi vẫn được giữ nguyên."),
    ),
)
