"""How VssID is put on a home screen, browser by browser, and which of them a visitor has. Pure.

The words in quotation marks are those of the browsers' own Vietnamese menus; a reader of another language finds them there.
"""

import re
from dataclasses import dataclass

from vssid.kernel.labels import N_, Label


@dataclass(frozen=True)
class Way:
    """One browser: its name, what to press there in order, how the icon is taken away again."""

    key: str
    name: Label
    steps: tuple[Label, ...]
    removal: Label


ANDROID = Way(
    "android",
    N_("Điện thoại Android – Chrome"),
    (
        N_("Mở trang này bằng Chrome, bấm dấu ba chấm ở góc trên bên phải."),
        N_("Chọn “Thêm vào màn hình chính” (có máy ghi “Cài đặt ứng dụng”)."),
        N_("Bấm “Cài đặt”. Biểu tượng hiện trên màn hình chính sau vài giây."),
    ),
    N_("Giữ ngón tay trên biểu tượng, chọn “Gỡ cài đặt”."),
)
SAMSUNG = Way(
    "samsung",
    N_("Điện thoại Samsung – Samsung Internet"),
    (
        N_("Bấm dấu ba gạch ở góc dưới bên phải."),
        N_("Chọn “Thêm trang vào”, rồi chọn “Màn hình chờ”, là tên Samsung gọi màn hình chính."),
        N_("Bấm “Thêm” hoặc “Cài đặt”."),
    ),
    N_("Giữ ngón tay trên biểu tượng, chọn “Gỡ cài đặt” hoặc “Xóa”."),
)
IPHONE = Way(
    "iphone",
    N_("iPhone, iPad – Safari"),
    (
        N_(
            "Mở trang này bằng Safari, bấm nút Chia sẻ: ô vuông có mũi tên đi lên. Không thấy thì bấm dấu ba chấm trước."
        ),
        N_("Kéo danh sách lên, chọn “Thêm vào MH chính”."),
        N_("Bấm “Thêm” ở góc trên."),
    ),
    N_("Giữ ngón tay trên biểu tượng, chọn “Xóa dấu trang” hoặc “Xóa ứng dụng”."),
)
COMPUTER = Way(
    "computer",
    N_("Máy tính – Chrome, Edge"),
    (
        N_("Bấm biểu tượng màn hình có mũi tên ở cuối thanh địa chỉ."),
        N_("Không thấy thì mở trình đơn ba chấm: Chrome có mục “Truyền, lưu và chia sẻ”, Edge có mục “Ứng dụng”."),
        N_("Bấm “Cài đặt”. Trên máy Mac với Safari: trình đơn “Tệp”, mục “Thêm vào Dock”."),
    ),
    N_("Mở ứng dụng, bấm dấu ba chấm ở góc cửa sổ, chọn “Gỡ cài đặt”."),
)
WAYS = (ANDROID, SAMSUNG, IPHONE, COMPUTER)

# In the order of asking: Samsung's browser calls itself Chrome and Android as well.
_SIGNS = ((r"SamsungBrowser", SAMSUNG), (r"iPhone|iPad|iPod", IPHONE), (r"Android", ANDROID), (r"Windows|Macintosh|CrOS|X11", COMPUTER))  # fmt: skip


def way_of(user_agent: str) -> Way | None:
    """The way for a browser by what it calls itself, or None for one that we do not know."""
    return next((way for signs, way in _SIGNS if re.search(signs, user_agent)), None)


def inside_another_app(user_agent: str) -> bool:
    """Whether a messenger shows the page in a window of its own, which can put nothing on a home screen."""
    return re.search(r"Zalo|FBAN|FBAV|FB_IAB|Instagram|Line/|KAKAOTALK|MicroMessenger", user_agent) is not None
