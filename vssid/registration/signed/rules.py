"""How often a signed form may be tried, what is kept of a verdict, and what is said when none can be judged. Pure."""

from datetime import datetime, timedelta

from vssid.kernel.labels import N_
from vssid.kernel.text import has_control_characters

ISSUE_LIMIT = (10, timedelta(hours=1))
SIGN_LIMIT = (10, timedelta(hours=1))
NETWORK_SIGN_LIMIT = (60, timedelta(hours=1))

NO_FILE = N_("Chưa chọn tệp nào. Hãy chọn tệp tờ khai PDF đã ký số.")
NOT_ISSUED = N_("Chưa có bản để ký. Hãy tạo bản để ký, tải về và ký trên tệp đó.")
ISSUED_ANEW = N_("Bản để ký vừa được tạo lại. Hãy tải bản mới về, ký rồi gửi lại.")
CHANGED = N_("Tờ khai đã được sửa sau khi tạo bản để ký. Hãy tạo lại bản để ký, tải về và ký bản mới.")
BUSY = N_("Máy chủ đang bận, chưa kiểm tra được chữ ký. Tệp của bạn không sai; hãy gửi lại sau ít phút.")

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def believable(moment: datetime | None) -> datetime | None:
    """The time that a signing program wrote, unless no clock shows it: the year 1 cannot even be shown in Vietnam."""
    return moment if moment is not None and _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def printable(text: str, limit: int) -> str:
    """A certificate's text without what no person types, at most `limit` characters."""
    return "".join(sign for sign in text if not has_control_characters(sign))[:limit]
